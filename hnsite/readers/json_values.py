"""A JSON dump -> its top-level values, one at a time, each with its line.

Takes one value, one per line (ndjson), several in a row, or an array, whose elements count as the
values. A value that is broken costs only itself: the next one is found again. No recursion, so
that any nesting is safe; no more in memory than one value and one piece of the file. What is larger than
anybody's value is passed over, so that no file can fill the memory.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Set
from typing import Any, NamedTuple, Protocol

import msgspec

from hnsite.model import Origin, Problem
from hnsite.readers.input import Places, decode, encoding_problem

_CHUNK = 1 << 20
_LONGEST_ROW = 1 << 24
_LONGEST = 1 << 26
"""Bytes of one value that are held."""
_DEEPEST = 1 << 20
_MOST_PARTS = 2_000_000
"""Lists and objects in one value that is longer than a row: each takes a hundred times its brackets."""
_RETRIES = 100  # how often a value without an end is given up for what begins inside of it
_TEXT = rb'"(?:[^"\\\n]++|\\[^\n])*+(?:"|\\?(?:\n|\Z))'  # a quoted text, or as much as one line has of it
_START = re.compile(rb"[{}\[\]]|" + _TEXT + rb'|[^\s,{}\[\]"][^\n,{}\[\]"]*')
_INSIDE = re.compile(rb"[{}\[\]]|\n(?=\{)|" + _TEXT)
_DULL = re.compile(rb'(?:[^{}\[\]"\n]++|\n(?=[^{])|"(?:[^"\\\n]++|\\[^\n])*+"|\[[^{}\[\]"]*+\])*+')
"""What ``_INSIDE`` would step through without any consequence: taken in one stride."""
_RESUME = re.compile(rb"\n[ \t,]*(?=[{\[])")
_BLANK = re.compile(rb"[\s,]*+")
_SCALAR = re.compile(rb'[^\n,{}\[\]"]*+')
_TEXT_END = re.compile(rb'(?:[^"\\\n]++|\\[^\n])*+')
_FLAT = re.compile(
    rb'(?:[^{}\[\]"\n]++|\n(?=[^{])|"(?:[^"\\\n]++|\\[^\n])*+"|\[[^{}\[\]"]*+\]'
    rb'|\{(?:[^{}\[\]"]++|"(?:[^"\\\n]++|\\[^\n])*+")*+\})*+'
)
"""What is passed over in a value in one stride."""
_BRACKETS = re.compile(rb"[{\[]+|[}\]]+")
_LINES = re.compile(rb"(?:[^\n]++|\n(?![ \t,]*[{\[]))*+")

_decode = msgspec.json.Decoder().decode
_skip = msgspec.json.Decoder(msgspec.Raw).decode

_NO_END = "broken JSON: a quoted text has no end"
_UNFINISHED = "broken JSON: this value has no end"
_CUT = "broken JSON: the file ends in the middle of this value"
_OPEN = "broken JSON: the file ends before the closing ]"
_LARGE = f"a value of over {_LONGEST >> 20} MB, or nested over {_DEEPEST:,} deep, is left out"
_MANY = f"a value of over {_MOST_PARTS:,} lists and objects is left out"


class Readable(Protocol):
    """An open binary file, or as much of one as is read here."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, ``size`` at most; none at the end."""


def json_values(file: Readable, name: str, first: int = 1) -> Iterator[tuple[Origin, Any] | Problem]:
    """Each value with its origin, and a Problem for each stretch that is no JSON.

    ``first`` is the number of the file's first line, where it is the rest of a file.
    """
    odd = Places()
    for line, piece in _pieces(_Buffer(file, first)):
        origin = Origin(name, line)
        if isinstance(piece, dict):
            yield origin, piece
            continue
        if isinstance(piece, str):
            yield Problem(origin, piece, skipped=piece != _OPEN)
            continue
        try:
            yield origin, _value(piece, line, odd)
        except ValueError as error:
            reason = str(error)
            if isinstance(error, json.JSONDecodeError):
                reason, origin = error.msg, Origin(name, line + error.lineno - 1)
            yield Problem(origin, f"broken JSON: {' '.join(reason.split())[:200]}", skipped=True)
    if problem := encoding_problem(name, odd):
        yield problem


def json_value(raw: bytes) -> Any:
    """The one value that these bytes are; None if they are none."""
    try:
        return _value(raw, 1, Places())
    except ValueError:
        return None


def contained(value: Any, signs: Set[str]) -> Iterator[Any]:
    """What in a value has one of these names, in its order, through lists and objects that have none.

    The value itself if there is nothing of that kind; what else stands in a list with such counts too.
    """
    stack: list[tuple[Any, bool]] = [(value, False)]
    found = 0
    while stack:
        one, is_listed = stack.pop()
        if isinstance(one, _Unless):
            if one.found == found:
                found += 1
                yield one.value
            continue
        if isinstance(one, dict) and one.keys().isdisjoint(signs):
            parts = [(part, False) for part in one.values() if _is_nested(part)]
            if parts and is_listed:
                stack.append((_Unless(one, found), False))
        elif isinstance(one, list) and _is_nested(one):
            parts = [(part, True) for part in one]
        else:
            parts, is_listed = [], True
        stack.extend(reversed(parts))
        if is_listed and not parts:
            found += 1
            yield one
    if not found:
        yield value


class _Unless(NamedTuple):
    """A value of a list, which counts itself if nothing more was found behind it: then it holds nothing."""

    value: Any
    found: int


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(one, dict | list) for one in value)
    )


def _value(raw: bytes, line: int, odd: Places) -> Any:
    """One decoded value; tries the fast parser, then the tolerant, then the one without recursion."""
    try:
        return _decode(raw)
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
        raise ValueError(str(error)) from None
    return builder.value


class _LargeError(Exception):
    """What begins here is more than is held at once."""


class _Buffer:
    """A file read piece by piece: ``data`` from ``at`` on is still to be used, ``line`` is that of ``at``."""

    def __init__(self, file: Readable, line: int) -> None:
        self._file = file
        self._counted = 0
        self._line = line
        self.data = b""
        self.at = 0
        self.retries = _RETRIES

    @property
    def line(self) -> int:
        self._line += self.data.count(b"\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def more(self) -> int | None:
        """Reads on; returns by how much what is left moved towards the front, None at the file's end.

        The more is left, the more is read, because what is left is looked through again.
        """
        left = len(self.data) - self.at
        if left > _LONGEST:
            raise _LargeError
        piece = self._file.read(min(max(_CHUNK, left), _LONGEST_ROW))
        if not piece:
            return None
        self._line, shift = self.line, self.at
        self.data = self.data[shift:] + piece
        self.at = self._counted = 0
        return shift

    def find(self, pattern: re.Pattern[bytes], start: int) -> re.Match[bytes] | None:
        """The next match, read as far as it goes: one that touches the buffer's end may be longer."""
        while True:
            match = pattern.search(self.data, start)
            if match and match.end() < len(self.data):
                return match
            shift = self.more()
            if shift is None:
                return pattern.search(self.data, start)
            start -= shift

    def pass_over(self, pattern: re.Pattern[bytes]) -> bytes:
        """Moves behind what a pattern, which matches everywhere, matches here, be it the rest of the file;
        returns the byte that is there."""
        while True:
            self.at = _behind(pattern, self.data, self.at)
            if len(self.data) - self.at > 1 or self.more() is None:  # one may be half of an escape
                return self.data[self.at : self.at + 1]


def _pieces(buffer: _Buffer) -> Iterator[tuple[int, dict[str, Any] | bytes | str]]:
    """(line, an object or the bytes of one value), or (line, what is wrong there)."""
    first = True
    holds_arrays = in_array = False
    while True:
        if not in_array and (row := _row(buffer)):
            yield row
            first = False
            continue
        if not buffer.pass_over(_BLANK):
            break
        line = buffer.line
        try:
            match = buffer.find(_START, buffer.at)
        except _LargeError:
            _pass_over_scalar(buffer)
            yield line, _LARGE
            continue
        assert match  # whatever is not blank begins something
        token = match[0]
        holds_arrays = holds_arrays or (first and token == b"[")
        first = False
        if holds_arrays and token == (b"]" if in_array else b"["):
            in_array = not in_array
            buffer.at += 1
        elif token in (b"{", b"["):
            yield line, (piece := _balanced(buffer))
            in_array = in_array and piece != _CUT
        else:
            buffer.at += len(token)
            yield line, _scalar(token)
    if in_array:
        buffer.at = len(buffer.data)
        yield buffer.line, _OPEN


def _row(buffer: _Buffer) -> tuple[int, dict[str, Any] | bytes] | None:
    """The object that the next line is, if it is one and nothing else: the usual case, and a fast one."""
    if not buffer.data.startswith(b"{", buffer.at) and buffer.pass_over(_BLANK) != b"{":
        return None
    while True:
        end = buffer.data.find(b"\n", buffer.at)
        if end >= 0:
            break
        if len(buffer.data) - buffer.at > _LONGEST_ROW:
            return None
        if buffer.more() is None:
            end = len(buffer.data)
            break
    value = _whole(buffer.data[buffer.at : end])
    if value is None:
        return None
    line = buffer.line
    buffer.at = min(end + 1, len(buffer.data))
    return line, value


def _whole(raw: bytes) -> dict[str, Any] | bytes | None:
    """The one object that these bytes are, or the bytes if only its texts are odd; None if they are none."""
    try:
        return _decode(raw)  # type: ignore[no-any-return]
    except (ValueError, RecursionError):
        pass
    try:
        _skip(raw)
    except (ValueError, RecursionError):
        return None
    return raw


def _behind(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    """Where a pattern ends that matches everywhere, be it nothing."""
    match = pattern.match(data, at)
    assert match
    return match.end()


def _scalar(token: bytes) -> bytes | str:
    if token in (b"]", b"}"):
        return f"broken JSON: {token.decode()} is out of place"
    has_end = not token.startswith(b'"') or (len(token) > 1 and token.endswith(b'"'))
    return token if has_end else _NO_END


def _balanced(buffer: _Buffer) -> bytes | str:
    """The value that begins here, up to its closing bracket, or what is wrong with it; moves behind it."""
    try:
        piece = _held(buffer)
    except _LargeError:
        _pass_over(buffer)
        return _LARGE
    if isinstance(piece, bytes) and len(piece) > _LONGEST_ROW:
        return _MANY if piece.count(b"[") + piece.count(b"{") > _MOST_PARTS else piece
    return piece


def _pass_over_scalar(buffer: _Buffer) -> None:
    """Moves behind a text or another value without brackets."""
    if not buffer.data.startswith(b'"', buffer.at):
        buffer.pass_over(_SCALAR)
    elif _pass_over_text(buffer) == b'"':
        buffer.at += 1


def _pass_over_text(buffer: _Buffer) -> bytes:
    """Moves to what ends the text that begins here: a quote or, if it has no end, its line's."""
    buffer.at += 1
    return buffer.pass_over(_TEXT_END)


def _pass_over(buffer: _Buffer) -> None:
    """Moves behind a value with brackets, or to where it breaks off for the next."""
    depth = 0
    while end := buffer.pass_over(_FLAT) if depth else buffer.data[buffer.at : buffer.at + 1]:
        if end == b'"':
            if _pass_over_text(buffer) != b'"':
                buffer.pass_over(_LINES)
                return
            buffer.at += 1
        elif end == b"\n":
            if buffer.data[max(0, buffer.at - 200) : buffer.at].rstrip()[-1:] not in (b"", b",", b"["):
                return
            buffer.at += 1
        else:
            depth = _pass_over_brackets(buffer, depth)
            if not depth:
                return


def _pass_over_brackets(buffer: _Buffer, depth: int) -> int:
    """Moves behind brackets of one kind, as many as are deep; returns how deep that is."""
    found = _BRACKETS.match(buffer.data, buffer.at)
    assert found
    count = len(found[0])
    opens = found[0][:1] in (b"{", b"[")
    buffer.at += count if opens else min(count, depth)
    return depth + count if opens else max(0, depth - count)


def _held(buffer: _Buffer) -> bytes | str:
    """As ``_balanced``; raises _LargeError for what is too large to be held."""
    depth = 1
    offset = 1  # from the value's beginning, which stays at buffer.at
    while match := buffer.find(_INSIDE, _behind(_DULL, buffer.data, buffer.at + offset)):
        token = match[0]
        offset = match.end() - buffer.at
        if token in (b"{", b"["):
            depth += 1
            if depth > _DEEPEST:
                raise _LargeError
        elif token in (b"}", b"]"):
            depth -= 1
            if not depth:
                value = buffer.data[buffer.at : match.end()]
                buffer.at = match.end()
                return value
        elif token == b"\n":
            before = buffer.data[max(buffer.at, match.start() - 200) : match.start()].rstrip()
            if before and before[-1:] not in (b",", b"["):  # no object can begin here but the next value
                return _give_up(buffer, match.end(), _UNFINISHED)
        elif token.endswith(b"\n"):
            resume = buffer.find(_RESUME, match.end() - 1)
            buffer.at = resume.end() if resume else len(buffer.data)
            return _NO_END
    return _give_up(buffer, len(buffer.data), _CUT)


def _give_up(buffer: _Buffer, end: int, reason: str) -> str:
    """Leaves a value without an end for the next that begins a line, be it inside of it; else for ``end``."""
    resume = _RESUME.search(buffer.data, buffer.at, end)
    if resume and buffer.retries and end - buffer.at <= _LONGEST_ROW:
        buffer.retries -= 1  # or a file that only opens brackets would take for ever
        buffer.at = resume.end()
        return _UNFINISHED
    buffer.at = end
    return reason
