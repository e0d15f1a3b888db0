"""Finished pages -> public/. Digests, staging, the manifest, removal of what is stale.

Laws: nothing in the output folder changes before every page is staged beside it, so that a build
that fails leaves the old site; a journal then lets the next build finish what a crash cut short;
only files that an earlier build wrote are ever deleted, because the folder may hold more than ours;
files whose bytes stay the same are not touched, so that hosts and backups see what changed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from hnsite.errors import BuildError, UsageError

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Change:
    """How many files publishing wrote, left as they were, and deleted."""

    written: int
    unchanged: int
    deleted: int


class _Journal(NamedTuple):
    """What is left to do once everything is staged."""

    move: list[str]
    delete: list[str]
    manifest: dict[str, str]


class Output:
    """The output folder and the stage beside it. Raises BuildError when the disk says no."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder = folder.resolve()  # where a link leads, so that the stage is on the same disk
        self._cache = cache
        name = hashlib.blake2b(str(folder).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
        self._manifest_path = cache / f"{name}-{MANIFEST}"
        self._stage = folder.parent / f".{folder.name}.hnsite"
        self._journal = self._stage / "journal.json"
        self._files = self._stage / "files"
        self._place = str(folder)
        self._folders: set[str] = set()
        self.before: Mapping[str, str] = {}
        self.clean = False

    def prepare(self, *, clean: bool = False) -> None:
        """Finishes or clears what an earlier build left, and loads what it wrote.

        ``clean`` forgets the digests, so that every file is written again.
        """
        try:
            if journal := _read_journal(self._journal):
                self._finish(journal)
            shutil.rmtree(self._stage, ignore_errors=True)
            self._files.mkdir(parents=True)
        except OSError as error:
            raise BuildError(f"cannot be written: {error.strerror or error}", str(self._stage)) from None
        self.load(clean=clean)

    def load(self, *, clean: bool = False) -> None:
        """Learns what an earlier build wrote: path -> digest."""
        self.clean = clean
        self.before = _texts(_read_json(self._manifest_path)) or {}
        if clean:
            self.before = dict.fromkeys(self.before, "")

    def stage(self, path: str, content: bytes) -> str:
        """Stages one file unless it is there already as it should be; returns its digest."""
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        if self.before.get(path) == digest and _has_size(f"{self._place}/{path}", len(content)):
            return digest
        staged = f"{self._files}/{path}"  # once a page, and a Path costs as much as the write
        try:
            if (folder := staged.rpartition("/")[0]) not in self._folders:
                Path(folder).mkdir(parents=True, exist_ok=True)
                self._folders.add(folder)
            with open(staged, "wb") as file:  # noqa: PTH123
                file.write(content)
        except OSError as error:
            raise BuildError(f"cannot be written: {error.strerror or error}", staged) from None
        return digest

    def publish(self, digests: Mapping[str, str]) -> Change:
        """Makes the output folder hold exactly these files of ours, by what has been staged."""
        start = len(str(self._files)) + 1
        staged = [f"{folder}/{name}"[start:] for folder, _, names in os.walk(self._files) for name in names]
        # a page is there before any page that links to it for the first time: new files, then changed ones
        staged.sort(key=lambda path: (path in self.before, path))
        stale = sorted(set(self.before) - set(digests))
        changed = {path for path, digest in digests.items() if self.before.get(path) != digest}
        if not changed <= set(staged):
            raise BuildError("another build of this site took the stage away; try again", str(self._stage))
        try:
            if staged or stale or dict(digests) != dict(self.before):
                self._make_way(staged)
                journal = _Journal(staged, stale, dict(digests))
                _write_whole(self._journal, json.dumps(journal._asdict()))
                self._finish(journal)
            shutil.rmtree(self._stage)
        except OSError as error:
            raise BuildError(f"cannot be written: {error.strerror or error}", error.filename or "") from None
        return Change(len(staged), len(digests) - len(staged), len(stale))

    def discard(self) -> None:
        """Gives up what has been staged; the old site stays. The next build finishes what a journal says."""
        if not self._journal.exists():
            shutil.rmtree(self._stage, ignore_errors=True)

    def _make_way(self, staged: Sequence[str]) -> None:
        """Makes the folders that files are to move into. Raises OSError where something is in the way."""
        if not self.folder.exists():
            return
        for folder in sorted({path.rpartition("/")[0] for path in staged}):
            _make_folder(self.folder / folder)
        for path in staged:
            if (self.folder / path).is_dir():
                raise IsADirectoryError(errno.EISDIR, "a folder is in the way", str(self.folder / path))

    def _finish(self, journal: _Journal) -> None:
        """Moves, then deletes, then remembers; safe to do again from the start."""
        if not self.folder.exists():
            self._files.rename(self.folder)
        else:
            for path in journal.move:
                self._move(self._files / path, self.folder / path)
            for path in journal.delete:
                self._delete(path)
        self._cache.mkdir(parents=True, exist_ok=True)
        _write_whole(self._manifest_path, json.dumps(journal.manifest, separators=(",", ":")))

    def _move(self, staged: Path, path: Path) -> None:
        if not staged.exists():  # an earlier try moved it already
            return
        _make_folder(path.parent)
        try:
            staged.replace(path)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            part = path.with_name(path.name + ".part")  # the folder is another disk, mounted there
            shutil.copyfile(staged, part)
            part.replace(path)

    def _delete(self, path: str) -> None:
        file = self.folder / path
        file.unlink(missing_ok=True)
        folder = file.parent
        while folder != self.folder and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def check_place(folder: Path, root: Path, content: Path) -> None:
    """Raises UsageError where building would be dangerous: over the site's folder or over the dumps."""
    place, site, dumps = folder.resolve(), root.resolve(), content.resolve()
    if place == site or place in site.parents:
        raise UsageError(
            "the output folder must lie inside or beside the site's folder, not hold it", str(folder)
        )
    if place == dumps or place in dumps.parents or dumps in place.parents:
        raise UsageError("the output folder and the content folder must be apart", str(folder))
    if folder.exists() and not folder.is_dir():
        raise UsageError("the output folder is a file", str(folder))


def check_paths(paths: Iterable[str]) -> dict[str, str]:
    """The paths as a set of planned addresses. Raises BuildError if two are one where case is ignored."""
    planned: dict[str, str] = {}
    for path in paths:
        if (other := planned.setdefault(path.casefold(), path)) != path:
            raise BuildError(f"would be the same file as {other} where case is ignored", path)
    return planned


def _has_size(path: str, size: int) -> bool:
    try:
        return os.stat(path).st_size == size  # noqa: PTH116
    except OSError:
        return False


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True)


def _read_json(path: Path) -> Any:
    """What a file of ours says; None for one that is missing or damaged."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _texts(value: Any) -> dict[str, str] | None:
    is_texts = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    return value if is_texts else None


def _read_journal(path: Path) -> _Journal | None:
    value = _read_json(path)
    if not isinstance(value, dict) or value.keys() != set(_Journal._fields):
        return None
    lists = (value["move"], value["delete"])
    whole = all(isinstance(paths, list) and all(isinstance(one, str) for one in paths) for paths in lists)
    return _Journal(**value) if whole and _texts(value["manifest"]) is not None else None


def _write_whole(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    part.replace(path)
