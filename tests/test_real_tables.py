"""Real tables, search hits, items of hnpwa and a user's comments: each item on the site, as its file has it.

The files are read here in the simplest other way, and the site by ``built_site``; nothing imports hnsite.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from built_site import Post, Site
from test_real_dumps import build, put

_PLACEHOLDERS = {"[dead]", "[deleted]", "[flagged]", "[delayed]"}


@dataclass(frozen=True)
class Said:
    """What a file says of one item; None where it does not say."""

    id: int
    is_comment: bool
    parent: int | None = None
    author: str | None = None
    time: int | None = None
    text: str | None = None
    title: str | None = None
    is_html: bool = True


def number(value: Any) -> int | None:
    """A number as any table has it."""
    return int(float(value)) if value not in (None, "") and value == value else None


def said(row: dict[str, Any]) -> Said:
    """A row with the API's names."""
    time = row["time"]
    seconds = int(time.replace(tzinfo=UTC).timestamp()) if isinstance(time, datetime) else number(time)
    gone = row["dead"] in ("true", 1, True) or row["deleted"] in ("true", 1, True)
    text = None if gone and row["text"] in _PLACEHOLDERS else row["text"] or None
    is_comment = row["type"] == "comment"
    return Said(
        int(row["id"]), is_comment, number(row["parent"]), row["by"] or None, seconds, text, row["title"]
    )


def bigquery(path: Path) -> Iterator[Said]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from map(said, csv.DictReader(file))


def sqlite(path: Path) -> Iterator[Said]:
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    db.row_factory = sqlite3.Row
    yield from (said(dict(row)) for row in db.execute("SELECT * FROM items"))
    db.close()


def parquet(path: Path) -> Iterator[Said]:
    table = pytest.importorskip("pyarrow.parquet").read_table(path)
    yield from map(said, table.to_pylist())


def hits(path: Path) -> Iterator[Said]:
    for hit in json.loads(path.read_bytes())["hits"]:
        text = hit.get("comment_text") or hit.get("story_text")
        is_comment = "comment" in hit["_tags"]
        parent, title = hit.get("parent_id"), hit.get("title")
        yield Said(int(hit["objectID"]), is_comment, parent, hit["author"], hit["created_at_i"], text, title)


def hnpwa(path: Path) -> Iterator[Said]:
    waiting = [(json.loads(gzip.decompress(path.read_bytes())), None)]
    while waiting:
        item, parent = waiting.pop()
        text = None if item.get("deleted") else item["content"]
        if text and re.sub("^<p>", "", text) in _PLACEHOLDERS:
            text = None
        yield Said(
            item["id"], "level" in item, parent, item.get("user"), item["time"], text, item.get("title")
        )
        waiting += [(child, item["id"]) for child in item["comments"]]


def user_comments(path: Path) -> Iterator[Said]:
    text = path.read_text("utf-8")
    pattern = r"={72}\nID: +(\d+)  \|  (\S+ \S+) UTC\nURL: [^\n]*\n\n(.*?)\n(?=={72}|=*\Z)"
    for id, date, body in re.findall(pattern, text, re.DOTALL):
        time = datetime.strptime(date, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        yield Said(int(id), True, time=int(time.timestamp()), text=body, is_html=False)


FILES = {
    "hn-tables/bigquery.csv": bigquery,
    "hn-tables/items.sqlite": sqlite,
    "hn-tables/openpipe.parquet": parquet,
    "hn-algolia/search-hits.json": hits,
    "hn-other/hnpwa-25015967.json.gz": hnpwa,
    "hn-other/user-comments.txt": user_comments,
}


def letters(text: str | None, *, is_html: bool) -> str:
    """The letters of a text without those of its links, which may be cut."""
    if not text or not is_html:
        return "".join(filter(str.isalnum, re.sub(r"https?://\S+", "", text or "")))
    element = lxml.html.fragment_fromstring(text, create_parent="div")
    return shown_letters(element)


def shown_letters(element: Any) -> str:
    parts = element.xpath(".//text()[not(ancestor::a[not(@class='quoted')])]") if element is not None else ()
    return "".join(filter(str.isalnum, re.sub(r"https?://\S+", "", "".join(parts))))


def faults(item: Said, posts: Iterable[Post]) -> Iterator[str]:
    """Where the site's posts of one comment differ from what its file says."""
    for post in posts:
        place = f"{post.page.path}#{item.id}"
        if item.parent and post.parent and str(item.parent) not in re.findall(r"\d+", post.parent.href)[-1:]:
            yield f"{place}: parent {post.parent.href}, not {item.parent}"
        if post.state == "deleted":
            continue
        if item.author and (post.author is None or post.author.text != item.author):
            yield f"{place}: author {post.author}, not {item.author}"
        shown = datetime.fromisoformat(post.published).timestamp() if post.published else None
        if item.time is not None and shown != item.time:
            yield f"{place}: time {post.published}, not {item.time}"
        wanted = letters(item.text, is_html=item.is_html)
        if item.text and shown_letters(post.body) != wanted:
            yield f"{place}: text {shown_letters(post.body)[:80]!r}, not {wanted[:80]!r}"


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES, ids=lambda name: Path(name).stem)
def test_each_item_is_on_the_site_as_its_file_has_it(name: str, shared: Path, tmp_path: Path) -> None:
    path = shared / "data" / name
    items = {item.id: item for item in FILES[name](path)}
    assert items
    report = build(put(tmp_path, [path]))
    assert "another text" not in report
    site = Site(tmp_path / "public")
    posts: dict[int, list[Post]] = {id: [] for id in items}
    for page in (site.page(file) for file in site.files if re.fullmatch(r"item/\d+(\.\d+)?\.html", file)):
        for post in page.posts():
            if post.id.isdigit() and int(post.id) in posts:
                posts[int(post.id)].append(post)
    comments = [item for item in items.values() if item.is_comment]
    assert not [item.id for item in comments if not posts[item.id]]
    assert not [fault for item in comments for fault in faults(item, posts[item.id])]
    for item in items.values():
        assert f"item/{item.id}.html" in site.files
