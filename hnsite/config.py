"""hnsite.toml -> Config. ``parse_config`` is pure; reading the file is the caller's work.

To add a setting: a field of ``Config``, a row in ``SETTINGS``, a line in docs/manual.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hnsite.errors import ConfigError
from hnsite.hosts import HOSTS

SETTINGS: Mapping[str, str] = {
    "title": "the site's name, shown in every page's header",
    "description": "one sentence below the name on the front page",
    "base_url": "the address the site will have, for what needs a full one; 404.html uses its path",
    "content": "the folder with the dumps",
    "output": "the folder that receives the site",
    "theme": "the name of a theme: a folder in the site's own themes/, or one that hnsite brings",
    "permalinks": '"pages" (one for each comment) or "anchors" (links into the thread pages)',
    "deleted": '"tombstone" (what was deleted is not shown) or "show" (its last known text, marked)',
    "search": "whether the site has a page to search it",
    "feeds": '"none", "site", "authors" (and one of each author) or "threads" (and one of each thread)',
    "api": "whether the site answers as the Hacker News API does, as files below v0/",
    "precompress": "whether each text file has a .gz and a .br beside it, for servers that send those",
    "min_comments": "leaves out threads with fewer comments",
    "since": "leaves out threads that began before this date",
    "until": "leaves out threads that began after this date",
    "max_unpacked": "how many MB a packed dump may unpack to, where that is over 100 times its size",
    "host": "where the site will be published, to be warned of its limits",
}
"""Every key of hnsite.toml and what it means. All are optional."""

DELETED = ("tombstone", "show")
PERMALINKS = ("pages", "anchors")
FEEDS = ("none", "site", "authors", "threads")
"""Each has all that the ones before it have."""


@dataclass(frozen=True, slots=True)
class Config:
    """One build's settings; paths are as given, relative to ``root`` (the site's folder).

    ``nav`` is no setting: the notes in content/ give it, as (title, path) of those that every page leads to.
    """

    root: Path
    title: str = "Discussion archive"
    description: str = ""
    base_url: str = ""
    content: str = "content"
    output: str = "public"
    theme: str = "default"
    permalinks: str = "pages"
    deleted: str = "tombstone"
    search: bool = True
    feeds: str = "authors"
    api: bool = False
    precompress: bool = False
    min_comments: int = 0
    since: str = ""
    until: str = ""
    max_unpacked: int = 1000
    host: str = ""
    nav: tuple[tuple[str, str], ...] = ()

    @property
    def content_dir(self) -> Path:
        return self.root / self.content

    @property
    def output_dir(self) -> Path:
        return self.root / self.output

    @property
    def cache_dir(self) -> Path:
        return self.root / ".cache" / "hnsite"

    @property
    def has_pages(self) -> bool:
        """Whether each comment has a page of its own."""
        return self.permalinks == "pages"

    @property
    def author_files(self) -> tuple[str, ...]:
        """What each author has besides pages: "feed", "api"."""
        feed = ("feed",) if FEEDS.index(self.feeds) >= FEEDS.index("authors") else ()
        return (*feed, "api") if self.api else feed

    def full_url(self, path: str) -> str:
        """The address that a path below the output folder will have; "" where ``base_url`` is not given."""
        return f"{self.base_url.rstrip('/')}/{path}" if self.base_url else ""

    @property
    def first_second(self) -> int | None:
        """Where the range of dates begins (seconds, UTC); None if it has no beginning."""
        return _second(self.since) if self.since else None

    @property
    def last_second(self) -> int | None:
        """Where the range of dates ends; its last day is in it."""
        return _second(self.until) + 86_399 if self.until else None

    @property
    def base_path(self) -> str:
        """The path below which the site is served; begins and ends with ``/``."""
        return "/" + path + "/" if (path := urlsplit(self.base_url).path.strip("/")) else "/"


def parse_config(text: str, root: Path, file: str = "hnsite.toml", **overrides: str | None) -> Config:
    """Settings from the text of hnsite.toml; ``overrides`` (from the command line) win unless None.

    Raises ConfigError for what is not TOML, an unknown key (naming the nearest right one), or a value
    that is of the wrong kind or not one of those that a setting can have.
    """
    try:
        given: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(error), file) from None
    for key, value in given.items():
        if key not in SETTINGS:
            near = get_close_matches(key, SETTINGS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(SETTINGS)}"
            raise ConfigError(f"unknown setting {key!r}{hint}", file)
        _check_kind(key, value, file)
    given.update({key: value for key, value in overrides.items() if value is not None})
    config = Config(root, **given)
    if config.base_url:
        _check_base_url(config.base_url, "--base-url" if overrides.get("base_url") else file)
    for key, values in (
        ("permalinks", PERMALINKS),
        ("deleted", DELETED),
        ("feeds", FEEDS),
        ("host", ("", *HOSTS)),
    ):
        _check_choice(key, getattr(config, key), values, file)
    for key in ("since", "until"):
        if getattr(config, key):
            _check_date(key, getattr(config, key), file)
    return config


def _check_kind(key: str, value: object, file: str) -> None:
    if key in ("min_comments", "max_unpacked"):
        if type(value) is not int or value < 0:
            raise ConfigError(f"{key} must be a number from 0 on, not {value!r}", file)
    elif key in ("search", "api", "precompress"):
        if not isinstance(value, bool):
            raise ConfigError(f"{key} must be true or false, not {value!r}", file)
    elif not isinstance(value, str):
        raise ConfigError(f"{key} must be text in quotes, not {value!r}", file)


def _check_choice(key: str, value: str, values: Sequence[str], file: str) -> None:
    if value not in values:
        known = ", ".join(f'"{one}"' for one in values if one)
        raise ConfigError(f"{key} must be one of {known}, not {value!r}", file)


def _check_date(key: str, value: str, file: str) -> None:
    try:
        _second(value)
    except ValueError:
        raise ConfigError(f'{key} must be a date such as "2024-11-18", not {value!r}', file) from None


def _second(day: str) -> int:
    """The first second of a day (UTC). Raises ValueError for what is no date."""
    if len(day) != 10:
        raise ValueError(day)
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def _check_base_url(base_url: str, subject: str) -> None:
    try:
        parts = urlsplit(base_url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        reason = f"base_url must be a full address such as https://example.org/, not {base_url!r}"
        raise ConfigError(reason, subject)
