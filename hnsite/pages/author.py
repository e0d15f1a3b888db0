"""All that one author wrote, newest first, each with its thread.

Pages count from the oldest comments and are full when they get a number, so that a new comment
changes the newest page only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import escape

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Author, Moment, Page
from hnsite.pages.card import Dated
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.slot import Slot, slot, utf8
from hnsite.pages.when import when

SIZE = 100


class Written(NamedTuple):
    """One card and the thread it stands in."""

    thread: Slot
    thread_url: Slot
    html: Slot


class AuthorView(NamedTuple):
    """``last`` is None where it is the day of ``first``. Slots are what differs between authors who
    wrote as much."""

    chrome: Chrome
    name: Slot
    stories: int
    comments: int
    first: Dated | None
    last: Dated | None
    written: tuple[Written, ...]
    newer_url: Slot | None
    older_url: Slot | None


_TITLE, _NAME, _NEWER, _OLDER = map(slot, range(4))
_FIRST = Dated(slot(4), slot(5), "")
_LAST = Dated(slot(6), slot(7), "")
_WRITTEN = tuple(
    Written(slot(index), slot(index + 1), slot(index + 2)) for index in range(8, 8 + 6 * SIZE, 3)
)


def pages(author: Author, entries: Iterator[tuple[str, str, str]], config: Config) -> Iterator[Page]:
    """The author's pages; ``entries`` are (thread id, thread title, card, joined), oldest first.

    The newest page holds what is left over and the full page before it, so that it is never nearly empty.
    """
    full = _full_pages(author.total)
    for number in range(1, full + 1):
        yield _page(author, number, full, _take(entries, SIZE), config)
    yield _page(author, 0, full, list(entries), config)


def paths(name: str, total: int) -> list[str]:
    """Where the pages of an author stand who wrote so much."""
    return [urls.author_path(name, number) for number in range(_full_pages(total) + 1)] if total else []


def _full_pages(total: int) -> int:
    return max(0, total // SIZE - 1)


def _take(entries: Iterator[tuple[str, str, str]], count: int) -> list[tuple[str, str, str]]:
    return [entry for _, entry in zip(range(count), entries, strict=False)]


def _page(
    author: Author, number: int, full: int, entries: Sequence[tuple[str, str, str]], config: Config
) -> Page:
    path = urls.author_path(author.name, number)
    newest = number == 0  # only the newest page tells totals: they would change every older page
    newer = "" if newest else urls.author_path(author.name, number + 1 if number < full else 0)
    older_number = full if newest else number - 1
    older = urls.author_path(author.name, older_number) if older_number else ""
    first = when(_day(author.first)) if newest else None
    last = when(_day(author.last)) if newest and author.last != author.first else first
    view = AuthorView(
        chrome=chrome(config, path, _TITLE),
        name=_NAME,
        stories=author.stories if newest else 0,
        comments=author.comments if newest else 0,
        first=_FIRST if first else None,
        last=_LAST if last != first else None,
        written=_WRITTEN[: len(entries)],
        newer_url=_NEWER if newer else None,
        older_url=_OLDER if older else None,
    )
    name = escape(author.name)
    texts = [
        name if newest else f"{name}, page {number}",
        name,
        urls.relative(newer, path),
        urls.relative(older, path),
        *(first[:2] if first else ("", "")),
        *(last[:2] if last else ("", "")),
    ]
    for id, title, html in reversed(entries):
        texts += (escape(title), urls.relative(urls.item_path(id), path), html)
    return Page(path, "author.html", view, tuple(map(utf8, texts)))


def _day(epoch: int | None) -> Moment | None:
    return None if epoch is None else Moment(epoch, "day")
