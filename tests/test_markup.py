"""Bodies to safe HTML: the cases in tests/markup, hostile input, and what holds for any text.

`pytest tests/test_markup.py --update-golden` rewrites what the cases expect; read the diff.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import lxml.html
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from hnsite.markup import (
    LONGEST,
    linked_items,
    normalise,
    plain_text,
    quoted_lines,
    render,
    text_id,
    words_of,
)
from hnsite.markup.highlight import guess, highlight
from hnsite.markup.hypertext import with_formulas_as_written
from hnsite.markup.sanitize import finish, sanitize
from hnsite.model import Dialect, is_provisional

CASES = Path(__file__).parent / "markup"
CASE = re.compile(
    r"^(?P<title>[^\n]+)\n\.\n(?P<body>.*?)\n\.\n(?P<html>(?:.*?\n)??)\.\n", re.DOTALL | re.MULTILINE
)
HELD = "5"
"""The one item that the archive has, in these tests."""

ALLOWED: dict[str, dict[str, str]] = {
    "a": {
        "href": r"(?i)(?:https?://|mailto:)[^\s\\]+|#held",
        "rel": "nofollow noopener ugc",
        "title": ".*",
        "class": "item",
    },
    "code": {"class": r"language-[\w+#.-]{1,30}"},
    "ol": {"start": ".*"},
    "td": {"align": ".*"},
    "th": {"align": ".*"},
    "span": {"class": "[a-z0-9]{1,4}"},
    "p": {"class": "cut"},
    "pre": {"tabindex": "0"},
}
BARE = {
    "b", "blockquote", "br", "del", "details", "em", "h4", "h5", "h6", "hr", "i", "kbd", "li",
    "s", "strong", "sub", "summary", "sup", "table", "tbody", "thead", "tr", "u", "ul",
}  # fmt: skip
"""Every tag that may come out: those with attributes, what their values look like, and those without."""

each_dialect = pytest.mark.parametrize("dialect", Dialect)


def on_item(id: str) -> str | None:
    return f'<a class="item" href="#held">&gt;&gt;{id}</a>' if id == HELD else None


def rendered(body: str, dialect: Dialect) -> str:
    """The HTML of a body, after a check that it is safe."""
    found = render(body, dialect, on_item)
    check_safe(found)
    return found


def check_safe(fragment: str) -> None:
    """Nothing but the allow-list, to a parser and to the eye; every tag closed in its turn."""
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", fragment)
    assert "<" not in re.sub(TAG, "", fragment)
    root = lxml.html.fragment_fromstring(fragment, create_parent="div")
    for element in root.iterdescendants():
        assert isinstance(element.tag, str), "a comment or an instruction"
        assert element.tag in ALLOWED or element.tag in BARE, fragment
        for name, value in element.attrib.items():
            assert re.fullmatch(ALLOWED.get(element.tag, {}).get(name, "(?!)"), value, re.DOTALL), fragment


TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*)>')


def check_nesting(fragment: str) -> None:
    """Tags close in the order they were opened."""
    path: list[str] = []
    for closing, name, _ in TAG.findall(fragment):
        if closing:
            assert path and path.pop() == name, fragment
            continue
        if name not in ("br", "hr"):
            path.append(name)
    assert not path, fragment


def visible(fragment: str) -> str:
    return html.unescape(TAG.sub("", fragment))


def letters(text: str) -> str:
    """What must not get lost: letters and digits."""
    return "".join(character for character in text if character.isalnum())


def in_order(needle: str, hay: str) -> bool:
    """Whether all characters of ``needle`` stand in ``hay``, in their order."""
    rest = iter(hay)
    return all(character in rest for character in needle)


# ---- the cases


def cases(name: str) -> list[tuple[str, str, str]]:
    text = (CASES / f"{name}.txt").read_text("utf-8")
    return [(case["title"], case["body"], case["html"].removesuffix("\n")) for case in CASE.finditer(text)]


@each_dialect
def test_cases(dialect: Dialect, update_golden: bool) -> None:
    """Each case of the dialect's document gives the HTML below it, safe and well nested."""
    path = CASES / f"{dialect}.txt"
    if update_golden:
        text = CASE.sub(lambda case: written(case, dialect), path.read_text("utf-8"))
        path.write_text(text, "utf-8", newline="\n")
    found = [(title, rendered(body, dialect)) for title, body, _ in cases(path.stem)]
    assert found == [(title, expected) for title, _, expected in cases(path.stem)]
    assert len(found) > 2
    for _, fragment in found:
        check_nesting(fragment)


def written(case: re.Match[str], dialect: Dialect) -> str:
    made = rendered(case["body"], dialect)
    return f"{case['title']}\n.\n{case['body']}\n.\n{made}{chr(10) if made else ''}.\n"


# ---- hostile input

VECTORS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//x.example/x.js></sCrIpT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt&#58;alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a><a href='data:text/html;base64,eA=='>y</a><a href='blob:x'>z</a>",
    "<a href='//x.example'>x</a><a href='/x'>y</a><a href='x'>z</a><a href='#x'>w</a>",
    "<a href='http://x.example/' onclick='alert(1)' style='position:fixed' id=x class=y target=_blank>x</a>",
    "<a href='http://x.example/\"onmouseover=\"alert(1)'>x</a>",
    "<a href='http://x.example/' title='\"><script>alert(1)</script>'>x</a>",
    "<a href='http://x.example\\@y.example'>x</a>",
    "<p style='background:url(javascript:alert(1))' onclick=x id=header class='missing op'>x</p>",
    "<iframe src='javascript:alert(1)'></iframe><iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='x'></object><embed src='x'><applet code='x'></applet>",
    "<form action='http://x.example'><input name=x autofocus onfocus=alert(1)></form>",
    "<button form=x formaction='javascript:alert(1)'>y</button><select><option>z</select>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='//x.example'><link rel=stylesheet href=x>",
    "<style>@import 'http://x.example/x.css';</style><style/><img src=x>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template><noembed><script>x</script></noembed>",
    "<xmp><script>alert(1)</script></xmp><plaintext><script>alert(1)</script>",
    "<textarea><script>alert(1)</script></textarea><title><img src=x onerror=alert(1)></title>",
    "<!--><script>alert(1)</script>--><![CDATA[<script>alert(1)</script>]]><?xml x?><!DOCTYPE x>",
    "<details open ontoggle=alert(1)><summary>x</summary></details><marquee onstart=alert(1)>x</marquee>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)></audio>",
    "</li></ol></article></main></body></html>escaped?",
    "<li>x</li><tr><td>y</td></tr><tbody><caption>z</caption>",
    "<pre><code class='language-python\" onclick=\"alert(1)'>x</code></pre>",
    "<code class='language-x onclick'>x</code><code class='card'>y</code>",
    "<pre><code><img src=x onerror=alert(1)></code></pre>",
    "<pre><code>&lt;/code&gt;&lt;script&gt;alert(1)&lt;/script&gt;</code></pre>",
    "<pre><code>def x():<script>alert(1)</script></code></pre>",
    "<a href='https://news.ycombinator.com/item?id=5'><img src=x onerror=alert(1)></a>",
    "<a href='https://news.ycombinator.com/item?id=5\"><script>alert(1)</script>'>x</a>",
    "<p>&gt; <i><script>alert(1)</script></i></p>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;script&amp;gt;",
    "\x02../../x\x03\x04 a mark of a card",
    "&#2;../../x&#3;&#x4; a mark <a href='http://x.example/&#5;0&#6;'>&#5;0&#6;</a> from entities",
    "<a\nhref\n=\n'http://x.example'\n>x",
    "<b" + "<b" * 50 + ">x",
    "<" * 200 + ">" * 200,
    "<i>" * 300 + "deep" + "</i>" * 300,
    "javascript:alert(1) [x](javascript:alert(1)) ![x](x onerror=alert(1)) <javascript:alert(1)>",
    '[x](https://a.example/"onclick="alert(1)) [y]: javascript:alert(1) \'"<b>\'',
    '```x" onclick="alert(1)\n<script>alert(1)</script>\n```',
    'https://a.example/"onclick="alert(1) http://a.example/<script>alert(1)</script>',
    "> <script>alert(1)</script>\n\n  <script>alert(1)</script>\n",
    "\u202e\u2066<script>\u2069 \ufeff<\u200bscript>",
]


@each_dialect
@pytest.mark.parametrize("body", VECTORS)
def test_hostile_bodies(body: str, dialect: Dialect) -> None:
    rendered(body, dialect)


@each_dialect
def test_no_body_can_forge_a_mark(dialect: Dialect) -> None:
    """Cards and pages are put together at control characters: none comes through, not as an entity either."""
    body = "".join(
        f"{chr(code)}&#{code};&#x{code:x};<a href='http://x.example/&#{code};'>x</a>" for code in range(9)
    )
    assert not re.search(r"[\x00-\x08]", render(body, dialect))
    assert not re.search(r"[\x00-\x08]", render(f"é{body}<pre><code>{body}</code></pre>", dialect))


def strings(value: object) -> Iterator[str]:
    """Every text in a JSON document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def test_known_vectors(shared: Path) -> None:
    """Collections of vectors by people who look for them, in every dialect."""
    folder = shared / "data" / "xss"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    vectors = {
        text
        for path in sorted(folder.glob("*.json"))
        for text in strings(json.loads(path.read_text("utf-8")))
    }
    for vector in sorted(vectors):
        for dialect in Dialect:
            rendered(vector, dialect)


@pytest.mark.parametrize(
    "unsafe",
    [
        '<a href="https://a.example/" title="<pre><code>&quot; onclick=&quot;x</code></pre>">y</a>',
        '<a href="https://a.example/<pre><code>&quot;onclick=&quot;x</code></pre>">y</a>',
        '<a href="https://a.example/" title="<p><i>&quot; onclick=&quot;x</i></p>">y</a>',
        '<ol start="<pre><code>&quot; onclick=&quot;x</code></pre>"><li>y</ol>',
        '<td align="<pre><code>&quot; onclick=&quot;x</code></pre>">y</td>',
        '<p title="<pre><code>&quot; onclick=&quot;x</code></pre>" lang="<p>&gt; x">y</p>',
    ],
)
def test_nothing_is_done_inside_of_an_attribute(unsafe: str) -> None:
    """nh3 before 0.3.7 leaves < and > in attributes as they are, as HTML once had it.

    What looks like code there must not be decoded as code: its quotes would end the attribute and
    begin another one.
    """
    clean = re.sub(
        '"[^"]*"', lambda value: value[0].replace("&lt;", "<").replace("&gt;", ">"), sanitize(unsafe)
    )
    root = lxml.html.fragment_fromstring(finish(clean, on_item, None), create_parent="div")
    for element in root.iterdescendants():
        assert set(element.attrib) <= {"href", "title", "rel", "start", "align", "class"}


HTML_BITS = (
    "<p>", "</p>", "<i>", "</i>", "<pre>", "<code>", "</code>", "</pre>", "<pre><code>", "</code></pre>",
    "&gt;", "<ul>", "<li>", "</li>", "</ul>", "<ol>", "<table>", "<tr>", "<td>", "</table>", "<blockquote>",
    "</blockquote>", "<a href='https://a.example/'>", "<a href='https://news.ycombinator.com/item?id=5'>",
    "</a>", "<b>", "</b>", "<h4>", "</h4>", "<em>", "</em>", "<hr>", "<br>", "<div>", "</div>", "<span>",
    "</span>", "> ", "```", "  code", "<", ">", "&", '"', "'", "\n", "\n\n", "text", "def x():", "<!--",
    "-->", "<svg>", "<style>", "</style>", "=", "<code class='language-c'>", "&lt;", "&amp;", "&#x27;",
    "\x00", "\x02", "é", "https://b.example/", "](", "[", "`",
)  # fmt: skip
any_html = st.lists(st.sampled_from(HTML_BITS) | st.text(max_size=5), max_size=25).map("".join)


@each_dialect
@settings(max_examples=150)
@given(body=any_html)
def test_any_html_comes_out_safe(dialect: Dialect, body: str) -> None:
    rendered(body, dialect)


@each_dialect
@settings(max_examples=80)
@given(body=st.text())
def test_any_text_comes_out_safe(dialect: Dialect, body: str) -> None:
    rendered(body, dialect)


@pytest.mark.slow
@each_dialect
@settings(max_examples=3000)
@given(body=any_html)
def test_much_html_comes_out_safe(dialect: Dialect, body: str) -> None:
    rendered(body, dialect)


@each_dialect
@settings(max_examples=150)
@given(body=any_html)
@example("<p>&gt; x<button><p>y</p></button></p>")
@example("<p>&gt; x<button><ul><li><p>y</p></li></ul></button></p>")
def test_any_html_comes_out_well_nested(dialect: Dialect, body: str) -> None:
    """A stray end tag could close what the page has around the body, as the item of a list."""
    check_nesting(rendered(body, dialect))


@pytest.mark.parametrize(
    "body", ["<ul><li>" * 400 + "x", "</i>" * 400 + "<ul><li>" * 400 + "x", "<b>" * 5000 + "x"]
)
def test_no_body_nests_deep(body: str) -> None:
    """Browsers flatten a document at 512 levels, and the page itself takes 200 of them."""
    found = rendered(body, Dialect.HN)
    depth = deepest = 0
    for closing, _, _ in TAG.findall(found):
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    assert deepest <= 102
    assert found.endswith("nested over 100 deep and was left out.]</p>")


SLOW_BITS = [
    "<",
    "<a ",
    "<b>",
    "<div>",
    "</b><div>",
    "&",
    "*",
    "_a",
    "`",
    "> ",
    "\n\n  x",
    "<p>&gt;",
    "(",
    "|",
    "<!--",
    "</span>",
    "<span class=katex>",
    "<aside class=quote data-username=x>",
    '<a "',
]


@pytest.mark.parametrize(
    "dialect",
    [Dialect.HN, Dialect.TEXT, Dialect.HTML, pytest.param(Dialect.MARKDOWN, marks=pytest.mark.slow)],
)
def test_long_bodies_take_no_time(dialect: Dialect) -> None:
    """100,000 characters of what parsers are slow at."""
    for bit in SLOW_BITS:
        start = time.process_time()
        rendered((bit * LONGEST)[:LONGEST], dialect)
        assert time.process_time() - start < 5, bit


@pytest.mark.slow
@pytest.mark.parametrize("bit", ["[", "![", "[]("])
def test_brackets_take_no_quadratic_time(bit: str) -> None:
    """What markdown-it-py is slow at."""
    start = time.process_time()
    rendered((bit * LONGEST)[:LONGEST], Dialect.MARKDOWN)
    assert time.process_time() - start < 5


@each_dialect
def test_long_bodies_are_cut_with_a_mark(dialect: Dialect) -> None:
    whole, long = "word " * (LONGEST // 5), "word " * (LONGEST // 5) + "more"
    assert "left out" not in rendered(whole, dialect)
    assert rendered(long, dialect).endswith("over 100000 characters and was left out.]</p>")
    assert visible(rendered(long, dialect)).count("word") == LONGEST // 5


# ---- no text is lost

WORDS = st.from_regex(r"[a-zA-Z0-9éя海.,;!?()'\"“”…=+-]{1,8}", fullmatch=True)
PLAIN_BITS = (
    " ", "\n", "\n\n", "\n  ", "\n\n  ", "\n\n\t", "> ", ">", "*", "_", "#", "- ", "1. ", "<", "&", "&amp;",
    "<b>", "|", "`", "\n```\n", "https://tide.example/a", "http://b.example/?c=d&e",
    "https://news.ycombinator.com/item?id=9", "\\", "[", "](", "\r\n", "\xa0", "...", "@", "//", "www.",
    "mailto:",
)  # fmt: skip
plain_bodies = st.lists(WORDS | st.sampled_from(PLAIN_BITS), max_size=30).map("".join)


@settings(max_examples=300)
@given(plain_bodies)
@example("a\n\n    b\n  c\n\n\td")
@example("```\nnever closed")
def test_plain_bodies_keep_every_letter(body: str) -> None:
    """Nothing of a plain text is markup, so every letter of it is seen, in its place; but for the language
    that a fence names."""
    assume(not re.search(r"(?m)^(?:```|~~~).*\w", body))
    found = render(body, Dialect.TEXT)
    assert letters(visible(found)) == letters(body)


@settings(max_examples=200)
@given(plain_bodies)
def test_rendering_what_is_seen_shows_the_same_words(body: str) -> None:
    """Once shown, a plain text stays the same text: its words do not change from copy to copy."""
    seen = visible(render(body, Dialect.TEXT))
    assert letters(visible(render(seen, Dialect.TEXT))) == letters(seen)


@settings(max_examples=150)
@given(st.lists(WORDS, min_size=1, max_size=20))
def test_words_of_markdown_are_kept(words: list[str]) -> None:
    body = " ".join(letters(word) or "x" for word in words)
    assert visible(render(body, Dialect.MARKDOWN)).split() == body.split()


TAG_BITS = [bit for bit in HTML_BITS if re.fullmatch(r"</?[a-z0-9]+( href='.*')?>|&.*;", bit)]
TAG_BITS = [bit for bit in TAG_BITS if not re.search("pre|svg|style", bit)]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(TAG_BITS) | WORDS, max_size=30).map(" ".join))
def test_html_keeps_its_words(body: str) -> None:
    """Tags may go and tables may move what stands between their rows; every letter is there."""
    words = letters(html.unescape(re.sub("<[^<>]*>", " ", body)))
    assert sorted(words) == sorted(letters(visible(render(body, Dialect.HN))))


def test_addresses_are_shown_as_they_were_written() -> None:
    """Decoding percent signs shows another address than was posted, also one that reads backwards."""
    for url in ("https://a.example/%41%42", "https://a.example/%E2%80%AE", "http://xn--e1afmkfd.example/"):
        assert visible(render(f"see {url} there", Dialect.TEXT)) == f"see {url} there"


def test_what_is_no_address_is_no_link() -> None:
    """`//` begins comments in many languages, and a link without an address leads nowhere."""
    for text in ("//tide.example", "ftp://tide.example/", "a //b.example c"):
        assert "<a" not in render(text, Dialect.TEXT)


def test_code_with_a_link_in_it_shows_no_tags() -> None:
    body = '<pre><code>  wget <a href="https://a.example" rel="nofollow">https://a.example</a>\n</code></pre>'
    assert visible(rendered(body, Dialect.HN)).strip() == "wget https://a.example"


def test_fenced_code_keeps_its_indents() -> None:
    for code in ("if wet:\n    swim()\n", "a\n  b\n\n  c\n", "\tx\n"):
        assert visible(rendered(f"```\n{code}```", Dialect.TEXT)) == code


def test_pictures_leave_their_words() -> None:
    """The archive shows no pictures of others; what a picture was of remains."""
    assert "a cat" in visible(rendered("![a cat](https://b.example/cat.png)", Dialect.MARKDOWN))


def test_headings_stay_apart_from_the_text() -> None:
    """Also the large ones, which a body must not have."""
    for level in range(1, 7):
        found = rendered(f"{'#' * level} Sea\n\ntext\n", Dialect.MARKDOWN)
        assert re.match(r"<(h[456]|p)>", found), found


# ---- links to items

ITEM = "https://news.ycombinator.com/item?id="


@pytest.mark.parametrize("dialect", [Dialect.HN, Dialect.TEXT])
@pytest.mark.parametrize(
    "address", [ITEM + "5", "http://news.ycombinator.com/item?id=5", ITEM + "9#5", ITEM + "5#5"]
)
def test_links_to_items_become_their_numbers(address: str, dialect: Dialect) -> None:
    body = f'see <a href="{address}">{address}</a>' if dialect is Dialect.HN else f"see {address}"
    assert rendered(body, dialect) == '<p>see <a class="item" href="#held">&gt;&gt;5</a></p>'
    assert HELD in linked_items(body)


@pytest.mark.parametrize(
    "address",
    [
        "https://web.archive.example/2020/https://news.ycombinator.com/item?id=5",
        "https://old-news.ycombinator.com/item?id=5",
        "https://mynews.ycombinator.com/item?id=5",
        "https://a.example/?from=news.ycombinator.com/item?id=5",
        "https://news.ycombinator.com/item?id=5000000000000000",
        "https://news.ycombinator.com.a.example/item?id=5",
        "https://news.ycombinator.com/reply?id=5",
        "https://news.ycombinator.com/item?id=9",
        "https://news.ycombinator.com/item?id=",
    ],
)
def test_links_to_elsewhere_stay(address: str) -> None:
    """A copy in another archive, another host, another page or number is not the item."""
    assert f'<a href="{address}"' in rendered(f'see <a href="{address}">there</a>', Dialect.HN)


def test_the_words_of_a_link_are_not_lost() -> None:
    """Only an address can become a number; words of the author stay."""
    assert "what she said" in visible(rendered(f"[what she said]({ITEM}5)", Dialect.MARKDOWN))
    assert "what she said" in visible(rendered(f'<a href="{ITEM}5">what she said</a>', Dialect.HN))


def test_linked_items_are_found_in_every_spelling() -> None:
    coded = f"{ITEM}2#3".replace("/", "&#x2F;")
    body = f'{ITEM}1 <a href="{coded}">x</a> news.ycombinator.com/item?id=4'
    assert linked_items(body) == {"1", "3", "4"}
    assert linked_items("item?id=5 ycombinator.com/item?id=6") == frozenset()


# ---- code


@pytest.mark.parametrize(
    "code, language",
    [
        ("def swim():\n    pass", "python"),
        ("$ make harbour", "console"),
        ("SELECT tide FROM sea", "sql"),
        ("#include <sea.h>", "c"),
        ("fn swim<T>(x: T) {", "rust"),
        ("--- a/x\n+++ b/x\n", "diff"),
        ("<div class='x'>", "html"),
        ("const sea = 1", "javascript"),
        ('{"tide": 1}', "json"),
        ("(defun swim (x) x)", "common-lisp"),
        ("The sea, the sea.", ""),
        ("", ""),
    ],
)
def test_languages_that_show(code: str, language: str) -> None:
    assert guess(code) == language


@settings(max_examples=100)
@given(
    st.text(max_size=60).map(lambda code: code.replace("\r", "")),
    st.sampled_from(["", "python", "c", "html", "json", "nosuch", "diff", "console", "rust"]),
)
@example("\n\n x \n\n", "python")
@example("", "python")
def test_highlighting_changes_no_letter(code: str, language: str) -> None:
    """Only spans are added: leading blanks, empty lines and tabs stay."""
    found = highlight(code, language)
    shown = html.unescape(re.sub(r'</?span(?: class="[a-z0-9 ]+")?>', "", found))
    assert shown.rstrip("\n") == code.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


# ---- plain text, for comparing

TEXTS = st.lists(st.text("abc é&<>'\"/.:", max_size=12), min_size=1, max_size=4)


def as_hn(paragraphs: list[str]) -> str:
    """As Hacker News's API would give these paragraphs."""
    return "<p>".join(html.escape(text).replace("/", "&#x2F;") for text in paragraphs)


@settings(max_examples=200)
@given(TEXTS)
def test_dumps_in_html_and_in_text_say_the_same(paragraphs: list[str]) -> None:
    """Markup, entities and white space aside: what makes one comment of two dumps."""
    text = "\n\n".join(paragraphs)
    assert words_of(as_hn(paragraphs), Dialect.HN) == words_of(text, Dialect.TEXT)


@pytest.mark.parametrize(
    "body, text",
    [
        ("See <i>this</i>.<p>And that.", "See this. And that."),
        ("<p>See this.</p><p>And that.</p>", "See this.\n\nAnd that."),
        ("a<pre><code>  x &lt; y\n</code></pre>\nb", "a\n\n  x < y\n\nb"),
        ("it&#x27;s 1&#x2F;2 &quot;x&quot; &#38; y", 'it\'s 1/2 "x" & y'),
        ("caf\u00e9 \u200bx", "cafe\u0301 x"),
        ("a\u00a0b\u2003c", "abc"),
        ("", ""),
        (
            as_hn([f"see {'https://tide.example/' + 'x' * 39}... ok"]),
            f"see https://tide.example/{'x' * 70} ok",
        ),
    ],
)
def test_the_same_words(body: str, text: str) -> None:
    assert words_of(body, Dialect.HN) == words_of(text, Dialect.TEXT)


def test_other_words_are_other_words() -> None:
    """Case, punctuation and signs count."""
    said = ["a b", "A b", "a b.", "a  c", "<a b", "a b>", "&amp; b"]
    assert len({normalise(text) for text in said}) == len(said)


def test_a_text_without_a_body_has_no_words() -> None:
    assert words_of(None, Dialect.HN) == words_of("", Dialect.TEXT) == ""


def test_plain_text_keeps_paragraphs_apart() -> None:
    body = "a <i>b</i><p>&gt; c<p><pre><code>  d\n</code></pre>\ne &lt;f&gt;"
    assert plain_text(body, Dialect.HN).split() == ["a", "b", ">", "c", "d", "e", "<f>"]
    assert "> c" in plain_text(body, Dialect.HN).split("\n")
    assert plain_text("<b> & &amp;", Dialect.TEXT) == "<b> & &amp;"


@pytest.mark.parametrize(
    "line, expected",
    [
        ("> a", [(1, "a")]),
        (">a", [(1, "a")]),
        ("  > a", [(1, "a")]),
        ("> > a", [(2, "a")]),
        (">> a", [(2, "a")]),
        (">>> > a > b", [(4, "a > b")]),
        (">", [(1, "")]),
        ("a > b", []),
        ("", []),
        ("a\n> b\n\nc\n>> d", [(1, "b"), (2, "d")]),
    ],
)
def test_quoted_lines(line: str, expected: list[tuple[int, str]]) -> None:
    assert list(quoted_lines(line)) == expected


def test_text_ids_tell_authors_texts_and_occurrences_apart() -> None:
    ids = [text_id(*one) for one in (("a", "x"), ("b", "x"), ("a", "y"), (None, "x"), ("ax", ""))]
    ids += [text_id("a", "x", 2), text_id("a", "x", 3)]
    assert len(set(ids)) == 7
    assert all(is_provisional(id) and re.fullmatch("x[0-9a-f]{12}", id) for id in ids)
    assert text_id("a", "x", 1) == text_id("a", "x")


# ---- quotes


def quoting(*known: str) -> Callable[[str], str | None]:
    """Finds the texts that are given, at their places."""
    return lambda text: f"#{known.index(text.strip())}" if text.strip() in known else None


@pytest.mark.parametrize(
    "body, dialect, expected",
    [
        ("&gt; one thing<p>So", Dialect.HN, '<p><a class="quoted" href="#0">&gt; one thing</a></p>'),
        ("<i>one thing</i>", Dialect.HN, '<p><a class="quoted" href="#0"><i>one thing</i></a></p>'),
        (
            "&gt;<i>one thing</i><p>x",
            Dialect.HN,
            '<p><a class="quoted" href="#0">&gt;<i>one thing</i></a></p>',
        ),
        ("> one thing\n\nSo", Dialect.TEXT, '<p><a class="quoted" href="#0">&gt; one thing</a></p>'),
        (
            "> one thing\n>\n> two",
            Dialect.MARKDOWN,
            '<p><a class="quoted" href="#0">one thing</a></p>\n<p>two</p>',
        ),
        ("&gt; other<p>So", Dialect.HN, "<blockquote><p>&gt; other</p></blockquote>"),
    ],
)
def test_a_quote_leads_to_what_it_quotes(body: str, dialect: Dialect, expected: str) -> None:
    assert expected in render(body, dialect, None, quoting("one thing"))


def test_a_quote_that_holds_a_link_leads_on_by_its_sign() -> None:
    body = '&gt; see <a href="https://a.example/">https://a.example/</a>'
    found = render(body, Dialect.HN, None, quoting("see https://a.example/"))
    assert '<a class="quoted" href="#0">&gt;</a> see <a href="https://a.example/"' in found
    unsigned = '<i>see <a href="https://a.example/">https://a.example/</a></i>'
    assert "quoted" not in render(unsigned, Dialect.HN, None, quoting("see https://a.example/"))


def test_addresses_are_written_as_browsers_send_them() -> None:
    found = render('<a href="https://a.example/?a=b|c^d`{e}">x</a>', Dialect.HN)
    assert 'href="https://a.example/?a=b%7Cc%5Ed%60%7Be%7D"' in found


def test_all_that_follows_is_quoted_once() -> None:
    """However often the sign for it comes again, which is text then."""
    shown = rendered(">>> a\n>>> b", Dialect.DISCORD)
    assert shown.count("<blockquote>") == 1
    assert "&gt;&gt;&gt; b" in shown
    assert rendered("\n>>> a" * 5000, Dialect.DISCORD).count("<blockquote>") == 1


@pytest.mark.parametrize("bit", ["<!--", "<!-- a --", '<span class="katex">encoding="application/x-tex">'])
def test_plain_text_takes_no_quadratic_time(bit: str) -> None:
    """Texts are compared whole, whatever their length."""
    body = '<span class="katex">' + bit * 20_000 + "</span>" * 20_001
    start = time.process_time()
    plain_text(with_formulas_as_written(body), Dialect.HTML)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("dialect", [Dialect.TEXT, Dialect.MARKDOWN, Dialect.REDDIT, Dialect.DISCORD])
@pytest.mark.parametrize("body", ["~~~ all these words", "``` all these words\nx\n```", "~~~words"])
def test_words_behind_the_sign_of_code_stay(body: str, dialect: Dialect) -> None:
    assert "words" in render(body, dialect)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<b><p>a</p><p>b</p></b>", "<p><b>a</b></p><p><b>b</b></p>"),
        ("<i>a<blockquote>b</blockquote>c</i>", "<i>a</i><blockquote><i>b</i></blockquote><i>c</i>"),
        ("<code><pre>a\nb</pre></code>", "<pre><code>a\nb</code></pre>"),
        ("<li>a</li> <li>b</li>c", "<ul><li>a</li> <li>b</li></ul>c"),
        (
            "<ul>a<li>b</li><br><ul><li>c</ul></ul>",
            "<ul><li>a</li><li>b</li><li><ul><li>c</li></ul></li></ul>",
        ),
        ("<ul><li>a</li> <ul><li>b</ul><li>c</ul>", "<ul><li>a <ul><li>b</li></ul></li><li>c</li></ul>"),
        ("<h5>a<p>b<p>c</h5>", "<h4>a<br>b<br>c</h4>"),
        ("<h4>a<ul><li>b</ul></h4>c<h6>d</h6>", "<h4>a</h4><ul><li>b</li></ul>c<h5>d</h5>"),
        ("<pre>a<p>b</p>c</pre>", "<pre>a\nb\nc</pre>"),
        ("<pre>\n\na</pre>", "<pre>a</pre>"),
        ("<details>a</details>b", "<p>a</p>b"),
        ("<details><summary></summary>a</details>", "<p>a</p>"),
        ("<summary>a</summary>b", "<p>a</p>b"),
        (
            "<details><summary>a<ul><li>b</ul></summary>c<summary>d</summary></details>",
            "<details><summary>a<br>b</summary>c<p>d</p></details>",
        ),
        (
            "<table></table><table><tr><td><td>a</table>",
            "<table><tbody><tr><td></td><td>a</td></tr></tbody></table>",
        ),
        (
            "<table><tbody><tr><td>a<thead><tr><th><h4>b</h4></table>",
            "<table><tbody><tr><td>a</td></tr></tbody><tbody><tr><th><p>b</p></th></tr></tbody></table>",
        ),
        ("x<sup>2<sup>3</sup></sup> <b>a<hr>b</b>", "x<sup>2<sup>3</sup></sup> <b>a</b><hr><b>b</b>"),
    ],
)
def test_elements_stand_where_html_lets_them(body: str, expected: str) -> None:
    assert sanitize(body) == expected


def test_a_link_in_a_link_ends_it() -> None:
    link = '<a href="http://{}.example" rel="nofollow noopener ugc">{}</a>'
    found = sanitize('<a href="http://a.example">a<table><td><a href="http://b.example">b</a>c</table></a>')
    assert re.findall("<a .*?</a>", found) == [
        link.format("a", "a"),
        link.format("b", "b"),
        link.format("a", "c"),
    ]


def test_what_a_box_is_in_costs_little_again_and_again() -> None:
    body = f'<a href="http://a.example/{"y" * 2000}">' + "<blockquote>a</blockquote>" * 3000 + "</a>"
    assert len(sanitize(body)) < 400_000


def test_codes_that_no_page_may_hold_go_however_they_are_written() -> None:
    assert sanitize("a\x85\ufffe&#xFDD0;&#x1FFFF;&#x80;b") == "a€b"
