"""The table of docs/reliability.md names what tries each promise, and all that does."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from trust import Trial
from trust.__main__ import put, rows, tell

HERE = Path(__file__).parent


def test_every_counted_promise_is_tried_by_the_module_of_its_name() -> None:
    modules = {path.stem for path in (HERE / "trust").glob("*.py") if not path.stem.startswith("_")}
    tries = {name for name in modules if hasattr(importlib.import_module(f"trust.{name}"), "trials")}
    assert set(rows()) == tries


def test_the_command_counts_what_was_lost_and_says_what(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tried = [Trial("one"), Trial("two", "it burns"), Trial("three")]
    monkeypatch.setattr("trust.__main__.trials", lambda name, count: iter(tried))
    assert tell("fire", None) == ("3 tried, 2 passed, 1 lost", 1)
    assert "two: it burns" in capsys.readouterr().out
    document = tmp_path / "reliability.md"
    document.write_text(
        "| No fire | `make trust ONLY=fire` | never |\n| Flood | `make trust ONLY=flood` | |\n"
    )
    monkeypatch.setattr("trust.__main__.DOCUMENT", document)
    put("fire", "3 tried")
    assert document.read_text().splitlines() == [
        "| No fire | `make trust ONLY=fire` | 3 tried |",
        "| Flood | `make trust ONLY=flood` | |",
    ]
