"""Real topics of Discourse and Zulip and a real export of Slack: the site compared, message by message, with
a plain reading of the files by ``json``.

Nothing here imports hnsite: the site is built by the command and read back by ``built_site``.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from built_site import Page, Post, Site, words
from test_real_dumps import build


@dataclass(frozen=True)
class Item:
    """One message as its file has it; ``parent`` is "" where it answers only the thread."""

    id: str
    thread: str
    parent: str
    author: str
    seconds: int
    letters: str


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def seen(body: str) -> str:
    """The letters of HTML: emoji by their names, pictures by what they show, portraits by nothing."""
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    for element in root.iter("img", "div", "aside"):
        kind = (element.get("class") or "").split()
        if element.tag == "img" and not {"avatar", "site-icon"} & {*kind}:
            words = element.get("alt") or element.get("title") or ""
            element.tail = (words if "emoji" in kind else words or "picture") + (element.tail or "")
        if "lazyYT" in kind:
            element.text = element.get("data-youtube-title")
        if "quote" in kind and (who := element.get("data-username")):
            title = element.find("div")
            if who not in title.text_content():
                title.text = who + (title.text or "")
    return letters(root.text_content())


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


# ---- the files


def topic_items(path: Path) -> Iterator[Item]:
    topic = json.loads(path.read_bytes())
    thread = f"discourse-{topic['id']}"
    for post in topic["post_stream"]["posts"]:
        number, above = post["post_number"], post["reply_to_post_number"]
        text = seen(post["cooked"]) if post["cooked"] else letters(post["action_code"])
        yield Item(
            f"{thread}-{number}" if number > 1 else thread,
            thread,
            f"{thread}-{above}" if above and above > 1 else "",
            post["username"],
            epoch(post["created_at"]),
            text,
        )


def message_items(path: Path, thread: str) -> Iterator[Item]:
    """Messages of a topic of Zulip; none of those at hand quotes another of its topic."""
    for message in json.loads(path.read_bytes()):
        assert "/near/" not in re.sub(r'<a href="#narrow.*?</a>', "", message["content"])
        yield Item(
            f"zulip-{message['id']}",
            thread,
            "",
            message["sender_full_name"],
            message["timestamp"],
            seen(message["content"]),
        )


def slack_items(export: zipfile.ZipFile) -> Iterator[Item]:
    users = {one["id"]: one["name"] for one in json.loads(export.read("users.json"))}
    channels = {one["name"]: one["id"].lower() for one in json.loads(export.read("channels.json"))}
    for name in export.namelist():
        folder, _, file = name.partition("/")
        if not file:
            continue
        for message in json.loads(export.read(name)):
            thread = f"slack-{channels[folder]}"
            user = message.get("user") or message.get("comment", {}).get("user", "")
            assert "thread_ts" not in message
            yield Item(
                f"{thread}-{message['ts'].replace('.', '')}",
                thread,
                "",
                users.get(user) or message.get("username") or message["bot_id"],
                int(message["ts"].partition(".")[0]),
                letters("".join(slack_texts(message, users))),
            )


def slack_texts(message: dict[str, Any], users: dict[str, str]) -> Iterator[str]:
    """The text, then what stands in attachments; previews say less."""
    yield plain(message["text"], users)
    for one in message.get("attachments", []):
        shown = ["pretext", "author_name", "title", "text"]
        if "author_name" not in one and "service_name" in one:
            shown[1] = "service_name"
        parts = [plain(one[name], users) for name in shown if name in one]
        yield from parts or [plain(one["fallback"], users)]
        yield "picture" if "image_url" in one and one["image_url"] not in message["text"] else ""


def plain(text: str, users: dict[str, str]) -> str:
    text = re.sub(r"<@(\w+)(?:\|[^>]*)?>", lambda match: users.get(match[1], match[1]), text)
    text = re.sub(r"<[^>|]*\|([^>]*)>", r"\1", text)
    return html.unescape(re.sub(r"<([^>]*)>", r"\1", text))


# ---- the site


@pytest.fixture(scope="module")
def site(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("chats")
    for name in ("discourse", "zulip", "slack"):
        shutil.copytree(shared / "data" / name, folder / "content" / name)
    build(folder, "-q")
    return Site(folder / "public")


def thread_of(site: Site, title: str) -> str:
    pages = (path for path in site.files if re.fullmatch(r"item/zulip-\d+-[0-9a-f]{12}\.html", path))
    (path,) = (path for path in pages if site.kept(path).title == title)
    return path.removeprefix("item/").removesuffix(".html")


def check_posts(site: Site, thread: str, items: list[Item]) -> None:
    """The thread's page holds these messages, all of them and nothing else."""
    page = site.kept(f"item/{thread}.html")
    comments = [item for item in items if item.id != thread]
    posts = {post.id: post for post in page.listed if not post.is_stub}
    assert sorted(posts) == sorted(item.id for item in comments)
    places = {place.id: place.under for place in page.places}
    for item in comments:
        check_post(posts[item.id], item)
        assert places[item.id] == (item.parent or None)
    for item in items:
        if item.id == thread:
            check_story(page, item)


def check_post(post: Post, item: Item) -> None:
    assert post.author and post.author.text == item.author
    assert post.published and epoch(post.published) == item.seconds
    assert letters(words(post.body)) == item.letters, post.id


def check_story(page: Page, item: Item) -> None:
    shown = words(page.story)
    assert item.author in shown
    assert datetime.fromtimestamp(item.seconds, UTC).strftime("%Y-%m-%d %H:%M") in shown
    assert item.letters in letters(shown)


def test_topics_of_a_forum(site: Site, shared: Path) -> None:
    files = sorted((shared / "data/discourse").glob("*.json"))
    assert files
    for path in files:
        items = list(topic_items(path))
        check_posts(site, items[0].thread, items)
        assert site.kept(f"item/{items[0].thread}.html").title == json.loads(path.read_bytes())["title"]


def test_topics_of_zulip(site: Site, shared: Path) -> None:
    files = sorted((shared / "data/zulip").rglob("*.json"))
    assert files
    for path in files:
        stream = path.parent.name.partition("-")[2]
        name = re.sub(r"\.([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), path.stem)
        thread = thread_of(site, f"#{stream} > {name}")
        check_posts(site, thread, list(message_items(path, thread)))


def test_channels_of_slack(site: Site, shared: Path) -> None:
    (path,) = (shared / "data/slack").glob("*.zip")
    with zipfile.ZipFile(path) as export:
        items = list(slack_items(export))
    threads = {item.thread for item in items}
    assert len(threads) == 2
    for thread in threads:
        check_posts(site, thread, [item for item in items if item.thread == thread])


def test_nothing_but_these_and_no_broken_link(site: Site) -> None:
    site.scan()
    assert site.broken() == []
    assert site.doubled == []
