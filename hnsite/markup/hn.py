"""Hacker News's own HTML, as its API gives it -> HTML with closed paragraphs.

The first paragraph has no tag, later ones begin with ``<p>`` and are not closed; text may follow
``</pre>`` directly. Only p, a, i, pre and code occur; links are shown cut to 60 characters.
"""

from __future__ import annotations

import re

from hnsite.markup.visible import TURNING

_HIDDEN = "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff" + TURNING + "\U000e0000-\U000e007f"
_ENTITY = "&(?:amp|lt|gt|quot|#x27|#x2F|#34|#38|#39|#47|#60|#62);"
_URL = f"https?:(?:/|&#x2F;){{2}}(?:[^\\s\\\\\"'<>&{_HIDDEN}]|{_ENTITY})+"
_OWN = re.compile(
    f'(?:[^<>&{_HIDDEN}]++|{_ENTITY}|</?(?:p|i|pre|code|a)>|<a href="{_URL}"(?: rel="nofollow")?>)*+'
)
"""All that Hacker News writes."""
_TAG = re.compile(r"<(/?)([a-z]+)")
_LOOSE = re.compile(r"</p>(?!\s*(?:<p>|<p |\Z))")
_END = re.compile(r"</p>\s*")


def to_html(body: str) -> str:
    """The same text with every paragraph opened; the sanitizer's parser closes them."""
    return "<p>" + body.replace("</pre>", "</pre><p>")


def is_own(body: str) -> bool:
    """Whether a body is what Hacker News writes, tags that are closed and nothing odd, so that it is safe as
    it stands."""
    if not _OWN.fullmatch(body):
        return False
    open_tags: list[str] = []
    for match in _TAG.finditer(body):
        name = match[2]
        if not match[1]:
            if name == "p" and open_tags:
                return False
            if name != "p":
                open_tags.append(name)
        elif name != "p" and (not open_tags or open_tags.pop() != name):
            return False
    return not open_tags


def from_html(clean: str) -> str:
    """Sanitized HTML with paragraphs as Hacker News writes them: the first has no tag, others are not closed.

    As it is where something else stands between paragraphs.
    """
    clean = clean.replace(' rel="nofollow noopener ugc"', ' rel="nofollow"')
    if not clean.startswith("<p>") or _LOOSE.search(clean):
        return clean
    return _END.sub("", clean)[len("<p>") :]
