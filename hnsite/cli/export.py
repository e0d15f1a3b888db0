"""``hnsite export``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from hnsite.cli.build import Bar
from hnsite.cli.options import load, settings_options
from hnsite.cli.say import count, print_problems, say
from hnsite.errors import BuildError, UsageError

_DATA = ("ndjson", "sqlite", "parquet")
_SITE = ("zip", "zim")


def _file(name: str, help: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(f"--{name}", metavar="FILE", type=click.Path(path_type=Path), help=help)


@click.command()
@_file("ndjson", "Items as the Hacker News API has them, one a line; - for the standard output.")
@_file("sqlite", "The same as a table.")
@_file("parquet", "The same as a table; needs hnsite[parquet].")
@_file("zip", "The site, to be unpacked and opened from disk.")
@_file("zim", "The site for Kiwix; needs hnsite[zim].")
@click.option("--force", is_flag=True, help="Replace files that are there already.")
@settings_options
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print all warnings.")
def export(force: bool, **options: Any) -> None:
    """Write the archive, or the whole site, to one file; several formats at once.

    --ndjson, --sqlite and --parquet hold what all dumps say together, and where each of them says it.
    Put one of them into an empty content/, and "hnsite build" makes the same site. A name that ends in
    .gz or .zst packs the lines of --ndjson. --zip and --zim build the site first.
    """
    from hnsite.whole import check_new

    files: dict[str, Path] = {name: options[name] for name in (*_DATA, *_SITE) if options[name]}
    if not files:
        raise UsageError("name a format and a file, such as --ndjson archive.ndjson.gz", "hnsite export")
    for name, path in files.items():
        if str(path) != "-":
            check_new(path, force=force)
        elif name != "ndjson":
            raise UsageError("only --ndjson can go to the standard output", f"--{name}")
    if len({path.resolve() for path in files.values()}) < len(files):
        raise UsageError("each format needs a file of its own", "hnsite export")
    config = load(options)
    bar = Bar() if not options["quiet"] and sys.stderr.isatty() else None
    errors = 0
    try:
        site = {name: path for name, path in files.items() if name in _SITE}
        data = {name: path for name, path in files.items() if name in _DATA}
        if site:
            errors += _pack(config, site, options, bar)
        if data:
            errors += _export(config, data, options, bar)
    except BuildError as error:
        print_problems(error.problems, options["verbose"])
        raise
    finally:
        if bar:
            bar.close()
    if errors:
        raise SystemExit(1)


def _export(config: Any, files: dict[str, Path], options: dict[str, Any], bar: Bar | None) -> int:
    """Writes the data; returns how many dumps could not be read."""
    from hnsite.export import export as run
    from hnsite.intake import silent

    done = run(
        config,
        {name: None if str(path) == "-" else path for name, path in files.items()},
        jobs=options["jobs"],
        progress=bar.show if bar else silent,
        tell=partial(say, err=True),
    )
    if bar:
        bar.close()
    print_problems([*done.errors, *done.problems], options["verbose"], quiet=options["quiet"])
    if not options["quiet"]:
        told = f"{count(done.items, 'item')} of {count(done.threads, 'thread')}"
        told += f" and {count(done.notes, 'page')} of your own" if done.notes else ""
        say(f"{told} in {', '.join(map(str, files.values()))}", err=True)
    return len(done.errors)


def _pack(config: Any, files: dict[str, Path], options: dict[str, Any], bar: Bar | None) -> int:
    """Builds the site and packs it; returns how many dumps could not be read."""
    from hnsite.build import build
    from hnsite.intake import silent
    from hnsite.pack import check_libraries, pack

    check_libraries(files)
    progress = bar.show if bar else silent
    report = build(config, jobs=options["jobs"], progress=progress, tell=partial(say, err=True))
    print_problems([*report.errors, *report.problems], options["verbose"], quiet=options["quiet"])
    for name, path in files.items():
        entries = pack(config, name, path, progress)
        if not options["quiet"]:
            say(f"{count(entries, 'file')} of {config.output} in {path}", err=True)
    return len(report.errors)
