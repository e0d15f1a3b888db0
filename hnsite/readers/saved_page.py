"""An HTML file, as a browser saved it or a server sent it -> its tree, and what it says of itself. Pure.

Knows "Save Page As", SingleFile, WebScrapBook, the Wayback Machine and MHTML by the notes that they leave.
HTML cannot be streamed; what is larger than any page of a discussion is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO
from urllib.parse import unquote

from hnsite.model import Origin, Problem
from hnsite.readers.input import LAST_SECOND, Places, clean, encoding_problem

LARGEST = 1 << 25
"""Bytes of a file that are read; the largest page known has three millions."""
_HEAD = 1 << 20
_MOST_TAGS = 500_000

_FIELDS = re.compile(r"(?:[a-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,60}", re.IGNORECASE)
_MHTML = re.compile(r"^(?:Snapshot-Content-Location:|From: *[\"']?<?Saved by )", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(
    r"<!--\s*saved from url=\(\d+\)(\S+)"
    r"|<!--\s*Page saved with SingleFile\s*url: (\S+)"
    r"|\bdata-scrapbook-source=[\"']?([^\s\"'>]+)"
    r"|^(?:Snapshot-)?Content-Location: (\S+)"
    r"|<link rel=[\"']?canonical[\"']? href=[\"']?([^\s\"'>]+)",
    re.IGNORECASE | re.MULTILINE,
)
_SINGLE_FILE = re.compile(r"saved date: \w{3} (\w{3} \d\d \d{4} \d\d:\d\d:\d\d GMT[+-]\d{4})")
_SCRAPBOOK = re.compile(r"\bdata-scrapbook-create=[\"']?(\d{14})\d{0,3}\b")
_WAYBACK = re.compile(r"FILE ARCHIVED ON (\d\d:\d\d:\d\d \w{3} \d\d, \d{4}) AND RETRIEVED")
_BULK = re.compile(r"<(?:(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)|[^<>]{8000,}>)", re.IGNORECASE | re.DOTALL)
_NO_UTF8 = re.compile("[^\n\udc80-\udcff]*[\udc80-\udcff][^\n]*")
_EMBEDDED = re.compile(r"\bdata:[^\s\"'()<>]{200,}")
"""What takes most of a saved page and says nothing: scripts, embedded pictures, and tags that are no tags
(looking for one attribute twice takes parsers quadratic time)."""


@dataclass(frozen=True)
class SavedPage:
    """A parsed page. ``tree`` is None where there is none; ``address`` is "" and ``captured`` (seconds,
    UTC) None where the file does not say them."""

    tree: Any
    address: str
    captured: int | None
    problems: tuple[Problem, ...]


def is_mhtml(text: str) -> bool:
    """Whether this is the beginning of a page in MIME, with its pictures (RFC 2557), and no mail."""
    fields = _FIELDS.match(text.lstrip())
    return bool(fields and _MHTML.search(fields[0]))


def stated_address(text: str) -> str:
    """Where a page comes from, as the beginning of the file says it; "" if it does not."""
    match = _ADDRESS.search(text)
    return next(filter(None, match.groups())) if match else ""


def saved_page(file: BinaryIO, name: str) -> SavedPage:
    """The page in a file; never raises for what the file holds."""
    raw = file.read(LARGEST + 1)
    problems: list[Problem] = []
    if len(raw) > LARGEST:
        problems.append(Problem(Origin(name, 1), f"larger than {LARGEST} bytes; the rest is left out"))
    text, odd = _decoded(raw[:LARGEST])
    captured = _captured(text[:_HEAD] + text[-_HEAD:])
    address = stated_address(text[:_HEAD])
    if is_mhtml(text[:_HEAD]):
        text, captured = _main_part(raw[:LARGEST])
    tree, cut = _parsed(text)
    if cut:
        reason = "nested deeper, or of more tags, than any page of a discussion; what follows may be missing"
        problems.append(Problem(Origin(name, 1), reason))
    if problem := encoding_problem(name, odd):
        problems.append(problem)
    return SavedPage(tree, unquote(address), captured, tuple(problems))


def _decoded(raw: bytes) -> tuple[str, Places]:
    """The text, and the lines that were not UTF-8."""
    try:
        return raw.decode(), Places()
    except UnicodeDecodeError:
        pass
    odd, counted, line = Places(), 0, 1
    text = raw.decode("utf-8", "surrogateescape")

    def as_windows(match: re.Match[str]) -> str:
        nonlocal counted, line
        line += text.count("\n", counted, match.start())
        counted = match.start()
        odd.append(line)
        return match[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")

    return _NO_UTF8.sub(as_windows, text), odd


def _captured(text: str) -> int | None:
    """When the page was saved, in the words of the program that did."""
    for pattern, form in (
        (_SINGLE_FILE, "%b %d %Y %H:%M:%S GMT%z"),
        (_SCRAPBOOK, "%Y%m%d%H%M%S"),
        (_WAYBACK, "%H:%M:%S %b %d, %Y"),
    ):
        if match := pattern.search(text):
            return _seconds(match[1], form)
    return None


def _seconds(text: str, form: str) -> int | None:
    try:
        moment = datetime.strptime(text, form)
        seconds = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
    return seconds if 0 <= seconds <= LAST_SECOND else None


def _main_part(raw: bytes) -> tuple[str, int | None]:
    """The first HTML in a page in MIME, and its date."""
    from email import message_from_bytes
    from email.utils import parsedate_to_datetime

    try:
        message = message_from_bytes(raw.lstrip())
        parts = (part for part in message.walk() if part.get_content_type() == "text/html")
        found = next(parts, None)
        body = found.get_payload(decode=True) if found else b""
    except (ValueError, LookupError, RecursionError, AttributeError):
        return "", None
    try:
        seconds = int(parsedate_to_datetime(str(message["Date"])).timestamp())
    except (ValueError, TypeError, OverflowError):
        seconds = -1
    text = _decoded(body)[0] if isinstance(body, bytes) else ""
    return text, seconds if 0 <= seconds <= LAST_SECOND else None


def _parsed(text: str) -> tuple[Any, bool]:
    """The tree without comments, and whether it was too deep or too much to be parsed to its end.

    libxml2 takes linear time and gives up below a depth of 2048; parsers that follow the HTML standard to the
    letter open unclosed ``<font>``s again in every later paragraph, which takes quadratic time and memory.
    """
    from lxml import etree

    text = _EMBEDDED.sub("", _BULK.sub(_lines_of, text.replace("\r\n", "\n")))
    is_long = text.count("<") > _MOST_TAGS
    if is_long:
        text = text[: -len(text.split("<", _MOST_TAGS)[-1])]
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring((clean(text) or "").encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return None, False
    return tree, is_long or any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log)


def _lines_of(match: re.Match[str]) -> str:
    """Nothing, on as many lines."""
    return "\n" * match[0].count("\n")


def classes(element: Any) -> list[str]:
    return (element.get("class") or "").split()


def of_class(element: Any, *names: str) -> Iterator[Any]:
    """All below an element that have one of these classes."""
    wanted = set(names)
    return (one for one in element.iterdescendants() if not wanted.isdisjoint(classes(one)))


def text_of(element: Any) -> str:
    """What an element shows, on one line."""
    return " ".join((clean("".join(element.itertext())) or "").split()) if element is not None else ""
