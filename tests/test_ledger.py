"""The ledger: lists are counted by adding and taking away, and tell what of them is to be made again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnsite.database import Database
from hnsite.ledger import COMMENTS, DAY, FRONT, SCHEMA, SCORE, SITE, Ledger, summaries
from hnsite.model import Kind, Moment, State, Summary

DAY_1, DAY_2, DAY_3 = "2020-09-13", "2020-09-14", "2020-09-17"
START = 1_599_955_200
"""The first second of DAY_1."""


@dataclass
class Book:
    """A ledger and its database."""

    db: Database
    ledger: Ledger

    def replace(self, part: int, *threads: Summary, posts: dict[str, int] | None = None) -> None:
        with self.db.writing():
            self.ledger.replace(part, threads, posts or {})

    def publish(self) -> None:
        with self.db.writing():
            self.ledger.publish()

    def stale(self) -> list[str]:
        with self.db.writing():
            self.ledger.touch_neighbours()
        return [one.name for one in self.ledger.stale_lists()]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(Database(tmp_path / "ledger.sqlite", SCHEMA, 1)) as db:
        yield Book(db, Ledger(db))


def thread(
    id: str,
    day: int | None = 0,
    *,
    unit: str = "second",
    site: str | None = None,
    comments: int = 1,
    score: int | None = None,
) -> Summary:
    created = None if day is None else Moment(START + day * 86_400 + int(id[-2:]), unit)
    return Summary(id, Kind.STORY, State.LIVE, f"Title {id}", site, score, "ann", created, comments)


def ids(found: Iterator[Summary]) -> list[str]:
    return [one.id for one in found]


def top(book: Book, order: str, count: int = 99) -> list[str]:
    return ids(summaries(book.ledger.top(order, count)))


def test_threads_stand_under_their_day_and_site(book: Book) -> None:
    book.replace(1, thread("10", 0, site="a.example"), thread("11", 1, site="b.example", comments=5))
    book.replace(2, thread("12", 0, site="b.example"), thread("13", None))
    ledger = book.ledger
    assert ledger.get(FRONT)[2:4] == (4, 8)
    assert ledger.get(DAY, DAY_1)[2:4] == (2, 2)
    assert ledger.get(SITE, "b.example")[2:4] == (2, 6)
    assert ids(ledger.threads(0, 9, DAY, DAY_1)) == ["10", "12"]
    assert ids(ledger.threads(0, 9, SITE, "b.example")) == ["12", "11"]
    assert list(ledger.days()) == [(DAY_1, 2, 2), (DAY_2, 1, 5)]
    assert ledger.months() == [("2020-09", 3, 7)]
    assert ledger.dates(SITE, "b.example") == (DAY_1, DAY_2)
    assert ledger.dates(SITE, "nowhere.example") == (None, None)


@pytest.mark.parametrize("unit, day", [("day", DAY_1), ("hour", DAY_1), ("week", None), ("year", None)])
def test_what_is_only_roughly_dated_is_under_no_day(book: Book, unit: str, day: str | None) -> None:
    book.replace(1, thread("10", 0, unit=unit))
    assert [name for name, *_ in book.ledger.days()] == ([day] if day else [])


def test_sorts_leave_out_what_has_none_and_put_the_newest_first(book: Book) -> None:
    book.replace(1, thread("10", 0, score=5), thread("11", 1, score=5), thread("12", 0, score=0, comments=0))
    book.replace(2, thread("13", None, score=5, comments=9), thread("14", 0, score=(1 << 64) - 1))
    assert top(book, SCORE) == ["14", "11", "10", "13"]
    assert top(book, COMMENTS) == ["13", "11", "14", "10"]
    assert top(book, COMMENTS, 2) == ["13", "11"]


def test_a_thread_that_changes_makes_its_lists_stale_and_no_others(book: Book) -> None:
    book.replace(1, thread("10", 0, site="a.example"))
    book.replace(2, thread("20", 4, site="b.example"), thread("30", 9, site="c.example"))
    assert book.stale() == [DAY_1, DAY_3, "2020-09-22", "a.example", "b.example", "c.example"]
    book.publish()
    assert book.stale() == []
    book.replace(1, thread("10", 0, site="a.example"))
    assert book.stale() == [], "it is as it was"
    book.replace(1, thread("10", 0, site="a.example", comments=2))
    assert book.stale() == [DAY_1, "a.example"]
    assert book.ledger.changed(SITE, "a.example") == (None, {0})
    assert book.ledger.changed_sites() == []
    book.publish()
    book.replace(1, thread("10", 0, site="b.example"))
    assert book.ledger.changed(SITE, "b.example") == (0, set())
    assert book.ledger.changed(FRONT) == (None, {0})
    assert book.ledger.changed_sites() == [("a.example", 1, 0), ("b.example", 1, 2)]
    assert list(book.ledger.shrunk()) == [(SITE, "a.example", 1, 0)]
    book.publish()
    assert {one.name for one in book.ledger.lists()} == {DAY_1, DAY_3, "2020-09-22", "b.example", "c.example"}


def test_a_thread_that_moves_to_another_part_is_counted_once(book: Book) -> None:
    book.replace(1, thread("10", 0), thread("11", 0))
    book.replace(2, thread("10", 0), thread("12", 0))
    book.replace(1, thread("11", 0))
    assert book.ledger.get(DAY, DAY_1).threads == 3
    assert ids(book.ledger.threads(0, 9)) == ["10", "11", "12"]


def test_after_a_publishing_that_was_cut_short_all_that_changed_is_made_again(book: Book) -> None:
    book.replace(1, thread("10", 0))
    book.publish()
    book.replace(1, thread("10", 0), thread("11", 0), thread("12", 0))
    with book.db.writing():
        book.ledger.recover()
    book.replace(1, thread("10", 0))
    (day,) = book.ledger.stale_lists()
    assert (day.threads, day.before, day.is_whole) == (1, 1, True)
    assert list(book.ledger.shrunk()) == [(DAY, DAY_1, 3, 1)], "pages of three threads may be there"


def test_a_day_that_comes_or_goes_makes_those_around_it_stale(book: Book) -> None:
    book.replace(1, thread("10", 0))
    book.replace(2, thread("12", 4))
    book.publish()
    for threads in ([thread("11", 1)], []):
        book.replace(3, *threads)
        assert book.stale() == [DAY_1, DAY_2, DAY_3]
        book.publish()
    book.replace(2, thread("12", 4), thread("13", 4))
    assert book.stale() == [DAY_3]


def test_neighbours_are_days_with_threads(book: Book) -> None:
    book.replace(1, thread("10", 0), thread("11", 1), thread("12", 4))
    assert book.ledger.neighbours(DAY_2) == (DAY_1, DAY_3)
    book.replace(1, thread("10", 0), thread("12", 4))
    assert book.ledger.neighbours(DAY_1) == (None, DAY_3)
    assert book.ledger.neighbours(DAY_3) == (DAY_1, None)


def test_activity_is_that_of_all_parts(book: Book) -> None:
    assert book.ledger.span() is None
    book.replace(1, posts={DAY_1: 2, DAY_3: 1})
    book.replace(2, posts={DAY_1: 3, "2021-01-01": 7})
    assert book.ledger.activity(10) == {DAY_1: 5, DAY_3: 1, "2021-01-01": 7}
    book.replace(2, posts={DAY_2: 1})
    assert book.ledger.activity(7) == {"2020-09": 4}
    assert book.ledger.span() == (DAY_1, DAY_3)


some = st.lists(
    st.builds(
        thread,
        st.integers(10, 16).map(str),
        st.none() | st.integers(0, 2),
        site=st.none() | st.sampled_from(["a.example", "B.example"]),
        comments=st.integers(0, 3),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)


@given(st.lists(st.tuples(st.integers(1, 3), some), max_size=8))
def test_counts_are_those_of_the_threads(
    tmp_path_factory: pytest.TempPathFactory, steps: Sequence[tuple[int, Sequence[Summary]]]
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    with closing(Database(path, SCHEMA, 1)) as db:
        book = Book(db, Ledger(db))
        for part, threads in steps:
            book.replace(part, *threads)
        everything = list(book.ledger.threads(0, 99))
        assert book.ledger.get(FRONT).threads == len(everything)
        for one in book.ledger.lists():
            own = list(book.ledger.threads(0, 99, one.kind, one.name))
            assert (one.threads, one.comments) == (len(own), sum(thread.comments for thread in own))
        assert {thread.domain for thread in everything} - {None} == {
            one.name for one in book.ledger.lists() if one.kind == SITE
        }
