"""The pages of the whole site: lists of threads, the calendar, directories, item.html, and the rest.

Those that a build leaves as they are, are told by their paths only. The pages of days and sites, of
which there may be very many, are made apart (``threads.render_list``), as authors' are.

    threads      the front page, most comments, most points, days, sites, the calendar
    directories  authors and sites by name and by number
    finder       item.html and its maps
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain

from hnsite.lists import directories, finder, threads
from hnsite.pages import not_found
from hnsite.plan import Plan
from hnsite.tools import Tools


def site_files(plan: Plan, tools: Tools) -> Iterator[tuple[str, Callable[[], bytes] | None]]:
    """The path of every file that is of the whole site, and what makes it; None where it stays as it is."""
    theme = tools.theme
    pages = chain(
        threads.site_pages(plan, tools),
        directories.site_pages(plan, tools),
        (not_found.page(tools.config),),
    )
    for page in pages:
        yield (page, None) if isinstance(page, str) else (page.path, partial(theme.render, page))
    yield from finder.site_files(plan, tools)
    for name, content in theme.static():
        yield name, partial(bytes, content)


def facts(tools: Tools) -> Mapping[str, bytes]:
    """What the next build is to know of these pages, when they are published."""
    return {"directories": directories.fact(tools), "top": threads.fact(tools)}
