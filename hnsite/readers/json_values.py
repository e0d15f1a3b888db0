"""A JSON dump -> its top-level values, one at a time, each with its line.

Takes one value, one per line (ndjson), several in a row, or one array, whose elements count as the
values. A value that is broken costs only itself: the next one is found again. No recursion, so
that any nesting is safe.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from hnsite.model import Origin, Problem
from hnsite.readers.input import decode, encoding_problem

_CHUNK = 1 << 20
_START = re.compile(rb'[{\[]|"(?:[^"\\\n]++|\\.)*+"|[^\s,\[\]{}"]+|[\]}"]')
_INSIDE = re.compile(rb'[{}\[\]]|"(?:[^"\\\n]++|\\.)*+"|"(?:[^"\\\n]++|\\.)*+\n|"', re.DOTALL)
_NEXT_LINE = re.compile(rb"\n[ \t,]*(?=[{\[])")


def json_values(file: BinaryIO, name: str) -> Iterator[tuple[Origin, Any] | Problem]:
    """Each value with its origin, and a Problem for each stretch that is no JSON."""
    odd: list[int] = []
    for line, raw in _pieces(file):
        origin = Origin(name, line)
        if isinstance(raw, str):
            yield Problem(origin, raw, skipped=True)
            continue
        try:
            yield origin, _value(raw, line, odd)
        except ValueError as error:
            yield Problem(
                Origin(name, line + _lines_before(error, raw)), f"broken JSON: {error}", skipped=True
            )
    if problem := encoding_problem(name, odd):
        yield problem


def _value(raw: bytes, line: int, odd: list[int]) -> Any:
    """One decoded value; tries the fast parser, then the tolerant, then the one without recursion."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        text, is_utf8 = decode(raw)
        if not is_utf8:
            odd.append(line)
        try:
            return json.loads(text)  # takes NaN and lone surrogates, which real dumps hold
        except RecursionError:
            return _deep_value(raw)
    except RecursionError:
        return _deep_value(raw)


def _deep_value(raw: bytes) -> Any:
    import ijson
    from ijson.common import ObjectBuilder

    builder = ObjectBuilder()
    try:
        for event, value in ijson.basic_parse(io.BytesIO(raw), use_float=True):
            builder.event(event, value)
    except ijson.JSONError as error:
        raise ValueError(" ".join(str(error).split())[:200]) from None
    return builder.value


def _lines_before(error: ValueError, raw: bytes) -> int:
    """How many lines into ``raw`` a parser's complaint points."""
    return error.lineno - 1 if isinstance(error, json.JSONDecodeError) else 0


def _pieces(file: BinaryIO) -> Iterator[tuple[int, bytes | str]]:
    """(line, bytes of one value) or (line, what is wrong there)."""
    first = file.readline(_CHUNK)
    line = 1
    while first and not first.strip():
        first = file.readline(_CHUNK)
        line += 1
    if first.lstrip()[:1] == b"{" and _is_whole(first):
        yield line, first
        for number, raw in enumerate(file, line + 1):
            if raw.strip():
                yield number, raw.strip()
    else:
        yield from _scan(file, first, line)


def _is_whole(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return False
    return True


def _scan(file: BinaryIO, buffer: bytes, line: int) -> Iterator[tuple[int, bytes | str]]:
    """Cuts at balanced brackets outside of strings. ``buffer`` begins with what was read already."""
    in_array = False
    position = 0  # everything before it is done with
    while True:
        match = _START.search(buffer, position)
        if match is None or match.end() == len(buffer):
            line += buffer.count(b"\n", 0, position)
            buffer, position = buffer[position:], 0
            more = file.read(_CHUNK)
            buffer += more
            if more:
                continue
            if match is None:
                break
            match = _START.search(buffer)
            assert match
        token = match[0]
        start = match.start()
        here = line + buffer.count(b"\n", 0, start)
        if token == b"[" and not in_array and not buffer[:start].strip():
            in_array, position = True, match.end()
            continue
        if token == b"]" and in_array:
            in_array, position = False, match.end()
            continue
        if token not in (b"{", b"["):
            yield here, _scalar(token)
            position = match.end()
            continue
        line += buffer.count(b"\n", 0, start)
        buffer, end, whole = _balanced(file, buffer[start:])
        if whole:
            yield line, buffer[:end]
        elif end < len(buffer):
            yield line, "broken JSON: a quoted text has no end"
        else:
            yield line, "broken JSON: the file ends in the middle of this value"
            in_array = False
        position = end
    if in_array:
        yield line + buffer.count(b"\n"), "broken JSON: the file ends before the closing ]"


def _scalar(token: bytes) -> bytes | str:
    if token in (b"]", b"}", b'"'):
        return f"broken JSON: {token.decode()} is out of place"
    return token


def _balanced(file: BinaryIO, buffer: bytes) -> tuple[bytes, int, bool]:
    """(buffer, end of the value it begins with, whether the value is whole); reads on as needed."""
    depth = position = 0
    while True:
        for match in _INSIDE.finditer(buffer, position):
            token = match[0]
            if token in (b"{", b"["):
                depth += 1
            elif token in (b"}", b"]"):
                depth -= 1
                if not depth:
                    return buffer, match.end(), True
            elif token == b'"':  # begins a text that goes on behind the buffer's end
                position = match.start()
                break
            elif token.endswith(b"\n"):
                resume = _NEXT_LINE.search(buffer, match.end() - 1)
                return buffer, resume.end() if resume else len(buffer), False
            position = match.end()
        more = file.read(_CHUNK)
        if not more:
            return buffer, len(buffer), False
        buffer += more
