"""The directory of all authors: by name, and those who wrote most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Author, Page
from hnsite.pages.chrome import Chrome, chrome


@dataclass(frozen=True, slots=True)
class AuthorLine:
    name: str
    url: str
    stories: int
    comments: int


@dataclass(frozen=True, slots=True)
class AuthorsView:
    chrome: Chrome
    authors: tuple[AuthorLine, ...]
    busiest: tuple[AuthorLine, ...]


def pages(authors: Iterable[Author], config: Config) -> Iterator[Page]:
    lines = [
        AuthorLine(
            one.name, urls.relative(urls.author_path(one.name), urls.AUTHORS_PATH), one.stories, one.comments
        )
        for one in authors
    ]
    by_name = sorted(lines, key=lambda line: (line.name.casefold(), line.name))
    busiest = sorted(lines, key=lambda line: (-line.comments, line.name.casefold(), line.name))
    view = AuthorsView(
        chrome=chrome(config, urls.AUTHORS_PATH, "Authors"),
        authors=tuple(by_name),
        busiest=tuple(line for line in busiest[:10] if line.comments > 1),
    )
    yield Page(urls.AUTHORS_PATH, "authors.html", view)
