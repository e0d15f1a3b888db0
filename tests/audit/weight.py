"""A page's path -> the bytes that a reader loads for it, compressed as any host compresses."""

from __future__ import annotations

import gzip
import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path

import lxml.html
from bench.report import Row

PAGE, SCRIPTS, SEARCH = 12_000, 16_000, 8_000
"""Bytes that a light permalink page with its style and script, all scripts, and the client of the search may
have at most. A seventh of all scripts leads on from Hacker News's addresses, on pages of its own."""


def check(folder: Path, page: str) -> Iterator[Row]:
    """The goals for the page and for the site's scripts."""
    styles, scripts = loaded(folder, page)
    yield Row(
        "stylesheets and scripts of a page",
        "1 + 1",
        f"{len(styles)} + {len(scripts)}",
        _is_one(styles, scripts),
    )
    yield _row("permalink page of 5 comments", PAGE, [folder / page, *styles, *scripts])
    everything = sorted((folder / "static").rglob("*.js"))
    yield _row("all scripts", SCRIPTS, everything)
    if search := [script for script in everything if script.name.startswith("search")]:
        yield _row("client of the search", SEARCH, search)


def loaded(folder: Path, page: str) -> tuple[list[Path], list[Path]]:
    """The style sheets and the scripts of a page."""
    html = lxml.html.document_fromstring((folder / page).read_bytes())

    def files(hrefs: Iterable[object]) -> list[Path]:
        return [
            folder / posixpath.normpath(posixpath.join(posixpath.dirname(page), str(one))) for one in hrefs
        ]

    return files(html.xpath('//link[@rel="stylesheet"]/@href')), files(html.xpath("//script/@src"))


def _is_one(styles: list[Path], scripts: list[Path]) -> bool:
    return len(styles) == 1 and len(scripts) <= 1


def _row(what: str, limit: int, files: list[Path]) -> Row:
    sizes = [len(gzip.compress(file.read_bytes(), 9, mtime=0)) for file in files]
    parts = " + ".join(f"{size:,}" for size in sizes)
    return Row(what, f"under {limit:,} bytes", f"{sum(sizes):,} = {parts}", sum(sizes) < limit)
