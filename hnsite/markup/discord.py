"""Discord's Markdown -> HTML, by markdown-it-py.

Less than CommonMark: no HTML, pictures, tables, rules or code by indenting; a line break is one, a quote ends
with its line (``>>>`` quotes all that follows), ``__`` underlines. Mentions, emoji and times in ``<>`` become
words; ``||spoilers||`` keep their bars.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from hnsite.markup.markdown import below_page_headings, new_parser, to_html_by

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_SPECIAL = re.compile(
    r"(?P<code>```.*?(?:```|\Z)|``[^`]*``|`[^`\n]*`)"
    r"|<t:(?P<time>-?\d{1,14})(?::[tTdDfFRsS])?>"
    r"|<a?:(?P<emoji>\w{1,64}):\d{1,25}>"
    r"|<(?P<mention>@[!&]?|\#)(?P<id>\d{1,25})>"
    r"|^(?P<all>[ \t]*)>>> "
    r"|^(?P<quote>[ \t]*> [^\n]*(?:\n[ \t]*> [^\n]*)*\n)(?=[^\n])"
    r"|^(?P<sign>[ \t]*)>(?! )",
    re.DOTALL | re.MULTILINE,
)


@cache
def _parser() -> MarkdownIt:
    parser = new_parser(breaks=True)
    parser.enable("strikethrough")
    parser.disable(["code", "hr", "lheading", "reference", "entity", "html_block", "html_inline"])
    parser.add_render_rule("strong_open", _strong)
    parser.add_render_rule("strong_close", _strong)
    return parser


def to_html(body: str) -> str:
    """What follows the first ``>>>`` is one quote, in which that sign is text."""
    start = next((match for match in _SPECIAL.finditer(body) if match["all"] is not None), None)
    if start:
        quoted = _SPECIAL.sub(_said, body[start.end() :]).replace("\n", "\n> ")
        body = f"{_SPECIAL.sub(_said, body[: start.start()])}\n{start['all']}> {quoted}"
    else:
        body = _SPECIAL.sub(_said, body)
    return below_page_headings(to_html_by(_parser(), body))


def _said(match: re.Match[str]) -> str:
    """The same in Markdown that markdown-it reads as Discord reads the original."""
    if match["code"] is not None:
        return match[0]
    if match["time"]:
        return _time(int(match["time"]))
    if match["emoji"]:
        return f":{match['emoji']}:".replace("_", "\\_")
    if match["mention"]:
        return match["mention"][0] + match["id"]
    if match["all"] is not None:  # quotes do not nest
        return f"{match['all']}\\>>> "
    if match["quote"]:
        return _SPECIAL.sub(_inside, match["quote"]) + "\n"
    return f"{match['sign']}\\>"


def _inside(match: re.Match[str]) -> str:
    """What a line of a quote holds; the quote itself stays."""
    is_sign = match["all"] is not None or match["quote"] or match["sign"] is not None
    return match[0] if is_sign else _said(match)


def _time(seconds: int) -> str:
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M UTC")
    except OverflowError:
        return str(seconds)


def _strong(_: object, tokens: list, index: int, *__: object) -> str:  # type: ignore[type-arg]
    tag = "u" if tokens[index].markup == "__" else "strong"
    return f"<{'/' if tokens[index].nesting < 0 else ''}{tag}>"
