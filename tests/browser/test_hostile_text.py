"""Nothing of what strangers wrote runs, on the project's own texts; `make trust ONLY=vectors` tries all."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hostile_text
import pytest
from playwright.sync_api import Browser, expect
from trust import vectors

from . import OpenPage


def test_no_text_runs_in_any_field_of_any_format(browser: Browser, tmp_path: Path) -> None:
    trials = vectors.tried(tmp_path, browser, hostile_text.OWN, vectors.PAGES, loaded=24, every=12)
    assert [trial for trial in trials if trial.fault] == []


def _build(root: Path, items: list[dict[str, object]], notes: dict[str, str] | None = None) -> Path:
    (root / "content").mkdir()
    (root / "content" / "items.json").write_text(json.dumps(items), "utf-8")
    for name, text in (notes or {}).items():
        (root / "content" / name).write_text(text, "utf-8")
    return vectors.built(root)


def _story(id: int, **more: object) -> dict[str, object]:
    return {"id": id, "type": "story", "by": "ada", "title": "A story", "time": 1_600_000_000, **more}


SPOILT = (
    "<script>alert(1)</script>",
    "<script src=https://evil.example/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://evil.example/x.gif>",
    "<b onclick=alert(1)>x</b>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=//evil.example/>x</a>",
    "<b id=location>x</b>",
    "<b style=color:red>x</b>",
    "<iframe srcdoc=x></iframe>",
    "<svg onload=alert(1)>",
    "<!--",
    "<textarea>",
    "<h1>x</h1>",
)


def test_what_is_wrong_with_a_page_is_told(browser: Browser, tmp_path: Path) -> None:
    """Pages that are spoilt on purpose: whoever looks must see it."""
    comment = {"id": 1_000_011, "type": "comment", "parent": 1_000_010, "by": "bob", "text": "Yes."}
    site = _build(tmp_path, [_story(1_000_010), comment])
    whole = (site / "item" / "1000010.html").read_text("utf-8")
    pages = [f"item/{place}.html" for place in range(len(SPOILT))]
    for page, text in zip(pages, SPOILT, strict=True):
        (site / page).write_text(whole.replace("Yes.", text), "utf-8")
    assert {fault.page for fault in vectors.parsed(browser, site, pages)} == {*pages}
    run = [*vectors.in_frames(browser, site, pages, bypass_csp=True)]
    assert {*pages} < {fault.page for fault in run}
    assert {"alert() was called", "asked for https://evil.example/x.gif"} < {fault.what for fault in run}
    assert [*vectors.opened(browser, site, ["item/1000010.html", "index.html"])] == []


def test_no_heading_of_a_note_stands_in_for_what_scripts_mean(
    open_page: OpenPage, tmp_path: Path, complaints: list[str]
) -> None:
    names = (
        "hnsite",
        "content",
        "end",
        "location",
        "document",
        "localStorage",
        "hnsiteSearch",
        "constructor",
    )
    note = "---\ntitle: Names\n---\n\n" + "\n\n".join(f"## {name}\n\ntext" for name in names)
    site = _build(tmp_path, [_story(1)], {"names.md": note})
    page = open_page((site / "pages" / "names.html").as_uri())
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
    assert page.locator("[id=content]").evaluate("one => one.localName") == "main"
    assert complaints == []


ODD = "\x1b[31m\u202e<img src=x onerror=alert(1)>"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[str]:
    """The address of `hnsite serve` where a file cannot be read that has an odd name, and says odd things."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "items.json").write_text(json.dumps([_story(1)]), "utf-8")
    (tmp_path / "content" / f"{ODD}.txt").write_text(ODD, "utf-8")
    (tmp_path / "content" / f"{ODD}.json").write_text(json.dumps({"id": ODD, ODD: [ODD]}), "utf-8")
    command = [sys.executable, "-u", "-m", "hnsite", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            assert process.stdout
            address = ""
            for line in process.stdout:
                assert line.rstrip("\n").isprintable()
                if found := re.search(r"http://\S+", line):
                    address = found[0]
                    break
            yield address
        finally:
            process.terminate()


def test_what_cannot_be_read_is_told_as_text(
    preview: str, open_page: OpenPage, complaints: list[str]
) -> None:
    page = open_page(preview)
    overlay = page.locator("#hnsite-overlay")
    expect(overlay).to_contain_text("<img src=x onerror=alert(1)>.txt")
    assert overlay.locator("img").count() == 0
    assert complaints == []
