"""Markdown -> HTML, by markdown-it-py: CommonMark with tables, strikethrough and autolinks."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"linkify": True, "html": False})
    return parser.enable(["table", "strikethrough", "linkify"])


def to_html(body: str) -> str:
    rendered: str = _parser().render(body)
    return rendered
