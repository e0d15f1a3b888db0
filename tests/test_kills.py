"""Builds that are killed, stopped, or meet caches that somebody damaged."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from small_site import STORY, Site, api, check
from terminal import hear
from trust.kills import broken_links, different, read, trials


@pytest.mark.slow
def test_killed_builds_leave_a_whole_site_that_the_next_one_finishes() -> None:
    assert [trial for trial in trials(16) if trial.fault] == []


def test_the_crawler_finds_links_that_lead_nowhere() -> None:
    files = {
        "index.html": b'<a href="item/1.html#x">1</a> <a href=item/2.html>2</a> <a href="https://a.example">3</a>',
        "item/1.html": b'<p id="y"><a href="../index.html">up</a> <a href="#y">here</a> <a href="./">?</a>',
    }
    assert broken_links(files) == [
        "index.html links to item/1.html#x, and there is no such place",
        "index.html links to item/2.html",
        "item/1.html links to ./",
    ]


# Signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_build_that_is_stopped_leaves_the_old_site_or_the_new(tmp_path: Path, number: int) -> None:
    luck = Random(number)
    site, other = Site(tmp_path / "site"), Site(tmp_path / "other")
    for turn in range(4):
        site.write("1.json", [STORY, *(api(id=id, parent=1, by=f"by{turn}") for id in range(2, 40))])
        old = site.pages()
        process = subprocess.Popen(
            [sys.executable, "-m", "hnsite", "build", "-q", "-j1"],
            cwd=site.root,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stderr=subprocess.PIPE,
            preexec_fn=hear,
        )
        started = time.monotonic()
        while process.poll() is None and not (site.root / ".public.hnsite").exists():
            assert time.monotonic() < started + 60
        time.sleep(luck.uniform(0, 0.2))
        process.send_signal(number)
        _, said = process.communicate()
        assert process.returncode in (0, -number, 130 if number == signal.SIGINT else -number), said
        assert b"Traceback" not in said
        left = site.pages()
        check(site, other)
        assert left in (old, site.pages())


# Caches that are damaged


def empty(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    path.write_bytes(Random(1).randbytes(50_000))


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 8192):
        content[start : start + 2000] = Random(start).randbytes(2000)
    path.write_bytes(content[: path.stat().st_size])


@pytest.mark.parametrize("damage", [empty, foreign, torn, scribbled])
@pytest.mark.parametrize("name", ["catalog", "site-*", "*"])
def test_a_damaged_cache_is_made_again(tmp_path: Path, damage: Callable[[Path], None], name: str) -> None:
    site, other = Site(tmp_path / "site"), Site(tmp_path / "other")
    for id in range(100, 400, 100):
        site.write(f"{id}.json", [{**STORY, "id": id}, *(api(id=id + n, parent=id) for n in range(1, 20))])
    site.build()
    (site.public / "CNAME").write_text("theirs")
    (site.public / "item/notes.txt").write_text("theirs")
    for path in site.root.glob(f".cache/hnsite/{name}.sqlite"):
        damage(path)
    site.write("100.json", [{**STORY, "id": 100}, *(api(id=100 + n, parent=100) for n in range(1, 25))])
    site.build()
    site.afresh(other)
    left = read(site.public)
    assert (left.pop("CNAME"), left.pop("item/notes.txt")) == (b"theirs", b"theirs")
    assert not different(left, read(other.public))


@pytest.mark.parametrize("end", ["-wal", "-shm", "both", "scribbled"])
def test_logs_of_a_killed_build_may_be_lost(tmp_path: Path, end: str) -> None:
    """SQLite keeps what was written last in a second file until it is closed."""
    site, other = Site(tmp_path / "site"), Site(tmp_path / "other")
    site.write("1.json", [STORY, *(api(id=id, parent=1) for id in range(2, 20))])
    site.build()
    site.write("1.json", [STORY, *(api(id=id, parent=1) for id in range(2, 30))])
    kill = (
        "import os, signal, hnsite.manifest as m, hnsite.cli as cli\n"
        "m.Manifest.publish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "cli.main()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", kill, "build", "-q", "-j1"], cwd=site.root, env=environment)
    assert done.returncode == -signal.SIGKILL
    logs = [*site.root.glob(".cache/hnsite/*-wal"), *site.root.glob(".cache/hnsite/*-shm")]
    assert len(logs) >= 4
    for path in logs:
        if end == "scribbled":
            foreign(path)
        elif end in (path.name[-4:], "both"):
            path.unlink()
    check(site, other)
