"""Real threads whose trees are known -> flat dumps of them -> how much of the trees is rebuilt.

Other measurements know hnsite by its command line only; this one asks it what it believes. A flat dump has
what a page shows: reading order, authors, ages and texts; what is dead or deleted is not on it.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from hnsite import sources
from hnsite.clues import TOP
from hnsite.errors import UnreadableError
from hnsite.infer import SURE, Dump
from hnsite.link import threads
from hnsite.markup import plain_text
from hnsite.merge import merge, said_in
from hnsite.model import SECONDS, Comment, Evidence, Kind, Record, State, Thread, author_text
from hnsite.readers import flat
from hnsite.urls import is_hn

HOUR = 3600
DELAYS = {"5 hours": 5 * HOUR, "30 hours": 30 * HOUR, "6 days": 144 * HOUR, "4 months": 2880 * HOUR}
"""How long after a thread began it is flattened: what ages then tell differs."""
LEAST = 20
"""Comments that a thread must have."""
WHOLE = 0.8
"""How much of a thread the dumps must hold."""
STEPS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.98)
"""The thresholds of the curve."""


class Flat(NamedTuple):
    """A flat dump, and of each comment its parent's place in it; None where that is not in it."""

    text: str
    truth: tuple[int | None, ...]


class Guess(NamedTuple):
    """What is believed of one comment: its likeliest parent, and whether that is true, and shown."""

    belief: float
    right: bool
    shown: bool
    previous: bool  # whether the previous comment is the true one
    top: bool


class Score(NamedTuple):
    """Of all comments those that got a parent, and of these the right ones, as shares of 1."""

    precision: float
    coverage: float

    def __str__(self) -> str:
        return f"{self.precision:.3f} of {self.coverage:.0%}"


def known_threads(content: Path) -> Iterator[Thread]:
    """Every whole thread of Hacker News, Lobsters or Reddit that the dumps in a folder state."""
    records = [record for record in _records(content) if not record.flat]
    for root, said in sorted(threads(records)[0].items()):
        thread = merge(said, root)
        held = [one for one in thread.comments if one.held]
        stated = all(one.evidence is Evidence.STATED for one in held)
        if _population(root) and stated and len(held) >= max(LEAST, WHOLE * len(thread.comments)):
            yield thread


def _records(content: Path) -> Iterator[Record]:
    """What the folder's dumps say; files that no reader can read are passed over."""
    for dump in sources.find_dumps(content, content)[0]:
        with suppress(UnreadableError), sources.parts(dump) as parts:
            for part in parts:
                with suppress(UnreadableError):
                    found = sources.read(part, sources.pick(part))
                    yield from (one for one in found if isinstance(one, Record))


def _population(root: str) -> str:
    if is_hn(root):
        return "Hacker News"
    source = root.partition("-")[0]
    return source.capitalize() if source in ("lobsters", "reddit") else ""


def flatten(thread: Thread, delay: int) -> Flat:
    """The thread as text, as copied from its page ``delay`` seconds after it began."""
    times = [
        one.created.epoch for one in (thread.root, *thread.comments) if one.created and one.created.epoch
    ]
    captured = min(times, default=0) + delay
    places: dict[str, int] = {thread.id: TOP}
    texts: list[str] = []
    truth: list[int | None] = []
    for one in thread.comments:
        if _is_shown(one, captured):
            truth.append(places.get(one.parent or ""))
            places[one.id] = len(texts)
            texts.append(_post(one, captured))
    return Flat("\n".join(texts), tuple(truth))


def _is_shown(one: Comment, captured: int) -> bool:
    epoch = one.created.epoch if one.created else None
    alive = one.held and one.kind is Kind.COMMENT and one.state is State.LIVE and one.author
    return bool(alive and one.body and (epoch is None or epoch <= captured))


def _post(one: Comment, captured: int) -> str:
    text = plain_text(one.body or "", one.dialect)
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    epoch = one.created.epoch if one.created and one.created.epoch is not None else captured
    return "\n".join([author_text(one.author), shown_age(captured - epoch), *lines])


def shown_age(seconds: int) -> str:
    """An age as pages show it: in whole units, rounded down."""
    unit = next((unit for unit in ("year", "month", "day", "hour") if seconds >= SECONDS[unit]), "minute")
    count = seconds // SECONDS[unit]
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


def guesses(flattened: Flat) -> list[Guess]:
    """What is believed of each comment of a flat dump, when nothing else is known."""
    records = [
        one for one in flat.read(io.BytesIO(flattened.text.encode()), "flat") if isinstance(one, Record)
    ]
    comments = [one for one in records if one.kind is Kind.COMMENT]
    if len(comments) != len(flattened.truth):
        return []  # a text that has what looks like the head of a comment
    dump = Dump(said_in(comments, {}), records[0].id, None)
    found: list[Guess] = []
    for place, (shares, truth) in enumerate(zip(dump.beliefs(), flattened.truth, strict=True)):
        parent = max(shares, key=lambda other: (shares[other], other))
        shown = shares[parent] >= SURE[dump.kind(place, parent)]
        found.append(
            Guess(shares[parent], parent == truth, shown, place > 0 and truth == place - 1, truth == TOP)
        )
    return found


def score(found: Sequence[Guess], threshold: float | None = None) -> Score:
    """At a threshold; without one, of what is shown."""
    placed = [one for one in found if (one.shown if threshold is None else one.belief >= threshold)]
    right = sum(one.right for one in placed)
    return Score(right / len(placed) if placed else 1.0, len(placed) / len(found) if found else 0.0)


def baselines(found: Sequence[Guess]) -> tuple[float, float]:
    """How often the parent is the comment before, and how often none; both place every comment."""
    total = max(1, len(found))
    return sum(one.previous for one in found) / total, sum(one.top for one in found) / total


def by_thread(content: Path) -> dict[tuple[str, str], dict[str, list[Guess]]]:
    """All guesses by (population, thread), then by how long after its begin it was flattened."""
    found: dict[tuple[str, str], dict[str, list[Guess]]] = {}
    for thread in known_threads(content):
        flats = {name: guesses(flatten(thread, delay)) for name, delay in DELAYS.items()}
        found[_population(thread.id), thread.id] = {name: some for name, some in flats.items() if some}
    return found


def by_population(
    found: Mapping[tuple[str, str], Mapping[str, Sequence[Guess]]],
) -> dict[str, dict[str, list[Guess]]]:
    """The same without threads."""
    together: dict[str, dict[str, list[Guess]]] = defaultdict(lambda: defaultdict(list))
    for (population, _), flats in found.items():
        for name, some in flats.items():
            together[population][name] += some
    return together


def everything(flats: Iterable[Sequence[Guess]]) -> list[Guess]:
    return [one for some in flats for one in some]
