"""item.html leads old links on, over HTTP and from disk, with and without a page for each comment."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import OpenPage, ServeDir

STORY, LAST = 40_000_000, 40_001_500
OTHER = 7
"""A story far away, so that there are several maps."""


@dataclass(frozen=True)
class Built:
    """A site; with ``has_pages`` it has one for each comment."""

    folder: Path
    has_pages: bool

    def of(self, id: int) -> str:
        """Where item.html must lead."""
        if self.has_pages or id in (STORY, OTHER):
            return f"item/{id}.html"
        return f"item/{STORY}{'.2' if id > STORY + 1000 else ''}.html#{id}"


def _items() -> list[dict[str, object]]:
    story = {"type": "story", "by": "ada", "time": 1_600_000_000}
    link = f'See <a href="https://news.ycombinator.com/item?id={LAST}">this</a>.'
    comment = {"type": "comment", "by": "bob", "time": 1_600_000_100, "text": "A comment."}
    return [
        {**story, "id": OTHER, "title": "Another story", "text": link},
        {**story, "id": STORY, "title": "A long story"},
        *({**comment, "id": id, "parent": STORY} for id in range(STORY + 1, LAST + 1)),
    ]


@pytest.fixture(scope="module", params=["pages", "anchors"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The site stands in a folder of its folder, so that it can be served below a path."""
    root = tmp_path_factory.mktemp("item")
    (root / "content").mkdir()
    (root / "content" / "items.json").write_text(json.dumps(_items()), "utf-8")
    (root / "hnsite.toml").write_text(f'permalinks = "{request.param}"', "utf-8")
    command = [sys.executable, "-m", "hnsite", "build", "-o", "served/below/site"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return Built(root / "served", has_pages=request.param == "pages")


@pytest.fixture(params=["web", "disk"])
def base(request: pytest.FixtureRequest, built: Built, serve_dir: ServeDir) -> str:
    """The site's address."""
    top = serve_dir(built.folder) if request.param == "web" else built.folder.as_uri()
    return f"{top}/below/site"


@pytest.mark.parametrize("id", [STORY, STORY + 1, STORY + 1000, LAST, OTHER])
def test_a_number_leads_to_its_item(
    built: Built, base: str, id: int, open_page: OpenPage, complaints: list[str]
) -> None:
    page = open_page(f"{base}/item.html?id={id}")
    page.wait_for_url(f"{base}/{built.of(id)}")
    expect(page.locator(f'[id="{id}"]')).to_be_in_viewport()
    assert page.evaluate("history.length") <= 2, "item.html is not left behind in the history"
    assert complaints == []


@pytest.mark.parametrize("id", [5, LAST + 1, 123_456_789_012_345, 9**30])
def test_an_unknown_number_leads_to_the_original(
    built: Built, base: str, id: int, open_page: OpenPage, complaints: list[str]
) -> None:
    page = open_page(f"{base}/item.html?id={id}")
    original = page.get_by_role("link", name=f"No.{id}")
    expect(original).to_be_visible()
    assert original.get_attribute("href") == f"https://news.ycombinator.com/item?id={id}"
    assert page.url == f"{base}/item.html?id={id}"
    assert len(complaints) <= 2 * built.has_pages, "but that there is no such page"


@pytest.mark.parametrize(
    "query", ["", "?id=", "?id=//example.org/", "?id=..%2F7", "?id=007", "?id=1e3", "?x=7"]
)
def test_what_is_no_number_leads_nowhere(
    base: str, query: str, open_page: OpenPage, complaints: list[str]
) -> None:
    page = open_page(f"{base}/item.html{query}")
    expect(page.get_by_role("heading", name="Find an item")).to_be_visible()
    expect(page.locator("#unknown")).to_be_hidden()
    assert page.url == f"{base}/item.html{query}"
    assert complaints == []


def test_a_link_to_another_thread_leads_to_the_comment(
    built: Built, base: str, open_page: OpenPage, complaints: list[str]
) -> None:
    page = open_page(f"{base}/item/{OTHER}.html")
    page.get_by_role("link", name=f">>{LAST}").click()
    page.wait_for_url(f"{base}/{built.of(LAST)}")
    expect(page.locator(f'[id="{LAST}"]')).to_be_in_viewport()
    page.go_back()
    page.wait_for_url(f"{base}/item/{OTHER}.html")
    left = [one for one in complaints if "ERR_ABORTED" not in one]  # previews, asked for as the page was left
    assert left == []


def test_without_javascript_it_says_what_to_do(built: Built, base: str, open_page: OpenPage) -> None:
    """As Playwright turns scripts off, ``noscript`` stays unseen; so its text is read."""
    page = open_page(f"{base}/item.html?id={LAST}", javascript=False)
    advice = page.locator("noscript").text_content() or ""
    assert ("item's own address" if built.has_pages else "front page") in advice
    assert page.url == f"{base}/item.html?id={LAST}"
