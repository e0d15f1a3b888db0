"""What the checkers found -> the tables that are printed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Finding(NamedTuple):
    """Something wrong with a page: the checker's ``rule``, ``where`` in the page (a selector, or a line),
    and what it ``says``. What is only ``advice`` breaks no goal."""

    checker: str
    rule: str
    where: str
    says: str
    advice: bool = False


class Row(NamedTuple):
    """One line of the table: a page kind, and in each column a number of findings, a score, or a size."""

    kind: str
    cells: Mapping[str, str]
    ok: bool = True


def table(rows: Sequence[Row]) -> str:
    """The rows as text in columns, which stand in the order in which they first come."""
    columns = list(dict.fromkeys(column for row in rows for column in row.cells))
    lines = [["page", *columns, ""]]
    for row in rows:
        lines.append(
            [row.kind, *(row.cells.get(column, "") for column in columns), "" if row.ok else "FAILED"]
        )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def listing(findings: Iterable[tuple[str, Finding]]) -> str:
    """Each finding once, with how often it was found and on which pages; faults before advice.

    The pairs are of a page kind and a finding.
    """
    times: Counter[tuple[bool, str, str, str]] = Counter()
    kinds: dict[tuple[bool, str, str, str], dict[str, None]] = {}
    where: dict[tuple[bool, str, str, str], str] = {}
    for kind, one in findings:
        key = (one.advice, one.checker, one.rule, one.says)
        times[key] += 1
        kinds.setdefault(key, {})[kind] = None
        where.setdefault(key, one.where)
    return "\n".join(
        f"{'advice ' if advice else ''}{checker} {rule}: {says}\n"
        f"    {times[key]} times on {', '.join(kinds[key])}\n"
        f"    {where[key]}"
        for key in sorted(times)
        for advice, checker, rule, says in [key]
    )
