"""The addresses in a style sheet. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"(?s)/\*.*?(?:\*/|\Z)")
_ADDRESS = re.compile(
    r"""(?ix) \burl\( \s* (?: "([^"\n]*)" | '([^'\n]*)' | ([^\s"'()]*) ) \s* \)
    | @import \s+ (?: "([^"\n]*)" | '([^'\n]*)' )"""
)


def addresses(text: str, line: int = 1) -> Iterator[tuple[int, str]]:
    """(line, address) of all that a style sheet loads; its first line is ``line``."""
    if "url(" not in text and "@import" not in text:
        return
    bare = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    for match in _ADDRESS.finditer(bare):
        found = next((group for group in match.groups() if group is not None), "")
        yield line + bare.count("\n", 0, match.start()), found
