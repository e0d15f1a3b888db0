"""Linking: traces of all dumps -> which item is which and where it belongs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hnsite.link import Linked, Trace, break_cycles, link, stated_parents
from hnsite.model import Kind, Origin, provisional_id

BOARD = provisional_id("story", "A title", "example.org", "ann")
PASTED = provisional_id("thread", "pasted")
OTHER = provisional_id("thread", "other")
LONG = "x" * 60


def trace(
    id: str,
    parent: str | None = None,
    *,
    file: str = "a",
    line: int = 1,
    kind: Kind = Kind.COMMENT,
    thread: str | None = None,
    replies: Sequence[str] = (),
    words: str | None = None,
    flat: bool = False,
    title: str | None = None,
    domain: str | None = None,
    author: str | None = None,
    held: bool = True,
) -> Trace:
    text = provisional_id("text", words) if words else None
    length = len(words or "")
    replies = tuple(replies)
    return Trace(
        Origin(file, line), id, kind, parent, thread, replies, flat, text, length, title, domain, author, held
    )


def story(id: str, title: str | None = None, **rest: Any) -> Trace:
    return trace(id, kind=Kind.STORY, title=title, **rest)


def pasted(words: str, file: str = "flat", thread: str = PASTED, occurrence: str | None = None) -> Trace:
    """A comment of a flat dump: its id is what it says, and which time in that dump if not the first."""
    return trace(
        provisional_id("text", words, occurrence) if occurrence else provisional_id("text", words),
        file=file,
        thread=thread,
        words=words,
        flat=True,
    )


def items(linked: Linked) -> list[str]:
    return [item for item, _ in linked.places]


def roots(linked: Linked) -> set[str]:
    return {root for _, root in linked.places}


# Parents


def test_an_item_knows_its_parent_better_than_others() -> None:
    claims = [trace("1", replies=["2", "3"]), trace("2", "9"), trace("7", replies=["3"])]
    assert stated_parents(claims) == {"2": "9", "3": "7"}


def test_the_newest_statement_of_a_parent_wins() -> None:
    assert stated_parents([trace("2", "1"), trace("2", "3"), trace("2")]) == {"2": "3"}


def test_a_story_known_only_by_title_is_no_news() -> None:
    assert stated_parents([trace("2", "1"), trace("2", BOARD)]) == {"2": "1"}
    assert stated_parents([trace("2", BOARD), trace("2", "1")]) == {"2": "1"}


def test_nothing_is_its_own_parent() -> None:
    assert stated_parents([trace("2", "2", replies=["2"])]) == {}


def test_a_cycle_loses_the_parent_of_its_first_item() -> None:
    parents = {"10": "9", "9": "11", "11": "10", "3": "10", "4": "3"}
    assert break_cycles(parents) == [("9", "11", "10")]
    assert parents == {"10": "9", "11": "10", "3": "10", "4": "3"}


@given(st.dictionaries(st.integers(1, 40).map(str), st.integers(1, 40).map(str)))
def test_after_breaking_cycles_there_are_none(parents: dict[str, str]) -> None:
    before = dict(parents)
    cycles = break_cycles(parents)
    assert before.items() - parents.items() == {(cycle[0], before[cycle[0]]) for cycle in cycles}
    for start in parents:
        steps, here = 0, start
        while here in parents:
            here = parents[here]
            steps += 1
            assert steps <= len(parents)
    for cycle in cycles:
        assert [before[id] for id in cycle] == [*cycle[1:], cycle[0]]


@given(st.integers(1, 300), st.randoms(use_true_random=False))
def test_cycles_of_any_length_lose_no_item(length: int, luck: random.Random) -> None:
    traces = [trace(str(n), str((n + 1) % length), line=n + 1) for n in range(length)]
    luck.shuffle(traces)
    linked = link(traces)
    assert sorted(items(linked)) == sorted(str(n) for n in range(length))
    assert roots(linked) == {provisional_id("thread", "0")}
    (problem,) = linked.problems
    assert problem.reason.endswith("it is shown at top level")


# Threads


def test_items_below_one_top_are_one_thread() -> None:
    linked = link([story("1", "A title"), trace("2", "1"), trace("3", "2"), story("4", "Another")])
    assert [root for _, root in linked.places] == ["1", "1", "1", "4"]


def test_a_missing_story_still_holds_its_thread() -> None:
    assert roots(link([trace("2", "1"), trace("3", "2"), trace("4", "1")])) == {"1"}


def test_a_comment_below_a_gap_goes_to_the_thread_that_its_dump_names() -> None:
    linked = link([story("1", "A title"), trace("9", "8", thread="1"), trace("10", "9", thread="1")])
    assert roots(linked) == {"1"}


def test_a_story_without_id_is_the_one_that_has_its_comments() -> None:
    board = [story(BOARD, "A title"), trace("2", BOARD, thread=BOARD), trace("3", "2", thread=BOARD)]
    linked = link([*board, trace("2", "1", file="b")])
    assert roots(linked) == {"1"}
    assert linked.moved == {BOARD: "1"}


def test_a_story_without_id_is_the_only_one_with_its_title() -> None:
    board = [story(BOARD, "A title", author="ann", domain="example.org"), trace("3", BOARD, thread=BOARD)]
    real = story("1", "A title", author="ann", domain="example.org", file="b")
    for traces in ([*board, real], [real, *board]):
        assert roots(link(traces)) == {"1"}
    linked = link([*board, story("1", "A title", file="b")])  # it does not say who and where
    assert roots(linked) == {"1"}


def test_a_story_without_id_joins_the_thread_that_its_story_stands_in() -> None:
    """Nobody should answer with a story; where a dump says so, there is still one thread."""
    board = [story(BOARD, "A title"), trace("3", BOARD, thread=BOARD)]
    assert roots(link([*board, story("1", "A title"), story("4", file="b", replies=["1"])])) == {"4"}


def test_an_ambiguous_title_joins_nothing() -> None:
    board = [story(BOARD, "A title", author="ann"), trace("3", BOARD, thread=BOARD)]
    linked = link([*board, story("1", "A title", author="ann"), story("2", "A title", author="ann")])
    assert roots(linked) == {BOARD, "1", "2"}
    assert not linked.moved


def test_the_same_title_by_another_author_or_on_another_site_is_another_story() -> None:
    board = [story(BOARD, "A title", author="ann", domain="example.org")]
    assert len(roots(link([*board, story("1", "A title", author="bob")]))) == 2
    assert len(roots(link([*board, story("1", "A title", domain="example.com")]))) == 2
    assert len(roots(link([*board, story("1", "A title", author="bob"), story("2", "A title")]))) == 2


def test_two_stories_with_ids_are_never_one() -> None:
    flat = [pasted(LONG), pasted(LONG + "y")]
    linked = link([story("1"), trace("2", "1", words=LONG), story("3"), trace("4", "3", words=LONG), *flat])
    assert {"1", "3"} <= roots(linked)


# Flat dumps


def test_pasted_words_are_the_comment_with_an_id() -> None:
    traces = [story("1"), trace("2", "1", words=LONG), pasted(LONG), pasted("more")]
    linked = link(traces)
    more = provisional_id("text", "more")
    assert items(linked) == ["1", "2", "2", more]
    assert roots(linked) == {"1"}
    assert linked.moved[provisional_id("text", LONG)] == "2"
    assert linked.moved[PASTED] == "1"
    assert more not in linked.moved


def test_a_few_short_words_do_not_make_two_dumps_one_thread() -> None:
    linked = link([story("1"), trace("2", "1", words="Thanks!"), pasted("Thanks!"), pasted("Welcome!")])
    assert roots(linked) == {"1", PASTED}
    assert not linked.moved


def test_three_short_comments_make_two_dumps_one_thread() -> None:
    words = ["one", "two", "three"]
    with_ids = [trace(str(n), "1", words=text) for n, text in enumerate(words, 2)]
    linked = link([story("1"), *with_ids, *map(pasted, words)])
    assert items(linked) == ["1", "2", "3", "4", "2", "3", "4"]


def test_the_same_words_in_two_threads_are_two_comments() -> None:
    linked = link([pasted("Thanks!"), pasted("a"), pasted("Thanks!", "b", OTHER), pasted("b", "b", OTHER)])
    assert roots(linked) == {PASTED, OTHER}
    assert len(set(items(linked))) == 4


def test_the_same_comment_twice_in_one_dump_is_two_comments() -> None:
    twice = [pasted(LONG), pasted(LONG, occurrence="2")]
    assert len(set(items(link(twice)))) == 2
    with_ids = [story("1"), trace("2", "1", words=LONG), trace("5", "2", words=LONG)]
    assert items(link([*with_ids, *twice]))[3:] == ["2", "5"]
    one_id = link([story("1"), trace("2", "1", words=LONG), *twice])
    assert items(one_id)[2:] == ["2", provisional_id("text", LONG, "2")]


def test_two_dumps_with_the_same_comments_twice_hold_two_comments() -> None:
    twice = [pasted(LONG, file, occurrence=n) for file in "ab" for n in (None, "2")]
    assert len(set(items(link(twice)))) == 2


def test_flat_dumps_that_overlap_are_one_thread() -> None:
    one = [pasted(LONG, "one"), pasted("first", "one")]
    other = [pasted(LONG, "other", OTHER), pasted("second", "other", OTHER)]
    linked = link([*one, *other])
    assert len(roots(linked)) == 1
    assert items(linked)[0] == items(linked)[2]


def test_an_old_id_never_leads_to_another_old_id() -> None:
    flat = [pasted(LONG), pasted("more"), pasted(LONG, "other", OTHER), pasted("less", "other", OTHER)]
    board = [story(BOARD, "A title"), trace("3", BOARD, thread=BOARD, words=LONG)]
    linked = link([*flat, *board, trace("3", "1", file="api"), story("1", "A title", file="api")])
    assert roots(linked) == {"1"}
    assert not set(linked.moved.values()) & linked.moved.keys()
    assert linked.moved.keys() >= {PASTED, OTHER, BOARD}


def test_words_shared_by_two_threads_keep_their_address_when_a_story_gets_its_id() -> None:
    """Whatever a page was called before, its address leads somewhere."""
    thanks = [pasted("Thanks!"), pasted(LONG), pasted("Thanks!", "b", OTHER), pasted(LONG + "b", "b", OTHER)]
    before = link(thanks)
    after = link([*thanks, story("1"), trace("2", "1", words=LONG)])
    assert set(items(before)) <= {*items(after), *after.moved}


# Order and size


def _same(one: Sequence[Trace], other: Sequence[Trace]) -> bool:
    first, second = (
        dict(zip(traces, link(traces).places, strict=True)) for traces in (list(one), list(other))
    )
    return first == second


@given(st.randoms(use_true_random=False))
def test_the_order_of_traces_changes_no_place(luck: random.Random) -> None:
    """Where dumps do not contradict each other, not even their age matters."""
    traces = [
        *(pasted(words) for words in (LONG, "more", "less")),
        *(pasted(words, "other", OTHER) for words in (LONG, "last")),
        story(BOARD, "A title", file="board"),
        trace("3", BOARD, file="board", thread=BOARD, words=LONG),
        trace("4", "3", file="board", thread=BOARD, replies=["5"]),
        trace("3", "1", file="api", words=LONG),
        story("7", "Another", file="api"),
        trace("9", "8", file="api", thread="7"),
        trace("20", "21", file="api"),
        trace("21", "20", file="api"),
    ]
    shuffled = list(traces)
    luck.shuffle(shuffled)
    assert _same(traces, shuffled)


def test_chains_and_crowds_of_50000_link_without_recursion() -> None:
    chain = [trace(str(n), str(n - 1)) for n in range(2, 50_001)]
    crowd = [trace(str(n), "60000", line=n) for n in range(60_001, 110_001)]
    linked = link([*reversed(chain), *crowd])
    assert roots(linked) == {"1", "60000"}
    ring = [trace(str(n), str(n % 50_000 + 1)) for n in range(1, 50_001)]
    assert roots(link(ring)) == {provisional_id("thread", "1")}
