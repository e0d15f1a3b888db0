"""The search of a finished site, asked in Chromium, beside SQLite's FTS5 over the same texts."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from .site import NotMeasuredError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request

TOP = 10
REAL = """
    python | rust memory safety | "hacker news" | remote work salary | startup funding | machine learning |
    postgres performance | static site generator | "open source" license | javascript framework |
    kubernetes | docker containers | c++ templates | c# | haskell monad | "machine learning" python |
    security vulnerability | privacy tracking | firefox chrome | linux desktop | apple iphone |
    google search | amazon aws | email encryption | bitcoin | climate change | electric cars | education |
    university degree | interview questions | hiring remote | visa sponsor | san francisco | new york |
    node.js | ruby rails | django | "front end" | design | api | github | compil* | crypto* | optimi* | math |
    music | book recommendation | wikipedia | "social media" | internet archive
"""
"""Fifty questions as people ask them."""
_ASKED = """
    (question) => new Promise((resolve) => {
      const field = document.getElementById("query");
      const said = document.getElementById("said");
      const start = performance.now();
      new MutationObserver(() => resolve([performance.now() - start, said.textContent]))
        .observe(said, { childList: true });
      field.value = question;
      document.getElementById("search").requestSubmit();
    })
"""


class Document(NamedTuple):
    id: str
    title: str
    text: str


class Answer(NamedTuple):
    """What a question took: bytes and number of files, milliseconds; the ids of the first hits."""

    question: str
    bytes: int
    files: int
    milliseconds: float
    hits: tuple[str, ...]


def questions(text: str = REAL) -> list[str]:
    return [" ".join(one.split()) for one in text.split("|")]


def made_questions(documents: Sequence[Document], count: int = 50) -> list[str]:
    """One to three words of texts, in turn as words, as a phrase, and as a beginning."""
    rng = Random("questions")
    found: list[str] = []
    while len(found) < count:
        words = re.findall(r"[a-z]{4,}", rng.choice(documents).text)
        if len(words) > 3:
            place = rng.randrange(len(words) - 2)
            kinds = (
                " ".join(rng.sample(words, rng.randint(1, 3))),
                f'"{" ".join(words[place : place + 2])}"',
            )
            found.append((*kinds, f"{words[place]} {words[place + 1][:4]}*")[len(found) % 3])
    return found


def documents(site: Path) -> Iterator[Document]:
    """All that the search can find, from the texts that it shows."""
    for file in (site / "search" / "text").iterdir():
        _, title, _, found = json.loads(file.read_text("utf-8").partition(",")[2].removesuffix(");\n"))
        for id, _, _, text, page, *_ in found:
            yield Document(id if isinstance(id, str) else id[0], title if page == 0 else "", text)


class Fts5:
    """The peer: FTS5 over the same texts."""

    def __init__(self, found: Sequence[Document]) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute(
            "CREATE VIRTUAL TABLE text USING fts5 (id UNINDEXED, title, body,"
            " tokenize = \"unicode61 remove_diacritics 2 tokenchars '+#'\")"
        )
        self._db.executemany("INSERT INTO text VALUES (?, ?, ?)", found)

    def scores(self, question: str) -> dict[str, float]:
        """All hits with their scores, best first; lower is better."""
        words = re.findall(r'"[^"]*"|\S+', question)
        match = " ".join(
            one if one[0] == '"' else f'"{one.rstrip("*")}"{"*" * one.endswith("*")}' for one in words
        )
        sql = "SELECT id, bm25(text, 0, 5, 1) AS score FROM text WHERE text MATCH ? ORDER BY score"
        return dict(self._db.execute(sql, (match,)).fetchall())


def overlap(hits: Sequence[str], scores: dict[str, float]) -> float | None:
    """How many of the first hits are among the peer's, or as good as those; None where there are no hits."""
    if not scores:
        return None
    worst = sorted(scores.values())[: min(TOP, len(scores))][-1]
    same = sum(1 for id in hits if scores.get(id, 0.0) <= worst + 1e-9)
    return same / min(TOP, len(scores))


@contextmanager
def browser() -> Iterator[Browser]:
    """Headless Chromium. Raises NotMeasuredError where there is none."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NotMeasuredError("Playwright is not installed") from None
    names = ("chromium", "google-chrome", "chromium-browser")
    executable = next((path for name in names if (path := shutil.which(name))), None)
    if executable is None:
        raise NotMeasuredError("there is no Chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield chromium
        chromium.close()


def ask(chromium: Browser, site: Path, question: str) -> Answer:
    """One question to a page that has loaded nothing before."""
    page = chromium.new_page()
    sizes: list[int] = []
    base = f"{site.as_uri()}/search/"

    def on_request(request: Request) -> None:
        if request.url.startswith(base):
            sizes.append((site / "search" / request.url.removeprefix(base)).stat().st_size)

    page.goto(f"{site.as_uri()}/search.html")
    page.on("request", on_request)
    milliseconds, said = page.evaluate(_ASKED, question)
    hits = [text.removeprefix("No.") for text in page.locator("#hits .facts a").all_inner_texts()]
    page.close()
    if "could not" in said:
        raise NotMeasuredError(f"{question}: {said}")
    return Answer(question, sum(sizes), len(sizes), milliseconds, tuple(hits))
