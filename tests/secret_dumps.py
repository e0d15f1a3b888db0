"""Dumps of every format in which somebody who must not be named says, everywhere, what must not be read."""

from __future__ import annotations

import gzip
import html
import re
from pathlib import Path
from urllib.parse import unquote

import hostile_dumps
import pytest

from hnsite.urls import SOURCES

NAME = "zq_redactme"
TEXT = "Seven purple zebras were sleeping in the cellar of zq_redactme's bakery all winter."
QUOTE = "purple zebras were sleeping in the cellar"
TITLE = "Confessions of a zebra baker, by ZQ_Redactme"
URL = "https://zq-bakery.example/~zq_redactme/zebras"
SECRET = re.compile(r"(?i)redactme|purple\W+zebras\W+were")
AUTHORS = [NAME, *(f"{NAME}@{source}" for source in ("boardexample", *sorted(SOURCES)))]


class Secret(hostile_dumps.Say):
    """What is said in each field: the name, the texts, and others who quote them."""

    def __init__(self) -> None:
        super().__init__(TEXT, in_facts=False)

    def text(self, field: str) -> str:
        if field in ("author", "name"):
            return NAME
        if field in ("title", "slug"):
            return TITLE
        if field in ("url", "address"):
            return URL
        if field == "quote":
            return f"{QUOTE} &#122;q_redactme wrote"
        return TEXT if field.startswith(("body", "option")) else "tame"

    def file_name(self, usual: str) -> str:
        return usual


def write(content: Path) -> None:
    """Fills a folder: a dump of each format."""
    for place, writer in enumerate(hostile_dumps.WRITERS):
        number = 1_000_000 * (place + 1)
        for name, data in writer(number + 10, number, Secret()).items():
            path = content / writer.__name__ / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def left(public: Path) -> list[str]:
    """Where anything is left of it: in names and in bytes, packed and spelled however."""
    found = []
    for path in sorted(public.rglob("*")):
        shown = path.relative_to(public).as_posix()
        if SECRET.search(shown):
            found.append(shown)
        if path.is_file():
            data = path.read_bytes()
            data = gzip.decompress(data) if path.suffix == ".gz" else data
            if path.suffix == ".br":
                data = pytest.importorskip("brotli").decompress(data)
            text = data.decode("utf-8", "replace")
            for form in (text, html.unescape(html.unescape(text)), unquote(text)):
                found += [
                    f"{shown}: …{form[max(0, m.start() - 60) : m.end() + 30]}…" for m in SECRET.finditer(form)
                ]
    return found
