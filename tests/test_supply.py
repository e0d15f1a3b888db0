"""What is installed: bounds in pyproject.toml, the locks, workflows, and what goes into the sdist."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKED = {"site": (), "dev": ("dev",), "audit": ("audit",), "fuzz": ("fuzz",)}
"""The lists in locks/, and the extras that each holds."""
OURS = {"hnsite", "pip"}


def requirements(*extras: str) -> Iterator[Requirement]:
    for lines in (PROJECT["dependencies"], *(EXTRAS[extra] for extra in extras)):
        yield from map(Requirement, lines)


def locked(name: str) -> dict[str, str]:
    """Every version of a list, by the package's name: that for this Python, where each has its own."""
    text = (ROOT / "locks" / f"{name}.txt").read_text("utf-8")
    found = [Requirement(line) for line in re.findall(r"^([^\s=]+==[^\\\n]+)", text, re.MULTILINE)]
    lines = [(one.name, str(one.specifier)[2:]) for one in found if not one.marker or one.marker.evaluate()]
    versions = dict(lines)
    assert len(versions) == len(lines)
    return versions


@pytest.mark.parametrize("one", list(requirements(*EXTRAS)), ids=str)
def test_every_dependency_is_bounded_on_both_sides(one: Requirement) -> None:
    assert sorted(bound.operator for bound in one.specifier) == ["<", ">="]


@pytest.mark.parametrize("name", LOCKED)
def test_the_locks_hold_what_is_allowed_and_all_of_it(name: str) -> None:
    versions = locked(name)
    for one in requirements(*LOCKED[name]):
        assert versions[canonicalize_name(one.name)] in one.specifier


@pytest.mark.parametrize("name", LOCKED)
def test_the_locks_have_digests_and_name_no_host(name: str) -> None:
    text = (ROOT / "locks" / f"{name}.txt").read_text("utf-8")
    assert "://" not in text
    pieces = re.split(r"\n(?=\S)", text.partition("\n#    make lock\n")[2].strip())
    assert {piece.partition("==")[0] for piece in pieces} >= locked(name).keys()
    assert all("--hash=sha256:" in piece for piece in pieces)


def test_the_locks_agree() -> None:
    for name in LOCKED:
        shared = locked(name).keys() & locked("dev").keys()
        assert {one: locked(name)[one] for one in shared} == {one: locked("dev")[one] for one in shared}


def test_everything_installed_is_in_the_locks() -> None:
    """In the environment that make makes; others may hold anything."""
    if Path(sys.prefix).resolve() != ROOT / ".venv":
        pytest.skip("not in .venv")
    known = {**locked("fuzz"), **locked("audit"), **locked("dev")}
    installed = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}
    unknown = {name: version for name, version in installed.items() if known.get(name) != version}
    assert unknown.keys() <= OURS | {"setuptools"}


def test_workflows_may_read_only_and_use_what_cannot_change() -> None:
    for path in (ROOT / ".github" / "workflows").iterdir():
        text = path.read_text("utf-8")
        assert "\npermissions:\n  contents: read\n" in text and text.count("permissions:") == 1
        for action in re.findall(r"uses: (\S+)", text):
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)


def test_every_python_is_tried() -> None:
    known = re.findall(r"Python :: (3\.\d+)", str(PROJECT["classifiers"]))
    assert known[0] == PROJECT["requires-python"].removeprefix(">=")
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    assert "python: [" + ", ".join(f'"{one}"' for one in known) + "]" in workflow
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "PYTHONS := " + " ".join(f"python{one}" for one in known) in makefile


def test_the_sdist_holds_what_it_should_and_nothing_else(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(path) as files:
        names = {name.partition("/")[2] for name in files.getnames()}
    assert {
        "SECURITY.md",
        "LICENSE",
        "docs/reliability.md",
        "locks/dev.txt",
        "hnsite/cli/__init__.py",
    } <= names
    tops = {name.partition("/")[0] for name in names}
    assert tops - {path.name for path in ROOT.glob("*.md")} == {
        *("hnsite", "themes", "content", "tests", "docs", "locks"),
        *("LICENSE", "Makefile", "netlify.toml", "pyproject.toml", "PKG-INFO", ".gitignore"),
    }
    assert not [name for name in names if re.search(r"node_modules|\.venv|\.sqlite|__pycache__|\.env$", name)]
