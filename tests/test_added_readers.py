"""Readers of other packages: the one that docs/readers.md shows, installed and used, and broken ones."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "readers.md").read_text("utf-8")


def run(folder: Path, packages: Path) -> subprocess.CompletedProcess[str]:
    """`hnsite build` with more packages installed."""
    command = [sys.executable, "-m", "hnsite", "build"]
    environment = {**os.environ, "PYTHONPATH": f"{packages}{os.pathsep}{ROOT}"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with the dump that docs/readers.md shows."""
    dump = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert dump
    (tmp_path / "site" / "content").mkdir(parents=True)
    (tmp_path / "site" / "content" / "2024-11-18.txt").write_text(dump[1], "utf-8")
    return tmp_path / "site"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package of docs/readers.md, as pip installs it."""
    pytest.importorskip("hatchling")
    pytest.importorskip("pip")
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("target")
    files = re.findall(r"^`([\w.]+)`[^\n]*:\n\n```\w+\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
    for name, text in files:
        (source / name).write_text(text, "utf-8")
    assert [name for name, _ in files] == ["pyproject.toml", "hnsite_minutes.py"]
    assert sum(len([*filter(None, text.splitlines())]) for _, text in files) < 40
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True)
    return target


def put(packages: Path, module: str | None, package: str = "hnsite-broken") -> None:
    """Installs a package whose reader is this module, by hand; None for a module that is not there."""
    info = packages / f"{package.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hnsite.readers]\nbroken = broken_reader\n")
    if module is not None:
        (packages / "broken_reader.py").write_text(module)


def test_the_package_of_the_documentation_reads_what_no_other_does(site: Path, installed: Path) -> None:
    without = run(site, site)
    assert without.returncode == 1
    assert "error: content/2024-11-18.txt:1: no reader knows this dump" in without.stderr
    done = run(site, installed)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 thread, 2 comments by 2 authors")
    page = (site / "public/item/minutes-2024-11-18-2.html").read_text("utf-8")
    assert "I have a spare one." in page and 'datetime="2024-11-18T19:04:00Z"' in page
    assert re.search(r'u-in-reply-to" href="[^"]*minutes-2024-11-18-1\b', page)
    assert (site / "public/item/minutes-2024-11-18.html").exists()
    again = run(site, installed)
    assert "0 pages made" in again.stdout


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (None, "ModuleNotFoundError: No module named 'broken_reader'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(9)", "SystemExit: 9"),
        ("NAME = 'x'\nVERSION = 1\ndef why_not(head): ...", "it has no read"),
    ],
)
def test_a_reader_that_cannot_be_loaded_is_named(
    site: Path, tmp_path: Path, module: str | None, reason: str
) -> None:
    put(tmp_path, module)
    done = run(site, tmp_path)
    assert done.returncode == 1
    assert f"the reader 'broken' of the package hnsite-broken cannot be loaded ({reason})" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_reader_is_in_nobodys_way(site: Path, installed: Path, tmp_path: Path) -> None:
    put(tmp_path, "1 / 0")
    (tmp_path / "more.pth").touch()
    packages = Path(f"{installed}{os.pathsep}{tmp_path}")
    done = run(site, packages)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_raises_is_named(site: Path, tmp_path: Path) -> None:
    """Whatever it does wrong, it costs its own dumps and no others."""
    put(tmp_path, "NAME = 'x'\nVERSION = 1\ndef why_not(head): return 1 / 0\ndef read(file, name): ...")
    done = run(site, tmp_path)
    assert "x: ZeroDivisionError: division by zero" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_fails_halfway_keeps_what_it_said(site: Path, tmp_path: Path) -> None:
    put(
        tmp_path,
        "from hnsite.model import *\nNAME = 'x'\nVERSION = 1\ndef why_not(head): return None\n"
        "def read(file, name):\n"
        "    yield Record(Origin(name, 3), 'x-1', Kind.STORY, title='Said')\n"
        "    1 / 0\n",
    )
    done = run(site, tmp_path)
    assert done.returncode == 0
    assert done.stderr == (
        "warning: content/2024-11-18.txt:3: the reader x failed behind this place"
        " (ZeroDivisionError: division by zero)\n"
    )
    assert (site / "public/item/x-1.html").exists()


def test_a_record_with_a_wrong_type_is_a_problem(site: Path, tmp_path: Path) -> None:
    put(
        tmp_path,
        "from hnsite.model import *\nNAME = 'x'\nVERSION = 1\ndef why_not(head): return None\n"
        "def read(file, name):\n"
        "    yield Record(Origin(name, 3), 'x-1', Kind.STORY, title='Said')\n"
        "    yield Record(Origin(name, 4), 2, Kind.COMMENT, parent='x-1')\n",
    )
    done = run(site, tmp_path)
    assert done.returncode == 0
    assert "content/2024-11-18.txt:3: the reader x failed behind this place (ValidationError" in done.stderr
    assert (site / "public/item/x-1.html").exists()
