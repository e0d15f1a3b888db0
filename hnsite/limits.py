"""What a dump says of an item -> the same within bounds, and what that cost. Pure.

A page shows so much of a text, and takes time for all of it; a line of 100 MB is a mistake or an attack. So
no more than that is kept, with a mark where the rest is missing, and told once for each item.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from msgspec.structs import replace

from hnsite.markup import LONGEST
from hnsite.model import Moment, Note, Piece, Problem, Record, parted_name
from hnsite.urls import LONGEST_URL, domain_of, web_url

LONGEST_TITLE = 1000
LONGEST_NAME = 200
"""Characters of a name, an id, a domain and the words of a date."""
_LONGEST_REASON = 1000
_DIGESTED = re.compile(rf"(?s).{{{LONGEST_NAME}}}… \[cut, [0-9a-f]{{12}}\](?:@[a-z0-9]+)?")
"""What ``_digested`` makes, maybe of a source: an export has it."""
_SCHEME = re.compile(r"\s*(?:[A-Za-z][\w+.-]*:|//|\\)")
"""How an address begins that leads to another place than a dump's own site."""


def bounded(piece: Piece) -> Iterator[Piece]:
    """What a reader gave, the problems with its length first."""
    if isinstance(piece, Problem):
        yield piece if len(piece.reason) <= _LONGEST_REASON else replace(piece, reason=_cut(piece.reason))
        return
    if isinstance(piece, Note):
        yield piece
        return
    if piece.url and _SCHEME.match(piece.url) and len(piece.url) <= LONGEST_URL and not web_url(piece.url):
        yield Problem(
            piece.origin, f"the url of an item is left out, it is no web address: {piece.url[:100]}"
        )
    if _is_usual(piece):
        yield piece
    else:
        changes = dict(_changes(piece))
        for name, (_, length) in changes.items():
            what = "left out" if name in ("url", "original") else "cut"
            yield Problem(piece.origin, f"the {name} of an item is {what}: it has {length:,} characters")
        yield replace(piece, **{name: value for name, (value, _) in changes.items()})


def _is_usual(record: Record) -> bool:
    """Whether nothing is too long; this is asked of every record."""
    title, url, body = record.title, record.url, record.body
    return (
        len(record.id) <= LONGEST_NAME
        and (body is None or len(body) <= LONGEST)
        and (title is None or len(title) <= LONGEST_TITLE)
        and (url is None or len(url) <= LONGEST_URL)
        and len(record.author or "") <= LONGEST_NAME
        and len(record.parent or "") <= LONGEST_NAME
        and len(record.thread or "") <= LONGEST_NAME
        and len(record.domain or "") <= LONGEST_NAME
        and len(record.original or "") <= LONGEST_URL
        and not (record.replies and any(len(id) > LONGEST_NAME for id in record.replies))
        and _has_few_words(record.created)
        and _has_few_words(record.edited)
    )


def _has_few_words(moment: Moment | None) -> bool:
    return moment is None or not moment.words or len(moment.words) <= LONGEST_NAME


def _changes(record: Record) -> Iterator[tuple[str, tuple[object, int]]]:
    """(field, (what stays of it, how long it was)) of each field that is too long."""
    if record.body is not None and len(record.body) > LONGEST:
        yield "body", (record.body[: LONGEST + 1], len(record.body))  # one more, so that its page has a mark
    if record.title and len(record.title) > LONGEST_TITLE:
        yield "title", (_cut(record.title), len(record.title))
    for name in ("url", "original"):
        address = getattr(record, name)
        if address and len(address) > LONGEST_URL:
            yield name, (None, len(address))
            if name == "url" and not record.domain:
                yield "domain", (_digested(domain_of(address) or "") or None, len(address))
    if record.author and len(record.author) > LONGEST_NAME:
        name, source = parted_name(record.author)
        yield "author", (f"{_digested(name)}@{source}" if source else _digested(name), len(record.author))
    for field in ("id", "parent", "thread", "domain"):
        name = getattr(record, field)
        if name and len(name) > LONGEST_NAME:
            yield field, (_digested(name), len(name))
    if any(len(id) > LONGEST_NAME for id in record.replies):
        yield "replies", (tuple(map(_digested, record.replies)), max(map(len, record.replies)))
    for field in ("created", "edited"):
        moment = getattr(record, field)
        if not _has_few_words(moment):
            yield field, (replace(moment, words=_cut(moment.words, LONGEST_NAME)), len(moment.words))


def _cut(text: str, longest: int = LONGEST_TITLE) -> str:
    return f"{text[:longest]}… [cut]"


def _digested(name: str) -> str:
    """A name that is too long, cut, but still another than all others; as it is if it was cut before."""
    if len(name) <= LONGEST_NAME or _DIGESTED.fullmatch(name):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{name[:LONGEST_NAME]}… [cut, {digest}]"
