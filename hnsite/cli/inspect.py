"""``hnsite inspect``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hnsite.cli.say import FIRST, count, say
from hnsite.errors import UsageError, one_line

if TYPE_CHECKING:
    from hnsite.inspect import Finding


@click.command()
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
            say(*_finding_lines(finding))
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
    told = ", ".join(count(number, word, words) for number, word, words in kinds if number)
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
    lines += [f"    {problem}" for problem in finding.problems[:FIRST]]
    if len(finding.problems) > FIRST:
        lines.append(f"    and {len(finding.problems) - FIRST} more (--json shows all)")
    return lines


def _date(epoch: int | None) -> str | None:
    from datetime import UTC, datetime

    return None if epoch is None else datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
