"""sitemap.xml and its parts, and robots.txt.

In the order of the sitemap: pages of the whole site, authors, threads with their comments. The first two are
cheap and made every time; threads are parted by number, and a part is made again when one of its threads was.
In one file they stand by address, as the number of a part depends on what the dumps called things.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

from hnsite.ledger import FRONT, list_paths
from hnsite.pages import author, sitemap
from hnsite.pages.sitemap import Dated
from hnsite.pages.threads import full_pages
from hnsite.pages.when import latest
from hnsite.plan import Plan
from hnsite.tools import Tools
from hnsite.urls import FRONT_PATH, ROBOTS_PATH, SITEMAP_PATH, front_path, sitemap_path

File = tuple[str, Callable[[], bytes] | None]


class _Part(NamedTuple):
    """A file of the sitemap: what it lists, and a name that tells it from others; "" for what is always made
    again. ``is_stale`` says that something it lists may have changed."""

    pages: Iterable[Dated]
    name: str = ""
    is_stale: bool = True


def site_files(plan: Plan, tools: Tools) -> Generator[File, None, bytes]:
    """The files; of those that stay as they are the path only.

    Returns what the next build is to know: what each part is of, and its newest date.
    """
    config = tools.config
    yield ROBOTS_PATH, partial(sitemap.robots, config)
    if not config.base_url:
        return b"{}"
    most = sitemap.most(config)
    rest = [*_site_pages(plan, tools), *_authors(tools)]
    sizes = tools.manifest.indexed_parts()
    if len(rest) + sum(pages for _, pages in sizes) <= most:
        own = sorted(tools.manifest.indexed(sizes[0][0], sizes[-1][0])) if sizes else ()
        every = (*rest, *own)
        yield SITEMAP_PATH, partial(sitemap.urlset, every, config)
        return b"{}"
    parts = (*map(_Part, _chunks(rest, most)), *_thread_parts(sizes, most, tools))
    noted = {} if tools.manifest.is_cut_short() or plan.is_all else _noted(tools)
    told = yield from _parted(parts, noted, plan, tools)
    index = [(path, newest) for path, (_, newest) in told.items()]
    yield SITEMAP_PATH, partial(sitemap.index, index, config)
    return json.dumps(told).encode()


def _noted(tools: Tools) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = json.loads(tools.manifest.fact("sitemap") or b"{}")
    return found


def _parted(
    parts: Iterable[_Part], noted: dict[str, tuple[str, int]], plan: Plan, tools: Tools
) -> Generator[File, None, dict[str, tuple[str, int]]]:
    """The parts of the sitemap; returns (name, newest date) of each by path."""
    told: dict[str, tuple[str, int]] = {}
    for number, part in enumerate(parts, 1):
        path = sitemap_path(number)
        name, newest = noted.get(path, ("", 0))
        if part.is_stale or name != part.name or plan.is_lost(path):
            pages = [*part.pages]
            newest = max(time for _, time in pages)
            yield path, partial(sitemap.urlset, pages, tools.config)
        else:
            yield path, None
        told[path] = (part.name, newest)
    return told


def _thread_parts(sizes: Sequence[tuple[int, int]], most: int, tools: Tools) -> Iterator[_Part]:
    """Threads by their numbers; one that has too many pages for a file has several."""
    manifest = tools.manifest
    changed = sorted(manifest.unfinished())
    for span in sitemap.ranges(sizes, most):
        own = manifest.indexed(span.start, span.stop - 1)
        is_stale = any(part in span for part in changed)
        if sitemap.size(span) > 1:
            yield _Part(own, f"{span.start}+{sitemap.size(span)}", is_stale)
        else:
            for place, pages in enumerate(_chunks(own, most)):
                yield _Part(pages, f"{span.start}.{place}", is_stale)


def _chunks(pages: Iterable[Dated], most: int) -> Iterator[list[Dated]]:
    left = iter(pages)
    while chunk := [*islice(left, most)]:
        yield chunk


def _site_pages(plan: Plan, tools: Tools) -> Iterator[Dated]:
    """The front page, notes, days and sites. Only the newest page of several changes with its list."""
    ledger = tools.manifest.ledger
    yield "", ledger.newest_date()
    for number in range(1, full_pages(ledger.get(FRONT).threads) + 1):
        yield front_path(number), 0
    for note in plan.notes:
        if note.path != FRONT_PATH:
            yield note.path, latest(note.date)
    for kind, name, threads, newest in ledger.dated_lists():
        first, *others = list_paths(kind, name, threads)
        yield first, newest
        yield from ((path, 0) for path in others)


def _authors(tools: Tools) -> Iterator[Dated]:
    for one in tools.manifest.authors():
        if one.noindex:
            continue
        first, *others = author.paths(one.name, one.total)
        yield first, one.last or 0
        yield from ((path, 0) for path in others)
