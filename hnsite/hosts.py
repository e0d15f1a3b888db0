"""What hosts of static sites take, and how a site that is too big for one can become smaller. Pure.

The figures are those that the hosts' own documentation gives (2026). To add a host: a row in ``HOSTS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Host:
    """A host's limits; None where it states none. ``note`` says more than the figures."""

    files: int | None = None
    files_in_a_folder: int | None = None
    bytes: int | None = None
    note: str = ""


HOSTS: Mapping[str, Host] = {
    "cloudflare": Host(files=20_000, note="100,000 files on paid plans"),
    "github": Host(bytes=1_000_000_000, note="and 10 minutes for a deployment"),
    "gitlab": Host(files=200_000, note="folders count"),
    "netlify": Host(files_in_a_folder=54_000),
    "s3": Host(),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How big a site is, or will be about; ``in_a_folder`` counts the files of its fullest folder."""

    files: int
    in_a_folder: int
    bytes: int


def too_much(size: Size, name: str) -> list[str]:
    """What of a site is over the limits of a host (one of ``HOSTS``), as sentences."""
    host = HOSTS[name]
    note = f" ({host.note})" if host.note else ""
    counts = (
        (size.files, host.files, "files"),
        (size.in_a_folder, host.files_in_a_folder, "files in one folder"),
    )
    found = [
        f"about {number:,} {what}, and {name} takes {limit:,}{note}"
        for number, limit, what in counts
        if limit is not None and number > limit
    ]
    if host.bytes is not None and size.bytes > host.bytes:
        found.append(f"about {size.bytes / 1e6:,.0f} MB, and {name} takes {host.bytes / 1e6:,.0f}{note}")
    return found


def advice(permalinks: str) -> str:
    """What makes a site smaller; ``permalinks`` is how it is now."""
    ways = ["a range of dates (since, until)", "only bigger threads (min_comments)"]
    if permalinks == "pages":
        ways.insert(0, 'permalinks = "anchors", which has no page for each comment')
    return f"hnsite.toml can make it smaller: {'; '.join(ways)}"
