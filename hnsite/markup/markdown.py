"""Markdown -> HTML, by markdown-it-py: CommonMark with tables, strikethrough and addresses as links.

markdown-it-py drops what nests too deep, and takes long for texts that are nothing but signs. ``new_parser``
makes parsers that count their steps instead: what nests too deep is cut off, and what has too many signs is
shown as it was written, both with a mark.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from functools import cache
from typing import TYPE_CHECKING, Any

from hnsite.markup.addresses import address_end, linked
from hnsite.markup.nesting import CUT, DEEPEST, UNFORMATTED

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

MOST_STEPS = 12_000
"""Blocks, signs and lines (which count twice) in a text; the longest prose has half as many."""
_HEADING = re.compile(r"<(/?)h([1-3])>")
_ANY_HEADING = re.compile(r"<(/?)h([1-6])>")
_SCHEME = re.compile(r"https?$", re.IGNORECASE)
_NEWLINE = re.compile(r"\r\n?|\n")
_LONGEST_HOST = 255
_HOST = re.compile(r"[a-z]{1,10}://([^/?#]*)", re.IGNORECASE)


class TooDeepError(Exception):
    """A block of a text, which begins on ``line`` (from 0), nests too deep."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class TooManyStepsError(Exception):
    """A text would take too long."""


def new_parser(preset: str = "commonmark", *, breaks: bool = False) -> MarkdownIt:
    """A parser of its own for whoever adds rules; for ``to_html_by``."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt(preset, {"html": False, "breaks": breaks, "maxNesting": DEEPEST + 10})
    parser.disable(
        "image", ignoreInvalid=True
    )  # a page may not load from elsewhere; its words stay, as a link
    parser.block.ruler.before("table", "block_steps", _count_block)
    parser.core.ruler.before("inline", "cells", _count_cells)
    parser.core.ruler.after("block", "fences", _keep_words)
    parser.inline.ruler.before("text", "steps", _count_step)
    parser.inline.ruler.after("steps", "address", _address)
    parser.normalizeLinkText = lambda url: url  # type: ignore[method-assign, assignment]  # shown as written
    encode = parser.normalizeLink
    parser.normalizeLink = lambda url: url if _is_odd(url) else encode(url)  # type: ignore[method-assign]
    return parser


def _count_block(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A rule that stands before all others and only counts."""
    if state.level > DEEPEST:
        raise TooDeepError(line)
    _count(state.env)
    return False


def _keep_words(state: StateCore) -> None:
    """What stands behind the sign that begins code is a line of it, unless it is a language."""
    for token in state.tokens:
        if token.type == "fence" and (" " in token.info.strip() or not token.content):
            token.content = f"{token.info.strip()}\n{token.content}".lstrip("\n")
            token.info = ""


def _count_cells(state: StateCore) -> None:
    """A line of a table begins as many cells as the first line has."""
    _count(state.env, sum(token.type == "td_open" for token in state.tokens))


def _count_step(state: StateInline, silent: bool) -> bool:
    """The same for what stands in a line."""
    _count(state.env)
    return False


def _count(env: MutableMapping[str, Any], more: int = 1) -> None:
    env["steps"] = steps = env["steps"] + more
    if steps > MOST_STEPS:
        raise TooManyStepsError


def _is_odd(url: str) -> bool:
    """Whether no host is called so; writing its name in ASCII would take long."""
    match = _HOST.match(url)
    return match is not None and len(match[1]) > _LONGEST_HOST


def _address(state: StateInline, silent: bool) -> bool:
    """An address that no sign makes a link. Its scheme has been read before anybody could know."""
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.src, max(0, state.pos - 6), state.pos)
    end = address_end(state.src, scheme.start(), state.posMax) if scheme else 0
    if not scheme or end <= state.pos:
        return False
    if not silent:
        url = state.src[scheme.start() : end]
        state.pending = state.pending[: -len(scheme[0])]
        state.push("link_open", "a", 1).attrs = {"href": url}
        state.push("text", "", 0).content = url
        state.push("link_close", "a", -1)
    state.pos = end
    return True


@cache
def _parser() -> MarkdownIt:
    return with_tables(new_parser())


def with_tables(parser: MarkdownIt) -> MarkdownIt:
    """CommonMark with what most sites add to it."""
    return parser.enable(["table", "strikethrough"])


def to_html_by(parser: MarkdownIt, text: str) -> str:
    """The HTML of a text, with ``CUT`` in it where that is not all, ``UNFORMATTED`` where it has no form."""
    try:
        return str(parser.render(text, {"steps": 2 * text.count("\n")}))
    except TooDeepError as error:
        lines = _NEWLINE.split(text)
        return to_html_by(parser, "\n".join(lines[: error.line])) + CUT
    except TooManyStepsError:
        paragraphs = _NEWLINE.sub("\n", text).split("\n\n")
        shown = (linked(one).replace("\n", "<br>") for one in paragraphs)
        return "".join(f"<p>{one}</p>" for one in shown) + UNFORMATTED


def to_html(body: str) -> str:
    return below_page_headings(to_html_by(_parser(), body))


def below_page_headings(rendered: str) -> str:
    """The first three levels of headings are the page's own, so a body's begin at the fourth."""
    return _HEADING.sub(lambda match: f"<{match[1]}h{int(match[2]) + 3}>", rendered)


def to_page(body: str) -> str:
    """For a body that is the page: only the first level is the page's own."""
    rendered = to_html_by(_parser(), body)
    if "<h1>" not in rendered:
        return rendered
    return _ANY_HEADING.sub(lambda match: f"<{match[1]}h{min(int(match[2]) + 1, 6)}>", rendered)
