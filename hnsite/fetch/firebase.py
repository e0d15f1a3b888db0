"""Threads and authors of Hacker News from its own interface: item by item, several at once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple

from hnsite.errors import BusyError, FetchError, GoneError
from hnsite.fetch.answers import read_object, read_pieces
from hnsite.fetch.files import Part
from hnsite.fetch.run import Outcome, Run
from hnsite.readers import hn_api
from hnsite.readers.input import whole
from hnsite.wanted import Want

MOST_ITEMS = 500_000
"""Items that one thread or author may have: the largest have a twentieth of it."""


class _Item(NamedTuple):
    id: int
    raw: bytes
    value: dict[str, Any]

    @property
    def time(self) -> int | None:
        return whole(self.value.get("time"))

    @property
    def above(self) -> int | None:
        return whole(self.value.get("parent")) or whole(self.value.get("poll"))

    @property
    def below(self) -> list[int]:
        lists = (self.value.get(name) for name in ("parts", "kids"))
        ids = (whole(one) for found in lists if isinstance(found, list) for one in found)
        return [id for id in ids if id and id > 0]


async def bring(run: Run, want: Want) -> Outcome:
    """The whole thread of an item, or all that an author wrote. Raises FetchError."""
    if want.kind == "author":
        return await _author(run, want)
    found = top = await _known(run, int(want.id))
    if run.since is not None and (found.time or run.since) < run.since:
        return Outcome(want, is_older=True)
    seen, note = {top.id}, ""
    while (above := top.above) and above not in seen and not note:
        seen.add(above)
        if str(above) in run.threads:
            return Outcome(want, note=f"in the thread {above}, which was fetched")
        try:
            top = await _known(run, above)
        except GoneError as error:
            note = f"{above}, which it answers, cannot be had ({error.reason}); what is below it is kept"
    with Part(run.content / "hn", str(top.id), "firebase", run.now()) as part:
        missing = await _load(run, part, [top.id], follow=True)
        path = part.finish()
    run.threads |= {str(top.id), want.id}
    run.items |= {str(_held(raw).id) for raw in part.lines}
    return Outcome(want, path, len(part.lines), _noted(note, missing))


async def _author(run: Run, want: Want) -> Outcome:
    user = await run.get(f"user/{want.id}.json", read_object)
    submitted = user.get("submitted") if user else None
    ids = {id for one in (submitted if isinstance(submitted, list) else ()) if (id := whole(one)) and id > 0}
    if not ids:
        raise GoneError("nothing by this author is known there", want.address)
    with Part(run.content / "hn", f"user-{want.id}", "firebase", run.now()) as part:
        missing = await _load(run, part, sorted(ids, reverse=True), follow=False)
        if not part.lines:
            return Outcome(want, is_older=True)
        return Outcome(want, part.finish(), len(part.lines), _noted("", missing))


def _noted(note: str, missing: int) -> str:
    told = f"{missing} named there cannot be had" if missing else ""
    return "; ".join(one for one in (note, told) if one)


async def _known(run: Run, id: int) -> _Item:
    item = await _item(run, id)
    if item is None:
        raise GoneError(f"there is no item {id}", f"{run.service.base}/item/{id}.json")
    return item


async def _item(run: Run, id: int) -> _Item | None:
    """None where the answer is ``null``."""
    return await run.get(f"item/{id}.json", lambda raw: _read(raw, id))


def _read(raw: bytes, id: int) -> _Item | None:
    """Raises BusyError for what is not this item."""
    value = read_object(raw)
    if value is None:
        return None
    if whole(value.get("id")) != id:
        raise BusyError(f"the answer is not item {id}")
    if not any(record.id == str(id) for record in read_pieces(raw, hn_api)):
        raise BusyError(f"the answer is no item: {id}")
    return _Item(id, raw, value)


async def _load(run: Run, part: Part, ids: Iterable[int], *, follow: bool) -> int:
    """Brings items, and with ``follow`` all below them, into a capture that may hold some already; how many
    there are not. Newest first, nothing is asked for any more once one is too old."""
    queue = deque(ids)
    seen = set(queue)
    held = {item.id: item for item in map(_held, part.lines)}
    missing = 0
    pending: set[asyncio.Task[_Item | None]] = set()

    def found(item: _Item) -> None:
        if follow:
            queue.extend(new := [id for id in dict.fromkeys(item.below) if id not in seen])
            seen.update(new)
        if len(seen) > MOST_ITEMS:
            raise FetchError(
                f"there are over {MOST_ITEMS:,} items", f"{run.service.base}/item/{item.id}.json"
            )

    try:
        while queue or pending:
            while queue and len(pending) < run.service.together:
                if item := held.get(id := queue.popleft()):
                    found(item)
                else:
                    pending.add(asyncio.create_task(_below(run, id)))
            done: set[asyncio.Task[_Item | None]] = set()
            if pending:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if (loaded := task.result()) is None:
                    missing += 1
                elif not follow and run.since is not None and (loaded.time or run.since) < run.since:
                    queue.clear()
                else:
                    part.add(loaded.raw)
                    found(loaded)
            run.progress("items", len(part.lines), len(seen))
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
    return missing


async def _below(run: Run, id: int) -> _Item | None:
    """An item that another names: None where there is none, or nobody may have it."""
    try:
        return await _item(run, id)
    except GoneError:
        return None


def _held(raw: bytes) -> _Item:
    value = read_object(raw) or {}
    return _Item(whole(value.get("id")) or 0, raw, value)
