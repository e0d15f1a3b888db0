"""Items as the Hacker News API gives them (github.com/HackerNews/API): one, an array, or one per line.

Also inside the containers that common tools put around them: ``{"items": {id: item}}``, ``{id: item}``,
``{"post": item, "comments": [...]}``, ``{"id": n, "body": item, "retrieved_at_ts": t}``; nested, with items
in place of ``kids`` or under ``comments``, ``children`` or ``replies``. And tables as JSON, by row or
by column, with BigQuery's, OpenPipe's and ClickHouse's ways to write times, flags and nothing. And what
hnsite itself writes below ``v0/`` (``pages/api.py``), with ids of other sources as text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

from msgspec import Struct, convert

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State, hn_name, is_held
from hnsite.readers.input import Fields, Head, Id, Number, Seconds, clean, clean_name, whole
from hnsite.readers.json_values import json_values
from hnsite.urls import SOURCES

NAME = "hn-api"
VERSION = 2

_SIGNS = {"by", "kids", "descendants", "dead", "deleted", "poll", "parts", "time_ts", "top_level_parent"}
_TYPE = re.compile(rb'"type"\s*:\s*"(?:story|comment|poll|pollopt|job)"')
_OTHERS = {
    "channel",  # of Discord
    "created_at_i",
    "is_archived",  # of Slack
    "objectID",
    "post_number",
    "post_stream",
    "posts_count",
    "profile",
    "real_name",
    "short_id",
    "timestampEdited",
    "topic_list",
    "ts",
    "created_utc",
    "time_ago",
    "sender_full_name",
    "extractor",
    "hnsite",
    "kind",
}
_KINDS = tuple(Kind)
_TYPES = dict(enumerate((Kind.STORY, Kind.COMMENT, Kind.POLL, Kind.POLLOPT, Kind.JOB), 1))
"""What ClickHouse's table of Hacker News stores for them, where the names were lost."""
_DATES = ("time", "timestamp", "time_ts")
_AS_NAMED: Mapping[str, str] = {}
_NESTING = ("kids", "comments", "children", "replies")
_FACTS = {"type", "by", "text", "title"}
_ABOUT = {"schema", "meta", "metadata", "features", "statistics"}
"""What containers tell of themselves."""
_COLUMNS = re.compile(rb'"(?:columns|meta)"\s*:\s*\[[^\]]*"id"[^\]]*"(?:by|kids|descendants|parent)"')
_NULL = re.compile(rb"\s*null\s*")
"""What the API answers for an item that it does not have."""
_OTHER_ID = re.compile(rf"(?:{'|'.join(sorted(SOURCES))})-\S{{1,200}}")
"""Ids of other sources, in files that hnsite wrote."""
_PLACEHOLDERS = {"[dead]", "[deleted]", "[flagged]", "[delayed]"}


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if _NULL.fullmatch(head.raw):
        return None
    if other := sorted(key for key in head.keys if key in _OTHERS or key.startswith("zerver_")):
        return f"has {other[0]!r}, which the API does not use"
    if "children" in head.keys and head.keys & {"parent_id", "story_id"}:
        return "nested items of Algolia"
    if "roots" in head.keys and head.keys <= {"roots", "items"}:
        return None  # the items stand behind the head
    if _COLUMNS.search(head.raw):
        return None
    if "id" not in head.keys or not (head.keys & _SIGNS or _TYPE.search(head.raw)):
        return "no API items ('id' with 'type', 'by', 'kids', ...)"
    return None


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
            continue
        origin, value = piece
        if isinstance(value, dict) and _stated(value) and not _below(_Piece(value)):
            yield from read_item(value, origin, None)
        else:
            yield from _walk(value, origin)


class _Piece(NamedTuple):
    """A value of the dump, the item that it stands in, and when it was taken where the container says so.

    ``listed`` says that it stands where items stand: in a list, or under a number.
    """

    value: Any
    parent: int | None = None
    captured: int | None = None
    listed: bool = False


def _walk(value: Any, origin: Origin) -> Iterator[Record | Problem]:
    """The items of a value, in the dump's order, through whatever contains and nests them."""
    stack = [_Piece(value)]
    found = False
    while stack:
        piece = stack.pop()
        inner = _inside(piece, origin)
        if inner is None:
            found = True
            below = _below(piece)
            yield from read_item(_flat(piece, below), origin, piece.captured)
            stack.extend(reversed(below))
        else:
            stack.extend(reversed(inner))
    if not found:
        yield Problem(origin, "an item without a usable 'id'; skipped", skipped=True)


def _inside(piece: _Piece, origin: Origin) -> list[_Piece] | None:
    """What a container holds, in its order; None for an item, or what stands in place of one."""
    value = piece.value
    if isinstance(value, list) and _is_nested(value):
        return [_Piece(one, piece.parent, piece.captured, listed=True) for one in value]
    if not isinstance(value, dict):
        return None
    id = value.get("id")
    if piece.parent or _stated(value) or (isinstance(id, int | str) and value.keys() & _FACTS):
        return None
    if "body" in value and isinstance(value["body"], dict | None):
        taken = Fields(value, origin).moment("retrieved_at_ts")
        return [_Piece(value["body"], captured=taken.epoch if taken else None)]
    if (rows := _rows(value)) is not None:
        return [_Piece(row) for row in rows]
    inner = [_Piece(one, listed=key.isdecimal()) for key, one in value.items() if _may_hold(key, one)]
    return inner if inner or not (piece.listed or id or value.keys() & _FACTS) else None


def is_item(value: Any) -> bool:
    """Whether a value is surely an item: it says its type, and has an id."""
    return isinstance(value, dict) and _stated(value) and whole(value.get("id")) is not None


def _stated(value: dict[str, Any]) -> bool:
    """Whether a value says that it is an item."""
    return isinstance(stated := value.get("type"), str) and stated in _KINDS


def _may_hold(key: str, value: Any) -> bool:
    """Whether items may stand under a container's key; under an id may stand that there is none."""
    if isinstance(value, list):
        return key not in _ABOUT and _is_nested(value)
    return key not in _ABOUT and (isinstance(value, dict) or (value is None and key.isdecimal()))


def _is_nested(value: list[Any]) -> bool:
    return any(isinstance(one, dict | list) for one in value)


def _rows(value: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The rows of a table as an object of columns, or of their names and of lists of values."""
    id = value.get("id")
    columns = {name: one for name, one in value.items() if isinstance(one, dict | list)}
    if isinstance(id, dict):
        return [{name: one.get(key) for name, one in columns.items() if isinstance(one, dict)} for key in id]
    if isinstance(id, list):
        return [dict(zip(columns, row, strict=False)) for row in zip(*columns.values(), strict=False)]
    names = value.get("columns") or value.get("meta")
    rows = value.get("data") or value.get("rows")
    if not isinstance(names, list) or not isinstance(rows, list):
        return None
    names = [one.get("name") if isinstance(one, dict) else one for one in names]
    if not all(isinstance(one, str) for one in names) or not all(isinstance(row, list) for row in rows):
        return None
    return [dict(zip(names, row, strict=False)) for row in rows]


def _below(piece: _Piece) -> list[_Piece]:
    """The items that stand inside of an item."""
    value = piece.value
    if not isinstance(value, dict):
        return []
    lists = [(key, one) for key in _NESTING if isinstance(one := value.get(key), list)]
    inner = [one for key, part in lists for one in part if isinstance(one, dict) or _is_junk(one, key, part)]
    id = whole(value.get("id")) or piece.parent if inner else None
    return [_Piece(one, id, piece.captured, listed=True) for one in inner]


def _is_junk(value: Any, key: str, part: list[Any]) -> bool:
    """Whether this is neither an item nor an id, in a list of items; a list of ids is read where ids are."""
    if type(value) is int or whole(value) is not None:
        return False
    return key != "kids" or any(isinstance(one, dict) for one in part)


def _flat(piece: _Piece, below: Sequence[_Piece]) -> Any:
    """An item with ids in place of the items inside of it, and the parent that its place tells."""
    value = piece.value
    if not isinstance(value, dict) or not (below or piece.parent):
        return value
    value = dict(value)
    if piece.parent and not value.get("parent") and not value.get("poll"):
        value["parent"] = piece.parent
    kids = value.get("kids")
    if below and (not kids or (isinstance(kids, list) and any(isinstance(one, dict) for one in kids))):
        value["kids"] = _children(value, kids or [one.value for one in below])
    return value


def _children(value: dict[str, Any], inner: list[Any]) -> list[int]:
    """The ids of those that answer the item itself: some nest all that stand below a story."""
    own = whole(value.get("id"))
    ids = (
        whole(one.get("id")) if isinstance(one, dict) else whole(one)
        for one in inner
        if not isinstance(one, dict) or whole(one.get("parent")) in (None, 0, own)
    )
    return [id for id in ids if id and id > 0]


def read_item(
    value: Any, origin: Origin, captured: int | None, names: Mapping[str, str] = _AS_NAMED
) -> Iterator[Record | Problem]:
    """One API item -> one Record, plus one for each option that a poll names.

    ``names`` are what messages call fields that have other names in the dump.
    """
    if not isinstance(value, dict):
        reason = "null: the API had no such item" if value is None else "not an item: no JSON object"
        yield Problem(origin, reason, skipped=True)
        return
    if "karma" in value or "submitted" in value:
        yield Problem(origin, "a user, not an item; skipped", skipped=True)
        return
    problems: list[Problem] = []
    if "unknown" in value and isinstance(unknown := value["unknown"], list):
        value = {key: one for key, one in value.items() if key not in unknown}
    fields = Fields(value, origin, problems, names)
    try:
        item: _Item | None = convert(value, _Item)
    except ValueError:
        if _has_other_ids(value):
            yield from (*_other_records(fields, captured), *problems)
            return
        item = _repaired(fields)
    if item is None:
        yield Problem(origin, "an item without a usable 'id'; skipped", skipped=True)
        return
    created = fields.moment(*_DATES) if item.time is None else Moment(item.time)
    yield (record := _record(item, created, origin, captured))
    for option in dict.fromkeys(item.parts or ()):
        yield Record(origin, str(option), Kind.POLLOPT, parent=record.id, captured=captured)
    yield from problems


def untold(record: Record) -> Iterator[Problem]:
    """That an item of a dump is no more than its id, if it is not."""
    if not is_held(record):
        yield Problem(record.origin, f"item {record.id} says nothing but its id; skipped", skipped=True)


class _Item(Struct, gc=False):
    """An item of which every field can be used: nearly every one as it stands, the others repaired.

    ``author``, ``top_level_parent`` and ``domain`` are of tables.
    """

    id: Id
    type: Kind
    by: str | None = None
    author: str | None = None
    time: Seconds | None = None
    text: str | None = None
    title: str | None = None
    url: str | None = None
    score: Number | None = None
    parent: Id | None = None
    poll: Id | None = None
    top_level_parent: Id | None = None
    domain: str | None = None
    kids: list[Id] | None = None
    parts: list[Id] | None = None
    dead: bool | None = None
    deleted: bool | None = None
    missing: bool | None = None


def _repaired(fields: Fields) -> _Item | None:
    """The item without what has the wrong type, each of which ``fields`` notes; None without an id."""
    id = fields.id("id")
    if id is None:
        return None
    deleted = fields.flag("deleted")
    return _Item(
        id,
        deleted=deleted,
        dead=not deleted and fields.flag("dead"),
        missing=fields.flag("missing"),
        text=fields.text("text"),
        title=fields.text("title"),
        type=_kind(fields),
        parent=(parent := fields.reference("parent")),
        poll=None if parent else fields.reference("poll"),
        top_level_parent=fields.reference("top_level_parent"),
        by=(by := fields.text("by")),
        author=None if by else fields.text("author"),
        domain=fields.text("domain"),
        url=fields.text("url"),
        score=fields.number("score"),
        kids=fields.ids("kids"),
        parts=fields.ids("parts"),
    )


def _state(deleted: bool | None, dead: bool | None) -> State:
    return State.DELETED if deleted else State.DEAD if dead else State.LIVE


def _has_other_ids(value: dict[str, Any]) -> bool:
    """Whether an item of hnsite's is, or names, one whose id is no number."""
    ids = [value.get("id"), value.get("parent"), value.get("poll")]
    for name in ("kids", "parts"):
        ids += several if isinstance(several := value.get(name), list) else ()
    return any(isinstance(one, str) and _OTHER_ID.fullmatch(one) for one in ids)


def _other_records(fields: Fields, captured: int | None) -> Iterator[Record | Problem]:
    """The same for an item of which some id is no number. Authors of other sources are named with them."""
    value = fields.value
    id = _any_id(value.get("id"))
    if id is None:
        yield Problem(fields.origin, "an item without a usable 'id'; skipped", skipped=True)
        return
    author, title = clean_name(fields.text("by")), clean(fields.text("title"))
    yield Record(
        fields.origin,
        id,
        _kind(fields),
        parent=_any_id(value.get("parent")) or _any_id(value.get("poll")),
        author=author if "-" in id else hn_name(author),
        created=fields.moment("time"),
        title=html.unescape(title) if title else None,
        url=clean(fields.text("url")),
        body=clean(fields.text("text")),
        dialect=Dialect.HN,
        score=fields.number("score"),
        state=None if fields.flag("missing") else _state(fields.flag("deleted"), fields.flag("dead")),
        captured=captured,
        replies=_any_ids(value.get("kids")),
        ranked=True,
    )
    for option in _any_ids(value.get("parts")):
        yield Record(fields.origin, option, Kind.POLLOPT, parent=id, captured=captured)


def _any_ids(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(_any_id, value)))) if isinstance(value, list) else ()


def _any_id(value: object) -> str | None:
    """An id as records have it, be it a number or one of another source."""
    if isinstance(value, str) and _OTHER_ID.fullmatch(value):
        return value
    number = whole(value)
    return str(number) if number and number > 0 else None


def _record(item: _Item, created: Moment | None, origin: Origin, captured: int | None) -> Record:
    state = None if item.missing else _state(item.deleted, item.dead)
    body = clean(item.text)
    if state is not State.LIVE and body in _PLACEHOLDERS:
        body = None
    title = clean(item.title)
    parent = item.parent or item.poll
    return Record(
        origin,
        str(item.id),
        item.type,
        parent=str(parent) if parent else None,
        thread=str(item.top_level_parent) if item.top_level_parent else None,
        author=hn_name(clean_name(item.by or item.author)),
        created=created,
        title=html.unescape(title) if title else None,
        url=clean(item.url),
        domain=clean(item.domain),
        body=body,
        dialect=Dialect.HN,
        score=(item.score or None) if item.type is Kind.COMMENT else item.score,
        state=state,
        captured=captured,
        replies=tuple(map(str, dict.fromkeys(item.kids))) if item.kids else (),
        ranked=True,
    )


def _kind(fields: Fields) -> Kind:
    """The stated type; where it is missing, what only that type has."""
    stated = fields.value.get("type")
    if isinstance(stated, str) and stated.lower() in _KINDS:
        return Kind(stated.lower())
    if kind := _TYPES.get(whole(stated) or 0):
        return kind
    if stated is not None and stated != "":
        fields.note("type", "story, comment, poll, pollopt or job")
    if fields.value.get("poll"):
        return Kind.POLLOPT
    if fields.value.get("parts"):
        return Kind.POLL
    is_story = not fields.value.get("parent") and bool({"title", "url", "descendants"} & fields.value.keys())
    return Kind.STORY if is_story else Kind.COMMENT
