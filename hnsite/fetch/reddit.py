"""Threads of Reddit: a first answer, then what it only names, a hundred at a time, as far as it is given."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import Any

from hnsite.errors import BusyError, FetchError
from hnsite.fetch.answers import Answer, read_answer, read_pieces
from hnsite.fetch.files import Part
from hnsite.fetch.run import Outcome, Run
from hnsite.model import is_held
from hnsite.readers import reddit
from hnsite.readers.json_values import json_value
from hnsite.wanted import Want, want_of

_POST, _COMMENT = "reddit-t3_", "reddit-t1_"
_AT_ONCE = 100
_MOST_ANSWERS = 2000
_OPTIONS = "limit=500&raw_json=1"


async def bring(run: Run, want: Want) -> Outcome:
    """The whole thread of a post. Raises FetchError."""
    id = await _shared(run, want) if want.kind == "share" else want.id
    if id in run.threads:
        return Outcome(want, note=f"in the thread {id}, which was fetched")
    with Part(run.content / "reddit", id, "reddit", run.now()) as part:
        if not part.lines:
            first = await run.get(f"comments/{id}.json?{_OPTIONS}", lambda raw: _first(raw, id))
            if run.is_older(first.of(f"{_POST}{id}")):
                return Outcome(want, is_older=True)
            part.add(first.raw)
        thread = _Thread(id)
        for raw in part.lines:
            thread.add(raw)
        note = await _more(run, part, thread)
        path = part.finish()
    run.threads.add(id)
    return Outcome(want, path, len(thread.held), note)


async def _shared(run: Run, want: Want) -> str:
    place = await run.ask.where(f"{run.service.base}/{want.id}", run.service.spacing)
    found = want_of(place.split("?", 1)[0])
    if found is None or (found.source, found.kind) != ("reddit", "item"):
        raise FetchError("the link leads to no thread of Reddit", want.address)
    return found.id


def _first(raw: bytes, id: str) -> Answer:
    answer = read_answer(raw, reddit)
    if answer.of(f"{_POST}{id}") is None:
        raise BusyError(f"the answer does not hold post {id}")
    return answer


class _Thread:
    """What the answers so far hold and name: ``cut`` are comments whose replies only their own page shows."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.held: set[str] = set()
        self.named: dict[str, None] = {}
        self.cut: dict[str, None] = {}

    def add(self, raw: bytes) -> None:
        for record in read_pieces(raw, reddit):
            if is_held(record):
                self.held.add(record.id)
            self.named.update(dict.fromkeys(record.replies))
        self.cut.update(dict.fromkeys(_cut(json_value(raw))))

    def wanted(self, asked: set[str]) -> list[str]:
        """Comments that are named and not there, and for which nobody has asked."""
        return [
            id for id in self.named if id.startswith(_COMMENT) and id not in self.held and id not in asked
        ]


async def _more(run: Run, part: Part, thread: _Thread) -> str:
    """Asks for what is named until nothing new comes; what is still missing then, in words."""
    asked: set[str] = set()
    pages: set[str] = set()
    why = ""
    try:
        for _ in range(_MOST_ANSWERS):
            if ids := list(islice(thread.wanted(asked), _AT_ONCE)):
                asked.update(ids)
                path = f"api/morechildren.json?api_type=json&raw_json=1&link_id=t3_{thread.id}&children="
                path += ",".join(id.removeprefix(_COMMENT) for id in ids)
            elif left := [id for id in thread.cut if id not in pages]:
                pages.add(left[0])
                path = f"comments/{thread.id}/_/{left[0]}.json?{_OPTIONS}"
            else:
                break
            raw = await run.get(path, _checked)
            if read_pieces(raw, reddit):  # or it says only that it gives nothing
                part.add(raw)
                thread.add(raw)
            run.progress("items", len(thread.held), len(thread.held) + len(thread.wanted(asked)))
    except FetchError as error:
        if isinstance(error, BusyError):
            raise
        why = f" ({error.reason})"
    missing = len(thread.wanted(set()))
    return f"{missing} comments are named, not given{why}" if missing or why else ""


def _checked(raw: bytes) -> bytes:
    if json_value(raw) is None:
        raise BusyError("the answer is no JSON")
    read_pieces(raw, reddit)
    return raw


def _cut(value: Any) -> list[str]:
    """The comments below which an answer says "continue this thread"."""
    found, stack = [], deque([value])
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack.extend(one)
        elif isinstance(one, dict):
            data = one.get("data")
            data = data if isinstance(data, dict) else {}
            parent = data.get("parent_id")
            if one.get("kind") == "more" and isinstance(parent, str) and not data.get("children"):
                name = want_of(f"redd.it/{parent.removeprefix('t1_')}") if parent.startswith("t1_") else None
                found += [name.id] if name else []
            stack.extend(inner for inner in one.values() if isinstance(inner, dict | list))
    return found
