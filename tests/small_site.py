"""Small sites for tests: dumps to build from, what a build left on the disk, and ways to interrupt it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from test_output import Crash, Disk

from hnsite.build import Report, build
from hnsite.config import Config, parse_config
from hnsite.database import Database
from hnsite.headers import YIELDING

WORDS = [
    "I have never seen a queue that did not grow in the night.",
    "> never seen a queue that did not grow in the night\n\nOurs shrinks.",
    "Thanks!",
    "It is the clock, as always: nobody agrees what time it is.",
    "See https://news.ycombinator.com/item?id=4 and  code\n\n  print(1)",
]
NAMES = ["ann", "Bob", "c_c"]
THEIRS = b"theirs"


def api(**fields: object) -> dict[str, object]:
    return {"type": "comment", "by": "ann", "time": 1_700_000_000, **fields}


STORY = api(id=1, type="story", title="On queues", score=3)


def pasted(posts: list[tuple[str, str]], title: str = "") -> str:
    return title + "".join(f"{author}\n4 days ago\n{body}\n" for author, body in posts)


def board(posts: list[tuple[int, str, str]], title: str = "On queues") -> str:
    head = f"←back to thread\n\n{title}\n\n3 points ann | 9 comments | | source\nShow context\n"
    return head + "".join(
        f"{'1. ' if number else ''}{author} ◴[] No.{id}[source]\n{body}\n"
        for number, (id, author, body) in enumerate(posts)
    )


def link_to(id: int) -> str:
    """As the API writes it."""
    url = f"https://news.ycombinator.com/item?id={id}"
    return f'<a href="{url}" rel="nofollow">{url}</a>'


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

    def remove(self, name: str) -> None:
        (self.root / "content" / name).unlink()

    @property
    def config(self) -> Config:
        return parse_config(self.settings, self.root)

    @property
    def public(self) -> Path:
        return self.root / "public"

    def build(self, **options: Any) -> Report:
        return build(self.config, **{"jobs": 1, **options})

    def pages(self) -> dict[str, bytes]:
        return {path: content(place) for path, place in self._entries() if place.is_file()}

    def stamps(self) -> dict[str, tuple[int, int]]:
        """What changes whenever a file is written, even with the same bytes."""
        files = {path: place.stat() for path, place in self._entries()}
        return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in files.items()}

    def _entries(self) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """Every file and folder of the output, by its path."""
        folders = [("", str(self.public))] if self.public.is_dir() else []
        for above, folder in folders:
            with os.scandir(folder) as entries:
                for entry in entries:
                    yield above + entry.name, entry
                    if entry.is_dir(follow_symlinks=False):
                        folders.append((f"{above}{entry.name}/", entry.path))

    def put_theme(self, name: str, text: str) -> None:
        path = self.root / "themes/default" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def drop_theme(self) -> None:
        shutil.rmtree(self.root / "themes", ignore_errors=True)

    def clear(self) -> None:
        """As new, but for templates that were compiled."""
        self.settings = ""
        self.drop_theme()
        for folder in (self.public, self.root / ".public.hnsite", self.root / "content"):
            shutil.rmtree(folder, ignore_errors=True)
        (self.root / "content").mkdir()
        for path in self.root.glob(".cache/hnsite/*.sqlite*"):
            path.unlink()

    def afresh(self, other: Site) -> Report:
        """A first build of the same site in another place."""
        other.clear()
        other.settings = self.settings
        for name in ("content", "themes"):
            if (self.root / name).exists():
                shutil.copytree(self.root / name, other.root / name, dirs_exist_ok=True)
        return other.build()


def content(place: os.DirEntry[str]) -> bytes:
    with open(place, "rb") as file:  # noqa: PTH123, a Path takes longer
        return file.read()


def differences(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def told(report: Report) -> dict[str, object]:
    """What a report says of the site, not of the way there."""
    way = {"rendered", "written", "deleted", "seconds", "timings", "errors", "foreign", "leftover"}
    said = {name: getattr(report, name) for name in Report.__dataclass_fields__ if name not in way}
    return said | {"errors": [str(error) for error in report.errors]}


def check(site: Site, other: Site) -> None:
    """The site is what a clean build of the same dumps makes, and all of it is known.

    What somebody put in the place of a page that went then stays, and what yields to files of theirs.
    """
    report = site.build()
    clean = site.afresh(other)
    pages, expected = site.pages(), other.pages()
    theirs = {one for one in pages if pages[one] == THEIRS and (one not in expected or one in YIELDING)}
    assert {*differences(pages, expected)} - theirs == set()
    assert told(report) == told(clean)
    before = site.stamps()
    again = site.build()
    assert (again.rendered, again.written, again.deleted) == (0, 0, 0)
    assert told(again) == told(clean)
    assert site.stamps() == before
    assert not (site.root / ".public.hnsite").exists()


class Fate(Disk):
    """Ends a build at the nth change of the disk or commit of a database, before it or right behind it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        writing = Database.writing

        @contextmanager
        def watched(db: Database) -> Iterator[None]:
            with writing(db):
                yield
                self.step()
            self.step()

        patch.setattr(Database, "writing", watched)

    def step(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Crash

    @contextmanager
    def kills_after(self, changes: int, patch: pytest.MonkeyPatch) -> Iterator[None]:
        """As ``kill -9``: nobody clears up."""
        with patch.context() as dead:
            dead.setattr("hnsite.output.Output.discard", lambda output: None)
            with self.ends_after(changes):
                yield


def lose(path: Path) -> None:
    """Removes a file or folder, as somebody would between two builds."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def swap(path: Path, text: str) -> None:
    """Puts another file in the place of one, as an editor or a copy does."""
    part = path.with_name(f"{path.name}.new")
    part.write_text(text)
    part.replace(path)
