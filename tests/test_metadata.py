"""What programs that nobody here wrote see in finished pages: mf2py the microformats, extruct schema.org's
microdata and OpenGraph. Each comment is compared with what the merged thread says of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import extruct
import lxml.html
import mf2py
import pytest
from small_site import Site, api

from hnsite import parts, urls
from hnsite.markup import plain_text
from hnsite.merge import merge
from hnsite.model import Comment, State, Thread, author_text
from hnsite.pages.card import PLACED
from hnsite.pages.when import when

REPOSITORY = Path(__file__).parents[1]
BASE = "https://archive.example/"
SETTINGS = f'base_url = "{BASE}"\nfeeds = "threads"\n'
SCHEMA = "https://schema.org/"


class Seen(NamedTuple):
    """What a program can know of one post; "" where the page does not say it."""

    author: str
    author_url: str
    published: str
    parent: str
    text: str


class Read(NamedTuple):
    """A built site and the threads that it shows."""

    folder: Path
    threads: list[Thread]

    def html(self, path: str) -> str:
        return (self.folder / path).read_text("utf-8")

    def microformats(self, path: str) -> list[Any]:
        parsed = mf2py.parse(doc=self.html(path), url=BASE + path, html_parser="lxml")
        return list(parsed["items"])

    def microdata(self, path: str) -> list[Any]:
        found = extruct.extract(self.html(path), base_url=BASE + path, syntaxes=["microdata"])
        return list(found["microdata"])

    def head(self, path: str) -> Mapping[str, str]:
        """Everything that the head says, by name, property or rel (with the type of what is alternate)."""
        document = lxml.html.document_fromstring(self.html(path).encode())
        said: dict[str, str] = {}
        for meta in document.iterfind(".//head/meta"):
            for key in ("name", "property"):
                if meta.get(key):
                    said[str(meta.get(key))] = str(meta.get("content"))
        for link in document.iterfind(".//head/link"):
            key = f"{link.get('rel')} {link.get('type') or ''}".strip()
            said[key] = f"{said[key]} {link.get('href')}" if key in said else str(link.get("href"))
        return said


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """The sample of every format, and what is rare in it."""
    site = Site(tmp_path_factory.mktemp("metadata"), **{"odd.json": ODD})
    site.settings = SETTINGS
    shutil.copytree(REPOSITORY / "content", site.root / "content", dirs_exist_ok=True)
    threads: list[Thread] = []

    def kept(*arguments: Any, **options: Any) -> Thread:
        threads.append(merge(*arguments, **options))
        return threads[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "merge", kept)
        site.build()
    yield Read(site.public, threads)


HOSTILE = "\"><script>alert(1)</script>' & <b>"
ODD = [
    api(id=700, type="story", title=HOSTILE, by='q"uote<', text="A <i>text</i>.", kids=[701, 702, 703, 790]),
    api(id=701, parent=700, text="First.<p>Second.", kids=[704]),
    api(id=702, parent=700, deleted=True, by=None, time=1_700_000_001, kids=[705]),
    api(id=703, parent=700, dead=True, text="Dead."),
    api(id=704, parent=701, text="Deeper.", by="Zoë", time=None),
    api(id=705, parent=702, text="Below what was deleted.", by=None),
    api(id=706, parent=790, text="Below what no dump has."),
]


# microformats


def entries(items: list[Any]) -> Iterator[Any]:
    """All posts, in the order of the page."""
    for item in items:
        if "h-entry" in item["type"]:
            yield item
        yield from entries(item.get("children", []))


def first(item: Any, name: str) -> Any:
    return (item["properties"].get(name) or [""])[0]


def letters(text: str) -> str:
    """A text without what its layout adds."""
    return "".join(text.split())


def named(url: str) -> str:
    """The anchor of the post that a link leads to."""
    page, _, fragment = url.partition("#")
    return fragment or page.rpartition("/")[2].removesuffix(".html")


def seen_by_mf2(entry: Any) -> Seen:
    author = first(entry, "author")
    return Seen(
        author=first(author, "name") if author else "",
        author_url=first(author, "url") if author else "",
        published=first(entry, "published"),
        parent=named(first(entry, "in-reply-to")),
        text=letters(first(entry, "content")["value"]) if "content" in entry["properties"] else "",
    )


def expected(comment: Comment) -> Seen:
    date = when(comment.created)
    placed = comment.parent if comment.evidence in PLACED else None
    text = comment.body if comment.state is not State.DELETED else None
    return Seen(
        author=author_text(comment.author) or "",
        author_url=BASE + urls.author_path(comment.author) if comment.author else "",
        published=date.datetime if date else "",
        parent=urls.anchor(placed) if placed else "",
        text=letters(plain_text(text, comment.dialect)) if text else "",
    )


def model(thread: Thread) -> dict[str, Seen]:
    return {urls.anchor(one.id): expected(one) for one in thread.comments if one.held}


def test_mf2py_sees_each_thread_as_it_is(read: Read) -> None:
    for thread in read.threads:
        for path in (urls.item_path(thread.id), urls.time_path(thread.id)):
            story, *others = read.microformats(path)
            assert (story["type"], others) == (["h-entry"], []), path
            found = {entry["id"]: seen_by_mf2(entry) for entry in entries(story["children"])}
            assert found == model(thread), path
