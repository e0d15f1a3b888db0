"""Nested items as hn.algolia.com/api/v1/items/<id> gives them: one object, or several.

Whatever contains them is stepped through. Dead and deleted comments without replies are left out there;
with replies they stay, without author and text. Walked with a stack, so that any depth works.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any, BinaryIO

from msgspec import Struct, convert

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State, hn_name
from hnsite.readers.hn_api import read_item, untold
from hnsite.readers.input import Fields, Head, Id, Number, Seconds, clean, clean_name, iso_moment, whole
from hnsite.readers.json_values import contained, json_values

NAME = "algolia"
VERSION = 1

_KINDS = tuple(Kind)
_SIGNS = {"children", "created_at_i", "created_at", "parent_id", "story_id", "author"}


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if other := sorted(head.keys & {"objectID", "created_utc", "kind", "post_stream", "short_id"}):
        return f"has {other[0]!r}, which nested items do not have"
    if "children" not in head.keys or not head.keys & {"created_at_i", "parent_id", "story_id"}:
        return "no nested items ('children' with 'created_at_i')"
    return None


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
            continue
        origin = piece[0]
        for value in contained(piece[1], _SIGNS | {"id"}):
            if isinstance(value, dict) and not value.keys() & _SIGNS:
                yield from read_item(value, origin, None)  # an item of the other API among the nested ones
            else:
                yield from _walk(value, origin)


def _walk(value: Any, origin: Origin) -> Iterator[Record | Problem]:
    """A node, then everything below it, in the order of the dump."""
    stack: list[tuple[Any, str | None]] = [(value, None)]
    while stack:
        value, parent = stack.pop()
        if not isinstance(value, dict):
            inside = f" among the children of item {parent}" if parent else ""
            yield Problem(origin, f"not an item{inside}: no JSON object; skipped", skipped=True)
            continue
        problems: list[Problem] = []
        node = _node(value, parent, origin, problems)
        id = str(node.id) if node.id else None
        if id:
            yield (record := _record(node, id, parent, origin))
            yield from untold(record)
        else:
            reason = "an item without a usable 'id'; skipped, its children are kept"
            yield Problem(origin, reason, skipped=True)
        yield from problems
        if id and node.options:
            yield from _options(node.options, id, origin)
        if node.children:
            stack.extend([(child, id) for child in reversed(node.children)])


class _Node(Struct, gc=False):
    """An item of which every field can be used: nearly every one as it stands, the others repaired.

    ``id`` is 0 where none can be used. ``children`` and ``options`` may hold anything.
    """

    id: Id
    children: list[Any] | None = None
    options: list[Any] | None = None
    type: Kind | None = None
    author: str | None = None
    text: str | None = None
    title: str | None = None
    url: str | None = None
    created_at: str | None = None
    created_at_i: Seconds | None = None
    points: Number | None = None
    parent_id: Id | None = None
    story_id: Id | None = None


def _node(value: dict[str, Any], parent: str | None, origin: Origin, problems: list[Problem]) -> _Node:
    """The item as it stands, if nothing in it can be wrong; else without what is, which is noted."""
    try:
        node = convert(value, _Node)
    except ValueError:
        return _repaired(Fields(value, origin, problems), parent)
    return node if node.created_at_i is not None else _repaired(Fields(value, origin, problems), parent)


def _repaired(fields: Fields, parent: str | None) -> _Node:
    children = _list(fields, "children")
    id = fields.id("id")
    if id is None:
        return _Node(0, children)
    options = _list(fields, "options")
    author, text, stated = fields.text("author"), fields.text("text"), clean(fields.text("type"))
    kind = Kind(stated) if stated in _KINDS else _kind(parent)
    return _Node(
        id,
        children,
        options,
        kind,
        author,
        text,
        title=fields.text("title"),
        parent_id=fields.id("parent_id"),
        story_id=fields.id("story_id"),
        created_at_i=(seconds := fields.seconds("created_at_i")),
        created_at=_date(fields) if seconds is None else None,
        url=fields.text("url"),
        points=fields.number("points") if kind is not Kind.COMMENT else None,
    )


def _list(fields: Fields, name: str) -> list[Any]:
    value = fields.value.get(name)
    if value is not None and not isinstance(value, list):
        fields.note(name, "a list")
    return value if isinstance(value, list) else []


def _date(fields: Fields) -> str | None:
    text = clean(fields.text("created_at"))
    if text and iso_moment(text) is None:
        fields.note("created_at", "a date")
    return text


def _kind(parent: str | None) -> Kind:
    """What an item is that does not say it."""
    return Kind.COMMENT if parent else Kind.STORY


def _record(node: _Node, id: str, parent: str | None, origin: Origin) -> Record:
    kind = node.type or _kind(parent)
    author, body, title = clean_name(node.author), clean(node.text), clean(node.title)
    gone = author is None and body is None and kind is Kind.COMMENT
    ids = _ids(node.children) if node.children else []
    return Record(
        origin,
        id,
        kind,
        parent=str(node.parent_id) if node.parent_id else parent,
        thread=str(node.story_id) if node.story_id else None,
        author=hn_name(author),
        created=_created(node),
        title=html.unescape(title) if title else None,
        url=clean(node.url),
        body=body,
        dialect=Dialect.HN,
        score=node.points if kind is not Kind.COMMENT else None,
        state=None if gone else State.LIVE,  # which of dead and deleted it is, Algolia does not say
        # ascending order is how Algolia lists children that it has no display order for
        ranked=ids != sorted(ids),
        replies=tuple(map(str, dict.fromkeys(ids))),
    )


def _ids(children: list[Any]) -> list[int]:
    """The ids of those children that have one that can be used."""
    ids = (whole(child.get("id")) for child in children if isinstance(child, dict))
    return [id for id in ids if id and id > 0]


def _created(node: _Node) -> Moment | None:
    if node.created_at_i is not None:
        return Moment(node.created_at_i)
    return iso_moment(node.created_at) if node.created_at else None


def _options(options: list[Any], poll: str, origin: Origin) -> Iterator[Record | Problem]:
    for option in options:
        fields = Fields(option if isinstance(option, dict) else {}, origin)
        id = fields.id("id")
        if id:
            yield Record(
                origin,
                str(id),
                Kind.POLLOPT,
                parent=poll,
                author=hn_name(clean_name(fields.text("author"))),
                body=clean(fields.text("text")),
                dialect=Dialect.HN,
                score=fields.number("points"),
                state=State.LIVE,
            )
        else:
            yield Problem(origin, f"an option of poll {poll} without a usable 'id'; skipped", skipped=True)
        yield from fields.problems
