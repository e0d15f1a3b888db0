"""The proof that nothing is left is quick, and finds all that a slow look at every text does."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hnsite.erasing import Erased, Name, runs_of
from hnsite.leaks import _matches, _Search, _views, literal_of
from hnsite.redact import Covered

NAMES = (
    *("zed_k", "Zoë Quill", "ann.smith@ex.example", "o'hara", "\u674e\u96f7", "\u0130nci", "skif"),
    *("Émile", "\ud55c\uae00", "ab"),
)
RUN = ["my", "gold", "under", "the", "third", "oak", "behind", "the", "mill"]
SHORT = ("grabbleton",)
PATTERNS = (r"[a-z]+@secret\.example", r"(?i:iron\W+kiln)", r"\d{3}-\d{4}", r"x\sy|vault")
SHORTS = frozenset([SHORT, ("oak", "door")])
ERASED = Erased(tuple(map(Name, NAMES)), frozenset(runs_of(RUN)), SHORTS, PATTERNS)
INSIDE = ("\u200b", "\u00ad", "<b>", "</i>", "<!-- -->", "<p>", "\n", "<!--\n-->", "<b\n>", "\\")
BLANKS = ("\n", "\n> ", "</p>\n<p>", "_", "%20", "&nbsp;")
Way = Callable[[str], str]
WAYS: tuple[Way, ...] = (
    *(str, str.upper, str.title, html.escape, quote),
    lambda one: quote(one, safe="").lower(),
    lambda one: unicodedata.normalize("NFD", one),
    lambda one: "".join(f"&#{ord(sign)};" for sign in one),
    lambda one: "".join(f"\\u{ord(sign):04x}" for sign in one),
    lambda one: "".join(f"&amp;#x{ord(sign):x}" for sign in one),
    lambda one: one.replace("i", "\u0130").replace("k", "\u212a").replace("s", "\u017f"),
    lambda one: one.replace("i", "\u0131"),
)
"""How programs and people write a text."""


def search(erased: Erased = ERASED) -> _Search:
    return _Search(Path("public"), Covered(erased=erased))


def quick(one: _Search, text: str) -> list[str]:
    return [fault.message for fault in one._found("page.html", text)]


def slow(one: _Search, text: str) -> list[str]:
    """All patterns and runs, in every view of the whole text."""
    views = [*_views(text)]
    found = [what for view in views for what in _matches(view, one.erased.found_by)]
    return [
        f"holds {what}; build again, or take it away"
        for what in dict.fromkeys((*found, *one._told(views[-1])))
    ]


def spelled(draw: st.DrawFn, text: str) -> str:
    kind = draw(st.integers(0, 2))
    if kind == 1:
        return f"{text[:2]}{draw(st.sampled_from(INSIDE))}{text[2:]}"
    if kind == 2:
        return text.replace(" ", draw(st.sampled_from(BLANKS)))
    return draw(st.sampled_from(WAYS))(text)


@st.composite
def texts(draw: st.DrawFn) -> str:
    said = st.sampled_from(
        (*NAMES, "ann.smith@…", " ".join(RUN[:6]), " ".join(RUN[2:]), *RUN, "grabbleton", "oak door", "oak")
    ) | st.sampled_from(("bob@secret.example", "Iron, kiln", "555-1234", "x\ny", "vault", "secret.example"))
    between = st.sampled_from(
        (" ", "\n", "\n\n", "", "<p>", "</b>", "&", "%", "\\", "\\n", "<", ">", "<!--", "-->")
    ) | st.sampled_from(('="', "é", "a", "_"))
    parts = draw(st.lists(st.tuples(said, between), min_size=1, max_size=9))
    return "".join(spelled(draw, one) + sign for one, sign in parts)


@given(st.lists(texts(), min_size=1, max_size=4))
@example(["the third oak\nbehind the mill"])
@example(["my gold under\nthe\nthird oak"])
@example(["th<!--\n-->ird: my gold under the th<i\n>ird oak"])
@example(["gra<b>bbleton"])
@example(["Zoe\u0308\nQuill"])
@example(["\\nzed_k zed\\u005fk z%65d_k"])
@example(["mail ann.smith@… here", "Iron\n\nkiln", "x\ny"])
def test_the_quick_look_finds_all_that_the_slow_one_does(texts: list[str]) -> None:
    one = search()
    for text in (*texts, "\n".join(texts), *texts):
        assert quick(one, text) == slow(one, text)


@pytest.mark.parametrize(
    "pattern, literal",
    [
        (r"[a-z]+@secret\.example", "@secret.example"),
        (r"foo|barbar", ""),
        (r"(foo|b)arbarx+yy", "arbar"),
        (r"(?:abc){0,3}d", "d"),
        (r"(?:abc){2}d", "abc"),
        (r"ab(c(de))?", "ab"),
        (r"(?s:a.b)cde", "bcde"),
        (r"(?x) a b  # c", "ab"),
        (r"(?!abc)d", "d"),
        (r"\\\\net", "net"),
        (r"ü.z", "z"),
    ],
)
def test_a_pattern_tells_what_is_in_all_that_it_matches(pattern: str, literal: str) -> None:
    re.compile(pattern)
    assert literal_of(pattern) == literal


def test_what_is_nowhere_costs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    one = search(Erased((Name("zed_k"),), frozenset(runs_of(RUN)), patterns=("[a-z]+@secret",)))
    line = "<p>Nothing of it is here, though <b>oaks</b> are, and the mill.</p>\n"
    assert quick(one, line) == []
    monkeypatch.setattr("hnsite.leaks._views", None)
    monkeypatch.setattr("hnsite.leaks.words", None)
    assert quick(one, line * 100) == []
