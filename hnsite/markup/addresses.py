"""Addresses in plain text, as the links that they are meant to be. Pure.

Only what says ``http://`` or ``https://`` is one. linkify-it, which markdown-it-py would use, takes time that
grows with the square of their number.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_URL = re.compile(r"(?i)(?<![^\W_])https?://(?=[^\W_]|\[)[^\s<>\"\x00-\x20\x7f-\x9f\\]{1,4096}")
_STOPS = frozenset(".,;:!?'*_~")
_OPENING = {")": "(", "]": "[", "}": "{"}


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses begin and end, without the marks of the sentence around them."""
    if "://" in text:
        for match in _URL.finditer(text):
            yield match.start(), match.start() + _length(match[0])


def address_end(text: str, start: int, last: int) -> int:
    """Where the address ends that begins at ``start``, before ``last``; 0 if none begins there."""
    match = _URL.match(text, start, last)
    return start + _length(match[0]) if match else 0


def linked(text: str) -> str:
    """Escaped text with addresses as links."""
    parts: list[str] = []
    done = 0
    for start, end in addresses(text):
        shown = html.escape(text[start:end])
        parts += (html.escape(text[done:start], quote=False), f'<a href="{shown}">{shown}</a>')
        done = end
    parts.append(html.escape(text[done:], quote=False))
    return "".join(parts)


def _length(url: str) -> int:
    """How much of what looks like an address is one: what closes a bracket belongs to it if it opens it.

    A square bracket that it does not open ends it: in Markdown the words of a link may be an address.
    """
    if "]" in url:
        url = url[: _first_unopened(url)]
    spare = {close: url.count(close) - url.count(opening) for close, opening in _OPENING.items()}
    for length in range(len(url), 0, -1):
        last = url[length - 1]
        if spare.get(last, 0) > 0:
            spare[last] -= 1
        elif last not in _STOPS:
            return length
    return 0


def _first_unopened(url: str) -> int:
    """Where the first ``]`` stands that closes nothing; the whole length if there is none."""
    depth = 0
    for place, char in enumerate(url):
        depth += (char == "[") - (char == "]")
        if depth < 0:
            return place
    return len(url)
