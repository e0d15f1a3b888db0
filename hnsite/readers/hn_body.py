"""A text in the tree of a page of Hacker News -> the same text as the API would give it (``Dialect.HN``).

The API's texts escape ``&<>"'/``, do not close paragraphs, and know only p, a, i, pre and code. Pages put
fading fonts around, browsers close paragraphs, and until 2018 the link to reply stood inside the text.
"""

from __future__ import annotations

import re
from typing import Any

from hnsite.readers.input import clean
from hnsite.readers.saved_page import classes

_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "/": "&#x2F;"}
)
_END = "\0"  # of a paragraph; no text holds one
_KEPT = {"i": "i", "em": "i", "pre": "pre", "code": "code"}
_BREAKS = {"p", "br"}
_DROPPED = {"script", "style", "textarea", "form", "img"}
_BEFORE_CODE = re.compile(rf"<p>\s*{_END}\s*(?=<pre>)")
_EMPTY = re.compile(rf"<p>\s*{_END}")
_BETWEEN = re.compile(rf"{_END}\s*(?=<p>|\Z)")
_BEGIN = re.compile(r"(?:\s|<p>(?!\s*<pre>))*")
_END_BACKWARDS = re.compile(r"(?:\s|>p<)*")
_ARCHIVED = re.compile(r"\A(?:https?://web\.archive\.org)?/web/\d+(?:[a-z]{2}_)?/")


def body_of(element: Any) -> str | None:
    """The text of an element and all that it holds but the link to reply; None if that is nothing."""
    parts: list[str] = []
    stack: list[Any] = [element]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            parts.append(one)
        elif not _is_dropped(one):
            begin, end = _tags(one)
            parts += (begin, _escaped(one.text))
            stack.append(end)
            for child in reversed(one):
                stack += (_escaped(child.tail), child)
    text = _BEFORE_CODE.sub("<p>", "".join(parts))
    text = _BETWEEN.sub("", _EMPTY.sub("", text)).replace(_END, "<p>")
    return clean(_trimmed(text))


def _trimmed(text: str) -> str:
    """The text without white space and empty paragraphs around it; a paragraph of code keeps its mark."""
    begin, end = _BEGIN.match(text), _END_BACKWARDS.match(text[::-1])
    assert begin and end
    return text[begin.end() : len(text) - end.end()]


def plain_address(href: str | None) -> str | None:
    """An address that leads somewhere without the page it stood on, and not through an archive."""
    address = _ARCHIVED.sub("", (clean(href) or "").strip())
    return address if re.match(r"(?i)https?://[^/\s]|mailto:", address) else None


def _is_dropped(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag in _DROPPED or "reply" in classes(element):
        return True
    return element.tag == "font" and element.get("size") == "1"


def _tags(element: Any) -> tuple[str, str]:
    """What a text of the API has in an element's place."""
    if element.tag == "a":
        href = plain_address(element.get("href"))
        return (f'<a href="{_escaped(href)}" rel="nofollow">', "</a>") if href else ("", "")
    if tag := _KEPT.get(element.tag):
        return f"<{tag}>", f"</{tag}>"
    return ("<p>", _END) if element.tag in _BREAKS else ("", "")


def _escaped(text: str | None) -> str:
    return text.translate(_ESCAPES) if text else ""
