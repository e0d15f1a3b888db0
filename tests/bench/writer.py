"""A program that only writes: a finished tree -> the same bytes in the same files of a new folder.

    python writer.py TREE NEW    prints the seconds that writing took

One process, open, write and close. The bytes are read before, in batches of 256 MB; only making the
folders and writing is timed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

BATCH = 256 * 1024 * 1024


def write(tree: str, new: str) -> float:
    """Writes the files of ``tree`` to ``new``, which must not exist; returns the seconds of writing."""
    seconds = 0.0
    made: set[str] = set()
    for batch in _batches(tree):
        started = time.perf_counter()
        for path, content in batch:
            folder = f"{new}/{path}".rpartition("/")[0]
            if folder not in made:
                os.makedirs(folder, exist_ok=True)  # noqa: PTH103
                made.add(folder)
            with open(f"{new}/{path}", "wb", buffering=0) as file:  # noqa: PTH123
                file.write(content)
        seconds += time.perf_counter() - started
    return seconds


def _batches(tree: str) -> Iterator[list[tuple[str, bytes]]]:
    batch: list[tuple[str, bytes]] = []
    size = 0
    for folder, _, names in os.walk(tree):
        for name in names:
            with open(f"{folder}/{name}", "rb") as file:  # noqa: PTH123
                batch.append((f"{folder}/{name}"[len(tree) + 1 :], file.read()))
            size += len(batch[-1][1])
            if size > BATCH:
                yield batch
                batch, size = [], 0
    yield batch


if __name__ == "__main__":
    print(write(sys.argv[1].rstrip("/"), sys.argv[2]))
