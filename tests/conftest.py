"""What all tests share: where they write, the switch that rewrites golden files, the folder of real dumps."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from compiled import Compiled

REPOSITORY = Path(__file__).resolve().parents[1]

# A busy machine is slow at random, which says nothing about the code. The rest is as Hypothesis chose
# it: repeatable examples under CI, new ones everywhere else.
hypothesis.settings.register_profile("hnsite", parent=hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("hnsite")

MEMORY = Path("/dev/shm")
ROOM = 2_000_000_000


def pytest_configure() -> None:
    """Has temporary files in memory where there is room: builds wait for a disk again and again."""
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def has_room(folder: Path) -> bool:
    """Whether much can be written there, and programs among it can be run."""
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return False
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize > ROOM and not disk.f_flag & os.ST_NOEXEC


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the expected files with what the code gives now, to be read as a diff",
    )


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Has templates compiled once a process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jinja2.FileSystemBytecodeCache", Compiled)
        yield


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    """Whether to rewrite the expected files instead of comparing with them."""
    return bool(pytestconfig.getoption("--update-golden"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder that holds the real dumps in `data/`: $HNSITE_SHARED, or `shared` beside the repository."""
    folder = Path(os.environ.get("HNSITE_SHARED") or REPOSITORY.parent / "shared")
    if not (folder / "data").is_dir():
        pytest.skip(f"no real dumps: {folder / 'data'} is not there (HNSITE_SHARED names another folder)")
    return folder
