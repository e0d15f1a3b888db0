"""HTML as other sites write it -> HTML that the sanitizer can work with.

The first three levels of headings are the page's own; pictures become links, because a page may not load
anything from elsewhere.
"""

from __future__ import annotations

import html
import re

_HEADING = re.compile(r"(?i)<(/?)h([1-3])\b")
_IMAGE = re.compile(r"(?i)<img\b[^<>]*>")
_ATTRIBUTE = re.compile(r"""(?i)\b(src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


def to_html(body: str) -> str:
    """The same text; the first three levels of headings become the fourth to sixth."""
    body = _IMAGE.sub(_linked, body)
    return "<p>" + _HEADING.sub(lambda match: f"<{match[1]}h{int(match[2]) + 3}", body)


def _linked(image: re.Match[str]) -> str:
    """A picture as a link to it that says what it shows."""
    found = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(image[0])}
    words = html.escape(found.get("alt") or "picture")
    return f'<a href="{html.escape(found["src"])}">[{words}]</a>' if found.get("src") else f"[{words}]"
