"""The catalog: what every dump says, kept between builds and never trusted further than that."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hnsite import readers
from hnsite.catalog import Catalog, item_number
from hnsite.intake import read
from hnsite.link import threads
from hnsite.model import Kind, Moment, Origin, Piece, Record, provisional_id
from hnsite.readers import flat
from hnsite.sources import find_dumps
from hnsite.workers import Workers

PASTED = "ann\n4 days ago\nThe first words of all.\nbob\n3 days ago\nThe second words.\n"
ORIGIN = Origin("dump", 1)
Read = Callable[[], list[str]]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path / "cache")) as opened:
        yield opened


@pytest.fixture
def parsed(tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Reads content/; gives the names of the dumps that were parsed for it."""
    (tmp_path / "content").mkdir()
    names: list[str] = []
    read_flat = flat.read

    def noted(file: object, name: str) -> Iterator[Piece]:
        names.append(name)
        return read_flat(file, name)  # type: ignore[arg-type]

    def take() -> list[str]:
        names.clear()
        dumps, _ = find_dumps(tmp_path / "content", tmp_path)
        read(dumps, catalog, Workers(1, SimpleNamespace(catalog=catalog), lambda: None))
        catalog.settle()
        return list(names)

    monkeypatch.setattr(flat, "read", noted)
    return take


def write(tmp_path: Path, name: str, text: str = PASTED) -> Path:
    path = tmp_path / "content" / name
    path.write_text(text, "utf-8")
    return path


def records(catalog: Catalog) -> list[Record]:
    return catalog.load(one.component for one in catalog.components())


def ids(catalog: Catalog) -> list[str]:
    return sorted(record.id for record in records(catalog) if record.kind is Kind.COMMENT)


def put(catalog: Catalog, name: str, pieces: Iterable[Piece]) -> None:
    """One dump, in place of what it said before."""
    catalog.put([(name, name.encode(), "test 1", pieces)])
    catalog.settle()


def story(id: str, **said: object) -> Record:
    return replace(Record(ORIGIN, id, Kind.STORY, title=f"Title {id}"), **said)


def comment(id: str, parent: str | None, **said: object) -> Record:
    return replace(Record(ORIGIN, id, Kind.COMMENT, parent, author="ann"), **said)


def grouped(catalog: Catalog) -> dict[int, set[str]]:
    """Each component with the ids of its records."""
    found = (one.component for one in catalog.components())
    return {one: {record.id for record in catalog.load([one])} for one in found}


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
    assert {record.origin.file for record in records(catalog)} == {"content/b.txt"}


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
        put(catalog, "a", pieces())
    catalog.close()
    with closing(Catalog(tmp_path / "cache")) as again:
        assert not again.known() and not ids(again)


def test_a_long_reading_that_was_cut_short_leaves_what_was_said_before(catalog: Catalog) -> None:
    """What was written on the way goes when the dump is read again or is forgotten."""

    def pieces() -> Iterator[Record]:
        yield from (comment(str(n), "1") for n in range(2, 12_000))
        raise KeyboardInterrupt

    put(catalog, "a", [comment("2", "1")])
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            put(catalog, "a", pieces())
    catalog.forget([])
    catalog.settle()
    assert ids(catalog) == ["2"]
    assert catalog.count() == 1


# What it gives back


def test_a_record_comes_back_as_it_was(catalog: Catalog) -> None:
    record = Record(
        ORIGIN, "2", Kind.COMMENT, "1", "1", "ann", Moment(5, "day", "4 days ago"), body="Ünïcode\n\x00 🙂",
        replies=("3", "4"), ranked=True, captured=99,
    )  # fmt: skip
    put(catalog, "dump", [record])
    assert records(catalog) == [record]


def test_older_dumps_come_first_and_those_without_a_date_before_them(catalog: Catalog) -> None:
    for name, created in (("b", 30), ("a", 20), ("c", None)):
        moment = Moment(created) if created else None
        put(catalog, name, [Record(Origin(name, 1), "1", Kind.STORY, created=moment)])
    put(catalog, "d", [Record(Origin("d", 1), "1", Kind.STORY, created=Moment(99), captured=25)])
    assert [record.origin.file for record in records(catalog)] == ["c", "a", "d", "b"]


def test_old_ids_are_brought_up_to_date(catalog: Catalog) -> None:
    old = provisional_id("story", "A title")
    board = [Record(ORIGIN, old, Kind.STORY, title="A title"), Record(ORIGIN, "2", Kind.COMMENT, old, old)]
    real = Record(Origin("b", 1), "1", Kind.STORY, title="A title")
    put(catalog, "a", board)
    put(catalog, "b", [real])
    found, linked = threads(records(catalog))
    assert {(record.id, record.parent) for record in found["1"]} == {("1", None), ("2", "1")}
    assert linked.moved == {old: "1"}


def test_held_items_are_those_that_a_dump_contains(catalog: Catalog) -> None:
    stub = Record(ORIGIN, "2", Kind.POLLOPT, "1")
    put(catalog, "dump", [story("1"), stub, *(comment(str(n), "1") for n in range(10, 1500))])
    asked = map(str, range(2000))
    assert catalog.held(asked) == {"1", *map(str, range(10, 1500))}


def test_items_of_components_that_are_left_out_are_not_held(catalog: Catalog) -> None:
    put(catalog, "a", [story("1"), comment("2", "1"), story("3")])
    assert catalog.held("123") == {"1", "2", "3"}
    catalog.leave_out([1])
    assert catalog.held("123") == {"3"}
    catalog.leave_out([3])
    assert catalog.held("123") == {"1", "2"}


@given(st.integers(1, 10**17).map(str) | st.text(min_size=1) | st.text("0123456789", min_size=1))
def test_numbers_of_items_tell_them_apart(id: str) -> None:
    number = item_number(id)
    assert -(1 << 63) <= number < 1 << 63
    assert (number >= 0) == (str(number) == id)


# What belongs together


def test_a_component_is_what_names_the_same_items(catalog: Catalog) -> None:
    put(catalog, "a", [story("1"), comment("2", "1"), story("5"), comment("7", "6"), comment("8", None)])
    put(
        catalog, "b", [comment("6", "5", replies=("9",)), comment("10", "9"), comment("11", None, thread="8")]
    )
    assert grouped(catalog) == {1: {"1", "2"}, 5: {"5", "6", "7", "10"}, 8: {"8", "11"}}


def test_components_tell_what_planning_must_know(catalog: Catalog) -> None:
    put(
        catalog,
        "a",
        [story("1", created=Moment(50)), comment("2", "1", created=Moment(60)), comment("4", "3")],
    )
    put(catalog, "b", [comment("2", "1", created=Moment(40))])
    one, other = catalog.components()
    assert (one.weight, one.comments, one.time) == (3, 1, 40)
    assert (other.weight, other.comments, other.time) == (1, 1, None)


def test_a_version_changes_exactly_with_the_records_of_its_component(catalog: Catalog) -> None:
    def versions() -> dict[int, bytes]:
        return {one.component: one.version for one in catalog.components()}

    put(catalog, "a", [story("1"), comment("2", "1")])
    put(catalog, "b", [story("5")])
    before = versions()
    put(catalog, "c", [comment("3", "2")])
    put(catalog, "d", [story("9")])
    assert versions()[1] != before[1]
    assert versions()[5] == before[5]
    catalog.forget(["c", "d"])
    catalog.settle()
    assert versions() == before


def test_a_version_stays_when_records_only_stand_elsewhere(catalog: Catalog) -> None:
    said = [story("1"), comment("2", "1")]
    moved = [replace(record, origin=Origin("dump", 7)) for record in said]
    put(catalog, "a", said)
    (before,) = catalog.components()
    put(catalog, "a", moved)
    (after,) = catalog.components()
    assert after.version == before.version
    assert after.exact != before.exact
    put(catalog, "a", [said[0], replace(said[1], body="edited")])
    (edited,) = catalog.components()
    assert edited.version != before.version


def test_a_link_that_goes_parts_what_it_held_together(catalog: Catalog) -> None:
    put(catalog, "a", [story("1"), comment("4", "3")])
    put(catalog, "b", [comment("3", "1")])
    assert grouped(catalog) == {1: {"1", "3", "4"}}
    put(catalog, "b", [comment("3", "2")])
    assert grouped(catalog) == {1: {"1"}, 2: {"3", "4"}}


item_ids = st.integers(1, 12).map(str)
loose = st.builds(
    Record, st.just(ORIGIN), item_ids, st.just(Kind.COMMENT), st.none() | item_ids, st.none() | item_ids,
    author=st.none() | st.just("ann"), replies=st.lists(item_ids, max_size=2).map(tuple),
)  # fmt: skip
steps = st.lists(st.tuples(st.sampled_from("abcd"), st.lists(loose, max_size=4)), max_size=8)


@given(steps)
@settings(max_examples=60)
def test_settling_step_by_step_gives_the_components_of_all_at_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[Record]]]
) -> None:
    with (
        closing(Catalog(tmp_path_factory.mktemp("steps"))) as one,
        closing(Catalog(tmp_path_factory.mktemp("once"))) as other,
    ):
        last: dict[str, list[Record]] = {}
        for name, said in steps:
            if said:
                last[name] = said
                put(one, name, said)
            else:
                last.pop(name, None)
                one.forget([name])
                one.settle()
        other.put((name, name.encode(), "test 1", said) for name, said in last.items())
        other.settle()
        assert grouped(one) == grouped(other)
        held = {str(n) for n in range(1, 13)}
        assert one.held(held) == other.held(held)
        found, once = ([found._replace(exact=b"") for found in each.components()] for each in (one, other))
        assert found == once
        assert one.count() == other.count()


LONG = "words that are long enough to tell threads apart by"


@pytest.mark.parametrize("title", [None, "Title 1"])
def test_dumps_without_ids_join_what_says_the_same(catalog: Catalog, title: str | None) -> None:
    root = provisional_id("thread", "a")
    flat_story = Record(ORIGIN, root, Kind.STORY, title=title, flat=True)
    pasted = Record(ORIGIN, provisional_id("c"), Kind.COMMENT, None, root, "ann", body=LONG, flat=True)
    put(catalog, "a", [story("1"), comment("2", "1", body=LONG)])
    put(catalog, "b", [story("5"), comment("6", "5", body="other")])
    assert catalog.joins() == {}
    put(catalog, "c", [flat_story, pasted])
    (low,) = {min(item_number(one) for one in (root, pasted.id))}
    assert catalog.joins() == {1: low}
    catalog.forget(["c"])
    catalog.settle()
    assert catalog.joins() == {}


def test_a_board_page_joins_the_thread_of_its_title(catalog: Catalog) -> None:
    root = provisional_id("story", "Title 1")
    put(catalog, "a", [story("1")])
    put(catalog, "b", [story(root, title="Title 1"), comment("7", root)])
    assert list(catalog.joins()) == [1]
    put(catalog, "b", [story(root, title="Another"), comment("7", root)])
    assert catalog.joins() == {}


# Files that are no catalog


def open_and_use(folder: Path) -> None:
    with closing(Catalog(folder)) as opened:
        put(opened, "dump", [story("1")])
        assert [record.id for record in records(opened)] == ["1"]


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to have a header" * 9])
def test_what_is_no_database_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(content)
    open_and_use(tmp_path)


def test_an_older_catalog_is_replaced(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite")) as old:
        old.executescript("CREATE TABLE dump (name); PRAGMA user_version = 99")
    open_and_use(tmp_path)


@pytest.mark.parametrize("kept, filler", [(100, b""), (100, b"\xff"), (4096, b"")])
def test_a_damaged_catalog_is_replaced(tmp_path: Path, kept: int, filler: bytes) -> None:
    open_and_use(tmp_path)
    path = tmp_path / "catalog.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:kept] + filler * (len(whole) - kept))
    open_and_use(tmp_path)


def test_readers_have_names_and_versions_that_tell_them_apart() -> None:
    assert len({f"{reader.NAME} {reader.VERSION}" for reader in readers.READERS}) == len(readers.READERS)
