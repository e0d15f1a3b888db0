"""Worker processes: results in order, errors as they are, and no process for little work."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from hnsite.errors import ThemeError
from hnsite.workers import Workers


def make_tools() -> list[int]:
    """A worker's own tools: where it lives, and what it has done."""
    return [os.getpid()]


def square(tools: list[int], unit: int) -> tuple[int, int]:
    time.sleep(0.02 * (unit % 3 == 0))  # who comes first is not always done first
    return unit * unit, tools[0]


def note(tools: list[int], unit: int) -> int:
    tools.append(unit)
    return len(tools)


def fail(tools: list[int], unit: int) -> int:
    if unit == 3:
        raise ThemeError("no such name", "thread.html:5")
    return unit


def is_deaf(tools: list[int], unit: int) -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


@pytest.fixture
def two() -> Iterator[Workers]:
    with closing(Workers(2, make_tools(), make_tools)) as workers:
        yield workers


def test_results_come_in_the_order_of_the_units(two: Workers) -> None:
    results = list(two.map(square, range(40), is_much=True))
    assert [(unit, result) for unit, (result, _) in results] == [(n, n * n) for n in range(40)]
    places = {place for _, (_, place) in results}
    assert os.getpid() not in places
    assert 1 <= len(places) <= 2


@pytest.mark.parametrize("jobs, is_much", [(1, True), (1, False), (2, False)])
def test_little_work_and_one_job_start_no_process(jobs: int, is_much: bool) -> None:
    with closing(Workers(jobs, make_tools(), make_tools)) as workers:
        results = list(workers.map(square, range(3), is_much=is_much))
        assert [place for _, (_, place) in results] == [os.getpid()] * 3
        assert not workers.is_running


def test_a_process_keeps_its_tools_between_stages(two: Workers) -> None:
    counts = [count for _ in range(2) for _, count in two.map(note, range(10), is_much=True)]
    assert max(counts) > 6
    assert two.is_running


@pytest.mark.parametrize("is_much", [True, False])
def test_an_error_of_a_unit_comes_out_in_its_place(two: Workers, is_much: bool) -> None:
    done = []
    with pytest.raises(ThemeError, match=r"^thread\.html:5: no such name$") as caught:
        for unit, _ in two.map(fail, range(9), is_much=is_much):
            done.append(unit)
    assert done == [0, 1, 2]
    assert (caught.value.reason, caught.value.subject) == ("no such name", "thread.html:5")
    assert list(two.map(fail, [1, 2], is_much=is_much)) == [(1, 1), (2, 2)]


def test_units_are_made_only_as_fast_as_they_are_worked_on(two: Workers) -> None:
    made = []

    def units() -> Iterator[int]:
        for unit in range(100):
            made.append(unit)
            yield unit

    results = two.map(square, units(), is_much=True)
    next(results)
    assert len(made) < 20


def test_no_units_no_results(two: Workers) -> None:
    assert list(two.map(square, [], is_much=True)) == []


def test_workers_are_deaf_to_ctrl_c_and_who_started_them_is_not(two: Workers) -> None:
    assert all(deaf for _, deaf in two.map(is_deaf, range(4), is_much=True))
    assert not is_deaf([], 0)


def test_closing_ends_the_processes_and_can_be_done_twice(two: Workers) -> None:
    (place,) = {place for _, (_, place) in two.map(square, [1], is_much=True)}
    two.close()
    two.close()
    with pytest.raises(ProcessLookupError):
        os.kill(place, 0)
