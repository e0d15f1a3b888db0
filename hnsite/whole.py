"""A file that somebody asked for by its path: there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hnsite.errors import UsageError


def check_new(path: Path, *, force: bool) -> None:
    """Raises UsageError where a file cannot be written, or would replace another and nobody said so."""
    if path.is_dir():
        raise UsageError("is a folder; name a file in it", str(path))
    if os.path.lexists(path) and not path.is_file():
        raise UsageError("is no regular file", str(path))
    if path.exists() and not force:
        raise UsageError("is there already; --force replaces it", str(path))
    if not path.parent.is_dir():
        raise UsageError("its folder is not there", str(path))


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Where to write what is to be at ``path``: a file beside it, which takes its place in one step at the
    end, and is gone if anything is raised. Raises OSError."""
    path = path.resolve()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
