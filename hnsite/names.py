"""Names with numbers, as directories go by them: authors with their comments, sites with their threads.

A part of the manifest's file, read only.
"""

from __future__ import annotations

from collections.abc import Iterator

from hnsite.database import Database

SCHEMA = """
CREATE VIEW author_names AS SELECT name, folded, comments AS number, stories FROM author;
CREATE VIEW site_names AS
    SELECT name, folded, threads AS number, 0 AS stories FROM list WHERE kind = 'site' AND threads > 0
"""
AUTHORS, SITES = "author_names", "site_names"

Name = tuple[str, int, int]
"""(name, number, stories)"""


class Names:
    """The names of one kind, in an open database."""

    def __init__(self, db: Database, view: str) -> None:
        self._db = db
        self._view = view

    def count(self) -> int:
        (count,) = self._db.row(f"SELECT count(*) FROM {self._view}")
        return int(count)

    def numbers(self) -> dict[int, int]:
        """How many names have each number."""
        return dict(self._db.rows(f"SELECT number, count(*) FROM {self._view} GROUP BY number"))

    def beginnings(self, letters: int, least: int = 0, beyond: int | None = None) -> dict[str, int]:
        """How many names there are to each beginning of so many letters, case aside, with numbers from
        ``least`` to before ``beyond``."""
        parts = f"SELECT substr(folded, 1, ?), count(*) FROM {self._view}"
        return dict(self._db.rows(f"{parts} WHERE {_range(least, beyond)} GROUP BY 1", (letters,)))

    def all(self) -> Iterator[Name]:
        """By name, case aside."""
        return self._db.rows(f"SELECT name, number, stories FROM {self._view} ORDER BY folded, name")

    def begin(self, letters: int, beginning: str) -> Iterator[Name]:
        """Those that begin so, by name."""
        return self._begin(letters, beginning, "1", "folded, name")

    def between(self, least: int, beyond: int | None, letters: int, beginning: str) -> Iterator[Name]:
        """Those that begin so and have numbers from ``least`` to before ``beyond``, most first."""
        return self._begin(letters, beginning, _range(least, beyond), "number DESC, folded, name")

    def _begin(self, letters: int, beginning: str, where: str, order: str) -> Iterator[Name]:
        names = f"folded >= ?1 AND folded < ?1 || char(0x10FFFF) AND substr(folded, 1, {letters}) = ?1"
        return self._db.rows(
            f"SELECT name, number, stories FROM {self._view}"
            f" WHERE {names if letters else '?1 = ?1'} AND {where} ORDER BY {order}",
            (beginning,),
        )

    def most(self, count: int) -> Iterator[Name]:
        """Those with the highest numbers."""
        return self._db.rows(
            f"SELECT name, number, stories FROM {self._view} ORDER BY number DESC, folded, name LIMIT ?",
            (count,),
        )


def _range(least: int, beyond: int | None) -> str:
    return f"number >= {least}" + (f" AND number < {beyond}" if beyond else "")
