"""What every page has around its content: the site's name, the ways up, the way to its assets."""

from __future__ import annotations

from typing import NamedTuple

from hnsite import urls
from hnsite.config import Config
from hnsite.pages.slot import Slot


class NavLink(NamedTuple):
    title: str
    url: str


class Chrome(NamedTuple):
    """``title`` is this page's; the links are relative to it. ``root`` leads to the site's top, where
    the paths begin that ``asset`` gives. ``notes`` are those that every page leads to.

    ``canonical`` is the full address that search engines shall know the page by, "" where ``base_url`` is not
    given or ``noindex`` keeps them away. Feeds are "" where there are none; ``own_feed_url`` is that of the
    author or thread that the page shows.
    """

    title: str | Slot
    site: str
    description: str
    home_url: str
    days_url: str
    sites_url: str
    authors_url: str
    search_url: str | None
    notes: tuple[NavLink, ...]
    root: str
    canonical: str | Slot
    noindex: bool
    feed_url: str
    json_feed_url: str
    own_feed_url: str | Slot


def chrome(
    config: Config,
    path: str,
    title: str | Slot,
    root: str | None = None,
    *,
    canonical: str | Slot | None = None,
    noindex: bool = False,
    own_feed_url: str | Slot = "",
) -> Chrome:
    """``root`` is for pages that may be shown at any address. ``canonical`` is the path of the page that
    shows the same and goes before this one, if there is one; in a slot a full address."""
    up = "../" * path.count("/") if root is None else root
    return Chrome(
        title=title,
        site=config.title,
        description=config.description,
        home_url=up + urls.FRONT_PATH,
        days_url=up + urls.DAYS_PATH,
        sites_url=up + urls.SITES_PATH,
        authors_url=up + urls.AUTHORS_PATH,
        search_url=up + urls.SEARCH_PATH if config.search else None,
        notes=tuple([NavLink(title, up + path) for title, path in config.nav]),
        root=up,
        canonical="" if noindex else _address(config, path if canonical is None else canonical),
        noindex=noindex,
        feed_url=up + urls.FEED_PATH if config.feeds != "none" else "",
        json_feed_url=up + urls.JSON_FEED_PATH if config.feeds != "none" else "",
        own_feed_url=own_feed_url,
    )


def _address(config: Config, path: str | Slot) -> str | Slot:
    """The full address; the front page is known by the folder that it stands in."""
    if not isinstance(path, str):
        return path if config.base_url else ""
    return config.full_url("" if path == urls.FRONT_PATH else path)


def author_page(config: Config, name: str | None) -> str:
    """The full address of an author's page; "" where that is not known."""
    return config.full_url(urls.author_path(name)) if name else ""
