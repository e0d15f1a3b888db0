"""The threads that began on one day (UTC), newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Page, Summary
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.threads import Facts, ThreadLine, Turns, full_pages, lines, turns


@dataclass(frozen=True, slots=True)
class DayLink:
    day: str
    url: str


@dataclass(frozen=True, slots=True)
class DayView:
    """``before`` and ``after`` are the nearest days with threads; only the newest page tells them and
    ``facts``."""

    chrome: Chrome
    day: str
    month: str
    month_url: str
    facts: Facts | None
    before: DayLink | None
    after: DayLink | None
    threads: tuple[ThreadLine, ...]
    turns: Turns


def page(
    day: str,
    number: int,
    threads: Iterable[Summary],
    facts: Facts,
    near: tuple[str | None, str | None],
    config: Config,
) -> Page:
    """One page of a day; the threads that it shows come oldest first, ``near`` are the days around it."""
    path = urls.day_path(day, number)
    before, after = (_link(one, path) if one and not number else None for one in near)
    month = day[:7]
    view = DayView(
        chrome=chrome(config, path, f"{day}, page {number}" if number else day),
        day=day,
        month=month,
        month_url=f"{urls.relative(urls.year_path(day[:4]), path)}#{urls.month_anchor(month)}",
        facts=None if number else facts,
        before=before,
        after=after,
        threads=lines([*threads][::-1], path),
        turns=turns(number, facts.threads, partial(urls.day_path, day)),
    )
    return Page(path, "day.html", view)


def paths(day: str, total: int) -> list[str]:
    """Where the pages of a day stand that has so many threads."""
    return [urls.day_path(day, number) for number in range(full_pages(total) + 1)] if total else []


def _link(day: str, path: str) -> DayLink:
    return DayLink(day, urls.relative(urls.day_path(day), path))
