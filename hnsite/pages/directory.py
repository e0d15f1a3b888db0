"""The directories of all authors and of all sites, each by name and by number.

One page while there are few; else one a beginning of names ("a", "ab", ...), each as short as it can
be for the page to hold at most ``LARGEST``, so that a new comment changes one of them. By number there
is one page a range of numbers, parted by names in the same way where it holds too many.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Page, listed_name, shown_name
from hnsite.pages.chrome import Chrome, chrome

LARGEST = 1000
LONGEST = 4
"""Letters of a beginning; more than ``LARGEST`` names that begin alike share a page all the same."""
BUSIEST = 100
"""How many the first page by number shows where it does not show all."""
RANGES: tuple[int, ...] = (0, 1, 2, 3, 5, *(step * 10**power for power in range(1, 10) for step in (1, 2, 5)))
"""Where ranges of numbers begin."""


class Kind(NamedTuple):
    """One of the directories: its heading, the unit of numbers it goes by, where its pages stand, and how it
    shows a name."""

    heading: str
    noun: str
    unit: str
    by_name: str
    by_number: str
    path: Callable[[str], str]
    shown: Callable[[str], str]


AUTHORS = Kind(
    "Authors", "author", "comment", urls.AUTHORS_PATH, urls.LEADERS_PATH, urls.author_path, listed_name
)
SITES = Kind("Sites", "site", "thread", urls.SITES_PATH, urls.LINKED_PATH, urls.site_path, shown_name)


class Part(NamedTuple):
    """What one page holds: names with numbers of a range (its ``least`` one; None: all), which begin so.

    ``letters`` is how long the beginning is, case aside; a shorter name is its own.
    """

    least: int | None
    letters: int
    beginning: str


class Count(NamedTuple):
    """A name and the numbers to be told of it; a directory goes by ``number``."""

    name: str
    number: int
    stories: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    url: str
    number: int
    stories: int


@dataclass(frozen=True, slots=True)
class Group:
    """A page of the directory."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Range:
    """The pages of a range of numbers, and how many names they list: the one at ``url``, or ``groups``."""

    label: str
    count: int
    url: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class DirectoryView:
    """``part`` says in words what part of the whole a page holds, "" if it is all or the first page.

    ``groups`` and ``ranges`` lead to the pages that hold the rest, where that is not this one; ``up_url``
    leads back.
    ``other_url`` is the directory in the other order.
    """

    chrome: Chrome
    heading: str
    by_number: bool
    noun: str
    unit: str
    part: str
    total: int
    groups: tuple[Group, ...]
    ranges: tuple[Range, ...]
    lines: tuple[Line, ...]
    other_url: str
    up_url: str


def beginnings(total: int, counted: Callable[[int], Mapping[str, int]]) -> dict[tuple[int, str], int]:
    """How names are parted: (letters, what names begin with so far) -> names; (0, "") for one page.

    ``counted`` tells how many names there are to each beginning of so many letters, case aside.
    """
    parts = {"": total}
    done: dict[tuple[int, str], int] = {}
    for letters in range(LONGEST):
        small = {(letters, part): count for part, count in parts.items() if count <= LARGEST}
        done |= small
        large = parts.keys() - {part for _, part in small}
        if not large:
            break
        longer = counted(letters + 1)
        parts = {part: count for part, count in longer.items() if part[:letters] in large}
    else:
        done |= {(LONGEST, part): count for part, count in parts.items()}
    return dict(sorted(done.items(), key=lambda one: one[0][1]))


def begins(name: str, letters: int) -> str:
    """What a name begins with, case aside."""
    return name.casefold()[:letters]


def least(number: int) -> int:
    """Where the range begins in which a number is."""
    return RANGES[bisect_right(RANGES, number) - 1]


def beyond(least: int) -> int | None:
    """Where the range ends that begins with ``least``: behind its last number; None for the last range."""
    place = RANGES.index(least) + 1
    return RANGES[place] if place < len(RANGES) else None


def path(kind: Kind, part: Part) -> str:
    """Where the page of a part stands."""
    if part.least is None:
        return urls.part_path(kind.by_name, part.beginning)
    name = f"{part.least}-{part.beginning}" if part.letters else str(part.least)
    return urls.part_path(kind.by_number, name)


def page(kind: Kind, part: Part, counts: Iterable[Count], config: Config) -> Page:
    """The page of one part of a directory of several, its lines in order."""
    here = path(kind, part)
    words = _words(kind, part)
    top, other = kind.by_name, kind.by_number
    if part.least is not None:
        top, other = other, top
    view = DirectoryView(
        chrome=chrome(config, here, f"{kind.heading}: {words}"),
        heading=kind.heading,
        by_number=part.least is not None,
        noun=kind.noun,
        unit=kind.unit,
        part=words,
        total=0,
        groups=(),
        ranges=(),
        lines=_lines(kind, counts, here),
        other_url=urls.relative(other, here),
        up_url=urls.relative(top, here),
    )
    return Page(here, "directory.html", view)


def top_page(
    kind: Kind,
    total: int,
    parts: Mapping[Part, int],
    counts: Iterable[Count],
    config: Config,
    *,
    by_number: bool = False,
) -> Page:
    """A directory's first page; ``parts`` are its others, ``counts`` what it shows itself, in order."""
    here, other = (kind.by_number, kind.by_name) if by_number else (kind.by_name, kind.by_number)
    view = DirectoryView(
        chrome=chrome(config, here, f"{kind.heading} by {kind.unit}s" if by_number else kind.heading),
        heading=kind.heading,
        by_number=by_number,
        noun=kind.noun,
        unit=kind.unit,
        part="",
        total=total,
        groups=() if by_number else _groups(kind, parts, here),
        ranges=_ranges(kind, parts, here) if by_number else (),
        lines=_lines(kind, counts, here),
        other_url=urls.relative(other, here),
        up_url="",
    )
    return Page(here, "directory.html", view)


def _groups(kind: Kind, parts: Iterable[Part], here: str) -> tuple[Group, ...]:
    return tuple(Group(part.beginning, urls.relative(path(kind, part), here)) for part in parts)


def _ranges(kind: Kind, parts: Mapping[Part, int], here: str) -> tuple[Range, ...]:
    ranges: dict[int | None, list[Part]] = {}
    for part in parts:
        ranges.setdefault(part.least, []).append(part)
    return tuple(
        Range(
            _words(kind, Part(least, 0, "")),
            sum(parts[part] for part in own),
            "" if own[0].letters else urls.relative(path(kind, own[0]), here),
            _groups(kind, own, here) if own[0].letters else (),
        )
        for least, own in ranges.items()
    )


def _words(kind: Kind, part: Part) -> str:
    names = f"names that begin with {part.beginning}" if part.letters else ""
    if part.least is None:
        return names
    number = f"{_range(part.least)} {kind.unit}{'' if part.least == 1 else 's'}"
    return f"{number}, {names}" if names else number


def _range(least: int) -> str:
    end = beyond(least)
    if end is None:
        return f"{least} and more"
    return str(least) if end == least + 1 else f"{least} to {end - 1}"


def _lines(kind: Kind, counts: Iterable[Count], here: str) -> tuple[Line, ...]:
    return tuple(
        Line(kind.shown(one.name), urls.relative(kind.path(one.name), here), one.number, one.stories)
        for one in counts
    )
