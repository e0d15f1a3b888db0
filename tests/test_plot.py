"""Plots: what was written when, as bars that can be told apart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnsite.pages.plot import HEIGHT, STEP, UNITS, letters_of, plot

days = st.dates(date(1970, 1, 1), date(9999, 12, 31)).map(date.isoformat)


@pytest.mark.parametrize(
    "first, last, letters",
    [
        ("2024-11-18", "2024-11-18", 10),
        ("2024-12-01", "2025-01-31", 10),
        ("2024-12-01", "2025-02-01", 7),
        ("2007-02-28", "2027-01-01", 7),
        ("2007-02-28", "2027-02-01", 4),
        ("1970-01-01", "2113-12-31", 4),
        ("1970-01-01", "2114-01-01", 3),
        ("1970-01-01", "9999-12-31", 2),
    ],
)
def test_bars_are_the_smallest_units_that_fit(first: str, last: str, letters: int) -> None:
    assert letters_of(first, last) == letters


@given(st.dictionaries(days, st.integers(1, 1000), min_size=1, max_size=20))
def test_whatever_is_counted_has_a_bar_and_there_are_few(counts: dict[str, int]) -> None:
    letters = letters_of(min(counts), max(counts))
    by_unit: dict[str, int] = {}
    for day, count in counts.items():
        by_unit[day[:letters]] = by_unit.get(day[:letters], 0) + count
    found = plot(by_unit, letters, has_spots=True)
    if len(by_unit) < 2:
        assert found is None
        return
    assert found is not None
    assert str(found.shape).count("z") == len(by_unit)
    assert len(found.spots) * STEP == found.width
    assert len(found.spots) <= dict(UNITS)[letters]
    assert sum(int(spot.text.rpartition(" ")[2]) for spot in found.spots) == sum(counts.values())


def test_months_without_anything_leave_a_gap() -> None:
    found = plot({"2023-11": 50, "2024-02": 100, "2024-01": 1}, 7, has_spots=True)
    assert found is not None
    assert found.shape == "M0 100v-50h8V100zM20 100v-3h8V100zM30 100v-100h8V100z"
    assert (found.unit, found.width, found.is_short) == ("month", 4 * STEP, True)
    assert found.label == "2023-11 to 2024-02; most in 2024-02: 100"
    assert [spot.text for spot in found.spots] == ["2023-11: 50", "2023-12: 0", "2024-01: 1", "2024-02: 100"]
    assert HEIGHT == 100


def test_decades_are_named_as_such() -> None:
    found = plot({"197": 1, "202": 3}, 3)
    assert found is not None
    assert (found.first, found.last, found.spots) == ("1970s", "2020s", ())


def test_a_leap_day_has_a_bar() -> None:
    start = date(2024, 2, 27)
    found = plot({(start + timedelta(n)).isoformat(): 1 for n in range(4)}, 10)
    assert found is not None
    assert (found.first, found.last, found.width) == ("2024-02-27", "2024-03-01", 4 * STEP)
