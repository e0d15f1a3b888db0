"""Reading a thread without a script: folding, ways between comments, quotes, the map, print, colours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from hnsite.build import build
from hnsite.config import parse_config
from hnsite.pages.tree import LONG

from . import OpenPage

STORY = 5000
QUOTED = "The tide is higher than it was last year."


def item(id: int, parent: int, text: str, *replies: dict[str, object]) -> dict[str, object]:
    return {
        "id": id,
        "type": "comment",
        "author": f"user{id % 3}",
        "parent_id": parent,
        "created_at_i": 1_700_000_000 + (id - STORY) * 600,
        "text": text,
        "children": list(replies),
    }


@pytest.fixture(scope="module")
def thread(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One thread: a branch of four, a quote of its first comment elsewhere, and more than a page holds."""
    root = tmp_path_factory.mktemp("reading")
    branch = item(
        5001, STORY, QUOTED, item(5002, 5001, "Yes.", item(5003, 5002, "No.")), item(5004, 5001, "Maybe.")
    )
    other = item(5005, STORY, f"&gt; {QUOTED}<p>So they say.")
    rest = [item(id, STORY, "More. " * 60) for id in range(5006, 5030)]
    story = {"id": STORY, "type": "story", "author": "user1", "title": "Tides", "created_at_i": 1_700_000_000}
    (root / "content").mkdir()
    (root / "content" / "a.json").write_text(json.dumps({**story, "children": [branch, other, *rest]}))
    config = parse_config("", root)
    build(config, jobs=1)
    return config.output_dir / "item" / f"{STORY}.html"


def shown(page: Page, id: int) -> bool:
    return page.locator(f"[id='{id}']").is_visible()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("javascript", [True, False])
def test_a_branch_folds(thread: Path, open_page: OpenPage, width: int, javascript: bool) -> None:
    """Folded it says how many there are and whose; open it shows a sign and nothing else."""
    page = open_page(thread.as_uri(), width=width, javascript=javascript)
    sign = page.locator(".branch > summary").first
    box = sign.bounding_box()
    assert box and box["width"] >= 24 and box["height"] >= 24 and box["x"] + box["width"] <= width
    assert (sign.locator("span").bounding_box() or {"width": 0})["width"] <= 1
    sign.click()
    assert not shown(page, 5001) and not shown(page, 5003)
    assert shown(page, 5005)
    assert sign.inner_text() == "user0 and 3 replies by user1, user2"
    assert sign.locator("span").is_visible()
    sign.click()
    assert shown(page, 5001) and shown(page, 5003)


def test_keys_fold_a_branch_without_a_script(thread: Path, open_page: OpenPage) -> None:
    page = open_page(thread.as_uri(), javascript=False)
    page.locator(".branch > summary").first.focus()
    page.keyboard.press("Enter")
    assert not shown(page, 5002)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_link_into_a_folded_branch_opens_it(thread: Path, open_page: OpenPage, javascript: bool) -> None:
    page = open_page(thread.as_uri(), javascript=javascript)
    page.locator(".branch > summary").first.click()
    page.locator("a.quoted").click()
    page.wait_for_timeout(100)
    assert page.url.endswith("#5001") and shown(page, 5001)
    assert page.locator("[id='5001']").evaluate("one => one.matches(':target')")


def test_ways_lead_around(thread: Path, open_page: OpenPage) -> None:
    page = open_page(thread.as_uri(), javascript=False)
    ways = page.locator("[id='5003'] .jumps a").evaluate_all("all => all.map(a => [a.innerText, a.hash])")
    assert ways == [["root", "#5001"], ["parent", "#5002"]]
    ways = page.locator("[id='5002'] .jumps a").evaluate_all("all => all.map(a => [a.innerText, a.hash])")
    assert ways == [["parent", "#5001"], ["next", "#5004"]]
    page.locator("[id='5001'] .jumps").get_by_text("next").click()
    box = page.locator("[id='5005']").bounding_box()
    assert page.url.endswith("#5005") and box and 0 <= box["y"] < 400


def test_the_map_leads_to_each_comment(thread: Path, open_page: OpenPage) -> None:
    page = open_page(thread.as_uri(), javascript=False)
    page.get_by_text("Map of the thread").click()
    assert page.locator(".chart circle").count() == 29
    page.locator(".chart a[href='#5004']").click()
    assert page.url.endswith("#5004")


def test_print_is_a_clean_document(thread: Path, open_page: OpenPage) -> None:
    page = open_page(thread.as_uri(), dark=True)
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in ("header.site", ".orders", ".jumps", ".branch[open] > summary", ".map"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert shown(page, 5003)


def test_colours_follow_the_system_and_the_attribute(thread: Path, open_page: OpenPage) -> None:
    page = open_page(thread.as_uri(), dark=True)
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == light != dark
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate(ground) == dark


@pytest.mark.parametrize("theme", ["default", "board"])
def test_what_is_not_laid_out_keeps_its_width(tmp_path: Path, open_page: OpenPage, theme: str) -> None:
    """Else links far down a long thread would stand letter below letter until somebody scrolls there."""
    answers = [item(id, STORY, "So.", item(id + 1, id, "Yes.")) for id in range(5001, 5001 + 2 * LONG, 2)]
    story = {"id": STORY, "type": "story", "author": "user1", "title": "Tides", "created_at_i": 1_700_000_000}
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "a.json").write_text(json.dumps({**story, "children": answers}))
    config = parse_config(f'theme = "{theme}"', tmp_path)
    build(config, jobs=1)
    page = open_page((config.output_dir / "item" / f"{STORY}.html").as_uri())
    assert page.locator("ol.comments.long").count() == 1
    heights = page.locator(".jumps a").evaluate_all("all => all.map(a => a.getBoundingClientRect().height)")
    assert len(heights) > LONG and max(heights) < 40
