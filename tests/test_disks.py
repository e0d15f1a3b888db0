"""Disks that are full, that cannot be written, or that fail: the old site stays, and status 1 says why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from small_site import Site, link_to
from trust.kills import different, read

from hnsite.errors import BuildError

BLOCK = 4096


def thread(id: int, size: int = 300, comments: int = 9) -> list[dict[str, object]]:
    story = {"id": id, "type": "story", "by": f"by{id}", "time": 1_600_000_000 + id, "title": f"Story {id}"}
    text = f"See {link_to(1000)} {'and so on ' * (size // 10)}"
    said = {"type": "comment", "parent": id, "time": 1_600_000_000 + id, "text": text}
    return [story, *({**said, "id": id + nth, "by": f"by{id + nth}"} for nth in range(1, comments + 1))]


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A small disk in memory in the place of a folder, with what that holds."""
    kept = folder.with_name(f"{folder.name}.kept")
    folder.rename(kept)
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", *options, "none", folder], capture_output=True, text=True)
    if mount.returncode:
        pytest.skip(f"nothing can be mounted here: {mount.stderr.strip()}")
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True, symlinks=True)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def run(site: Site, *options: str, **environment: str) -> tuple[int, str]:
    """A build in a process of its own: its status, and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "hnsite", "build", "-q", "-j1", *options],
        cwd=site.root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site whose last edit is not built yet."""
    site = Site(tmp_path / "site")
    for id in range(1000, 1200, 20):
        site.write(f"{id}.json", thread(id))
    site.build()
    edit(site)
    return site


def edit(site: Site) -> None:
    site.write("1000.json", thread(1000, 900))
    site.write("1300.json", thread(1300, 900, 19))
    site.remove("1040.json")


@pytest.fixture
def new(site: Site, tmp_path: Path) -> dict[str, bytes]:
    other = Site(tmp_path / "other")
    site.afresh(other)
    return other.pages()


FULL: dict[str, Callable[[Site], Path]] = {
    "everything": lambda site: site.root,
    "the output": lambda site: site.public,
    "the cache": lambda site: site.root / ".cache",
}


@pytest.mark.parametrize("place", FULL)
@pytest.mark.parametrize("clean", [False, True])
def test_a_full_disk_leaves_the_old_site(site: Site, new: dict[str, bytes], place: str, clean: bool) -> None:
    """However much room is left; the disk is filled with what is removed behind each build that fails."""
    folder = FULL[place](site)
    with mounted(folder, "-o", "size=6m"):
        old = read(site.public)
        fill = folder / "fill"
        failed = 0
        for left in (0, 3, 10, 20, 40, 80, 120, 200, 400, 800):
            with suppress(OSError), fill.open("wb", 0) as file:
                file.write(b"x" * BLOCK * max(0, os.statvfs(folder).f_bfree - left))
            try:
                site.build(clean=clean)
            except BuildError as error:
                said = str(error)
            else:
                break
            finally:
                fill.unlink()
            assert "cannot be written: No space left on device" in said
            assert not different(read(site.public), old), f"with {left} blocks left, {said}"
            failed += 1
        assert failed
        site.build()
        assert not different(read(site.public), new)


def test_no_room_to_unpack_a_dump_leaves_the_old_site(site: Site, tmp_path: Path) -> None:
    """It is no fault of the dump, whose pages would be missed."""
    packed = site.root / "content/more.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        for name in ("1100.json", "1120.json"):
            archive.add(site.root / "content" / name, f"{name}")
            site.remove(name)
    site.build()
    site.write("1000.json", thread(1000))
    packed.write_bytes(packed.read_bytes() + b"\0")
    old = site.pages()
    small = tmp_path / "small"
    small.mkdir()
    with mounted(small, "-o", "size=16k"):
        (small / "fill").write_bytes(b"x" * 3 * BLOCK)
        status, said = run(site, TMPDIR=str(small))
        assert (status, different(site.pages(), old)) == (1, ""), said
        assert "No space left on device" in said


@pytest.mark.parametrize("place", ["public", ".cache", "."])
def test_a_disk_that_is_read_only_leaves_the_old_site(site: Site, new: dict[str, bytes], place: str) -> None:
    folder = site.root / place if place != "." else site.root
    with mounted(folder):
        old = read(site.public)
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        status, said = run(site)
        assert status == 1, said
        assert "Read-only file system" in said
        assert "Traceback" not in said
        assert not different(read(site.public), old)
        subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
        assert run(site) == (0, "")
        assert not different(read(site.public), new)


def test_an_empty_folder_of_the_same_disk_that_is_mounted(
    site: Site, new: dict[str, bytes], tmp_path: Path
) -> None:
    """As containers do it: nothing can be renamed into it, though it has the disk's number."""
    shutil.rmtree(site.root / ".cache")
    shutil.rmtree(site.public)
    for folder in (site.public, volume := tmp_path / "volume"):
        folder.mkdir()
    mount = subprocess.run(["mount", "--bind", volume, site.public], capture_output=True, text=True)
    if mount.returncode:
        pytest.skip(f"nothing can be mounted here: {mount.stderr.strip()}")
    try:
        assert run(site) == (0, "")
        assert not different(read(site.public), new)
    finally:
        subprocess.run(["umount", "-l", site.public], check=True)
    assert not different(read(volume), new)


@pytest.mark.parametrize("place", ["public", ".cache", "."])
def test_folders_of_somebody_else_leave_the_old_site(site: Site, new: dict[str, bytes], place: str) -> None:
    """Everything may be read and nothing written, by another user than its owner."""
    if os.geteuid() or not shutil.which("setpriv"):
        pytest.skip("needs root and setpriv, to become somebody else")
    for path in [site.root, *site.root.rglob("*")]:
        mine = place == "." or path.is_relative_to(site.root / place)
        os.chown(path, 0 if mine else 65534, 0 if mine else 65534)
    for above in site.root.parents:
        if above.stat().st_mode & 0o055 != 0o055:
            pytest.skip(f"others may not pass {above}")
    old = read(site.public)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    command = [*nobody, sys.executable, "-B", "-m", "hnsite", "build", "-q", "-j1"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, cwd=site.root, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "Permission denied" in done.stderr or "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not different(read(site.public), old)
    assert run(site) == (0, "")
    assert not different(read(site.public), new)
