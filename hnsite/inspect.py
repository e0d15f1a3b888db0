"""What a dump is and holds, as its reader sees it: one file at a time, nothing merged, nothing written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hnsite import sources
from hnsite.catalog import item_number
from hnsite.errors import UnreadableError
from hnsite.link import components
from hnsite.model import Kind, Note, Piece, Problem, is_held
from hnsite.notes import find_notes

PAGE = "page"
"""In place of a reader: a page of the site, which somebody wrote."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a file, or one member of an archive, holds.

    ``reader`` is "" and ``error`` says why, if no reader or more than one claims it. ``items`` counts those
    that the file says something of, the ``stories`` and ``comments`` among them; ``threads`` what hangs
    together; ``orphans`` comments whose parent the file names but does not hold. ``first`` and ``last``
    are the oldest and the newest date, ``captured`` when the dump says that it was taken (seconds, UTC).
    """

    file: str
    reader: str = ""
    error: str = ""
    items: int = 0
    stories: int = 0
    comments: int = 0
    threads: int = 0
    authors: int = 0
    first: int | None = None
    last: int | None = None
    captured: int | None = None
    orphans: int = 0
    problems: tuple[Problem, ...] = ()


def inspect(path: Path) -> Iterator[Finding]:
    """What a file holds: one finding, or one a member of an archive; a folder's are those of its files."""
    is_folder = _is_folder(path)
    alone = sources.Dump(path, os.fspath(path))
    files = sources.find_dumps(path, Path())[0] if is_folder else [alone]
    dumps, _, problems = find_notes(files, path if is_folder else path.parent)
    names = {dump.name for dump in dumps}
    for dump in files:
        if (
            dump.name not in names
        ):  # links of a page lead to others of its folder, which one file does not tell
            own = tuple(one for one in problems if one.origin.file == dump.name and is_folder)
            yield Finding(dump.name, PAGE, problems=own)
            continue
        try:
            with sources.parts(dump) as parts:
                yield from map(_finding, parts)
                if parts.problems:
                    yield Finding(dump.name, sources.ARCHIVE.split()[0], problems=tuple(parts.problems))
        except UnreadableError as error:
            yield Finding(dump.name, error=error.reason)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # nobody may look at it
        return False


def _finding(dump: sources.Dump) -> Finding:
    try:
        reader = sources.pick(dump)
    except UnreadableError as error:
        return Finding(dump.name, error=error.reason)
    counts = _Counts()
    try:
        for piece in sources.read(dump, reader):
            counts.add(piece)
    except UnreadableError as error:
        return Finding(dump.name, error=error.reason)
    return counts.finding(dump.name, reader.NAME)


@dataclass(slots=True)
class _Counts:
    """What is remembered of a dump while it is read: numbers, so that a big one fits in memory."""

    kinds: dict[int, Kind] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    groups: list[tuple[int, ...]] = field(default_factory=list)
    authors: set[str] = field(default_factory=set)
    dates: list[int] = field(default_factory=list)
    captured: int | None = None
    problems: list[Problem] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        if isinstance(piece, Problem):
            self.problems.append(piece)
            return
        if isinstance(piece, Note):
            return
        named = (piece.id, piece.parent, piece.thread, *piece.replies)
        numbers = tuple(item_number(id) for id in named if id)
        self.groups.append(numbers)
        if is_held(piece):
            self.kinds[numbers[0]] = piece.kind
            if piece.parent:
                self.parents[numbers[0]] = numbers[1]
        if piece.author:
            self.authors.add(piece.author)
        if piece.created and piece.created.epoch is not None:
            dates = (*self.dates, piece.created.epoch)
            self.dates = [min(dates), max(dates)]
        if piece.captured is not None:
            self.captured = max(self.captured or 0, piece.captured)

    def finding(self, file: str, reader: str) -> Finding:
        together = components(self.groups)
        kinds = list(self.kinds.values())
        return Finding(
            file,
            reader,
            items=len(kinds),
            stories=kinds.count(Kind.STORY),
            comments=kinds.count(Kind.COMMENT),
            threads=len({together[number] for number in self.kinds}),
            authors=len(self.authors),
            first=self.dates[0] if self.dates else None,
            last=self.dates[-1] if self.dates else None,
            captured=self.captured,
            orphans=sum(parent not in self.kinds for parent in self.parents.values()),
            problems=tuple(self.problems),
        )
