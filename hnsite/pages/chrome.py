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
    the paths begin that ``asset`` gives. ``notes`` are those that every page leads to."""

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


def chrome(config: Config, path: str, title: str | Slot, root: str | None = None) -> Chrome:
    """``root`` is for pages that may be shown at any address."""
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
    )
