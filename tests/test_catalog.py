"""The catalog: what every dump says, kept between builds and never trusted further than that."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hnsite import readers
from hnsite.build import take_in
from hnsite.catalog import Catalog, Entry
from hnsite.link import link
from hnsite.model import Kind, Moment, Origin, Problem, Record, provisional_id
from hnsite.readers import flat
from hnsite.sources import find_dumps

PASTED = "ann\n4 days ago\nThe first words of all.\nbob\n3 days ago\nThe second words.\n"
ORIGIN = Origin("dump", 1)
Read = Callable[[], list[str]]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path / "cache")) as opened:
        yield opened


@pytest.fixture
def parsed(tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Takes in content/; gives the names of the dumps that were parsed for it."""
    (tmp_path / "content").mkdir()
    names: list[str] = []
    read = flat.read

    def noted(file: object, name: str) -> Iterator[Record | Problem]:
        names.append(name)
        return read(file, name)  # type: ignore[arg-type]

    def take() -> list[str]:
        names.clear()
        take_in(find_dumps(tmp_path / "content", tmp_path)[0], catalog)
        return list(names)

    monkeypatch.setattr(flat, "read", noted)
    return take


def write(tmp_path: Path, name: str, text: str = PASTED) -> Path:
    path = tmp_path / "content" / name
    path.write_text(text, "utf-8")
    return path


def ids(catalog: Catalog) -> list[str]:
    return sorted(trace.id for trace in catalog.traces() if trace.kind is Kind.COMMENT)


# What is parsed again


def test_an_unchanged_dump_is_not_parsed_again(tmp_path: Path, parsed: Read) -> None:
    path = write(tmp_path, "a.txt")
    assert parsed() == ["content/a.txt"]
    path.touch()
    assert parsed() == []


def test_a_changed_dump_is_parsed_again(tmp_path: Path, parsed: Read, catalog: Catalog) -> None:
    write(tmp_path, "a.txt")
    parsed()
    before = ids(catalog)
    write(tmp_path, "a.txt", PASTED.replace("second", "Second"))
    assert parsed() == ["content/a.txt"]
    assert len(set(before) & set(ids(catalog))) == 1
    assert len(ids(catalog)) == 2


def test_a_new_version_of_the_reader_parses_again(
    tmp_path: Path, parsed: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.txt")
    parsed()
    monkeypatch.setattr(flat, "VERSION", flat.VERSION + 1)
    assert parsed() == ["content/a.txt"]
    assert parsed() == []


def test_a_renamed_dump_says_the_same(tmp_path: Path, parsed: Read, catalog: Catalog) -> None:
    path = write(tmp_path, "a.txt")
    parsed()
    before = ids(catalog)
    path.rename(path.with_name("b.txt"))
    parsed()
    assert ids(catalog) == before
    assert {trace.origin.file for trace in catalog.traces()} == {"content/b.txt"}


def test_a_removed_dump_is_forgotten(tmp_path: Path, parsed: Read, catalog: Catalog) -> None:
    write(tmp_path, "a.txt")
    write(tmp_path, "b.txt", PASTED.replace("words", "phrase") + "cid\n2 days ago\nMore \x00.\n")
    parsed()
    (tmp_path / "content/b.txt").unlink()
    parsed()
    assert list(catalog.known()) == ["content/a.txt"]
    assert len(ids(catalog)) == 2


def test_a_dump_that_became_unreadable_is_forgotten(tmp_path: Path, parsed: Read, catalog: Catalog) -> None:
    write(tmp_path, "a.txt")
    parsed()
    write(tmp_path, "a.txt", "nothing that anybody knows")
    assert parsed() == []
    assert not ids(catalog) and not catalog.known()


def test_two_equal_dumps_are_both_known(tmp_path: Path, parsed: Read, catalog: Catalog) -> None:
    write(tmp_path, "a.txt")
    write(tmp_path, "b.txt")
    assert parsed() == ["content/a.txt", "content/b.txt"]
    assert parsed() == []
    (tmp_path / "content/a.txt").unlink()
    parsed()
    assert len(ids(catalog)) == 2


def test_the_problems_of_an_unchanged_dump_are_told_again(
    tmp_path: Path, parsed: Read, catalog: Catalog
) -> None:
    write(tmp_path, "a.txt", "A title\nWhat is this?\n" + PASTED)
    parsed()
    (problem,) = catalog.problems()
    assert problem.origin == Origin("content/a.txt", 2)
    parsed()
    assert catalog.problems() == [problem]
    write(tmp_path, "a.txt")
    parsed()
    assert catalog.problems() == []


def test_a_reading_that_was_cut_short_is_done_again(catalog: Catalog, tmp_path: Path) -> None:
    def pieces() -> Iterator[Record]:
        yield Record(ORIGIN, "2", Kind.COMMENT, "1")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catalog.put("a", b"1", "test 1", pieces())
    catalog.close()
    with closing(Catalog(tmp_path / "cache")) as again:
        assert not again.known() and not ids(again)


# What it gives back


def test_a_record_comes_back_as_it_was(catalog: Catalog) -> None:
    record = Record(
        ORIGIN, "2", Kind.COMMENT, "1", "1", "ann", Moment(5, "day", "4 days ago"), body="Ünïcode\n\x00 🙂",
        replies=("3", "4"), ranked=True, captured=99,
    )  # fmt: skip
    catalog.put("dump", b"1", "test 1", [record])
    catalog.put_places(link(list(catalog.traces())))
    assert catalog.records("1") == [record]


def test_older_dumps_come_first_and_those_without_a_date_before_them(catalog: Catalog) -> None:
    for name, created in (("b", 30), ("a", 20), ("c", None)):
        moment = Moment(created) if created else None
        catalog.put(name, name.encode(), "test 1", [Record(Origin(name, 1), "1", Kind.STORY, created=moment)])
    captured = Record(Origin("d", 1), "1", Kind.STORY, created=Moment(99), captured=25)
    catalog.put("d", b"d", "test 1", [captured])
    assert [trace.origin.file for trace in catalog.traces()] == ["c", "a", "d", "b"]


def test_old_ids_are_brought_up_to_date(catalog: Catalog) -> None:
    old = provisional_id("story", "A title")
    board = [Record(ORIGIN, old, Kind.STORY, title="A title"), Record(ORIGIN, "2", Kind.COMMENT, old, old)]
    real = Record(Origin("b", 1), "1", Kind.STORY, title="A title")
    catalog.put("a", b"1", "test 1", board)
    catalog.put("b", b"2", "test 1", [real])
    catalog.put_places(link(list(catalog.traces())))
    assert {(record.id, record.parent) for record in catalog.records("1")} == {("1", None), ("2", "1")}
    assert list(catalog.moved()) == [(old, "1")]


def test_held_items_are_those_that_a_dump_contains(catalog: Catalog) -> None:
    records = [Record(ORIGIN, "1", Kind.STORY, title="A title"), Record(ORIGIN, "2", Kind.POLLOPT, "1")]
    more = [Record(ORIGIN, str(n), Kind.COMMENT, "1", author="ann") for n in range(10, 1500)]
    catalog.put("dump", b"1", "test 1", [*records, *more])
    catalog.put_places(link(list(catalog.traces())))
    asked = map(str, range(2000))
    assert catalog.held(asked) == {"1", *map(str, range(10, 1500))}


def test_authors_and_what_they_wrote(catalog: Catalog) -> None:
    rows = [
        ("ann", 0, 7, "comment"),
        ("ann", 20, 2, "comment"),
        ("ann", 10, 1, "story"),
        ("Ann", 5, 9, "comment"),
    ]
    catalog.put_entries(Entry(name, time, n, str(n), kind, "1", "T", "") for name, time, n, kind in rows)
    assert catalog.authors() == [("Ann", 0, 1, 5, 5), ("ann", 1, 2, 10, 20)]
    assert [entry.id for entry in catalog.entries("ann")] == ["7", "1", "2"]
    catalog.clear_entries()
    assert catalog.authors() == []


# Files that are no catalog


def open_and_use(folder: Path) -> None:
    with closing(Catalog(folder)) as opened:
        opened.put("dump", b"1", "test 1", [Record(ORIGIN, "1", Kind.STORY, title="A title")])
        opened.put_places(link(list(opened.traces())))
        assert [record.id for record in opened.records("1")] == ["1"]


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to have a header" * 9])
def test_what_is_no_database_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(content)
    open_and_use(tmp_path)


def test_an_older_catalog_is_replaced(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite")) as old:
        old.executescript("CREATE TABLE dump (name); PRAGMA user_version = 99")
    open_and_use(tmp_path)


@pytest.mark.parametrize("kept", [100, 4096])
@pytest.mark.parametrize("filler", [b"", b"\xff"])
def test_a_damaged_catalog_is_replaced(tmp_path: Path, kept: int, filler: bytes) -> None:
    open_and_use(tmp_path)
    path = tmp_path / "catalog.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:kept] + filler * (len(whole) - kept))
    open_and_use(tmp_path)


def test_readers_have_names_and_versions_that_tell_them_apart() -> None:
    assert len({f"{reader.NAME} {reader.VERSION}" for reader in readers.READERS}) == len(readers.READERS)
