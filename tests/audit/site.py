"""A theme's name -> a site with pages of every kind: the sample dumps and made ones, built with it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench import made

REPOSITORY = Path(__file__).resolve().parents[2]
AUTHORS = 20_000
LONG = 200
"""Comments of the thread that must load fast."""
SMALL = [number % 6 for number in range(250)]
"""Comments of the threads that fill the front page and older ones."""
LIGHT = 5
"""Comments on the permalink page that must be light."""


SETTINGS = """description = "Sample threads."
base_url = "https://archive.example/"
"""


class Site(NamedTuple):
    """A built site. ``long`` and ``light`` are the paths of the two pages with limits of their own, empty
    in a site of somebody's dumps."""

    folder: Path
    long: str = ""
    light: str = ""

    @property
    def is_sample(self) -> bool:
        return bool(self.long)


def themes() -> list[str]:
    return sorted(path.name for path in (REPOSITORY / "themes").iterdir() if path.is_dir())


def make(root: Path, theme: str, data: Path | None = None) -> Site:
    """Builds in a new folder, from the dumps in ``data`` if given; CalledProcessError when that fails."""
    (root / "hnsite.toml").write_text(f'theme = "{theme}"\n{SETTINGS}', "utf-8")
    if data is not None:
        build(root, "--content", str(data.resolve()))
        return Site(root / "public")
    blocks = list(made.sized([LONG, *SMALL], AUTHORS))
    shutil.copytree(REPOSITORY / "content", root / "content")
    made.write_api(blocks, root / "content" / "made")
    items = "".join(json.dumps(item) + "\n" for item in (*_odd(), *_wide(), *_busy()))
    (root / "content" / "odd.ndjson").write_text(items, "utf-8")
    build(root)
    long = blocks[0][0]
    return Site(root / "public", f"item/{long[0].id}.html", f"item/{_light(long)}.html")


def build(root: Path, *options: str) -> None:
    command = [sys.executable, "-m", "hnsite", "build", "--quiet", *options]
    subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)


def _light(thread: made.Thread) -> int:
    """The comment whose permalink page shows LIGHT comments in all: itself, one above it, those below."""
    below = [0] * len(thread)
    for place in range(len(thread) - 1, 0, -1):
        below[thread[place].up] += 1 + below[place]
    return next(
        item.id
        for place, item in enumerate(thread)
        if place and item.up and not thread[item.up].up and below[place] == LIGHT - 2
    )


def _odd() -> Iterator[dict[str, object]]:
    """What breaks layouts and outlines: no blanks, no end, other scripts, a long chain, a job, no title."""
    story = {"id": 1000, "type": "story", "by": "asker", "score": 1, "time": 1_600_000_000}
    yield {**story, "title": "Title" + "withoutablank" * 12, "url": "https://" + "long-name." * 9 + "example"}
    code = "<pre><code>def f(x: int) -&gt; str:\n    return &quot;" + "wide " * 80 + "&quot;\n</code></pre>"
    texts = (
        "Nowhere" + "tobreak" * 60 + " https:&#x2F;&#x2F;example.com&#x2F;" + "path" * 60,
        code + "after the code",
        "مرحبا بالعالم، هذا نص باللغة العربية.<p>&gt; اقتباس بالعربية<p>Then a paragraph in English.",
        "これは日本語の長いテキストです。改行なしで続くので、正しく折り返される必要があります。" * 3,
    )
    for id, text in enumerate(texts, 1001):
        yield _comment(id, 1000, text, "by" + "name" * 12 if id == 1002 else "answerer")
    for level in range(45):
        parent = 1999 + level if level else 1000
        yield _comment(2000 + level, parent, f"Level {level}, with enough words for a second line.", "bob")
    yield {"id": 1090, "type": "comment", "deleted": True, "parent": 1000, "time": 1_600_000_100}
    yield _comment(1091, 1090, "An answer to something deleted.", "asker") | {"kids": [1092, 1093]}
    yield _comment(1094, 1000, "Something dead &amp; gone.", "asker") | {"dead": True}
    yield {
        "id": 3000,
        "type": "job",
        "by": "hirer",
        "time": 1_600_000_000,
        "title": "Hiring",
        "text": "Come.",
    }
    yield _comment(4001, 4000, "An answer to a story that no dump holds.", "answerer")


def _wide() -> Iterator[dict[str, object]]:
    """A thread of two pages, by more authors than one page of the directory takes; one has several pages."""
    yield {"id": 5000, "type": "story", "by": "asker", "title": "What do you say?", "time": 1_600_000_000}
    for id in range(5001, 6004):
        yield _comment(id, 5000, f"I say {id}.", "bob" if id % 2 else f"voter-{id}")


def _busy() -> Iterator[dict[str, object]]:
    """So many threads of one day that link to one site that both have several pages."""
    story = {"type": "story", "by": "bob", "score": 2, "time": 1_600_100_000}
    for id in range(7001, 7251):
        yield {**story, "id": id, "title": f"Part {id}", "url": f"https://busy.example/{id}"}


def _comment(id: int, parent: int, text: str, author: str) -> dict[str, object]:
    moment = 1_600_000_000 + id
    return {"id": id, "type": "comment", "by": author, "parent": parent, "time": moment, "text": text}
