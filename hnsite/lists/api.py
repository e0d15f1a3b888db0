"""The lists of the Hacker News API, and authors under their own names where file names differ from those."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from hnsite.ledger import FRONT
from hnsite.manifest import Manifest
from hnsite.pages import api
from hnsite.plan import Plan
from hnsite.tools import Tools
from hnsite.urls import api_own_name_path


def site_files(plan: Plan, tools: Tools) -> Iterator[tuple[str, Callable[[], bytes] | None]]:
    """The path of each file, and what makes it; None where it stays as it is."""
    if not tools.config.api:
        return
    manifest = tools.manifest
    stories = manifest.ledger.threads(0, manifest.ledger.get(FRONT).threads)
    for path, content in api.list_files(stories, tools.catalog.highest()):
        yield path, partial(bytes, content)
    stale = set(manifest.stale_authors())
    before = set() if manifest.is_cut_short() else set(manifest.listed())
    for name in manifest.distinct_authors():
        if own := api_own_name_path(name):
            stays = name not in stale and own in before and not plan.is_lost(own)
            yield own, None if stays else partial(_answer, manifest, name)


def _answer(manifest: Manifest, name: str) -> bytes:
    return api.user_answer(manifest.author(name), manifest.submitted(name))
