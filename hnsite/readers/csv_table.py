"""Tables of Hacker News items as text: CSV with any usual separator, or tabs; some without a header.

Values may be quoted and go over many lines, with quotes in them doubled or behind a backslash, as Spark
writes them; tab-separated values may have backslashes instead, as ClickHouse and databases write them. A
quote that is never closed costs only its own row.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from hnsite.model import Kind, Moment, Origin, Problem, Record, provisional_id
from hnsite.readers.input import (
    HEAD_SIZE,
    Head,
    Linewise,
    Places,
    bounded_lines,
    clean,
    decode,
    encoding_problem,
    iso_moment,
    length_problem,
    whole,
)
from hnsite.readers.table import COLUMNS, Table, lacking

NAME = "csv-table"
VERSION = 1

csv.field_size_limit(1 << 24)  # the module's limit is one for all; its default is shorter than long comments

_SEPARATORS = ",\t;|"
_SAMPLE = 100
_REREAD = 1 << 26  # characters that are looked at twice, because a quote before them had no end
_LONGEST_ROW = 1 << 25
_BACKSLASHES = re.compile(r"\\[nN\\t]")
_QUOTES = re.compile(r'(?:^|\t)"', re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": ""}
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+")
_STORIES = ("id", "created_at", "created_at_i", "author", "points", "url_hostname", "num_comments", "title")
_COMMENTS = (
    *("id", "created_at", "created_at_i", "author", "points"),
    *("story_id", "parent_id", "url_hostname", "comment_text"),
)
_POSTS = ("created_at", "points", "url_hostname", "title")
"""Tables that go about without a header."""


class _Layout(NamedTuple):
    """How a table is written: its separator, whether with backslashes in place of quotes or before them,
    its columns, if it names them."""

    separator: str
    escaped: bool
    slashed: bool
    names: tuple[str, ...]
    has_header: bool


def why_not(head: Head) -> str | None:
    if head.is_json:
        return "JSON, not a table"
    found = _layout(head.text.removeprefix("\ufeff"), cut=len(head.raw) >= HEAD_SIZE)
    return found if isinstance(found, str) else None


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    head = file.read(HEAD_SIZE)
    layout = _layout(Head(head).text.removeprefix("\ufeff"), cut=len(head) >= HEAD_SIZE)
    if isinstance(layout, str):
        yield Problem(Origin(name, 1), f"no table of Hacker News items: {layout}", skipped=True)
        return
    lines = _Lines(_Joined(head, file))
    table = Table(layout.names)
    is_empty = True
    for line, row, wrong in _rows(lines, layout):
        is_empty = False
        origin = Origin(name, line)
        if row and layout.names == _POSTS:
            yield _post(row, origin)
        elif row:
            yield from table.read(row, origin)
        if wrong:
            yield Problem(origin, wrong, skipped=row is None)
    yield from table.in_order(Origin(name, 1))
    if is_empty:
        yield Problem(Origin(name, 1), "a table without rows")
    if problem := encoding_problem(name, lines.odd):
        yield problem
    if problem := length_problem(name, lines.long):
        yield problem


def _layout(text: str, *, cut: bool) -> _Layout | str:
    """How the table is written that begins with ``text``, or why there is none."""
    first = text.lstrip("\n").partition("\n")[0]
    separators = sorted((one for one in _SEPARATORS if one in first), key=lambda one: -first.count(one))
    reason = "no columns with a separator"
    for separator in separators:
        escaped = separator == "\t" and bool(_BACKSLASHES.search(text)) and not _QUOTES.search(text)
        rows, slashed = _sample(text, separator, escaped, cut), False
        if not escaped and '\\"' in text:
            other = _sample(text, separator, escaped, cut, slashed=True)
            if slashed := _misfits(other) < _misfits(rows):
                rows = other
        names = tuple(rows[0]) if rows else ()
        if (known := _headless(rows)) is not None:
            return _Layout(separator, escaped, slashed, known, has_header=False)
        if (why := _refusal(names, rows[1:])) is None:
            return _Layout(separator, escaped, slashed, names, has_header=True)
        reason = why if separator == separators[0] else reason
    return reason


def _misfits(rows: Sequence[Sequence[str]]) -> float:
    """How many of the rows are longer than the first: quotes that were taken for other than they are."""
    return sum(len(row) > len(rows[0]) for row in rows) / max(1, len(rows))


def _sample(text: str, separator: str, escaped: bool, cut: bool, *, slashed: bool = False) -> list[list[str]]:
    """The first rows, without one that may go on behind the text."""
    rows: list[list[str]] = []
    try:
        for row in _parser(io.StringIO(text, newline=""), separator, escaped, slashed):
            if row:
                rows.append(row)
            if len(rows) > _SAMPLE:
                return rows
    except csv.Error:
        pass
    return rows[:-1] if cut and len(rows) > 1 else rows


def _headless(rows: Sequence[Sequence[str]]) -> tuple[str, ...] | None:
    """The columns of a table that has none in it, where its values tell them beyond doubt."""
    for names in (_STORIES, _COMMENTS):
        if rows and all(len(row) == len(names) and _is_dated(row[1], row[2]) for row in rows):
            return names
    return _POSTS if rows and all(map(_is_post, rows)) else None


def _is_dated(date: str, seconds: str) -> bool:
    """Whether one column says the same as the other, as ``created_at`` and ``created_at_i`` do."""
    moment = iso_moment(date)
    return moment is not None and moment.epoch == whole(seconds)


def _is_post(row: Sequence[str]) -> bool:
    """A row of time, points, host and title: ``2014-06-24T05:50:40.000Z,1,flux7.com,8 Ways to ...``"""
    if len(row) != len(_POSTS) or "T" not in row[0]:
        return False
    is_host = not row[2] or _HOST.fullmatch(row[2])
    return bool(iso_moment(row[0]) and whole(row[1]) is not None and is_host and row[3])


def _refusal(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str | None:
    lower = [name.strip().lower() for name in names]
    places = {name: lower.index(name) for name in ("type", "id") if name in lower}
    values = {name: [row[place] for row in rows if len(row) == len(names)] for name, place in places.items()}
    if why := lacking(lower, values.get("type", ())):
        return why
    if values.get("id") and not any(map(whole, values["id"])):
        return "its ids are no numbers, as Hacker News's are"
    return None


class _Returns(io.RawIOBase):
    """A file whose lines end as those of old Macs did."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._file.read(len(buffer)).replace(b"\r", b"\n")
        buffer[: len(piece)] = piece
        return len(piece)


class _Joined:
    """A file whose head was read already."""

    def __init__(self, head: bytes, file: BinaryIO) -> None:
        is_old = b"\n" not in head
        self._head = io.BytesIO(head.replace(b"\r", b"\n") if is_old else head)
        self._file: Linewise = io.BufferedReader(_Returns(file)) if is_old else file

    def readline(self, size: int) -> bytes:
        line = self._head.readline(size)
        return line if line.endswith(b"\n") else line + self._file.readline(size - len(line))


class _Lines:
    """The lines of a table as ``csv`` wants them, which can be put back."""

    def __init__(self, file: _Joined) -> None:
        self.long = Places()
        self._raw = bounded_lines(file, self.long)
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self._size = 0
        self.number = 1
        self.odd = Places()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._waiting:
            text = self._waiting.popleft()
        else:
            text, is_utf8 = decode(next(self._raw))
            text = text.removeprefix("\ufeff") if self.number == 1 else text
            if not is_utf8:
                self.odd.append(self.number)
        self.number += 1
        self.taken.append(text)
        self._size += len(text)
        if self._size > _LONGEST_ROW and len(self.taken) > 1:
            raise csv.Error(f"longer than {_LONGEST_ROW >> 20} MB")
        return text

    def begin(self) -> None:
        """Lines from here on are those of a new row."""
        self.taken.clear()
        self._size = 0

    def put_back(self) -> int:
        """Gives back all taken lines but the first; returns how many characters they have."""
        lines = self.taken[1:]
        self._waiting.extendleft(reversed(lines))
        self.number -= len(lines)
        return sum(map(len, lines))


def _parser(lines: Iterator[str], separator: str, escaped: bool, slashed: bool) -> Iterator[list[str]]:
    if escaped:
        return csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    if slashed:
        return csv.reader(lines, delimiter=separator, escapechar="\\", doublequote=False)
    return csv.reader(lines, delimiter=separator)


def _rows(lines: _Lines, layout: _Layout) -> Iterator[tuple[int, list[str] | None, str | None]]:
    """Each row with its first line, and what is wrong with it."""
    parser = _parser(lines, layout.separator, layout.escaped, layout.slashed)
    budget = _REREAD
    skips = layout.has_header
    while True:
        line = lines.number
        lines.begin()
        try:
            row = next(parser)
            if skips:
                skips = False
                continue
        except StopIteration:
            return
        except csv.Error as error:
            row, reason = [], f"a row that cannot be read: {error}"
        else:
            reason = f"a row of {len(row)} columns, not {len(layout.names)}"
        if fitting := _fitting(row, layout, many_lines=len(lines.taken) > 1):
            yield line, fitting, None
        elif len(lines.taken) > 1 and budget > 0:
            first = lines.taken[0]
            budget -= lines.put_back()
            row = _as_written(first, layout.separator)
            yield line, _fitting(row, layout, many_lines=True), "a row with a quote that has no end"
        elif lines.taken[0].strip():
            yield line, None, reason


def _as_written(line: str, separator: str) -> list[str]:
    """A line's values with their quotes; none if there is a line break among them."""
    try:
        return next(csv.reader([line], delimiter=separator, quoting=csv.QUOTE_NONE), [])
    except csv.Error:
        return []


def _fitting(row: list[str], layout: _Layout, *, many_lines: bool) -> list[str] | None:
    """The row with a value for each column, or None. Programs leave out the last values where they are
    empty; a row of many lines must fit exactly, because a quote without an end makes such rows too."""
    width = len(layout.names)
    if many_lines and (len(row) != width or not _has_id(row, layout)):
        return None
    if not row or any(row[width:]):
        return None
    row = row[:width] + [""] * (width - len(row))
    return [_unescaped(value) for value in row] if layout.escaped else row


def _has_id(row: Sequence[str], layout: _Layout) -> bool:
    places = [place for place, name in enumerate(layout.names) if name.strip().lower() in COLUMNS["id"]]
    return not places or any(whole(row[place]) for place in places)


def _unescaped(value: str) -> str:
    if "\\" not in value or value == "\\N":
        return value
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), value)


def _post(row: Sequence[str], origin: Origin) -> Record:
    """A story of which the number is not told: known by its title and site, and here by its time."""
    date, points, host, title = (clean(value) for value in row[:4])
    created: Moment | None = iso_moment(date) if date else None
    return Record(
        origin,
        provisional_id("story", title, host, date),
        Kind.STORY,
        created=created,
        title=title,
        domain=host,
        score=whole(points),
    )
