"""A channel of Discord as DiscordChatExporter writes it (Tyrrrz/DiscordChatExporter: JsonMessageWriter.cs).

    {"guild": {...}, "channel": {...}, "exportedAt": ..., "messages": [...], "messageCount": n}

A channel or a thread in one is a thread of the site. A message answers the one that its ``reference`` names.
Ids hold their time. The object may be of any size: its head is read, then one message at a time. Channels
that were put together in one file, in a list or one a line, are read one at a time behind the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State, namesake
from hnsite.readers.input import (
    MOST_MENTIONS,
    Fields,
    Head,
    clean,
    clean_name,
    member_list,
    member_text,
    mentioned,
)
from hnsite.readers.json_values import (
    Readable,
    json_value,
    json_values,
)

NAME = "discord"
VERSION = 1

_SIGNS = (
    {"guild", "channel", "messages"},
    {"guild", "channel", "exportedAt"},
    {"isPinned", "timestampEdited"},
)
_MESSAGES = re.compile(rb'(?<!\\)"messages"\s*:\s*\[')
_CLOSING = "broken JSON: } is out of place"
_CLOSINGS = (_CLOSING, "broken JSON: ] is out of place")
_LONGEST_HEAD = 1 << 22
_SNOWFLAKE = re.compile(r"[0-9]{1,20}")
_FIRST_SECOND = 1_420_070_400  # of 2015, from which ids count milliseconds
_ANSWERS = {"Default", "Reply", "0", "19"}
_FORWARDS = {"Forward", "1"}
_MARKUP = re.compile(r"([\\\[\]*_~|`<>])")
_MENTION = re.compile(r"<@!?([0-9]{1,20})>")


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if not any(head.keys >= signs for signs in _SIGNS):
        return "no channel of Discord ('guild' and 'channel' with 'messages')"
    return None


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    start = _start(file)
    if start is None:
        yield Problem(Origin(name, 1), "no 'messages' of a channel")
        return
    head, rest = start
    value = json_value(head.lstrip(b" \t\r\n[") + b'"messages": []}')
    if isinstance(value, dict) and "channel" not in value:  # it stands behind the messages
        for piece in json_values(_Rest(head + b'"messages":', rest), name):
            yield from (piece,) if isinstance(piece, Problem) else _export(piece[1], piece[0])
        return
    top = Fields(value if isinstance(value, dict) else {}, Origin(name, 1))
    channel = _Channel(top)
    yield from channel.story()
    yield from top.problems
    yield from _rest(json_values(rest, name, 1 + head.count(b"\n")), channel)


def _rest(pieces: Iterator[tuple[Origin, Any] | Problem], channel: _Channel) -> Iterator[Record | Problem]:
    """The messages, what closes their channel, and other channels behind it."""
    end: Problem | None = None  # the bracket that closes the channel is a problem only if more follows
    for piece in pieces:
        if isinstance(piece, Problem):
            yield from (end,) if end else ()
            end = piece if piece.reason == _CLOSING else None
            yield from () if end else (piece,)
        elif piece[1] == "messageCount":  # behind the last message
            next(pieces, None)  # the count
            for other in pieces:
                if not isinstance(other, Problem):
                    yield from _export(other[1], other[0])
                elif other.reason not in _CLOSINGS:
                    yield other
            return
        elif isinstance(piece[1], dict) and isinstance(piece[1].get("messages"), list):
            end = None
            yield from _export(piece[1], piece[0])
        else:
            yield from (end,) if end else ()
            end = None
            yield from channel.message(piece[1], piece[0])


def _export(value: Any, origin: Origin) -> Iterator[Record | Problem]:
    """A whole channel, as it is in a list of several."""
    messages = value.get("messages") if isinstance(value, dict) else None
    if not isinstance(messages, list):
        yield Problem(origin, "not a channel: no object with 'messages'; skipped", skipped=True)
        return
    top = Fields(value, origin)
    channel = _Channel(top)
    yield from channel.story()
    yield from top.problems
    for message in messages:
        yield from channel.message(message, origin)


class _Rest:
    """A file from the middle of what was read of it already."""

    def __init__(self, first: bytes, file: Readable) -> None:
        self._first = first
        self._file = file

    def read(self, size: int, /) -> bytes:
        piece, self._first = self._first, b""
        return piece or self._file.read(size)


def _start(file: BinaryIO) -> tuple[bytes, _Rest] | None:
    """What stands before the messages, and the file from their bracket on."""
    data = b""
    while len(data) < _LONGEST_HEAD and (piece := file.read(1 << 16)):
        data += piece
        if match := _MESSAGES.search(data):
            return data[: match.start()], _Rest(data[match.end() - 1 :], file)
    return None


class _Channel:
    """A channel, and what is the same for all its messages."""

    def __init__(self, top: Fields) -> None:
        self._guild = _fields(top, "guild")
        self._channel = _fields(top, "channel")
        self._number = _snowflake(self._channel.value.get("id"))
        self._id = f"discord-channel-{self._number or 'unknown'}"
        exported = top.date("exportedAt")
        self._captured = exported.epoch if exported else None

    def story(self) -> Iterator[Record | Problem]:
        channel = self._channel
        kind = clean(channel.text("type")) or ""
        name = clean(channel.text("name"))
        guild = clean(self._guild.text("name"))
        sign = "" if "Thread" in kind or "Direct" in kind else "#"
        told = [part for part in (guild, f"{sign}{name}" if name else None) if part]
        yield Record(
            channel.origin,
            self._id,
            Kind.STORY,
            created=_time_of(self._number) if self._number else None,
            title=": ".join(told) or None,
            body=clean(channel.text("topic")),
            dialect=Dialect.DISCORD,
            state=State.LIVE,
            captured=self._captured,
            original=self._address(),
        )
        yield from (*channel.problems, *self._guild.problems)

    def _address(self, message: str | None = None) -> str | None:
        guild = _snowflake(self._guild.value.get("id"))
        if not self._number or guild is None:
            return None
        steps = ["@me" if guild == "0" else guild, self._number, *([message] if message else [])]
        return f"https://discord.com/channels/{'/'.join(steps)}"

    def message(self, value: Any, origin: Origin) -> Iterator[Record | Problem]:
        if not isinstance(value, dict):
            yield Problem(origin, "not a message: no JSON object; skipped", skipped=True)
            return
        fields = Fields(value, origin)
        id = _snowflake(value.get("id"))
        if id is None:
            yield Problem(origin, "a message without a usable 'id'; skipped", skipped=True)
            return
        above = self._answered(value)
        yield Record(
            origin,
            f"discord-{id}",
            Kind.COMMENT,
            parent=f"discord-{above}" if above and above != id else self._id,
            thread=self._id,
            author=namesake(_author(value.get("author")), "discord"),
            created=fields.date("timestamp") or _time_of(id),
            body=_body(fields),
            dialect=Dialect.DISCORD,
            state=State.LIVE,
            captured=self._captured,
            edited=fields.date("timestampEdited"),
            original=self._address(id),
        )
        yield from fields.problems

    def _answered(self, value: Mapping[str, Any]) -> str | None:
        """The message that one answers; notices, forwards and copies of other channels refer to some too."""
        reference = value.get("reference")
        if not isinstance(reference, dict) or str(value.get("type", "Reply")) not in _ANSWERS:
            return None
        channel = _snowflake(reference.get("channelId"))
        if str(reference.get("type")) in _FORWARDS or (channel and channel != self._number):
            return None
        return _snowflake(reference.get("messageId"))


def _fields(top: Fields, name: str) -> Fields:
    value = top.value.get(name)
    if not isinstance(value, dict):
        top.note(name, "an object")
    return Fields(value if isinstance(value, dict) else {}, top.origin)


def _snowflake(value: Any) -> str | None:
    """An id, which is written as text because it is too large for many programs."""
    text = str(value) if type(value) in (int, str) and value != "" else ""
    return text.lstrip("0") or "0" if len(text) <= 20 and _SNOWFLAKE.fullmatch(text) else None


def _time_of(snowflake: str) -> Moment | None:
    seconds = (int(snowflake) >> 22) // 1000
    return Moment(_FIRST_SECOND + seconds) if seconds else None


def _objects(value: Any, name: str) -> list[Any]:
    return [one for one in member_list(value, name) if isinstance(one, dict)]


def _author(author: Any) -> str | None:
    """The user name; older names are several people's, whom four digits tell apart."""
    name, digits = clean_name(member_text(author, "name")), member_text(author, "discriminator")
    is_old = re.fullmatch(r"[0-9]{4}", digits) and digits != "0000"
    return f"{name}#{digits}" if name and is_old else name


# ---- the text


def _body(fields: Fields) -> str | None:
    """What was written, forwarded and attached; notices without words say their kind."""
    value = fields.value
    names = {
        member_text(one, "id"): member_text(one, "nickname") or member_text(one, "name")
        for one in _objects(value, "mentions")
    }
    parts = [_MENTION.sub(lambda match: _named(match, names), fields.text("content") or "", MOST_MENTIONS)]
    if isinstance(forwarded := value.get("forwardedMessage"), dict):
        inner = [member_text(forwarded, "content"), *_attached(forwarded)]
        parts += ["Forwarded:", _quoted("\n".join(part for part in inner if part))]
    parts += _attached(value)
    kind = value.get("type")
    if not any(parts) and isinstance(kind, str | int) and str(kind) not in _ANSWERS:
        parts = [f"[{_escaped(str(kind))}]"]
    return clean("\n\n".join(part for part in parts if part))


def _named(match: re.Match[str], names: Mapping[str, str]) -> str:
    name = names.get(match[1])
    return f"@{_escaped(mentioned(name))}" if name else match[0]


def _attached(value: Mapping[str, Any]) -> list[str]:
    parts = [
        _linked(f"file: {member_text(one, 'fileName') or 'file'}", member_text(one, "url"))
        for one in _objects(value, "attachments")
    ]
    parts += [_quoted(_embed(one)) for one in _objects(value, "embeds")]
    parts += [f"[sticker: {_escaped(member_text(one, 'name'))}]" for one in _objects(value, "stickers")]
    buttons = [one for row in _objects(value, "components") for one in (row, *_objects(row, "components"))]
    parts += [
        _linked(member_text(one, "label"), member_text(one, "url"))
        for one in buttons
        if member_text(one, "label")
    ]
    return parts


def _embed(embed: Mapping[str, Any]) -> str:
    """A preview of a page, or the formatted message of a program."""
    title, url = member_text(embed, "title"), member_text(embed, "url")
    lines = [_escaped(member_text(embed.get("author"), "name"))]
    lines.append(_linked(title, url, "") if title else url)
    lines.append(member_text(embed, "description"))
    for field in _objects(embed, "fields"):
        lines += [member_text(field, "name"), member_text(field, "value")]
    pictures = {
        member_text(one, "url"): "" for one in (embed.get("image"), *_objects(embed, "images")) if one
    }
    lines += [_linked("picture", picture) for picture in pictures if picture]
    lines.append(_escaped(member_text(embed.get("footer"), "text")))
    return "\n".join(line for line in lines if line)


def _linked(words: str, url: str, bracket: str = "\\[") -> str:
    """A link in Markdown; only the words where the address is of a file beside the export."""
    end = "\\]" if bracket else ""
    shown = f"{bracket}{_escaped(words)}{end}"
    is_web = re.fullmatch(r"https?://[^\s<>]+", url)
    return f"[{shown}](<{url}>)" if is_web else shown


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n")) if text else ""
