"""What somebody asks for: an id or an address -> a thread or an author, and where it is found. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from hnsite.errors import UsageError

POSSIBLE = (
    "a number of Hacker News, or an address of a thread or author there (news.ycombinator.com/item?id=N,"
    " .../user?id=NAME), or of a thread of Lobsters (lobste.rs/s/ID) or Reddit (reddit.com/.../comments/ID)"
)
_SAVED = "no interface gives this list; save the page in a browser and give it with --from-file"
_NUMBER = re.compile(r"0{0,9}([1-9][0-9]{0,14})", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
_SHORT = re.compile(r"[0-9A-Za-z]{1,13}", re.ASCII)
_WITH_SCHEME = re.compile(r"(?i)https?://")
_LONGEST = 2000


class Want(NamedTuple):
    """``source`` is "hn", "lobsters" or "reddit"; ``kind`` is "item" (its whole thread), "author", "comment"
    (of Lobsters) or "share" (a link of Reddit's that leads to a thread); ``id`` is safe in file names, but
    for that of a share, which is a path."""

    source: str
    kind: str
    id: str

    @property
    def address(self) -> str:
        """Where people find it."""
        return _ADDRESSES[self.source, self.kind].format(self.id)


_ADDRESSES = {
    ("hn", "item"): "https://news.ycombinator.com/item?id={}",
    ("hn", "author"): "https://news.ycombinator.com/user?id={}",
    ("lobsters", "item"): "https://lobste.rs/s/{}",
    ("lobsters", "comment"): "https://lobste.rs/c/{}",
    ("reddit", "item"): "https://www.reddit.com/comments/{}/",
    ("reddit", "share"): "https://www.reddit.com/{}",
}


def parse_want(text: str) -> Want:
    """What an id or an address asks for. Raises UsageError, which says what is possible."""
    text = text.strip()
    if number := _NUMBER.fullmatch(text):
        return Want("hn", "item", number[1])
    try:
        found = _of_address(text)
    except UsageError as error:
        raise UsageError(error.reason, text[:_LONGEST]) from None
    if found is None:
        raise UsageError(f"not known here; possible are {POSSIBLE}", text[:_LONGEST])
    return found


def want_of(text: str) -> Want | None:
    """The same for what may be anything: None where nothing is known by it."""
    try:
        return parse_want(text)
    except UsageError:
        return None


def _of_address(text: str) -> Want | None:
    if len(text) > _LONGEST or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text if _WITH_SCHEME.match(text) else f"https://{text}")
        host, query = (parts.hostname or "").removeprefix("www."), parse_qs(parts.query)
    except ValueError:
        return None
    read = _HOSTS.get("reddit.com" if host.endswith(".reddit.com") else host)
    steps = [step for step in parts.path.split("/") if step]
    return read(steps, {name: values[0] for name, values in query.items()}) if read else None


def _made(source: str, kind: str, id: str, fits: re.Pattern[str]) -> Want | None:
    id = id.removesuffix(".json").removesuffix(".rss")
    match = fits.fullmatch(id)
    return Want(source, kind, match[1] if match.re.groups else id) if match else None


def _hacker_news(steps: list[str], query: Mapping[str, str]) -> Want | None:
    id = query.get("id", "")
    match steps:
        case ["item" | "reply" | "context" | "latest"]:
            return _made("hn", "item", id, _NUMBER)
        case ["user" | "threads" | "submitted"]:
            return _made("hn", "author", id, _NAME)
        case ["favorites" | "upvoted" | "hidden" | "flagged"]:
            raise UsageError(_SAVED)
    return None


def _algolia(steps: list[str], query: Mapping[str, str]) -> Want | None:
    match steps:
        case ["api", "v1", "items", id] | ["story", id, *_]:
            return _made("hn", "item", id, _NUMBER)
        case ["api", "v1", "users", name]:
            return _made("hn", "author", name, _NAME)
    return None


def _firebase(steps: list[str], query: Mapping[str, str]) -> Want | None:
    match steps:
        case ["v0", "item", id]:
            return _made("hn", "item", id, _NUMBER)
        case ["v0", "user", name]:
            return _made("hn", "author", name, _NAME)
    return None


def _lobsters(steps: list[str], query: Mapping[str, str]) -> Want | None:
    match steps:
        case ["s", id, *_]:
            return _made("lobsters", "item", id, _SHORT)
        case ["c", id, *_]:
            return _made("lobsters", "comment", id, _SHORT)
    return None


def _reddit(steps: list[str], query: Mapping[str, str]) -> Want | None:
    match steps:
        case ["comments" | "gallery" | "tb", id, *_]:
            return _post(id)
        case ["r" | "u" | "user", _, "comments", id, *_]:
            return _post(id)
        case ["r" | "u" | "user" as kind, name, "s", id, *_] if _NAME.fullmatch(name) and _SHORT.fullmatch(
            id
        ):
            return Want("reddit", "share", f"{kind}/{name}/s/{id}")
    return None


def _post(id: str) -> Want | None:
    found = _made("reddit", "item", id.removeprefix("t3_"), _SHORT)
    return found._replace(id=found.id.lower()) if found else None


def _redd_it(steps: list[str], query: Mapping[str, str]) -> Want | None:
    return _post(steps[0]) if len(steps) == 1 else None


_HOSTS: Mapping[str, Callable[[list[str], Mapping[str, str]], Want | None]] = {
    "news.ycombinator.com": _hacker_news,
    "hn.algolia.com": _algolia,
    "hacker-news.firebaseio.com": _firebase,
    "lobste.rs": _lobsters,
    "reddit.com": _reddit,
    "redd.it": _redd_it,
}
