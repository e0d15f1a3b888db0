"""One build at a time: who builds holds a lock, which the system takes away when the process ends.

SQLite's locks on an empty file are used, because they work alike on every system and need no file that a
crash could leave behind. Workers that outlive a killed build hold their share until they end, so that a new
build never meets them.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

_FILE, _HOLDER = "lock", "lock.txt"
_AGAIN = 0.05
"""Seconds between two looks at a lock that somebody else holds."""


@contextmanager
def held(cache: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Waits until nobody else builds with this cache, and keeps others waiting meanwhile.

    ``tell`` is told, once, who is waited for. Raises OSError where the cache cannot be written.
    """
    with closing(_open(cache)) as lock:
        is_told = False
        while not _take(lock):
            if not is_told:
                tell(f"waiting for another build of this site{_holder(cache)}; Ctrl-C gives up")
                is_told = True
            time.sleep(_AGAIN)
        (cache / _HOLDER).write_text(f"process {os.getpid()}, since {time.strftime('%H:%M:%S')}", "utf-8")
        yield


def share(cache: Path) -> sqlite3.Connection:
    """A worker's share of the lock, to be closed at the end of its work."""
    lock = _open(cache)
    lock.execute("BEGIN")
    lock.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return lock


def _open(cache: Path) -> sqlite3.Connection:
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / _FILE
    if path.exists() and path.stat().st_size:  # it is empty for ever, or it is damaged
        path.unlink()
    return sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)


def _take(lock: sqlite3.Connection) -> bool:
    """Whether nobody builds and no worker is left, and the lock could be taken, which workers may share."""
    try:
        lock.execute("BEGIN EXCLUSIVE")
        lock.execute("ROLLBACK")  # nothing is ever written
        lock.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        return False
    return True


def _holder(cache: Path) -> str:
    with suppress(OSError):
        return f" ({(cache / _HOLDER).read_text('utf-8')})"
    return ""
