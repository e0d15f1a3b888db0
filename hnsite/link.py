"""Which item is which, and in which thread: the records that name the same items -> threads' records.

Pure. A dump without ids names its comments by what they say (``x...``); here they meet the same
comments with ids, and stories without an id meet theirs:

- a story that a dump names only by title is the story that its comments turn out to belong to,
  or the only one with that title, author and site;
- a flat dump belongs to the thread that holds enough of the same words by the same authors;
- a mail that answers a subject and names no mail belongs to the thread with that subject;
- every provisional id that gave way to a better one is reported, so that its page can lead on.

Nothing recurses: chains of any length, cycles and orphans are expected.
"""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replace_in
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from hnsite.markup import text_id, words_of
from hnsite.model import (
    PROVISIONAL,
    Evidence,
    Kind,
    Origin,
    Problem,
    Record,
    Settled,
    is_held,
    is_mail,
    is_provisional,
    provisional_id,
)
from hnsite.subjects import base_subject
from hnsite.urls import domain_of, id_key, is_hn

ENOUGH_TEXT = 40
"""Characters of equal text by equal authors that make two dumps one thread."""
ENOUGH_COMMENTS = 3
CLOCKS = 86_400
"""Seconds by which an answer may seem older than what it answers."""
ENOUGH_SHARE = 0.25
"""Of the smaller one's comments; people paste the same advertisement into many threads."""


class Trace(NamedTuple):
    """What linking must know of one record. ``text`` is its text's provisional id, ``length`` its size.

    ``apart`` are the threads that an export has beside an item's; None is what no export says.
    """

    origin: Origin
    id: str
    kind: Kind
    parent: str | None
    thread: str | None
    replies: tuple[str, ...]
    flat: bool
    text: str | None
    length: int
    title: str | None
    domain: str | None
    author: str | None
    held: bool
    evidence: Evidence | None = None
    time: int | None = None
    apart: tuple[str, ...] | None = None


def trace(record: Record, *, with_text: bool) -> Trace:
    """A record's trace; texts matter, and are worth their time, only where a dump has no tree."""
    text, length = text_of(record) if with_text and record.kind is Kind.COMMENT and record.body else (None, 0)
    return Trace(
        record.origin,
        record.id,
        record.kind,
        record.parent,
        record.thread or (record.settled.thread if record.settled else _own_thread(record)),
        record.replies,
        record.flat,
        text,
        length,
        record.title,
        record.domain or domain_of(record.url),
        record.author,
        is_held(record),
        record.evidence,
        record.created.epoch if record.created else None,
        record.settled.beside if record.settled else None,
    )


def text_of(record: Record) -> tuple[str, int]:
    """What matches a comment with its like: the provisional id of its text, and how long that is."""
    words = words_of(record.body, record.dialect)
    return text_id(record.author, words), len(words)


def _own_thread(record: Record) -> str | None:
    """The thread of a comment that no dump puts anywhere, so that every comment stands below a story."""
    return provisional_id("thread", record.id) if record.kind is Kind.COMMENT and not record.parent else None


def components(groups: Iterable[Sequence[int]]) -> dict[int, int]:
    """Numbers that stand together -> each number's lowest relative (disjoint sets, lowest on top).

    Holds one dictionary entry a number, about 110 bytes, and nothing else.
    """
    up: dict[int, int] = {}

    def top(number: int) -> int:
        if number not in up:
            up[number] = number
        while (above := up[number]) != number:
            up[number] = number = up[above]
        return number

    for group in groups:
        one = top(group[0])
        for number in group[1:]:
            other = top(number)
            if other < one:
                up[one] = one = other
            elif one < other:
                up[other] = one
    for number in up:
        up[number] = top(number)
    return up


def threads(records: Sequence[Record]) -> tuple[dict[str, list[Record]], Linked]:
    """The records of every thread under the ids and parents that linking gives them, oldest first.

    ``records`` come oldest first and hold all that name any of their items.
    """
    linked = _link_plain(records)
    if linked is None:
        with_text = any(record.flat for record in records)
        linked = link([trace(record, with_text=with_text) for record in records])
    linked = _with_old_names(linked, records)
    found: dict[str, list[Record]] = defaultdict(list)
    for record, (item, root) in zip(records, linked.places, strict=True):
        found[root].append(_placed(record, item, linked))
    return found, linked


def _link_plain(records: Sequence[Record]) -> Linked | None:
    """What ``link`` says of the usual case, several times faster: all ids are real, and every item's
    parents lead to one story that a dump holds, which is also where all say they belong. Else None.
    """
    if any(one.flat or one.id[0] == PROVISIONAL or (one.parent or "")[:1] == PROVISIONAL for one in records):
        return None
    if any(one.evidence for one in records):
        return None
    settled = [one.settled for one in records if one.settled]
    parents = stated_parents(records)
    tops = [one for one in records if one.id not in parents]
    root = tops[0].id if tops else ""
    if any(one.id != root or one.kind in (Kind.COMMENT, Kind.POLLOPT) for one in tops):
        return None
    if not any(map(is_held, tops)) or any(one.thread not in (None, root) for one in records):
        return None
    ids = [one.id for one in records]
    if any(one.thread != root for one in settled):
        return None
    if any(one.parent == one.id for one in records) or len(_below(root, parents)) <= len(parents):
        return None
    return Linked([(id, root) for id in ids], {}, (), {id: (up, root) for id, up in parents.items()})


def _with_old_names(linked: Linked, records: Sequence[Record]) -> Linked:
    """Where the ids lead, too, that were given up before an export was made."""
    moved = {
        old: item
        for record, (item, _) in zip(records, linked.places, strict=True)
        if record.settled
        for old in record.settled.was
    }
    if not moved:
        return linked
    kept = {item for item, _ in linked.places}
    moved = {old: new for old, new in moved.items() if old not in kept}
    return replace_in(linked, moved={**moved, **linked.moved})


def _below(root: str, parents: Mapping[str, str]) -> set[str]:
    """The root and all that its replies, and theirs, lead to."""
    children: dict[str, list[str]] = defaultdict(list)
    for id, parent in parents.items():
        children[parent].append(id)
    found: set[str] = set()
    waiting = [root]
    while waiting:
        id = waiting.pop()
        found.add(id)
        waiting.extend(children.get(id, ()))
    return found


def _placed(record: Record, item: str, linked: Linked) -> Record:
    """The record as linking understood it: claims that other dumps overrule are gone."""
    parents, evidence = linked.parents, linked.inferred.get(item)
    parent = parents[item][0] if item in parents else None
    replies = tuple(reply for reply in record.replies if reply in parents and parents[reply][0] == item)
    settled = _renamed(record.settled, linked.moved) if record.settled and linked.moved else record.settled
    same = record.id == item and record.parent == parent and record.evidence is evidence
    if same and record.replies == replies and record.settled is settled:
        return record
    kind = Kind.COMMENT if evidence is Evidence.SUBJECT else record.kind
    return replace(
        record, id=item, kind=kind, parent=parent, replies=replies, evidence=evidence, settled=settled
    )


def _renamed(settled: Settled, moved: Mapping[str, str]) -> Settled:
    """What an export says, with the ids that are used now."""
    parent = moved.get(settled.parent, settled.parent) if settled.parent else None
    return replace(settled, parent=parent, order=tuple(moved.get(id, id) for id in settled.order))


class Claims(Protocol):
    """What a record or a trace says of parents."""

    @property
    def id(self) -> str: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def replies(self) -> tuple[str, ...]: ...
    @property
    def evidence(self) -> Evidence | None: ...


@dataclass(frozen=True, slots=True)
class Linked:
    """Where everything belongs.

    ``places[i]`` is (item id, root id) of the i-th trace; ``moved`` leads old ids to new ones;
    ``parents`` are (parent id, root id) of every item with a known parent, those that dumps only
    name included; ``inferred`` says what they rest on where no dump states them.
    """

    places: Sequence[tuple[str, str]]
    moved: Mapping[str, str]
    problems: tuple[Problem, ...]
    parents: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    inferred: Mapping[str, Evidence] = field(default_factory=dict)


def stated_parents(claims: Iterable[Claims]) -> dict[str, str]:
    """Every item's parent as the dumps say it; the newest statement (the last) wins.

    An item's own word goes before a parent that names it among its replies, and a parent with
    an id before a story known only by its title; what a reader inferred comes last. Cycles are still in
    it: see ``break_cycles``.
    """
    own: dict[str, str] = {}
    named: dict[str, str] = {}
    inferred: dict[str, str] = {}
    for claim in claims:
        parent = claim.parent
        if claim.evidence and parent and parent != claim.id:
            inferred[claim.id] = parent
            parent = None
        known = own.get(claim.id)
        if (
            parent
            and parent != claim.id
            and (known is None or is_provisional(known) or not is_provisional(parent))
        ):
            own[claim.id] = parent
        for reply in claim.replies:
            if reply != claim.id:
                named[reply] = claim.id
    return {**inferred, **named, **own} if inferred else {**named, **own}


def inferences(claims: Sequence[Claims]) -> dict[str, Evidence]:
    """What the parents rest on that no dump states."""
    found = {claim.id: claim.evidence for claim in claims if claim.evidence and claim.parent}
    if not found:
        return {}
    stated = {claim.id for claim in claims if claim.parent and not claim.evidence}
    stated.update(reply for claim in claims for reply in claim.replies)
    return {id: evidence for id, evidence in found.items() if id not in stated}


def break_cycles(parents: dict[str, str]) -> list[tuple[str, ...]]:
    """Takes the parent from the first item (by id) of each cycle, in place; returns the cycles."""
    cycles: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start in list(parents):
        path: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in done and here not in path:
            path[here] = None
            here = parents.get(here)
        if here is not None and here in path:
            steps = list(path)
            cycle = tuple(steps[steps.index(here) :])
            first = min(cycle, key=id_key)
            del parents[first]
            turn = cycle.index(first)
            cycles.append(cycle[turn:] + cycle[:turn])
        done.update(path)
    return sorted(cycles, key=lambda cycle: id_key(cycle[0]))


def link(traces: Sequence[Trace]) -> Linked:
    """Places for all traces, which must come oldest first (newest word last)."""
    parents = stated_parents(trace for trace in traces if not trace.flat)
    cycles = break_cycles(parents)
    lost = {cycle[0] for cycle in cycles} | {trace.id for trace in traces if trace.parent == trace.id}
    tops = _tops(parents, traces, lost)
    answering = answered_threads(traces, tops)
    parents.update(answering)
    tops = {id: answering.get(top, top) for id, top in tops.items()}
    stories = _Stories(traces, tops)
    stories.join_by_comments()
    stories.join_by_title()
    stories.join_flat_dumps()
    final = stories.final()
    now = {**final, **{old: new for old, new in stories.same.items() if old in final}}
    roots = {id: final.get(top, top) for id, top in tops.items()}
    places, moved = _places(traces, roots, final, now)
    placed = {
        id: (now.get(parent, parent), roots[id])
        for id, parent in parents.items()
        if id not in now and roots[id] != id and now.get(parent, parent) != id
    }
    inferred = {now.get(id, id): rests_on for id, rests_on in inferences(traces).items()}
    inferred.update(dict.fromkeys(answering, Evidence.SUBJECT))
    return Linked(tuple(places), moved, tuple(_cycle_problems(cycles, traces)), placed, inferred)


def _tops(parents: Mapping[str, str], traces: Sequence[Trace], lost: Collection[str]) -> dict[str, str]:
    """The topmost item above each id; where that is a stub, the story that a dump names instead.

    ``lost`` are items whose stated parent cannot be: they stand below a story that nobody knows.
    """
    ids = dict.fromkeys(trace.id for trace in traces if not trace.flat)
    ids.update(dict.fromkeys(parents))
    ids.update(dict.fromkeys(parents.values()))
    tops: dict[str, str] = {}
    for id in ids:
        path = []
        here = id
        while here not in tops and here in parents:
            path.append(here)
            here = parents[here]
        top = tops.get(here, here)
        tops[here] = top
        tops.update((step, top) for step in path)
    named = {id: provisional_id("thread", id) for id in lost if id not in parents}
    for trace in traces:
        top = tops.get(trace.id, trace.id)
        thread = trace.thread
        if trace.flat or not thread or top == thread or (trace.id in named and is_provisional(thread)):
            continue
        if top == trace.id or not is_provisional(thread):
            named[top] = thread
    held_stories = {
        t.id for t in traces if t.held and t.kind is not Kind.COMMENT and t.kind is not Kind.POLLOPT
    }
    above = {
        top: tops.get(story, story)
        for top, story in named.items()
        if top not in held_stories and tops.get(story, story) != top
    }
    break_cycles(above)
    for id, top in tops.items():
        while top in above:
            top = above[top]
        tops[id] = top
    return tops


class _Stories:
    """Joins the roots that turn out to be one thread (disjoint sets over root ids)."""

    def __init__(self, traces: Sequence[Trace], tops: Mapping[str, str]) -> None:
        self._traces = traces
        self._tops = tops
        self._set: dict[str, str] = {}
        self.same: dict[str, str] = {}  # stories without an id, by the item that they are
        self._titled = {trace.id for trace in traces if trace.title}

    def _find(self, root: str) -> str:
        while (up := self._set.get(root, root)) != root:
            root = up
        return root

    def _rank(self, root: str) -> tuple[bool, bool, tuple[int, int, str]]:
        """The best name of a thread: a real id, else one that rests on a title, else any."""
        return (is_provisional(root), root not in self._titled, id_key(root))

    def _join(self, one: str, other: str) -> None:
        one, other = sorted((self._find(one), self._find(other)), key=self._rank)
        if one != other and is_provisional(other):  # two stories with ids are never one
            self._set[other] = one

    def join_by_comments(self) -> None:
        """A provisional story is the root under which other dumps have its comments."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for trace in self._traces:
            if trace.flat or trace.kind is not Kind.COMMENT:
                continue
            top = self._tops[trace.id]
            for story in {trace.parent, trace.thread}:
                if story and is_provisional(story) and top != story:
                    votes[story][top] += 1
        for story, tops in sorted(votes.items()):
            self._join(story, min(tops, key=lambda top: (-tops[top], self._rank(top))))

    def join_by_title(self) -> None:
        """A story without an id is the only story of Hacker News that has its title, author and site."""
        known: dict[str, dict[str, Trace]] = defaultdict(dict)
        for trace in self._traces:
            if trace.title and trace.kind is not Kind.COMMENT and is_hn(trace.id):
                known[trace.title][trace.id] = trace
        for trace in self._traces:
            if trace.title and is_provisional(trace.id) and trace.kind is not Kind.COMMENT:
                same = [one for one in known[trace.title].values() if _agree(one, trace)]
                if len(same) == 1:
                    top = self._tops.get(same[0].id, same[0].id)
                    self._join(trace.id, top)
                    if self._find(trace.id) == self._find(top):  # its comments may have led elsewhere
                        self.same[trace.id] = same[0].id

    def join_flat_dumps(self) -> None:
        """A flat dump is part of each thread that holds enough of the same comments."""
        holders: dict[str, set[str]] = defaultdict(set)
        for trace in self._traces:
            if trace.text and trace.kind is Kind.COMMENT:
                root = trace.thread if trace.flat else self._tops[trace.id]
                holders[trace.text].add(root or trace.id)
        shared: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for trace in self._traces:
            if trace.flat and trace.text and trace.thread:
                for root in holders[trace.text]:
                    shared[trace.thread, root][trace.text] = trace.length
        sizes = Counter(root for roots in holders.values() for root in roots)
        by_size = sorted(shared.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
        for (flat, root), texts in by_size:
            enough = sum(texts.values()) >= ENOUGH_TEXT or len(texts) >= ENOUGH_COMMENTS
            if enough and len(texts) >= ENOUGH_SHARE * min(sizes[flat], sizes[root]):
                self._join(flat, root)

    def final(self) -> dict[str, str]:
        return {root: found for root in self._set if (found := self._find(root)) != root}


class _About(NamedTuple):
    """A thread of mail: when it began (infinity if nobody knows), its root, and what it is about.

    ``answers`` says that the root answers something, and does not say which mail. ``apart`` are threads that
    it is known not to answer.
    """

    time: float
    root: str
    subject: str
    answers: bool
    apart: frozenset[str] = frozenset()


def answered_threads(traces: Sequence[Trace], tops: Mapping[str, str]) -> dict[str, str]:
    """Mails that answer a subject and name no mail -> the roots of the threads that they answer.

    That is the one with this subject that began last before the mail; clocks may be wrong by a day. A mail
    without a date belongs to the only thread with its subject, if there is only one.
    """
    threads = _mail_threads(traces, tops)
    wanted = {one.subject for one in threads if one.answers}
    known: dict[str, list[_About]] = defaultdict(list)
    for one in threads:
        if one.subject in wanted and not one.answers:
            known[one.subject].append(one)
    found: dict[str, str] = {}
    for one in threads:
        if one.answers and one.subject:
            if root := _answered(one, _open_to(one, known[one.subject])):
                found[one.root] = root
            else:
                insort(known[one.subject], one)
    return found


def _mail_threads(traces: Sequence[Trace], tops: Mapping[str, str]) -> list[_About]:
    """All threads of mail, oldest first; one whose root no dump holds is what its oldest mail says."""
    oldest: dict[str, tuple[bool, float, str, str]] = {}
    for trace in traces:
        if not is_mail(trace.id) or not trace.held:
            continue
        top = tops.get(trace.id, trace.id)
        time = math.inf if trace.time is None else trace.time
        said = (trace.id != top, time, trace.id, trace.title or "")
        if top not in oldest or said < oldest[top]:
            oldest[top] = said
    apart = _apart(traces)
    threads: list[_About] = []
    for root, (is_below, time, _, title) in oldest.items():
        subject, answers = base_subject(title)
        threads.append(_About(time, root, subject, answers and not is_below, apart.get(root, frozenset())))
    return sorted(threads)


def _apart(traces: Iterable[Trace]) -> dict[str, frozenset[str]]:
    """The threads that a mail does not answer. An export has one of the subjects that dumps gave a mail, so
    it keeps what was found by all of them; where a dump tells of the mail, that says it.
    """
    told = {trace.id for trace in traces if trace.held and trace.apart is None}
    return {trace.id: frozenset(trace.apart) for trace in traces if trace.apart and trace.id not in told}


def _open_to(mail: _About, known: Sequence[_About]) -> Sequence[_About]:
    return [one for one in known if one.root not in mail.apart] if mail.apart else known


def _answered(mail: _About, known: Sequence[_About]) -> str | None:
    """``known`` are the threads with the mail's subject, oldest first."""
    if mail.time == math.inf:
        return known[0].root if len(known) == 1 else None
    before = bisect_right(known, mail.time + CLOCKS, key=lambda one: one.time)
    if before:
        return known[before - 1].root
    return known[0].root if len(known) == 1 and known[0].time == math.inf else None


def _agree(one: Trace, other: Trace) -> bool:
    """Whether two stories with one title can be the same; what one does not say, it does not deny."""

    def fits(a: str | None, b: str | None) -> bool:
        return a is None or b is None or a == b

    domains = [(trace.domain or "").split("/")[0] or None for trace in (one, other)]
    return fits(one.author, other.author) and fits(*domains)


def _places(
    traces: Sequence[Trace], roots: Mapping[str, str], final: Mapping[str, str], now: Mapping[str, str]
) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Each trace's item and root, and where the ids that were given up lead.

    ``final`` leads a root to the root that its thread has now, ``now`` a story to the item that it is.
    """
    with_id: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    stories_of: dict[str, set[str]] = defaultdict(set)
    for trace in traces:
        if trace.flat:
            stories_of[trace.id].add(trace.thread or trace.id)
        elif trace.text and trace.kind is Kind.COMMENT:
            with_id[roots[trace.id], trace.text][trace.id] = None
    places: list[tuple[str, str]] = []
    names: dict[str, set[str]] = defaultdict(set)
    for story in {story for stories in stories_of.values() for story in stories} | final.keys():
        names[final.get(story, story)] |= {story, final.get(story, story)}
    moved = dict(now)
    seen: Counter[tuple[str, str]] = Counter()
    for trace in traces:
        if not trace.flat or trace.kind is not Kind.COMMENT:
            id = now.get(trace.id, trace.id)
            places.append((id, roots.get(trace.id, final.get(trace.id, id))))
            continue
        root = final.get(trace.thread or "", trace.thread or trace.id)
        seen[trace.origin.file, trace.text or ""] += 1
        nth = seen[trace.origin.file, trace.text or ""]
        same = sorted(with_id.get((root, trace.text or ""), ()), key=id_key)
        if trace.id in same:  # an export has it
            id = trace.id
        elif nth <= len(same):
            id = moved[trace.id] = same[nth - 1]
        elif len({final.get(story, story) for story in stories_of[trace.id]}) > 1:
            id = provisional_id(trace.id, root)  # the same words in two threads: two comments
        else:
            id = trace.id
        places.append((id, root))
        if len(stories_of[trace.id]) > 1:  # then it has been called by any name of its thread
            moved.update((provisional_id(trace.id, name), id) for name in names[root])
    kept = {item for item, _ in places}
    return places, {old: new for old, new in moved.items() if old not in kept}


def _cycle_problems(cycles: Sequence[tuple[str, ...]], traces: Sequence[Trace]) -> list[Problem]:
    firsts = {cycle[0]: cycle for cycle in cycles}
    problems: dict[str, Problem] = {}
    for trace in traces:
        if trace.parent == trace.id:
            reason = f"item {trace.id} names itself as its parent; it is shown at top level"
            problems[trace.id] = Problem(trace.origin, reason)
        elif (cycle := firsts.get(trace.id)) and trace.parent:
            shown = " > ".join([*cycle[:5], *(["..."] if len(cycle) > 5 else []), cycle[0]])
            reason = f"the parents of item {trace.id} form a cycle ({shown}); it is shown at top level"
            problems[trace.id] = Problem(trace.origin, reason)
    return list(problems.values())
