"""The whole pipeline: what a build does, and that every way to the same dumps gives the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_output import Crash, Disk

from hnsite import build as module
from hnsite.build import Report, build
from hnsite.config import Config, parse_config
from hnsite.errors import BuildError, UsageError
from hnsite.output import Change, Output

REPOSITORY = Path(__file__).resolve().parents[1]
WORDS = [
    "I have never seen a queue that did not grow in the night.",
    "> never seen a queue that did not grow in the night\n\nOurs shrinks.",
    "Thanks!",
    "It is the clock, as always: nobody agrees what time it is.",
    "See https://news.ycombinator.com/item?id=4 and  code\n\n  print(1)",
]
NAMES = ["ann", "Bob", "c_c"]


def api(**fields: object) -> dict[str, object]:
    return {"type": "comment", "by": "ann", "time": 1_700_000_000, **fields}


STORY = api(id=1, type="story", title="On queues", score=3)
PASTED = f"ann\n4 days ago\n{WORDS[0]}\nBob\n3 days ago\n{WORDS[3]}\n"


class Site:
    """A folder with dumps, built as often as a test likes."""

    def __init__(self, root: Path, **dumps: object) -> None:
        self.root = root
        self.settings = ""
        (root / "content").mkdir(parents=True)
        for name, dump in dumps.items():
            self.write(name, dump)

    def write(self, name: str, dump: object) -> None:
        text = dump if isinstance(dump, str) else json.dumps(dump)
        (self.root / "content" / name).write_text(text, "utf-8")

    @property
    def config(self) -> Config:
        return parse_config(self.settings, self.root)

    def build(self, *, strict: bool = False, clean: bool = False, jobs: int = 1) -> Report:
        return build(self.config, strict=strict, clean=clean, jobs=jobs)

    def pages(self) -> dict[str, bytes]:
        public = self.root / "public"
        files = (path for path in public.rglob("*") if path.is_file())
        return {path.relative_to(public).as_posix(): path.read_bytes() for path in files}

    def afresh(self) -> dict[str, bytes]:
        """The pages of a first build of the same site in another place."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(
                self.root, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("public", ".*")
            )
            other = Site.__new__(Site)
            other.root, other.settings = Path(folder), self.settings
            other.build()
            return other.pages()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


def differences(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


# What a build tells


@pytest.mark.parametrize("dump", [None, "these lines are no thread"])
def test_without_a_readable_dump_nothing_is_published(site: Site, dump: str | None) -> None:
    site.write("a.json", [STORY])
    site.build()
    before = site.pages()
    (site.root / "content/a.json").unlink()
    if dump:
        site.write("a.json", dump)
    with pytest.raises(BuildError, match="nothing published"):
        site.build()
    assert site.pages() == before


def test_a_report_counts(site: Site) -> None:
    comments = [api(id=2, parent=1, text=WORDS[0], kids=[9]), api(id=3, parent=2, by="Bob", text=WORDS[3])]
    site.write("a.json", [STORY, *comments, "nothing"])
    site.write("b.json", [comments[0]])
    site.write("c.txt", PASTED + f"c_c\n2 days ago\n> {WORDS[0]}\nYes.\nc_c\n2 days ago\nWhat now?\n")
    report = site.build()
    assert (report.threads, report.comments, report.authors, report.dumps) == (1, 4, 3, 3)
    assert (report.read, report.merged) == (8, 3)
    assert (report.inferred, report.unplaced, report.stubs, report.skipped) == (1, 1, 1, 1)
    assert report.written == len(site.pages())
    assert [stage for stage, _ in report.timings] == ["read", "link", "render", "collect", "publish"]
    again = site.build()
    assert (again.written, again.unchanged, again.deleted) == (0, report.written, 0)
    assert again.problems == report.problems


def test_a_dump_that_cannot_be_read_costs_only_itself(site: Site) -> None:
    site.write("a.json", [STORY])
    site.write("b.txt", "these lines are no thread")
    (site.root / "content/c.gz").write_bytes(b"\x1f\x8b and nothing that could be unpacked")
    (site.root / "content/d.json").touch()
    report = site.build()
    assert [error.subject for error in report.errors] == [
        f"content/{name}:1" for name in ("b.txt", "c.gz", "d.json")
    ]
    assert "item/1.html" in site.pages()


def test_without_a_content_folder_nothing_is_built(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        build(parse_config("", tmp_path))
    assert not (tmp_path / "public").exists()


@pytest.mark.parametrize("dump", [[STORY, "no item"], "these lines are no thread"], ids=["warning", "error"])
def test_strict_publishes_nothing_when_there_is_a_problem(site: Site, dump: object) -> None:
    site.write("a.json", [STORY])
    site.build(strict=True)
    before = site.pages()
    site.write("a.json", [{**STORY, "title": "Another title"}])
    site.write("b", dump)
    for _ in range(2):
        with pytest.raises(BuildError, match="--strict") as caught:
            site.build(strict=True)
        assert len(caught.value.problems) == 1
        assert site.pages() == before
    (site.root / "content/b").unlink()
    site.build(strict=True)
    assert b"Another title" in site.pages()["index.html"]


def test_a_theme_that_breaks_leaves_the_old_site(site: Site) -> None:
    site.write("a.json", [STORY])
    site.build()
    before = site.pages()
    (site.root / "themes/default").mkdir(parents=True)
    (site.root / "themes/default/thread.html").write_text("{{ view.no_such_thing }}")
    with pytest.raises(UsageError, match="no_such_thing"):
        site.build()
    assert site.pages() == before
    assert sorted(path.name for path in site.root.iterdir()) == [".cache", "content", "public", "themes"]


@pytest.mark.parametrize(
    "field, value", [("score", 10**30), ("score", 1e300), ("time", 1e300), ("id", 10**30), ("parent", 1e300)]
)
def test_numbers_of_any_size_are_no_bug(site: Site, field: str, value: float) -> None:
    site.write("a.json", [STORY, api(id=2, parent=1, text="words"), {**api(id=3, parent=2), field: value}])
    assert site.build().threads


@pytest.mark.parametrize("captured", ["1e300", "1e999", "-1e300", "NaN", "-5"])
def test_capture_times_of_any_size_are_no_bug(site: Site, captured: str) -> None:
    site.write("a.json", f'{{"id": 1, "body": {json.dumps(STORY)}, "retrieved_at_ts": {captured}}}')
    assert site.build().threads == 1


# Addresses


def test_a_pasted_comment_moves_when_a_dump_gives_its_id(site: Site) -> None:
    site.write("a.txt", PASTED)
    site.build()
    items = {path for path in site.pages() if path.startswith("item/x")}
    site.write(
        "b.json", [STORY, api(id=2, parent=1, text=WORDS[0]), api(id=3, parent=1, by="Bob", text=WORDS[3])]
    )
    site.build()
    moved = {path for path, page in site.pages().items() if b'http-equiv="refresh"' in page}
    assert moved == items


def test_a_comment_that_moved_to_another_thread_has_one_page(site: Site) -> None:
    """An old dump still names it among the replies of a comment of its first thread."""
    site.write(
        "old.json", [STORY, api(id=2, parent=1, text="first", kids=[3]), api(id=3, parent=2, text="moved")]
    )
    other = {**STORY, "id": 9, "title": "Another", "time": 1_800_000_000}
    site.write("new.json", [other, api(id=3, parent=9, text="moved", time=1_800_000_000)])
    site.build()
    before = site.pages()
    assert b"moved" in before["item/3.html"]
    site.build()
    assert not differences(site.pages(), before)


# The same dumps, the same bytes


def test_pages_do_not_depend_on_the_number_of_workers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(REPOSITORY / "content", site.root / "content", dirs_exist_ok=True)
    monkeypatch.setattr(module, "RANGE", 20)
    one = site.build(jobs=1)
    alone = site.pages()
    shutil.rmtree(site.root / "public")
    shutil.rmtree(site.root / ".cache")
    two = site.build(jobs=2)
    assert not differences(site.pages(), alone)
    assert (one.problems, one.inferred, one.stubs) == (two.problems, two.inferred, two.stubs)
    assert site.build(jobs=2).written == 0


def test_pages_do_not_depend_on_hash_seeds_or_the_order_of_files(tmp_path: Path) -> None:
    dumps = sorted((REPOSITORY / "content").iterdir())
    pages = []
    for seed, ordered in (("1", dumps), ("2", dumps[::-1])):
        site = Site(tmp_path / seed)
        for number, dump in enumerate(ordered):
            shutil.copy(dump, site.root / "content" / f"{number}{dump.name}")
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, "-m", "hnsite", "build", "-q", "-j", "1"]
        subprocess.run(command, cwd=site.root, env=environment, check=True)
        pages.append(site.pages())
    assert not differences(*pages)


def pasted(posts: list[tuple[str, str]]) -> str:
    return "".join(f"{author}\n4 days ago\n{body}\n" for author, body in posts)


def board(posts: list[tuple[int, str, str]]) -> str:
    head = "←back to thread\n\nOn queues\n\n3 points ann | 9 comments | | source\nShow context\n"
    return head + "".join(
        f"{'1. ' if number else ''}{author} ◴[] No.{id}[source]\n{body}\n"
        for number, (id, author, body) in enumerate(posts)
    )


ids = st.integers(1, 9)
api_items = st.fixed_dictionaries(
    {"id": ids, "type": st.sampled_from(["story", "comment", "comment", "job", "poll", "pollopt"])},
    optional={
        "parent": ids,
        "by": st.sampled_from(NAMES),
        "text": st.sampled_from(WORDS),
        "title": st.sampled_from(["On queues", "On clocks"]),
        "time": st.integers(1_600_000_000, 1_600_000_009),
        "kids": st.lists(ids, max_size=3),
        "parts": st.lists(ids, max_size=2),
        "dead": st.booleans(),
        "deleted": st.booleans(),
    },
)
dumps = st.one_of(
    st.lists(api_items, min_size=1, max_size=6).map(json.dumps),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(WORDS)), min_size=1, max_size=4).map(pasted),
    st.lists(st.tuples(ids, st.sampled_from(NAMES), st.sampled_from(WORDS)), min_size=1, max_size=4).map(
        board
    ),
)
edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from("abc"), dumps),
    st.tuples(st.just("write"), st.sampled_from("abc"), dumps),
    st.tuples(st.just("remove"), st.sampled_from("abc"), st.just("")),
    st.tuples(st.just("rename"), st.sampled_from("abc"), st.sampled_from("abcd")),
    st.tuples(st.just("title"), st.sampled_from("AB"), st.just("")),
    st.tuples(st.just("theme"), st.sampled_from("AB"), st.just("")),
    st.tuples(st.just("lose"), st.just("index.html"), st.just("")),
)


def apply(site: Site, edit: tuple[str, str, str]) -> None:
    what, name, other = edit
    path = site.root / "content" / name
    if what == "write":
        site.write(name, other)
    elif what == "remove":
        path.unlink(missing_ok=True)
    elif what == "rename" and path.exists():
        path.rename(path.with_name(other))
    elif what == "title":
        site.settings = f"title = 'Site {name}'"
    elif what == "theme":
        theme = site.root / "themes/default"
        (theme / "static").mkdir(parents=True, exist_ok=True)
        (theme / "404.html").write_text(f"Theme {name} of {{{{ view.chrome.site }}}}")
        (theme / "static" / f"{name}.css").write_text("")
    elif what == "lose":
        (site.root / "public" / name).unlink(missing_ok=True)


@given(st.lists(edits, min_size=2, max_size=5))
@settings(max_examples=12, report_multiple_bugs=False)
def test_an_incremental_build_gives_the_bytes_of_a_clean_one(changes: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder) / "site", always=[STORY])
        for edit in changes:
            apply(site, edit)
            site.build()
        assert not differences(site.pages(), site.afresh())
        report = site.build()
        assert (report.written, report.deleted) == (0, 0)


# Interruptions


def test_an_interrupted_build_never_leaves_a_page_that_no_later_build_mends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while files are being moved, and then the change is taken back."""
    disk = Disk()
    publish = Output.publish
    old, new = ([STORY, api(id=2, parent=1, text=text)] for text in ("one", "two"))
    changes = -1
    finished = False

    def interrupted(output: Output, digests: Mapping[str, str]) -> Change:
        with disk.ends_after(changes):
            return publish(output, digests)

    while not finished:
        changes += 1
        site = Site(tmp_path / str(changes), dump=old)
        site.build()
        before = site.pages()
        site.write("dump", new)
        with monkeypatch.context() as patch:
            patch.setattr(Output, "publish", interrupted)
            try:
                site.build()
                finished = True
            except Crash:
                pass
        site.write("dump", old)
        site.build()
        assert not differences(site.pages(), before), f"after an interruption behind {changes} changes"


def test_a_refused_build_leaves_what_a_crash_left_to_do(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """kill -9 while files are being moved, then a build without dumps, then the change is taken back."""
    disk = Disk()
    publish = Output.publish
    old, new = ([STORY, api(id=2, parent=1, text=text)] for text in ("one", "two"))
    site.write("dump", old)
    site.build()
    before = site.pages()
    site.write("dump", new)
    with monkeypatch.context() as patch:
        patch.setattr(Output, "discard", lambda output: None)

        def killed(output: Output, digests: Mapping[str, str]) -> Change:
            with disk.ends_after(5):
                return publish(output, digests)

        patch.setattr(Output, "publish", killed)
        with pytest.raises(Crash):
            site.build()
    assert differences(site.pages(), before), "some files were moved"
    (site.root / "content/dump").unlink()
    with pytest.raises(BuildError):
        site.build()
    site.write("dump", old)
    site.build()
    assert not differences(site.pages(), before)


def test_a_catalog_that_is_damaged_inside_is_read_anew(site: Site) -> None:
    site.write("a.json", [STORY, *(api(id=n, parent=1, text=f"words {n}") for n in range(2, 200))])
    site.build()
    before = site.pages()
    path = site.root / ".cache/hnsite/catalog.sqlite"
    whole = path.read_bytes()
    assert len(whole) > 50_000
    path.write_bytes(whole[:30_000] + b"\xff" * (len(whole) - 30_000))
    site.build()
    assert not differences(site.pages(), before)


def test_cache_and_output_can_be_removed_at_any_time(site: Site) -> None:
    site.write("a.json", [STORY, api(id=2, parent=1, text=WORDS[0])])
    site.write("b.txt", PASTED)
    site.build()
    before = site.pages()
    for names in ([".cache"], ["public"], [".cache", "public"]):
        for name in names:
            shutil.rmtree(site.root / name)
        site.build()
        assert not differences(site.pages(), before)
