"""item.html and the like, and the maps of items if comments have no pages."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

from hnsite.manifest import Manifest
from hnsite.pages import find
from hnsite.plan import Plan
from hnsite.tools import Tools
from hnsite.urls import MAPS


def site_files(plan: Plan, tools: Tools) -> Iterator[tuple[str, Callable[[], bytes] | None]]:
    """item.html and the like, and maps; of maps that stay as they are the path only."""
    manifest, config, theme = tools.manifest, tools.config, tools.theme
    blocks = [] if config.has_pages else manifest.blocks()
    ranges = find.ranges([(block.number, block.size) for block in blocks if block.size])
    for page in find.pages(None if config.has_pages else ranges, config):
        yield page.path, partial(theme.render, page)
    if config.has_pages:
        return
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
