"""The whole pipeline: what a build does, and that every way to the same dumps gives the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small_site import STORY, WORDS, Site, api, differences, told
from test_output import Crash, Disk

from hnsite import build as module
from hnsite.build import build
from hnsite.catalog import Catalog
from hnsite.config import parse_config
from hnsite.database import DamagedError
from hnsite.errors import BuildError, UsageError
from hnsite.moves import Moves
from hnsite.output import Change, Output

REPOSITORY = Path(__file__).resolve().parents[1]
PASTED = f"ann\n4 days ago\n{WORDS[0]}\nBob\n3 days ago\n{WORDS[3]}\n"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


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
    assert report.written == report.rendered == len(site.pages())
    assert [stage.name for stage in report.timings] == ["read", "link", "render", "collect", "publish"]
    again = site.build()
    assert (again.rendered, again.written, again.deleted) == (0, 0, 0)
    assert told(again) == told(report)


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
    files = (path for path in (REPOSITORY / "content").rglob("*") if path.is_file())
    # what a note and what a chat is called tells where it belongs
    dumps = sorted(path for path in files if path.suffix != ".md" and "chats" not in path.parts)
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

    def interrupted(*arguments: Any) -> Change:
        with disk.ends_after(changes):
            return publish(*arguments)

    site = Site(tmp_path / "site", dump=old)
    site.build()
    before = site.pages()
    while not finished:
        changes += 1
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
    run = Moves.run
    old, new = ([STORY, api(id=2, parent=1, text=text)] for text in ("one", "two"))
    site.write("dump", old)
    site.build()
    before = site.pages()
    site.write("dump", new)
    with monkeypatch.context() as patch:
        patch.setattr(Output, "discard", lambda output: None)

        def killed(moves: Moves) -> None:
            with disk.ends_after(2):
                run(moves)

        patch.setattr(Moves, "run", killed)
        with pytest.raises(Crash):
            site.build()
    assert differences(site.pages(), before), "some files were moved"
    (site.root / "content/dump").unlink()
    with pytest.raises(BuildError):
        site.build()
    site.write("dump", old)
    site.build()
    assert not differences(site.pages(), before)


@pytest.mark.parametrize("name", ["catalog", "site-*"])
def test_a_cache_that_is_damaged_inside_is_made_anew(site: Site, name: str) -> None:
    site.write("a.json", [STORY, *(api(id=n, parent=1, text=f"words {n}") for n in range(2, 200))])
    site.build()
    before = site.pages()
    (path,) = site.root.glob(f".cache/hnsite/{name}.sqlite")
    whole = path.read_bytes()
    assert len(whole) > 50_000
    path.write_bytes(whole[:30_000] + b"\xff" * (len(whole) - 30_000))
    site.build()
    assert not differences(site.pages(), before)
    site.write("a.json", [STORY])
    site.build()
    assert b"words 2" not in site.pages()["item/1.html"]


def test_a_cache_that_another_build_uses_is_left_alone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("a.json", [STORY])
    site.build()

    def locked(*_: object) -> None:
        error = DamagedError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "settle", locked)
        with pytest.raises(BuildError, match="locked"):
            site.build()
    assert site.build().rendered == 0


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
