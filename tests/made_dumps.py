"""Dumps of every format, made from a model of what is said: without a reader it is known what each holds.

A conversation is a story and comments, some of them said twice, to nobody, to each other in a circle, or
to somebody whom no dump has. A format writes each as its exporter would. Then fields get values that no
exporter wrote, or go, and things stand in lists that are no items. What was not touched is ``whole``: it has
to come out as it went in.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import html
import io
import json
import lzma
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hypothesis import strategies as st
from test_readers import WRONG
from test_unpack import zipped

Row = dict[str, Any]


class Said(NamedTuple):
    """One item. ``mark`` is a word that no other item has; ``parent`` is None for the story."""

    id: int
    parent: int | None
    author: str
    mark: str
    text: str
    time: int


@dataclass(frozen=True, slots=True)
class Made:
    """A dump: its path below content/, its bytes, how many items it holds, and which must come out whole.

    ``frames`` is how many stories there may be besides, which stand for no item: channels, topics, pages.
    """

    format: str
    path: str
    raw: bytes
    items: int
    whole: tuple[Said, ...]
    frames: int
    said: tuple[Said, ...]


# ---- what is said

AUTHORS = ("ann", "Bob-2", "cy_c", "con", "zoë")
TAILS = (
    "",
    " and more",
    " & <i>less</i>",
    " 'quoted' \"twice\"",
    " > not a quote",
    " naïve ☃",
    " a_b *c* `d`",
)
START = 1_500_000_000


@st.composite
def conversations(draw: st.DrawFn, first: int = 0) -> list[Said]:
    """A story, then comments, which may answer what is said before or after them, nowhere, or themselves."""
    first = first or draw(st.integers(1, 9)) * 1000
    count = draw(st.integers(0, 5))
    said = [_said(draw, first, None, first)]
    for id in range(first + 1, first + 1 + count):
        others = [*range(first, first + 1 + count), first + 500]
        said.append(_said(draw, id, draw(st.sampled_from([first, id - 1, *others])), first))
    if count and draw(st.integers(0, 3)) == 0:  # again, as it was or edited
        again = said[draw(st.integers(1, count))]
        edited = draw(st.booleans())
        said.append(again._replace(mark=f"{again.mark}x", text=f"{again.mark}x edited") if edited else again)
    return said


def _said(draw: st.DrawFn, id: int, parent: int | None, first: int) -> Said:
    mark = f"mark{id}q"
    text = f"{mark} said{draw(st.sampled_from(TAILS))}"
    return Said(id, parent, draw(st.sampled_from(AUTHORS)), mark, text, START + id * 60)


def last_words(said: Iterable[Said]) -> tuple[Said, ...]:
    """What a site has to show: of what is said twice of one item, the last."""
    return tuple({one.id: one for one in said}.values())


# ---- JSON: rows, which are nested only after they were damaged


class Format(NamedTuple):
    """``row`` writes an item; ``whole`` puts rows together; ``fixed`` are fields that hold others' rows.

    ``whole`` are fields that stay as they are, because they hold items or tell the format; ``junk`` tells
    whether other things may stand among the rows, ``frames`` that rows stand in a story that is no item.
    """

    name: str
    row: Callable[[Said, int], Row]
    together: Callable[[list[Any], Sequence[Said]], bytes]
    path: str = "dump"
    junk: bool = True
    whole: Sequence[str] = ()
    frames: bool = False


def _html(said: Said) -> str:
    return html.escape(said.text, quote=False)


def _iso(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _ndjson(rows: list[Any], said: Sequence[Said]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _array(rows: list[Any], said: Sequence[Said]) -> bytes:
    return json.dumps(rows, indent=1).encode()


def _under(*keys: str, **beside: Any) -> Callable[[list[Any], Sequence[Said]], bytes]:
    """Rows as a list in an object in an object ..."""

    def together(rows: list[Any], said: Sequence[Said]) -> bytes:
        value: Any = rows
        for key in reversed(keys):
            value = {**beside, key: value}
        return json.dumps(value).encode()

    return together


def _nested(key: str) -> Callable[[list[Any], Sequence[Said]], bytes]:
    """Each row in the list of the first that it answers, those that answer nobody in the story's."""

    def together(rows: list[Any], said: Sequence[Said]) -> bytes:
        places = {one.id: row for one, row in reversed(list(zip(said, rows, strict=False)))}
        first, *rest = rows
        for place, row in enumerate(rest, 1):
            one = said[place] if place < len(said) else None
            above = places.get(one.parent or 0) if one and (one.parent or 0) < one.id else None
            (above if isinstance(above, dict) and above is not row else first).setdefault(key, []).append(row)
        return json.dumps(first).encode()

    return together


def _api(said: Said, story: int) -> Row:
    row = {"id": said.id, "by": said.author, "time": said.time, "text": _html(said)}
    if said.parent is None:
        return {**row, "type": "story", "title": f"Story {said.id}", "score": 3, "kids": [said.id + 1]}
    return {**row, "type": "comment", "parent": said.parent}


def _algolia(said: Said, story: int) -> Row:
    row = {
        "id": said.id, "author": said.author, "created_at_i": said.time, "text": _html(said), "points": None,
        "parent_id": said.parent, "story_id": story, "children": [], "options": [], "url": None,
    }  # fmt: skip
    is_story = said.parent is None
    return {**row, "type": "story" if is_story else "comment", "title": "A story" if is_story else None}


def _hits(said: Said, story: int) -> Row:
    tags = ["story" if said.parent is None else "comment", f"author_{said.author}", f"story_{story}"]
    row = {"objectID": str(said.id), "author": said.author, "created_at_i": said.time, "_tags": tags}
    if said.parent is None:
        return {**row, "title": "A story", "points": 5, "story_text": _html(said), "num_comments": 3}
    return {**row, "comment_text": _html(said), "parent_id": said.parent, "story_id": story, "points": None}


def _hnpwa(said: Said, story: int) -> Row:
    row = {
        "id": said.id, "user": said.author, "time": said.time, "time_ago": "9 months ago",
        "content": f"<p>{_html(said)}", "comments": [],
    }  # fmt: skip
    return (
        {**row, "title": "A story", "points": 3, "type": "ask"}
        if said.parent is None
        else {**row, "level": 0}
    )


def _reddit(said: Said, story: int) -> Row:
    row = {"author": said.author, "created_utc": said.time, "score": 1, "subreddit": "tides", "edited": False}
    if said.parent is None:
        text = {"title": "A story", "selftext": said.text, "is_self": True, "num_comments": 2}
        return {**row, **text, "id": _base36(said.id), "name": f"t3_{_base36(said.id)}"}
    kind = "t3" if said.parent == story else "t1"
    link = {"link_id": f"t3_{_base36(story)}", "parent_id": f"{kind}_{_base36(said.parent)}"}
    return {**row, **link, "id": _base36(said.id), "body": said.text}


def _reddit_listing(rows: list[Any], said: Sequence[Said]) -> bytes:
    things = [
        {"kind": "t3" if "selftext" in row else "t1", "data": row} if isinstance(row, dict) else row
        for row in rows
    ]
    return json.dumps({"kind": "Listing", "data": {"children": things}}).encode()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"


def _lobsters(said: Said, story: int) -> Row:
    row: Row = {"short_id": f"s{said.id}", "created_at": _iso(said.time), "score": 2}
    if said.parent is None:
        texts: Row = {"title": "A story", "description_plain": said.text, "comments": []}
        return {
            **row,
            **texts,
            "submitter_user": said.author,
            "comments_url": f"https://lobste.rs/s/s{said.id}/x",
        }
    above = None if said.parent == story else f"s{said.parent}"
    texts = {"comment_plain": said.text, "commenting_user": said.author, "parent_comment": above}
    return {**row, **texts, "is_deleted": False, "is_moderated": False}


def _lobsters_story(rows: list[Any], said: Sequence[Said]) -> bytes:
    return json.dumps({**rows[0], "comments": rows[1:]}).encode()


def _discourse(said: Said, story: int) -> Row:
    row = {
        "id": said.id + 7, "username": said.author, "created_at": _iso(said.time), "version": 1,
        "post_type": 1, "post_number": said.id - story + 1, "topic_id": story, "topic_slug": "a-story",
        "cooked": f"<p>{_html(said)}</p>",
    }  # fmt: skip
    return {**row, "reply_to_post_number": said.parent - story + 1 if said.parent else None}


def _slack(said: Said, story: int) -> Row:
    row = {"type": "message", "user": said.author, "text": _html(said), "ts": f"{said.time}.{said.id:06}"}
    if not said.parent or said.parent == story:
        return row
    return {**row, "thread_ts": f"{START + said.parent * 60}.{said.parent:06}"}


def _zulip(said: Said, story: int) -> Row:
    return {
        "id": said.id,
        "sender_full_name": said.author,
        "timestamp": said.time,
        "content": f"<p>{_html(said)}</p>",
    }


def _zulip_export(said: Said, story: int) -> Row:
    row = {"id": said.id, "sender": 5, "recipient": story, "subject": "tides", "content": said.text}
    return {**row, "rendered_content": f"<p>{_html(said)}</p>", "date_sent": said.time + 0.5}


def _discord(said: Said, story: int) -> Row:
    row: Row = {
        "id": str((said.id + 1) << 40), "type": "Default", "timestamp": _iso(said.time),
        "timestampEdited": None, "isPinned": False, "content": said.mark, "attachments": [], "embeds": [],
        "author": {"id": "5", "name": said.author},
    }  # fmt: skip
    if not said.parent or said.parent == story:
        return row
    return {**row, "type": "Reply", "reference": {"messageId": str((said.parent + 1) << 40)}}


def _discord_channel(rows: list[Any], said: Sequence[Said]) -> bytes:
    channel = {"id": str(said[0].id << 40), "type": "GuildTextChat", "name": "harbour"}
    return json.dumps({"guild": {"id": "77", "name": "Tides"}, "channel": channel, "messages": rows}).encode()


def _forum(said: Said, story: int) -> Row:
    item = {
        "path": ["2", str(story)], "subpath": [str(said.id)], "url": f"https://board.example/t{story}#p{said.id}",
        "author": said.author, "creation_time": _iso(said.time), "content": _html(said), "data": {},
    }  # fmt: skip
    top = {
        "generator": "forum-dl",
        "version": "0.3.0",
        "extractor": "phpbb",
        "download_time": _iso(said.time),
    }
    return {**top, "type": "post", "item": item}


def _table(said: Said, story: int) -> Row:
    row = _api(said, story)
    row.pop("kids", None)
    parts = {
        "parent": said.parent or "",
        "title": row.pop("title", ""),
        "dead": "",
        "score": row.pop("score", ""),
    }
    return {**row, **parts}


_COLUMNS = ("id", "type", "by", "time", "text", "parent", "title", "dead", "score")


def _csv(rows: list[Any], said: Sequence[Said]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    writer.writerows([_cell(row.get(name)) for name in _COLUMNS] for row in rows)
    return file.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    return "" if value is None else value.replace("\n", " ") if isinstance(value, str) else json.dumps(value)


def _sqlite(rows: list[Any], said: Sequence[Said]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "items.db"
        with closing(sqlite3.connect(path)) as db, db:
            db.execute(f"CREATE TABLE item ({', '.join(_COLUMNS)})")
            values = [[_stored(row.get(name)) for name in _COLUMNS] for row in rows]
            db.executemany(f"INSERT INTO item VALUES ({', '.join('?' * len(_COLUMNS))})", values)
        return path.read_bytes()


def _stored(value: Any) -> Any:
    """What SQLite can hold of a value."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return float(value) if isinstance(value, int) and abs(value) > 2**62 else value


def _parquet(rows: list[Any], said: Sequence[Said]) -> bytes:
    import pyarrow
    import pyarrow.parquet

    cells = {name: [_printed(row.get(name)) for row in rows] for name in _COLUMNS}
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(cells), file)
    return file.getvalue()


def _printed(value: Any) -> str | None:
    return None if value is None else _cell(value).encode("utf-8", "replace").decode()


_ROWS = ("by", "type")
JSON: Mapping[str, Sequence[Format]] = {
    "api": (
        Format("rows", _api, _ndjson),
        Format("array", _api, _array),
        Format(
            "map",
            _api,
            lambda rows, said: json.dumps({"items": dict(enumerate(rows, 1))}).encode(),
            junk=False,
        ),
        Format("nested", _api, _nested("comments")),
    ),
    "algolia": (Format("nested", _algolia, _nested("children"), whole=("children", "options")),),
    "hits": (
        Format("search", _hits, _under("hits", nbHits=5)),
        Format("rows", _hits, _ndjson),
    ),
    "hnpwa": (Format("nested", _hnpwa, _nested("comments"), whole=("comments",)),),
    "reddit": (Format("rows", _reddit, _ndjson), Format("listing", _reddit, _reddit_listing)),
    "lobsters": (Format("story", _lobsters, _lobsters_story),),
    "discourse": (
        Format("topic", _discourse, _under("post_stream", "posts")),
        Format("newest", _discourse, _under("latest_posts")),
        Format("rows", _discourse, _ndjson),
    ),
    "slack": (
        Format("day", _slack, _array, "general/2016-01-14.json", frames=True),
        Format("channel", _slack, _under("messages", channel_id="C1", name="general"), frames=True),
    ),
    "zulip": (
        Format("topic", _zulip, _array, "7-sea/tides.json", frames=True),
        Format("export", _zulip_export, _under("zerver_message"), frames=True),
    ),
    "discord": (Format("channel", _discord, _discord_channel, frames=True),),
    "forumdl": (Format("rows", _forum, _ndjson),),
    "csv": (Format("table", _table, _csv, junk=False, whole=_ROWS),),
    "sqlite": (Format("table", _table, _sqlite, junk=False, whole=_ROWS),),
    "parquet": (Format("table", _table, _parquet, junk=False, whole=_ROWS),),
}
"""The formats of rows, with the ways in which each puts its rows together."""

ODD = (*WRONG, "x" * 200, "<b>", "a\nb", "../../x", 1e300, "-5", "²")
JUNK: tuple[Any, ...] = (None, True, 1.5, "x", "", {}, {"x": 1}, {"x": {"y": 1}}, {"x": [1]})


@st.composite
def made_of_rows(draw: st.DrawFn, format: str, first: int = 0) -> Made:
    """A dump of rows, some of them with odd values, and with other things among them."""
    said = draw(conversations(first))
    layout = draw(st.sampled_from(JSON[format]))
    rows: list[Any] = [layout.row(one, said[0].id) for one in said]
    damaged: set[int] = set()
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 4]))):
        place = draw(st.integers(0, len(rows) - 1))
        keys = [key for key in rows[place] if key not in layout.whole]
        key = draw(st.sampled_from(keys or ["x"]))
        damaged.add(place)
        how = draw(
            st.integers(0, 4 if place else 3)
        )  # the story's row without its fields is a mere container
        if how < 3:
            rows[place][key] = draw(st.sampled_from(ODD))
        elif how == 3:
            rows[place].pop(key, None)
        else:
            rows[place] = {name: rows[place][name] for name in (key, *layout.whole) if name in rows[place]}
    junk = draw(st.lists(st.sampled_from(JUNK), max_size=2)) if layout.junk else []
    rows += junk  # after the others: rows that nest stand beside what is said
    odd = {said[place].id for place in damaged}
    whole = tuple(one for one in last_words(said) if one.id not in odd)
    frames = len(rows) if layout.frames else 0
    raw = layout.together(rows, said)
    return Made(format, _path(layout.path, said), raw, len(said) + len(junk), whole, frames, tuple(said))


def _path(path: str, said: Sequence[Said]) -> str:
    return path if "/" in path else f"{path}-{said[0].id}"


# ---- text: pages and messages, whose fields are what somebody wrote there


def _board(said: Sequence[Said], odd: Mapping[int, str]) -> bytes:
    lines = ["←back to thread", "", "A story", "", f"3 points {said[0].author} | 9 comments | | source"]
    for number, one in enumerate(said[1:], 1):
        lines.append(f"{number}. {_word(one, odd)} ◴[{odd.get(one.id, '4 days ago')}] No.{one.id}[source]")
        if one.parent != said[0].id:
            lines.append(f">>{one.parent} #")
        lines.append(one.text)
    return "\n".join([*lines, ""]).encode()


def _word(one: Said, odd: Mapping[int, str]) -> str:
    return odd.get(one.id, one.author).split()[0] if odd.get(one.id, one.author).split() else "?"


def _flat(said: Sequence[Said], odd: Mapping[int, str]) -> bytes:
    lines = ["A story", ""]
    for one in said[1:]:
        name = "zoe" if one.author == "zoë" else one.author
        lines += [name, "4 days ago", f"{one.text} {odd.get(one.id, '')}"]
    return "\n".join([*lines, ""]).encode()


def _user(said: Sequence[Said], odd: Mapping[int, str]) -> bytes:
    parts = []
    for one in said[1:]:
        head = f"ID:   {one.id}  |  {time.strftime('%Y-%m-%d %H:%M', time.gmtime(one.time))} UTC"
        url = f"URL:  https://news.ycombinator.com/item?id={one.id}"
        parts.append(f"{'=' * 72}\n{head}\n{url}\n\n{one.text} {odd.get(one.id, '')}\n\n")
    return ("".join(parts) + f"{'=' * 72}\nTotal: {len(said) - 1} comments by ann\n").encode()


_PAGE_HEAD = """<html lang="en" op="item"><head><link rel="stylesheet" href="news.css">
<title>A story | Hacker News</title></head><body><center><table id="hnmain"><tr><td><table class="fatitem">
<tr class="athing submission" id="{id}"><td class="title"><span class="titleline">
<a href="item?id={id}">A story</a></span></td></tr><tr><td class="subtext"><span class="subline">
<span class="score" id="score_{id}">3 points</span> by <a href="user?id=ann" class="hnuser">ann</a>
<span class="age"><a href="item?id={id}">2 days ago</a></span></span></td></tr>
<tr><td><div class="toptext">{text}</div></td></tr></table><br><table class="comment-tree">"""
_PAGE_ROW = """<tr class="athing comtr" id="{id}"><td><table><tr><td class="ind" indent="0">
<img src="s.gif" height="1" width="0"></td><td class="votelinks"></td><td class="default"><div>
<span class="comhead"><a href="user?id={name}" class="hnuser">{name}</a> <span class="age" title="{age}">
<a href="item?id={id}">{age}</a></span></span></div><br><div class="comment"><div class="commtext c00">{text}
</div><div class="reply"></div></div></td></tr></table></td></tr>"""
_PAGE_END = "</table></td></tr></table></center></body></html>"


def _hn_page(said: Sequence[Said], odd: Mapping[int, str]) -> bytes:
    rows = [
        _PAGE_ROW.format(
            id=one.id, name=one.author, age=html.escape(odd.get(one.id, "2 days ago")), text=_html(one)
        )
        for one in said[1:]
    ]
    head = _PAGE_HEAD.format(id=said[0].id, text=_html(said[0]))
    return f"{head}{''.join(rows)}{_PAGE_END}".encode()


def _mail_id(id: int) -> str:
    return f"<m{id}@made.example>"


def _mail(one: Said, odd: Mapping[int, str]) -> str:
    fields = [
        f"From: {odd.get(one.id, one.author)} <{one.id}@made.example>",
        f"Subject: {'Re: ' if one.parent else ''}A story of {one.id // 1000}",
        f"Date: {odd.get(one.id) or time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime(one.time))}",
        f"Message-ID: {_mail_id(one.id)}",
        "Content-Type: text/plain; charset=utf-8",
    ]
    if one.parent:
        fields.append(f"In-Reply-To: {_mail_id(one.parent)}")
    return "\n".join([*fields, "", one.text, ""])


def _mbox(said: Sequence[Said], odd: Mapping[int, str]) -> bytes:
    top = "From ann@made.example Sat Jun  1 01:32:06 2013\n"
    return "\n".join(top + _mail(one, odd) for one in said).encode()


class Text(NamedTuple):
    """``write`` gets what is said, and odd values for a field of some items; ``story`` tells whether the
    story is one of its items, ``again`` whether items have ids, by which one said twice is one."""

    write: Callable[[Sequence[Said], Mapping[int, str]], bytes]
    story: bool
    again: bool = True


TEXT: Mapping[str, Text] = {
    "board": Text(_board, story=False),
    "flat": Text(_flat, story=False, again=False),
    "user": Text(_user, story=False),
    "page": Text(_hn_page, story=True),
    "mail": Text(lambda said, odd: _mail(said[-1], odd).encode(), story=True),
    "mbox": Text(_mbox, story=True),
}
ODD_TEXT = (
    "",
    "4 days",
    "²",
    "on Feb 31, 2020",
    "\x1b[2J",
    "9" * 40,
    "<b>",
    "=?utf-8?b?////?=",
    "a,b;c",
    "\ufeff",
)


@st.composite
def made_of_text(draw: st.DrawFn, format: str, first: int = 0) -> Made:
    """A page or mailbox, in which some fields say what nobody expects there."""
    text = TEXT[format]
    said = draw(conversations(first))
    if len(said) == 1:  # these formats are told by their comments
        said.append(_said(draw, said[0].id + 1, said[0].id, said[0].id))
    odd = draw(
        st.dictionaries(st.sampled_from([one.id for one in said]), st.sampled_from(ODD_TEXT), max_size=3)
    )
    shown = said[-1:] if format == "mail" else said if text.story else said[1:]
    whole = last_words(shown) if text.again else tuple(dict.fromkeys(shown))
    frames = 0 if text.story or format == "user" else 1
    return Made(format, f"dump-{said[0].id}", text.write(said, odd), len(shown), whole, frames, tuple(said))


FORMATS = (*JSON, *TEXT)


def made(format: str, first: int = 0) -> st.SearchStrategy[Made]:
    """A dump of a format."""
    return made_of_rows(format, first) if format in JSON else made_of_text(format, first)


PACKED: Sequence[Callable[[str, bytes], tuple[str, bytes]]] = (
    lambda path, raw: (path, raw),
    lambda path, raw: (f"{path}.gz", gzip.compress(raw, mtime=0)),
    lambda path, raw: (f"{path}.bz2", bz2.compress(raw)),
    lambda path, raw: (f"{path}.xz", lzma.compress(raw)),
    lambda path, raw: (f"{path}.zip", zipped({path: raw})),
)
"""As a dump lies in content/, and packed."""


@st.composite
def contents(draw: st.DrawFn, formats: Iterable[str] = FORMATS) -> list[tuple[str, bytes, Made]]:
    """Dumps of one to three formats as they lie in content/, packed or not; some are of the same items."""
    names = draw(st.lists(st.sampled_from(sorted(formats)), min_size=1, max_size=3))
    files: dict[str, tuple[bytes, Made]] = {}
    for number, name in enumerate(names, 1):
        dump = draw(made(name, 1000 * draw(st.sampled_from([number, number, 1]))))
        path, raw = draw(st.sampled_from(PACKED))(f"{number}/{dump.path}", dump.raw)
        files[path] = (raw, dump)
    return [(path, raw, dump) for path, (raw, dump) in files.items()]
