"""Old addresses of items that a later dump gave a better id: a page that leads on, without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Page
from hnsite.pages.chrome import Chrome, chrome


@dataclass(frozen=True, slots=True)
class RedirectView:
    chrome: Chrome
    url: str
    label: str


def page(old: str, new: str, config: Config) -> Page:
    """From an item's old address to its new one."""
    path = urls.item_path(old)
    url = urls.relative(urls.item_path(new), path)
    return Page(path, "redirect.html", RedirectView(chrome(config, path, "Moved"), url, f"No.{new}"))


def option_page(option: str, poll: str, config: Config) -> Page:
    """From a poll option's own address to its place in the poll."""
    path = urls.item_path(option)
    url = f"{urls.relative(urls.item_path(poll), path)}#{urls.anchor(option)}"
    return Page(path, "redirect.html", RedirectView(chrome(config, path, "Poll option"), url, f"No.{option}"))
