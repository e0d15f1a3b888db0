"""What forum-dl (github.com/mikwielgus/forum-dl) writes with ``--output-format jsonl``: phpBB, vBulletin,
XenForo, Simple Machines, ProBoards, Invision, Discourse, Pipermail, Hypermail, HyperKitty and others.

Each line is ``{"generator": "forum-dl", "version", "extractor", "download_time", "type", "item"}``, the item
a board, a thread, a post or a file. ``path`` leads to the thread, its last part is the thread's id;
``subpath`` leads from there to the post: through those that it answers, where the forum knows them, else it
is the post's id alone. Versions before 0.2 knew no ``creation_time``. The first post of a thread without
such paths is the thread's own text. Items of Hacker News are the API's own, and keep their numbers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from hnsite.markup import plain_text
from hnsite.model import Dialect, Kind, Moment, Problem, Record, State, namesake
from hnsite.readers.addresses import masked, masked_html
from hnsite.readers.hn_api import read_item
from hnsite.readers.input import Fields, Head, clean, iso_moment, shown_moment
from hnsite.readers.json_values import json_values

NAME = "forum-dl"
VERSION = 1

_TREES = {"hackernews", "hyperkitty", "hypermail", "pipermail"}
"""Extractors of sites that know who answers whom; for all others ``subpath`` is a post's id."""
_MAIL = {"hyperkitty", "hypermail", "pipermail"}
_PART = re.compile(r"[0-9A-Za-z_.:-]{1,64}")
_DISPLAYED = re.compile(r"[^a-z0-9]+")


def why_not(head: Head) -> str | None:
    if not head.is_json:
        return "not JSON"
    if {"generator", "extractor", "item"} <= head.keys and b'"forum-dl"' in head.raw:
        return None
    return "no entries of forum-dl ('generator': 'forum-dl' with 'extractor' and 'item')"


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    threads = _Threads()
    for piece in json_values(file, name):
        if isinstance(piece, Problem):
            yield piece
        elif isinstance(piece[1], dict) and isinstance(piece[1].get("item"), dict):
            yield from _entry(Fields(piece[1], piece[0]), threads)
        else:
            yield Problem(piece[0], "not an entry of forum-dl: no 'item'; skipped", skipped=True)


@dataclass(slots=True)
class _Threads:
    """What is known of the threads so far, by their ids: the first post of each, and numbers of posts."""

    openings: dict[str, str | None] = field(default_factory=dict)
    numbers: dict[str, dict[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item stands: ``site`` in ids, ``source`` in names, ``thread`` the story's id."""

    site: str
    source: str
    thread: str
    subpath: tuple[str, ...]

    def post(self, id: str) -> str:
        return f"forum-{self.site}-{_part(id)}"


def _entry(fields: Fields, threads: _Threads) -> Iterator[Record | Problem]:
    kind = fields.value.get("type")
    if kind in ("board", "file"):
        return
    item = Fields(fields.value["item"], fields.origin, fields.problems)
    captured = _captured(fields)
    if fields.value.get("extractor") == "hackernews" and kind in ("thread", "post"):
        yield from _hacker_news(item, captured)
        return
    place = _place(item, str(fields.value.get("extractor")))
    if kind not in ("thread", "post") or place is None:
        yield Problem(
            fields.origin, "a thread or post without a usable 'type', 'path' and 'url'; skipped", True
        )
        return
    if kind == "thread":
        yield _thread(item, place, captured)
    else:
        yield _post(item, place, threads, captured, str(fields.value.get("extractor")))
    yield from fields.problems


def _hacker_news(item: Fields, captured: int | None) -> Iterator[Record | Problem]:
    """The item as the API gave it; where that is missing, as forum-dl understood it."""
    data = item.value.get("data")
    if isinstance(data, dict) and "id" in data:
        yield from read_item(data, item.origin, captured)
        return
    path, subpath = _parts(item.value.get("path")), _parts(item.value.get("subpath"))
    ids = (*path[-1:], *subpath)
    value: dict[str, Any] = {"id": ids[-1] if ids else None, "type": "comment" if subpath else "story"}
    texts = {
        "by": item.value.get("author"),
        "text": item.value.get("content"),
        "title": item.value.get("title"),
    }
    value |= {name: text for name, text in texts.items() if text} | (
        {"parent": ids[-2]} if subpath and path else {}
    )
    if (created := _created(item)) and created.epoch is not None:
        value["time"] = created.epoch
    yield from read_item(value, item.origin, captured)


def _thread(item: Fields, place: _Place, captured: int | None) -> Record:
    return Record(
        item.origin,
        place.thread,
        Kind.STORY,
        title=_line(item, "title"),
        state=State.LIVE,
        captured=captured,
        original=clean(item.text("url")),
    )


def _post(item: Fields, place: _Place, threads: _Threads, captured: int | None, extractor: str) -> Record:
    id, parent = _stand(item, place, threads, extractor)
    body, dialect = _body(item, extractor)
    opens = id == place.thread
    return Record(
        item.origin,
        id,
        Kind.STORY if opens else Kind.COMMENT,
        parent=parent,
        thread=None if opens else place.thread,
        author=namesake(masked(_line(item, "author") or ""), place.source),
        created=_created(item),
        body=body,
        dialect=dialect,
        state=State.LIVE,
        captured=captured,
        original=None if opens else clean(item.text("url")),
    )


def _stand(item: Fields, place: _Place, threads: _Threads, extractor: str) -> tuple[str, str | None]:
    """A post's id and its parent's; the thread's own for the post that opens it."""
    if not place.subpath:
        return place.thread, None
    own = place.subpath[-1]
    first = threads.openings.setdefault(place.thread, _opening(item, place, extractor))
    if own == first:
        return place.thread, None
    above = place.subpath[-2] if len(place.subpath) > 1 else None
    parent = place.thread if above in (None, first) else place.post(str(above))
    numbers = threads.numbers.setdefault(place.thread, {}) if extractor == "discourse" else {}
    return place.post(own), _answered(item, numbers, place.post(own)) or parent


def _opening(item: Fields, place: _Place, extractor: str) -> str | None:
    """The id of the post that opens the thread, by the first post that a dump has of it."""
    own = place.subpath[-1]
    if extractor in _TREES:
        path = _parts(item.value.get("path"))
        return path[-1] if path else None
    number = _data(item).get("post_number")
    return own if len(place.subpath) == 1 and number in (None, 1) else None


def _answered(item: Fields, numbers: dict[int, str], id: str) -> str | None:
    """The post of a Discourse topic that this one answers; its first post is the topic."""
    data = _data(item)
    number, above = data.get("post_number"), data.get("reply_to_post_number")
    if isinstance(number, int):
        numbers[number] = id
    return numbers.get(above) if isinstance(above, int) and above != number else None


def _data(item: Fields) -> dict[str, Any]:
    data = item.value.get("data")
    return data if isinstance(data, dict) else {}


def _place(item: Fields, extractor: str) -> _Place | None:
    """Sites have their own ids, and within them mail archives of one list or one month."""
    path, subpath = _parts(item.value.get("path")), _parts(item.value.get("subpath"))
    host, folder = _address(item.value.get("url")) or _address(item.value.get("origin")) or ("", "")
    if not host or not path:
        return None
    within = {"pipermail": path[:-1], "hypermail": (folder,)}.get(extractor, ())
    site = "-".join(map(_part, (host, *within)))
    return _Place(site, _source(host), f"forum-{site}-t{_part(path[-1])}", subpath)


def _address(url: object) -> tuple[str, str] | None:
    """An address's host (with its port, if that is none of the usual) and folder."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        host = (parts.hostname or "") if parts else ""
        port = f":{parts.port}" if parts and parts.port else ""
    except ValueError:
        return None
    folder = parts.path.rpartition("/")[0] if parts else ""
    return (host.removeprefix("www.") + port, folder) if host else None


def _source(host: str) -> str:
    """What tells the users of this site from those of others: its name's letters, as many as may be."""
    letters = _DISPLAYED.sub("", host)
    letters = letters if letters[:1].isalpha() else f"f{letters}"
    return letters if len(letters) <= 20 else letters[:14] + _digest(host)[:6]


def _part(text: str) -> str:
    """Part of an id: dots, which stand in no file name, become underscores; what is odd, its digest."""
    return text.replace(".", "_").replace(":", "_") if _PART.fullmatch(text) else f"x{_digest(text)[:12]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _parts(path: object) -> tuple[str, ...]:
    """A path's parts, if they are texts all of them (or numbers, as other programs may write them)."""
    if not isinstance(path, list) or not all(isinstance(one, str | int) and str(one) for one in path):
        return ()
    return tuple(map(str, path))


def _line(item: Fields, name: str) -> str | None:
    """A text of one line; forum-dl leaves the white space of pages in it."""
    return " ".join((clean(item.text(name)) or "").split()) or None


def _body(item: Fields, extractor: str) -> tuple[str | None, Dialect]:
    """HTML; of Pipermail what stands in its ``<pre>``, which is text with a few links in it.

    No address of mail stays whole.
    """
    body = clean(item.text("content"))
    if body and extractor == "pipermail":
        return clean(masked(plain_text(body, Dialect.HTML))), Dialect.MAIL
    return masked_html(body) if body and extractor in _MAIL else body, Dialect.HTML


def _created(item: Fields) -> Moment | None:
    text = clean(item.text("creation_time"))
    if not text:
        return None
    return iso_moment(text) or _mail_date(text) or shown_moment(text)


def _mail_date(text: str) -> Moment | None:
    try:
        return iso_moment(datetime.strptime(text.strip(), "%a, %d %b %Y %H:%M:%S %z").isoformat())
    except ValueError:
        return None


def _captured(fields: Fields) -> int | None:
    text = clean(fields.text("download_time"))
    moment = iso_moment(text) if text else None
    return moment.epoch if moment else None
