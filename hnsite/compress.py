"""A text file -> the compressed ones beside it, for servers that send those (``precompress``). The only home
of brotli.

Which files have some is told by their paths alone, whatever their size, so that nobody must note it. The same
bytes always: no time, no name, no system is in them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from importlib.util import find_spec

from hnsite.config import Config

TEXT = (".html", ".css", ".js", ".json", ".xml", ".svg", ".txt")
"""What becomes much smaller."""
GZIP, BROTLI = ".gz", ".br"
QUALITY = 5
"""Of brotli: an eighth smaller than gzip, at half its speed; 11 is a quarter smaller, at an eightieth."""
SHARE = 0.22
"""About how much of a page's size each of them has."""
_SYSTEM = 9
"""Where gzip notes on which system it ran."""


def suffixes(config: Config) -> tuple[str, ...]:
    """What compressed files there are beside each text file."""
    if not config.precompress:
        return ()
    return (GZIP, BROTLI) if find_spec("brotli") else (GZIP,)


def shortfall(config: Config) -> str | None:
    """What to install for files that are wanted and cannot be made."""
    if config.precompress and BROTLI not in suffixes(config):
        return "note: only .gz files are made; for .br files too: pip install 'hnsite[br]'"
    return None


def versions(config: Config) -> Iterator[str]:
    """What the bytes depend on: which files there are, and the libraries that make them."""
    for suffix in suffixes(config):
        yield f"{suffix} {QUALITY} {_version(suffix)}"


def _version(suffix: str) -> str:
    if suffix == GZIP:
        return zlib.ZLIB_RUNTIME_VERSION
    import brotli

    return str(brotli.__version__)


def beside(path: str, suffixes: Iterable[str]) -> list[str]:
    """The paths of the compressed files of one. Pure."""
    return [path + suffix for suffix in suffixes] if path.endswith(TEXT) else []


def original(path: str) -> str:
    """The path of what a compressed file holds; of any other file its own. Pure."""
    base = path[: -len(GZIP)]  # the others are as long
    return base if path.endswith((GZIP, BROTLI)) and base.endswith(TEXT) else path


def compressed(content: bytes, suffix: str) -> bytes:
    """The bytes of a compressed file."""
    if suffix == GZIP:
        made = zlib.compress(content, 9, wbits=31)
        return made[:_SYSTEM] + b"\xff" + made[_SYSTEM + 1 :]
    import brotli

    return bytes(brotli.compress(content, mode=brotli.MODE_TEXT, quality=QUALITY))
