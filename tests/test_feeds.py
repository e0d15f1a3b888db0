"""Feeds, read by parsers that nobody here wrote."""

from __future__ import annotations

import json
import time
from calendar import timegm
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import fastfeedparser
import feedparser
import pytest
from built_site import Site as Built
from lxml import etree
from small_site import STORY, Site, api, differences

from hnsite.pages import feed
from hnsite.pages.feed import permanent_id

BASE = "https://example.org/archive/"
ATOM = "{http://www.w3.org/2005/Atom}"
REPOSITORY = Path(__file__).parents[1]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


@pytest.fixture(scope="module", params=["pages", "anchors", "nowhere"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Built]:
    """The sample site with all feeds, and the address it will have, if it has one."""
    base = "" if request.param == "nowhere" else BASE
    settings = (
        f'feeds = "threads"\nbase_url = "{base}"\ntitle = "R&D <archive>"\ndescription = "A \\"quote\\""'
    )
    settings += '\npermalinks = "anchors"' if request.param == "anchors" else ""
    one = Site(tmp_path_factory.mktemp("made"))
    one.settings = settings
    (one.root / "content").rmdir()
    (one.root / "content").symlink_to(REPOSITORY / "content")
    one.build()
    built = Built(one.public)
    built.scan()
    return base, built


def feeds(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*.xml")):
        if "sitemap" not in path.name:
            yield path.relative_to(folder).as_posix(), path.read_bytes()


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        self.found += [value or "" for name, value in attributes if name in ("href", "src")]


def leads(built: Built, url: str, at: str) -> bool:
    """Whether an address in a feed leads somewhere: out, or to a page with the anchor."""
    place = "https://nowhere.invalid/"
    full = urlsplit(urljoin(place + at, url.replace(BASE, place)))
    if full.netloc != "nowhere.invalid":
        return full.scheme in ("http", "https")
    path = unquote(full.path[1:]) or "index.html"
    if path not in built.files:
        return False
    return not full.fragment or f'id="{full.fragment}"' in (built.folder / path).read_text()


def test_two_parsers_read_every_feed(sample: tuple[str, Built]) -> None:
    _, built = sample
    found = dict(feeds(built.folder))
    assert {"feed.xml", "user/saltmarsh_k.xml", "item/90009001.xml"} < found.keys()
    for path, content in found.items():
        said: Any = feedparser.parse(content)
        assert not said.bozo, (path, said.bozo_exception)
        assert (said.version, said.feed.generator) == ("atom10", "hnsite")
        assert said.feed.title.endswith("R&D <archive>") and said.feed.id and said.feed.updated_parsed
        entries = etree.fromstring(content).findall(f"{ATOM}entry")
        assert len(said.entries) == len(entries) == len({one.id for one in said.entries})
        for one in said.entries:
            assert one.title and one.updated_parsed and one.get("author", "x")
            assert one.updated <= said.feed.updated
        if entries:  # it takes none for a feed without
            assert len(fastfeedparser.parse(content).entries) == len(entries)


def test_what_feeds_link_to_is_there(sample: tuple[str, Built]) -> None:
    base, built = sample
    for path, content in feeds(built.folder):
        tree = etree.fromstring(content)
        links = [one.get("href") for one in tree.iter("{*}link", "{*}in-reply-to")]
        links += [one.text for one in tree.iter(f"{ATOM}uri")]
        for one in tree.iter(f"{ATOM}content"):
            links += Links(one.text or "").found
        for url in links:
            assert url and leads(built, url, path), (path, url)
            assert bool(urlsplit(url).netloc) or not base
        (own,) = (one.get("href") for one in tree.findall(f"{ATOM}link") if one.get("rel") == "self")
        assert own == (base + path if base else path.rpartition("/")[2])


def test_the_json_feed(sample: tuple[str, Built]) -> None:
    base, built = sample
    content = (built.folder / "feed.json").read_bytes()
    told = json.loads(content)
    assert (told["version"], told["title"]) == ("https://jsonfeed.org/version/1.1", "R&D <archive>")
    assert told.get("feed_url") == (BASE + "feed.json" if base else None)
    atom: Any = feedparser.parse((built.folder / "feed.xml").read_bytes())
    assert [one["id"] for one in told["items"]] == [one.id for one in atom.entries]
    assert [one["date_modified"] for one in told["items"]] == [one.updated for one in atom.entries]
    for one in told["items"]:
        assert one["title"] and one["content_html"]
        assert urlsplit(one.get("url", BASE)).netloc
        assert all(leads(built, url, "feed.json") for url in Links(one["content_html"]).found)
    assert len(fastfeedparser.parse(content).entries) == len(told["items"]) > 5


def test_ids_stay_when_the_site_moves(site: Site) -> None:
    site.write("a.json", [STORY, api(id=2, parent=1, text="x")])
    site.write(
        "b.txt", "Captured: 2024-11-18T12:00Z\nA title\n377 points by ann 4 days ago\nbob\n3 days ago\nx\n"
    )
    ids = []
    for base in ("", "https://a.example/", "https://b.example/c/"):
        site.settings = f"base_url = '{base}'"
        site.build()
        found = [(path, content) for path, content in feeds(site.public)]
        ids.append(
            [(path, entry.id) for path, content in found for entry in feedparser.parse(content).entries]
        )
    assert ids[0] == ids[1] == ids[2]
    assert ("user/ann.xml", "https://news.ycombinator.com/item?id=2") in ids[0]
    assert any(id.startswith("urn:uuid:") for _, id in ids[0])
    assert permanent_id("lobsters-abc") == "urn:uuid:" + permanent_id("lobsters-abc")[9:]
    assert len(permanent_id("lobsters-abc")) == 45


def test_dates_are_those_of_the_content(site: Site) -> None:
    site.write(
        "a.json", [api(**STORY | {"time": 1_600_000_000}), api(id=2, parent=1, text="x", time=1_600_000_600)]
    )
    site.build()
    thread: Any = feedparser.parse(site.pages()["feed.xml"])
    assert timegm(thread.entries[0].published_parsed) == 1_600_000_000
    assert timegm(thread.entries[0].updated_parsed) == timegm(thread.feed.updated_parsed) == 1_600_000_600
    assert time.strftime("%Y").encode() not in site.pages()["feed.xml"].replace(b"2005/Atom", b"")


def test_what_has_no_date_is_in_no_feed(site: Site) -> None:
    site.write("a.txt", "A title\n3 points by ann 4 days ago\nbob\n4 days ago\nhello\n")
    site.settings = "feeds = 'threads'"
    site.build()
    for path, content in feeds(site.public):
        said: Any = feedparser.parse(content)
        assert not said.bozo and not said.entries, path
    assert json.loads(site.pages()["feed.json"])["items"] == []


def test_a_date_that_is_roughly_known_is_not_told_to_the_second(site: Site) -> None:
    site.write(
        "a.txt", "Captured: 2024-11-18T12:00Z\nA title\n3 points by ann 4 days ago\nbob\n3 days ago\nhello\n"
    )
    site.build()
    entry: Any = feedparser.parse(site.pages()["user/bob.xml"]).entries[0]
    assert entry.updated.startswith("2024-11-15") and "published" not in entry


def test_what_answers_what(site: Site) -> None:
    site.settings = "feeds = 'threads'"
    site.write(
        "a.json",
        [STORY, api(id=2, parent=1, text="one"), api(id=3, parent=2, text="two", time=1_700_000_009)],
    )
    site.build()
    tree = etree.fromstring(site.pages()["item/1.xml"])
    assert [one.text for one in tree.findall(f"{ATOM}entry/{ATOM}title")] == ["ann on On queues"] * 2 + [
        "On queues"
    ]
    refs = [(one.get("ref"), one.get("href")) for one in tree.iter("{*}in-reply-to")]
    assert refs == [(f"https://news.ycombinator.com/item?id={id}", f"../item/{id}.html") for id in (2, 1)]


@pytest.mark.parametrize("setting, is_shown", [("tombstone", False), ("show", True)])
def test_what_was_deleted_stays_so(site: Site, setting: str, is_shown: bool) -> None:
    site.settings = f"feeds = 'threads'\ndeleted = '{setting}'"
    text = {"by": "bob", "text": "Regretted words."}
    site.write("1.json", [STORY, api(id=2, parent=1, **text), api(id=3, parent=2, text="y")])
    site.write("2.json", [{"id": 2, "type": "comment", "parent": 1, "deleted": True, "time": 1_700_000_000}])
    site.build()
    found = b"".join(content for _, content in feeds(site.public)) + site.pages()["feed.json"]
    assert (b"Regretted" in found) is is_shown
    assert (b"[deleted]" in found) is is_shown


def test_hostile_text_makes_no_other_feed(site: Site) -> None:
    odd = (
        "]]></title><script>alert(1)</script> & \x00\x01\x0b\ufffe\uffff \u202e \ud800 \U0001f600 \x02"
        + "9\x03"
    )
    site.settings = f"feeds = 'threads'\nbase_url = '{BASE}?a=1&b=<'\ntitle = '& <b>'"
    story = api(**STORY | {"title": odd, "by": odd, "text": odd, "url": "https://a.example/?<&\"'>"})
    site.write(
        "1.json",
        [story, api(id=2, parent=1, by=odd, text=f"&lt;script&gt; {odd} <a href='javascript:1'>x</a>")],
    )
    site.build()
    count = 0
    for path, content in feeds(site.public):
        said: Any = feedparser.parse(content, sanitize_html=False)
        assert not said.bozo, (path, said.bozo_exception)
        assert said.entries and not {"\u202e", "\ufffe", "\x02"}.intersection(content.decode())
        for one in said.entries:
            assert "<script>" in one.title_detail.value  # as text
            for part in one.content:
                assert "<script" not in part.value and "javascript" not in part.value
                count += 1
    assert count > 3
    assert "script" in json.loads(site.pages()["feed.json"])["items"][0]["title"]


def test_a_feed_has_so_many_entries_the_newest_first(site: Site) -> None:
    site.settings = "feeds = 'threads'"
    many = [api(id=id, parent=1, text="x", time=1_700_000_000 + id) for id in range(2, 80)]
    threads = [api(id=id, type="story", title="T", time=1_600_000_000 + id) for id in range(100, 180)]
    site.write("a.json", [STORY, *many, *threads])
    site.build()
    for path, first in (("feed.xml", 1), ("item/1.xml", 79), ("user/ann.xml", 79)):
        said: Any = feedparser.parse(site.pages()[path])
        assert len(said.entries) == feed.NEWEST
        assert said.entries[0].id.endswith(f"={first}")
        dates = [one.published for one in said.entries]
        assert dates == sorted(dates, reverse=True)


def test_feeds_come_and_go_with_the_setting(site: Site, tmp_path: Path) -> None:
    site.write("a.json", [STORY, api(id=2, parent=1, by="bob", text="x")])
    site_only = {"feed.json", "feed.xml"}
    authors = site_only | {"user/ann.xml", "user/bob.xml"}
    wanted = {"none": set(), "site": site_only, "authors": authors, "threads": authors | {"item/1.xml"}}
    for setting in ("threads", "site", "authors", "none", "threads"):
        site.settings = f"feeds = '{setting}'"
        site.build()
        found = {path for path in site.pages() if path.endswith(".xml") or path == "feed.json"}
        assert found == wanted[setting]
    site.afresh(other := Site(tmp_path / "other"))
    assert differences(site.pages(), other.pages()) == []


def test_a_new_comment_changes_the_feeds_it_is_in(site: Site) -> None:
    site.settings = "feeds = 'threads'"
    site.write(
        "a.json", [STORY, api(id=2, parent=1, by="bob", text="x"), api(id=5, type="story", title="T", by="c")]
    )
    site.build()
    before = site.pages()
    site.write("b.json", [api(id=3, parent=2, by="bob", text="y", time=1_700_000_500)])
    site.build()
    changed = {path for path in differences(before, site.pages()) if path.endswith((".xml", "feed.json"))}
    assert changed == {"feed.xml", "feed.json", "user/bob.xml", "item/1.xml"}


def test_our_feeds_are_known_again_without_a_cache(site: Site) -> None:
    site.settings = f"feeds = 'threads'\nbase_url = '{BASE}'"
    site.write("a.json", [STORY, api(id=2, parent=1, by="bob", text="x")])
    site.build()
    for path in site.root.glob(".cache/hnsite/*.sqlite*"):
        path.unlink()
    site.write("b.json", [api(id=3, parent=2, by="bob", text="y", time=1_700_000_500)])
    report = site.build()
    assert report.foreign == report.leftover == ()
