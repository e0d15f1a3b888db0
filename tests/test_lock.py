"""One build at a time on a site, whatever ends a build, and no worker that outlives its build."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from small_site import STORY, Site, api

from hnsite.errors import BuildError
from hnsite.lock import held
from hnsite.workers import Workers

BUILD = [sys.executable, "-m", "hnsite", "build"]
pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signals here")


def silent(line: str) -> None:
    """Tells nobody."""


@contextmanager
def started(root: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*BUILD, *options], cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait(condition: object) -> None:
    """Until what is asked holds, or the test fails."""
    end = time.monotonic() + 60
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_second_build_says_whom_it_waits_for_and_then_builds(tmp_path: Path) -> None:
    site = Site(tmp_path, **{"a.json": [STORY]})
    with held(site.config.cache_dir, silent):
        second = subprocess.Popen(BUILD, cwd=tmp_path, text=True, stdout=-1, stderr=-1)
        assert second.stderr
        line = second.stderr.readline()
        assert line.startswith(f"waiting for another build of this site (process {os.getpid()}, since ")
        assert second.poll() is None and not site.public.exists()
    _, errors = second.communicate(timeout=60)
    assert (second.returncode, errors) == (0, "")
    assert "item/1.html" in site.pages()


def test_two_builds_at_once_are_as_one_after_the_other(tmp_path: Path) -> None:
    site = Site(tmp_path, **{"a.json": [STORY, *(api(id=n, parent=1, text=str(n)) for n in range(2, 60))]})
    both = [subprocess.Popen([*BUILD, "--clean"], cwd=tmp_path, stdout=-1, stderr=-1) for _ in range(3)]
    results = [one.communicate(timeout=60) for one in both]
    assert [one.returncode for one in both] == [0, 0, 0], results
    other = Site(tmp_path / "other")
    site.afresh(other)
    assert site.pages() == other.pages()


def test_a_killed_build_leaves_no_lock(tmp_path: Path) -> None:
    site = Site(tmp_path, **{"a.json": [STORY]})
    holder = "import sys, time; from pathlib import Path; from hnsite.lock import held\n"
    holder += "with held(Path(sys.argv[1]), print): print('held', flush=True); time.sleep(60)"
    cache = str(site.config.cache_dir)
    with subprocess.Popen([sys.executable, "-c", holder, cache], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.kill()
    told: list[str] = []
    site.build(tell=told.append)
    assert not told


def test_a_lock_that_is_damaged_is_made_again(tmp_path: Path) -> None:
    site = Site(tmp_path, **{"a.json": [STORY]})
    site.config.cache_dir.mkdir(parents=True)
    (site.config.cache_dir / "lock").write_bytes(b"\xff" * 5000)
    site.build()
    assert "item/1.html" in site.pages()


def end(tools: object, unit: int) -> int:
    if unit == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return unit


def test_a_worker_that_is_killed_fails_the_build_in_plain_words() -> None:
    workers = Workers(2, None, list)
    try:
        with pytest.raises(BuildError, match="a worker process died"):
            list(workers.map(end, range(8), is_much=True))
    finally:
        workers.close()


def threads(last: int) -> list[dict[str, object]]:
    """A hundred comments under each story."""
    return [
        api(id=n, parent=n - n % 100, text=f"I say {n}")
        if n % 100
        else api(id=n, type="story", title=f"On {n}")
        for n in range(100, last + 1)
    ]


def family(pid: int) -> list[int]:
    """The processes that one has started, as far as they live."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            state, parent = (folder / "stat").read_text().rpartition(") ")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(folder.name))
    return found


def lives(pid: int) -> bool:
    with suppress(OSError):
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(") ")[2][0] != "Z"
    return False


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc")
def test_workers_end_when_their_build_is_killed(tmp_path: Path) -> None:
    site = Site(tmp_path, **{"a.json": threads(8999)})
    with started(tmp_path, "-j", "2") as process:
        wait(lambda: len(family(process.pid)) >= 3)
        workers = family(process.pid)
        process.kill()
    wait(lambda: not any(map(lives, workers)))
    site.build()
    assert "item/8999.html" in site.pages()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc")
def test_the_site_stays_when_a_worker_is_killed(tmp_path: Path) -> None:
    site = Site(tmp_path, **{"a.json": [STORY]})
    site.build()
    before = site.stamps()
    site.write("b.json", threads(8999))
    with started(tmp_path, "-j", "2") as process:
        wait(lambda: len(family(process.pid)) >= 3)
        for one in family(process.pid):
            if b"spawn_main" in (Path("/proc") / str(one) / "cmdline").read_bytes():
                os.kill(one, signal.SIGKILL)
                break
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1, errors
    assert errors.startswith("error: nothing published: a worker process died")
    assert site.stamps() == before
    site.build()
    assert "item/8999.html" in site.pages()
