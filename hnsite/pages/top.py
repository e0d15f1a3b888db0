"""The threads with most comments, and those with most points: the first ``MOST``, by rank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Page, Summary
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.front import Order, orders
from hnsite.pages.threads import SIZE, ThreadLine, Turns, lines

MOST = 1000
"""A thread that rises moves all below it, so that an end is set to what is made again."""
_HEADINGS = {"comments": "Most comments", "score": "Most points"}


@dataclass(frozen=True, slots=True)
class TopView:
    """``first`` is the rank of the first thread; ``most`` how many threads such a list shows at most, 0 if
    it shows all there are."""

    chrome: Chrome
    heading: str
    first: int
    most: int
    orders: tuple[Order, ...]
    threads: tuple[ThreadLine, ...]
    turns: Turns


def count_pages(shown: int) -> int:
    """How many pages show so many threads; one also shows none."""
    return max(1, -(-shown // SIZE))


def page(order: str, number: int, shown: int, threads: Iterable[Summary], config: Config) -> Page:
    """One page, counted from 1, of a list that shows so many in all, by "comments" or "score"."""
    path = urls.top_path(order, number)
    heading = _HEADINGS[order]
    view = TopView(
        chrome=chrome(config, path, f"{heading}, page {number}" if number > 1 else heading),
        heading=heading,
        first=(number - 1) * SIZE + 1,
        most=MOST if shown >= MOST else 0,
        orders=orders(order, path),
        threads=lines(threads, path),
        turns=_turns(order, number, shown),
    )
    return Page(path, "top.html", view)


def _turns(order: str, number: int, shown: int) -> Turns:
    here = urls.top_path(order, number)
    return Turns(
        urls.relative(urls.top_path(order, number - 1), here) if number > 1 else None,
        urls.relative(urls.top_path(order, number + 1), here) if number < count_pages(shown) else None,
    )
