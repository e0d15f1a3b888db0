"""The map of a thread: its dots stand where comments came, and lead to them."""

from __future__ import annotations

from msgspec.structs import replace
from test_pages import ROOT, tree

from hnsite.model import Comment, Moment
from hnsite.pages.chart import EDGE, TALLEST, WIDTH, Chart, chart

HOUR = 3600


def dated(depths: list[int], *hours: float | None) -> list[Comment]:
    moments = [None if one is None else Moment(round(one * HOUR)) for one in hours]
    return [replace(one, created=when) for one, when in zip(tree(depths), moments, strict=True)]


def made(comments: list[Comment], last: float) -> Chart:
    found = chart(comments, replace(ROOT, author="op"), 0, round(last * HOUR), lambda name: f"#{name}")
    assert found
    return found


def test_time_runs_to_the_right_and_the_thread_down() -> None:
    found = made(dated([0, 1, 2, 1, 0, 0], 1, 2, 5, 3, 0, 10), 10)
    assert [dot.url for dot in found.dots] == ["#2", "#3", "#4", "#5", "#6", "#7"]
    assert [dot.y for dot in found.dots] == sorted({dot.y for dot in found.dots})
    assert sorted(found.dots, key=lambda dot: dot.x) == [found.dots[place] for place in (4, 0, 1, 3, 2, 5)]
    assert (found.dots[4].x, found.dots[5].x) == (EDGE, WIDTH - EDGE)
    assert all(0 < dot.y < found.height for dot in found.dots)


def test_lines_lead_from_comments_to_their_replies() -> None:
    found = made(dated([0, 1, 0, 0, 0], 1, 2, 3, 4, 5), 5)
    above, below = found.dots[:2]
    assert found.lines == f"M{above.x} {above.y}V{below.y}H{below.x}"


def test_undated_comments_have_no_dot() -> None:
    found = made(dated([0, 1, 0, 0, 0, 0], 1, None, 3, 4, 5, 6), 6)
    assert [dot.url for dot in found.dots] == ["#2", "#4", "#5", "#6", "#7"]


def test_ticks_tell_the_time_since_the_beginning() -> None:
    found = made(dated([0] * 5, 1, 2, 3, 4, 100), 100)
    assert [tick.text for tick in found.ticks] == ["10 minutes", "1 hour", "6 hours", "1 day"]
    assert all(EDGE < tick.x < WIDTH - EDGE for tick in found.ticks)


def test_a_map_needs_a_few_dated_comments() -> None:
    assert chart(dated([0] * 4, 1, 2, 3, 4), ROOT, 0, HOUR, str) is None
    assert chart(dated([0] * 5, 1, 1, 1, 1, 1), ROOT, HOUR, HOUR, str) is None


def test_maps_of_long_threads_stay_small() -> None:
    found = made(dated([0] * 1000, *(index / 10 for index in range(1000))), 100)
    assert found.height == TALLEST + 2 * EDGE


def test_the_storys_author_is_marked() -> None:
    comments = dated([0] * 5, 1, 2, 3, 4, 5)
    comments[2] = replace(comments[2], author="op")
    assert [dot.is_op for dot in made(comments, 5).dots] == [False, False, True, False, False]
