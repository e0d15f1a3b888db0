"""Tables of Hacker News items: how they are told from others, and what is special to each kind of file."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hnsite import readers, sources
from hnsite.errors import UnreadableError
from hnsite.model import Piece, Problem, Record
from hnsite.readers import csv_table, parquet_table, sqlite_table
from hnsite.readers.input import Head
from hnsite.readers.table import lacking

texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\n\t,;\"'|\\"), max_size=20
)


@example([("", "NULL"), ("\\N", "null")], ",")
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_any_text_comes_back_from_a_written_table(rows: list[tuple[str, str]], separator: str) -> None:
    """What a CSV writer writes is what is read, but for the ways in which exporters write nothing."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=separator, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(["id", "by", "type", "text", "parent"])
    for number, (author, text) in enumerate(rows, 1):
        writer.writerow([number, author, "comment", text, 99])
    pieces = list(csv_table.read(io.BytesIO(file.getvalue().encode()), "dump"))
    told = [piece.reason for piece in pieces if isinstance(piece, Problem)]
    assert all("nothing but its id" in reason for reason in told)
    found = [(one.author or "", one.body or "") for one in pieces if isinstance(one, Record)]
    assert found == [tuple("" if one in ("\\N", "NULL") else one for one in row) for row in rows]


@pytest.mark.parametrize(
    "header, reason",
    [
        ("name,size", "id"),
        ("id,name,size", "two of"),
        ("id,title,author,created_at", "Hacker News alone"),
        ("id,author,score,title,subreddit,created_utc", "created_utc"),
        ("by,text,time,parent", "'id'"),
        ("a line of prose, and nothing else", "id"),
        ("no separator", "separator"),
    ],
)
def test_other_tables_are_refused_with_what_they_lack(header: str, reason: str) -> None:
    said = csv_table.why_not(Head(f"{header}\n1,2,3\n".encode()))
    assert said and reason in said
    with pytest.raises(UnreadableError, match="no reader"):
        readers.pick(Head(f"{header}\n1,2,3\n".encode()))


def test_ids_of_letters_are_not_of_hacker_news() -> None:
    assert csv_table.why_not(Head(b"id,by,text,parent\nt1_abc,ann,hello,t3_x\n"))


def test_types_tell_a_table_that_no_column_tells() -> None:
    names = ["id", "type", "title", "author", "created_at"]
    assert lacking(names)
    assert lacking(names, ["story", "comment"]) is None
    assert lacking(names, ["story", "page"])


def test_parquet_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(UnreadableError, match=r"pip install 'hnsite\[parquet\]'"):
        parquet_table.why_not(Head(b"PAR1"))
    assert parquet_table.why_not(Head(b"{}")) == "not a Parquet file"


def pieces_of(path: Path) -> list[Piece]:
    dump = sources.Dump(str(path), path.name, path.stat().st_size)
    assert sources.pick(dump) is sqlite_table
    return list(sources.read(dump, sqlite_table))


ITEMS = "create table items (id integer primary key, by text, time integer, text text, parent integer);"


@pytest.mark.parametrize(
    "schema",
    [
        "create view items as with recursive n(id) as (select 1 union all select id + 1 from n)"
        " select id, 'ann' as by, 1 as time, 'x' as text from n",
        "create virtual table items using fts5(id, by, time, text); insert into items values (1, 2, 3, 4)",
        "create table other (a, b)",
        "create table t (x); drop table t",
    ],
    ids=["view", "virtual", "other", "none"],
)
def test_what_is_no_plain_table_of_items_is_refused(tmp_path: Path, schema: str) -> None:
    db = sqlite3.connect(tmp_path / "x.db")
    db.executescript(schema)
    db.close()
    (piece,) = pieces_of(tmp_path / "x.db")
    assert isinstance(piece, Problem)
    assert piece.skipped
    assert "no table of Hacker News items" in piece.reason


def test_items_may_be_kept_as_json_in_a_column(tmp_path: Path) -> None:
    """As programs do that keep what they fetch; a table of other JSON is none of items."""
    texts = [
        json.dumps({"id": 7, "type": "story", "by": "sedge", "title": "Two shuttles", "kids": [8]}),
        json.dumps({"id": 8, "type": "comment", "by": "teasel", "parent": 7, "text": "One is enough."}),
    ]
    with closing(sqlite3.connect(tmp_path / "kept.db")) as db, db:
        db.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, item BLOB, time TEXT)")
        db.execute("CREATE TABLE other (id INTEGER PRIMARY KEY, item TEXT)")
        db.executemany("INSERT INTO kept VALUES (?, ?, '2014')", enumerate(texts, 7))
        db.execute("INSERT INTO kept VALUES (9, '{\"id\": 9', '2014')")
        db.execute("INSERT INTO other VALUES (1, '{\"id\": 1}')")
    story, comment, broken = pieces_of(tmp_path / "kept.db")
    assert isinstance(story, Record)
    assert isinstance(comment, Record)
    assert isinstance(broken, Problem)
    assert (story.title, story.replies) == ("Two shuttles", ("8",))
    assert (comment.parent, comment.author, comment.body) == ("7", "teasel", "One is enough.")


def test_a_database_is_left_as_it_was(tmp_path: Path) -> None:
    """Whatever its journal and its name: no byte, no lock and no file beside it."""
    path = tmp_path / "odd ?#%41.db"
    db = sqlite3.connect(path)
    db.executescript("pragma journal_mode = wal;" + ITEMS + "insert into items values (1, 'ann', 5, 'x', 2)")
    db.close()
    path.chmod(0o444)
    before = path.read_bytes()
    (record,) = pieces_of(path)
    assert isinstance(record, Record)
    assert (record.id, record.parent, record.author, record.body) == ("1", "2", "ann", "x")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_log_without_its_database_says_what_to_do() -> None:
    raw = b"\x37\x7f\x06\x82" + bytes(28)
    assert sqlite_table.why_not(Head(raw)) is None
    (piece,) = sqlite_table.read(io.BytesIO(raw), "x.db-wal")
    assert isinstance(piece, Problem)
    assert "sqlite3" in piece.reason
