"""Slack's export: a folder a channel, a file a day, and lists of people and channels beside the folders.

    <channel>/2016-01-14.json     [{"type": "message", "user", "text", "ts", "thread_ts"?, ...}, ...]
    users.json, channels.json, groups.json, dms.json, mpims.json      who and what the ids in messages are

A channel is a thread; its folder's name is in the path. ``ts`` is a message's id within its channel, and its
time. A reply in a thread has the ``ts`` of the thread's first message as its ``thread_ts``. Joins, leaves and
other events are messages too. The lists say nothing of their own. What slackdump writes, one object a channel
with its ``messages``, is read as well; the lists are beside it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State, namesake
from hnsite.readers.input import (
    LAST_SECOND,
    MOST_MENTIONS,
    Fields,
    Head,
    clean,
    clean_name,
    member_list,
    member_text,
    mentioned,
)
from hnsite.readers.json_values import json_value, json_values

NAME = "slack"
VERSION = 1
_LISTS = ("channels", "groups", "dms", "mpims")
BESIDE = tuple(f"{folder}{name}.json" for folder in ("../", "") for name in ("users", *_LISTS))

_TS = re.compile(r"(\d{9,12})\.(\d{1,9})")
_MESSAGE = re.compile(rb'"ts"\s*:\s*"\d{9,12}\.\d{1,9}"')
_PRIVATE = re.compile(rb'"id"\s*:\s*"D[A-Z0-9]{7,15}"')
_SIDE = (
    {"team_id", "profile"},
    {"real_name", "profile"},
    {"purpose", "members"},
    {"is_archived", "members"},
    {"service_type", "change_type"},
    {"app_type", "change_type"},
    {"url_private", "filetype"},
)
"""What lists of people, channels, conversations, integrations and files have."""
_FOREIGN = {
    "guild",
    "zerver_message",
    "post_number",
    "objectID",
    "created_utc",
    "short_id",
    "sender_full_name",
}
_MENTION = re.compile(r"<([@#])([A-Z0-9]{2,20})(\|[^<>]*)?>")
_UNSAFE = re.compile(r"[^a-z0-9_-]+")
_INNER = ("message_changed", "message_replied")


class _Channel(NamedTuple):
    id: str
    title: str
    about: str | None
    created: Moment | None


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if head.raw.strip() == b"[]":
        return None  # so Slack writes lists that hold nothing, and whatever wrote this, nothing is lost
    if other := sorted(head.keys & _FOREIGN):
        return f"has {other[0]!r}, which Slack does not use"
    if _MESSAGE.search(head.raw) or any(head.keys >= signs for signs in _SIDE):
        return None
    if "created" in head.keys and _PRIVATE.search(head.raw):
        return None
    return "no messages of Slack ('ts' like \"1452837318.000002\")"


def read(
    file: BinaryIO, name: str, beside: Mapping[str, bytes] = MappingProxyType({})
) -> Iterator[Record | Problem]:
    users, *lists = (
        beside.get(f"../{one}.json", beside.get(f"{one}.json", b"")) for one in ("users", *_LISTS)
    )
    people = _people(users)
    channel, names = (
        _channel(PurePosixPath(name).parent.name, tuple(lists), people),
        _channel_names(tuple(lists)),
    )
    reading = _Reading(people, names, channel)
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
        elif isinstance(piece[1], dict) and isinstance(piece[1].get("messages"), list):
            yield from _whole_channel(piece[1], piece[0], reading)
        else:
            yield from reading.message(piece[1], piece[0])


def _whole_channel(value: dict[str, Any], origin: Origin, reading: _Reading) -> Iterator[Record | Problem]:
    """slackdump keeps the replies inside of the message that they answer."""
    id, name = clean(member_text(value, "channel_id")), clean(member_text(value, "name"))
    if id or name:
        reading.channel = _named(id or name or "", f"#{name or id}", value, None)
    for message in value["messages"]:
        yield from reading.message(message, origin)
        for reply in member_list(message, "slackdump_thread_replies"):
            if isinstance(reply, dict) and reply.get("ts") != message.get("ts"):
                yield from reading.message({"thread_ts": message.get("ts"), **reply}, origin)


# ---- the lists


@lru_cache(maxsize=8)
def _rows(raw: bytes) -> list[dict[str, Any]]:
    value = json_value(raw) if raw else None
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, dict) and member_text(row, "id")]


@lru_cache(maxsize=2)
def _people(raw: bytes) -> dict[str, str]:
    """The user name of each user id: it is one's own, which display names need not be."""
    found = {
        row["id"]: clean_name(member_text(row, "name") or member_text(row, "real_name")) for row in _rows(raw)
    }
    return {id: name for id, name in found.items() if name}


def _channel_names(lists: tuple[bytes, ...]) -> dict[str, str]:
    found = {row["id"]: clean(member_text(row, "name")) for raw in lists for row in _rows(raw)}
    return {id: name for id, name in found.items() if name}


def _channel(folder: str, lists: tuple[bytes, ...], people: Mapping[str, str]) -> _Channel:
    """The channel whose messages are in a folder, which has its name; that of two people, its id."""
    for raw in lists:
        for row in _rows(raw):
            if folder in (member_text(row, "name"), row["id"]):
                return _described(row, folder, people)
    return _named(folder or "channel", f"#{folder}" if folder else "Slack", {}, None)


def _described(row: dict[str, Any], folder: str, people: Mapping[str, str]) -> _Channel:
    members = [people.get(one, one) for one in member_list(row, "members") if isinstance(one, str)]
    is_private = row["id"].startswith("D") or folder.startswith("mpdm-")
    title = f"Direct messages: {', '.join(members)}" if is_private and members else f"#{folder}"
    said = [
        f"{name.capitalize()}: {text}"
        for name in ("topic", "purpose")
        if (text := clean(member_text(row.get(name), "value")))
    ]
    return _named(row["id"], title, row, "\n\n".join(said) or None)


def _named(id: str, title: str, row: Mapping[str, Any], about: str | None) -> _Channel:
    shown = clean(title)
    made = Fields({"created": row.get("created")}, Origin("", 1)).seconds("created")
    return _Channel(_safe(id), shown or "Slack", about, Moment(made) if made else None)


def _safe(id: str) -> str:
    """Ids of Slack are capitals and digits; other names may be anything."""
    return _UNSAFE.sub("-", id.lower()).strip("-") or "channel"


# ---- the messages


class _Reading:
    """A file while it is read: what ids are called, and whether its channel was told."""

    def __init__(self, people: dict[str, str], channels: dict[str, str], channel: _Channel) -> None:
        self._people = dict(people)
        self._channels = channels
        self._told = ""
        self.channel = channel

    def message(self, value: Any, origin: Origin) -> Iterator[Record | Problem]:
        """A message, and its channel before the first; rows of lists say nothing."""
        if not isinstance(value, dict):
            yield Problem(origin, "not a message: no JSON object; skipped", skipped=True)
            return
        if value.get("subtype") in _INNER and isinstance(value.get("message"), dict):
            value = value["message"]  # an event that says how a message is now
        if "ts" not in value:
            if value.get("type") == "message" or "text" in value:
                yield Problem(origin, "a message without a usable 'ts'; skipped", skipped=True)
            elif "id" not in value and not any(value.keys() >= signs for signs in _SIDE):
                yield Problem(origin, "neither a message nor what lists hold; skipped", skipped=True)
            return
        stamp = _stamp(value.get("ts"))
        if stamp is None:
            yield Problem(origin, "a message without a usable 'ts'; skipped", skipped=True)
            return
        if self._told != self.channel.id:
            self._told = self.channel.id
            yield self._story(origin)
        fields = Fields(value, origin)
        yield self._record(fields, stamp)
        yield from fields.problems

    def _story(self, origin: Origin) -> Record:
        return Record(
            origin,
            f"slack-{self.channel.id}",
            Kind.STORY,
            created=self.channel.created,
            title=self.channel.title,
            body=self._resolved(self.channel.about or "") or None,
            dialect=Dialect.SLACK,
            state=State.LIVE,
        )

    def _record(self, fields: Fields, stamp: tuple[str, Moment]) -> Record:
        value, channel = fields.value, f"slack-{self.channel.id}"
        top = _stamp(value.get("thread_ts")) if value.get("thread_ts") != value.get("ts") else None
        gone = value.get("subtype") == "tombstone"
        edited = value.get("edited")
        changed = _stamp(edited.get("ts")) if isinstance(edited, dict) else None
        return Record(
            fields.origin,
            f"{channel}-{stamp[0]}",
            Kind.COMMENT,
            parent=f"{channel}-{top[0]}" if top and top[0] != stamp[0] else channel,
            thread=channel,
            author=None if gone else namesake(self._author(fields), "slack"),
            created=stamp[1],
            body=None if gone else clean(self._resolved(_body(fields))),
            dialect=Dialect.SLACK,
            state=State.DELETED if gone else State.LIVE,
            edited=changed[1] if changed else None,
        )

    def _author(self, fields: Fields) -> str | None:
        """Who wrote it: a user, whose id users.json knows, or a program by the name that it goes by."""
        value = fields.value
        profile, comment = value.get("user_profile"), value.get("comment")
        user = clean(fields.text("user")) or clean(member_text(comment, "user"))
        if user:
            told = clean_name(member_text(profile, "name") or member_text(profile, "real_name"))
            return self._people.get(user) or told or user
        named = fields.text("username") or member_text(value.get("bot_profile"), "name")
        return clean(named) or clean(fields.text("bot_id"))

    def _resolved(self, text: str) -> str:
        """Mentions with the names of whom and what they mention."""

        def named(match: re.Match[str]) -> str:
            known = self._people if match[1] == "@" else self._channels
            name = known.get(match[2])
            if name is None:
                return match[0]
            return match[1] + html.escape(mentioned(name), quote=False)

        return _MENTION.sub(named, text, MOST_MENTIONS)


def _stamp(ts: Any) -> tuple[str, Moment] | None:
    """A message's ``ts`` as it is written in addresses, and as a time."""
    match = _TS.fullmatch(ts) if isinstance(ts, str) else None
    if match is None or int(match[1]) > LAST_SECOND:
        return None
    return match[1] + match[2], Moment(int(match[1]))


def _body(fields: Fields) -> str:
    """The text, then what is attached: previews and the messages of programs as quotes, files as links."""
    value = fields.value
    parts = [fields.text("text") or _of_blocks(value.get("blocks"))]
    attached = member_list(value, "attachments")
    parts += [_attachment(one, parts[0]) for one in attached if isinstance(one, dict)]
    files = [*member_list(value, "files"), value.get("file")]
    parts += [_file(one, parts[0]) for one in files if isinstance(one, dict)]
    return "\n".join(part for part in parts if part)


def _of_blocks(blocks: Any) -> str:
    """The words of a message that has only blocks; others repeat their text in them."""
    found: list[str] = []
    waiting = [blocks]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            text = value.get("text")
            if isinstance(text, str):
                found.append(text)
            waiting.extend(value[name] for name in ("fields", "elements", "text") if name in value)
    return "\n".join(found)


def _attachment(attachment: dict[str, Any], text: str) -> str:
    """One attachment: what stands above it, then its parts, quoted."""
    title, link = member_text(attachment, "title"), member_text(attachment, "title_link")
    lines = [member_text(attachment, "author_name") or member_text(attachment, "service_name")]
    lines.append(f"<{link}|{title}>" if link and title else title or link)
    lines.append(member_text(attachment, "text"))
    for field in member_list(attachment, "fields"):
        lines += [f"*{name}*" if (name := member_text(field, "title")) else "", member_text(field, "value")]
    lines += [member_text(attachment, "footer"), _of_blocks(attachment.get("blocks"))]
    image = member_text(attachment, "image_url")
    lines.append(f"<{image}|[picture]>" if image and image not in text else "")
    if not any(lines[1:]) and not member_text(attachment, "pretext"):
        lines.append(member_text(attachment, "fallback"))
    quoted = "\n".join(line for part in lines if part for line in part.split("\n"))
    above = member_text(attachment, "pretext")
    return "\n".join(
        [*([above] if above else []), *(f"&gt; {line}" for line in quoted.split("\n") if quoted)]
    )


def _file(file: dict[str, Any], text: str) -> str:
    """A link to a file, unless the text has it. Addresses of files hold keys, so they are not shown."""
    comment = member_text(file.get("initial_comment"), "comment")
    said = f"\n{comment}" if comment and comment not in text else ""
    if file.get("mode") in ("tombstone", "hidden_by_limit"):
        return f"[a file that is gone]{said}"
    link = member_text(file, "permalink")
    name = member_text(file, "title") or member_text(file, "name") or "file"
    if link and link in text:
        return said.strip("\n")
    return (f"[file: <{link}|{name}>]" if link else f"[file: {name}]") + said
