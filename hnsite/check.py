"""A built site -> what is wrong with it. Reads the output folder, and nothing else of the site but its
settings, so that it may have been built elsewhere; writes nothing.

Each file is read once, in worker processes where there are many. What a page says to others (ids, which
pages it leads to) comes back and is compared at the end.
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from urllib.parse import urljoin

from hnsite.config import Config
from hnsite.errors import UsageError
from hnsite.mark import is_marked
from hnsite.rules import Fault
from hnsite.rules.data import read_json, read_redirects, read_robots, read_xml
from hnsite.rules.limits import host_faults, name_faults, rule_faults
from hnsite.rules.links import Files, Place, files_of, missing, place_of, resolve
from hnsite.rules.page import Said, read_page
from hnsite.rules.style import addresses
from hnsite.urls import FINDERS, FRONT_PATH, NOT_FOUND_PATH, NOTES, ROBOTS_PATH
from hnsite.workers import Workers

BATCH = 3_000_000
"""Bytes of files in one unit of work."""
ASKED_FROM_OUTSIDE = {NOT_FOUND_PATH, *FINDERS}
"""Pages that need no link: hosts and other sites lead there."""
_CANONICAL = re.compile(r'<link rel="canonical" href="(https?://[^"]*)"')
_FROM_ROOT = re.compile(r'<link rel="stylesheet" href="(/(?:[^"]*/)?)static/')


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what is wrong with it, in the order of files and lines."""

    files: int
    pages: int
    links: int
    faults: tuple[Fault, ...]


def check(config: Config, host: str = "", jobs: int | None = None) -> Checked:
    """Checks the site in the output folder; ``host`` is one of ``HOSTS``, else that of the settings.

    Raises UsageError if there is no site.
    """
    folder = config.output_dir
    if not (folder / FRONT_PATH).is_file():
        lack = f"there is no {FRONT_PATH}" if folder.is_dir() else "no such folder"
        raise UsageError(
            f"not a site: {lack}; run hnsite build, or name another folder with -o", config.output
        )
    faults: list[Fault] = []
    sizes = dict(_listed(folder, faults))
    there = files_of(frozenset(sizes))
    reader = _Reader(folder, _place(config, folder), there, sorted(sizes))
    whole = _Whole(reader.paths)
    workers = Workers(jobs or os.cpu_count() or 1, reader, partial(_same, reader))
    try:
        is_much = sum(sizes.values()) > 2 * BATCH
        for _, batch in workers.map(_read, _batches(sizes, reader.paths), is_much=is_much):
            whole.add(batch)
    finally:
        workers.close()
    faults += whole.sum.faults
    faults += whole.lost_ids()
    faults += whole.orphans()
    faults += name_faults(sizes)
    if host := host or config.host:
        faults += _host_faults(config, host, sizes)
    return Checked(len(sizes), whole.sum.pages, whole.sum.links, tuple(sorted(faults)))


def _same(reader: _Reader) -> _Reader:
    return reader


def _host_faults(config: Config, host: str, sizes: Mapping[str, int]) -> Iterator[Fault]:
    yield from host_faults(sizes, host, config.permalinks)
    for name in ("_headers", "_redirects"):
        if name in sizes:
            text = (config.output_dir / name).read_text("utf-8", "replace")
            yield from rule_faults(name, text, host)


def _listed(folder: Path, faults: list[Fault]) -> Iterator[tuple[str, int]]:
    """Every file below the folder with its bytes; tells of what no host takes as a file."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(folder / below) as found:
            for one in found:
                path = below + one.name
                stat = one.stat(follow_symlinks=False)
                if S_ISDIR(stat.st_mode):
                    waiting.append(f"{path}/")
                elif S_ISREG(stat.st_mode):
                    yield path, stat.st_size
                else:
                    faults.append(_no_file(path, S_ISLNK(stat.st_mode)))


def _no_file(path: str, is_link: bool) -> Fault:
    if is_link:
        return Fault(path, 0, "file", "is a link to another file; hosts leave it out, so put the file there")
    return Fault(path, 0, "file", "is neither file nor folder; take it away")


def _place(config: Config, folder: Path) -> Place:
    """Where the site will stand: by its settings, or, where those are gone, by what its pages say."""
    if config.base_url:
        return place_of(config.base_url)
    for name, pattern in ((FRONT_PATH, _CANONICAL), (NOT_FOUND_PATH, _FROM_ROOT)):
        try:
            text = (folder / name).read_text("utf-8", "replace")
        except OSError:
            continue
        if match := pattern.search(text):
            return place_of(match[1].removesuffix(FRONT_PATH))
    return Place()


def _batches(sizes: Mapping[str, int], paths: Sequence[str]) -> Iterator[range]:
    """Ranges of places among the paths, of about equal weight."""
    start = weight = 0
    for place, path in enumerate(paths):
        weight += sizes[path]
        if weight >= BATCH:
            yield range(start, place + 1)
            start, weight = place + 1, 0
    if start < len(paths):
        yield range(start, len(paths))


# read


Wanted = tuple[int, int, int, str]
"""A link to an id of another page: the page and line where it stands, the page where it leads, and the id."""


@dataclass(slots=True)
class Batch:
    """What some files say; pages are told by their places among all paths. ``ids`` of a page are one text,
    with an end of line before and behind each."""

    pages: int = 0
    links: int = 0
    faults: list[Fault] = field(default_factory=list)
    leads_to: dict[int, array[int]] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    wanted: list[Wanted] = field(default_factory=list)
    leads_on: list[int] = field(default_factory=list)
    foreign: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """What a worker knows of the whole site: where it lies and will stand, and which files it has."""

    folder: Path
    place: Place
    there: Files
    paths: list[str]
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.numbers = {path: number for number, path in enumerate(self.paths)}


def _read(reader: _Reader, numbers: Iterable[int]) -> Batch:
    """Reads some files."""
    batch = Batch()
    links = _Links(reader, batch)
    for number in numbers:
        path = reader.paths[number]
        read = _form(path)
        if read is None:
            continue
        try:
            data = (reader.folder / path).read_bytes()
            said = read(reader, path, data)
        except OSError as error:
            batch.faults.append(Fault(path, 0, "file", f"cannot be read: {error.strerror}"))
            continue
        batch.faults += (Fault(path, *fault, is_note=fault[1] == "sign") for fault in said.faults)
        if path.endswith(_PAGES):
            _note_page(batch, number, said, is_ours=is_marked(path, data))
        links.follow(number, said)
    return batch


def _note_page(batch: Batch, number: int, said: Said, *, is_ours: bool) -> None:
    batch.pages += 1
    batch.ids[number] = "\n".join(("", *said.ids, ""))
    if said.leads_on:
        batch.leads_on.append(number)
    if not is_ours:
        batch.foreign.append(number)


class _Links:
    """Follows the links of some files; what one address leads to is found out once for each folder."""

    def __init__(self, reader: _Reader, batch: Batch) -> None:
        self.reader = reader
        self.batch = batch
        self.folder = ""
        self.known: dict[str, tuple[int, str, str]] = {}

    def follow(self, number: int, said: Said) -> None:
        """Notes where a file leads, and which of its links lead nowhere."""
        path = self.reader.paths[number]
        if (folder := path.rpartition("/")[0]) != self.folder:
            self.folder = folder
            self.known.clear()
        is_page = path.endswith(_PAGES)
        reached = set()
        for line, address in said.links:
            if address[:1] == "#" and is_page and not said.base:
                self.own(number, line, address, said.ids)
                continue
            if (found := self.known.get(address)) is None or said.base:
                found = self.known[address] = self.find(urljoin(said.base, address), path)
            target, id, fault = found
            if fault:
                self.batch.faults.append(Fault(path, line, "link", f"{address!r} {fault}"))
            elif target >= 0:
                reached.add(target)
                if id:
                    self.batch.wanted.append((number, line, target, id))
        self.batch.links += len(said.links)
        if is_page:
            self.batch.leads_to[number] = array("L", reached)

    def own(self, number: int, line: int, address: str, ids: Mapping[str, int]) -> None:
        """A link to the page on which it stands."""
        if (id := address[1:]) and id not in ids:
            target = resolve(address, self.reader.paths[number], self.reader.place)
            if target and target.id:
                self.batch.wanted.append((number, line, number, target.id))

    def find(self, address: str, path: str) -> tuple[int, str, str]:
        """Which file an address leads to (-1 for none of the site), the id on it, and what is wrong."""
        target = resolve(address, path, self.reader.place)
        if target is None:
            return -1, "", ""
        if target.fault:
            return -1, "", target.fault
        if lack := missing(target.path, self.reader.there):
            return -1, "", f"leads nowhere: {target.path} {lack}"
        number = self.reader.numbers.get(target.path)
        if number is None:
            number = self.reader.numbers[f"{target.path}/{FRONT_PATH}"]
        return number, target.id, ""


_PAGES = (".html", ".htm")


def _form(path: str) -> Callable[[_Reader, str, bytes], Said] | None:
    """What reads a file of that name, if anything in it matters."""
    name = path.rpartition("/")[2]
    return _FORMS.get(name) or _FORMS.get(f".{name.rpartition('.')[2].lower()}")


def _text(data: bytes, said: Said) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        said.faults.append((data.count(b"\n", 0, error.start) + 1, "encoding", "is not UTF-8"))
        return data.decode(errors="replace")


def _as_text(read: Callable[[str, Said], object]) -> Callable[[_Reader, str, bytes], Said]:
    def form(reader: _Reader, path: str, data: bytes) -> Said:
        said = Said()
        read(_text(data, said), said)
        return said

    return form


def _as_style(text: str, said: Said) -> None:
    said.links += addresses(text)


def _as_xml(reader: _Reader, path: str, data: bytes) -> Said:
    said = Said()
    read_xml(data, said)
    return said


def _as_packed(reader: _Reader, path: str, data: bytes) -> Said:
    """A file that servers send in the place of another, packed."""
    said = Said()
    plain = path.removesuffix(".gz")
    if plain in reader.there.files:
        try:
            is_same = gzip.decompress(data) == (reader.folder / plain).read_bytes()
        except (gzip.BadGzipFile, EOFError, zlib.error):
            is_same = False
        if not is_same:
            said.faults.append(
                (0, "file", f"does not hold what {plain} does; servers would send what is old")
            )
    return said


_FORMS: Mapping[str, Callable[[_Reader, str, bytes], Said]] = {
    **dict.fromkeys(_PAGES, _as_text(read_page)),
    ".css": _as_text(_as_style),
    **dict.fromkeys((".xml", ".atom", ".rss", ".svg"), _as_xml),
    **dict.fromkeys((".json", ".webmanifest"), _as_text(read_json)),
    ".gz": _as_packed,
    ROBOTS_PATH: _as_text(read_robots),
    "_redirects": _as_text(read_redirects),
}
"""What reads which files, by their endings or whole names."""


# compare


class _Whole:
    """What all files say together."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = paths
        self.sum = Batch()

    def add(self, batch: Batch) -> None:
        whole = self.sum
        whole.pages += batch.pages
        whole.links += batch.links
        whole.faults += batch.faults
        whole.leads_to.update(batch.leads_to)
        whole.ids.update(batch.ids)
        whole.wanted += batch.wanted
        whole.leads_on += batch.leads_on
        whole.foreign += batch.foreign

    def lost_ids(self) -> Iterator[Fault]:
        """Links to places on pages that are not there."""
        for number, line, target, id in self.sum.wanted:
            ids = self.sum.ids.get(target)
            if ids is not None and f"\n{id}\n" not in ids and id.lower() != "top":
                where = "this page" if target == number else self.paths[target]
                message = f"#{id} leads nowhere: nothing on {where} has that id"
                yield Fault(self.paths[number], line, "fragment", message)

    def orphans(self) -> Iterator[Fault]:
        """Pages that cannot be reached from the front page, but for those to which others lead from elsewhere
        and those that lead on."""
        leads_to = self.sum.leads_to
        reached = self._reached()
        linked = {target for page, targets in leads_to.items() for target in targets if target != page}
        foreign, exempt = set(self.sum.foreign), set(self.sum.leads_on)
        for number in leads_to.keys() - reached - exempt:
            if (path := self.paths[number]) not in ASKED_FROM_OUTSIDE:
                why = (
                    "only pages that cannot be reached lead to it"
                    if number in linked
                    else "no page links to it"
                )
                is_note = number in foreign or path.startswith(f"{NOTES}/")  # not listed: its author's choice
                yield Fault(path, 0, "orphan", f"{why}; link to it, or take it away", is_note)

    def _reached(self) -> set[int]:
        front = self.paths.index(FRONT_PATH)
        reached, waiting = {front}, [front]
        while waiting:
            for target in self.sum.leads_to.get(waiting.pop(), ()):
                if target not in reached:
                    reached.add(target)
                    waiting.append(target)
        return reached
