"""Captures on the disk: whole or not there, beside every older one. What the disk refuses ends everything.

What is not finished lies in a hidden file that ends in ``.part``, which no build reads. A later run goes on
with it, if it is less than a day old: what it holds belongs to the time in its name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import FileIO
from itertools import count
from pathlib import Path
from types import ModuleType, TracebackType

from hnsite.captures import capture_name, captured_at
from hnsite.errors import HnsiteError
from hnsite.readers.json_values import json_value

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # where two runs at once may meet in one file
    fcntl = None

_FRESH = 86_400
"""Seconds for which something unfinished is gone on with."""
_LARGEST = 1 << 31
_LIST = re.compile(r"\.fetch-[0-9a-f]{12}\.part")
_WAY = re.compile(r"\.[a-z0-9]+\.part\Z")


def _whole_lines(path: Path) -> list[bytes]:
    """The lines of an unfinished capture without the last one, if that was cut; none if one is no JSON."""
    whole, _, _ = path.read_bytes().rpartition(b"\n")
    lines = [line for line in whole.split(b"\n") if line]
    if any(json_value(line) is None for line in lines):
        lines, whole = [], b""
    with path.open("r+b") as file:
        file.truncate(len(whole) + 1 if whole else 0)
    return lines


def sweep(content: Path, now: int) -> None:
    """What runs that were cut short left, and nobody goes on with any more, is gone. Raises HnsiteError."""
    with _told(content):
        for path in (*content.glob(".*.part"), *content.glob("*/.*.part")):
            if _LIST.fullmatch(path.name):
                taken: int | None = int(path.stat().st_mtime)
            else:
                taken = captured_at(_WAY.sub("", path.name))
            if taken is not None and taken < now - _FRESH:
                path.unlink(missing_ok=True)


class Part:
    """A capture in the making, of ``lines``: this run's, and those of the one before, which was cut short."""

    def __init__(self, folder: Path, stem: str, way: str, now: int) -> None:
        """``way`` tells apart in how many ways the same may be fetched. Raises HnsiteError."""
        self.lines: list[bytes] = []
        self.taken = now
        self._folder, self._stem = folder, stem
        with _told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._path, self._file = self._opened(way, now)
            if self._path.stat().st_size:
                self.taken = captured_at(_WAY.sub("", self._path.name)) or now
                self.lines = _whole_lines(self._path)

    def _opened(self, way: str, now: int) -> tuple[Path, FileIO]:
        """What an earlier run left, or a new file; nothing on which another run is at work."""
        for path in self._left(way, now):
            if file := _alone(path):
                return path, file
        for again in count():
            path = self._folder / f".{capture_name(self._stem, now, 'ndjson', again)}.{way}.part"
            with suppress(FileExistsError):
                path.touch(exist_ok=False)
                if file := _alone(path):
                    return path, file
        raise AssertionError

    def _left(self, way: str, now: int) -> Iterator[Path]:
        """What earlier runs left, the newest first."""
        for path in sorted(self._folder.glob(f".{self._stem}.*.{way}.part"), reverse=True):
            taken = captured_at(_WAY.sub("", path.name))
            if taken is not None and now - _FRESH <= taken <= now and path.stat().st_size <= _LARGEST:
                yield path

    def __enter__(self) -> Part:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        """Nothing that has not a line is left behind."""
        self._file.close()
        if not self.lines:
            self._path.unlink(missing_ok=True)

    def add(self, raw: bytes) -> None:
        """One more JSON value; ends of lines mean nothing in JSON and become blanks. Raises HnsiteError."""
        line = raw.strip().replace(b"\r", b" ").replace(b"\n", b" ")
        with _told(self._path):
            self._file.write(line + b"\n")
        self.lines.append(line)

    def forget(self) -> None:
        """What is there is of no use."""
        self.lines.clear()

    def finish(self) -> Path:
        """The capture, whole. Raises HnsiteError."""
        with _told(self._path):
            os.fsync(self._file.fileno())
            if not fcntl:
                self._file.close()  # what is open cannot be named there
            return _named(self._path, self._folder, self._stem, self.taken, "ndjson")


def _alone(path: Path) -> FileIO | None:
    """A file that is there, to be added to; None where another run is at work on it, or has finished it."""
    try:
        file = FileIO(os.open(path, os.O_WRONLY | os.O_APPEND), "ab")
    except FileNotFoundError:
        return None
    with suppress(FileNotFoundError):
        if _is_locked(file) and os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return file
    file.close()
    return None


def _is_locked(file: FileIO) -> bool:
    """Whether no other run has it, as far as the disk can tell; until the file is closed no other gets it."""
    if fcntl:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a disk that knows no locks
            return True
    return True


def keep(folder: Path, stem: str, taken: int, raw: bytes) -> Path:
    """A capture of one answer, as it came. Raises HnsiteError."""
    part = folder / f".{capture_name(stem, taken, 'json')}.{os.getpid()}.part"
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            return _named(part, folder, stem, taken, "json")
        finally:
            part.unlink(missing_ok=True)


class Done:
    """What of a list is done, for the next run of the same: on the disk while there is more than one thing to
    do, until all is done."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        """``names`` are all that is to be done, and last what it depends on."""
        self._lines: set[str] = set()
        digest = hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:12]
        self._path = folder / f".fetch-{digest}.part" if len(names) > 2 else None
        if self._path and self._path.exists():
            with _told(self._path):
                self._lines = set(self._path.read_text("utf-8", "replace").split("\n"))

    def __contains__(self, name: str) -> bool:
        return name in self._lines

    def threads(self, way: str) -> set[str]:
        """Those that were fetched in this way."""
        return {line.removeprefix(f"{way}:") for line in self._lines if line.startswith(f"{way}:")}

    def add(self, name: str, way: str, threads: Iterable[str]) -> None:
        """One thing is done, and these threads with it. Raises HnsiteError."""
        lines = [*(f"{way}:{thread}" for thread in sorted(threads)), name]
        self._lines.update(lines)
        if self._path:
            with _told(self._path):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with self._path.open("a", encoding="utf-8", newline="\n") as file:
                    file.writelines(f"{line}\n" for line in lines)

    def clear(self) -> None:
        if self._path:
            self._path.unlink(missing_ok=True)


def _named(part: Path, folder: Path, stem: str, taken: int, ending: str) -> Path:
    """Gives a finished file the first name that no other has; a link is made only where nothing is."""
    for again in range(1_000_000):
        path = folder / capture_name(stem, taken, ending, again)
        try:
            os.link(part, path)
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES):
                raise
            if path.exists():  # a disk without links; nobody else is likely to take the name just now
                continue
            part.rename(path)
            return path
        part.unlink()
        return path
    raise HnsiteError("there are too many captures of this second", str(folder))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the disk refuses, as an error that names the place."""
    try:
        yield
    except OSError as error:
        raise HnsiteError(f"cannot be written: {error.strerror or error}", str(path)) from None
