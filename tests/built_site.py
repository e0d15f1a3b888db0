"""Reads a built site back: pages -> posts, links and anchors, by the microformats of DESIGN 7.

Any theme that keeps that contract can be read. Knows nothing of hnsite's code and writes nothing.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml.html import HtmlElement

BLOCKS = frozenset(
    {"p", "pre", "blockquote", "br", "li", "ul", "ol", "div", "tr", "td", "hr", "h3", "h4", "h5", "h6"}
)
"""Elements whose edges part words."""

_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_REFRESH = re.compile(r"\s*\d+\s*;\s*url=(.*)", re.IGNORECASE)


def has_class(element: HtmlElement, name: str) -> bool:
    return name in (element.get("class") or "").split()


def by_class(element: HtmlElement, name: str) -> list[HtmlElement]:
    """All descendants of that class, in document order."""
    found = element.xpath(f'.//*[contains(concat(" ", normalize-space(@class), " "), " {name} ")]')
    return [one for one in found if isinstance(one, HtmlElement)]


def words(element: HtmlElement | None) -> str:
    """The visible text, white space as one blank."""
    return "" if element is None else " ".join(element.text_content().split())


def _branch(article: HtmlElement) -> HtmlElement:
    """What a list item holds: the article, or the branch that begins with it."""
    parent = article.getparent()
    return parent if has_class(parent, "branch") else article


@lru_cache(maxsize=50_000)
def _resolve(href: str, folder: str) -> str:
    if _ELSEWHERE.match(href):
        return href
    parts = urlsplit(href)
    path = posixpath.normpath(posixpath.join("/", folder, unquote(parts.path))).lstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    return path + query + (f"#{unquote(parts.fragment)}" if parts.fragment else "")


@dataclass(frozen=True)
class Link:
    """One ``<a>``: where it leads (a path of the site, or an address elsewhere) and what it shows."""

    href: str
    text: str


@dataclass(frozen=True)
class Post:
    """One ``article``: a comment, a story on its author's page, or a stub."""

    element: HtmlElement
    page: Page

    @property
    def id(self) -> str:
        return self.element.get("id") or ""

    @property
    def is_stub(self) -> bool:
        return not has_class(self.element, "h-entry")

    @property
    def state(self) -> str:
        return next((name for name in ("dead", "deleted") if has_class(self.element, name)), "live")

    @property
    def evidence(self) -> str | None:
        found: str | None = self.element.get("data-evidence")
        return found

    def one(self, name: str) -> Any:
        found = by_class(self.element, name)
        assert len(found) < 2, f"{self.page.path}#{self.id} has {len(found)} .{name}"
        return found[0] if found else None

    def link(self, name: str) -> Link | None:
        element = self.one(name)
        return None if element is None else self.page.link(element)

    @property
    def number(self) -> str:
        return words(self.one("number"))

    @property
    def head(self) -> str:
        return words(self.one("head"))

    @property
    def author(self) -> Link | None:
        return self.link("p-author")

    @property
    def published(self) -> str | None:
        element = self.one("dt-published")
        return None if element is None else element.get("datetime")

    @property
    def permalink(self) -> Link | None:
        return self.link("u-url")

    @property
    def parent(self) -> Link | None:
        return self.link("u-in-reply-to")

    @property
    def source(self) -> Link | None:
        return self.link("u-syndication")

    @property
    def body(self) -> Any:
        return self.one("e-content")

    @property
    def replies(self) -> tuple[Link, ...]:
        return tuple(self.page.link(one) for one in by_class(self.element, "u-comment"))

    @property
    def replies_label(self) -> str:
        return words(self.one("backlinks")).split(":")[0]


@dataclass(frozen=True)
class Place:
    """Where a comment stands in a page's nested list: ``under`` is the comment above it, if any."""

    id: str
    under: str | None
    number: str


@dataclass(frozen=True)
class Page:
    """One HTML file; ``path`` is below the site's folder."""

    path: str
    content: bytes

    @cached_property
    def root(self) -> HtmlElement:
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
        root = lxml.html.document_fromstring(self.content, parser=parser)
        assert isinstance(root, HtmlElement)
        return root

    @cached_property
    def title(self) -> str:
        return words(self.root.find(".//h1"))

    @cached_property
    def ids(self) -> list[str]:
        return [str(value) for value in self.root.xpath("//@id")]

    @cached_property
    def references(self) -> set[str]:
        """What the page leads to or loads: paths of the site with their fragment, and addresses elsewhere."""
        found = self.root.xpath("//@href | //@src | //@srcset | //@data | //form/@action")
        refreshes = self.root.xpath('//meta[@http-equiv="refresh"]/@content')
        found += [match[1] for value in refreshes if (match := _REFRESH.match(str(value)))]
        return {self.resolve(str(href)) for href in found}

    @property
    def redirect(self) -> str | None:
        """Where the page leads on to by itself."""
        for value in self.root.xpath('//meta[@http-equiv="refresh"]/@content'):
            match = _REFRESH.match(str(value))
            return self.resolve(match[1]) if match else None
        return None

    def resolve(self, href: str) -> str:
        """A link of this page as ``path#fragment`` below the site's folder; other sites' stay as they are."""
        if href.startswith("#"):
            return f"{self.path}{unquote(href)}"
        return _resolve(href.strip(), posixpath.dirname(self.path))

    def link(self, element: HtmlElement) -> Link:
        return Link(self.resolve(element.get("href") or ""), words(element))

    def links(self, inside: HtmlElement | None = None) -> list[Link]:
        start = self.root if inside is None else inside
        return [self.link(one) for one in start.iter("a") if one.get("href") is not None]

    def posts(self, inside: HtmlElement | None = None) -> list[Post]:
        """The comments and stubs, in document order; a thread's own story is not among them."""
        start = self.root if inside is None else inside
        articles = start.iter("article")
        return [Post(one, self) for one in articles if has_class(one, "h-entry") or has_class(one, "missing")]

    @cached_property
    def context(self) -> list[Post]:
        """The ancestors on a permalink page."""
        found = by_class(self.root, "context")
        assert len(found) < 2, f"{self.path} has {len(found)} .context"
        return self.posts(found[0]) if found else []

    @cached_property
    def listed(self) -> list[Post]:
        """The posts of the numbered list: a thread's, or a permalink's comment and its subtree."""
        return [post for post in self.posts() if _branch(post.element).getparent().tag == "li"]

    @cached_property
    def places(self) -> list[Place]:
        return [
            Place(post.id, self._above(post), "" if post.is_stub else post.number) for post in self.listed
        ]

    @staticmethod
    def _above(post: Post) -> str | None:
        replies = _branch(post.element).getparent().getparent()
        upper = replies.getparent()
        if replies.tag != "ol" or not has_class(upper, "branch"):
            return None
        article = upper.find("article")
        return None if article is None else article.get("id")

    @property
    def story(self) -> Any:
        found = by_class(self.root, "story")
        return found[0] if found else None


def _placed(blocks: dict[str, str]) -> Iterator[tuple[int, str]]:
    """(number, address) of all that a map holds."""
    for block, entries in blocks.items():
        for entry in entries.split(",") if entries else ():
            page, _, pairs = entry.partition(" ")
            assert pairs and len(pairs) % 2 == 0, entry
            for high, low in zip(pairs[::2], pairs[1::2], strict=True):
                number = int(block) * 4096 + _DIGITS.index(high) * 64 + _DIGITS.index(low)
                yield number, f"item/{page}.html" + ("" if page == str(number) else f"#{number}")


class Site:
    """A folder that ``hnsite build`` wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = frozenset(
            path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()
        )
        self.references: dict[str, set[str]] = {}
        self.doubled: list[str] = []
        self._ids: dict[str, frozenset[str]] = {}
        self._pages: dict[str, Page] = {}
        self._maps: dict[int, dict[int, str]] = {}

    def page(self, path: str) -> Page:
        """One HTML file, parsed; the first time, its links are remembered, and ids that it has twice."""
        page = self._pages.get(path) or Page(path, (self.folder / path).read_bytes())
        if path not in self.references:
            self.references[path] = page.references
            self._ids[path] = frozenset(page.ids)
            if len(page.ids) > len(self._ids[path]):
                self.doubled += [f"{path}#{id}" for id, count in Counter(page.ids).items() if count > 1]
        return page

    def kept(self, path: str) -> Page:
        """The same page, parsed once."""
        if path not in self._pages:
            self._pages[path] = self.page(path)
        return self._pages[path]

    def scan(self) -> int:
        """Sees to it that every HTML file has been read; returns how many there are."""
        paths = [path for path in sorted(self.files) if path.endswith(".html")]
        for path in paths:
            if path not in self.references:
                self.page(path)
        return len(paths)

    def broken(self) -> list[str]:
        """Internal links that lead nowhere, as ``page -> target``; call after ``scan``."""
        bad: list[str] = []
        for path, references in self.references.items():
            for reference in references:
                if _ELSEWHERE.match(reference):
                    continue
                if reference.startswith("item.html?id="):
                    reference = self.find(reference.partition("=")[2]) or "item.html"
                target, _, fragment = reference.partition("#")
                known = self._ids.get(target, frozenset())
                if target not in self.files or (fragment and fragment not in known):
                    bad.append(f"{path} -> {reference}")
        return sorted(bad)

    @cached_property
    def map_ranges(self) -> list[tuple[int, int]]:
        """The first and the last number of each map, as item.html tells them to its script."""
        (shape,) = self.kept("item.html").root.xpath("//@data-shape")
        sizes = [4096 << _DIGITS.index(digit) for digit in shape]
        ends = list(accumulate(sizes))
        return [(end - size, end - 1) for size, end in zip(sizes, ends, strict=True)]

    def find(self, id: str) -> str | None:
        """Where ``item.html?id=...`` leads in a site without permalink pages; None if it does not know."""
        number = int(id)
        firsts = [first for first, last in self.map_ranges if first <= number <= last]
        return self.map(firsts[0]).get(number) if firsts else None

    def map(self, first: int) -> dict[int, str]:
        """Where the items of one map stand, by number."""
        if first not in self._maps:
            text = (self.folder / f"item/map/{first}.js").read_text("ascii")
            call = re.fullmatch(r"hnsiteMap\((\{.*\})\);\n", text, re.DOTALL)
            assert call, text[:100]
            self._maps[first] = dict(_placed(json.loads(call[1])))
        return self._maps[first]

    def snapshot(self) -> dict[str, bytes]:
        """Every file's bytes."""
        return {path: (self.folder / path).read_bytes() for path in sorted(self.files)}
