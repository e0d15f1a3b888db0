"""What fuzzing found stays mended, and every target of ``make fuzz`` holds: here without atheris."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from fuzz.targets import FOUND, TARGETS

KEPT = sorted(FOUND.glob("*.bin"))
FEW = 20


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_what_was_found_is_mended(path: Path) -> None:
    TARGETS[path.stem.rpartition("-")[0]].holds(path.read_bytes())


def test_each_find_is_told_in_a_word() -> None:
    told = re.findall(r"^\| (\w+-\d{3}) \| \S", (FOUND / "README.md").read_text("utf-8"), re.MULTILINE)
    assert told == [path.stem for path in KEPT]


@pytest.mark.parametrize("name", TARGETS)
def test_targets_hold_for_what_is_a_little_odd(name: str) -> None:
    """Some seeds, changed as ``make fuzz`` changes them."""
    target = TARGETS[name]
    chance = random.Random(name)
    seeds = list(target.seeds())
    for _ in range(FEW):
        target.holds(target.mutation(chance.choice(seeds), target.words, chance))
