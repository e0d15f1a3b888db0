"""The Hacker News API as files: read by a client that somebody else wrote, kept up to date, read again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import host
import pytest
from hacker_news_client import HackerNewsClient
from small_site import Site, api, check, differences, link_to

from hnsite.build import _without_twins
from hnsite.config import Config
from hnsite.mark import is_marked
from hnsite.markup import api_text
from hnsite.model import Dialect, Kind, Moment, State, Summary
from hnsite.pages.api import list_files
from hnsite.plan import expect, make_plan
from hnsite.theme import look
from hnsite.tools import open_tools
from hnsite.urls import api_own_name_path, api_user_path

TIME = 1_700_000_000
HOSTILE = (
    'so<script>alert(1)</script><img src=x onerror=alert(2)> <a href="javascript:alert(3)">a</a>\u202e'
    "<p>b<i>open"
)
ITEMS: list[dict[str, Any]] = [
    api(id=1, type="story", by="Zak", title="Ask HN: Queues & <b>clocks</b>", score=7, kids=[3, 2, 9]),
    api(id=2, by="con", parent=1, text="One &amp; two.<p><i>Three</i>, " + link_to(20), kids=[4]),
    api(id=3, by="ann", parent=1, text="<pre><code>  x = 1\n</code></pre>\nand <a>b</a>", dead=True),
    api(id=4, by="zed_9", parent=2, text="Four.", kids=[5]),
    {"id": 5, "type": "comment", "parent": 4, "time": TIME, "deleted": True, "kids": [6]},
    api(id=6, by="ann", parent=5, text=HOSTILE),
    api(id=8, by="ann", parent=7, text="An orphan, whose parent is in no dump."),
    api(id=20, type="story", by="ann", time=TIME + 9, title="Show HN: A tide", score=99, url="https://tide.example/"),
    api(id=30, type="poll", by="ann", time=TIME + 5, title="Which?", score=3, parts=[31, 32], descendants=0),
    api(id=31, type="pollopt", by="ann", poll=30, text="This", score=2),
    api(id=32, type="pollopt", by="ann", poll=30, text="That", score=5),
    api(id=40, type="job", by="ann", time=TIME + 7, title="A job", score=1, url="javascript:alert(4)"),
    api(id=50, type="story", by="spam", title="Dead", score=1, dead=True),
]  # fmt: skip
LOBSTERS = {
    "short_id": "abcdef", "created_at": "2024-01-01T00:00:00.000-06:00", "title": "A boat", "url": "",
    "comments_url": "https://lobste.rs/s/abcdef/a_boat", "score": 4, "submitter_user": "ann", "tags": [],
    "comments": [
        {
            "short_id": "c00001", "created_at": "2024-01-01T01:00:00.000-06:00", "parent_comment": None,
            "comment": "<p>Row.</p>", "comment_plain": "*Row.*", "commenting_user": "Bob", "depth": 0,
            "short_id_url": "https://lobste.rs/c/c00001", "is_deleted": False, "is_moderated": False,
        },
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("api") / "site", **{"hn.json": ITEMS, "lobsters.json": LOBSTERS})
    site.settings = "api = true"
    site.build()
    return site


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[HackerNewsClient]:
    with host.served(site.public, with_headers=False) as address:
        yield HackerNewsClient(base_url=f"{address}/v0")


def answer(site: Site, path: str) -> Any:
    return json.loads((site.public / "v0" / f"{path}.json").read_bytes())


# ---- a client from the registry


def test_a_client_reads_a_whole_thread(client: HackerNewsClient) -> None:
    """Every comment of the dump by the ids of the one above, as the dump has it."""
    said = {item["id"]: item for item in ITEMS}
    read: dict[int, Any] = {}
    waiting: list[int | str] = [*client.top_story_ids()]
    while waiting:
        for item in client.items(waiting):
            read[item.id] = item
        waiting = [kid for id in waiting if id in read for kid in getattr(read[id], "kids", ())]
    assert sorted(read) == [1, 2, 3, 4, 20, 30, 40], (
        "this client leaves out what is deleted, and all below it"
    )
    for id in (2, 3, 4):
        item = read[id]
        assert (item.by, item.time, item.parent) == (said[id]["by"], TIME, said[id]["parent"])
        assert item.kids == tuple(said[id].get("kids", ()))
        assert item.dead == said[id].get("dead", False)
    assert read[1].kids == (3, 2, 9), "as displayed"
    assert read[1].descendants == 5, "what the archive has of it"


def test_a_client_reads_a_comment_tree(client: HackerNewsClient) -> None:
    tree = client.comment_tree(1)
    assert tree is not None
    assert [(one.id, [below.id for below in one.replies]) for one in tree.replies] == [
        (3, []),
        (2, [4]),
    ]


def test_a_client_reads_lists_and_the_last_number(client: HackerNewsClient) -> None:
    assert client.top_story_ids() == client.best_story_ids() == [20, 1, 30, 40], (
        "by points, without what is dead"
    )
    assert client.new_story_ids() == [20, 40, 30, 1]
    assert (client.ask_story_ids(), client.show_story_ids(), client.job_story_ids()) == ([1], [20], [40])
    assert client.max_item() == 50
    assert client.updates().items == ()
    assert [story.id for story in client.top_stories()] == [20, 1, 30, 40]


def test_a_client_reads_authors_by_their_names(client: HackerNewsClient) -> None:
    zak, ann = client.user("Zak"), client.user("ann")
    assert zak is not None and (zak.id, zak.created, zak.submitted) == ("Zak", TIME, (1,))
    assert ann is not None and set(ann.submitted) == {3, 6, 8, 20, 30, 40}
    assert ann.submitted[0] == 20, "newest first"


def test_a_client_reads_polls_and_what_is_not_there(client: HackerNewsClient, site: Site) -> None:
    poll, option = client.item(30), client.item(32)
    assert (poll.parts, option.poll, option.score, option.text) == ((31, 32), 30, 5, "That")  # type: ignore[union-attr]
    assert client.item(9) is None, "named, in no dump, nothing below it: null, as the API answers"
    assert (site.public / "v0/item/9.json").read_bytes() == b"null\n"


# ---- what stands in the files


def test_what_the_api_gave_comes_out_as_it_went_in(site: Site) -> None:
    for item in ITEMS:
        if item["id"] in (2, 4, 20, 31, 32):
            now = answer(site, f"item/{item['id']}")
            assert {name: now.get(name) for name in item} == item
    assert answer(site, "item/5") == ITEMS[4]


def test_texts_are_safe(site: Site) -> None:
    text = answer(site, "item/6")["text"]
    assert (
        "script" not in text and "onerror" not in text and "javascript" not in text and "\u202e" not in text
    )
    assert text.startswith("so")
    assert answer(site, "item/1")["title"] == "Ask HN: Queues & &lt;b&gt;clocks&lt;/b&gt;"
    assert "url" not in answer(site, "item/40")


def test_what_is_not_known_is_marked(site: Site) -> None:
    stub = {"id": 7, "type": "story", "time": 0, "unknown": ["time"], "descendants": 1, "kids": [8]}
    assert answer(site, "item/7") == {**stub, "missing": True}
    assert answer(site, "user/ann")["unknown"] == ["karma"]
    assert answer(site, "user/ann")["inferred"] == ["created"]


def test_other_sources_have_their_ids_as_text(site: Site) -> None:
    story, comment = answer(site, "item/lobsters-abcdef"), answer(site, "item/lobsters-c00001")
    assert (story["kids"], comment["parent"]) == (["lobsters-c00001"], "lobsters-abcdef")
    assert (comment["by"], comment["text"]) == ("Bob@lobsters", "<em>Row.</em>")
    assert answer(site, "user/Bob@lobsters")["submitted"] == ["lobsters-c00001"]
    assert "lobsters-abcdef" not in answer(site, "newstories")


def test_texts_of_hacker_news_stay_and_others_become_like_them() -> None:
    url = "https:&#x2F;&#x2F;a.example&#x2F;?b&amp;c"
    own = f'a &lt;b&gt; &#x27;<p><a href="{url}" rel="nofollow">x</a><i>y</i>'
    assert api_text(own, Dialect.HN) == own
    assert api_text("one\n\ntwo http://a.example/", Dialect.TEXT) == (
        'one<p>two <a href="http://a.example/" rel="nofollow">http://a.example/</a>'
    )
    for odd in (
        "<i>a",
        "a</i>",
        "<i><p></i>",
        "a & b",
        "\x00",
        "\u202e",
        "&#x202E;",
        "<a>b<i></a></i>",
    ):
        assert api_text(odd, Dialect.HN) != odd
    for link in ("javascript:x", "https://a\u202eb/", "//a.example/"):
        assert f'href="{link}"' not in api_text(f'<a href="{link}">x</a>', Dialect.HN)


def test_lists_are_bounded_as_the_api_bounds_them() -> None:
    stories = [
        Summary(str(id), Kind.STORY, State.LIVE, "Ask HN: x", None, id % 7, "ann", Moment(id), 0)
        for id in range(1, 701)
    ]
    lists = {path: json.loads(content) for path, content in list_files(stories, 700)}
    assert lists["v0/newstories.json"] == list(range(700, 200, -1))
    assert len(lists["v0/topstories.json"]) == 500
    assert lists["v0/askstories.json"] == list(range(700, 500, -1))


@pytest.mark.parametrize(
    "name, path",
    [
        ("ann", None),  # as its file is called
        ("Zak", "v0/user/Zak.json"),
        ("_x", "v0/user/_x.json"),
        ("Ann@lobsters", "v0/user/Ann@lobsters.json"),
        ("ann@lobsters", "v0/user/ann@lobsters.json"),
        ("con", None),
        ("Con", None),
        ("CON@lobsters", None),
        ("a--b", None),
        ("Ann Lee@mail", None),
        ("../x", None),
        ("a.b", None),
        ("é", None),
        ("-x", None),
        ("", None),
    ],
)
def test_authors_stand_under_their_own_names_where_a_file_can_be_called_so(
    name: str, path: str | None
) -> None:
    assert api_own_name_path(name) == path
    assert api_user_path(name) != path


# ---- kept up to date


def test_it_is_the_same_however_it_was_built(tmp_path: Path) -> None:
    site, other = Site(tmp_path / "site"), Site(tmp_path / "other")
    site.settings = "api = true"
    site.write("a.json", ITEMS[:4])
    check(site, other)
    site.write("b.json", ITEMS[4:])
    check(site, other)
    site.write("c.json", [api(id=60, parent=1, by="zak", text="Another of that name.")])
    check(site, other)
    assert not (site.public / "v0/user/Zak.json").exists(), "one of two that differ in case only"
    assert answer(site, "user/zak")["id"] == "zak"
    site.remove("c.json")
    check(site, other)
    assert answer(site, "user/Zak")["submitted"] == [1]
    site.write("d.json", [api(id=61, parent=1, by="Zak", text="More.", time=TIME + 99)])
    check(site, other)
    assert answer(site, "user/Zak")["submitted"] == [61, 1]
    assert answer(site, "maxitem") == 61
    (site.public / "v0/user/Zak.json").unlink()
    (site.public / "v0/item/4.json").unlink()
    check(site, other)
    site.settings = ""
    check(site, other)
    assert not (site.public / "v0").exists()
    site.settings = "api = true\nsince = '2030-01-01'"
    check(site, other)
    assert not (site.public / "v0/item").exists()
    assert answer(site, "topstories") == [] and answer(site, "maxitem") == 0


def test_a_build_without_its_cache_knows_the_files_again(site: Site, tmp_path: Path) -> None:
    copy = Site(tmp_path / "copy")
    shutil.copytree(site.root, copy.root, dirs_exist_ok=True)
    copy.settings = site.settings
    shutil.rmtree(copy.root / ".cache")
    copy.write("more.json", [api(id=70, parent=1, by="Zak", text="More."), {**ITEMS[19 % 13], "score": 100}])
    copy.build()
    assert 70 in answer(copy, "item/1")["kids"]
    assert {path for path, content in copy.pages().items() if not is_marked(path, content)} <= {
        path for path in copy.pages() if path.startswith("static/")
    }


def test_an_answer_of_the_api_that_somebody_put_there_is_not_overwritten(tmp_path: Path) -> None:
    assert not is_marked("v0/item/1.json", b'{"by":"pg","descendants":15,"id":1}')
    assert not is_marked("v0/item/1.json", b'{"deleted":true,"id":1}')
    assert not is_marked("data/item/1.json", b'{"id":1}')
    assert is_marked("v0/item/1.json", b'{"id":1}')


def test_twins_that_a_file_system_takes_for_one_file_are_not_deleted(tmp_path: Path) -> None:
    (tmp_path / "v0").mkdir()
    (tmp_path / "v0/zak.json").write_text("x")
    (tmp_path / "v0/Zak.json").hardlink_to(tmp_path / "v0/zak.json")  # as such a file system shows it
    (tmp_path / "v0/Bob.json").write_text("y")
    stale = {"v0/Zak.json", "v0/Bob.json", "index.html"}
    assert _without_twins(stale, tmp_path) == {"v0/Bob.json", "index.html"}


def test_the_files_are_counted_before_they_are_written(tmp_path: Path) -> None:
    items = [
        api(id=1, type="story", title="T"),
        *(api(id=id, parent=1, by=f"N{id % 50}") for id in range(2, 280)),
    ]
    for number, more in enumerate(("", "api = true")):
        site = Site(tmp_path / str(number), **{"a.json": items})
        site.settings = f'search = false\nfeeds = "none"\n{more}'
        site.build()
        tools = open_tools(site.config, clean=True)
        size = expect(make_plan(tools, look(site.config), True), tools)
        tools.close()
        files = [path for path in site.public.rglob("*") if path.is_file()]
        fullest = max(len([*folder.iterdir()]) for folder in site.public.rglob("*") if folder.is_dir())
        assert abs(size.files - len(files)) < 0.1 * len(files)
        assert abs(size.in_a_folder - fullest) < 0.1 * fullest


# ---- read again


def test_the_files_are_a_dump_that_gives_the_same_threads(site: Site, tmp_path: Path) -> None:
    again = Site(tmp_path / "again")
    for path in (site.public / "v0/item").iterdir():
        shutil.copy(path, again.root / "content")
    again.settings = site.settings
    report = again.build()
    assert not report.errors
    assert {one.reason for one in report.problems} <= {
        "null: the API had no such item",
        "the parent 7 of item 8 is in no dump; it is shown as missing",
    }
    different = [path for path in differences(site.pages(), again.pages()) if path.startswith("v0/")]
    assert different == []


def test_other_settings_write_none_of_it(tmp_path: Path) -> None:
    assert Config(tmp_path).author_files == ("feed",)
    site = Site(tmp_path / "site", **{"a.json": ITEMS})
    site.build()
    assert not (site.public / "v0").exists()
