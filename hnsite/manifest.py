"""What one output folder holds and what it was made from, in one file below .cache/hnsite/.

A **part** is what the site makes of one unit of the catalog: its threads' pages, and its authors'
entries. Laws: a part is made again exactly when its version, which stands for all that it was made
from, is another; what a build rendered becomes what the site holds only when it is published, so
that a build that fails is done again; only paths that stand here are ever deleted from the output.

Losing the file costs a full rendering, and the memory of which files in the folder are ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import msgspec

from hnsite import ledger, names
from hnsite.compress import beside
from hnsite.database import Database, remove
from hnsite.ledger import FRONT, Ledger
from hnsite.model import Author, Problem, Summary
from hnsite.names import Names
from hnsite.pages import author
from hnsite.pages.author import Writing
from hnsite.pages.feed import Post
from hnsite.pages.search import Texts
from hnsite.pages.sitemap import Dated

VERSION = 6
_ROOM, _ROOM_EACH = 1 << 18, 4
"""How many bytes noting a publishing takes at most, and how many for each of what is noted."""
_PART = """
    part INTEGER PRIMARY KEY, version BLOB, exact BLOB, pages INTEGER, indexed TEXT, paths TEXT, problems BLOB
"""
_SCHEMA = f"""
CREATE TABLE part ({_PART});
CREATE TABLE next ({_PART});
CREATE TABLE made (
    part INTEGER PRIMARY KEY, first INTEGER, last INTEGER, inferred INTEGER, unplaced INTEGER, stubs INTEGER,
    merged INTEGER
);
CREATE TABLE mention (part INTEGER, item TEXT, held INTEGER);
CREATE INDEX mention_part ON mention (part);
CREATE TABLE entry (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    author TEXT, time INTEGER, number INTEGER, id TEXT, kind TEXT, thread TEXT, title TEXT, html TEXT,
    day TEXT, answers TEXT, updated INTEGER, post TEXT, noindex INTEGER
);
CREATE TABLE author (
    name TEXT PRIMARY KEY, stories INTEGER, comments INTEGER, first INTEGER, last INTEGER, noindex INTEGER,
    folded TEXT
) WITHOUT ROWID;
CREATE INDEX author_folded ON author (folded);
CREATE INDEX author_comments ON author (comments, folded);
CREATE TABLE place (block INTEGER, part INTEGER, entry TEXT);
CREATE INDEX place_block ON place (block);
CREATE INDEX place_part ON place (part);
CREATE TABLE block (block INTEGER PRIMARY KEY, size INTEGER, is_stale INTEGER);
CREATE TABLE stale (name TEXT PRIMARY KEY, before INTEGER, comments INTEGER) WITHOUT ROWID;
CREATE TABLE fact (name TEXT PRIMARY KEY, value BLOB);
{ledger.SCHEMA};
{names.SCHEMA}
"""
# holds all that is counted, so that counting reads no entries
_ENTRY_INDEX = "CREATE INDEX IF NOT EXISTS entry_author ON entry (author, time, number, id, kind, noindex)"
_ENTRY = "author, time, number, id, kind, thread, title, html, day, answers, updated, post, noindex"
_STALE = "SELECT name, stories + comments, comments FROM author"
_INDEXED = (
    "SELECT part, {0} FROM next WHERE version IS NOT NULL AND pages > 0 UNION ALL"
    " SELECT part, {0} FROM part WHERE pages > 0 AND part NOT IN (SELECT part FROM next)"
)
_AUTHOR = "SELECT name, stories, comments, first, last, noindex FROM author"
_VALUES = ", ".join("?" * len(_ENTRY.split()))
_problems = msgspec.msgpack.Decoder(list[Problem])
_encode = msgspec.msgpack.Encoder().encode


class Entry(NamedTuple):
    """One line of an author's page: a rendered card and the thread it stands in.

    ``time`` is 0 if unknown, ``day`` "" if it is not known to the day, ``answers`` whom it replies to, if
    that is somebody else. ``post`` is the same for feeds (see ``pages/feed.py``) with when it last changed,
    "" if it is in none. ``noindex`` says that search engines are asked to leave out what shows it.
    """

    author: str
    time: int
    number: int
    id: str
    kind: str
    thread: str
    title: str
    html: str
    day: str = ""
    answers: str = ""
    updated: int = 0
    post: str = ""
    noindex: bool = False


class Made(NamedTuple):
    """All that rendering a part leaves besides staged pages.

    ``exact`` counts, instead of None, where what was wrong names places in the dumps.

    ``mentions`` are items of other parts that its texts link to, and whether the site has them;
    ``posts`` counts what was written by day; ``places`` are what ``pages/find.py`` notes of where its
    items stand, if they have no pages; ``texts`` are what can be found in them; ``indexed`` what the sitemap
    lists (see ``pages/sitemap.py``).
    """

    part: int
    version: bytes
    exact: bytes | None
    paths: Sequence[str]
    summaries: Sequence[Summary]
    entries: Sequence[Entry]
    mentions: Mapping[str, bool]
    problems: Sequence[Problem]
    inferred: int
    unplaced: int
    stubs: int
    merged: int
    posts: Mapping[str, int]
    places: Sequence[tuple[int, str]] = ()
    texts: Sequence[Texts] = ()
    indexed: Sequence[Dated] = ()


class Block(NamedTuple):
    """How many characters the entries of a block have, and whether they changed since the last publishing."""

    number: int
    size: int
    is_stale: bool


class Totals(NamedTuple):
    """What the site holds. ``inferred`` and ``unplaced`` count comments, ``stubs`` ids only named,
    ``merged`` records that met another of the same item."""

    threads: int
    comments: int
    authors: int
    inferred: int
    unplaced: int
    stubs: int
    merged: int


def manifest_file(output: Path, cache: Path) -> Path:
    """Each output folder has a manifest of its own."""
    return cache / f"site-{_digest(output)}.sqlite"


def words_file(output: Path, cache: Path) -> Path:
    """Where the words of an output folder's search are kept."""
    return cache / f"words-{_digest(output)}.sqlite"


def _digest(output: Path) -> str:
    return blake2b(str(output.resolve()).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def throw_away(output: Path, cache: Path) -> None:
    """Removes what is known of a site, where it is damaged. Raises OSError."""
    remove(manifest_file(output, cache))
    remove(words_file(output, cache))


class Manifest:
    """One open manifest."""

    def __init__(self, output: Path, cache: Path) -> None:
        self._db = Database(manifest_file(output, cache), _SCHEMA, VERSION)
        self.ledger = Ledger(self._db)
        self.author_names = Names(self._db, names.AUTHORS)
        self.site_names = Names(self._db, names.SITES)

    def close(self) -> None:
        self._db.close()

    # What is to be made

    def versions(self) -> Iterator[tuple[int, bytes, bytes | None]]:
        """(part, version, exact version if that counts) of every part that the site holds, by number.

        Parts that only a build has made which came to nothing count as held too, without a version.
        """
        return self._db.rows(
            "SELECT part, version, exact FROM part UNION ALL"
            " SELECT part, x'', NULL FROM next WHERE part NOT IN (SELECT part FROM part) ORDER BY part"
        )

    def unfinished(self) -> list[int]:
        """The parts that a build has made, or taken out, which came to nothing."""
        return [part for (part,) in self._db.rows("SELECT part FROM next")]

    def holds(self, part: int) -> bool:
        return self._db.row("SELECT 1 FROM part WHERE part = ?", (part,)) is not None

    def fact(self, name: str) -> bytes | None:
        """Something small that the last build to publish noted."""
        found = self._db.row("SELECT value FROM fact WHERE name = ?", (name,))
        return None if found is None else bytes(found[0])

    def is_cut_short(self) -> bool:
        """Whether the last publishing was, so that the output may hold some of it."""
        return self.fact("publishing") is not None

    def listed(self) -> list[str]:
        """The paths of the pages and files that were of the whole site."""
        paths: list[str] = json.loads(self.fact("paths") or b"[]")
        return paths

    def author_files(self) -> frozenset[str]:
        """What the output may hold of each author besides pages (see ``Config.author_files``)."""
        return frozenset(json.loads(self.fact("author files") or b"[]"))

    def suffixes(self) -> list[str]:
        """Of what compressed files the output may hold beside each text file."""
        suffixes: list[str] = json.loads(self.fact("suffixes") or b"[]")
        return suffixes

    def paths(self) -> Iterator[tuple[int, str]]:
        """(part, path) of every page of a part."""
        for part, paths in self._db.rows("SELECT part, paths FROM part"):
            for path in paths.split("\n"):
                yield part, path

    def every_path(self) -> Iterator[str]:
        """The path of every file that the output may hold of hnsite's, as far as that is published."""
        suffixes = self.suffixes()
        for path in self._every_page():
            yield path
            yield from beside(path, suffixes)

    def _every_page(self) -> Iterator[str]:
        for (paths,) in self._db.rows("SELECT paths FROM part"):
            yield from paths.split("\n")
        authors = self._db.rows(
            "SELECT name, before FROM stale UNION ALL SELECT name, stories + comments FROM author"
            " WHERE name NOT IN (SELECT name FROM stale)"
        )
        files = sorted(self.author_files())
        for name, total in authors:
            yield from author.paths(name, total, files)
        for kind, name, most in self.ledger.published():
            yield from ledger.list_paths(kind, name, most)
        yield from self.listed()
        yield from json.loads(self.fact("publishing") or b"[]")

    def count_pages(self) -> int:
        """How many pages the parts have."""
        (count,) = self._db.row(
            "SELECT coalesce(sum(length(paths) - length(replace(paths, char(10), '')) + 1), 0) FROM part"
        )
        return int(count)

    def mentions(self) -> list[tuple[int, str, bool]]:
        """(part, item, whether the site had it) for all links between parts."""
        return [(part, item, bool(held)) for part, item, held in self._db.rows("SELECT * FROM mention")]

    # What is made

    def begin(self, gone: Sequence[int], *, many: bool, all_authors: bool) -> None:
        """Before rendering: takes out parts that are gone.

        What an unfinished build made stays noted until it is made again. ``many`` says that it is most
        of the site, ``all_authors`` that all their pages are to be made again.
        """
        with self._db.writing():
            if self.is_cut_short():
                self._recover()
            if many:
                self._db.run("DROP INDEX IF EXISTS entry_author")
            else:
                self._db.run(_ENTRY_INDEX)
            if all_authors:
                self._db.run(f"INSERT OR IGNORE INTO stale {_STALE}")
                self.ledger.make_stale()
            for part in gone:
                self._replace_entries(part, ())
                self.ledger.replace(part, (), {})
                self._replace_places(part, ())
                self._forget(part)
                self._db.run("INSERT OR REPLACE INTO next (part) VALUES (?)", (part,))

    def _recover(self) -> None:
        """After a publishing that was cut short: what it may have moved in is ours as well."""
        rows = self._db.rows(
            "SELECT part, part.paths, next.paths FROM next JOIN part USING (part)"
        ).fetchall()
        for part, old, new in rows:
            paths = "\n".join(dict.fromkeys([*old.split("\n"), *(new or old).split("\n")]))
            self._db.run("UPDATE part SET paths = ? WHERE part = ?", (paths, part))
        self._db.run("INSERT OR IGNORE INTO part SELECT * FROM next WHERE version IS NOT NULL")
        self._db.run(
            "UPDATE stale SET before = max(before, coalesce("
            "(SELECT stories + comments FROM author WHERE author.name = stale.name), 0))"
        )
        self.ledger.recover()

    def put(self, made: Iterable[Made]) -> None:
        """Notes what rendering some parts left."""
        with self._db.writing():
            for one in made:
                self._put(one)

    def _put(self, made: Made) -> None:
        part = made.part
        first, last = self._replace_entries(part, made.entries)
        self.ledger.replace(part, made.summaries, made.posts)
        self._replace_places(part, made.places)
        self._forget(part)
        self._db.run(
            "INSERT INTO made VALUES (?, ?, ?, ?, ?, ?, ?)",
            (part, first, last, made.inferred, made.unplaced, made.stubs, made.merged),
        )
        if made.mentions:
            self._db.run_many(
                "INSERT INTO mention VALUES (?, ?, ?)",
                ((part, item, held) for item, held in sorted(made.mentions.items())),
            )
        indexed = "\n".join([f"{path} {newest}" for path, newest in made.indexed])
        paths = "\n".join(made.paths)
        row = (part, made.version, made.exact, len(made.indexed), indexed, paths, _encode(made.problems))
        self._db.run("INSERT OR REPLACE INTO next VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def _forget(self, part: int) -> None:
        for table in ("made", "mention"):
            self._db.run(f"DELETE FROM {table} WHERE part = ?", (part,))

    def _replace_entries(self, part: int, entries: Sequence[Entry]) -> tuple[int, int]:
        """Puts a part's entries in place of those it had; authors whose entries differ become stale."""
        old: set[tuple[object, ...]] = set()
        made = self._db.row("SELECT first, last FROM made WHERE part = ?", (part,))
        if made:
            old.update(self._db.rows(f"SELECT {_ENTRY} FROM entry WHERE entry BETWEEN ? AND ?", made))
            self._db.run("DELETE FROM entry WHERE entry BETWEEN ? AND ?", made)
        changed = old.symmetric_difference(entries) if old else entries
        names = sorted({str(entry[0]) for entry in changed})
        self._db.run_many(
            "INSERT OR IGNORE INTO stale"
            " SELECT ?1, coalesce(sum(stories + comments), 0), coalesce(sum(comments), 0)"
            " FROM author WHERE name = ?1",
            ((name,) for name in names),
        )
        if not entries:
            return 0, -1
        self._db.run_many(f"INSERT INTO entry ({_ENTRY}) VALUES ({_VALUES})", entries)
        (last,) = self._db.row("SELECT last_insert_rowid()")
        return last - len(entries) + 1, last

    def _replace_places(self, part: int, places: Sequence[tuple[int, str]]) -> None:
        """Puts a part's places in place of those it had; blocks that differ become stale."""
        old = set(self._db.rows("SELECT block, entry FROM place WHERE part = ?", (part,)))
        changed = old.symmetric_difference(places) if old else places
        if not changed:
            return
        if old:
            self._db.run("DELETE FROM place WHERE part = ?", (part,))
        self._db.run_many(
            "INSERT INTO place VALUES (?, ?, ?)", ((block, part, entry) for block, entry in places)
        )
        self._db.run_many(
            "INSERT INTO block VALUES (?, 0, 1) ON CONFLICT DO UPDATE SET is_stale = 1",
            ((block,) for block in sorted({block for block, _ in changed})),
        )

    # What the parts make together

    def index(self) -> None:
        """Makes entries quick to find by author."""
        with self._db.writing():
            self._db.run(_ENTRY_INDEX)

    def make_stale(self, names: Iterable[str], lists: Iterable[tuple[str, str]] = ()) -> None:
        """Says that the pages of some authors, and of some days and sites, are to be made again."""
        with self._db.writing():
            self._db.run_many(
                f"INSERT OR IGNORE INTO stale {_STALE} WHERE name = ?", ((name,) for name in names)
            )
            self.ledger.make_stale(lists)
            self.ledger.touch_neighbours()

    def stale_authors(self) -> list[str]:
        """The authors whose pages are to be made again."""
        return [name for (name,) in self._db.rows("SELECT name FROM stale ORDER BY name")]

    def writings(self, author: str) -> Iterator[Writing]:
        """What one author's pages show, oldest first."""
        rows = self._db.rows(
            "SELECT thread, title, html, day, answers, kind FROM entry WHERE author = ?"
            " ORDER BY time, number, id",
            (author,),
        )
        return map(Writing._make, rows)

    def newest(self, author: str, count: int) -> Iterator[Post]:
        """What one author's feed shows, newest first."""
        rows = self._db.rows(
            "SELECT updated, post FROM entry WHERE author = ? AND time > 0 AND updated > 0"
            " ORDER BY time DESC, number DESC, id DESC LIMIT ?",
            (author, count),
        )
        return map(Post._make, rows)

    def count(self, names: Sequence[str]) -> list[Author]:
        """Counts again what some authors wrote."""
        found = [Author(name, *self._counts(name)) for name in names]
        with self._db.writing():
            for one in found:
                if one.total:
                    counts = (one.stories, one.comments, one.first, one.last, one.noindex)
                    row = (one.name, *counts, one.name.casefold())
                    self._db.run("INSERT OR REPLACE INTO author VALUES (?, ?, ?, ?, ?, ?, ?)", row)
                else:
                    self._db.run("DELETE FROM author WHERE name = ?", (one.name,))
        return found

    def _counts(self, name: str) -> tuple[int, int, int | None, int | None, bool]:
        row = self._db.row(
            "SELECT count(*), coalesce(sum(kind = 'comment'), 0), min(nullif(time, 0)), max(nullif(time, 0)),"
            " coalesce(max(noindex), 0) FROM entry WHERE author = ?",
            (name,),
        )
        return row[0] - row[1], row[1], row[2], row[3], bool(row[4])

    def authors(self) -> Iterator[Author]:
        """All authors, by name, case aside."""
        return (Author(*row) for row in self._db.rows(f"{_AUTHOR} ORDER BY folded, name"))

    def author(self, name: str) -> Author:
        """One of them."""
        return Author(*self._db.row(f"{_AUTHOR} WHERE name = ?", (name,)))

    def distinct_authors(self) -> Iterator[str]:
        """The names that no other author has, case aside."""
        rows = self._db.rows("SELECT min(name) FROM author GROUP BY folded HAVING count(*) = 1 ORDER BY 1")
        return (name for (name,) in rows)

    def submitted(self, author: str) -> Iterator[str]:
        """The ids of what one author wrote, newest first."""
        rows = self._db.rows(
            "SELECT id FROM entry WHERE author = ? ORDER BY time DESC, number DESC, id DESC", (author,)
        )
        return (id for (id,) in rows)

    def changed_authors(self) -> list[tuple[str, int, int]]:
        """(author, comments before, comments now) of those who wrote more or less than before."""
        return self._db.rows(
            "SELECT stale.name, stale.comments, coalesce(author.comments, 0) AS now"
            " FROM stale LEFT JOIN author USING (name)"
            " WHERE now != stale.comments OR coalesce(stories, 0) + now != stale.before"
        ).fetchall()

    def indexed_parts(self) -> list[tuple[int, int]]:
        """(part, pages that the sitemap lists) of those that have any, by number."""
        return self._db.rows(f"{_INDEXED.format('pages')} ORDER BY part").fetchall()

    def indexed(self, first: int, last: int) -> Iterator[Dated]:
        """What the sitemap lists of the parts from the first to the last."""
        rows = self._db.rows(
            f"SELECT indexed FROM ({_INDEXED.format('indexed')}) WHERE part BETWEEN ? AND ? ORDER BY part",
            (first, last),
        )
        for (indexed,) in rows:
            for line in indexed.split("\n"):
                path, _, newest = line.rpartition(" ")
                yield path, int(newest)

    def blocks(self) -> list[Block]:
        """All blocks, in order; also those that are empty now, until that is published."""
        with self._db.writing():
            self._db.run(
                "UPDATE block SET size = (SELECT coalesce(sum(length(entry) + 1), 0) FROM place"
                " WHERE place.block = block.block) WHERE is_stale"
            )
        rows = self._db.rows("SELECT block, size, is_stale FROM block ORDER BY block")
        return [Block(block, size, bool(is_stale)) for block, size, is_stale in rows]

    def places(self, blocks: range) -> Iterator[tuple[int, str]]:
        """(block, entry) of where all items of some blocks stand, in order."""
        return self._db.rows(
            "SELECT block, entry FROM place WHERE block >= ? AND block < ? ORDER BY block, entry",
            (blocks.start, blocks.stop),
        )

    def totals(self) -> Totals:
        every = self.ledger.get(FRONT)
        (authors,) = self._db.row("SELECT count(*) FROM author WHERE comments")
        rest = self._db.row(
            "SELECT coalesce(sum(inferred), 0), coalesce(sum(unplaced), 0), coalesce(sum(stubs), 0),"
            " coalesce(sum(merged), 0) FROM made"
        )
        return Totals(every.threads, every.comments, authors, *rest)

    def problems(self) -> list[Problem]:
        """What was wrong with the parts, those that were made before included."""
        found: list[Problem] = []
        rows = self._db.rows(
            "SELECT problems FROM next WHERE problems != ?1 UNION ALL SELECT problems FROM part"
            " WHERE problems != ?1 AND part NOT IN (SELECT part FROM next)",
            (_encode([]),),
        )
        for (data,) in rows:
            found.extend(_problems.decode(data))
        return found

    # What the site holds

    def stale_paths(self) -> set[str]:
        """Pages that the site has of parts and authors, and that this build does not."""
        rows = self._db.rows(
            "SELECT part.paths, next.paths FROM next JOIN part USING (part)"
            " WHERE part.paths IS NOT next.paths"
        )
        gone = {path for old, new in rows for path in _lost(old, new)}
        if gone:  # a page may have moved from one part to another
            for (new,) in self._db.rows("SELECT paths FROM next WHERE paths IS NOT NULL"):
                gone.difference_update(new.split("\n"))
        return gone

    def shrunk(self, *, is_all: bool = False) -> Iterator[tuple[str, int, int]]:
        """(author, entries before, entries now) of authors who have fewer, or of all that are stale."""
        yield from self._db.rows(
            "SELECT stale.name, before, coalesce(stories + author.comments, 0) AS now"
            " FROM stale LEFT JOIN author USING (name) WHERE now < before OR ? ORDER BY stale.name",
            (is_all,),
        )

    def note(self, facts: Mapping[str, bytes]) -> None:
        """Notes something small for the next build."""
        with self._db.writing():
            self._db.run_many("INSERT OR REPLACE INTO fact VALUES (?, ?)", facts.items())

    def announce(self, paths: bytes, author_files: Iterable[str] = (), suffixes: Iterable[str] = ()) -> None:
        """Before publishing: from now on the output may hold what was rendered.

        ``author_files`` are what it may hold of each author besides pages, ``suffixes`` those of compressed
        files. ``paths`` are kept as the fact
        "publishing" until it is done. Raises OSError where there would be no room to note that it is: the
        output is not to be touched then.
        """
        (size,) = self._db.row("SELECT coalesce(sum(length(paths) + length(problems)), 0) FROM next")
        self._db.reserve(_ROOM + _ROOM_EACH * size)
        with self._db.writing():
            files = json.dumps(sorted(author_files)).encode()
            self._db.run("INSERT OR REPLACE INTO fact VALUES ('author files', ?)", (files,))
            kinds = json.dumps(sorted(suffixes)).encode()
            self._db.run("INSERT OR REPLACE INTO fact VALUES ('suffixes', ?)", (kinds,))
            self._db.run("INSERT OR REPLACE INTO fact VALUES ('publishing', ?)", (paths,))

    def publish(self, facts: Mapping[str, bytes]) -> None:
        """What was rendered is now what the site holds."""
        with self._db.writing():
            self._db.run("DELETE FROM part WHERE part IN (SELECT part FROM next WHERE version IS NULL)")
            self._db.run("INSERT OR REPLACE INTO part SELECT * FROM next WHERE version IS NOT NULL")
            self._db.run("DELETE FROM next")
            self._db.run("DELETE FROM stale")
            self.ledger.publish()
            self._db.run("DELETE FROM fact WHERE name = 'publishing'")
            self._db.run("DELETE FROM block WHERE is_stale AND block NOT IN (SELECT block FROM place)")
            self._db.run("UPDATE block SET is_stale = 0 WHERE is_stale")
            self._db.run_many("INSERT OR REPLACE INTO fact VALUES (?, ?)", facts.items())


def _lost(old: str, new: str | None) -> set[str]:
    return set(old.split("\n")).difference((new or "").split("\n"))
