"""All comments of one user as plain text, newest first, as the program hn-comments prints them.

Each begins with a line of 72 ``=``, then ``ID:   <id>  |  2024-11-14 12:00 UTC`` and ``URL:  <address>``. The
last lines of the file, if they are there, tell who wrote them: ``Total: 12 comments by <name>``. Where such
files are collected, they are kept as ``users/<name>/comments.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from msgspec.structs import replace

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State, hn_name
from hnsite.readers.input import Head, Lines, clean, iso_moment, whole

NAME = "user-comments"
VERSION = 1

_RULE = "=" * 72
_ID = r"ID: +(\d{1,15}) +\| +(\d{4}-\d\d-\d\d \d\d:\d\d) UTC *"
_ID_LINE = re.compile(_ID)
_URL_LINE = re.compile(r"URL: +https?://news\.ycombinator\.com/item\?id=\d+ *")
_HEAD = re.compile(rf"^{_RULE}\s*\n{_ID}$", re.MULTILINE)
_TOTAL = re.compile(r"Total: \d+ comments by (\S{1,40})")
_PLACE = re.compile(r"(?:^|/)users/([A-Za-z0-9_-]{2,15})/comments\.txt\b")
_NO_TEXT = "(no text)"


def why_not(head: Head) -> str | None:
    if head.is_json:
        return "JSON, not text"
    return (
        None
        if _HEAD.search(head.text)
        else "no line of 72 '=' with 'ID:   123  |  2024-11-14 12:00 UTC' below it"
    )


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    lines = Lines(file, name)
    place = _PLACE.search(name)
    author = place[1] if place else None
    pieces: list[Record | Problem] = []  # all of them: the author stands at the end
    for line, block in _blocks(lines):
        text = "\n".join(block).strip()
        if total := _TOTAL.fullmatch(text):
            author = hn_name(total[1])
        elif match := _ID_LINE.fullmatch(block[0]) if block else None:
            pieces.append(_record(Origin(name, line), match, block[1:]))
        elif text:
            shown = "".join(one if one.isprintable() else " " for one in text[:60])
            pieces.append(Problem(Origin(name, line), f"not understood, no comment: {shown}", skipped=True))
    for piece in pieces:
        yield replace(piece, author=author) if isinstance(piece, Record) else piece
    if author is None:
        reason = "no last line 'Total: 12 comments by <name>': it is not known who wrote these"
        yield Problem(Origin(name, 1), reason)
    yield from lines.problems


def _blocks(lines: Lines) -> Iterator[tuple[int, list[str]]]:
    """What stands between lines of ``=``, with the first line's number; a comment may hold such lines too."""
    start, block = 1, list[str]()
    pending = False
    for number, line in lines:
        is_head = pending and (_ID_LINE.fullmatch(line) or line.startswith("Total: "))
        if pending and not is_head:
            block.append(_RULE)
        elif is_head:
            yield start, block
            start, block = number, []
        pending = line.rstrip() == _RULE
        if not pending:
            block.append(line)
    yield start, block


def _record(origin: Origin, head: re.Match[str], rest: list[str]) -> Record:
    if rest and _URL_LINE.fullmatch(rest[0]):
        rest = rest[1:]
    body = "\n".join(rest).strip("\n")
    moment = iso_moment(head[2])
    return Record(
        origin,
        str(whole(head[1])),
        Kind.COMMENT,
        created=Moment(moment.epoch, "minute") if moment else None,
        body=None if body == _NO_TEXT else clean(body),
        dialect=Dialect.TEXT,
        state=State.LIVE,
    )
