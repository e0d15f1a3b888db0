"""All that one author wrote, newest first, each with its thread.

Pages count from the oldest comments and are full when they get a number, so that a new comment
changes the newest page only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Author, Moment, Page
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.when import When, when

SIZE = 100


class Written(NamedTuple):
    """One card and the thread it stands in."""

    thread: str
    thread_url: str
    html: Markup


class AuthorView(NamedTuple):
    chrome: Chrome
    name: str
    stories: int
    comments: int
    first: When | None
    last: When | None
    written: tuple[Written, ...]
    newer_url: str | None
    older_url: str | None


def pages(author: Author, entries: Iterator[tuple[str, str, str]], config: Config) -> Iterator[Page]:
    """The author's pages; ``entries`` are (thread id, thread title, card, joined), oldest first.

    The newest page holds what is left over and the full page before it, so that it is never nearly empty.
    """
    full = max(0, author.total // SIZE - 1)
    for number in range(1, full + 1):
        yield _page(author, number, full, _take(entries, SIZE), config)
    yield _page(author, 0, full, list(entries), config)


def _take(entries: Iterator[tuple[str, str, str]], count: int) -> list[tuple[str, str, str]]:
    return [entry for _, entry in zip(range(count), entries, strict=False)]


def _page(
    author: Author, number: int, full: int, entries: Sequence[tuple[str, str, str]], config: Config
) -> Page:
    path = urls.author_path(author.name, number)
    newer = None if number == 0 else urls.author_path(author.name, number + 1 if number < full else 0)
    older_number = full if number == 0 else number - 1
    older = urls.author_path(author.name, older_number) if older_number else None
    view = AuthorView(
        chrome=chrome(config, path, author.name if number == 0 else f"{author.name}, page {number}"),
        name=author.name,
        # only the newest page tells totals: they would change every older page
        stories=author.stories if number == 0 else 0,
        comments=author.comments if number == 0 else 0,
        first=when(_day(author.first)) if number == 0 else None,
        last=when(_day(author.last)) if number == 0 else None,
        written=tuple(
            Written(title, urls.relative(urls.item_path(id), path), Markup(html))
            for id, title, html in reversed(entries)
        ),
        newer_url=urls.relative(newer, path) if newer else None,
        older_url=urls.relative(older, path) if older else None,
    )
    return Page(path, "author.html", view)


def _day(epoch: int | None) -> Moment | None:
    return None if epoch is None else Moment(epoch, "day")
