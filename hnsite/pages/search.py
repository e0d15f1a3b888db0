"""search.html, the texts it shows, and the scripts by which it finds them. Pure.

A **document** is an item with words to find: a story or a comment, not a deleted one. The documents of a
thread come in the order of their ids, so that a new comment is the last one; ``CHUNK`` of them share a
file of texts. Where words stand is told by files that ``hnsite.search`` makes of the lists of
``hnsite.postings``. All are scripts that call a function, because pages opened from disk can load
nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hnsite import urls
from hnsite.config import Config
from hnsite.markup import LONGEST, plain_text, visible
from hnsite.model import Comment, Page, State, Thread, listed_name
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.story import thread_title
from hnsite.pages.thread import split
from hnsite.pages.when import when
from hnsite.postings import CHUNK, days, is_name, thread_number

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class SearchView(NamedTuple):
    """``permalinks`` is as in the settings: "pages" or "anchors"."""

    chrome: Chrome
    permalinks: str


class Part(NamedTuple):
    """The words that share a file: those that begin so and with one of ``letters`` behind that ("" for any),
    or the one word that ``is_whole``."""

    beginning: str
    letters: str = ""
    is_whole: bool = False


class Texts(NamedTuple):
    """The documents of one thread: a line of JSON for each ``CHUNK`` of them.

    Each line is ``[story, title, domain, documents]``, a document ``[id, author, date, text, page, state]``
    with ``page`` 0 for the story itself, and ``state`` only where it is not live. ``days`` tells of each
    line when its documents were written, as ``postings.days`` does.
    """

    number: int
    lines: tuple[str, ...]
    days: str


def page(config: Config) -> Page:
    path = urls.SEARCH_PATH
    return Page(
        path, "search.html", SearchView(chrome(config, path, "Search", noindex=True), config.permalinks)
    )


def texts(thread: Thread) -> Texts | None:
    """What can be found of a thread; None if that is nothing."""
    root = thread.root
    found = [(one, 1) for one in thread.options]
    for page, (start, end) in enumerate(split(thread.comments), 1):
        found += [(one, page) for one in thread.comments[start:end]]
    found.sort(key=lambda entry: urls.id_key(entry[0].id))
    found = [entry for entry in ((root, 0), *found) if _has_words(entry[0])]
    head = [urls.anchor(root.id), _clean(thread_title(thread)), _clean(root.domain or "")]
    chunks = [found[start : start + CHUNK] for start in range(0, len(found), CHUNK)]
    lines = [_json([*head, [_document(*entry) for entry in chunk]]) for chunk in chunks]
    if not chunks:
        return None
    spans = [_span([_day(one) for one, _ in chunk]) for chunk in chunks]
    return Texts(thread_number(root.id, _day(root) or 0), tuple(lines), days(spans, len(chunks[-1])))


def _span(days: Sequence[int | None]) -> tuple[int, int] | None:
    known = [day for day in days if day is not None]
    return (min(known), max(known)) if len(known) == len(days) else None


def _day(one: Comment) -> int | None:
    """The day (since 1970) that pages show, if they show one."""
    date = one.created
    known = date is not None and date.epoch is not None and date.unit not in ("month", "year")
    return date.epoch // 86_400 if date and date.epoch is not None and known else None


def _has_words(one: Comment) -> bool:
    return one.held and one.state not in (State.DELETED, State.REMOVED) and bool(one.body or one.title)


def _document(one: Comment, page: int) -> list[object]:
    name = urls.anchor(one.id)
    date = when(one.created)
    document: list[object] = [
        one.id if name == one.id else [one.id, name],
        _clean(listed_name(one.author or "")),
        _clean(date.text) if date else "",
        _clean(plain_text((one.body or "")[:LONGEST], one.dialect)).strip(),
        page,
    ]
    return document if one.state is State.LIVE else [*document, one.state.value]


def _clean(text: str) -> str:
    """As pages show it: without control characters, and what UTF-8 cannot write."""
    text = visible(_CONTROL.sub("", text))
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def text_scripts(texts: Texts) -> Iterator[tuple[str, bytes]]:
    """(path, content) of the files of texts."""
    for chunk, line in enumerate(texts.lines):
        path = urls.text_path(texts.number, chunk)
        yield path, _script(path, line)


def words_path(part: Part) -> str:
    return urls.words_path(part.beginning + part.letters[:1], part.letters[-1:])


def paths(part: Part) -> list[str]:
    """The files of a part: lists, and places if its words are of texts."""
    own = words_path(part)
    return [own] if is_name(part.beginning) else [own, urls.places_path(own)]


def list_scripts(part: Part, lists: Iterable[tuple[str, str, str]]) -> list[bytes]:
    """What is in the files of a part; ``lists`` are (word, postings, places), by word."""
    found = list(lists)
    own = {word: postings for word, postings, _ in found}
    places = {word: places for word, _, places in found if places}
    return [_script(path, _json(value)) for path, value in zip(paths(part), (own, places), strict=False)]


def index_script(documents: int, words: int, parts: Iterable[Part], common: Sequence[str]) -> bytes:
    """What the script loads first: how much there is, and how it is parted."""
    found = list(parts)
    index = {
        "documents": documents,
        "words": words,
        "whole": [part.beginning for part in found if part.is_whole],
        "beginnings": [f"{part.beginning} {part.letters}" for part in found if not part.is_whole],
        "common": common,
    }
    return _script(urls.INDEX_PATH, _json(index))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _script(path: str, text: str) -> bytes:
    """A file that hands over a value under its own name."""
    name = path.removeprefix(f"{urls.SEARCH}/").removesuffix(".js")
    return f'hnsiteSearch("{name}",{text});\n'.encode()
