"""The command behind ``make bench``: python -m tests.bench [OPTIONS] [NAMES]."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import click

from . import plot, report, trees
from .measurements import MEASUREMENTS, Bench
from .process import FailedError
from .site import DISK, Places

DOCS = Path(__file__).parents[2] / "docs"
SMALL = 1 / 20
SPACE = 25e9
"""Bytes of disk that the full size needs."""
IN_MEMORY = 4e9
"""Bytes of tmpfs that it needs; dumps of one's own need 25 times theirs."""


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MEASUREMENTS)))
@click.option("--size", type=click.Choice(["full", "small"]), default="full", help="Small is a twentieth.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Measure on the dumps in this folder instead of made ones; no growth, no changed threads.",
)
@click.option(
    "--work",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=DISK,
    show_default=True,
    help="Where to make folders on a disk; they are deleted at the end.",
)
@click.option(
    "--write/--no-write", default=None, help="Write docs/performance.md.  [default: after all of it]"
)
def main(names: tuple[str, ...], size: str, data: Path | None, work: Path, write: bool | None) -> None:
    """Measures hnsite against its goals and its peers. NAMES choose some of the measurements."""
    chosen = names or tuple(name for name in MEASUREMENTS if not (data and name == "extremes"))
    scale = SMALL if size == "small" else 1
    if data is None and shutil.disk_usage(work).free < SPACE * scale:
        raise click.ClickException(
            f"{report.mb(SPACE * scale)} of free disk are needed; --work names another place"
        )
    places = Places(work.resolve(), 25 * trees.size(data).bytes if data else IN_MEMORY * scale)
    bench = Bench(places, scale, data)
    bench.findings.machine = report.machine(places.disk, places.fast)
    click.echo("\n".join(bench.findings.machine))
    started = time.monotonic()
    try:
        for name in chosen:
            try:
                MEASUREMENTS[name](bench)
            except FailedError as error:  # the others' results are not lost
                print(error, file=sys.stderr)
                bench.row(name, "-", "failed", False)
        tell(bench.findings, size == "small", time.monotonic() - started)
        is_whole = not names and data is None and size == "full"
        failed = any(row.measured == "failed" for row in bench.findings.rows)
        if write or (write is None and is_whole and not failed):
            save(bench.findings)
    finally:
        print("  deleting what was made", file=sys.stderr)
        places.close()
    if failed:
        raise SystemExit(1)


def tell(findings: report.Findings, is_small: bool, seconds: float) -> None:
    """Prints all that was measured."""
    show(findings)
    if is_small:
        click.echo(
            "\nA twentieth of the sizes: the goals are those of the full size, and starting up weighs more."
        )
    click.echo(f"\n{report.duration(seconds)}, without deleting")


def show(findings: report.Findings) -> None:
    """Prints the table and what belongs to it."""
    click.echo("\n" + "\n".join(findings.commands))
    click.echo("\n" + report.table(findings.rows))
    if findings.points:
        click.echo("\n" + report.growth_table(findings.points))
        click.echo("\n" + report.memory_growth(findings.points))
        click.echo(
            "\n" + (report.extrapolation(findings.points) or "No two builds with anchors, so no estimate.")
        )


def save(findings: report.Findings) -> None:
    """Writes docs/performance.md and its plot."""
    (DOCS / "performance.md").write_text(report.page(findings), "utf-8")
    if findings.points:
        (DOCS / "performance.svg").write_text(plot.svg(findings.points), "utf-8")
    click.echo("wrote docs/performance.md")


if __name__ == "__main__":
    main()
