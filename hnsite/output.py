"""Finished pages -> public/: staging, comparing, moving in, removal of what is stale.

Laws: nothing in the output folder changes before every page is staged beside it, so that a build
that fails leaves the old site; a journal then lets the next build finish what a crash cut short;
only files that an earlier build wrote are ever deleted, because the folder may hold more than ours;
files whose bytes stay the same are not touched, so that hosts and backups see what changed.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hnsite.compress import beside, compressed
from hnsite.errors import BuildError
from hnsite.mark import Seen, is_theirs, obstacle, see
from hnsite.moves import FAR, Moves, bring_to_disk, rescue, uninterrupted, walk

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would write other ends of lines


@dataclass(frozen=True, slots=True)
class Change:
    """How many files publishing wrote, and deleted."""

    written: int
    deleted: int


@dataclass(slots=True)
class Tally:
    """What one process has staged: pages in all, of which so many differ from the site's; bytes of all.

    ``strange`` are paths where something stands already that does not say that hnsite made it, ``doubled``
    those of more than one page.
    """

    pages: int = 0
    staged: int = 0
    bytes: int = 0
    strange: list[str] = field(default_factory=list, compare=False)
    doubled: list[str] = field(default_factory=list, compare=False)

    def add(self, other: Tally) -> None:
        self.pages += other.pages
        self.staged += other.staged
        self.bytes += other.bytes
        self.strange += other.strange
        self.doubled += other.doubled

    def take(self) -> Tally:
        """What has been counted since the last call."""
        counted = replace(self)
        self.pages = self.staged = self.bytes = 0
        self.strange, self.doubled = [], []
        return counted


class Output:
    """The output folder and the stage beside it. Raises BuildError when the disk says no."""

    def __init__(
        self, folder: Path, *, clean: bool = False, dry: bool = False, suffixes: Sequence[str] = ()
    ) -> None:
        """``clean`` stages every page, also those that are there already as they should be; ``dry`` none.
        ``suffixes`` are those of the compressed files that each text file has beside it."""
        self.folder = folder = folder.resolve()  # where a link leads, so that the stage is on the same disk
        self._stage = folder.parent / f".{folder.name}.hnsite"
        self._journal = self._stage / "journal"
        self._files = self._stage / "files"
        self._work = f"{self._stage}/moves/"
        self._to, self._from = f"{self._files}/", f"{folder}/"  # a Path a page costs as much as the write
        self._folders: set[str] = set()
        self._is_there, self._clean = folder.exists(), clean
        self._dry, self.suffixes = dry, suffixes
        self.tally = Tally()
        self._since = 0
        self.theirs: set[str] = set()
        """Where somebody put something after a build was cut short that was to bring a file there."""

    def prepare(self) -> None:
        """Finishes or clears what an earlier build left."""
        try:
            if self._journal.exists():
                self._resume()
            self._throw_away()
            self._folders.clear()
            self._files.mkdir(parents=True)
        except OSError as error:
            raise BuildError(f"cannot be written: {error.strerror or error}", str(self._stage)) from None
        self._is_there = self.folder.exists()
        self._since = time.time_ns() if self._is_there else 0

    def stage(self, path: str, content: bytes) -> None:
        """Stages one file and those beside it, unless the site has them as they should be."""
        self.tally.pages += 1
        self.tally.bytes += len(content)
        if not self._dry and self._stage_one(path, content):
            for suffix, one in zip(self.suffixes, beside(path, self.suffixes), strict=False):
                self._stage_one(one, compressed(content, suffix))

    def _stage_one(self, path: str, content: bytes) -> bool:
        """Returns False if another page has the path."""
        tally = self.tally
        if self._is_there and self._holds(path, content):
            return True
        try:
            if (folder := path.rpartition("/")[0]) not in self._folders:
                Path(self._to + folder).mkdir(parents=True, exist_ok=True)
                self._folders.add(folder)
                if folder and (strange := obstacle(self._from, folder)):
                    tally.strange.append(strange)
            if not _write(self._to + path, content):
                self._keep_one(path, content)
                return False
            tally.staged += 1
            return True
        except OSError as error:
            raise BuildError(f"cannot be written: {error.strerror or error}", self._to + path) from None

    def _keep_one(self, path: str, content: bytes) -> None:
        """Of two pages with one address one stays, whichever came first: names can be made up whose digests
        are the same, and must not stop a build."""
        self.tally.doubled.append(path)
        staged = Path(self._to + path)
        if content < staged.read_bytes():
            self._replace(path, content)
            for suffix, one in zip(self.suffixes, beside(path, self.suffixes), strict=False):
                self._replace(one, compressed(content, suffix))

    def _replace(self, path: str, content: bytes) -> None:
        """Stages a file in the place of one, or where there was none because the site has it."""
        if not _write(self._to + path, content):
            os.unlink(self._to + path)  # noqa: PTH108
            _write(self._to + path, content)
        else:
            self.tally.staged += 1

    def _holds(self, path: str, content: bytes) -> bool:
        """Whether the site has a file as it should be; notes where something else is in its place."""
        seen = see(self._from, path, content)
        if seen is Seen.STRANGE:
            self.tally.strange.append(path)
        return seen is Seen.SAME and not self._clean

    def came(self) -> list[str]:
        """Where files are to go and somebody put something since ``prepare``."""
        found = []
        for folder, names in self._staged() if self.folder.exists() else ():
            if _changed(self._from + folder) > self._since:
                paths = (f"{folder}/{name}" if folder else name for name in names)
                found += [path for path in paths if is_theirs(self._from, path, self._since)]
        return found

    def publish(self, staged: int, stale: Iterable[str], shown: Callable[[], None] = lambda: None) -> Change:
        """Moves in what is staged (so many files, or another build has interfered), deletes what is stale.

        ``shown`` is called when the output is as it is to be, before what is needed no more is taken away.
        """
        gone = sorted(stale)
        try:
            if sum(len(names) for _, names in self._staged()) != staged:
                reason = "another build of this site took the stage away; try again"
                raise BuildError(reason, str(self._stage))
            if staged or gone:
                self._finish(gone, shown)
            shutil.rmtree(self._stage)
        except OSError as error:
            raise BuildError(f"cannot be written: {error.strerror or error}", error.filename or "") from None
        return Change(staged, len(gone))

    def discard(self) -> None:
        """Gives up what has been staged; the old site stays. The next build finishes what a journal says."""
        if not self._journal.exists():
            self._throw_away()

    def _throw_away(self) -> None:
        for folder in (self._stage, self.folder / FAR):
            shutil.rmtree(folder, ignore_errors=True)

    def folders(self, known: Iterable[str]) -> dict[str, int]:
        """When files last came to or went from each folder of ours (nanoseconds); 0 if it is not there.

        ``known`` are those of earlier builds; those of this process's pages are added.
        """
        names = {"", *known, *self._folders}
        return {name: _changed(f"{self._from}{name}") for name in sorted(names)}

    def is_lost(self, path: str, since: int) -> bool:
        """Whether a file of ours is missing, or was changed by somebody else ``since`` (nanoseconds)."""
        return not 0 < _changed(self._from + path) <= since

    def has(self, path: str) -> bool:
        """Whether anything stands at a path."""
        return os.path.lexists(self._from + path)

    def _staged(self) -> Iterator[tuple[str, list[str]]]:
        """The folders of all staged files, with their names."""
        for folder, names in walk(self._to) if self._files.exists() else ():  # else moved in as a whole
            self._folders.add(folder)
            yield folder, names

    def _resume(self) -> None:
        """Finishes what another build began to publish, as far as what it wrote of that can be read."""
        try:
            journal = json.loads(self._journal.read_text("utf-8"))
            stale, versions = journal["stale"], journal["versions"]
        except (ValueError, KeyError, TypeError):
            return
        if self._files.exists() and self.folder.exists():
            rescue(self._work, self._to, self._from, versions, set(stale))
            self._finish(self._without_theirs(stale))

    def _without_theirs(self, stale: Iterable[str]) -> list[str]:
        """Gives up what would go over files that came since; returns what is still ours to delete."""
        since = self._journal.stat().st_mtime_ns
        for folder, names in self._staged():
            for path in (f"{folder}/{name}" if folder else name for name in names):
                if is_theirs(self._from, path, since):
                    self.theirs.add(path)
                    os.unlink(self._to + path)  # noqa: PTH108
        return [path for path in stale if not is_theirs(self._from, path, since)]

    def _finish(self, stale: Sequence[str], shown: Callable[[], None] = lambda: None) -> None:
        """Moves, then deletes; safe to do again from the start."""
        if self.folder.exists():
            moves = Moves(self._to, self._from, self._work, stale)
            _write_whole(self._journal, json.dumps({"stale": stale, "versions": moves.versions}))
            bring_to_disk(self._to)
            with uninterrupted():
                self._run(moves, stale)
            shown()
            rescue(self._work, self._to, self._from, moves.versions, set(stale))
            moves.clear()
            self._remove_empty(stale)
        else:
            bring_to_disk(self._to)
            self._files.rename(self.folder)
            shown()
        bring_to_disk(self._from)

    def _run(self, moves: Moves, stale: Iterable[str]) -> None:
        try:
            moves.run()
        except OSError:  # somebody is at work in the folder, or the disk cannot do what it should
            for folder, names in self._staged():
                for name in names:
                    self._move(f"{folder}/{name}" if folder else name)
            for path in stale:
                Path(self._from + path).unlink(missing_ok=True)

    def _move(self, path: str) -> None:
        staged, target = self._to + path, self._from + path
        _make_folder(Path(target).parent)
        try:
            os.replace(staged, target)  # noqa: PTH105
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            part = target + ".part"  # the folder is another disk, mounted there
            shutil.copyfile(staged, part)
            os.replace(part, target)  # noqa: PTH105
            os.unlink(staged)  # noqa: PTH108

    def _remove_empty(self, stale: Iterable[str]) -> None:
        """Removes folders that have become empty."""
        for folder in {(self.folder / path).parent for path in stale}:
            while folder != self.folder and folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
                folder = folder.parent


def _write(path: str, content: bytes) -> bool:
    """Makes a file, in as few steps as there are; returns False if there is one already. Raises OSError."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    except FileExistsError:
        return False
    try:
        if os.write(file, content) != len(content):  # a disk that becomes full takes a beginning
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(file)
    return True


def _changed(path: str) -> int:
    """When a file or folder was last changed, in nanoseconds; 0 for none."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116
    except OSError:
        return 0


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)


def _write_whole(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    part.replace(path)
