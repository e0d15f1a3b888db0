"""The commands. The only module that prints or exits; everything it calls is imported when needed.

Exit status: 0 done, 1 the build found errors, 2 wrong usage, 3 a bug, 130 Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hnsite import __version__
from hnsite.errors import BuildError, HnsiteError, UsageError, one_line

if TYPE_CHECKING:
    from hnsite.build import Report, Stage
    from hnsite.config import Config
    from hnsite.inspect import Finding

_BUILD_OPTIONS = (
    click.option("-s", "--content", metavar="DIR", help="Folder with the dumps.  [default: content]"),
    click.option("-o", "--output", metavar="DIR", help="Folder that receives the site.  [default: public]"),
    click.option(
        "-c", "--config", "config_file", metavar="FILE", help="Settings; optional.  [default: hnsite.toml]"
    ),
    click.option("--base-url", metavar="URL", help="The address that the site will have."),
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Worker processes.  [default: one a core]",
    ),
    click.option("--clean", is_flag=True, help="Read every dump and write every page again."),
    click.option("--strict", is_flag=True, help="Publish nothing when there is any warning; status 1."),
    click.option("-q", "--quiet", is_flag=True, help="Print errors only."),
    click.option("-v", "--verbose", is_flag=True, help="Print all warnings, and what is made again and why."),
    click.option("--timings", is_flag=True, help="Print the seconds, items and bytes of each stage."),
)
_FIRST = 20


def _build_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_BUILD_OPTIONS):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Turns saved discussions (Hacker News threads above all) into a linked static site.

    Put dumps into content/, run "hnsite build", publish public/ as it lies.
    """


@cli.command()
@_build_options
def build(**options: Any) -> None:
    """Build the site: every dump in content/ into one site in public/.

    Dumps are told by their content, whatever their names; "hnsite inspect FILE" says what one is.
    Compressed files and the members of archives are opened.

    An item that cannot be used is a warning "file:line: reason", and the rest is built. A file that
    no reader knows is an error: the rest is published, and the status is 1.
    """
    from hnsite.build import build as run
    from hnsite.build import silent

    config = _load(options)
    show = not options["quiet"] and sys.stderr.isatty()
    bar = _Bar() if show else None
    try:
        report = run(
            config,
            clean=options["clean"],
            strict=options["strict"],
            jobs=options["jobs"],
            progress=bar.show if bar else silent,
            explain=_explain if options["verbose"] else None,
            tell=None if options["quiet"] else partial(_say, err=True),
        )
    except BuildError as error:
        _print_problems(error.problems, options["verbose"])
        raise
    finally:
        if bar:
            bar.close()
    _tell(report, config, options)
    if report.errors:
        raise SystemExit(1)


@cli.command()
@click.option("--watch/--no-watch", default=True, help="Build again when content, theme or settings change.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: 8000, or the next free one]"
)
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
@_build_options
def serve(watch: bool, host: str, port: int | None, open_browser: bool, **options: Any) -> None:
    """Build the site, serve it, and build again on every change.

    For looking at a site while working on it; to publish, copy the output folder to any static host.
    A build that fails shows its errors in the page and here, and the next change tries again.
    """
    from hnsite.build import build as run
    from hnsite.place import check_place
    from hnsite.serve import serve as start
    from hnsite.theme import built_in_themes

    clean = options["clean"]

    def make(config: Config) -> Report:
        nonlocal clean
        report = run(config, clean=clean, strict=options["strict"], jobs=options["jobs"], tell=say)
        clean = False  # the first build only
        _tell(report, config, options)
        return report

    def ready(url: str) -> None:
        _say(f"Serving at {url} (Ctrl-C stops)")
        if open_browser:
            click.launch(url)

    config = _load(options)
    check_place(config)
    settings = [Path(options["config_file"] or "hnsite.toml")]
    watched = [config.content_dir, config.root / "themes", built_in_themes(), *settings]
    say = partial(_say, err=True)
    start(lambda: _load(options), make, watched, say, host=host, port=port, watch=watch, ready=ready)


@cli.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array instead.")
def inspect(files: tuple[Path, ...], as_json: bool) -> None:
    """Tell what dumps are and hold, as their readers see them; nothing is built.

    An orphan is a comment whose parent its file does not hold. The members of an archive, and the files
    in a folder, are told one by one. The status is 1 if one of them cannot be read.
    """
    from itertools import chain

    from hnsite.inspect import inspect as look_into

    for path in files:  # a link that leads nowhere is there, and an error of its own
        if not os.path.lexists(path):
            raise UsageError("no such file", str(path))
    is_bad = False
    found = chain.from_iterable(map(look_into, files))
    for place, finding in enumerate(found):
        is_bad = is_bad or bool(finding.error)
        if as_json:
            click.echo("[" if place == 0 else ",\n", nl=False)
            click.echo(_json(finding), nl=False)
        else:
            _say(*_finding_lines(finding))
    if as_json:
        click.echo("]")
    if is_bad:
        raise SystemExit(1)


def _json(finding: Finding) -> str:
    import json
    from dataclasses import asdict, replace

    problems = [
        {
            "file": one.origin.file,
            "position": one.origin.position,
            "reason": one.reason,
            "skipped": bool(one.skipped),
        }
        for one in finding.problems
    ]
    dates = {name: _date(getattr(finding, name)) for name in ("first", "last", "captured")}
    facts = asdict(replace(finding, problems=()))
    text = json.dumps(told := {**facts, **dates, "problems": problems}, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(told)


def _finding_lines(finding: Finding) -> list[str]:
    """A finding in a few short lines."""
    if finding.error:
        return [finding.file, f"  error     {finding.error}"]
    others = finding.items - finding.stories - finding.comments
    kinds = [(finding.stories, "story", "stories"), (finding.comments, "comment", ""), (others, "other", "")]
    told = ", ".join(_count(number, word, words) for number, word, words in kinds if number)
    facts = {
        "reader": finding.reader,
        "items": f"{finding.items}: {told}" if told else "0",
        "threads": str(finding.threads),
        "authors": str(finding.authors),
        "time": f"{_date(finding.first)} to {_date(finding.last)}" if finding.first is not None else "",
        "captured": _date(finding.captured) or "",
        "orphans": f"{finding.orphans}, whose parents are not in this file" if finding.orphans else "",
        "problems": str(len(finding.problems)),
    }
    lines = [one_line(finding.file), *(f"  {name:<10}{value}" for name, value in facts.items() if value)]
    lines += [f"    {problem}" for problem in finding.problems[:_FIRST]]
    if len(finding.problems) > _FIRST:
        lines.append(f"    and {len(finding.problems) - _FIRST} more (--json shows all)")
    return lines


def _date(epoch: int | None) -> str | None:
    from datetime import UTC, datetime

    return None if epoch is None else datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _load(options: dict[str, Any]) -> Config:
    from hnsite.config import parse_config

    file = options["config_file"]
    path = Path(file or "hnsite.toml")
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        if file:
            raise UsageError("no such file", file) from None
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot be read: {error}", str(path)) from None
    root = path.parent.resolve()
    overrides = {name: options[name] for name in ("content", "output", "base_url")}
    for name in ("content", "output"):  # a folder on the command line is meant from where that is typed
        if overrides[name] and root != Path.cwd():
            overrides[name] = str(Path.cwd() / overrides[name])
    return parse_config(text, root, str(path), **overrides)


def _tell(report: Report, config: Config, options: dict[str, Any]) -> None:
    """What a build has to say: problems, summary, timings."""
    _print_problems([*report.errors, *report.problems], options["verbose"], quiet=options["quiet"])
    if not options["quiet"]:
        _print_strangers(report, config, options["verbose"])
        _say(*_summary(report, config))
    if options["timings"]:
        for stage in report.timings:
            _say(_timing(stage))


def _say(*lines: str, err: bool = False) -> None:
    """Prints lines, each of which stays one and does nothing to the terminal, whatever it tells of."""
    for line in lines:
        click.echo(one_line(line), err=err)


def _explain(what: str, why: str) -> None:
    _say(f"{what}: {why}", err=True)


def _timing(stage: Stage) -> str:
    """A stage's seconds, items and bytes."""
    size = f"{stage.bytes / 1e6:10.1f} MB" if stage.bytes else ""
    return f"  {stage.name:<8}{stage.seconds:8.3f} s {_count(stage.items, stage.unit):>16}{size}"


def _print_problems(problems: Any, verbose: bool, quiet: bool = False) -> None:
    """Errors always, warnings unless quiet; all of them or the first and a count."""
    errors = [problem for problem in problems if isinstance(problem, HnsiteError)]
    warnings = [problem for problem in problems if not isinstance(problem, HnsiteError)]
    for error in errors if verbose else errors[:_FIRST]:
        _say(f"error: {error}", err=True)
    if len(errors) > _FIRST and not verbose:
        _say(f"error: and {len(errors) - _FIRST} more (-v shows all)", err=True)
    if quiet:
        return
    for warning in warnings if verbose else warnings[:_FIRST]:
        _say(f"warning: {warning}", err=True)
    if len(warnings) > _FIRST and not verbose:
        _say(f"warning: and {len(warnings) - _FIRST} more (-v shows all)", err=True)


def _print_strangers(report: Report, config: Config, verbose: bool) -> None:
    """What a build met in the output folder for the first time."""
    for paths, what in (
        (report.foreign, "not hnsite's"),
        (report.leftover, "left over from a build that hnsite does not remember"),
    ):
        shown = paths if verbose else paths[:_FIRST]
        for path in shown:
            _say(f"note: {config.output}/{path} is {what}; it stays", err=True)
        if more := len(paths) - len(shown):
            _say(f"note: and {more} more in {config.output} that are {what}; they stay", err=True)


def _summary(report: Report, config: Config) -> list[str]:
    """What the build did, in a few short lines."""
    facts = [f"read {report.read} items from {_count(report.dumps, 'dump')}"]
    for number, word in (
        (report.merged, "merged"),
        (report.inferred, "with an inferred place"),
        (report.unplaced, "place unknown"),
        (report.stubs, "named but missing"),
        (report.skipped, "skipped"),
    ):
        if number:
            facts.append(f"{number} {word}")
    files = f"{_count(report.rendered, 'page')} made, {_count(report.written, 'file')} changed"
    if report.deleted:
        files += f", {report.deleted} deleted"
    problems = len(report.problems) + len(report.errors)
    return [
        f"{_count(report.threads, 'thread')}, {_count(report.comments, 'comment')}"
        f" by {_count(report.authors, 'author')}",
        ", ".join(facts),
        f"{files} in {config.output}",
        f"{report.seconds:.2f} s, {_count(problems, 'problem') if problems else 'no problems'}",
    ]


def _count(number: int, word: str, words: str = "") -> str:
    return f"{number} {word if number == 1 else words or word + 's'}"


class _Bar:
    """A progress bar on the terminal for builds that take longer than a second: rate and time left."""

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
        step, self._done = done - self._done, done
        self._bar.update(step)

    def _rate(self) -> str:
        rate = self._done / max(self._now() - self._begun, 0.001)
        return f"{rate / 1e6:.1f} MB/s" if self._stage == "reading" else f"{rate:,.0f}/s"

    def close(self) -> None:
        if self._bar:
            self._bar.__exit__(None, None, None)
            self._bar = None


def main() -> None:
    """Runs a command; turns errors into one line and the right status."""
    try:
        cli.main(standalone_mode=False, prog_name="hnsite")
    except click.exceptions.Exit as stop:
        raise SystemExit(stop.exit_code) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(2) from None
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        raise SystemExit(130) from None
    except HnsiteError as error:
        _say(f"error: {error}", err=True)
        raise SystemExit(2 if isinstance(error, UsageError) else 1) from None
    except Exception:
        import traceback

        _say(*traceback.format_exc().splitlines(), err=True)
        click.echo("This is a bug in hnsite; please report it with the lines above.", err=True)
        raise SystemExit(3) from None
