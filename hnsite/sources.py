"""The files in content/ -> open dumps and the reader for each. Touches the disk; parses nothing itself.

A dump is told by its content, never by its name. gzip is opened on the way, UTF-16 and byte order
marks are gone before a reader sees the bytes.
"""

from __future__ import annotations

import codecs
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from xxhash import xxh3_128

from hnsite import readers
from hnsite.errors import UnreadableError, UsageError
from hnsite.model import Origin, Problem, Record
from hnsite.readers.input import HEAD_SIZE, Head

_PIECE = 1 << 20
_BINARY = getattr(os, "O_BINARY", 0)


class Dump(NamedTuple):
    """A file in content/; ``name`` is how messages call it: its path below the site's folder.

    ``size`` is in bytes, for shares of work.
    """

    path: str | Path
    name: str
    size: int = 0


def find_dumps(content: Path, root: Path) -> tuple[list[Dump], list[Problem]]:
    """Every file below ``content`` in a fixed order, and what was passed over.

    Hidden files and folders are not content. Links and special files are never opened: a link may
    lead anywhere, and a pipe would wait for ever.
    Raises UsageError if there is no such folder.
    """
    if not content.is_dir():
        raise UsageError("no such folder; put your dumps there, or name another with --content", str(content))
    shown = content.relative_to(root) if content.is_relative_to(root) else content
    dumps: list[Dump] = []
    problems: list[Problem] = []
    folders = [(str(content), "" if shown == Path() else f"{shown.as_posix()}/")]
    while folders:
        folder, name = folders.pop()
        with os.scandir(folder) as listed:
            entries = sorted((entry for entry in listed if entry.name[0] != "."), key=lambda one: one.name)
        inner: list[tuple[str, str]] = []
        for entry in entries:
            place = name + entry.name
            if entry.is_dir(follow_symlinks=False):
                inner.append((entry.path, f"{place}/"))
            elif entry.is_file(follow_symlinks=False):
                size = entry.stat(follow_symlinks=False).st_size
                dumps.append(Dump(entry.path, _printable(place), size))
            else:
                reason = "a link or special file, which hnsite does not follow"
                problems.append(Problem(Origin(_printable(place), 1), reason))
        folders += reversed(inner)
    return dumps, problems


def _printable(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def digest(dump: Dump) -> bytes:
    """16 bytes that stand for the file's content. Raises UnreadableError.

    Every dump is looked through at every build: xxh3 takes a thirtieth of a cryptographic digest's time.
    """
    digest = xxh3_128()
    try:
        file = os.open(dump.path, os.O_RDONLY | _BINARY)
        try:
            while piece := os.read(file, _PIECE):
                digest.update(piece)
        finally:
            os.close(file)
    except OSError as error:
        raise UnreadableError(error.strerror or str(error), f"{dump.name}:1") from None
    return digest.digest()


def pick(dump: Dump) -> readers.Reader:
    """The reader for a dump. Raises UnreadableError when there is none."""
    damage: list[Exception] = []
    try:
        with _opened(dump, damage) as file:
            head = Head(file.read(HEAD_SIZE))
            try:
                return readers.pick(head)
            except UnreadableError:  # looking for others takes longer than most builds
                return readers.pick(head, (*readers.READERS, *_added_readers()))
    except UnreadableError as error:
        reason = f"cannot be read, the file is damaged: {damage[0]}" if damage else error.reason
        raise UnreadableError(reason, f"{dump.name}:1") from None
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error}", f"{dump.name}:1") from None


@cache
def _added_readers() -> tuple[readers.Reader, ...]:
    """What other packages add through the entry-point group ``hnsite.readers``."""
    from importlib.metadata import entry_points

    return tuple(entry.load() for entry in entry_points(group="hnsite.readers"))


def version(reader: readers.Reader) -> str:
    """What changes when a reader reads the same dump differently."""
    return f"{reader.NAME} {reader.VERSION}"


def is_current(name: str) -> bool:
    """Whether there is a reader of this version."""
    if name in map(version, readers.READERS):
        return True  # without looking for others, which takes longer than a build
    return name in map(version, _added_readers())


def read(dump: Dump, reader: readers.Reader) -> Iterator[Record | Problem]:
    """What the dump says; damage in the middle keeps what came before and is a Problem."""
    line = 1
    damage: list[Exception] = []
    try:
        with _opened(dump, damage) as file:
            for piece in reader.read(file, dump.name):
                line = piece.origin.position
                yield piece
    except OSError as error:
        damage.append(error)
    if damage:
        reason = f"the file is damaged behind this place ({damage[0]}); what stands before it is kept"
        yield Problem(Origin(dump.name, line), reason)


@contextmanager
def _opened(dump: Dump, damage: list[Exception]) -> Iterator[BinaryIO]:
    """The dump's text as UTF-8; damage ends it early and is noted, so that readers meet no errors."""
    with open(dump.path, "rb") as raw:  # noqa: PTH123
        if raw.peek(2)[:2] == b"\x1f\x8b":
            yield _utf8(io.BufferedReader(_Unpacked(gzip.GzipFile(fileobj=raw), damage), HEAD_SIZE))
        else:
            yield _utf8(raw)


class _Unpacked(io.RawIOBase):
    """A compressed file that ends where its damage begins."""

    def __init__(self, file: gzip.GzipFile, damage: list[Exception]) -> None:
        self._file = file
        self._damage = damage

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            piece = b"" if self._damage else self._file.read1(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            self._damage.append(error)
            return 0
        buffer[: len(piece)] = piece
        return len(piece)


def _utf8(file: io.BufferedReader) -> BinaryIO:
    """The same file as UTF-8 without a byte order mark."""
    head = file.peek(4)[:4]
    if head.startswith(codecs.BOM_UTF8):
        file.read(3)
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return io.BufferedReader(_Recoded(file, "utf-16"))
    elif len(head) == 4 and head[1] == head[3] == 0 and head[0] and head[2]:
        return io.BufferedReader(_Recoded(file, "utf-16-le"))
    elif len(head) == 4 and head[0] == head[2] == 0 and head[1] and head[3]:
        return io.BufferedReader(_Recoded(file, "utf-16-be"))
    return file


class _Recoded(io.RawIOBase):
    """A file in another encoding, read as UTF-8; what cannot be decoded becomes U+FFFD."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = self._text.read(HEAD_SIZE).encode("utf-8", "replace")
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
