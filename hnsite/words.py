"""The texts of all threads, and of each word a list of where it stands, in a file below .cache/hnsite/.

SQLite's FTS5 takes the texts of a unit of threads apart into words and turns them round. Lists
(``hnsite.postings``) are kept whole, as files of the site have them, so that such a file is a piece of a
table; from them are taken the words that a changed thread had, and into them go those it has.

Laws: a list says of a thread what its row in ``before`` has, if there is one, else what its row in
``thread`` has; ``stale`` are all words whose lists the site may not have as they are, so that a build
that comes to nothing does no harm; how lists are parted into files depends on nothing but lists.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from hnsite import postings
from hnsite.database import Database
from hnsite.model import author_text
from hnsite.pages.search import Part, Texts
from hnsite.postings import PLACE, Document, Piece

VERSION = 2
LETTERS = 4
"""How long the beginnings are whose sizes are kept; those of longer ones are counted when they are needed."""
LONGEST = 8
"""Letters of a beginning at which parting ends."""
LARGEST = 12_000
"""Bytes of a file of words that begin alike."""
WHOLE = 6_000
"""Bytes of a list from which on it has a file of its own."""
NAMEABLE = 30
"""Letters of a word that can be the name of a file."""
COMMON = 32_000
"""Bytes of a list from which on a word that stands in a quarter of all documents is a common one."""
AROUND = 6
"""Bytes that a file has for each word, besides the word and its list."""

_LAST_LETTER = "\U0010ffff"
_SCHEMA = """
CREATE TABLE thread (
    number INTEGER PRIMARY KEY, part INTEGER, lines TEXT, days TEXT, documents INTEGER, words INTEGER
);
CREATE INDEX thread_part ON thread (part);
CREATE INDEX thread_counts ON thread (documents, words);
CREATE TABLE before (number INTEGER PRIMARY KEY, lines TEXT, days TEXT);
CREATE TABLE list (
    word TEXT PRIMARY KEY, size INTEGER, is_whole INTEGER, documents INTEGER, postings TEXT, places TEXT
);
CREATE INDEX list_whole ON list (word, size, documents) WHERE is_whole;
CREATE TABLE beginning (letters INTEGER, beginning TEXT, size INTEGER, PRIMARY KEY (letters, beginning))
    WITHOUT ROWID;
CREATE TABLE stale (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE run (bucket INTEGER, unit INTEGER, data TEXT);
CREATE INDEX run_bucket ON run (bucket, unit);
CREATE TABLE fact (name TEXT PRIMARY KEY, value BLOB)
"""
_TABLES = ("thread", "before", "list", "beginning", "stale", "run", "fact")
_LIST = "INSERT OR REPLACE INTO list VALUES (?, ?, ?, ?, ?, ?)"
_INVERTER = """
CREATE VIRTUAL TABLE text USING fts5 (
    body, content = '',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*' tokenchars '+#'"
);
CREATE VIRTUAL TABLE word USING fts5vocab (text, instance)
"""

Thread = tuple[int, str, str]
"""A thread's number, the lines of its texts, and its days."""


class Totals(NamedTuple):
    """How many documents there are, and how many words in all of them."""

    documents: int
    words: int


class Words:
    """One open file of words."""

    def __init__(self, file: Path) -> None:
        self._db = Database(file, _SCHEMA, VERSION)

    def close(self) -> None:
        self._db.close()

    @cached_property
    def _inverter(self) -> Inverter:
        return Inverter()

    # What threads say

    def look(self) -> bytes | None:
        """Which look of the site the texts belong to; None if they are not all there."""
        return self._fact("look")

    def begin(self, gone: Sequence[int], *, is_all: bool) -> None:
        """Before rendering: takes out parts that are gone, or all."""
        with self._db.writing():
            for table in _TABLES if is_all else ():
                self._db.run(f"DELETE FROM {table}")
        self.put((part, ()) for part in gone)

    def put(self, parts: Iterable[tuple[int, Sequence[Texts]]]) -> None:
        """Puts the texts of some parts in place of those they had."""
        with self._db.writing():
            for part, texts in parts:
                self._put(part, {one.number: ("\n".join(one.lines), one.days) for one in texts})

    def _put(self, part: int, new: Mapping[int, tuple[str, str]]) -> None:
        known = self._db.rows("SELECT number FROM thread WHERE part = ?", (part,)).fetchall()
        for number in sorted({number for (number,) in known}.union(new)):
            old = self._db.row("SELECT lines, days FROM thread WHERE number = ?", (number,))
            if old == new.get(number):
                self._db.run("UPDATE thread SET part = ? WHERE number = ?", (part, number))
                continue
            self._db.run(
                "INSERT OR IGNORE INTO before SELECT ?, ?, ?"
                " WHERE EXISTS (SELECT 1 FROM fact WHERE name = 'lists')",
                (number, *(old or (None, None))),
            )
            if number in new:
                row = (number, part, *new[number])
                self._db.run(
                    "INSERT OR REPLACE INTO thread (number, part, lines, days) VALUES (?, ?, ?, ?)", row
                )
            else:  # unless it is another part's by now
                self._db.run("DELETE FROM thread WHERE number = ? AND part = ?", (number, part))

    def totals(self) -> Totals:
        row = self._db.row("SELECT coalesce(sum(documents), 0), coalesce(sum(words), 0) FROM thread")
        return Totals(*row)

    # All lists at once

    def has_lists(self) -> bool:
        """Whether there are lists, of the threads as they are or as they were before."""
        return self._fact("lists") is not None

    def start_lists(self) -> None:
        """Before all lists are made again."""
        with self._db.writing():
            for table in ("list", "beginning", "stale", "run", "before"):
                self._db.run(f"DELETE FROM {table}")
            self._db.run("DELETE FROM fact WHERE name = 'lists'")
            self._db.run("INSERT OR REPLACE INTO fact VALUES ('all stale', x'')")

    def units(self, weight: int) -> list[tuple[int, int]]:
        """(first, last) number of units of threads, in order; of about so many characters each."""
        found: list[tuple[int, int]] = []
        first = last = size = 0
        for last, characters in self._db.rows("SELECT number, length(lines) FROM thread ORDER BY number"):
            first = first if size else last
            size += characters
            if size >= weight:
                found.append((first, last))
                size = 0
        return [*found, (first, last)] if size else found

    def invert(self, first: int, last: int, buckets: int) -> None:
        """Makes pieces of lists from the threads of a unit, parted by words into so many buckets."""
        threads = self._db.rows(
            "SELECT number, lines, days FROM thread WHERE number BETWEEN ? AND ? ORDER BY number",
            (first, last),
        ).fetchall()
        found: list[list[str]] = [[] for _ in range(buckets)]
        inverted, counts = self._invert(threads)
        for word, piece in inverted.pieces():
            found[crc32(word.encode()) % buckets].append("\t".join((word, *map(str, piece))))
        with self._db.writing():
            self._count(counts)
            rows = ((bucket, first, "\n".join(lines)) for bucket, lines in enumerate(found) if lines)
            self._db.run_many("INSERT INTO run VALUES (?, ?, ?)", rows)

    def gather(self, bucket: int) -> None:
        """Makes the lists of a bucket from their pieces."""
        lists: dict[str, list[Piece]] = defaultdict(list)
        for (data,) in self._db.rows("SELECT data FROM run WHERE bucket = ? ORDER BY unit", (bucket,)):
            for line in data.split("\n"):
                word, total, first, last, own, places = line.split("\t")
                lists[word].append(Piece(int(total), int(first), int(last), own, places))
        rows = (
            _row(word, sum(piece.total for piece in pieces), *postings.joined(pieces))
            for word, pieces in sorted(lists.items())
        )
        with self._db.writing():
            self._db.run_many(_LIST, rows)
            self._db.run("DELETE FROM run WHERE bucket = ?", (bucket,))

    def end_lists(self) -> None:
        """After all lists were made: counts what their words begin with."""
        with self._db.writing():
            for letters in range(1, LETTERS + 1):
                self._db.run(
                    "INSERT INTO beginning SELECT ?1, substr(word, 1, ?1), sum(size) FROM list"
                    " WHERE length(word) >= ?1 AND NOT is_whole GROUP BY 2",
                    (letters,),
                )
            self._db.run("INSERT INTO fact VALUES ('lists', x'')")

    # Some lists

    def changed(self) -> int:
        """How many threads say something else than lists do."""
        (count,) = self._db.row("SELECT count(*) FROM before")
        return int(count)

    def amend(self) -> None:
        """Brings lists up to date with the threads that changed."""
        changes: dict[str, dict[int, tuple[Piece | None, Piece | None]]] = defaultdict(dict)
        rows = self._db.rows(
            "SELECT number, before.lines, before.days, thread.lines, thread.days"
            " FROM before LEFT JOIN thread USING (number) ORDER BY number"
        ).fetchall()
        counted: dict[int, Totals] = {}
        for number, *texts in rows:
            old, now = texts[:2], texts[2:]
            before, _ = self._invert([(number, *old)] if old[0] is not None else [])
            after, counts = self._invert([(number, *now)] if now[0] is not None else [])
            counted.update(counts)
            same = _same(before, after)
            was, new = dict(before.pieces(same)), dict(after.pieces(same))
            for word in was.keys() | new.keys():
                if was.get(word) != new.get(word):
                    changes[word][number] = was.get(word), new.get(word)
        with self._db.writing():
            self._count(counted)
            for word, changed in sorted(changes.items()):
                self._amend(word, changed)
            self._db.run("DELETE FROM before")

    def _amend(self, word: str, changes: Mapping[int, tuple[Piece | None, Piece | None]]) -> None:
        old: Row = self._db.row("SELECT * FROM list WHERE word = ?", (word,)) or _row(word, 0, "", "")
        total = old[3]
        for was, now in changes.values():
            total += (now.total if now else 0) - (was.total if was else 0)
        amended = postings.replaced(old[4], old[5], {number: now for number, (_, now) in changes.items()})
        row = _row(word, total, *amended)
        if total:
            self._db.run(_LIST, row)
        else:
            self._db.run("DELETE FROM list WHERE word = ?", (word,))
        self._db.run("INSERT OR IGNORE INTO stale VALUES (?)", (word,))
        self._resize(word, _shared(row) - _shared(old))

    def _resize(self, word: str, more: int) -> None:
        """Counts with its beginnings that a word takes so much more."""
        for letters in range(1, min(LETTERS, len(word)) + 1) if more else ():
            self._db.run(
                "INSERT INTO beginning VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET size = size + ?3",
                (letters, word[:letters], more),
            )

    # From texts to pieces

    def _count(self, counts: Mapping[int, Totals]) -> None:
        self._db.run_many(
            "UPDATE thread SET documents = ?, words = ? WHERE number = ?",
            ((*totals, number) for number, totals in counts.items()),
        )

    def _invert(self, threads: Iterable[Thread]) -> tuple[_Inverted, dict[int, Totals]]:
        """The words of some threads with where they stand, and what each thread has of them."""
        unit = _Unit()
        for thread in threads:
            unit.add(*thread)
        words, lengths = self._inverter.invert(unit.texts)
        documents = [
            Document(
                *about,
                lengths.get(2 * one, 0),
                postings.length(lengths[2 * one + 1] + lengths.get(2 * one, 0)),
            )
            for one, about in enumerate(unit.about)
        ]
        counts: dict[int, Totals] = {}
        for one, (number, _) in enumerate(unit.about):
            known = counts.get(number, Totals(0, 0))
            more = lengths[2 * one + 1] + lengths.get(2 * one, 0)
            counts[number] = Totals(known.documents + 1, known.words + more)
        return _Inverted(unit, words, documents), counts

    # Files

    def parts(self) -> tuple[list[Part], list[str]]:
        """How lists are parted into files, and which words are common ones."""
        (total,) = self._db.row("SELECT coalesce(sum(size), 0) FROM beginning WHERE letters = 1")
        divided, parts = ([""], []) if total > LARGEST else ([], [Part("")])
        inner: list[str] = [*divided]
        for letters in range(1, LONGEST + 1):
            divided = [longer for beginning in divided for longer in self._divide(beginning, letters, parts)]
            inner += divided
        whole = {word for word in inner if self._db.row("SELECT 1 FROM list WHERE word = ?", (word,))}
        documents = self.totals().documents
        common: list[str] = []
        for word, size, own in self._db.rows("SELECT word, size, documents FROM list WHERE is_whole"):
            whole.add(word)
            if size > COMMON and 4 * own > documents and not postings.is_name(word):
                common.append(word)
        return sorted([*parts, *(Part(word, is_whole=True) for word in whole)]), sorted(common)

    def _divide(self, beginning: str, letters: int, parts: list[Part]) -> list[str]:
        """Which longer beginnings are too large again; the others are added to ``parts``, as many together
        as follow each other and fit."""
        divided: list[str] = []
        together, room = "", 0
        for longer, size in self._longer(beginning, letters):
            is_large = size > LARGEST and letters < LONGEST
            if together and (is_large or size > room):
                parts.append(Part(beginning, together))
                together = ""
            if is_large:
                divided.append(longer)
            elif size:
                room = (room if together else LARGEST) - size
                together += longer[-1]
        if together:
            parts.append(Part(beginning, together))
        return divided

    def _longer(self, beginning: str, letters: int) -> list[tuple[str, int]]:
        """Beginnings of so many letters that begin so, and the sizes of their lists together."""
        if letters <= LETTERS:
            sql = (
                "SELECT beginning, size FROM beginning"
                " WHERE letters = ?1 AND beginning >= ?2 AND beginning < ?3"
            )
        else:
            sql = (
                "SELECT substr(word, 1, ?1), sum(size) FROM list WHERE word >= ?2 AND word < ?3"
                " AND length(word) >= ?1 AND NOT is_whole GROUP BY 1"
            )
        return self._db.rows(sql, (letters, beginning, beginning + _LAST_LETTER)).fetchall()

    def stale(self) -> list[str] | None:
        """The words whose lists the site may not have; None for all."""
        if self._fact("all stale") is not None:
            return None
        return [word for (word,) in self._db.rows("SELECT word FROM stale")]

    def lists(self, part: Part) -> Iterator[tuple[str, str, str]]:
        """(word, postings, places) of all words in a part, by word."""
        if part.is_whole:
            return self._db.rows("SELECT word, postings, places FROM list WHERE word = ?", (part.beginning,))
        return self._db.rows(
            "SELECT word, postings, places FROM list"
            " WHERE word >= ? AND word < ? AND NOT is_whole ORDER BY word",
            (part.beginning + part.letters[:1], part.beginning + part.letters[-1:] + _LAST_LETTER),
        )

    def publish(self, look: bytes) -> None:
        """The site is about to have all lists as they are."""
        with self._db.writing():
            self._db.run("DELETE FROM stale")
            self._db.run("DELETE FROM fact WHERE name = 'all stale'")
            self._db.run("INSERT OR REPLACE INTO fact VALUES ('look', ?)", (look,))

    def _fact(self, name: str) -> bytes | None:
        found = self._db.row("SELECT value FROM fact WHERE name = ?", (name,))
        return None if found is None else bytes(found[0])


class Inverter:
    """FTS5, by which texts are taken apart into words."""

    def __init__(self) -> None:
        self._db = Database.in_memory(_INVERTER)

    def invert(self, texts: Iterable[tuple[int, str]]) -> tuple[list[tuple[str, list[int]]], dict[int, int]]:
        """The words of numbered, folded texts with the places where each stands; how long texts are."""
        db = self._db
        with db.writing():
            db.run_many("INSERT INTO text (rowid, body) VALUES (?, ?)", texts)
            rows = db.rows(f"SELECT term, group_concat((doc << {PLACE}) + offset) FROM word GROUP BY term")
            words = [(word, sorted(map(int, places.split(",")))) for word, places in rows]
            lengths = {text: _varint(size) for text, size in db.rows("SELECT id, sz FROM text_docsize")}
            db.run("INSERT INTO text (text) VALUES ('delete-all')")
        return words, lengths


class _Unit:
    """Some threads on their way to pieces: texts by number (twice the document's, and 1 if it is no title),
    of each document its thread and which one of it it is, and what else documents are found by."""

    def __init__(self) -> None:
        self.texts: list[tuple[int, str]] = []
        self.about: list[tuple[int, int]] = []
        self._named: dict[str, list[int]] = defaultdict(list)
        self._days: list[Piece] = []

    def add(self, number: int, lines: str, days: str) -> None:
        self._days.append(Piece(1, number, number, days, ""))
        ordinal = 0
        for line in lines.split("\n"):
            _, title, domain, documents = json.loads(line)
            for _, author, _, text, page, *_ in documents:
                one = len(self.about)
                self.about.append((number, ordinal))
                if page == 0:
                    self.texts.append((2 * one, postings.fold(title)))
                self.texts.append((2 * one + 1, postings.fold(text)))
                if author:
                    for name in {author, author_text(author)}:
                        self._named[postings.author_word(name)].append(one)
                if domain:
                    self._named[postings.site_word(domain)].append(one)
                ordinal += 1

    def named(self, documents: Sequence[Document]) -> Iterator[tuple[str, Piece]]:
        """What is to be said of all that is no word of a text."""
        for word, found in self._named.items():
            yield word, postings.named(found, documents)
        if self._days:
            yield postings.DAYS, postings.united(self._days)


class _Inverted(NamedTuple):
    """Some threads taken apart: in each word's list stands where it is found."""

    unit: _Unit
    words: Sequence[tuple[str, list[int]]]
    documents: Sequence[Document]

    def pieces(self, without: Container[str] = ()) -> Iterator[tuple[str, Piece]]:
        """What is to be said of each word, but for some words of the texts."""
        for word, found in self.words:
            if word not in without:
                yield word, postings.piece(found, self.documents)
        yield from self.unit.named(self.documents)


def _same(before: _Inverted, after: _Inverted) -> set[str]:
    """The words of which the same is to be said before and after: most, where a thread changes."""
    pairs = enumerate(zip_longest(before.documents, after.documents))
    differing = {one for one, (old, new) in pairs if old != new}
    found_before = dict(before.words)
    return {
        word
        for word, found in after.words
        if found_before.get(word) == found and not any(place >> PLACE + 1 in differing for place in found)
    }


Row = tuple[str, int, bool, int, str, str]


def _row(word: str, documents: int, own: str, places: str) -> Row:
    size = len(own) + len(word.encode()) + AROUND
    return word, size, size > WHOLE and len(word) <= NAMEABLE, documents, own, places


def _shared(row: Row) -> int:
    """How many bytes a list takes in a file that it shares with others."""
    return row[1] if row[3] and not row[2] else 0


def _varint(bytes_: bytes) -> int:
    """A number as SQLite writes it: seven bits a byte, highest first."""
    number = 0
    for byte in bytes_:
        number = number << 7 | byte & 127
    return number
