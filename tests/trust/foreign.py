"""What others put into the output folder stays as it is: files, links, pipes and folders of random names, put
there between builds of random histories (edits, settings, themes, --clean, a cache that is deleted, builds
that are killed).

A trial is one such thing, and what became of it: it must be there byte for byte with its times, be named
exactly once until the cache is deleted, and stop a build that needs its place.
"""

from __future__ import annotations

import os
import random
import socket
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

import pytest
from small_site import STORY, Fate, Site, api, lose
from test_output import Crash

from hnsite.build import Report
from hnsite.errors import BuildError

from . import Trial

COUNT = 1000
THINGS, STEPS = 24, 10
"""Things in one history, and how many steps it has."""
FOLDERS = (
    "",
    "item",
    "user",
    "from",
    "front",
    "search",
    "search/text",
    "static",
    "days",
    "pages",
    "item/map",
)
NAMES = (
    *("CNAME", ".nojekyll", "README.md", "robots.txt", "favicon.ico", ".htaccess", "_headers", "a b.html"),
    *("ünïcode.html", "-rf", "con", "con.html", "index.html.bak", "9.html", "8.html", "7.html", "ann.1.html"),
    *("notes", ".hidden", "x" * 200, "new\nline", "quote'\".html", "%2e%2e", "<b>.html", "index.htm", "~"),
)
SETTINGS = ("", "title = 'B'", "permalinks = 'anchors'", "search = false", "min_comments = 1")
THEME = "<!doctype html><html><head><title>x</title></head><body>{{ view.chrome.title }}</body></html>"


def trials(count: int) -> Iterator[Trial]:
    done = 0
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        fate = Fate(patch)
        while done < count:
            for trial in _History(Path(folder) / str(done), done, fate, patch).trials():
                yield trial
                done += 1


State = dict[str, tuple[object, ...]]
"""All that may not change of a thing and of what is in it, by path below it."""


def state_of(path: Path) -> State:
    found: State = {}
    for one in [path, *(path.rglob("*") if path.is_dir() and not path.is_symlink() else ())]:
        about = one.lstat()
        says: object = None
        if one.is_symlink():
            says = str(one.readlink())
        elif stat.S_ISREG(about.st_mode):
            says = one.read_bytes()
        found[str(one.relative_to(path))] = (about.st_mode, about.st_ino, about.st_mtime_ns, says)
    return found


def _file(path: Path, random: random.Random) -> None:
    path.write_bytes(random.choice((b"", b"theirs", random.randbytes(6000), b"<!doctype html><p>theirs")))


def _folder(path: Path, random: random.Random) -> None:
    path.mkdir()
    if random.random() < 0.7:
        (path / "deep").mkdir()
        for name in ("one.html", "index.html", ".git", "deep/two"):
            _file(path / name, random)


def _link(path: Path, random: random.Random) -> None:
    path.symlink_to(random.choice(("nowhere", ".", "..", "/etc/hostname", "../content", "index.html")))


def _pipe(path: Path, random: random.Random) -> None:
    os.mkfifo(path)


def _socket(path: Path, random: random.Random) -> None:
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as one:
        os.chdir(path.parent)  # a socket's whole path may have 107 bytes
        try:
            one.bind(path.name[:100])
        finally:
            os.chdir(here)


KINDS: tuple[Callable[[Path, random.Random], None], ...] = (
    *(_file, _file, _file, _folder, _folder, _link, _link, _pipe, _socket),
)


class _History:
    """One site from its first build to its last, and what others put into it."""

    def __init__(self, root: Path, seed: int, fate: Fate, patch: pytest.MonkeyPatch) -> None:
        self.random = random.Random(seed)
        self.site = Site(root)
        self.site.write("always", [STORY])
        self.fate, self.patch = fate, patch
        self.what: dict[str, str] = {}
        self.before: dict[str, State] = {}
        self.faults: dict[str, str] = {}
        self.named: Counter[str] = Counter()
        self.did: list[str] = []

    def trials(self) -> Iterator[Trial]:
        if self.random.random() < 0.5:
            self.site.build()
        else:
            self.site.public.mkdir()
        for number in range(STEPS):
            for _ in range(THINGS // STEPS + (number < THINGS % STEPS)):
                self.put()
            self.step()
        self.did.append("build")
        self.build()
        for path, what in self.what.items():
            self.look(path)
            times = sum(self.named[one] for one in (path, *map(str, PurePosixPath(path).parents)))
            if path not in self.faults and times != 1:
                self.faults[path] = f"named {times} times"
            yield Trial(f"{what} {path!r} after {', '.join(self.did)}", self.faults.get(path, ""))

    def put(self) -> None:
        """Puts something where nothing is."""
        for _ in range(50):
            folder, name = self.random.choice(FOLDERS), self.random.choice(NAMES)
            place = self.site.public / folder
            path = f"{folder}/{name}" if folder else name
            is_ours = place.is_dir() and not place.is_symlink() and not any(map(path.startswith, self._own()))
            if is_ours and not os.path.lexists(place / name):
                kind = self.random.choice(KINDS)
                if kind is _socket:
                    path = path[: len(path) - len(name)] + name[:100]
                kind(place / name, self.random)
                self.what[path] = kind.__name__[1:]
                self.before[path] = state_of(self.site.public / path)
                return

    def _own(self) -> list[str]:
        return [f"{path}/" for path in self.what]

    def step(self) -> None:
        steps = (
            self.edit,
            self.remove,
            self.set,
            self.theme,
            self.clean,
            self.lose_cache,
            self.kill,
            self.build,
        )
        step = self.random.choice(steps)
        self.did.append(step.__name__)
        step()
        for path in self.what:
            self.look(path)

    def look(self, path: str) -> None:
        """Notes what became of a thing."""
        there = self.site.public / path
        if path in self.faults:
            return
        if not os.path.lexists(there):
            self.faults[path] = "gone"
        elif state_of(there) != self.before[path]:
            self.faults[path] = "changed"

    def build(self, **options: bool) -> None:
        try:
            self.hear(self.site.build(**options))
        except BuildError as error:
            self.make_way(str(error))
            self.hear(self.site.build(**options))

    def hear(self, report: Report) -> None:
        self.named.update(path.rstrip("/") for path in report.foreign)

    def make_way(self, error: str) -> None:
        """Takes away, as the message says, what stands where a page goes; it must name just that."""
        taken = [path for path in self.what if f"public/{path}" in error]
        assert "not made by hnsite" in error, error
        assert taken, error
        for path in taken:
            self.look(path)
            there = self.site.public / path
            there.unlink() if there.is_symlink() else lose(there)
            self.named[path] = 1
            self.faults.setdefault(path, "")

    def edit(self) -> None:
        number = self.random.choice((7, 8, 9))
        author = self.random.choice(("ann", "Bob", "con"))
        story = api(id=number, type="story", title="T", by=author, url="https://example.com/")
        self.site.write(f"{number}.json", [story, api(id=number * 10, parent=number, text="x", by=author)])
        self.build()

    def remove(self) -> None:
        for number in (7, 8, 9):
            with suppress(FileNotFoundError):
                self.site.remove(f"{number}.json")
        self.build()

    def set(self) -> None:
        self.site.settings = self.random.choice(SETTINGS)
        self.build()

    def theme(self) -> None:
        if self.random.random() < 0.5:
            self.site.put_theme("404.html", THEME)
            self.site.put_theme("directory.html", THEME)
        else:
            self.site.drop_theme()
        self.build()

    def clean(self) -> None:
        self.build(clean=True)

    def lose_cache(self) -> None:
        lose(self.site.root / ".cache")
        self.named.clear()
        for path, fault in self.faults.items():
            self.named[path] += not fault
        self.build()

    def kill(self) -> None:
        number = self.random.choice((7, 8, 9))
        self.site.write(f"{number}.json", [api(id=number, type="story", title=f"T{self.random.random()}")])
        with suppress(Crash, BuildError), self.fate.kills_after(self.random.randrange(60), self.patch):
            self.hear(self.site.build())
