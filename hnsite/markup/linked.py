"""Addresses of items, as they were posted on Hacker News, Lobsters and Reddit -> their ids here. Pure.

Discourse, Zulip and mail are not among them: what their ids mean depends on whose forum or list it is.
"""

from __future__ import annotations

import html
import re

HOSTS = (
    "ycombinator.com",
    "lobste.rs",
    "reddit.com",
    "redd.it",
    "hn.algolia.com",
    "hacker-news.firebaseio.com",
)
"""What a text holds that may hold such an address."""
_S = "(?:/|&#x2F;|&#47;)"
_POST, _REPLY = "reddit-t3_", "reddit-t1_"
_PATTERNS = (
    (rf"news\.ycombinator\.com{_S}item\?id=(\d{{1,15}})(?:#(\d{{1,15}}))?", ("", "")),
    (rf"hn\.algolia\.com{_S}api{_S}v1{_S}items{_S}(\d{{1,15}})", ("",)),
    (rf"hacker-news\.firebaseio\.com{_S}v0{_S}item{_S}(\d{{1,15}})", ("",)),
    (
        rf"lobste\.rs{_S}s{_S}([a-z0-9]{{6}})\b(?:{_S}[\w-]*)?(?:#c_([a-z0-9]{{6}})\b)?",
        ("lobsters-", "lobsters-"),
    ),
    (rf"lobste\.rs{_S}c{_S}([a-z0-9]{{6}})\b", ("lobsters-",)),
    (rf"redd\.it{_S}([a-z0-9]{{1,13}})\b", (_POST,)),
    (rf"reddit\.com{_S}(?:(?:r|u|user){_S}[\w-]{{1,50}}{_S})?comments{_S}([a-z0-9]{{1,13}})\b", (_POST,)),
)
"""What addresses look like, and what stands before each group of theirs in ids."""
_SOURCES = ("", *(source for _, sources in _PATTERNS for source in sources))
_BELOW = re.compile(rf"{_S}[^\s/&?#<>\"]*{_S}([a-z0-9]{{1,13}})\b")
"""What names a comment of Reddit behind its post."""
_ITEM = re.compile("|".join(pattern for pattern, _ in _PATTERNS))
_BEFORE = re.compile(r"https?://(?:(?:www|old|new|np|i|m|amp)\.)?")


def has_items(text: str) -> bool:
    """Whether a text may hold such an address."""
    return any(host in text for host in HOSTS)


def linked_items(body: str) -> frozenset[str]:
    """The ids of the items that a body, of any dialect, may link to."""
    if not has_items(body):
        return frozenset()
    return frozenset(_id(match, body) for match in _ITEM.finditer(body))


def item_of(href: str) -> str | None:
    """The item that an address (with entities) leads to, if it is one of these sites."""
    url = html.unescape(href)
    before = _BEFORE.match(url)
    match = _ITEM.match(url, before.end()) if before else None
    return _id(match, url) if match else None


def _id(match: re.Match[str], text: str) -> str:
    group = match.lastindex or 1  # what stands behind "#" goes before what stands before it
    source = _SOURCES[group]
    if source == _POST and (below := _BELOW.match(text, match.end())):
        return f"{_REPLY}{below[1]}"
    return f"{source}{match[group]}"
