"""The bytes of an answer -> what it says, as the reader sees it that a build will give it to.

Raises BusyError for what is no such answer, or only its beginning: a page of a guard, a lost connection.
"""

from __future__ import annotations

import io
from typing import Any, NamedTuple

from hnsite import sources
from hnsite.errors import BusyError, GoneError, UnreadableError
from hnsite.model import Problem, Record, is_held
from hnsite.readers import Reader
from hnsite.readers.json_values import json_value

_BROKEN = "broken JSON"


class Answer(NamedTuple):
    """``records`` are what its reader makes of ``raw``."""

    raw: bytes
    records: tuple[Record, ...]

    def of(self, id: str) -> Record | None:
        """What it says of an item, if it says anything."""
        return next((one for one in self.records if one.id == id and is_held(one)), None)


def read_answer(raw: bytes, reader: Reader) -> Answer:
    """What an answer says, which is one of this reader's. Raises BusyError, GoneError."""
    if raw.strip() in (b"", b"null"):
        raise GoneError("there is nothing")
    if raw.lstrip()[:1] == b"<":
        raise BusyError("the answer is a web page, not JSON")
    try:
        picked = sources.reader_for(io.BytesIO(raw))
    except UnreadableError:
        raise BusyError(f"the answer is not what {reader.NAME} reads: {_shown(raw)}") from None
    if picked.NAME != reader.NAME:
        raise BusyError(f"the answer is not what {reader.NAME} reads but {picked.NAME}")
    return Answer(raw, tuple(read_pieces(raw, reader)))


def read_pieces(raw: bytes, reader: Reader) -> list[Record]:
    """The records of JSON that is whole. Raises BusyError."""
    records = []
    for piece in reader.read(io.BytesIO(raw), "answer"):
        if isinstance(piece, Record):
            records.append(piece)
        elif isinstance(piece, Problem) and piece.reason.startswith(_BROKEN):
            raise BusyError("the answer breaks off, or is no JSON")
    return records


def read_object(raw: bytes) -> dict[str, Any] | None:
    """One object, or None for ``null``. Raises BusyError."""
    if raw.strip() == b"null":
        return None
    value = json_value(raw)
    if not isinstance(value, dict):
        raise BusyError(f"the answer is no JSON object: {_shown(raw)}")
    return value


def _shown(raw: bytes) -> str:
    text = " ".join(raw[:300].decode("utf-8", "replace").split())
    return ascii(text[:60]) if not text[:60].isprintable() else repr(text[:60])
