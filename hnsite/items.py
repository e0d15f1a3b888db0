"""A merged thread -> its items as an export has them, one JSON object each: the shape of the Hacker News API,
and what that cannot say under one key, ``hnsite``. ``readers/export.py`` reads them again. Pure.

Laws: an item says all that a page shows of it, so that a site that is built from an export is the same, byte
for byte; and nothing of what the site does not show. Its text is as the dumps have it, never sanitized.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from hnsite.model import Comment, Dialect, Evidence, Kind, Moment, Note, State, Thread
from hnsite.urls import domain_of, is_hn, note_path

VERSION = 1
"""Of the shape. Goes up when an older hnsite would not understand it."""

NOTE = "note"
"""The type of a page of the site's own."""

Item = dict[str, Any]


def thread_items(
    thread: Thread,
    dumps: Mapping[str, Collection[str]],
    was: Mapping[str, Collection[str]],
    beside: Sequence[str] = (),
    *,
    shows_deleted: bool = False,
) -> Iterator[Item]:
    """The items of a thread, its root first, in reading order.

    ``dumps`` are the places in the dumps that tell of each item, ``was`` the ids that were given up for it,
    ``beside`` the roots of other threads that dumps tell of together with this one.
    """
    options = [option.id for option in thread.options]
    for item in (thread.root, *thread.options, *thread.comments):
        is_root = item is thread.root
        about = _about(item, thread)
        if was.get(item.id):
            about["was"] = _numbers(sorted(was[item.id]))
        if is_root:
            about.update(_about_thread(thread, beside))
        if shows_deleted and item.state is State.DELETED:
            about["shown"] = True
        about["dumps"] = sorted(dumps.get(item.id, ()))
        parts = options if is_root else []
        told = sum(one.held for one in thread.comments) if is_root else None
        yield _item(item, about, parts, told)


def note_item(note: Note) -> Item:
    """A page of the site's own; its text is Markdown, as it was written."""
    is_at_home = note_path(note.place) == note.path
    facts: Item = {
        "nav": note.in_nav,
        "listed": note.listed,
        "description": note.description or None,
        "date": _moment(note.date),
        "weight": note.weight,
    }
    about: Item = {"export": VERSION, "note": {name: one for name, one in facts.items() if one is not None}}
    place = note.place if is_at_home else f"{note.path.rpartition('/')[2].removesuffix('.html')}.md"
    return {"id": place, "type": NOTE, "hnsite": about, "title": note.title, "text": note.body}


def _item(item: Comment, about: Item, parts: Sequence[str], told: int | None) -> Item:
    """An item of the API; ``about`` stands near its beginning, by which the reader knows an export."""
    above = "poll" if item.kind is Kind.POLLOPT else "parent"
    fields: Item = {
        "id": _number(item.id),
        "type": item.kind.value,
        "hnsite": about,
        "deleted": item.state in (State.DELETED, State.REMOVED) or None,
        "dead": item.state is State.DEAD or None,
        "by": item.author,
        "time": item.created.epoch if item.created else None,
        above: _number(item.parent) if item.parent else None,
        "title": item.title,
        "url": item.url,
        "score": item.score,
        "descendants": told,
        "parts": _numbers(parts) or None,
        "kids": _numbers(item.replies) or None,
        "text": item.body,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _about(item: Comment, thread: Thread) -> Item:
    """What the API cannot say of an item; what goes without saying is left out."""
    fields: Item = {
        "export": VERSION,
        "thread": _number(thread.id),
        "depth": item.depth if item is not thread.root else None,
        "held": None if item.held else False,
        "removed": item.state is State.REMOVED or None,
        "withheld": item.is_withheld or None,
        "evidence": item.evidence.value if item.evidence is not Evidence.STATED else None,
        "dialect": item.dialect.value if item.body is not None or item.dialect is not Dialect.TEXT else None,
        "domain": item.domain if item.domain != domain_of(item.url) else None,
        "original": item.original,
        "captured": item.captured,
        "precision": _precision(item.created),
        "edited": _moment(item.edited),
        "noindex": item.noindex or None,
        "changed": {"time": item.changed.epoch, "stated": item.changed.stated} if item.changed else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _about_thread(thread: Thread, beside: Sequence[str]) -> Item:
    about: Item = {}
    newest = max((one.captured or 0 for one in (thread.root, *thread.options, *thread.comments)), default=0)
    if thread.captured and thread.captured != newest:
        about["thread_captured"] = thread.captured
    if beside:
        about["beside"] = _numbers(beside)
    return about


def _precision(moment: Moment | None) -> Item | None:
    """How well a time is known, where that is not to the second."""
    if moment is None or (moment.unit == "second" and moment.words is None and moment.epoch is not None):
        return None
    return {"unit": moment.unit} if moment.words is None else {"unit": moment.unit, "words": moment.words}


def _moment(moment: Moment | None) -> Item | None:
    if moment is None:
        return None
    return {"time": moment.epoch, "unit": moment.unit, "words": moment.words}


def _number(id: str) -> int | str:
    """An id as the API has it: a number for Hacker News."""
    return int(id) if is_hn(id) and len(id) < 16 and id[0] != "0" else id


def _numbers(ids: Collection[str]) -> list[int | str]:
    return [_number(id) for id in ids]
