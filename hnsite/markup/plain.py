"""Bodies -> plain text, for comparing what two dumps say and for finding who quotes whom. Pure.

Two dumps of one comment differ in markup, white space, entities and in how long addresses are
shown; ``normalise`` takes all of that away and keeps every letter.
"""

from __future__ import annotations

import html
import re
import unicodedata

from hnsite.model import Dialect, provisional_id

SHOWN = 60
"""How many characters of an address Hacker News shows; ``...`` takes the place of the rest."""

_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*>|!--.*?(?:-->|\Z))", re.DOTALL)
_BREAK = re.compile(r"(?i)<(?:p|/p|/pre|br|/li|/blockquote)\b[^<>]*>")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_URL = re.compile(r"https?://\S+")
_QUOTED = re.compile(r"^\s*((?:>\s?)+)\s*(.*)$")


def plain_text(body: str, dialect: Dialect) -> str:
    """The text as a reader sees it, one paragraph a line at least; markup gone, entities decoded once."""
    if dialect not in (Dialect.HN, Dialect.HTML):
        return body
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", body)) if "<" in body else body)


def normalise(text: str) -> str:
    """What is left when white space, invisible characters and the ends of long addresses are aside."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if "://" in text:
        text = _URL.sub(lambda match: match[0][:SHOWN], text)
    return "".join(text.split())


def quoted_lines(text: str) -> tuple[tuple[int, str], ...]:
    """The quoted lines of a plain text as (level, text without its ``>``), level 1 for a plain quote."""
    matches = (_QUOTED.match(line) for line in text.split("\n"))
    return tuple((match[1].count(">"), match[2]) for match in matches if match)


def words_of(body: str | None, dialect: Dialect) -> str:
    """What a body says, for comparing it with what other dumps say."""
    return normalise(plain_text(body or "", dialect))


def text_id(author: str | None, words: str, occurrence: int = 1) -> str:
    """The provisional id of a comment: what matches it with the same comment in other dumps.

    ``occurrence`` tells the same words by the same author in one dump apart, counted from 1.
    """
    return provisional_id(author, words, *([str(occurrence)] if occurrence > 1 else []))
