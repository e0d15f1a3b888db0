"""One dump format a module: bytes of one dump -> what it says of each item. Pure.

To add a format here: a module with the four names of ``Reader``, a line in ``READERS``, and a
fixture pair in tests/readers (``<prefix>_<case>.<ext>`` and ``.py`` with the expected records).
Other packages add theirs through the entry-point group ``hnsite.readers``: docs/readers.md has a whole one.

A reader gets an open binary file (UTF-8, decompressed) and its name, yields a ``Record`` for each
item it can use and a ``Problem`` for each thing it cannot, and never raises for bad input. Exports of hnsite
hold pages of a site too, each a ``Note``.

A module may have two names more. ``WHOLE = True``: the file is one on the disk, as it is, whose ``name`` is
its path. ``BESIDE``: paths relative to the dump's folder; ``read`` gets a third argument, the bytes of those
files that are there, by these paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Protocol

from hnsite.errors import UnreadableError
from hnsite.model import Piece
from hnsite.readers import (
    algolia,
    algolia_hits,
    board,
    csv_table,
    discord,
    discourse,
    export,
    flat,
    forum_dl,
    hn_api,
    hn_page,
    hnpwa,
    lobsters,
    mail,
    mbox,
    parquet_table,
    reddit,
    slack,
    sqlite_table,
    user_comments,
    zulip,
)
from hnsite.readers.input import Head


class Reader(Protocol):
    """What a reader module has."""

    @property
    def NAME(self) -> str:
        """As messages show it."""

    @property
    def VERSION(self) -> int:
        """Goes up when the same dump would be read differently."""

    def why_not(self, head: Head) -> str | None:
        """None if the dump is of this format, else the reason why it is not; looks at content only."""

    def read(self, file: BinaryIO, name: str) -> Iterator[Piece]:
        """Everything the dump says, in the dump's order."""


READERS: Sequence[Reader] = (
    algolia,
    algolia_hits,
    board,
    csv_table,
    discord,
    discourse,
    export,
    flat,
    forum_dl,
    hn_api,
    hn_page,
    hnpwa,
    lobsters,
    mail,
    mbox,
    parquet_table,
    reddit,
    slack,
    sqlite_table,
    user_comments,
    zulip,
)


def pick(head: Head, readers: Sequence[Reader] = READERS) -> Reader:
    """The one reader that claims the dump.

    Raises UnreadableError if none or several do, with what each said.
    """
    if not head.raw.strip(b" \t\r\n\x00"):
        raise UnreadableError(
            "the file is empty" if not head.raw else "the file holds nothing but white space"
        )
    claims: list[Reader] = []
    refusals: dict[str, list[str]] = {}
    for reader in readers:
        refusal = reader.why_not(head)
        if refusal is None:
            claims.append(reader)
        else:
            refusals.setdefault(refusal, []).append(reader.NAME)
    if len(claims) == 1:
        return claims[0]
    said = "; ".join(f"{', '.join(names)}: {refusal}" for refusal, names in refusals.items())
    if claims:
        names = ", ".join(reader.NAME for reader in claims)
        raise UnreadableError(f"several readers claim this dump: {names} (not {said})")
    raise UnreadableError(f"no reader knows this dump ({said})")
