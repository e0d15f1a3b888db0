"""Dumps in content/ -> the catalog, with what belongs together found and what must not be shown covered: the
first half of a build, and of whatever else tells of the whole archive.

Only what changed is read, in worker processes where it is much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from sys import intern

from hnsite import sources
from hnsite.catalog import Catalog
from hnsite.config import Config
from hnsite.cover import cover, load_redactions
from hnsite.errors import UnreadableError
from hnsite.model import Piece, Problem
from hnsite.notes import find_notes, navigation, with_exported
from hnsite.readers import Reader
from hnsite.redact import redact_notes
from hnsite.tools import Tools, open_tools, open_worker_tools
from hnsite.workers import Workers

BATCH = 4_000_000
"""Bytes of dumps in one unit of work."""

Progress = Callable[[str, int, int], None]
"""Told of each step: (stage, how much of it is done, how much there is)."""


def silent(stage: str, done: int, total: int) -> None:
    """The Progress of a build that nobody watches."""


@dataclass(slots=True)
class Taken:
    """What reading brought: records and bytes of the dumps that were read, and dumps that could not be.

    ``usable`` counts dumps that could be read, now or at an earlier build.
    """

    records: int = 0
    bytes: int = 0
    usable: int = 0
    errors: list[UnreadableError] = field(default_factory=list)


class Intake:
    """The dumps and notes of a site, and what works on them; the notes are in ``tools.config.nav``."""

    def __init__(self, config: Config, clean: bool, jobs: int) -> None:
        self._clean, self._jobs = clean, jobs
        self._redactions = load_redactions(config)
        found, self._passed = sources.find_dumps(
            config.content_dir, config.root, config.max_unpacked * 1_000_000
        )
        self.dumps, self.notes, self._faults = find_notes(found, config.content_dir)
        self.tools = open_tools(replace(config, nav=navigation(self.notes)), clean)
        self.workers = self._make_workers()

    def _make_workers(self) -> Workers:
        tools = self.tools
        return Workers(
            self._jobs, tools, partial(open_worker_tools, tools.config, self._clean, tools.covered)
        )

    def read(self, progress: Progress = silent) -> Taken:
        """Brings the catalog up to date with the dumps."""
        return read(self.dumps, self.tools.catalog, self.workers, progress)

    def settle(self) -> int:
        """Finds what belongs together and takes out what must not be shown; returns how many records were
        placed anew."""
        tools = self.tools
        placed = tools.catalog.settle()
        self.notes = with_exported(self.notes, tools.catalog.notes())
        if self._redactions.digest:
            tools.take_out(cover(self._redactions, tools.catalog))
            self.notes = redact_notes(self.notes, tools.covered)
        if self._redactions.digest or navigation(self.notes) != tools.config.nav:
            tools.config = replace(tools.config, nav=navigation(self.notes))
            self.workers.close()
            self.workers = self._make_workers()
        return placed

    def problems(self) -> list[Problem]:
        """What was passed over or could not be used, in files and in what they say; once all is settled."""
        catalog, covered = self.tools.catalog, self.tools.covered
        return [*self._passed, *self._faults, *catalog.problems(), *covered.problems]

    def close(self) -> None:
        self.workers.close()
        self.tools.close()


@contextmanager
def opened(config: Config, *, clean: bool = False, jobs: int = 1) -> Iterator[Intake]:
    """An intake, closed at the end; ``clean`` and ``jobs`` as for ``build``. The caller holds the lock.

    Raises HnsiteError where redactions.toml is wrong or there is no content folder.
    """
    intake = Intake(config, clean, jobs)
    try:
        yield intake
    finally:
        intake.close()


def read(
    dumps: Sequence[sources.Dump], catalog: Catalog, workers: Workers, progress: Progress = silent
) -> Taken:
    """Brings the catalog up to date with the dumps."""
    taken = Taken()
    known = catalog.known()
    members = _members(known, dumps)
    reader_of = cache(sources.reader_of)
    changed: list[Unread] = []
    kept: set[str] = set()
    for dump in dumps:
        try:
            digest, is_known = _compared(dump, known, members.get(dump.name, ()), reader_of)
        except UnreadableError as error:
            taken.errors.append(_alone(error))
            continue
        if is_known:
            kept.update((dump.name, *members.get(dump.name, ())))
        else:
            changed.append((dump, digest))
    taken.usable = len(kept)
    total = sum(dump.size for dump, _ in changed)
    for batch, (records, names, errors) in workers.map(_read, _batches(changed), is_much=total > 2 * BATCH):
        taken.records += records
        taken.usable += len(names)
        taken.errors += errors
        taken.bytes += sum(dump.size for dump, _ in batch)
        progress("reading", taken.bytes, total)
        kept.update(names)
    if lost := known.keys() - kept:
        catalog.forget(sorted(lost))
    return taken


def _alone(error: UnreadableError) -> UnreadableError:
    """The error without the way it came, which would hold what was read; there may be millions, which say the
    same."""
    return UnreadableError(intern(error.reason), error.subject)


def _members(known: Iterable[str], dumps: Iterable[sources.Dump]) -> dict[str, list[str]]:
    """Which known dumps are members of which archive."""
    files = {dump.name for dump in dumps}
    found: dict[str, list[str]] = defaultdict(list)
    for name in known:
        above = "" if name in files else name
        while above := above.rpartition("/")[0]:
            if above in files:
                found[above].append(name)
                break
    return found


def _compared(
    dump: sources.Dump,
    known: Mapping[str, tuple[bytes, str]],
    members: Iterable[str],
    reader_of: Callable[[str], Reader | None],
) -> tuple[bytes, bool]:
    """The dump's digest, and whether it was read as it is and would be read no differently now."""
    before = known.get(dump.name)
    if before is None:
        return sources.digest(dump), False
    if before[1] == sources.ARCHIVE:
        digest = sources.digest(dump)
        is_current = all(reader_of(known[name][1]) for name in members)
        return digest, before[0] == digest and is_current
    reader = reader_of(before[1])
    digest = sources.digest(dump, sources.beside(reader) if reader else ())
    return digest, reader is not None and before[0] == digest


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


Said = tuple[str, bytes, str, Iterator[Piece]]
"""A dump's name, digest and reader with version, and what it says."""


def _read(tools: Tools, batch: Sequence[Unread]) -> tuple[int, list[str], list[UnreadableError]]:
    """Reads some dumps; returns how many records they gave, which could be read, and what is wrong with
    the others."""
    names: list[str] = []
    failed: list[str] = []
    errors: list[UnreadableError] = []

    def said() -> Iterator[Said]:
        for dump, digest in batch:
            before = len(errors)
            try:
                with sources.parts(dump) as parts:
                    for part in parts:
                        yield from _said(part, digest, errors, failed)
                    if parts.is_archive and len(errors) == before:
                        yield dump.name, digest, sources.ARCHIVE, iter(parts.problems)
            except UnreadableError as error:
                errors.append(_alone(error))

    def noted() -> Iterator[Said]:
        for one in said():
            names.append(one[0])
            yield one

    records = tools.catalog.put(noted())
    if failed:
        tools.catalog.forget(failed)
    lost = set(failed)
    return records, [name for name in names if name not in lost], errors


def _said(
    dump: sources.Dump, digest: bytes, errors: list[UnreadableError], failed: list[str]
) -> Iterator[Said]:
    """What a dump says; ``failed`` gets its name where something else than the dump ended it, so that it is
    read again at the next build."""

    def pieces(reader: Reader) -> Iterator[Piece]:
        try:
            yield from sources.read(dump, reader)
        except UnreadableError as error:
            errors.append(_alone(error))
            failed.append(dump.name)

    try:
        reader = sources.pick(dump)
        beside = sources.beside(reader)
        if beside and not dump.archive:
            digest = sources.digest(dump, beside)
    except UnreadableError as error:
        errors.append(_alone(error))
        return
    yield dump.name, digest, sources.version(reader), pieces(reader)
