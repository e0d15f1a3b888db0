"""Messages of Zulip: topics as zulip-archive keeps them, and the messages of a full export.

    <stream id>-<stream>/<topic>.json   [{"id", "sender_full_name", "timestamp", "content" (HTML)}, ...]
    messages-000001.json                {"zerver_message": [...]}; realm.json beside it has all names

zulip-archive (lib/populate.py, lib/common.py) says nowhere inside of a file which topic it is: stream and
topic are read from the path, where ``.20`` stands for ``%20``, or from stream_index.json. A topic is a
thread. A message that quotes another of its topic, by the link that Zulip puts above a quote, answers it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import quote, unquote

from hnsite.markup.hypertext import with_formulas_as_written
from hnsite.model import Dialect, Evidence, Kind, Moment, Origin, Problem, Record, State, namesake
from hnsite.readers.input import Fields, Head, clean, clean_name
from hnsite.readers.json_values import json_value, json_values

NAME = "zulip"
VERSION = 1
BESIDE = ("../stream_index.json", "realm.json")

_TABLE = re.compile(rb'"(?:zerver|analytics)_\w+"\s*:')
_FOLDER = re.compile(r"(\d{1,15})-?(.*)")
_ENDING = re.compile(r"\.(?:json|gz|bz2|xz|zst)$")
_CODED = re.compile(r"\.([0-9A-Fa-f]{2})")
_QUOTED = re.compile(r"</p>\s*<blockquote>")
_NEAR = re.compile(r'href="[^"<>]*/near/(\d{1,15})["/]')
_STREAM, _GROUP = 2, 3  # what a recipient is, besides a person


class _Topic(NamedTuple):
    """What a message belongs to; ``stream`` is "" where it is not known."""

    id: str
    title: str | None


class _Names(NamedTuple):
    """What realm.json tells of the numbers in messages."""

    people: dict[int, str]
    streams: dict[int, str]
    recipients: dict[int, tuple[int, int]]


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if _TABLE.search(head.raw) or head.keys >= {"s3_path", "realm_id"}:
        return None
    if head.keys >= {"sender_full_name", "timestamp", "content"} or head.keys >= {"streams", "topic_data"}:
        return None
    return "no messages of Zulip ('sender_full_name' with 'timestamp' and 'content', 'zerver_message')"


def read(
    file: BinaryIO, name: str, beside: Mapping[str, bytes] = MappingProxyType({})
) -> Iterator[Record | Problem]:
    """Tables other than that of messages, and indexes, say nothing of their own."""
    topic = _topic_of(name, beside.get("../stream_index.json", b""))
    names = _names(beside.get("realm.json", b""))
    told: set[str] = set()
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
            continue
        origin, value = piece
        if not isinstance(value, dict):
            yield Problem(origin, "not a message: no JSON object; skipped", skipped=True)
        elif isinstance(rows := value.get("zerver_message"), list):
            for row in rows:
                yield from _exported(row, origin, names, told)
        elif isinstance(rows := value.get("messages"), list):
            for row in rows:
                yield from _archived(row, origin, topic, told)
        elif "sender_full_name" in value or "content" in value:
            yield from _archived(value, origin, topic, told)
        elif not value.keys() & {"streams", "s3_path"} and not any(
            "_" in key and isinstance(table, list) for key, table in value.items()
        ):
            yield Problem(origin, "not a message; skipped", skipped=True)


# ---- zulip-archive


def _topic_of(name: str, index: bytes) -> _Topic:
    """The topic that a file of this path holds."""
    path = PurePosixPath(name)
    stem = path.name
    while match := _ENDING.search(stem):
        stem = stem[: match.start()]
    topic = unquote(_CODED.sub(r"%\1", stem.replace("%", "%25")), errors="replace")
    folder = _FOLDER.fullmatch(path.parent.name)
    if folder is None:
        return _topic("", None, topic)
    stream, topic = _indexed(index, int(folder[1]), folder[2], topic, stem)
    return _topic(folder[1], stream, topic)


def _indexed(index: bytes, number: int, stream: str, topic: str, stem: str) -> tuple[str, str]:
    """The names as stream_index.json has them; file names lack what is not ASCII, or more."""
    for known, (of, topics) in _index(index).items():
        if of == number:
            return known, next((one for one in topics if stem in _stems(one)), topic)
    return stream, topic


@lru_cache(maxsize=2)
def _index(raw: bytes) -> dict[str, tuple[int, list[str]]]:
    """Each stream's number and topics."""
    value = json_value(raw) if raw else None
    streams = value.get("streams") if isinstance(value, dict) else None
    found: dict[str, tuple[int, list[str]]] = {}
    for name, stream in streams.items() if isinstance(streams, dict) else ():
        topics = stream.get("topic_data") if isinstance(stream, dict) else None
        if isinstance(topics, dict) and isinstance(stream.get("id"), int) and clean(name):
            found[clean(name) or ""] = (stream["id"], [topic for topic in topics if clean(topic)])
    return found


def _stems(topic: str) -> tuple[str, ...]:
    """What zulip-archive calls the file of a topic."""
    coded = quote(topic.encode("utf-8", "replace"), safe="~()*!'")
    return coded.replace(".", "%2E").replace("%", "."), coded.replace("%", ".")


def _topic(stream_id: str, stream: str | None, topic: str) -> _Topic:
    """A topic's id has the digest of its name, which may be anything."""
    topic = clean(topic) or "(no topic)"
    digest = hashlib.sha256(topic.encode("utf-8", "replace")).hexdigest()[:12]
    title = f"#{stream} > {topic}" if (stream := clean(stream)) else topic
    return _Topic(f"zulip-{stream_id}-{digest}" if stream_id else f"zulip-topic-{digest}", title)


def _archived(value: Any, origin: Origin, topic: _Topic, told: set[str]) -> Iterator[Record | Problem]:
    fields = Fields(value if isinstance(value, dict) else {}, origin)
    stream, subject = fields.value.get("display_recipient"), fields.text("subject")
    if isinstance(stream, str) and subject is not None:  # a message as the API gives it
        topic = _topic(str(fields.id("stream_id") or ""), stream, subject)
    author = clean_name(fields.text("sender_full_name"))
    created = fields.seconds("timestamp")
    edited = fields.seconds("last_edit_timestamp")
    is_text = fields.value.get("content_type") == "text/x-markdown"
    yield from _message(
        fields,
        topic,
        told,
        author,
        None if created is None else Moment(created),
        None if edited is None else Moment(edited),
        (clean(fields.text("content")), Dialect.MARKDOWN if is_text else Dialect.HTML),
    )


# ---- full exports


@lru_cache(maxsize=1)
def _names(raw: bytes) -> _Names:
    value = json_value(raw) if raw else None
    tables = value if isinstance(value, dict) else {}
    people: dict[int, str] = {}
    for table in ("zerver_userprofile_crossrealm", "zerver_userprofile_mirrordummy", "zerver_userprofile"):
        for row in _rows(tables, table):
            name = row.get("full_name") or row.get("email")
            if isinstance(name, str) and clean(name):
                people[row["id"]] = clean_name(name) or ""
    streams = {row["id"]: str(row.get("name") or "") for row in _rows(tables, "zerver_stream")}
    recipients = {
        row["id"]: (row["type"], row["type_id"])
        for row in _rows(tables, "zerver_recipient")
        if isinstance(row.get("type"), int) and isinstance(row.get("type_id"), int)
    }
    return _Names(people, streams, recipients)


def _rows(tables: dict[str, Any], name: str) -> list[dict[str, Any]]:
    table = tables.get(name)
    rows = table if isinstance(table, list) else []
    return [row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), int)]


def _exported(value: Any, origin: Origin, names: _Names, told: set[str]) -> Iterator[Record | Problem]:
    fields = Fields(value if isinstance(value, dict) else {}, origin)
    sender, recipient = fields.id("sender") or 0, fields.id("recipient") or 0
    author = names.people.get(sender) or (f"user {sender}" if sender else None)
    rendered = clean(fields.text("rendered_content"))
    yield from _message(
        fields,
        _recipient(sender, recipient, fields.text("subject") or "", names),
        told,
        author,
        fields.moment("date_sent"),
        fields.moment("last_edit_time"),
        (rendered, Dialect.HTML) if rendered else (clean(fields.text("content")), Dialect.MARKDOWN),
    )


def _recipient(sender: int, recipient: int, subject: str, names: _Names) -> _Topic:
    """The topic of a stream, or the messages between people."""
    kind, number = names.recipients.get(recipient, (0, recipient))
    if kind == _STREAM:
        return _topic(str(number), names.streams.get(number), subject)
    if kind == _GROUP:
        return _Topic(f"zulip-group-{number}", f"Direct messages of group {number}")
    if kind:
        two = sorted({sender, number})
        known = [names.people.get(one, f"user {one}") for one in two]
        return _Topic(f"zulip-people-{'-'.join(map(str, two))}", f"Direct messages: {', '.join(known)}")
    return _topic(f"r{number}", f"recipient {number}", subject)


# ---- both


def _message(
    fields: Fields,
    topic: _Topic,
    told: set[str],
    author: str | None,
    created: Moment | None,
    edited: Moment | None,
    text: tuple[str | None, Dialect],
) -> Iterator[Record | Problem]:
    """A message, and its topic before the first of it; ``told`` are topics and messages so far."""
    number = fields.id("id")
    if number is None:
        yield Problem(fields.origin, "a message without a usable 'id'; skipped", skipped=True)
        return
    id = f"zulip-{number}"
    if topic.id not in told:
        yield Record(
            fields.origin, topic.id, Kind.STORY, title=topic.title, created=created, state=State.LIVE
        )
    answered = [f"{topic.id} {one}" for one in _quoted(text[0] or "")]
    known = {one for one in answered if one in told}
    parent = f"zulip-{known.pop().rpartition(' ')[2]}" if len(known) == 1 else None
    told.update((topic.id, f"{topic.id} {number}"))
    yield Record(
        fields.origin,
        id,
        Kind.COMMENT,
        parent=parent or topic.id,
        thread=topic.id,
        author=namesake(author, "zulip"),
        created=created,
        body=with_formulas_as_written(text[0]) if text[0] else None,
        dialect=text[1],
        state=State.LIVE,
        edited=edited,
        evidence=Evidence.QUOTE if parent else None,
    )
    yield from fields.problems


def _quoted(body: str) -> Iterator[str]:
    """The numbers of messages that a text quotes: "Ann said:" with a link, right above a quote."""
    for match in _QUOTED.finditer(body):
        line = body[max(0, match.start() - 2000) : match.start()].rpartition("<p>")[2]
        if "user-mention" in line and (near := _NEAR.search(line)):
            yield near[1]
