"""Moments as pages show them: exact ones in UTC, rough ones as rough as they are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from hnsite.model import Moment

_SHOWN = {
    "second": ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M"),
    "minute": ("%Y-%m-%dT%H:%MZ", "%Y-%m-%d %H:%M"),
    "hour": ("%Y-%m-%dT%H:00Z", "%Y-%m-%d %H:00"),
    "day": ("%Y-%m-%d", "%Y-%m-%d"),
    "week": ("%Y-%m-%d", "%Y-%m-%d"),
    "month": ("%Y-%m", "%Y-%m"),
    "year": ("%Y", "%Y"),
}


@dataclass(frozen=True, slots=True)
class When:
    """``datetime`` is for machines, "" where no date is known; ``words`` is how the dump put it."""

    datetime: str
    text: str
    words: str


def when(moment: Moment | None) -> When | None:
    """None if nothing is known; else the date as far as it is known, "about" before a rough one."""
    if moment is None:
        return None
    if moment.epoch is None:
        return When("", moment.words or "", moment.words or "")
    machine, human = _SHOWN[moment.unit]
    date = datetime.fromtimestamp(moment.epoch, UTC)
    text = date.strftime(human)
    return When(date.strftime(machine), f"about {text}" if moment.words else text, moment.words or "")
