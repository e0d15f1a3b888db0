"""Lists of threads: their lines, and how long ones are parted. Pure.

Pages count from the oldest thread and are full when they get a number, so that a new thread changes the
newest page only. That one, 0, holds what is left over and the full page before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hnsite import urls
from hnsite.model import Moment, Summary, author_text, shown_name
from hnsite.pages.when import When, day_of, when

SIZE = 100


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """``time_url`` is the thread by time. Links are "" where there is nothing to link to, or it is this
    page."""

    title: str
    url: str
    time_url: str
    kind: str
    state: str
    domain: str | None
    site_url: str
    score: int | None
    author: str | None
    author_url: str
    when: When | None
    day_url: str
    comments: int


@dataclass(frozen=True, slots=True)
class Turns:
    """The ways to the next pages of a list, None at its ends."""

    newer_url: str | None
    older_url: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """How much a list holds, and from when to when: ``last`` is None where it is the day of ``first``."""

    threads: int
    comments: int
    first: When | None = None
    last: When | None = None


def full_pages(total: int) -> int:
    """How many of the pages are full and have a number, with so many threads."""
    return max(0, total // SIZE - 1)


def span(number: int, total: int) -> tuple[int, int]:
    """Which threads a page shows, counted from the oldest: the first, and the one behind the last."""
    return ((number - 1) * SIZE, number * SIZE) if number else (full_pages(total) * SIZE, total)


def leads_as_before(number: int, before: int, total: int) -> bool:
    """Whether a numbered page was there when a list had ``before`` threads, and led to the same pages."""
    old, full = full_pages(before), full_pages(total)
    return number <= old and (number < old) == (number < full)


def turns(number: int, total: int, path: Callable[[int], str]) -> Turns:
    """The ways from one page of a list whose pages stand at ``path``."""
    full = full_pages(total)
    older = full if number == 0 else number - 1
    newer = None if number == 0 else path(number + 1 if number < full else 0)
    return Turns(
        urls.relative(newer, path(number)) if newer else None,
        urls.relative(path(older), path(number)) if older else None,
    )


def lines(threads: Iterable[Summary], path: str) -> tuple[ThreadLine, ...]:
    """The lines of a page."""
    return tuple([_line(thread, path) for thread in threads])


def dates(first: str | None, last: str | None) -> tuple[When | None, When | None]:
    """From when to when, for ``Facts``."""
    return (_date(first), _date(last) if last != first else None) if first else (None, None)


def _date(day: str | None) -> When | None:
    return When(day, day, "") if day else None


def _line(thread: Summary, path: str) -> ThreadLine:
    return ThreadLine(
        title=thread.title,
        url=urls.relative(urls.item_path(thread.id), path),
        time_url=urls.relative(urls.time_path(thread.id), path),
        kind=thread.kind,
        state=thread.state,
        domain=shown_name(thread.domain) if thread.domain else None,
        site_url=_link(urls.site_path(thread.domain), path) if thread.domain else "",
        score=thread.score,
        author=author_text(thread.author),
        author_url=urls.relative(urls.author_path(thread.author), path) if thread.author else "",
        when=when(thread.created),
        day_url=_day_link(thread.created, path),
        comments=thread.comments,
    )


def _day_link(created: Moment | None, path: str) -> str:
    day = day_of(created)
    return _link(urls.day_path(day), path) if day else ""


def _link(target: str, path: str) -> str:
    return "" if target == path else urls.relative(target, path)
