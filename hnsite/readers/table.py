"""Rows of a table of Hacker News items -> what they say, by the names of the columns: CSV, Parquet, SQLite.

Names as in BigQuery (``by``, or ``author`` in its older tables, ``time_ts``), OpenPipe, ClickHouse, Algolia
(``created_at_i``, ``comment_text``) and the exporters built on them. Each row becomes an API item.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from msgspec.structs import replace

from hnsite.model import Kind, Origin, Problem, Record
from hnsite.readers.hn_api import read_item, untold
from hnsite.readers.input import decode, whole

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "objectid", "item_id", "hn_id"),
    "type": ("type", "item_type"),
    "by": ("by", "author", "user", "username", "submitter"),
    "time": ("created_at_i", "time", "timestamp", "time_ts", "created_at", "created_time"),
    "title": ("title",),
    "url": ("url",),
    "domain": ("url_hostname", "domain"),
    "text": ("text", "comment_text", "story_text"),
    "score": ("score", "points", "num_points"),
    "parent": ("parent", "parent_id"),
    "poll": ("poll",),
    "top_level_parent": ("top_level_parent", "story_id"),
    "kids": ("kids", "children"),
    "parts": ("parts",),
    "dead": ("dead",),
    "deleted": ("deleted",),
}
"""The field of an API item -> what tables call it, in lower case; the first that holds something counts."""

_SIGNS = {
    *("by", "kids", "descendants", "time_ts", "ranking", "top_level_parent", "comment_text", "story_text"),
    *("objectid", "created_at_i", "num_points", "url_hostname", "dead"),
}
"""Columns that a table about anything else hardly has."""
_STRANGERS = {"subreddit", "created_utc", "link_id", "short_id", "post_number", "topic_id", "message_id"}
_RANK = "ranking"
_FACTS = ("by", "title", "text", "time", "parent", "url")
_TEXTS = {"by", "title", "text", "url", "domain"}
_NOTHING = {"", "\\n", "null", "nan", "none", "<na>", "nat"}
_KINDS = {*Kind, *(str(number) for number in range(1, 6))}


def lacking(names: Iterable[str], types: Collection[object] = ()) -> str | None:
    """Why columns of these names are no table of Hacker News items, or None if they are.

    ``types`` are the first rows' values in the column ``type``, which can tell what no name does.
    """
    known = {name.strip().lower() for name in names}
    if other := sorted(known & _STRANGERS):
        return f"has a column {other[0]!r}, which Hacker News has not"
    fields = {field for field, aliases in COLUMNS.items() if not known.isdisjoint(aliases)}
    if "id" not in fields:
        return "lacks a column 'id'"
    if len(fields.intersection(_FACTS)) < 2:
        return f"lacks at least two of {', '.join(_FACTS)}"
    typed = "type" in fields and types and all(str(one).lower() in _KINDS for one in types)
    if known.isdisjoint(_SIGNS) and not typed:
        return "lacks what Hacker News alone has: by, kids, time_ts, created_at_i, ..."
    return None


class Table:
    """The columns of one table; reads its rows."""

    def __init__(self, names: Sequence[str]) -> None:
        lower = [name.strip().lower() for name in names]
        places = {
            field: tuple(lower.index(alias) for alias in aliases if alias in lower)
            for field, aliases in COLUMNS.items()
        }
        self._places = [(field, where, field in _TEXTS) for field, where in places.items() if where]
        self._rank = lower.index(_RANK) if _RANK in lower else None
        self._ranks = array("q")  # three numbers a reply, because a table may have millions: parent, rank, id
        self._names = {field: names[where[0]] for field, where, _ in self._places}
        ranks = () if self._rank is None else (self._rank,)
        self.used = sorted({*ranks, *(place for _, where, _ in self._places for place in where)})
        """Which of the columns say anything, by their places."""

    def read(self, row: Sequence[Any], origin: Origin) -> Iterator[Record | Problem]:
        """One row, which has as many values as the table has columns, or more."""
        item = self._item(row)
        if "type" not in self._names:
            item["type"] = self._kind(item)
        tells_state = "dead" in self._names or "deleted" in self._names
        for place, piece in enumerate(read_item(item, origin, None, self._names)):
            if isinstance(piece, Record) and not tells_state:
                piece = replace(piece, state=None)
            yield piece
            if place == 0 and isinstance(piece, Record):  # others are options, which it only names
                yield from untold(piece)
        if self._rank is not None:
            self._note_rank(item, whole(_said(row[self._rank], is_text=False)))

    def _note_rank(self, item: Mapping[str, Any], rank: int | None) -> None:
        parent, id = whole(item.get("parent")), whole(item.get("id"))
        if rank is not None and parent and id:
            self._ranks.extend((parent, rank, id))

    def in_order(self, origin: Origin) -> Iterator[Record]:
        """What the ranks of all rows say together: replies as displayed, where that is not by id."""
        ranks = self._ranks
        rows = sorted(zip(ranks[::3], ranks[1::3], ranks[2::3], strict=True))
        ordered: dict[int, list[int]] = {}
        for parent, group in groupby(rows, key=itemgetter(0)):
            ids = [id for _, _, id in group]
            if ids != sorted(ids):
                ordered[parent] = ids
        above = {id: parent for parent, _, id in rows if id in ordered}
        for id, replies in ordered.items():
            yield Record(
                origin,
                str(id),
                Kind.COMMENT if id in above else Kind.STORY,
                parent=str(above[id]) if id in above else None,
                replies=tuple(map(str, dict.fromkeys(replies))),
                ranked=True,
            )

    def _item(self, row: Sequence[Any]) -> dict[str, Any]:
        item: dict[str, Any] = {}
        for field, where, is_text in self._places:
            for place in where:
                value = _said(row[place], is_text)
                if value is not None:
                    item[field] = value
                    break
        return item

    def _kind(self, item: Mapping[str, Any]) -> Kind:
        """What an item is in a table without types: stories have titles, and comments have parents."""
        if item.get("poll"):
            return Kind.POLLOPT
        is_reply = (
            "title" not in self._names
            or whole(item.get("parent"))
            or ("title" not in item and "text" in item and item.get("top_level_parent") != item.get("id"))
        )
        return Kind.COMMENT if is_reply else Kind.STORY


def _said(value: Any, is_text: bool) -> Any:
    """A value as the API has it; None where it says nothing."""
    if isinstance(value, bytes):
        value = decode(value)[0]
    if isinstance(value, str):
        if is_text:
            return None if value in ("", "\\N", "NULL") else value
        if value.isdecimal() and value.isascii() and len(value) < 16:
            return int(value)
        return None if value.lower() in _NOTHING else value
    if value is None or value != value:
        return None
    return str(value) if is_text and isinstance(value, int | float) else value
