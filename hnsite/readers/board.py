"""The text of a page of a board-style Hacker News reader, as copied from a browser.

    ←back to thread / TITLE / (HOST) / 12 points AUTHOR | 2 comments | | ... | source / Show context
    AUTHOR ◴[DATE] No.ID[source] / body / replies(2): >>ID #>>ID #          ancestors
    1. AUTHOR ◴[DATE] No.ID[source] / ...                                   the comment, its subtree

Posts before the first numbered one are ancestors, each the parent of the next. ``replies`` names
all children that the site knew, sorted by id. The story's own id is not on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from hnsite.model import Dialect, Kind, Origin, Problem, Record, State, hn_name, provisional_id
from hnsite.readers.input import Head, Lines, shown_moment

NAME = "board"
VERSION = 1

_HEAD = re.compile(
    r"^(?:(\d+)\. )?(\S+?)( ?\[dead post\])? ◴\[(.*?)\] ?No\.(\d{1,15})(?:\{\d+\})?\[source\]▶?\s*$",
    re.MULTILINE,
)
_TOP = re.compile(r"^(-?\d{1,9}) points? (.*?) ?\| (\d{1,9}) comments? \|(.*?)\|")
_DOMAIN = re.compile(r"^\(([^\s()]+)\)$")
_REPLIES = re.compile(r"^replies\((\d{1,9})\):((?:\s*>>\d{1,15}\s*#?)+)\s*$")
_PARENT = re.compile(r"^>>(\d{1,15})(?: \((?:OP|TP)\))? ?#$")
_BACK = "←back to thread"


@dataclass(frozen=True, slots=True)
class _Post:
    line: int
    numbered: bool
    author: str
    dead: bool
    date: str
    id: str
    parent: str | None
    body: str
    replies: tuple[str, ...]
    counted: int


def why_not(head: Head) -> str | None:
    if head.is_json:
        return "JSON, not text"
    return None if _HEAD.search(head.text) else "no post headed 'author ◴[...] No.123[source]'"


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    lines = Lines(file, name)
    numbered = [(number, line.replace("\xa0", " ")) for number, line in lines]
    starts = [index for index, (_, line) in enumerate(numbered) if _HEAD.match(line)]
    if not starts:
        yield Problem(Origin(name, 1), "no post headed 'author ◴[...] No.123[source]'")
        return
    top = numbered[: starts[0]]
    posts = [
        _post(numbered[start:end]) for start, end in zip(starts, [*starts[1:], len(numbered)], strict=True)
    ]
    story = _story(top, name)
    yield story
    if story.title is None:
        yield Problem(story.origin, "no line 'n points author | n comments |' with a title above it")
    is_part = any(line.startswith(_BACK) for _, line in top)
    parents = _parents(posts, story.id, is_part)
    for post in posts:
        yield _record(post, parents.get(post.id), story.id, name)
        if post.counted != len(post.replies):
            reason = f"replies({post.counted}) of No.{post.id} names {len(post.replies)} ids"
            yield Problem(Origin(name, post.line), reason)
    yield from lines.problems


def _story(top: list[tuple[int, str]], name: str) -> Record:
    """The story as the lines above the first post tell it."""
    lines = [(number, line.strip()) for number, line in top if line.strip() and not line.startswith(_BACK)]
    facts = next((index for index, (_, line) in enumerate(lines) if _TOP.match(line)), 0)
    if facts < 1:
        origin = Origin(name, 1)
        return Record(
            origin, provisional_id("board", *(line for _, line in top)), Kind.STORY, state=State.LIVE
        )
    match = _TOP.match(lines[facts][1])
    assert match
    domain = _DOMAIN.match(lines[facts - 1][1]) if facts > 1 else None
    number, title = lines[facts - 2 if domain else facts - 1]
    author = hn_name(match[2]) if match[2] not in ("", "?") else None
    return Record(
        Origin(name, number),
        provisional_id("story", title, domain[1] if domain else None, author),
        Kind.STORY,
        author=author,
        created=shown_moment(match[4]),
        title=title,
        domain=domain[1] if domain else None,
        score=int(match[1]) if author else None,  # "1 points ?" is how the page says that it does not know
        state=State.LIVE,
    )


def _post(lines: list[tuple[int, str]]) -> _Post:
    head = _HEAD.match(lines[0][1])
    assert head
    body = [line for _, line in lines[1:]]
    while body and not body[-1].strip():
        body.pop()
    replies = _REPLIES.match(body[-1]) if body else None
    if replies:
        body.pop()
    parent = _PARENT.match(body[0].strip()) if body else None
    if parent:
        body = body[1:]
    return _Post(
        line=lines[0][0],
        numbered=bool(head[1]),
        author=head[2],
        dead=bool(head[3]),
        date=head[4],
        id=head[5],
        parent=parent[1] if parent else None,
        body="\n".join(body).strip("\n"),
        replies=tuple(dict.fromkeys(re.findall(r">>(\d+)", replies[2]))) if replies else (),
        counted=int(replies[1]) if replies else 0,
    )


def _parents(posts: list[_Post], story: str, is_part: bool) -> Mapping[str, str]:
    """Who answers whom, by the page's own rules; a post that nothing tells about is not in it."""
    parents: dict[str, str] = {}
    above = story  # the post that the next one answers; "" once the numbered ones have begun
    for post in posts:
        if above:
            parents[post.id] = above
        elif not is_part:
            parents[post.id] = story
        above = "" if post.numbered else post.id
    for post in posts:
        parents.update((reply, post.id) for reply in post.replies)
    parents.update((post.id, post.parent) for post in posts if post.parent)
    return parents


def _record(post: _Post, parent: str | None, story: str, name: str) -> Record:
    return Record(
        Origin(name, post.line),
        post.id,
        Kind.COMMENT,
        parent=parent,
        thread=story,
        author=None if post.author == "?" else hn_name(post.author),
        created=shown_moment(post.date),
        body=post.body or None,
        dialect=Dialect.TEXT,
        state=State.DEAD if post.dead else State.LIVE,
        replies=post.replies,
    )
