"""The command behind ``make trust``: python -m trust [OPTIONS] [NAMES], from the folder tests."""

from __future__ import annotations

import importlib
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from . import Trial

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
ROW = re.compile(r"^(\|.*\| `make trust ONLY=(\w+)` \|)[^|]*\|$", re.MULTILINE)
SHOWN = 20


def rows() -> dict[str, str]:
    """The rows of the table that are counted here, without their figures, by the names of the modules."""
    return {match[2]: match[1] for match in ROW.finditer(DOCUMENT.read_text("utf-8"))}


def trials(name: str, count: int | None) -> Iterator[Trial]:
    module = importlib.import_module(f"trust.{name}")
    found: Iterator[Trial] = module.trials(count or module.COUNT)
    return found


@click.command()
@click.argument("names", nargs=-1)
@click.option("--count", type=int, help="How many trials of each.  [default: what each module thinks enough]")
@click.option("--write/--no-write", default=True, help="Write the figures into docs/reliability.md.")
def main(names: Sequence[str], count: int | None, write: bool) -> None:
    """Tries the promises of docs/reliability.md; status 1 if one did not hold. NAMES choose some of them."""
    known = rows()
    if unknown := [name for name in names if name not in known]:
        raise click.ClickException(f"no such promise: {', '.join(unknown)}; there are {', '.join(known)}")
    is_good = True
    for name in names or known:
        figures, lost = tell(name, count)
        is_good = is_good and not lost
        if write:
            put(name, figures)
    sys.exit(not is_good)


def tell(name: str, count: int | None) -> tuple[str, int]:
    """Tries one promise and prints how that went; returns the figures, and how many were lost."""
    started = time.monotonic()
    tried, lost = 0, []
    for trial in trials(name, count):
        tried += 1
        if trial.fault:
            lost.append(trial)
    figures = f"{tried:,} tried, {tried - len(lost):,} passed, {len(lost):,} lost"
    click.echo(f"{name}: {figures} ({time.monotonic() - started:.0f} s)")
    for trial in lost[:SHOWN]:
        click.echo(f"  {trial.what}: {trial.fault}")
    return figures, len(lost)


def put(name: str, figures: str) -> None:
    """Writes the figures into the row of the document."""
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(
        ROW.sub(lambda row: f"{row[1]} {figures} |" if row[2] == name else row[0], text), "utf-8"
    )


if __name__ == "__main__":
    main()
