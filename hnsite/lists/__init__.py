"""The pages of the whole site: lists of threads, the calendar, directories, item.html, and the rest.

Those that a build leaves as they are, are told by their paths only. The pages of days and sites, of
which there may be very many, are made apart (``threads.render_list``), as authors' are.

    threads      the front page, most comments, most points, days, sites, the calendar
    directories  authors and sites by name and by number
    finder       item.html and the like, and maps
    api          the lists of the Hacker News API
    notes        pages that somebody wrote for the site
    feeds        the newest threads, for feed readers
    sitemap      sitemap.xml and robots.txt, for search engines
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial

from hnsite.foreign import is_taken
from hnsite.headers import YIELDING, host_files
from hnsite.lists import api, directories, feeds, finder, notes, sitemap, threads
from hnsite.model import Page
from hnsite.pages import not_found
from hnsite.plan import Plan
from hnsite.tools import Tools

File = tuple[str, Callable[[], bytes] | None]


class SiteFiles:
    """The files of the whole site: the path of each, and what makes it; None where it stays as it is.

    ``facts`` is what the next build is to know of them, when all have been asked for.
    """

    def __init__(self, plan: Plan, tools: Tools) -> None:
        self._plan = plan
        self._tools = tools
        self.facts: dict[str, bytes] = {}

    def __iter__(self) -> Iterator[File]:
        left_out = []
        for path, make in self._files():
            if make and path in YIELDING and is_taken(self._tools, path, make()):
                left_out.append(path)
            else:
                yield path, make
        self.facts["left out"] = json.dumps(left_out).encode()

    def _files(self) -> Iterator[File]:
        theme = self._tools.theme
        for page in self._pages():
            yield (page, None) if isinstance(page, str) else (page.path, partial(theme.render, page))
        yield from finder.site_files(self._plan, self._tools)
        yield from feeds.site_files(self._tools)
        self.facts["sitemap"] = yield from sitemap.site_files(self._plan, self._tools)
        yield from api.site_files(self._plan, self._tools)
        for name, content in (*theme.static(), *host_files(self._tools.config)):
            yield name, partial(bytes, content)

    def _pages(self) -> Iterator[Page | str]:
        self.facts["tops"] = yield from threads.site_pages(self._plan, self._tools)
        self.facts["directories"] = yield from directories.site_pages(self._plan, self._tools)
        self.facts["notes"] = yield from notes.site_pages(self._plan, self._tools)
        yield not_found.page(self._tools.config)
