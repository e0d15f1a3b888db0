"""Flat hits of Algolia's search of Hacker News: ``hn.algolia.com/api/v1/search`` and ``search_by_date``.

One answer, several, or the hits alone, as an array or one a line. ``children`` are the ids of direct
replies; a comment's hit also tells the title and the address of its story.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any, BinaryIO

from msgspec.structs import replace

from hnsite.model import Kind, Origin, Problem, Record
from hnsite.readers.hn_api import read_item
from hnsite.readers.input import Fields, Head, clean, whole
from hnsite.readers.json_values import contained, json_values

NAME = "algolia-hits"
VERSION = 1

_SIGNS = {"points", "num_comments", "story_id", "story_title", "comment_text", "story_text", "parent_id"}
_MARKS = {"objectID", "id", "created_at_i", "created_at", "author", "_tags"}
_NAMES = {
    "id": "objectID",
    "by": "author",
    "time": "created_at_i",
    "timestamp": "created_at",
    "title": "title",
    "url": "url",
    "score": "points",
    "parent": "parent_id",
    "top_level_parent": "story_id",
    "kids": "children",
}
"""The field of an API item -> what a hit calls it."""
_TEXTS = ("comment_text", "story_text", "text")


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if {"hits", "nbHits"} <= head.keys and "objectID" not in head.keys:
        return None  # nothing was found
    named = "objectID" in head.keys or ("id" in head.keys and "children" not in head.keys)
    if named and head.keys & {"created_at_i", "_tags"} and head.keys & _SIGNS:
        return None
    return "no hits of a search ('objectID' with 'created_at_i' and 'points', 'story_id', ...)"


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    told: set[int] = set()
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
            continue
        origin, value = piece
        for hit in contained(value, _MARKS):
            if not (isinstance(hit, dict) and hit.get("hits") == []):  # nothing was found
                yield from _read_hit(hit, origin, told)


def _read_hit(hit: Any, origin: Origin, told: set[int]) -> Iterator[Record | Problem]:
    if not isinstance(hit, dict):
        yield Problem(origin, "not a hit: no JSON object; skipped", skipped=True)
        return
    item = {field: hit[name] for field, name in _NAMES.items() if hit.get(name) is not None}
    if "id" not in item and "id" in hit:
        item["id"] = hit["id"]
    text = next((name for name in _TEXTS if hit.get(name)), None)
    if text:
        item["text"] = hit[text]
    item["type"] = kind = _kind(hit)
    if kind is Kind.COMMENT:
        for field in ("title", "url"):
            item.pop(field, None)
    for piece in read_item(item, origin, None, {**_NAMES, "text": text or "text"}):
        yield _in_shown_order(piece) if isinstance(piece, Record) else piece
    if kind is Kind.COMMENT:
        yield from _story(hit, origin, told)


def _kind(hit: dict[str, Any]) -> Kind:
    """What the tags say (``["comment", "author_ann", "story_5"]``), or else what only comments have."""
    tags = hit.get("_tags")
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, str) and tag in tuple(Kind):
            return Kind(tag)
    return Kind.COMMENT if hit.get("comment_text") or hit.get("parent_id") else Kind.STORY


def _in_shown_order(record: Record) -> Record:
    """Ascending ids are how Algolia lists children that it has no display order for."""
    ids = [int(reply) for reply in record.replies]
    return replace(record, ranked=False) if ids == sorted(ids) else record


def _story(hit: dict[str, Any], origin: Origin, told: set[int]) -> Iterator[Record | Problem]:
    """What a comment's hit says of its story, once a file."""
    id = whole(hit.get("story_id"))
    if not id or id < 0 or id in told:
        return
    told.add(id)
    fields = Fields(hit, origin)
    title, url = clean(fields.text("story_title")), clean(fields.text("story_url"))
    if title or url:
        title = html.unescape(title) if title else None
        yield Record(origin, str(id), Kind.STORY, thread=str(id), title=title, url=url)
    yield from fields.problems
