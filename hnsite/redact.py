"""A thread -> the thread as it may be shown: what ``redactions.toml`` covers is gone. Pure.

It comes right after merging, before anything is derived of a thread, so that nothing derived can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as with_changes
from functools import cache
from itertools import count

from msgspec.structs import replace

from hnsite.erasing import REMOVED, Erased, Name, erase, spaced, touches
from hnsite.model import Comment, Dialect, Note, Problem, State, Thread, parted_name
from hnsite.subjects import base_subject
from hnsite.urls import is_hn, note_path

Items = frozenset[str]
_ADDRESS = re.compile(r"[@/:]")


@dataclass(frozen=True)
class Covered:
    """What the rules of redactions.toml cover, by the ids of items; nothing where there is no such file.

    ``removed`` items lose author and text, ``anonymised`` have a pseudonym, ``dropped`` are gone with all
    below them, ``noindex`` search engines are asked to leave out. ``masks`` are patterns that become
    "[removed]" in one item, ``near`` what becomes it in all below an item. ``renamed`` are ids that would
    tell. ``erased`` must not be read anywhere, but for names that ``spared`` leaves to others of a source who
    are called so; ``authors`` are those of whom nothing may be read. ``out`` are components of which nothing
    is left. ``digest`` stands for all of it. ``problems`` are rules that cover nothing, which they might
    by mistake.
    """

    removed: Items = frozenset()
    anonymised: Mapping[str, str] = field(default_factory=dict)
    dropped: Items = frozenset()
    noindex: Items = frozenset()
    masks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: Mapping[str, tuple[Name, ...]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    erased: Erased = field(default_factory=Erased)
    spared: Mapping[str, Items] = field(default_factory=dict)
    authors: Items = frozenset()
    out: frozenset[int] = frozenset()
    digest: bytes = b""
    problems: tuple[Problem, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.digest)


def redact(thread: Thread, covered: Covered) -> Thread | None:
    """The thread as it may be shown; None if that is nothing."""
    if thread.id in covered.dropped:
        return None
    if not covered:
        return thread
    redaction = _Redaction(thread, covered)
    root, comments, options = thread.root, thread.comments, thread.options
    if covered.dropped:
        root, *kept = _without((root, *comments), covered.dropped)
        comments = tuple(kept)
        options = tuple(one for one in options if one.id not in covered.dropped)
    return replace(
        thread,
        root=redaction.item(root),
        options=tuple(map(redaction.option, options)),
        comments=tuple(map(redaction.item, comments)),
    )


def shown_moves(moved: Mapping[str, str], covered: Covered) -> Mapping[str, str]:
    """Old ids with the new ones to which they lead, but for those that would tell what is covered."""
    if not covered:
        return moved
    hidden = {*covered.dropped, *covered.removed, *covered.anonymised}
    return {old: new for old, new in moved.items() if new not in hidden and old not in hidden}


def _without(items: Iterable[Comment], dropped: Items) -> list[Comment]:
    """The items that stay, which know of no others."""
    kept = [one for one in items if one.id not in dropped]
    sizes: dict[str | None, int] = {}
    for one in reversed(kept):
        size = sizes.get(one.id, 0)
        sizes[one.parent] = sizes.get(one.parent, 0) + 1 + size
    return [
        replace(one, size=sizes.get(one.id, 0), replies=tuple(id for id in one.replies if id not in dropped))
        for one in kept
    ]


def erased_in(source: str, covered: Covered) -> Erased:
    """What must not be read in texts of a source ("" for Hacker News)."""
    spared = covered.spared.get(source)
    if not spared:
        return covered.erased
    names = tuple(one for one in covered.erased.names if one.text.casefold() not in spared)
    return with_changes(covered.erased, names=names)


def source_of(id: str) -> str:
    """The source that an item is of; "" for Hacker News, and for those that no dump gives an id."""
    return id.partition("-")[0] if "-" in id else ""


class _Redaction:
    """One thread while it is redacted, item by item, parents first."""

    def __init__(self, thread: Thread, covered: Covered) -> None:
        self._covered = covered
        self._root = thread.root
        self._erased = cache(lambda source: erased_in(source, covered))
        self._near: dict[str, tuple[Name, ...]] = {}  # what is removed in texts below an item
        self._known: set[str] = set()  # subjects of those who may be read
        self._hidden: set[str] = set()  # and of those who may not
        self._is_titled = thread.root.id not in covered.removed  # as its address may spell

    def option(self, option: Comment) -> Comment:
        if self._root.id in self._covered.removed:
            return self._renamed(_removed(option))
        return self.item(option)

    def item(self, item: Comment) -> Comment:
        covered = self._covered
        near = self._near.get(item.parent or "", ())
        below = (*near, *covered.near.get(item.id, ()))
        if below and item.replies:
            self._near[item.id] = below
        if item.id in covered.removed:
            self._hide(item.title)
            return self._renamed(_removed(item))
        shown = self._erase(item, near)
        if item.id in covered.anonymised:
            shown = replace(shown, author=covered.anonymised[item.id], original=None, is_withheld=True)
        return self._renamed(shown)

    def _hide(self, title: str | None) -> None:
        subject = base_subject(title or "")[0]
        if subject and subject not in self._known:
            self._hidden.add(subject)

    def _renamed(self, item: Comment) -> Comment:
        names = self._covered.renamed
        noindex = item.id in self._covered.noindex
        if noindex:
            item = replace(item, noindex=True)
        if item.id in names or item.parent in names or any(id in names for id in item.replies):
            replies = tuple(names.get(id, id) for id in item.replies)
            parent = names.get(item.parent, item.parent) if item.parent else None
            item = replace(item, id=names.get(item.id, item.id), parent=parent, replies=replies)
        return item

    def _erase(self, item: Comment, near: tuple[Name, ...]) -> Comment:
        """The item without what must not be read in its texts."""
        erased = self._erased(source_of(item.id))
        masks = self._covered.masks.get(item.id, ())
        if near or masks:
            erased = with_changes(
                erased, names=(*erased.names, *dict.fromkeys(near)), patterns=(*erased.patterns, *masks)
            )
        changes: dict[str, object] = {}
        if item.title:
            changes["title"] = title = self._title(item.title, erased)
            if item.id == self._root.id:
                self._is_titled = title == item.title
        if item.body:
            changes["body"] = erase(item.body, erased, item.dialect)
        if item.url and touches(item.url, erased):
            changes.update(url=None, domain=None)
        if item.domain and touches(item.domain, erased):
            changes["domain"] = None
        if item.original and (touches(item.original, erased) or self._may_spell_title(item)):
            changes["original"] = None
        if item.author and _is_told(item.author, erased):
            changes["author"] = None
        is_same = all(value is getattr(item, name) for name, value in changes.items())
        return item if is_same else replace(item, **changes)

    def _title(self, title: str, erased: Erased) -> str | None:
        subject = base_subject(title)[0]
        if subject and subject in self._hidden:
            return None
        self._known.add(subject)
        return erase(title, erased)

    def _may_spell_title(self, item: Comment) -> bool:
        """Addresses of forums spell the titles of their threads."""
        return not self._is_titled and not is_hn(item.id)


def _is_told(author: str, erased: Erased) -> bool:
    """Whether somebody's name is an address of who must not be named, or holds what a mask takes."""
    own = parted_name(author)[0]
    is_address = _ADDRESS.search(own) is not None and erased.named is not None
    if is_address and erased.named and erased.named.search(own):
        return True
    return any(re.search(one, own) for one in erased.patterns)


def _removed(item: Comment) -> Comment:
    """Its place, its number, its date and its replies; of a stub there was nothing else."""
    return replace(
        item,
        author=None,
        body=None,
        title=None,
        url=None,
        domain=None,
        score=None,
        state=State.REMOVED if item.held else item.state,
        edited=None,
        changed=None,
        original=None,
        is_withheld=True,
    )


def is_free(text: str, covered: Covered) -> bool:
    """Whether a text holds nothing that must not be read."""
    return not touches(text, covered.erased)


def redact_notes(notes: Sequence[Note], covered: Covered) -> list[Note]:
    """Pages that somebody wrote, without what must not be read; where a file is called so, with a number."""
    erased = covered.erased
    found, numbers = [], count(1)
    taken = {note.path for note in notes}
    for note in notes:
        title, path = note.title, note.path
        if touches(note.place, erased):
            is_named = spaced(title) == spaced(note.place.rpartition("/")[2].removesuffix(".md"))
            title = REMOVED if is_named else title
            ways = (note_path(f"removed-{number}.md") for number in numbers)
            path = next(way for way in ways if way not in taken)
        title, description = erase(title, erased), erase(note.description, erased)
        body = erase(note.body, erased, Dialect.MARKDOWN)
        found.append(replace(note, title=title, path=path, description=description, body=body))
    return found
