"""What all ways of fetching share: whom to ask, where to keep it, and what has been fetched already."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from hnsite.fetch.ask import Ask
from hnsite.model import Record, is_held
from hnsite.wanted import Want

_T = TypeVar("_T")


class Service(NamedTuple):
    """A server's address, how many seconds lie between two questions, how many are asked at once, and what
    else may help where it has nothing."""

    base: str
    spacing: float = 0
    together: int = 1
    advice: str = ""


_ASK_OTHER = "--api {} may have it"
_BY_HAND = "where programs are kept out, save the page's .json in a browser and put it into content/"
SERVICES = {
    # 10,000 an hour are allowed
    "algolia": Service("https://hn.algolia.com/api/v1", 0.4, 1, _ASK_OTHER.format("firebase")),
    "firebase": Service("https://hacker-news.firebaseio.com/v0", 0, 10, _ASK_OTHER.format("algolia")),
    "lobsters": Service("https://lobste.rs", 1, 1, _BY_HAND),
    "reddit": Service("https://www.reddit.com", 6, 1, _BY_HAND),  # ten a minute without an account
}


class Outcome(NamedTuple):
    """What came of a want: ``path`` is the new capture, if there is one, of so many ``items``, and ``note``
    what there is to say of it or why there is none; ``is_older`` says that it was posted too early."""

    want: Want
    path: Path | None = None
    items: int = 0
    note: str = ""
    is_older: bool = False


@dataclass
class Run:
    """``way`` is the service's name; ``since`` and ``now`` are in seconds, UTC; ``threads`` were fetched in
    this run, or in an earlier one that it goes on with, and ``items`` stand in those of this run."""

    ask: Ask
    way: str
    service: Service
    content: Path
    since: int | None
    now: Callable[[], int]
    progress: Callable[[str, int, int], None]
    threads: set[str] = field(default_factory=set)
    items: set[str] = field(default_factory=set)

    async def get(self, path: str, read: Callable[[bytes], _T]) -> _T:
        """Raises as ``Ask.get``."""
        return await self.ask.get(f"{self.service.base}/{path}", self.service.spacing, read)

    def note(self, records: Iterable[Record], *threads: str) -> int:
        """That these were fetched; how many items that are."""
        held = {record.id for record in records if is_held(record)}
        self.threads.update(threads)
        self.items |= held
        return len(held)

    def is_older(self, record: Record | None) -> bool:
        """Whether an item was posted before the day from which on items are wanted."""
        created = record.created.epoch if record and record.created else None
        return self.since is not None and created is not None and created < self.since
