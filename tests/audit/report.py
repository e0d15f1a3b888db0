"""What the checkers found -> the tables that are printed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

PLACES = 3
"""Of so many the listing says where they are."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


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
    """Findings of one rule that differ only in numbers once: how often, on which page kinds, and where the
    first ones are. Faults come before advice. The pairs are of a page kind and a finding."""
    groups: dict[tuple[bool, str, str, str], list[tuple[str, Finding]]] = {}
    for kind, one in findings:
        key = (one.advice, one.checker, one.rule, _NUMBER.sub("#", one.says))
        groups.setdefault(key, []).append((kind, one))
    return "\n".join(_told(groups[key]) for key in sorted(groups))


def _told(group: Sequence[tuple[str, Finding]]) -> str:
    first = group[0][1]
    kinds = ", ".join(dict.fromkeys(kind for kind, _ in group))
    places = dict.fromkeys(one.where for _, one in group)
    lines = [
        f"{'advice ' if first.advice else ''}{first.checker} {first.rule}: {first.says}",
        f"    {len(group)} times on {kinds}",
        *(f"    {place}" for place in islice(places, PLACES)),
    ]
    return "\n".join(lines)
