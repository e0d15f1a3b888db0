"""Builds that are killed: whatever the moment, the site stays whole, and the next build finishes it.

A site of some hundred pages is edited at random, built in a process of its own, and that, its group or one of
its workers gets SIGKILL: at any moment, or at one near the publishing. Then every file must be whole,
old or new, every link must lead somewhere, and another build must give what a first build elsewhere does.
"""

from __future__ import annotations

import html
import json
import os
import posixpath
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from hnsite.build import build
from hnsite.config import parse_config

from . import Trial

COUNT = 200
THREADS = 12
AGAIN = 3
"""So many kills at most before a build may end."""
COMMAND = (
    "import sys, hnsite.build as build, hnsite.intake as intake, hnsite.cli as cli;"
    "build.RANGE, intake.BATCH, build.AUTHORS = 25, 4000, 5;"  # small, so that workers are worth it
    "cli.main()"
)
LINK = re.compile(rb"""<[^>]*?\s(?:href|src)=["']?([^"'\s>]*)""")
ID = re.compile(rb"""<[^>]*?\sid=["']?([^"'\s>]*)""")
SAMPLES = (
    "I have never seen a queue that did not grow in the night.",
    "Ours shrinks, and <i>nobody</i> knows why.",
    "<p>It is the clock.<p>As always: nobody agrees what time it is.",
)

Files = Mapping[str, bytes]


class Kind(NamedTuple):
    """How a build is made and killed: ``way`` is first, clean or incremental, ``aim`` a random moment or one
    in the publishing, ``victim`` the process, its group or one of its workers."""

    way: str
    jobs: int
    aim: str
    victim: str

    def __str__(self) -> str:
        return f"{self.way}, -j{self.jobs}, {self.victim} killed at {self.aim}"


def trials(count: int, seed: int = 6) -> Iterator[Trial]:
    """Every kill is one; what the build after it lacks is its fault."""
    with tempfile.TemporaryDirectory(prefix="kills") as folder:
        site = Site(Path(folder), Random(seed))
        while site.kills < count:
            yield from site.edited(count)


def kinds(luck: Random) -> Kind:
    way = luck.choice(["first", "clean", "incremental", "incremental", "incremental"])
    aim = luck.choice(["any moment", "publishing"])
    victim = luck.choice(["process", "process", "group", "worker"])
    return Kind(way, 2 if victim == "worker" else luck.choice([1, 2]), aim, victim)


class Site:
    """A site that is edited and built again and again, beside a second one that is built at once."""

    def __init__(self, folder: Path, luck: Random) -> None:
        self.luck = luck
        self.kills = 0
        self.root, self.other = folder / "site", folder / "other"
        self.public = self.root / "public"
        self.said = folder / "said"
        self.dumps = Dumps(self.root / "content", luck)
        self.settings = ""
        self.took = {"first": 2.0, "clean": 2.0, "incremental": 1.0}

    def edited(self, count: int) -> Iterator[Trial]:
        """Some kills of builds behind one edit, then one that may end."""
        kind = kinds(self.luck)
        old = read(self.public)
        self.edit(kind)
        if kind.way == "first":
            for place in (self.public, self.root / ".cache"):
                shutil.rmtree(place, ignore_errors=True)
            old = {}
        new = self.afresh()
        for _ in range(self.luck.randint(1, AGAIN)):
            when, status = self.killed(kind)
            if status is None:
                break
            self.kills += 1
            fault = self.fault(old, new, status)
            what = f"{self.kills}: {kind} after {when}, status {status}"
            last = self.kills == count or fault or self.luck.random() < 0.5
            yield Trial(what, fault or (self.unfinished(new) if last else ""))
            if last:
                return
            kind = kind._replace(way="clean" if kind.way == "clean" else "incremental")
        self.unfinished(new)

    def edit(self, kind: Kind) -> None:
        for _ in range(self.luck.choice([1, 1, 2, 5, 20])):
            self.dumps.edit()
        if self.luck.random() < 0.1:
            self.settings = self.luck.choice(["", "title = 'Other'\n", "min_comments = 3\n"])
        (self.root / "hnsite.toml").write_text(self.settings)

    def afresh(self) -> Files:
        """What a first build makes, elsewhere."""
        shutil.rmtree(self.other, ignore_errors=True)
        shutil.copytree(self.root / "content", self.other / "content")
        build(parse_config(self.settings, self.other), jobs=1)
        return read(self.other / "public")

    def start(self, kind: Kind) -> subprocess.Popen[bytes]:
        options = ["build", "-q", f"-j{kind.jobs}", *(["--clean"] if kind.way == "clean" else [])]
        with self.said.open("wb") as said:
            return subprocess.Popen(
                [sys.executable, "-c", COMMAND, *options],
                cwd=self.root,
                start_new_session=True,
                stdout=said,
                stderr=said,
            )

    def killed(self, kind: Kind) -> tuple[str, int | None]:
        """When a build was killed, and its status; None if it came to its end before."""
        process = self.start(kind)
        started = time.monotonic()
        if kind.aim == "publishing":
            self.wait_for_publishing(process, kind)
            pause = 10 ** self.luck.uniform(-6, -2)
        else:
            pause = self.luck.uniform(0, self.took[kind.way])
        with suppress(subprocess.TimeoutExpired):
            process.wait(pause) if pause > 0.001 else spin(pause)
        took = time.monotonic() - started
        if process.poll() is not None:
            self.took[kind.way] = 0.7 * self.took[kind.way] + 0.3 * took
            return "", None
        self.kill(process, kind)
        process.wait()
        return f"{took * 1000:.1f} ms", process.returncode

    def wait_for_publishing(self, process: subprocess.Popen[bytes], kind: Kind) -> None:
        if kind.way == "first":
            signs = [self.public, self.root / ".public.hnsite/files/index.html"]
        else:
            signs = [self.root / ".public.hnsite" / name for name in ("moves", "journal")]
        sign = str(self.luck.choice(signs))
        while process.poll() is None:
            for _ in range(200):
                if os.path.lexists(sign):
                    return

    def kill(self, process: subprocess.Popen[bytes], kind: Kind) -> None:
        with suppress(ProcessLookupError):
            if kind.victim == "group":
                os.killpg(process.pid, signal.SIGKILL)
                return
            workers = children(process.pid) if kind.victim == "worker" else []
            os.kill(self.luck.choice(workers or [process.pid]), signal.SIGKILL)

    def fault(self, old: Files, new: Files, status: int) -> str:
        """What is wrong with what a killed build left."""
        left = read(self.public)
        if status not in (0, 1, -signal.SIGKILL):
            return f"it ended with status {status}"
        if status == 0 and left != new:
            return f"status 0, and {different(left, new)}"
        for path, content in left.items():
            if content not in (old.get(path), new.get(path)):
                return f"{path} is neither old nor new"
        return "" if left in (old, new) else "; ".join(broken_links(left)[:3])

    def unfinished(self, new: Files) -> str:
        """What the next build does not mend."""
        process = self.start(Kind("incremental", self.luck.choice([1, 2]), "", ""))
        if process.wait():
            return f"the next build failed: {self.said.read_text()[-500:]}"
        if (left := read(self.public)) != new:
            return f"the next build is no clean one: {different(left, new)}"
        beside = {path.name for path in self.root.iterdir()} - {"content", "public", ".cache", "hnsite.toml"}
        return f"left behind: {', '.join(sorted(beside))}" if beside else ""


class Dumps:
    """Threads as files of the Hacker News API, edited at random."""

    def __init__(self, folder: Path, luck: Random) -> None:
        self.folder, self.luck = folder, luck
        self.next_id, self.next_author = 1000, 10
        self.threads: dict[int, list[dict[str, object]]] = {}
        folder.mkdir(parents=True)
        for _ in range(THREADS):
            self.new_thread()

    def edit(self) -> None:
        luck = self.luck
        change = luck.choice([self.new_comment] * 4 + [self.other_text, self.lost_comment, self.new_thread])
        if luck.random() < 0.15 and len(self.threads) > THREADS // 2:
            thread = luck.choice(sorted(self.threads))
            del self.threads[thread]
            (self.folder / f"{thread}.json").unlink()
        else:
            change()

    def new_thread(self) -> None:
        story = self.item(type="story", title=f"On queues {self.next_id}", score=self.luck.randint(1, 90))
        story["url"] = f"https://{self.luck.choice('abcdef')}.example/{self.next_id}"
        self.threads[int(str(story["id"]))] = [story]
        for _ in range(self.luck.randint(0, 18)):
            self.new_comment(int(str(story["id"])))
        self.write(int(str(story["id"])))

    def new_comment(self, thread: int = 0) -> None:
        thread = thread or self.luck.choice(sorted(self.threads))
        items = self.threads[thread]
        text = self.luck.choice(SAMPLES)
        if self.luck.random() < 0.2:
            other = self.luck.choice(sorted(self.threads))
            text += f" https://news.ycombinator.com/item?id={other}"
        items.append(self.item(type="comment", parent=self.luck.choice(items)["id"], text=text))
        self.write(thread)

    def other_text(self) -> None:
        thread = self.luck.choice(sorted(self.threads))
        self.luck.choice(self.threads[thread])["text"] = f"Changed {self.luck.random()}."
        self.write(thread)

    def lost_comment(self) -> None:
        thread = self.luck.choice(sorted(self.threads))
        if len(self.threads[thread]) > 1:
            self.threads[thread].pop()
            self.write(thread)

    def item(self, **fields: object) -> dict[str, object]:
        self.next_id += 1
        if self.luck.random() < 0.1:
            self.next_author += 1
        author = f"by{self.luck.randint(1, self.next_author)}"
        return {"id": self.next_id, "by": author, "time": 1_600_000_000 + self.next_id * 5000, **fields}

    def write(self, thread: int) -> None:
        (self.folder / f"{thread}.json").write_text(json.dumps(self.threads[thread]))


def read(folder: Path) -> dict[str, bytes]:
    """All files of a folder, also those that no page links to; {} if there is none."""
    files = (path for path in folder.rglob("*") if not path.is_dir())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def different(one: Files, other: Files) -> str:
    paths = sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))
    return f"{len(paths)} files differ: {', '.join(paths[:5])}" if paths else ""


def broken_links(files: Files) -> list[str]:
    """Links of all pages to files, or to places in them, that are not there."""
    anchors: dict[str, set[str]] = {}
    broken = []
    for path, content in files.items():
        if not path.endswith(".html"):
            continue
        for link in {html.unescape(one.decode()) for one in LINK.findall(content)}:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or link.startswith("/"):
                continue
            target = path
            if parts.path:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
                target = (
                    target if target in files else posixpath.join(target, "index.html").removeprefix("./")
                )
            if target not in files:
                broken.append(f"{path} links to {link}")
            elif parts.fragment and target.endswith(".html"):
                if target not in anchors:
                    found = ID.findall(files[target])
                    anchors[target] = {html.unescape(one.decode()) for one in found}
                if unquote(parts.fragment) not in anchors[target]:
                    broken.append(f"{path} links to {link}, and there is no such place")
    return sorted(broken)


def spin(seconds: float) -> None:
    """Waits more precisely than sleep does."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def children(pid: int) -> list[int]:
    """The processes that one has started, and those have."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(place.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(place.parent.name))
    return sorted(found)
