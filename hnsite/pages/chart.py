"""A map of a thread: time across, the tree down, a dot for each comment that leads to it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import log1p
from typing import NamedTuple

from hnsite import urls
from hnsite.model import Comment, author_text
from hnsite.pages.when import span_text

WIDTH = 720
ROW = 6
TALLEST = 600
"""Where rows begin to overlap: 100 comments."""
LEAST = 5
"""Dated comments below which a map shows nothing that the list does not."""
EDGE = 8
APART = 60
"""Least distance between two ticks."""
EARLY = 600
"""Seconds: most of a thread comes soon, so that the scale is even up to here and shrinks from there on."""
_TICKS = (60, 600, 3600, 6 * 3600, 86_400, 7 * 86_400, 30 * 86_400, 365 * 86_400, 3650 * 86_400)


class Dot(NamedTuple):
    """One comment: where it stands on the map, where it leads, and whose it is."""

    url: str
    author: str
    x: int
    y: int
    is_op: bool


class Tick(NamedTuple):
    """A time since the thread began."""

    x: int
    text: str


class Chart(NamedTuple):
    """``lines`` is an SVG path that leads from each comment to its replies."""

    width: int
    height: int
    dots: tuple[Dot, ...]
    lines: str
    ticks: tuple[Tick, ...]


def chart(
    shown: Sequence[Comment], root: Comment, first: int, last: int, way: Callable[[str], str]
) -> Chart | None:
    """The map of a page's comments; None where too few are dated.

    ``first`` and ``last`` are when the whole thread began and ended (seconds, UTC); ``way`` is the link
    to a comment, by its anchor.
    """
    rows = [(row, one) for row, one in enumerate(shown) if one.created and one.created.epoch is not None]
    if len(rows) < LEAST or last <= first:
        return None
    height = min(TALLEST, ROW * len(shown)) + 2 * EDGE
    scale = (WIDTH - 2 * EDGE) / log1p((last - first) / EARLY)

    def x_of(seconds: int) -> int:
        return EDGE + round(scale * log1p(max(0, seconds) / EARLY))

    places: dict[str, tuple[int, int]] = {}
    dots: list[Dot] = []
    for row, one in rows:
        assert one.created and one.created.epoch is not None
        x, y = x_of(one.created.epoch - first), EDGE + round((height - 2 * EDGE) * (row + 0.5) / len(shown))
        places[one.id] = x, y
        is_op = one.author is not None and one.author == root.author
        dots.append(Dot(way(urls.anchor(one.id)), author_text(one.author) or f"No.{one.id}", x, y, is_op))
    lines = "".join(_lines([one for _, one in rows], places))
    return Chart(WIDTH, height, tuple(dots), lines, tuple(_ticks(last - first, x_of)))


def _lines(comments: Sequence[Comment], places: dict[str, tuple[int, int]]) -> Iterator[str]:
    """Down from the parent, then across."""
    for one in comments:
        above = places.get(one.parent or "")
        if above:
            x, y = places[one.id]
            yield f"M{above[0]} {above[1]}V{y}H{x}"


def _ticks(span: int, x_of: Callable[[int], int]) -> Iterator[Tick]:
    before = 0
    for seconds in _TICKS:
        x = x_of(seconds)
        if seconds <= span and x - before >= APART and x <= WIDTH - APART:
            yield Tick(x, span_text(seconds))
            before = x
