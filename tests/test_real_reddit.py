"""Real dumps of Reddit and Lobsters, each item against what the plainest reading of its file says.

Reddit's dumps hold each text also as the HTML that Reddit made of it, which tells what ours must show.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from hnsite import sources
from hnsite.link import threads
from hnsite.markup import letters_of
from hnsite.merge import merge
from hnsite.model import Comment, Record, State, Thread

CASES = Path(__file__).parent / "readers"
WORDLESS = re.compile(r"\[\]\(")
"""A link without words shows its title here, and nothing there."""


def merged(*paths: Path) -> dict[str, tuple[Thread, Comment]]:
    """Every item that the dumps hold, and its thread, as pages show them."""
    records: list[Record] = []
    for path in paths:
        dump = sources.Dump(str(path), path.name, path.stat().st_size)
        for piece in sources.read(dump, sources.pick(dump)):
            assert isinstance(piece, Record), piece
            records.append(piece)
    found, _ = threads(records)
    made = [merge(of_one, root) for root, of_one in found.items()]
    return {item.id: (one, item) for one in made for item in (one.root, *one.comments) if item.held}


def things(value: Any) -> Iterator[dict[str, Any]]:
    """The posts and comments of an answer of the API; few enough to recurse."""
    if isinstance(value, list):
        for one in value:
            yield from things(one)
    elif isinstance(value, dict) and value.get("kind") == "Listing":
        yield from things(value["data"]["children"])
    elif isinstance(value, dict) and value.get("kind") in ("t1", "t3"):
        yield value["data"]
        yield from things(value["data"].get("replies"))


def lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def shown(fragment: str) -> str:
    text = lxml.html.fragment_fromstring(fragment, create_parent="div").text_content()
    return "".join(filter(str.isalnum, text))


def check_thing(thing: dict[str, Any], thread: Thread, item: Comment) -> None:
    gone = thing.get("body", thing.get("selftext")) in ("[deleted]", "[removed]")
    author = None if thing["author"] == "[deleted]" else f"{thing['author']}@reddit"
    assert item.author == author
    assert item.created and item.created.epoch == int(thing["created_utc"])
    assert thread.id == f"reddit-{thing.get('link_id', thing['name'])}"
    assert item.parent == (f"reddit-{thing['parent_id']}" if "parent_id" in thing else None)
    assert (item.state is not State.LIVE) == gone
    body, rendered = (
        thing.get("body", thing.get("selftext")),
        thing.get("body_html", thing.get("selftext_html")),
    )
    if gone or not body or not rendered:
        assert item.body is None
    elif not WORDLESS.search(body):
        assert letters_of(item.body, item.dialect) == shown(rendered)
    if "title" in thing:
        assert item.title == thing["title"]


def test_posts_and_comments_line_by_line(shared: Path) -> None:
    """Every post, comment, parent, author, date and text of 2,173 lines."""
    folder = shared / "data" / "reddit"
    paths = [folder / "comments.ndjson.gz", folder / "submissions.ndjson.gz"]
    items = merged(*paths)
    said = [thing for path in paths for thing in lines(path)]
    assert items.keys() == {f"reddit-{thing['name']}" for thing in said}
    for thing in said:
        check_thing(thing, *items[f"reddit-{thing['name']}"])


def test_answers_of_the_api(shared: Path) -> None:
    answers = sorted((shared / "data" / "reddit").glob("*.json"))
    for path in answers:
        said = list(things(json.loads(path.read_text("utf-8"))))
        if not said:
            continue  # an answer that only says where something was posted
        items = merged(path)
        assert items.keys() == {f"reddit-{thing['name']}" for thing in said}, path.name
        for thing in said:
            check_thing(thing, *items[f"reddit-{thing['name']}"])
    assert len(answers) == 7


@pytest.mark.parametrize("name", ["real_story_item.json", "xfocus_lobsters.json"])
def test_stories_of_lobsters(shared: Path, name: str) -> None:
    path = shared / "data" / "lobsters" / name
    said = json.loads(path.read_text("utf-8"))
    said = said if isinstance(said, list) else [said]
    items = merged(path)
    assert len(items) == len(said)
    for story in said:
        place = story.get("short_id_url") or story["url"]
        thread, item = items["lobsters-" + place.split("/s/")[1].split("/")[0]]
        assert thread.root == item
        assert (item.title, item.score) == (story["title"], story["score"])
        assert item.author == f"{story.get('submitter_user') or story.get('author')}@lobsters"
        assert item.original == place
        assert item.url == (story["url"] if "short_id" in story else None)
        assert (item.created is None) == ("created_at" not in story)


def test_a_comment_that_a_later_dump_shows_as_removed() -> None:
    """Who wrote it and what stay from the dump that still had them; that it is gone is the newer word."""
    thread, comment = merged(CASES / "reddit_comments.ndjson")["reddit-t1_cnas8zw"]
    assert (comment.author, comment.body) == ("bob@reddit", "A removed one, as it was")
    assert comment.state is State.DEAD
    assert thread.captured == 1700129700
