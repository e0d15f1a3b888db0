"""The wheel: what it holds, and that it builds a site in each theme with nothing else of this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel would install."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        files.extractall(folder / "installed")
    return folder / "installed"


def test_it_holds_every_theme_whole(installed: Path) -> None:
    def files(folder: Path) -> dict[Path, bytes]:
        return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    themes = files(REPOSITORY / "themes")
    assert {path.parts[0] for path in themes} == {"board", "default"}
    assert files(installed / "hnsite" / "themes") == themes


@pytest.mark.parametrize("theme", ["default", "board"])
def test_it_builds_a_site_in_each_theme(installed: Path, tmp_path: Path, theme: str) -> None:
    (tmp_path / "content").mkdir()
    shutil.copy(REPOSITORY / "content" / "story.json", tmp_path / "content")
    (tmp_path / "hnsite.toml").write_text(f'theme = "{theme}"', "utf-8")
    command = [sys.executable, "-m", "hnsite", "build", "--strict"]
    subprocess.run(command, cwd=tmp_path, check=True, env={**os.environ, "PYTHONPATH": str(installed)})
    front = (tmp_path / "public" / "index.html").read_text("utf-8")
    assert ('id="end"' in front) == (theme == "board")
