"""``hnsite build``, and what a build has to say."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from hnsite.cli.options import build_options, load
from hnsite.cli.say import FIRST, count, print_problems, say
from hnsite.errors import BuildError

if TYPE_CHECKING:
    from hnsite.build import Report, Stage
    from hnsite.config import Config


@click.command()
@build_options
def build(**options: Any) -> None:
    """Build the site: every dump in content/ into one site in public/.

    Dumps are told by their content, whatever their names; "hnsite inspect FILE" says what one is.
    Compressed files and the members of archives are opened.

    An item that cannot be used is a warning "file:line: reason", and the rest is built. A file that
    no reader knows is an error: the rest is published, and the status is 1.
    """
    from hnsite.build import build as run
    from hnsite.intake import silent

    config = load(options)
    show = not options["quiet"] and sys.stderr.isatty()
    bar = Bar() if show else None
    try:
        report = run(
            config,
            clean=options["clean"],
            strict=options["strict"],
            jobs=options["jobs"],
            progress=bar.show if bar else silent,
            explain=_explain if options["verbose"] else None,
            tell=None if options["quiet"] else partial(say, err=True),
        )
    except BuildError as error:
        print_problems(error.problems, options["verbose"])
        raise
    finally:
        if bar:
            bar.close()
    tell(report, config, options)
    if report.errors:
        raise SystemExit(1)


def tell(report: Report, config: Config, options: dict[str, Any]) -> None:
    """What a build has to say: problems, summary, timings."""
    print_problems([*report.errors, *report.problems], options["verbose"], quiet=options["quiet"])
    if not options["quiet"]:
        _print_strangers(report, config, options["verbose"])
        say(*_summary(report, config))
    if options["timings"]:
        for stage in report.timings:
            say(_timing(stage))


def _explain(what: str, why: str) -> None:
    say(f"{what}: {why}", err=True)


def _timing(stage: Stage) -> str:
    """A stage's seconds, items and bytes."""
    size = f"{stage.bytes / 1e6:10.1f} MB" if stage.bytes else ""
    return f"  {stage.name:<8}{stage.seconds:8.3f} s {count(stage.items, stage.unit):>16}{size}"


def _print_strangers(report: Report, config: Config, verbose: bool) -> None:
    """What a build met in the output folder for the first time."""
    for paths, what in (
        (report.foreign, "not hnsite's"),
        (report.leftover, "left over from a build that hnsite does not remember"),
    ):
        shown = paths if verbose else paths[:FIRST]
        for path in shown:
            say(f"note: {config.output}/{path} is {what}; it stays", err=True)
        if more := len(paths) - len(shown):
            say(f"note: and {more} more in {config.output} that are {what}; they stay", err=True)


def _summary(report: Report, config: Config) -> list[str]:
    """What the build did, in a few short lines."""
    facts = [f"read {report.read} items from {count(report.dumps, 'dump')}"]
    for number, word in (
        (report.merged, "merged"),
        (report.inferred, "with an inferred place"),
        (report.unplaced, "place unknown"),
        (report.stubs, "named but missing"),
        (report.skipped, "skipped"),
    ):
        if number:
            facts.append(f"{number} {word}")
    files = f"{count(report.rendered, 'page')} made, {count(report.written, 'file')} changed"
    if report.deleted:
        files += f", {report.deleted} deleted"
    problems = len(report.problems) + len(report.errors)
    return [
        f"{count(report.threads, 'thread')}, {count(report.comments, 'comment')}"
        f" by {count(report.authors, 'author')}",
        ", ".join(facts),
        f"{files} in {config.output}",
        f"{report.seconds:.2f} s, {count(problems, 'problem') if problems else 'no problems'}",
    ]


class Bar:
    """A progress bar on the terminal for what takes longer than a second: rate and time left."""

    def __init__(self) -> None:
        import time

        self._now = time.monotonic
        self._start = self._begun = self._now()
        self._stage = ""
        self._bar: Any = None
        self._done = 0

    def show(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self.close()
            self._stage, self._done, self._begun = stage, 0, self._now()
        if self._now() - self._start < 1:
            return
        if self._bar is None:
            self._bar = click.progressbar(
                length=total, label=f"{stage:<9}", file=sys.stderr, item_show_func=lambda _: self._rate()
            )
            self._bar.__enter__()
            self._done = 0  # it may be shown again, behind something else that was printed
        self._bar.length = total  # of threads that are being fetched, more becomes known
        step, self._done = done - self._done, done
        self._bar.update(step)

    def _rate(self) -> str:
        rate = self._done / max(self._now() - self._begun, 0.001)
        return f"{rate / 1e6:.1f} MB/s" if self._stage == "reading" else f"{rate:,.0f}/s"

    def close(self) -> None:
        if self._bar:
            self._bar.__exit__(None, None, None)
            self._bar = None
