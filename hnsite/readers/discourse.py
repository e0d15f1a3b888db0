"""Topics and posts of a Discourse forum, as its JSON addresses give them (discourse: app/serializers).

    /t/<id>.json                  a topic with its first posts; ``post_stream.stream`` names all posts
    /t/<id>/posts.json            more posts of it
    /posts/<id>.json              one post; so are the files of the common archivers
    /posts.json, /latest.json     the newest posts; the newest topics, without their posts

A topic's first post is the story. Posts are named by topic and number, which is how they name each other:
``discourse-<topic>-<number>``. Nothing in a post tells dependably which forum it is of (portraits do,
for some authors), so two forums need two sites; a topic of both is a warning where their hosts are known.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import quote

from hnsite.model import Dialect, Kind, Origin, Problem, Record, State, namesake
from hnsite.readers.input import Fields, Head, clean, clean_name, member_list
from hnsite.readers.json_values import json_values

NAME = "discourse"
VERSION = 1

_SIGNS = (
    {"post_stream"},
    {"post_number", "topic_id"},
    {"topic_list", "topics"},
    {"fancy_title", "posts_count"},
)
_PORTRAIT = re.compile(r"(?:https?://[^/]+)?((?:/[\w-]+)*?)/user_avatar/([a-z0-9.-]+\.[a-z]{2,}(?::\d+)?)/")
_HOME = re.compile(r"https?://([a-z0-9.-]+\.[a-z]{2,}(?::\d+)?)/")
_LOCAL = re.compile(r"""(<(?:a|img)\b[^<>]*?\s(?:href|src)=["'])(//?)""")
_SMALL_ACTION = 3


class _Forum(NamedTuple):
    """Where a forum is: ``https://host/folder``; the host is "" where nothing tells it."""

    host: str = ""
    folder: str = ""


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if "extractor" in head.keys:
        return "has 'extractor': entries of forum-dl"
    if not any(head.keys >= signs for signs in _SIGNS):
        return "no topics or posts ('post_stream', 'post_number' with 'topic_id', 'topic_list')"
    return None


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
        else:
            yield from _value(piece[1], piece[0])


def _value(value: Any, origin: Origin) -> Iterator[Record | Problem]:
    if not isinstance(value, dict):
        yield Problem(origin, "neither a topic nor a post: no JSON object; skipped", skipped=True)
    elif isinstance(stream := value.get("post_stream"), dict):
        yield from _topic(value, stream, origin)
    elif isinstance(listed := value.get("topic_list"), dict):
        yield from _listing(listed, value.get("users"), origin)
    elif isinstance(posts := value.get("latest_posts", value.get("posts")), list):
        if isinstance(value.get("topics"), list):  # what a search found
            yield from _listing(value, value.get("users"), origin)
        yield from _posts(posts, Fields(value, origin), origin)
    elif "post_number" in value:
        yield from _posts([value], Fields({}, origin), origin)
    elif "title" in value:
        yield from _story(Fields(value, origin), _Forum(), None)
    else:
        yield Problem(origin, "neither a topic nor a post; skipped", skipped=True)


def _topic(value: dict[str, Any], stream: dict[str, Any], origin: Origin) -> Iterator[Record | Problem]:
    fields = Fields(value, origin)
    posts = stream.get("posts")
    if not isinstance(posts, list):
        fields.note("post_stream", "an object with a list of posts")
        posts = []
    forum = _forum([*posts, *_participants(value)])
    if "title" in value:
        yield from _story(fields, forum, None)
    yield from _posts(posts, fields, origin)
    named = stream.get("stream")
    if isinstance(named, list) and len(named) > len(posts):
        reason = (
            f"has {len(posts)} of the {len(named)} posts of topic {fields.id('id')}; others may have the rest"
        )
        yield Problem(origin, reason)


def _participants(value: dict[str, Any]) -> Iterator[Any]:
    """Everybody whose portrait is in sight: the topic's own people, and those of topics it suggests."""
    yield from member_list(value.get("details"), "participants")
    for topic in member_list(value, "suggested_topics"):
        for poster in member_list(topic, "posters"):
            yield poster.get("user") if isinstance(poster, dict) else None


def _listing(listed: dict[str, Any], users: Any, origin: Origin) -> Iterator[Record | Problem]:
    """Topics without posts; whoever wrote one is the first of its ``posters``."""
    people = [one for one in users if isinstance(one, dict)] if isinstance(users, list) else []
    names = {one.get("id"): one for one in people if isinstance(one.get("id"), int)}
    forum = _forum(people)
    for topic in member_list(listed, "topics"):
        if not isinstance(topic, dict):
            yield Problem(origin, "not a topic: no JSON object; skipped", skipped=True)
            continue
        first = next(iter(member_list(topic, "posters")), None)
        user = first.get("user_id") if isinstance(first, dict) else None
        writer = names.get(user, {}) if isinstance(user, int) else {}
        yield from _story(Fields(topic, origin), forum, _author(Fields(writer, origin)))


def _story(fields: Fields, forum: _Forum, author: str | None) -> Iterator[Record | Problem]:
    """What is said of a topic apart from its posts."""
    topic = fields.id("id")
    if topic is None:
        yield Problem(fields.origin, "a topic without a usable 'id'; skipped", skipped=True)
        return
    title = clean(fields.text("title")) or html.unescape(clean(fields.text("fancy_title")) or "")
    yield Record(
        fields.origin,
        _id(topic),
        Kind.STORY,
        author=author,
        created=fields.date("created_at"),
        title=title or None,
        url=clean(fields.text("featured_link")),
        state=State.DEAD if fields.value.get("deleted_at") else State.LIVE,
        original=_address(forum, topic, fields.text("slug")),
    )
    yield from fields.problems


def _posts(posts: list[Any], topic: Fields, origin: Origin) -> Iterator[Record | Problem]:
    """Posts, and once what they say of each topic."""
    forum = _forum(posts)
    if topic.value and "post_stream" in topic.value:
        forum = _forum([*posts, *_participants(topic.value)])
    told: set[int] = set()
    for value in posts:
        if not isinstance(value, dict):
            yield Problem(origin, "not a post: no JSON object; skipped", skipped=True)
            continue
        fields = Fields(value, origin)
        of = fields.id("topic_id") or topic.id("id")
        number = fields.id("post_number")
        if of is None or number is None:
            yield Problem(origin, "a post without a usable topic and number; skipped", skipped=True)
            continue
        title = clean(fields.text("topic_title"))
        if title and of not in told:
            told.add(of)
            yield Record(origin, _id(of), Kind.STORY, title=title)
        yield _post(fields, of, number, forum)
        yield from fields.problems


def _post(fields: Fields, topic: int, number: int, forum: _Forum) -> Record:
    above = fields.id("reply_to_post_number")
    if above == number:
        fields.note("reply_to_post_number", "another post")
        above = None
    state = _state(fields)
    body, dialect = _body(fields, forum)
    version = fields.number("version")
    return Record(
        fields.origin,
        _id(topic, number),
        Kind.STORY if number == 1 else Kind.COMMENT,
        parent=None if number == 1 else _id(topic, above or 1),
        thread=_id(topic),
        author=_author(fields),
        created=fields.date("created_at"),
        body=body,
        dialect=dialect,
        state=state,
        edited=fields.date("updated_at") if version and version > 1 else None,
        original=_address(forum, topic, fields.text("topic_slug"), number),
    )


def _id(topic: int, number: int = 1) -> str:
    """A topic is its first post."""
    return f"discourse-{topic}-{number}" if number > 1 else f"discourse-{topic}"


def _author(fields: Fields) -> str | None:
    return namesake(clean_name(fields.text("username")), "discourse")


def _state(fields: Fields) -> State:
    """Who withdraws a post of his own marks it ``user_deleted``; moderators delete and hide."""
    if fields.flag("user_deleted"):
        return State.DELETED
    if fields.value.get("deleted_at") or fields.flag("hidden"):
        return State.DEAD
    return State.LIVE


def _body(fields: Fields, forum: _Forum) -> tuple[str | None, Dialect]:
    """The text as it was shown, else as it was written. What is withdrawn has a notice in its place.

    A small action (a topic is closed, split, pinned ...) has a code and mostly no text.
    """
    if fields.flag("cooked_hidden") or fields.flag("user_deleted"):
        return None, Dialect.HTML
    cooked = clean(fields.text("cooked"))
    if fields.value.get("post_type") == _SMALL_ACTION and (action := clean(fields.text("action_code"))):
        who = clean(fields.text("action_code_who"))
        note = action.replace(".", " ").replace("_", " ") + (f" {who}" if who else "")
        cooked = f"<p>[{html.escape(note)}]</p>{cooked or ''}"
    if cooked:
        return _LOCAL.sub(lambda match: match[1] + _beginning(match[2], forum), cooked), Dialect.HTML
    raw = clean(fields.text("raw"))
    return raw, Dialect.MARKDOWN if raw else Dialect.HTML


def _beginning(slashes: str, forum: _Forum) -> str:
    """How a local address begins: on the forum's host, if that is known."""
    if slashes == "//":
        return "https://"
    return f"https://{forum.host}/" if forum.host else "/"


def _forum(people: Iterable[Any]) -> _Forum:
    """Where most portraits of these users and posts say that they are from, else links within the forum."""
    found: Counter[_Forum] = Counter()
    linked: Counter[_Forum] = Counter()
    for one in people:
        if not isinstance(one, dict):
            continue
        portrait = one.get("avatar_template")
        if isinstance(portrait, str) and (match := _PORTRAIT.match(portrait)):
            found[_Forum(match[2], match[1] if portrait.startswith("/") else "")] += 1
        for link in member_list(one, "link_counts"):
            url = link.get("url") if isinstance(link, dict) and link.get("internal") is True else None
            if isinstance(url, str) and (match := _HOME.match(url)):
                linked[_Forum(match[1])] += 1
    best = (found or linked).most_common(1)
    return best[0][0] if best else _Forum()


def _address(forum: _Forum, topic: int, slug: str | None, number: int = 0) -> str | None:
    if not forum.host:
        return None
    steps = [quote(clean(slug) or "-", safe=""), str(topic), *([str(number)] if number else [])]
    return f"https://{forum.host}{forum.folder}/t/{'/'.join(steps)}"
