"""Folders to work in, and hnsite as a command: dumps -> a site, measured from outside."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .process import FailedError, Run, measure

TMPFS = Path("/dev/shm")
DISK = Path("/var/tmp")
"""The system's place for big temporary files, which is on a disk also where /tmp is not."""


class NotMeasuredError(Exception):
    """A measurement cannot be taken here; says why."""


@dataclass
class Places:
    """Two new folders to work in: ``disk``, and ``fast`` on tmpfs, which is ``disk`` too where tmpfs has
    less than ``space`` bytes.

    Nothing on the disk is deleted before ``close``: making files is slow for minutes after many were deleted.
    """

    parent: Path
    space: float = 0
    disk: Path = field(init=False)
    fast: Path = field(init=False)
    _number: int = 0

    def __post_init__(self) -> None:
        self.disk = Path(tempfile.mkdtemp(prefix="hnsite-bench-", dir=self.parent))
        is_there = os.access(TMPFS, os.W_OK) and shutil.disk_usage(TMPFS).free > self.space
        self.fast = Path(tempfile.mkdtemp(prefix="hnsite-bench-", dir=TMPFS)) if is_there else self.disk

    def new(self, place: Path, name: str) -> Path:
        """A path in ``place`` that nothing has; the folder is not made."""
        self._number += 1
        return place / f"{name}-{self._number}"

    def clear_fast(self) -> None:
        """Empties tmpfs, where deleting has no after-effects."""
        if self.fast != self.disk:
            shutil.rmtree(self.fast)
            self.fast.mkdir()

    def drop(self, folder: Path) -> None:
        """Deletes a folder of ``fast``, unless that is on the disk."""
        if self.fast != self.disk:
            shutil.rmtree(folder)

    def close(self) -> None:
        for folder in {self.disk, self.fast}:
            shutil.rmtree(folder, ignore_errors=True)

    def shown(self, command: Sequence[str]) -> str:
        """A command without this machine's paths and the numbers of ``new``."""
        text = " ".join(command).replace(sys.executable, "python")
        text = text.replace(str(self.fast), "$TMPFS").replace(str(self.disk), "$DISK")
        return re.sub(r"(\$[A-Z]+/[a-z-]+?)-\d+", r"\1", text)


@dataclass(frozen=True, slots=True)
class Site:
    """A site's folder with settings, beside dumps that may stand anywhere."""

    folder: Path
    content: Path

    @classmethod
    def make(cls, folder: Path, content: Path, permalinks: str = "pages") -> Site:
        """A new site. Pages are the default and not in the settings, which an older hnsite does not know."""
        folder.mkdir(parents=True)
        settings = "" if permalinks == "pages" else f'permalinks = "{permalinks}"\n'
        (folder / "hnsite.toml").write_text(settings, "utf-8")
        return cls(folder, content)

    def command(self, output: Path, jobs: int | None = None) -> list[str]:
        places = ["-s", str(self.content), "-o", str(output), "-c", "hnsite.toml"]
        return [sys.executable, "-m", "hnsite", "build", "-q", *places, *(["-j", str(jobs)] if jobs else [])]

    def build(self, output: Path, jobs: int | None = None, *, sample: bool = False) -> Run:
        """One build, timed from the start of Python to its end. What is still to be written to the disk
        from before is written first. Status 1 is good: it says that one of the dumps cannot be read.

        Raises NotMeasuredError where this hnsite lacks a setting, FailedError where it builds nothing.
        """
        os.sync()
        try:
            run = measure(self.command(output, jobs), self.folder, sample=sample, good=(0, 1))
        except FailedError as error:
            if "unknown setting" in str(error):
                raise NotMeasuredError("this hnsite has no setting permalinks") from None
            raise
        if not (output / "index.html").is_file():
            raise FailedError(f"nothing was built\n{run.said}")
        return run
