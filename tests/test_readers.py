"""Readers: every case in tests/readers against the records beside it, and what holds for any bytes at all.

A case is a dump ``<reader>_<what>.<ext>`` with ``<reader>_<what>.py``, whose ``expected`` is everything
that the reader yields for it. `pytest tests/test_readers.py --update-golden` rewrites those lists
(the docstring above them stays); read the diff.
"""

from __future__ import annotations

import io
import json
import math
import re
import runpy
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import ModuleType
from typing import Any, BinaryIO, cast

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import fields

from hnsite import readers, sources
from hnsite.errors import UnreadableError
from hnsite.model import (
    Change,
    Dialect,
    Evidence,
    Kind,
    Moment,
    Origin,
    Piece,
    Problem,
    Record,
    Settled,
    State,
)
from hnsite.readers import (
    algolia,
    algolia_hits,
    board,
    csv_table,
    discord,
    discourse,
    export,
    flat,
    forum_dl,
    hn_api,
    hn_page,
    hnpwa,
    input,
    json_values,
    lobsters,
    mail,
    mbox,
    parquet_table,
    reddit,
    slack,
    sqlite_table,
    user_comments,
    zulip,
)
from hnsite.readers.input import HEAD_SIZE, LAST_SECOND, Head

CASES = Path(__file__).parent / "readers"
DUMPS = sorted(path for path in CASES.iterdir() if path.is_file() and path.suffix != ".py")
BY_PREFIX: dict[str, readers.Reader] = {
    "board": board,
    "flat": flat,
    "api": hn_api,
    "algolia": algolia,
    "page": hn_page,
    "csv": csv_table,
    "hits": algolia_hits,
    "hnpwa": hnpwa,
    "parquet": parquet_table,
    "sqlite": sqlite_table,
    "user": user_comments,
    "mail": mail,
    "mbox": mbox,
    "discord": discord,
    "discourse": discourse,
    "export": export,
    "slack": slack,
    "zulip": zulip,
    "lobsters": lobsters,
    "reddit": reddit,
    "forumdl": forum_dl,
}
WIDTH = 110


each_reader = pytest.mark.parametrize("reader", readers.READERS, ids=lambda reader: reader.NAME)
each_dump = pytest.mark.parametrize("path", DUMPS, ids=lambda path: path.stem)


# ---- the cases


def reader_of(path: Path) -> readers.Reader:
    return BY_PREFIX[path.stem.split("_")[0]]


def read(reader: readers.Reader, raw: bytes | str, name: str = "dump") -> list[Piece]:
    """All that a reader yields for these bytes."""
    raw = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
    if getattr(reader, "WHOLE", False):
        with NamedTemporaryFile() as file:
            file.write(raw)
            file.seek(0)
            return list(reader.read(cast(BinaryIO, file), name))
    return list(reader.read(io.BytesIO(raw), name))


def records(pieces: Iterable[Piece]) -> list[Record]:
    return [piece for piece in pieces if isinstance(piece, Record)]


def problems(pieces: Iterable[Piece]) -> list[Problem]:
    return [piece for piece in pieces if isinstance(piece, Problem)]


@each_dump
def test_case(path: Path, update_golden: bool) -> None:
    """The dump is picked by its content, and says what the file beside it lists."""
    dump = sources.Dump(str(path), path.name, path.stat().st_size)
    assert sources.pick(dump) is reader_of(path)
    found = list(sources.read(dump, reader_of(path)))
    beside = path.with_suffix(".py")
    if update_golden:
        beside.write_text(written(beside, path.name, found), "utf-8", newline="\n")
    assert found == runpy.run_path(str(beside))["expected"]


def test_every_expected_file_has_its_dump() -> None:
    assert {path.stem for path in CASES.glob("*.py")} == {path.stem for path in DUMPS}


def written(beside: Path, name: str, found: Sequence[Piece]) -> str:
    """The source of an expected file, as `ruff format` would have it."""
    old = beside.read_text("utf-8") if beside.exists() else ""
    docstring = re.match(r'"""(?:.|\n)*?"""', old)
    lines = [f"    {line},\n" for piece in found for line in [source(piece, 4)]]
    body = "expected = [\n" + "".join(lines) + "]\n" if lines else "expected: list[object] = []\n"
    names = sorted({name for name in NOUNS if re.search(rf"\b{name}[(.]", STRING.sub("", body))})
    head = docstring[0] if docstring else f'"""What {name} says."""'
    needed = f"from hnsite.model import {', '.join(names)}\n\n" if names else ""
    return f"{head}\n\n{needed}{body}"


NOUNS = "Change Dialect Evidence Kind Moment Note Origin Problem Record Settled State".split()  # noqa: SIM905
STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")


def source(value: object, indent: int, room: int = 1) -> str:
    """Python for a value, on one line if it fits; ``room`` is what must fit behind it."""
    short = one_line(value)
    if indent + len(short) + room <= WIDTH:
        return short
    inner, pad = " " * (indent + 4), " " * indent
    if isinstance(value, str):
        parts = re.findall(r"[^\n]{0,80}\n|[^\n]{1,80}", value)
        return "(\n" + "".join(f"{inner}{quoted(part)}\n" for part in parts) + pad + ")"
    if isinstance(value, tuple):
        return "(\n" + "".join(f"{inner}{source(one, indent + 4)},\n" for one in value) + pad + ")"
    parts = [
        f"{inner}{label}{source(one, indent + 4 + shift, room)},\n"
        for label, one in arguments(value)
        for shift in [len(label) if not isinstance(one, str) or len(one_line(one)) < 70 else 0]
    ]
    return f"{type(value).__name__}(\n{''.join(parts)}{pad})"


def one_line(value: object) -> str:
    if isinstance(value, Kind | State | Dialect | Evidence):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(one_line, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, Piece | Origin | Moment | Settled | Change):
        inside = ", ".join(label + one_line(one) for label, one in arguments(value))
        return f"{type(value).__name__}({inside})"
    return repr(value)


def arguments(value: object) -> Iterator[tuple[str, object]]:
    """(label, value) of each argument that differs from its default; short nouns need no labels."""
    for field in fields(value):  # type: ignore[arg-type]
        one = getattr(value, field.name)
        if one != field.default:
            yield ("" if isinstance(value, Origin) else f"{field.name}="), one


def quoted(text: str) -> str:
    """A literal in double quotes, or in single ones where that saves escapes."""
    inner = repr(text + "'\"")[1:-4].replace("\\'", "'")
    return f"'{inner.replace(chr(39), chr(92) + chr(39))}'" if _singly(text) else f'"{_escaped(inner)}"'


def _singly(text: str) -> bool:
    return text.count('"') > text.count("'")


def _escaped(inner: str) -> str:
    return inner.replace('"', '\\"')


# ---- which reader


@each_dump
def test_exactly_one_reader_claims_each_case(path: Path) -> None:
    """The refusals of all others say why in a few words."""
    head = Head(path.read_bytes()[:HEAD_SIZE])
    said = {reader.NAME: reader.why_not(head) for reader in readers.READERS}
    assert [name for name, refusal in said.items() if refusal is None] == [reader_of(path).NAME]
    assert all(refusal and "\n" not in refusal and len(refusal) < 100 for refusal in said.values() if refusal)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" \r\n\t\n",
        b"\x00\x00\x00",
        b"Dear diary,\nnothing.\n",
        b"{}",
        b"[1]",
        b"5",
        b'{"name": "a package", "version": 1}',
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"<html><p>hi</html>",
    ],
)
def test_unknown_formats_are_refused_with_a_reason(raw: bytes) -> None:
    with pytest.raises(UnreadableError) as error:
        readers.pick(Head(raw))
    assert "\n" not in str(error.value)
    assert "no reader" in str(error.value) or "the file" in str(error.value)


def test_two_claims_are_an_error_that_names_both() -> None:
    with pytest.raises(UnreadableError, match="flat, flat"):
        readers.pick(Head(b"ann\n1 day ago\nhello\n"), (flat, flat))


@pytest.mark.parametrize(
    "other",
    [
        {"name": "a-package", "version": "1.0.0", "dependencies": {"b": "^2"}},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": 1}}]},
        [{"sku": "a", "price": 1.5}, {"sku": "b", "price": 2}],
        {"openapi": "3.0.0", "info": {"title": "x"}, "paths": {}},
        {"short_id": "abc", "comments": [], "id": 5, "title": "x"},
        {"generator": "forum-dl", "extractor": "phpbb"},
        {"kind": "books#volume", "data": {"id": 5}},
    ],
    ids=["npm", "geojson", "rows", "openapi", "short-id", "forum-dl", "books"],
)
def test_other_sites_json_is_nobodys(other: object) -> None:
    with pytest.raises(UnreadableError):
        readers.pick(Head(json.dumps(other).encode()))


def test_a_character_cut_in_two_at_the_end_of_the_head_hides_no_format() -> None:
    """The head is the first 64 KB, whatever is cut there."""
    page = "ann ◴[] No.5[source]\n" + "’" * HEAD_SIZE
    for size in range(HEAD_SIZE - 3, HEAD_SIZE + 1):
        assert readers.pick(Head(page.encode()[:size])) is board


def test_one_odd_byte_hides_no_format() -> None:
    """A page that is UTF-8 but for one line is still a page."""
    assert readers.pick(Head("ann ◴[] No.5[source]\n".encode() + b"caf\xe9\n")) is board


def test_a_dump_of_items_may_begin_with_null() -> None:
    """The API answers null for an item that it does not have."""
    assert readers.pick(Head(b"null\n")) is hn_api
    assert readers.pick(Head(b'null\n{"id": 1, "type": "comment", "by": "ann"}\n')) is hn_api


def test_a_pasted_page_may_begin_with_its_fold_mark() -> None:
    """`[-] name 4 days ago` is no JSON, though it begins with a bracket."""
    for mark in ("[–]", "[-]", "[+]", "▲"):
        assert readers.pick(Head(f"{mark} ann 4 days ago | next\nhello\n".encode())) is flat


# ---- whatever the bytes


def check(pieces: Sequence[Piece]) -> None:
    """What every reader promises of every piece, however bad the dump."""
    for piece in pieces:
        assert isinstance(piece, Piece)
        assert piece.origin.position >= 1
        assert piece.origin.file == "dump"
        assert (
            msgspec.json.decode(msgspec.json.encode(piece), type=type(piece)) == piece
        )  # types that are true
        if isinstance(piece, Problem):
            check_problem(piece)
        elif isinstance(piece, Record):
            check_record(piece)


def check_problem(problem: Problem) -> None:
    """A message is one short line that any terminal can show."""
    assert problem.reason
    assert len(problem.reason) < 400
    assert not re.search(r"[\x00-\x1f\x7f\x80-\x9f\ud800-\udfff]", problem.reason)


ID = r"[1-9][0-9]{0,14}|[a-z][a-z0-9]{0,19}-\S+"
"""A number of Hacker News, or what another source calls it."""


def check_record(record: Record) -> None:
    """Ids, texts and numbers that the rest of the program can store and show."""
    texts = (record.id, record.parent, record.thread, record.author, record.title, record.url, record.domain)
    for text in (*texts, record.body, *record.replies):
        assert text is None or (text and not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", text))
    assert re.fullmatch(rf"{ID}|x[0-9a-f]{{12}}", record.id, re.ASCII)
    assert all(re.fullmatch(ID, reply, re.ASCII) for reply in record.replies)
    assert len(set(record.replies)) == len(record.replies)
    assert record.score is None or abs(record.score) < 2**63
    assert record.captured is None or 0 <= record.captured <= LAST_SECOND
    epoch = record.created.epoch if record.created else None
    assert epoch is None or 0 <= epoch <= LAST_SECOND


ODD = [b"", b"\n", b"\xff\xfe", b"[", b"{", b'"', b"\\", b"\x00", b"null\n{", b"]", b'{"id":1}}', b"[{]}"]


@each_reader
def test_odd_bytes(reader: readers.Reader) -> None:
    """Read whether it was picked or not: what a reader claims may not be there."""
    for raw in ODD:
        check(read(reader, raw))


@settings(max_examples=60)
@given(raw=st.binary(max_size=300))
@pytest.mark.parametrize("reader", readers.READERS, ids=lambda reader: reader.NAME)
def test_arbitrary_bytes(reader: readers.Reader, raw: bytes) -> None:
    check(read(reader, raw))


TOKENS = (
    "\n", "\n\n", "\r\n", " ", "\xa0", "ann", "bob-2", "4 days ago", "an hour ago", "on Nov 1, 2016", "[–]",
    "▲", "reply", " | parent | next [–]", "Captured: 2024-01-01", "> a quote", "  code", "“text”", "\u2028",
    " ◴[", "] No.", "5", "999999999999999", "[source]", "{3}", " [dead post]", "1. ", "replies(2): ",
    ">>6 #", "←back to thread\n", "²", "12 points bob | 3 comments | | source", "(a.example)",
    "Show context", "\x00", "\x85", "on Feb 31, 2020", "٣", "on Jan 1, 0001", "9" * 30,
)  # fmt: skip


@settings(max_examples=150)
@given(text=st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
@pytest.mark.parametrize("reader", [board, flat], ids=lambda reader: reader.NAME)
def test_arbitrary_lines(reader: readers.Reader, text: str) -> None:
    """Pieces of pages in any order: whatever is claimed is read."""
    if reader.why_not(Head(text.encode())) is None:
        check(read(reader, text))


@st.composite
def damaged(draw: st.DrawFn) -> tuple[readers.Reader, bytes]:
    """A good dump cut short, with bits turned over, or with its lines in another order."""
    path = draw(st.sampled_from(DUMPS))
    raw = bytearray(path.read_bytes())
    for _ in range(draw(st.integers(0, 6))):
        raw[draw(st.integers(0, len(raw) - 1))] ^= 1 << draw(st.integers(0, 7))
    if draw(st.booleans()):
        lines = raw.split(b"\n")
        order = draw(st.permutations(range(len(lines))))
        raw = bytearray(b"\n".join(lines[index] for index in order))
    if draw(st.booleans()):
        del raw[draw(st.integers(0, len(raw))) :]
    return reader_of(path), bytes(raw)


@settings(max_examples=200, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow])
@given(damaged())
def test_damaged_dumps(dump: tuple[readers.Reader, bytes]) -> None:
    check(read(*dump))


@pytest.mark.slow
@settings(max_examples=3000, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow])
@given(damaged())
def test_many_damaged_dumps(dump: tuple[readers.Reader, bytes]) -> None:
    check(read(*dump))


WRONG: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, math.nan, math.inf, 2**70, "", "\ud800", "\x1b\n", "٣", "9" * 20, "0001-01-01",
    "9999-12-31T23:59:59-23:00", "//x", [], [[]], [None], [5], {}, {"id": 5}, {"a": [{}]},
)  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a value of JSON."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        found += [(one, key) for key in keys]
        waiting += [one[key] for key in keys]
    return found


@pytest.mark.parametrize(
    "path", [path for path in DUMPS if "json" in path.suffix], ids=lambda path: path.stem
)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_value_in_any_place(path: Path, data: st.DataObject) -> None:
    """Good JSON with values that nobody expects where they stand."""
    pieces = json_values.json_values(io.BytesIO(path.read_bytes()), "")
    values = [piece[1] for piece in pieces if isinstance(piece, tuple)] or [{}]
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(values)))
        container[key] = data.draw(st.sampled_from(WRONG))
    check(read(reader_of(path), "\n".join(json.dumps(value) for value in values)))


NAMES = (
    "id", "type", "by", "time", "text", "dead", "deleted", "parent", "kids", "url", "title", "score",
    "poll", "parts", "children", "options", "author", "created_at", "created_at_i", "points", "parent_id",
    "story_id", "body", "post", "items", "comments", "retrieved_at_ts", "karma", "submitted", "descendants",
)  # fmt: skip
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.integers(1, 99).map(str)
    | st.integers(1, 99)
    | st.sampled_from([*Kind, "[dead]", 1e999, -1e999, 2**70, "\ud800", "\x1b[2J\n"])
)
values = st.recursive(
    leaves,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(NAMES), below, max_size=6),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from(NAMES), values, max_size=6)


@settings(max_examples=80)
@example([{"id": 1, "type": "story", "score": 1e30}])
@example([{"id": 1, "retrieved_at_ts": math.nan, "body": {"id": 1}}])
@example([{"id": 1, "retrieved_at_ts": math.inf, "body": {"id": 1}}])
@example([{"id": 1, "retrieved_at_ts": 1e18, "body": {"id": 1}}])
@example([{"id": 1, "body": {"id": 1}, "retrieved_at_ts": -5}])
@given(st.lists(objects, max_size=3))
@pytest.mark.parametrize("reader", [hn_api, algolia], ids=lambda reader: reader.NAME)
def test_any_type_in_any_field(reader: readers.Reader, items: list[Any]) -> None:
    check(read(reader, json.dumps(items)))


plain = st.fixed_dictionaries(
    {"id": st.integers(1, 99), "type": st.sampled_from(Kind), "created_at_i": st.integers(0, LAST_SECOND)},
    optional={
        **{name: st.integers(1, 99) for name in ("parent", "poll", "parent_id", "story_id")},
        **{name: st.none() | st.integers(-9, 10**15 - 1) for name in ("score", "points")},
        **{name: st.lists(st.integers(1, 99), max_size=4) for name in ("kids", "parts")},
        **{name: st.none() | st.text(max_size=8) for name in ("by", "text", "title", "url", "author")},
        **{name: st.booleans() for name in ("dead", "deleted")},
        "time": st.integers(0, LAST_SECOND),
    },
)


@settings(max_examples=80)
@given(plain, objects, st.lists(plain, max_size=3))
@pytest.mark.parametrize("reader", [hn_api, algolia], ids=lambda reader: reader.NAME)
def test_reading_field_by_field_says_the_same(
    reader: Any, good: dict[str, Any], odd: dict[str, Any], children: list[Any]
) -> None:
    """What is converted in one stroke, and the same where that is taken to fail."""
    raw = json.dumps([{**good, "children": children}, {**good, **odd}])
    pieces = read(reader, raw)

    def refuse(*_: object) -> None:
        raise ValueError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "convert", refuse)
        assert read(reader, raw) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "A title\n\n{n} points ann | 2 comments | | source\n1. ann ◴[] No.5[source]\nhello\n",
        "1. ann ◴[] No.5[source]\nhello\nreplies({n}): >>6 #\n",
        "{n}. ann ◴[] No.5[source]\nhello\n",
        "A title\n{n} points by ann\nann\n4 days ago\nhello\n",
    ],
    ids=["board points", "board replies", "board number", "flat points"],
)
@pytest.mark.parametrize("digits", [25, 5000])
def test_endless_numbers(text: str, digits: int) -> None:
    """Python refuses to read numbers of over 4,300 digits, SQLite to store those of over 19."""
    raw = text.replace("{n}", "9" * digits)
    check(read(readers.pick(Head(raw.encode())), raw))


@pytest.mark.parametrize("value", ["x" * 100_000, "\ud800", "\x1b[31mred\n", {"a": 1}, [1], 10**30])
@pytest.mark.parametrize("reader", [hn_api, algolia], ids=lambda reader: reader.NAME)
def test_messages_quote_no_hostile_id(reader: readers.Reader, value: object) -> None:
    """What a message names is short and can be printed, also when the id itself is what is wrong."""
    item = {"id": value, "type": "story", "points": "x", "score": "x", "children": [], "created_at_i": 1}
    pieces = read(reader, json.dumps([item]))
    assert problems(pieces)
    check(pieces)


def test_nobreak_spaces_in_a_paste() -> None:
    """What browsers copy as no-break spaces; whoever claims a dump can read it."""
    raw = "ann\n4\xa0days\xa0ago\nhello\n\nbob\xa020\xa0hours\xa0ago | parent\nbye\n".encode()
    assert readers.pick(Head(raw)) is flat
    assert [record.author for record in records(read(flat, raw))[1:]] == ["ann", "bob"]


# ---- JSON values


def values_of(raw: bytes) -> list[Any]:
    """The values of a dump and, as None, its problems."""
    pieces = json_values.json_values(io.BytesIO(raw), "dump")
    return [None if isinstance(piece, Problem) else piece[1] for piece in pieces]


def ndjson(texts: Sequence[str]) -> str:
    return "".join(text + "\n" for text in texts)


def array(texts: Sequence[str]) -> str:
    return "[" + ",".join(texts) + "]"


def pretty(texts: Sequence[str]) -> str:
    """As json.dumps(indent=2) lays an array out."""
    parts = (json.dumps(json.loads(text), indent=2) for text in texts)
    return "[\n  " + ",\n  ".join(part.replace("\n", "\n  ") for part in parts) + "\n]\n"


def lines_of_array(texts: Sequence[str]) -> str:
    return "[\n" + ",\n".join(texts) + "\n]\n"


def in_a_row(texts: Sequence[str]) -> str:
    return " ".join(texts)


def pretty_row(texts: Sequence[str]) -> str:
    return "\n".join(json.dumps(json.loads(text), indent=1) for text in texts)


LAYOUTS = [ndjson, array, lines_of_array, in_a_row, pretty, pretty_row]
each_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
finite = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=10)
awkward = st.sampled_from(
    ['"', "\\", '\\"', "}{", "][", ",\n{", "\\\\", "/*", "\x7f", "\u2028", "é", "\ud800"]
)
trees = st.recursive(
    finite | st.lists(awkward, max_size=4).map("".join),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=4), below, max_size=4),
    max_leaves=8,
)
items = st.lists(st.dictionaries(st.text(max_size=4) | awkward, trees, max_size=3), max_size=5)
chunks = st.sampled_from([1, 2, 3, 5, 7, 16, 64, 1 << 20])


def with_chunks(size: int, raw: bytes) -> list[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "_CHUNK", size)
        return values_of(raw)


@each_layout
@settings(max_examples=50)
@given(items=items, size=chunks, ascii=st.booleans())
def test_all_values_come_back(layout: Any, items: list[Any], size: int, ascii: bool) -> None:
    """Every object of any layout, whatever the size of the pieces it is read in."""
    raw = layout([json.dumps(one, ensure_ascii=ascii) for one in items])
    try:
        data = raw.encode()
    except UnicodeEncodeError:  # a lone surrogate can only be written as an escape
        data = layout([json.dumps(one) for one in items]).encode()
    assert with_chunks(size, data) == items


@pytest.mark.parametrize("behind", ["", " ", "\n"])
def test_a_row_too_long_to_look_ahead_in(behind: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "_LONGEST_ROW", 8)
        assert values_of(f'{{"a": "long"}}{behind}'.encode()) == [{"a": "long"}]


BROKEN = [
    '{"a": 1.}',
    '{"id": }',
    '{"a" 1}',
    "{'a': 1}",
    '{"a": 1,}',
    '{"a": [1 2]}',
    '{"a": tru}',
    '{"a": "\t"}',
    '{"a": 1.}',
]
UNENDED = [
    '{"a": [',
    '{"a": [1,',
    '{"a": 1',
    '{"a": "x',
    '{"a": [1, 2',
    '{"a": {"b": 1}',
    '{"a":',
    "{",
    '{"a": "x\\',
]


@each_layout
@settings(max_examples=50)
@given(items=items, broken=st.sampled_from(BROKEN), where=st.integers(0, 9), size=chunks)
def test_a_broken_value_costs_only_itself(
    layout: Any, items: list[Any], broken: str, where: int, size: int
) -> None:
    """The others come back in order, with one problem where the broken one stood."""
    where = min(where, len(items))
    texts = [json.dumps(one) for one in items]
    if layout in (pretty, pretty_row):  # the broken one must survive the layout
        raw = layout([*texts[:where], '{"broken":0}', *texts[where:]])
        raw = re.sub(r'\{\s*"broken": 0\s*\}', lambda _: broken, raw)
    else:
        raw = layout([*texts[:where], broken, *texts[where:]])
    assert with_chunks(size, raw.encode()) == [*items[:where], None, *items[where:]]


@settings(max_examples=80)
@given(items=items, broken=st.sampled_from(UNENDED), where=st.integers(0, 9), size=chunks)
def test_a_line_without_its_end_costs_only_itself(
    items: list[Any], broken: str, where: int, size: int
) -> None:
    """One value a line: whatever is wrong with a line, also with the first, the next one is read."""
    where = min(where, len(items))
    texts = [json.dumps(one) for one in items]
    raw = ndjson([*texts[:where], broken, *texts[where:]])
    assert with_chunks(size, raw.encode()) == [*items[:where], None, *items[where:]]


@settings(max_examples=60)
@given(items=items.filter(bool), size=chunks, cut=st.integers(1, 40))
def test_a_cut_array_keeps_what_stands_before_the_cut(items: list[Any], size: int, cut: int) -> None:
    raw = array([json.dumps(one) for one in items])
    whole = with_chunks(size, raw.encode())
    part = with_chunks(size, raw[: -min(cut, len(raw) - 1)].encode())
    assert None in part
    good = [one for one in part if one is not None]
    assert good == whole[: len(good)]


@pytest.mark.parametrize(
    "raw, expected",
    [
        ('["ab", "c\\"d", 1, true, null, {"a": 1}]', ["ab", 'c"d', 1, True, None, {"a": 1}]),
        ('{"a": 1}\n{\n  "b": 2\n}\n{"c": 3}\n', [{"a": 1}, {"b": 2}, {"c": 3}]),
        ('[{"a": 1}]\n[{"b": 2}]\n', [{"a": 1}, {"b": 2}]),
        (' \n\n [ {"a": 1} , {"b": 2} ] \n', [{"a": 1}, {"b": 2}]),
        ('{"a": 1},\n{"b": 2},\n', [{"a": 1}, {"b": 2}]),
        ('[{"a": "x\ny"},\n{"b": 2}]', [None, {"b": 2}]),
        ('[{"a": "x},\n{"b": 2},\n{"c": 3}]', [None, {"b": 2}, {"c": 3}]),
        ("[]", []),
        ("[[], [1]]", [[], [1]]),
        ('{"a": 1}\nnull\n5\n"x"\n[]\n{"b": 2}', [{"a": 1}, None, 5, "x", [], {"b": 2}]),
    ],
    ids=[
        "scalars",
        "mixed rows",
        "two arrays",
        "blanks",
        "commas",
        "line in text",
        "no quote",
        "empty",
        "lists",
        "rows of anything",
    ],
)
def test_layouts_as_they_come(raw: str, expected: list[Any]) -> None:
    """What people paste together; None is a problem or null. The size of the pieces makes no difference."""
    sizes = (1, 2, 3, 4, 5, 8, 13, 1 << 20)
    assert {size: with_chunks(size, raw.encode()) for size in sizes} == dict.fromkeys(sizes, expected)


def test_values_tell_their_lines() -> None:
    raw = b'[\n\n{"a": 1},\n {\n "b":\n2}, {"c": 3},\n\nnull\n]\n'
    pieces = json_values.json_values(io.BytesIO(raw), "dump")
    assert [piece[0].position for piece in pieces if not isinstance(piece, Problem)] == [3, 4, 6, 8]


def test_problems_tell_their_lines() -> None:
    """The file's own lines, and no others: a parser that counts from where a value begins misleads."""
    raw = b'{"a": 1}\n{"b": 2\n{"c": 3}\n\nwhat\n'
    pieces = json_values.json_values(io.BytesIO(raw), "dump")
    found = [piece for piece in pieces if isinstance(piece, Problem)]
    assert [problem.origin.position for problem in found] == [2, 5]
    assert not [problem.reason for problem in found if "line 1" in problem.reason]


# ---- nothing vanishes


@settings(max_examples=80)
@given(items=st.lists(objects, max_size=4))
def test_every_api_item_is_a_record_or_a_problem(items: list[Any]) -> None:
    """Items in = records + skipped problems; what is nested and a poll's options are left out here."""
    nested = dict.fromkeys(("parts", "kids", "comments", "children", "replies"))
    plain = [{**one, **nested, "type": "comment"} for one in items]
    pieces = read(hn_api, ndjson([json.dumps(one) for one in plain]))
    assert len(records(pieces)) + sum(problem.skipped for problem in problems(pieces)) == len(plain)


def nodes(item: Any) -> int:
    """How many items a nested one holds, itself and a poll's options counted."""
    if not isinstance(item, dict):
        return 1
    below = [item.get("children"), item.get("options")]
    return 1 + sum(nodes(one) for part in below if isinstance(part, list) for one in part)


nested = st.recursive(
    st.fixed_dictionaries({"id": st.integers(-1, 99)}, optional={"author": leaves}) | leaves,
    lambda below: st.fixed_dictionaries(
        {"id": st.integers(1, 999) | leaves, "children": st.lists(below, max_size=4) | leaves},
        optional={"text": leaves},
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(nested)
def test_every_nested_item_is_a_record_or_a_problem(item: Any) -> None:
    pieces = read(algolia, json.dumps([item]))
    assert len(records(pieces)) + sum(problem.skipped for problem in problems(pieces)) == nodes(item)


def test_options_of_any_kind_are_counted() -> None:
    """An option that is no object cannot be used, and is not passed over in silence."""
    poll = {"id": 1, "type": "poll", "created_at_i": 1, "children": [], "options": [{"id": 2}, None, "x", 5]}
    pieces = read(algolia, json.dumps(poll))
    assert len(records(pieces)) + sum(problem.skipped for problem in problems(pieces)) == 5


def test_children_with_odd_ids_are_named_as_they_are_read() -> None:
    """A child whose id is a float or a text has the same id as a child and in its parent's replies."""
    children = [{"id": 2.0, "text": "a"}, {"id": "3", "text": "b"}, {"id": 4, "text": "c"}]
    pieces = records(read(algolia, json.dumps({"id": 1, "created_at_i": 1, "children": children})))
    assert [record.id for record in pieces[1:]] == ["2", "3", "4"]
    assert pieces[0].replies == ("2", "3", "4")


# ---- deep and large


DEEP = 100_000


@pytest.mark.parametrize(
    "raw",
    [
        "[" * DEEP,
        "[" * DEEP + "]" * DEEP,
        '{"id":1,"type":"comment","text":' + "[" * DEEP + "]" * DEEP + "}",
        '{"id":1,"type":"comment","kids":' + "[" * DEEP + "]" * DEEP + "}",
        '{"id":' + "[" * DEEP + "]" * DEEP + ',"type":"comment"}',
        '{"id":1,"type":"comment","x":' + '{"a":' * DEEP + "1" + "}" * DEEP + "}",
        '{"items":' * DEEP + "1" + "}" * DEEP,
        '{"id":1,"created_at_i":1,"children":' + "[" * DEEP + "]" * DEEP + "}",
        '{"id":1,"created_at_i":1,"children":[{"id":' + "[" * DEEP + "]" * DEEP + "}]}",
        '{"id":1,"created_at_i":1,"options":[{"id":' + "[" * DEEP + "]" * DEEP + "}]}",
    ],
    ids=[
        "open",
        "closed",
        "text",
        "kids",
        "id",
        "objects",
        "containers",
        "children",
        "child id",
        "option id",
    ],
)
@pytest.mark.parametrize("reader", [hn_api, algolia], ids=lambda reader: reader.NAME)
def test_a_hundred_thousand_brackets(reader: readers.Reader, raw: str) -> None:
    pieces = read(reader, raw + '\n{"id": 7, "type": "comment"}\n' if raw.startswith("{") else raw)
    assert pieces
    check(pieces)


def test_three_thousand_levels() -> None:
    """A chain of replies as deep as no real thread: every one of them, in order, under its parent."""
    depth = 3000
    text = "".join(f'{{"id":{id},"created_at_i":{id},"author":"a","children":[' for id in range(1, depth + 1))
    pieces = read(algolia, text + "]}" * depth)
    assert not problems(pieces)
    assert [(record.id, record.parent) for record in records(pieces)] == [
        (str(id), str(id - 1) if id > 1 else None) for id in range(1, depth + 1)
    ]


def test_a_text_of_a_megabyte() -> None:
    """Longer than a piece that is read at once, with quotes in it."""
    text = 'x\\"' * 350_000
    for left, right in (("", ""), ("[", "]")):
        raw = f'{left}{{"id":1,"type":"comment","text":"{text}"}}{right}'
        (record,) = records(read(hn_api, raw))
        assert record.body == 'x"' * 350_000


def test_many_small_values_take_no_quadratic_time() -> None:
    """A megabyte of numbers behind one item; each is a problem. Quadratic, it would take minutes."""
    raw = '[{"id":1,"by":"x"},' + "1," * 30_000 + "1]"
    assert len(read(hn_api, raw)) == 30_002


# ---- dates


@pytest.mark.parametrize(
    "line, expected",
    [
        ("4 days ago", Moment(None, "day", "4 days ago")),
        ("an hour ago", Moment(None, "hour", "an hour ago")),
        ("1 minute ago", Moment(None, "minute", "1 minute ago")),
        ("on Nov 1, 2016", Moment(1477958400, "day")),
        ("on Feb 31, 2020", Moment(None, "year", "on Feb 31, 2020")),
    ],
)
def test_ages_of_a_paste(line: str, expected: Moment) -> None:
    """An age stays an age where no capture date is stated; a date that does not exist stays words."""
    assert records(read(flat, f"ann\n{line}\nhello\n"))[1].created == expected


@pytest.mark.parametrize(
    "captured, age, epoch",
    [
        ("2024-01-02T00:00Z", "1 day ago", 1704067200),
        ("2024-01-02", "2 hours ago", 1704146400),
        ("2024-01-02T01:00+01:00", "a second ago", 1704153599),
        ("1970-01-01", "9 years ago", 0),
    ],
)
def test_ages_count_back_from_the_stated_capture(captured: str, age: str, epoch: int) -> None:
    created = records(read(flat, f"Captured: {captured}\n\nann\n{age}\nhello\n"))[1].created
    assert created == Moment(epoch, age.split()[1].rstrip("s"), age)


def test_same_words_twice_are_two_comments() -> None:
    """In one dump; in two dumps they are the same two."""
    text = "ann\n1 day ago\nSame here.\nbob\n1 day ago\nSame here.\nann\n1 day ago\nSame  here.\n"
    ids = [record.id for record in records(read(flat, text))[1:]]
    assert len(set(ids)) == 3
    assert ids == [record.id for record in records(read(flat, text, "other"))[1:]]


def test_origins_are_where_things_stand() -> None:
    pieces = records(read(flat, "\n\nA title\n\nann\n1 day ago\nhello\n\nbob 1 day ago\nbye\n"))
    assert [record.origin for record in pieces] == [Origin("dump", 3), Origin("dump", 5), Origin("dump", 9)]


def test_readers_are_modules_with_four_names() -> None:
    for reader in readers.READERS:
        assert isinstance(reader, ModuleType)
        assert reader.NAME
        assert reader.VERSION >= 1
    assert len({reader.NAME for reader in readers.READERS}) == len(readers.READERS)


@pytest.mark.parametrize("unit", ["\n", " ", "\t", " \n", "\r\n", "\xa0", "ann\n", "ann 3 days ago "])
def test_no_beginning_takes_long_to_recognize(unit: str) -> None:
    head = Head((unit * input.HEAD_SIZE).encode()[: input.HEAD_SIZE])
    started = time.process_time()
    for reader in readers.READERS:
        reader.why_not(head)
    assert time.process_time() - started < 2


def test_a_title_of_nothing_but_dots_takes_linear_time() -> None:
    started = time.process_time()
    found = list(flat.read(io.BytesIO(b"Title (" + b"a." * 100_000 + b"\nann\n3 days ago\nhi\n"), "a.txt"))
    assert time.process_time() - started < 2
    assert len(found) == 2


@pytest.mark.parametrize("raw", [b'"abc"', b'"a\\"b"', b'{"a": 1}', b'"', b'"\\', b""])
def test_what_is_short_is_not_abridged(raw: bytes) -> None:
    assert input.abridged(raw) == raw


def test_long_texts_hide_no_keys() -> None:
    long = json.dumps('"\\"id": ' * 20_000)
    assert input.abridged(f'{{"text": {long}, "id": 3}}'.encode()) == b'{"text": "", "id": 3}'
    assert input.abridged(f'{{"text": {long[:-1]}'.encode()) == b'{"text": ""'


MENTIONS = {
    "discord": (
        {
            "guild": {},
            "channel": {"id": "9"},
            "messages": [
                {"id": "9", "content": "<@1>" * 30_000, "mentions": [{"id": "1", "name": "n" * 60_000}]}
            ],
        },
        (),
    ),
    "slack": (
        [{"text": "<@U1>" * 30_000, "user": "U1", "ts": "1600000000.000100"}],
        ({"../users.json": json.dumps([{"id": "U1", "name": "n" * 60_000}]).encode()},),
    ),
}


@pytest.mark.parametrize("name", MENTIONS)
def test_a_long_name_that_is_mentioned_often_fills_no_memory(name: str) -> None:
    reader = next(one for one in readers.READERS if name == one.NAME)
    read: Any = reader.read
    dump, beside = MENTIONS[name]
    bodies = [one.body for one in read(io.BytesIO(json.dumps(dump).encode()), "x/2020-09-13.json", *beside)]
    assert any("nn… [cut]" in (body or "").replace("\\", "") for body in bodies if body)
    assert max(len(body) for body in bodies if body) < 6_000_000
