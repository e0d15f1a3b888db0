"""Lists that somebody saved -> what they ask for. Pure.

One id or address a line (what follows ``#`` is a comment), or what is exported of a reader's favourites at
Hacker News: its pages as a browser saves them, tables (CSV) and JSON of the tools that export them, and
bookmarks of browsers (HTML or JSON). In pages, bookmarks and exports, what is no thread is passed over; a
line of a plain list that is none is an error.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hnsite.errors import UsageError
from hnsite.model import Problem
from hnsite.readers.input import decode, whole
from hnsite.readers.json_values import json_values
from hnsite.wanted import POSSIBLE, Want, parse_want, want_of

LARGEST = 1 << 26
_HN = "https://news.ycombinator.com/"
_DISCUSSIONS = """
    comments commentsurl commentslink commenturl discussion discussionurl hackernewsurl hn hnurl hnlink hnitem
    itemurl itemlink permalink thread threadurl
""".split()  # noqa: SIM905
"""What stands there counts if it is an address: "comments" is often how many there are."""
_IDS = "hnid itemid objectid id storyid postid".split()  # noqa: SIM905
_LINKS = "url uri link href address".split()  # noqa: SIM905
_OF_BOOKMARKS = frozenset(["cover", "dateadded", "excerpt", "folder", "guid", "typecode"])
"""Beside these, an ``id`` is one of the browser's own, or of a keeper of bookmarks."""
_PAGE = re.compile(r"(?i)<(?:!doctype|html|head|body|table|tr|dl|dt|a)\b")
_ROW = re.compile(r"(?i)<tr\b[^<>]{0,500}>")
_IS_ITEM = re.compile(r"(?i)\bclass\s*=\s*[\"']?[^\"'>]{0,100}\bathing\b")
_ROW_ID = re.compile(r"(?i)\bid\s*=\s*[\"']?([0-9]{1,15})\b")
_HREF = re.compile(r"(?i)\bhref\s*=\s*(?:\"([^\"]{1,2000})\"|'([^']{1,2000})'|([^\s\"'>]{1,2000}))")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\])]{1,2000}")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_BULLET = re.compile(r"[-*+]\s+|[0-9]{1,4}[.)]\s+")
_NUMBERS = re.compile(r"\"?[0-9]{1,15}\"?(?:[\s,;]+\"?[0-9]{1,15}\"?)*[\s,;]*")
_DIGITS = re.compile(r"[0-9]+")
_NUMBERED = re.compile(r"\"?([0-9]{1,15})\"?[\s,;].*")
_DELIMITERS = (",", "\t", ";", "|")


def listed(raw: bytes, name: str) -> list[Want]:
    """What a file asks for, in its order, each once. Raises UsageError for what is no such list."""
    raw = _utf8(raw)
    text = decode(raw)[0].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    beginning = text.lstrip()[:1]
    found: Iterable[Want | None]
    if beginning and beginning in "{[":
        found = _of_json(raw, name)
    elif _PAGE.search(text, 0, 1 << 16):
        found = _of_page(text)
    elif (rows := _rows(text)) is not None:
        found = map(_of_object, rows)
    else:
        found = _of_lines(text, name)
    try:
        wants = list(dict.fromkeys(want for want in found if want))
    except csv.Error as error:
        raise UsageError(f"no table that can be read: {error}", name) from None
    if not wants:
        raise UsageError(f"there is nothing to fetch in it; it may list {POSSIBLE}", name)
    return wants


def _utf8(raw: bytes) -> bytes:
    """What consoles of Windows write as UTF-16, as UTF-8."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace").encode()
    return raw


def _of_lines(text: str, name: str) -> Iterator[Want]:
    for number, line in enumerate(text.split("\n"), 1):
        line = _BULLET.sub("", _COMMENT.sub("", line).strip(), count=1)
        try:
            yield from _of_line(line)
        except UsageError as error:
            raise UsageError(error.reason, f"{name}:{number}: {error.subject[:100]}") from None


def _of_line(line: str) -> list[Want]:
    """Raises UsageError where there is something that asks for nothing."""
    if found := [want for want in map(_of_text, _ADDRESS.findall(line)) if want]:
        return found
    if _NUMBERS.fullmatch(line):
        return [parse_want(number) for number in _DIGITS.findall(line)]
    numbered = _NUMBERED.fullmatch(line)
    return [parse_want(numbered[1] if numbered else line)] if line else []


def _of_text(text: str) -> Want | None:
    return want_of(text.rstrip(".,;:!?"))


def _of_page(text: str) -> Iterator[Want | None]:
    """The items that a page of Hacker News lists, or else what a page's links lead to."""
    rows = [row for row in _ROW.findall(text) if _IS_ITEM.search(row)]
    if rows:
        for row in rows:
            if id := _ROW_ID.search(row):
                yield want_of(id[1])
        return
    for groups in _HREF.findall(text):
        link = html.unescape("".join(groups))
        yield _thread(f"{_HN}{link}" if link.startswith("item?id=") else link)


def _rows(text: str) -> Iterator[dict[str, Any]] | None:
    """The rows of a table whose first line names a column that is known here."""
    first = text.split("\n", 1)[0].strip()
    for delimiter in _DELIMITERS:
        names = {_key(name.strip(' "')) for name in first.split(delimiter)}
        if names & {*_DISCUSSIONS, *_IDS, *_LINKS}:
            return csv.DictReader(io.StringIO(text), delimiter=delimiter)
    return None


def _of_json(raw: bytes, name: str) -> Iterator[Want | None]:
    for piece in json_values(io.BytesIO(raw), name):
        if isinstance(piece, Problem):
            raise UsageError(piece.reason, f"{piece.origin.file}:{piece.origin.position}")
        stack: list[Any] = [[piece[1]]]
        while stack:
            value = stack.pop()
            if isinstance(value, dict):
                if want := _of_object(value):
                    yield want
                else:
                    stack.extend(one for one in reversed(value.values()) if isinstance(one, dict | list))
            elif isinstance(value, list):
                stack.extend(reversed(value))
            else:
                yield _thread(value)


def _of_object(value: Mapping[str, Any]) -> Want | None:
    """What a row or an object stands for: where it is discussed, before its id, before its link."""
    said = {_key(name): one for name, one in value.items() if isinstance(name, str)}
    ids = () if said.keys() & _OF_BOOKMARKS else _IDS
    for name in (*_DISCUSSIONS, *ids, *_LINKS):
        is_address = isinstance(said.get(name), str) and not said[name].strip().isdecimal()
        if (name in ids or is_address) and (want := _thread(said.get(name))):
            return want
    return None


def _key(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def _thread(value: object) -> Want | None:
    """What a value names, if that is a thread."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    number = whole(value.strip() if isinstance(value, str) else value)  # tables write 8863.0
    want = want_of(str(value) if number is None else str(number))
    return want if want and want.kind != "author" else None
