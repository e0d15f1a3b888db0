"""Moments as pages show them: exact ones in UTC, rough ones as rough as they are known."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import NamedTuple

from hnsite.model import Moment

_SEEN = {
    "second": (19, 16),
    "minute": (16, 16),
    "hour": (13, 13),
    "day": (10, 10),
    "week": (10, 10),
    "month": (7, 7),
    "year": (4, 4),
}
"""How much of ``2013-07-28T02:05:26`` machines and people see, by how far a moment is to be trusted."""


class When(NamedTuple):
    """``datetime`` is for machines, "" where no date is known; ``words`` is how the dump put it."""

    datetime: str
    text: str
    words: str


@lru_cache(maxsize=10_000)
def _date(day: int) -> str:
    """``2013-07-28`` from the days since 1970; comments of a thread share few."""
    return datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()


@cache
def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def when(moment: Moment | None) -> When | None:
    """None if nothing is known; else the date as far as it is known, "about" before a rough one."""
    if moment is None:
        return None
    words = moment.words or ""
    if moment.epoch is None:
        return When("", words, words)
    day, second = divmod(moment.epoch, 86_400)
    iso = f"{_date(day)}T{_clock(second // 60)}:{second % 60:02}"
    machine, human = _SEEN[moment.unit]
    hour = ":00" if moment.unit == "hour" else ""
    zone = "Z" if machine > 10 else ""
    text = iso[:human].replace("T", " ") + hour
    return When(iso[:machine] + hour + zone, f"about {text}" if words else text, words)


def instant(epoch: int) -> str:
    """A second as feeds and sitemaps want it: ``2013-07-28T02:05:26Z``."""
    day, second = divmod(epoch, 86_400)
    return f"{_date(day)}T{_clock(second // 60)}:{second % 60:02}Z"


def latest(*moments: Moment | None) -> int:
    """The last of some moments in seconds, 0 where none is known."""
    return max([one.epoch for one in moments if one and one.epoch], default=0)


_SPANS = (
    ("year", 365 * 86_400),
    ("month", 30 * 86_400),
    ("week", 7 * 86_400),
    ("day", 86_400),
    ("hour", 3600),
)


def span_text(seconds: int) -> str:
    """A length of time in its largest unit, rounded down: "2 hours", "1 day"."""
    unit, size = next(((unit, size) for unit, size in _SPANS if seconds >= size), ("minute", 60))
    number = seconds // size
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def day_of(moment: Moment | None) -> str | None:
    """The date (UTC) of what is known to the day, as ``2013-07-28``."""
    if moment is None or moment.epoch is None or moment.unit in ("week", "month", "year"):
        return None
    return _date(moment.epoch // 86_400)
