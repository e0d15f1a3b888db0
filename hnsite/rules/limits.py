"""The files of a site -> what of them a host, or a disk, does not take. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from hnsite.hosts import HOSTS, Size, advice, over, over_one
from hnsite.rules import Fault
from hnsite.rules.links import above, fold

_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]|[. ]\Z')
LONGEST_NAME = 255
LONGEST_PATH = 1024
"""Bytes: of a name on most disks, of a whole path on S3."""


def host_faults(files: Mapping[str, int], name: str, permalinks: str) -> list[Fault]:
    """What is over the limits of a host (one of ``HOSTS``); ``files`` are bytes by path."""
    host = HOSTS[name]
    folders = Counter(path.rpartition("/")[0] for path in files)
    size = Size(
        files=len(files),
        in_a_folder=max(folders.values(), default=0),
        bytes=sum(files.values()),
        folders=len({folder for path in folders for folder in (path, *above(path)) if folder}),
    )
    small = advice(permalinks)
    found = [Fault("", 0, "limit", f"{said}; {small}") for said in over(size, name)]
    for folder, count in folders.items():
        if said := over_one(count, host.files_in_a_folder, name, "files in this folder"):
            found.append(Fault(f"{folder}/", 0, "limit", f"{said}; {small}"))
    for path, count in files.items():
        if said := over_one(count, host.bytes_a_file, name, "bytes"):
            found.append(Fault(path, 0, "limit", said))
    return found


def rule_faults(path: str, text: str, name: str) -> Iterator[Fault]:
    """What a host does not take of the rules in ``_headers`` or ``_redirects``."""
    host = HOSTS[name]
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    rules = [(number, line) for number, line in lines if not line.lstrip().startswith("#")]
    limit = host.redirects
    if path == "_headers":
        limit = host.headers
        rules = [(number, line) for number, line in rules if not line[0].isspace()]
    if said := over_one(len(rules), limit, name, "rules"):
        yield Fault(path, rules[limit or 0][0], "limit", f"{said}; it leaves out those from here on")


def name_faults(paths: Iterable[str]) -> Iterator[Fault]:
    """Paths that cannot lie side by side, or not at all, on every disk and host."""
    alike: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        yield from _name_fault(path)
        for one in (*above(path), path):
            alike[fold(one)].add(one)
    for same in alike.values():
        first, *others = sorted(same)
        for path in others:
            message = f"{first} differs in nothing but case or accents, and many disks keep one of them only"
            yield Fault(path, 0, "case", f"{message}; give one another name")


def _name_fault(path: str) -> Iterator[Fault]:
    for name in path.split("/"):
        if _DEVICE.fullmatch(name):
            yield Fault(path, 0, "name", f"{name!r} is a device on Windows; give it another name")
        elif match := _NOT_ON_WINDOWS.search(name):
            yield Fault(path, 0, "name", f"Windows takes no {match[0]!r} there; give it another name")
        if len(name.encode("utf-8", "surrogateescape")) > LONGEST_NAME:
            yield Fault(path, 0, "name", f"a name has {LONGEST_NAME} bytes at most on most disks")
    if len(path.encode("utf-8", "surrogateescape")) > LONGEST_PATH:
        yield Fault(path, 0, "name", f"a path has {LONGEST_PATH} bytes at most on S3")
    if not path.isascii() and unicodedata.normalize("NFC", path) != path:
        yield Fault(path, 0, "name", "its accents are written apart (not NFC), and some disks join them")
