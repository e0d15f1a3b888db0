"""What ``hnsite export`` writes: items of the Hacker News API, one a line, that say under the key ``hnsite``
what else merging made of all dumps; and the rows of tables with the same. ``items.py`` writes them.

A site built from an export is the one that it was made of, alone and together with the dumps of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, BinaryIO

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import replace

from hnsite.model import (
    SECONDS,
    Change,
    Dialect,
    Evidence,
    Kind,
    Moment,
    Note,
    Origin,
    Piece,
    Problem,
    Record,
    Settled,
    State,
)
from hnsite.readers.input import Head, Number, Seconds, clean, clean_name
from hnsite.readers.json_values import json_value, json_values
from hnsite.urls import note_path

NAME = "hnsite-export"
VERSION = 1

COLUMN = "hnsite"
"""The column by which a table is known as an export, and the key by which a line is."""
FLAGS = ("deleted", "dead")
LISTS = ("parts", "kids")
VALUES = ("id", "type", "by", "time", "parent", "poll", "title", "url", "score", "text")
"""The fields of an item that say what no other says, by their kinds."""

_SIGN = re.compile(rb'"hnsite"\s*:\s*\{\s*"export"\s*:\s*\d')
_NEWER = "is of an export by a newer hnsite; skipped"
_KNOWN = 1
_NOTE = "note"
_PLACE = re.compile(r"(?!\.{1,2}/|.*/\.{1,2}/)(?:[^/\0]+/)*[^/\0]*\.[mM][dD]")
_UNPLACED = (Evidence.THREAD, Evidence.UNKNOWN)

Id = Annotated[int, Meta(gt=0, lt=10**15)] | Annotated[str, Meta(min_length=1, max_length=250)]


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    return None if _SIGN.search(head.raw) else "no export of hnsite"


def read(file: BinaryIO, name: str) -> Iterator[Piece]:
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
        else:
            yield from read_item(piece[1], piece[0])


class Rows:
    """A table that ``hnsite export`` wrote, by the names of its columns; reads its rows."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = [name for name in names if name in (COLUMN, *FLAGS, *LISTS, *VALUES)]
        self.used = [names.index(name) for name in self._names]
        """Which of the columns say anything, by their places."""

    def read(self, row: Sequence[Any], origin: Origin) -> Iterator[Piece]:
        """One row, of the columns that are used."""
        yield from read_item(dict(self._values(row)), origin)

    def _values(self, row: Sequence[Any]) -> Iterator[tuple[str, Any]]:
        for name, value in zip(self._names, row, strict=True):
            if name in FLAGS:
                yield name, bool(value)
            elif value is not None:
                is_json = name in LISTS or name == COLUMN
                yield name, json_value(value.encode()) if is_json and isinstance(value, str) else value

    def in_order(self, origin: Origin) -> Iterator[Record]:
        """Nothing: each row says how its own replies stand."""
        return iter(())


class _Precision(Struct):
    unit: str = "second"
    words: str | None = None


class _Moment(_Precision):
    time: Seconds | None = None


class _Change(Struct):
    time: Seconds | None
    stated: bool


class _About(Struct):
    export: int
    thread: Id
    held: bool = True
    shown: bool = False
    removed: bool = False
    withheld: bool = False
    noindex: bool = False
    evidence: Evidence = Evidence.STATED
    dialect: Dialect = Dialect.TEXT
    domain: str | None = None
    original: str | None = None
    captured: Seconds | None = None
    thread_captured: Seconds | None = None
    precision: _Precision | None = None
    edited: _Moment | None = None
    changed: _Change | None = None
    was: list[Id] = []
    beside: list[Id] = []
    dumps: list[str] = []


class _Item(Struct):
    id: Id
    type: Kind
    hnsite: _About
    deleted: bool = False
    dead: bool = False
    by: str | None = None
    time: Seconds | None = None
    parent: Id | None = None
    poll: Id | None = None
    title: str | None = None
    url: str | None = None
    score: Number | None = None
    parts: list[Id] = []
    kids: list[Id] = []
    text: str | None = None


class _NoteFacts(Struct):
    nav: bool = True
    listed: bool = True
    description: str = ""
    date: _Moment | None = None
    weight: Annotated[int, Meta(gt=-(10**9), lt=10**9)] | None = None


class _AboutNote(Struct):
    export: int
    note: _NoteFacts


class _Note(Struct):
    id: Annotated[str, Meta(max_length=250)]
    hnsite: _AboutNote
    title: str = ""
    text: str = ""


def read_item(value: Any, origin: Origin) -> Iterator[Piece]:
    """One item of an export: what it says, and where it says more of its thread or of a deleted item that is
    shown, a record more; or a page."""
    if isinstance(value, dict) and value.get("type") == _NOTE:
        yield _note(value, origin)
        return
    try:
        item = convert(value, _Item)
    except ValidationError as error:
        yield Problem(origin, f"not an item of an export: {_told(error)}; skipped", skipped=True)
        return
    if item.hnsite.export > _KNOWN:
        yield Problem(origin, f"item {_text(item.id)} {_NEWER}", skipped=True)
        return
    record = _record(item, origin)
    if item.hnsite.shown and item.deleted:  # its author is not one that a dump names that calls it deleted
        yield replace(record, state=None)
        yield _bare(record, state=State.DELETED, captured=record.captured)
    else:
        yield record
    if (captured := item.hnsite.thread_captured) is not None:
        yield _bare(record, captured=captured)


def _note(value: Any, origin: Origin) -> Note | Problem:
    try:
        said = convert(value, _Note)
    except ValidationError as error:
        return Problem(origin, f"no page of an export: {_told(error)}; skipped", skipped=True)
    if not _PLACE.fullmatch(said.id):
        return Problem(origin, f"no place of a page: {said.id[:100]!a}; skipped", skipped=True)
    facts = said.hnsite.note
    return Note(
        origin,
        said.id,
        note_path(said.id),
        _line(said.title),
        said.text,
        _line(facts.description),
        _moment(facts.date.time, facts.date) if facts.date else None,
        facts.weight,
        facts.nav,
        facts.listed,
    )


def _line(text: str) -> str:
    return " ".join((clean(text) or "").split())


def _told(error: Exception) -> str:
    return " ".join(ascii(str(error))[1:-1].split())[:200]


def _bare(record: Record, state: State | None = None, captured: int | None = None) -> Record:
    """A record more of the same item, at the same place."""
    return Record(
        record.origin, record.id, record.kind, state=state, captured=captured, settled=record.settled
    )


def _record(item: _Item, origin: Origin) -> Record:
    about = item.hnsite
    above = item.parent or item.poll
    parent = _text(above) if above else None
    is_stated = about.evidence is Evidence.STATED
    thread = _text(about.thread)
    is_placed = not is_stated and (about.evidence not in _UNPLACED or parent != thread)
    return Record(
        origin,
        _text(item.id),
        item.type,
        parent=parent if is_stated else None,
        thread=thread if about.evidence is Evidence.THREAD else None,
        author=clean_name(item.by),
        created=_moment(item.time, about.precision),
        title=clean(item.title),
        url=clean(item.url),
        domain=clean(about.domain),
        body=clean(item.text),
        dialect=about.dialect,
        score=item.score,
        state=_state(item) if about.held else None,
        captured=about.captured,
        edited=_moment(about.edited.time, about.edited) if about.edited else None,
        original=clean(about.original),
        settled=Settled(
            thread,
            parent=parent if is_placed else None,
            evidence=about.evidence if is_placed else None,
            order=_texts([*item.parts, *item.kids]),
            changed=Change(about.changed.time, about.changed.stated) if about.changed else None,
            was=_texts(about.was),
            beside=_texts(about.beside),
            dumps=tuple(one for place in about.dumps if (one := clean(place))),
            is_withheld=about.withheld,
            noindex=about.noindex,
        ),
    )


def _state(item: _Item) -> State:
    if item.deleted:
        return State.REMOVED if item.hnsite.removed else State.DELETED
    return State.DEAD if item.dead else State.LIVE


def _moment(epoch: int | None, precision: _Precision | None) -> Moment | None:
    if precision is None:
        return None if epoch is None else Moment(epoch)
    unit = precision.unit if precision.unit in SECONDS else "year"
    words = clean(precision.words)
    return Moment(epoch, unit, words) if epoch is not None or words else None


def _text(id: int | str) -> str:
    return str(id) if isinstance(id, int) else clean_name(id) or "?"


def _texts(ids: Sequence[int | str]) -> tuple[str, ...]:
    return tuple(map(_text, ids))
