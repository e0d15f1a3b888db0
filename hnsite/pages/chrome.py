"""What every page has around its content: the site's name, the ways up, the style sheet."""

from __future__ import annotations

from typing import NamedTuple

from hnsite import urls
from hnsite.config import Config
from hnsite.pages.slot import Slot


class Chrome(NamedTuple):
    """``title`` is this page's; the links are relative to it."""

    title: str | Slot
    site: str
    description: str
    home_url: str
    authors_url: str
    style_url: str


def chrome(config: Config, path: str, title: str | Slot) -> Chrome:
    up = "../" if "/" in path else ""
    return Chrome(
        title=title,
        site=config.title,
        description=config.description,
        home_url=up + urls.FRONT_PATH,
        authors_url=up + urls.AUTHORS_PATH,
        style_url=f"{up}{urls.STATIC}/style.css",
    )
