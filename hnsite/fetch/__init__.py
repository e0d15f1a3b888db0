"""Threads of other sites -> captures in content/, for the next build. Nothing that builds knows of it.

Each capture is a new file, with the time in its name (see ``captures``); what came is kept as it came, once
the reader that will read it has seen that it is whole. What is cut short is gone on with by the next run.
To add a place: a module with ``bring``, a line in ``_WAYS`` and in ``run.SERVICES``, and its addresses in
``wanted``.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from hnsite.errors import BusyError, FetchError, GoneError, SilentError
from hnsite.fetch import algolia, firebase, lobsters, reddit
from hnsite.fetch.ask import Ask, Manners
from hnsite.fetch.files import Done, sweep
from hnsite.fetch.run import SERVICES, Outcome, Run, Service
from hnsite.wanted import Want

__all__ = ["SERVICES", "Manners", "Outcome", "Report", "Service", "fetch", "silent"]

_WAYS: Mapping[str, Callable[[Run, Want], Awaitable[Outcome]]] = {
    "algolia": algolia.bring,
    "firebase": firebase.bring,
    "lobsters": lobsters.bring,
    "reddit": reddit.bring,
}
_PATIENCE = 3
"""So many wants in succession may fail because nobody answers; then its server is left alone."""

Progress = Callable[[str, int, int], None]


def silent(what: str, done: int, total: int) -> None:
    """The Progress that nobody watches."""


class Report(NamedTuple):
    """How many captures were made, wants left out because they are too old or stand in a thread that was
    fetched, done by an earlier run that was cut short, and failed."""

    kept: int = 0
    older: int = 0
    within: int = 0
    before: int = 0
    failed: int = 0
    unfinished: int = 0
    """Those of the failed that may go better another time."""


def fetch(
    wants: Sequence[Want],
    content: Path,
    *,
    api: str = "algolia",
    since: int | None = None,
    tell: Callable[[Outcome | FetchError], None] = lambda outcome: None,
    progress: Progress = silent,
    services: Mapping[str, Service] | None = None,
    manners: Manners | None = None,
    now: Callable[[], float] = time.time,
) -> Report:
    """Brings what is wanted into ``content``, one after the other, and tells what came of each.

    ``api`` is "algolia" or "firebase", for Hacker News; ``since`` (seconds, UTC) leaves out what was posted
    before. Raises HnsiteError where the disk refuses.
    """
    errand = _Errand(content, api, since, tell, progress, services or SERVICES, manners or Manners(), now)
    return asyncio.run(errand.do(list(dict.fromkeys(wants))))


@dataclass
class _Errand:
    content: Path
    api: str
    since: int | None
    tell: Callable[[Outcome | FetchError], None]
    progress: Progress
    services: Mapping[str, Service]
    manners: Manners
    now: Callable[[], float]
    counts: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    """How often in succession nobody answered."""
    runs: dict[str, Run] = field(default_factory=dict)
    oldest: int = 0
    """The highest number of Hacker News that is known to be too old: numbers rise with time."""

    async def do(self, wants: Sequence[Want]) -> Report:
        names = {want: "/".join(want) for want in wants}
        depends = f"api={self.api} since={self.since}"
        sweep(self.content, int(self.now()))
        done = Done(self.content, [*names.values(), depends])
        ask = Ask(self.manners)
        try:
            for place, want in enumerate(wants):
                if len(wants) > 1:
                    self.progress("threads", place, len(wants))
                if names[want] in done:
                    self.counts["before"] += 1
                else:
                    await self._bring(self._run(ask, want, done, alone=len(wants) == 1), want, done)
            if len(wants) > 1:
                self.progress("threads", len(wants), len(wants))
        finally:
            await ask.close()
        if not self.counts["unfinished"]:
            done.clear()
        return Report(**{name: self.counts[name] for name in Report._fields})

    def _run(self, ask: Ask, want: Want, done: Done, *, alone: bool) -> Run:
        way = self.api if want.source == "hn" else want.source
        if way not in self.runs:
            self.runs[way] = Run(
                ask,
                way,
                self.services[way],
                self.content,
                self.since,
                lambda: int(self.now()),
                self.progress if alone else silent,
                done.threads(way),
            )
        return self.runs[way]

    async def _bring(self, run: Run, want: Want, done: Done) -> None:
        """One want, and what there is to tell of it."""
        known = set(run.threads)
        try:
            outcome = await self._outcome(run, want)
        except FetchError as error:
            self.counts["failed"] += 1
            advice = f"; {run.service.advice}" if isinstance(error, GoneError) and run.service.advice else ""
            self.tell(type(error)(f"{error.reason}{advice}", error.subject or want.address))
            if isinstance(error, BusyError):
                self.counts["unfinished"] += 1
                if isinstance(error, SilentError):
                    self.silent[run.way] += _PATIENCE if error.after else 1
                return
        else:
            self._count(outcome)
            self.tell(outcome)
        self.silent[run.way] = 0
        done.add("/".join(want), run.way, run.threads - known)

    async def _outcome(self, run: Run, want: Want) -> Outcome:
        if self.silent[run.way] >= _PATIENCE:
            raise SilentError("not asked for: nobody has answered there for some time", want.address)
        is_numbered = (want.source, want.kind) == ("hn", "item")
        if is_numbered and int(want.id) <= self.oldest:
            return Outcome(want, is_older=True)
        if want.kind != "author" and (want.id in run.threads or want.id in run.items):
            return Outcome(want, note="in a thread that was fetched")
        outcome = await _WAYS[run.way](run, want)
        if is_numbered and outcome.is_older:
            self.oldest = int(want.id)
        return outcome

    def _count(self, outcome: Outcome) -> None:
        kept = "kept" if outcome.path else "within"
        self.counts["older" if outcome.is_older else kept] += 1
