"""What most Hacker News bodies are, cleaned without a parser: the same bytes in a tenth of the time.

A body goes this way only if every character of it belongs to the short grammar here: plain text,
seven entities, ``<p>``, and closed ``<i>`` and ``<a>`` with an ordinary web address. Nothing in it can
be unsafe, and nothing needs repair. Tests hold the result to be what ``sanitize`` makes of it.
"""

from __future__ import annotations

import re

_TEXT = r"[^<>&\x00-\x08\x0b-\x1f\x7f-\xa0\ud800-\udfff]++|&(?:#x27|#x2F|#38|#60|#62|quot|amp|lt|gt);"
_HOST = r"(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)+[a-z]{2,}"
_PATH = r"(?:[/?#]|&#x2F;)(?:[!#-%'-;=?-\[\]-~]++|&(?:#x27|#x2F|amp);)*+"
_LINK = rf'<a href="https?:(?:/|&#x2F;){{2}}{_HOST}(?:{_PATH})?"(?: rel="nofollow")?>(?:{_TEXT})*+</a>'
_REGULAR = re.compile(rf"(?:{_TEXT}|<p>|{_LINK}|<i>(?:{_TEXT}|{_LINK})*+</i>)*+")
_EMPTY = re.compile(r"<p>\s*</p>")
_ENTITIES = (
    ("&#x2F;", "/"),
    ("&#x27;", "'"),
    ("&quot;", '"'),
    ("&#38;", "&amp;"),
    ("&#60;", "&lt;"),
    ("&#62;", "&gt;"),
)


def regular(body: str) -> str | None:
    """The safe HTML of a Hacker News body, if it is a regular one; else None."""
    if not _REGULAR.fullmatch(body):
        return None
    html = body.replace("<p>", "</p><p>")
    if '">' in html:  # what ends a link: no text holds a bare >
        html = html.replace('" rel="nofollow">', '">').replace('">', '" rel="nofollow noopener ugc">')
    if "&" in html:
        for entity, character in _ENTITIES:
            html = html.replace(entity, character)
    return _EMPTY.sub("", f"<p>{html}</p>")
