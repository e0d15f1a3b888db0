"""404.html. Hosts show it at any depth, so its links begin at the site's root."""

from __future__ import annotations

from dataclasses import dataclass

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Page
from hnsite.pages.chrome import Chrome, chrome


@dataclass(frozen=True, slots=True)
class NotFoundView:
    chrome: Chrome


def page(config: Config) -> Page:
    view = NotFoundView(chrome(config, urls.NOT_FOUND_PATH, "Not found", config.base_path, noindex=True))
    return Page(urls.NOT_FOUND_PATH, "404.html", view)
