"""A folder of files -> what it holds and what became of it: counts, stamps, digests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Stamp(NamedTuple):
    """What the file system says of a file; ``changed`` (ctime) moves with any change, and cannot be set."""

    mtime: int
    inode: int
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Size:
    """Files, HTML pages among them, and their bytes together."""

    files: int
    pages: int
    bytes: int


def stamps(folder: Path) -> dict[str, Stamp]:
    """The stamp of every file and folder below ``folder``, by its path below it; folders end with ``/``."""
    found: dict[str, Stamp] = {}
    for place, _, names in os.walk(folder):
        for path in (f"{place}/", *(f"{place}/{name}" for name in names)):
            stat = os.stat(path)  # noqa: PTH116
            stamp = Stamp(stat.st_mtime_ns, stat.st_ino, stat.st_size, stat.st_ctime_ns)
            found[path[len(str(folder)) + 1 :] or "./"] = stamp
    return found


def files(folder: Path) -> Iterator[str]:
    """Every file below ``folder``, by its path below it."""
    start = len(str(folder)) + 1
    return (f"{place}/{name}"[start:] for place, _, names in os.walk(folder) for name in names)


def size(folder: Path) -> Size:
    count = pages = total = 0
    for path in files(folder):
        count += 1
        pages += path.endswith(".html")
        total += os.stat(f"{folder}/{path}").st_size  # noqa: PTH116
    return Size(count, pages, total)


def digests(folder: Path, paths: Iterable[str] | None = None) -> dict[str, bytes]:
    """A digest of each file's bytes; of ``paths`` only, where given (those that are there)."""
    found: dict[str, bytes] = {}
    for path in files(folder) if paths is None else paths:
        try:
            with open(f"{folder}/{path}", "rb") as file:  # noqa: PTH123
                found[path] = hashlib.blake2b(file.read(), digest_size=16).digest()
        except FileNotFoundError:
            continue
    return found


def digest(folder: Path) -> str:
    """One digest for all paths and bytes of a tree."""
    whole = hashlib.blake2b(digest_size=16)
    for path, one in sorted(digests(folder).items()):
        whole.update(path.encode("utf-8", "surrogateescape") + b"\0" + one)
    return whole.hexdigest()


def touched(before: Mapping[str, Stamp], after: Mapping[str, Stamp]) -> set[str]:
    """Files (not folders) that were written, are new or are gone: another mtime, inode or size."""
    return {path for path in different(before, after, 3) if not path.endswith("/")}


def perhaps_changed(before: Mapping[str, Stamp], after: Mapping[str, Stamp]) -> set[str]:
    """Files whose bytes may be others: anything of the stamp differs. The rest cannot have changed."""
    return {path for path in different(before, after, 4) if not path.endswith("/")}


def different(before: Mapping[str, Stamp], after: Mapping[str, Stamp], fields: int = 3) -> Iterator[str]:
    """Paths, folders too, whose stamps differ in their first ``fields``."""
    for path in before.keys() | after.keys():
        old, new = before.get(path), after.get(path)
        if old is None or new is None or old[:fields] != new[:fields]:
            yield path
