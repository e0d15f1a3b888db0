"""The directory of all authors: by name, and those who wrote most.

One page while they are few; else one a beginning of names ("a", "ab", ...), each as short as it can
be for the page to hold at most ``LARGEST``, so that a new comment changes one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Author, Page
from hnsite.pages.chrome import Chrome, chrome

LARGEST = 1000
LONGEST = 4
"""Letters of a beginning; more than ``LARGEST`` names that begin alike share a page all the same."""
BUSIEST = 10


@dataclass(frozen=True, slots=True)
class AuthorLine:
    name: str
    url: str
    stories: int
    comments: int


@dataclass(frozen=True, slots=True)
class Group:
    """Authors whose names begin alike."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class AuthorsView:
    """``groups`` lead to the pages that hold the authors, where that is not this one; ``up_url`` back."""

    chrome: Chrome
    label: str
    total: int
    groups: tuple[Group, ...]
    authors: tuple[AuthorLine, ...]
    busiest: tuple[AuthorLine, ...]
    up_url: str | None


def beginnings(total: int, counted: Callable[[int], Mapping[str, int]]) -> list[tuple[int, str]]:
    """How the directory is parted: (letters, what names begin with so far); (0, "") for one page.

    ``counted`` tells how many names there are to each beginning of so many letters, case aside.
    """
    parts = {"": total}
    done: list[tuple[int, str]] = []
    for letters in range(LONGEST):
        small = [part for part, count in parts.items() if count <= LARGEST]
        done.extend((letters, part) for part in small)
        large = parts.keys() - set(small)
        if not large:
            return sorted(done, key=lambda one: one[1])
        longer = counted(letters + 1)
        parts = {part: count for part, count in longer.items() if part[:letters] in large}
    return sorted([*done, *((LONGEST, part) for part in parts)], key=lambda one: one[1])


def begins(name: str, letters: int) -> str:
    """What a name begins with, case aside."""
    return name.casefold()[:letters]


def path(part: tuple[int, str]) -> str:
    letters, beginning = part
    return urls.authors_path(beginning if letters else "")


def page(part: tuple[int, str], authors: Iterable[Author], config: Config) -> Page:
    """The page of one part of a directory of several; ``authors`` come by name, case aside."""
    here = path(part)
    view = AuthorsView(
        chrome=chrome(config, here, f"Authors: {part[1]}"),
        label=part[1],
        total=0,
        groups=(),
        authors=_lines(authors, here),
        busiest=(),
        up_url=urls.relative(urls.AUTHORS_PATH, here),
    )
    return Page(here, "authors.html", view)


def top_page(
    total: int,
    parts: Sequence[tuple[int, str]],
    authors: Iterable[Author],
    busiest: Iterable[Author],
    config: Config,
) -> Page:
    """The directory's first page; ``authors`` are all where it is the only one, else none."""
    here = urls.AUTHORS_PATH
    view = AuthorsView(
        chrome=chrome(config, here, "Authors"),
        label="",
        total=total,
        groups=tuple(Group(part[1], urls.relative(path(part), here)) for part in parts if part[0]),
        authors=_lines(authors, here),
        busiest=tuple(line for line in _lines(busiest, here) if line.comments > 1),
        up_url=None,
    )
    return Page(here, "authors.html", view)


def _lines(authors: Iterable[Author], here: str) -> tuple[AuthorLine, ...]:
    return tuple(
        AuthorLine(one.name, urls.relative(urls.author_path(one.name), here), one.stories, one.comments)
        for one in authors
    )
