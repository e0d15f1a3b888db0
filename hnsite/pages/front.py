"""The front page: all threads, newest first. Pages count from the oldest and stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Page, Summary
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.when import When, when

SIZE = 100


@dataclass(frozen=True, slots=True)
class ThreadLine:
    title: str
    url: str
    kind: str
    state: str
    domain: str | None
    score: int | None
    author: str | None
    author_url: str
    when: When | None
    comments: int


@dataclass(frozen=True, slots=True)
class FrontView:
    chrome: Chrome
    is_front: bool
    threads: tuple[ThreadLine, ...]
    total: int
    comments: int
    newer_url: str | None
    older_url: str | None


def full_pages(total: int) -> int:
    """How many of the pages are full and have a number, with so many threads."""
    return max(0, total // SIZE - 1)


def span(number: int, total: int) -> tuple[int, int]:
    """Which threads a page shows, counted from the oldest: the first, and the one behind the last."""
    return ((number - 1) * SIZE, number * SIZE) if number else (full_pages(total) * SIZE, total)


def page(number: int, threads: Iterable[Summary], total: int, comments: int, config: Config) -> Page:
    """One page; ``threads`` are those it shows, oldest first. 0 is the front page, which tells totals."""
    full = full_pages(total)
    shown = list(threads)
    return _page(number, full, shown, 0 if number else total, 0 if number else comments, config)


def _page(
    number: int, full: int, threads: Sequence[Summary], total: int, comments: int, config: Config
) -> Page:
    path = urls.front_path(number)
    newer = None if number == 0 else urls.front_path(number + 1 if number < full else 0)
    older_number = full if number == 0 else number - 1
    older = urls.front_path(older_number) if older_number else None
    view = FrontView(
        chrome=chrome(config, path, config.title if number == 0 else f"Threads, page {number}"),
        is_front=number == 0,
        threads=tuple(_line(thread, path) for thread in reversed(threads)),
        total=total,
        comments=comments,
        newer_url=urls.relative(newer, path) if newer else None,
        older_url=urls.relative(older, path) if older else None,
    )
    return Page(path, "front.html", view)


def _line(thread: Summary, path: str) -> ThreadLine:
    return ThreadLine(
        title=thread.title,
        url=urls.relative(urls.item_path(thread.id), path),
        kind=thread.kind,
        state=thread.state,
        domain=thread.domain,
        score=thread.score,
        author=thread.author,
        author_url=urls.relative(urls.author_path(thread.author), path) if thread.author else "",
        when=when(thread.created),
        comments=thread.comments,
    )
