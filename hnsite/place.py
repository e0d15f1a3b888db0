"""Whether a folder may receive a site: not one that other things live in. Reads the disk, writes nothing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hnsite.config import Config
from hnsite.errors import UsageError

_REPOSITORIES = (".git", ".hg", ".svn", ".bzr", ".jj", "_darcs", ".fslckout")
_BARE = ("HEAD", "objects", "refs")
"""What a repository without files holds."""
_OF_A_SYSTEM = (
    *("bin", "boot", "dev", "etc", "home", "lib", "lib64", "proc", "root", "run", "sbin", "sys", "tmp"),
    *("usr", "var", "var/tmp", "var/home"),
    *("Applications", "Library", "System", "Users", "Volumes", "private"),
    *("Windows", "Program Files", "Program Files (x86)"),
)
"""Below the root of a disk."""
_OF_HOMES = ("home", "Users", "var/home")
_OF_A_HOME = (
    *("Desktop", "Documents", "Downloads", "Library", "Movies", "Music", "Pictures", "Videos", "OneDrive"),
    *("Dropbox", "AppData", ".cache", ".config", ".local", ".ssh"),
)


def check_place(config: Config) -> None:
    """Raises UsageError where a site must not be written: over dumps, homes, repositories, systems."""
    folder = config.output_dir
    try:
        place, site = folder.resolve(), config.root.resolve()
        is_file = folder.exists() and not folder.is_dir()
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle, a name that no disk takes
        raise UsageError(f"the output folder cannot be found: {error}", str(folder)) from None
    reason = "it is a file" if is_file else _reason(place, site, config)
    if reason:
        raise UsageError(
            f"cannot be the output folder: {reason};"
            " choose one that is the site's alone, such as public, and copy the site from there",
            str(folder),
        )


def _reason(place: Path, site: Path, config: Config) -> str | None:
    """Why a site must not be written there, if so."""
    if config.output.startswith("~"):
        return "~ is not read as the home folder here"
    if _holds(place, site):
        return "it must lie inside or beside the site's folder, not hold it"
    for name, other in (
        ("content", config.content_dir.resolve()),
        ("themes", site / "themes"),
        ("cache", config.cache_dir.resolve()),
    ):
        if _holds(place, other) or _holds(other, place):
            return f"it and the {name} folder must be apart"
    if any(_is_same(place, home) for home in _homes()) or _is_in(place, _OF_HOMES):
        return "it is a home folder"
    if any(_is_same(place, home / name) for home in _homes() for name in _OF_A_HOME):
        return "it is a folder for everything"
    if _is_same(place, Path(tempfile.gettempdir())) or _is_system(place):
        return "it is the system's"
    return _repository(place)


def _homes() -> Iterator[Path]:
    """The home folders of people on this machine."""
    for variable in ("HOME", "USERPROFILE"):
        if home := os.environ.get(variable):
            yield Path(home)
    try:
        import pwd
    except ImportError:  # Windows
        return
    for user in pwd.getpwall():
        if user.pw_uid in (0, os.getuid()) or 1000 <= user.pw_uid < 65534:
            yield Path(user.pw_dir)


def _is_in(place: Path, parents: tuple[str, ...]) -> bool:
    return any(_is_same(place.parent, Path(place.anchor) / parent) for parent in parents)


def _is_system(place: Path) -> bool:
    top = Path(place.anchor)
    return place == top or any(_is_same(place, top / name) for name in _OF_A_SYSTEM)


def _repository(place: Path) -> str | None:
    for part in place.parts:
        if part.lower() in _REPOSITORIES:
            return f"it lies in {part}"
    for name in _REPOSITORIES:
        if os.path.lexists(place / name):
            return f"it is the root of a repository ({name})"
    if all(os.path.lexists(place / name) for name in _BARE):
        return "it is a repository"
    return None


def _holds(folder: Path, inner: Path) -> bool:
    """Whether a folder is, or holds, another; also by another name (links, upper and lower case)."""
    return any(_is_same(folder, one) for one in (inner, *inner.parents))


def _is_same(one: Path, other: Path) -> bool:
    if one == other:
        return True
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
