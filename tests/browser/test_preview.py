"""`hnsite serve` as its user meets it: the command, a browser, and files that change."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import OpenPage


def write_items(folder: Path, *texts: str) -> None:
    """A story with these comments, as the dump of the site."""
    story = {"id": 1, "type": "story", "by": "ada", "title": "A story", "time": 1_600_000_000}
    comments = [
        {"id": 2 + n, "type": "comment", "by": "bob", "parent": 1, "text": text, "time": 1_600_000_100 + n}
        for n, text in enumerate(texts)
    ]
    (folder / "content").mkdir(exist_ok=True)
    (folder / "content" / "items.json").write_text(json.dumps([story, *comments]), "utf-8")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A site's folder, and the address that `hnsite serve` says it is at."""
    write_items(tmp_path, "the first comment")
    command = [sys.executable, "-u", "-m", "hnsite", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            address = next(found for line in process.stdout if (found := re.search(r"http://\S+", line)))
            yield tmp_path, address[0]
        finally:
            process.terminate()


def test_a_change_reloads_the_open_page(served: tuple[Path, str], open_page: OpenPage) -> None:
    folder, url = served
    page = open_page(f"{url}item/1")  # without .html, as static hosts find it
    expect(page.locator(".e-content")).to_have_text(["the first comment"])
    write_items(folder, "the first comment", "the second comment")
    expect(page.locator(".e-content")).to_have_text(["the first comment", "the second comment"])


def test_an_error_shows_in_the_page_and_heals(served: tuple[Path, str], open_page: OpenPage) -> None:
    folder, url = served
    page = open_page(url)
    (folder / "hnsite.toml").write_text('titel = "Oops"\n', "utf-8")
    overlay = page.locator("#hnsite-overlay")
    expect(overlay).to_contain_text("unknown setting 'titel'; did you mean 'title'?")
    (folder / "hnsite.toml").write_text('title = "Healed"\n', "utf-8")
    expect(page.locator("h1")).to_have_text("Healed")
    expect(overlay).to_have_count(0)


def test_a_dump_that_nothing_reads_is_told_in_the_page(served: tuple[Path, str], open_page: OpenPage) -> None:
    folder, url = served
    page = open_page(url)
    (folder / "content" / "junk.txt").write_text("neither fish nor fowl\n", "utf-8")
    expect(page.locator("#hnsite-overlay")).to_contain_text("content/junk.txt:1: no reader knows this dump")
    page.keyboard.press("Escape")
    expect(page.locator("#hnsite-overlay")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()


def test_a_reloaded_page_stays_where_it_was(served: tuple[Path, str], open_page: OpenPage) -> None:
    folder, url = served
    texts = [f"comment {number}, " + "which goes on for some lines. " * 20 for number in range(60)]
    page = open_page(f"{url}item/1")
    write_items(folder, *texts)
    expect(page.locator(".e-content")).to_have_count(60)
    page.locator("article", has_text="comment 40,").last.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 1000
    write_items(folder, *texts, "a new one")
    expect(page.locator(".e-content")).to_have_count(61)
    page.wait_for_function(f"Math.abs(scrollY - {before}) < 2")
