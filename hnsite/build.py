"""The whole pipeline, top to bottom: dumps in, a site out. `hnsite serve` calls the same function.

read      changed dumps -> records in the catalog (intake)
link      records -> components -> what is to be made again (plan)
render    each part -> its threads' pages and its authors' entries (parts)
collect   entries and summaries -> author pages, lists, assets (lists)
publish   what changed -> public/, whole or not at all

Only what changed goes this way, in worker processes where it is much; the catalog and the manifest
remember the rest.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC, EROFS
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeVar

from hnsite import catalog as catalogs
from hnsite import foreign, sources
from hnsite import manifest as manifests
from hnsite.compress import beside, shortfall
from hnsite.config import Config
from hnsite.database import DamagedError, is_damage, reason
from hnsite.errors import BuildError, UnreadableError
from hnsite.foreign import Strangers
from hnsite.intake import Intake, Progress, opened, silent
from hnsite.ledger import List, list_paths
from hnsite.lists import SiteFiles
from hnsite.lists.threads import render_list
from hnsite.lock import held
from hnsite.model import Author, Origin, Problem
from hnsite.output import Change, Tally
from hnsite.pages import api, author, feed
from hnsite.parts import render_part
from hnsite.place import check_place
from hnsite.plan import Explain, Plan, Tell, make_plan, tell_size, tell_why
from hnsite.search import search_files
from hnsite.theme import look
from hnsite.tools import Tools
from hnsite.urls import author_feed_path, author_path, day_path, item_path, site_path, text_path
from hnsite.workers import Workers

RANGE = 2000
"""Records in one unit of work; more than one unit makes worker processes worth their start."""
AUTHORS = 200
"""Authors, or days and sites, in one unit of work."""

_DOUBLED = "two pages have this address, because their names have the same digest; only one of them is there"

One = TypeVar("One")


Shown = Callable[[Sequence[UnreadableError]], None]
"""Told that readers see the new site, and which dumps it is built without."""


def unseen(errors: Sequence[UnreadableError]) -> None:
    """The Shown of a build for which nobody waits."""


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
    ``written`` and ``deleted`` files that changed. ``foreign`` and ``leftover`` are paths in the output
    that no build met before: what is not hnsite's, and what an earlier one made that none remembers.
    """

    threads: int
    comments: int
    authors: int
    rendered: int
    written: int
    deleted: int
    foreign: tuple[str, ...]
    leftover: tuple[str, ...]
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


def build(
    config: Config,
    *,
    clean: bool = False,
    strict: bool = False,
    jobs: int | None = None,
    progress: Progress = silent,
    explain: Explain | None = None,
    tell: Tell | None = None,
    shown: Shown = unseen,
) -> Report:
    """Builds the site of ``config`` into its output folder.

    ``clean`` reads every dump and writes every file again, ``strict`` publishes nothing when there is
    any problem, ``jobs`` is the number of worker processes (None: one a core). Waits while another build
    of the site is at work, and tells so. ``shown`` is called when the output is as it is to be and only what
    no reader sees is left to do; not where nothing was to be published.
    Raises HnsiteError when nothing can be published; the old site is untouched then.
    """
    run = partial(_build, config, clean, strict, jobs or os.cpu_count() or 1, progress, explain, tell, shown)
    check_place(config)
    sources.check_folder(config.content_dir)
    try:
        with held(config.cache_dir, tell or (lambda _: None)):
            if clean:  # the manifest stays: it says which files are hnsite's to delete
                catalogs.throw_away(config.cache_dir)
            return _mended(run, config)
    except DamagedError as error:
        raise BuildError(reason(error, config.cache_dir), str(config.cache_dir)) from None
    except OSError as error:
        why = error.strerror or str(error)
        why = f"cannot be written: {why}" if error.errno in (ENOSPC, EDQUOT, EROFS) else why
        raise BuildError(why, str(error.filename or config.cache_dir)) from None


def _mended(run: Callable[[], Report], config: Config) -> Report:
    """A build that throws caches away which are damaged: the catalog first, because the manifest knows
    which files are ours."""
    throw_away = [
        partial(catalogs.throw_away, config.cache_dir),
        partial(manifests.throw_away, config.output_dir, config.cache_dir),
    ]
    while True:
        try:
            return run()
        except DamagedError as error:
            if not (is_damage(error) and throw_away):
                raise
            throw_away.pop(0)()


def _build(
    config: Config,
    clean: bool,
    strict: bool,
    jobs: int,
    progress: Progress,
    explain: Explain | None,
    tell: Tell | None,
    shown: Shown,
) -> Report:
    clock = _Clock()
    if tell and (lacks := shortfall(config)):
        tell(lacks)
    with opened(config, clean=clean, jobs=jobs) as intake, _clearing(intake):
        tools = intake.tools
        taken = intake.read(progress)
        clock.lap("read", taken.records, "item", taken.bytes)
        placed = intake.settle()
        problems = intake.problems()
        if not taken.usable and (intake.dumps or not intake.notes):
            lack = "no dump could be read" if intake.dumps else f"there are no dumps in {config.content}"
            raise _refusal(lack, taken.errors, problems)
        plan = make_plan(tools, look(tools.config), clean, intake.notes)
        clock.lap("link", placed, "item")
        tools.output.prepare()
        made, shared = _stage(plan, intake, clock, progress, explain, tell)
        problems += tools.manifest.problems()
        problems += [Problem(Origin(path, 1), _DOUBLED) for path in made.doubled]
        if strict and (problems or taken.errors):
            count = len(problems) + len(taken.errors)
            raise _refusal(f"--strict, and there are {count} problems", taken.errors, problems)
        change, folders = Change(0, 0), plan.folders
        if shared:
            change, folders = publish(made, shared, plan, tools, partial(shown, taken.errors))
            clock.lap("publish", change.written, "file")
        strangers = foreign.meet(tools, folders, plan.changed, is_new=not plan.folders[""])
        return _report(tools, intake.dumps, made, change, strangers, problems, taken.errors, clock)


@contextmanager
def _clearing(intake: Intake) -> Iterator[None]:
    """Leaves nothing staged when it fails."""
    try:
        yield
    except BaseException:
        intake.workers.close()
        intake.tools.output.discard()
        raise


def _stage(
    plan: Plan,
    intake: Intake,
    clock: _Clock,
    progress: Progress,
    explain: Explain | None,
    tell: Tell | None,
) -> tuple[Tally, Shared | None]:
    """All pages of the plan, staged; no Shared where nothing is to be made."""
    tools, workers = intake.tools, intake.workers
    if plan.is_empty:
        tools.output.discard()
        return Tally(), None
    if explain:
        tell_why(plan, tools, explain)
    if tell:
        tell_size(plan, tools, tell)
    made = render(plan, tools, workers, progress)
    clock.lap("render", made.pages, "page", made.bytes)
    shared = collect(plan, tools, workers, progress)
    made.add(shared.tally)
    clock.lap("collect", shared.tally.pages, "page", shared.tally.bytes)
    return made, shared


def _refusal(reason: str, errors: Sequence[object], problems: Sequence[object]) -> BuildError:
    error = BuildError(f"nothing published: {reason}")
    error.problems = (*errors, *problems)
    return error


# render


def render(plan: Plan, tools: Tools, workers: Workers, progress: Progress = silent) -> Tally:
    """All pages of the plan's parts, staged. Any number of jobs gives the same bytes."""
    many = plan.is_all or len(plan.parts) > 1000
    if tools.words:
        tools.words.begin(plan.gone, is_all=plan.is_all)
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
    made = [render_part(tools, unit.look, *part) for part in unit.parts]
    if tools.words:  # first: what is noted twice does no harm
        tools.words.put((one.part, one.texts) for one in made)
    tools.manifest.put(made)
    return tools.output.tally.take()


# collect


@dataclass(frozen=True, slots=True)
class Shared:
    """The pages that are of no one thread: how many, the paths of those that are of no author, day or site
    either, and what the next build is to know of them."""

    tally: Tally
    paths: list[str]
    facts: Mapping[str, bytes]


def collect(plan: Plan, tools: Tools, workers: Workers, progress: Progress = silent) -> Shared:
    """Everything that is not of one thread, staged."""
    manifest, output = tools.manifest, tools.output
    manifest.index()
    manifest.make_stale(plan.authors, plan.lists)
    whole = _spread(_render_authors, manifest.stale_authors(), "authors", workers, progress)
    whole.add(_spread(_render_lists, manifest.ledger.stale_lists(), "lists", workers, progress))
    paths: list[str] = []
    files = SiteFiles(plan, tools)
    for path, make in chain(files, search_files(plan, tools, workers)):
        if make:
            output.stage(path, make())
        paths.append(path)
    whole.add(output.tally.take())
    return Shared(whole, paths, files.facts)


def _spread(
    function: Callable[[Tools, Sequence[One]], Tally],
    wanted: Sequence[One],
    stage: str,
    workers: Workers,
    progress: Progress,
) -> Tally:
    """What a function makes of all that is wanted, in units."""
    units = [wanted[start : start + AUTHORS] for start in range(0, len(wanted), AUTHORS)]
    whole = Tally()
    done = 0
    is_much = workers.is_running or len(units) > 20
    for unit, tally in workers.map(function, units, is_much=is_much):
        whole.add(tally)
        done += len(unit)
        progress(stage, done, len(wanted))
    return whole


def _render_authors(tools: Tools, names: Sequence[str]) -> Tally:
    """The pages of some authors, staged."""
    for one in tools.manifest.count(names):
        if one.total:
            _render_author(tools, one)
    return tools.output.tally.take()


def _render_author(tools: Tools, one: Author) -> None:
    """An author's pages, and the files besides: what these are ``pages/author.py`` says."""
    for page in author.pages(one, tools.manifest.writings(one.name), tools.config):
        tools.output.stage(page.path, tools.theme.render(page))
    if "feed" in tools.config.author_files:
        newest = tools.manifest.newest(one.name, feed.NEWEST)
        tools.output.stage(author_feed_path(one.name), feed.author_feed(one.name, newest, tools.config))
    if "api" in tools.config.author_files:
        tools.output.stage(*api.user_file(one, tools.manifest.submitted(one.name)))


def _render_lists(tools: Tools, lists: Sequence[List]) -> Tally:
    """The pages of some days and sites, staged."""
    for one in lists:
        render_list(tools, one)
    return tools.output.tally.take()


# publish


def publish(
    made: Tally, shared: Shared, plan: Plan, tools: Tools, shown: Callable[[], None] = lambda: None
) -> tuple[Change, Mapping[str, int]]:
    """Moves what is staged into the output, takes out what is stale, and notes what the site holds now.

    Returns also when each folder of the site changed by that.
    """
    manifest, output = tools.manifest, tools.output
    foreign.refuse(tools, [*made.strange, *output.came()])
    stale = manifest.stale_paths()
    files, had = tools.config.author_files, manifest.author_files()
    for name, before, now in manifest.shrunk(is_all=not had.issubset(files)):
        stale.update(set(author.paths(name, before, had)) - set(author.paths(name, now, files)))
    for kind, name, before, now in manifest.ledger.shrunk():
        stale.update(set(list_paths(kind, name, before)) - set(list_paths(kind, name, now)))
    cut_short = json.loads(manifest.fact("publishing") or b"[]")
    stale.update({*manifest.listed(), *cut_short}.difference(shared.paths))
    now_beside, had_beside = output.suffixes, manifest.suffixes()
    stale.update([one for path in stale for one in beside(path, had_beside)])
    if unwanted := set(had_beside).difference(now_beside):
        stale.update(one for path in manifest.every_path() for one in beside(path, unwanted))
    stale = _without_twins(foreign.without_theirs(tools, stale), output.folder)
    some = (item_path(""), author_path(""), day_path(""), site_path(""), text_path(0, 0))
    folders = foreign.ancestors(path.rpartition("/")[0] for path in (*some, *shared.paths))
    folders.update(path for path, time in plan.folders.items() if time)  # what is in them was told of
    announced = [*shared.paths, *sorted(stale.intersection(cut_short))]
    manifest.announce(json.dumps(announced).encode(), had.union(files), {*had_beside, *now_beside})
    change = output.publish(made.staged, stale, shown)
    if tools.words:
        tools.words.publish(plan.look)
    times = output.folders(folders)
    manifest.publish(
        {
            "look": plan.look,
            "paths": json.dumps(shared.paths).encode(),
            "author files": json.dumps(files).encode(),
            "suffixes": json.dumps(now_beside).encode(),
            **shared.facts,
            "published": str(time.time_ns()).encode(),
            "newest dump": str(tools.catalog.newest_dump()).encode(),
        }
    )
    return change, times


def _without_twins(stale: set[str], folder: Path) -> set[str]:
    """Those of the paths that are no other's. Where the file system ignores case, ``v0/user/Zak.json``, which
    goes because there is a ``zak`` now, is the file that is his."""

    def is_twin(path: str) -> bool:
        lower = path.lower()
        if lower == path or lower in stale:
            return False
        try:
            return (folder / path).samefile(folder / lower)
        except OSError:
            return False

    return {path for path in stale if not is_twin(path)}


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
    strangers: Strangers,
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
        foreign=strangers.foreign,
        leftover=strangers.leftover,
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
