"""What two comments of a flat dump tell of whether one answers the other. Pure.

``Clues`` knows the comments of one dump, by their places in it. It answers with numbers, one for each name of
``PAIR``, ``ROOT`` or ``WAY``; their sum, weighted by ``WEIGHTS``, is the logarithm of the odds.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from hnsite.markup import normalise, quoted_lines
from hnsite.model import Evidence

TOP = -1
"""The place of the thread's root, which stands above every comment."""
SHORTEST_QUOTE = 16
"""Characters (white space aside) below which a quoted passage is weak evidence."""
SHORTEST_WEAK_QUOTE = 7
MOST_QUOTES = 100
"""Quoted lines of one comment that are compared with others."""
STEM = 6
"""Letters that two words must share to be one word to this module."""

_ELLIPSIS = re.compile(r"\.{2,}|…|\[…\]|\[\.\.\.\]")
_DROP = {ord(mark): None for mark in "*_\"'“”‘’()[]"}
_WORD = re.compile(r"[^\W_]{3,}")
_YOU = re.compile(r"\byou(?:r|rs|'re|’re)?\b")
_OPENER = re.compile(
    r"\W*(?:thank|thx|ye[sap]|yup|no\b|nope|nah\b|not |i (?:dis)?agree|agree|exactly|this\b|true\b|right\b"
    r"|sure\b|ok\b|okay|well\b|but\b|and\b|or\b|so\b|then\b|because|why|what|how|your?\b|it['’]?s\b|that|s?he\b"
    r"|they|is\b|are\b|do\b|did\b|does|can\b|could|same|me too|correct|indeed|good point|fair|haha|lol|wow"
    r"|really|[ao]h\b|actually)"
)
"""How answers begin more often than comments that answer nobody."""


class Said(NamedTuple):
    """One comment of a flat dump. ``text`` is plain; it was posted after ``earliest`` and not after
    ``latest``, by any clock that all of them share; ``parent`` is its parent's id, where that is known."""

    id: str
    author: str | None
    text: str
    earliest: float | None = None
    latest: float | None = None
    parent: str | None = None


PAIR = {
    "quote": Evidence.QUOTE,  # it quotes the other's own words
    "short quote": Evidence.QUOTE,
    "edited quote": Evidence.QUOTE,
    "nested quote": Evidence.QUOTE,  # it quotes a quote that the other has
    "quote of another": Evidence.QUOTE,
    "name": Evidence.NAME,
    "likeness": Evidence.WORDS,  # cosine of rare words
    "shared": Evidence.WORDS,  # how many rare words
    "self": Evidence.TURNS,
    "same age": Evidence.AGE,
    "starter answers": Evidence.TURNS,  # it is by who began the thread
    "often": Evidence.ORDER,  # the other's author wrote a lot here
}
"""Clues in a comment and the one that it may answer, and what they are as evidence."""
ROOT = {
    "top": Evidence.ORDER,
    "top length": Evidence.OPENING,
    "top first": Evidence.TURNS,  # its author wrote nothing before
    "top opener": Evidence.OPENING,
    "top quote": Evidence.QUOTE,
    "top starter": Evidence.TURNS,
    "top at": Evidence.NAME,
    "top younger": Evidence.AGE,  # than the one before it
    "top small letter": Evidence.OPENING,
    "top you": Evidence.OPENING,
    "top share": Evidence.ORDER,  # how many others seem to answer none
}
"""Clues that a comment answers none."""
WAY = {
    "previous": Evidence.ORDER,
    "turns": Evidence.TURNS,  # the other answers an earlier one of the same author
    "answered": Evidence.TURNS,  # the other's author answers it
    "again": Evidence.TURNS,  # its author has answered the other before
    "depth": Evidence.ORDER,
}
"""Clues in what is known of the tree around them."""
WEIGHTS = {
    "quote": 5.37,
    "short quote": 0.36,
    "edited quote": 0.71,
    "nested quote": 0.14,
    "quote of another": -1.14,
    "name": 0.96,
    "likeness": 3.72,
    "shared": 0.43,
    "self": -0.96,
    "same age": -0.32,
    "starter answers": 0.51,
    "often": 0.07,
    "top": 0.46,
    "top length": 0.66,
    "top first": 1.30,
    "top opener": -0.53,
    "top quote": -0.94,
    "top starter": -0.51,
    "top at": -0.56,
    "top younger": -0.13,
    "top small letter": 0.44,
    "top you": 0.19,
    "top share": 0.24,
    "previous": -0.37,
    "turns": 3.07,
    "answered": 2.51,
    "again": -2.51,
    "depth": -0.28,
}
"""What each clue is worth, in log odds. Fitted to 14 real threads of 3,500 Hacker News and 2,000 Reddit
comments, each flattened as of four moments: gradient ascent on the likelihood of the true trees among all
(the beliefs of ``infer`` give the expected clues), every thread weighed by the square root of its size, with
a squared penalty. docs/reconstruction.md says how well they do on kinds of threads that they were not
fitted to."""


class _Text:
    """What is asked about one comment, worked out once."""

    def __init__(self, said: Said) -> None:
        lines = quoted_lines(said.text) if ">" in said.text else ()
        own = _unquoted(said.text) if lines else said.text
        self.author = said.author or ""
        self.earliest, self.latest = said.earliest, said.latest
        self.own = _folded(own)
        self.all = _folded(said.text) if lines else self.own
        outer = [text for level, text in lines if level == 1][:MOST_QUOTES]
        pieces = [piece for text in outer for piece in passages(text, SHORTEST_WEAK_QUOTE)]
        self.quotes = [piece for piece in pieces if len(piece) >= SHORTEST_QUOTE]
        self.short_quotes = [piece for piece in pieces if len(piece) < SHORTEST_QUOTE]
        inner = [text for level, text in lines if level == 2][:MOST_QUOTES]
        self.nested = [piece for text in inner for piece in passages(text, SHORTEST_QUOTE)]
        self.lower = own.casefold()
        self.words = frozenset(word[:STEM] for word in _WORD.findall(self.lower))
        self.name = self.author.casefold().partition("@")[0]
        self.length = math.log1p(len(own)) - 5
        self.opening = own.lstrip()[:1]

    @cached_property
    def calls(self) -> frozenset[str]:
        """Every word that may be a name."""
        return frozenset(re.findall(r"[\w-]{3,}", self.lower))


class Clues:
    """The comments of one dump, in its order. ``starter`` is who began the thread, if that is known."""

    def __init__(self, said: Sequence[Said], starter: str | None) -> None:
        self.texts = [_Text(one) for one in said]
        self.starter = starter
        count = Counter(word for text in self.texts for word in text.words)
        self._rarity = {word: math.log((len(said) + 1) / held) ** 2 for word, held in count.items()}
        self._size = [math.sqrt(self._weight(text.words)) or 1.0 for text in self.texts]
        self._often = Counter(text.author for text in self.texts)
        first: dict[str, int] = {}
        for place, text in enumerate(self.texts):
            first.setdefault(text.author, place)
        self._firsts = frozenset(first.values())

    def _weight(self, words: frozenset[str]) -> float:
        return math.fsum([self._rarity[word] for word in words])  # exact, whatever the order

    def is_possible(self, one: int, other: int) -> bool:
        """Whether ``other`` is not younger than ``one``, which may then answer it."""
        if other == TOP:
            return True
        latest, earliest = self.texts[one].latest, self.texts[other].earliest
        return latest is None or earliest is None or latest > earliest

    def quotes(self, one: int, other: int) -> bool:
        """Whether a comment quotes the other's own words at length, edited perhaps."""
        exact, _, edited, _, _ = _quotes(self.texts[one], self.texts[other])
        return exact + edited > 0

    def pair(self, one: int, other: int) -> list[float]:
        """The clues in the words, authors and ages of two comments; in the order of ``PAIR``."""
        reply, parent = self.texts[one], self.texts[other]
        shared = self._weight(reply.words & parent.words)
        return [
            *_quotes(reply, parent),
            float(len(parent.name) > 2 and parent.name in reply.calls and reply.author != parent.author),
            shared / (self._size[one] * self._size[other]),
            math.log1p(shared),
            float(reply.author == parent.author),
            float(reply.latest is not None and reply.latest == parent.latest),
            float(reply.author == self.starter),
            math.log(self._often[parent.author]),
        ]

    def root(self, one: int, share: float) -> list[float]:
        """The clues that a comment answers none; in the order of ``ROOT``. ``share`` is ``Tree.share``."""
        text = self.texts[one]
        return [
            1.0,
            text.length,
            float(one in self._firsts),
            float(_OPENER.match(text.lower) is not None),
            float(bool(text.quotes)),
            float(text.author == self.starter),
            float(text.opening == "@"),
            self._younger(one),
            float(text.opening.islower()),
            float(_YOU.search(text.lower) is not None),
            share,
        ]

    def _younger(self, one: int) -> float:
        now, before = self.texts[one].latest, self.texts[one - 1].latest if one else None
        if now is None or before is None:
            return 0.0
        return math.copysign(math.log2(1 + abs(now - before) / 3600), now - before)

    def way(self, one: int, other: int, tree: Tree) -> list[float]:
        """The clues in what is known of the tree; in the order of ``WAY``."""
        author = self.texts[one].author
        turns = answered = again = 0.0
        for above, share in tree.parents[other].items():
            if above != TOP and self.texts[above].author == author:
                turns += share
        if tree.answers:
            answered = min(1.0, tree.answers.get((one, self.texts[other].author), 0.0))
        for place in tree.by[author]:
            if other < place < one:
                again += tree.parents[place].get(other, 0.0)
        return [float(other == one - 1), turns, answered, min(1.0, again), math.log1p(tree.depths[other])]


class Tree:
    """What is believed of a dump's tree: of each comment its possible parents and their shares of 1.

    ``answers`` says how likely a comment has an answer by an author, ``by`` has an author's latest comments
    before the one in question, ``share`` is how many comments seem to answer none (log odds, 0 for a third).
    """

    def __init__(self) -> None:
        self.parents: list[Mapping[int, float]] = []
        self.depths: list[float] = []
        self.answers: dict[tuple[int, str], float] = {}
        self.share = 0.0
        self.by: dict[str, list[int]] = {}


def _quotes(reply: _Text, parent: _Text) -> tuple[float, ...]:
    """What quotes tell: the first five of ``PAIR``."""
    exact = any(piece in parent.own for piece in reply.quotes)
    edited = not exact and any(is_of(piece, parent.own) for piece in reply.quotes)
    short = any(piece in parent.own for piece in reply.short_quotes)
    other = bool(reply.quotes) and not exact and not edited
    nested = parent.all is not parent.own and any(piece in parent.all for piece in reply.nested)
    return (
        float(exact),
        float(short),
        float(edited),
        float(nested),
        float(other),
    )


def is_of(quote: str, words: str) -> bool:
    """Whether an edited quote is of these words: three of five samples of it are there."""
    if len(quote) < 30:
        return False
    step = (len(quote) - 10) // 4
    return sum(quote[at : at + 10] in words for at in range(0, 5 * step, step)) >= 3


def passages(text: str, shortest: int) -> list[str]:
    """What a quote says in one piece, folded; an ellipsis parts it. Pieces under ``shortest`` are nothing."""
    return [passage for part in _ELLIPSIS.split(text) if len(passage := _folded(part)) >= shortest]


def own_words(text: str) -> str:
    """A comment's plain text, folded, without what it quotes itself."""
    return _folded(_unquoted(text))


def _unquoted(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))


def _folded(text: str) -> str:
    """Normalised text without what quoting people change: emphasis, quotation marks, case."""
    return normalise(text).translate(_DROP).casefold()
