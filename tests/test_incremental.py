"""Incremental builds: every way to the same dumps gives the same bytes, and no more is made than has to be."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sites import NAMES, STORY, WORDS, Fate, Site, api, board, check, differences, link_to, lose, pasted, swap
from test_output import Crash

from hnsite import build as module
from hnsite.errors import BuildError, ThemeError
from hnsite.pages import authors
from hnsite.theme import DEFAULT, built_in_themes

TITLES = ["On queues", "On clocks", "On clocks (example.org)"]
CARD = (built_in_themes() / DEFAULT / "card.html").read_text()
SETTINGS = {
    "title": ["title = 'Site A'", "title = 'Site B'"],
    "base_url": ["base_url = 'https://a.example/b/'"],
    "min_comments": ["min_comments = 1", "min_comments = 2"],
    "since": ["since = '2020-09-14'"],
    "until": ["until = '2020-09-13'"],
}
EPOCH = 1_599_955_000
"""Near midnight of the dates in SETTINGS."""


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

bodies = st.sampled_from(WORDS) | st.integers(1, 14).map(link_to) | st.sampled_from("abcd")
ids = st.integers(1, 14)
loose_items = st.fixed_dictionaries(
    {"id": ids, "type": st.sampled_from(["story", "comment", "comment", "job", "poll", "pollopt"])},
    optional={
        "parent": ids,
        "by": st.sampled_from(NAMES),
        "text": bodies,
        "title": st.sampled_from(TITLES),
        "time": st.integers(EPOCH, EPOCH + 9999),
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
    return said | {"text": draw(bodies)} | WORLD[id]


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
Edit = tuple[object, ...]
dump_edits = st.one_of(
    st.tuples(st.just("write"), files, dumps),
    st.tuples(st.just("write"), files, dumps),
    st.tuples(st.just("remove"), files),
    st.tuples(st.just("rename"), files, files),
    st.tuples(st.just("swap"), files, files),
)
other_edits = st.one_of(
    st.tuples(st.just("set"), st.sampled_from(sorted(SETTINGS)), st.integers(0, 2)),
    st.tuples(st.just("theme"), st.sampled_from(["404.html", "card.html", "static/a.css", ""])),
    st.tuples(st.just("lose page"), st.integers(0, 60)),
    st.tuples(st.just("swap page"), st.integers(0, 60)),
    st.tuples(st.just("lose folder"), st.sampled_from(["item", "user", "static", "."])),
    st.tuples(st.just("lose catalog")),
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
        if page := self._page(number):
            swap(page, "theirs")

    def lose_folder(self, name: str) -> None:
        time.sleep(0.02)
        if (folder := self.site.public / name).exists():
            lose(folder)

    def lose_catalog(self) -> None:
        for path in self.site.root.glob(".cache/hnsite/catalog.sqlite*"):
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
