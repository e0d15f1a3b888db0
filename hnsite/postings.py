"""Words and where they stand, as short text that the search page's script reads. Pure.

A **list** says where one word stands. It has a group for each thread, by thread number: the difference
to the number before, in digits ``0`` to ``r`` (base 28), then the word's documents in that thread, in
64 other characters, so that a pattern can part the groups. A document is a code of 4 times the gap to
the document before plus how often the word stands there (0, 1, 2 for once, twice, three times, 3 for
"see below"), and a character for its length; behind a 3 stands a code of 4 times (how often - 1) plus
how often in the title.

The **places** of a word are a text for each group of its list, parted by blanks: for each document
the distances between the places where the word stands, so that phrases can be found.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from hnsite.urls import is_hn

CHUNK = 12
"""Documents of a thread whose texts share a file."""
TITLE = 5
"""How much more a word weighs in a title."""
AUTHOR, SITE, DAYS = "@", "/", ":"
"""What words begin with that name an author, a site, or dates; words of texts have none of these."""

_DIGITS = "0123456789abcdefghijklmnopqr"
_CODES = "ABCDEFGHIJKLMNOPQRSTUVWXYZstuvwxyz!#$%&'()*+,-./:;<=>?@[]^_`{|}~"
_LAST = 48
"""Characters that can end a code; the others come before them, as digits of base 16, lowest first."""
_MORE = len(_CODES) - _LAST
_GROUP = re.compile(f"([{_DIGITS}]+)([^{_DIGITS}]*)")
_FAR = 1 << 51
"""Thread numbers of what is not from Hacker News begin here; JavaScript can count to twice as much."""

_ACCENTS = re.compile(
    "[\u0300-\u036f\u00ad\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


_BLANK = re.compile(r"\s+")
_LOWER = {code: code + 32 for code in range(65, 91)}


class _Parting(dict[int, str]):
    """What becomes of a character: a blank where it belongs to no word. SQLite would take all that is newer
    than its tables, most emoji among it, for letters."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        category = unicodedata.category(letter)
        is_word = category[0] in "LNM" or category == "Co" or letter in "+#"
        self[code] = found = letter if is_word else " "
        return found


_PARTING = _Parting()


def fold(text: str) -> str:
    """A text as SQLite is to take words from it: accents aside, scripts without blanks letter by letter.

    Case is aside too, where SQLite's own rule might be another than JavaScript's.
    """
    if text.isascii():
        return text
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower().replace("ς", "σ")
    return _UNSPACED.sub(r" \g<0> ", plain.translate(_PARTING))


def author_word(name: str) -> str:
    """The word by which an author is found: case of ASCII letters aside, blanks made plain."""
    return AUTHOR + _BLANK.sub("\u00a0", name.strip()).translate(_LOWER)


def site_word(domain: str) -> str:
    return SITE + _BLANK.sub("\u00a0", domain.strip()).translate(_LOWER)


def is_name(word: str) -> bool:
    """Whether a word is none of a text's."""
    return word.startswith((AUTHOR, SITE, DAYS))


def thread_number(id: str, day: int) -> int:
    """A number for a thread that depends on nothing but its story: greater ones are later.

    It is Hacker News's own; for others about the day (since 1970; 0 if it is not known) and a digest.
    """
    if is_hn(id) and len(id) <= 15:
        return int(id)
    digest = int.from_bytes(hashlib.sha256(id.encode("utf-8", "replace")).digest()[:5], "big")
    return _FAR + ((min(max(day, 0), 65_535) >> 5) << 40) + digest


def _code(number: int) -> str:
    found: str = ""
    while number >= _LAST:
        number, digit = divmod(number - _LAST, _MORE)
        found += _CODES[_LAST + digit]
    return found + _CODES[number]


_FAST = 4096
_SHORT: list[str] = [_code(number) for number in range(_FAST)]


def code(number: int) -> str:
    """A number from 0 on; small ones take one character."""
    return _SHORT[number] if number < _FAST else _code(number)


_PAIRS: list[str] = [high + low for high in _DIGITS for low in _DIGITS]
_DIGIT_PAIRS: list[str] = [*_DIGITS, *_PAIRS[len(_DIGITS) :]]


def digits(number: int) -> str:
    """A number from 0 on, without zeros before it."""
    found: str = ""
    while number >= len(_PAIRS):
        number, rest = divmod(number, len(_PAIRS))
        found = _PAIRS[rest] + found
    return _DIGIT_PAIRS[number] + found


def _levels() -> list[int]:
    levels = [1]
    while len(levels) < len(_CODES):
        levels.append(max(levels[-1] + 1, levels[-1] * 9 // 8))
    return levels


_LEVELS = _levels()


def length(words: int) -> str:
    """About how many words a document has, in one character: short ones exactly, others to an eighth."""
    return _CODES[max(bisect_right(_LEVELS, words) - 1, 0)]


class Piece(NamedTuple):
    """What some threads, with numbers from ``first`` to ``last``, add to a list: ``total`` documents, the
    groups without the number of the first thread, and the places in them."""

    total: int
    first: int
    last: int
    postings: str
    places: str


class Document(NamedTuple):
    """A document: its thread, which one of its documents it is, how many words its title has, and a
    character for how many it has in all."""

    thread: int
    ordinal: int
    title: int
    length: str


PLACE = 20
"""Bits of a place in a text; above them stands the text's number: twice the document's, and 1 if it is not a
title."""
_OFFSET = (1 << PLACE) - 1


def piece(found: Sequence[int], documents: Sequence[Document]) -> Piece:
    """What is to be said of a word that was found in these places, in order."""
    first = thread = documents[found[0] >> PLACE + 1].thread
    before = -1
    total = index = 0
    end = len(found)
    own: list[str] = []
    spots: list[str] = []
    while index < end:
        place = found[index]
        one = place >> PLACE + 1
        number, ordinal, title, size = documents[one]
        if number != thread:
            own.append(digits(number - thread))
            spots.append(" ")
            thread, before = number, -1
        gap = 4 * (ordinal - before - 1)
        before = ordinal
        index += 1
        total += 1
        if title or (index < end and found[index] >> PLACE + 1 == one):
            start = index - 1
            while index < end and found[index] >> PLACE + 1 == one:
                index += 1
            here = [_offset(place, title) for place in found[start:index]]
            own.append(_several(gap, size, len(here), sum(spot < title for spot in here)))
            spots += _steps(here)
        else:  # most often
            place &= _OFFSET
            own += (_SHORT[gap] if gap < _FAST else code(gap), size)
            spots.append(_SHORT[place] if place < _FAST else code(place))
    return Piece(total, first, thread, "".join(own), "".join(spots))


def _offset(place: int, title: int) -> int:
    """The place of a word in its document; between title and text is a place for no word."""
    return (place & _OFFSET) + (title + 1 if title and place >> PLACE & 1 else 0)


def _several(gap: int, length: str, count: int, in_title: int) -> str:
    if count < 4 and not in_title:
        return code(gap + count - 1) + length
    return f"{code(gap + 3)}{length}{code(4 * (count - 1) + min(in_title, 3))}"


def _steps(spots: Iterable[int]) -> Iterator[str]:
    before = -1
    for spot in spots:
        yield code(spot - before - 1)
        before = spot


def named(found: Sequence[int], documents: Sequence[Document]) -> Piece:
    """What is to be said of what these documents have besides their texts."""
    return piece([one << PLACE + 1 for one in found], documents)._replace(places="")


def united(pieces: Sequence[Piece]) -> Piece:
    """One piece from several, which come in the order of their threads."""
    own: list[str] = []
    before = pieces[0].first
    for one in pieces:
        own += (digits(one.first - before), one.postings)
        before = one.last
    places = " ".join([one.places for one in pieces]).rstrip()
    return Piece(sum(one.total for one in pieces), pieces[0].first, before, "".join(own)[1:], places)


def joined(pieces: Sequence[Piece]) -> tuple[str, str]:
    """A list and its places, from pieces in the order of their threads."""
    if not pieces:
        return "", ""
    whole = united(pieces)
    return digits(whole.first) + whole.postings, whole.places


def parted(postings: str, places: str) -> dict[int, tuple[str, str]]:
    """The groups of a list, (documents, places), by thread number."""
    found: dict[int, tuple[str, str]] = {}
    number = 0
    spots = places.split(" ") if places else repeat("")
    for (difference, documents), spot in zip(_GROUP.findall(postings), spots, strict=False):
        number += int(difference, len(_DIGITS))
        found[number] = documents, spot
    return found


def replaced(postings: str, places: str, changes: Mapping[int, Piece | None]) -> tuple[str, str]:
    """A list and its places with other pieces for some threads; None takes a thread out."""
    groups = parted(postings, places)
    for number, change in changes.items():
        if change:
            groups[number] = change.postings, change.places
        else:
            groups.pop(number, None)
    return joined([Piece(1, number, number, *groups[number]) for number in sorted(groups)])


def days(spans: Sequence[tuple[int, int] | None], last: int) -> str:
    """The first and last day of each chunk of a thread, None where some are not known; the last chunk has
    ``last`` documents."""
    parts = [code(last - 1)]
    before = 0
    for span in spans:
        if span is None:
            parts.append(code(0))
            continue
        first, last = span
        step = first - before
        parts += (code(1 + last - first), code(2 * step if step >= 0 else -2 * step - 1))
        before = first
    return "".join(parts)
