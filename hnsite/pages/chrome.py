"""What every page has around its content: the site's name, the ways up, the style sheet."""

from __future__ import annotations

from dataclasses import dataclass

from hnsite import urls
from hnsite.config import Config


@dataclass(frozen=True, slots=True)
class Chrome:
    """``title`` is this page's; the links are relative to it."""

    title: str
    site: str
    description: str
    home_url: str
    authors_url: str
    style_url: str


def chrome(config: Config, path: str, title: str) -> Chrome:
    up = "../" if "/" in path else ""
    return Chrome(
        title=title,
        site=config.title,
        description=config.description,
        home_url=up + urls.FRONT_PATH,
        authors_url=up + urls.AUTHORS_PATH,
        style_url=f"{up}{urls.STATIC}/style.css",
    )
