"""The merged archive -> files for other programs: lines of JSON, SQLite, Parquet. A build reads all of them
again, and makes the same site of them. Each is made of the same items (see ``items.py``), thread by thread in
the order of ids, each thread in reading order.

Laws: a file is written whole or not at all; in memory stand no more than a few units of threads; the same
dumps give the same bytes, whatever their order, and however many processes merge them.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import msgspec

from hnsite import sources
from hnsite.build import RANGE
from hnsite.config import Config
from hnsite.database import DamagedError, reason
from hnsite.errors import BuildError, UnreadableError, UsageError
from hnsite.intake import Progress, Taken, opened, silent
from hnsite.items import NOTE, note_item, thread_items
from hnsite.link import threads
from hnsite.lock import held
from hnsite.model import Note, Problem, Record
from hnsite.parts import shown_threads
from hnsite.plan import Tell, wanted_parts
from hnsite.redact import Covered, is_free, shown_moves
from hnsite.tools import Tools
from hnsite.unpack import zstd_library
from hnsite.urls import domain_of, id_key
from hnsite.whole import written_whole

COLUMNS: Mapping[str, str] = {
    "id": "TEXT",
    "type": "TEXT",
    "thread": "TEXT",
    "parent": "TEXT",
    "poll": "TEXT",
    "depth": "INTEGER",
    "place": "INTEGER",
    "by": "TEXT",
    "time": "INTEGER",
    "title": "TEXT",
    "url": "TEXT",
    "domain": "TEXT",
    "score": "INTEGER",
    "descendants": "INTEGER",
    "text": "TEXT",
    "dialect": "TEXT",
    "evidence": "TEXT",
    "deleted": "BOOLEAN",
    "dead": "BOOLEAN",
    "held": "BOOLEAN",
    "captured": "INTEGER",
    "kids": "TEXT",
    "parts": "TEXT",
    "hnsite": "TEXT",
}
"""The columns of tables, and their types. docs/manual.md says what they mean."""
_INDEXES = ("thread, place", '"by", time', "time", "parent", "domain")
_APPLICATION = int.from_bytes(b"hnsi")
"""By which ``file`` and others tell what a SQLite file is."""
_ROWS, _ROW_BYTES = 20_000, 1 << 24
"""Of a row group of Parquet, at most; the whole group stands in memory."""
_SPOOL = "export.sqlite"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode

Lines = Callable[[], Iterator[bytes]]
"""Gives all threads, each as lines of JSON; as often as it is called."""


class Exported(NamedTuple):
    """What was written: how many threads, items, and pages of the site's own; what could not be read or
    used."""

    threads: int
    items: int
    notes: int
    problems: tuple[Problem, ...]
    errors: tuple[UnreadableError, ...]


def export(
    config: Config,
    files: Mapping[str, Path | None],
    *,
    jobs: int | None = None,
    progress: Progress = silent,
    tell: Tell | None = None,
) -> Exported:
    """Writes the merged archive to files, by their formats ("ndjson", "sqlite", "parquet"); None is the
    standard output. It holds what the site of these settings shows.

    Raises HnsiteError if there is nothing to export, or a file cannot be written; no file is changed then.
    """
    sources.check_folder(config.content_dir)
    for name in files:
        _check_library(name)
    spool = config.cache_dir / _SPOOL
    try:
        with held(config.cache_dir, tell or (lambda _: None)), _spool(spool) as db:
            done = _merge(config, db, jobs or os.cpu_count() or 1, progress)
            lines = partial(_lines, db, done.items, progress)
            for name, path in files.items():
                _write(name, path, lines)
            return done
    except DamagedError as error:
        raise BuildError(reason(error, config.cache_dir), str(config.cache_dir)) from None
    except OSError as error:
        raise BuildError(f"cannot be written: {error.strerror or error}", str(error.filename or "")) from None


def _check_library(name: str) -> None:
    if name == "parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError:
            raise UsageError("to write Parquet: pip install 'hnsite[parquet]'", "--parquet") from None


@contextmanager
def _spool(path: Path) -> Iterator[sqlite3.Connection]:
    """A file for the threads until all are there and can be put in order."""
    _forget(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("CREATE TABLE spool (key TEXT, items INTEGER, lines BLOB)")
        try:
            yield db
        finally:
            db.close()
            _forget(path)


def _forget(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()


def _merge(config: Config, db: sqlite3.Connection, jobs: int, progress: Progress) -> Exported:
    """Brings the catalog up to date, and all threads of the site into the spool."""
    with opened(config, jobs=jobs) as intake:
        taken = intake.read(progress)
        intake.settle()
        problems = intake.problems()
        if not taken.usable:
            raise _nothing(taken, problems, config)
        units, total = _units(wanted_parts(intake.tools.catalog, config))
        done = items = count = 0
        db.execute("BEGIN")
        for unit, found in intake.workers.map(_merged, units, is_much=total > 2 * RANGE):
            db.executemany("INSERT INTO spool VALUES (?, ?, ?)", found)
            count += len(found)
            items += sum(size for _, size, _ in found)
            done += unit.weight
            progress("merging", done, total)
        db.executemany("INSERT INTO spool VALUES (?, ?, ?)", map(_page, intake.notes))
        db.execute("CREATE INDEX spool_key ON spool (key)")
        db.execute("COMMIT")
        if not items:
            raise _nothing(taken, problems, config)
        return Exported(count, items, len(intake.notes), tuple(problems), tuple(taken.errors))


def _nothing(taken: Taken, problems: Sequence[Problem], config: Config) -> BuildError:
    lack = f"there are no dumps in {config.content}"
    if taken.usable or taken.errors:
        lack = "no thread is left" if taken.usable else "no dump could be read"
    error = BuildError(f"nothing exported: {lack}")
    error.problems = (*taken.errors, *problems)
    return error


class _Unit(NamedTuple):
    parts: list[tuple[int, ...]]
    weight: int


def _units(parts: Iterable[tuple[tuple[int, ...], int]]) -> tuple[list[_Unit], int]:
    """Ranges of parts of about equal weight, and the weight of all."""
    units: list[_Unit] = []
    some: list[tuple[int, ...]] = []
    weight = total = 0
    for part, records in parts:
        some.append(part)
        weight += records
        if weight >= RANGE:
            units.append(_Unit(some, weight))
            total += weight
            some, weight = [], 0
    if some:
        units.append(_Unit(some, weight))
    return units, total + weight


def _merged(tools: Tools, unit: _Unit) -> list[tuple[str, int, bytes]]:
    """The threads of a unit: what orders them among all, how many items, and their lines."""
    return [one for part in unit.parts for one in _part(tools, part)]


def _part(tools: Tools, part: Sequence[int]) -> Iterator[tuple[str, int, bytes]]:
    by_thread, linked = threads(tools.catalog.load(part))
    covered = tools.covered
    was: dict[str, list[str]] = defaultdict(list)
    for old, new in shown_moves(linked.moved, covered).items():
        was[new].append(old)
    shown = list(shown_threads(tools, by_thread))
    roots = sorted((thread.id for thread in shown), key=id_key)
    dumps = _told(chain.from_iterable(by_thread.values()), _prefix(tools.config), covered)
    for thread in shown:
        beside = [other for other in roots if other != thread.id]
        show = tools.config.deleted == "show"
        lines = [_encode(item) for item in thread_items(thread, dumps, was, beside, shows_deleted=show)]
        yield _order(thread.id), len(lines), b"\n".join(lines) + b"\n"


def _page(note: Note) -> tuple[str, int, bytes]:
    """The same of a page of the site's own, which stands behind all threads."""
    return f"{NOTE}/{note.path}", 0, _encode(note_item(note)) + b"\n"


def _told(records: Iterable[Record], prefix: str, covered: Covered) -> Mapping[str, Collection[str]]:
    """Where the dumps tell of each item; what an export was made of counts instead of its lines. Of what must
    not be shown nothing is told, nor of files whose names tell it."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in records:
        if record.settled:
            found[record.id].update(record.settled.dumps)
        elif record.origin.file:
            found[record.id].add(str(record.origin).removeprefix(prefix))
    if covered:
        hidden = covered.removed | covered.anonymised.keys()
        is_shown = partial(is_free, covered=covered)
        return {id: set(filter(is_shown, places)) for id, places in found.items() if id not in hidden}
    return found


def _prefix(config: Config) -> str:
    """What the names of all dumps begin with: where the site lies is nobody's business."""
    content = config.content_dir
    shown = content.relative_to(config.root) if content.is_relative_to(config.root) else content
    return "" if shown == Path() else sources.printable(f"{shown.as_posix()}/")


def _order(id: str) -> str:
    """Text that sorts ids as ``id_key`` does."""
    kind, number, _ = id_key(id)
    return f"{kind}{len(str(number)):03}{id}"


def _lines(db: sqlite3.Connection, total: int, progress: Progress) -> Iterator[bytes]:
    """The threads in order, each as its lines."""
    done = 0
    for items, lines in db.execute("SELECT items, lines FROM spool ORDER BY key"):
        yield lines
        done += items
        progress("writing", done, total)


def _write(name: str, path: Path | None, lines: Lines) -> None:
    if path is None:
        _write_lines(sys.stdout.buffer, lines)
        return
    with written_whole(path) as part:
        if name == "sqlite":
            _write_sqlite(part, lines)
        elif name == "parquet":
            _write_parquet(part, lines)
        else:
            with _packed(part, path.suffix) as file:
                _write_lines(file, lines)


def _write_lines(file: IO[bytes], lines: Lines) -> None:
    for some in lines():
        file.write(some)
    file.flush()


@contextmanager
def _packed(path: Path, suffix: str) -> Iterator[IO[bytes]]:
    """An open file, packed as its name's end says; nothing of the day in it."""
    with path.open("wb") as file:
        if suffix == ".gz":
            with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                yield cast(IO[bytes], packed)
        elif suffix == ".zst":
            with zstd_library().ZstdFile(file, "wb") as packed:
                yield packed
        else:
            yield file


def rows(lines: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
    """The items as rows of ``COLUMNS``."""
    for some in lines:
        for place, line in enumerate(some.splitlines()):
            yield _row(_decode(line), place)


def _row(item: dict[str, Any], place: int) -> tuple[Any, ...]:
    about = item.pop("hnsite")
    ids: dict[str, Any] = {name: str(item[name]) for name in ("id", "parent", "poll") if name in item}
    lists: dict[str, Any] = {name: _encode(item[name]).decode() for name in ("kids", "parts") if name in item}
    facts: dict[str, Any] = {
        "thread": str(about["thread"]) if "thread" in about else None,
        "depth": about.get("depth"),
        "place": place if "thread" in about else None,
        "domain": about.get("domain") or domain_of(item.get("url")),
        "dialect": about.get("dialect"),
        "evidence": about.get("evidence", "stated") if place else None,
        "deleted": item.get("deleted", False),
        "dead": item.get("dead", False),
        "held": about.get("held", True),
        "captured": about.get("captured"),
        "hnsite": _encode(about).decode(),
    }
    row = item | ids | lists | facts
    return tuple(row.get(name) for name in COLUMNS)


def _write_sqlite(path: Path, lines: Lines) -> None:
    """One table, ``item``. Its rows stand in the order of the lines."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute(f"PRAGMA application_id = {_APPLICATION}")
        db.execute("BEGIN")
        db.execute(f"CREATE TABLE item ({columns})")
        db.executemany(f"INSERT INTO item VALUES ({', '.join('?' * len(COLUMNS))})", rows(lines()))
        db.execute("CREATE INDEX item_id ON item (id)")
        for number, index in enumerate(_INDEXES):
            db.execute(f"CREATE INDEX item_{number} ON item ({index})")
        db.execute("COMMIT")


def _write_parquet(path: Path, lines: Lines) -> None:
    """Row groups of some 20,000 rows, compressed with zstd."""
    import pyarrow
    import pyarrow.parquet

    types = {"TEXT": pyarrow.string(), "INTEGER": pyarrow.int64(), "BOOLEAN": pyarrow.bool_()}
    schema = pyarrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in _groups(rows(lines())):
            columns = [
                pyarrow.array(values, type=one.type)
                for values, one in zip(zip(*group, strict=True), schema, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))


def _groups(found: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    group: list[tuple[Any, ...]] = []
    size = 0
    for row in found:
        group.append(row)
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(group) >= _ROWS or size >= _ROW_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group
