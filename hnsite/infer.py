"""What the comments of a flat dump tell about their lost parents. Pure.

A reply that quotes names the comment that it quotes. That is certain enough where the passage is
long enough and exactly one earlier comment, by somebody else, says it in its own words; of
several quotes all must agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from hnsite.markup import normalise, quoted_lines

SHORTEST_QUOTE = 16
"""Characters (white space aside) below which a quoted passage is no evidence."""

_ELLIPSIS = re.compile(r"\.{2,}|…|\[…\]|\[\.\.\.\]")
_MARKS = "*_\"'“”‘’()[]"


class Said(NamedTuple):
    """One comment of a flat dump: ``text`` is plain, ``lost`` says that its parent is not known."""

    id: str
    author: str | None
    text: str
    lost: bool


def quoted_parents(said: Sequence[Said]) -> dict[str, str]:
    """The parents that quotes give away, for lost comments; ``said`` is in the dump's order."""
    parents: dict[str, str] = {}
    own: list[tuple[str, str | None, str]] = []
    for comment in said:
        quotes = quoted_lines(comment.text)
        if comment.lost and quotes:
            parent = _quoted_one(comment, quotes, own)
            if parent:
                parents[comment.id] = parent
        own.append((comment.id, comment.author, own_words(comment.text)))
    return parents


def _quoted_one(
    comment: Said, quotes: Sequence[tuple[int, str]], earlier: Sequence[tuple[str, str | None, str]]
) -> str | None:
    """The one earlier comment that all conclusive direct quotes point to."""
    found: set[str] = set()
    for level, text in quotes:
        found_in = passages(text, SHORTEST_QUOTE)
        if level != 1 or not found_in:
            continue
        matches = {
            id for id, author, words in earlier
            if author != comment.author and all(passage in words for passage in found_in)
        }  # fmt: skip
        if len(matches) > 1:
            return None
        found |= matches
    return found.pop() if len(found) == 1 else None


def passages(text: str, shortest: int) -> list[str]:
    """What a quote says in one piece, folded; an ellipsis parts it. Pieces under ``shortest`` are nothing."""
    return [passage for part in _ELLIPSIS.split(text) if len(passage := _folded(part)) >= shortest]


def own_words(text: str) -> str:
    """A comment's plain text, folded, without what it quotes itself."""
    return _folded("\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">")))


def _folded(text: str) -> str:
    """Normalised text without what quoting people change: emphasis, quotation marks, case."""
    return normalise(text).translate(_DROP).casefold()


_DROP = {ord(mark): None for mark in _MARKS}
