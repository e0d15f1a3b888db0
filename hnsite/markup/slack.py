"""Slack's mrkdwn -> HTML (api.slack.com/reference/surfaces/formatting).

``<address|words>`` is a link, ``<@U1|name>`` and ``<#C1|name>`` are mentions; ``*bold*``, ``_italic_``,
``~struck~``, ```code``` and quotes by ``&gt;``. Only ``&``, ``<`` and ``>`` are written as entities.
"""

from __future__ import annotations

import html
import re

_FENCE = re.compile(r"```[ \t]*\n?(.*?)\n?[ \t]*```", re.DOTALL)
_FIXED = re.compile(r"`([^`\n]+)`|<([^<>\n]+)>")
_STYLES = tuple(
    (re.compile(rf"(?<![\w{sign}])\{sign}(?=[^\s{sign}])([^\n{sign}]*[^\s{sign}])\{sign}(?![\w{sign}])"), tag)
    for sign, tag in (("*", "b"), ("_", "i"), ("~", "del"))
)
_LINK = re.compile(r"<([^<>\n]+)>")
_ADDRESS = re.compile(r"(?i)(?:https?://|mailto:)")
_DATE = re.compile(r"!date\^-?\d+\^[^|]*")
_MARK = re.compile("\x01(\\d+)\x01")
_REST = "&gt;&gt;&gt;"
_QUOTE = "&gt;"


def to_html(body: str) -> str:
    """Blank lines part paragraphs, other lines stay lines."""
    parts = _FENCE.split(body.replace("\x01", ""))
    return "".join(
        f"<pre><code>{_code(part)}</code></pre>" if index % 2 else _text(part)
        for index, part in enumerate(parts)
    )


def _plain(text: str) -> str:
    """Text in which only three characters are entities, as HTML."""
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return html.escape(text, quote=False)


def _code(text: str) -> str:
    """Code, in which Slack marks links as everywhere, but shows only their words."""
    return _plain(_LINK.sub(lambda match: _parted(match[1])[1], text))


def _text(text: str) -> str:
    """What stands between blocks of code: quotes and paragraphs."""
    parts: list[str] = []
    lines: list[str] = []
    quoted = to_end = False
    for line in text.strip("\n").split("\n"):
        to_end = to_end or line.startswith(_REST)
        is_quote = to_end or line.startswith(_QUOTE)
        if is_quote is not quoted:
            parts.append(_paragraphs(lines, quoted))
            lines, quoted = [], is_quote
        sign = _REST if line.startswith(_REST) else _QUOTE if is_quote and line.startswith(_QUOTE) else ""
        lines.append(line.removeprefix(sign))
    return "".join([*parts, _paragraphs(lines, quoted)])


def _paragraphs(lines: list[str], quoted: bool) -> str:
    blocks = re.split(r"\n[ \t]*\n", "\n".join(lines))
    inner = "".join(f"<p>{_inline(block)}</p>" for block in blocks if block.strip())
    return f"<blockquote>{inner}</blockquote>" if quoted and inner else inner


def _inline(text: str) -> str:
    """One paragraph; code and links are set aside while styles are looked for."""
    fixed: list[str] = []

    def aside(match: re.Match[str]) -> str:
        fixed.append(f"<code>{_code(match[1])}</code>" if match[1] else _linked(match[2]))
        return f"\x01{len(fixed) - 1}\x01"

    text = _plain(_FIXED.sub(aside, text))
    for pattern, tag in _STYLES:
        text = pattern.sub(rf"<{tag}>\1</{tag}>", text)
    return _MARK.sub(lambda match: fixed[int(match[1])], text).replace("\n", "<br>")


def _linked(inside: str) -> str:
    """What stands between ``<`` and ``>``, as a link if it is one."""
    address, words = _parted(inside)
    return (
        f'<a href="{html.escape(html.unescape(address))}">{_plain(words)}</a>' if address else _plain(words)
    )


def _parted(inside: str) -> tuple[str, str]:
    """The address ("" for mentions and commands) and the words, which stand behind ``|``."""
    what, _, words = inside.partition("|")
    if what.startswith(("@", "#")):
        return "", what[0] + (words.removeprefix(what[0]) or what[1:])
    if what.startswith("!"):
        return "", words if words or _DATE.fullmatch(what) else f"@{what[1:].partition('^')[0]}"
    if _ADDRESS.match(what):
        return what, words or what.removeprefix("mailto:")
    if what.startswith("tel:") and words:  # Slack takes many numbers for one to call
        return "", words
    return "", f"{words} &lt;{what}&gt;" if words else f"&lt;{inside}&gt;"
