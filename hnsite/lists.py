"""The pages of the whole site: the list of threads, the directory of authors, item.html, and the rest.

Those that a build leaves as they are, are told by their paths only.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from functools import partial
from itertools import chain, pairwise

from hnsite.manifest import Manifest
from hnsite.model import Page
from hnsite.pages import authors, find, front, not_found
from hnsite.plan import Plan
from hnsite.tools import Tools
from hnsite.urls import FIND_PATH, MAPS, front_path


def site_files(
    plan: Plan, tools: Tools, stale: Collection[str]
) -> Iterator[tuple[str, Callable[[], bytes] | None]]:
    """The path of every file that is of the whole site, and what makes it; None where it stays as it is.

    ``stale`` are the authors who wrote something else than before.
    """
    config, theme = tools.config, tools.theme
    for page in chain(_directory(plan, tools, stale), _front(plan, tools), (not_found.page(config),)):
        yield (page, None) if isinstance(page, str) else (page.path, partial(theme.render, page))
    yield from _finder(plan, tools)
    for name, content in theme.static():
        yield name, partial(bytes, content)


def _front(plan: Plan, tools: Tools) -> Iterator[Page | str]:
    """The list of all threads; of pages that stay as they are the path only."""
    manifest = tools.manifest
    totals = manifest.totals()
    before = manifest.listed()
    old_full = sum(path.startswith("page/") for path in before)
    moved, places = (0, set()) if plan.is_all else manifest.changed_list()
    full = front.full_pages(totals.threads)
    for number in range(full + 1):
        first, last = front.span(number, totals.threads)
        stays = number and number < old_full and (moved is None or last <= moved)
        path = front_path(number)
        if stays and not plan.is_lost(path) and not any(first <= place < last for place in places):
            yield path
        else:
            yield front.page(
                number, manifest.threads(first, last), totals.threads, totals.comments, tools.config
            )


def _finder(plan: Plan, tools: Tools) -> Iterator[tuple[str, Callable[[], bytes] | None]]:
    """item.html, and its maps if comments have no pages; of maps that stay as they are the path only."""
    manifest, config, theme = tools.manifest, tools.config, tools.theme
    if config.has_pages:
        yield FIND_PATH, partial(theme.render, find.page(None, config))
        return
    blocks = manifest.blocks()
    ranges = find.ranges([(block.number, block.size) for block in blocks if block.size])
    yield FIND_PATH, partial(theme.render, find.page(ranges, config))
    end = ranges[-1].stop - 1  # where the highest numbers are gone, maps end earlier than they did
    stale = [min(block.number, end) for block in blocks if block.is_stale]
    paths = [find.map_path(one) for one in ranges]
    before = [path for path in manifest.listed() if path.startswith(MAPS)]
    same = set(pairwise([*before, ""]))  # a range ends where the next one begins
    for own, (path, following) in zip(ranges, pairwise([*paths, ""]), strict=True):
        is_stale = bisect_left(stale, own.stop) > bisect_left(stale, own.start)
        if plan.is_all or is_stale or (path, following) not in same or plan.is_lost(path):
            yield path, partial(_map, manifest, own)
        else:
            yield path, None


def _map(manifest: Manifest, blocks: range) -> bytes:
    return find.map_script(manifest.places(blocks))


def _directory(plan: Plan, tools: Tools, stale: Collection[str]) -> Iterator[Page | str]:
    """The directory of authors; of pages that stay as they are the path only."""
    manifest, config = tools.manifest, tools.config
    count = manifest.author_count()
    parts = parts_of_directory(manifest)
    everybody = manifest.authors() if parts == [(0, "")] else ()
    yield authors.top_page(count, parts, everybody, manifest.busiest_authors(authors.BUSIEST), config)
    before = _directory_before(manifest)
    levels = {letters for letters, _ in parts}
    changed = {(letters, authors.begins(name, letters)) for name in stale for letters in levels}
    for part in parts:
        path = authors.path(part)
        if not part[0]:
            continue
        if plan.is_all or part in changed or part not in before or plan.is_lost(path):
            yield authors.page(part, manifest.authors(*part), config)
        else:
            yield path


def parts_of_directory(manifest: Manifest) -> list[tuple[int, str]]:
    return authors.beginnings(manifest.author_count(), manifest.beginnings)


def _directory_before(manifest: Manifest) -> set[tuple[int, str]]:
    """The parts of the directory that the site has; none are sure after a publishing that was cut short."""
    if manifest.fact("publishing") is not None:
        return set()
    return {(letters, beginning) for letters, beginning in json.loads(manifest.fact("directory") or b"[]")}
