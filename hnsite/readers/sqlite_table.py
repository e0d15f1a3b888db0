"""Tables of Hacker News items in a SQLite file, whatever they are called: hacker-news-to-sqlite's and others.

The file is opened read-only and as one that nobody changes, so that nothing is written, not even a lock.
Only plain tables are looked at: a view or a virtual table can do anything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import quote

from hnsite.model import Origin, Piece, Problem, Record
from hnsite.readers import export
from hnsite.readers.hn_api import is_item, read_item
from hnsite.readers.input import Head, decode
from hnsite.readers.json_values import json_value
from hnsite.readers.table import Table, lacking

NAME = "sqlite-table"
VERSION = 1
WHOLE = True

_MAGIC = b"SQLite format 3\x00"
_LOGS = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
_LONGEST = 1 << 26  # bytes of one row
_SMALLEST = 4  # bytes that a row takes in the file at least
_SAMPLE = 20
_DAMAGES = (sqlite3.Error, UnicodeError, OverflowError, MemoryError)
"""What sqlite3 raises for a damaged file; messages and names of such a file may be no UTF-8 even."""
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA}


class _Source(NamedTuple):
    """A table of the file: its name, and its columns as they are called in it."""

    name: str
    columns: tuple[str, ...]


def why_not(head: Head) -> str | None:
    if head.raw.startswith(_MAGIC) or head.raw.startswith(_LOGS):
        return None
    return "not a SQLite file"


def read(file: BinaryIO, name: str) -> Iterator[Piece]:
    magic = file.read(len(_MAGIC))
    path = getattr(file, "name", None)
    if magic != _MAGIC or not isinstance(path, str | PurePath):
        yield Problem(Origin(name, 1), _no_database(magic), skipped=True)
        return
    try:
        size = file.seek(0, 2)
        yield from _read(PurePath(path), size, name)
    except _DAMAGES as error:
        yield _damaged(name, 1, error)


def _no_database(magic: bytes) -> str:
    if magic.startswith(_LOGS):
        return "the log of a SQLite file, which is not read: open that file with sqlite3 to take it in"
    return "no SQLite file"


def _damaged(name: str, row: int, error: Exception) -> Problem:
    shown = "".join(one if one.isprintable() else " " for one in str(error))[:200]
    return Problem(Origin(name, row), f"a damaged SQLite file from here on: {shown}", skipped=True)


def _read(path: PurePath, size: int, name: str) -> Iterator[Piece]:
    db = _opened(path)
    try:
        refusals: list[str] = []
        found = False
        for source in _sources(db):
            if export.COLUMN in source.columns:
                found = True
                yield from _rows(db, source, export.Rows(source.columns), size // _SMALLEST, name)
                continue
            why = lacking(source.columns, _types(db, source))
            column = _json_column(db, source) if why else None
            if why and column is None:
                refusals.append(f"{source.name!a} {why}"[:120])
                continue
            found = True
            table = _JsonTable(column) if column else Table(source.columns)
            yield from _rows(db, source, table, size // _SMALLEST, name)
        if not found:
            why = "; ".join(refusals[:3]) or "it has no tables"
            yield Problem(Origin(name, 1), f"no table of Hacker News items: {why}"[:380], skipped=True)
    finally:
        db.close()


def _opened(path: PurePath) -> sqlite3.Connection:
    """The file as it stands, with everything off that a schema could make a program do."""
    place = ("/" if path.drive else "") + quote(path.as_posix())
    db = sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True, isolation_level=None)
    db.text_factory = lambda raw: decode(raw)[0]
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        db.execute(f"PRAGMA {pragma}")
    db.set_authorizer(_authorizer)
    return db


def _authorizer(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _sources(db: sqlite3.Connection) -> Iterator[_Source]:
    """The plain tables; columns that are computed are left out."""
    names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0").fetchall()
    for (name,) in names:
        if not isinstance(name, str):
            continue
        columns = db.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
        yield _Source(name, tuple(str(column[1]) for column in columns if not column[6]))


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _types(db: sqlite3.Connection, source: _Source) -> list[object]:
    columns = [column for column in source.columns if column.lower() == "type"]
    if not columns:
        return []
    query = f"SELECT {_quoted(columns[0])} FROM {_quoted(source.name)} LIMIT {_SAMPLE}"
    return [one for (one,) in db.execute(query) if one is not None]


class _JsonTable:
    """A table with whole items of the API in one column, as some programs keep what they fetch."""

    def __init__(self, column: int) -> None:
        self.used = [column]

    def read(self, row: Sequence[Any], origin: Origin) -> Iterator[Piece]:
        yield from read_item(_json(row[0]), origin, None)

    def in_order(self, origin: Origin) -> Iterator[Record]:
        return iter(())


def _json_column(db: sqlite3.Connection, source: _Source) -> int | None:
    """The place of the column that has an item of the API in most of the first rows."""
    columns = ", ".join(map(_quoted, source.columns))
    rows = db.execute(f"SELECT {columns} FROM {_quoted(source.name)} LIMIT {_SAMPLE}").fetchall()
    for place in range(len(source.columns)):
        if sum(is_item(_json(row[place])) for row in rows) * 2 > len(rows):
            return place
    return None


def _json(value: object) -> Any:
    raw = value.encode("utf-8", "replace") if isinstance(value, str) else value
    return json_value(raw) or value if isinstance(raw, bytes) else value


def _rows(
    db: sqlite3.Connection, source: _Source, table: Table | _JsonTable | export.Rows, most: int, name: str
) -> Iterator[Piece]:
    used = ", ".join(_quoted(source.columns[place]) for place in table.used)
    if isinstance(table, Table):
        table = Table([source.columns[place] for place in table.used])
    row = 0
    try:
        for values in db.execute(f"SELECT {used} FROM {_quoted(source.name)}"):
            row += 1
            if row > most:
                yield _damaged(name, row, ValueError("it says that it has more rows than can be in it"))
                return
            yield from table.read(values, Origin(name, row))
        yield from table.in_order(Origin(name, 1))
    except _DAMAGES as error:
        yield _damaged(name, row + 1, error)
