"""docs/nginx.conf in Debian's nginx: addresses, headers, compressed files, and every link of a site."""

from __future__ import annotations

import gzip
import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import brotli
import nginx
import pytest
from lxml import html
from small_site import STORY, Site, api

from hnsite.config import Config
from hnsite.headers import SECURITY, headers_of

pytestmark = pytest.mark.skipif(not nginx.PROGRAM, reason="nginx is not installed; make test does that")

DUMP = [
    STORY,
    api(id=2, parent=1, text="Words to find.", by="Zak"),
    api(id=3, parent=2, text="See https://news.ycombinator.com/item?id=2", by="user-name_1"),
]


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def place(self) -> str | None:
        return self.headers.get("Location")


class Served(NamedTuple):
    """A site, where it is served, and the settings it was built with."""

    site: Site
    address: str
    config: Config

    def get(self, path: str, **headers: str) -> Answer:
        """What is answered; ``path`` is below the site's own."""
        return self.get_at(self.config.base_path + path, **headers)

    def get_at(self, path: str, **headers: str) -> Answer:
        link = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=10)
        link.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = link.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read())

    @property
    def public(self) -> Path:
        return self.config.output_dir


@pytest.fixture(scope="module", params=["/archive/", "/"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("nginx")
    site = Site(folder / "site", **{"1.json": DUMP})
    (site.root / "content" / "about.md").write_text("---\ntitle: About\n---\nText.\n")
    base = request.param
    site.settings = (
        f"base_url = 'https://example.org{base}'\noutput = '../www{base.rstrip('/')}'\n"
        "precompress = true\napi = true\nfeeds = 'threads'\n"
    )
    site.build()
    with nginx.served(folder / "www", folder / "work", base) as address:
        yield Served(site, address, site.config)


@pytest.mark.parametrize(
    "path, file",
    [
        ("", "index.html"),
        ("index.html", "index.html"),
        ("item/1.html", "item/1.html"),
        ("item/1", "item/1.html"),
        ("item/1.time", "item/1.time.html"),
        ("user/user-name_1", "user/user-name_1.html"),
        ("users", "users.html"),
        ("pages/about", "pages/about.html"),
        ("item", "item.html"),
        ("item.html", "item.html"),
    ],
)
def test_addresses_with_and_without_html(served: Served, path: str, file: str) -> None:
    answer = served.get(path)
    assert answer.status == 200
    assert answer.body == (served.public / file).read_bytes()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "path, place",
    [
        ("item?id=1", "item/1.html"),
        ("item?id=2", "item/2.html"),
        ("item.html?id=2", "item/2.html"),
        ("item/?id=2", "item/2.html"),
        ("item?id=2&p=2", "item/2.html"),
        ("user?id=user-name_1", "user/user-name_1.html"),
        ("user.html?id=user-name_1", "user/user-name_1.html"),
    ],
)
def test_addresses_of_hacker_news(served: Served, path: str, place: str) -> None:
    answer = served.get(path)
    assert (answer.status, answer.place) == (302, served.config.base_path + place)


@pytest.mark.parametrize(
    "path, file",
    [
        ("user?id=Zak", "user.html"),
        ("threads?id=Zak", "threads.html"),
        ("submitted?id=Zak", "submitted.html"),
        ("from?site=example.org", "from.html"),
        ("front?day=2023-11-14", "front.html"),
    ],
)
def test_the_others_by_their_scripts(served: Served, path: str, file: str) -> None:
    answer = served.get(path)
    assert (answer.status, answer.body) == (200, (served.public / file).read_bytes())


@pytest.mark.parametrize(
    "path", ["item?id=404", "item?id=../index", "item?id=1%0d%0aX:y", "item?id=", "item?p=1"]
)
def test_what_has_no_page_of_its_own_goes_to_the_page_that_knows_more(served: Served, path: str) -> None:
    answer = served.get(path)
    assert (answer.status, answer.place) == (200, None)
    assert answer.body == (served.public / "item.html").read_bytes()


@pytest.mark.parametrize(
    "path", ["x", "x/y/z.html", "item/404.html", "item/1.html/x", "static/", "_headers", ".nojekyll", "v0"]
)
def test_what_is_not_there(served: Served, path: str) -> None:
    """The page for that shows itself at any depth, with its style."""
    answer = served.get(path)
    assert answer.status == 404
    assert answer.body == (served.public / "404.html").read_bytes()
    assert answer.headers["Content-Security-Policy"] == SECURITY["Content-Security-Policy"]
    assert "immutable" not in answer.headers.get("Cache-Control", "")
    for link in re.findall(r'<link rel="stylesheet" href="([^"]+)"', answer.body.decode()):
        style = served.get_at(urljoin(f"{served.config.base_path}{path}", link))
        assert (style.status, style.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


def test_the_path_without_its_slash(served: Served) -> None:
    if served.config.base_path != "/":
        answer = served.get_at(served.config.base_path.rstrip("/"))
        assert (answer.status, answer.place) == (301, served.config.base_path)


def test_every_file_has_the_headers_of_the_table(served: Served) -> None:
    looked = 0
    for path in (one.relative_to(served.public).as_posix() for one in served.public.rglob("*.*")):
        if path.endswith((".gz", ".br")) or path in ("_headers", "_redirects", ".nojekyll"):
            continue
        answer = served.get(path)
        assert answer.status == 200, path
        assert answer.body == (served.public / path).read_bytes()
        for name, value in headers_of(served.config.base_path + path, served.config).items():
            if name == "Access-Control-Allow-Origin":
                continue
            assert answer.headers[name] == value, f"{name} of {path}"
        assert answer.headers["Content-Type"] != "application/octet-stream", path
        looked += 1
    assert looked > 20


def test_what_is_compressed_already_is_sent_as_it_is(served: Served) -> None:
    answer = served.get("item/1", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.body == (served.public / "item/1.html.gz").read_bytes()
    assert gzip.decompress(answer.body) == (served.public / "item/1.html").read_bytes()
    if nginx.BROTLI.exists():
        answer = served.get("item/1", Accept_Encoding="gzip, br")
        assert answer.headers["Content-Encoding"] == "br"
        assert brotli.decompress(answer.body) == (served.public / "item/1.html").read_bytes()


def test_unchanged_pages_are_not_sent_again(served: Served) -> None:
    tag = served.get("item/1").headers["ETag"]
    assert served.get("item/1", If_None_Match=tag).status == 304


def test_every_link_of_the_site_leads_somewhere(served: Served) -> None:
    """From the front page, by all that pages link to or need."""
    waiting, seen = [served.config.base_path], {served.config.base_path}
    while waiting:
        path = waiting.pop()
        answer = served.get_at(path)
        assert answer.status == 200, path
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page = html.fromstring(answer.body)
        for element, _, link, _ in page.iterlinks():
            parts = urlsplit(urljoin(f"{served.address}{path}", link))
            if element.get("rel") == "canonical" or f"{parts.scheme}://{parts.netloc}" != served.address:
                continue
            assert unquote(parts.path).startswith(served.config.base_path), f"{link} in {path}"
            if (found := urldefrag(parts.path)[0]) not in seen:
                seen.add(found)
                waiting.append(found)
    assert {"item/1.html", "item/2.html", "users.html", "pages/about.html"} <= {
        path.removeprefix(served.config.base_path) for path in seen
    }


def test_the_file_is_whole() -> None:
    """What the table of headers says stands in it, and its only address is the one it tells of."""
    text = nginx.CONF.read_text("utf-8")
    for name, value in SECURITY.items():
        assert f'add_header {name} "{value}" always;' in text
    assert len(re.findall("add_header", text)) == len(SECURITY) + 2
