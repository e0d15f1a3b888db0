"""Who is quoted: ancestors first, else the one older comment that says it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from test_pages import ROOT, thread_of, tree

from hnsite.model import Comment, State
from hnsite.pages.quotes import Quotes

WORDS = "The tide is higher than it was."


def said(depths: list[int], *bodies: str) -> list[Comment]:
    """Comments of different authors, ids from 2."""
    comments = tree(depths)
    return [replace(one, body=body, author=f"a{one.id}") for one, body in zip(comments, bodies, strict=True)]


def source(comments: list[Comment], id: str, text: str = WORDS) -> str | None:
    (comment,) = (one for one in comments if one.id == id)
    return Quotes(thread_of(comments)).source(comment, text)


def test_the_parent_is_quoted() -> None:
    assert source(said([0, 1], WORDS, "So"), "3") == "2"
    assert source(said([0, 1, 1], WORDS, WORDS, "So"), "4") == "2", "the parent before its other replies"


def test_the_nearest_ancestor_is_quoted() -> None:
    assert source(said([0, 1, 2, 3], WORDS, WORDS, "no", "So"), "5") == "3"


def test_white_space_case_and_emphasis_make_no_difference() -> None:
    assert (
        source(said([0, 1], f"Yes. <i>{WORDS.upper()}</i>", "So"), "3", "the  tide *is* higher than") == "2"
    )


@pytest.mark.parametrize("text, expected", [("The tide is", None), ("The tide is higher", "2"), ("", None)])
def test_short_passages_tell_nothing(text: str, expected: str | None) -> None:
    assert source(said([0, 1], WORDS, "So"), "3", text) == expected


def test_an_ellipsis_parts_a_quote() -> None:
    comments = said([0, 1], "The tide is higher, as they say, than it was before.", "So")
    assert source(comments, "3", "The tide is higher ... than it was before") == "2"
    assert source(comments, "3", "The tide is higher ... than it will be") is None


def test_what_a_comment_quotes_is_not_its_own() -> None:
    comments = said([0, 1, 2], WORDS, f"&gt; {WORDS}<p>No.", "So")
    assert source(comments, "4") == "2"


def test_elsewhere_in_the_thread_it_must_stand_once_and_be_older() -> None:
    assert source(said([0, 0], WORDS, "So"), "3") == "2"
    assert source(said([0, 0, 0], WORDS, WORDS, "So"), "4") is None, "two say it"
    assert source(said([0, 0], "So", WORDS), "2") is None, "it is younger"
    comments = said([0, 0], WORDS, "So")
    assert source([comments[0], replace(comments[1], author="a2")], "3") is None, "one's own words"


def test_a_passage_does_not_reach_from_one_comment_into_the_next() -> None:
    assert source(said([0, 0, 0], "The tide is higher", "than it was.", "So"), "4") is None


def test_the_story_is_quoted() -> None:
    comments = said([0], "So")
    thread = replace(thread_of(comments), root=replace(ROOT, body=WORDS))
    assert Quotes(thread).source(comments[0], WORDS) == ROOT.id


def test_deleted_comments_are_not_quoted() -> None:
    comments = said([0, 1], WORDS, "So")
    assert source([replace(comments[0], state=State.DELETED), comments[1]], "3") is None
