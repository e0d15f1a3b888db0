"""Dumps changed as bytes at random hardly ever are: values of JSON, lines, words moved, doubled, swapped."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from test_readers import WRONG, places

Mutation = Callable[[bytes, Sequence[bytes], random.Random], bytes]


def json_changed(raw: bytes, words: Sequence[bytes], chance: random.Random) -> bytes:
    """JSON, or rows of it, with another value in some place; lines changed where it is none."""
    try:
        values = [json.loads(raw)]
    except (ValueError, RecursionError):
        values = []
        for row in raw.split(b"\n"):
            try:
                values.append(json.loads(row))
            except (ValueError, RecursionError):
                continue
    found = places(values)
    if not found or len(found) < 2:
        return lines_changed(raw, words, chance)
    for _ in range(chance.randint(1, 3)):
        _change(*chance.choice(found), found, chance)
    try:
        return "\n".join(map(json.dumps, values)).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):  # a value was put into itself
        return raw


def _change(container: Any, key: Any, found: Sequence[tuple[Any, Any]], chance: random.Random) -> None:
    """One place gets an odd value, or that of another place; or it goes; or its list has it twice."""
    if isinstance(container, list) and key >= len(container):
        return
    what = chance.random()
    other, place = chance.choice(found)
    is_there = place in other if isinstance(other, dict) else place < len(other)
    if what < 0.5:
        container[key] = chance.choice(WRONG)
    elif what < 0.75 and is_there:
        container[key] = other[place]
    elif isinstance(container, list) and what < 0.9:
        container.insert(key, container[key])
    elif isinstance(container, dict):
        container.pop(key, None)


def lines_changed(raw: bytes, words: Sequence[bytes], chance: random.Random) -> bytes:
    """Some lines in other places, twice, gone, or cut."""
    lines = raw.split(b"\n")
    for _ in range(chance.randint(1, 4)):
        at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
        what = chance.random()
        if what < 0.3:
            lines.insert(to, lines[at])
        elif what < 0.5:
            lines[at], lines[to] = lines[to], lines[at]
        elif what < 0.7 and len(lines) > 1:
            del lines[at]
        else:
            lines[at] = lines[at][: chance.randint(0, len(lines[at]))]
    return b"\n".join(lines)


def words_changed(raw: bytes, words: Sequence[bytes], chance: random.Random) -> bytes:
    """Words of the format where none were, or in place of what stood there."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(raw))
        over = chance.choice([0, 0, 1, 8])
        raw = raw[:at] + (chance.choice(words) if words else b"\n") + raw[at + over :]
    return raw
