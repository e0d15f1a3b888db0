"""Hostile names, a few in every place of every format; ``make trust ONLY=names`` tries many."""

from __future__ import annotations

from pathlib import Path

import hostile_names
import pytest
from trust.names import trials


def test_there_are_as_many_names_as_wanted_and_no_two_are_alike() -> None:
    for count in (10, 40, 2000):
        assert len(set(hostile_names.names(count))) == len(hostile_names.names(count)) >= count * 0.8


@pytest.mark.slow
def test_hostile_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All that can be tried without a browser; tests/browser has the clicks."""
    monkeypatch.setattr("trust.names.chromium.find", lambda: None)
    monkeypatch.setenv("HNSITE_SHARED", str(tmp_path))
    tried = list(trials(25))
    assert len(tried) > 500
    assert not [trial for trial in tried if trial.fault]
