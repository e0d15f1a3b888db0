"""What hosts of static sites take, and how a site that is too big for one can become smaller. Pure.

The figures are those that the hosts' own documentation gives (2026). To add a host: a row in ``HOSTS``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Host:
    """A host's limits; None where it states none. ``note`` says more than the figures.

    ``entries`` are files and folders together, ``headers`` and ``redirects`` rules in files of these names;
    ``reads`` names the files of a site that tell the host how to serve the others.
    """

    files: int | None = None
    files_in_a_folder: int | None = None
    entries: int | None = None
    bytes: int | None = None
    bytes_a_file: int | None = None
    headers: int | None = None
    redirects: int | None = None
    note: str = ""
    reads: frozenset[str] = frozenset()


HOSTS: Mapping[str, Host] = {
    "cloudflare": Host(
        files=20_000,
        bytes_a_file=25 * 1024**2,
        headers=100,
        redirects=2_100,
        note="100,000 files on paid plans",
        reads=frozenset(["_headers"]),
    ),
    "github": Host(
        bytes=1_000_000_000, note="and 10 minutes for a deployment", reads=frozenset([".nojekyll"])
    ),
    "gitlab": Host(entries=200_000, bytes=1_000_000_000, redirects=1_000, note="on gitlab.com"),
    "netlify": Host(files_in_a_folder=54_000, reads=frozenset(["_headers", "_redirects"])),
    "s3": Host(bytes_a_file=5 * 1024**4),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How big a site is, or will be about; ``in_a_folder`` counts the files of its fullest folder,
    ``largest`` the bytes of its largest file."""

    files: int
    in_a_folder: int
    bytes: int
    folders: int = 0
    largest: int = 0


def too_much(size: Size, name: str) -> list[str]:
    """What of a site is over the limits of a host (one of ``HOSTS``), as sentences."""
    whole = over(size, name)
    host = HOSTS[name]
    one = (
        over_one(size.in_a_folder, host.files_in_a_folder, name, "files in one folder"),
        over_one(size.largest, host.bytes_a_file, name, "bytes in one file"),
    )
    return [f"about {said}" for said in (*whole, *one) if said]


def over(size: Size, name: str) -> Iterator[str]:
    """What of a whole site is over the limits of a host, as sentences."""
    host = HOSTS[name]
    for number, limit, what in (
        (size.files, host.files, "files"),
        (size.files + size.folders, host.entries, "files and folders"),
        (size.bytes, host.bytes, "bytes"),
    ):
        if said := over_one(number, limit, name, what):
            yield f"{said} ({host.note})" if host.note else said


def over_one(number: int, limit: int | None, name: str, what: str) -> str:
    """A sentence if a host takes fewer of something, else ""."""
    if limit is None or number <= limit:
        return ""
    if what.startswith("bytes"):
        what = what.removeprefix("bytes")
        return f"{_megabytes(number)}{what}, and {name} takes {_megabytes(limit)}"
    return f"{number:,} {what}, and {name} takes {limit:,}"


def _megabytes(size: int) -> str:
    """As hosts write it: MiB where the number is a whole one of those."""
    return f"{size // 1024**2:,} MiB" if size % 1024**2 == 0 else f"{size / 1e6:,.1f} MB".replace(".0 ", " ")


def advice(permalinks: str) -> str:
    """What makes a site smaller; ``permalinks`` is how it is now."""
    ways = ["a range of dates (since, until)", "only bigger threads (min_comments)"]
    if permalinks == "pages":
        ways.insert(0, 'permalinks = "anchors", which has no page for each comment')
    return f"hnsite.toml can make it smaller: {'; '.join(ways)}"
