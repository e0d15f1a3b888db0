"""The command behind ``make fuzz``: python -m fuzz [OPTIONS] [TARGETS], from the folder tests."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from trust.__main__ import DOCUMENT

from .targets import FOUND, HERE, TARGETS

CORPUS = HERE.parents[1] / ".cache" / "fuzz"
HANG = 5
"""Seconds that any input may take."""
MEMORY = 2048
"""Megabytes that any input may make the process have."""
_DONE = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_ROW = re.compile(r"^(\|.*\| `make fuzz` \|)[^|]*\|$", re.MULTILINE)


@click.command()
@click.argument("names", nargs=-1)
@click.option("--seconds", type=int, default=60, show_default=True, help="How long to try each target.")
@click.option("--write/--no-write", default=True, help="Write the figures into docs/reliability.md.")
def main(names: Sequence[str], seconds: int, write: bool) -> None:
    """Fuzzes the targets, or some of them; status 1 if an input broke one, which is kept in tests/fuzz/found."""
    if unknown := [name for name in names if name not in TARGETS]:
        raise click.ClickException(f"no such target: {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    runs, broken = 0, 0
    for name in names or TARGETS:
        done, is_broken = fuzz(name, seconds)
        runs, broken = runs + done, broken + is_broken
    figures = f"{runs:,} executions of {len(names or TARGETS)} targets, {broken} broken"
    click.echo(figures)
    if write and not names:
        put(figures)
    sys.exit(broken > 0)


def put(figures: str) -> None:
    """Writes the figures into the row of the document."""
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(_ROW.sub(lambda row: f"{row[1]} {figures} |", text), "utf-8")


def fuzz(name: str, seconds: int) -> tuple[int, bool]:
    """Tries one target for so long; prints and returns how often it was run, and whether an input broke it."""
    corpus, crashes = CORPUS / name, CORPUS / "crashes" / name
    for folder in (corpus, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in TARGETS[name].seeds():
        (corpus / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={HANG}",
        f"-rss_limit_mb={MEMORY}",
        f"-artifact_prefix={crashes}/",
        "-max_len=65536",
        "-print_final_stats=1",
        str(corpus),
    ]
    command = [sys.executable, "-m", "fuzz.one", name, *options]
    before = {path.name for path in crashes.iterdir()}
    run = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, errors="replace")
    done = sum(map(int, _DONE.findall(run.stderr)))
    kept = [_keep(name, path) for path in sorted(crashes.iterdir()) if path.name not in before]
    is_broken = run.returncode != 0
    told = f"; kept as {', '.join(path.name for path in kept)}" if kept else ""
    click.echo(f"{name}: {done:,} executions{', broken' if is_broken else ''}{told}")
    if is_broken:
        click.echo(_said(run.stdout + run.stderr))
    return done, is_broken


def _said(errors: str) -> str:
    """What atheris says of the input that broke a target: its traceback."""
    start = errors.find("=== Uncaught Python exception")
    return errors[start if start >= 0 else -3000 :][:3000]


def _keep(name: str, path: Path) -> Path:
    """A copy of an input among those that tests try, under the next number."""
    numbers = [int(one.stem.rpartition("-")[2]) for one in FOUND.glob(f"{name}-[0-9][0-9][0-9].bin")]
    kept = FOUND / f"{name}-{max(numbers, default=0) + 1:03}.bin"
    kept.write_bytes(path.read_bytes())
    return kept


if __name__ == "__main__":
    main()
