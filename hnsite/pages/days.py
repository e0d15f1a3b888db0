"""The calendar: the months of the archive at a glance, and a page a year with a grid for each month."""

from __future__ import annotations

from calendar import monthrange, weekday
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Page
from hnsite.pages.chrome import Chrome, chrome

FEW = 24
"""Months that the calendar's first page shows day by day."""
LEVELS = (1, 10, 40, 160, 640)
"""From how many posts on a day is darker."""
IN_A_MONTH = 5
"""How many times as many make a month as dark."""
NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Count(NamedTuple):
    """How many threads began on a day or in a month, and how many comments they have."""

    date: str
    threads: int
    comments: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A day or a month; ``url`` is "" where it has no threads, and ``level`` then 0."""

    label: str
    date: str
    url: str
    level: int
    threads: int
    comments: int


@dataclass(frozen=True, slots=True)
class Month:
    """``weeks`` begin with Monday; None stands for days of other months."""

    name: str
    anchor: str
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Year:
    year: str
    url: str
    threads: int
    months: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class DaysView:
    """``years`` are all on the first page, newest first; ``months`` those whose days the page shows.
    ``before`` and ``after`` are the years around the page's own."""

    chrome: Chrome
    years: tuple[Year, ...]
    months: tuple[Month, ...]
    undated: int
    before: Year | None
    after: Year | None
    up_url: str
    names: tuple[str, ...] = tuple(name[:3] for name in NAMES)


def page(months: Sequence[Count], days: Iterable[Count], undated: int, config: Config) -> Page:
    """The first page: all months with threads, in order, and the days of those if they are ``FEW``.

    ``undated`` counts threads of which the day is not known."""
    path = urls.DAYS_PATH
    view = DaysView(
        chrome=chrome(config, path, "Days"),
        years=_years(months, path)[::-1],
        months=_months(days, path),
        undated=undated,
        before=None,
        after=None,
        up_url="",
    )
    return Page(path, "days.html", view)


def year_page(year: str, years: Sequence[str], days: Iterable[Count], config: Config) -> Page:
    """The page of one of the years that have threads, which come in order."""
    path = urls.year_path(year)
    place = years.index(year)
    view = DaysView(
        chrome=chrome(config, path, year),
        years=(),
        months=_months(days, path),
        undated=0,
        before=_year(years[place - 1], path) if place else None,
        after=_year(years[place + 1], path) if place + 1 < len(years) else None,
        up_url=urls.relative(urls.DAYS_PATH, path),
    )
    return Page(path, "days.html", view)


def _year(year: str, path: str, months: Sequence[Count] = ()) -> Year:
    url = urls.relative(urls.year_path(year), path)
    by_month = {one.date[5:]: one for one in months}
    cells = tuple(
        _cell(
            by_month.get(f"{number:02}"),
            name,
            f"{year}-{number:02}",
            f"{url}#{urls.month_anchor(f'{year}-{number:02}')}",
            IN_A_MONTH,
        )
        for number, name in enumerate(NAMES, 1)
    )
    return Year(year, url, sum(one.threads for one in months), cells if months else ())


def _years(months: Iterable[Count], path: str) -> tuple[Year, ...]:
    return tuple(_year(year, path, list(own)) for year, own in groupby(months, lambda one: one.date[:4]))


def _months(days: Iterable[Count], path: str) -> tuple[Month, ...]:
    return tuple(
        _month(month, {one.date: one for one in own}, path)
        for month, own in groupby(days, lambda one: one.date[:7])
    )


def _month(month: str, days: Mapping[str, Count], path: str) -> Month:
    year, number = int(month[:4]), int(month[5:])
    _, length = monthrange(year, number)
    cells: list[Cell | None] = [None] * weekday(year, number, 1)
    for day in range(1, length + 1):
        date = f"{month}-{day:02}"
        cells.append(_cell(days.get(date), str(day), date, urls.relative(urls.day_path(date), path)))
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    return Month(f"{NAMES[number - 1]} {month[:4]}", urls.month_anchor(month), weeks)


def _cell(count: Count | None, label: str, date: str, url: str, scale: int = 1) -> Cell:
    if count is None:
        return Cell(label, date, "", 0, 0, 0)
    posts = (count.threads + count.comments) / scale
    level = max(1, sum(posts >= least for least in LEVELS))
    return Cell(label, date, url, level, count.threads, count.comments)
