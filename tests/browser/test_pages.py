"""Every page kind as a reader has it: wide and on a phone, light and dark, from disk, without JavaScript."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from . import OpenPage, ServeDir

REPOSITORY = Path(__file__).resolve().parents[2]
SEEDS = REPOSITORY.parent / "shared" / "seeds"
WIDE, PHONE = 1280, 360
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CHAIN = 45
NOT_FOUND = "404"
"""The one page whose links begin at the site's root, since hosts show it at any depth."""


@dataclass(frozen=True)
class Site:
    """A built site and one page of each kind in it, as paths below ``folder``."""

    folder: Path
    pages: dict[str, str]

    @property
    def lasting(self) -> list[str]:
        """The kinds that can be opened from disk and stay open."""
        return [kind for kind in self.pages if kind not in ("redirect", NOT_FOUND)]

    def url(self, kind: str, fragment: str = "") -> str:
        return (self.folder / self.pages[kind]).as_uri() + (f"#{fragment}" if fragment else "")


@pytest.fixture(scope="session", params=["default", "board"])
def theme(request: pytest.FixtureRequest) -> str:
    """Every theme that hnsite brings is as good to read."""
    return str(request.param)


@pytest.fixture(scope="session")
def sample(theme: str, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return _build(REPOSITORY / "content", tmp_path_factory.mktemp("sample"), theme)


@pytest.fixture(scope="session")
def seeds(theme: str, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Three real dumps of one thread; not part of the repository."""
    if not SEEDS.is_dir():
        pytest.skip(f"{SEEDS} is absent")
    return _build(SEEDS, tmp_path_factory.mktemp("seeds"), theme)


@pytest.fixture(scope="session")
def odd(theme: str, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A thread with everything that breaks a layout: no blanks, no end, other scripts, a long chain."""
    root = tmp_path_factory.mktemp("odd")
    (root / "content").mkdir()
    lines = "".join(json.dumps(item) + "\n" for item in _odd_items())
    (root / "content" / "odd.ndjson").write_text(lines, "utf-8")
    return _build(root / "content", root, theme)


@pytest.fixture(params=["sample", "seeds", "odd"])
def site(theme: str, request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(request.param)
    return found


def _build(content: Path, root: Path, theme: str) -> Site:
    (root / "hnsite.toml").write_text(f'theme = "{theme}"\n', "utf-8")
    command = [sys.executable, "-m", "hnsite", "build", "-s", str(content), "-o", "public"]
    built = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return Site(root / "public", _find_kinds(root / "public"))


def _find_kinds(folder: Path) -> dict[str, str]:
    """For each kind the largest page that bears its mark."""
    marks = {
        "thread": r'class="story" id=(?=.*<strong>nested)',
        "by time": r"<strong>by time",
        "poll": r'class="poll"',
        "permalink": r'class="context\b',
        "stub": r"none contains it",
        "inferred": r'class="story" id=(?=.*<strong>nested)(?=.*data-evidence="quote")',
        "dead": r'class="story" id=(?=.*<strong>nested)(?=.*<details class="tombstone")',
        "code": r'class="story" id=(?=.*<strong>nested)(?=.*<pre[^>]*><code>[^/]*<span)',
        "redirect": r'http-equiv="refresh"',
    }
    kinds = {"front": "index.html", "authors": "users.html", NOT_FOUND: "404.html"}
    pages = sorted(folder.rglob("*.html"), key=lambda path: (-path.stat().st_size, path))
    texts = [(path, path.read_text("utf-8")) for path in pages]
    for kind, mark in marks.items():
        found = next((path for path, text in texts if re.search(mark, text, re.DOTALL)), None)
        if found is not None:
            kinds[kind] = found.relative_to(folder).as_posix()
    author = next(path for path in pages if path.parent.name == "user")
    kinds["author"] = author.relative_to(folder).as_posix()
    return kinds


def _odd_items() -> Iterator[dict[str, object]]:
    code = "<pre><code>def f(x: int) -&gt; str:\n    return &quot;" + "wide " * 80 + "&quot;\n</code></pre>"
    texts = {
        1: "Nowhere" + "tobreak" * 60 + " https:&#x2F;&#x2F;example.com&#x2F;" + "path" * 60,
        2: code + "after the code",
        3: "مرحبا بالعالم، هذا نص باللغة العربية.<p>&gt; اقتباس بالعربية<p>Then a paragraph in English.",
        4: "これは日本語の長いテキストです。改行なしで続くので、正しく折り返される必要があります。" * 3,
    }
    story = {"id": 1000, "type": "story", "by": "asker", "score": 1, "time": 1_600_000_000}
    yield {**story, "title": "Title" + "withoutablank" * 12, "url": "https://" + "long-name." * 9 + "example"}
    for number, text in texts.items():
        yield _comment(1000 + number, 1000, text, "by" + "name" * 12 if number == 2 else "answerer")
    for level in range(CHAIN):
        parent = 1000 if level == 0 else 1999 + level
        yield _comment(2000 + level, parent, f"Level {level}, with enough words for a second line.", "b")
    yield {"id": 1090, "type": "comment", "deleted": True, "parent": 1000, "time": 1_600_000_100}
    yield _comment(1091, 1090, "An answer to something deleted.", "asker") | {"kids": [1092, 1093]}


def _comment(id: int, parent: int, text: str, author: str) -> dict[str, object]:
    moment = 1_600_000_000 + id
    return {"id": id, "type": "comment", "by": author, "parent": parent, "time": moment, "text": text}


# every page kind


def test_there_is_a_sample_of_every_kind(sample: Site) -> None:
    every = "front authors author thread permalink stub poll inferred dead code redirect 404"
    assert set(every.split()) - set(sample.pages) == set()


@pytest.mark.parametrize("place", ["disk", "web"])
def test_opens_whole_and_within_the_window(
    site: Site, place: str, open_page: OpenPage, serve_dir: ServeDir, complaints: list[str]
) -> None:
    base = serve_dir(site.folder) if place == "web" else site.folder.as_uri()
    page = open_page("about:blank")
    for kind in [*site.lasting, NOT_FOUND] if place == "web" else site.lasting:
        page.goto(f"{base}/{site.pages[kind]}")
        assert page.locator("h1").count() == 1, kind
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", f"{kind} has no style"
        for width in (WIDE, PHONE):
            page.set_viewport_size({"width": width, "height": 800})
            assert _overflow(page) <= 0, f"{kind} is wider than its window of {width}"
    assert complaints == []


def test_redirect_leads_on_without_javascript(sample: Site, open_page: OpenPage) -> None:
    page = open_page(sample.url("redirect"), javascript=False)
    page.wait_for_url(lambda url: sample.pages["redirect"] not in url, timeout=5000)
    assert page.locator("article.story").count() == 1


def test_dark_scheme_is_dark_and_light_is_light(sample: Site, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    for kind in sample.lasting:
        page.goto(sample.url(kind))
        page.emulate_media(color_scheme="light")
        assert min(_ground(page)) > 230, kind
        page.emulate_media(color_scheme="dark")
        assert max(_ground(page)) < 50, kind


def test_all_text_is_there_without_javascript(site: Site, open_page: OpenPage) -> None:
    on, off = open_page("about:blank"), open_page("about:blank", javascript=False)
    for kind in ("thread", "permalink", "author", "front"):
        on.goto(site.url(kind))
        on.locator(".tools").evaluate_all("all => all.forEach(one => one.remove())")
        off.goto(site.url(kind))
        assert off.locator("main").inner_text() == on.locator("main").inner_text()
        posts = off.locator(":is(.head, .e-content):not(details.tombstone *)")
        assert 0 not in posts.evaluate_all("all => all.map(one => one.getClientRects().length)"), kind


def test_all_text_has_enough_contrast(site: Site, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    for kind in site.lasting:
        page.goto(site.url(kind))
        if anchor := page.evaluate("document.querySelector('article.h-entry')?.id"):
            page.goto(site.url(kind, anchor))  # one is marked as jumped to
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(FAINT_TEXT) == [], f"{kind}, {scheme}"
    page.goto(site.url("thread"))
    page.evaluate("document.querySelectorAll('a').forEach(a => a.style.color = 'var(--visited)')")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(FAINT_TEXT) == [], f"visited links, {scheme}"


# going about


def test_parent_link_goes_to_the_parent_and_marks_it(sample: Site, open_page: OpenPage) -> None:
    page = open_page(sample.url("thread"), width=PHONE)
    reply = page.locator("ol.replies a.u-in-reply-to").last
    anchor = (reply.get_attribute("href") or "").removeprefix("#")
    reply.click()
    assert page.url == sample.url("thread", anchor)
    _assert_marked(page, anchor)


def test_backlink_goes_to_the_reply_and_marks_it(sample: Site, open_page: OpenPage) -> None:
    page = open_page(sample.url("thread"))
    backlink = page.locator("a.u-comment[href^='#']").first
    anchor = (backlink.get_attribute("href") or "").removeprefix("#")
    backlink.click()
    _assert_marked(page, anchor)


def test_permalink_shows_context_then_the_comment(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url("permalink"))
    context = page.locator("details.context")
    assert context.get_attribute("open") is not None
    assert context.locator("summary").inner_text() == "Show context"
    above = context.locator("article")
    assert above.count() >= 1
    assert all(one.is_visible() for one in above.all())
    first = page.locator("ol.comments article").first
    assert _top(page, above.last.get_attribute("id")) < _top(page, first.get_attribute("id"))
    assert context.locator(".number").all_inner_texts() == [""] * context.locator(".number").count()
    context.locator("summary").click()
    assert not above.first.is_visible()
    assert first.is_visible()


def test_back_to_thread_goes_to_the_comment_there(sample: Site, open_page: OpenPage) -> None:
    page = open_page(sample.url("permalink"))
    anchor = page.locator("ol.comments article").first.get_attribute("id") or ""
    page.get_by_text("←back to thread").click()
    expect(page.locator("article.story")).to_have_count(1)
    _assert_marked(page, anchor)


def test_orders_lead_to_each_other_and_hold_the_same_comments(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url("thread"))
    nested = set(page.locator("article.h-entry").evaluate_all("all => all.map(one => one.id)"))
    page.get_by_role("link", name="by time").click()
    page.wait_for_url("**/*.time.html")
    by_time = page.locator("article.h-entry").evaluate_all("all => all.map(one => one.id)")
    assert len(by_time) == len(nested)
    assert set(by_time) == nested


def test_focus_is_visible_and_the_content_can_be_skipped_to(sample: Site, open_page: OpenPage) -> None:
    page = open_page(sample.url("thread"))
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    for _ in range(5):
        focused = "getComputedStyle(document.activeElement)"
        assert page.evaluate(f"{focused}.outlineStyle") == "solid"
        assert page.evaluate(f"parseFloat({focused}.outlineWidth)") >= 2
        page.keyboard.press("Tab")


def test_what_is_dead_can_be_shown(sample: Site, open_page: OpenPage) -> None:
    page = open_page(sample.url("dead"), javascript=False)
    dead = page.locator("details.tombstone").first
    assert not dead.locator(".e-content").is_visible()
    dead.locator("summary").click()
    assert dead.locator(".e-content").is_visible()


# reading


def test_deep_chain_leaves_room_to_read_on_a_phone(odd: Site, open_page: OpenPage) -> None:
    page = open_page(odd.url("thread"), width=PHONE)
    boxes = [page.locator(f"[id='{2000 + level}'] .e-content p").bounding_box() for level in range(CHAIN)]
    lefts = [box["x"] for box in boxes if box]
    assert len(lefts) == CHAIN
    assert all(deeper - higher >= 1 for higher, deeper in pairwise(lefts[:41])), "depth cannot be seen"
    assert min(box["width"] for box in boxes if box) >= 200
    assert _overflow(page) <= 0


def test_measure_is_comfortable_on_a_wide_screen(sample: Site, open_page: OpenPage) -> None:
    page = open_page(sample.url("thread"), width=1920)
    paragraphs = page.locator(".e-content > p")
    widths = paragraphs.evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    assert 500 <= max(widths) <= 720


def test_wide_code_scrolls_in_its_own_box(odd: Site, open_page: OpenPage) -> None:
    page = open_page(odd.url("thread"), width=PHONE)
    assert page.locator("pre").first.evaluate("code => code.scrollWidth > code.clientWidth")
    assert _overflow(page) <= 0


def test_code_is_coloured_in_both_schemes(sample: Site, open_page: OpenPage) -> None:
    for dark in (False, True):
        page = open_page(sample.url("code"), dark=dark)
        words = page.locator("pre code span")
        colours = words.evaluate_all("all => all.map(one => getComputedStyle(one).color)")
        assert len(set(colours)) >= 3


def test_only_code_is_coloured_by_the_classes_of_code(sample: Site, open_page: OpenPage) -> None:
    """They are short, and easily another thing's."""
    page = open_page(sample.url("thread"))
    item = page.locator("ol.comments > li").first
    before = item.evaluate("one => getComputedStyle(one).color")
    for name in ("k", "s1", "s2", "nf", "c", "m", "o", "gd", "gi", "gh"):
        assert (
            item.evaluate("(one, name) => (one.className = name, getComputedStyle(one).color)", name)
            == before
        )


def test_each_paragraph_runs_in_its_own_direction(odd: Site, open_page: OpenPage) -> None:
    page = open_page(odd.url("thread"))
    arabic, english = (page.locator(f"[id='1003'] .e-content > p:nth-of-type({n})") for n in (1, 2))
    assert arabic.evaluate(TEXT_GAPS)["left"] > arabic.evaluate(TEXT_GAPS)["right"] + 100
    assert english.evaluate(TEXT_GAPS)["right"] > english.evaluate(TEXT_GAPS)["left"] + 100
    quote = page.locator("[id='1003'] blockquote p")
    assert quote.evaluate(TEXT_GAPS)["left"] > quote.evaluate(TEXT_GAPS)["right"] + 100


def test_what_is_inferred_looks_inferred(sample: Site, open_page: OpenPage) -> None:
    page = open_page(sample.url("inferred"))
    for kind, style in (("[data-evidence='quote']", "dashed"), (":not([data-evidence])", "none")):
        one = page.locator(f"ol.comments article.h-entry{kind}").first
        assert one.evaluate("one => getComputedStyle(one).borderLeftStyle") == style
    note = page.locator("[data-evidence='quote'] .evidence").first
    assert "inferred" in note.inner_text()


def test_prints_black_on_white_without_the_navigation(sample: Site, open_page: OpenPage) -> None:
    page = open_page(sample.url("permalink"), dark=True)
    page.emulate_media(media="print")
    assert _ground(page) == [255, 255, 255]
    assert not page.locator("header.site").is_visible()
    assert page.evaluate(FAINT_TEXT) == []
    link = page.evaluate(
        """(() => {
             const link = document.createElement('a'); link.href = 'https://example.com/';
             document.querySelector('.e-content').append(link);
             return getComputedStyle(link, '::after').content })()"""
    )
    assert "https://example.com/" in link


def _overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    width: int = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    return width


def _ground(page: Page) -> list[int]:
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return [int(part) for part in re.findall(r"\d+", colour)[:3]]


def _anchors(page: Page) -> list[str]:
    found: list[str] = page.locator("article.h-entry").evaluate_all("all => all.map(one => one.id)")
    return found


def _top(page: Page, anchor: str | None) -> float:
    box = page.locator(f"[id='{anchor}']").bounding_box()
    assert box is not None
    return box["y"]


def _assert_marked(page: Page, anchor: str) -> None:
    """The comment is the target, begins within the window, and differs from the page's ground."""
    assert page.locator(":target").get_attribute("id") == anchor
    assert 0 <= _top(page, anchor) < page.evaluate("innerHeight")
    colour: str = page.locator(":target").evaluate("one => getComputedStyle(one).backgroundColor")
    assert [int(part) for part in re.findall(r"\d+", colour)] not in (_ground(page), [0, 0, 0, 0])


TEXT_GAPS = """block => {
    const range = document.createRange(); range.selectNodeContents(block);
    const text = [...range.getClientRects()].at(-1), box = block.getBoundingClientRect();
    return {left: text.left - box.left, right: box.right - text.right};
}"""
"""How far the last line of a block stays from the block's two sides."""

FAINT_TEXT = """(() => {
    const parse = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => {
        const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
        const [r, g, b] = parse(colour).map(v => linear(v / 255));
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const ground = one => {
        for (; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor, alpha = parse(colour)[3] ?? 1;
            if (alpha === 1) return colour;
            if (alpha > 0) return 'rgb(127, 127, 127)';  // half transparent: let it fail
        }
        return 'rgb(255, 255, 255)';
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), faint = new Set();
    while (walker.nextNode()) {
        const one = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !one.getClientRects().length) continue;
        const ink = getComputedStyle(one).color, paper = ground(one);
        const [low, high] = [light(ink), light(paper)].sort((a, b) => a - b);
        const ratio = (high + .05) / (low + .05);
        if (ratio < 4.5) faint.add(`${one.tagName}.${one.className} ${ink} on ${paper}: ${ratio.toFixed(2)}`);
    }
    return [...faint];
})()"""
"""Every text of the page whose contrast is less than WCAG's AA for small text, 4.5 to 1."""
