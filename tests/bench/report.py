"""What was measured -> the table that is printed, and docs/performance.md. Pure, but for ``machine``."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

HACKER_NEWS = 45_000_000
"""Items of all of Hacker News."""


class Row(NamedTuple):
    """One line of the table. ``ok`` is None where there is no goal or no measurement."""

    what: str
    goal: str
    measured: str
    ok: bool | None


@dataclass(frozen=True, slots=True)
class Point:
    """A full build: ``mode`` is the setting permalinks; ``comments`` and ``items`` (with the stories) built;
    ``seconds`` of wall time, ``cpu`` seconds of all processes; bytes: ``peak`` and ``rss`` of memory,
    ``bytes`` of the output; ``files`` of the output."""

    mode: str
    comments: int
    items: int
    seconds: float
    cpu: float
    peak: int
    rss: int
    files: int
    bytes: int

    @property
    def per_comment(self) -> float:
        """Seconds."""
        return self.seconds / self.comments


@dataclass
class Findings:
    """All that one run of the benchmark found."""

    rows: list[Row] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    machine: list[str] = field(default_factory=list)


def whole(points: Sequence[Point], items: int = HACKER_NEWS) -> Point | None:
    """What so many items would take with anchors, computed from the two largest builds in that mode.

    Time, files and bytes in proportion to the larger build; memory on the line through both.
    None without two such builds.
    """
    anchors = sorted((point for point in points if point.mode == "anchors"), key=lambda point: point.items)
    if len(anchors) < 2:
        return None
    smaller, larger = anchors[-2:]
    times = items / larger.items

    def line(low: int, high: int) -> int:
        slope = max(0.0, (high - low) / (larger.items - smaller.items))
        return round(high + slope * (items - larger.items))

    return Point(
        "anchors",
        round(larger.comments * times),
        items,
        larger.seconds * times,
        larger.cpu * times,
        line(smaller.peak, larger.peak),
        line(smaller.rss, larger.rss),
        round(larger.files * times),
        round(larger.bytes * times),
    )


def table(rows: Sequence[Row]) -> str:
    """The rows as text in columns."""
    lines = [
        ("what", "goal", "measured", ""),
        *((row.what, row.goal, row.measured, verdict(row)) for row in rows),
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[3]]).rstrip()
        for line in lines
    )


def verdict(row: Row) -> str:
    return "" if row.ok is None else "ok" if row.ok else "NOT REACHED"


def extrapolation(points: Sequence[Point]) -> str:
    """One sentence on all of Hacker News, or nothing when there is nothing to compute it from."""
    point = whole(points)
    if point is None:
        return ""
    return (
        f"Computed, not measured: all {thousands(point.items)} items of Hacker News with anchors would take "
        f"{duration(point.seconds)} ({duration(point.cpu)} of processor time), {mb(point.bytes)} in "
        f"{thousands(point.files)} files, and {mb(point.peak)} of memory."
    )


def page(findings: Findings) -> str:
    """docs/performance.md; the plot stands beside it."""
    return f"""# Performance

`make bench` wrote this page and measured everything on it in one run.

{bullets(findings.machine)}

| what | goal | measured | |
|---|---|---|---|
{markdown_rows([(_joined(row.what), row.goal, row.measured, verdict(row)) for row in findings.rows])}

Ratios compare with the peer in the same run, the best run of each. Times are wall times from the start of
the command to its end; processor times are those of all its processes together.

## Growth

{growth_table(findings.points)}

{memory_growth(findings.points)}

![Time a comment by number of comments](performance.svg)

Each line is a first build, with nothing cached, written to disk; the smallest size is the middle one of three
runs, the others were built once. Memory is the highest sum over all processes: every 50 ms their
`/proc/<pid>/smaps_rollup` was read and the proportional sizes (PSS) added, so that shared pages count once;
it is never below what the kernel kept as the largest of one process.

## All of Hacker News

{extrapolation(findings.points) or "Not computed: the two builds that it needs were not measured."}

Time, files and bytes are those of the largest build in proportion; memory is on the line through the two
largest builds. The made threads have 20 comments on the average; real ones have fewer, which means more
files.

## What is measured how

- **Dumps** are made (`tests/bench/made.py`): the same bytes every time; thread sizes, depths, lengths and
  authors spread as on Hacker News; about 400 characters a comment, half of them under 270.
- **Hugo** gets the same number of pages of the same size: what stands in `<main>` of each of our pages as
  `.html` content, which it copies without Markdown, and one layout; no lists, feeds or taxonomies. Sources
  and output of both are on tmpfs. Each runs three times, in turns.
- **MHonArc** gets the same threads as an mbox, one plain-text message an item, with its default settings.
- **Only writing** is `tests/bench/writer.py`: one process that has the bytes of the finished site in memory
  and writes them to the same paths of a new folder on the same disk. Each runs three times or more, in turns.
- **Nothing changed** is the middle one of five runs. That nothing was written is told by the times, inodes
  and sizes of all files and folders. **One changed thread** gets one more comment, three times another
  thread; the files that were touched are compared with those whose bytes changed, and in the end all bytes
  with those of a clean build.
- Nothing is deleted from the disk before the end: making files is slow for minutes after many were deleted.

The commands, where `$TMPFS` and `$DISK` are new folders:

```sh
{chr(10).join(findings.commands)}
```

## Run it

```sh
make bench                  # all of it, 15 to 20 minutes on two cores; rewrites this page
make bench SIZE=small       # a twentieth of the sizes
make bench DATA=folder      # on your own dumps, against the same peers
make bench ONLY="full cores"
```
"""


def growth_table(points: Sequence[Point]) -> str:
    """The builds of growing size, with time a comment and memory an item."""
    head = "| permalinks | comments | seconds | µs a comment | items a second | memory | files | output |"
    lines = [
        (
            point.mode,
            thousands(point.comments),
            f"{point.seconds:.1f}",
            f"{point.per_comment * 1e6:.0f}",
            thousands(point.items / point.seconds),
            mb(point.peak),
            thousands(point.files),
            mb(point.bytes),
        )
        for point in sorted(points, key=lambda point: (point.mode, point.items))
    ]
    return f"{head}\n|---|--:|--:|--:|--:|--:|--:|--:|\n{markdown_rows(lines)}"


def memory_growth(points: Sequence[Point]) -> str:
    """One sentence on the bytes of memory that each further item takes, for each mode built twice."""
    said: list[str] = []
    for mode in sorted({point.mode for point in points}):
        line = sorted((point.items, point.peak) for point in points if point.mode == mode)[-2:]
        if len(line) == 2:
            (items, peak), (more, higher) = line
            each = (higher - peak) / (more - items)
            said.append(
                f"{each:.0f} bytes an item with {mode} (from {thousands(items)} to {thousands(more)})"
            )
    return f"Memory grows by {', '.join(said)}." if said else "How memory grows was not measured."


def _joined(what: str) -> str:
    """A row that belongs to the one above it is indented in text; Markdown would not show that."""
    return f"… {what.strip()}" if what.startswith(" ") else what


def markdown_rows(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cell.strip() for cell in row)} |" for row in rows)


def bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def thousands(number: float) -> str:
    """12345.6 -> "12,346"."""
    return f"{number:,.0f}"


def mb(size: float) -> str:
    """Bytes in MB or GB of a thousand each."""
    return f"{size / 1e9:.1f} GB" if size >= 10e9 else f"{size / 1e6:,.0f} MB"


def duration(seconds: float) -> str:
    """Seconds, minutes or hours, whichever reads well."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"


def machine(disk: Path, fast: Path) -> list[str]:
    """What the figures were measured on, without names or paths of the machine."""
    processor = re.search(r"^model name\s*: (.*)$", _text("/proc/cpuinfo"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", _text("/proc/meminfo"), re.MULTILINE)
    in_memory = "none, the disk is used" if fast == disk else file_system(fast)
    return [
        f"{len(os.sched_getaffinity(0))} cores, {processor[1] if processor else platform.machine()},"
        f" {mb(int(memory[1]) * 1024) if memory else 'unknown'} of memory",
        f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}",
        f"disk: {file_system(disk)}; in memory: {in_memory}",
        f"{_version(['hugo', 'version'], r'v?[0-9.]+')}; {_version(['mhonarc', '-v'], r'v?[0-9.]+[+]?')}",
    ]


def file_system(folder: Path) -> str:
    """The kind of file system that holds a folder."""
    mounts = [line.split()[1:3] for line in _text("/proc/mounts").splitlines()]
    holding = [(len(place), kind) for place, kind in mounts if folder.is_relative_to(place)]
    return max(holding, default=(0, "unknown"))[1]


def _version(command: Sequence[str], pattern: str) -> str:
    if not shutil.which(command[0]):
        return f"no {command[0]}"
    said = subprocess.run(command, capture_output=True, text=True).stdout
    found = re.search(pattern, said)
    return f"{command[0]} {found[0].lstrip('v') if found else 'unknown'}"


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""
