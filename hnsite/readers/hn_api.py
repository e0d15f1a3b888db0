"""Items as the Hacker News API gives them (github.com/HackerNews/API): one, an array, or one per line.

Also inside the containers that common tools put around them: ``{"items": {id: item}}``,
``{"post": item, "comments": [...]}``, ``{"id": n, "body": item, "retrieved_at_ts": t}``.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any, BinaryIO

from hnsite.model import Dialect, Kind, Origin, Problem, Record, State
from hnsite.readers.input import Fields, Head
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
        for item, captured in _unwrap(value, origin):
            yield from read_item(item, origin, captured)


def _unwrap(value: Any, origin: Origin) -> Iterator[tuple[Any, int | None]]:
    """The items inside a container, each with its capture time where the container says so."""
    if not isinstance(value, dict) or "type" in value or "by" in value:
        yield value, None
        return
    if "body" in value and isinstance(value["body"], dict | None):
        captured = Fields(value, origin).moment("retrieved_at_ts")
        yield value["body"], captured.epoch if captured else None
        return
    inner: list[Any] = []
    for key in ("post", "story", "items", "comments"):
        part = value.get(key)
        if isinstance(part, dict):
            inner.extend([part] if "id" in part else part.values())
        elif isinstance(part, list):
            inner.extend(part)
    yield from ((item, None) for item in inner or [value])


def read_item(item: Any, origin: Origin, captured: int | None) -> Iterator[Record | Problem]:
    """One API item -> one Record, plus one for each option that a poll names."""
    if not isinstance(item, dict):
        yield Problem(
            origin,
            "null: the API had no such item" if item is None else "not an item: no JSON object",
            skipped=True,
        )
        return
    fields = Fields(item, origin)
    id = fields.id("id")
    if id is None or "karma" in item or "submitted" in item:
        what = (
            "a user, not an item"
            if "karma" in item or "submitted" in item
            else "an item without a usable 'id'"
        )
        yield Problem(origin, f"{what}; skipped", skipped=True)
        return
    yield _record(fields, id, origin, captured)
    for option in fields.ids("parts"):
        yield Record(origin, option, Kind.POLLOPT, parent=id, captured=captured)
    yield from fields.problems


def _record(fields: Fields, id: str, origin: Origin, captured: int | None) -> Record:
    state = State.DELETED if fields.flag("deleted") else State.DEAD if fields.flag("dead") else State.LIVE
    body = fields.text("text")
    if state is not State.LIVE and body in _PLACEHOLDERS:
        body = None
    title = fields.text("title")
    return Record(
        origin,
        id,
        _kind(fields),
        parent=fields.id("parent") or fields.id("poll"),
        author=fields.text("by"),
        created=fields.moment("time"),
        title=html.unescape(title) if title else None,
        url=fields.text("url"),
        body=body,
        dialect=Dialect.HN,
        score=fields.number("score"),
        state=state,
        captured=captured,
        replies=fields.ids("kids"),
        ranked=True,
    )


def _kind(fields: Fields) -> Kind:
    """The stated type; where it is missing, what only that type has."""
    stated = fields.value.get("type")
    if stated in tuple(Kind):
        return Kind(stated)
    if stated is not None:
        fields.note("type", "story, comment, poll, pollopt or job")
    if "poll" in fields.value:
        return Kind.POLLOPT
    if "parts" in fields.value:
        return Kind.POLL
    is_story = "parent" not in fields.value and bool({"title", "url", "descendants"} & fields.value.keys())
    return Kind.STORY if is_story else Kind.COMMENT
