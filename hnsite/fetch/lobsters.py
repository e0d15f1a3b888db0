"""Threads of Lobsters: one answer each."""

from __future__ import annotations

from hnsite.errors import BusyError, FetchError
from hnsite.fetch.answers import Answer, read_answer
from hnsite.fetch.files import keep
from hnsite.fetch.run import Outcome, Run
from hnsite.readers import lobsters
from hnsite.wanted import Want

_OURS = "lobsters-"


async def bring(run: Run, want: Want) -> Outcome:
    """The whole thread of a story or a comment. Raises FetchError."""
    id, taken = want.id, run.now()
    if want.kind == "comment":
        comment = (await _get(run, "c", id)).of(f"{_OURS}{id}")
        if run.is_older(comment):
            return Outcome(want, is_older=True)
        if comment is None or comment.thread is None:
            raise FetchError("the answer does not say of which story it is; give that one's", want.address)
        id = comment.thread.removeprefix(_OURS)
    if id in run.threads:
        return Outcome(want, note=f"in the thread {id}, which was fetched")
    answer = await _get(run, "s", id)
    if want.kind != "comment" and run.is_older(answer.of(f"{_OURS}{id}")):
        return Outcome(want, is_older=True)
    path = keep(run.content / "lobsters", id, taken, answer.raw)
    return Outcome(want, path, run.note(answer.records, id))


async def _get(run: Run, kind: str, id: str) -> Answer:
    def read(raw: bytes) -> Answer:
        answer = read_answer(raw, lobsters)
        if answer.of(f"{_OURS}{id}") is None:
            raise BusyError(f"the answer does not hold {id}")
        return answer

    return await run.get(f"{kind}/{id}.json", read)
