"""Stories of Lobsters as lobste.rs/s/<id>.json gives them, and lists of them (hottest.json, newest.json).

Comments stand in one list in the order of the page. They name their parents; before 2020 they had
only ``indent_level``, from 1, which ``depth``, from 0, came after. Users are names, and were objects
until 2023. Whoever deletes a comment leaves its author's name, and a notice in place of its text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from hnsite.model import Dialect, Kind, Moment, Problem, Record, State, namesake
from hnsite.readers.input import Fields, Head, clean, clean_name
from hnsite.readers.json_values import json_values

NAME = "lobsters"
VERSION = 1

_SIGNS = {"submitter_user", "commenting_user", "comments_url", "short_id_url", "comment_plain"}
_SHORT_ID = re.compile(r"[0-9A-Za-z]{1,20}")
_STORY_URL = re.compile(r"https?://[^/\s]+/s/([0-9a-z]{1,20})(?:[/#?.].*)?", re.DOTALL)
_GRACE = 60
"""Seconds after which Lobsters calls a change an edit; both dates are those of the post until then."""


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if "short_id" in head.keys and head.keys & _SIGNS:
        return None
    if {"rank", "title", "url"} <= head.keys and b"lobste.rs/s/" in head.raw:
        return None
    return "no stories of Lobsters ('short_id' with 'comments_url', 'submitter_user', ...)"


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
        elif isinstance(piece[1], dict):
            yield from _item(Fields(piece[1], piece[0]))
        else:
            yield Problem(piece[0], "not a story: no JSON object; skipped", skipped=True)


def _item(fields: Fields) -> Iterator[Record | Problem]:
    """A story with its comments, or a comment on its own."""
    if "commenting_user" in fields.value or "parent_comment" in fields.value:
        yield from _comment(fields, _story_of(fields), None, ())
        return
    id = _id(fields, "short_id") or _story_of(fields)
    comments = fields.value.get("comments")
    if isinstance(comments, dict) or (isinstance(comments, str) and not comments.isdigit()):
        fields.note("comments", "a list")
    listed = [one for one in comments if isinstance(one, dict)] if isinstance(comments, list) else []
    parents = _parents(listed, id)
    children: dict[str | None, list[str]] = defaultdict(list)
    for one, parent in zip(listed, parents, strict=True):
        if child := _name(one.get("short_id")):
            children[parent].append(child)
    if id:
        yield _story(fields, id, _distinct(children[id]))
    else:
        yield Problem(fields.origin, "a story without a usable 'short_id'; skipped", skipped=True)
    yield from fields.problems
    for one, parent in zip(listed, parents, strict=True):
        below = _distinct(children.get(_name(one.get("short_id")), ()))
        yield from _comment(Fields(one, fields.origin), id, parent, below)
    for _ in range(len(comments) - len(listed) if isinstance(comments, list) else 0):
        yield Problem(fields.origin, "not a comment: no JSON object; skipped", skipped=True)


def _story(fields: Fields, id: str, replies: tuple[str, ...]) -> Record:
    url = clean(fields.text("url"))
    address = clean(fields.text("short_id_url")) or clean(fields.text("comments_url"))
    if not address and url and "short_id" not in fields.value:  # a short list, where ``url`` is the thread's
        url, address = None, url
    body, dialect = _body(fields, "description")
    return Record(
        fields.origin,
        id,
        Kind.STORY,
        author=_user(fields, "submitter_user") or _user(fields, "submitter_name") or _user(fields, "author"),
        created=fields.date("created_at"),
        title=clean(fields.text("title")),
        url=url,
        body=body,
        dialect=dialect,
        score=fields.number("score"),
        state=State.LIVE,
        replies=replies,
        ranked=True,
        original=address,
    )


def _comment(
    fields: Fields, story: str | None, parent: str | None, replies: tuple[str, ...]
) -> Iterator[Record | Problem]:
    id = _id(fields, "short_id")
    if id is None:
        yield Problem(fields.origin, "a comment without a usable 'short_id'; skipped", skipped=True)
        return
    deleted, moderated = fields.flag("is_deleted"), fields.flag("is_moderated")
    body, dialect = _body(fields, "comment")
    banned = "from banned user" in (body or "")
    created = fields.date("created_at")
    yield Record(
        fields.origin,
        id,
        Kind.COMMENT,
        parent=parent or _name(fields.value.get("parent_comment")) or story,
        thread=story,
        author=_user(fields, "commenting_user"),
        created=created,
        body=None if deleted or moderated else body,
        dialect=dialect,
        score=fields.number("score"),
        state=State.DEAD if moderated or (deleted and banned) else State.DELETED if deleted else State.LIVE,
        replies=replies,
        ranked=True,
        edited=_edited(fields, created) if not deleted and not moderated else None,
        original=clean(fields.text("short_id_url")) or clean(fields.text("url")),
    )
    yield from fields.problems


def _parents(comments: Sequence[dict[str, Any]], story: str | None) -> list[str | None]:
    """Each comment's parent: the one that it names, or the last one before it that stands further left."""
    found: list[str | None] = []
    path: list[tuple[int, str]] = []
    for one in comments:
        level = next((one[key] for key in ("depth", "indent_level") if isinstance(one.get(key), int)), 0)
        while path and path[-1][0] >= level:
            path.pop()
        above = path[-1][1] if path else story
        found.append((_name(one["parent_comment"]) or story) if "parent_comment" in one else above)
        if id := _name(one.get("short_id")):
            path.append((level, id))
    return found


def _distinct(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _name(short_id: object) -> str | None:
    """The id of an item here; None if Lobsters has none like it."""
    fits = isinstance(short_id, str) and _SHORT_ID.fullmatch(short_id)
    return f"lobsters-{short_id}" if fits else None


def _id(fields: Fields, name: str) -> str | None:
    value = fields.value.get(name)
    if value is not None and not _name(value):
        fields.note(name, "an id")
    return _name(value)


def _story_of(fields: Fields) -> str | None:
    """The story that an item's address names."""
    for name in ("comments_url", "short_id_url", "url"):
        value = fields.value.get(name)
        match = _STORY_URL.fullmatch(value) if isinstance(value, str) else None
        if match:
            return _name(match[1])
    return None


def _user(fields: Fields, name: str) -> str | None:
    user = fields.value.get(name)
    if isinstance(user, dict):
        return namesake(clean_name(Fields(user, fields.origin, fields.problems).text("username")), "lobsters")
    return namesake(clean_name(fields.text(name)), "lobsters")


def _body(fields: Fields, name: str) -> tuple[str | None, Dialect]:
    """The Markdown where the dump has it, else the HTML."""
    if body := clean(fields.text(f"{name}_plain")):
        return body, Dialect.MARKDOWN
    return clean(fields.text(name)), Dialect.HTML


def _edited(fields: Fields, created: Moment | None) -> Moment | None:
    name = "last_edited_at" if "last_edited_at" in fields.value else "updated_at"
    edited = fields.date(name)
    if edited is None or created is None or edited.epoch is None or created.epoch is None:
        return None
    return edited if edited.epoch - created.epoch > _GRACE else None
