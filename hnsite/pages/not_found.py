"""404.html. Hosts show it at any depth, so its links begin at the site's root."""

from __future__ import annotations

from dataclasses import dataclass

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Page
from hnsite.pages.chrome import Chrome


@dataclass(frozen=True, slots=True)
class NotFoundView:
    chrome: Chrome


def page(config: Config) -> Page:
    base = config.base_path
    view = NotFoundView(
        Chrome(
            title="Not found",
            site=config.title,
            description=config.description,
            home_url=base + urls.FRONT_PATH,
            days_url=base + urls.DAYS_PATH,
            sites_url=base + urls.SITES_PATH,
            authors_url=base + urls.AUTHORS_PATH,
            search_url=base + urls.SEARCH_PATH if config.search else None,
            root=base,
        )
    )
    return Page(urls.NOT_FOUND_PATH, "404.html", view)
