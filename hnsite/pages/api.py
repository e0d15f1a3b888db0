"""The Hacker News API, as files: what each item, each user and each list is to a program. Pure.

Fields are those of github.com/HackerNews/API, with the ids of other sources as text. What it does not have:

    evidence     what ``parent`` rests on, where no dump states it (``model.Evidence``)
    time_unit    how far to trust ``time``, where that is not the second
    unknown      fields that hold 0 because no dump says them; clients read them without looking
    missing      true for an id that dumps name and none holds, where something stands below it

What is only named and has nothing below it is ``null``, which is what the API answers for what it does not
have. Texts are safe HTML, titles are HTML without tags. Every file but lists begins as ``mark.py`` expects.
"""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hnsite import urls
from hnsite.markup import api_text, printable, visible
from hnsite.model import Author, Comment, Evidence, Kind, State, Summary, Thread

MOST, MOST_OF_A_KIND = 500, 200
"""How many ids a list has at most, as the API's: of all stories; of those of one kind."""
LONGEST = 15
"""Digits of a number that JavaScript can count with."""
_ENTITY = re.compile(r"&(?=#?\w+;)")
_ASK, _SHOW = ("Ask HN", "Tell HN"), ("Show HN", "Launch HN")


def item_files(thread: Thread) -> Iterator[tuple[str, bytes]]:
    """(path, content) for the root, a poll's options and all comments, stubs included."""
    held = sum(comment.held for comment in thread.comments)
    for one in (thread.root, *thread.options, *thread.comments):
        yield urls.api_item_path(one.id), _json(_item(one, thread, held))


def _item(item: Comment, thread: Thread, descendants: int) -> dict[str, Any] | None:
    is_root = item is thread.root
    if not (item.held or item.replies or is_root):
        return None
    said: dict[str, Any] = {"id": id_of(item.id), "type": item.kind.value}
    if item.state is not State.LIVE:
        said[item.state.value] = True
        if item.state is State.REMOVED:  # which clients do not know
            said["deleted"] = True
    if item.author:
        said["by"] = _plain(item.author)
    said |= _time(item)
    if item.title:
        said["title"] = _title(item.title)
    if url := urls.web_url(item.url):
        said["url"] = _plain(url)
    if item.body is not None:
        said["text"] = api_text(item.body, item.dialect)
    if item.score is not None:
        said["score"] = item.score
    if item.parent:
        said["poll" if item.kind is Kind.POLLOPT else "parent"] = id_of(item.parent)
        if item.evidence is not Evidence.STATED:
            said["evidence"] = item.evidence.value
    if is_root and thread.options:
        said["parts"] = [id_of(option.id) for option in thread.options]
    if is_root and item.kind is not Kind.JOB:
        said["descendants"] = descendants
    if item.replies:
        said["kids"] = [id_of(reply) for reply in item.replies]
    return said if item.held else {**said, "missing": True}


def _time(item: Comment) -> dict[str, Any]:
    created = item.created
    if created is None or created.epoch is None:
        return {"time": 0, "unknown": ["time"]}
    rough = {} if created.unit == "second" else {"time_unit": created.unit}
    return {"time": created.epoch, **rough}


def user_file(author: Author, ids: Iterable[str]) -> tuple[str, bytes]:
    """(path, content) for an author who wrote what ``ids`` name, newest first.

    What dumps do not tell of people is marked: when an account was made (their first item was later), karma.
    """
    return urls.api_user_path(author.name), user_answer(author, ids)


def user_answer(author: Author, ids: Iterable[str]) -> bytes:
    """What the API would answer for an author."""
    inferred, unknown = (["created"], ["karma"]) if author.first else ([], ["created", "karma"])
    said = {"id": _plain(author.name), "created": author.first or 0, "karma": 0}
    marks = {"inferred": inferred, "unknown": unknown} if inferred else {"unknown": unknown}
    return _json({**said, "submitted": [id_of(id) for id in ids], **marks})


def list_files(stories: Iterable[Summary], highest: int) -> Iterator[tuple[str, bytes]]:
    """(path, content) of the lists: numbers of stories that are alive; ``highest`` is the last item's."""
    listed = [_Listed(one) for one in stories if urls.is_hn(one.id) and _is_listed(one)]
    newest = sorted(listed, key=_Listed.age, reverse=True)
    best = heapq.nlargest(MOST, listed, key=_Listed.rank)
    lists = {
        "topstories": best,
        "beststories": best,
        "newstories": newest[:MOST],
        "askstories": [one for one in newest if one.title.startswith(_ASK)][:MOST_OF_A_KIND],
        "showstories": [one for one in newest if one.title.startswith(_SHOW)][:MOST_OF_A_KIND],
        "jobstories": [one for one in newest if one.is_job][:MOST_OF_A_KIND],
    }
    for name, found in lists.items():
        yield urls.api_list_path(name), _json([one.number for one in found])
    yield urls.api_list_path("maxitem"), _json(highest)
    yield urls.api_list_path("updates"), _json({"items": [], "profiles": []})  # an archive has none


class _Listed:
    """A story as lists go by it."""

    __slots__ = ("is_job", "number", "score", "time", "title")

    def __init__(self, story: Summary) -> None:
        self.number = int(story.id)
        self.score = story.score or 0
        self.time = (story.created.epoch if story.created else None) or 0
        self.title = story.title
        self.is_job = story.kind is Kind.JOB

    def age(self) -> tuple[int, int]:
        return self.time, self.number

    def rank(self) -> tuple[int, int, int]:
        return self.score, self.time, self.number


def _is_listed(story: Summary) -> bool:
    """Whether a story is alive, and no more than named in the dumps."""
    is_held = story.author or story.created or story.score is not None or story.domain
    return story.state is State.LIVE and bool(is_held)


def id_of(id: str) -> int | str:
    """Ids of Hacker News are numbers."""
    return int(id) if urls.is_hn(id) and len(id) <= LONGEST and id[0] != "0" else id


def _title(title: str) -> str:
    """HTML, as the API documents it, but no more of it than needed: some clients take it for text."""
    return _ENTITY.sub("&amp;", _plain(title)).replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    return visible(printable(text))


def _json(value: Sequence[object] | dict[str, Any] | int | None) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace") + b"\n"
