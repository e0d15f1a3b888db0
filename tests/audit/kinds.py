"""The kinds of pages of a site, told by their addresses and by what stands in them. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TOO_LARGE = 400_000
"""Bytes of HTML above which a page is not chosen while there are others: a checker would need a minute."""


class Kind(NamedTuple):
    """``path`` is a pattern for the whole path of a page below the site, ``mark`` one for a part of its
    HTML. A page may be of several kinds."""

    name: str
    path: str
    mark: str = ""


KINDS = (
    Kind("front", r"index\.html"),
    Kind("front, older", r"page/\d+\.html"),
    Kind("sorted", r"(active|best)\.html"),
    Kind("sorted, next page", r"(active|best)/\d+\.html"),
    Kind("day", r"front/[^.]+\.html"),
    Kind("day, older", r"front/[^.]+\.\d+\.html"),
    Kind("calendar", r"days\.html"),
    Kind("calendar, a year", r"days/\d+\.html"),
    Kind("site", r"from/(?!.*\.\d+\.html)[^/]+\.html"),
    Kind("site, older", r"from/[^/]+\.\d+\.html"),
    Kind("thread", r"item/[^.]+\.html", r'class="story[ "](?s:.*)class="discussion"'),
    Kind("thread, next page", r"item/[^.]+\.\d+\.html"),
    Kind("by time", r"item/[^.]+\.time(\.\d+)?\.html"),
    Kind("poll", r"item/[^.]+\.html", r'class="poll"'),
    Kind("no comments", r"item/[^.]+\.html", r"No comments in this archive"),
    Kind("permalink", r"item/[^.]+\.html", r'class="[^"]*permalink'),
    Kind("context", r"item/[^.]+\.html", r"<details class=\"context"),
    Kind("stub", r"item/[^.]+\.html", r"none contains it"),
    Kind("inferred", r"item/[^.]+\.html", r'data-evidence="quote"'),
    Kind("dead", r"item/[^.]+\.html", r'<details class="tombstone"'),
    Kind("code", r"item/[^.]+\.html", r"<pre[^>]*><code>[^/]*<span"),
    Kind("redirect", r"(item|user)/[^.]+\.html", r'http-equiv="refresh"'),
    Kind("author", r"user/[^.]+\.html"),
    Kind("author, older", r"user/[^.]+\.\d+\.html"),
    Kind("authors", r"users\.html"),
    Kind("authors by number", r"leaders\.html"),
    Kind("sites", r"sites\.html"),
    Kind("sites by number", r"linked\.html"),
    Kind("directory, part", r"(users|sites)/[^/]+\.html"),
    Kind("by number, part", r"(leaders|linked)/[^/]+\.html"),
    Kind("search", r"search\.html"),
    Kind("note", r"pages/.+\.html"),
    Kind("notes", r"pages\.html"),
    Kind("find", r"(item|user|threads|submitted|from|front)\.html"),
    Kind("not found", r"404\.html"),
)


class Found(NamedTuple):
    """``pages`` are paths below the site by kind, ``unknown`` the pages that are of no kind."""

    pages: dict[str, list[str]]
    unknown: list[str]

    @property
    def missing(self) -> list[str]:
        return [kind for kind, pages in self.pages.items() if not pages]


def find(folder: Path, most: int = 1, too_large: int = TOO_LARGE) -> Found:
    """At most so many pages of each kind: the largest one, and others of all sizes."""
    sizes: dict[str, int] = {}
    pages: dict[str, list[str]] = {kind.name: [] for kind in KINDS}
    unknown = []
    for path in sorted(folder.rglob("*.html")):
        name, html = path.relative_to(folder).as_posix(), path.read_text("utf-8")
        sizes[name] = len(html)
        kinds = list(_kinds(name, html))
        for kind in kinds:
            pages[kind].append(name)
        if not kinds:
            unknown.append(name)
    return Found(_choose(pages, sizes, most, too_large), unknown)


def _kinds(name: str, html: str) -> Iterator[str]:
    for kind in KINDS:
        if re.fullmatch(kind.path, name) and re.search(kind.mark, html):
            yield kind.name


def _choose(
    pages: dict[str, list[str]], sizes: dict[str, int], most: int, too_large: int
) -> dict[str, list[str]]:
    """Of each kind some pages from the largest down to the smallest, rather those that no kind before has;
    one that is too large only where there is no other."""
    taken: set[str] = set()
    chosen = {}
    for kind, names in pages.items():
        by_size = sorted(names, key=lambda name: (-sizes[name], name))
        good = [name for name in by_size if sizes[name] <= too_large] or by_size[-1:]
        new = [name for name in good if name not in taken] or good
        chosen[kind] = new[:: -(-len(new) // most) or 1]
        taken.update(chosen[kind])
    return chosen
