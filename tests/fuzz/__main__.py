"""The command behind ``make fuzz``: python -m fuzz [OPTIONS] [TARGETS], from the folder tests.

Each target runs in a process of its own, forked when everything is imported, because libFuzzer ends its
process when it is done, and when an input breaks a target.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile

import atheris
import click

with atheris.instrument_imports(include=["hnsite"]):
    from .targets import FOUND, HERE, TARGETS, Target

DOCUMENT = HERE.parents[1] / "docs" / "reliability.md"
CORPUS = HERE.parents[1] / ".cache" / "fuzz"
HANG = 5
"""Seconds that any input may take."""
MEMORY = 2048
"""Megabytes that any input may make the process have."""
PLAIN = 0.4
"""How many of the changes are libFuzzer's own."""
_DONE = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_RUNS = re.compile(r"^#(\d+)\s", re.MULTILINE)
_ROW = re.compile(r"^(\|.*\| `make fuzz` \|)[^|]*\|$", re.MULTILINE)


@click.command()
@click.argument("names", nargs=-1)
@click.option("--seconds", type=int, default=60, show_default=True, help="How long to try each target.")
@click.option("--write/--no-write", default=True, help="Write the figures into docs/reliability.md.")
def main(names: Sequence[str], seconds: int, write: bool) -> None:
    """Fuzzes the targets, or some of them; status 1 if an input broke one: it is kept in tests/fuzz/found."""
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
    """Tries one target for so long; prints and returns how often it was run, and whether that broke it."""
    corpus, crashes = CORPUS / name, CORPUS / "crashes" / name
    for folder in (corpus, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in TARGETS[name].seeds():
        (corpus / hashlib.sha256(seed).hexdigest()[:40]).write_bytes(seed)
    before = {path.name for path in crashes.iterdir()}
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={HANG}",
        f"-rss_limit_mb={MEMORY}",
        f"-artifact_prefix={crashes}/",
        "-max_len=65536",
        "-print_final_stats=1",
        str(corpus),
    ]
    status, said = _apart(TARGETS[name], crashes, options)
    done = int((_DONE.findall(said) or _RUNS.findall(said) or ["0"])[-1])
    kept = [_keep(name, path) for path in sorted(crashes.iterdir()) if path.name not in before]
    told = f"; kept as {', '.join(path.name for path in kept)}" if kept else ""
    click.echo(f"{name}: {done:,} executions{', broken' if status else ''}{told}")
    if status:
        start = said.find("=== Uncaught Python exception")
        click.echo(said[start if start >= 0 else -3000 :][:3000])
    return done, status != 0


def _apart(target: Target, crashes: Path, options: Sequence[str]) -> tuple[int, str]:
    """The status of a process that gives a target to atheris, and all that it said."""
    sys.stdout.flush()
    with TemporaryFile() as said:
        child = os.fork()
        if not child:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            _give(target, crashes, options)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        return status, said.read().decode("utf-8", "replace")


def _give(target: Target, crashes: Path, options: Sequence[str]) -> None:
    """Looks for bytes that break a target until libFuzzer's options say to stop, and ends the process."""

    def mutated(raw: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < PLAIN:
            return bytes(atheris.Mutate(raw, most))
        return target.mutation(raw, target.words, chance)[:most]

    def holds(raw: bytes) -> None:
        try:
            target.holds(raw)
        except BaseException:  # libFuzzer keeps only what it made itself, not what it found in its corpus
            (crashes / f"crash-{hashlib.sha1(raw).hexdigest()}").write_bytes(raw)
            raise

    atheris.Setup([sys.argv[0], *options], holds, custom_mutator=mutated)
    atheris.Fuzz()
    os._exit(0)


def _keep(name: str, path: Path) -> Path:
    """A copy of an input among those that tests try, under the next number."""
    numbers = [int(one.stem.rpartition("-")[2]) for one in FOUND.glob(f"{name}-[0-9][0-9][0-9].bin")]
    kept = FOUND / f"{name}-{max(numbers, default=0) + 1:03}.bin"
    kept.write_bytes(path.read_bytes())
    return kept


if __name__ == "__main__":
    main()
