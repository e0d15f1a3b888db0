"""What quotes tell about lost parents, in flat dumps invented for this."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnsite.infer import SHORTEST_QUOTE, Said, quoted_parents

ONE = "The tide comes in twice a day and nobody has ever been thanked for it."
TWO = "My grandmother kept the tide tables under the bread, for reasons of her own."
ANSWER = "That is how it should be."


def said(*comments: tuple[str, str] | tuple[str, str, bool]) -> list[Said]:
    """Comments "1", "2"... of (author, text), all without a known parent unless told otherwise."""
    return [
        Said(str(number), comment[0], comment[1], comment[2] if len(comment) > 2 else True)
        for number, comment in enumerate(comments, 1)
    ]


def parents(*comments: tuple[str, str] | tuple[str, str, bool]) -> dict[str, str]:
    return quoted_parents(said(*comments))


def test_a_quote_of_exactly_one_comment_is_certain() -> None:
    assert parents(("a", ONE), ("b", TWO), ("c", f"> {ONE}\n\n{ANSWER}")) == {"3": "1"}


def test_part_of_a_comment_is_enough() -> None:
    assert parents(("a", ONE), ("b", TWO), ("c", f"> kept the tide tables\n\n{ANSWER}")) == {"3": "2"}


def test_words_that_two_comments_say_are_no_evidence() -> None:
    assert parents(("a", ONE), ("b", f"Indeed. {ONE}"), ("c", f"> {ONE}\n\n{ANSWER}")) == {}


def test_several_quotes_of_one_comment_agree() -> None:
    text = f"> The tide comes in twice a day\n\nYes.\n\n> nobody has ever been thanked\n\n{ANSWER}"
    assert parents(("a", ONE), ("b", TWO), ("c", text)) == {"3": "1"}


def test_quotes_of_two_comments_disagree() -> None:
    assert parents(("a", ONE), ("b", TWO), ("c", f"> {ONE}\n\n> {TWO}\n\n{ANSWER}")) == {}


def test_an_ambiguous_quote_spoils_a_certain_one() -> None:
    """Of several quotes all must agree, and one that fits two comments agrees with neither."""
    text = f"> {TWO}\n\n> {ONE}\n\n{ANSWER}"
    assert parents(("a", ONE), ("b", f"So: {ONE}"), ("c", TWO), ("d", text)) == {}


def test_a_quote_of_something_else_spoils_nothing() -> None:
    """Three quarters of quoted lines quote the article."""
    text = f"> The harbour master has resigned over the clocks\n\n> {ONE}\n\n{ANSWER}"
    assert parents(("a", ONE), ("b", TWO), ("c", text)) == {"3": "1"}


def test_a_nested_quote_belongs_to_the_grandparent() -> None:
    """`> > x` is what the parent quoted: only the outer quote tells of the parent."""
    reply = f"> {ONE}\n\nAnd it is never late, that is the worst of it."
    nested = f"> > {ONE}\n\n> And it is never late, that is the worst of it.\n\n{ANSWER}"
    assert parents(("a", ONE), ("b", reply), ("c", nested)) == {"2": "1", "3": "2"}
    assert parents(("a", ONE), ("b", reply), ("c", f"> > {ONE}\n\n{ANSWER}")) == {"2": "1"}


def test_quoting_somebody_who_quotes_leads_to_who_said_it_first() -> None:
    """The second has the passage only as a quote, so it is not what the third quotes."""
    assert parents(("a", ONE), ("b", f"> {ONE}\n\nOh."), ("c", f"> {ONE}\n\n{ANSWER}")) == {
        "2": "1",
        "3": "1",
    }


@pytest.mark.parametrize("dots", ["...", "…", "[...]", "[…]", ".....", " ... "])
def test_an_ellipsis_parts_passages_that_must_all_be_there(dots: str) -> None:
    quote = f"> The tide comes in twice a day {dots} ever been thanked for it."
    assert parents(("a", ONE), ("b", TWO), ("c", f"{quote}\n\n{ANSWER}")) == {"3": "1"}
    mixed = f"> The tide comes in twice a day {dots} under the bread, for reasons"
    assert parents(("a", ONE), ("b", TWO), ("c", f"{mixed}\n\n{ANSWER}")) == {}


def test_short_quotes_are_no_evidence() -> None:
    """Counted without blanks: one letter less than enough is nothing."""
    long = "tide tables under it"
    assert len(long.replace(" ", "")) == SHORTEST_QUOTE + 1
    assert parents(("a", f"See the {long}!"), ("c", f"> {long}\n\n{ANSWER}")) == {"2": "1"}
    assert parents(("a", f"See the {long}!"), ("c", f"> {long[:-1]}\n\n{ANSWER}")) == {"2": "1"}
    assert parents(("a", f"See the {long}!"), ("c", f"> {long[:-3]}\n\n{ANSWER}")) == {}
    assert parents(("a", "Yes, and no."), ("c", f"> Yes, and no.\n\n{ANSWER}")) == {}


def test_nobody_answers_himself_by_quoting() -> None:
    """Who quotes his own words repeats what another answered; that comment is not the parent."""
    assert parents(("a", ONE), ("b", TWO), ("a", f"> {ONE}\n\nAs I said.")) == {}


def test_only_earlier_comments_can_be_parents() -> None:
    assert parents(("a", f"> {ONE}\n\n{ANSWER}"), ("b", ONE)) == {}


def test_comments_with_a_known_parent_are_left_alone() -> None:
    assert parents(("a", ONE), ("b", f"> {ONE}\n\n{ANSWER}", False)) == {}


def test_comments_with_a_known_parent_can_be_quoted() -> None:
    assert parents(("a", TWO), ("b", ONE, False), ("c", f"> {ONE}\n\n{ANSWER}")) == {"3": "2"}


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
    assert parents(("a", ONE), ("b", TWO), ("c", f"{quote}\n\n{ANSWER}")) == {"3": "1"}


def test_quotes_may_stand_below_the_answer() -> None:
    assert parents(("a", ONE), ("b", TWO), ("c", f"{ANSWER}\n\n> {ONE}")) == {"3": "1"}


def test_nothing_said_nothing_known() -> None:
    assert quoted_parents([]) == {}
    assert parents(("a", ""), ("b", ">"), ("c", "> "), ("d", "> ...")) == {}


lines = st.sampled_from(
    [ONE, TWO, f"> {ONE}", f"> {TWO}", f"> > {ONE}", ANSWER, ">", "> short", "", ">>>> deep"]
)
dumps = st.lists(
    st.tuples(st.sampled_from("abc"), st.lists(lines, max_size=4).map("\n".join), st.booleans()), max_size=8
)


@settings(max_examples=200)
@given(dumps)
def test_parents_stand_before_their_replies(comments: list[tuple[str, str, bool]]) -> None:
    """Whatever is said: an inferred parent is an earlier comment by another author, so no cycle is made."""
    everything = said(*comments)
    known = {id: (author, lost) for id, author, _, lost in everything}
    for child, parent in quoted_parents(everything).items():
        assert int(parent) < int(child)
        assert known[child][1]
        assert known[child][0] != known[parent][0]


@settings(max_examples=100)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.text(max_size=60)), max_size=6))
def test_any_text(comments: list[tuple[str, str]]) -> None:
    quoted_parents(said(*comments))
