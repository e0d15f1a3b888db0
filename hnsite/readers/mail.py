"""One message in a file: maildir, ``.eml``, an article of Usenet, Apple Mail's ``.emlx``.

See ``message`` for what is read of it. An ``.emlx`` begins with a line that says how many bytes the message
has; behind it stands a property list. Articles of A News (until 1982) have five lines in place of a header:
``A`` and the article's id, newsgroups, path, date, title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from hnsite.model import Origin, Problem, Record
from hnsite.readers.input import Head
from hnsite.readers.message import LARGEST, Told, no_header, records
from hnsite.readers.saved_page import is_mhtml

NAME = "mail"
VERSION = 1

_A_NEWS = re.compile(
    rb"A([\w.-]{1,60}\.\d{1,9})\r?\n([\w.,+-]{1,200})\r?\n((?:[\w.-]{1,60}!){0,40}([\w.-]{1,60}))\r?\n"
    rb"((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [^\r\n]{10,40})\r?\n([^\r\n]{0,500})\r?\n"
)
_EMLX = re.compile(rb"[1-9]\d{0,9} *\r?\n")


def why_not(head: Head) -> str | None:
    if is_mhtml(head.text):
        return "a web page that a browser saved, not a message"
    return no_header(_message(head.raw))


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    raw = _message(file.read(LARGEST))
    if refusal := no_header(raw):
        yield Problem(Origin(name, 1), f"no message: {refusal}", skipped=True)
        return
    yield from records(raw, Origin(name, 1), Told())
    if file.read(1):
        yield Problem(Origin(name, 1), f"a message of over {LARGEST >> 20} MB; the rest of it is left out")


def _message(raw: bytes) -> bytes:
    """The message in the file, without what is around it."""
    raw = raw.lstrip(b"\r\n")
    if length := _EMLX.match(raw):
        return raw[length.end() : length.end() + int(length[0])]
    if old := _A_NEWS.match(raw):
        fields = (
            b"Message-ID: <A%b>",
            b"Newsgroups: %b",
            b"Path: %b",
            b"From: %b",
            b"Date: %b",
            b"Subject: %b",
        )
        header = [field % value for field, value in zip(fields, old.groups(), strict=True)]
        return b"\n".join((*header, b"", raw[old.end() :]))
    return raw
