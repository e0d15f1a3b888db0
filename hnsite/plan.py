"""What the dumps say against what the site holds -> what is to be made again, and why. Writes nothing
but which threads are left out.

A part is made again when its version is another one: that of the records it is made of, mixed with the
look of every page (settings, theme, code). Besides, when a page of it is missing, or an item to which
it links came or went.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from hnsite.catalog import Catalog, Component
from hnsite.compress import SHARE, beside
from hnsite.config import Config
from hnsite.hosts import Size, advice, too_much
from hnsite.ledger import list_paths
from hnsite.manifest import Manifest
from hnsite.model import Note
from hnsite.notes import digests, numbers
from hnsite.output import Output
from hnsite.pages import author
from hnsite.parts import mixed, render_part
from hnsite.tools import Tools

SAMPLES = 12
LARGEST_SAMPLE = 300
"""Parts that are rendered to estimate the whole, and how many records they may have."""
WORTH_TELLING = 20_000
"""Records whose rendering takes so long that one wants to know how big the site will be."""
LISTS = 32
THREADS_A_LIST = 4
"""Files of the whole site, and about how many threads a day or a site has, where there are many."""
WORDS, WORDS_A_FILE = 300, 8000
"""About how many bytes tell the search where an item's words stand, and how many of them are in a file."""
BARE_PAGE, BARE_ANSWER = 2500, 200
"""About how many bytes an author's page has besides its cards, and an author's file of the API."""

Explain = Callable[[str, str], None]
"""Told of each thing that is made again: (what, why)."""
Tell = Callable[[str], None]
"""Told what should be known before the output is written: a line of text."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made.

    ``parts`` and their ``weights`` (records) are in step; a part is one component, named by it, or
    those that ``joined`` gives. ``gone`` are parts that the site has no more. ``is_all`` says that
    everything is to be made again, ``why`` tells of parts that are stale though their dumps are the
    same, ``authors`` are those who lack a page, ``lists`` the days and sites that do (kind, name),
    ``lacks_lists`` says that a page of the whole site is
    missing, and ``is_lost`` tells of any page. ``folders`` are those of the output and when each changed,
    ``changed`` those that did since the last build. ``look`` and ``note_digests`` are for telling the next
    build. ``stale_notes`` are paths of notes that came, went or changed.
    """

    look: bytes
    notes: Sequence[Note]
    note_digests: Mapping[str, str]
    stale_notes: frozenset[str]
    parts: array[int]
    weights: array[int]
    joined: Mapping[int, tuple[int, ...]]
    gone: list[int]
    is_all: bool
    why: Mapping[int, str]
    authors: frozenset[str]
    lists: frozenset[tuple[str, str]]
    lacks_lists: bool
    is_lost: Callable[[str], bool]
    folders: Mapping[str, int]
    changed: frozenset[str]

    @property
    def is_empty(self) -> bool:
        lacks = self.authors or self.lists or self.lacks_lists
        return not (self.parts or self.gone or self.is_all or lacks or self.stale_notes)


def make_plan(tools: Tools, look: bytes, clean: bool, notes: Sequence[Note] = ()) -> Plan:
    """Compares what the dumps and notes say with what the site holds of it."""
    catalog, manifest, config = tools.catalog, tools.manifest, tools.config
    look = blake2b(look + catalog.mark() + tools.covered.digest, digest_size=16).digest()
    is_all = (
        clean or manifest.fact("look") != look or (tools.words is not None and tools.words.look() != look)
    )
    joined = joined_parts(catalog)
    out = {one.component for one in _united(catalog, joined) if _is_left_out(one, config)}
    out |= tools.covered.out
    catalog.leave_out(member for part in out for member in joined.get(part, (part,)))
    wanted = (one for one in _united(catalog, joined) if one.component not in out)
    folders, changed = _folders(tools)
    is_lost = _lost_pages(tools, changed)
    why = {} if is_all else _stale_parts(tools, is_lost)
    parts, weights, gone = _compare(wanted, manifest.versions(), look, None if is_all else why)
    note_digests = digests(notes, catalog.held(numbers(notes)))
    return Plan(
        look=look,
        notes=notes,
        note_digests=note_digests,
        stale_notes=_stale_notes(note_digests, manifest),
        parts=parts,
        weights=weights,
        joined=joined,
        gone=gone,
        is_all=is_all,
        why=why,
        authors=_authors_without_a_page(tools, is_lost) if is_lost and not is_all else frozenset(),
        lists=_lists_without_a_page(tools, is_lost) if is_lost and not is_all else frozenset(),
        lacks_lists=is_lost is not None and (any(map(is_lost, manifest.listed())) or _has_room(tools)),
        is_lost=is_lost or (lambda path: False),
        folders=folders,
        changed=changed,
    )


def joined_parts(catalog: Catalog) -> dict[int, tuple[int, ...]]:
    """The parts of more than one component, with these."""
    joined: dict[int, tuple[int, ...]] = {}
    for component, part in sorted(catalog.joins().items()):
        joined[part] = (*joined.get(part, (part,)), component)
    return joined


def wanted_parts(catalog: Catalog, config: Config) -> Iterator[tuple[tuple[int, ...], int]]:
    """The components of each part that the site has, and how many records they have."""
    joined = joined_parts(catalog)
    for one in _united(catalog, joined):
        if not _is_left_out(one, config):
            yield joined.get(one.component, (one.component,)), one.weight


def _united(catalog: Catalog, joined: Mapping[int, tuple[int, ...]]) -> Iterator[Component]:
    """All components, those that are joined as one, in the order of parts."""
    others = {component for members in joined.values() for component in members[1:]}
    for one in catalog.components():
        if one.component in joined:
            yield catalog.together(joined[one.component])
        elif one.component not in others:
            yield one


def _is_left_out(component: Component, config: Config) -> bool:
    """Whether settings leave a thread out: for its size, or for its date where that is known."""
    time, first, last = component.time, config.first_second, config.last_second
    return component.comments < config.min_comments or (
        time is not None and ((first is not None and time < first) or (last is not None and time > last))
    )


def _compare(
    wanted: Iterable[Component],
    held: Iterable[tuple[int, bytes, bytes | None]],
    look: bytes,
    stale: Container[int] | None,
) -> tuple[array[int], array[int], list[int]]:
    """(parts to be made, their weights, parts that are gone); both inputs in the order of parts.

    ``stale`` are parts to be made whatever their version, None for all.
    """
    parts, weights = array("q"), array("q")
    gone: list[int] = []
    holding = iter(held)
    nothing = (None, b"", None)
    part, version, exact = next(holding, nothing)
    for one in wanted:
        while part is not None and part < one.component:
            gone.append(part)
            part, version, exact = next(holding, nothing)
        is_held = part == one.component
        stays = is_held and version == mixed(one.version, look) and exact in (None, one.exact)
        if not stays or stale is None or one.component in stale:
            parts.append(one.component)
            weights.append(one.weight)
        if is_held:
            part, version, exact = next(holding, nothing)
    while part is not None:
        gone.append(part)
        part, version, exact = next(holding, nothing)
    return parts, weights, gone


def _stale_parts(tools: Tools, is_lost: Callable[[str], bool] | None) -> dict[int, str]:
    """Parts to be made again though their dumps are the same, and why."""
    why = dict.fromkeys(tools.manifest.unfinished(), "the last build was not finished")
    mentions = tools.manifest.mentions()
    held = tools.catalog.held({item for _, item, _ in mentions})
    for part, item, was_held in mentions:
        if was_held != (item in held):
            why[part] = f"No.{item}, to which it links, {'went' if was_held else 'came'}"
    if is_lost:
        for part, path in tools.manifest.paths():
            if is_lost(path):
                why[part] = f"{path} is missing, or somebody changed it"
    return why


def _stale_notes(digests: Mapping[str, str], manifest: Manifest) -> frozenset[str]:
    """The paths of notes that came, went or changed; of all after a publishing that was cut short."""
    noted: dict[str, str] = json.loads(manifest.fact("notes") or b"{}")
    if manifest.is_cut_short():
        return frozenset(digests.keys() | noted.keys())
    return frozenset(path for path, _ in digests.items() ^ noted.items())


def _authors_without_a_page(tools: Tools, is_lost: Callable[[str], bool]) -> frozenset[str]:
    files = tools.config.author_files
    return frozenset(
        one.name
        for one in tools.manifest.authors()
        if any(map(is_lost, author.paths(one.name, one.total, files)))
    )


def _lists_without_a_page(tools: Tools, is_lost: Callable[[str], bool]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (one.kind, one.name)
        for one in tools.manifest.ledger.lists()
        if any(map(is_lost, list_paths(one.kind, one.name, one.threads)))
    )


def _has_room(tools: Tools) -> bool:
    """Whether somebody's own file went, for which one of ours had been left out."""
    left_out = json.loads(tools.manifest.fact("left out") or b"[]")
    return not all(map(tools.output.has, left_out))


def _folders(tools: Tools) -> tuple[Mapping[str, int], frozenset[str]]:
    """When each folder of the output changed, and those that did since the last build."""
    noted = json.loads(tools.manifest.fact("folders") or b"{}")
    folders = tools.output.folders(noted)
    return folders, frozenset(folder for folder, time in folders.items() if noted.get(folder) != time)


def _lost_pages(tools: Tools, changed: Container[str]) -> Callable[[str], bool] | None:
    """What tells whether a page is missing in the output; None if no folder of it has changed.

    A folder's time tells of files that came and went, and of those that were replaced. What somebody
    writes into a page in place is not noticed; ``clean`` mends it.
    """
    since = int(tools.manifest.fact("published") or 0)
    suffixes = tools.manifest.suffixes()

    def is_lost(path: str) -> bool:
        return path.rpartition("/")[0] in changed and any(
            tools.output.is_lost(one, since) for one in (path, *beside(path, suffixes))
        )

    return is_lost if changed else None


def tell_why(plan: Plan, tools: Tools, explain: Explain) -> None:
    """Says of each part why it is made again."""
    before = int(tools.manifest.fact("newest dump") or 0)
    for part in plan.parts:
        if not tools.manifest.holds(part):
            why = "new"
        elif plan.is_all:
            why = "settings, theme or hnsite itself changed"
        elif part in plan.why:
            why = plan.why[part]
        else:
            names = tools.catalog.dumps_of(plan.joined.get(part, (part,)), before)
            why = f"changed: {', '.join(names)}" if names else "a dump that told of it is gone"
        explain(f"item {part}" if part > 0 else "items without a number", why)
    for part in plan.gone:
        explain(f"item {part}" if part > 0 else "items without a number", "gone")
    for path in sorted(plan.stale_notes):
        explain(path, "its text, or what it links to, came, went or changed")
    for name in sorted(plan.authors):
        explain(f"author {name}", "a page is missing, or somebody changed it")
    for kind, name in sorted(plan.lists):
        explain(f"{kind} {name}", "a page is missing, or somebody changed it")


def expect(plan: Plan, tools: Tools) -> Size:
    """About how big the site will be, by what some of its parts give and by counts that are exact.

    Parts that stay as they are count with their pages; of the others every so many records one is
    rendered, without writing it.
    """
    dry = replace(tools, output=Output(tools.config.output_dir, dry=True))
    weight = size_of_entries = 0
    folders: Counter[str] = Counter()
    for part, records in _sample(plan):
        made = render_part(dry, plan.look, part, plan.joined.get(part, (part,)))
        size_of_entries += sum(len(entry.html) for entry in made.entries)
        folders.update(path.rpartition("/")[0] for path in made.paths)
        weight += records
    tally, records = dry.output.tally, sum(plan.weights)
    if weight:
        pages, size = tally.pages / weight * records, (tally.bytes + size_of_entries) / weight * records
    else:  # nothing but threads that would take long: then a page an item, if there are any
        pages = (records if tools.config.has_pages else records / 500) + records * tools.config.api
        size = 9000.0 * records
    kept = 0 if plan.is_all else tools.manifest.count_pages()
    fullest = max(folders.values(), default=1) / (folders.total() or 1)
    authors, answers = _author_files(tools)
    lists = LISTS + len(plan.parts) // THREADS_A_LIST
    words = WORDS * tools.catalog.count() if tools.config.search else 0
    each = 1 + len(tools.output.suffixes)
    whole = size + kept * size / (pages or 1) + (authors + lists) * BARE_PAGE + answers * BARE_ANSWER + words
    return Size(
        files=(round(pages) + kept + authors + answers + lists + words // WORDS_A_FILE) * each,
        in_a_folder=max(round((pages + kept) * fullest), authors, answers) * each,
        bytes=round(whole * (1 + SHARE * (each - 1))),
    )


def _author_files(tools: Tools) -> tuple[int, int]:
    """About how many files ``user/`` and ``v0/user/`` have; the latter has most names with capitals twice."""
    files, catalog = tools.config.author_files, tools.catalog
    writers = catalog.count_writers()
    answers = writers + catalog.count_writers(are_odd=True) if "api" in files else 0
    return writers * (1 + ("feed" in files)), answers


def _sample(plan: Plan) -> Iterator[tuple[int, int]]:
    """Parts spread evenly over all records, with how many they have; none that would take long."""
    step = max(1, sum(plan.weights) // SAMPLES)
    passed = due = 0
    for part, records in zip(plan.parts, plan.weights, strict=True):
        passed += records
        if passed > due and records <= LARGEST_SAMPLE:
            due = passed + step
            yield part, records


def tell_size(plan: Plan, tools: Tools, tell: Tell) -> None:
    """Says how big the site will be where that takes a while, or is over what its host takes."""
    config = tools.config
    if not config.host and sum(plan.weights) < WORTH_TELLING:
        return
    size = expect(plan, tools)
    tell(f"about {size.files:,} files, {size.bytes / 1e6:,.0f} MB")
    if config.host:
        faults = too_much(size, config.host)
        for fault in faults:
            tell(f"warning: {fault}")
        if faults:
            tell(advice(config.permalinks))
