"""Where the output may be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hnsite.config import parse_config
from hnsite.errors import UsageError
from hnsite.place import check_place


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site beside folders that nobody wants a site in."""
    root = tmp_path / "site"
    for folder in ("content", "themes/mine", "repo/.git", "worktree", "bare.git/objects", "bare.git/refs"):
        (root / folder).mkdir(parents=True)
    (root / "worktree/.git").write_text("gitdir: elsewhere")
    (root / "bare.git/HEAD").write_text("")
    (root / "link-to-content").symlink_to("content")
    (root / "link-to-home").symlink_to(Path.home())
    (root / "link-to-repo").symlink_to("repo")
    (root / "loop").symlink_to("loop")
    (root / "a-file").write_text("")
    os.mkfifo(root / "pipe")
    return root


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        *((place, "not hold it") for place in (".", "..", "/", "")),
        *((place, "content") for place in ("content", "content/public", "content/x/y")),
        *((place, "content") for place in ("link-to-content", "content/../content")),
        *((place, "themes") for place in ("themes", "themes/mine", "themes/mine/public")),
        *((place, "cache") for place in (".cache", ".cache/hnsite", ".cache/hnsite/public")),
        *((place, "is a file") for place in ("a-file", "pipe")),
        *((place, "home") for place in ("/root", "/home/somebody", "/Users/somebody", "link-to-home")),
        *((place, "read as the home") for place in ("~", "~/public", "~root")),
        *((place, "repository") for place in ("repo", "worktree", "bare.git", "link-to-repo")),
        *((place, r"lies in \.git") for place in ("repo/.git", "repo/.git/public")),
        *((place, "system") for place in ("/bin", "/etc", "/usr", "/var", "/home", "/sys", "/proc")),
        ("/dev", "system|not hold it"),  # where tests write into memory, it holds them
        ("loop", "cannot be found"),
    ],
)  # fmt: skip
def test_dangerous_output_folders_are_refused(root: Path, place: str, reason: str) -> None:
    with pytest.raises(UsageError, match=f"(?s){reason}"):
        check_place(parse_config("", root, output=place))


@pytest.mark.parametrize("name", [".git", ".hg", ".svn"])
@pytest.mark.parametrize("is_folder", [True, False])
def test_roots_of_repositories_are_refused(root: Path, name: str, is_folder: bool) -> None:
    (root / "public").mkdir()
    (root / "public" / name).mkdir() if is_folder else (root / "public" / name).write_text("")
    with pytest.raises(UsageError, match=rf"repository \({name}\); choose one"):
        check_place(parse_config("", root))


def test_homes_are_refused_wherever_they_are(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = root / "somewhere"
    (home / "Desktop").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    for place in ("somewhere", "somewhere/Desktop", "somewhere/.ssh", "somewhere/Documents"):
        with pytest.raises(UsageError):
            check_place(parse_config("", root, output=place))
    check_place(parse_config("", root, output="somewhere/public"))


@pytest.mark.parametrize(
    "place", ["public", "../public", "build/site", "content-public", "/var/www/site", "/out"]
)
def test_other_output_folders_are_fine(root: Path, place: str) -> None:
    check_place(parse_config("", root, output=place))


def test_a_folder_with_files_of_others_is_fine(root: Path) -> None:
    (root / "public").mkdir()
    for name in ("CNAME", "README.md", ".nojekyll", ".gitignore"):
        (root / "public" / name).write_text("")
    check_place(parse_config("", root))


def test_the_output_folder_may_not_hold_content_that_lies_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "data/dumps").mkdir(parents=True)
    with pytest.raises(UsageError, match="apart"):
        check_place(parse_config("", tmp_path / "site", output="../data", content="../data/dumps"))


def test_content_that_is_a_link_into_the_output_is_refused(tmp_path: Path) -> None:
    (tmp_path / "public/dumps").mkdir(parents=True)
    (tmp_path / "content").symlink_to("public/dumps")
    with pytest.raises(UsageError, match="apart"):
        check_place(parse_config("", tmp_path))
