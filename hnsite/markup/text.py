"""Plain text as discussion sites format it -> HTML, by markdown-it-py with nearly all rules off.

Blank lines part paragraphs; lines indented by two or more after a blank line are code, as on
Hacker News; ``` fences are code; addresses become links. Everything else stays as written.
"""

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING

from hnsite.markup.markdown import new_parser, to_html_by
from hnsite.markup.plain import SHOWN

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_CODE_BLOCK = re.compile(
    r"(?P<fence>^(?:```|~~~)[^\n]*(?:\n(?!```|~~~)[^\n]*)*)"
    r"|(?:^|(?<=\n\n))(?: {2,}|\t)[^\n]*(?:\n(?: {2,}|\t)[^\n]*)*",
    re.MULTILINE,
)
_CUT_LINK = re.compile(r'<a href="[^"]*">([^<]+)</a>\.\.\.')
_LINE_START = re.compile(r"^", re.MULTILINE)


@cache
def _parser() -> MarkdownIt:
    parser = new_parser("zero")
    parser.enable(["fence", "code", "newline"])
    return parser


def to_html(body: str) -> str:
    return _CUT_LINK.sub(_unlink, to_html_by(_parser(), _CODE_BLOCK.sub(_indent, body)))


def _indent(block: re.Match[str]) -> str:
    """Markdown wants four blanks before code, Hacker News two; the two that were there stay."""
    return block[0] if block["fence"] else _LINE_START.sub("    ", block[0])


def _unlink(match: re.Match[str]) -> str:
    """An address that was shortened for display leads nowhere, so it is not made a link."""
    return match[1] + "..." if len(html.unescape(match[1])) == SHOWN else match[0]
