"""A thread pasted as text: author line, age line ("4 days ago"), body lines, again and again.

A body line is a paragraph, ``>`` begins a quote; lines that begin with blanks are code. There are
no ids, no parents and often no title: what such a dump tells beyond its texts is their order.
Lines before the first comment may state more: ``Captured: 2024-11-18T12:00Z`` (what ages are
relative to), and the head of a Hacker News page: ``Title (host)``, ``377 points by name ...``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from hnsite.markup import text_id, words_of
from hnsite.model import AGE, Dialect, Kind, Moment, Origin, Problem, Record, State, provisional_id
from hnsite.readers.input import Head, Lines, iso_moment, shown_moment

NAME = "flat"
VERSION = 1

_NAME = r"[A-Za-z0-9_][A-Za-z0-9_-]{0,39}"
_AGE = rf"(?:{AGE.pattern}|on [A-Z][a-z]{{2}} \d{{1,2}}, \d{{4}})"
_AUTHOR_LINE = re.compile(rf"\s*({_NAME})\s*")
_AGE_LINE = re.compile(rf"\s*({_AGE})\s*")
_ONE = rf"(?:\[[-–+]\] |▲ ?)?({_NAME}) ({_AGE})(?: *(?:\||\[[-–+\d]).*)?"
_ONE_LINE = re.compile(rf"\s*{_ONE}\s*")
_PAIR = re.compile(
    rf"^[^\S\n]*+(?:{_NAME}[ \t]*\n[ \t]*{_AGE}[ \t]*|{_ONE}[^\S\n]*)$", re.MULTILINE
)  # in which nothing passes over lines, or a file of empty ones would take for ever
_CAPTURED = re.compile(r"(?i)captured:\s*(.+)")
_TITLE = re.compile(r"(.+?)(?: \(([^\s()][^\s().]*+\.[^\s()]++)\))?")
_POINTS = re.compile(rf"(\d{{1,9}}) points? by ({_NAME})(?: ({_AGE}))?(?: .*)?")
_JUNK = {"reply", "▲", ""}


class _Head(NamedTuple):
    author: str
    age: str
    lines: int


class _Post(NamedTuple):
    line: int
    author: str
    age: str
    body: str


def why_not(head: Head) -> str | None:
    if head.is_json:
        return "JSON, not text"
    if "◴[" in head.text:
        return "has posts headed '◴[...] No.123', as a board page"
    return None if _PAIR.search(head.text) else "no author line followed by an age line ('4 days ago')"


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    lines = Lines(file, name)
    top, posts = _split([(number, line.replace("\xa0", " ")) for number, line in lines])
    if not posts:
        yield Problem(Origin(name, 1), "no author line followed by an age line ('4 days ago')")
        return
    facts, unknown = _facts(top)
    story = _story(facts, posts[0], name)
    yield story
    for line, text in unknown:
        shown = "".join(one if one.isprintable() else " " for one in text[:60])
        yield Problem(Origin(name, line), f"not understood, before the first comment: {shown}")
    seen: Counter[str] = Counter()
    for post in posts:
        yield _record(post, story.id, facts.captured, seen, name)
    yield from lines.problems


def _story(facts: _Facts, first: _Post, name: str) -> Record:
    """The story as far as it is stated; known by its title, or else by its first comment,
    until another dump of the thread names it better."""
    if facts.title is None:
        id = provisional_id("thread", text_id(first.author, words_of(first.body, Dialect.TEXT)))
    else:
        id = provisional_id("story", facts.title, facts.domain, facts.author)
    return Record(
        Origin(name, facts.line),
        id,
        Kind.STORY,
        author=facts.author,
        created=shown_moment(facts.age, facts.captured),
        title=facts.title,
        domain=facts.domain,
        score=facts.score,
        state=State.LIVE if facts.title else None,
        captured=facts.captured,
        flat=True,
    )


def _record(post: _Post, story: str, captured: int | None, seen: Counter[str], name: str) -> Record:
    words = words_of(post.body, Dialect.TEXT)
    key = text_id(post.author, words)
    seen[key] += 1
    return Record(
        Origin(name, post.line),
        text_id(post.author, words, seen[key]),
        Kind.COMMENT,
        thread=story,
        author=post.author,
        created=shown_moment(post.age, captured),
        body=post.body or None,
        dialect=Dialect.TEXT,
        state=State.LIVE,
        captured=captured,
        flat=True,
    )


def _head_at(lines: list[tuple[int, str]], index: int) -> _Head | None:
    """The head of a comment that begins at ``index``, on one line or on two."""
    line = lines[index][1]
    if index + 1 < len(lines):
        author = _AUTHOR_LINE.fullmatch(line)
        age = author and _AGE_LINE.fullmatch(lines[index + 1][1])
        if author and age:
            return _Head(author[1], age[1], 2)
    if one := _ONE_LINE.fullmatch(line):
        return _Head(one[1], one[2], 1)
    return None


def _split(lines: list[tuple[int, str]]) -> tuple[list[tuple[int, str]], list[_Post]]:
    """The lines before the first comment, and the comments."""
    heads: list[tuple[int, _Head]] = []
    index = 0
    while index < len(lines):
        head = _head_at(lines, index)
        if head:
            heads.append((index, head))
        index += head.lines if head else 1
    if not heads:
        return lines, []
    ends = [start for start, _ in heads[1:]] + [len(lines)]
    posts = [
        _Post(lines[start][0], head.author, head.age, _body(lines[start + head.lines : end], head.lines == 1))
        for (start, head), end in zip(heads, ends, strict=True)
    ]
    return lines[: heads[0][0]], posts


def _body(lines: list[tuple[int, str]], from_page: bool) -> str:
    """Paragraphs parted by blank lines; neighbouring lines of code stay together."""
    texts = [line.rstrip() for _, line in lines]
    while texts and texts[-1].strip() in (_JUNK if from_page else {""}):
        texts.pop()
    body = ""
    for text in texts:
        in_code = text.startswith("  ") and body.rsplit("\n", 1)[-1].startswith("  ")
        body += ("\n" if in_code else "\n\n") + text if text else ""
    return body.strip("\n")


class _Facts(NamedTuple):
    line: int = 1
    captured: int | None = None
    title: str | None = None
    domain: str | None = None
    author: str | None = None
    age: str = ""
    score: int | None = None


def _facts(top: list[tuple[int, str]]) -> tuple[_Facts, list[tuple[int, str]]]:
    """What the lines before the first comment state, and those that say nothing known."""
    facts = _Facts()
    unknown: list[tuple[int, str]] = []
    for line, text in ((line, text.strip()) for line, text in top if text.strip()):
        captured = _CAPTURED.fullmatch(text)
        moment: Moment | None = iso_moment(captured[1]) if captured else None
        if moment:
            facts = facts._replace(captured=moment.epoch)
        elif points := _POINTS.fullmatch(text):
            facts = facts._replace(score=int(points[1]), author=points[2], age=points[3] or "")
        elif facts.title is None and not captured and (title := _TITLE.fullmatch(text)):
            facts = facts._replace(line=line, title=title[1], domain=title[2])
        elif text not in _JUNK:
            unknown.append((line, text))
    return facts, unknown
