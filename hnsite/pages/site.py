"""The threads that link to one site, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Page, Summary
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.threads import Facts, ThreadLine, Turns, full_pages, lines, turns


@dataclass(frozen=True, slots=True)
class SiteView:
    """``facts`` are told on the newest page only."""

    chrome: Chrome
    site: str
    sites_url: str
    facts: Facts | None
    threads: tuple[ThreadLine, ...]
    turns: Turns


def page(site: str, number: int, threads: Iterable[Summary], facts: Facts, config: Config) -> Page:
    """One page of a site; the threads that it shows come oldest first."""
    path = urls.site_path(site, number)
    view = SiteView(
        chrome=chrome(config, path, f"{site}, page {number}" if number else site),
        site=site,
        sites_url=urls.relative(urls.SITES_PATH, path),
        facts=None if number else facts,
        threads=lines([*threads][::-1], path),
        turns=turns(number, facts.threads, partial(urls.site_path, site)),
    )
    return Page(path, "site.html", view)


def paths(site: str, total: int) -> list[str]:
    """Where the pages of a site stand to which so many threads link."""
    return [urls.site_path(site, number) for number in range(full_pages(total) + 1)] if total else []
