"""No text takes long, whatever it holds: bits that parsers stumble over, 100,000 characters and more of them,
behind what begins a block, in every dialect."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping

from hnsite.limits import bounded
from hnsite.markup import LONGEST, normalise, plain_text, quoted_lines, render
from hnsite.model import Dialect, Kind, Origin, Record
from hnsite.subjects import base_subject

from . import Trial

COUNT = 1000
SECONDS = 1.0
"""Of the processor, for one text; what has no bound takes minutes."""

_TAGS = (
    "a", "b", "b x", "p", "div", "i", "font", "code", "pre", "pre><code", "ul><li", "li", "dd", "table",
    "tr", "td", "table><tr", "table><b", "p><b", "b><p", "p><i", "a><p", "blockquote",
    "aside class=quote", "details", "summary", "h1", "h4", "span", 'span class="katex"', "svg",
    "svg><style", "math><mi", "script", "style", "title", "textarea", "select><option", "template",
    "form", "button", "nobr", "iframe", "video", "noscript", "xmp", "plaintext", "frameset", "cite",
    "img src=x", "a href='http://x'", "hr", "br", "wbr", "custom-tag",
)  # fmt: skip
_BITS = (
    "<", "</", "<a ", "<a href=", "<a href='", '<a "', "<!", "<!--", "<!-- -->", "<!-- </div> -->", "<?",
    "]]>", "<![CDATA[", "</p>", "</b>", "</div>", "</aside>", "</blockquote>", "&", "&amp;", "&#",
    "&#x41;", "&gt;", "<p>&gt; a</p>", "<p><i>a</i>", "<pre><code>x</code></pre>",
    "<pre><code>x</code> </pre>", "<a href='http://a'>b</a>", "<b></p>", "<p>a",
    "<aside class=quote data-username=a>", "\\", "\\\n", "\u0000", "[", "![", "]", "[]", "[](", "[a](",
    "[a](b)", "[a](<", "[a]: b\n", "[[]](", "(", ")", "<http://a", "<http://a>", "`", "` ``", "```",
    "``` ", "```\n", "~", "~~a", "~~~\n", "*", "*a ", "a*", "*a*", "**a ", "***a*", "*_", "a**b", "_",
    "_a_", "_a ", "__a", "*a _b", ">", "> ", ">\n", "> a\n", "> > ", "> - ", ">>> ", "\n>>> ", "\n&gt;",
    "- ", "-\n", "- a\n", "- - ", "* * ", "1. a\n", "1) ", "   ", "\t", "    a\n", "\n\n  x", "a\n",
    "a\n\n", "a\\\n", "|", "| a ", "|a|\n|-|\n", "a|b\n-|-\n", "|-", "||", "||a", "#", "# a\n", "#a\n",
    "#a ", "a\n=\n", "---\n", "<@", "<@1>", "<#1>", "<:a:1>", "<t:1>", "<http://a|b>", "<!date^1^", ":",
    ":x:", "~a", "^", "^a", "^(", "^(a)", ">!", "!<", ">!a!<", ">!a\n", "u/ab ", "/r/", "r/ab+", "r/ab/c",
    "www.", "www.a.b ", "http://a", "http://a ", "http://a.", "http://a)", "http://a(", "http://[",
    "http://a@", "https://", "://", "ftp://a ", "mailto:a@b.c ", "a@b.c ", "@", '"', "'", '"a', "--\n",
    "-- \n", "On Mon, A wrote:\n", "On a wrote:\n> b\n", "wrote:", "Re: ", "Re[1]: ", "[a] ", "(was: ",
    "[attachment\n", "-----BEGIN PGP SIGNATURE-----\n", "diff --git \n", "--- a\n", "@@ -1\n", "+\n",
    "|a\n", "a   b\n", "a\t", "…", "...", "a;\n", "\u0300", "a\u0300", "\u200b", "\u202e",
    "\u2067a\u2069", "\ufdfa", "\u2028", "1", "1 ", "a", "a ", "é", "海", "\n", "\r", "\r\n", "$", "%",
    "{", "/*", "def a(\n", "function ", "select ", "<a \n", "news.ycombinator.com/item?id=1 ",
    "http://" + "海" * 200 + " ",
)  # fmt: skip
BITS = (*(f"<{tag}>" for tag in _TAGS), *_BITS)
FRONTS = (
    "", "<p>", "<p>&gt; ", "<pre><code>", "<blockquote><p>", "<a title='", "> ", "- ", "    ", "```\n",
    "```js\n", "a\n\n    ", "[", "|a|b|\n|-|-|\n|", "**", "#a", "http://a/", "On a wrote:\n> ",
    "-- \na\n", "||", "^(", ">!", "<table>", "<p><b><i><u><s><em><strong>", "*",
)  # fmt: skip
"""What makes what follows be read in another way."""


_Maker = Callable[[int], str]


def _mirrored(opening: str, closing: str) -> _Maker:
    return lambda size: opening * (size // 2 // len(opening)) + closing * (size // 2 // len(closing))


def _repeated(front: str, bit: str) -> _Maker:
    return lambda size: front + bit * (size // len(bit))


_GROWING: tuple[_Maker, ...] = (
    lambda size: " ".join("`" * run for run in range(1, int((2 * size) ** 0.5))),
    lambda size: "".join(f"<p><b a{number}>" for number in range(size // 12)),
    lambda size: "<p>" + "".join(f"<code class=language-{one}>" for one in range(90)) + "<p>a" * (size // 4),
    lambda size: "<a " + " ".join(f"a{number}" for number in range(size // 7)) + ">",
    lambda size: "\n".join(" " * blanks + "- a" for blanks in range(0, int((2 * size) ** 0.5), 2)),
    lambda size: "\n".join(">" * signs + " a" for signs in range(int((2 * size) ** 0.5))),
    lambda size: "".join(f"[a{number}]: b\n[a{number}] " for number in range(size // 16)),
    *(_mirrored(*pair) for pair in (("*a ", " a*"), ("[", "]"), ("(", ")"), ("<b>", "</b>"), ("^(", ")"))),
)
"""Texts whose bits differ, so that nothing can be remembered of them."""
TEXTS = (*_GROWING, *(_repeated(front, bit) for bit in BITS for front in FRONTS))


def _read(text: str) -> None:
    """What becomes of a text besides its page: it is compared, searched, and looked through for quotes."""
    for dialect in (Dialect.HN, Dialect.TEXT):
        plain = plain_text(text, dialect)
        normalise(plain)
        quoted_lines(plain)
    base_subject(text)


def _large(text: str) -> None:
    """Ten million characters, as they come from a dump."""
    long = text * (10_000_000 // len(text))
    record = Record(Origin("a.json", 1), "1", Kind.STORY, author=long, title=long, url=long, body=long)
    *_, cut = bounded(record)
    assert isinstance(cut, Record) and len(cut.body or "") == LONGEST + 1
    assert max(map(len, (cut.title or "", cut.author or ""))) < 2000


def _rendered(dialect: Dialect) -> Callable[[str], object]:
    return lambda text: render(text, dialect)


WAYS: Mapping[str, Callable[[str], object]] = {
    **{dialect.value: _rendered(dialect) for dialect in Dialect},
    "reading": _read,
    "10 MB": _large,
}


def trials(count: int) -> Iterator[Trial]:
    """Texts times ways, in an order that is mixed but always the same."""
    cases = [(text, way) for text in TEXTS for way in WAYS]
    random.Random(6).shuffle(cases)
    for read in WAYS.values():
        read("```python\nx\n```")  # what libraries load at first is not the text's fault
    for make, way in cases[:count]:
        text = make(LONGEST)[:LONGEST]
        started = time.process_time()
        WAYS[way](text)
        took = time.process_time() - started
        what = f"{way}: {text[:40]!r}…{text[-20:]!r}"
        yield Trial(what, f"{took:.1f} s" if took > SECONDS else "")
