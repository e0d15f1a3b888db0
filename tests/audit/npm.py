"""Where the checkers from npm are, and how to run one. `make` installs them; Node.js comes from PyPI."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"


def has(name: str) -> bool:
    return (MODULES / name / "package.json").is_file()


def program(name: str) -> list[str]:
    """The beginning of a command that runs a package's program of the same name."""
    described = json.loads((MODULES / name / "package.json").read_text("utf-8"))
    return [_node(), str(MODULES / name / described["bin"][name])]


def command() -> list[str]:
    """The beginning of a command of npm itself, about the checkers."""
    return [_beside("npm"), "--prefix", str(HERE)]


def _node() -> str:
    return _beside("node")


def _beside(name: str) -> str:
    """The program that came from PyPI, or the machine's own."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name) or name
