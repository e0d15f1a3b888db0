"""Gives one target to atheris: python -m fuzz.one TARGET [OPTIONS OF LIBFUZZER], from the folder tests."""

from __future__ import annotations

import random
import sys

import atheris

with atheris.instrument_imports(include=["hnsite"]):
    from fuzz.targets import TARGETS


def main(name: str, *options: str) -> None:
    """Looks for bytes that break the promise of a target until libFuzzer's options say to stop."""
    target = TARGETS[name]

    def mutated(raw: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.4:
            return bytes(atheris.Mutate(raw, most))
        return target.mutation(raw, target.words, chance)[:most]

    atheris.Setup([sys.argv[0], *options], target.holds, custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
