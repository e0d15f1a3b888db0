"""What every dump says, in one SQLite file below .cache/hnsite/. The only home of sqlite3.

Laws: it is a cache of parsing and holds nothing that the dumps do not say, so deleting it is always
safe; a dump is parsed again when its bytes or its reader's version change, never by its date,
because a copied file has a new date and an old text; what is wrong with an unchanged dump is kept
and told again, because a warning that shows once is missed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from hnsite.link import Linked, Trace
from hnsite.markup import text_id, words_of
from hnsite.merge import is_held
from hnsite.model import Kind, Origin, Problem, Record, provisional_id
from hnsite.urls import domain_of, is_hn

SCHEMA_VERSION = 3
"""Goes up when a table or what is derived from a record changes; an older file is thrown away."""

_SCHEMA = """
CREATE TABLE dump (
    dump INTEGER PRIMARY KEY, name TEXT UNIQUE, digest BLOB, reader TEXT, seen INTEGER, top INTEGER
);
CREATE TABLE problem (dump INTEGER, position INTEGER, reason TEXT, skipped INTEGER);
CREATE TABLE record (
    record INTEGER PRIMARY KEY, dump INTEGER, seen INTEGER, id TEXT, text TEXT, length INTEGER, held INTEGER,
    data BLOB, item TEXT, root TEXT
);
CREATE INDEX record_dump ON record (dump);
CREATE INDEX record_item ON record (item);
CREATE INDEX record_root ON record (root);
CREATE TABLE parent (item TEXT, parent TEXT, root TEXT);
CREATE INDEX parent_root ON parent (root);
CREATE TABLE moved (old TEXT PRIMARY KEY, new TEXT) WITHOUT ROWID;
CREATE TABLE entry (
    author TEXT, time INTEGER, number INTEGER, id TEXT, kind TEXT, thread TEXT, title TEXT, html TEXT
);
"""
_FILE = "catalog.sqlite"
_OLDEST_FIRST = "ORDER BY record.seen, dump.top, dump.digest, dump.name, record.record"
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


DamagedError = sqlite3.DatabaseError
"""What any method may raise when the file turns out to be damaged; see ``remove``."""


def remove(folder: Path) -> None:
    """Throws the catalog away; the next one is made from the dumps. Raises OSError."""
    for part in folder.glob(f"{_FILE}*"):
        part.unlink()


class Entry(NamedTuple):
    """One line of an author's page: a rendered card and the thread it stands in. ``time`` is 0 if unknown."""

    author: str
    time: int
    number: int
    id: str
    kind: str
    thread: str
    title: str
    html: str


class Catalog:
    """One open catalog. Every method is one step of the build."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._db = _open(folder / _FILE)

    def close(self) -> None:
        self._db.close()

    def known(self) -> dict[str, tuple[bytes, str]]:
        """Of each dump that was read before: its digest and its reader with version."""
        rows = self._db.execute("SELECT name, digest, reader FROM dump")
        return {name: (digest, reader) for name, digest, reader in rows}

    def forget(self, names: Iterable[str]) -> None:
        for name in names:
            for table in ("record", "problem", "dump"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE dump = (SELECT dump FROM dump WHERE name = ?)", (name,)
                )
        self._db.commit()

    def put(self, name: str, digest: bytes, reader: str, pieces: Iterable[Record | Problem]) -> None:
        """Everything that one dump says, in place of what it said before."""
        self.forget([name])
        dump = self._db.execute(
            "INSERT INTO dump (name, digest, reader) VALUES (?, ?, ?)", (name, digest, reader)
        ).lastrowid
        newest = top = None
        for piece in pieces:
            if isinstance(piece, Problem):
                row = (dump, piece.origin.position, piece.reason, piece.skipped)
                self._db.execute("INSERT INTO problem VALUES (?, ?, ?, ?)", row)
                continue
            if piece.created and piece.created.epoch is not None:
                newest = max(newest or 0, piece.created.epoch)
            if is_hn(piece.id):
                top = max(top or 0, int(piece.id))
            self._db.execute(
                "INSERT INTO record (dump, seen, id, text, length, held, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (dump, piece.captured, piece.id, *_text(piece), is_held(piece), _encoder.encode(piece)),
            )
        # a dump that does not say when it was taken was taken after the last thing it holds
        self._db.execute("UPDATE dump SET seen = ?, top = ? WHERE dump = ?", (newest, top, dump))
        self._db.execute("UPDATE record SET seen = ? WHERE dump = ? AND seen IS NULL", (newest, dump))
        self._db.commit()

    def problems(self) -> list[Problem]:
        rows = self._db.execute(
            "SELECT name, position, reason, skipped FROM problem JOIN dump USING (dump)"
            " ORDER BY name, position, reason"
        )
        return [Problem(Origin(name, line), reason, bool(skipped)) for name, line, reason, skipped in rows]

    def counts(self) -> tuple[int, int]:
        """(records that say something of an item, items that they say it of)."""
        row = self._db.execute("SELECT count(*), count(DISTINCT item) FROM record WHERE held").fetchone()
        return int(row[0]), int(row[1])

    def traces(self) -> Iterator[Trace]:
        """What linking must know of every record, oldest word first."""
        rows = self._db.execute(
            f"SELECT data, text, length FROM record JOIN dump USING (dump) {_OLDEST_FIRST}"
        )
        for data, text, length in rows:
            yield _trace(_decoder.decode(data), text, length)

    def put_places(self, linked: Linked) -> None:
        """Where linking put each record; ``linked.places`` is in the order of ``traces``."""
        rows = self._db.execute(
            f"SELECT record FROM record JOIN dump USING (dump) {_OLDEST_FIRST}"
        ).fetchall()
        places = ((item, root, record) for (record,), (item, root) in zip(rows, linked.places, strict=True))
        self._db.executemany("UPDATE record SET item = ?, root = ? WHERE record = ?", places)
        self._db.execute("DELETE FROM moved")
        self._db.executemany("INSERT INTO moved VALUES (?, ?)", sorted(linked.moved.items()))
        self._db.execute("DELETE FROM parent")
        self._db.executemany(
            "INSERT INTO parent VALUES (?, ?, ?)", ((item, *place) for item, place in linked.parents.items())
        )
        self._db.commit()

    def moved(self) -> Iterator[tuple[str, str]]:
        """Old ids and what they lead to now."""
        yield from self._db.execute("SELECT old, new FROM moved ORDER BY old")

    def roots(self) -> list[tuple[str, int]]:
        """Every thread's root with its number of records, in a fixed order."""
        return self._db.execute("SELECT root, count(*) FROM record GROUP BY root ORDER BY root").fetchall()

    def records(self, root: str) -> list[Record]:
        """All records of one thread, oldest word first, under the ids and parents that linking gave them."""
        rows = self._db.execute("SELECT item, parent FROM parent WHERE root = ?", (root,))
        parents: dict[str, str] = dict(rows.fetchall())
        rows = self._db.execute(
            f"SELECT data, item FROM record JOIN dump USING (dump) WHERE root = ? {_OLDEST_FIRST}", (root,)
        )
        return [_placed(_decoder.decode(data), item, parents) for data, item in rows]

    def held(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that some dump has more of than the name."""
        wanted = sorted(ids)
        found: set[str] = set()
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._db.execute(f"SELECT item FROM record WHERE held AND item IN ({marks})", part)
            found.update(item for (item,) in rows)
        return found

    def clear_entries(self) -> None:
        self._db.execute("DROP INDEX IF EXISTS entry_author")
        self._db.execute("DELETE FROM entry")
        self._db.commit()

    def put_entries(self, entries: Iterable[Entry]) -> None:
        self._db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entries)
        self._db.commit()

    def authors(self) -> list[tuple[str, int, int, int | None, int | None]]:
        """(name, stories, comments, first and last time) of every author, by name."""
        self._db.execute("CREATE INDEX IF NOT EXISTS entry_author ON entry (author, time, number, id)")
        return self._db.execute(
            "SELECT author, sum(kind != 'comment'), sum(kind = 'comment'),"
            " min(nullif(time, 0)), max(nullif(time, 0))"
            " FROM entry GROUP BY author ORDER BY author"
        ).fetchall()

    def entries(self, author: str) -> Iterator[Entry]:
        """What one author wrote, oldest first."""
        rows = self._db.execute("SELECT * FROM entry WHERE author = ? ORDER BY time, number, id", (author,))
        yield from map(Entry._make, rows)


def _open(path: Path) -> sqlite3.Connection:
    """The catalog at ``path``, made anew where there is none, an older one, or a damaged one."""
    db = sqlite3.connect(path, timeout=60)
    try:
        if _version(db) != SCHEMA_VERSION:
            db.close()
            remove(path.parent)
            db = sqlite3.connect(path, timeout=60)
            db.executescript(f"PRAGMA journal_mode = WAL; {_SCHEMA}; PRAGMA user_version = {SCHEMA_VERSION}")
        db.execute("PRAGMA synchronous = NORMAL")  # after a power cut the last words may be read again
    except BaseException:
        db.close()
        raise
    return db


def _version(db: sqlite3.Connection) -> int:
    """The version of the tables in a file; 0 for what is no catalog."""
    try:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        db.execute("SELECT count(*) FROM dump").fetchone()
    except sqlite3.DatabaseError:
        return 0
    return int(version)


def _text(record: Record) -> tuple[str | None, int]:
    """What matches a comment with its like: the provisional id of its text, and how long that is."""
    if record.kind is not Kind.COMMENT or not record.body:
        return None, 0
    words = words_of(record.body, record.dialect)
    return text_id(record.author, words), len(words)


def _trace(record: Record, text: str | None, length: int) -> Trace:
    return Trace(
        origin=record.origin,
        id=record.id,
        kind=record.kind,
        parent=record.parent,
        thread=record.thread or _own_thread(record),
        replies=record.replies,
        flat=record.flat,
        text=text,
        length=length,
        title=record.title,
        domain=record.domain or domain_of(record.url),
        author=record.author,
        held=is_held(record),
    )


def _placed(record: Record, item: str, parents: Mapping[str, str]) -> Record:
    """The record as linking understood it: claims that other dumps overrule are gone."""
    replies = tuple(reply for reply in record.replies if parents.get(reply) == item)
    return replace(record, id=item, parent=parents.get(item), replies=replies)


def _own_thread(record: Record) -> str | None:
    """The thread of a comment that no dump puts anywhere, so that every comment stands below a story."""
    return provisional_id("thread", record.id) if record.kind is Kind.COMMENT and not record.parent else None
