"""What commands print, and how: one line for one thing, whatever it tells of."""

from __future__ import annotations

from typing import Any

import click

from hnsite.errors import HnsiteError, one_line

FIRST = 20
"""How many of many things are told; -v or --json tells all."""


def say(*lines: str, err: bool = False) -> None:
    """Prints lines, each of which stays one and does nothing to the terminal, whatever it tells of."""
    for line in lines:
        click.echo(one_line(line), err=err)


def count(number: int, word: str, words: str = "") -> str:
    """ "1 page", "2 pages"; ``words`` where the plural has no s."""
    return f"{number} {word if number == 1 else words or word + 's'}"


def print_problems(problems: Any, verbose: bool, quiet: bool = False) -> None:
    """Errors always, warnings unless quiet; all of them or the first and a count."""
    errors = [problem for problem in problems if isinstance(problem, HnsiteError)]
    warnings = [problem for problem in problems if not isinstance(problem, HnsiteError)]
    for error in errors if verbose else errors[:FIRST]:
        say(f"error: {error}", err=True)
    if len(errors) > FIRST and not verbose:
        say(f"error: and {len(errors) - FIRST} more (-v shows all)", err=True)
    if quiet:
        return
    for warning in warnings if verbose else warnings[:FIRST]:
        say(f"warning: {warning}", err=True)
    if len(warnings) > FIRST and not verbose:
        say(f"warning: and {len(warnings) - FIRST} more (-v shows all)", err=True)
