"""The feeds of the whole site; those of authors and threads are made with their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from hnsite.pages import feed
from hnsite.tools import Tools
from hnsite.urls import FEED_PATH, JSON_FEED_PATH


def site_files(tools: Tools) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """feed.xml and feed.json, of the newest threads that have a date."""
    if tools.config.feeds == "none":
        return
    newest = tools.manifest.ledger.newest(feed.NEWEST)
    yield FEED_PATH, partial(feed.site_feed, newest, tools.config)
    yield JSON_FEED_PATH, partial(feed.json_feed, newest, tools.config)
