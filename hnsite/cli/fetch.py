"""``hnsite fetch``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from hnsite.cli.build import Bar
from hnsite.cli.options import load
from hnsite.cli.say import count, say
from hnsite.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from hnsite.fetch import Outcome, Report
    from hnsite.wanted import Want


@click.command()
@click.argument("wanted", metavar="[ID|URL]...", nargs=-1)
@click.option(
    "--from-file",
    "files",
    metavar="FILE",
    multiple=True,
    help='A list: one id or address a line, or exported favourites or bookmarks.  "-" reads the input.',
)
@click.option("--since", metavar="DATE", help="Leave out what was posted before that day (2026-01-31, UTC).")
@click.option(
    "--api",
    type=click.Choice(["algolia", "firebase"]),
    default="algolia",
    show_default=True,
    help="Whom to ask for Hacker News: Algolia gives a thread in one answer, the site itself item by item.",
)
@click.option("-s", "--content", metavar="DIR", help="Folder for the dumps.  [default: content]")
@click.option(
    "-c", "--config", "config_file", metavar="FILE", help="Settings; optional.  [default: hnsite.toml]"
)
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def fetch(wanted: tuple[str, ...], files: tuple[str, ...], **options: Any) -> None:
    """Bring threads from Hacker News, Lobsters and Reddit into content/.

    An ID is a number of Hacker News; a URL is the address of a thread, a comment (its whole thread is
    fetched), or a Hacker News user (all that they wrote). Each capture is a new file with the time in its
    name. After an interruption the same command goes on where it ended.

    The status is 1 if something could not be fetched; the rest is kept.
    """
    from hnsite.fetch import fetch as run
    from hnsite.fetch import silent

    wants = _wants(wanted, files)
    since = _since(options["since"])
    config = load({**options, "output": None, "base_url": None})
    bar = Bar() if not options["quiet"] and sys.stderr.isatty() else None
    is_listing = bar is None or len(wants) == 1
    teller = _Teller(config.root, bar, is_listing=is_listing, quiet=options["quiet"])
    try:
        report = run(
            wants,
            config.content_dir,
            api=options["api"],
            since=since,
            tell=teller.tell,
            progress=bar.show if bar else silent,
        )
    except KeyboardInterrupt:
        teller.close()
        if not options["quiet"]:
            say("what was fetched is kept; the same command goes on from there", err=True)
        raise
    finally:
        teller.close()
    if not options["quiet"]:
        say(_summary(report, options["since"], config.content))
    if report.failed:
        raise SystemExit(1)


def _wants(wanted: Sequence[str], files: Sequence[str]) -> list[Want]:
    """Everything that is asked for. Raises UsageError, before anybody is asked."""
    from hnsite.favourites import listed
    from hnsite.wanted import POSSIBLE, parse_want

    wants = [parse_want(text) for text in wanted]
    for name in files:
        wants += listed(_read(name), name)
    if not wants:
        raise UsageError(f"nothing is asked for; name {POSSIBLE}, or a list with --from-file")
    return wants


def _read(name: str) -> bytes:
    from hnsite.favourites import LARGEST

    try:
        with click.open_file(name, "rb") as file:
            raw: bytes = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror or error}", name) from None
    if len(raw) > LARGEST:
        raise UsageError(f"over {LARGEST >> 20} MB, which is no list", name)
    return raw


def _since(text: str | None) -> int | None:
    """The first second that counts."""
    from hnsite.readers.input import iso_moment

    if text is None:
        return None
    moment = iso_moment(text)
    if moment is None or moment.epoch is None:
        raise UsageError(f"{text!r} is no date such as 2026-01-31", "--since")
    return moment.epoch


class _Teller:
    """Prints what came of each want, above the progress bar, which counts captures where there are many."""

    def __init__(self, root: Path, bar: Bar | None, *, is_listing: bool, quiet: bool) -> None:
        self._root, self._bar, self._is_listing, self._quiet = root, bar, is_listing, quiet

    def tell(self, outcome: Outcome | Exception) -> None:
        if isinstance(outcome, Exception):
            self.close()
            say(f"error: {outcome}", err=True)
        elif outcome.path and not self._quiet:
            if self._is_listing:
                self.close()
                say(f"{self._shown(outcome.path)}: {count(outcome.items, 'item')}")
            if outcome.note:
                self.close()
                say(f"note: {outcome.want.address}: {outcome.note}", err=True)

    def _shown(self, path: Path) -> str:
        return (path.relative_to(self._root) if path.is_relative_to(self._root) else path).as_posix()

    def close(self) -> None:
        if self._bar:
            self._bar.close()


def _summary(report: Report, since: str | None, content: str) -> str:
    facts = [f"{count(report.kept, 'capture')} made in {content}"]
    for number, word in (
        (report.within, "in a thread that was fetched"),
        (report.older, f"from before {since}"),
        (report.before, "done by the run before"),
        (report.failed, "failed"),
    ):
        if number:
            facts.append(f"{number} {word}")
    again = "; the same command tries again what failed" if report.unfinished else ""
    return ", ".join(facts) + again
