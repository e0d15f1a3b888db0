"""The front page: all threads, newest first, what the archive holds, and how much was written when.

Pages are parted as ``threads`` does it, and only the front page tells totals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Page, Summary
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.plot import Plot
from hnsite.pages.threads import Facts, ThreadLine, Turns, lines, turns
from hnsite.urls import front_path


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort the threads; ``url`` is "" for the page's own."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class FrontView:
    """``intro``, ``facts`` and ``plot`` are told on the front page only."""

    chrome: Chrome
    is_front: bool
    intro: Markup | None
    facts: Facts | None
    authors: int
    plot: Plot | None
    days_url: str
    orders: tuple[Order, ...]
    threads: tuple[ThreadLine, ...]
    turns: Turns


def orders(current: str, path: str) -> tuple[Order, ...]:
    """The ways to sort the threads: by "time", by "comments", by "score"."""
    pages = {"time": urls.FRONT_PATH, "comments": urls.top_path("comments"), "score": urls.top_path("score")}
    labels = {"time": "newest", "comments": "most comments", "score": "most points"}
    return tuple(
        Order(labels[name], "" if name == current else urls.relative(page, path))
        for name, page in pages.items()
    )


def page(
    number: int,
    threads: Iterable[Summary],
    total: int,
    config: Config,
    facts: Facts | None = None,
    authors: int = 0,
    plot: Plot | None = None,
    intro: Markup | None = None,
) -> Page:
    """One page of all ``total`` threads; those it shows come oldest first. 0 is the front page, which tells
    facts, how many ``authors`` there are, the plot, and an introduction."""
    path = front_path(number)
    view = FrontView(
        chrome=chrome(config, path, f"Threads, page {number}" if number else config.title),
        is_front=not number,
        intro=intro,
        facts=facts,
        authors=authors,
        plot=plot,
        days_url=urls.relative(urls.DAYS_PATH, path),
        orders=() if number else orders("time", path),
        threads=lines([*threads][::-1], path),
        turns=turns(number, total, front_path),
    )
    return Page(path, "front.html", view)
