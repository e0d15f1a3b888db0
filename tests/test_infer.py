"""Lost parents, in flat dumps invented for this."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnsite import infer
from hnsite.clues import PAIR, ROOT, SHORTEST_QUOTE, TOP, WAY, WEIGHTS, Said, is_of, own_words, passages
from hnsite.infer import SURE, inferred_places
from hnsite.model import Evidence

ROOT_ID = "root"
ONE = "The tide comes in twice a day and nobody has ever been thanked for it."
TWO = "My grandmother kept the tide tables under the bread, for reasons of her own."
THREE = "Bread goes stale near the harbour, whatever the almanac promises about August."
ANSWER = "That is how it should be."


def said(*comments: tuple[str, str] | tuple[str, str, int]) -> list[Said]:
    """Comments "1", "2"... of (author, text, hours ago if known)."""
    return [
        Said(
            str(number),
            comment[0],
            comment[1],
            -comment[2] - 1.0 if len(comment) > 2 else None,
            float(-comment[2]) if len(comment) > 2 else None,
        )
        for number, comment in enumerate(comments, 1)
    ]


def parents(*comments: tuple[str, str] | tuple[str, str, int]) -> dict[str, str]:
    """What is sure, apart from the first comment, which cannot but answer none."""
    found = inferred_places(said(*comments), ROOT_ID)
    return {id: place.parent for id, place in found.items() if id != "1"}


def evidence(*comments: tuple[str, str] | tuple[str, str, int]) -> list[Evidence | None]:
    found = inferred_places(said(*comments), ROOT_ID)
    return [found[str(n)].evidence if str(n) in found else None for n in range(1, len(comments) + 1)]


def test_a_quote_tells_the_parent_and_what_was_not_left() -> None:
    """The branch of what is quoted is in one piece: the second can only be in it too."""
    assert parents(("a", ONE), ("b", TWO), ("c", f"> {ONE}\n\n{ANSWER}")) == {"2": "1", "3": "1"}


def test_part_of_a_comment_is_enough() -> None:
    assert parents(("a", ONE), ("b", TWO), ("c", f"> kept the tide tables\n\n{ANSWER}"))["3"] == "2"


def test_a_quote_of_something_else_spoils_nothing() -> None:
    """Three quarters of quoted lines quote the article."""
    text = f"> The harbour master has resigned over the clocks\n\n> {ONE}\n\n{ANSWER}"
    assert parents(("a", ONE), ("b", TWO), ("c", text))["3"] == "1"


def test_a_nested_quote_belongs_to_the_grandparent() -> None:
    """`> > x` is what the parent quoted: only the outer quote tells of the parent."""
    reply = f"> {ONE}\n\nAnd it is never late, that is the worst of it."
    nested = f"> > {ONE}\n\n> And it is never late, that is the worst of it.\n\n{ANSWER}"
    assert parents(("a", ONE), ("b", reply), ("c", nested)) == {"2": "1", "3": "2"}


@pytest.mark.parametrize("dots", ["...", "…", "[...]", "[…]", ".....", " ... "])
def test_an_ellipsis_parts_passages(dots: str) -> None:
    quote = f"> The tide comes in twice a day {dots} ever been thanked for it."
    assert parents(("a", ONE), ("b", TWO), ("c", f"{quote}\n\n{ANSWER}"))["3"] == "1"


def test_an_edited_quote_is_a_quote() -> None:
    quote = ONE.replace("nobody has ever", "no one ever has")
    (edited,) = passages(quote, SHORTEST_QUOTE)
    assert edited not in own_words(ONE)
    assert is_of(edited, own_words(ONE)) and not is_of(edited, own_words(TWO))


@pytest.mark.parametrize(
    "quote",
    [
        f">{ONE}",
        f"  >   {ONE}",
        f"> {ONE.upper()}",
        f"> “{ONE}”",
        f"> *{ONE}*",
        f'> "{ONE}"',
        f"> {ONE.replace(' ', '  ')}",
        f"> {ONE.replace(' ', chr(160))}",
        f"> {ONE.removesuffix('.')}",
    ],
)
def test_what_quoting_people_change_is_overlooked(quote: str) -> None:
    """Blanks, case, emphasis and quotation marks."""
    assert parents(("a", ONE), ("b", TWO), ("c", f"{quote}\n\n{ANSWER}"))["3"] == "1"


def test_a_word_in_common_is_not_enough() -> None:
    assert len("> twice a day".replace(" ", "")) < SHORTEST_QUOTE
    assert parents(("a", ONE), ("b", TWO), ("c", THREE), ("d", "> a day\n\nA day?")).get("4") is None


def test_nobody_answers_who_is_younger() -> None:
    """Ages tell that the third and the fourth answer none: all before them are younger."""
    texts = [("a", ONE, 2), ("b", TWO, 1), ("c", THREE, 3), ("d", ANSWER, 4)]
    assert parents(*texts) == {"3": ROOT_ID, "4": ROOT_ID}
    assert evidence(*texts)[2:] == [Evidence.AGE, Evidence.AGE]


def test_equal_ages_exclude_nothing() -> None:
    assert "2" not in parents(("a", ONE, 2), ("b", TWO, 2), ("c", THREE, 1))


def test_two_taking_turns_are_talking() -> None:
    def belief(third: str) -> float:
        texts = [
            ("a", ONE),
            ("b", f"> {ONE}\n\nWhy of the tide?"),
            (third, "Because of the tide."),
            ("c", THREE),
        ]
        return infer.Dump(said(*texts), ROOT_ID, None).beliefs()[2][1]

    assert belief("a") > belief("d") + 0.1


def test_known_parents_bound_the_others() -> None:
    comments = [Said("1", "a", ONE, parent=ROOT_ID), Said("2", "b", TWO), Said("3", "c", THREE, parent="1")]
    assert inferred_places(comments, ROOT_ID)["2"].parent == "1"


def test_a_known_parent_that_comes_later_is_left_alone() -> None:
    comments = [
        Said("1", "a", ONE, parent="2"),
        Said("2", "b", TWO, parent=ROOT_ID),
        Said("3", "c", THREE, parent="3"),
    ]
    assert inferred_places(comments, ROOT_ID) == {}


def test_the_same_comment_twice_is_one() -> None:
    comments = [Said("1", "a", ONE), Said("1", "a", ONE), Said("2", "b", f"> {ONE}\n\n{ANSWER}")]
    assert inferred_places(comments, ROOT_ID).keys() <= {"1", "2"}


def test_nothing_said_nothing_known() -> None:
    assert inferred_places([], ROOT_ID) == {}
    assert parents(("a", ""), ("b", ">"), ("c", "> "), ("d", "> ...")).keys() <= {"2", "3", "4"}


def test_every_clue_has_a_weight() -> None:
    assert set(WEIGHTS) == {*PAIR, *ROOT, *WAY}
    assert len(WEIGHTS) == len(PAIR) + len(ROOT) + len(WAY)


def test_it_does_not_hang_on_long_chains() -> None:
    """Its time grows with the comments, not with the depth: a square would take minutes."""
    comments = [
        Said(str(n), f"{n % 700}", f"words {n}", parent=str(n - 1) if n else ROOT_ID) for n in range(5000)
    ]
    assert inferred_places(comments, ROOT_ID) == {}


lines = st.sampled_from(
    [ONE, TWO, f"> {ONE}", f"> {TWO}", f"> > {ONE}", ANSWER, ">", "> short", "", ">>>> deep", "@a yes"]
)
dumps = st.lists(
    st.builds(
        lambda author, text, age, known: (author, text, age, known),
        st.sampled_from(["a", "b", "c", None]),
        st.lists(lines, max_size=4).map("\n".join),
        st.none() | st.integers(0, 5),
        st.none() | st.sampled_from([ROOT_ID, "0", "1", "2", "5", "nowhere"]),
    ),
    max_size=9,
)


def comments_of(dump: list[tuple[str | None, str, int | None, str | None]]) -> list[Said]:
    return [
        Said(str(n), author, text, None if age is None else -age - 1, None if age is None else -age, parent)
        for n, (author, text, age, parent) in enumerate(dump)
    ]


@settings(max_examples=300, deadline=None)
@given(dumps)
def test_beliefs_are_shares_of_a_whole(dump: list[tuple[str | None, str, int | None, str | None]]) -> None:
    """Whatever is said: parents come earlier, and their shares are 1 together."""
    everything = comments_of(dump)
    for place, shares in enumerate(infer.Dump(everything, ROOT_ID, "a").beliefs()):
        assert all(TOP <= parent < place and share >= 0 for parent, share in shares.items())
        assert sum(shares.values()) == pytest.approx(1, abs=0.02)
    for child, found in inferred_places(everything, ROOT_ID).items():
        assert everything[int(child)].parent is None
        assert found.parent == ROOT_ID or int(found.parent) < int(child)


def forests(size: int) -> list[list[int]]:
    """All trees in reading order, as each comment's parent."""
    found: list[list[int]] = [[]]
    for place in range(size):
        found = [[*tree, parent] for tree in found for parent in way_up(tree, place)]
    return found


def way_up(tree: list[int], place: int) -> list[int]:
    way = [place - 1] if place else []
    while way and way[-1] != TOP:
        way.append(tree[way[-1]])
    return way or [TOP]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.lists(lines, max_size=3).map("\n".join)), min_size=1, max_size=6
    )
)
def test_beliefs_are_those_of_all_trees(comments: list[tuple[str, str]]) -> None:
    """Counted the slow way, over every tree, they are the same."""
    dump = infer.Dump(said(*comments), ROOT_ID, None)
    before = infer._backward(dump._forward(None), dump._ways)
    believed = infer._backward(dump._forward(before), dump._ways)
    everything: list[dict[int, float]] = [{} for _ in comments]
    for tree in forests(len(comments)):
        odds = 1.0
        for place, parent in enumerate(tree):
            odds *= scored(dump, place, parent)
        for place, parent in enumerate(tree):
            everything[place][parent] = everything[place].get(parent, 0) + odds
    for shares, slow in zip(believed, everything, strict=True):
        total = sum(slow.values())
        for parent, odds in slow.items():
            assert shares.get(parent, 0.0) == pytest.approx(odds / total, abs=0.02)


def scored(dump: infer.Dump, place: int, parent: int) -> float:
    tree = dump._tree
    by = tree.by
    tree.by = {author: [n for n in places if n < place] for author, places in by.items()}
    try:
        return float(2.718281828459045 ** dump.score(place, parent, tree))
    finally:
        tree.by = by


def test_thresholds_are_shares() -> None:
    assert all(0.5 < sure < 1 for sure in SURE.values())
