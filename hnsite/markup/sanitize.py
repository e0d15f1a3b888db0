"""HTML of any origin -> the small safe HTML that pages may show. The gate that nothing goes round.

``sanitize`` (nh3) keeps a short list of tags and of address schemes; ``finish`` then works on its
regular output: quotes set apart, code highlighted, links to items turned into ``>>id``.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from hnsite.markup.highlight import LONGEST_IN_ALL, highlight
from hnsite.markup.linked import has_items, item_of
from hnsite.markup.valid import valid
from hnsite.urls import NOT_IN_URLS, written_url

if TYPE_CHECKING:
    from nh3 import Cleaner

OnItem = Callable[[str], "str | None"]
OnQuote = Callable[[str], "str | None"]
OnPlace = Callable[[str], "str | None"]

_TAGS = frozenset({
    "a", "b", "blockquote", "br", "code", "del", "details", "em", "h4", "h5", "h6", "hr", "i", "kbd", "li",
    "ol", "p", "pre", "s", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead",
    "tr", "u", "ul",
})  # fmt: skip
_PAGE_TAGS = _TAGS | {"h2", "h3"}
_OTHER_TAG = re.compile(rf"<(?!(?:{'|'.join(sorted(_TAGS))})[\s/>])[a-zA-Z]")
_NOBODYS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_CONTROL = re.compile(f"[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\ufdd0-\ufdef{_NOBODYS}]")
_ASCII_CONTROL = bytes(code for code in range(128) if _CONTROL.match(chr(code)))
_MOST_PASSES = 4
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,30}")
_REL = "nofollow noopener ugc"
_SAFE_URL = re.compile(r"(?i)(?:https?://|mailto:)[^\s\x00-\x20\x7f-\x9f\\]+")
_PLACE = re.compile(r"(?!//)[^\s\x00-\x20\x7f-\x9f\\:?]+")
_NOWHERE = re.compile(r'<a rel="[^"]*">(.*?)</a>', re.DOTALL)
_FIRST_LINES = re.compile("<pre>\n+")
_EMPTY = re.compile(r"<p>\s*</p>")
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\ufeff"
"""What a text does not begin with; parsers drop a byte order mark there."""
_CODE = re.compile(
    r'<pre><code(?: class="language-([\w+#.-]*)")?>((?:[^<]++|<(?!/?code>|/?pre>))*+)</code></pre>'
)
_QUOTE = re.compile(
    r"<p>(?:(?=\s*(?:<i>|<em>)?\s*&gt;)(?:(?!<(?:p|pre|blockquote|[uo]l|table|h[r456])\b).)*?"
    r"|\s*<i>(?:(?!</?i>).)*</i>\s*)</p>",
    re.DOTALL,
)
_BLOCK = re.compile(r"<blockquote>(?:(?!</?blockquote>).)*</blockquote>", re.DOTALL)
_PARAGRAPH = re.compile(r"<p>((?:(?!</p>).)*)</p>", re.DOTALL)
_QUOTE_SIGN = re.compile(r"^[^\S\n]*+(?:(?:<i>|<em>)?[^\S\n]*+&gt;)+", re.MULTILINE)
_HEADED = re.compile(r"<(h[2-6])>(.*?)</\1>", re.DOTALL)
_NOT_NAME = re.compile(r"[^\w -]+")
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@cache
def _cleaner(is_page: bool) -> Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=set(_PAGE_TAGS if is_page else _TAGS),
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}, "code": {"class"}, "ol": {"start"}},
        attribute_filter=_page_attribute if is_page else _attribute,
        strip_comments=True,
        link_rel=_REL,
        url_schemes={"http", "https", "mailto"},
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """What an attribute may be. No ``<`` passes: what follows looks for tags in the text of the HTML."""
    if (tag, name) == ("code", "class"):
        return value if _LANGUAGE.fullmatch(value) else None
    if (tag, name) == ("a", "href"):
        url = value.strip()
        return written_url(url) if _SAFE_URL.fullmatch(url) else None
    if (tag, name) == ("ol", "start"):
        return value if re.fullmatch(r"[0-9]{1,9}", value) else None
    return value if (tag, name) == ("a", "rel") else None  # which is the cleaner's own


def _page_attribute(tag: str, name: str, value: str) -> str | None:
    """Links may also lead to places of the site, each of which ``place_links`` looks at."""
    if (tag, name) == ("a", "href") and _PLACE.fullmatch(value):
        return value.translate(NOT_IN_URLS)
    return _attribute(tag, name, value)


def sanitize(unsafe: str, is_page: bool = False) -> str:
    """Well-formed HTML of allowed tags only. What is long or nests deep must be ``shallow`` first.

    The body of a page (``is_page``) has more headings, and links to places of the site, which have to go
    through ``place_links`` afterwards.
    """
    if "\r" in unsafe:
        unsafe = unsafe.replace("\r\n", "\n").replace("\r", "\n")
    unsafe = printable(unsafe)
    clean = _settled(unsafe, _cleaner(is_page))
    mended = valid(clean, top=2 if is_page else 4)
    if mended != clean:
        clean = _settled(mended, _cleaner(is_page))
    if "<pre>\n" in clean:
        clean = _FIRST_LINES.sub("<pre>", clean)  # a browser leaves out the first, each time
    clean = _EMPTY.sub("", printable(clean)).rstrip()
    return clean.lstrip(_BLANKS) if clean[:1] in _BLANKS else clean


def _settled(unsafe: str, cleaner: Cleaner) -> str:
    """Clean HTML that a browser understands as it is written, and that cleaning would not change.

    What was taken out may have kept others apart, as a button two paragraphs; tables throw out what is in
    no cell. Twice was enough for all that was ever tried.
    """
    clean: str = cleaner.clean(unsafe)
    kept = _NOWHERE.sub(r"\1", clean)
    is_plain = kept == clean and "<table" not in clean and not _OTHER_TAG.search(unsafe)
    for _ in range(0 if is_plain else _MOST_PASSES):
        before, kept = kept, _NOWHERE.sub(r"\1", cleaner.clean(kept))
        if kept == before:
            break
    return kept


def printable(text: str) -> str:
    """Without control characters and codes of nothing, which can also come out of entities, and what UTF-8
    cannot write."""
    if text.isascii():
        return text.encode().translate(None, _ASCII_CONTROL).decode()  # several times faster than a pattern
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8")


_TAG_WHOLE = re.compile(r"<[^<>]*>|<")


def finish(clean: str, on_item: OnItem | None, on_quote: OnQuote | None) -> str:
    """Sanitized HTML with quotes in ``<blockquote>``, highlighted code, linked items and quotes."""
    if "<pre>" in clean:
        clean = _highlighted(clean)
    if "&gt;" in clean or "<p><i>" in clean:
        clean = _QUOTE.sub(_quote, clean)
    if on_item and "</a>" in clean and has_items(clean):
        clean = _LINK.sub(lambda match: _item_link(match, on_item), clean)
    if "<pre>" in clean:
        clean = clean.replace("<pre>", '<pre tabindex="0">')  # what may scroll must be reached by keys
    if on_quote and "<blockquote>" in clean:
        clean = _BLOCK.sub(
            lambda block: _PARAGRAPH.sub(lambda match: _quote_link(match[1], on_quote), block[0]), clean
        )
    return clean


def place_links(clean: str, on_place: OnPlace) -> str:
    """Sanitized HTML whose links to places of the site lead where ``on_place`` says, or nowhere.

    It is asked for each place, and returns an address or None.
    """

    def link(match: re.Match[str]) -> str:
        href = html.unescape(match[1])
        if _SAFE_URL.fullmatch(href):
            return match[0]
        url = on_place(href)
        if url is None:
            return match[2]
        rel = f' rel="{_REL}"' if _SAFE_URL.fullmatch(url) else ""
        return f'<a href="{html.escape(url)}"{rel}>{match[2]}</a>'

    return _LINK.sub(link, clean)


def name_headings(clean: str, taken: Iterable[str]) -> str:
    """Sanitized HTML whose headings have names for links to lead to, made as GitHub makes them; none of
    those that are ``taken``."""
    counts = Counter(taken)

    def named(match: re.Match[str]) -> str:
        text = html.unescape(_TAG_WHOLE.sub("", match[2])).strip().lower()
        name = _NOT_NAME.sub("", text).replace(" ", "-") or "section"
        while counts[name]:
            counts[name] += 1
            name = f"{name}-{counts[name] - 1}"
        counts[name] += 1
        return f'<{match[1]} id="{name}">{match[2]}</{match[1]}>'

    return _HEADED.sub(named, clean)


def _highlighted(clean: str) -> str:
    """With its code in colours, as far as there is not too much of it."""
    left = LONGEST_IN_ALL

    def colour(match: re.Match[str]) -> str:
        nonlocal left
        left -= len(match[2])
        if "<" in match[2] or left < 0:  # a link in code stays a link
            return match[0] if "<" in match[2] else f"<pre><code>{match[2]}</code></pre>"
        return f"<pre><code>{highlight(html.unescape(match[2]), match[1] or '')}</code></pre>"

    return _CODE.sub(colour, clean)


def _quote(match: re.Match[str]) -> str:
    return f"<blockquote>{match[0]}</blockquote>"


def _item_link(match: re.Match[str], on_item: OnItem) -> str:
    id = item_of(match[1])
    link = on_item(id) if id else None
    if not link:
        return match[0]
    return link if match[2].startswith("http") else f"{match[2]} ({link})"


def _quote_link(quoted: str, on_quote: OnQuote) -> str:
    """A quoted paragraph as a link to what it quotes; only its sign, where it holds links of its own."""
    href = on_quote(html.unescape(_TAG_WHOLE.sub("", _QUOTE_SIGN.sub("", quoted))))
    sign = _QUOTE_SIGN.match(quoted)
    if href is None:
        pass
    elif "<a " not in quoted:
        quoted = f'<a class="quoted" href="{href}">{quoted}</a>'
    elif sign and "<" not in sign[0]:
        quoted = f'<a class="quoted" href="{href}">{sign[0]}</a>{quoted[sign.end() :]}'
    return f"<p>{quoted}</p>"
