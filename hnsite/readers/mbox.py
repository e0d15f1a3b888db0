"""Many messages in a file, each behind a line ``From somebody Sat Jun  1 01:32:06 2013``.

The variants differ in what becomes of a body's own lines that begin so: mboxo and mboxrd write ``>From``,
mboxcl2 leaves them and says in Content-Length how long the body is, Pipermail leaves them and says nothing.
So a line parts messages if it ends in a date (or is the number that Google's Usenet archive has there, or
nothing, as Thunderbird writes it since 2023), an empty line stands before it and a header field behind it; it
does not where Content-Length says that the body goes on and ends right before another.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple

from hnsite.model import Origin, Problem, Record
from hnsite.readers.input import Head
from hnsite.readers.message import LARGEST, Told, is_header, is_usual_header, records

NAME = "mbox"
VERSION = 1

_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = rb"\d{1,2}:\d\d(?::\d\d)?"
_ZONE = rb"(?:[+-]\d{4}|[A-Z][A-Za-z]{1,5}(?:[ ]DST)?)"
_DATE = re.compile(
    rb"(?:^|\s)(" + _DAY + rb"\s+(?:" + _MONTH + rb"\s+\d{1,2}|\d{1,2}[\s-]" + _MONTH + rb")\b"
    rb"(?=.*\b\d\d:\d\d)[\s\d:A-Za-z+,-]{6,40}?\d{2,4}(?:\s+" + _ZONE + rb"(?:\s+\([\w ]+\))?)?)"
    rb"(?:\s+remote from \S+)?\s*$"
)
_NUMBER = re.compile(rb"-?\d{5,20}\s*$")
_BARE = re.compile(rb"From -?\s*$")
_NO_DATE = re.compile(rb"Thu Jan +1 00:00:00 1970|Mon Sep 17 00:00:00 2001")
"""What public-inbox and Git write in place of a date."""
_LENGTH = re.compile(rb"(?i)content-length[ \t]*:\s*(\d{1,8})\s*$")
_QUOTED = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_PIPERMAIL = re.compile(rb"From .* (?:at|@ending from|@end\|ng \|rom) ")
_LONGEST_LINE = 1 << 20
_MOST_AHEAD = 500_000
_TRIES = 20


class _Piece(NamedTuple):
    """One message as it stands in the file: the number of its first line, that line, and what follows."""

    line: int
    top: bytes
    raw: bytes
    is_cut: bool


def why_not(head: Head) -> str | None:
    lines = head.raw.lstrip(b"\r\n").split(b"\n")
    if not _is_separator(lines[0]):
        return "does not begin with a line 'From somebody Sat Jun  1 01:32:06 2013'"
    if len(lines) > 1 and not lines[1].strip():  # forum-dl and others begin with a message of nothing
        lines = next((lines[place:] for place in range(1, len(lines)) if _is_separator(lines[place])), lines)
    if len(lines) < 2 or not _begins(lines[0], lines[1]):
        return "no header field behind the first line"
    return None


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    told = Told()
    for piece in _messages(_Lines(file)):
        origin = Origin(name, piece.line)
        if not piece.top or not piece.raw.strip():
            reason = (
                "a message without a text"
                if piece.top
                else "no line 'From somebody Sat Jun  1 01:32:06 2013'"
            )
            yield Problem(origin, reason, skipped=True)
            continue
        date = None if _NO_DATE.search(piece.top) else _DATE.search(piece.top)
        raw = piece.raw if _PIPERMAIL.match(piece.top) else _unquoted(piece.raw)
        yield from records(raw, origin, told, date[1].decode("latin-1") if date else "")
        if piece.is_cut:
            yield Problem(origin, f"a message of over {LARGEST >> 20} MB; the rest of it is left out")


def _is_separator(line: bytes) -> bool:
    if not line.startswith(b"From ") or len(line) > 1000:
        return False
    return bool(_DATE.search(line, 4) or _NUMBER.match(line, 5) or _BARE.match(line))


def _begins(separator: bytes, behind: bytes) -> bool:
    """Whether a message follows; a line that says nothing needs a field that messages begin with."""
    if _BARE.match(separator):
        return is_usual_header(behind)
    return is_header(behind) or behind.startswith(b">From ")


def _unquoted(raw: bytes) -> bytes:
    """Lines of the body as they were before they were kept from looking like the beginning of a message."""
    return _QUOTED.sub(b"", raw)


class _Lines:
    """The lines of a file, with their numbers; one can look ahead."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._ahead: deque[bytes] = deque()
        self.number = 0

    def next(self) -> bytes:
        """The next line, b"" at the end."""
        line = self._ahead.popleft() if self._ahead else self._file.readline(_LONGEST_LINE)
        self.number += line.endswith(b"\n")
        return line

    def peek(self, place: int = 0) -> bytes:
        """The line so many behind the next, b"" if there is none."""
        if place < len(self._ahead):
            return self._ahead[place]
        return next(islice(self.ahead(), place, None), b"")

    def ahead(self) -> Iterator[bytes]:
        """The lines from the next on, as many as are held; they stay to be read."""
        yield from self._ahead
        while len(self._ahead) < _MOST_AHEAD and (line := self._file.readline(_LONGEST_LINE)):
            self._ahead.append(line)
            yield line


def _messages(lines: _Lines) -> Iterator[_Piece]:
    while lines.peek() and not lines.peek().strip():
        lines.next()
    tries = [_TRIES]
    while lines.peek():
        number = lines.number + 1
        top = lines.next() if _is_separator(lines.peek()) else b""
        raw, is_cut = _message(lines, tries)
        yield _Piece(number, top, raw, is_cut)


def _message(lines: _Lines, tries: list[int]) -> tuple[bytes, bool]:
    """(one message up to the next, whether it is cut); ``tries`` is how often Content-Length may be wrong."""
    kept = bytearray()
    size = length = 0
    left: int | None = None  # bytes of the body that Content-Length says are still to come
    is_sure = False  # that it says so rightly
    before = b"\n"
    while line := lines.peek():
        if kept and _parts(line, before, lines) and not is_sure:
            if not left or not tries[0] or not _ends_well(lines, left):
                tries[0] -= bool(left and tries[0])
                break
            is_sure = True
        before = lines.next()
        size += len(line)
        if size <= LARGEST:
            kept += line
        if left is not None:
            left = max(0, left - len(line))
            is_sure = is_sure and left > 0
        elif not line.strip():
            left = length
        elif found := _LENGTH.match(line):
            length = int(found[1])
    return bytes(kept), size > LARGEST


def _parts(line: bytes, before: bytes, lines: _Lines) -> bool:
    """Whether a message begins with a line, which is the next that ``lines`` has."""
    if not line.startswith(b"From ") or not _is_separator(line):
        return False
    behind = lines.peek(1)
    if before.strip():
        return is_usual_header(behind)
    return not behind or _begins(line, behind)


def _ends_well(lines: _Lines, left: int) -> bool:
    """Whether so many bytes ahead a message ends: behind empty lines stands another, or nothing."""
    for line in lines.ahead():
        if left > 0:
            left -= len(line)
        elif line.strip():
            return left == 0 and _is_separator(line)
    return left == 0
