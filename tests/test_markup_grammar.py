"""Bodies written by a grammar: tags with attributes within each other, entities, marks of every dialect.

Whatever is written comes out of the allow-list, well nested, and as a browser understands it: cleaning what
is clean changes nothing.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_markup import check_nesting, check_safe, each_dialect, letters, rendered, visible

from hnsite.markup import plain_text
from hnsite.markup.sanitize import _cleaner, _settled, sanitize
from hnsite.markup.valid import valid
from hnsite.model import Dialect
from hnsite.readers.input import clean
from hnsite.rules.page import Said, read_page

TAGS = (
    "a", "p", "b", "i", "em", "code", "pre", "ul", "ol", "li", "table", "tr", "td", "caption",
    "blockquote", "div", "span", "h1", "h4", "details", "summary", "aside", "button", "select", "option",
    "object", "marquee", "font", "svg", "math", "mtext", "annotation-xml", "foreignObject", "style",
    "script", "title", "textarea", "noscript", "template", "iframe", "img", "video", "form", "input",
    "base", "meta", "link", "xmp", "plaintext", "x-y", "nobr", "sup", "del", "hr", "br", "thead", "tbody",
    "th", "dl", "dt", "dd", "h2", "h5", "h6",
)  # fmt: skip
NAMES = (
    "href", "src", "style", "class", "id", "onclick", "onerror", "title", "alt", "data-x", "xlink:href",
    "srcdoc", "formaction", "action", "start", "target", "lang", "dir", "is", "slot", "a", "=", "/",
    "HREF", "on\nload",
)  # fmt: skip
ADDRESSES = (
    "https://a.example/?a=1&b=2", "http://x", "mailto:a@b.example", "javascript:alert(1)",
    "java\tscript:alert(1)", "&#106;avascript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "//a.example", "/x", "#y", "vbscript:x", "https:\\\\a.example", " https://a.example",
    "https://a.example/\x00", "https://\u202ea.example", "", "https://news.ycombinator.com/item?id=5",
    "http://a.example/\"onclick=\"x", "blob:https://a.example/1",
)  # fmt: skip
ENTITIES = (
    "&lt;script&gt;", "&amp;lt;", "&#0;", "&#x1;", "&#xD800;", "&#x110000;", "&nbsp;", "&quot;", "&apos;",
    "&#39", "&notit;", "&lt", "&colon;", "&Tab;", "&NewLine;", "&#x202e;", "&#65279;", "&",
)  # fmt: skip
MARKS = (
    "**", "__", "*", "`", "```\n", "~~~\n", "> ", ">!", "!<", "||", "~~", "# ", "- ", "1. ", "    ", "\n",
    "\n\n", "---\n", "| a | b |\n|---|---|\n", "[x](", "](", ")", "![", "[x]: ", "<http://a.example/>",
    "<@U1>", "<#C1|x>", "<!here>", "<https://a.example/|x>", "^(", "&gt;", "/u/ann", "r/x", "<:a:1>",
    "@ann", "\\", "$$x$$", "On x, y wrote:\n", "-- \n", "http://a.example/x", "www.a.example", "<!--",
    "-->", "<![CDATA[", "]]>", "<?x", "</", "<", ">", "\u2028", "\x00",
)  # fmt: skip
words = st.sampled_from(("word", "naïve", "x", " ", "☃", "\u202e", "\u200b")) | st.text(max_size=4)
values = st.sampled_from(ADDRESSES) | st.sampled_from(ENTITIES) | words
quotes = st.sampled_from(('"', "'", "", "`"))


@st.composite
def attributes(draw: st.DrawFn) -> str:
    quote = draw(quotes)
    return f" {draw(st.sampled_from(NAMES))}={quote}{draw(values)}{quote if draw(st.integers(0, 9)) else ''}"


@st.composite
def elements(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """An element; its end may be missing or another's."""
    tag = draw(st.sampled_from(TAGS))
    given = "".join(draw(st.lists(attributes(), max_size=2)))
    begin = f"<{tag}{given}{draw(st.sampled_from(('>', '>', '/>', '')))}"
    end = draw(st.sampled_from((f"</{tag}>", f"</{tag}>", "", f"</{draw(st.sampled_from(TAGS))}>")))
    return f"{begin}{draw(inner)}{end}"


PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>a</title><h1>a</h1><h2>a</h2>'
leaves = st.sampled_from(MARKS) | st.sampled_from(ENTITIES) | st.sampled_from(ADDRESSES) | words
bodies = st.recursive(
    leaves, lambda inner: elements(inner) | st.lists(inner, max_size=4).map("".join), max_leaves=12
)
quick = settings(max_examples=60, suppress_health_check=list(HealthCheck))
thorough = settings(max_examples=2000, suppress_health_check=list(HealthCheck))


def check_all(dialect: Dialect, body: str) -> None:
    """Readers have taken control characters out; none may come back out of entities."""
    body = clean(body) or ""
    check_nesting(rendered(body, dialect))
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", plain_text(body, dialect))


def check_settled(body: str) -> None:
    once = sanitize(body)
    check_safe(once)
    assert sanitize(once) == once


def check_valid(dialect: Dialect, body: str) -> None:
    said = Said()
    shown = rendered(clean(body) or "", dialect)
    read_page(f"{PAGE}<article><h3>a</h3><div>{shown}</div></article>", said)
    assert not said.faults, (shown, said.faults)


@each_dialect
@quick
@given(body=bodies)
def test_what_a_grammar_writes_comes_out_safe(dialect: Dialect, body: str) -> None:
    check_all(dialect, body)


@each_dialect
@quick
@given(body=bodies)
def test_what_a_grammar_writes_comes_out_valid(dialect: Dialect, body: str) -> None:
    check_valid(dialect, body)


@quick
@given(body=bodies)
def test_no_word_is_lost_where_elements_are_moved(body: str) -> None:
    settled = _settled(body, _cleaner(False))
    assert letters(visible(valid(settled, 4))) == letters(visible(settled))


@quick
@given(body=bodies)
def test_what_is_clean_stays_as_it_is(body: str) -> None:
    check_settled(body)


@pytest.mark.slow
@each_dialect
@thorough
@given(body=bodies)
def test_much_that_a_grammar_writes_comes_out_safe(dialect: Dialect, body: str) -> None:
    check_all(dialect, body)


@pytest.mark.slow
@each_dialect
@thorough
@given(body=bodies)
def test_much_that_a_grammar_writes_comes_out_valid(dialect: Dialect, body: str) -> None:
    check_valid(dialect, body)


@pytest.mark.slow
@thorough
@given(body=bodies)
def test_much_that_is_clean_stays_as_it_is(body: str) -> None:
    check_settled(body)
