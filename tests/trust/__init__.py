"""Tries what docs/reliability.md promises, many times over, and counts what holds.

Each module here tries the promise of one row of that table: ``trials(count)`` makes so many attempts, spread
over all that the promise speaks of, and yields a ``Trial`` for each. Tests run a few and ask that none has a
fault; ``make trust`` runs all and writes the figures into the table.
"""

from __future__ import annotations

from typing import NamedTuple


class Trial(NamedTuple):
    """One attempt: ``what`` was tried, precisely enough to try it again, and what went wrong, if anything."""

    what: str
    fault: str = ""
