"""What `hnsite inspect` finds in a dump, and how it tells it."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from small_site import STORY, api
from test_cli import Run, run  # noqa: F401

from hnsite.inspect import Finding, inspect

ORPHAN = api(id=7, parent=6, by="Bob", time=1_700_000_100)
ITEMS = [STORY, api(id=2, parent=1), api(id=3, parent=2, by="Bob"), ORPHAN, {"id": "none", "type": "comment"}]


def put(folder: Path, name: str, raw: object) -> Path:
    path = folder / name
    path.write_bytes(raw if isinstance(raw, bytes) else json.dumps(raw).encode())
    return path


def test_a_dump(tmp_path: Path) -> None:
    (found,) = inspect(put(tmp_path, "a.json", ITEMS))
    assert found.file == str(tmp_path / "a.json")
    assert (found.reader, found.error) == ("hn-api", "")
    assert (found.items, found.stories, found.comments, found.threads, found.authors) == (4, 1, 3, 2, 2)
    assert (found.first, found.last, found.captured, found.orphans) == (1_700_000_000, 1_700_000_100, None, 1)
    assert [problem.skipped for problem in found.problems] == [True]
    assert found.problems[0].origin.file == found.file


def test_packed_dumps_and_folders(tmp_path: Path) -> None:
    (plain,) = inspect(put(tmp_path, "a.json", ITEMS))
    (packed,) = inspect(put(tmp_path, "a.json.gz", gzip.compress(json.dumps(ITEMS).encode())))
    assert counts(packed) == counts(plain)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("c/d.json", json.dumps(ITEMS))
        archive.writestr("e.txt", "no dump")
    found = {Path(one.file).relative_to(tmp_path).as_posix(): one for one in inspect(tmp_path)}
    assert list(found) == ["a.json", "a.json.gz", "b.zip/c/d.json", "b.zip/e.txt"]
    assert counts(found["b.zip/c/d.json"]) == counts(plain)
    assert "no reader knows this dump" in found["b.zip/e.txt"].error


def test_pages_are_no_dumps(tmp_path: Path) -> None:
    page = put(tmp_path, "about.md", b"---\ntitle: T\nweight: x\n---\n[a](b.md), [c](gone.md)")
    put(tmp_path, "b.md", b"---\n---\n")
    assert [(one.reader, one.error, len(one.problems)) for one in inspect(page)] == [("page", "", 0)]
    assert [(one.reader, one.error, len(one.problems)) for one in inspect(tmp_path)] == [
        ("page", "", 2),
        ("page", "", 0),
    ]


def counts(found: Finding) -> tuple[object, ...]:
    return found.reader, found.items, found.threads, found.orphans, len(found.problems)


@pytest.mark.usefixtures("run")
def test_what_the_command_says(run: Run) -> None:  # noqa: F811
    Path("b.json").write_text(json.dumps(ITEMS))
    told = run("inspect", "content/a.json", "b.json")
    assert (told.status, told.err) == (0, "")
    assert told.out.splitlines()[:6] == [
        "content/a.json",
        "  reader    hn-api",
        "  items     2: 1 story, 1 comment",
        "  threads   1",
        "  authors   2",
        "  time      2023-11-14T22:13:20Z to 2023-11-14T22:13:21Z",
    ]
    assert "  orphans   1, whose parents are not in this file\n  problems  1\n    b.json:1: " in told.out


def test_the_same_as_json(run: Run) -> None:  # noqa: F811
    Path("b.txt").write_text("no dump")
    told = run("inspect", "--json", "content", "b.txt")
    first, second = json.loads(told.out)
    assert told.status == 1
    expected: dict[str, Any] = {
        "file": "content/a.json",
        "reader": "hn-api",
        "error": "",
        "items": 2,
        "stories": 1,
        "comments": 1,
        "threads": 1,
        "authors": 2,
        "first": "2023-11-14T22:13:20Z",
        "last": "2023-11-14T22:13:21Z",
        "captured": None,
        "orphans": 0,
        "problems": [],
    }
    assert first == expected
    assert second["file"] == "b.txt"
    assert "hn-api" in second["error"]


def test_wrong_use(run: Run) -> None:  # noqa: F811
    assert run("inspect").status == 2
    told = run("inspect", "absent.json")
    assert told.status == 2
    assert "absent.json" in told.err
