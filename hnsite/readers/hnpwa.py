"""Nested items as hnpwa and node-hnapi give them: ``api.hnpwa.com/v0/item/<id>.json``, and lists of stories.

Their HTML is Hacker News's own behind a first ``<p>``; in old answers, taken from its pages, the time is an
age only, and deleted comments have no id. Walked with a stack, so that any depth works.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from msgspec.structs import replace

from hnsite.model import AGE, Kind, Moment, Origin, Problem, Record
from hnsite.readers.hn_api import read_item
from hnsite.readers.input import Fields, Head, member_text, whole
from hnsite.readers.json_values import contained, json_values

NAME = "hnpwa"
VERSION = 1

_KINDS = {"link": Kind.STORY, "ask": Kind.STORY, "show": Kind.STORY, **{kind.value: kind for kind in Kind}}
_NAMES = {"by": "user", "score": "points", "text": "content"}
_SIGNS = {"id", "time_ago", "comments", "content", "type", "user"}
_AS_IS = ("id", "time", "title", "domain", "dead", "deleted")
_PARAGRAPH = re.compile(r"\s*<p>", re.IGNORECASE)
_OWN_URL = re.compile(r"item\?id=\d+")
_GONE = {"[deleted]", "<p>[deleted]"}


class _Node(NamedTuple):
    value: Any
    parent: str | None
    root: str | None
    top: bool


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if not {"id", "time_ago"} <= head.keys or not head.keys & {"user", "comments_count", "points"}:
        return "no items of hnpwa ('id' with 'time_ago' and 'user', 'comments', ...)"
    return None


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
        else:
            for value in contained(piece[1], _SIGNS):
                yield from _walk(value, piece[0])


def _walk(value: Any, origin: Origin) -> Iterator[Record | Problem]:
    """An item, then everything below it, in the order of the dump."""
    stack = [_Node(value, None, None, top=True)]
    while stack:
        node = stack.pop()
        if not isinstance(node.value, dict):
            yield Problem(origin, "not an item: no JSON object; skipped", skipped=True)
            continue
        children, root, id = _comments(node.value), node.root, node.parent
        problems: list[Problem] = []
        for piece in _read_node(node, origin, problems):
            if isinstance(piece, Record):
                id = piece.id
                root = root or (id if piece.kind is not Kind.COMMENT else None)
            yield piece
        yield from problems
        stack += [_Node(child, id, root, top=False) for child in reversed(children)]


def _comments(value: dict[str, Any]) -> list[Any]:
    children = value.get("comments")
    return children if isinstance(children, list) else []


def _read_node(node: _Node, origin: Origin, problems: list[Problem]) -> Iterator[Record | Problem]:
    fields = Fields(node.value, origin, problems)
    if not node.value.get("id") and member_text(node.value, "content") in _GONE:
        yield Problem(origin, "a deleted comment without an id; skipped, its replies are kept", skipped=True)
        return
    created = _age(fields) if node.value.get("time") is None else None
    for piece in read_item(_item(node, fields), origin, None, _NAMES):
        if isinstance(piece, Record) and created:
            piece = replace(piece, created=created)
        yield piece
    if (comments := node.value.get("comments")) is not None and not isinstance(comments, list):
        fields.note("comments", "a list")


def _item(node: _Node, fields: Fields) -> dict[str, Any]:
    """The node as the API has it."""
    value = node.value
    item = {name: value[name] for name in _AS_IS if value.get(name) is not None}
    item.update({name: value[own] for name, own in _NAMES.items() if value.get(own) not in (None, "")})
    item["type"] = _kind(node, fields)
    if member_text(item, "text") in _GONE or (
        item["type"] is Kind.COMMENT and not item.keys() & {"by", "text"}
    ):
        item["deleted"] = True
    if isinstance(text := item.get("text"), str):
        item["text"] = _PARAGRAPH.sub("", text, count=1) if _PARAGRAPH.match(text) else text
    url = value.get("url")
    if url is not None and not (isinstance(url, str) and _OWN_URL.fullmatch(url)):
        item["url"] = url
    item["kids"] = _ids(value)
    item["parent"], item["top_level_parent"] = node.parent, node.root
    return item


def _kind(node: _Node, fields: Fields) -> Kind:
    stated = node.value.get("type")
    if isinstance(stated, str) and stated in _KINDS:
        return _KINDS[stated]
    if stated is not None:
        fields.note("type", "link, ask, job, poll or comment")
    return Kind.STORY if node.top and "level" not in node.value else Kind.COMMENT


def _ids(value: dict[str, Any]) -> list[int]:
    """The children's ids that can be used; the order is the displayed one."""
    ids = (whole(child.get("id")) for child in _comments(value) if isinstance(child, dict))
    return [id for id in ids if id and id > 0]


def _age(fields: Fields) -> Moment | None:
    """An age, as old answers have it instead of a time."""
    words = fields.text("time_ago")
    age = AGE.match(words.strip()) if words else None
    return Moment(None, age[2], age[0]) if age else None
