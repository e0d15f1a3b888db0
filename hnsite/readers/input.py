"""What readers share for taking bytes apart: lines, JSON values, fields, dates. Knows no format.

Everything streams: a file is never in memory as a whole unless it is one single JSON value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Any, BinaryIO, Protocol

from msgspec import Meta

from hnsite.model import AGE, Moment, Origin, Problem, age_seconds

HEAD_SIZE = 65_536
LONGEST_LINE = 1 << 24
"""Bytes of one line that are read."""
LARGEST_TEXT = 1 << 26
"""Bytes that are read of a text whose lines are held all together."""
_WEIGHT = 100  # bytes that a line takes in memory besides its own
LAST_SECOND = 253_402_300_799  # the end of the year 9999, the last that dates can be written in
_YEAR_2100 = 4_102_444_800
_TOO_LARGE = 10**15

MOST_MENTIONS = 25_000
"""Mentions in one text in whose place names stand; what is behind so many is more than a page shows."""
_LONGEST_MENTION = 200

Id = Annotated[int, Meta(gt=0, lt=_TOO_LARGE)]
Number = Annotated[int, Meta(gt=-_TOO_LARGE, lt=_TOO_LARGE)]
Seconds = Annotated[int, Meta(ge=0, le=LAST_SECOND)]
"""What ``Fields`` lets through, as types for msgspec."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = bytes({*range(32), 127} - {*b"\t\n\r"})
_NOBODYS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_UNWRITABLE = re.compile(f"[\x80-\x9f\ufdd0-\ufdef{_NOBODYS}]")
"""Control characters and codes of nothing, which HTML may not hold."""
_PICTURES = {code: 0x2400 + code for code in {*range(32)} - {*b"\t\n\r"}} | {127: 0x2421}
_WHOLE = re.compile(r"(-?[0-9]{1,15})(?:\.0*)?")
_ID_LIST = re.compile(
    r"[\[({]?[\s\d,;.'\"]*[\])}]?"
)  # as JSON, Python, NumPy, Postgres and ClickHouse write it
_UTC = re.compile(r" ?UTC$")
_FLAGS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False, "": False}
_MONTH = re.compile(r"(?<=\bon )([A-Z][a-z]{2})[a-z]{1,6}(?= \d)")  # "on Sept 5, 2014", "on July 2, 2008"
_JSON = re.compile(rb'\s*(?:\{|null\b|\[\s*(?:[{}\[\]"]|-?\d|true\b|false\b|null\b|\Z))')
_KEY = re.compile(rb'"(\w{1,30})"\s*:')
_QUOTED = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_LONGEST_SIGN = 1000


class Linewise(Protocol):
    """An open binary file, or as much of one as is read here."""

    def readline(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Head:
    """The first bytes of a dump, for telling its format."""

    raw: bytes

    @cached_property
    def text(self) -> str:
        return self.raw.decode("utf-8", "replace").replace("\r\n", "\n").replace("\xa0", " ")

    @cached_property
    def is_json(self) -> bool:
        return bool(_JSON.match(self.raw))

    @cached_property
    def keys(self) -> frozenset[str]:
        """All names of JSON members in sight, at any depth."""
        return frozenset(key.decode() for key in _KEY.findall(self.raw)) if self.is_json else frozenset()


def abridged(raw: bytes) -> bytes:
    """JSON with nothing in place of its long texts, which do not tell its format."""
    return _QUOTED.sub(lambda text: text[0] if len(text[0]) <= _LONGEST_SIGN else b'""', raw)


def decode(raw: bytes) -> tuple[str, bool]:
    """Text and whether it was UTF-8; what is not is read as Windows-1252, the usual culprit."""
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), False


def clean(text: str | None) -> str | None:
    """The text without control characters, U+FFFD for lone surrogates; None where nothing is left."""
    if not text:
        return None
    if not text.isascii() and _UNWRITABLE.search(text):
        text = _UNWRITABLE.sub("", text)
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        raw = _SURROGATE.sub("\ufffd", text).encode()
        text = raw.decode()
    kept = raw.translate(None, _CONTROL)  # several times faster than a regular expression
    return (text if len(kept) == len(raw) else kept.decode()) or None


def clean_name(name: str | None) -> str | None:
    """The same for a name, in which signs stand for control characters, so that different names stay so."""
    if name and not name.isprintable():
        name = _UNWRITABLE.sub("\ufffd", name.translate(_PICTURES))
    return clean(name)


def bounded_lines(file: Linewise, long: Places) -> Iterator[bytes]:
    """The lines of a file, of which the numbers of those that are cut are added to ``long``."""
    number = 1
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            long.append(number)
        yield line
        number += 1


def length_problem(name: str, lines: Places) -> Problem | None:
    if not lines.count:
        return None
    more = f" (and {lines.count - 1} more)" if lines.count > 1 else ""
    reason = f"a line of over {LONGEST_LINE >> 20} MB{more}; the rest of it is left out"
    return Problem(Origin(name, lines.first), reason)


class Lines:
    """The lines of a text dump, numbered from 1; iterate once, then ask for ``problems``.

    Only ``\\n`` parts lines (``str.splitlines`` would also part at U+2028 and others). Who reads such a dump
    holds all its lines, so that there is an end to them.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._odd = Places()
        self._long = Places()
        self._end = 0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        left = LARGEST_TEXT
        for number, raw in enumerate(bounded_lines(self._file, self._long), 1):
            left -= len(raw) + _WEIGHT
            if left < 0:
                self._end = number
                return
            line, is_utf8 = decode(raw)
            if not is_utf8:
                self._odd.append(number)
            yield number, clean(line.rstrip("\r\n")) or ""

    @property
    def problems(self) -> Iterator[Problem]:
        """What was wrong with the lines, whatever they say."""
        if problem := encoding_problem(self._name, self._odd):
            yield problem
        if problem := length_problem(self._name, self._long):
            yield problem
        if self._end:
            reason = "larger than any text of this kind; what stands from here on is left out"
            yield Problem(Origin(self._name, self._end), reason)


class Places:
    """The first of some lines, and how many there are; all of them may be too many to hold."""

    def __init__(self) -> None:
        self.first = 0
        self.count = 0

    def append(self, line: int) -> None:
        self.first = self.first or line
        self.count += 1


def encoding_problem(name: str, lines: Places) -> Problem | None:
    if not lines.count:
        return None
    more = f" (nor on {lines.count - 1} more)" if lines.count > 1 else ""
    return Problem(Origin(name, lines.first), f"not UTF-8 on this line{more}; read as Windows-1252")


def mentioned(name: str) -> str:
    """A name as it stands in a text, maybe thousands of times: cut where it is longer than names are."""
    return name if len(name) <= _LONGEST_MENTION else f"{name[:_LONGEST_MENTION]}… [cut]"


@dataclass(slots=True)
class Fields:
    """One JSON object, read field by field; what has the wrong type is noted and counts as silence."""

    value: dict[str, Any]
    origin: Origin
    problems: list[Problem] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)
    """What the dump calls a field, for messages, where it has another name for it."""

    def text(self, name: str) -> str | None:
        """Numbers are not text."""
        value = self.value.get(name)
        if value is None or isinstance(value, str):
            return value
        self.note(name, "text")
        return None

    def number(self, name: str) -> int | None:
        value = self.value.get(name)
        if value is None or value == "" or value != value:  # NaN is how tables write "nothing"
            return None
        number = whole(value)
        if number is None:
            self.note(name, "a whole number")
        return number

    def id(self, name: str) -> int | None:
        """A Hacker News id: a positive number of at most 15 digits, or that in quotes."""
        number = self.number(name)
        if number is None or number > 0:
            return number
        self.note(name, "an id")
        return None

    def reference(self, name: str) -> int | None:
        """The id of another item; tables write 0 for none."""
        return self.id(name) if self.number(name) else None

    def ids(self, name: str) -> list[int]:
        value = self.value.get(name)
        if value is None or value != value:
            return []
        if isinstance(value, str) and _ID_LIST.fullmatch(value.strip()):
            value = re.findall(r"\d+(?:\.0*)?", value)
        if not isinstance(value, list):
            self.note(name, "a list of ids")
            return []
        ids = (Fields({name: one}, self.origin, self.problems).id(name) for one in value)
        return [id for id in ids if id]

    def flag(self, name: str) -> bool:
        value = self.value.get(name)
        if isinstance(value, str) and value.lower() in _FLAGS:
            return _FLAGS[value.lower()]
        if value is None or value != value:
            return False
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        self.note(name, "true or false")
        return False

    def seconds(self, name: str) -> int | None:
        """A time in seconds, UTC, since 1970."""
        seconds = self.number(name)
        if seconds is None or 0 <= seconds <= LAST_SECOND:
            return seconds
        self.note(name, "a time in seconds")
        return None

    def moment(self, *names: str) -> Moment | None:
        """What the first of these fields says that says anything: seconds since 1970, or a date."""
        for name in names:
            value = self.value.get(name)
            if value is None or value == "" or value != value:
                continue
            moment = iso_moment(value) if isinstance(value, str) else None
            if isinstance(value, float) and abs(value) < _TOO_LARGE:
                value = int(value)
            moment = moment or _epoch_moment(whole(value))
            if moment is None:
                self.note(name, "a time")
            return moment
        return None

    def date(self, name: str) -> Moment | None:
        """A date, or date and time, in ISO 8601."""
        text = clean(self.text(name))
        moment = iso_moment(text) if text else None
        if text and moment is None:
            self.note(name, "a date")
        return moment

    def note(self, name: str, wanted: str) -> None:
        id = self.value.get("id")
        of = "" if name == "id" or id is None else f" of item {_short(id).strip(_QUOTES)}"
        shown = _short(self.value.get(name))
        called = self.names.get(name, name)
        self.problems.append(Problem(self.origin, f"{called!r}{of} is {shown}, not {wanted}; ignored"))


def member_text(value: object, name: str) -> str:
    """A text that an object holds; "" for anything else."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def member_list(value: object, name: str) -> list[Any]:
    """A list that an object holds; an empty one for anything else."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def whole(value: object) -> int | None:
    """A whole number of at most 15 digits, also where it is written as text or with a point."""
    if type(value) is int:
        return value if abs(value) < _TOO_LARGE else None
    if isinstance(value, str):
        match = _WHOLE.fullmatch(value)
        return int(match[1]) if match else None
    if isinstance(value, float) and abs(value) < _TOO_LARGE and value.is_integer():
        return int(value)
    return None


def _short(value: object) -> str:
    """A value for a message; never the repr of something nested, which could recurse."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


_QUOTES = "'\""


def _epoch_moment(number: int | None) -> Moment | None:
    """Seconds since 1970, or thousandths, millionths or billionths of them where only that can be meant."""
    if number is None or 0 <= number <= LAST_SECOND:
        return None if number is None else Moment(number)
    for _ in range(3):
        number //= 1000
        if 10**9 <= number <= _YEAR_2100:
            return Moment(number)
    return None


def iso_moment(text: str) -> Moment | None:
    """A date or date and time in ISO 8601, or as BigQuery writes it; UTC where it names no zone."""
    text = _UTC.sub("+00:00", text.strip())
    if text.isdigit():
        return None  # a number: ISO's dates without signs are not used, epochs are
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    unit = "day" if re.fullmatch(r"[\d-]+", text) else "second"
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = int(moment.timestamp())
    return Moment(seconds, unit) if 0 <= seconds <= LAST_SECOND else None


def shown_moment(text: str, captured: int | None = None) -> Moment | None:
    """A date as pages show it: ISO, "14 Nov 24 01:12 UTC", "on Nov 14, 2024", or an age.

    An age becomes a date only relative to ``captured``; else its words are kept as they are.
    """
    text = text.strip()
    if not text:
        return None
    if age := AGE.fullmatch(text):
        return Moment(None if captured is None else max(0, captured - age_seconds(text)), age[2], text)
    text = _MONTH.sub(r"\1", text)
    for pattern, unit in (("%d %b %y %H:%M UTC", "minute"), ("on %b %d, %Y", "day")):
        try:
            seconds = int(datetime.strptime(text, pattern).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
        return Moment(seconds, unit) if 0 <= seconds <= LAST_SECOND else Moment(None, "year", text)
    return iso_moment(text) or Moment(None, "year", text)
