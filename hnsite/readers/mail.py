"""One message in a file: maildir, ``.eml``, an article of Usenet. See ``message`` for what is read of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from hnsite.model import Origin, Problem, Record
from hnsite.readers.input import Head
from hnsite.readers.message import LARGEST, Told, no_header, records
from hnsite.readers.saved_page import is_mhtml

NAME = "mail"
VERSION = 1


def why_not(head: Head) -> str | None:
    if is_mhtml(head.text):
        return "a web page that a browser saved, not a message"
    return no_header(head.raw.lstrip(b"\r\n"))


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    raw = file.read(LARGEST).lstrip(b"\r\n")
    if refusal := no_header(raw):
        yield Problem(Origin(name, 1), f"no message: {refusal}", skipped=True)
        return
    yield from records(raw, Origin(name, 1), Told())
    if file.read(1):
        yield Problem(Origin(name, 1), f"a message of over {LARGEST >> 20} MB; the rest of it is left out")
