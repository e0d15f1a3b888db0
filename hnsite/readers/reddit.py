"""Posts and comments of Reddit, in all the shapes that they are kept in.

- what the API answers: a listing (of a subreddit, a user, ...), the two listings of a thread, the
  ``things`` of ``/api/morechildren``, or single things ``{"kind": "t1", "data": {...}}``;
- the files of Pushshift and Arctic Shift: one bare post or comment a line, posts and comments apart;
- posts with their comments nested below them, as downloaders write them.

The API escapes ``&``, ``<`` and ``>`` in texts unless it is asked not to; each text shows which it is.
Ids are written as Reddit's own full names: ``t3_`` for posts, ``t1_`` for comments.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State, namesake
from hnsite.readers.input import LAST_SECOND, Fields, Head, clean, clean_name, iso_moment, member_list
from hnsite.readers.json_values import json_values

NAME = "reddit"
VERSION = 1

_SITE = "https://www.reddit.com"
_BARE = {"link_id", "parent_id", "subreddit", "selftext", "permalink", "body", "is_self"}
_WRAPPED = re.compile(rb'"kind"\s*:\s*"(?:Listing|t[1-6]|more)"')
_ANSWER = re.compile(rb'[\s\[]*\{\s*"json"\s*:\s*\{\s*"(?:errors|data)"\s*:')
_FULL_NAME = re.compile(r"(?:(t[13])_)?([0-9A-Za-z]{1,13})")
_GONE = re.compile(
    r"\[ ?(?:(deleted)|removed)(?: by (?:user|reddit|moderators?)\b[^\n]{0,120})? ?\]", re.IGNORECASE
)
_BY_AUTHOR = {"deleted", "author"}
_TEXTS = ("body", "selftext", "title", "url", "permalink")
_MARKUP = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_ESCAPE = re.compile(r"&(amp|lt|gt);")
_PLAIN = {"amp": "&", "lt": "<", "gt": ">"}
_DECIMAL = re.compile(r"([0-9]{1,15})\.[0-9]{1,9}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if other := sorted(head.keys & {"generator", "guild", "post_stream", "short_id"}):
        return f"has {other[0]!r}, which Reddit does not use"
    if "data" in head.keys and (_WRAPPED.search(head.raw) or _ANSWER.match(head.raw)):
        return None
    if "created_utc" in head.keys and head.keys & _BARE:
        return None
    return "no things of Reddit ('kind' with 'data', or 'created_utc' with 'link_id', 'permalink', ...)"


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    post: str | None = None
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
            continue
        origin, value = piece
        children = _children(value)
        if post and (ranks := _below(post, children)):
            yield Record(origin, post, Kind.STORY, replies=ranks, ranked=True)
        post = _only_post(children)
        yield from _walk(value, origin)


def _walk(value: Any, origin: Origin) -> Iterator[Record | Problem]:
    """Everything in a value, each thing before what is below it, in the order of the dump."""
    stack: list[Any] = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(reversed(value))
            continue
        if not isinstance(value, dict):
            yield Problem(origin, "not a post or comment: no JSON object; skipped", skipped=True)
            continue
        kind, data = _opened(value)
        if kind in ("t1", "t3"):
            below = _children(data.get("replies")) or _children(data.get("comments"))
            yield from _thing(kind, Fields(data, origin), below)
            stack.extend(reversed(below))
        elif kind == "more":
            yield from _more(Fields(data, origin))
        elif kind == "Listing":
            stack.extend(reversed(_children(value) or member_list(data, "children")))
        else:
            reason = f"no post or comment but {ascii(kind)[:40]}" if kind else "not a post or comment"
            yield Problem(origin, f"{reason}; skipped", skipped=True)


def _opened(value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What kind of thing this is ("" if none), and its fields, be they wrapped or bare."""
    data = value.get("data")
    if isinstance(value.get("kind"), str) and isinstance(data, dict):
        return value["kind"], data
    if _children(value):
        return "Listing", value
    name = value.get("name")
    if isinstance(name, str) and name[:3] in ("t1_", "t3_"):
        return name[:2], value
    if value.keys() & {"title", "selftext", "is_self", "num_comments"}:
        return "t3", value
    return ("t1" if value.keys() & {"body", "link_id", "parent_id", "created_utc"} else ""), value


def _children(value: Any) -> Sequence[Any]:
    """The things that a listing, a collection, an answer of the API, or a plain list holds."""
    for key in ("json", "sorted_links", "data"):
        if isinstance(value, dict) and isinstance(value.get(key), dict | list):
            value = value[key]
    if isinstance(value, dict):
        value = next((value[key] for key in ("children", "things") if isinstance(value.get(key), list)), ())
        return value if any(isinstance(one, dict) for one in value) else ()
    return value if isinstance(value, list) and any(isinstance(one, dict) for one in value) else ()


def _only_post(children: Sequence[Any]) -> str | None:
    """The post of a listing that holds nothing else: the comments of a thread are in the next one."""
    if len(children) != 1 or not isinstance(children[0], dict):
        return None
    kind, data = _opened(children[0])
    return _own_name(data, "t3") if kind == "t3" else None


def _below(parent: str, children: Sequence[Any]) -> tuple[str, ...]:
    """The ids of what a listing shows below ``parent``, in displayed order; what it names without it too."""
    found: list[str | None] = []
    for child in children:
        kind, data = _opened(child) if isinstance(child, dict) else ("", {})
        if _name(_first(data, "parent_id", "parent"), "t1") != parent:
            continue
        if kind == "t1":
            found.append(_own_name(data, "t1"))
        elif kind == "more":
            found += _missing(data)
    return tuple(dict.fromkeys(id for id in found if id))


def _more(fields: Fields) -> Iterator[Record | Problem]:
    """Comments that the API only names: their parent says so, whatever that parent is."""
    parent, missing = _name(fields.value.get("parent_id"), "t1"), _missing(fields.value)
    if parent and missing:
        kind = Kind.STORY if parent.startswith("reddit-t3") else Kind.COMMENT
        yield Record(fields.origin, parent, kind, replies=missing)


def _missing(data: dict[str, Any]) -> tuple[str, ...]:
    ids = data.get("children")
    found = (_name(id, "t1") for id in ids) if isinstance(ids, list) else ()
    return tuple(dict.fromkeys(id for id in found if id))


def _thing(kind: str, fields: Fields, below: Sequence[Any]) -> Iterator[Record | Problem]:
    id = _own_name(fields.value, kind)
    if id is None:
        reason = "a post" if kind == "t3" else "a comment"
        yield Problem(
            fields.origin, f"{reason} without a usable 'id'; skipped, what is below it is kept", True
        )
        return
    make = _post if kind == "t3" else _comment
    yield make(fields, id, _below(id, below))
    yield from fields.problems


def _post(fields: Fields, id: str, replies: tuple[str, ...]) -> Record:
    data = fields.value
    body, dialect = _body(fields, "selftext", "selftext_html")
    title = _text(fields, "title")
    permalink = _address(_text(fields, "permalink"))
    url = _address(_text(fields, "url_overridden_by_dest") or _text(fields, "url"))
    own = data.get("is_self") is True or (_text(fields, "domain") or "").startswith("self.")
    if (own and not data.get("crosspost_parent")) or url == permalink:
        url = None
    return Record(
        fields.origin,
        id,
        Kind.STORY,
        author=_author(fields),
        created=_created(fields),
        title=None if _GONE.fullmatch(title or "") else title,
        url=url,
        body=None if _GONE.fullmatch(body or "") else body,
        dialect=dialect,
        score=fields.number("score"),
        state=_state(data, body, title),
        captured=_captured(fields),
        replies=replies,
        ranked=bool(replies),
        edited=_edited(fields),
        original=permalink or f"{_SITE}/comments/{id.removeprefix('reddit-t3_')}/",
    )


def _comment(fields: Fields, id: str, replies: tuple[str, ...]) -> Record:
    data = fields.value
    body, dialect = _body(fields, "body", "body_html")
    thread = _name(_first(data, "link_id", "link", "submission"), "t3")
    parent = _name(_first(data, "parent_id", "parent"), "t1") or thread
    return Record(
        fields.origin,
        id,
        Kind.COMMENT,
        parent=None if parent == id else parent,
        thread=thread,
        author=_author(fields),
        created=_created(fields),
        body=None if _GONE.fullmatch(body or "") else body,
        dialect=dialect,
        score=None if fields.flag("score_hidden") else fields.number("score"),
        state=_state(data, body),
        captured=_captured(fields),
        replies=replies,
        ranked=bool(replies),
        edited=_edited(fields),
        original=_address(_text(fields, "permalink")) or _comment_url(id, thread),
    )


def _comment_url(id: str, thread: str | None) -> str | None:
    if not thread:
        return None
    return f"{_SITE}/comments/{thread.removeprefix('reddit-t3_')}/_/{id.removeprefix('reddit-t1_')}/"


def _first(data: dict[str, Any], *names: str) -> Any:
    return next((data[name] for name in names if data.get(name) is not None), None)


def _name(value: object, kind: str) -> str | None:
    """The id here of what a dump calls ``t1_abc``, ``abc`` (then it is of this kind), or by its number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = _base36(int(value)) if 0 < value < 10**15 else None
    match = _FULL_NAME.fullmatch(value) if isinstance(value, str) else None
    return f"reddit-{match[1] or kind}_{match[2].lower()}" if match else None


def _own_name(data: dict[str, Any], kind: str) -> str | None:
    """A thing's own id here; ``name`` counts if it is a full name."""
    name = data.get("name")
    return _name(name if isinstance(name, str) and name.startswith(f"{kind}_") else data.get("id"), kind)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _text(fields: Fields, name: str) -> str | None:
    """A text with the API's escapes undone, once, where there are any."""
    text = clean(fields.text(name))
    if text and "&" in text and _is_escaped(fields.value):
        return _ESCAPE.sub(lambda match: _PLAIN[match[1]], text)
    return text


def _is_escaped(data: dict[str, Any]) -> bool:
    """Whether a thing's texts are: then its HTML has no tags, and no text holds ``<`` or any other ``&``."""
    texts = [text for name in _TEXTS if isinstance(text := data.get(name), str)]
    rendered = data.get("body_html") or data.get("selftext_html")
    if isinstance(rendered, str):
        return not rendered.lstrip().startswith("<")
    return not any(_MARKUP.search(text) for text in texts)


def _body(fields: Fields, name: str, markup: str) -> tuple[str | None, Dialect]:
    """The Markdown, or the HTML of what is without."""
    body = _text(fields, name)
    if body is None and (rendered := _text(fields, markup) or _text(fields, "contentHTML")):
        return rendered, Dialect.HTML
    return body or _text(fields, "contentText"), Dialect.REDDIT


def _author(fields: Fields) -> str | None:
    author = clean_name(fields.text("author"))
    return None if author == "[deleted]" else namesake(author, "reddit")


def _address(url: str | None) -> str | None:
    return f"{_SITE}{url}" if url and url.startswith("/") and not url.startswith("//") else url


def _created(fields: Fields) -> Moment | None:
    seconds = _seconds(fields, "created_utc")
    if seconds is not None:
        return Moment(seconds)
    text = fields.value.get("utc_datetime_str")
    return iso_moment(text) if isinstance(text, str) else None


def _edited(fields: Fields) -> Moment | None:
    """False, or when; very old posts only say that they were."""
    if isinstance(fields.value.get("edited"), bool):
        return None
    seconds = _seconds(fields, "edited")
    return Moment(seconds) if seconds else None


def _captured(fields: Fields) -> int | None:
    """When the item was last looked at; Arctic Shift looks twice."""
    meta = _meta(fields.value)
    again = _seconds(Fields(meta, fields.origin, fields.problems), "retrieved_2nd_on") if meta else None
    return again or _seconds(fields, "retrieved_on") or _seconds(fields, "retrieved_utc")


def _seconds(fields: Fields, name: str) -> int | None:
    """A time in seconds, in whatever way a number can be written; parts of a second do not matter."""
    value = fields.value.get(name)
    if isinstance(value, float) and math.isfinite(value):
        value = math.floor(value)
    if value is None or (type(value) is int and 0 <= value <= LAST_SECOND):
        return value  # nearly always
    if isinstance(value, str) and (match := _DECIMAL.fullmatch(value)):
        value = match[1]
    return Fields({name: value, "id": fields.value.get("id")}, fields.origin, fields.problems).seconds(name)


def _meta(data: dict[str, Any]) -> dict[str, Any]:
    meta = data.get("_meta")
    return meta if isinstance(meta, dict) else {}


def _state(data: dict[str, Any], *texts: str | None) -> State:
    """By its author, or by others: what the text says, else the field for it."""
    for text in texts:
        if match := _GONE.fullmatch(text or ""):
            return State.DELETED if match[1] else State.DEAD
    meta = _meta(data)
    later = meta.get("was_deleted_later") is True
    by = data.get("removed_by_category") or (meta.get("removal_type") if later else None)
    if isinstance(by, str):
        return State.DELETED if by in _BY_AUTHOR else State.DEAD
    if later:
        return State.DELETED
    return State.DEAD if data.get("removed") is True or data.get("spam") is True else State.LIVE
