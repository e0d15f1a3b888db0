"""Items as the Hacker News API gives them (github.com/HackerNews/API): one, an array, or one per line.

Also inside the containers that common tools put around them: ``{"items": {id: item}}``, ``{id: item}``,
``{"post": item, "comments": [...]}``, ``{"id": n, "body": item, "retrieved_at_ts": t}``. And rows of tables
of items as JSON, with BigQuery's, OpenPipe's and ClickHouse's ways to write times, flags and nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from msgspec import Struct, convert

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State
from hnsite.readers.input import Fields, Head, Id, Number, Seconds, clean, whole
from hnsite.readers.json_values import json_values

NAME = "hn-api"
VERSION = 1

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
    "real_name",
    "short_id",
    "timestampEdited",
    "topic_list",
    "ts",
    "created_utc",
    "time_ago",
    "sender_full_name",
    "extractor",
    "kind",
}
_KINDS = tuple(Kind)
_TYPES = dict(enumerate((Kind.STORY, Kind.COMMENT, Kind.POLL, Kind.POLLOPT, Kind.JOB), 1))
"""What ClickHouse's table of Hacker News stores for them, where the names were lost."""
_DATES = ("time", "timestamp", "time_ts")
_AS_NAMED: Mapping[str, str] = {}
_PLACEHOLDERS = {"[dead]", "[deleted]", "[flagged]", "[delayed]"}


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if other := sorted(key for key in head.keys if key in _OTHERS or key.startswith("zerver_")):
        return f"has {other[0]!r}, which the API does not use"
    if "roots" in head.keys and head.keys <= {"roots", "items"}:
        return None  # the items stand behind the head
    if "id" not in head.keys or not (head.keys & _SIGNS or _TYPE.search(head.raw)):
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
        taken = Fields(value, origin).moment("retrieved_at_ts")
        yield value["body"], taken.epoch if taken else None
        return
    inner: list[Any] = []
    for key in ("post", "story", "items", "comments"):
        part = value.get(key)
        if isinstance(part, dict):
            inner.extend([part] if "id" in part else part.values())
        elif isinstance(part, list):
            inner.extend(part)
    if (
        not inner
        and value
        and "id" not in value
        and all(isinstance(one, dict | None) for one in value.values())
    ):
        inner = [item for one in value.values() for item in _month(one)]
    yield from ((item, None) for item in inner or [value])


def _month(value: dict[str, Any] | None) -> list[Any]:
    """What stands under one key of an object of objects: an item under its id, or a month's comments."""
    comments = value.get("comments") if value else None
    return comments if isinstance(comments, list) and value and "id" not in value else [value]


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
    fields = Fields(value, origin, problems, names)
    try:
        item: _Item | None = convert(value, _Item)
    except ValueError:
        item = _repaired(fields)
    if item is None:
        yield Problem(origin, "an item without a usable 'id'; skipped", skipped=True)
        return
    created = fields.moment(*_DATES) if item.time is None else Moment(item.time)
    yield (record := _record(item, created, origin, captured))
    for option in dict.fromkeys(item.parts or ()):
        yield Record(origin, str(option), Kind.POLLOPT, parent=record.id, captured=captured)
    yield from problems


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


def _record(item: _Item, created: Moment | None, origin: Origin, captured: int | None) -> Record:
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
        thread=str(item.top_level_parent) if item.top_level_parent else None,
        author=clean(item.by or item.author),
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
