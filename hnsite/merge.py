"""The records of one thread -> one Thread in reading order. Pure.

For each field the newest dump that says something wins; silence never overwrites. Nothing
recurses and no tree objects are built, so that chains of 50,000 replies work.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from msgspec import Struct, field
from msgspec.structs import replace

from hnsite.clues import Said
from hnsite.infer import inferred_places
from hnsite.link import break_cycles, inferences, stated_parents
from hnsite.markup import letters_of, plain_text, words_of
from hnsite.model import (
    SECONDS,
    Change,
    Comment,
    Evidence,
    Kind,
    Moment,
    Origin,
    Problem,
    Record,
    Settled,
    State,
    Thread,
    age_seconds,
    is_held,
    is_mail,
)
from hnsite.urls import domain_of, id_key, is_hn

_FIELDS = ("author", "title", "url", "domain", "score", "state", "captured", "edited", "original")
_NOT_PASTED = (math.inf, 0)


class _Item(Struct, gc=False):
    """What all records say of one item, while it is put together."""

    record: Record
    held: bool = False
    in_thread: bool = False  # some dump says which thread it belongs to
    ranked: tuple[str, ...] = ()
    position: tuple[int, int] | None = None  # (which flat dump of the thread, line)
    body: Record | None = None
    changed: Change | None = None
    signed: str | None = None  # who wrote it, by the word of a dump that says that it is deleted
    order: tuple[str, ...] = ()  # replies as an export has them
    settled: Settled | None = None
    problems: list[Problem] = field(default_factory=list)


def merge(records: Sequence[Record], root: str, *, show_deleted: bool = False) -> Thread:
    """The thread ``root`` from all its records, which must come oldest first, ids already linked.

    Of what a newer dump tells to be deleted, what older ones had is left out, unless ``show_deleted``.
    """
    items = _fold(records, _ends(records))
    items.setdefault(root, _stub(root, Kind.STORY))
    parents, evidence = _parents(records, items, root)
    children = _children(items, parents)
    top, *comments = _reading_order(items, parents, evidence, children, root)
    if not show_deleted:
        top, *comments = [_tombstone(one, items[one.id].signed) for one in (top, *comments)]
    options = tuple(one for one in comments if _is_option(one, root))
    if options:
        comments = [one for one in comments if not _is_option(one, root)]
        top = _without(top, {one.id for one in options})
    problems = [problem for item in items.values() for problem in item.problems]
    problems += _missing_parents(records, items)
    problems.sort(key=lambda problem: (problem.origin.file, problem.origin.position, problem.reason))
    captured = max((record.captured for record in records if record.captured is not None), default=None)
    return Thread(top, options, tuple(comments), captured, tuple(problems))


def _tombstone(item: Comment, signed: str | None) -> Comment:
    """What is left of a deleted item; ``signed`` is its author by a dump that calls it deleted."""
    if item.state is not State.DELETED:
        return item
    return replace(item, author=signed, body=None, edited=None, changed=None)


def _is_option(comment: Comment, root: str) -> bool:
    return comment.kind is Kind.POLLOPT and comment.parent == root and not comment.size


def _without(comment: Comment, ids: set[str]) -> Comment:
    kept = tuple(reply for reply in comment.replies if reply not in ids)
    return replace(comment, replies=kept, size=comment.size - (len(comment.replies) - len(kept)))


def _stub(id: str, kind: Kind) -> _Item:
    return _Item(Record(Origin("", 0), id, kind))


def _ends(records: Iterable[Record]) -> dict[str, int]:
    """The newest date in each dump (seconds, UTC): it was taken after that, if it does not say when."""
    ends: dict[str, int] = {}
    for record in records:
        if record.created and record.created.epoch is not None:
            file = record.origin.file
            ends[file] = max(ends.get(file, 0), record.created.epoch)
    return ends


def _fold(records: Iterable[Record], ends: Mapping[str, int]) -> dict[str, _Item]:
    items: dict[str, _Item] = {}
    flat_dumps: dict[str, int] = {}
    for record in records:
        item = items.get(record.id)
        if item is None:
            items[record.id] = item = _Item(record)
        else:
            item.problems += _two_places(item.record, record)
            item.record = _newer(item.record, record)
        if record.body is not None:
            if item.body is not None and not _says_the_same(item.body, record):
                item.changed = None if is_mail(record.id) else _change(record, ends)
                item.problems += _puzzle(item.body, record)
            item.body = record
        if record.state is State.DELETED and record.author:
            item.signed = record.author
        if not item.held:
            item.held = is_held(record)
        if record.thread is not None and not record.flat:
            item.in_thread = True
        if record.ranked and record.replies:
            item.ranked = _next_order(item.ranked, record.replies)
        if record.settled:
            _settle(item, record.settled)
        if record.flat and record.kind is Kind.COMMENT:
            dump = flat_dumps.setdefault(record.origin.file, len(flat_dumps))
            item.position = (dump, record.origin.position)
    return items


def _settle(item: _Item, settled: Settled) -> None:
    """Takes in what an export says that an earlier build made of its dumps."""
    item.settled = settled
    item.changed = settled.changed or item.changed
    if settled.order:
        item.order = _next_order(item.order, settled.order)


def _next_order(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """The newer order; two without a common child are pages of one."""
    return new if not old or not set(old).isdisjoint(new) else old + new


def _newer(old: Record, new: Record) -> Record:
    """``old`` with everything that ``new`` says."""
    said = {name: value for name in _FIELDS if (value := getattr(new, name)) is not None}
    if new.state is State.LIVE and old.state is not None and not (old.captured and new.captured):
        said["state"] = old.state  # who only does not say that it is gone does not say that it is back
    created = _better(old.created, new.created)
    kind = new.kind if is_held(new) or not is_held(old) else old.kind
    if kind is Kind.STORY and old.kind is Kind.POLL:  # lists of stories do not tell which are polls
        kind = old.kind
    return replace(old, origin=new.origin, kind=kind, created=created, **said)


def _better(old: Moment | None, new: Moment | None) -> Moment | None:
    """The newer moment, unless it is vaguer: "4 days ago" says less than a date."""
    if old is None or new is None:
        return new or old
    return old if _clarity(old) > _clarity(new) else new


def _clarity(moment: Moment) -> tuple[bool, int]:
    return (moment.epoch is not None, -SECONDS[moment.unit])


def _says_the_same(one: Record, other: Record) -> bool:
    """Whether two dumps have the same text, in whatever dialect."""
    if one.dialect is other.dialect:
        same, say = one.body == other.body, words_of
    else:
        same, say = False, letters_of
    return same or say(one.body, one.dialect) == say(other.body, other.dialect)


def _change(record: Record, ends: Mapping[str, int]) -> Change:
    if record.captured is not None:
        return Change(record.captured, stated=True)
    return Change(ends.get(record.origin.file), stated=False)


def _two_places(before: Record, record: Record) -> list[Problem]:
    """Two sites may give one id to two threads, where ids do not tell the site."""
    places = [domain_of(one.original) for one in (before, record)]
    if record.kind is not Kind.STORY or None in places or places[0] == places[1]:
        return []
    reason = f"{record.id} is of {places[1]} here and of {places[0]} in {before.origin}; shown as one thread"
    return [Problem(record.origin, reason)]


def _puzzle(before: Record, record: Record) -> list[Problem]:
    """Two texts for one id are an edit; but which is the later one is a guess if the dumps do not say."""
    if None not in (before.captured, record.captured) and before.captured != record.captured:
        return []
    reason = f"another text for item {record.id} than at {record.origin}, which is used"
    return [Problem(before.origin, reason)]


def _parents(
    records: Sequence[Record], items: dict[str, _Item], root: str
) -> tuple[dict[str, str], dict[str, Evidence]]:
    """Each item's parent and what that rests on; everything ends at the root."""
    parents = stated_parents(record for record in records if not record.flat)
    parents.pop(root, None)
    break_cycles(parents)
    for id in chain(parents, parents.values()):
        if id not in items:
            items[id] = _stub(id, Kind.COMMENT)
    evidence = dict.fromkeys(parents, Evidence.STATED)
    evidence.update((id, one) for id, one in inferences(records).items() if id in parents)
    _infer(records, items, root, parents, evidence)
    _take_settled(items, root, parents, evidence)
    for id, item in items.items():
        if id != root and id not in parents:
            parents[id] = root
            evidence[id] = Evidence.THREAD if item.in_thread else Evidence.UNKNOWN
    return parents, evidence


def _infer(
    records: Sequence[Record],
    items: Mapping[str, _Item],
    root: str,
    parents: dict[str, str],
    evidence: dict[str, Evidence],
) -> None:
    """Adds the parents that flat dumps give away; the newest dump is asked first."""
    dumps: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.flat and record.kind is Kind.COMMENT and record.id != root:
            dumps[record.origin.file].append(record)
    inferred: dict[str, None] = {}
    for flat in reversed(dumps.values()):
        flat.sort(key=lambda record: record.origin.position)
        for id, place in inferred_places(said_in(flat, parents), root, items[root].record.author).items():
            parents[id], evidence[id] = place.parent, place.evidence
            inferred[id] = None
    _break_inferred_cycles(parents, inferred)


def _take_settled(
    items: dict[str, _Item], root: str, parents: dict[str, str], evidence: dict[str, Evidence]
) -> None:
    """Adds the parents that an export tells to be inferred, where the dumps at hand tell none."""
    taken: dict[str, None] = {}
    for id, item in list(items.items()):
        settled = item.settled
        if settled and settled.parent and settled.evidence and id not in parents and id != root:
            parents[id], evidence[id] = settled.parent, settled.evidence
            taken[id] = None
            if settled.parent not in items:
                items[settled.parent] = _stub(settled.parent, Kind.COMMENT)
    _break_inferred_cycles(parents, taken)


def _break_inferred_cycles(parents: dict[str, str], inferred: Iterable[str]) -> None:
    """Takes the inferred parents out of every cycle: dumps that state parents may have another order."""
    suspects = dict.fromkeys(inferred)
    done: set[str] = set()
    for start in suspects:
        path: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in done and here not in path:
            path[here] = None
            here = parents.get(here)
        if here is not None and here in path:
            steps = list(path)
            for id in steps[steps.index(here) :]:
                if id in suspects:
                    del parents[id]
        done.update(path)


def _missing_parents(records: Sequence[Record], items: Mapping[str, _Item]) -> list[Problem]:
    """One problem for each parent that replies name and no dump holds."""
    orphans: dict[str, dict[str, Origin]] = defaultdict(dict)
    missing = {id for id, item in items.items() if not item.held}
    for record in records if missing else ():
        if record.parent in missing:
            orphans[record.parent][record.id] = record.origin
    problems: list[Problem] = []
    for parent, replies in orphans.items():
        first = min(replies, key=id_key)
        more = f" and {len(replies) - 1} more" if len(replies) > 1 else ""
        reason = f"the parent {parent} of item {first}{more} is in no dump; it is shown as missing"
        problems.append(Problem(replies[first], reason))
    return problems


def said_in(flat: Sequence[Record], parents: Mapping[str, str]) -> list[Said]:
    """A flat dump's comments for inferring; a known parent that is not in it is what stands above there."""
    here = {record.id for record in flat}
    above: dict[str, str | None] = {}

    def known(id: str) -> str | None:
        passed = []
        up = parents.get(id)
        while up is not None and up not in here and up in parents and up not in above:
            passed.append(up)
            up = parents[up]
        up = above.get(up, up) if up is not None else None
        above.update(dict.fromkeys(passed, up))
        return up

    return [
        Said(
            record.id,
            record.author,
            plain_text(record.body or "", record.dialect),
            *_span(record.created),
            known(record.id),
        )
        for record in flat
    ]


def _span(moment: Moment | None) -> tuple[float | None, float | None]:
    """After when, and when at the latest, something was posted; ages without a date count from 0 back."""
    if moment is None:
        return None, None
    if moment.words and (age := age_seconds(moment.words)):
        latest = float(-age if moment.epoch is None else moment.epoch)
        return latest - SECONDS[moment.unit], latest
    if moment.epoch is None:
        return None, None
    return float(moment.epoch - 1), float(moment.epoch + SECONDS[moment.unit] - 1)


def _children(items: Mapping[str, _Item], parents: Mapping[str, str]) -> dict[str, list[str]]:
    """Every item's children as they should be read; only parents are in it."""
    children: dict[str, list[str]] = defaultdict(list)
    for child, parent in parents.items():
        children[parent].append(child)
    for parent, below in children.items():
        if len(below) > 1:
            children[parent] = _in_order(below, items[parent], items)
    return children


def _in_order(siblings: Sequence[str], above: _Item, items: Mapping[str, _Item]) -> list[str]:
    """Children as displayed, then as an export has them, then as pasted, then by id."""
    ranked = _next_order(above.order, above.ranked) if above.ranked else ()
    ranks = {child: rank for rank, child in enumerate(ranked)}
    known = {child: rank for rank, child in enumerate(above.order)}
    shown = [child for child in siblings if child in ranks]
    rest = [child for child in siblings if child not in ranks] if len(shown) < len(siblings) else []
    shown.sort(key=ranks.__getitem__)

    def place(child: str) -> tuple[object, ...]:
        item = items[child]
        return (known.get(child, math.inf), item.position or _NOT_PASTED, _age(item), id_key(child))

    rest.sort(key=place)
    return shown + rest


def _age(item: _Item) -> float:
    """What orders siblings whose ids do not tell which came first."""
    created = item.record.created
    if is_hn(item.record.id):
        return 0
    return math.inf if created is None or created.epoch is None else created.epoch


def _reading_order(
    items: Mapping[str, _Item],
    parents: Mapping[str, str],
    evidence: Mapping[str, Evidence],
    children: Mapping[str, list[str]],
    root: str,
) -> list[Comment]:
    """Preorder from the root, with depths and sizes, by a stack."""
    depths: dict[str, int] = {}
    stack = [root]
    while stack:
        id = stack.pop()
        depths[id] = depths[parents[id]] + 1 if id != root else -1
        if below := children.get(id):
            stack += reversed(below)
    sizes = dict.fromkeys(depths, 0)
    for id in reversed(depths):
        if id != root:
            sizes[parents[id]] += 1 + sizes[id]
    return [
        _comment(
            id,
            items[id],
            parents.get(id),
            evidence.get(id, Evidence.STATED),
            depth,
            children.get(id),
            sizes[id],
        )
        for id, depth in depths.items()
    ]


def _domain(stated: str | None, url: str | None) -> str | None:
    """The site that a story is of; what a dump says of it, unless its address leads elsewhere."""
    host = domain_of(url)
    if not stated or not host:
        return stated or host
    named = stated.partition("/")[0].removeprefix("www.").lower()
    return stated if f".{host}".endswith(f".{named}") else host


def _comment(
    id: str,
    item: _Item,
    parent: str | None,
    evidence: Evidence,
    depth: int,
    replies: Sequence[str] | None,
    size: int,
) -> Comment:
    record, body = item.record, item.body
    gone = (
        record.state is None
        and item.held
        and record.kind is Kind.COMMENT
        and not record.author
        and body is None
    )
    return Comment(
        id=id,
        kind=record.kind,
        parent=parent,
        evidence=evidence,
        depth=depth,
        author=record.author,
        created=record.created,
        body=body.body if body else None,
        dialect=body.dialect if body else record.dialect,
        score=record.score,
        state=State.DELETED if gone else record.state or State.LIVE,
        held=item.held,
        replies=tuple(replies) if replies else (),
        size=size,
        title=record.title,
        url=record.url,
        domain=_domain(record.domain, record.url),
        position=item.position[1] if item.position else None,
        edited=record.edited,
        changed=item.changed,
        original=record.original,
        captured=record.captured,
        is_withheld=item.settled is not None and item.settled.is_withheld,
        noindex=item.settled is not None and item.settled.noindex,
    )
