"""One message of mail or Usenet (RFC 5322, 5536, MIME) -> what it says: records of it and of those above it.

The standard library takes it apart; whatever it makes of odd input, there is always a message.
"""

from __future__ import annotations

import calendar
import html
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hnsite.markup import mail_html
from hnsite.model import MAIL, Dialect, Kind, Moment, Origin, Problem, Record, State, namesake
from hnsite.readers.addresses import author_of, masked, masked_html
from hnsite.readers.charsets import decode_words, text_in
from hnsite.readers.input import LAST_SECOND, clean, clean_name

if TYPE_CHECKING:
    from email.message import Message

LARGEST = 1 << 25
"""Bytes of one message that are read; what is behind them is part of an attachment."""

_HEADER = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_TELLING = {b"from", b"message-id", b"newsgroups", b"received", b"return-path", b"path"}
_USUAL = _TELLING | {
    *(
        b"date",
        b"subject",
        b"to",
        b"cc",
        b"sender",
        b"reply-to",
        b"references",
        b"in-reply-to",
        b"mime-version",
    ),
    *(
        b"content-type",
        b"delivered-to",
        b"list-id",
        b"organization",
        b"lines",
        b"status",
        b"x-status",
        b"xref",
    ),
    *(
        b"content-transfer-encoding",
        b"x-mailer",
        b"user-agent",
        b"dkim-signature",
        b"article-i.d.",
        b"posted",
    ),
}
_IDS = re.compile(r"<([^<>]+)>|([^\s<>,;()\"']+)")
_BRACKETED = re.compile(r"<([^<>]+)>")
_SENDER = re.compile(r"(?i)\bfrom\b[^<]*$")
_ARCHIVED = re.compile(r"<\s*(https?://[^\s<>]+)\s*>")
_MOST_TOLD = 50_000
_MOST_PARTS = 1000
_MOST_LINES = 500_000
"""Lines of one message that are read; an attachment of 32 MB has fewer."""
_LONGEST_FIELD = 1 << 18
_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}


class Said(NamedTuple):
    """What a message says. ``references`` are the ids of those above it, the one that it answers last."""

    id: str
    references: tuple[str, ...]
    author: str | None
    created: Moment | None
    subject: str | None
    body: str | None
    dialect: Dialect
    original: str | None


class Told:
    """What a dump has said of messages above others, as far as one must remember not to say it again."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], None] = {}

    def is_new(self, above: str, below: str) -> bool:
        if (above, below) in self._pairs:
            return False
        if len(self._pairs) >= _MOST_TOLD:
            self._pairs.clear()
        self._pairs[above, below] = None
        return True


def is_header(line: bytes) -> bool:
    return bool(_HEADER.match(line))


def is_usual_header(line: bytes) -> bool:
    """Whether a line is a header field that messages begin with."""
    match = _HEADER.match(line)
    return bool(match and (match[1].lower() in _USUAL or match[1].lower().startswith(b"x-")))


def no_header(raw: bytes) -> str | None:
    """Why the beginning of a file is not the header of a message; None if it is."""
    names: set[bytes] = set()
    for line in raw[:_LONGEST_FIELD].split(b"\n"):
        match = _HEADER.match(line)
        if match:
            names.add(match[1].lower())
        elif not (line[:1] in (b" ", b"\t") and names and line.strip()):
            break
    if not names:
        return "does not begin with header fields of a message"
    if len(names & _USUAL) < 2 or not names & _TELLING:
        return "no header fields that tell who wrote a message"
    return None


def records(raw: bytes, origin: Origin, told: Told, date: str = "") -> Iterator[Record | Problem]:
    """What one message says; ``date`` is what a mailbox says, for messages that say nothing usable."""
    if raw.count(b"\n") > _MOST_LINES:
        raw = raw[: -len(raw.split(b"\n", _MOST_LINES)[-1]) or None]
        yield Problem(origin, f"a message of over {_MOST_LINES:,} lines; the rest of it is left out")
    said = read_message(raw, date)
    if not (said.id or said.author or said.subject or said.body):
        yield Problem(origin, "a message that says nothing; skipped", skipped=True)
        return
    ids = [_id(one) for one in said.references]
    for place, (above, below) in enumerate(pairwise(ids)):
        if told.is_new(above, below):
            kind = Kind.COMMENT if place else Kind.STORY
            yield Record(origin, above, kind, replies=(below,))
    own = _id(said.id) if said.id else _made_id(said)
    parent = ids[-1] if ids else None
    if parent:
        told.is_new(parent, own)  # and need not be said for this one's replies
    yield Record(
        origin,
        own,
        Kind.COMMENT if parent else Kind.STORY,
        parent=parent,
        author=namesake(said.author, MAIL),
        created=said.created,
        title=said.subject,
        body=said.body,
        dialect=said.dialect,
        state=State.LIVE,
        original=said.original,
    )


def _id(message_id: str) -> str:
    return f"{MAIL}-{sha256(message_id.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _made_id(said: Said) -> str:
    """The id of a message that has none: the same wherever the same message is held."""
    epoch = said.created.epoch if said.created else None
    words = "".join((said.body or "").split())
    return _id("\x00".join(("", said.author or "", str(epoch), said.subject or "", words)))


def read_message(raw: bytes, date: str = "") -> Said:
    message = _parsed(raw)
    fields = _fields(message)
    body, dialect = _body(message)
    id = _own_id(fields.get("message-id", ""))
    subject = clean(masked(" ".join(decode_words(fields.get("subject", "")).split())))
    archived = _ARCHIVED.search(fields.get("archived-at", ""))
    return Said(
        id,
        _references(fields, id),
        clean_name(author_of(fields.get("from", ""))),
        moment_of(fields.get("date", ""))
        or moment_of(fields.get("nntp-posting-date", ""))
        or moment_of(date),
        subject,
        clean(body),
        dialect,
        clean(archived[1]) if archived else None,
    )


def _parsed(raw: bytes) -> Message:
    """The message; where its parts are nested too deep or odd, all of them as its text."""
    from email.parser import BytesParser

    raw = _LONG_FIELD.sub(rb"\1", raw)
    try:
        return BytesParser().parsebytes(raw)
    except Exception:  # RecursionError, and what the library has not thought of
        header, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        lines = [line for line in header.split(b"\n") if not line.lower().startswith(b"content-type")]
        return BytesParser().parsebytes(b"\n".join(lines) + b"\n\n" + body, headersonly=True)


def _fields(message: Message) -> dict[str, str]:
    """The first of each header field, unfolded, by its name in small letters."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        found.setdefault(str(name).strip().lower(), re.sub(r"[\r\n]+", "", _bounded(str(value))).strip())
    return found


def _bounded(field: str) -> str:
    """Without the middle of what is longer than any field; of references the last count."""
    half = _LONGEST_FIELD // 2
    return field if len(field) <= _LONGEST_FIELD else f"{field[:half]} {field[-half:]}"


def _own_id(field: str) -> str:
    found = _BRACKETED.search(field)
    return "".join((found[1] if found else field.strip(" <>")).split())


def _references(fields: dict[str, str], own: str) -> tuple[str, ...]:
    """The ids above a message, nearest last: all References, else the first in In-Reply-To.

    Where In-Reply-To names one of the references, and not the last, they are in the wrong order.
    """
    found = _IDS.findall(fields.get("references", ""))
    ids = [_bare(inside or word) for inside, word in found if inside or "@" in word[1:-1]]
    answered = _answered(fields.get("in-reply-to", ""))
    if answered in ids or not ids:
        ids.append(answered)
    known = dict.fromkeys(id for id in reversed(ids) if id and id != own)
    return tuple(reversed(known))


def _bare(id: str) -> str:
    return "".join(id.split())


def _answered(field: str) -> str:
    """The id in In-Reply-To, which may be in prose ("Message from Ann <address> of") or without brackets."""
    found = list(_BRACKETED.finditer(field))
    if not found:
        return _bare(field) if "@" in field and len(field.split()) == 1 else ""
    if len(found) > 1 and _SENDER.search(field[: found[0].start()]):
        return _bare(found[1][1])
    return _bare(found[0][1])


def moment_of(field: str) -> Moment | None:
    """A date of a header or of a mailbox's line; zones that nobody knows count as UTC."""
    from email.utils import parsedate_tz

    try:
        parts = parsedate_tz(field[:200])
        if not parts:
            return None
        seconds = calendar.timegm((*parts[:6], 0, 0, 0)) - (parts[9] or 0)
    except Exception:  # it raises whatever its own slips raise
        return None
    year, month, day = parts[:3]
    is_date = 1 <= month <= 12 and 1 <= day <= 31 and year >= 1900
    return Moment(seconds) if is_date and 0 <= seconds <= LAST_SECOND else None


def _body(message: Message) -> tuple[str | None, Dialect]:
    """All texts of a message in one dialect; what else it holds is named at its end."""
    texts: list[tuple[str, bool]] = []
    notes: list[str] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        if kind in _SIGNATURES:
            continue
        is_text = kind.startswith("text/") or part.get_content_maintype() == "multipart"  # which has no parts
        if not is_text or (_is_attached(part) and part is not message):
            notes.append(_note(part))
        elif text := _text(part).replace("\r\n", "\n").replace("\r", "\n").strip("\n"):
            texts.append((text, kind == "text/html"))
    if any(is_html for _, is_html in texts):
        pieces = [masked_html(text) if is_html else mail_html(masked(text)) for text, is_html in texts]
        return "\n".join(
            (*pieces, *(f"<p>{html.escape(note, quote=False)}</p>" for note in notes))
        ), Dialect.HTML
    return "\n\n".join((*(masked(text) for text, _ in texts), *notes)) or None, Dialect.MAIL


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that are to be shown, in order; of alternatives the best one."""
    waiting = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        below = _below(part)
        if not below or part.get_content_maintype() != "multipart":
            yield part
        elif part.get_content_type() == "multipart/alternative":
            waiting.append(_best(below))
        else:
            waiting.extend(reversed(below))


def _below(part: Message) -> list[Message]:
    """The messages that a part is made of; none for a text."""
    payload = part.get_payload() if part.is_multipart() else None
    return [one for one in payload if not isinstance(one, str)] if isinstance(payload, list) else []


def _raw(part: Message) -> bytes:
    """What a part holds; as it is written, where it cannot be decoded."""
    for decode in (True, False):
        try:
            payload = part.get_payload(decode=decode)
        except Exception:  # of charsets and encodings that the library has not thought of
            continue
        if isinstance(payload, bytes | str):
            return payload if isinstance(payload, bytes) else payload.encode("utf-8", "surrogateescape")
    return b""


def _best(alternatives: Sequence[Message]) -> Message:
    """The first that holds plain text, else HTML, be it among its parts."""
    for wanted in ("text/plain", "text/html"):
        for one in alternatives:
            waiting = [one]
            while waiting:
                part = waiting.pop()
                if part.get_content_type() == wanted and (_below(part) or _raw(part).strip()):
                    return one
                waiting += _below(part)
    return alternatives[-1]


def _is_attached(part: Message) -> bool:
    return str(part.get("content-disposition", "")).strip().lower().startswith("attachment")


def _note(part: Message) -> str:
    """What stands for a part that is not shown."""
    kind = part.get_content_type()
    inner = _below(part)
    if kind == "message/rfc822" and inner:
        subject = " ".join(decode_words(_fields(inner[0]).get("subject", "")).split())
        return masked(f"[attached message: {subject or 'no subject'}]")
    try:
        name = " ".join(decode_words(part.get_filename() or "").split())
    except Exception:  # names in odd charsets and pieces
        name = ""
    return masked(f"[attachment: {name}, {kind}]" if name else f"[attachment: {kind}]")


def _text(part: Message) -> str:
    """A part's text: decoded, its lines joined where it says that they flow, HTML without its head."""
    raw = _raw(part)
    try:
        charset = part.get_param("charset")
        charset = charset[2] if isinstance(charset, tuple) else charset
        flowed, delsp = part.get_param("format"), part.get_param("delsp")
    except Exception:
        charset, flowed, delsp = None, None, None
    kind = part.get_content_type()
    if kind == "text/html":
        return _without_head(text_in(raw, str(charset or "") or _meta_charset(raw)))
    text = text_in(raw, str(charset or ""))
    is_flowed = kind == "text/plain" and str(flowed).lower() == "flowed"
    return unflowed(text, is_joined=str(delsp).lower() == "yes") if is_flowed else text


_LONG_FIELD = re.compile(rb"(?im)^(content-[a-z-]{4,30}:[^\n]{2000})[^\n]+")  # which take quadratic time
_META = re.compile(rb"(?i)<meta[^<>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})")


def _meta_charset(raw: bytes) -> str | None:
    found = _META.search(raw[:4096])
    return found[1].decode("ascii", "replace") if found else None


def _without_head(page: str) -> str:
    small = page.lower()
    start = small.find("<head")
    end = small.find("</head", start) if start >= 0 and small[start + 5 : start + 6] in " >\t\n\r" else -1
    return page[:start] + page[page.find(">", end) + 1 :] if end >= 0 and ">" in page[end:] else page


_QUOTE_SIGNS = re.compile(r">*")


def unflowed(text: str, *, is_joined: bool = False) -> str:
    """Lines that end with a blank, joined with the next of that quote (RFC 3676); ``is_joined``: DelSp."""
    lines: list[str] = []
    flows = -1  # the quote depth of a line that goes on
    for line in text.replace("\r\n", "\n").split("\n"):
        signs = _QUOTE_SIGNS.match(line)
        depth = signs.end() if signs else 0
        own = line[depth:]
        own = own[1:] if own.startswith(" ") else own
        is_signature = own == "-- "
        if flows == depth and not is_signature:
            lines[-1] += own
        else:
            lines.append(">" * depth + (" " if depth else "") + own)
        flows = depth if own.endswith(" ") and not is_signature else -1
        if is_joined and flows >= 0:
            lines[-1] = lines[-1][:-1]
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in lines)
