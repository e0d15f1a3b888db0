"""A folder -> a site in it that builds and deploys at once: settings, a sample, and what hosts read.

The files lie in starter/. Laws: nothing that is there is ever written over; either all files are written or
none. To add a file: put it there, and a line in ``FILES``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from hnsite import __version__
from hnsite.errors import UsageError

STARTER = Path(__file__).parent / "starter"
SAMPLES = ("content/example.json", "content/about.md")
"""Left out where ``content/`` holds something already."""
FILES: Mapping[str, str] = {
    "hnsite.toml": "hnsite.toml",
    **{name: name for name in SAMPLES},
    "requirements.txt": "requirements.txt",
    "netlify.toml": "netlify.toml",
    ".github/workflows/pages.yml": "pages.yml",
    ".gitlab-ci.yml": "gitlab-ci.yml",
    ".gitignore": "gitignore",
}
"""The files of a new site, and where each lies below ``starter/``."""


def new_site(folder: Path) -> list[str]:
    """Makes a site in a folder, which is made too where it is not there; returns the paths of its files.

    Raises UsageError where one of them is there already, where the folder is none, or cannot be written.
    """
    try:
        if os.path.lexists(folder) and not folder.is_dir():
            raise UsageError("is no folder; choose another name", str(folder))
        wanted = _wanted(folder)
        if there := [path for path in wanted if _is_there(folder, path)]:
            reason = f"nothing was made: {', '.join(there)} would be written over; choose another folder"
            raise UsageError(reason, str(folder))
        _write_all(folder, wanted)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"no site can be made there: {reason}", str(folder)) from None
    return wanted


def _wanted(folder: Path) -> list[str]:
    content = folder / "content"
    has_dumps = content.is_dir() and any(content.iterdir())
    return [path for path in FILES if not (has_dumps and path in SAMPLES)]


def _is_there(folder: Path, path: str) -> bool:
    place = folder / path
    return place.exists() or place.is_symlink()


def _write_all(folder: Path, paths: list[str]) -> None:
    """Raises OSError, and takes away what it had made."""
    written: list[Path] = []
    folders: list[Path] = []
    try:
        for path in paths:
            place = folder / path
            folders += [one for one in place.parents if not one.exists()]
            place.parent.mkdir(parents=True, exist_ok=True)
            text = (STARTER / FILES[path]).read_text("utf-8").replace("@VERSION@", __version__)
            with place.open("x", encoding="utf-8", newline="\n") as file:
                written.append(place)
                file.write(text)
    except OSError:
        for place in written:
            place.unlink(missing_ok=True)
        for place in sorted(folders, reverse=True):  # inner ones first
            with suppress(OSError):
                place.rmdir()
        raise
