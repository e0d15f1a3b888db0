"""A SQLite file that several processes write in turn. The only home of sqlite3.

Both files that hnsite keeps, the catalog and the manifest, are caches: one of another version, or
one that is damaged, is thrown away and made again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from errno import EIO, ENOSPC, EROFS
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

DamagedError = sqlite3.DatabaseError
"""What any use of a file may raise when it turns out to be damaged; see ``remove``."""

_MANY = 500
_PROBE = 1 << 17
_SHORT_READ = 522
_TROUBLE = {
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN),
    sqlite3.SQLITE_PROTOCOL,
}
_AS_THE_SYSTEM = {sqlite3.SQLITE_FULL: ENOSPC, sqlite3.SQLITE_IOERR: EIO, sqlite3.SQLITE_READONLY: EROFS}


def is_damage(error: DamagedError) -> bool:
    """Whether the file itself is bad, and not the disk, its rights or another program the reason."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code == _SHORT_READ or code & 0xFF not in _TROUBLE


def reason(error: DamagedError, folder: Path) -> str:
    """Why a file in a folder cannot be used, in the system's words where it has some."""
    number = _AS_THE_SYSTEM.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    try:
        with TemporaryFile(dir=folder) as probe:  # SQLite calls much an input/output error
            probe.write(bytes(_PROBE))
    except OSError as found:
        number = found.errno
    return f"cannot be written: {os.strerror(number)}" if number else str(error)


def remove(path: Path) -> None:
    """Throws a database away, with what SQLite keeps beside it. Raises OSError."""
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()


class Database:
    """One open file; who wants to write waits until others have written."""

    def __init__(self, path: Path, schema: str, version: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._folder = path.parent
        self._db = _open(path, schema, version)

    @classmethod
    def in_memory(cls, schema: str) -> Database:
        """A database that no other process sees, and that is gone when it is closed."""
        one = cls.__new__(cls)
        one._db = sqlite3.connect(":memory:", isolation_level=None)
        one._db.executescript(schema)
        return one

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing of what is written inside."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.rollback()
            raise
        self._db.commit()

    def reserve(self, size: int) -> None:
        """Makes sure that the disk has room for so many bytes more. Raises OSError."""
        if hasattr(os, "posix_fallocate"):
            with TemporaryFile(dir=self._folder) as file:
                os.posix_fallocate(file.fileno(), 0, size)

    def rows(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """The rows that a query gives, one at a time."""
        return self._db.execute(sql, values)

    def row(self, sql: str, values: Sequence[object] = ()) -> Any:
        """The first row, or None."""
        return self._db.execute(sql, values).fetchone()

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Runs one statement; returns the number of the row that it inserted, if it did."""
        return self._db.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._db.executemany(sql, rows)

    def among(self, sql: str, numbers: Iterable[int]) -> Iterator[Any]:
        """The rows of a query that holds ``IN ({})``, for any count of whole numbers."""
        wanted = sorted(set(numbers))
        for start in range(0, len(wanted), _MANY):
            yield from self._db.execute(sql.format(",".join(map(str, wanted[start : start + _MANY]))))


def _open(path: Path, schema: str, version: int) -> sqlite3.Connection:
    """The file at ``path``, made anew where there is none, one of another version, or a damaged one."""
    db = _connect(path)
    try:
        if _version(db) != version:
            db.close()
            remove(path)
            db = _connect(path)
            # all at once, because each commit waits for the disk
            tables = f"BEGIN; {schema}; PRAGMA user_version = {version}; COMMIT"
            db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; {tables}")
        db.execute("PRAGMA synchronous = NORMAL")  # after a power cut the last words may be made again
        db.execute("PRAGMA cache_size = -16000")
        db.execute("PRAGMA wal_autocheckpoint = 4000")
    except BaseException:
        db.close()
        raise
    return db


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=60, isolation_level=None)


def _version(db: sqlite3.Connection) -> int:
    """The version of the tables in a file; 0 for what is no database. Raises what a bad disk does."""
    try:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return 0
    return int(version)
