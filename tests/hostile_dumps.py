"""Small valid dumps of every format with a hostile text in each of their fields.

A writer is given a number, from which ten are free for its items, that of the story that they are below, and
a ``Say``: what it says in each field, of a story with its title, author, address and text, and of comments.
What must have a form to be taken (ids, dates, counts) is a ``fact``: it is hostile in a dump of its own,
where the texts are tame.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Mapping, Sequence
from email.header import Header
from pathlib import Path
from typing import Any, NamedTuple

EPOCH = 1_600_000_000
DATE = "2020-09-13T12:26:40Z"


class Say:
    """What a dump says in each of its fields; ``said`` are the fields that got the hostile text."""

    def __init__(self, vector: str, *, in_facts: bool) -> None:
        self.vector = vector
        self.in_facts = in_facts
        self.said: set[str] = set()

    def text(self, field: str) -> str:
        return f"tame {field}" if self.in_facts else self._hostile(field)

    def line(self, field: str) -> str:
        """A text without what would end the line."""
        return " ".join(self.text(field).split())

    def fact(self, field: str, usual: Any) -> Any:
        return self._hostile(field) if self.in_facts else usual

    def _hostile(self, field: str) -> str:
        self.said.add(field)
        return self.vector

    def file_name(self, usual: str) -> str:
        """A name for a file or folder, hostile as far as the system takes it."""
        raw = self._hostile("file name").replace("/", "\u2215").replace("\0", "").encode("utf-8", "replace")
        name = raw[:120].decode("utf-8", "ignore").strip(". \n")
        return f"{usual} {name}" if name else usual


Files = Mapping[str, bytes]
Writer = Callable[[int, int, Say], Files]


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _lines(*values: object) -> bytes:
    return b"\n".join(map(_json, values)) + b"\n"


def base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


# Hacker News


def _items(n: int, story: int, say: Say) -> list[dict[str, Any]]:
    """As the API has them."""
    return [
        {
            "id": story,
            "type": "story",
            "by": say.text("author"),
            "title": say.text("title"),
            "url": say.text("url"),
            "text": say.text("body"),
            "time": say.fact("time", EPOCH),
            "score": say.fact("score", 3),
            "kids": say.fact("kids", [n + 1]),
            "descendants": say.fact("descendants", 2),
        },
        {
            "id": n + 1,
            "type": "comment",
            "parent": story,
            "by": say.text("author"),
            "text": say.text("body"),
            "time": EPOCH,
        },
        {
            "id": n + 2,
            "type": say.fact("type", "comment"),
            "parent": say.fact("parent", n + 1),
            "by": "tame",
            "text": "> " + say.text("quote"),
            "time": EPOCH + 1,
            "dead": say.fact("dead", True),
        },
        {
            "id": say.fact("id", n + 3),
            "type": "comment",
            "parent": story,
            "by": "x",
            "text": "x",
            "time": EPOCH,
        },
    ]


def _polls(n: int, say: Say) -> list[dict[str, Any]]:
    return [
        {"id": n + 4, "type": "poll", "title": say.text("title"), "parts": [n + 5], "time": EPOCH, "by": "x"},
        {"id": n + 5, "type": "pollopt", "poll": n + 4, "text": say.text("option"), "by": say.text("author")},
        {"id": n + 6, "type": "job", "title": say.text("title"), "text": say.text("body"), "time": EPOCH},
    ]


def hn_api(n: int, story: int, say: Say) -> Files:
    return {"items.ndjson": _lines(*_items(n, story, say), *_polls(n, say))}


def export(n: int, story: int, say: Say) -> Files:
    """What ``hnsite export`` writes."""
    items = []
    for item in _items(n, story, say):
        about = {
            "export": 1,
            "thread": say.fact("thread", story),
            "dialect": say.fact("dialect", "hn"),
            "evidence": say.fact("evidence", "stated"),
            "domain": say.text("domain"),
            "original": say.text("original"),
            "precision": {"unit": say.fact("unit", "day"), "words": say.text("words")},
            "edited": {"time": None, "unit": "day", "words": say.text("edited")},
            "was": [say.text("was")],
            "beside": [say.text("beside")],
            "dumps": [say.text("dumps")],
        }
        items.append({"id": item.pop("id"), "type": item.pop("type"), "hnsite": about, **item})
    return {"export.ndjson": _lines(*items)}


def archive(n: int, story: int, say: Say) -> Files:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr(f"{say.file_name('items')}.json", _json(_items(n, story, say)))
        opened.writestr(f"{say.file_name('other')}/../{say.file_name('odd')}.txt", _bytes(say.text("body")))
    return {f"{say.file_name('saved')}.zip": file.getvalue()}


def hn_api_columns(n: int, story: int, say: Say) -> Files:
    items = [{**one, "domain": say.text("domain"), "retrieved": ""} for one in _items(n, story, say)]
    names = sorted({name for one in items for name in one})
    rows = [[one.get(name) for name in names] for one in items]
    return {"table.json": _json({"columns": names, "data": rows})}


def algolia(n: int, story: int, say: Say) -> Files:
    comment = {
        "id": n + 1,
        "type": say.fact("type", "comment"),
        "author": say.text("author"),
        "text": say.text("body"),
        "created_at": say.fact("created_at", DATE),
        "created_at_i": say.fact("created_at_i", EPOCH),
        "parent_id": say.fact("parent", story),
        "story_id": story,
        "children": [],
    }
    top = {
        "id": story,
        "type": "story",
        "author": say.text("author"),
        "title": say.text("title"),
        "url": say.text("url"),
        "text": say.text("body"),
        "points": say.fact("points", 3),
        "created_at_i": EPOCH,
        "children": [comment, {**comment, "id": say.fact("id", n + 2), "children": say.fact("children", [])}],
        "options": [{"id": n + 3, "text": say.text("option"), "author": say.text("author")}],
    }
    return {"story.json": _json(top)}


def algolia_hits(n: int, story: int, say: Say) -> Files:
    hit = {
        "objectID": str(n + 1),
        "author": say.text("author"),
        "comment_text": say.text("body"),
        "created_at": say.fact("created_at", DATE),
        "created_at_i": say.fact("created_at_i", EPOCH),
        "parent_id": say.fact("parent", story),
        "story_id": story,
        "story_title": say.text("title"),
        "story_url": say.text("url"),
        "points": say.fact("points", None),
        "_tags": ["comment", say.text("tags")],
        "_highlightResult": {"author": {"value": say.text("highlight")}},
    }
    other = {**hit, "objectID": say.fact("id", str(n + 2)), "_tags": say.fact("tags", ["comment"])}
    return {"hits.json": _json({"hits": [hit, other], "nbHits": 2, "query": say.text("query")})}


def hnpwa(n: int, story: int, say: Say) -> Files:
    comment = {
        "id": n + 1,
        "user": say.text("author"),
        "time": say.fact("time", EPOCH),
        "time_ago": say.text("age"),
        "type": say.fact("type", "comment"),
        "content": say.text("body"),
        "comments": [],
        "comments_count": 0,
    }
    top = {
        **comment,
        "id": story,
        "type": "link",
        "title": say.text("title"),
        "url": say.text("url"),
        "points": say.fact("points", 3),
        "domain": say.text("domain"),
        "comments": [comment, {**comment, "id": say.fact("id", n + 2), "time": None}],
    }
    return {"item.json": _json(top)}


def hn_page(n: int, story: int, say: Say) -> Files:
    def quoted(text: str) -> str:
        return html.escape(text.encode("utf-8", "replace").decode())

    def raw(text: str) -> str:
        return text.encode("utf-8", "replace").decode()

    age = quoted(say.fact("time", "2020-09-13T12:26:40 1600000000"))
    rows = "".join(
        f'<tr class="athing comtr" id="{quoted(str(id))}"><td><table><tr>'
        f'<td class="ind" indent="{quoted(str(say.fact("indent", 0)))}"><img src="s.gif" width="0"></td>'
        f'<td class="default"><span class="comhead">'
        f'<a href="user?id={quoted(say.text("author"))}" class="hnuser">{quoted(say.text("author"))}</a>'
        f' <span class="age" title="{age}"><a href="item?id={story}">{quoted(say.text("age"))}</a></span>'
        "</span>"
        f'<div class="comment"><div class="commtext c00">{raw(say.text("body"))}</div></div>'
        "</td></tr></table></td></tr>"
        for id in (n + 1, say.fact("id", n + 2))
    )
    return {
        "page.html": (
            '<html lang="en" op="item"><head><link rel="stylesheet" href="news.css">'
            f'<link rel="canonical" href="https://news.ycombinator.com/item?id={story}">'
            f"<title>{quoted(say.text('title'))} | Hacker News</title></head><body><center>"
            f'<table id="hnmain"><tr><td><table class="fatitem"><tr class="athing" id="{story}">'
            f'<td class="title"><span class="titleline"><a href="{quoted(say.text("url"))}">'
            f'{quoted(say.text("title"))}</a><span class="sitebit comhead"> (<a href="from?site=x">'
            f'<span class="sitestr">{quoted(say.text("domain"))}</span></a>)</span></span></td></tr>'
            f'<tr><td class="subtext"><span class="score" id="score_{story}">{say.fact("points", "3 points")}'
            f'</span> by <a href="user?id=x" class="hnuser">{quoted(say.text("author"))}</a>'
            f'<span class="age" title="{age}"><a href="item?id={story}">1 day ago</a></span></td></tr>'
            f'<tr><td class="toptext">{raw(say.text("body"))}</td></tr></table>'
            f'<table class="comment-tree">{rows}</table></td></tr></table></center></body></html>'
        ).encode("utf-8", "replace")
    }


_COLUMNS = ("id", "type", "by", "time", "title", "url", "text", "score", "parent", "kids", "dead", "domain")


def _table(n: int, story: int, say: Say) -> list[list[Any]]:
    items = [{**one, "domain": say.text("domain")} for one in _items(n, story, say)]
    rows = [[one.get(name) for name in _COLUMNS] for one in items]
    return [[_storable(value) for value in row] for row in rows]


def _storable(value: Any) -> Any:
    """A value that tables can hold, as text that UTF-8 can write."""
    value = " ".join(map(str, value)) if isinstance(value, list) else value
    return None if value is None else str(value).encode("utf-8", "replace").decode()


def csv_table(n: int, story: int, say: Say) -> Files:
    file = io.StringIO()
    csv.writer(file).writerows([_COLUMNS, *_table(n, story, say)])
    return {"table.csv": file.getvalue().replace("\0", "").encode()}


def sqlite_table(n: int, story: int, say: Say) -> Files:
    db = sqlite3.connect(":memory:")
    named = say.text("table").encode("utf-8", "replace").decode().replace('"', '""').replace("\0", "") or "x"
    for name in ("items", f"the {named}"):
        db.execute(f'create table "{name}" ({", ".join(_COLUMNS)})')
        marks = ", ".join("?" * len(_COLUMNS))
        db.executemany(f'insert into "{name}" values ({marks})', _table(n, story, say))
    return {"items.db": db.serialize()}


def parquet_table(n: int, story: int, say: Say) -> Files:
    import pyarrow
    import pyarrow.parquet

    columns = zip(_COLUMNS, zip(*_table(n, story, say), strict=True), strict=True)
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({name: list(values) for name, values in columns}), file)
    return {"items.parquet": file.getvalue()}


def board(n: int, story: int, say: Say) -> Files:
    text = (
        f"←back to thread\n\n{say.line('title')}\n\n({say.line('domain')})\n\n"
        f"{say.fact('points', '3 points')} {say.line('author')} | 2 comments | {say.line('date')} | source\n"
        f"1. somebody ◴[{say.line('date')}] No.{n + 1}[source]\n{say.text('body')}\n"
        f"replies(1): >>{n + 2} #\n"
        f"2. {say.line('author').replace(' ', '_')} ◴[2020-09-13T12:26:40Z] No.{n + 2}[source]\n"
        f">>{n + 1} #\n{say.text('body')}\n"
        f"3. x ◴[{say.fact('date', '3 days ago')}] No.{say.fact('id', n + 3)}[source]\nx\n"
    )
    return {"page.txt": text.encode("utf-8", "replace")}


def flat(n: int, story: int, say: Say) -> Files:
    text = (
        f"Captured: {say.fact('captured', DATE)}\n{say.line('title')} ({say.line('domain') or 'x.example'})\n"
        f"12 points by writer{n} 1 month ago\nsomebody\n2 weeks ago\n{say.text('body')}\n\nabout {n}\n"
        f"{say.line('author')}\n{say.fact('age', '3 days ago')}\n> {say.text('quote')}\n"
    )
    return {"pasted.txt": text.encode("utf-8", "replace")}


def user_comments(n: int, story: int, say: Say) -> Files:
    rule = "=" * 72
    text = "".join(
        f"{rule}\nID:   {id}  |  {date} UTC\nURL:  https://news.ycombinator.com/item?id={id}\n\n"
        f"{say.text('body')}\n\n"
        for id, date in (
            (n + 1, "2020-09-13 12:26"),
            (say.fact("id", n + 2), say.fact("date", "2020-09-13 12:27")),
        )
    )
    text += f"{rule}\nTotal: 2 comments by {say.line('author').replace(' ', '_')}\n"
    return {"comments.txt": text.encode("utf-8", "replace")}


# other sites


def lobsters(n: int, story: int, say: Say) -> Files:
    key = base36(n)
    comment = {
        "short_id": f"{key}c",
        "short_id_url": say.text("address"),
        "created_at": say.fact("created_at", DATE),
        "last_edited_at": say.fact("edited", "2020-09-14T12:26:40Z"),
        "is_deleted": say.fact("deleted", False),
        "score": say.fact("score", 1),
        "parent_comment": None,
        "comment": say.text("body, HTML"),
        "url": say.text("address"),
        "depth": say.fact("depth", 0),
        "commenting_user": say.text("author"),
    }
    plain = {**comment, "short_id": f"{key}d", "comment_plain": say.text("body, Markdown")}
    top = {
        "short_id": base36(story),
        "short_id_url": say.text("address"),
        "created_at": DATE,
        "title": say.text("title"),
        "url": say.text("url"),
        "description": say.text("body, HTML"),
        "comments_url": say.text("address"),
        "submitter_user": say.text("author"),
        "tags": [say.text("tag")],
        "comments": [comment, plain, {**comment, "short_id": say.fact("id", f"{key}e")}],
    }
    return {"story.json": _json(top)}


def discourse(n: int, story: int, say: Say) -> Files:
    host = say.fact("host", "forum.example")

    def post(number: Any, **more: object) -> dict[str, Any]:
        return {
            "id": n + 1,
            "topic_id": story,
            "post_number": number,
            "username": say.text("author"),
            "name": say.text("name"),
            "avatar_template": f"https://{host}/user_avatar/{host}/x/1.png",
            "created_at": say.fact("created_at", DATE),
            "updated_at": say.fact("updated_at", DATE),
            "version": 2,
            "cooked": say.text("body, HTML"),
            "topic_slug": say.text("slug"),
            "reply_to_post_number": say.fact("parent", None),
            **more,
        }

    posts = [
        post(1),
        post(2 + n - story, cooked=None, raw=say.text("body, Markdown")),
        post(
            say.fact("id", 3 + n - story),
            post_type=3,
            action_code=say.text("action"),
            action_code_who=say.text("who"),
        ),
    ]
    topic = {
        "id": story,
        "title": say.text("title"),
        "fancy_title": say.text("title"),
        "slug": say.text("slug"),
        "featured_link": say.text("url"),
        "tags": [say.text("tag")],
        "created_at": DATE,
        "posts_count": 3,
        "post_stream": {"posts": posts, "stream": [1, 2, 3]},
    }
    return {"topic.json": _json(topic)}


def reddit(n: int, story: int, say: Say) -> Files:
    key, top = base36(n), f"t3_{base36(story)}"
    post = {
        "id": top[3:],
        "name": top,
        "author": say.text("author"),
        "title": say.text("title"),
        "url": say.text("url"),
        "selftext": say.text("body"),
        "permalink": say.text("address"),
        "subreddit": say.text("subreddit"),
        "domain": say.text("domain"),
        "link_flair_text": say.text("flair"),
        "score": say.fact("score", 1),
        "created_utc": say.fact("created", EPOCH),
        "edited": say.fact("edited", EPOCH + 100),
        "is_self": False,
    }
    comment = {
        "id": f"{key}c",
        "author": say.text("author"),
        "body": say.text("body"),
        "link_id": top,
        "parent_id": say.fact("parent", top),
        "permalink": say.text("address"),
        "created_utc": EPOCH,
        "score": 1,
    }
    rendered = {**comment, "id": f"{key}d", "body": None, "body_html": say.text("body, HTML")}
    listing = [{"kind": "Listing", "data": {"children": [{"kind": "t3", "data": post}]}}]
    things = [comment, rendered, {**comment, "id": say.fact("id", f"{key}e")}]
    children = [{"kind": "t1", "data": one} for one in things]
    children.append({"kind": say.fact("kind", "more"), "data": {"children": [say.fact("more", f"{key}f")]}})
    return {"thread.json": _json([*listing, {"kind": "Listing", "data": {"children": children}}])}


def slack(n: int, story: int, say: Say) -> Files:
    stamp = f"{EPOCH}.{n % 1_000_000:06}"
    message = {
        "type": "message",
        "user": "U0000001",
        "text": say.text("body"),
        "ts": stamp,
        "edited": {"ts": say.fact("edited", f"{EPOCH + 9}.000000")},
        "reactions": [{"name": say.text("reaction"), "users": ["U0000001"], "count": 1}],
        "attachments": [
            {
                "title": say.text("attachment"),
                "title_link": say.text("attachment's address"),
                "author_name": say.text("attachment's author"),
                "pretext": say.text("pretext"),
                "text": say.text("attachment's text"),
                "footer": say.text("footer"),
                "image_url": say.text("picture"),
                "fields": [{"title": say.text("field"), "value": say.text("value")}],
            }
        ],
        "files": [
            {"name": say.text("file"), "title": say.text("file"), "permalink": say.text("file's address")}
        ],
    }
    bot = {
        "type": "message",
        "subtype": say.fact("subtype", "bot_message"),
        "username": say.text("author"),
        "text": f"<{say.text('link')}|{say.text('link')}> <@U0000001> <!date^1^{say.text('date')}|x>",
        "ts": f"{EPOCH + 1}.{n % 1_000_000:06}",
        "thread_ts": say.fact("thread", stamp),
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": say.text("block")}}],
    }
    blocks = {
        "type": "message",
        "ts": say.fact("id", f"{EPOCH + 2}.{n % 1_000_000:06}"),
        "user": say.fact("user", "U0000001"),
        "blocks": bot["blocks"],
    }
    folder = say.file_name(f"channel-{story}")
    channel = {
        "id": f"C{story:09}",
        "name": folder,
        "created": EPOCH,
        "is_archived": False,
        "members": ["U0000001"],
        "topic": {"value": say.text("topic")},
        "purpose": {"value": say.text("purpose")},
    }
    user = {
        "id": "U0000001",
        "team_id": "T1",
        "name": say.text("author"),
        "real_name": say.text("name"),
        "profile": {"real_name": say.text("name"), "status_emoji": say.text("emoji")},
    }
    return {
        f"{folder}/2020-09-13.json": _json([message, bot, blocks]),
        "channels.json": _json([channel]),
        "users.json": _json([user]),
    }


def discord(n: int, story: int, say: Say) -> Files:
    snowflake = (EPOCH - 1_420_070_400) * 1000 << 22
    author = {"id": "1", "name": say.text("author"), "nickname": say.text("name"), "discriminator": "0000"}
    message = {
        "id": str(snowflake + n * 10 + 1),
        "type": say.fact("type", "Default"),
        "timestamp": say.fact("timestamp", DATE),
        "timestampEdited": say.fact("edited", DATE),
        "isPinned": False,
        "content": say.text("body") + " <@1>",
        "author": author,
        "mentions": [author],
        "attachments": [{"fileName": say.text("file"), "url": say.text("file's address")}],
        "embeds": [
            {
                "title": say.text("embed"),
                "url": say.text("embed's address"),
                "description": say.text("embed's text"),
                "author": {"name": say.text("embed's author")},
                "footer": {"text": say.text("footer")},
                "image": {"url": say.text("picture")},
                "fields": [{"name": say.text("field"), "value": say.text("value")}],
            }
        ],
        "stickers": [{"name": say.text("sticker")}],
        "reactions": [{"emoji": {"name": say.text("emoji"), "imageUrl": say.text("emoji's address")}}],
        "components": [{"components": [{"label": say.text("button"), "url": say.text("button's address")}]}],
        "forwardedMessage": {"content": say.text("forwarded")},
    }
    answer = {
        **message,
        "id": say.fact("id", str(snowflake + n * 10 + 2)),
        "type": "Reply",
        "reference": {"messageId": say.fact("parent", message["id"])},
    }
    notice = {**answer, "id": str(snowflake + n * 10 + 3), "type": say.fact("type", "Pin"), "content": ""}
    channel = {
        "id": str(snowflake + story * 10),
        "type": say.fact("type", "GuildTextChat"),
        "name": say.text("channel"),
        "category": say.text("category"),
        "topic": say.text("topic"),
    }
    return {
        "channel.json": _json(
            {
                "guild": {"id": "7", "name": say.text("guild"), "iconUrl": say.text("icon")},
                "channel": channel,
                "exportedAt": say.fact("exported", DATE),
                "messages": [message, answer, notice],
                "messageCount": 3,
            }
        )
    }


def zulip(n: int, story: int, say: Say) -> Files:
    message = {
        "id": n + 1,
        "sender_full_name": say.text("author"),
        "timestamp": say.fact("time", EPOCH),
        "last_edit_timestamp": say.fact("edited", EPOCH + 9),
        "content": say.text("body, HTML"),
    }
    marked = {
        **message,
        "id": n + 2,
        "content_type": "text/x-markdown",
        "content": say.text("body, Markdown"),
        "reactions": [{"emoji_name": say.text("emoji")}],
    }
    topic = say.file_name("topic")
    named = {
        **message,
        "id": say.fact("id", n + 3),
        "subject": say.text("topic"),
        "display_recipient": say.text("stream"),
        "stream_id": story,
    }
    return {f"{story}-{say.file_name('stream')}/{topic}.json": _json([message, marked, named])}


def zulip_export(n: int, story: int, say: Say) -> Files:
    message = {
        "id": n + 1,
        "sender": 8,
        "recipient": 3,
        "subject": say.text("topic"),
        "content": say.text("body, Markdown"),
        "rendered_content": say.text("body, HTML"),
        "date_sent": say.fact("time", float(EPOCH)),
        "last_edit_time": say.fact("edited", None),
    }
    others = [
        {**message, "id": n + 2, "rendered_content": None},
        {**message, "id": say.fact("id", n + 3), "sender": say.fact("sender", 9), "recipient": 4},
    ]
    realm = {
        "zerver_userprofile": [
            {"id": 8, "full_name": say.text("author")},
            {"id": 9, "email": say.text("address")},
        ],
        "zerver_stream": [{"id": story, "name": say.text("stream")}],
        "zerver_recipient": [{"id": 3, "type": 2, "type_id": story}, {"id": 4, "type": 1, "type_id": 9}],
    }
    return {"messages-000001.json": _json({"zerver_message": [message, *others]}), "realm.json": _json(realm)}


def forum_dl(n: int, story: int, say: Say) -> Files:
    def entry(kind: str, **item: object) -> dict[str, Any]:
        about = {"generator": "forum-dl", "version": "0.3.0", "extractor": "phpbb", "type": kind}
        return {**about, "download_time": say.fact("captured", DATE), "item": item}

    url = f"https://board.example/t/{story}"
    post = {
        "path": ["1", str(story)],
        "subpath": [str(n + 1)],
        "url": url,
        "origin": say.text("address"),
        "author": say.text("author"),
        "creation_time": say.text("date"),
        "content": say.text("body, HTML"),
        "data": say.text("data"),
    }
    return {
        "posts.jsonl": _lines(
            entry("board", path=["1"], url=url, title=say.text("board")),
            entry("thread", path=["1", str(story)], url=url, title=say.text("title")),
            entry("post", **post),
            entry("post", **{**post, "subpath": [str(n + 2)], "url": f"{url}#{say.text('address')}"}),
            entry("post", **{**post, "subpath": [say.fact("id", str(n + 3))], "path": ["1", str(story)]}),
            entry(say.fact("type", "post"), **{**post, "path": say.fact("path", ["1", str(story)])}),
        )
    }


# mail


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _encoded(text: str) -> str:
    return Header(text.encode("utf-8", "replace").decode(), "utf-8").encode(linesep="\n")


def _message(n: int, say: Say, kind: str, answers: str = "", *, is_encoded: bool = False) -> bytes:
    subject, author = say.line("subject"), say.line("author")
    if is_encoded:
        subject, author = _encoded(subject), _encoded(author)
    return _bytes(
        f"Message-ID: <{n}.{say.line('id')}@mail.example>\n{answers}From: {author} <a@mail.example>\n"
        f"Subject: {subject}\nDate: {say.fact('date', 'Sun, 13 Sep 2020 12:26:40 +0000')}\n"
        f"Archived-At: <{say.line('address')}>\nList-Id: {say.line('list')}\n"
        f"Content-Type: {kind}; charset={say.fact('charset', 'utf-8')}\n"
        f"X-Other: {say.line('other')}\n\n{say.text('body')}\n"
    )


def _parts(n: int, say: Say) -> bytes:
    attached = html.escape(say.line("attachment")).replace("\\", "")
    return _bytes(
        f"Message-ID: <{n}@mail.example>\nFrom: somebody <b@mail.example>\n"
        f"Subject: Re: {_encoded(say.line('subject'))}\nDate: Sun, 13 Sep 2020 12:26:40 +0000\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=-b-="\n\n'
        f"--=-b-=\nContent-Type: text/plain; charset=utf-8\n\n{say.text('body')}\n"
        f"--=-b-=\nContent-Type: text/html; charset=utf-8\n\n<html><body>{say.text('body, HTML')}\n"
        f'--=-b-=\nContent-Type: image/png; name="{attached}"\nContent-Disposition: attachment;'
        f' filename="{attached}"\n\nx\n--=-b-=--\n'
    )


def mail(n: int, story: int, say: Say) -> Files:
    return {"message.eml": _message(n, say, "text/plain"), "parts.eml": _parts(n + 1, say)}


def mbox(n: int, story: int, say: Say) -> Files:
    top = b"From somebody Sun Sep 13 12:26:40 2020\n"
    answers = (
        f"In-Reply-To: <{n + 2}.{say.line('id')}@mail.example>\nReferences: <{say.line('references')}>\n"
    )
    messages = [
        _message(n + 2, say, "text/html", is_encoded=True),
        _message(n + 3, say, "text/plain", answers),
        _parts(n + 4, say),
    ]
    return {"list.mbox": b"".join(top + one.replace(b"\nFrom ", b"\n>From ") + b"\n" for one in messages)}


# the site's own


def note(n: int, story: int, say: Say) -> Files:
    def quoted(text: str) -> str:
        return json.dumps(text.encode("utf-8", "replace").decode())

    text = (
        f"---\ntitle: {quoted(say.text('title'))}\ndescription: {quoted(say.text('description'))}\n"
        f"date: {quoted(say.fact('date', '2020-09-13'))}\nweight: {quoted(say.fact('weight', '3'))}\n"
        f"nav: {quoted(say.fact('nav', 'false'))}\ntags: [{quoted(say.text('tag'))}]\n---\n\n"
        f"{say.text('body')}\n\n# {say.line('heading')}\n\n## {say.line('heading')}\n\n"
        f"[{say.line('link')}]({say.line('link')})\n"
    )
    return {say.file_name(f"note-{n}") + ".md": _bytes(text)}


WRITERS: Sequence[Writer] = (
    *(
        hn_api,
        export,
        archive,
        hn_api_columns,
        algolia,
        algolia_hits,
        hnpwa,
        hn_page,
        csv_table,
        sqlite_table,
        parquet_table,
    ),
    *(board, flat, user_comments, lobsters, discourse, reddit, slack, discord, zulip, zulip_export, forum_dl),
    *(mail, mbox, note),
)


class Placed(NamedTuple):
    """One text in the dumps of one writer, and the fields that it got there."""

    writer: str
    text: str
    fields: tuple[str, ...]


_NUMBERS, _FIRST, _EACH = 1_000_000, 10, 10


def write(content: Path, texts: Sequence[str], *, every: int = 1, together: int = 4) -> dict[int, Placed]:
    """Fills a folder with dumps of all formats for each text; returns what stands where, by its number.

    Each text goes to one of ``every`` writers. So many texts ``together`` are of one story, which they call
    by different titles; what the dumps with hostile facts say is all of one story.
    """
    placed: dict[int, Placed] = {}
    for place, writer in enumerate(WRITERS):
        base = _NUMBERS * (place + 1)
        chosen = [text for number, text in enumerate(texts) if (number + place) % every == 0]
        for number, text in enumerate(chosen):
            n = base + _FIRST + _EACH * number
            fields: set[str] = set()
            for name, own, story, in_facts in (
                ("texts", n, n - _EACH * (number % together), False),
                ("facts", base, base, True),
            ):
                say = Say(text, in_facts=in_facts)
                _store(content / f"{writer.__name__}-{n}" / name, writer(own, story, say))
                fields |= say.said
            placed[n] = Placed(writer.__name__, text, tuple(sorted(fields)))
    return placed


def _store(folder: Path, files: Files) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def number_of(id: str) -> int | None:
    """The number by which ``write`` tells of the item with this id, if the id shows it."""
    if id.startswith(("lobsters-", "reddit-")):  # whose ids are digits and letters, one of which we may add
        key = re.split(r"[-_]", id)[-1]
        found = [int(key, 36), int(key[:-1], 36)] if re.fullmatch(r"[0-9a-z]{2,12}", key) else []
    else:
        found = [int(digits) for digits in re.findall(r"\d{7,8}(?!\d)", id)]
    for number in found:
        if _NUMBERS <= number < _NUMBERS * (len(WRITERS) + 1):
            place, within = divmod(number, _NUMBERS)
            return place * _NUMBERS + _FIRST + (within - _FIRST) // _EACH * _EACH
    return None
