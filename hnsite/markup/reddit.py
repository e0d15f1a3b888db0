"""Reddit's Markdown (github.com/reddit/snudown) -> HTML, by markdown-it-py with Reddit's own rules.

Beside tables, strikethrough and addresses: ``#headings`` without a blank, ``^word`` and ``^(some words)``
raised, ``>!spoilers!<`` in a line or as lines that begin with ``>!``, which fold, and ``u/name`` and
``r/name`` as links. Links to Reddit's own pages are written without its host. Links without words, which
Reddit's style sheets turn into pictures, show their title or address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from hnsite.markup.markdown import below_page_headings, new_parser, to_html_by, with_tables

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_SITE = "https://www.reddit.com"
_OWN_LINK = re.compile(r'<a href="/(?!/)')
_BARE_HEADING = re.compile(r"(#{1,6})([^#\s].*)")
_NAMED = re.compile(
    r"(?<![\w/.&-])/?(?P<path>u/[\w-]{2,30}|r/\w{2,30}(?:\+\w{2,30})*(?:/[\w/-]*\w)?)(?!\w)"
    r"|(?i:(?<![\w/.@-])www\.[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#](?:[^\s<>\"]*[\w/=&#-])?)?)",
    re.ASCII,
)
_BRACKETED = re.compile(r"[0-9]{1,9}\)")
_WORD = re.compile(r"[^\s(]\S*")
_FARTHEST = 10_000
_MOST_ESCAPES = 20
"""Characters, and escaped brackets, within which a sign must close, so that many open ones cost little."""
_FOLD, _UNFOLD = "<details><summary>Spoiler</summary>", "</details>"
_FOLD_SIGN = re.compile(r">!? ?")
_FOLDED_LINE = re.compile(r"<p>((?:(?!</?p>).)*<details>(?:(?!</?p>).)*)</p>", re.DOTALL)


@cache
def _parser() -> MarkdownIt:
    parser = with_tables(new_parser())
    ends = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.at("blockquote", _quote, {"alt": ends})
    parser.block.ruler.at("list", _list, {"alt": ends[:3]})
    parser.block.ruler.before("heading", "bare_heading", _bare_heading, {"alt": ends[:3]})
    parser.inline.ruler.before("link", "folded", _folded)
    parser.inline.ruler.before("link", "raised", _raised)
    parser.core.ruler.after("inline", "named", _link_names)
    parser.core.ruler.push("wordless", _show_wordless)
    return parser


def to_html(body: str) -> str:
    rendered = to_html_by(_parser(), body)
    rendered = _OWN_LINK.sub(f'<a href="{_SITE}/', rendered)
    rendered = _FOLDED_LINE.sub(lambda line: _parted(line[0]), rendered)
    return below_page_headings(rendered)


def _parted(paragraph: str) -> str:
    """What folds is no part of a paragraph, so a paragraph with it is several."""
    return paragraph.replace(_FOLD, f"</p>{_FOLD}").replace(_UNFOLD, f"{_UNFOLD}<p>")


def _list(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Lists; ``1)`` begins none."""
    from markdown_it.rules_block import list_block

    if _BRACKETED.match(state.src, state.bMarks[line] + state.tShift[line]):
        return False
    return list_block(state, line, end, silent)


def _quote(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Quotes, but ``>!`` begins something that folds."""
    from markdown_it.rules_block import blockquote

    begin = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith(">!", begin) or state.is_code_block(line):
        return blockquote(state, line, end, silent)
    stop = state.src.find("\n\n", begin)
    last = begin + _FARTHEST
    if state.src.find("!<", begin, min(stop, last) if stop >= 0 else last) >= 0:
        return False  # folds within its paragraph
    if not silent:
        _fold_lines(state, line, end)
    return True


def _fold_lines(state: StateBlock, line: int, end: int) -> None:
    """Lines up to the next blank one, as paragraphs that fold together."""
    texts: list[str] = []
    while line < end and not state.isEmpty(line):
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        texts.append(_FOLD_SIGN.sub("", text, count=1) if text.startswith(">") else text)
        line += 1
    state.line = line
    state.push("html_block", "", 0).content = _FOLD
    for paragraph in "\n".join(texts).split("\n\n"):
        state.push("paragraph_open", "p", 1)
        token = state.push("inline", "", 0)
        token.content, token.children = paragraph.strip(), []
        state.push("paragraph_close", "p", -1)
    state.push("html_block", "", 0).content = _UNFOLD


def _bare_heading(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """``#heading``, which CommonMark does not take for one."""
    begin = state.bMarks[line] + state.tShift[line]
    match = _BARE_HEADING.fullmatch(state.src, begin, state.eMarks[line])
    if not match or state.is_code_block(line):
        return False
    if not silent:
        state.line = line + 1
        tag = f"h{len(match[1])}"
        state.push("heading_open", tag, 1)
        token = state.push("inline", "", 0)
        token.content, token.children = match[2].rstrip().rstrip("#"), []
        state.push("heading_close", tag, -1)
    return True


def _folded(state: StateInline, silent: bool) -> bool:
    """``>!words!<``; who only looks for the end of a link's words goes on behind the sign."""
    begin = state.pos + 2
    if silent or not state.src.startswith(">!", state.pos):
        return False
    end = state.src.find("!<", begin, min(state.posMax, begin + _FARTHEST))
    if end <= begin:
        return False
    state.push("html_inline", "", 1).content = _FOLD
    _within(state, begin, end, end + 2)
    state.push("html_inline", "", -1).content = _UNFOLD
    return True


def _raised(state: StateInline, silent: bool) -> bool:
    """``^word`` up to the next blank, or ``^(words)``."""
    if silent or state.src[state.pos] != "^":
        return False
    begin = state.pos + 1
    word = _WORD.match(state.src, begin, state.posMax)
    end = word.end() if word else _closing(state, begin)
    if end <= begin:
        return False
    state.push("sup_open", "sup", 1)
    _within(state, *((begin, end, end) if word else (begin + 1, end, end + 1)))
    state.push("sup_close", "sup", -1)
    return True


def _closing(state: StateInline, begin: int) -> int:
    """Where the bracket ends that opens here: at the next ``)`` without a backslash; -1 if nowhere."""
    if not state.src.startswith("(", begin):
        return -1
    last = min(state.posMax, begin + _FARTHEST)
    end = begin
    for _ in range(_MOST_ESCAPES):
        end = state.src.find(")", end + 1, last)
        if end < 0 or state.src[end - 1] != "\\":
            return end
    return -1


def _within(state: StateInline, begin: int, end: int, after: int) -> None:
    """Reads what stands between signs, then goes on after them; text ends only where the source does."""
    whole, last = state.src, state.posMax
    state.src, state.pos, state.posMax = whole[:end], begin, end
    state.md.inline.tokenize(state)
    state.src, state.pos, state.posMax = whole, after, last


def _link_names(state: StateCore) -> None:
    """Links for users and for parts of the site, where no link is yet."""
    for block in state.tokens:
        if block.children and ("/" in block.content or "www." in block.content):
            depth = 0
            found: list[Token] = []
            for token in block.children:
                depth += token.nesting if token.type in ("link_open", "link_close") else 0
                found += _named(token) if token.type == "text" and not depth else [token]
            block.children = found


def _named(text: Token) -> Sequence[Token]:
    from markdown_it.token import Token

    found: list[Token] = []
    end = 0
    for match in _NAMED.finditer(text.content):
        found += [
            Token("text", "", 0, content=text.content[end : match.start()]),
            Token(
                "link_open",
                "a",
                1,
                attrs={"href": f"{_SITE}/{match['path']}" if match["path"] else f"http://{match[0]}"},
            ),
            Token("text", "", 0, content=match[0]),
            Token("link_close", "a", -1),
        ]
        end = match.end()
    return [*found, Token("text", "", 0, content=text.content[end:])] if found else [text]


def _show_wordless(state: StateCore) -> None:
    from markdown_it.token import Token

    for block in state.tokens:
        found: list[Token] = []
        for token in block.children or ():
            above = found[-1] if found else None
            if token.type == "link_close" and above and above.type == "link_open":
                words = above.attrGet("title") or above.attrGet("href")
                found.append(Token("text", "", 0, content=str(words)))
            found.append(token)
        if block.children:
            block.children = found
