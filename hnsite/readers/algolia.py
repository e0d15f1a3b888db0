"""Nested items as hn.algolia.com/api/v1/items/<id> gives them: one object, or several.

Dead and deleted comments without replies are left out there; with replies they stay, without
author and text. Walked with a stack, so that any depth works.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any, BinaryIO

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State
from hnsite.readers.hn_api import read_item
from hnsite.readers.input import Fields, Head, iso_moment
from hnsite.readers.json_values import json_values

NAME = "algolia"
VERSION = 1

_SIGNS = {"children", "created_at_i", "created_at", "parent_id", "story_id", "author"}


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if other := sorted(head.keys & {"objectID", "created_utc", "post_stream", "short_id"}):
        return f"has {other[0]!r}, which nested items do not have"
    if "children" not in head.keys or not head.keys & {"created_at_i", "parent_id", "story_id"}:
        return "no nested items ('children' with 'created_at_i')"
    return None


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
        elif isinstance(piece[1], dict) and not piece[1].keys() & _SIGNS:
            yield from read_item(piece[1], piece[0], None)  # an item of the other API among the nested ones
        else:
            yield from _walk(piece[1], piece[0])


def _walk(value: Any, origin: Origin) -> Iterator[Record | Problem]:
    """A node, then everything below it, in the order of the dump."""
    stack: list[tuple[Any, str | None]] = [(value, None)]
    while stack:
        node, parent = stack.pop()
        if not isinstance(node, dict):
            inside = f" among the children of item {parent}" if parent else ""
            yield Problem(origin, f"not an item{inside}: no JSON object; skipped", skipped=True)
            continue
        fields = Fields(node, origin)
        below = _list(fields, "children")
        id = fields.id("id")
        if id is None:
            yield Problem(
                origin, "an item without a usable 'id'; skipped, its children are kept", skipped=True
            )
            yield from fields.problems
            stack.extend((child, None) for child in reversed(below))
            continue
        options = _list(fields, "options")
        yield _record(fields, id, parent, below)
        yield from fields.problems
        yield from _options(options, id, origin)
        stack.extend((child, id) for child in reversed(below))


def _list(fields: Fields, name: str) -> list[Any]:
    value = fields.value.get(name)
    if value is not None and not isinstance(value, list):
        fields.note(name, "a list")
    return value if isinstance(value, list) else []


def _record(fields: Fields, id: str, parent: str | None, children: list[Any]) -> Record:
    author, body = fields.text("author"), fields.text("text")
    stated = fields.text("type")
    kind = Kind(stated) if stated in tuple(Kind) else Kind.COMMENT if parent else Kind.STORY
    title = fields.text("title")
    gone = author is None and body is None and kind is Kind.COMMENT
    ids = tuple(
        child_id
        for child in children
        if isinstance(child, dict) and (child_id := Fields(child, fields.origin).id("id"))
    )
    return Record(
        fields.origin,
        id,
        kind,
        parent=fields.id("parent_id") or parent,
        thread=fields.id("story_id"),
        author=author,
        created=fields.moment("created_at_i") or _iso(fields),
        title=html.unescape(title) if title else None,
        url=fields.text("url"),
        body=body,
        dialect=Dialect.HN,
        score=fields.number("points") if kind is not Kind.COMMENT else None,
        state=None if gone else State.LIVE,  # which of dead and deleted it is, Algolia does not say
        # ascending order is how Algolia lists children that it has no display order for
        ranked=ids != tuple(sorted(ids, key=lambda one: (len(one), one))),
        replies=tuple(dict.fromkeys(ids)),
    )


def _iso(fields: Fields) -> Moment | None:
    text = fields.text("created_at")
    moment = iso_moment(text) if text else None
    if text and moment is None:
        fields.note("created_at", "a date")
    return moment


def _options(options: list[Any], poll: str, origin: Origin) -> Iterator[Record | Problem]:
    for option in options:
        fields = Fields(option if isinstance(option, dict) else {}, origin)
        id = fields.id("id")
        if id:
            yield Record(
                origin,
                id,
                Kind.POLLOPT,
                parent=poll,
                author=fields.text("author"),
                body=fields.text("text"),
                dialect=Dialect.HN,
                score=fields.number("points"),
                state=State.LIVE,
            )
        else:
            yield Problem(origin, f"an option of poll {poll} without a usable 'id'; skipped", skipped=True)
        yield from fields.problems
