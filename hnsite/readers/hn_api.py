"""Items as the Hacker News API gives them (github.com/HackerNews/API): one, an array, or one per line.

Also inside the containers that common tools put around them: ``{"items": {id: item}}``,
``{"post": item, "comments": [...]}``, ``{"id": n, "body": item, "retrieved_at_ts": t}``.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any, BinaryIO

from msgspec import Struct, convert

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State
from hnsite.readers.input import Fields, Head, Id, Number, Seconds, clean
from hnsite.readers.json_values import json_values

NAME = "hn-api"
VERSION = 1

_SIGNS = {"by", "kids", "descendants", "dead", "deleted", "parent", "poll", "parts", "score", "text", "title"}
_OTHERS = {
    "created_at_i",
    "objectID",
    "short_id",
    "post_stream",
    "created_utc",
    "time_ago",
    "sender_full_name",
}
_KINDS = tuple(Kind)
_PLACEHOLDERS = {"[dead]", "[deleted]", "[flagged]", "[delayed]"}


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if other := sorted(head.keys & _OTHERS):
        return f"has {other[0]!r}, which the API does not use"
    if "id" not in head.keys or (not head.keys & _SIGNS and "type" not in head.keys):
        return "no API items ('id' with 'type', 'by', 'kids', ...)"
    return None


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
            continue
        origin, value = piece
        if not isinstance(value, dict) or "type" in value or "by" in value:
            yield from read_item(value, origin, None)
        else:
            for item, captured in _unwrap(value, origin):
                yield from read_item(item, origin, captured)


def _unwrap(value: dict[str, Any], origin: Origin) -> Iterator[tuple[Any, int | None]]:
    """The items inside a container, each with its capture time where the container says so."""
    if "body" in value and isinstance(value["body"], dict | None):
        yield value["body"], Fields(value, origin).seconds("retrieved_at_ts")
        return
    inner: list[Any] = []
    for key in ("post", "story", "items", "comments"):
        part = value.get(key)
        if isinstance(part, dict):
            inner.extend([part] if "id" in part else part.values())
        elif isinstance(part, list):
            inner.extend(part)
    yield from ((item, None) for item in inner or [value])


def read_item(value: Any, origin: Origin, captured: int | None) -> Iterator[Record | Problem]:
    """One API item -> one Record, plus one for each option that a poll names."""
    if not isinstance(value, dict):
        reason = "null: the API had no such item" if value is None else "not an item: no JSON object"
        yield Problem(origin, reason, skipped=True)
        return
    if "karma" in value or "submitted" in value:
        yield Problem(origin, "a user, not an item; skipped", skipped=True)
        return
    problems: list[Problem] = []
    try:
        item: _Item | None = convert(value, _Item)
    except ValueError:
        item = _repaired(Fields(value, origin, problems))
    if item is None:
        yield Problem(origin, "an item without a usable 'id'; skipped", skipped=True)
        return
    yield (record := _record(item, origin, captured))
    for option in dict.fromkeys(item.parts or ()):
        yield Record(origin, str(option), Kind.POLLOPT, parent=record.id, captured=captured)
    yield from problems


class _Item(Struct, gc=False):
    """An item of which every field can be used: nearly every one as it stands, the others repaired."""

    id: Id
    type: Kind
    by: str | None = None
    time: Seconds | None = None
    text: str | None = None
    title: str | None = None
    url: str | None = None
    score: Number | None = None
    parent: Id | None = None
    poll: Id | None = None
    kids: list[Id] | None = None
    parts: list[Id] | None = None
    dead: bool | None = None
    deleted: bool | None = None


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
        text=fields.text("text"),
        title=fields.text("title"),
        type=_kind(fields),
        parent=(parent := fields.id("parent")),
        poll=None if parent else fields.id("poll"),
        by=fields.text("by"),
        time=fields.seconds("time"),
        url=fields.text("url"),
        score=fields.number("score"),
        kids=fields.ids("kids"),
        parts=fields.ids("parts"),
    )


def _record(item: _Item, origin: Origin, captured: int | None) -> Record:
    state = State.DELETED if item.deleted else State.DEAD if item.dead else State.LIVE
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
        author=clean(item.by),
        created=None if item.time is None else Moment(item.time),
        title=html.unescape(title) if title else None,
        url=clean(item.url),
        body=body,
        dialect=Dialect.HN,
        score=item.score,
        state=state,
        captured=captured,
        replies=tuple(map(str, dict.fromkeys(item.kids))) if item.kids else (),
        ranked=True,
    )


def _kind(fields: Fields) -> Kind:
    """The stated type; where it is missing, what only that type has."""
    stated = fields.value.get("type")
    if stated in _KINDS:
        return Kind(stated)
    if stated is not None:
        fields.note("type", "story, comment, poll, pollopt or job")
    if "poll" in fields.value:
        return Kind.POLLOPT
    if "parts" in fields.value:
        return Kind.POLL
    is_story = "parent" not in fields.value and bool({"title", "url", "descendants"} & fields.value.keys())
    return Kind.STORY if is_story else Kind.COMMENT
