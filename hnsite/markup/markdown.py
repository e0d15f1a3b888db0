"""Markdown -> HTML, by markdown-it-py: CommonMark with tables, strikethrough and autolinks."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_HEADING = re.compile(r"<(/?)h([1-3])>")
_ANY_HEADING = re.compile(r"<(/?)h([1-6])>")


def new_parser() -> MarkdownIt:
    """A parser of its own for whoever adds rules."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"linkify": True, "html": False})
    parser.enable(["table", "strikethrough", "linkify"])
    parser.disable("image")  # a page may not load from elsewhere; the picture's words stay, as a link
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    return parser


_parser = cache(new_parser)


def to_html(body: str) -> str:
    return below_page_headings(_parser().render(body))


def below_page_headings(rendered: str) -> str:
    """The first three levels of headings are the page's own, so a body's begin at the fourth."""
    return _HEADING.sub(lambda match: f"<{match[1]}h{int(match[2]) + 3}>", rendered)


def to_page(body: str) -> str:
    """For a body that is the page: only the first level is the page's own."""
    rendered: str = _parser().render(body)
    if "<h1>" not in rendered:
        return rendered
    return _ANY_HEADING.sub(lambda match: f"<{match[1]}h{min(int(match[2]) + 1, 6)}>", rendered)
