"""How much was written when -> the bars of a small plot. Pure.

Bars are days, months, years, decades or centuries, whichever are few enough to be told apart; each is
known by how its dates begin, so that "2024-11" is a month. A plot is one shape, which style sheets
colour and stretch.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from hnsite.pages.slot import Slot

UNITS = ((10, 62), (7, 240), (4, 144), (3, 144), (2, 144))
"""(letters of a date that bars of a unit share, how many of them fit), smallest first."""
_NAMES = {10: "day", 7: "month", 4: "year", 3: "decade", 2: "century"}
FEW = 12
"""Bars that would look odd if they were stretched over the whole width."""
STEP, BAR, HEIGHT = 10, 8, 100
"""From one bar to the next, how wide a bar is, and how high the highest."""


class Spot(NamedTuple):
    """What a pointer is told over one bar."""

    x: int
    text: str


class Plot(NamedTuple):
    """``shape`` is a path for SVG, ``width`` wide; ``label`` says the same in words. ``unit`` is what a bar
    stands for, ``first`` and ``last`` are the ends. ``is_short`` tells of few bars."""

    unit: str
    is_short: bool
    width: Slot | int
    shape: Slot | str
    label: Slot | str
    first: Slot | str
    last: Slot | str
    spots: tuple[Spot, ...] = ()


def letters_of(first: str, last: str) -> int:
    """How many letters of a date make a bar, where bars reach from one day to another."""
    for letters, most in UNITS:
        if _distance(first, last, letters) < most:
            return letters
    return UNITS[-1][0]


def plot(counts: Mapping[str, int], letters: int, *, has_spots: bool = False) -> Plot | None:
    """The plot of counts by beginnings of dates, which are ``letters`` long; None for less than two bars."""
    if len(counts) < 2:
        return None
    keys = _all_from(min(counts), max(counts), letters)
    most = max(counts.values())
    busiest = min(key for key in counts if counts[key] == most)
    unit = _NAMES[letters]
    return Plot(
        unit=unit,
        is_short=len(keys) <= FEW,
        width=len(keys) * STEP,
        shape="".join(
            f"M{place * STEP} {HEIGHT}v-{_height(counts[key], most)}h{BAR}V{HEIGHT}z"
            for place, key in enumerate(keys)
            if counts.get(key)
        ),
        label=f"{_name(keys[0])} to {_name(keys[-1])}; most in {_name(busiest)}: {most}",
        first=_name(keys[0]),
        last=_name(keys[-1]),
        spots=tuple(
            Spot(place * STEP, f"{_name(key)}: {counts.get(key, 0)}") for place, key in enumerate(keys)
        )
        if has_spots
        else (),
    )


def _height(count: int, most: int) -> int:
    """Whatever is there can be seen."""
    return max(3, count * HEIGHT // most)


def _distance(first: str, last: str, letters: int) -> int:
    """How many bars lie between two days."""
    if letters == 10:
        return (date.fromisoformat(last) - date.fromisoformat(first)).days
    if letters == 7:
        return 12 * (int(last[:4]) - int(first[:4])) + int(last[5:7]) - int(first[5:7])
    return int(last[:letters]) - int(first[:letters])


def _all_from(first: str, last: str, letters: int) -> list[str]:
    """The beginnings of dates from one to another, those between them included."""
    if letters == 10:
        start = date.fromisoformat(first)
        days = (date.fromisoformat(last) - start).days
        return [(start + timedelta(day)).isoformat() for day in range(days + 1)]
    if letters == 7:
        months = range(_months(first), _months(last) + 1)
        return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]
    return [f"{number:0{letters}}" for number in range(int(first), int(last) + 1)]


def _months(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _name(key: str) -> str:
    return f"{key:0<4}s" if len(key) < 4 else key
