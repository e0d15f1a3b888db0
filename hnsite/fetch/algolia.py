"""Threads and authors of Hacker News from Algolia's interface: a thread is one answer."""

from __future__ import annotations

from urllib.parse import quote

from hnsite.errors import BusyError, GoneError
from hnsite.fetch.answers import Answer, read_answer, read_object
from hnsite.fetch.files import Part, keep
from hnsite.fetch.run import Outcome, Run
from hnsite.readers import algolia, algolia_hits
from hnsite.readers.input import whole
from hnsite.wanted import Want

_HITS = 1000
"""The most that a question may ask for, and that any may lead to: what is older is asked for by its date."""


async def bring(run: Run, want: Want) -> Outcome:
    """The whole thread of an item, or all that an author wrote. Raises FetchError."""
    if want.kind == "author":
        return await _author(run, want)
    taken = run.now()
    answer = await _item(run, want.id)
    if run.is_older(answer.of(want.id)):
        return Outcome(want, is_older=True)
    id, seen, note = want.id, {want.id}, ""
    while (above := _above(answer, id)) and above not in seen:
        seen.add(above)
        if above in run.threads:
            return Outcome(want, note=f"in the thread {above}, which was fetched")
        try:
            answer, id = await _item(run, above), above
        except GoneError as error:
            note = f"{above}, which it answers, cannot be had ({error.reason}); what is below it is kept"
            break
    path = keep(run.content / "hn", id, taken, answer.raw)
    return Outcome(want, path, run.note(answer.records, id, want.id), note)


async def _item(run: Run, id: str) -> Answer:
    def read(raw: bytes) -> Answer:
        answer = read_answer(raw, algolia)
        if answer.of(id) is None:
            raise BusyError(f"the answer does not hold item {id}")
        return answer

    return await run.get(f"items/{id}", read)


def _above(answer: Answer, id: str) -> str | None:
    """The story of an item that is not one, or at least what it answers."""
    record = answer.of(id)
    if record is None:
        return None
    return record.thread if record.thread not in (None, id) else record.parent


async def _author(run: Run, want: Want) -> Outcome:
    """Page by page, newest first; each begins with the second in which the last one ended."""
    with Part(run.content / "hn", f"user-{want.id}", "algolia", run.now()) as part:
        times = {hit: time for raw in part.lines for hit, time in _times(raw).items()}
        total = 0
        while True:
            until = min(times.values(), default=None)
            raw = await run.get(_question(want.id, run.since, until), _hits)
            found = _times(raw)
            total = max(total, len(times) + (whole((read_object(raw) or {}).get("nbHits")) or 0))
            if not found.keys() - times.keys():
                break
            times |= found
            part.add(raw)
            run.progress("items", len(times), max(total, len(times)))
            if len(found) < _HITS:
                break
        if not part.lines:
            if run.since is not None:
                return Outcome(want, is_older=True)
            raise GoneError("nothing by this author is known there", want.address)
        return Outcome(want, part.finish(), len(times))


def _question(name: str, since: int | None, until: int | None) -> str:
    limits = [f"created_at_i>={since}"] if since is not None else []
    limits += [f"created_at_i<={until}"] if until is not None else []
    numeric = f"&numericFilters={quote(','.join(limits))}" if limits else ""
    return f"search_by_date?tags={quote(f'author_{name}')}&hitsPerPage={_HITS}{numeric}"


def _hits(raw: bytes) -> bytes:
    """The bytes of an answer that is one."""
    if not isinstance((read_object(raw) or {}).get("hits"), list):
        raise BusyError("the answer has no hits")
    if _times(raw):
        read_answer(raw, algolia_hits)
    return raw


def _times(raw: bytes) -> dict[str, int]:
    """The ids of an answer's hits, and when they were posted."""
    hits = (read_object(raw) or {}).get("hits")
    found = {}
    for hit in hits if isinstance(hits, list) else ():
        id, time = (hit.get("objectID"), hit.get("created_at_i")) if isinstance(hit, dict) else (None, None)
        if isinstance(id, str) and type(time) is int:
            found[id] = time
    return found
