"""The command behind ``make audit``: python -m audit [OPTIONS], from the folder tests."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import chromium
import click
import host
from bench.report import Row, table

from . import axe, html, kinds, lighthouse, report, site, weight
from .report import Finding

CHECKERS = ("axe", "html-validate", "vnu", "lighthouse", "weight")
FAST = {"thread": 95, "permalink": 99, "author": 99, "front": 99}
"""The page kinds that Lighthouse visits, and the performance they must have."""


@dataclass
class Audit:
    """All that was found on one site. ``cells`` are those of the table, by page kind and column."""

    found: list[tuple[str, Finding]] = field(default_factory=list)
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    goals: list[Row] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.failed and all(goal.ok for goal in self.goals)

    def add(self, kind: str, column: str, findings: Sequence[Finding]) -> None:
        self.found += [(kind, one) for one in findings]
        faults = sum(not one.advice for one in findings)
        before = int(self.cells.setdefault(kind, {}).get(column, "0"))
        self.cells[kind][column] = str(before + faults)
        if faults:
            self.failed.add(kind)


@click.command()
@click.option("--theme", "themes", multiple=True, type=click.Choice(site.themes()), help="Only this theme.")
@click.option("--only", multiple=True, type=click.Choice(CHECKERS), help="Only this checker.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Audit a site of the dumps in this folder instead of the sample and made ones.",
)
@click.option("--pages", default=1, show_default=True, help="How many pages of each kind.")
def main(themes: tuple[str, ...], only: tuple[str, ...], data: Path | None, pages: int) -> None:
    """Checks finished pages of every kind, in every theme of this repository."""
    browser = chromium.find()
    if browser is None:
        raise click.ClickException(
            "no chromium on this machine; `make audit` installs it on Debian and Ubuntu"
        )
    is_good = True
    for theme in themes or site.themes():
        with tempfile.TemporaryDirectory(prefix="hnsite-audit-") as root:
            built = site.make(Path(root), theme, data)
            audit = run(built, only or CHECKERS, pages, browser)
        tell(theme, audit)
        is_good = is_good and audit.is_good
    if not is_good:
        raise SystemExit(1)


def run(built: site.Site, only: Sequence[str], most: int, browser: str) -> Audit:
    """Asks the checkers about the site."""
    audit = Audit()
    found = kinds.find(built.folder, most)
    audit.goals.append(
        Row("pages of no kind", "none", ", ".join(found.unknown[:3]) or "none", not found.unknown)
    )
    if built.is_sample:
        missing = ", ".join(found.missing)
        audit.goals.append(Row("kinds without a page", "none", missing or "none", not missing))
    audit.cells = {kind: {} for kind in found.pages}
    pages = {path: kind for kind, paths in found.pages.items() for path in paths}
    if "axe" in only:
        run_axe(audit, built.folder, pages, browser)
    for name, validate in (("html-validate", html.html_validate), ("vnu", html.vnu)):
        if name in only:
            for path, findings in validate([built.folder / page for page in pages]).items():
                audit.add(pages[path.relative_to(built.folder).as_posix()], name, findings)
    if "lighthouse" in only:
        run_lighthouse(audit, built, found, browser)
    if "weight" in only and built.light:
        audit.goals += weight.check(built.folder, built.light)
    return audit


def run_axe(audit: Audit, folder: Path, pages: dict[str, str], browser: str) -> None:
    with chromium.started(browser) as started, host.served(folder) as address:
        urls = (f"{address}/{path}" for path in pages)
        for (path, kind), findings in zip(pages.items(), axe.check(started, urls), strict=True):
            say(f"axe: {kind}, {path}")
            audit.add(kind, "axe", findings)
        first = {kind: f"{address}/{path}" for path, kind in reversed(pages.items())}
        for name, findings in axe.check_shown(started, first):
            say(f"axe: {name}")
            audit.add(name, "axe", findings)


def run_lighthouse(audit: Audit, built: site.Site, found: kinds.Found, browser: str) -> None:
    with host.served(built.folder) as address:
        for kind, performance in FAST.items():
            path = {"thread": built.long, "permalink": built.light}.get(kind) or found.pages[kind][0]
            say(f"lighthouse: {kind}, {path}")
            scores = lighthouse.check(f"{address}/{path}", browser)
            audit.found += [(kind, one) for one in scores.findings]
            audit.cells[kind]["lighthouse"] = str(scores)
            if not scores.meets(performance):
                audit.failed.add(kind)


def tell(theme: str, audit: Audit) -> None:
    """Prints all that was found."""
    rows = [report.Row(kind, cells, kind not in audit.failed) for kind, cells in audit.cells.items()]
    click.echo(f"\ntheme {theme}; findings, and Lighthouse's scores for {', '.join(lighthouse.CATEGORIES)}\n")
    click.echo(report.table(rows))
    click.echo("\n" + table(audit.goals))
    if audit.found:
        click.echo("\n" + report.listing(audit.found))


def say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
