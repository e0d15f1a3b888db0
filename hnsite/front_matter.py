"""Front matter: the lines between two fences at the top of a Markdown file -> what they say. Pure.

YAML between ``---``, TOML between ``+++``, as Hugo, Zola, Jekyll and Obsidian have it. All values stay text:
whoever calls a page ``No`` or ``2020`` gets what he wrote.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

LONGEST = 16_000
"""Characters; parsers of YAML are slow."""

_BRACKETS = 500
"""Parsers take quadratic time for what is nested."""
_FENCED = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)^\1[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_KEY = {"---": re.compile(r"[\w\"'.-][^:#]{0,80}:(?:\s|$)"), "+++": re.compile(r"\[|[\w\"'.-][^=#]{0,80}=")}
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Value(NamedTuple):
    """What is said of a key, and on which line; None if it is no single value."""

    line: int
    text: str | None


class Matter(NamedTuple):
    """``fence`` tells the language of ``text``; ``line`` is the one on which ``body`` begins."""

    fence: str
    text: str
    body: str
    line: int


class MatterError(Exception):
    """What is wrong, and on which line."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason


def part(text: str) -> Matter | None:
    """The front matter of a file and its body; None if it has none.

    A file may begin with a line of dashes and have no front matter: then no key stands behind it.
    """
    found = _FENCED.match(text)
    if not found:
        return None
    said = [line for line in found[2].split("\n") if line.strip() and line.lstrip()[0] != "#"]
    if said and not _KEY[found[1]].match(said[0]):
        return None
    return Matter(found[1], found[2], text[found.end() :], found[0].count("\n") + 1)


def values(matter: Matter) -> Mapping[str, Value]:
    """What the front matter says of each key, in lower case. Raises MatterError."""
    if len(matter.text) > LONGEST:
        raise MatterError(1, f"front matter of more than {LONGEST:,} characters")
    if sum(map(matter.text.count, "[{")) > _BRACKETS:
        raise MatterError(1, f"front matter of more than {_BRACKETS} brackets")
    try:
        found = _yaml(matter.text) if matter.fence == "---" else _toml(matter.text)
        return {key.lower(): value for key, value in found}
    except RecursionError:
        raise MatterError(1, "front matter that is nested too deep") from None


def _yaml(text: str) -> Iterator[tuple[str, Value]]:
    """Only what is written is looked at: nothing is made of it, whatever its tags ask for."""
    import yaml

    try:
        top = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "something else"
        hint = '; a value with ": " in it needs quotes' if str(reason).startswith("mapping values") else ""
        raise MatterError(mark.line + 2 if mark else 1, f"front matter is not YAML: {reason}{hint}") from None
    if top is not None and not isinstance(top, yaml.MappingNode):
        raise MatterError(2, "front matter must be lines such as 'title: About'")
    for key, value in top.value if top else ():
        if isinstance(key, yaml.ScalarNode):
            is_null = value.tag == "tag:yaml.org,2002:null"
            said = str(value.value) if isinstance(value, yaml.ScalarNode) else None
            yield key.value, Value(key.start_mark.line + 2, "" if is_null else said)


def _toml(text: str) -> Iterator[tuple[str, Value]]:
    try:
        found = tomllib.loads(text)
    except ValueError as error:  # also of numbers with thousands of digits
        place = _TOML_PLACE.search(str(error))
        line = int(place[1]) + 1 if place and place[1] else 1
        raise MatterError(line, f"front matter is not TOML: {_TOML_PLACE.sub('', str(error))}") from None
    for key, value in found.items():
        written = re.search(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*=", text, re.MULTILINE)
        yield key, Value(text.count("\n", 0, written.start()) + 2 if written else 1, _toml_text(value))


def _toml_text(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float | date) else None
