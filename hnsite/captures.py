"""The names of captures say when they were taken: ``8863.2026-11-21T101500Z.json``. Pure.

Whoever saves a dump by hand may name it so too; the time is UTC. Of what a dump itself tells of when it was
taken nothing is changed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

_TIME = "%Y-%m-%dT%H%M%SZ"
_NAME = re.compile(r"\.(\d{4}-\d\d-\d\dT\d{6}Z)(?:-\d{1,6})?(?:\.[A-Za-z0-9]{1,10}){1,3}")


def capture_name(stem: str, taken: int, ending: str, again: int = 0) -> str:
    """What a capture is called: ``taken`` is in seconds, UTC; ``again`` tells apart those of one second."""
    time = datetime.fromtimestamp(taken, UTC).strftime(_TIME)
    return f"{stem}.{time}{f'-{again}' if again else ''}.{ending}"


def captured_at(name: str) -> int | None:
    """When a file says by its name that it was taken (seconds, UTC); None if it does not."""
    found = _NAME.search(name, name.rfind("/") + 1)
    if not found or found.end() != len(name):
        return None
    try:
        seconds = datetime.strptime(found[1], _TIME).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
    return int(seconds) if seconds >= 0 else None
