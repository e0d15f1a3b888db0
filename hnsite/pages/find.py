"""Where links to Hacker News lead with only the host replaced (``item.html?id=<n>``, ``user.html?id=<name>``;
``urls.FINDERS`` has all), and the maps by which their script finds items. Files of authors and sites are
called by rules that the script knows.

Where every item has a page of its own the script needs no maps. Else a map tells where the items of
a range of Hacker News numbers stand. 4,096 numbers are a **block**; a block is a text of entries, one
for each thread page: ``42134046.2 AAABAC`` is the page's name and two digits (of base 64) for each of
the block's items on it. A map holds whole blocks. Ranges are halves of halves, as large as fit in a
map, so that a new item changes one map, or parts it in two; and since they follow each other, one
digit for each, its size, tells the script where all of them begin (``shape``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Page
from hnsite.pages.chrome import Chrome, chrome

BLOCK = 4096
LARGEST = 64 * 1024
"""Bytes of a map. One block fits always: with a page for each, items of today's numbers take 12 bytes."""
LONGEST = 15
"""Digits of a number that JavaScript can count with."""
_AROUND = 18
"""Bytes that a map has for each block, besides its entries."""
_TITLES = {"item": "Find an item", "author": "Find an author", "site": "Find a site", "day": "Find a day"}
_BEFORE, _AFTER = "hnsiteMap({\n", "\n});\n"
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_PAIRS = [high + low for high in _DIGITS for low in _DIGITS]


class FindView(NamedTuple):
    """``kind`` is what the page leads to, ``key`` the parameter that names it, ``address`` what stands before
    its value. ``shape`` tells the ranges of the maps; None where every item has a page of its own."""

    chrome: Chrome
    kind: str
    key: str
    address: str
    source_url: str
    sources: str
    shape: str | None


def pages(ranges: Sequence[range] | None, config: Config) -> Iterator[Page]:
    """All of them; ``ranges`` are the blocks that have maps, None where every item has a page of its own."""
    for path, (kind, key) in urls.FINDERS.items():
        query = f"?{key}="
        view = FindView(
            chrome=chrome(config, path, _TITLES[kind], noindex=True),
            kind=kind,
            key=key,
            address=path + query,
            source_url=urls.HN + path.removesuffix(".html") + query,
            sources=" ".join(sorted(urls.SOURCES)),
            shape=shape(ranges) if ranges is not None and kind == "item" else None,
        )
        yield Page(path, "find.html", view)


def entries(places: Mapping[str, str]) -> list[tuple[int, str]]:
    """(block, entry) for the items of one thread; ``places`` are their pages, by anchor, page by page."""
    found: list[tuple[int, str]] = []
    for path, items in groupby(places.items(), key=itemgetter(1)):
        page = path.removeprefix("item/").removesuffix(".html")
        numbers = sorted([int(name) for name, _ in items if _is_number(name)])
        start = 0
        while start < len(numbers):
            block = numbers[start] // BLOCK
            end = bisect_left(numbers, (block + 1) * BLOCK, start)
            offsets = [_PAIRS[number % BLOCK] for number in numbers[start:end]]
            found.append((block, f"{page} {''.join(offsets)}"))
            start = end
    return found


def _is_number(name: str) -> bool:
    return name.isdecimal() and len(name) <= LONGEST and name[0] != "0"


def ranges(sizes: Sequence[tuple[int, int]]) -> list[range]:
    """The ranges of blocks that have one map each, in order; ``sizes`` are (block, bytes of its entries)."""
    blocks = [block for block, _ in sizes]
    before = [0, *accumulate(size + _AROUND for _, size in sizes)]
    room = LARGEST - len(_BEFORE) - len(_AFTER)
    found: list[range] = []
    parts = [range(1 << max(blocks, default=0).bit_length())]
    while parts:
        part = parts.pop()
        size = before[bisect_left(blocks, part.stop)] - before[bisect_left(blocks, part.start)]
        if size <= room or len(part) == 1:
            found.append(part)
        else:
            half = len(part) // 2
            parts += (part[half:], part[:half])
    return found


def shape(ranges: Iterable[range]) -> str:
    """The sizes of ranges that follow each other, all powers of two: a digit for each."""
    return "".join([_DIGITS[len(one).bit_length() - 1] for one in ranges])


def map_path(blocks: range) -> str:
    """Where the map of a range of blocks stands."""
    return urls.map_path(blocks.start * BLOCK)


def map_script(places: Iterable[tuple[int, str]]) -> bytes:
    """A map, from (block, entry) in order."""
    blocks = ",\n".join(
        f'"{block}":"{",".join([entry for _, entry in own])}"'
        for block, own in groupby(places, key=itemgetter(0))
    )
    return f"{_BEFORE}{blocks}{_AFTER}".encode()
