"""The lost parents of the comments of a flat dump, as far as they are certain. Pure.

Such a dump is in reading order, each comment before its answers and every branch in one piece, so that a
comment's parent is on the way from the comment before it up to the root. That way is not certain itself.
What is kept is, of each comment, its possible parents with their shares of belief; from them follows which
comments still stand on the way, and how likely, when the next one comes (``_forward``). What comes later
tells of earlier parents too: who is answered had not been left (``_backward``). Together this is the sum
over all trees, each weighted by its clues, without those that are very unlikely. It takes time in proportion
to the number of comments.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import chain
from operator import mul
from typing import NamedTuple

from hnsite.clues import PAIR, ROOT, TOP, WAY, WEIGHTS, Clues, Said, Tree
from hnsite.model import Evidence

SURE = {"quoted": 0.85, "previous": 0.94, "top": 0.9, "elsewhere": 0.98}
"""The belief from which on a place is shown: below a comment that is quoted, below the one before, below
none, or below another. docs/reconstruction.md has how often such places are right."""
MOST = 32
"""How many comments above the last one are asked at most."""
LEAST = 1e-4
"""The belief below which a comment stands no more on the way."""
LEAST_ODDS = math.log(LEAST)
"""How much less likely than the likeliest one a parent may be, to be thought of at all."""
PASSES = 3
"""The first knows nothing of the tree that ``Tree`` tells of."""
TOO_YOUNG = 10.0
"""What it is worth as evidence that all others on the way are too young to be answered."""
LATEST = 50
"""How many of an author's comments are looked at for having answered before."""

Shares = Mapping[int, float]
"""Places of comments (or ``TOP``) and how far each is believed."""

_PAIR, _ROOT, _WAY = ([WEIGHTS[name] for name in names] for names in (PAIR, ROOT, WAY))


class Place(NamedTuple):
    """An inferred parent, and what tells of it most."""

    parent: str
    evidence: Evidence


def inferred_places(said: Sequence[Said], root: str, starter: str | None = None) -> dict[str, Place]:
    """The places that are sure, of comments whose parents are not known; ``said`` is in the dump's order.

    ``root`` is the thread's id, ``starter`` who began it. For a known parent that is not in the dump, what
    stands above it there should be given.
    """
    dump = Dump(said, root, starter)
    found: dict[str, Place] = {}
    for place, shares in enumerate(dump.beliefs()):
        parent = max(shares, key=lambda other: (shares[other], other))
        if said[place].parent is None and shares[parent] >= SURE[dump.kind(place, parent)]:
            above = root if parent == TOP else said[parent].id
            found[said[place].id] = Place(above, dump.evidence(place, parent))
    return found


class Dump:
    """The comments of a flat dump, and what is believed of its tree."""

    def __init__(self, said: Sequence[Said], root: str, starter: str | None) -> None:
        places = {one.id: place for place, one in reversed(list(enumerate(said)))} | {root: TOP}
        self.clues = Clues(said, starter)
        self.known = [
            above if above is not None and above < place else None
            for place, above in enumerate(places.get(one.parent or "") for one in said)
        ]
        self._floors = _floors(self.known)
        self._pairs: dict[tuple[int, int], float] = {}
        self._ways: list[Shares] = []
        self._tree = Tree()

    def beliefs(self) -> list[Shares]:
        """Of each comment its possible parents, and how far each is believed after all is read."""
        believed: list[Shares] | None = None
        for _ in range(PASSES):
            believed = _backward(self._forward(believed), self._ways)
        return believed or []

    def _forward(self, believed: list[Shares] | None) -> list[Shares]:
        """What is believed of each parent when only what stands before is read. Keeps ways and tree."""
        self._tree = tree = Tree()
        tree.parents = believed or []
        if believed:
            tree.answers = _answers(believed, self.clues)
            tree.share = _share(believed)
        shares: list[Shares] = []
        self._ways = ways = []
        way: Shares = {TOP: 1.0}
        for place, text in enumerate(self.clues.texts):
            way = _way(place - 1, shares, way)
            ways.append(way)
            tree.by.setdefault(text.author, [])
            shares.append(self._shares(place, way, tree))
            if not believed:
                tree.parents.append(shares[place])
            above = tree.parents[place].items()
            tree.depths.append(sum(share * (1 + tree.depths[p]) for p, share in above if p != TOP))
            tree.by[text.author] = [*tree.by[text.author][1 - LATEST :], place]
        return shares

    def _shares(self, place: int, way: Shares, tree: Tree) -> Shares:
        known = self.known[place]
        if known is not None:
            return {known: 1.0}
        floor = self._floors[place]
        scores = {
            other: math.log(share) + self.score(place, other, tree)
            for other, share in way.items()
            if other >= floor and self.clues.is_possible(place, other)
        }
        if not scores:
            return {floor: 1.0}
        most = max(scores.values())
        odds = {other: math.exp(score - most) for other, score in scores.items() if score > most + LEAST_ODDS}
        total = math.fsum(odds.values())
        return {other: one / total for other, one in odds.items()}

    def score(self, one: int, other: int, tree: Tree) -> float:
        """How much speaks for ``other`` as the parent of ``one``."""
        if other == TOP:
            return _weighed(self.clues.root(one, tree.share), _ROOT)
        key = (one, other)
        score = self._pairs.get(key)
        if score is None:
            score = self._pairs[key] = _weighed(self.clues.pair(one, other), _PAIR)
        return score + _weighed(self.clues.way(one, other, tree), _WAY)

    def kind(self, one: int, other: int) -> str:
        """Which threshold a place must reach."""
        if other == TOP:
            return "top"
        if self.clues.quotes(one, other):
            return "quoted"
        return "previous" if other == one - 1 else "elsewhere"

    def evidence(self, one: int, other: int) -> Evidence:
        """What speaks most for ``other`` as the parent of ``one``, compared with others on the way to it."""
        way = self._ways[one]
        worth = self._kinds(one, other)
        rest = {place: share for place, share in way.items() if place != other}
        total = math.fsum(rest.values())
        young = math.fsum(share for place, share in rest.items() if not self.clues.is_possible(one, place))
        for place, share in rest.items():
            for kind, weight in self._kinds(one, place).items():
                worth[kind] -= weight * share / total
        if total:
            worth[Evidence.AGE] += TOO_YOUNG * young / total
        best = max(worth, key=lambda kind: (worth[kind], kind))
        return best if worth[best] > 0 else Evidence.ORDER

    def _kinds(self, one: int, other: int) -> dict[Evidence, float]:
        """How much each kind of evidence speaks for ``other``."""
        if other == TOP:
            kinds_of: Iterable[tuple[str, Evidence]] = ROOT.items()
            values = self.clues.root(one, self._tree.share)
        else:
            kinds_of = chain(PAIR.items(), WAY.items())
            values = [*self.clues.pair(one, other), *self.clues.way(one, other, self._tree)]
        kinds = dict.fromkeys((*PAIR.values(), *ROOT.values(), *WAY.values()), 0.0)
        for (name, kind), value in zip(kinds_of, values, strict=True):
            kinds[kind] += WEIGHTS[name] * value
        return kinds


def _way(last: int, shares: Sequence[Shares], before: Shares) -> Shares:
    """How likely each comment stands on the way from ``last`` to the root; what left it never comes back."""
    way = {TOP: 1.0}
    if last == TOP:
        return way
    belief = {last: 1.0}
    waiting = [-last]
    while waiting and len(way) <= MOST:
        place = -heappop(waiting)
        way[place] = share = belief[place]
        for above, part in shares[place].items():
            if above in belief:
                belief[above] += share * part
            elif above != TOP and above in before and share * part > LEAST:
                belief[above] = share * part
                heappush(waiting, -above)
    return way


def _backward(shares: Sequence[Shares], ways: Sequence[Shares]) -> list[Shares]:
    """What is believed of each parent when everything is read.

    The derivative of the sum over all trees by each parent's odds, by going all steps of ``_forward`` back.
    """
    found: list[Shares] = [{}] * len(shares)
    gains: list[dict[int, float]] = [{} for _ in shares]
    later: dict[int, float] = {}  # what it is worth that a comment stands on the way to the next one
    for place in reversed(range(len(shares))):
        way = ways[place + 1] if place + 1 < len(shares) else {TOP: 1.0}
        for below in sorted(way)[1:]:
            worth = later.get(below, 0.0)
            here = way[below]
            gain = gains[below]
            for above, share in shares[below].items():
                if above in way and (more := later.get(above)):
                    worth += more * share
                    gain[above] = gain.get(above, 0.0) + more * here
            later[below] = worth
        gain, now = gains[place], shares[place]
        rest = 1 - math.fsum([now[above] * more for above, more in gain.items()])
        found[place] = {
            above: max(0.0, share * (gain.get(above, 0.0) + rest)) for above, share in now.items()
        }
        way = ways[place]
        later = {above: share / way.get(above, 1.0) for above, share in found[place].items() if above != TOP}
    return found


def _share(believed: Sequence[Shares]) -> float:
    """How many comments seem to answer none: log odds, 0 for a third."""
    tops = math.fsum(shares.get(TOP, 0.0) for shares in believed) + 2
    return math.log(2 * tops / (len(believed) + 6 - tops))


def _answers(believed: Sequence[Shares], clues: Clues) -> dict[tuple[int, str], float]:
    """How likely each comment has an answer by an author."""
    answers: dict[tuple[int, str], float] = {}
    for place, shares in enumerate(believed):
        author = clues.texts[place].author
        for above, share in shares.items():
            if above != TOP and share > LEAST:
                answers[above, author] = answers.get((above, author), 0.0) + share
    return answers


def _floors(known: Sequence[int | None]) -> list[int]:
    """The lowest place that each comment can answer: a known later answer says what was not left by then."""
    ends: dict[int, int] = {}
    for place, above in enumerate(known):
        if above is not None and above != TOP:
            ends[above] = place
    floors: list[int] = []
    still: list[int] = []
    for place in range(len(known)):
        while still and ends[still[-1]] < place:
            still.pop()
        floors.append(still[-1] if still else TOP)
        if place in ends:
            still.append(place)
    return floors


def _weighed(values: Sequence[float], weights: Sequence[float]) -> float:
    total: float = sum(map(mul, values, weights))
    return total
