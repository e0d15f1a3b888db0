"""What every dump says, and which of it belongs together, in one file below .cache/hnsite/.

Laws: it is a cache of parsing and holds nothing that the dumps do not say, so deleting it is always
safe; a dump is parsed again when its bytes or its reader's version change, never by its date,
because a copied file has a new date and an old text; what is wrong with an unchanged dump is kept
and told again, because a warning that shows once is missed.

Records that name the same items make a **component**: one thread, seldom more. It is found by ids
alone, and what links and merges its records needs no others; so a component is the unit of work.
Dumps without ids
join components by what their comments and titles say: see ``joins``.

Items are held as numbers here: those of Hacker News as they are, others as 63 bits of a digest.
"""

from __future__ import annotations

import os
import struct
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec
from xxhash import xxh3_64_intdigest

from hnsite.database import Database, remove
from hnsite.link import ENOUGH_COMMENTS, ENOUGH_TEXT, components, text_of
from hnsite.model import Kind, Note, Origin, Piece, Problem, Record, is_held, is_mail, is_provisional
from hnsite.subjects import base_subject

VERSION = 9
"""Goes up when a table or what is derived from a record changes; an older file is thrown away."""

_PART, _NEW, _SETTLED, _GONE = range(4)
"""A dump's way: being read, read, its records placed, no longer there."""
_SCHEMA = f"""
CREATE TABLE dump (
    dump INTEGER PRIMARY KEY, name TEXT, digest BLOB, reader TEXT, state INTEGER, seen INTEGER, top INTEGER,
    held INTEGER DEFAULT 0, is_flat INTEGER DEFAULT 0, has_texts INTEGER DEFAULT 0
);
CREATE UNIQUE INDEX dump_name ON dump (name) WHERE state IN ({_NEW}, {_SETTLED});
CREATE TABLE span (dump INTEGER, first INTEGER, last INTEGER);
CREATE INDEX span_dump ON span (dump);
CREATE TABLE note (dump INTEGER, data BLOB);
CREATE TABLE problem (dump INTEGER, position INTEGER, reason TEXT, skipped INTEGER);
CREATE TABLE record (
    record INTEGER PRIMARY KEY AUTOINCREMENT, dump INTEGER, seen INTEGER, held INTEGER, time INTEGER,
    said INTEGER, items BLOB, data BLOB
);
CREATE TABLE place (item INTEGER PRIMARY KEY, component INTEGER, held INTEGER);
CREATE TABLE component (
    component INTEGER PRIMARY KEY, version BLOB, exact BLOB, records BLOB, comments INTEGER, time INTEGER,
    is_out INTEGER DEFAULT 0
);
CREATE TABLE clue (clue INTEGER, length INTEGER, item INTEGER, is_loose INTEGER, dump INTEGER);
CREATE INDEX clue_clue ON clue (clue);
CREATE INDEX clue_dump ON clue (dump);
CREATE TABLE writer (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE mark (mark BLOB)
"""
_FILE = "catalog.sqlite"
_OTHER, _COMMENT = 1, 2  # what is held: a story, poll, job or option; a comment
_TITLE = -1  # the length of a clue that is a title
_BATCH = 5000  # records that are written at once
_FORGET = f"UPDATE dump SET state = {_GONE} WHERE name = ? AND state IN ({_NEW}, {_SETTLED})"
_PUT_CLUE = "INSERT INTO clue VALUES (?, ?, ?, ?, ?)"
_OF_DUMP = "FROM span JOIN record ON record BETWEEN first AND last WHERE span.dump = ?"
_ARRAY_HEAD = 3  # bytes before the first field of a record, as msgpack writes it
_first = struct.Struct("q").unpack_from
_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Record)
_note_decoder = msgspec.msgpack.Decoder(Note)


def throw_away(cache: Path) -> None:
    """Removes the catalog; the next one is made from the dumps. Raises OSError."""
    remove(cache / _FILE)


class Component(NamedTuple):
    """What planning must know of a component.

    ``version`` changes when its records say something else, or may stand in another order; ``exact``
    also when they only stand elsewhere in the dumps, which messages tell. ``weight`` counts records,
    ``time`` is its oldest item's (seconds, UTC).
    """

    component: int
    version: bytes
    exact: bytes
    weight: int
    comments: int
    time: int | None


def item_number(id: str) -> int:
    """The number that stands for an item: what is not of Hacker News is negative."""
    if id.isdigit() and id.isascii() and len(id) < 18 and id[0] != "0":
        return int(id)
    return -1 - int.from_bytes(blake2b(id.encode("utf-8", "replace"), digest_size=8).digest()) // 2


class Catalog:
    """One open catalog. Every method is one step of the build."""

    def __init__(self, cache: Path) -> None:
        self._db = Database(cache / _FILE, _SCHEMA, VERSION)
        self._ages: dict[int, tuple[object, ...]] = {}
        self.dropped: frozenset[str] = frozenset()
        """Items that the site has no more though dumps hold them (see ``redactions``)."""

    def close(self) -> None:
        self._db.close()

    def mark(self) -> bytes:
        """What tells this catalog from any other: numbers of records mean nothing elsewhere."""
        if not self._db.row("SELECT mark FROM mark"):
            with self._db.writing():
                self._db.run("INSERT INTO mark VALUES (?)", (os.urandom(16),))
        mark: bytes = self._db.row("SELECT mark FROM mark")[0]
        return mark

    def known(self) -> dict[str, tuple[bytes, str]]:
        """Of each dump that was read before: its digest and its reader with version."""
        rows = self._db.rows(f"SELECT name, digest, reader FROM dump WHERE state IN ({_NEW}, {_SETTLED})")
        return {name: (digest, reader) for name, digest, reader in rows}

    def forget(self, names: Iterable[str]) -> None:
        """Marks dumps as gone, also those that an earlier build did not read to the end."""
        with self._db.writing():
            self._db.run(f"UPDATE dump SET state = {_GONE} WHERE state = {_PART}")
            self._db.run_many(_FORGET, [(name,) for name in names])

    def put(self, dumps: Iterable[tuple[str, bytes, str, Iterable[Piece]]]) -> int:
        """Everything that some dumps say, in place of what they said before; returns how many records.

        Each is (name, digest, reader with version, pieces). What has been read is written in batches:
        reading goes on beside other processes, writing does not.
        """
        batch: list[_Intake] = []
        size = total = 0
        for dump in dumps:
            intake = _Intake(self._db, *dump)
            batch.append(intake)
            while True:
                size += intake.fill(_BATCH - size)
                if size < _BATCH:
                    break
                self._write(batch)
                batch, total, size = [intake], total + size, 0
        self._write(batch)
        return total + size

    def _write(self, batch: Iterable[_Intake]) -> None:
        with self._db.writing():
            for intake in batch:
                intake.write()

    def problems(self) -> list[Problem]:
        rows = self._db.rows(
            "SELECT name, position, reason, skipped FROM problem JOIN dump USING (dump)"
            f" WHERE state = {_SETTLED} ORDER BY name, position, reason"
        )
        return [Problem(Origin(name, line), reason, skipped) for name, line, reason, skipped in rows]

    def notes(self) -> list[Note]:
        """The pages that dumps hold, by the names of the dumps."""
        rows = self._db.rows(
            f"SELECT data FROM note JOIN dump USING (dump) WHERE state = {_SETTLED} ORDER BY name, note.rowid"
        )
        return [_note_decoder.decode(data) for (data,) in rows]

    def count(self) -> int:
        """How many records say something of an item."""
        (records,) = self._db.row("SELECT coalesce(sum(held), 0) FROM dump")
        return int(records)

    def count_writers(self, *, are_odd: bool = False) -> int:
        """How many authors the dumps have named so far, also those that are gone: for estimates. Those with
        other signs than files are called by, if they ``are_odd``."""
        odd = " WHERE name GLOB '*[^a-z0-9_-]*'" if are_odd else ""
        (writers,) = self._db.row(f"SELECT count(*) FROM writer{odd}")
        return int(writers)

    def settle(self) -> int:
        """Puts the records of dumps that came and went into components; returns how many it placed.

        Only components that share an item with those dumps are made again.
        """
        changed = list(self._db.rows(f"SELECT dump, state FROM dump WHERE state != {_SETTLED}"))
        if not changed:
            return 0
        self._ages.clear()
        with self._db.writing():
            self._db.run("CREATE TEMP TABLE IF NOT EXISTS todo (record INTEGER PRIMARY KEY)")
            for component in self._touched(dump for dump, _ in changed):
                self._take_apart(component)
            for dump, state in changed:
                self._db.run(f"INSERT OR IGNORE INTO todo SELECT record {_OF_DUMP}", (dump,))
                if state == _GONE:
                    self._delete(dump)
            placed = self._put_together()
            self._db.run("DELETE FROM todo")
            self._db.run(f"UPDATE dump SET state = {_SETTLED}")
        return placed

    def _touched(self, dumps: Iterable[int]) -> list[int]:
        if not self._db.row("SELECT 1 FROM component"):
            return []
        found: set[int] = set()
        for dump in dumps:
            items: set[int] = set()
            for (raw,) in self._db.rows(f"SELECT items {_OF_DUMP}", (dump,)):
                items.update(array("q", raw))
            sql = "SELECT DISTINCT component FROM place WHERE item IN ({})"
            found.update(component for (component,) in self._db.among(sql, items))
        return sorted(found)

    def _take_apart(self, component: int) -> None:
        (raw,) = self._db.row("SELECT records FROM component WHERE component = ?", (component,))
        records = array("q", raw)
        items: set[int] = set()
        for (raw,) in self._db.among("SELECT items FROM record WHERE record IN ({})", records):
            items.update(array("q", raw))
        self._db.run_many("DELETE FROM place WHERE item = ?", ((item,) for item in items))
        self._db.run_many("INSERT OR IGNORE INTO todo VALUES (?)", ((record,) for record in records))
        self._db.run("DELETE FROM component WHERE component = ?", (component,))

    def _delete(self, dump: int) -> None:
        self._db.run(f"DELETE FROM todo WHERE record IN (SELECT record {_OF_DUMP})", (dump,))
        self._db.run(f"DELETE FROM record WHERE record IN (SELECT record {_OF_DUMP})", (dump,))
        for table in ("problem", "note", "clue", "span", "dump"):
            self._db.run(f"DELETE FROM {table} WHERE dump = ?", (dump,))

    def _put_together(self) -> int:
        """Components of all records in ``todo``. In memory stand the items' numbers and no more."""
        todo = "FROM todo JOIN record USING (record) ORDER BY record"
        named = (array("q", raw) for (raw,) in self._db.rows(f"SELECT items {todo}"))
        component_of = components(named)
        found: dict[int, _Members] = defaultdict(_Members)
        put_place = "INSERT INTO place VALUES (?, ?, ?)"
        more = " ON CONFLICT (item) DO UPDATE SET held = max(held, excluded.held)"
        columns = "record, items, held, time, dump, seen, said"

        def placed() -> Iterator[tuple[int, int, int]]:
            for record, raw, held, *about in self._db.rows(f"SELECT {columns} {todo}"):
                (item,) = _first(raw)
                component = component_of[item]
                found[component].add(record, item if held == _COMMENT else None, *about)
                yield item, component, held

        self._db.run_many(put_place + more, placed())
        rows = ((item, component, 0) for item, component in component_of.items())
        self._db.run_many(put_place + " ON CONFLICT DO NOTHING", rows)
        self._db.run_many(
            "INSERT INTO component (component, version, exact, records, comments, time)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            ((component, *self._row(members)) for component, members in sorted(found.items())),
        )
        return sum(len(members.records) for members in found.values())

    def _row(self, members: _Members) -> tuple[bytes, bytes, bytes, int, int | None]:
        """(version, exact, records, comments, time). The numbers of records are never used twice."""
        records, said = members.records, members.said
        if members.is_mixed:
            sql = "SELECT dump, seen, said FROM record WHERE record IN ({}) ORDER BY record"
            said = array("q", (row[2] for row in sorted(self._db.among(sql, records), key=self._age)))
        comments = len(set(members.comments))
        return _digest(said), _digest(records), records.tobytes(), comments, members.time

    def components(self, among: Sequence[int] | None = None) -> Iterator[Component]:
        """All components, or some, by number."""
        sql = "SELECT component, version, exact, length(records) / 8, comments, time FROM component"
        found = (
            self._db.rows(f"{sql} ORDER BY component")
            if among is None
            else (self._db.among(f"{sql} WHERE component IN ({{}}) ORDER BY component", among))
        )
        return map(Component._make, found)

    def together(self, among: Sequence[int]) -> Component:
        """Some components as one, under the lowest number."""
        members = list(self.components(among))
        times = [one.time for one in members if one.time is not None]
        return Component(
            members[0].component,
            b"".join(one.version for one in members),
            b"".join(one.exact for one in members),
            sum(one.weight for one in members),
            sum(one.comments for one in members),
            min(times, default=None),
        )

    def dumps_of(self, components: Iterable[int], after: int) -> list[str]:
        """The names of the dumps, of those with a number over ``after``, that tell of some components."""
        numbers = array("q")
        for (raw,) in self._db.among("SELECT records FROM component WHERE component IN ({})", components):
            numbers.frombytes(raw)
        sql = "SELECT DISTINCT dump FROM record WHERE record IN ({})"
        dumps = {dump for (dump,) in self._db.among(sql, numbers) if dump > after}
        return sorted(name for (name,) in self._db.among("SELECT name FROM dump WHERE dump IN ({})", dumps))

    def records(self) -> Iterator[Record]:
        """What all dumps say, in no order."""
        dumps = f"(SELECT dump FROM dump WHERE state = {_SETTLED})"
        sql = f"SELECT data FROM span JOIN record ON record BETWEEN first AND last WHERE span.dump IN {dumps}"
        return (_decoder.decode(data) for (data,) in self._db.rows(sql))

    def components_of(self, ids: Iterable[str]) -> set[int]:
        """The components that speak of some items."""
        numbers = {item_number(id) for id in ids}
        rows = self._db.among("SELECT component FROM place WHERE item IN ({})", numbers)
        return {component for (component,) in rows}

    def newest_dump(self) -> int:
        """The number of the dump that was read last."""
        (number,) = self._db.row("SELECT coalesce(max(dump), 0) FROM dump")
        return int(number)

    def joins(self) -> dict[int, int]:
        """Components that dumps without ids join: each to the lowest of those it may share threads with.

        Enough equal comments or an equal title make components worth linking together; ``link``
        then decides what is one thread, and asks for more.
        """
        if self._db.row("SELECT 1 FROM dump WHERE is_flat"):
            self._note_texts()
        if not self._db.row("SELECT 1 FROM clue WHERE is_loose"):
            return {}
        titled: dict[int, list[int]] = defaultdict(list)
        rows = self._db.rows(
            "SELECT DISTINCT clue, component FROM clue JOIN place USING (item)"
            f" WHERE length = {_TITLE} AND clue IN"
            f" (SELECT clue FROM clue WHERE is_loose AND length = {_TITLE})"
        )
        for clue, component in rows:  # one loose title joins all that have it
            titled[clue].append(component)
        pairs: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
        rows = self._db.rows(
            "SELECT DISTINCT one.component, other.component, a.clue, a.length"
            " FROM clue a JOIN clue b USING (clue)"
            " JOIN place one ON one.item = a.item JOIN place other ON other.item = b.item"
            f" WHERE a.is_loose AND a.length != {_TITLE} AND one.component != other.component"
        )
        for one, other, clue, length in rows:
            pairs[one, other][clue] = length
        enough = (pair for pair, clues in pairs.items() if _is_enough(clues))
        joined = components(chain(titled.values(), enough))
        return {component: lowest for component, lowest in joined.items() if component != lowest}

    def _note_texts(self) -> None:
        """The texts of all comments; they cost much, so only where some dump has nothing else to go by."""
        for (dump,) in list(self._db.rows("SELECT dump FROM dump WHERE NOT has_texts")):
            records = (_decoder.decode(data) for (data,) in self._db.rows(f"SELECT data {_OF_DUMP}", (dump,)))
            clues = [(*clue, dump) for record in records if (clue := _text_clue(record))]
            with self._db.writing():
                self._db.run_many(_PUT_CLUE, clues)
                self._db.run("UPDATE dump SET has_texts = 1 WHERE dump = ?", (dump,))

    def leave_out(self, components: Iterable[int]) -> None:
        """Says which components the site leaves out, and that all others are in."""
        wanted = set(components)
        known = {one for (one,) in self._db.rows("SELECT component FROM component WHERE is_out")}
        if wanted != known:
            sql = "UPDATE component SET is_out = ? WHERE component = ?"
            with self._db.writing():
                self._db.run_many(sql, ((1, one) for one in sorted(wanted - known)))
                self._db.run_many(sql, ((0, one) for one in sorted(known - wanted)))

    def load(self, components: Iterable[int]) -> list[Record]:
        """All records of some components, oldest word first."""
        numbers = array("q")
        for (raw,) in self._db.among("SELECT records FROM component WHERE component IN ({})", components):
            numbers.frombytes(raw)
        rows = self._db.rows(
            f"SELECT dump, seen, data FROM record WHERE record IN ({','.join(map(str, numbers))})"
        ).fetchall()
        if len({row[:2] for row in rows}) > 1:
            rows.sort(key=self._age)
        decode = _decoder.decode
        return [decode(row[2]) for row in rows]

    def _age(self, row: tuple[int, int | None, object]) -> tuple[object, ...]:
        """Sorts records oldest word first; those of one dump that are equally old stay as they are.

        A dump that does not say when it was taken was taken after the last thing it holds.
        """
        dump, seen, _ = row
        if dump not in self._ages:
            of_dump = "SELECT seen, top, digest, name FROM dump WHERE dump = ?"
            self._ages[dump] = self._db.row(of_dump, (dump,))
        known, top, digest, name = self._ages[dump]
        when = seen if seen is not None else known
        return (when is not None, when or 0, top is not None, top or 0, digest, name)

    def held(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that the site has more of than the name."""
        by_number = {item_number(id): id for id in ids if id not in self.dropped}
        rows = self._db.among(
            "SELECT item FROM place JOIN component USING (component)"
            " WHERE held AND NOT is_out AND item IN ({})",
            by_number,
        )
        return {by_number[item] for (item,) in rows}

    def highest(self) -> int:
        """The highest number of an item of Hacker News that the site has; 0 if there is none."""
        row = self._db.row(
            "SELECT item FROM place JOIN component USING (component)"
            " WHERE held AND NOT is_out AND item > 0 ORDER BY item DESC LIMIT 1"
        )
        return int(row[0]) if row else 0


class _Members:
    """The records of a component while it is put together, in the order in which they were read.

    ``is_mixed`` says that some are older than others, or of another dump.
    """

    __slots__ = ("comments", "dump", "is_mixed", "records", "said", "seen", "time")

    def __init__(self) -> None:
        self.records = array("q")
        self.said = array("q")
        self.comments = array("q")
        self.time: int | None = None
        self.dump: int | None = None
        self.seen: int | None = None
        self.is_mixed = False

    def add(
        self, record: int, comment: int | None, time: int | None, dump: int, seen: int | None, said: int
    ) -> None:
        """Takes in the next record; ``comment`` is its item's number if it holds one."""
        if self.dump is None:
            self.dump, self.seen = dump, seen
        elif dump != self.dump or seen != self.seen:
            self.is_mixed = True
        self.records.append(record)
        self.said.append(said)
        if comment is not None:
            self.comments.append(comment)
        if time is not None and (self.time is None or time < self.time):
            self.time = time


def _digest(numbers: array[int]) -> bytes:
    return blake2b(numbers.tobytes(), digest_size=16).digest()


def _is_enough(clues: Mapping[int, int]) -> bool:
    return sum(clues.values()) >= ENOUGH_TEXT or len(clues) >= ENOUGH_COMMENTS


class _Intake:
    """One dump on its way into the tables."""

    def __init__(self, db: Database, name: str, digest: bytes, reader: str, pieces: Iterable[Piece]) -> None:
        self._db = db
        self._named = (name, digest, reader)
        self._pieces = iter(pieces)
        self._dump = 0
        self._is_read = False
        self._rows: list[tuple[object, ...]] = []
        self._problems: list[Problem] = []
        self._notes: list[Note] = []
        self._clues: list[tuple[int, int, int, bool]] = []
        self._writers: set[str] = set()
        self._newest: int | None = None
        self._top: int | None = None
        self._held = 0
        self._is_flat = False

    def fill(self, most: int) -> int:
        """Reads so many records; fewer only at the dump's end."""
        before = len(self._rows)
        for piece in self._pieces:
            if isinstance(piece, Problem):
                self._problems.append(piece)
            elif isinstance(piece, Note):
                self._notes.append(piece)
            else:
                self._rows.append(self._row(piece))
                if len(self._rows) - before == most:
                    return most
        self._is_read = True
        return len(self._rows) - before

    def _row(self, record: Record) -> tuple[object, ...]:
        held = 0 if not is_held(record) else _COMMENT if record.kind is Kind.COMMENT else _OTHER
        time = record.created.epoch if record.created else None
        self._held += held > 0
        self._is_flat = self._is_flat or record.flat
        if time is not None and (self._newest is None or time > self._newest):
            self._newest = time
        items = _items(record)
        if items[0] >= 0 and (self._top is None or items[0] > self._top):
            self._top = items[0]
        if record.author:
            self._writers.add(record.author)
        if clue := _subject_clue(record, items[0]) if is_mail(record.id) else _title_clue(record, items[0]):
            self._clues.append(clue)
        data = _encode(record)
        return record.captured, held, time, _said(record, data), items.tobytes(), data

    def write(self) -> None:
        """Writes what has been read since the last time, and at the dump's end that it is whole."""
        db = self._db
        if not self._dump:
            sql = "INSERT INTO dump (name, digest, reader, state) VALUES (?, ?, ?, ?)"
            self._dump = db.run(sql, (*self._named, _PART))
        dump = self._dump
        if self._rows:
            rows = ((dump, *row) for row in self._rows)
            db.run_many(
                "INSERT INTO record (dump, seen, held, time, said, items, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            (last,) = db.row("SELECT last_insert_rowid()")
            db.run("INSERT INTO span VALUES (?, ?, ?)", (dump, last - len(self._rows) + 1, last))
        db.run_many(
            "INSERT INTO problem VALUES (?, ?, ?, ?)",
            ((dump, one.origin.position, one.reason, one.skipped) for one in self._problems),
        )
        db.run_many("INSERT INTO note VALUES (?, ?)", ((dump, _encode(note)) for note in self._notes))
        db.run_many(_PUT_CLUE, ((*clue, dump) for clue in self._clues))
        db.run_many("INSERT OR IGNORE INTO writer VALUES (?)", ((name,) for name in sorted(self._writers)))
        self._rows, self._problems, self._notes, self._clues, self._writers = [], [], [], [], set()
        if self._is_read:
            db.run(_FORGET, self._named[:1])
            db.run(
                "UPDATE dump SET state = ?, seen = ?, top = ?, held = ?, is_flat = ? WHERE dump = ?",
                (_NEW, self._newest, self._top, self._held, self._is_flat, dump),
            )


def _said(record: Record, data: bytes) -> int:
    """64 bits that stand for what a record says, wherever in its dump it stands.

    ``data`` begins with the origin. Where a flat dump has a record tells its place in the thread.
    """
    start = 0 if record.flat else _ARRAY_HEAD + len(_encode(record.origin))
    return xxh3_64_intdigest(data[start:]) - (1 << 63)


def _items(record: Record) -> array[int]:
    """The numbers of the items that a record speaks of, its own first."""
    named = [other for other in (record.id, record.parent, record.thread) if other]
    if one := record.settled:
        named += [one.thread, *one.was, *one.beside]
    return array("q", map(item_number, (*named, *record.replies)))


def _title_clue(record: Record, item: int) -> tuple[int, int, int, bool] | None:
    if not record.title or record.kind is Kind.COMMENT:
        return None
    return item_number(f"title {record.title}"), _TITLE, item, is_provisional(record.id)


def _subject_clue(record: Record, item: int) -> tuple[int, int, int, bool] | None:
    """What a mail is about; loose if it answers that and names no mail."""
    subject, answers = base_subject(record.title or "")
    if not subject:
        return None
    return item_number(f"subject {subject}"), _TITLE, item, answers and record.kind is not Kind.COMMENT


def _text_clue(record: Record) -> tuple[int, int, int, bool] | None:
    if record.kind is not Kind.COMMENT or not record.body:
        return None
    text, length = text_of(record)
    return item_number(f"text {text}"), length, item_number(record.id), record.flat
