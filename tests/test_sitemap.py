"""Sitemaps and robots.txt, read by programs that nobody here wrote."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree
from small_site import STORY, Site, api, differences, swap
from usp.tree import sitemap_from_str, sitemap_tree_for_homepage

from hnsite.config import Config
from hnsite.manifest import Made
from hnsite.pages import sitemap
from hnsite.tools import open_tools

BASE = "https://example.org/archive/"
SCHEMA = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    one = Site(tmp_path / "site")
    one.settings = f"base_url = '{BASE}'"
    return one


def listed(content: bytes) -> dict[str, str | None]:
    """The paths that a sitemap lists, with their dates."""
    pages = [(page.url, page.last_modified) for page in sitemap_from_str(content.decode()).all_pages()]
    assert len(pages) == len(dict(pages))
    return {url.removeprefix(BASE): f"{date:%Y-%m-%dT%H:%M:%SZ}" if date else None for url, date in pages}


def parts(site: Site) -> dict[str, bytes]:
    return {path: content for path, content in site.pages().items() if path.startswith("sitemap")}


def test_every_page_worth_finding_is_listed_with_the_date_of_what_it_shows(site: Site) -> None:
    site.write(
        "a.json",
        [
            api(**STORY | {"time": 1_600_000_000, "url": "https://a.example/", "kids": [2, 7]}),
            api(id=2, parent=1, by="bob", text="x", time=1_600_000_100),
            api(id=3, parent=2, text="y", time=1_600_100_000),
            api(id=4, parent=2, text="z", time=1_600_000_200),
            api(id=8, type="story", title="Undated", by="c", time=None),
        ],
    )
    site.write("about.md", "---\ntitle: About\ndate: 2021-02-03\n---\nText.")
    site.write("index.md", "Hello.")
    site.build()
    newest = "2020-09-14T16:13:20Z"
    assert listed(site.pages()["sitemap.xml"]) == {
        "": newest,
        "front/2020-09-13.html": newest,
        "from/a.example.html": newest,
        "item/1.html": newest,
        "item/2.html": newest,
        "item/3.html": newest,
        "item/4.html": "2020-09-13T12:30:00Z",
        "item/8.html": None,
        "pages/about.html": "2021-02-03T00:00:00Z",
        "user/ann.html": newest,
        "user/bob.html": "2020-09-13T12:28:20Z",
        "user/c.html": None,
    }


def test_everything_that_is_listed_is_there(site: Site) -> None:
    (site.root / "content").rmdir()
    (site.root / "content").symlink_to(Path(__file__).parents[1] / "content")
    site.build()
    pages = site.pages()
    found = listed(pages["sitemap.xml"])
    assert {path or "index.html" for path in found} <= pages.keys()
    for path, content in pages.items():
        is_moved = b'http-equiv="refresh"' in content
        assert not (is_moved and path in found)
        if path.startswith("user/") and path.endswith(".html"):
            assert path in found
    assert {"404.html", "item.html", "search.html"}.isdisjoint(found)


def test_without_an_address_there_is_none(site: Site) -> None:
    site.settings = ""
    site.write("a.json", [STORY])
    site.build()
    assert not parts(site)
    assert b"Sitemap" not in site.pages()["robots.txt"]


def test_robots_may_read_everything(site: Site) -> None:
    site.write("a.json", [STORY])
    site.build()
    robots = RobotFileParser()
    robots.parse(site.pages()["robots.txt"].decode().splitlines())
    assert robots.can_fetch("Anything", f"{BASE}item/1.html")
    assert robots.site_maps() == [f"{BASE}sitemap.xml"]


def test_a_robots_txt_of_ones_own_stays(site: Site) -> None:
    site.write("a.json", [STORY])
    site.public.mkdir()
    own = site.public / "robots.txt"
    own.write_text("User-agent: *\nDisallow: /\n")
    assert site.build().foreign == ("robots.txt",)
    site.write("b.json", [api(id=5, type="story", title="T")])
    site.build(clean=True)
    assert own.read_text() == "User-agent: *\nDisallow: /\n"
    time.sleep(0.02)
    own.unlink()
    site.build()
    assert b"Sitemap" in site.pages()["robots.txt"]
    time.sleep(0.02)
    swap(own, "mine")
    site.build()
    assert own.read_text() == "mine"


# Many pages


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST", 6)


def many(first: int, last: int) -> list[dict[str, object]]:
    threads = [
        api(id=id, type="story", title="T", by=f"a{id % 7}", time=1_600_000_000 + id)
        for id in range(first, last)
    ]
    long = [
        api(id=id, parent=first, by="bob", text="x", time=1_600_000_000 + id) for id in range(last, last + 20)
    ]
    return [*threads, *long]


@pytest.mark.usefixtures("few")
def test_many_pages_are_parted(site: Site) -> None:
    site.write("a.json", many(100, 140))
    site.build()
    files = parts(site)
    index = etree.fromstring(files.pop("sitemap.xml"))
    assert index.tag == f"{SCHEMA}sitemapindex"
    places = [one.findtext(f"{SCHEMA}loc") for one in index]
    assert places == [f"{BASE}sitemap/{number}.xml" for number in range(1, len(files) + 1)]
    found: dict[str, str | None] = {}
    for number, one in enumerate(index, 1):
        own = listed(files[f"sitemap/{number}.xml"])
        assert 0 < len(own) <= 6 and not own.keys() & found.keys()
        assert one.findtext(f"{SCHEMA}lastmod") == max(filter(None, own.values()), default=None)
        found |= own
    assert {path for path in found if path.startswith("item/")} == {
        f"item/{id}.html" for id in range(100, 160)
    }


@pytest.mark.usefixtures("few")
def test_parts_in_which_nothing_changed_are_not_made_again(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("a.json", many(100, 140))
    site.build()
    before = parts(site)
    made: list[int] = []
    urlset = sitemap.urlset

    def counted(pages: Any, config: Config) -> bytes:
        found = [*pages]
        made.append(sum(path.startswith("item/") for path, _ in found))
        return urlset(found, config)

    with monkeypatch.context() as patch:
        patch.setattr(sitemap, "urlset", counted)
        site.write("b.json", [api(id=900, parent=130, by="bob", text="y", time=1_700_000_000)])
        site.build()
    assert sum(map(bool, made)) == 1
    changed = differences(before, parts(site))
    assert 3 <= len(changed) <= 4  # the index, that of the site, of the author, of the thread
    for name in ("a.json", "b.json", "c.json"):
        site.write(name, many(300, 320) if name == "c.json" else [STORY])
        site.build()
    site.afresh(other := Site(tmp_path / "other"))
    assert differences(site.pages(), other.pages()) == []


def test_ranges_hold_what_fits_and_change_where_something_comes() -> None:
    sizes = [(number, 1 + number % 3) for number in (*range(-50, -20, 3), *range(7, 4000, 7), 42_000_000)]
    spans = [*sitemap.ranges(sizes, 40)]
    held = [[one for one in sizes if one[0] in span] for span in spans]
    assert [one for own in held for one in own] == sizes
    assert all(sum(pages for _, pages in own) <= 40 for own in held)
    assert len(spans) < 3 * sum(pages for _, pages in sizes) / 40
    assert len({*sitemap.ranges(sorted([*sizes, (2001, 1)]), 40)} ^ {*spans}) <= 3
    assert [*sitemap.ranges([(5, 1000)], 40)] == [range(5, 6)]
    assert [*sitemap.ranges([], 40)] == []


def test_ranges_of_the_farthest_numbers() -> None:
    """Threads of other sources have numbers of any size that 64 bits hold."""
    sizes = [(-(1 << 63), 5), (1, 1), ((1 << 63) - 1, 2)]
    spans = [*sitemap.ranges(sizes, 4)]
    assert [[pages for number, pages in sizes if number in span] for span in spans] == [[5], [1, 2]]
    assert [sitemap.size(span) for span in spans] == [1, 1 << 63]
    assert all(span.start >= -(1 << 63) and span.stop <= 1 << 63 for span in spans)


def test_sixty_thousand_pages(site: Site, tmp_path: Path) -> None:
    """Noted as a build of them would, because making them takes a minute."""
    from hnsite.lists import sitemap as files
    from hnsite.plan import make_plan
    from hnsite.theme import look

    site.write("a.json", [STORY])
    site.build()
    tools = open_tools(site.config, False)
    try:
        tools.manifest.begin([], many=True, all_authors=False)
        tools.manifest.put(
            Made(
                *(part, b"", None, [], (), (), {}, (), 0, 0, 0, 0, {}),
                indexed=[(f"item/{part + number}.html", 1_600_000_000 + number) for number in range(30)],
            )
            for part in range(40_000_000, 40_060_000, 30)
        )
        tools.manifest.put(
            [
                Made(
                    7,
                    b"",
                    None,
                    [],
                    (),
                    (),
                    {},
                    (),
                    0,
                    0,
                    0,
                    0,
                    {},
                    indexed=[(f"item/{n}", n) for n in range(120_000)],
                )
            ]
        )
        plan = make_plan(tools, look(site.config), False)
        made = {path: make() for path, make in files.site_files(plan, tools) if make}
    finally:
        tools.close()
    index = etree.fromstring(made.pop("sitemap.xml"))
    made.pop("robots.txt")
    assert {one.findtext(f"{SCHEMA}loc") for one in index} == {BASE + path for path in made}
    sizes = [len(etree.fromstring(content)) for content in made.values()]
    assert max(sizes) <= 50_000 and sum(sizes) > 180_000 and len(sizes) < 9
    assert max(map(len, made.values())) < 50_000_000


def test_a_long_address_makes_more_parts() -> None:
    config = Config(Path(), base_url=f"https://example.org/{'a&' * 900}/")
    most = sitemap.most(config)
    content = sitemap.urlset([("item/" + "x" * 64, 1)] * most, config)
    assert len(content) < 50_000_000 and most > 1000


def test_addresses_are_ascii() -> None:
    config = Config(Path(), base_url="https://bücher.example/a b/ü&<")
    tree = etree.fromstring(sitemap.urlset([("x.html", 0)], config))
    assert tree[0][0].text == "https://xn--bcher-kva.example/a%20b/%C3%BC&%3C/x.html"


# A program that reads robots.txt, the index and its parts, by http


@pytest.fixture
def served(site: Site) -> Iterator[str]:
    site.public.mkdir(parents=True)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site.public)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("few")
def test_a_crawler_finds_all_pages(site: Site, served: str) -> None:
    site.settings = f"base_url = '{served}'"
    site.write("a.json", many(100, 140))
    site.build()
    tree = sitemap_tree_for_homepage(served, use_known_paths=False)
    found = {page.url.removeprefix(served) for page in tree.all_pages()}
    pages = {path for path in site.pages() if path.startswith(("item/", "user/")) and ".time." not in path}
    assert {path for path in found if path.startswith(("item/", "user/"))} == {
        one for one in pages if one.endswith("html")
    }
