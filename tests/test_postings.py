"""Lists of where words stand: what is written can be read, and pieces put together are the whole."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnsite import postings
from hnsite.postings import PLACE, Document, Piece, code, digits, fold, joined, parted, replaced, united


def read_code(text: str, at: int) -> tuple[int, int]:
    """A number and where it ends, as search.js reads it."""
    number, weight = 0, 1
    while (value := postings._CODES.index(text[at])) >= postings._LAST:
        number += weight * value
        weight *= postings._MORE
        at += 1
    return number + weight * value, at + 1


def documents_of(group: str) -> list[tuple[int, str, int, int]]:
    """(ordinal, length, times, times in the title) of a group's documents."""
    found: list[tuple[int, str, int, int]] = []
    at, ordinal = 0, -1
    while at < len(group):
        first, at = read_code(group, at)
        ordinal += 1 + first // 4
        length, times, in_title = group[at], 1 + first % 4, 0
        at += 1
        if times == 4:
            more, at = read_code(group, at)
            times, in_title = 1 + more // 4, more % 4
        found.append((ordinal, length, times, in_title))
    return found


def spots_of(places: str, times: list[int]) -> list[list[int]]:
    found: list[list[int]] = []
    at = 0
    for count in times:
        spots: list[int] = []
        for _ in range(count):
            step, at = read_code(places, at)
            spots.append(step + 1 + (spots[-1] if spots else -1))
        found.append(spots)
    assert at == len(places)
    return found


@given(st.integers(0, 1 << 50))
def test_a_code_is_its_number(number: int) -> None:
    assert read_code(code(number), 0) == (number, len(code(number)))
    assert not set(code(number)) & set(postings._DIGITS)


@given(st.integers(0, 1 << 53))
def test_digits_are_their_number(number: int) -> None:
    assert int(digits(number), 28) == number
    assert digits(number) == "0" or not digits(number).startswith("0")


@pytest.mark.parametrize("number, size", [(0, 1), (47, 1), (48, 2), (815, 2), (816, 3)])
def test_small_numbers_are_short(number: int, size: int) -> None:
    assert len(code(number)) == size


def test_lengths_are_exact_for_short_texts_and_near_for_long_ones() -> None:
    marks = [postings.length(words) for words in range(1, 17)]
    assert len(set(marks)) == 16
    for words in range(1, postings._LEVELS[-1]):
        level = postings._LEVELS[postings._CODES.index(postings.length(words))]
        assert level <= words < level * 1.25
    assert postings.length(10**6) == postings._CODES[-1]
    assert postings.length(0) == postings.length(1)


def test_a_piece_tells_documents_times_and_places() -> None:
    about = [Document(7, 0, 3, "C"), Document(7, 5, 0, "B"), Document(900, 2, 0, "D")]

    def place(document: int, offset: int, in_title: bool = False) -> int:
        return (2 * document + (not in_title)) << PLACE | offset

    found = [place(0, 1, True), place(0, 4), place(0, 9), place(1, 0), place(2, 3), place(2, 500)]
    piece = postings.piece(found, about)
    assert (piece.total, piece.first, piece.last) == (3, 7, 900)
    own, places = joined([piece])
    groups = parted(own, places)
    assert sorted(groups) == [7, 900]
    assert documents_of(groups[7][0]) == [(0, "C", 3, 1), (5, "B", 1, 0)]
    assert spots_of(groups[7][1], [3, 1]) == [[1, 8, 13], [0]]  # the title's three words and a gap come first
    assert documents_of(groups[900][0]) == [(2, "D", 2, 0)]
    assert spots_of(groups[900][1], [2]) == [[3, 500]]


pieces = st.dictionaries(
    st.integers(0, 1 << 51), st.tuples(st.text("ABz}", min_size=1), st.text("AB!", min_size=1)), max_size=8
).map(lambda found: {number: Piece(1, number, number, *texts) for number, texts in sorted(found.items())})


@given(pieces)
def test_lists_can_be_parted_again(found: Mapping[int, Piece]) -> None:
    own, places = joined(list(found.values()))
    assert parted(own, places) == {number: (one.postings, one.places) for number, one in found.items()}


@given(pieces, st.integers(1, 7))
def test_it_does_not_matter_in_which_units_pieces_come(found: Mapping[int, Piece], cut: int) -> None:
    each = list(found.values())
    units = [united(part) for part in (each[:cut], each[cut:]) if part]
    assert joined(units) == joined(each)


@given(pieces, pieces, st.data())
def test_an_amended_list_is_as_if_made_anew(
    old: Mapping[int, Piece], new: Mapping[int, Piece], data: st.DataObject
) -> None:
    gone = data.draw(st.lists(st.sampled_from(sorted(old)))) if old else []
    changes: dict[int, Piece | None] = {**dict.fromkeys(gone), **new}
    wanted = {**{number: one for number, one in old.items() if number not in gone}, **new}
    anew = joined([wanted[number] for number in sorted(wanted)])
    assert replaced(*joined(list(old.values())), changes) == anew


def test_names_have_no_places() -> None:
    about = [Document(7, 0, 0, "C"), Document(9, 5, 0, "B")]
    piece = postings.named([0, 1], about)
    assert (piece.total, piece.places) == (2, "")
    own, places = joined([piece, Piece(1, 50, 50, "AB", "")])
    assert places == ""
    assert sorted(parted(own, places)) == [7, 9, 50]
    assert replaced(own, places, {9: None})[1] == ""


def test_later_threads_have_greater_numbers() -> None:
    numbers = [
        postings.thread_number("1", 17_000),
        postings.thread_number("45000000", 100),
        postings.thread_number("lobsters-a", 0),
        postings.thread_number("lobsters-a", 1000),
        postings.thread_number("x0123456789ab", 1040),
        postings.thread_number("9" * 30, 20_000),
        postings.thread_number("reddit-b", 99_999_999),
    ]
    assert numbers == sorted(set(numbers))
    assert numbers[:2] == [1, 45_000_000]
    assert numbers[-1] < 1 << 53


@pytest.mark.parametrize(
    "text, folded",
    [
        ("Plain C++", "Plain C++"),
        ("Çafé", "cafe"),
        ("ﬁne", "fine"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("İstanbul", "istanbul"),
        ("soft\u00adware", "software"),
        ("日本", " 日  本 "),
        ("né🙂 „c++“ und—c#", "ne   c++  und c#"),
        ("कि", "कि"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_names_are_found_whatever_their_case_and_blanks() -> None:
    assert postings.author_word("  PG \t Two ") == "@pg\u00a0two"
    assert postings.author_word("Ünal") == "@Ünal"
    assert postings.site_word("Example.COM") == "/example.com"
    assert all(map(postings.is_name, ("@pg", "/a.b", ":")))
    assert not postings.is_name("pg")
