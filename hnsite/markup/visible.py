"""Characters that turn the direction of the text around them, or hide in it -> text that shows them. Pure.

A name such as ``evil<U+202E>gnp.exe`` would otherwise be read as another, and turn what stands behind it. No
page holds such a character. Text from right to left needs none: a block has the direction of its letters.
"""

from __future__ import annotations

import re

TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_SHOWN = re.compile(f"[{TURNING}\U000e0000-\U000e007f]")
_FLAG = re.compile("(?<=\U0001f3f4)[\U000e0030-\U000e007a]{1,8}\U000e007f")
_MARKS = {"\u061c": "&#1564;", "\u200e": "&lrm;", "\u200f": "&rlm;"}


def visible(text: str) -> str:
    """The same with ``[U+202E]`` and the like in place of what cannot be seen, but for letters of flags."""
    if text.isascii() or not _SHOWN.search(text):
        return text
    parts = _FLAG.split(text)
    flags = [*_FLAG.findall(text), ""]
    return "".join(_SHOWN.sub(_told, part) + flag for part, flag in zip(parts, flags, strict=True))


def visible_body(safe: str) -> str:
    """The same for the HTML of a body, a block of its own in which the three marks that people who write from
    right to left type may stay, as entities; what embeds and overrides may not."""
    if safe.isascii() or not _SHOWN.search(safe):
        return safe
    for mark, entity in _MARKS.items():
        safe = safe.replace(mark, entity)
    return visible(safe)


def _told(match: re.Match[str]) -> str:
    return f"[U+{ord(match[0]):04X}]"
