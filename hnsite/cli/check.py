"""``hnsite check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hnsite.cli.options import load
from hnsite.cli.say import count, say
from hnsite.errors import UsageError

if TYPE_CHECKING:
    from hnsite.check import Checked
    from hnsite.rules import Fault


@click.command()
@click.option(
    "-s", "--content", metavar="DIR", help="Folder with the dumps, for redactions.  [default: content]"
)
@click.option("-o", "--output", metavar="DIR", help="Folder with the site.  [default: public]")
@click.option(
    "-c", "--config", "config_file", metavar="FILE", help="Settings; optional.  [default: hnsite.toml]"
)
@click.option("--base-url", metavar="URL", help="The address that the site has.")
@click.option(
    "--host",
    metavar="HOST",
    help="Whose limits count: cloudflare, github, gitlab, netlify or s3.  [default: the setting host]",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Worker processes.  [default: one a core]"
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array instead.")
def check(host: str | None, jobs: int | None, as_json: bool, **options: Any) -> None:
    """Look for what is wrong with a built site.

    Broken links and fragments, ids that are there twice, invalid HTML, pages that nothing links to, names
    that some disks take for one, files over a host's limits. Every finding is a line "file:line: kind: what".
    With a redactions.toml also what is left of what it covers, in any byte, and which addresses to purge from
    caches.

    The status is 1 if there are any, but for notes.
    """
    from dataclasses import replace

    from hnsite.check import check as look
    from hnsite.hosts import HOSTS
    from hnsite.leaks import leaks

    if host and host not in HOSTS:
        raise UsageError(f"no such host is known; known are {', '.join(HOSTS)}", host)
    config = load(options)
    checked = look(config, host or "", jobs)
    checked = replace(checked, faults=(*checked.faults, *leaks(config, jobs)))
    if as_json:
        _print_json(checked, config.output)
    else:
        _print_lines(checked, config.output)
    if any(not fault.is_note for fault in checked.faults):
        raise SystemExit(1)


def _print_lines(checked: Checked, output: str) -> None:
    from hnsite.leaks import PURGE

    purge = [fault.message for fault in checked.faults if fault.kind == PURGE]
    say(*(_line(fault, output) for fault in checked.faults if fault.kind != PURGE))
    if purge:
        say("Addresses that showed what is redacted, or may have; purge them from caches:", *purge)
    say(_summary(checked))


def _file(fault: Fault, output: str) -> str:
    return f"{output.rstrip('/')}/{fault.file}"


def _line(fault: Fault, output: str) -> str:
    where = f"{_file(fault, output)}:{fault.line}" if fault.line else _file(fault, output)
    return f"{where}: {'note: ' if fault.is_note else ''}{fault.kind}: {fault.message}"


def _print_json(checked: Checked, output: str) -> None:
    import json
    from dataclasses import asdict

    told = [{**asdict(fault), "file": _file(fault, output)} for fault in checked.faults]
    for one in told:
        one["note"] = one.pop("is_note")
    click.echo(json.dumps(told, ensure_ascii=True, indent=1))


def _summary(checked: Checked) -> str:
    """Figures, in one line."""
    notes = sum(fault.is_note for fault in checked.faults)
    findings = len(checked.faults) - notes
    looked = ", ".join(
        f"{number:,} {word if number == 1 else word + 's'}"
        for number, word in ((checked.pages, "page"), (checked.links, "link"), (checked.files, "file"))
    )
    found = count(findings, "finding") if findings else "no findings"
    return f"{looked}: {found}" + (f", {count(notes, 'note')}" if notes else "")
