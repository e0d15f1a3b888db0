"""search.html and all that its script reads besides texts, which come with their threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from hnsite.pages import search
from hnsite.pages.search import Part
from hnsite.plan import Plan
from hnsite.tools import Tools
from hnsite.urls import INDEX_PATH
from hnsite.words import LONGEST, Words
from hnsite.workers import Workers

UNIT = 1_000_000
"""Characters of texts in one unit of work."""
BUCKET = 4_000_000
"""Characters of texts whose lists are gathered at a time."""
MANY = 200
"""Changed threads from which on it is quicker to make all lists again."""


def search_files(
    plan: Plan, tools: Tools, workers: Workers
) -> Iterator[tuple[str, Callable[[], bytes] | None]]:
    """The path of every file of the search, and what makes it; None where it stays as it is."""
    words = tools.words
    if words is None:
        return
    _update(words, workers)
    yield search.page(tools.config).path, partial(tools.theme.render, search.page(tools.config))
    parts, common = words.parts()
    totals = words.totals()
    yield INDEX_PATH, partial(search.index_script, totals.documents, totals.words, parts, common)
    before = set(tools.manifest.listed()) if tools.manifest.fact("publishing") is None else set()
    stale = _stale(words, parts)
    for part in parts:
        is_same = stale is not None and part not in stale
        scripts = cache(partial(_scripts, words, part))
        for place, path in enumerate(search.paths(part)):
            stays = is_same and path in before and not plan.is_lost(path)
            yield path, None if stays else partial(_script, scripts, place)


def _scripts(words: Words, part: Part) -> list[bytes]:
    return search.list_scripts(part, words.lists(part))


def _script(scripts: Callable[[], list[bytes]], place: int) -> bytes:
    return scripts()[place]


def _stale(words: Words, parts: Iterable[Part]) -> set[Part] | None:
    """The parts whose words the site may not have as they are; None for all."""
    changed = words.stale()
    if changed is None:
        return None
    shared = {
        part.beginning + letter: part
        for part in parts
        if not part.is_whole
        for letter in part.letters or [""]
    }
    found = {Part(word, is_whole=True) for word in changed}
    for word in changed:
        found.update(shared[word[:letters]] for letters in range(LONGEST + 1) if word[:letters] in shared)
    return found


def _update(words: Words, workers: Workers) -> None:
    """Brings all lists up to date."""
    if words.has_lists() and words.changed() <= MANY:
        words.amend()
        return
    words.start_lists()
    units = words.units(UNIT)
    buckets = 1 + len(units) * UNIT // BUCKET
    inverting = [(first, last, buckets) for first, last in units]
    for _ in workers.map(_invert, inverting, is_much=len(units) > 4):
        pass
    for _ in workers.map(_gather, range(buckets), is_much=len(units) > 4):
        pass
    words.end_lists()


def _invert(tools: Tools, unit: tuple[int, int, int]) -> None:
    assert tools.words
    tools.words.invert(*unit)


def _gather(tools: Tools, bucket: int) -> None:
    assert tools.words
    tools.words.gather(bucket)
