"""The whole pipeline, top to bottom: dumps in, a site out. `hnsite serve` calls the same function.

read      changed dumps -> records in the catalog
link      records -> components; what the site holds of them is compared -> parts to be made
render    each part -> its threads' pages and its authors' entries
collect   entries and summaries -> author pages, lists, assets
publish   what changed -> public/, whole or not at all

Only what changed goes this way, in worker processes where it is much; the catalog and the manifest
remember the rest.
"""

from __future__ import annotations

import json
import os
import time
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from hashlib import blake2b
from itertools import chain, pairwise
from typing import NamedTuple

from hnsite import catalog as catalogs
from hnsite import manifest as manifests
from hnsite import sources
from hnsite.catalog import Catalog, Component
from hnsite.config import Config
from hnsite.database import DamagedError
from hnsite.errors import BuildError, UnreadableError
from hnsite.hosts import Size, advice, too_much
from hnsite.link import is_held, threads
from hnsite.manifest import Entry, Made, Manifest
from hnsite.markup import linked_items
from hnsite.merge import merge
from hnsite.model import Evidence, Kind, Page, Problem, Record, Summary, Thread
from hnsite.output import Change, Output, Tally, check_place
from hnsite.pages import author, authors, find, front, not_found, permalink, redirect
from hnsite.pages import thread as thread_pages
from hnsite.pages.card import Cards, Far, body_html, card_views, in_threads, join, own_page, parted
from hnsite.pages.story import story_view, thread_title
from hnsite.theme import Theme, look
from hnsite.urls import FIND_PATH, MAPS, STATIC, author_path, front_path, id_key, item_path
from hnsite.workers import Workers

RANGE = 2000
"""Records in one unit of work; more than one unit makes worker processes worth their start."""
BATCH = 4_000_000
"""Bytes of dumps in one unit of work."""
SAMPLES = 12
LARGEST_SAMPLE = 300
"""Parts that are rendered to estimate the whole, and how many records they may have."""
BARE_PAGE = 2500
"""About how many bytes an author's page has besides its cards."""
AUTHORS = 200
"""Authors in one unit of work."""

Progress = Callable[[str, int, int], None]
"""Told of each step: (stage, how much of it is done, how much there is)."""
Explain = Callable[[str, str], None]
"""Told of each thing that is made again: (what, why)."""
Tell = Callable[[str], None]
"""Told what should be known before the output is written: a line of text."""


def silent(stage: str, done: int, total: int) -> None:
    """The Progress of a build that nobody watches."""


def unheard(line: str) -> None:
    """The Tell of a build that nobody listens to."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage took: seconds, and how many of what it worked on, with their bytes."""

    name: str
    seconds: float
    items: int
    unit: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. ``problems`` are warnings, ``errors`` dumps that could not be read at all.

    ``read`` counts what dumps said of items, ``merged`` how much of that met in one item,
    ``inferred`` and ``unplaced`` comments by what their place rests on, ``stubs`` ids that are only
    named, ``skipped`` items that could not be used. ``rendered`` counts pages that were made,
    ``written`` and ``deleted`` files that changed.
    """

    threads: int
    comments: int
    authors: int
    rendered: int
    written: int
    deleted: int
    dumps: int
    read: int
    merged: int
    inferred: int
    unplaced: int
    stubs: int
    skipped: int
    problems: tuple[Problem, ...]
    errors: tuple[UnreadableError, ...]
    seconds: float
    timings: tuple[Stage, ...]


@dataclass
class Tools:
    """What every process of a build opens for itself."""

    config: Config
    catalog: Catalog
    manifest: Manifest
    output: Output

    @cached_property
    def theme(self) -> Theme:
        return Theme(self.config)

    def close(self) -> None:
        self.catalog.close()
        self.manifest.close()


def open_tools(config: Config, clean: bool) -> Tools:
    """Tools for one process; ``clean`` as for ``build``."""
    cache = config.cache_dir
    output = Output(config.output_dir, clean=clean)
    return Tools(config, Catalog(cache), Manifest(config.output_dir, cache), output)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made.

    ``parts`` and their ``weights`` (records) are in step; a part is one component, named by it, or
    those that ``joined`` gives. ``gone`` are parts that the site has no more. ``is_all`` says that
    everything is to be made again, ``why`` tells of parts that are stale though their dumps are the
    same, ``authors`` are those who lack a page, ``lacks_lists`` says that a page of the whole site is
    missing, and ``is_lost`` tells of any page. ``look`` is for telling the next build.
    """

    look: bytes
    parts: array[int]
    weights: array[int]
    joined: Mapping[int, tuple[int, ...]]
    gone: list[int]
    is_all: bool
    why: Mapping[int, str]
    authors: frozenset[str]
    lacks_lists: bool
    is_lost: Callable[[str], bool]

    @property
    def is_empty(self) -> bool:
        return not (self.parts or self.gone or self.is_all or self.authors or self.lacks_lists)


def build(
    config: Config,
    *,
    clean: bool = False,
    strict: bool = False,
    jobs: int | None = None,
    progress: Progress = silent,
    explain: Explain | None = None,
    tell: Tell = unheard,
) -> Report:
    """Builds the site of ``config`` into its output folder.

    ``clean`` reads every dump and writes every file again, ``strict`` publishes nothing when there is
    any problem, ``jobs`` is the number of worker processes (None: one a core).
    Raises HnsiteError when nothing can be published; the old site is untouched then.
    """
    run = partial(_build, config, clean, strict, jobs or os.cpu_count() or 1, progress, explain, tell)
    try:
        if clean:  # the manifest stays: it says which files are hnsite's to delete
            catalogs.throw_away(config.cache_dir)
        try:
            return run()
        except DamagedError as error:  # a cache that cannot be used is no reason to fail
            if "locked" in str(error):  # it can, by another build that is at work
                raise
            catalogs.throw_away(config.cache_dir)
            manifests.throw_away(config.output_dir, config.cache_dir)
            return run()
    except (DamagedError, OSError) as error:
        place = getattr(error, "filename", None) or config.cache_dir
        raise BuildError(getattr(error, "strerror", None) or str(error), str(place)) from None


def _build(
    config: Config,
    clean: bool,
    strict: bool,
    jobs: int,
    progress: Progress,
    explain: Explain | None,
    tell: Tell,
) -> Report:
    clock = _Clock()
    check_place(config.output_dir, config.root, config.content_dir)
    dumps, passed = sources.find_dumps(config.content_dir, config.root)
    tools = open_tools(config, clean)
    workers = Workers(jobs, tools, partial(open_tools, config, clean))
    try:
        taken = read(dumps, tools.catalog, workers, progress)
        problems = [*passed]
        clock.lap("read", taken.records, "item", taken.bytes)
        placed = tools.catalog.settle()
        problems += tools.catalog.problems()
        if len(taken.errors) == len(dumps):
            reason = "no dump could be read" if dumps else f"there are no dumps in {config.content}"
            raise _refusal(reason, taken.errors, problems)
        plan = make_plan(tools, look(config), clean)
        clock.lap("link", placed, "item")
        tools.output.prepare()
        if plan.is_empty:
            tools.output.discard()
            made, change = Tally(), Change(0, 0)
        else:
            if explain:
                _explain(plan, tools, explain)
            _tell_size(plan, tools, tell)
            made = render(plan, tools, workers, progress)
            clock.lap("render", made.pages, "page", made.bytes)
            shared = collect(plan, tools, workers, progress)
            clock.lap("collect", shared.tally.pages, "page", shared.tally.bytes)
        problems += tools.manifest.problems()
        if strict and (problems or taken.errors):
            count = len(problems) + len(taken.errors)
            raise _refusal(f"--strict, and there are {count} problems", taken.errors, problems)
        if not plan.is_empty:
            made.add(shared.tally)
            change = publish(made, shared, plan, tools)
            clock.lap("publish", change.written, "file")
        return _report(tools, dumps, made, change, problems, taken.errors, clock)
    except BaseException:
        workers.close()
        tools.output.discard()
        raise
    finally:
        workers.close()
        tools.close()


def _refusal(reason: str, errors: Sequence[object], problems: Sequence[object]) -> BuildError:
    error = BuildError(f"nothing published: {reason}")
    error.problems = (*errors, *problems)
    return error


# read


@dataclass(slots=True)
class Taken:
    """What reading brought: records and bytes of the dumps that were read, and dumps that could not be."""

    records: int = 0
    bytes: int = 0
    errors: list[UnreadableError] = field(default_factory=list)


def read(
    dumps: Sequence[sources.Dump], catalog: Catalog, workers: Workers, progress: Progress = silent
) -> Taken:
    """Brings the catalog up to date with the dumps."""
    taken = Taken()
    known = catalog.known()
    is_current = cache(sources.is_current)
    changed: list[Unread] = []
    lost = set(known)
    for dump in dumps:
        try:
            digest = sources.digest(dump)
        except UnreadableError as error:
            taken.errors.append(error)
            continue
        before = known.get(dump.name)
        if before and before[0] == digest and is_current(before[1]):
            lost.discard(dump.name)
        else:
            changed.append((dump, digest))
    total = sum(dump.size for dump, _ in changed)
    for batch, (records, errors) in workers.map(_read, _batches(changed), is_much=total > 2 * BATCH):
        taken.records += records
        taken.errors += errors
        taken.bytes += sum(dump.size for dump, _ in batch)
        progress("reading", taken.bytes, total)
        lost.difference_update(dump.name for dump, _ in batch)
    lost.update(error.subject.rpartition(":")[0] for error in taken.errors)
    if lost & known.keys():
        catalog.forget(sorted(lost & known.keys()))
    return taken


Unread = tuple[sources.Dump, bytes]
"""A dump that is to be read, and its digest."""


def _batches(dumps: Iterable[Unread]) -> Iterator[list[Unread]]:
    batch: list[Unread] = []
    weight = 0
    for dump, digest in dumps:
        batch.append((dump, digest))
        weight += dump.size
        if weight >= BATCH:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _read(tools: Tools, batch: Sequence[Unread]) -> tuple[int, list[UnreadableError]]:
    """Reads some dumps; returns how many records they gave, and what is wrong with those that give none."""
    errors: list[UnreadableError] = []

    def said() -> Iterator[tuple[str, bytes, str, Iterator[Record | Problem]]]:
        for dump, digest in batch:
            try:
                reader = sources.pick(dump)
            except UnreadableError as error:
                errors.append(error)
            else:
                yield dump.name, digest, sources.version(reader), sources.read(dump, reader)

    return tools.catalog.put(said()), errors


# link


def make_plan(tools: Tools, look: bytes, clean: bool) -> Plan:
    """Compares what the dumps say with what the site holds of it."""
    catalog, manifest, config = tools.catalog, tools.manifest, tools.config
    look = blake2b(look + catalog.mark(), digest_size=16).digest()
    is_all = clean or manifest.fact("look") != look
    joined: dict[int, tuple[int, ...]] = {}
    for component, part in sorted(catalog.joins().items()):
        joined[part] = (*joined.get(part, (part,)), component)
    out = {one.component for one in _united(catalog, joined) if _is_left_out(one, config)}
    catalog.leave_out(member for part in out for member in joined.get(part, (part,)))
    wanted = (one for one in _united(catalog, joined) if one.component not in out)
    is_lost = _lost_pages(tools)
    why = {} if is_all else _stale_parts(tools, is_lost)
    parts, weights, gone = _compare(wanted, manifest.versions(), look, None if is_all else why)
    return Plan(
        look=look,
        parts=parts,
        weights=weights,
        joined=joined,
        gone=gone,
        is_all=is_all,
        why=why,
        authors=_authors_without_a_page(tools, is_lost) if is_lost and not is_all else frozenset(),
        lacks_lists=is_lost is not None and any(map(is_lost, _listed(manifest))),
        is_lost=is_lost or (lambda path: False),
    )


def _listed(manifest: Manifest) -> list[str]:
    """The paths of the pages and files that were of the whole site."""
    paths: list[str] = json.loads(manifest.fact("paths") or b"[]")
    return paths


def _united(catalog: Catalog, joined: Mapping[int, tuple[int, ...]]) -> Iterator[Component]:
    """All components, those that are joined as one, in the order of parts."""
    others = {component for members in joined.values() for component in members[1:]}
    for one in catalog.components():
        if one.component in joined:
            yield _together(catalog.components(joined[one.component]))
        elif one.component not in others:
            yield one


def _together(components: Iterable[Component]) -> Component:
    """Joined components as one, under the lowest number."""
    members = list(components)
    times = [one.time for one in members if one.time is not None]
    return Component(
        members[0].component,
        b"".join(one.version for one in members),
        b"".join(one.exact for one in members),
        sum(one.weight for one in members),
        sum(one.comments for one in members),
        min(times, default=None),
    )


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
        stays = is_held and version == _mixed(one.version, look) and exact in (None, one.exact)
        if not stays or stale is None or one.component in stale:
            parts.append(one.component)
            weights.append(one.weight)
        if is_held:
            part, version, exact = next(holding, nothing)
    while part is not None:
        gone.append(part)
        part, version, exact = next(holding, nothing)
    return parts, weights, gone


def _mixed(version: bytes, look: bytes) -> bytes:
    """The version of a part: of what it is made of, and of all that shapes every page."""
    return blake2b(version + look, digest_size=16).digest()


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


def _authors_without_a_page(tools: Tools, is_lost: Callable[[str], bool]) -> frozenset[str]:
    return frozenset(
        one.name for one in tools.manifest.authors() if any(map(is_lost, author.paths(one.name, one.total)))
    )


def _lost_pages(tools: Tools) -> Callable[[str], bool] | None:
    """What tells whether a page is missing in the output; None if no folder of it has changed.

    A folder's time tells of files that came and went, and of those that were replaced. What somebody
    writes into a page in place is not noticed; ``clean`` mends it.
    """
    noted = json.loads(tools.manifest.fact("folders") or b"{}")
    folders = tools.output.folders(noted)
    changed = {folder for folder, time in folders.items() if noted.get(folder) != time}
    since = int(tools.manifest.fact("published") or 0)

    def is_lost(path: str) -> bool:
        return path.rpartition("/")[0] in changed and tools.output.is_lost(path, since)

    return is_lost if changed else None


def _explain(plan: Plan, tools: Tools, explain: Explain) -> None:
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
    for name in sorted(plan.authors):
        explain(f"author {name}", "a page is missing, or somebody changed it")


# render


def expect(plan: Plan, tools: Tools) -> Size:
    """About how big the site will be, by what some of its parts give and by counts that are exact.

    Parts that stay as they are count with their pages; of the others every so many records one is
    rendered, without writing it.
    """
    dry = replace(tools, output=Output(tools.config.output_dir, dry=True))
    weight = size_of_entries = 0
    for part, records in _sample(plan):
        made = render_part(dry, plan.look, part, plan.joined.get(part, (part,)))
        size_of_entries += sum(len(entry.html) for entry in made.entries)
        weight += records
    tally, records = dry.output.tally, sum(plan.weights)
    if weight:
        pages, size = tally.pages / weight * records, (tally.bytes + size_of_entries) / weight * records
    else:  # nothing but threads that would take long: then a page an item, if there are any
        pages = records if tools.config.has_pages else records / 500
        size = 9000.0 * records
    kept = 0 if plan.is_all else tools.manifest.count_pages()
    authors = tools.catalog.count_writers()
    return Size(
        files=round(pages) + kept + authors,
        in_a_folder=max(round(pages) + kept, authors),
        bytes=round(size + kept * size / (pages or 1) + authors * BARE_PAGE),
    )


def _sample(plan: Plan) -> Iterator[tuple[int, int]]:
    """Parts spread evenly over all records, with how many they have; none that would take long."""
    step = max(1, sum(plan.weights) // SAMPLES)
    passed = due = 0
    for part, records in zip(plan.parts, plan.weights, strict=True):
        passed += records
        if passed > due and records <= LARGEST_SAMPLE:
            due = passed + step
            yield part, records


def _tell_size(plan: Plan, tools: Tools, tell: Tell) -> None:
    """Says how big the site will be where that takes a while, or is over what its host takes."""
    config = tools.config
    if not config.host and sum(plan.weights) < 10 * RANGE:
        return
    size = expect(plan, tools)
    tell(f"about {size.files:,} files, {size.bytes / 1e6:,.0f} MB")
    if config.host:
        faults = too_much(size, config.host)
        for fault in faults:
            tell(f"warning: {fault}")
        if faults:
            tell(advice(config.permalinks))


def render(plan: Plan, tools: Tools, workers: Workers, progress: Progress = silent) -> Tally:
    """All pages of the plan's parts, staged. Any number of jobs gives the same bytes."""
    many = plan.is_all or len(plan.parts) > 1000
    tools.manifest.begin(plan.gone, many=many, all_authors=plan.is_all)
    total = sum(plan.weights)
    done = 0
    whole = Tally()
    progress("rendering", 0, total)
    for unit, tally in workers.map(_render, _units(plan), is_much=total > 2 * RANGE):
        whole.add(tally)
        done += unit.weight
        progress("rendering", done, total)
    return whole


class Unit(NamedTuple):
    """Some parts with their components, and how many records they have."""

    look: bytes
    parts: list[tuple[int, tuple[int, ...]]]
    weight: int


def _units(plan: Plan) -> Iterator[Unit]:
    """Ranges of parts of about equal weight."""
    parts: list[tuple[int, tuple[int, ...]]] = []
    weight = 0
    for part, records in zip(plan.parts, plan.weights, strict=True):
        parts.append((part, plan.joined.get(part, (part,))))
        weight += records
        if weight >= RANGE:
            yield Unit(plan.look, parts, weight)
            parts, weight = [], 0
    if parts:
        yield Unit(plan.look, parts, weight)


def _render(tools: Tools, unit: Unit) -> Tally:
    """One unit of work: the pages of some parts, staged, and what else they leave, in the manifest."""
    tools.manifest.put([render_part(tools, unit.look, *part) for part in unit.parts])
    return tools.output.tally.take()


def render_part(tools: Tools, look: bytes, part: int, components: Sequence[int]) -> Made:
    """The pages of one part, staged."""
    known = _together(tools.catalog.components(components))
    records = tools.catalog.load(components)
    by_thread, linked = threads(records)
    made = _Making(tools)
    for root, own in sorted(by_thread.items()):
        made.thread(merge(own, root))
    made.redirects(linked.moved)
    made.problems.extend(linked.problems)
    return Made(
        part=part,
        version=_mixed(known.version, look),
        exact=known.exact if made.problems else None,
        paths=made.paths,
        summaries=made.summaries,
        entries=made.entries,
        mentions=made.mentions,
        problems=made.problems,
        inferred=made.inferred,
        unplaced=made.unplaced,
        stubs=made.stubs,
        merged=sum(map(is_held, records)) - made.items,
        places=made.places,
    )


class _Making:
    """A part while it is made."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.paths: list[str] = []
        self.summaries: list[Summary] = []
        self.entries: list[Entry] = []
        self.mentions: dict[str, bool] = {}
        self.places: list[tuple[int, str]] = []
        self.problems: list[Problem] = []
        self.inferred = self.unplaced = self.stubs = self.items = 0

    def _stage(self, pages: Iterable[Page]) -> None:
        theme, output = self._tools.theme, self._tools.output
        for page in pages:
            output.stage(page.path, theme.render(page))
            self.paths.append(page.path)

    def thread(self, thread: Thread) -> None:
        config = self._tools.config
        cards = self._cards(thread)
        self._stage(thread_pages.pages(thread, cards, config))
        if config.has_pages:
            self._stage(permalink.pages(thread, cards, config))
        self._stage(redirect.option_page(option.id, thread.id, config) for option in thread.options)
        self.entries.extend(_entries(thread, cards))
        self.problems.extend(thread.problems)
        self._sum_up(thread)

    def redirects(self, moved: Mapping[str, str]) -> None:
        config = self._tools.config
        stories = {summary.id for summary in self.summaries}
        for old, new in sorted(moved.items()):
            if config.has_pages or new in stories:
                self._stage(redirect.pages(old, new, config, is_story=new in stories))

    def _cards(self, thread: Thread) -> Cards:
        """Every item's card, rendered once."""
        theme = self._tools.theme
        items = (thread.root, *thread.options, *thread.comments)
        links = {id for item in items if item.body for id in linked_items(item.body)}
        held = self._held(links, thread) if links else set()
        has_pages = self._tools.config.has_pages
        views = card_views(thread, held, has_pages=has_pages)
        cards = {id: parted(theme.card(view, texts)) for id, view, texts in views}
        far = own_page if has_pages else self._far(thread)
        return Cards(cards, parted(body_html(thread.root, held)), theme.head(story_view(thread)), far)

    def _far(self, thread: Thread) -> Far:
        """How links lead where comments have no pages; notes for item.html where they stand."""
        places = thread_pages.places(thread)
        self.places.extend(find.entries(places))
        return in_threads(thread.id, places)

    def _held(self, links: set[str], thread: Thread) -> set[str]:
        held = self._tools.catalog.held(links)
        self.mentions.update({id: id in held for id in links})
        return held

    def _sum_up(self, thread: Thread) -> None:
        root = thread.root
        held = [comment for comment in thread.comments if comment.held]
        self.summaries.append(
            Summary(
                root.id,
                root.kind,
                root.state,
                thread_title(thread),
                root.domain,
                root.score,
                root.author,
                root.created,
                len(held),
            )
        )
        self.inferred += sum(comment.evidence is Evidence.QUOTE for comment in held)
        self.unplaced += sum(comment.evidence is Evidence.UNKNOWN for comment in held)
        self.stubs += len(thread.comments) - len(held) + (not root.held)
        self.items += root.held + len(held) + sum(option.held for option in thread.options)


def _entries(thread: Thread, cards: Cards) -> Iterator[Entry]:
    """What the authors' pages show of a thread."""
    title = thread_title(thread)
    for item in (thread.root, *thread.comments):
        if item.author and item.held:
            epoch = item.created.epoch if item.created else None
            _, number, _ = id_key(item.id)
            kind = "comment" if item.kind is Kind.COMMENT else "story"
            html = join(cards.by_id[item.id], frozenset(), far=cards.far)
            yield Entry(item.author, epoch or 0, number, item.id, kind, thread.id, title, html)


# collect


@dataclass(frozen=True, slots=True)
class Shared:
    """The pages that are of no one thread: how many, and the paths of those that are of no author either."""

    tally: Tally
    paths: list[str]


def collect(plan: Plan, tools: Tools, workers: Workers, progress: Progress = silent) -> Shared:
    """Everything that is not of one thread, staged."""
    manifest, output = tools.manifest, tools.output
    manifest.index()
    manifest.make_stale(plan.authors)
    names = manifest.stale_authors()
    units = [names[start : start + AUTHORS] for start in range(0, len(names), AUTHORS)]
    whole = Tally()
    done = 0
    is_much = workers.is_running or len(units) > 20
    for unit, tally in workers.map(_render_authors, units, is_much=is_much):
        whole.add(tally)
        done += len(unit)
        progress("authors", done, len(names))
    paths: list[str] = []
    for path, make in _site_files(plan, tools, frozenset(names)):
        if make:
            output.stage(path, make())
        paths.append(path)
    whole.add(output.tally.take())
    return Shared(whole, paths)


def _render_authors(tools: Tools, names: Sequence[str]) -> Tally:
    """The pages of some authors, staged."""
    for one in tools.manifest.count(names):
        if one.total:
            entries = ((entry.thread, entry.title, entry.html) for entry in tools.manifest.entries(one.name))
            for page in author.pages(one, entries, tools.config):
                tools.output.stage(page.path, tools.theme.render(page))
    return tools.output.tally.take()


def _site_files(
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
        yield f"{STATIC}/{name}", partial(bytes, content)


def _front(plan: Plan, tools: Tools) -> Iterator[Page | str]:
    """The list of all threads; of pages that stay as they are the path only."""
    manifest = tools.manifest
    totals = manifest.totals()
    before = _listed(manifest)
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
    before = [path for path in _listed(manifest) if path.startswith(MAPS)]
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
    parts = _parts_of_directory(manifest)
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


def _parts_of_directory(manifest: Manifest) -> list[tuple[int, str]]:
    return authors.beginnings(manifest.author_count(), manifest.beginnings)


def _directory_before(manifest: Manifest) -> set[tuple[int, str]]:
    """The parts of the directory that the site has; none are sure after a publishing that was cut short."""
    if manifest.fact("publishing") is not None:
        return set()
    return {(letters, beginning) for letters, beginning in json.loads(manifest.fact("directory") or b"[]")}


# publish


def publish(made: Tally, shared: Shared, plan: Plan, tools: Tools) -> Change:
    """Moves what is staged into the output, takes out what is stale, and notes what the site holds now."""
    manifest, output = tools.manifest, tools.output
    stale = manifest.stale_paths()
    for name, before, now in manifest.shrunk():
        stale.update(set(author.paths(name, before)) - set(author.paths(name, now)))
    cut_short = json.loads(manifest.fact("publishing") or b"[]")
    stale.update({*_listed(manifest), *cut_short}.difference(shared.paths))
    folders = {path.rpartition("/")[0] for path in (item_path(""), author_path(""), *shared.paths)}
    manifest.announce(json.dumps([*shared.paths, *sorted(stale.intersection(cut_short))]).encode())
    change = output.publish(made.staged, stale)
    manifest.publish(
        {
            "look": plan.look,
            "paths": json.dumps(shared.paths).encode(),
            "directory": json.dumps(_parts_of_directory(manifest)).encode(),
            "folders": json.dumps(output.folders(folders)).encode(),
            "published": str(time.time_ns()).encode(),
            "newest dump": str(tools.catalog.newest_dump()).encode(),
        }
    )
    return change


class _Clock:
    """What each stage took."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self.laps: list[Stage] = []

    def lap(self, name: str, items: int, unit: str, size: int = 0) -> None:
        now = time.perf_counter()
        self.laps.append(Stage(name, now - self._last, items, unit, size))
        self._last = now

    @property
    def total(self) -> float:
        return self._last - self._start


def _report(
    tools: Tools,
    dumps: Sequence[sources.Dump],
    made: Tally,
    change: Change,
    problems: Sequence[Problem],
    errors: Sequence[UnreadableError],
    clock: _Clock,
) -> Report:
    totals = tools.manifest.totals()
    return Report(
        threads=totals.threads,
        comments=totals.comments,
        authors=totals.authors,
        rendered=made.pages,
        written=change.written,
        deleted=change.deleted,
        dumps=len(dumps) - len(errors),
        read=tools.catalog.count(),
        merged=totals.merged,
        inferred=totals.inferred,
        unplaced=totals.unplaced,
        stubs=totals.stubs,
        skipped=sum(problem.skipped for problem in problems),
        problems=tuple(sorted(problems, key=lambda one: (one.origin.file, one.origin.position, one.reason))),
        errors=tuple(errors),
        seconds=clock.total,
        timings=tuple(clock.laps),
    )
