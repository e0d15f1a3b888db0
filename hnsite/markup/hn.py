"""Hacker News's own HTML, as its API gives it -> HTML with closed paragraphs.

The first paragraph has no tag, later ones begin with ``<p>`` and are not closed; text may follow
``</pre>`` directly. Only p, a, i, pre and code occur; links are shown cut to 60 characters.
"""

from __future__ import annotations

import html
import re

_ITEM = re.compile(r"news\.ycombinator\.com(?:/|&#x2F;|&#47;)item\?id=(\d{1,15})(?:#(\d{1,15}))?")
_ITEM_URL = re.compile(r"https?://(?:www\.)?" + _ITEM.pattern)


def to_html(body: str) -> str:
    """The same text with every paragraph opened; the sanitizer's parser closes them."""
    return "<p>" + body.replace("</pre>", "</pre><p>")


def linked_items(body: str) -> frozenset[str]:
    """The ids of the Hacker News items that a body, of any dialect, may link to."""
    return frozenset(match[2] or match[1] for match in _ITEM.finditer(body))


def item_of(href: str) -> str | None:
    """The item that an address (with entities) leads to, if it is one of Hacker News."""
    match = _ITEM_URL.match(html.unescape(href))
    return (match[2] or match[1]) if match else None
