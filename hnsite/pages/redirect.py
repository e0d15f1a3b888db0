"""Old addresses of items that a later dump gave a better id: a page that leads on, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
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


def pages(old: str, new: str, config: Config, *, is_story: bool) -> Iterator[Page]:
    """From an item's old address to its new one; a story has two, nested and by time."""
    for address in (urls.item_path, urls.time_path) if is_story else (urls.item_path,):
        path = address(old)
        url = urls.relative(address(new), path)
        frame = chrome(config, path, "Moved", canonical=urls.item_path(new))
        yield Page(path, "redirect.html", RedirectView(frame, url, f"No.{new}"))


def option_page(option: str, poll: str, config: Config) -> Page:
    """From a poll option's own address to its place in the poll."""
    path = urls.item_path(option)
    url = f"{urls.relative(urls.item_path(poll), path)}#{urls.anchor(option)}"
    frame = chrome(config, path, "Poll option", canonical=urls.item_path(poll))
    return Page(path, "redirect.html", RedirectView(frame, url, f"No.{option}"))
