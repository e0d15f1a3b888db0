"""Merging: the records of one thread -> one Thread. The properties go through catalog and link too."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hnsite.catalog import Catalog
from hnsite.link import link, trace
from hnsite.link import threads as threads_of
from hnsite.merge import merge
from hnsite.model import (
    Comment,
    Dialect,
    Evidence,
    Kind,
    Moment,
    Origin,
    Record,
    State,
    Thread,
    provisional_id,
)

Dumps = Iterable[Sequence[Record]]
Threads = Callable[[Dumps], list[Thread]]
ORIGIN = Origin("dump", 1)
QUOTED = "the sentence that somebody is going to quote"


def story(id: str = "1", **said: object) -> Record:
    return replace(Record(ORIGIN, id, Kind.STORY, author="ann", title="A title"), **said)


def comment(id: str, parent: str | None = "1", **said: object) -> Record:
    author = None if "author" in said else f"author{id}"
    return replace(Record(ORIGIN, id, Kind.COMMENT, parent, author=author, body=f"body {id}"), **said)


def flat(position: int, body: str, author: str, id: str | None = None, **said: object) -> Record:
    id = id or provisional_id(author, body)
    record = Record(Origin("flat", position), id, Kind.COMMENT, None, "1", author, body=body, flat=True)
    return replace(record, **said)


def ids(thread: Thread) -> list[str]:
    return [one.id for one in thread.comments]


def by_id(thread: Thread) -> dict[str, Comment]:
    return {one.id: one for one in (thread.root, *thread.options, *thread.comments)}


def check_order(thread: Thread) -> None:
    """Reading order is a preorder: parents first, subtrees in one piece, nothing twice."""
    known = by_id(thread)
    assert len(known) == 1 + len(thread.options) + len(thread.comments)
    assert thread.root.parent is None
    assert thread.root.size == len(thread.comments)
    children: dict[str | None, list[str]] = {id: [] for id in known}
    for index, one in enumerate(thread.comments):
        children[one.parent].append(one.id)
        below = thread.comments[index + 1 : index + 1 + one.size]
        after = thread.comments[index + 1 + one.size : index + 2 + one.size]
        assert all(other.depth > one.depth for other in below)
        assert all(other.depth <= one.depth for other in after)
        assert one.depth == (known[one.parent].depth + 1 if one.parent else None)
    for one in (thread.root, *thread.comments):
        assert list(one.replies) == children[one.id]


# Fields


def test_for_each_field_the_newest_that_says_something_wins() -> None:
    old = story(score=10, url="https://example.org/old", state=State.LIVE, captured=1)
    new = Record(ORIGIN, "1", Kind.STORY, title="A better title", score=0, captured=2)
    root = merge([old, new], "1").root
    assert (root.title, root.score, root.author) == ("A better title", 0, "ann")
    assert (root.url, root.domain, root.state) == ("https://example.org/old", "example.org", State.LIVE)


def test_silence_never_overwrites() -> None:
    full = comment("2", created=Moment(5), score=3, state=State.DEAD, url="https://example.org/")
    silent = Record(ORIGIN, "2", Kind.COMMENT)
    one = merge([story(), full, silent], "1").comments[0]
    assert one == merge([story(), silent, full], "1").comments[0] == merge([story(), full], "1").comments[0]


def test_a_mention_does_not_change_what_an_item_is() -> None:
    mention = Record(ORIGIN, "1", Kind.COMMENT)
    assert merge([story(), mention], "1").root.kind is Kind.STORY
    assert merge([mention, story()], "1").root.kind is Kind.STORY


def test_a_body_keeps_its_own_dialect() -> None:
    html = comment("2", body="<p>one", dialect=Dialect.HN)
    score = Record(ORIGIN, "2", Kind.COMMENT, score=1, dialect=Dialect.TEXT)
    one = merge([story(), html, score], "1").comments[0]
    assert (one.body, one.dialect) == ("<p>one", Dialect.HN)


EXACT, MINUTE = Moment(100), Moment(60, "minute")
ROUGH, AGE = Moment(90, "day", "4 days ago"), Moment(None, "day", "4 days ago")


@pytest.mark.parametrize(
    "older, newer, kept",
    [
        (EXACT, AGE, EXACT), (AGE, ROUGH, ROUGH), (EXACT, ROUGH, EXACT), (ROUGH, EXACT, EXACT),
        (MINUTE, ROUGH, MINUTE), (ROUGH, MINUTE, MINUTE), (EXACT, MINUTE, EXACT),
        (EXACT, Moment(200), Moment(200)), (ROUGH, Moment(200, "day"), Moment(200, "day")),
    ],
)  # fmt: skip
def test_a_date_is_not_replaced_by_a_vaguer_one(older: Moment, newer: Moment, kept: Moment) -> None:
    records = [story(), comment("2", created=older), comment("2", created=newer)]
    assert merge(records, "1").comments[0].created == kept


def test_the_newest_capture_counts() -> None:
    assert merge([story(captured=20), comment("2", captured=10)], "1").captured == 20
    assert merge([story()], "1").captured is None


def test_a_comment_without_anything_was_deleted() -> None:
    gone = Record(ORIGIN, "2", Kind.COMMENT, "1", created=Moment(1))
    assert merge([story(), gone], "1").comments[0].state is State.DELETED


def test_another_text_without_dates_is_a_problem() -> None:
    one, other = comment("2", body="one"), comment("2", body="two", origin=Origin("other", 7))
    thread = merge([story(), one, other], "1")
    assert thread.comments[0].body == "two"
    assert [str(problem.origin) for problem in thread.problems] == ["dump:1"]
    assert "other:7" in thread.problems[0].reason


def test_an_edit_between_two_captures_is_none() -> None:
    edited = [comment("2", body="one", captured=1), comment("2", body="two", captured=2)]
    assert not merge([story(), *edited], "1").problems
    same = [comment("2", body="one &amp; two", dialect=Dialect.HN), comment("2", body="one  & two")]
    assert not merge([story(), *same], "1").problems


# Places


def test_replies_stand_as_displayed_then_as_pasted_then_by_id() -> None:
    records = [
        story(replies=("30", "4"), ranked=True), comment("4"), comment("30"), comment("11"), comment("9"),
        flat(2, "pasted second", "zoe"), flat(1, "pasted first", "yan"),
    ]  # fmt: skip
    thread = merge(records, "1")
    pasted = [provisional_id("yan", "pasted first"), provisional_id("zoe", "pasted second")]
    assert ids(thread) == ["30", "4", *pasted, "9", "11"]
    check_order(thread)


def test_a_named_reply_that_no_dump_contains_is_a_stub() -> None:
    thread = merge([story(), comment("2", replies=("3",))], "1")
    stub = by_id(thread)["3"]
    assert (stub.held, stub.parent, stub.evidence, stub.author) == (False, "2", Evidence.STATED, None)
    assert by_id(thread)["2"].size == 1


def test_a_thread_whose_story_is_in_no_dump() -> None:
    thread = merge([comment("2"), comment("3", "2")], "1")
    assert (thread.root.id, thread.root.held, ids(thread)) == ("1", False, ["2", "3"])


def test_an_orphan_stands_at_top_level() -> None:
    thread = merge([story(), comment("9", "8", thread="1")], "1")
    assert [(one.id, one.parent, one.held) for one in thread.comments] == [
        ("8", "1", False),
        ("9", "8", True),
    ]


def test_a_thread_stated_by_any_dump_is_stated() -> None:
    silent, thread = comment("2", None), comment("2", None, thread="1")
    places = [
        merge([story(), *both], "1").comments[0].evidence for both in ([silent, thread], [thread, silent])
    ]
    assert places == [Evidence.THREAD, Evidence.THREAD]


def test_a_quote_names_the_comment_it_answers() -> None:
    """And what stands between the two can only be below that comment too: its branch is in one piece."""
    records = [
        story(),
        flat(1, QUOTED, "ann"),
        flat(2, "other words", "bob"),
        flat(3, f"> {QUOTED}\n\nNo.", "cid"),
        flat(4, "yet other words", "dan"),
    ]
    first, between, answer, last = merge(records, "1").comments
    assert (answer.author, answer.evidence, answer.parent) == ("cid", Evidence.QUOTE, first.id)
    assert (first.parent, first.position) == ("1", 1)
    assert (between.author, between.parent) == ("bob", first.id)
    assert (last.author, last.evidence, last.parent) == ("dan", Evidence.UNKNOWN, "1")


def test_known_parents_tell_where_others_stand() -> None:
    """What a dump with ids says of some comments bounds the others."""
    records = [
        story(), comment("2"), comment("9", "8"), comment("8", "2"), flat(1, "one", "author2", "2"),
        flat(2, "two", "bob"), flat(3, "nine", "author9", "9"), flat(4, "six", "eve"),
    ]  # fmt: skip
    places = {one.author: one for one in merge(records, "1").comments}
    assert (places["bob"].parent, places["author9"].parent) == ("2", "8")
    assert places["author9"].evidence is Evidence.STATED


def test_an_inferred_place_makes_no_cycle() -> None:
    """A dump that states parents may have them in another order than the flat one."""
    records = [
        story(),
        comment("3", "2"),
        flat(1, QUOTED, "author3", "3"),
        flat(2, f"> {QUOTED}\n\nNo.", "cid", "2"),
    ]
    places = {one.id: one for one in merge(records, "1").comments}
    assert (places["2"].parent, places["3"].parent) == ("1", "2")
    assert places["2"].evidence is Evidence.UNKNOWN


def test_the_newest_flat_dump_is_asked_first() -> None:
    old = [flat(1, QUOTED, "ann"), flat(2, f"> {QUOTED}\n\nNo.", "cid"), flat(3, "gone", "dan")]
    new = [replace(one, origin=Origin("new.txt", 10 * one.origin.position)) for one in old[:2]]
    thread = merge([story(), *old, *new], "1")
    assert {one.author: one.position for one in thread.comments} == {"ann": 10, "cid": 20, "dan": 3}


def test_a_stated_place_needs_no_quote() -> None:
    answer = flat(3, f"> {QUOTED}\n\nNo.", "cid", "4")
    records = [story(), flat(1, QUOTED, "ann"), answer, comment("4", "2"), comment("2")]
    assert (by_id(merge(records, "1"))["4"].parent) == "2"


def test_an_inferred_place_never_unseats_a_stated_one() -> None:
    """5 says that it answers 6; 6, whose place nobody states, quotes 5."""
    records = [
        story(), comment("5", "6", body=QUOTED), comment("6", None, body=f"> {QUOTED}\n\nYes."),
        flat(1, QUOTED, "author5", "5"), flat(2, f"> {QUOTED}\n\nYes.", "author6", "6"),
    ]  # fmt: skip
    places = by_id(merge(records, "1"))
    assert (places["5"].parent, places["5"].evidence) == ("6", Evidence.STATED)
    assert places["6"].parent == "1"


# Polls


def test_a_polls_options_stand_apart() -> None:
    poll = story(kind=Kind.POLL, replies=("4",))
    options = [Record(ORIGIN, id, Kind.POLLOPT, "1", body=f"option {id}", score=7) for id in "23"]
    thread = merge([poll, *options, comment("4"), comment("5", "4")], "1")
    assert [one.id for one in thread.options] == ["2", "3"]
    assert ids(thread) == ["4", "5"]
    assert thread.root.replies == ("4",)
    check_order(thread)


@pytest.mark.parametrize("option, reply", [("2", "3"), ("3", "2")])
def test_a_reply_to_an_option_has_a_place(option: str, reply: str) -> None:
    """Nobody writes such dumps on purpose; the archive still holds all that they say, in order."""
    records = [
        story(kind=Kind.POLL),
        Record(ORIGIN, option, Kind.POLLOPT, "1", body="yes"),
        comment(reply, option),
    ]
    check_order(merge([*records, comment("4"), comment("5", "4")], "1"))


def test_an_option_of_no_poll_is_no_gap_in_its_thread() -> None:
    records = [story(), comment("2"), Record(ORIGIN, "3", Kind.POLLOPT, "2", body="yes"), comment("4", "2")]
    thread = merge([*records, comment("5")], "1")
    assert set(by_id(thread)) == {"1", "2", "3", "4", "5"}
    check_order(thread)


# Many dumps


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """One catalog for all tests: a new one costs more than what it holds."""
    with closing(Catalog(tmp_path_factory.mktemp("catalog"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def threads(catalog: Catalog) -> Threads:
    """What all dumps say together, linked and merged part by part, as a build does it."""

    def read(dumps: Dumps) -> list[Thread]:
        parts = take_in(catalog, dumps)
        return [thread for members in parts for thread in merged(catalog.load(members))]

    return read


def take_in(catalog: Catalog, dumps: Dumps) -> list[list[int]]:
    """Puts these dumps in place of all others; gives the components of each part."""
    digests = ((str(n), sha256(repr(dump).encode()).digest(), dump) for n, dump in enumerate(dumps))
    catalog.forget(list(catalog.known()))
    catalog.put((name, digest, "test 1", dump) for name, digest, dump in digests)
    catalog.settle()
    joins = catalog.joins()
    parts = defaultdict(list)
    for one in catalog.components():
        parts[joins.get(one.component, one.component)].append(one.component)
    return list(parts.values())


def merged(records: Sequence[Record]) -> list[Thread]:
    return [merge(own, root) for root, own in sorted(threads_of(records)[0].items())]


@dataclass
class Split:
    """A tree of items, and dumps that hold parts of it, every item at least once."""

    whole: list[Record]
    dumps: list[list[Record]]
    luck: random.Random


@st.composite
def splits(draw: st.DrawFn) -> Split:
    luck = draw(st.randoms(use_true_random=False))
    size = draw(st.integers(1, 25))
    parents = {n: draw(st.integers(1, n - 1)) for n in range(2, size + 1)}
    items = [story(created=Moment(1), url="https://example.org/a")]
    for n, parent in parents.items():
        state = draw(st.sampled_from([State.LIVE, State.DEAD, State.DELETED]))
        items.append(comment(str(n), str(parent), created=Moment(n), dialect=Dialect.HN, state=state))
    whole = []
    for item in items:
        kids = [str(n) for n, parent in parents.items() if str(parent) == item.id]
        luck.shuffle(kids)
        whole.append(replace(item, replies=tuple(kids), ranked=True))
    dumps = draw(st.lists(st.lists(st.sampled_from(whole), max_size=size), max_size=4))
    missing = [item for item in whole if not any(item in dump for dump in dumps)]
    return Split(whole, [missing, *dumps], luck)


@given(splits())
@settings(max_examples=60)
def test_a_tree_split_over_dumps_in_any_order_is_whole_again(threads: Threads, split: Split) -> None:
    (whole,) = threads([split.whole])
    assert {one.id: one.parent for one in whole.comments} == {one.id: one.parent for one in split.whole[1:]}
    check_order(whole)
    split.luck.shuffle(split.dumps)
    (again,) = threads(split.dumps)
    assert again == whole


@given(splits())
@settings(max_examples=60)
def test_the_order_in_which_dumps_are_read_changes_nothing(threads: Threads, split: Split) -> None:
    """Here the dumps contradict each other: each says something else of every item."""
    dumps = [
        [replace(one, score=n, body=f"{one.body} {n}", author=f"author{n}") for one in dump]
        for n, dump in enumerate(split.dumps)
    ]
    found = threads(dumps)
    split.luck.shuffle(dumps)
    assert threads(dumps) == found


loose_records = st.builds(
    Record,
    origin=st.just(ORIGIN),
    id=st.integers(1, 12).map(str),
    kind=st.sampled_from([Kind.STORY, Kind.COMMENT, Kind.COMMENT, Kind.COMMENT, Kind.JOB]),
    parent=st.none() | st.integers(1, 14).map(str),
    thread=st.none() | st.integers(1, 14).map(str),
    author=st.none() | st.sampled_from(["ann", "bob"]),
    title=st.none() | st.just("A title"),
    body=st.none() | st.sampled_from(["words", QUOTED, f"> {QUOTED}\n\nNo."]) | st.just(QUOTED),
    replies=st.lists(st.integers(1, 14).map(str), max_size=3, unique=True).map(tuple),
    ranked=st.booleans(),
)
flat_records = st.builds(
    flat,
    st.integers(1, 9),
    st.sampled_from(["words", QUOTED, "x" * 50]),
    st.just("ann"),
    thread=st.sampled_from("ab").map(provisional_id),
)


@given(st.lists(st.lists(loose_records | flat_records, max_size=8), max_size=4))
@settings(max_examples=120)
def test_whatever_dumps_say_every_item_is_there_once(threads: Threads, dumps: list[list[Record]]) -> None:
    found = threads(dumps)
    places: dict[str, list[Comment]] = {}
    for thread in found:
        check_order(thread)
        for id, item in by_id(thread).items():
            places.setdefault(id, []).append(item)
    numbers = {record.id for dump in dumps for record in dump if record.id.isdigit()}
    assert numbers <= places.keys()
    assert all(len(items) == 1 for items in places.values()), "an address is one page's"


@given(st.lists(st.lists(loose_records | flat_records, max_size=8), max_size=4))
@settings(max_examples=120)
def test_part_by_part_gives_the_same_threads_as_all_at_once(
    catalog: Catalog, dumps: list[list[Record]]
) -> None:
    parts = [merged(catalog.load(members)) for members in take_in(catalog, dumps)]
    everything = catalog.load(one.component for one in catalog.components())
    assert sorted((one for part in parts for one in part), key=repr) == sorted(merged(everything), key=repr)


def check_shortcut(records: Sequence[Record]) -> None:
    found = threads_of(records)[1]
    linked = link([trace(record, with_text=any(one.flat for one in records)) for record in records])
    assert (list(found.places), dict(found.parents)) == (list(linked.places), dict(linked.parents))
    assert (dict(found.moved), found.problems) == (dict(linked.moved), linked.problems)


@given(splits())
@settings(max_examples=60)
def test_the_shortcut_for_usual_threads_gives_what_linking_gives(split: Split) -> None:
    check_shortcut([record for dump in split.dumps for record in dump])


@given(st.lists(loose_records | flat_records, max_size=8))
@settings(max_examples=120)
def test_the_shortcut_is_not_taken_where_it_leads_elsewhere(records: list[Record]) -> None:
    check_shortcut(records)


def test_a_comment_that_was_moved_to_another_thread_is_only_there(threads: Threads) -> None:
    """Moderators do that: an older dump still names it among the replies of its old parent."""
    old = [story(created=Moment(1)), comment("3", created=Moment(2), replies=("5",)), comment("5", "3")]
    new = [story("2", title="Another", created=Moment(3)), comment("5", "2", created=Moment(4))]
    found = {thread.id: thread for thread in threads([old, new])}
    assert ids(found["2"]) == ["5"]
    assert ids(found["1"]) == ["3"]


def test_a_story_known_only_by_title_takes_no_reply_from_its_parent(threads: Threads) -> None:
    """A page that shows a comment without its context does not say that it answers the story."""
    board = provisional_id("story", "A title")
    old = [story(created=Moment(1)), comment("3", created=Moment(2)), comment("5", "3", created=Moment(3))]
    new = [story(board), comment("5", board, thread=board, created=Moment(4))]
    (thread,) = threads([old, new])
    assert by_id(thread)["5"].parent == "3"


def test_a_story_known_only_by_title_goes_where_its_comments_are(threads: Threads) -> None:
    """Although another story has its title."""
    board = provisional_id("story", "A title")
    other = [story("5", title="Another"), comment("13", "5")]
    found = threads([[story()], other, [story(board), comment("13", board, thread=board)]])
    assert {thread.id: ids(thread) for thread in found} == {"1": [], "5": ["13"]}


def test_a_pasted_story_whose_namesake_stands_below_another_item_is_there_once(threads: Threads) -> None:
    title = provisional_id("story", "A title")
    top = replace(story(title), flat=True)
    (thread,) = threads([[story(parent="6")], [top, flat(2, "words", "bob", thread=title)]])
    assert thread.id == "6"
    assert sorted(ids(thread)) == ["1", provisional_id("bob", "words")]


def test_a_stub_that_two_threads_name_is_in_one_of_them(threads: Threads) -> None:
    one = [story(), comment("3", replies=("9",))]
    other = [story("2", title="Another"), comment("4", "2", replies=("9",))]
    assert sum("9" in by_id(thread) for thread in threads([one, other])) == 1


# Size


def test_a_chain_of_50000_replies() -> None:
    records = [story(), *(comment(str(n), str(n - 1)) for n in range(2, 50_002))]
    thread = merge(records, "1")
    assert [thread.comments[0].size, thread.comments[-1].depth] == [49_999, 49_999]


def test_50000_replies_to_one_story() -> None:
    records = [story(), *(comment(str(n)) for n in range(2, 50_002))]
    thread = merge(records, "1")
    assert len(thread.root.replies) == thread.root.size == 50_000
