"""The SQLite file: one of another version is made anew, and what is written is written whole."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hnsite.database import DamagedError, Database, remove

SCHEMA = "CREATE TABLE word (number INTEGER PRIMARY KEY, word TEXT)"


def opened(folder: Path, version: int = 1) -> Database:
    return Database(folder / "deep/words.sqlite", SCHEMA, version)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(opened(tmp_path)) as db:
        yield db


def words(db: Database) -> list[str]:
    return [word for (word,) in db.rows("SELECT word FROM word ORDER BY number")]


def test_what_was_written_is_there_when_it_is_opened_again(tmp_path: Path, db: Database) -> None:
    with db.writing():
        assert [db.run("INSERT INTO word (word) VALUES (?)", (word,)) for word in "ab"] == [1, 2]
    db.close()
    with closing(opened(tmp_path)) as again:
        assert words(again) == ["a", "b"]


@pytest.mark.parametrize("version", [2, 3])
def test_a_file_of_another_version_is_made_anew(tmp_path: Path, version: int) -> None:
    with closing(opened(tmp_path, version)) as db, db.writing():
        db.run("INSERT INTO word (word) VALUES ('old')")
    with closing(opened(tmp_path, 1)) as again:
        assert words(again) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_is_not_written_to_the_end_is_not_written(db: Database, error: type[BaseException]) -> None:
    with pytest.raises(error), db.writing():
        db.run_many("INSERT INTO word (word) VALUES (?)", [("a",), ("b",)])
        raise error
    assert words(db) == []
    with db.writing():
        db.run("INSERT INTO word (word) VALUES ('c')")
    assert words(db) == ["c"]


def test_a_reader_sees_only_what_is_whole(tmp_path: Path, db: Database) -> None:
    with closing(opened(tmp_path)) as other:
        with db.writing():
            db.run("INSERT INTO word (word) VALUES ('a')")
            assert words(other) == []
        assert words(other) == ["a"]


def test_who_wants_to_write_waits_for_others(tmp_path: Path, db: Database) -> None:
    def write() -> None:
        with closing(opened(tmp_path)) as other, other.writing():
            other.run("INSERT INTO word (word) VALUES ('second')")

    thread = threading.Thread(target=write)
    with db.writing():
        thread.start()
        time.sleep(0.1)
        db.run("INSERT INTO word (word) VALUES ('first')")
    thread.join()
    assert words(db) == ["first", "second"]


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 2000])
def test_queries_for_any_count_of_numbers(db: Database, count: int) -> None:
    with db.writing():
        db.run_many("INSERT INTO word (word) VALUES (?)", [(str(n),) for n in range(3000)])
    numbers = list(range(1, count + 1))
    found = db.among("SELECT number FROM word WHERE number IN ({})", [*numbers, *numbers])
    assert [number for (number,) in found] == numbers


def test_a_row_that_is_not_there(db: Database) -> None:
    assert db.row("SELECT word FROM word") is None


def test_removing_takes_what_sqlite_keeps_beside_it(tmp_path: Path, db: Database) -> None:
    with db.writing():
        db.run("INSERT INTO word (word) VALUES ('a')")
    assert len(list((tmp_path / "deep").iterdir())) > 1
    remove(tmp_path / "deep/words.sqlite")
    assert not list((tmp_path / "deep").iterdir())
    remove(tmp_path / "deep/words.sqlite")


def test_damage_inside_is_told_when_it_is_met(tmp_path: Path, db: Database) -> None:
    with db.writing():
        db.run_many("INSERT INTO word (word) VALUES (?)", [("word" * 100,) for _ in range(500)])
    db.close()
    path = tmp_path / "deep/words.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with closing(opened(tmp_path)) as again, pytest.raises(DamagedError):
        words(again)
