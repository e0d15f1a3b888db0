"""What strangers write: too much of it, nested too deep, addresses that lie, characters that turn text."""

from __future__ import annotations

import re
import time
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_site import STORY, Site, api
from trust import bidi, linear

from hnsite.limits import LONGEST_NAME, LONGEST_TITLE, bounded
from hnsite.markup import LONGEST, render, visible
from hnsite.markup.nesting import CUT, shallow
from hnsite.markup.sanitize import sanitize
from hnsite.merge import merge
from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record
from hnsite.pages.slot import escaped
from hnsite.urls import domain_of, web_url

each_dialect = pytest.mark.parametrize("dialect", Dialect)

# ---- time


def test_some_of_the_slow_texts() -> None:
    """`make trust ONLY=linear` tries all; here a busy machine may take its time."""
    assert not [trial for trial in linear.trials(25) if trial.fault and float(trial.fault.split()[0]) > 8]


@pytest.mark.parametrize("size", [1_000_000, 10_000_000])
def test_the_size_of_a_body_costs_nothing(size: int) -> None:
    body = "<div>http://a *b* [" * (size // 19)
    start = time.process_time()
    assert "was left out" in render(body, Dialect.HTML)
    assert time.process_time() - start < 5


# ---- nesting

DEEP = {
    Dialect.HN: ["<div>", "<b>", "<blockquote>", "<ul><li>", "<!-- </div> --><div>", "<div title='</div>'>"],
    Dialect.HTML: ["<div><b>", "<ul><li>", "<table><tr><td>", "<p><i x=1>"],
    Dialect.TEXT: [],
    Dialect.MARKDOWN: ["> ", ">", "- ", "1. ", "> - "],
    Dialect.REDDIT: ["> ", "- "],
    Dialect.DISCORD: ["- "],
}


@pytest.mark.parametrize(
    ("dialect", "bit"), [(dialect, bit) for dialect, bits in DEEP.items() for bit in bits]
)
def test_what_nests_too_deep_is_cut_with_a_mark(dialect: Dialect, bit: str) -> None:
    found = render(f"before\n\n{bit * 250}deep", dialect)
    assert "before" in found
    assert found.endswith(
        '<p class="cut">[The rest of this text is nested over 100 deep and was left out.]</p>'
    )


@pytest.mark.parametrize("bit", ["> ", ">"])
def test_quotes_nest_as_deep_as_they_may(bit: str) -> None:
    """markdown-it-py would drop what is below the twentieth without a word."""
    found = render(bit * 100 + "deep", Dialect.MARKDOWN)
    assert "deep" in found and "left out" not in found


@pytest.mark.parametrize(
    "fine",
    [
        "<p>a" * 300,
        "a<br>" * 300,
        "<ul>" + "<li>a" * 300 + "</ul>",
        "<table>" + "<tr><td>a<td>b" * 200,
        "<b>a</b>" * 300,
        "<img src='https://x.example/a'>" * 300,
        "<wbr>" * 300,
        "<dl>" + "<dt>a<dd>b" * 200,
        "<i>a<p>b</i>" * 100,
    ],
)
def test_what_only_goes_on_is_not_deep(fine: str) -> None:
    assert CUT not in shallow(fine)
    assert "left out" not in render(fine, Dialect.HTML)


def test_formatting_that_is_begun_again_and_again_is_cut() -> None:
    """A browser writes all that is open again in each paragraph: 80 KB would be 60 MB."""
    body = "<p>" + "".join(f"<code class=language-{n}>" for n in range(90)) + "<p>a" * 20_000
    assert len(render(body, Dialect.HN)) < 1_000_000


def test_long_addresses_that_are_begun_again_and_again_are_cut() -> None:
    body = f'<a href="http://a.example/{"y" * 50_000}">' + "<p>a" * 10_000
    for dialect in (Dialect.HN, Dialect.HTML):
        assert len(render(body, dialect)) < 3_000_000


def test_plain_forms_say_the_same() -> None:
    """What is long is written in a plain form before it is parsed; nothing of it is lost."""
    body = (
        "<P CLASS=x>one <A HREF='https://x.example/?a=1&amp;b=\"2\"' onclick=y>two</A> 1 < 2 &lt;<pre>x</pre>"
    )
    long = render(body + "<p>z</p>" * 3000, Dialect.HN)
    assert long.startswith(render(body, Dialect.HN).removesuffix("</p>"))


def test_texts_that_are_nothing_but_signs_stay_as_they_were_written() -> None:
    body = "*a_ [b] `c`\n" * 5000
    found = render(body, Dialect.MARKDOWN)
    assert "too many signs" in found
    assert found.count("*a_ [b] `c`") == 5000


# ---- size


def record(**fields: object) -> Record:
    return Record(Origin("a.json", 7), **{"id": "1", "kind": Kind.COMMENT, **fields})  # type: ignore[arg-type]


LONG = "x" * 1_000_000


def test_what_is_too_long_is_cut_and_told() -> None:
    long = record(
        id=LONG, parent=LONG, author=f"{LONG}@reddit", title=LONG, url=f"http://{LONG}", original=LONG,
        body=LONG, domain=LONG, replies=(LONG, "2"), created=Moment(None, "day", LONG),
    )  # fmt: skip
    *problems, cut = bounded(long)
    assert isinstance(cut, Record)
    assert all(
        isinstance(one, Problem) and str(one.origin) == "a.json:7" and "1,000,0" in one.reason
        for one in problems
    )
    assert {one.reason.split()[1] for one in problems if isinstance(one, Problem)} == {
        "id", "parent", "author", "title", "url", "original", "body", "domain", "replies", "created",
    }  # fmt: skip
    assert cut.id == cut.parent == cut.replies[0] != LONG[:LONGEST_NAME]
    assert cut.author and cut.author.endswith("]@reddit") and cut.url is None is cut.original
    assert cut.title == f"{LONG[:LONGEST_TITLE]}… [cut]"
    assert "over 100000 characters" in render(cut.body or "", cut.dialect)
    assert next(iter(bounded(cut))) is not cut or len(cut.body or "") == LONGEST + 1


def test_different_names_stay_different_when_they_are_cut() -> None:
    cut = {
        one.author
        for name in ("a", "b")
        for one in bounded(record(author=LONG + name))
        if isinstance(one, Record)
    }
    assert len(cut) == 2


def test_a_site_tells_of_what_it_cut(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        **{"a.json": [{**STORY, "kids": [2]}, api(id=2, parent=1, by="b" * 5000, text="a " * 70_000)]},
    )
    report = site.build()
    assert [str(problem) for problem in report.problems] == [
        "content/a.json:1: the author of an item is cut: it has 5,000 characters",
        "content/a.json:1: the body of an item is cut: it has 140,000 characters",
    ]
    assert b"is over 100000 characters and was left out" in site.pages()["item/2.html"]


# ---- addresses

NO_LINKS = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
    "\u0001javascript:alert(1)", " javascript:alert(1)", "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://x.example",
    "//x.example/", "/x", "x", "http:\\\\x.example", "https:/\\x.example",
    "http://x.example\\@evil.example", "ht\ntp://x.example", "http:x.example", "https:", "http://",
    "blob:https://x.example/1", "view-source:https://x.example", "\u200bjavascript:alert(1)",
    "javascript\u200b:alert(1)", "http://x.example/\u2028a", "http://x.example/\u007f",
]  # fmt: skip


@pytest.mark.parametrize("address", NO_LINKS)
def test_addresses_that_lead_to_no_page_of_the_web_are_none(address: str) -> None:
    assert web_url(address) is None
    for dialect, body in {
        Dialect.HN: f'<a href="{address}">x</a>',
        Dialect.HTML: f'<a href="{address}">x</a><img src="{address}"><iframe src="{address}"></iframe>',
        Dialect.MARKDOWN: f"[x]({address}) [x](<{address}>) <{address}>\n\n[x]: {address}\n",
        Dialect.REDDIT: f"[x]({address}) <{address}>",
        Dialect.DISCORD: f"[x]({address}) <{address}>",
        Dialect.SLACK: f"<{address}|x> <{address}>",
    }.items():
        hrefs = lxml.html.fragment_fromstring(render(body, dialect), create_parent="div").xpath("//@href")
        for href in hrefs:  # an address within an odd one may be one
            assert re.fullmatch(r"(?:https?://[\w.%-]|mailto:)[^\s\\\x00-\x20\x7f-\x9f]*", href), (
                dialect,
                href,
            )
            assert not href.startswith(address)


def test_the_domain_behind_a_title_is_where_the_link_leads() -> None:
    assert domain_of("https://good.example@evil.example/") == "evil.example"
    assert domain_of("https://good.example%2f@evil.example/") == "evil.example"
    assert web_url("https://x.example/a\u202eb\u200bc") == "https://x.example/a%E2%80%AEb%E2%80%8Bc"


def test_a_dump_cannot_name_another_site_than_the_one_it_links_to() -> None:
    def shown(stated: str | None, url: str | None) -> str | None:
        story = record(kind=Kind.STORY, title="x", domain=stated, url=url)
        return merge([story], "1").root.domain

    assert shown("good.example", "https://evil.example/") == "evil.example"
    assert shown("github.com/hnsite", "https://github.com/hnsite/a") == "github.com/hnsite"
    assert shown("b.example", "https://www.a.b.example/") == "b.example"
    assert shown("good.example", None) == "good.example"


# ---- what comes out is safe, and stays as it is

HOSTILE = (
    "<b>", "</b>", "<p>", "</p>", "<a href='", "<a href=https://x.example/>", "'>", ">", "<", "<!--",
    "-->", "<pre><code>", "</code></pre>", "<svg>", "<style>", "</style>", "<math>", "<mi>", "<table>",
    "<td>", "&lt;", "&amp;", "&#60;", "&gt;", "javascript:", "onerror=", "\u0000", "\u001c", "\u001d",
    "\u0002", "[x](", ")", "`", "```\n", "> ", "*", "\n\n", "\u202e", "\u200f", "\u2066", "\udb40\udc41",
    "\ud800", "http://x.example/", '"', "text",
)  # fmt: skip
texts = st.lists(st.sampled_from(HOSTILE), max_size=40).map("".join)


@each_dialect
@settings(max_examples=150)
@given(body=texts)
def test_sanitized_text_is_sanitary(dialect: Dialect, body: str) -> None:
    found = render(body, dialect)
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ud800-\udfff]", found
    )
    clean = sanitize(found)
    assert sanitize(clean) == clean
    assert sanitize(shallow(clean)) == clean
    for element in lxml.html.fragment_fromstring(found, create_parent="div").iterdescendants():
        assert set(element.attrib) <= {"href", "rel", "class", "tabindex", "start"}
        assert element.get("href", "https://").startswith(("https://", "http://", "mailto:"))


# ---- characters that turn text


def test_some_of_the_fields_that_could_turn_a_page() -> None:
    assert not [trial for trial in bidi.trials(2 * len(bidi.FIELDS)) if trial.fault]


def test_what_turns_text_is_shown() -> None:
    assert visible("evil\u202egnp.exe") == "evil[U+202E]gnp.exe"
    assert escaped("<\u2067>\u200f") == "&lt;[U+2067]&gt;[U+200F]"
    assert visible("a\U000e0041") == "a[U+E0041]"
    scotland = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    assert visible(f"{scotland}\u202a") == f"{scotland}[U+202A]"
    assert visible("שלום, עולם مرحبا") == "שלום, עולם مرحبا"


@each_dialect
def test_a_body_keeps_the_marks_of_its_script(dialect: Dialect) -> None:
    found = render("שלום\u200f! \u202eabc\u202c", dialect)
    assert "שלום&rlm;! [U+202E]abc[U+202C]" in found


def test_names_that_differ_in_what_nobody_sees_are_different(tmp_path: Path) -> None:
    names = ["eve", "eve\u202e", "eve\u200f", "eve[U+202E]"]
    story = {**STORY, "kids": [2, 3, 4, 5]}
    site = Site(
        tmp_path,
        **{"a.json": [story, *(api(id=n, parent=1, by=name, text="x") for n, name in enumerate(names, 2))]},
    )
    assert site.build().authors == 4
    pages = site.pages()
    assert len([path for path in pages if path.startswith("user/eve") and path.endswith(".html")]) == 4
    assert not any(
        re.search("[\u202e\u200f]", page.decode()) for path, page in pages.items() if "static" not in path
    )


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "gopher://x/secret", r"http://a\b@evil.example/", "//evil.example", "http://a b"],
)
def test_an_address_that_no_browser_may_follow_is_told(url: str) -> None:
    problem, kept = bounded(record(url=url))
    assert isinstance(problem, Problem) and "no web address" in problem.reason
    assert isinstance(kept, Record) and web_url(kept.url) is None


@pytest.mark.parametrize("url", ["https://a.example/b?c", "item?id=1", ""])
def test_other_addresses_are_not(url: str) -> None:
    assert not [one for one in bounded(record(url=url)) if isinstance(one, Problem)]
