"""Incremental builds: every way gives the bytes of a clean build, and no more is made than needed."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from small_site import (
    NAMES,
    STORY,
    WORDS,
    Fate,
    Site,
    api,
    board,
    check,
    differences,
    link_to,
    lose,
    pasted,
    swap,
)
from test_output import Crash
from trust.kills import broken_links

from hnsite import build as module
from hnsite import intake, search, words
from hnsite.errors import BuildError, ThemeError
from hnsite.lists import directories
from hnsite.lists import threads as lists
from hnsite.model import Page
from hnsite.moves import Moves
from hnsite.pages import author, day, directory, feed, front, sitemap, threads, top
from hnsite.pages import site as site_pages
from hnsite.theme import DEFAULT, built_in_themes

TITLES = ["On queues", "On clocks", "On clocks (example.org)"]
CARD = (built_in_themes() / DEFAULT / "card.html").read_text()
SETTINGS = {
    "title": ["title = 'Site A'", "title = 'Site B'"],
    "base_url": ["base_url = 'https://a.example/b/'"],
    "min_comments": ["min_comments = 1", "min_comments = 2"],
    "since": ["since = '2020-09-14'"],
    "until": ["until = '2020-09-13'"],
    "search": ["search = false"],
    "feeds": ["feeds = 'none'", "feeds = 'threads'"],
}
SMALL_FILES = [
    *(
        (words, name, value)
        for name, value in (("LARGEST", 60), ("WHOLE", 40), ("COMMON", 45), ("LETTERS", 2))
    ),
    *((search, name, value) for name, value in (("MANY", 2), ("UNIT", 300), ("BUCKET", 400))),
]
"""So that few words fill several files."""
EPOCH = 1_599_955_000
"""Near midnight of the dates in SETTINGS."""


def patch_sizes(patch: pytest.MonkeyPatch) -> None:
    """So that few threads and authors fill several pages."""
    for place in (threads, top, lists, author):
        patch.setattr(place, "SIZE", 2)
    patch.setattr(top, "MOST", 5)
    patch.setattr(sitemap, "MOST", 4)
    patch.setattr(feed, "NEWEST", 2)
    for place in (directory, directories):
        patch.setattr(place, "LARGEST", 2)
    for name, value in (("LARGEST", 60), ("WHOLE", 40), ("COMMON", 45), ("LETTERS", 2)):
        patch.setattr(words, name, value)
    for name, value in (("MANY", 2), ("UNIT", 300), ("BUCKET", 400)):
        patch.setattr(search, name, value)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


@pytest.fixture
def other(tmp_path: Path) -> Site:
    return Site(tmp_path / "other")


@pytest.fixture
def fate(monkeypatch: pytest.MonkeyPatch) -> Fate:
    return Fate(monkeypatch)


# Random edits

URLS = ["https://example.com/a", "https://Example.com/b", "http://b.example", "http://con.example:8/"]
numbers = st.integers(1, 14)
links = numbers.map(link_to) | numbers.map("https://news.ycombinator.com/item?id={}".format)
bodies = st.sampled_from(WORDS) | links | st.sampled_from("abcd")
ids = st.integers(1, 14)
loose_items = st.fixed_dictionaries(
    {"id": ids, "type": st.sampled_from(["story", "comment", "comment", "job", "poll", "pollopt"])},
    optional={
        "parent": ids,
        "by": st.sampled_from(NAMES),
        "text": bodies,
        "title": st.sampled_from(TITLES),
        "time": st.integers(EPOCH, EPOCH + 9999) | st.integers(0, 4).map(lambda days: EPOCH + days * 86_400),
        "score": st.sampled_from([0, 1, 7]),
        "url": st.sampled_from(URLS),
        "kids": st.lists(ids, max_size=3),
        "parts": st.lists(ids, max_size=2),
        "dead": st.booleans(),
        "deleted": st.booleans(),
    },
)
WORLD: dict[int, dict[str, object]] = {
    1: {"type": "story", "title": TITLES[0]},
    **{id: {"parent": parent} for id, parent in ((2, 1), (3, 2), (4, 2), (6, 5), (7, 6), (11, 8), (13, 12))},
    5: {"type": "story", "title": TITLES[1]},
    8: {"type": "poll", "title": "Which?", "parts": [9, 10]},
    **{id: {"type": "pollopt", "poll": 8, "text": f"option {id}"} for id in (9, 10)},
    12: {"type": "job", "title": "Work"},
}


@st.composite
def world_items(draw: st.DrawFn) -> dict[str, object]:
    """An item of a few threads in which all dumps agree, but for what it says."""
    id = draw(st.sampled_from(sorted(WORLD)))
    said = api(id=id, by=draw(st.sampled_from(NAMES)), time=EPOCH + id * 700)
    more = draw(
        st.fixed_dictionaries({}, optional={"url": st.sampled_from(URLS), "score": st.integers(0, 9)})
    )
    return said | {"text": draw(bodies)} | WORLD[id] | (more if "title" in WORLD[id] else {})


def captured(item: dict[str, object], when: int) -> str:
    return json.dumps({"id": item["id"], "body": item, "retrieved_at_ts": when})


authors_and_words = st.tuples(st.sampled_from(NAMES), bodies)
dumps = st.one_of(
    st.lists(loose_items, min_size=1, max_size=6).map(json.dumps),
    st.lists(world_items(), min_size=1, max_size=9).map(json.dumps),
    st.builds(captured, world_items(), st.integers(EPOCH, EPOCH + 9)),
    st.builds(
        pasted,
        st.lists(authors_and_words, min_size=1, max_size=4),
        st.just("") | st.sampled_from(TITLES).map("{}\n".format),
    ),
    st.builds(
        board,
        st.lists(st.tuples(ids, st.sampled_from(NAMES), bodies), min_size=1, max_size=4),
        st.sampled_from(TITLES),
    ),
)
files = st.sampled_from("abcde")
note_files = st.sampled_from(["about.md", "About.md", "index.md", "notes.md", "in-a-folder.md"])
note_texts = st.builds(
    "---\n{}\n---\n{}".format,
    st.sampled_from(["", "title: Else", "nav: true", "nav: false", "weight: 1", "draft: true", "a: ["]),
    st.sampled_from(["Text.", "# Heading\n\n[about](about.md) [notes](notes.md#x)"])
    | numbers.map("[item]({}) https://news.ycombinator.com/item?id=3".format),
)
Edit = tuple[object, ...]
dump_edits = st.one_of(
    st.tuples(st.just("write"), files, dumps),
    st.tuples(st.just("write"), files, dumps),
    st.tuples(st.just("write"), note_files, note_texts),
    st.tuples(st.just("remove"), files | note_files),
    st.tuples(st.just("rename"), files, files),
    st.tuples(st.just("swap"), files, files),
)
other_edits = st.one_of(
    st.tuples(st.just("set"), st.sampled_from(sorted(SETTINGS)), st.integers(0, 2)),
    st.tuples(st.just("theme"), st.sampled_from(["404.html", "card.html", "static/a.css", ""])),
    st.tuples(st.just("lose page"), st.integers(0, 60)),
    st.tuples(st.just("swap page"), st.integers(0, 60)),
    st.tuples(
        st.just("lose folder"),
        st.sampled_from(
            ["item", "user", "front", "from", "static", "search", "search/words", "sitemap", "."]
        ),
    ),
    st.tuples(st.just("lose catalog")),
    st.tuples(st.just("lose words")),
    st.tuples(st.just("lose cache")),
)
builds = st.one_of(
    st.tuples(st.just("build")),
    st.tuples(st.just("build")),
    st.tuples(st.just("build clean")),
    st.tuples(st.just("build strict")),
    st.tuples(st.just("build broken"), st.sampled_from(["thread.html", "author.html", "404.html"])),
    st.tuples(st.just("kill"), st.integers(0, 120)),
    st.tuples(st.just("interrupt"), st.integers(0, 120)),
)
sequences = st.lists(
    st.tuples(st.lists(dump_edits | dump_edits | other_edits, min_size=1, max_size=3), builds),
    min_size=1,
    max_size=5,
)


class Editor:
    """Does to a site what people do."""

    def __init__(self, site: Site, fate: Fate, patch: pytest.MonkeyPatch) -> None:
        self.site, self.fate, self.patch = site, fate, patch
        self.chosen: dict[str, str] = {}
        self.themes = 0

    def apply(self, edit: Edit) -> None:
        what, *rest = edit
        method: Callable[..., None] = getattr(self, str(what).replace(" ", "_"))
        method(*rest)

    def write(self, name: str, dump: str) -> None:
        self.site.write(name, dump)

    def remove(self, name: str) -> None:
        lose(self.site.root / "content" / name)

    def rename(self, one: str, to: str) -> None:
        path = self.site.root / "content" / one
        if path.exists():
            path.rename(path.with_name(to))

    def swap(self, one: str, other: str) -> None:
        self.rename(one, "kept")
        self.rename(other, one)
        self.rename("kept", other)

    def set(self, name: str, value: int) -> None:
        values = [*SETTINGS[name], ""]
        self.chosen[name] = values[value % len(values)]
        self.site.settings = "\n".join(self.chosen.values())

    def theme(self, name: str) -> None:
        self.themes += 1
        if not name:
            self.site.drop_theme()
        elif name == "card.html":
            self.site.put_theme(name, CARD.replace("<article", f'<article data-theme="{self.themes}"'))
        else:
            self.site.put_theme(name, f"Theme {self.themes}")

    def _page(self, number: int) -> Path | None:
        pages = sorted(path for path in self.site.public.rglob("*") if path.is_file())
        time.sleep(0.02)  # the clock of a disk is coarse
        return pages[number % len(pages)] if pages else None

    def lose_page(self, number: int) -> None:
        if page := self._page(number):
            page.unlink()

    def swap_page(self, number: int) -> None:
        """Mended at once: where the page goes first, what took its place stays, and is in the way later. So
        it is with what comes before a build that was cut short is finished, so that is done first."""
        self.site.build()
        if page := self._page(number):
            swap(page, "theirs")
            self.site.build()

    def lose_folder(self, name: str) -> None:
        time.sleep(0.02)
        if (folder := self.site.public / name).exists():
            lose(folder)

    def lose_catalog(self) -> None:
        for path in self.site.root.glob(".cache/hnsite/catalog.sqlite*"):
            path.unlink()

    def lose_words(self) -> None:
        for path in self.site.root.glob(".cache/hnsite/words-*.sqlite*"):
            path.unlink()

    def lose_cache(self) -> None:
        """With it goes the memory of which pages are ours, so it is brought up to date before."""
        self.build()
        for path in self.site.root.glob(".cache/hnsite/*.sqlite*"):
            path.unlink()
        self.build()

    def build(self) -> None:
        self.site.build()

    def build_clean(self) -> None:
        self.site.build(clean=True)

    def build_strict(self) -> None:
        with suppress(BuildError):
            self.site.build(strict=True)

    def build_broken(self, name: str) -> None:
        """A theme that breaks, and is then as it was."""
        path = self.site.root / "themes/default" / name
        before = path.read_text() if path.exists() else None
        self.site.put_theme("card.html", CARD.replace("<article", '<article data-theme="broken"'))
        self.site.put_theme(name, "{{ view.no_such_thing }}")
        with suppress(ThemeError):
            self.site.build()
        (path.parent / "card.html").unlink()
        path.unlink()
        if before is not None:
            path.write_text(before)

    def kill(self, changes: int) -> None:
        with suppress(Crash), self.fate.kills_after(changes, self.patch):
            self.site.build()

    def interrupt(self, changes: int) -> None:
        with suppress(Crash), self.fate.ends_after(changes):
            self.site.build()


class Arena:
    """Two folders that all examples use, one after the other."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.site, self.other = Site(folder / "site"), Site(folder / "other")
        self.fate, self.patch = Fate(patch), patch

    def play(self, sequence: list[tuple[list[Edit], Edit]]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch_sizes(patch)
            for place, name, value in SMALL_FILES:
                patch.setattr(place, name, value)
            self._play(sequence)

    def _play(self, sequence: list[tuple[list[Edit], Edit]]) -> None:
        self.site.clear()
        self.site.write("always", [STORY])
        editor = Editor(self.site, self.fate, self.patch)
        for edits, build in sequence:
            for edit in (*edits, build):
                editor.apply(edit)
        check(self.site, self.other)


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    with pytest.MonkeyPatch.context() as patch:
        yield Arena(tmp_path_factory.mktemp("arena"), patch)


relaxed = settings(report_multiple_bugs=False, suppress_health_check=list(HealthCheck))


@given(sequences)
@settings(relaxed, max_examples=25)
def test_an_incremental_build_gives_the_bytes_of_a_clean_one(
    arena: Arena, sequence: list[tuple[list[Edit], Edit]]
) -> None:
    arena.play(sequence)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(4))
def test_a_thousand_edit_histories_give_the_bytes_of_clean_builds(arena: Arena, chunk: int) -> None:
    @seed(chunk)
    @given(sequences)
    @settings(relaxed, max_examples=250, database=None)
    def play(sequence: list[tuple[list[Edit], Edit]]) -> None:
        arena.play(sequence)

    play()


# No more than has to be


def thread(id: int, *texts: str, by: str = "ann", **more: object) -> list[dict[str, object]]:
    """A story with comments, which have the numbers after it."""
    story = {**STORY, "id": id, "title": f"Thread {id}", "by": "ann", "url": "https://example.com/", **more}
    replies = (api(id=id + n, parent=id, text=text, by=by) for n, text in enumerate(texts, 1))
    return [story, *replies]


def changed(site: Site, before: dict[str, tuple[int, int]]) -> set[str]:
    """The files that were written or deleted since, besides those of the search, feeds and the sitemap, which
    follow what they tell of."""
    others = (".xml", "feed.json")
    return {
        path
        for path in all_changed(site, before)
        if not path.startswith("search/") and not path.endswith(others)
    }


def all_changed(site: Site, before: dict[str, tuple[int, int]]) -> set[str]:
    files = differences(site.stamps(), before)
    return {path for path in files if not (site.public / path).is_dir() and "." in path}


DIRECTORIES = {"users.html", "leaders.html", "sites.html", "linked.html"}
LISTS = DIRECTORIES | {
    *("index.html", "active.html", "best.html", "days.html"),
    *("days/2023.html", "front/2023-11-14.html", "from/example.com.html"),
}


@pytest.fixture
def three(site: Site) -> Site:
    """Three threads, one with comments that another dump has without ids."""
    for id, by in ((10, "bea"), (20, "cid"), (30, "dan")):
        site.write(
            f"{id}.json", thread(id, f"First in {id}: {WORDS[0]}", f"Second in {id}: {WORDS[3]}", by=by)
        )
    site.write("30.txt", pasted([("dan", f"First in 30: {WORDS[0]}"), ("eve", "Only here.")]))
    site.build()
    return site


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_unchanged_site_is_not_touched(three: Site, jobs: int) -> None:
    before = three.stamps()
    for path in (three.root / "content").iterdir():
        os.utime(path)
    report = three.build(jobs=jobs)
    assert (report.rendered, report.written, report.deleted) == (0, 0, 0)
    assert three.stamps() == before
    assert report.merged == 1


def test_a_changed_dump_renders_its_thread_its_authors_and_the_lists(three: Site, other: Site) -> None:
    before = three.stamps()
    three.write("20.json", thread(20, f"First in 20: {WORDS[0]}", "Changed!", by="cid"))
    report = three.build()
    assert changed(three, before) == {"item/20.html", "item/20.time.html", "item/22.html", "user/cid.html"}
    always = {"index.html", "days.html", "item.html", "404.html", "search.html", "search/index.js"}
    always |= {"search/words/-.js", "search/places/-.js", "feed.xml", "feed.json", "robots.txt"}
    always |= {"user.html", "threads.html", "submitted.html", "from.html", "front.html"}
    always |= {"_headers", "_redirects", ".nojekyll"}
    of_thread, of_authors, static = 5, 2, len(list((three.public / "static").rglob("*.*")))
    assert report.rendered == of_thread + of_authors + len(always) + static
    check(three, other)


def test_a_changed_thread_changes_the_files_of_its_own_words_only(
    site: Site, other: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch_sizes(monkeypatch)
    monkeypatch.setattr(search, "MANY", 200)
    texts = [f"apple{n} banana{n} cherry{n} date{n}" for n in range(30)]
    site.write("1.json", thread(1, *texts))
    site.write("100.json", thread(100, "kiwi lemon", "mango"))
    site.build()
    before = site.stamps()
    site.write("100.json", thread(100, "kiwi lemon", "mango", "quince"))
    site.build()
    files = {path for path in all_changed(site, before) if path.startswith("search/")}
    assert files >= {"search/index.js", "search/text/100.0.js"}
    words_now = [
        (site.public / path).read_text() for path in files if "/words/" in path and path in site.pages()
    ]
    assert any("quince" in text for text in words_now)
    assert not any(fruit in text for text in words_now for fruit in ("apple", "banana", "cherry"))
    check(site, other)


def test_a_site_without_search_has_nothing_of_it(site: Site, other: Site) -> None:
    site.write("1.json", thread(1, "Some words."))
    site.settings = "search = false"
    site.build()
    assert not [path for path in site.pages() if path.startswith("search")]
    assert b"search.html" not in site.pages()["index.html"]
    assert not list(site.root.glob(".cache/hnsite/words-*"))
    site.settings = ""
    site.build()
    assert "search.html" in site.pages()
    check(site, other)
    site.settings = "search = false"
    check(site, other)


def test_a_new_dump_changes_the_lists_and_nothing_of_others(three: Site, other: Site) -> None:
    before = three.stamps()
    three.write("40.json", thread(40, "New.", by="zoe"))
    three.build()
    own = {"item/40.html", "item/40.time.html", "item/41.html", "user/zoe.html"}
    assert changed(three, before) == own | LISTS | {"user/ann.html"}
    check(three, other)


def test_a_removed_dump_takes_its_pages_and_no_others(three: Site, other: Site) -> None:
    before = three.stamps()
    three.remove("20.json")
    report = three.build()
    own = {"item/20.html", "item/20.time.html", "item/21.html", "item/22.html", "user/cid.html"}
    assert changed(three, before) == own | LISTS | {"user/ann.html"}
    assert report.deleted == len(own | {"search/text/20.0.js", "user/cid.xml"})
    check(three, other)


def test_a_renamed_dump_writes_nothing(three: Site, other: Site) -> None:
    before = three.stamps()
    (three.root / "content/20.json").rename(three.root / "content/21.json")
    assert three.build().written == 0
    assert three.stamps() == before
    check(three, other)


def test_a_dump_that_joins_two_threads_and_leaves_again(three: Site, other: Site) -> None:
    before = three.pages()
    texts = [("bea", f"First in 10: {WORDS[0]}"), ("bea", f"Second in 10: {WORDS[3]}")]
    more = [("cid", f"First in 20: {WORDS[0]}"), ("cid", f"Second in 20: {WORDS[3]}")]
    three.write("both.txt", pasted([*texts, *more]))
    check(three, other)
    three.write("both.txt", pasted(texts))
    check(three, other)
    three.remove("both.txt")
    three.build()
    assert not differences(three.pages(), before)


def test_a_link_leads_into_the_archive_as_long_as_its_target_is_there(site: Site, other: Site) -> None:
    site.write("10.json", thread(10, f"See {link_to(21)}", by="bea"))
    site.write("30.json", thread(30, "No link.", by="dan"))
    site.build()
    linking = ("item/10.html", "item/10.time.html", "item/11.html", "user/bea.html")
    outside = {path: site.pages()[path] for path in linking}
    before = site.stamps()
    site.write("20.json", thread(20, "The target.", by="cid"))
    site.build()
    assert changed(site, before) > {*linking}
    assert not {path for path in changed(site, before) - LISTS if "3" in path}
    assert all(b'href="../item/21.html"' in site.pages()[f"item/{name}.html"] for name in ("10", "11"))
    check(site, other)
    site.remove("20.json")
    site.build()
    assert {path: site.pages()[path] for path in linking} == outside


def test_a_link_to_a_thread_that_settings_leave_out_leads_outside(site: Site, other: Site) -> None:
    site.write("10.json", thread(10, f"See {link_to(20)}", "Two.", by="bea"))
    site.write("20.json", thread(20, "One.", by="cid"))
    for least in (0, 2, 1, 3, 0):
        site.settings = f"min_comments = {least}"
        site.write("30.json", thread(30, "One.", "Two.", "Three.", by="dan"))
        check(site, other)
        assert ("item/20.html" in site.pages()) == (least < 2)


def test_only_the_newest_pages_of_an_author_change(site: Site, other: Site) -> None:
    for id in range(1000, 8000, 1000):
        site.write(f"{id}.json", thread(id, *map(str, range(49)), time=1_600_000_000 + id))
    site.build()
    assert {path for path in site.pages() if path.startswith("user/ann")} == {
        "user/ann.html", "user/ann.1.html", "user/ann.2.html", "user/ann.xml"
    }  # fmt: skip
    before = site.stamps()
    site.write("9000.json", thread(9000, "More.", time=1_800_000_000))
    site.build()
    assert {path for path in changed(site, before) if path.startswith("user/")} == {"user/ann.html"}
    site.remove("9000.json")
    for id in (7000, 6000, 5000):
        site.remove(f"{id}.json")
        check(site, other)
    assert {path for path in site.pages() if path.startswith("user/")} == {
        "user/ann.1.html", "user/ann.html", "user/ann.xml"
    }  # fmt: skip


def test_of_a_long_list_only_pages_that_show_the_change_are_made(
    site: Site, other: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch_sizes(monkeypatch)
    for id in range(1000, 1900, 100):
        site.write(f"{id}.json", thread(id, time=1_600_000_000 + id))
    site.build()
    made: list[str] = []

    def watch(pages: ModuleType) -> None:
        make: Callable[..., Page] = pages.page

        def page(*args: Any) -> Page:
            made.append((found := make(*args)).path)
            return found

        monkeypatch.setattr(pages, "page", page)

    for pages in (day, front, site_pages):
        watch(pages)
    site.write("1300.json", thread(1300, time=1_600_001_300, title="Changed"))
    site.build()
    assert sorted(made) == [
        *("from/example.com.2.html", "from/example.com.html", "front/2020-09-13.2.html"),
        *("front/2020-09-13.html", "index.html", "page/2.html"),
    ]
    made.clear()
    site.write("1900.json", thread(1900, time=1_600_086_400 + 3000))
    site.build()
    assert sorted(made) == [
        *("from/example.com.3.html", "from/example.com.4.html", "from/example.com.html"),
        *("front/2020-09-13.html", "front/2020-09-14.html", "index.html", "page/3.html", "page/4.html"),
    ], "the day before leads to the new one, and the third pages to the fourth"
    check(site, other)


@pytest.mark.parametrize("count", range(3, 9))
def test_older_pages_lead_to_those_that_stay(
    site: Site, other: Site, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Where lists shrink at their newest end, and grow again."""
    patch_sizes(monkeypatch)
    for id in range(count):
        site.write(f"{id}.json", thread(1000 + id * 100, time=1_600_000_000 + id))
    site.build()
    site.remove(f"{count - 1}.json")
    check(site, other)
    site.write("9.json", thread(1000 + 900, time=1_600_000_000 + 9))
    check(site, other)


def test_a_directory_of_several_pages_is_as_new(
    site: Site, other: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (directory, directories):
        monkeypatch.setattr(place, "LARGEST", 3)
    luck = random.Random(5)
    for step in range(25):
        names = luck.sample(["a", "ab", "aba", "abb", "abba", "abbas", "b", "Bo", "bob", "c", "é"], 7)
        for name in names[: luck.randint(1, 3)]:
            site.write("first.json", [{**STORY, "by": "a"}])
            path = site.root / "content" / name
            if path.exists() and luck.random() < 0.6:
                path.unlink()
            else:
                number = 100 + sum(map(ord, name)) * 10
                site.write(name, [{**STORY, "id": number, "by": name, "title": f"{name} {step}"}])
        check(site, other)


# What is lost


LOST = [
    *("item/10.html", "item/11.html", "user/bea.html", "index.html", "404.html", "days/2023.html"),
    *("front/2023-11-14.html", "from/example.com.html", "active.html"),
]


@pytest.mark.parametrize("path", LOST)
@pytest.mark.parametrize("loss", [lambda path: path.unlink(), lambda path: swap(path, "theirs")])
def test_a_lost_page_is_made_again_alone(three: Site, path: str, loss: Callable[[Path], None]) -> None:
    pages, before = three.pages(), three.stamps()
    time.sleep(0.02)
    loss(three.public / path)
    assert three.build().written == 1
    assert three.pages() == pages
    assert changed(three, before) == {path}
    assert three.build().rendered == 0


@pytest.mark.parametrize("path", ["item", "user", "front", "from", "days", "static", "."])
def test_a_lost_folder_is_made_again(three: Site, path: str) -> None:
    pages = three.pages()
    time.sleep(0.02)
    lose(three.public / path)
    three.build()
    assert three.pages() == pages
    assert three.build().rendered == 0


def test_a_loss_is_noticed_also_when_the_last_build_wrote_nothing(three: Site) -> None:
    pages = three.pages()
    lose(three.root / ".cache")
    assert three.build().written == 0
    time.sleep(0.02)
    lose(three.public / "item/10.html")
    three.build()
    assert three.pages() == pages


def test_what_somebody_writes_into_a_page_is_mended_by_a_clean_build(three: Site) -> None:
    pages = three.pages()
    (three.public / "item/10.html").write_text("theirs")
    three.build(clean=True)
    assert three.pages() == pages


# Builds that fail


def test_a_thread_of_a_failed_build_is_no_ghost(three: Site, other: Site) -> None:
    """The dump goes before any build succeeds."""
    three.write("40.json", [*thread(40, "New.", by="zoe"), "no item"])
    with pytest.raises(BuildError):
        three.build(strict=True)
    three.remove("40.json")
    check(three, other)


def test_a_thread_that_a_failed_build_took_out_comes_back(three: Site, other: Site) -> None:
    """A dump joins it to another thread and is gone before any build succeeds."""
    posts = [(by, f"{nth} in {id}: {text}") for id, by in ((10, "bea"), (20, "cid"))
             for nth, text in (("First", WORDS[0]), ("Second", WORDS[3]))]  # fmt: skip
    three.write("both.txt", f"A title\nWhat is this?\n{pasted(posts)}")
    with pytest.raises(BuildError):
        three.build(strict=True)
    three.remove("both.txt")
    check(three, other)


def test_what_a_broken_theme_made_is_on_no_later_page(three: Site, other: Site) -> None:
    three.put_theme("card.html", CARD.replace("<article", '<article class="broken"'))
    three.put_theme("404.html", "{{ view.no_such_thing }}")
    with pytest.raises(ThemeError):
        three.build()
    three.drop_theme()
    three.build()
    three.write("40.json", thread(40, "New.", by="bea"))
    check(three, other)


def test_pages_of_a_killed_publishing_do_not_stay(
    three: Site, other: Site, fate: Fate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were moved in; then the dump that told of them goes."""
    for changes in range(0, 200, 3):
        three.write("40.json", thread(40, *map(str, range(9)), by="zoe"))
        with suppress(Crash), fate.kills_after(changes, monkeypatch):
            three.build()
        three.remove("40.json")
        check(three, other)


def full(site: Site) -> None:
    lose(site.root / ".cache")
    lose(site.public)


def incremental(site: Site) -> None:
    """From a site that is up to date: one thread new, one changed, one gone."""
    site.write("10.json", thread(10, f"See {link_to(41)}", by="bea"))
    site.write("40.json", thread(40, "New.", by="zoe"))
    site.remove("20.json")


def watch_moves(patch: pytest.MonkeyPatch, moving: list[bool]) -> None:
    """Notes when a crash comes between the first and the last move."""
    run = Moves.run

    def watched(moves: Moves) -> None:
        try:
            run(moves)
        except Crash:
            moving.append(True)
            raise

    patch.setattr(Moves, "run", watched)


EVERY = 5
"""Of the moments at which builds are cut short every fifth is tried; 1 takes ten minutes."""


@pytest.mark.slow
@pytest.mark.parametrize("start", [full, incremental])
def test_a_crash_anywhere_leaves_what_the_next_build_finishes(
    tmp_path: Path, other: Site, fate: Fate, monkeypatch: pytest.MonkeyPatch, start: Callable[[Site], None]
) -> None:
    """Before and behind every change of the disk and every commit: each file is old or new, and but for the
    few moves themselves each link leads somewhere."""
    moving: list[bool] = []
    watch_moves(monkeypatch, moving)
    for changes in range(0, 1000, EVERY):
        site = Site(tmp_path / f"{changes}")
        for id, by in ((10, "bea"), (20, "cid")):
            site.write(f"{id}.json", thread(id, f"First in {id}", by=by))
        site.build()
        old = site.pages()
        start(site)
        moving.clear()
        try:
            with fate.kills_after(changes, monkeypatch):
                site.build()
        except Crash:
            left = site.pages()
            check(site, other)
            new = site.pages()
            assert all(content in (old.get(path), new.get(path)) for path, content in left.items())
            assert moving or not broken_links(left), f"after {changes} changes"
        else:
            assert changes > 30
            return
        finally:
            lose(site.root)


# Any number of jobs


@pytest.mark.parametrize("jobs", [2, 3])
def test_all_stages_in_workers_give_the_same_bytes(
    site: Site, other: Site, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    for id in range(100, 900, 100):
        site.write(f"{id}.json", thread(id, f"See {link_to(id + 101)}", WORDS[1], WORDS[0], by=f"by{id}"))
    site.write("paste.txt", pasted([("by300", WORDS[0]), ("by300", WORDS[1]), ("by300", "More.")]))
    with monkeypatch.context() as patch:
        for stage, name, size in ((module, "RANGE", 3), (intake, "BATCH", 200), (module, "AUTHORS", 1)):
            patch.setattr(stage, name, size)
        first = site.build(jobs=jobs)
        assert first.written == len(site.pages())
        site.remove("300.json")
        site.write("200.json", thread(200, f"See {link_to(301)}", "Changed."))
        site.build(jobs=jobs)
        assert site.build(jobs=jobs).rendered == 0
    check(site, other)
