"""Real pages of Hacker News, read a second time by cutting them at their marks: no tree, no parser.

What stands between two spacers is one comment. Parents are the last comment of a smaller width, texts are
compared by their letters. Pages of threads that are also there as items are compared with those, too.
"""

from __future__ import annotations

import gzip
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hnsite.model import Kind, Piece, Problem, Record
from hnsite.readers import READERS, hn_page
from hnsite.readers.input import HEAD_SIZE, Head

EDITED = ["12628486", "12628485", "12628363", "12628246", "12628250", "12627899", "12628007"]
"""Comments of a page saved minutes after they were written, which were edited later."""
_SPACER = re.compile(
    r"""<td(?: class=['"]ind['"](?: indent="\d+")?)?>\s*<img src="[^"]*s\.gif" height="1" width="(\d+)">"""
)
_ID = re.compile(r"""\bid=['"]?(?:up|unv)_(\d+)|\bhref="[^"]*\bitem\?id=(\d+)">(?:link|\d+ \w+ ago)""")
_USER = re.compile(r'user\?id=([\w-]+)"')
_EXACT = re.compile(r'title="\S+ (\d+)"')
_AGE = re.compile(r">\s*(\d+ \w+ ago|on \w+ \d+, \d{4})|</a> (\d+ \w+ ago) ")
_TEXT = re.compile(
    r"""class="(?:commtext c\w\w|comment)">(.*?)(?:<div class=['"]reply|<p><font size="1"|</td>|\Z)""",
    re.DOTALL,
)
_TAG = re.compile(r"<[^<>]*>")


@dataclass
class Comment:
    id: str
    parent: str | None
    author: str | None
    exact: int | None
    age: str | None
    letters: str


def letters(text: str | None) -> str:
    return "".join(filter(str.isalnum, html.unescape(_TAG.sub("", text or ""))))


def comments(page: str, top: str) -> Iterator[Comment]:
    """Every comment below ``top``, which the page is about."""
    page = page[: page.find("yclinks")]
    spacers = list(_SPACER.finditer(page))
    path: dict[int, str] = {-1: top}
    for spacer, end in zip(spacers, [*(one.start() for one in spacers[1:]), len(page)], strict=True):
        said, width = page[spacer.end() : end], int(spacer[1])
        marked = _ID.search(said)
        assert marked, said
        id = marked[1] or marked[2]
        parent = path[max(depth for depth in path if depth < width)]
        path = {depth: one for depth, one in path.items() if depth < width} | {width: id}
        user, exact, age, text = (pattern.search(said) for pattern in (_USER, _EXACT, _AGE, _TEXT))
        yield Comment(
            id,
            parent,
            user[1] if user else None,
            int(exact[1]) if exact else None,
            (age[1] or age[2]) if age else None,
            letters(text[1] if text else ""),
        )


def pages(shared: Path) -> list[Path]:
    return sorted((shared / "data/hn-html").glob("*.html"))


def read(path: Path) -> list[Piece]:
    with path.open("rb") as file:
        return list(hn_page.read(file, path.name))


def records(path: Path) -> dict[str, Record]:
    found = [piece for piece in read(path) if isinstance(piece, Record)]
    assert len({record.id for record in found}) == len(found)
    return {record.id: record for record in found}


@pytest.fixture(scope="module")
def items(shared: Path) -> dict[str, dict[str, Any]]:
    with gzip.open(shared / "data/hn-items/threads.ndjson.gz", "rt", encoding="utf-8") as lines:
        return {str(item["id"]): item for item in map(json.loads, lines)}


def test_every_comment_of_every_thread(shared: Path) -> None:
    counts = Counter[str]()
    for path in pages(shared):
        found = records(path)
        if not any(record.kind is Kind.COMMENT for record in found.values()):
            continue
        top = next(iter(found))
        for said in comments(path.read_text("utf-8"), top):
            record = found.pop(said.id)
            assert (record.parent, record.author) == (said.parent, said.author), (path.name, said.id)
            assert letters(record.body) == said.letters, (path.name, said.id)
            assert record.created is not None
            if said.exact:
                assert record.created.epoch == said.exact
            else:
                assert record.created.words == said.age or said.age is None or said.age.startswith("on ")
            counts[path.name] += 1
        assert list(found) == [top]
    assert sum(counts.values()) == 4 + 32 + 66 + 3 + 52 + 149 + 228 + 69 + 124


def test_threads_are_those_of_the_items(shared: Path, items: dict[str, dict[str, Any]]) -> None:
    compared = 0
    for path in pages(shared):
        for id, record in records(path).items():
            if id not in items:
                continue
            item = items[id]
            parent = item.get("parent")
            assert record.parent == (str(parent) if parent else None), (path.name, id)
            assert record.kind == item["type"]
            assert record.author == item.get("by") or item.get("by") is None
            assert letters(record.body) == letters(item.get("text")) or not item.get("text") or id in EDITED
            assert record.title == item.get("title")
            compared += 1
    assert compared > 650


def test_lists_and_users(shared: Path) -> None:
    text = (shared / "data/hn-html/2026-news.html").read_text("utf-8")
    found = list(records(shared / "data/hn-html/2026-news.html").values())
    assert [one.id for one in found] == re.findall(r'<tr class="athing submission" id="(\d+)">', text)
    assert [str(one.score) for one in found if one.score is not None] == re.findall(r">(\d+) points?<", text)
    assert [one.author for one in found if one.author] == re.findall(r'class="hnuser">([\w-]+)<', text)
    (user,) = read(shared / "data/hn-html/2026-user.html")
    assert isinstance(user, Problem) and user.skipped


def test_no_other_dump_is_a_page(shared: Path) -> None:
    for path in sorted((shared / "data").rglob("*")):
        if path.is_file():
            with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
                head = Head(file.read(HEAD_SIZE))
            claims = [reader.NAME for reader in READERS if reader.why_not(head) is None]
            is_page = path.parent.name == "hn-html"
            assert ("hn-page" in claims) == is_page, path
            assert not is_page or claims == ["hn-page"], path


@pytest.mark.slow
def test_pages_agree_with_other_dumps_of_their_threads(shared: Path, tmp_path: Path) -> None:
    """The only differences are true ones."""
    content = tmp_path / "content"
    shutil.copytree(shared / "data/hn-html", content / "pages")
    shutil.copytree(shared / "data/hn-algolia", content / "algolia", ignore=shutil.ignore_patterns("search*"))
    shutil.copy(shared / "data/hn-items/threads.ndjson.gz", content)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "hnsite", "build"]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    said = run.stdout + run.stderr
    assert re.findall(r"another text for item (\d+)", said) == EDITED
    assert "a user's page" in said
