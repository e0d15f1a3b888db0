"""The whole pipeline, top to bottom: dumps in, a site out. `hnsite serve` calls the same function.

take_in   changed dumps -> records in the catalog
place     records of all dumps -> items and threads
render    each thread -> its pages and its authors' entries (in worker processes where it is much)
collect   entries and summaries -> author pages, lists, redirects, assets
publish   what changed -> public/, whole or not at all
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from hnsite import sources
from hnsite.catalog import Catalog, DamagedError, Entry, remove
from hnsite.config import Config
from hnsite.errors import BuildError, UnreadableError
from hnsite.link import link
from hnsite.markup import linked_items
from hnsite.merge import merge
from hnsite.model import Author, Evidence, Kind, Page, Problem, Summary, Thread
from hnsite.output import Change, Output, check_paths, check_place
from hnsite.pages import author, authors, front, not_found, permalink, redirect
from hnsite.pages import thread as thread_pages
from hnsite.pages.card import Cards, body_html, card_views, join, parted
from hnsite.pages.story import story_view, thread_title
from hnsite.theme import Theme
from hnsite.urls import STATIC, id_key

RANGE = 2000
"""Records in one unit of work; also what makes a second process worth its start."""

Progress = Callable[[str, int, int], None]
"""Told of each step: (stage, how much of it is done, how much there is)."""


def silent(stage: str, done: int, total: int) -> None:
    """The Progress of a build that nobody watches."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. ``problems`` are warnings, ``errors`` dumps that could not be read at all.

    ``read`` counts what dumps said of items, ``merged`` how much of that met in one item,
    ``inferred`` and ``unplaced`` comments by what their place rests on, ``stubs`` ids that are only
    named, ``skipped`` items that could not be used. ``timings`` are (stage, seconds).
    """

    threads: int
    comments: int
    authors: int
    written: int
    unchanged: int
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
    timings: tuple[tuple[str, float], ...]


@dataclass(slots=True)
class _Rendered:
    """What one unit of work leaves besides staged pages."""

    digests: dict[str, str] = field(default_factory=dict)
    summaries: list[Summary] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    inferred: int = 0
    unplaced: int = 0
    stubs: int = 0


def build(
    config: Config,
    *,
    clean: bool = False,
    strict: bool = False,
    jobs: int | None = None,
    progress: Progress = silent,
) -> Report:
    """Builds the site of ``config`` into its output folder.

    ``clean`` writes every file again, ``strict`` publishes nothing when there is any problem,
    ``jobs`` is the number of worker processes (None: one a core).
    Raises HnsiteError when nothing can be published; the old site is untouched then.
    """
    try:
        try:
            return _build(config, clean=clean, strict=strict, jobs=jobs, progress=progress)
        except DamagedError as error:  # a cache that cannot be used is no reason to fail
            if "locked" in str(error):  # it can, by another build that is at work
                raise
            remove(config.cache_dir)
            return _build(config, clean=clean, strict=strict, jobs=jobs, progress=progress)
    except (DamagedError, OSError) as error:
        place = getattr(error, "filename", None) or config.cache_dir
        raise BuildError(getattr(error, "strerror", None) or str(error), str(place)) from None


def _build(config: Config, *, clean: bool, strict: bool, jobs: int | None, progress: Progress) -> Report:
    clock = _Clock()
    check_place(config.output_dir, config.root, config.content_dir)
    dumps, passed = sources.find_dumps(config.content_dir, config.root)
    theme = Theme(config)
    output = Output(config.output_dir, config.cache_dir)
    catalog = Catalog(config.cache_dir)
    try:
        errors = take_in(dumps, catalog, progress)
        problems = [*passed, *catalog.problems()]
        clock.lap("read")
        if len(errors) == len(dumps):
            reason = "no dump could be read" if dumps else f"there are no dumps in {config.content}"
            raise _refusal(reason, errors, problems)
        linked = link(list(catalog.traces()))
        catalog.put_places(linked)
        catalog.clear_entries()
        clock.lap("link")
        output.prepare(clean=clean)
        rendered = render(catalog, theme, output, config, jobs or os.cpu_count() or 1, progress)
        clock.lap("render")
        problems += [*linked.problems, *rendered.problems]
        found = collect(catalog, theme, output, config, rendered)
        clock.lap("collect")
        if strict and (problems or errors):
            raise _refusal(
                f"--strict, and there are {len(problems) + len(errors)} problems", errors, problems
            )
        change = output.publish(rendered.digests)
        clock.lap("publish")
        return _report(catalog, dumps, rendered, found, change, problems, errors, clock)
    except BaseException:
        output.discard()
        raise
    finally:
        catalog.close()


def _refusal(reason: str, errors: Sequence[object], problems: Sequence[object]) -> BuildError:
    error = BuildError(f"nothing published: {reason}")
    error.problems = (*errors, *problems)
    return error


def take_in(
    dumps: Sequence[sources.Dump], catalog: Catalog, progress: Progress = silent
) -> list[UnreadableError]:
    """Brings the catalog up to date with the dumps; returns those that no reader can read."""
    errors: list[UnreadableError] = []
    known = catalog.known()
    kept: set[str] = set()
    for done, dump in enumerate(dumps):
        progress("reading", done, len(dumps))
        try:
            digest = sources.digest(dump)
            reader = sources.pick(dump)
        except UnreadableError as error:
            errors.append(error)
            continue
        kept.add(dump.name)
        version = f"{reader.NAME} {reader.VERSION}"
        if known.get(dump.name) != (digest, version):
            catalog.put(dump.name, digest, version, sources.read(dump, reader))
    catalog.forget(known.keys() - kept)
    return errors


def render(
    catalog: Catalog, theme: Theme, output: Output, config: Config, jobs: int, progress: Progress = silent
) -> _Rendered:
    """All pages of all threads, staged. Any number of jobs gives the same bytes."""
    units = list(_units(catalog.roots()))
    total = sum(len(unit) for unit in units)
    whole = _Rendered()
    if jobs == 1 or len(units) < 2:
        parts: Iterable[_Rendered] = (render_threads(unit, catalog, theme, output, config) for unit in units)
        _gather(whole, units, parts, total, progress)
        return whole
    with ProcessPoolExecutor(
        min(jobs, len(units)), get_context("spawn"), _start_worker, (config, output.clean)
    ) as pool:
        try:
            _gather(whole, units, _submit(pool, units), total, progress)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return whole


def _submit(pool: ProcessPoolExecutor, units: Sequence[list[str]]) -> Iterable[_Rendered]:
    """Starts the workers deaf to Ctrl-C, which the terminal sends to all: this process ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        return pool.map(_work, units)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.map(_work, units)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _units(roots: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    """Ranges of threads of about equal weight."""
    unit: list[str] = []
    weight = 0
    for root, records in roots:
        unit.append(root)
        weight += records
        if weight >= RANGE:
            yield unit
            unit, weight = [], 0
    if unit:
        yield unit


def _gather(
    whole: _Rendered, units: Sequence[list[str]], parts: Iterable[_Rendered], total: int, progress: Progress
) -> None:
    done = 0
    progress("rendering", 0, total)
    for unit, part in zip(units, parts, strict=True):
        _plan(whole.digests, part.digests.items())
        whole.summaries.extend(part.summaries)
        whole.problems.extend(part.problems)
        whole.inferred += part.inferred
        whole.unplaced += part.unplaced
        whole.stubs += part.stubs
        done += len(unit)
        progress("rendering", done, total)


def _plan(digests: dict[str, str], pages: Iterable[tuple[str, str]]) -> None:
    """Adds pages to those planned. Raises BuildError when an address is taken."""
    for path, digest in pages:
        if path in digests:
            raise BuildError("two pages have this address", path)
        digests[path] = digest


_worker: tuple[Catalog, Theme, Output, Config] | None = None


def _start_worker(config: Config, clean: bool) -> None:
    """A worker process reads the catalog itself, so that nothing big passes between processes."""
    global _worker
    output = Output(config.output_dir, config.cache_dir)
    output.load(clean=clean)
    _worker = (Catalog(config.cache_dir), Theme(config), output, config)


def _work(roots: list[str]) -> _Rendered:
    assert _worker is not None
    return render_threads(roots, *_worker)


def render_threads(
    roots: Sequence[str], catalog: Catalog, theme: Theme, output: Output, config: Config
) -> _Rendered:
    """One unit of work: the pages of some threads, staged, and their authors' entries, in the catalog."""
    part = _Rendered()
    entries: list[Entry] = []
    for root in roots:
        thread = merge(catalog.records(root), root)
        cards = _cards(thread, catalog, theme)
        for page in _thread_pages(thread, cards, config):
            _plan(part.digests, [(page.path, output.stage(page.path, theme.render(page)))])
        entries.extend(_entries(thread, cards))
        _sum_up(part, thread)
    catalog.put_entries(entries)
    return part


def _cards(thread: Thread, catalog: Catalog, theme: Theme) -> Cards:
    """Every item's card, rendered once."""
    items = (thread.root, *thread.options, *thread.comments)
    links = {id for item in items for id in linked_items(item.body or "")}
    held = catalog.held(links) if links else set()
    cards = {id: parted(theme.card(view, texts)) for id, view, texts in card_views(thread, held)}
    return Cards(cards, parted(body_html(thread.root, held)), theme.head(story_view(thread)))


def _thread_pages(thread: Thread, cards: Cards, config: Config) -> Iterator[Page]:
    yield from thread_pages.pages(thread, cards, config)
    yield from permalink.pages(thread, cards, config)
    for option in thread.options:
        yield redirect.option_page(option.id, thread.id, config)


def _entries(thread: Thread, cards: Cards) -> Iterator[Entry]:
    """What the authors' pages show of a thread."""
    title = thread_title(thread)
    for item in (thread.root, *thread.comments):
        if item.author and item.held:
            epoch = item.created.epoch if item.created else None
            _, number, _ = id_key(item.id)
            kind = "comment" if item.kind is Kind.COMMENT else "story"
            html = join(cards.by_id[item.id], frozenset())
            yield Entry(item.author, epoch or 0, number, item.id, kind, thread.id, title, html)


def _sum_up(part: _Rendered, thread: Thread) -> None:
    root = thread.root
    held = [comment for comment in thread.comments if comment.held]
    part.summaries.append(
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
    part.problems.extend(thread.problems)
    part.inferred += sum(comment.evidence is Evidence.QUOTE for comment in held)
    part.unplaced += sum(comment.evidence is Evidence.UNKNOWN for comment in held)
    part.stubs += len(thread.comments) - len(held) + (not root.held)


def collect(
    catalog: Catalog, theme: Theme, output: Output, config: Config, rendered: _Rendered
) -> list[Author]:
    """Everything that is not of one thread, staged; adds its digests to ``rendered``."""
    found = [Author(*row) for row in catalog.authors()]
    for page in _site_pages(found, rendered.summaries, catalog, config):
        _plan(rendered.digests, [(page.path, output.stage(page.path, theme.render(page)))])
    for name, content in theme.static():
        path = f"{STATIC}/{name}"
        rendered.digests[path] = output.stage(path, content)
    check_paths(rendered.digests)
    return found


def _site_pages(
    found: Sequence[Author], summaries: Sequence[Summary], catalog: Catalog, config: Config
) -> Iterator[Page]:
    for one in found:
        entries = ((entry.thread, entry.title, entry.html) for entry in catalog.entries(one.name))
        yield from author.pages(one, entries, config)
    yield authors.page(found, config)
    yield from front.pages(summaries, config)
    stories = {summary.id for summary in summaries}
    for old, new in catalog.moved():
        yield from redirect.pages(old, new, config, is_story=new in stories)
    yield not_found.page(config)


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self.laps: list[tuple[str, float]] = []

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps.append((stage, now - self._last))
        self._last = now

    @property
    def total(self) -> float:
        return self._last - self._start


def _report(
    catalog: Catalog,
    dumps: Sequence[sources.Dump],
    rendered: _Rendered,
    found: Sequence[Author],
    change: Change,
    problems: Sequence[Problem],
    errors: Sequence[UnreadableError],
    clock: _Clock,
) -> Report:
    read, items = catalog.counts()
    return Report(
        threads=len(rendered.summaries),
        comments=sum(summary.comments for summary in rendered.summaries),
        authors=sum(one.comments > 0 for one in found),
        written=change.written,
        unchanged=change.unchanged,
        deleted=change.deleted,
        dumps=len(dumps) - len(errors),
        read=read,
        merged=read - items,
        inferred=rendered.inferred,
        unplaced=rendered.unplaced,
        stubs=rendered.stubs,
        skipped=sum(problem.skipped for problem in problems),
        problems=tuple(sorted(problems, key=lambda one: (one.origin.file, one.origin.position, one.reason))),
        errors=tuple(errors),
        seconds=clock.total,
        timings=tuple(clock.laps),
    )
