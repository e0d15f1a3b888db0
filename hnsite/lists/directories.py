"""The directories of authors and sites, by name and by number."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Iterator
from functools import partial

from hnsite.manifest import Manifest
from hnsite.model import Page
from hnsite.names import Names
from hnsite.pages import directory
from hnsite.pages.directory import AUTHORS, BUSIEST, LARGEST, SITES, Count, Kind, Part
from hnsite.plan import Plan
from hnsite.tools import Tools


def site_pages(plan: Plan, tools: Tools) -> Generator[Page | str, None, bytes]:
    """All pages of the directories; of pages that stay as they are the path only.

    Returns what the next build is to know: the parts that the site has.
    """
    manifest = tools.manifest
    noted = {} if manifest.is_cut_short() else json.loads(manifest.fact("directories") or b"{}")
    changes = {AUTHORS: manifest.changed_authors(), SITES: manifest.ledger.changed_sites()}
    parts: dict[str, list[Part]] = {}
    for kind, changed in changes.items():
        before = [Part(*part) for part in noted[kind.heading]] if kind.heading in noted else None
        paths = [kind.by_name, kind.by_number, *(directory.path(kind, part) for part in before or ())]
        if before is None or changed or plan.is_all or any(map(plan.is_lost, paths)):
            parts[kind.heading] = yield from _directory(kind, before or [], changed, plan, tools)
        else:
            parts[kind.heading] = before
            yield from paths
    return json.dumps(parts).encode()


def _directory(
    kind: Kind, before: Collection[Part], changed: Iterable[tuple[str, int, int]], plan: Plan, tools: Tools
) -> Generator[Page | str, None, list[Part]]:
    """One directory in which something changed; returns its parts."""
    names = _names(tools.manifest, kind)
    by_name, by_number = _parts(names)
    yield from _tops(kind, names, by_name, by_number, tools)
    parts = [*by_name, *by_number]
    stale = _changed_parts(changed, parts)
    for part in parts:
        path = directory.path(kind, part)
        if plan.is_all or part in stale or part not in before or plan.is_lost(path):
            yield directory.page(kind, part, map(Count._make, _lines(names, part)), tools.config)
        else:
            yield path
    return parts


def _names(manifest: Manifest, kind: Kind) -> Names:
    return manifest.author_names if kind is AUTHORS else manifest.site_names


def _parts(names: Names) -> tuple[dict[Part, int], dict[Part, int]]:
    """How many names each part has, by name and by number; none where there are few names."""
    total = names.count()
    if total <= LARGEST:
        return {}, {}
    by_name = {
        Part(None, *one): count for one, count in directory.beginnings(total, names.beginnings).items()
    }
    ranges: Counter[int] = Counter()
    for number, count in names.numbers().items():
        ranges[directory.least(number)] += count
    by_number: dict[Part, int] = {}
    for least, count in sorted(ranges.items(), reverse=True):
        counted = partial(names.beginnings, least=least, beyond=directory.beyond(least))
        parts = directory.beginnings(count, counted).items()
        by_number |= {Part(least, *one): count for one, count in parts}
    return by_name, by_number


def _tops(
    kind: Kind, names: Names, by_name: dict[Part, int], by_number: dict[Part, int], tools: Tools
) -> Iterator[Page]:
    """The first page of a directory, by name and by number."""
    total = names.count()
    everybody = () if by_name else names.all()
    yield directory.top_page(kind, total, by_name, map(Count._make, everybody), tools.config)
    first = map(Count._make, names.most(BUSIEST if by_number else total))
    yield directory.top_page(kind, total, by_number, first, tools.config, by_number=True)


def _changed_parts(changed: Iterable[tuple[str, int, int]], parts: Iterable[Part]) -> set[Part]:
    """The parts that hold, or held, any of the names; each comes with its number before and now."""
    levels: dict[int | None, set[int]] = {}
    for part in parts:
        levels.setdefault(part.least, set()).add(part.letters)
    return {
        Part(least, letters, directory.begins(name, letters))
        for name, before, now in changed
        for least in {None, directory.least(before), directory.least(now)}
        for letters in levels.get(least, ())
    }


def _lines(names: Names, part: Part) -> Iterator[tuple[str, int, int]]:
    if part.least is None:
        return names.begin(part.letters, part.beginning)
    return names.between(part.least, directory.beyond(part.least), part.letters, part.beginning)
