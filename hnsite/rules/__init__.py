"""What a finished site must be: one subject a module, and what is wrong with it as ``Fault``s. Pure.

To add a rule: a function that gives faults, and its call in ``check.py``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong with a finished site.

    ``file`` is a path below the output folder, "" where it is of no one file; ``line`` counts from 1, 0
    where it is of no one line. ``kind`` is one word for programs ("link", "id", "html", "limit"...),
    ``message`` says what is wrong and what to do. A note is no error: it changes no exit status.
    """

    file: str
    line: int
    kind: str
    message: str
    is_note: bool = False
