"""``hnsite fetch`` against a server on this machine that plays the others, good and bad."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path
from typing import Any

import played_server as plays
import pytest
from click.testing import CliRunner
from played_server import PlayedServer, played_server
from terminal import hear

from hnsite import fetch as fetching
from hnsite.build import build
from hnsite.cli import cli, main
from hnsite.config import parse_config
from hnsite.errors import BusyError, FetchError, GoneError
from hnsite.fetch import Manners, Outcome, Report, Service, fetch
from hnsite.fetch.files import Part
from hnsite.inspect import inspect
from hnsite.wanted import parse_want

NOON = 1_795_256_100
STAMP = "2026-11-21T101500Z"
BRISK = Manners(tries=3, pause=0.01, longest_pause=0.05, longest_after=1)
HASTY = BRISK._replace(tries=5, read=1, whole=1.5)
JSON = dict[str, Any]


@pytest.fixture
def server() -> Iterator[PlayedServer]:
    with played_server() as server:
        yield server


class Errand:
    """One call of ``fetch``: what it told, and what it came to."""

    def __init__(
        self, server: PlayedServer, content: Path, *asked: str, now: float = NOON, **options: Any
    ) -> None:
        self.told: list[Outcome | FetchError] = []
        self.shown: list[tuple[str, int, int]] = []
        services = {name: Service(server.base, 0, 4) for name in fetching.SERVICES}
        options = {"services": services, "manners": BRISK, "now": lambda: now, **options}
        wants = [parse_want(one) for one in asked]
        show = lambda *facts: self.shown.append(facts)  # noqa: E731
        self.report = fetch(wants, content, tell=self.told.append, progress=show, **options)

    @property
    def errors(self) -> list[FetchError]:
        return [one for one in self.told if isinstance(one, FetchError)]

    @property
    def notes(self) -> list[str]:
        return [one.note for one in self.told if isinstance(one, Outcome)]


def names(content: Path) -> list[str]:
    """Every file, hidden ones too."""
    return sorted(path.relative_to(content).as_posix() for path in content.rglob("*") if path.is_file())


def nested(id: int, story: int | None = None, children: list[JSON] | None = None, **more: Any) -> JSON:
    """An item as Algolia gives it."""
    kind = "story" if story in (None, id) else "comment"
    return {
        "id": id,
        "created_at_i": 1_700_000_000 + id,
        "type": kind,
        "author": f"ann{id}",
        "title": f"Title {id}" if kind == "story" else None,
        "text": None if kind == "story" else f"Text of {id}",
        "points": 5,
        "parent_id": None if kind == "story" else story,
        "story_id": story or id,
        "children": children or [],
        **more,
    }


def flat(id: int, parent: int | None = None, kids: list[int] | None = None, **more: Any) -> JSON:
    """An item as Hacker News itself gives it."""
    facts: JSON = {
        "id": id,
        "type": "comment" if parent else "story",
        "by": "ann",
        "time": 1_700_000_000 + id,
    }
    facts |= {"parent": parent, "text": f"Text of {id}"} if parent else {"title": f"Title {id}", "score": 3}
    return facts | ({"kids": kids} if kids else {}) | more


def play_thread(server: PlayedServer, *items: JSON) -> None:
    for one in items:
        server.on(f"/item/{one['id']}.json", one)


# Algolia


def test_a_thread_becomes_a_file_with_the_time_in_its_name(server: PlayedServer, tmp_path: Path) -> None:
    raw = json.dumps(nested(1, children=[nested(2, 1)]), indent=1).encode() + b"\n"
    server.on("/items/1", plays.say(raw))
    errand = Errand(server, tmp_path / "content", "1")
    assert names(tmp_path / "content") == [f"hn/1.{STAMP}.json"]
    assert (tmp_path / "content/hn" / f"1.{STAMP}.json").read_bytes() == raw
    assert errand.report == Report(kept=1)
    [outcome] = errand.told
    assert isinstance(outcome, Outcome) and outcome.items == 2 and not outcome.note
    assert server.asked[0].agent.startswith("hnsite/")


def test_no_capture_is_ever_overwritten(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/items/1", nested(1), nested(1, title="Another"), nested(1))
    for now in (NOON, NOON, NOON + 60):
        Errand(server, tmp_path, "1", now=now)
    assert names(tmp_path) == [f"hn/1.{STAMP}-1.json", f"hn/1.{STAMP}.json", "hn/1.2026-11-21T101600Z.json"]
    assert b"Another" not in (tmp_path / "hn" / f"1.{STAMP}.json").read_bytes()
    assert b"Another" in (tmp_path / "hn" / f"1.{STAMP}-1.json").read_bytes()


def test_a_comment_brings_its_whole_thread_once(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/items/3", nested(3, 1, parent_id=2))
    server.on("/items/2", nested(2, 1, [nested(3, 1, parent_id=2)]))
    server.on("/items/1", nested(1, children=[nested(2, 1, [nested(3, 1, parent_id=2)])]))
    errand = Errand(server, tmp_path, "3", "1", "2")
    assert names(tmp_path) == [f"hn/1.{STAMP}.json"]
    assert server.paths.count("/items/1") <= 2
    assert errand.report.kept + errand.report.within == 3 and not errand.errors


def test_a_comment_that_does_not_name_its_story_is_climbed_from(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/items/3", nested(3, 2, story_id=None))
    server.on("/items/2", nested(2, 1, story_id=None))
    server.on("/items/1", nested(1, children=[nested(2, 1, [nested(3, 2)])]))
    Errand(server, tmp_path, "3")
    assert names(tmp_path) == [f"hn/1.{STAMP}.json"]


def test_items_that_answer_each_other_end(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/items/2", nested(2, 3))
    server.on("/items/3", nested(3, 2))
    Errand(server, tmp_path, "2")
    assert len(names(tmp_path)) == 1


def test_a_comment_is_kept_where_its_story_is_gone(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/items/3", nested(3, 1))
    errand = Errand(server, tmp_path, "3")
    assert names(tmp_path) == [f"hn/3.{STAMP}.json"]
    assert errand.notes == [
        "1, which it answers, cannot be had (the server answers 404 Not Found); what is below it is kept"
    ]


def test_a_very_deep_thread_is_fetched(server: PlayedServer, tmp_path: Path) -> None:
    depth = 5000
    opened = "".join(json.dumps(nested(id, 1 if id > 1 else None))[:-2] for id in range(1, depth))
    server.on("/items/1", plays.say((opened + "]}" * (depth - 1)).encode()))
    errand = Errand(server, tmp_path, "1")
    assert errand.report.kept == 1


def test_what_was_posted_earlier_is_left_out(server: PlayedServer, tmp_path: Path) -> None:
    for id in (1, 2, 3, 4):
        server.on(f"/items/{id}", nested(id))
    errand = Errand(server, tmp_path, "4", "2", "1", "3", since=1_700_000_003)
    assert names(tmp_path) == [f"hn/{id}.{STAMP}.json" for id in (3, 4)]
    assert errand.report == Report(kept=2, older=2)
    assert "/items/1" not in server.paths, "numbers rise with time: what is below an old one is older"


def hits(*ids: int, total: int | None = None, time: int | None = None) -> JSON:
    found = [
        {"objectID": str(id), "created_at_i": time or id, "author": "ann", "story_id": 1, "parent_id": 1}
        | {"comment_text": f"Text of {id}", "_tags": ["comment", "author_ann", "story_1"], "children": []}
        for id in ids
    ]
    return {"hits": found, "nbHits": len(ids) if total is None else total, "page": 0, "hitsPerPage": 1000}


def test_an_author_is_asked_for_page_by_page(server: PlayedServer, tmp_path: Path) -> None:
    search = "/search_by_date?tags=author_ann&hitsPerPage=1000"
    first, second = range(5000, 4000, -1), range(4001, 3500, -1)
    server.on(search, hits(*first, total=1500))
    server.on(f"{search}&numericFilters=created_at_i%3C%3D4001", hits(*second))
    errand = Errand(server, tmp_path, "https://news.ycombinator.com/user?id=ann")
    assert names(tmp_path) == [f"hn/user-ann.{STAMP}.ndjson"]
    [outcome] = errand.told
    assert isinstance(outcome, Outcome) and outcome.items == 1500
    [finding] = inspect(tmp_path / "hn" / f"user-ann.{STAMP}.ndjson")
    assert (finding.reader, finding.comments, finding.captured) == ("algolia-hits", 1500, NOON)


def test_an_author_since_a_day(server: PlayedServer, tmp_path: Path) -> None:
    path = "/search_by_date?tags=author_ann&hitsPerPage=1000&numericFilters=created_at_i%3E%3D4000"
    server.on(path, hits(5000, 4000))
    Errand(server, tmp_path, "https://news.ycombinator.com/user?id=ann", since=4000)
    assert names(tmp_path) == [f"hn/user-ann.{STAMP}.ndjson"]
    server.on(path, hits())
    errand = Errand(server, tmp_path, "https://news.ycombinator.com/user?id=ann", since=4000, now=NOON + 1)
    assert errand.report == Report(older=1) and len(names(tmp_path)) == 1


def test_nobody_is_an_author(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/search_by_date?tags=author_nobody&hitsPerPage=1000", hits())
    errand = Errand(server, tmp_path, "https://news.ycombinator.com/user?id=nobody")
    assert isinstance(errand.errors[0], GoneError) and not names(tmp_path)


# The site's own interface


def test_the_sites_own_interface_gives_item_by_item(server: PlayedServer, tmp_path: Path) -> None:
    play_thread(server, flat(1, kids=[2, 3, 9]), flat(2, 1, [4]), flat(3, 1), flat(4, 2, type="comment"))
    server.on("/item/9.json", plays.say(b"null"))
    errand = Errand(server, tmp_path, "4", api="firebase")
    assert names(tmp_path) == [f"hn/1.{STAMP}.ndjson"]
    assert errand.notes == ["1 named there cannot be had"]
    [finding] = inspect(tmp_path / "hn" / f"1.{STAMP}.ndjson")
    assert (finding.reader, finding.items, finding.captured) == ("hn-api", 4, NOON)
    assert errand.shown[-1] == ("items", 4, 5)


def test_a_poll_comes_with_its_options(server: PlayedServer, tmp_path: Path) -> None:
    poll = flat(1, kids=[3], type="poll", parts=[2])
    play_thread(server, poll, flat(2, type="pollopt", poll=1, text="One"), flat(3, 1))
    Errand(server, tmp_path, "2", api="firebase")
    [finding] = inspect(tmp_path / "hn" / f"1.{STAMP}.ndjson")
    assert finding.items == 3


def test_items_in_a_circle_end(server: PlayedServer, tmp_path: Path) -> None:
    play_thread(server, flat(1, kids=[2, 2, 1]), flat(2, 1, [1, 2]))
    assert Errand(server, tmp_path, "1", api="firebase").report.kept == 1


def test_a_chain_of_replies_of_any_depth(server: PlayedServer, tmp_path: Path) -> None:
    play_thread(
        server, flat(1, kids=[2]), *(flat(id, id - 1, [id + 1]) for id in range(2, 100)), flat(100, 99)
    )
    [outcome] = Errand(server, tmp_path, "1", api="firebase").told
    assert isinstance(outcome, Outcome) and outcome.items == 100


def test_a_thread_that_was_cut_short_is_gone_on_with(server: PlayedServer, tmp_path: Path) -> None:
    play_thread(server, flat(1, kids=[2, 3]), flat(2, 1), flat(3, 1, [4]), flat(4, 3))
    server.on("/item/4.json", plays.say(b"", 503))
    errand = Errand(server, tmp_path, "1", api="firebase")
    assert isinstance(errand.errors[0], BusyError) and errand.report == Report(failed=1, unfinished=1)
    assert names(tmp_path) == [f"hn/.1.{STAMP}.ndjson.firebase.part"]
    with (tmp_path / "hn" / f".1.{STAMP}.ndjson.firebase.part").open("ab") as part:
        part.write(b'{"id": 4, "by": "a line that was cut')
    server.asked.clear()
    server.on("/item/4.json", flat(4, 3))
    Errand(server, tmp_path, "1", api="firebase", now=NOON + 300)
    assert sorted(server.paths) == ["/item/1.json", "/item/4.json"], "what is there is not asked for again"
    assert names(tmp_path) == [f"hn/1.{STAMP}.ndjson"], "the time is that of what was fetched first"
    [finding] = inspect(tmp_path / "hn" / f"1.{STAMP}.ndjson")
    assert (finding.items, finding.problems) == (4, ())


def test_two_runs_at_once_make_a_capture_each(server: PlayedServer, tmp_path: Path) -> None:
    items = [flat(1, kids=[2, 3]), flat(2, 1), flat(3, 1)]
    play_thread(server, *items)
    with Part(tmp_path / "hn", "1", "firebase", NOON) as other:
        other.add(json.dumps(items[0]).encode())
        Errand(server, tmp_path, "1", api="firebase", now=NOON + 10)
        Errand(server, tmp_path, "1", api="firebase")
        for one in items[1:]:
            other.add(json.dumps(one).encode())
        other.finish()
    later = STAMP.replace("00Z", "10Z")
    assert names(tmp_path) == [f"hn/1.{stamp}.ndjson" for stamp in (STAMP + "-1", STAMP, later)]
    assert all(finding.items == 3 for path in tmp_path.glob("hn/*") for finding in inspect(path))


def test_what_is_damaged_is_begun_anew(server: PlayedServer, tmp_path: Path) -> None:
    play_thread(server, flat(1, kids=[2]), flat(2, 1))
    (tmp_path / "hn").mkdir()
    part = tmp_path / "hn" / f".1.{STAMP}.ndjson.firebase.part"
    part.write_text(json.dumps(flat(1, kids=[2])) + '\n\0\0\0"\n')
    Errand(server, tmp_path, "1", api="firebase")
    assert names(tmp_path) == [f"hn/1.{STAMP}.ndjson"] and len(server.asked) == 3
    [finding] = inspect(tmp_path / "hn" / f"1.{STAMP}.ndjson")
    assert (finding.items, finding.problems) == (2, ())


def test_what_lay_there_for_days_is_begun_anew(server: PlayedServer, tmp_path: Path) -> None:
    play_thread(server, flat(1, kids=[2]), flat(2, 1))
    server.on("/item/2.json", plays.say(b"", 503), plays.say(b"", 503), plays.say(b"", 503), flat(2, 1))
    Errand(server, tmp_path, "1", api="firebase", now=NOON - 100_000)
    assert len(names(tmp_path)) == 1
    Errand(server, tmp_path, "1", api="firebase")
    assert names(tmp_path) == [f"hn/1.{STAMP}.ndjson"]


def test_what_nobody_goes_on_with_is_swept(server: PlayedServer, tmp_path: Path) -> None:
    old, new = "2026-11-01T000000Z", "2026-11-21T000000Z"
    (tmp_path / "hn").mkdir()
    ours = [
        f"hn/.2.{old}.ndjson.firebase.part",
        f"hn/.2.{old}.json.4711.part",
        f"hn/.3.{new}.ndjson.firebase.part",
    ]
    others = ["hn/.other.part", ".fetch-notes.part", f"hn/4.{old}.json.part"]
    for name in (*ours, *others):
        (tmp_path / name).touch()
    server.on("/items/1", nested(1))
    Errand(server, tmp_path, "1")
    assert names(tmp_path) == sorted([*others, ours[2], f"hn/1.{STAMP}.json"])


def test_what_an_author_submitted_since_a_day(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/user/ann.json", {"id": "ann", "submitted": [30, 20, 10, 40]})
    play_thread(server, flat(10), flat(20, 1), flat(30), flat(40, 1))
    address = "https://news.ycombinator.com/user?id=ann"
    services = {"firebase": Service(server.base, 0, 1)}
    Errand(server, tmp_path, address, api="firebase", since=1_700_000_025, services=services)
    [finding] = inspect(tmp_path / "hn" / f"user-ann.{STAMP}.ndjson")
    assert finding.items == 2 and "/item/10.json" not in server.paths


# Lobsters and Reddit


def story(id: str = "abc123", **more: Any) -> JSON:
    place = f"https://lobste.rs/s/{id}"
    one = {"short_id": "c1", "short_id_url": "https://lobste.rs/c/c1", "comment_plain": "Yes", "depth": 0}
    one |= {"parent_comment": None, "commenting_user": "bob", "created_at": "2024-05-02T10:00:00.000-05:00"}
    facts: JSON = {
        "short_id": id,
        "short_id_url": place,
        "comments_url": f"{place}/t",
        "title": "A title",
        "url": "",
    }
    facts |= {"submitter_user": "ann", "created_at": "2024-05-01T10:00:00.000-05:00", "comments": [one]}
    return facts | more


def test_a_story_of_lobsters_and_a_comment_of_it(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/s/abc123.json", story())
    comment = story()["comments"][0] | {"url": "https://lobste.rs/s/abc123/t#c_c1"}
    server.on("/c/c1.json", comment)
    errand = Errand(server, tmp_path, "https://lobste.rs/s/abc123/a_title", "https://lobste.rs/c/c1")
    assert errand.report == Report(kept=1, within=1)
    [finding] = inspect(tmp_path / "lobsters" / f"abc123.{STAMP}.json")
    assert (finding.reader, finding.items, finding.captured) == ("lobsters", 2, NOON)
    errand = Errand(server, tmp_path, "https://lobste.rs/s/abc123", since=NOON)
    assert errand.report == Report(older=1)


def thing(kind: str, id: str, parent: str = "", **more: Any) -> JSON:
    facts: JSON = {"id": id, "name": f"{kind}_{id}", "author": "ann", "created_utc": 1_700_000_000.0}
    facts |= {"subreddit": "x", "permalink": f"/r/x/comments/p1/_/{id}/"}
    if kind == "t1":
        facts |= {"parent_id": parent, "link_id": "t3_p1", "body": f"Text of {id}", "replies": ""}
    else:
        facts |= {"title": "A title", "selftext": "", "is_self": True, "num_comments": 5}
    return {"kind": kind, "data": facts | more}


def listing(*things: JSON) -> JSON:
    return {"kind": "Listing", "data": {"children": list(things)}}


def more(parent: str, *ids: str) -> JSON:
    return {
        "kind": "more",
        "data": {"count": len(ids), "parent_id": parent, "id": "_", "children": list(ids)},
    }


MORE = "/api/morechildren.json?api_type=json&raw_json=1&link_id=t3_p1&children="
FIRST = "/comments/p1.json?limit=500&raw_json=1"


def test_a_thread_of_reddit_with_all_that_it_only_names(server: PlayedServer, tmp_path: Path) -> None:
    deep = thing("t1", "c1", "t3_p1", replies=listing(more("t1_c1")))
    server.on(FIRST, [listing(thing("t3", "p1")), listing(deep, more("t3_p1", "c3", "c4"))])
    found = [thing("t1", "c3", "t3_p1"), more("t1_c3", "c5")]
    server.on(f"{MORE}c3,c4", {"json": {"errors": [], "data": {"things": found}}})
    server.on(f"{MORE}c5", {"json": {"errors": [], "data": {"things": [thing("t1", "c5", "t1_c3")]}}})
    page = [
        listing(thing("t3", "p1")),
        listing(thing("t1", "c1", "t3_p1", replies=listing(thing("t1", "c2", "t1_c1")))),
    ]
    server.on("/comments/p1/_/c1.json?limit=500&raw_json=1", page)
    server.on("/r/x/s/SHARE", plays.lead("https://www.reddit.com/r/x/comments/p1/a_title/?share_id=1"))
    errand = Errand(server, tmp_path, "https://www.reddit.com/r/x/s/SHARE", "https://redd.it/P1")
    assert errand.report == Report(kept=1, within=1)
    assert errand.notes[0] == "1 comments are named, not given"
    [finding] = inspect(tmp_path / "reddit" / f"p1.{STAMP}.ndjson")
    assert (finding.reader, finding.items, finding.captured) == ("reddit", 5, NOON)
    assert finding.problems == ()


def test_a_thread_of_reddit_is_kept_where_the_rest_is_refused(server: PlayedServer, tmp_path: Path) -> None:
    server.on(FIRST, [listing(thing("t3", "p1")), listing(more("t3_p1", "c3"))])
    server.on(f"{MORE}c3", plays.say(b"<html>whoa there</html>", 403))
    errand = Errand(server, tmp_path, "https://redd.it/p1")
    assert errand.notes == ["1 comments are named, not given (the server answers 403 Forbidden)"]


def test_reddit_may_say_that_it_gives_nothing(server: PlayedServer, tmp_path: Path) -> None:
    server.on(FIRST, [listing(thing("t3", "p1")), listing(more("t3_p1", "c3"))])
    server.on(f"{MORE}c3", {"json": {"errors": [["USER_REQUIRED", "please log in", None]]}})
    errand = Errand(server, tmp_path, "https://redd.it/p1")
    assert errand.notes == ["1 comments are named, not given"]
    [finding] = inspect(tmp_path / "reddit" / f"p1.{STAMP}.ndjson")
    assert finding.problems == ()


# Servers that are not well


GOOD = nested(1)


@pytest.mark.parametrize(
    "bad",
    [
        plays.say(b"", 503),
        plays.say(b"", 500),
        plays.say(b"slow down", 429),
        plays.say(b"slow down", 429, Retry_After="0"),
        plays.say(b"<!DOCTYPE html><title>Just a moment...</title>", 200, Content_Type="text/html"),
        plays.say(b'{"id": 1, "children": [{"id": 2, "text": "ab'),
        plays.say({"id": 5, "created_at_i": 1, "type": "story", "children": []}),
        plays.say([1, 2, 3]),
        plays.say(b"\xff\xfe\x00"),
        plays.say(b"not gzip", Content_Encoding="gzip"),
        plays.reset,
        plays.cut(json.dumps(GOOD).encode()),
    ],
    ids=lambda play: getattr(play, "__qualname__", ""),
)
def test_what_may_pass_is_asked_again(server: PlayedServer, tmp_path: Path, bad: plays.Play) -> None:
    server.on("/items/1", bad, GOOD)
    errand = Errand(server, tmp_path, "1")
    assert errand.report == Report(kept=1) and len(server.asked) == 2
    assert names(tmp_path) == [f"hn/1.{STAMP}.json"]


@pytest.mark.parametrize("slow", [plays.drip, plays.wait(2, plays.say(GOOD))], ids=["drip", "wait"])
def test_who_is_too_slow_is_asked_again(server: PlayedServer, tmp_path: Path, slow: plays.Play) -> None:
    server.on("/items/1", slow, GOOD)
    assert Errand(server, tmp_path, "1", manners=HASTY).report == Report(kept=1)
    assert len(server.asked) >= 2


@pytest.mark.parametrize(
    "bad, words, often",
    [
        (plays.say(b"", 503), "the server answers 503 Service Unavailable (asked 3 times)", 3),
        (plays.say(b"", 404), "the server answers 404 Not Found", 1),
        (plays.say(b"", 403), "the server answers 403 Forbidden", 1),
        (plays.say(b"", 400), "the server answers 400 Bad Request", 1),
        (plays.say(b"null"), "there is nothing", 1),
        (plays.say(b"", 429, Retry_After="3600"), "and to come back in 3600 seconds", 1),
        (plays.endless, "the answer has over 0 MB", 1),
        (plays.bomb(1 << 26), "the answer has over 0 MB", 1),
        (plays.say(b"x", Content_Encoding="gzip, gzip"), "packed in a way that was not asked for", 1),
        (plays.lead("/items/1"), "leads on more than 5 times", 6),
        (plays.lead("http://localhost:1/items/1"), "where hnsite does not look for it", 1),
        (plays.lead("file:///etc/passwd"), "where hnsite does not look for it", 1),
        (plays.lead("http://[::1"), "Invalid URL in location header", 3),
        (plays.reset, "no answer: ", 3),
    ],
)
def test_what_does_not_pass_is_told_and_leaves_nothing(
    server: PlayedServer, tmp_path: Path, bad: plays.Play, words: str, often: int
) -> None:
    server.on("/items/1", bad)
    errand = Errand(server, tmp_path, "1", manners=BRISK._replace(largest=1 << 19))
    [error] = errand.errors
    assert words in str(error) and str(error).startswith(f"{server.base}/items/1: ")
    assert len(server.asked) == often and names(tmp_path) == []
    assert errand.report.failed == 1


def test_redirects_within_a_place_are_followed(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/items/1", plays.lead("/v2/items/1"))
    server.on("/v2/items/1", GOOD)
    assert Errand(server, tmp_path, "1").report.kept == 1


def test_nobody_listens(server: PlayedServer, tmp_path: Path) -> None:
    services = {"algolia": Service("http://127.0.0.1:9")}
    errand = Errand(server, tmp_path, *"12345", services=services)
    assert [error.reason.partition(" ")[0] for error in errand.errors] == ["no", "no", "no", "not", "not"]
    assert errand.report.unfinished == 5


def test_answers_that_make_no_sense_do_not_end_a_list(server: PlayedServer, tmp_path: Path) -> None:
    for id in range(1, 5):
        server.on(f"/items/{id}", plays.say(b"{}") if id % 2 else plays.say(b"", 500))
    server.on("/items/5", nested(5))
    assert Errand(server, tmp_path, *"12345").report == Report(kept=1, failed=4, unfinished=4)


def test_who_asks_to_be_left_alone_for_long_is(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/items/1", plays.say(b"", 429, Retry_After="900"))
    assert Errand(server, tmp_path, "1", "2").report == Report(failed=2, unfinished=2)
    assert server.paths == ["/items/1"]


@pytest.mark.parametrize("kind", ["seconds", "date", "Reddit's"])
def test_a_pause_that_is_asked_for_is_kept(server: PlayedServer, tmp_path: Path, kind: str) -> None:
    after = {"Retry_After": formatdate(time.time() + 2, usegmt=True) if kind == "date" else "1"}
    if kind == "Reddit's":
        after = {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "1.0"}
    server.on("/items/1", plays.say(b"", 429, **after), GOOD)
    assert Errand(server, tmp_path, "1", manners=BRISK._replace(longest_after=3)).report.kept == 1
    assert server.asked[1].at - server.asked[0].at >= 0.9


def test_pauses_grow(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/items/1", plays.say(b"", 503))
    Errand(server, tmp_path, "1", manners=BRISK._replace(tries=4, pause=0.1, longest_pause=9))
    times = [asked.at for asked in server.asked]
    pauses = [after - before for before, after in pairwise(times)]
    assert pauses[0] >= 0.1 and pauses[1] >= 0.2 and pauses[2] >= 0.4


def test_questions_keep_their_distance(server: PlayedServer, tmp_path: Path) -> None:
    for id in range(1, 6):
        server.on(f"/items/{id}", nested(id))
    services = {"algolia": Service(server.base, 0.1)}
    Errand(server, tmp_path, *"12345", services=services)
    times = [asked.at for asked in server.asked]
    assert times[-1] - times[0] >= 0.3


def test_no_more_are_asked_at_once_than_may_be(server: PlayedServer, tmp_path: Path) -> None:
    kids = list(range(2, 14))
    play_thread(server, flat(1, kids=kids))
    for id in kids:
        server.on(f"/item/{id}.json", plays.wait(0.1, plays.say(flat(id, 1))))
    begin = time.monotonic()
    Errand(server, tmp_path, "1", api="firebase")  # four at once
    assert time.monotonic() - begin >= 0.3
    times = sorted(asked.at for asked in server.asked)[2:]
    assert all(times[place + 4] - times[place] >= 0.09 for place in range(8))


# Lists that are interrupted


def test_a_list_is_gone_on_with_and_then_begun_anew(server: PlayedServer, tmp_path: Path) -> None:
    for id in (1, 2, 3):
        server.on(f"/items/{id}", nested(id))
    server.on("/items/2", plays.say(b"", 503))
    asked = ("1", "2", "3", "9")
    errand = Errand(server, tmp_path, *asked)
    assert errand.report == Report(kept=2, failed=2, unfinished=1)
    assert sorted(path.partition("-")[0] for path in names(tmp_path)) == [".fetch", "hn/1.2026", "hn/3.2026"]
    server.asked.clear()
    server.on("/items/2", nested(2))
    errand = Errand(server, tmp_path, *asked, now=time.time())
    assert server.paths == ["/items/2"] and errand.report == Report(kept=1, before=3)
    assert not [name for name in names(tmp_path) if ".part" in name]
    errand = Errand(server, tmp_path, *asked)
    assert errand.report.kept == 3


def test_a_disk_that_refuses_ends_it(server: PlayedServer, tmp_path: Path) -> None:
    (tmp_path / "content").write_text("a file")
    server.on("/items/1", nested(1))
    with pytest.raises(Exception, match="cannot be written"):
        Errand(server, tmp_path / "content", "1")


def test_what_a_dump_says_of_its_time_counts_more_than_its_name(tmp_path: Path) -> None:
    path = tmp_path / f"1.{STAMP}.json"
    path.write_text(json.dumps({"id": 1, "body": flat(1), "retrieved_at_ts": 1_700_000_500}))
    [finding] = inspect(path)
    assert finding.captured == 1_700_000_500
    path.write_text(json.dumps(flat(1)))
    [finding] = inspect(path)
    assert finding.captured == NOON


# The command


@pytest.fixture
def here(server: PlayedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to type commands in, where all the others are the server on this machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fetching, "SERVICES", {name: Service(server.base) for name in fetching.SERVICES})
    return tmp_path


def typed(*words: str, given: str | None = None) -> tuple[int, str, str]:
    """Status, and what is printed and what is told."""
    result = CliRunner().invoke(cli, ["fetch", *words], input=given)
    return result.exit_code, result.stdout, result.stderr


def test_fetched_threads_are_on_the_site(here: Path, server: PlayedServer) -> None:
    server.on("/items/1", nested(1, children=[nested(2, 1, text="So it was at first")]))
    assert main_status("fetch", "https://news.ycombinator.com/item?id=1#2") == 0
    server.on("/items/1", nested(1, children=[nested(2, 1, text="So it is now")]))
    time.sleep(1.1)
    assert main_status("fetch", "1") == 0
    report = build(parse_config("", here, "hnsite.toml"))
    page = (here / "public/item/1.html").read_text()
    assert not report.problems, "the captures tell which of two texts is the later one"
    assert "So it is now" in page and "Title 1" in page and (here / "public/item/2.html").exists()


def main_status(*words: str) -> int:
    """The status of a command, as the shell gets it."""
    sys_argv, sys.argv = sys.argv, ["hnsite", *words]
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    finally:
        sys.argv = sys_argv
    return 0


def test_the_command_tells_what_it_kept_and_what_failed(here: Path, server: PlayedServer) -> None:
    server.on("/items/1", nested(1))
    status, out, err = typed("1", "9")
    assert status == 1
    first, last = out.splitlines()
    assert first.startswith("content/hn/1.20") and first.endswith("Z.json: 1 item")
    assert last == "1 capture made in content, 1 failed"
    assert err == f"error: {server.base}/items/9: the server answers 404 Not Found\n"
    assert typed("1", "-q") == (0, "", "")


def test_the_folder_is_that_of_the_settings(here: Path, server: PlayedServer) -> None:
    server.on("/items/1", nested(1))
    (here / "hnsite.toml").write_text('content = "dumps"\n')
    assert typed("1")[0] == 0
    assert typed("1", "-s", "others")[0] == 0
    (here / "x").mkdir()
    (here / "x/site.toml").write_text('content = "here"\n')
    assert typed("1", "-c", "x/site.toml")[0] == 0
    assert [folder for folder in ("dumps", "others", "x/here") if not (here / folder / "hn").is_dir()] == []


def test_lists_come_from_files_and_the_input(here: Path, server: PlayedServer) -> None:
    for id in (1, 2, 3):
        server.on(f"/items/{id}", nested(id))
    (here / "list.txt").write_text("1\n# no\nhttps://news.ycombinator.com/item?id=2\n")
    assert typed("--from-file", "list.txt", "3")[0] == 0
    assert len(names(here / "content")) == 3
    status, out, _ = typed("--from-file", "-", "--since", "2023-11-15", given="1\n2\n")
    assert status == 0 and out.endswith("0 captures made in content, 2 from before 2023-11-15\n")


@pytest.mark.parametrize(
    "words, reason",
    [
        ((), "nothing is asked for; name a number of Hacker News"),
        (("1", "https://example.com/"), "https://example.com/: not known here; possible are"),
        (("1", "--since", "yesterday"), "--since: 'yesterday' is no date such as 2026-01-31"),
        (("--from-file", "nothing.txt"), "nothing.txt: cannot be read: No such file"),
        (("1", "--from-file", "empty.txt"), "empty.txt: there is nothing to fetch in it"),
        (("1", "--api", "other"), "Invalid value for '--api'"),
    ],
)
def test_wrong_usage_asks_nobody(
    here: Path, server: PlayedServer, words: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "empty.txt").touch()
    server.on("/items/1", nested(1))
    assert main_status("fetch", *words) == 2
    assert reason in capsys.readouterr().err
    assert server.asked == [] and not (here / "content").exists()


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://x", "http://[::1"])
def test_a_proxy_that_cannot_be_used_is_told(
    here: Path, proxy: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    assert main_status("fetch", "1") == 2
    assert "the proxies or certificates that the environment names cannot be used" in capsys.readouterr().err


TYPED = """
import sys
from hnsite import fetch
from hnsite.cli import main
base = sys.argv.pop()
fetch.SERVICES = {name: fetch.Service(base) for name in fetch.SERVICES}
main()
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_the_true_addresses_are_asked_through_a_proxy(server: PlayedServer, tmp_path: Path) -> None:
    hosts = ("hn.algolia.com", "hacker-news.firebaseio.com", "lobste.rs", "www.reddit.com")
    names_of = f"subjectAltName={','.join(f'DNS:{host}' for host in hosts)}"
    server.certificate = tmp_path / "both.pem"
    make: list[str | Path] = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=x",
        "-addext",
        names_of,
    ]
    make += ["-keyout", server.certificate, "-out", tmp_path / "certificate.pem"]
    subprocess.run(make, check=True, capture_output=True)
    with server.certificate.open("ab") as both:
        both.write((tmp_path / "certificate.pem").read_bytes())
    server.on("/api/v1/items/1", nested(1))
    server.on("/v0/item/1.json", flat(1))
    server.on("/s/abc123.json", story())
    server.on(FIRST, [listing(thing("t3", "p1")), listing()])
    environment = {
        **os.environ,
        "HTTPS_PROXY": server.base,
        "SSL_CERT_FILE": str(tmp_path / "certificate.pem"),
    }
    environment |= {"NO_PROXY": "", "no_proxy": ""}
    asked = (["1", "https://lobste.rs/s/abc123", "https://redd.it/p1"], ["1", "--api", "firebase"])
    for words in asked:
        command = [sys.executable, "-m", "hnsite", "fetch", *words]
        run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert (run.returncode, run.stderr) == (0, "")
    assert len([name for name in names(tmp_path / "content") if ".part" not in name]) == 4


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
def test_an_interrupted_command_keeps_what_it_has(server: PlayedServer, tmp_path: Path) -> None:
    server.on("/items/1", nested(1))
    server.on("/items/2", plays.wait(30, plays.say(nested(2))))
    command = [sys.executable, "-c", TYPED, "fetch", "1", "2", server.base]
    environment = os.environ | {"NO_PROXY": "*"}
    run = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=hear
    )
    for _ in range(200):
        if "/items/2" in server.paths:
            break
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=20)
    assert run.returncode == 130
    assert err == "what was fetched is kept; the same command goes on from there\n\nstopped\n"
    assert [name for name in names(tmp_path / "content") if name.endswith(".json")] != []
    server.on("/items/2", nested(2))
    server.asked.clear()
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert server.paths == ["/items/2"]


# Real answers


def served(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


@pytest.mark.parametrize("id", [3412900, 48350598, 11405239])
def test_real_threads_of_algolia(shared: Path, server: PlayedServer, tmp_path: Path, id: int) -> None:
    [path] = (shared / "data/hn-algolia").glob(f"{id}.json*")
    server.on(f"/items/{id}", plays.say(served(path), Connection="close"))
    errand = Errand(server, tmp_path, str(id), manners=Manners())
    assert errand.report == Report(kept=1)
    [kept], [given] = inspect(tmp_path / "hn" / f"{id}.{STAMP}.json"), inspect(path)
    assert (kept.reader, kept.items, kept.captured) == ("algolia", given.items, NOON)


def test_a_real_thread_item_by_item(shared: Path, server: PlayedServer, tmp_path: Path) -> None:
    items = [json.loads(line) for line in served(shared / "data/hn-items/threads.ndjson.gz").splitlines()]
    play_thread(server, *items)
    server.rest = plays.say(b"null")
    comment = next(item for item in items if item["id"] == 6374031)["kids"][0]
    errand = Errand(server, tmp_path, str(comment), api="firebase", manners=Manners())
    [outcome] = errand.told
    assert isinstance(outcome, Outcome) and outcome.path == tmp_path / "hn" / f"6374031.{STAMP}.ndjson"
    [finding] = inspect(outcome.path)
    assert finding.items == outcome.items > 30 and finding.orphans == 0 and finding.threads == 1


def test_real_answers_of_lobsters_and_reddit(shared: Path, server: PlayedServer, tmp_path: Path) -> None:
    raw = served(shared / "data/lobsters/real_story_item.json")
    id = json.loads(raw)["short_id"]
    server.on(f"/s/{id}.json", plays.say(raw))
    post = served(shared / "data/reddit/TestSubmission.test_comments.01.json")
    name = json.loads(post)[0]["data"]["children"][0]["data"]["id"]
    server.on(f"/comments/{name}.json?limit=500&raw_json=1", plays.say(post))
    errand = Errand(
        server, tmp_path, f"https://lobste.rs/s/{id}", f"https://redd.it/{name}", manners=Manners()
    )
    assert errand.report == Report(kept=2)
    assert sorted(path.parent.name for path in tmp_path.rglob("*.*json")) == ["lobsters", "reddit"]
