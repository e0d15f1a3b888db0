"""Readers that other packages add through the entry-point group ``hnsite.readers``.

What they raise costs their own dumps and no others, and is told with their name: never a traceback.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import msgspec

from hnsite.model import Origin, Problem, Record
from hnsite.readers import Reader
from hnsite.readers.input import Head

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


class Added(NamedTuple):
    """The readers that could be loaded, and what is wrong with the others."""

    readers: tuple[Reader, ...]
    faults: tuple[str, ...]


@cache
def added() -> Added:
    """Looking for them takes longer than most builds, so ask only when there is no other reader."""
    from importlib.metadata import entry_points

    readers: list[Reader] = []
    faults: list[str] = []
    for entry in sorted(entry_points(group="hnsite.readers"), key=lambda one: (one.name, one.value)):
        try:
            readers.append(_Guarded(_loaded(entry)))
        except (Exception, SystemExit) as error:  # whatever a module does when it is imported
            package = f" of the package {entry.dist.name}" if entry.dist else ""
            faults.append(f"the reader {entry.name!r}{package} cannot be loaded ({_told(error)})")
    return Added(tuple(readers), tuple(faults))


class _LacksError(Exception):
    """It is no reader."""


def _loaded(entry: EntryPoint) -> Any:
    reader = entry.load()
    for name in ("NAME", "VERSION", "why_not", "read"):
        if not hasattr(reader, name):
            raise _LacksError(f"it has no {name}")
    return reader


class _Guarded:
    """A reader of another package as one of ours: it never raises."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.NAME: str = reader.NAME
        self.VERSION: int = reader.VERSION
        self.WHOLE: bool = getattr(reader, "WHOLE", False)
        self.BESIDE: tuple[str, ...] = tuple(getattr(reader, "BESIDE", ()))

    def why_not(self, head: Head) -> str | None:
        try:
            refusal = self._reader.why_not(head)
        except Exception as error:
            return _told(error)
        return None if refusal is None else str(refusal)

    def read(self, file: BinaryIO, name: str, *more: object) -> Iterator[Record | Problem]:
        place = Origin(name, 1)
        try:
            for piece in self._reader.read(file, name, *more):
                piece = _checked(piece)
                place = piece.origin
                yield piece
        except Exception as error:
            reason = f"the reader {self.NAME} failed behind this place ({_told(error)})"
            yield Problem(place, reason, skipped=True)


def _checked(piece: object) -> Record | Problem:
    """The same, if each field is of its type, which nothing else looks at; raises ValueError if not."""
    raw = msgspec.json.encode(piece)
    is_record = isinstance(piece, Record)
    return msgspec.json.decode(raw, type=Record) if is_record else msgspec.json.decode(raw, type=Problem)


def _told(error: BaseException) -> str:
    """On one line."""
    kind = "" if isinstance(error, _LacksError) else f"{type(error).__name__}: "
    return " ".join(f"{kind}{error}".split())
