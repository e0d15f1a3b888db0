"""What the lists of threads are made of: all threads, the days and sites that they stand under, and how
much was written when. A part of the manifest's file, which alone writes and publishes.

A **list** is a kind and a name: ("front", "") holds every thread, ("day", "2024-11-18") those of a day,
("site", "example.com") those that link to a site. Counts of lists are kept by adding and taking away, so
that a build that changes one thread counts no other. Law: what stands here of what changed stays until
it is published; after a publishing that was cut short any page of a list that changed may be on the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from hnsite.database import Database
from hnsite.model import Summary, is_provisional
from hnsite.pages import day as day_page
from hnsite.pages import site as site_page
from hnsite.pages.when import day_of
from hnsite.urls import is_hn

FRONT, DAY, SITE = "front", "day", "site"
COMMENTS, SCORE = "comments", "score"
"""What threads can be sorted by, besides time."""

SCHEMA = """
CREATE TABLE thread (
    id TEXT PRIMARY KEY, part INTEGER, time INTEGER, number INTEGER, day TEXT, site TEXT, comments INTEGER,
    score INTEGER, newest INTEGER, data BLOB
);
CREATE INDEX thread_part ON thread (part);
CREATE INDEX thread_time ON thread (time, number, id);
CREATE INDEX thread_day ON thread (day, time, number, id) WHERE day IS NOT NULL;
CREATE INDEX thread_site ON thread (site, time, number, id) WHERE site IS NOT NULL;
CREATE INDEX thread_comments ON thread (comments, time, number, id) WHERE comments > 0;
CREATE INDEX thread_score ON thread (score, time, number, id) WHERE score > 0;
CREATE TABLE listed (kind TEXT, name TEXT, time INTEGER, number INTEGER, id TEXT, is_moved INTEGER);
CREATE INDEX listed_list ON listed (kind, name);
CREATE TABLE list (
    kind TEXT, name TEXT, folded TEXT, threads INTEGER, comments INTEGER, before INTEGER, most INTEGER,
    stale INTEGER, PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE INDEX list_folded ON list (kind, folded);
CREATE INDEX list_threads ON list (kind, threads, folded);
CREATE INDEX list_stale ON list (kind, name) WHERE stale;
CREATE TABLE written (part INTEGER, day TEXT, posts INTEGER);
CREATE INDEX written_part ON written (part);
CREATE TABLE activity (day TEXT PRIMARY KEY, posts INTEGER) WITHOUT ROWID
"""
"""``list.before`` counts the threads that were published, ``most`` those that any page on the disk may be of;
``stale`` is 1 where some of its threads changed, 2 where all its pages are to be made again."""

_THREAD = "id, time, number, day, site, comments, score, newest, data"
_LISTED = "SELECT kind, name, threads, comments, before, stale = 2 FROM list"
_summary = msgspec.msgpack.Decoder(Summary)
_encode = msgspec.msgpack.Encoder().encode


class List(NamedTuple):
    """A list of threads: how much is in it now, how many threads were ``before``, and whether ``is_whole``:
    all its pages are to be made."""

    kind: str
    name: str
    threads: int
    comments: int
    before: int = 0
    is_whole: bool = False


class Row(NamedTuple):
    """A thread as it is kept. ``time`` is 0 and ``day`` None where they are not known."""

    id: str
    time: int
    number: int
    day: str | None
    site: str | None
    comments: int
    score: int | None
    newest: int
    data: bytes

    def lists(self) -> list[tuple[str, str]]:
        """Those that the thread stands in."""
        found = [(FRONT, "")]
        if self.day:
            found.append((DAY, self.day))
        if self.site:
            found.append((SITE, self.site))
        return found


class Ledger:
    """The ledger in an open database; who calls what writes has begun to write."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # What the parts leave

    def replace(self, part: int, summaries: Iterable[Summary], posts: Mapping[str, int]) -> None:
        """Puts a part's threads in place of those it had, and its ``posts`` by day."""
        old = {row.id: row for row in self._rows("part = ?", part)}
        new = {one.id: _row(one) for one in summaries}
        for id in new.keys() - old.keys():  # a thread may have been another part's
            old.update((row.id, row) for row in self._rows("id = ?", id))
        changed = [id for id in sorted(old.keys() | new.keys()) if old.get(id) != new.get(id)]
        self._db.run_many("DELETE FROM thread WHERE id = ?", ((id,) for id in old))
        self._db.run_many(
            f"INSERT INTO thread ({_THREAD}, part) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((*row, part) for row in new.values()),
        )
        for id in changed:
            self._note(old.get(id), new.get(id))
        self._replace_posts(part, posts)

    def _rows(self, where: str, value: object) -> list[Row]:
        rows = self._db.rows(f"SELECT {_THREAD} FROM thread WHERE {where}", (value,))
        return [Row(*row) for row in rows]

    def _note(self, before: Row | None, now: Row | None) -> None:
        """Counts a thread that changed in its lists, and notes where it stood and stands in each."""
        was = dict.fromkeys(before.lists(), before[:3]) if before else {}
        becomes = dict.fromkeys(now.lists(), now[:3]) if now else {}
        for row, sign in ((before, -1), (now, 1)):
            if row is None:
                continue
            for one in row.lists():
                self._count(one, sign, sign * row.comments)
                place = (row.time, row.number, row.id, was.get(one) != becomes.get(one))
                self._db.run("INSERT INTO listed VALUES (?, ?, ?, ?, ?, ?)", (*one, *place))

    def _count(self, one: tuple[str, str], threads: int, comments: int) -> None:
        """Adds to what a list holds."""
        self._db.run(
            "INSERT INTO list VALUES (?, ?, ?, ?, ?, 0, 0, 1) ON CONFLICT DO UPDATE SET"
            " threads = threads + excluded.threads, comments = comments + excluded.comments,"
            " stale = max(stale, 1)",
            (*one, one[1].casefold(), threads, comments),
        )

    def _replace_posts(self, part: int, posts: Mapping[str, int]) -> None:
        old = dict(self._db.rows("SELECT day, posts FROM written WHERE part = ?", (part,)))
        if old == posts:
            return
        self._db.run("DELETE FROM written WHERE part = ?", (part,))
        self._db.run_many("INSERT INTO written VALUES (?, ?, ?)", ((part, *one) for one in posts.items()))
        self._db.run_many(
            "INSERT INTO activity VALUES (?, ?) ON CONFLICT DO UPDATE SET posts = posts + excluded.posts",
            ((day, posts.get(day, 0) - old.get(day, 0)) for day in sorted(old.keys() | posts.keys())),
        )

    # What is to be made again

    def make_stale(self, lists: Iterable[tuple[str, str]] | None = None) -> None:
        """Says that all pages of some lists (None: of all) are to be made again."""
        if lists is None:
            self._db.run("UPDATE list SET stale = 2")
        else:
            self._db.run_many("UPDATE list SET stale = 2 WHERE kind = ? AND name = ?", lists)

    def recover(self) -> None:
        """After a publishing that was cut short."""
        self._db.run("UPDATE list SET stale = 2, most = max(most, threads) WHERE stale")

    def touch_neighbours(self) -> None:
        """A day's page leads to the days before and after it that have threads: it changes when one of these
        comes or goes."""
        came_or_went = "stale AND kind = 'day' AND (threads = 0) != (before = 0)"
        days = [name for (name,) in self._db.rows(f"SELECT name FROM list WHERE {came_or_went}")]
        near = {one for day in days for one in self.neighbours(day) if one}
        self._db.run_many(
            "UPDATE list SET stale = max(stale, 1) WHERE kind = 'day' AND name = ?",
            ((day,) for day in near),
        )

    def stale_lists(self) -> list[List]:
        """The days and sites of which pages are to be made again or to go, in order."""
        rows = self._db.rows(f"{_LISTED} WHERE stale AND kind != 'front' ORDER BY kind, name")
        return [List(*row) for row in rows]

    def changed(self, kind: str, name: str = "") -> tuple[int | None, set[int]]:
        """Where a list differs from the site's: from which place on all moved (None: nowhere), and at which
        places a thread only says something else."""
        moved: int | None = None
        places: set[int] = set()
        rows = self._db.rows(
            "SELECT DISTINCT time, number, id, is_moved FROM listed WHERE kind = ? AND name = ?", (kind, name)
        )
        before = f"SELECT count(*) FROM thread WHERE {_in(kind)} AND (time, number, id) < (?2, ?3, ?4)"
        for time, number, id, is_moved in rows:
            (place,) = self._db.row(before, (name, time, number, id))
            if not is_moved:
                places.add(place)
            elif moved is None or place < moved:
                moved = place
        return moved, places

    def shrunk(self) -> Iterator[tuple[str, str, int, int]]:
        """(kind, name, threads before, threads now) of days and sites that have fewer."""
        yield from self._db.rows(
            "SELECT kind, name, max(most, before), threads FROM list"
            " WHERE stale AND kind != 'front' AND threads < max(most, before) ORDER BY kind, name"
        )

    def published(self) -> Iterator[tuple[str, str, int]]:
        """(kind, name, most threads that its pages on the disk may be of) of all days and sites."""
        yield from self._db.rows("SELECT kind, name, max(most, before) FROM list WHERE kind != 'front'")

    def changed_sites(self) -> list[tuple[str, int, int]]:
        """(site, threads before, threads now) of those that have more or less than before."""
        return self._db.rows(
            "SELECT name, before, threads FROM list WHERE stale AND kind = 'site' AND before != threads"
        ).fetchall()

    def publish(self) -> None:
        """What is listed now is what the site holds."""
        self._db.run("DELETE FROM listed")
        self._db.run("DELETE FROM list WHERE stale AND threads = 0")
        self._db.run("UPDATE list SET before = threads, most = threads, stale = 0 WHERE stale")
        self._db.run("DELETE FROM activity WHERE posts = 0")

    # What stands in the lists

    def get(self, kind: str, name: str = "") -> List:
        row = self._db.row(f"{_LISTED} WHERE kind = ? AND name = ?", (kind, name))
        return List(*row) if row else List(kind, name, 0, 0)

    def lists(self) -> Iterator[List]:
        """All days and sites."""
        return (List(*row) for row in self._db.rows(f"{_LISTED} WHERE threads > 0 AND kind != 'front'"))

    def dates(self, kind: str, name: str) -> tuple[str | None, str | None]:
        """The first and last day of the threads of a list, as far as they are known."""
        first, last = self._db.row(
            f"SELECT min(day), max(day) FROM thread WHERE {_in(kind)} AND day IS NOT NULL", (name,)
        )
        return first, last

    def threads(self, first: int, last: int, kind: str = FRONT, name: str = "") -> Iterator[Summary]:
        """The threads of a list from the ``first`` to before the ``last``, counted from the oldest.

        Undated ones stand before dated ones; ids decide what dates leave open.
        """
        rows = self._db.rows(
            f"SELECT data FROM thread WHERE {_in(kind)} ORDER BY time, number, id LIMIT ?2 OFFSET ?3",
            (name, last - first, first),
        )
        return (_summary.decode(data) for (data,) in rows)

    def newest(self, count: int) -> list[Summary]:
        """The threads that began last, the newest first; none without a date, nor any that search engines are
        asked to leave out."""
        rows = self._db.rows(
            "SELECT data FROM thread WHERE time > 0 ORDER BY time DESC, number DESC, id DESC"
        )
        found = (_summary.decode(data) for (data,) in rows)
        return list(islice((one for one in found if not one.noindex), count))

    def newest_date(self) -> int:
        """When anything was written last (seconds, UTC); 0 if no date is known."""
        (newest,) = self._db.row("SELECT coalesce(max(newest), 0) FROM thread")
        return int(newest)

    def dated_lists(self) -> Iterator[tuple[str, str, int, int]]:
        """(kind, name, threads, when anything was written last in them, or 0) of all days and sites."""
        for kind in (DAY, SITE):
            yield from self._db.rows(
                f"SELECT ?, {kind}, count(*), max(newest) FROM thread"
                f" WHERE {kind} IS NOT NULL GROUP BY {kind}",
                (kind,),
            )

    def top(self, order: str, count: int) -> Sequence[bytes]:
        """The threads with most comments or points, as they are kept; of those that have as many the newest
        come first."""
        rows = self._db.rows(
            f"SELECT data FROM thread WHERE {order} > 0"
            f" ORDER BY {order} DESC, time DESC, number DESC, id DESC LIMIT ?",
            (count,),
        )
        return [bytes(data) for (data,) in rows]

    def neighbours(self, day: str) -> tuple[str | None, str | None]:
        """The days with threads before and after this one."""
        days = "FROM list WHERE kind = 'day' AND threads > 0 AND name"
        (before,) = self._db.row(f"SELECT max(name) {days} < ?", (day,))
        (after,) = self._db.row(f"SELECT min(name) {days} > ?", (day,))
        return before, after

    def days(self, beginning: str = "") -> Iterator[tuple[str, int, int]]:
        """(day, threads, comments) of the days with threads whose dates begin so, in order."""
        return self._db.rows(
            "SELECT name, threads, comments FROM list WHERE kind = 'day' AND threads > 0"
            " AND name >= ?1 AND name < ?1 || ':' ORDER BY name",
            (beginning,),
        )

    def months(self) -> list[tuple[str, int, int]]:
        """(month, threads, comments) of the months with threads, in order."""
        rows = self._db.rows(
            "SELECT substr(name, 1, 7), sum(threads), sum(comments) FROM list"
            " WHERE kind = 'day' AND threads > 0 GROUP BY 1 ORDER BY 1"
        )
        return list(rows)

    def span(self) -> tuple[str, str] | None:
        """The first and the last day of which anything is."""
        first, last = self._db.row("SELECT min(day), max(day) FROM activity WHERE posts > 0")
        return (first, last) if first else None

    def activity(self, letters: int) -> dict[str, int]:
        """How much was written, by so many letters of the date: 4 for years, 7 for months, 10 for days."""
        rows = self._db.rows(
            "SELECT substr(day, 1, ?), sum(posts) FROM activity WHERE posts > 0 GROUP BY 1", (letters,)
        )
        return dict(rows)


def list_paths(kind: str, name: str, total: int) -> list[str]:
    """Where the pages of a day or a site stand that has so many threads."""
    return day_page.paths(name, total) if kind == DAY else site_page.paths(name, total)


def summaries(kept: Iterable[bytes]) -> Iterator[Summary]:
    """Threads as ``Ledger.top`` gives them."""
    return map(_summary.decode, kept)


def _in(kind: str) -> str:
    """What holds of the threads of a list whose name is the first value."""
    return "?1 = ?1" if kind == FRONT else f"{kind} = ?1"


def _row(summary: Summary) -> Row:
    time = summary.created.epoch if summary.created else None
    return Row(
        summary.id,
        time or 0,
        _number(summary.id),
        day_of(summary.created),
        summary.domain,
        summary.comments,
        None if summary.score is None else min(summary.score, 1 << 62),  # more is no number to SQLite
        summary.newest,
        _encode(summary),
    )


def _number(id: str) -> int:
    """Sorts as ``id_key`` does: numbers by value, then other sources, provisional ids last."""
    if is_hn(id) and len(id) < 18:
        return int(id)
    return (1 << 62) + is_provisional(id)
