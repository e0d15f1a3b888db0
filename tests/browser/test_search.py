"""The search finds what the dumps say, over HTTP and from disk, best first, and runs nothing of it."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from hnsite.postings import PLACE, fold
from hnsite.theme import DEFAULT, built_in_themes
from hnsite.words import Inverter

from . import OpenPage, ServeDir

STORY = 40_000_000
LONG = 50_000_000
HOSTILE = '<img src=x onerror="document.title=1">&lt;script&gt;document.title=2&lt;/script&gt; hostile'


@dataclass(frozen=True)
class Built:
    """A site; with ``has_pages`` it has a page for each comment."""

    folder: Path
    has_pages: bool


def _items() -> list[dict[str, object]]:
    story = {"type": "story", "by": "ada", "time": 1_600_000_000}
    comment = {"type": "comment", "by": "Bob", "time": 1_600_000_100, "parent": STORY}
    texts = [
        "The quick brown fox jumps over the lazy dog.",
        "A dog that is brown and quick, says the fox.",
        "Çafé au lait, naïve résumé: ΣΊΣΥΦΟΣ and Ёлка.",
        "I write C++ and C# and node.js and don't like XML.",
        "日本語の全文検索は難しいです。",
        HOSTILE,
        "Filler. " * 100 + "The needle lies here. " + "More filler. " * 100,
        "compiler compilers compilation",
    ]
    return [
        {**story, "id": STORY, "title": "A brown story about queues", "url": "https://www.example.com/queue"},
        *({**comment, "id": STORY + n, "text": text} for n, text in enumerate(texts, 1)),
        {**comment, "id": STORY + 20, "by": "Zoë Q", "time": 1_700_000_000, "text": "A late word on queues."},
        {**comment, "id": STORY + 21, "text": "unseen secret", "deleted": True},
        {**comment, "id": STORY + 22, "text": "A dead queue.", "dead": True},
        {**story, "id": LONG, "title": "A long story"},
        *(
            {**comment, "id": LONG + n, "parent": LONG, "text": f"Number n{n} of many."}
            for n in range(1, 1202)
        ),
    ]


@pytest.fixture(scope="module", params=["pages", "anchors"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("search")
    (root / "content").mkdir()
    (root / "content" / "items.json").write_text(json.dumps(_items()), "utf-8")
    (root / "hnsite.toml").write_text(f'permalinks = "{request.param}"', "utf-8")
    command = [sys.executable, "-m", "hnsite", "build", "-o", "served/below/site"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return Built(root / "served", has_pages=request.param == "pages")


@pytest.fixture(params=["web", "disk"])
def base(request: pytest.FixtureRequest, built: Built, serve_dir: ServeDir) -> str:
    root = serve_dir(built.folder) if request.param == "web" else built.folder.as_uri()
    return f"{root}/below/site"


@pytest.fixture
def disk(built: Built) -> str:
    return f"{built.folder.as_uri()}/below/site"


def ask(open_page: OpenPage, base: str, words: str) -> Page:
    page = open_page(f"{base}/search.html?q={quote(words)}")
    expect(page.locator("#said")).not_to_be_empty()
    return page


def found(page: Page) -> list[int]:
    """The numbers of the hits, as the places in the story."""
    return [
        int(text.removeprefix("No.")) - STORY for text in page.locator(".hits .facts a").all_inner_texts()
    ]


def test_a_hit_leads_to_its_thread_and_its_permalink(open_page: OpenPage, base: str, built: Built) -> None:
    page = ask(open_page, base, "lazy dog")
    assert page.input_value("#query") == "lazy dog"
    assert page.inner_text("#said") == "1 result."
    hit = page.locator(".hits > li")
    expect(hit.locator("h2")).to_have_text("A brown story about queues")
    expect(hit.locator("time")).to_have_attribute("datetime", "2020-09-13T12:28Z")
    expect(hit.locator(".facts")).to_contain_text("by Bob")
    assert hit.locator("mark").all_inner_texts() == ["lazy", "dog"]
    permalink = f"item/{STORY + 1}.html" if built.has_pages else f"item/{STORY}.html#{STORY + 1}"
    expect(hit.locator(".facts a")).to_have_attribute("href", permalink)
    hit.locator("h2 a").click()
    page.wait_for_url(f"{base}/item/{STORY}.html#{STORY + 1}")
    expect(page.locator("article:target")).to_contain_text("lazy dog")


def test_a_hit_in_a_long_thread_leads_to_its_page(open_page: OpenPage, base: str) -> None:
    page = ask(open_page, base, "n1200")
    page.locator(".hits h2 a").click()
    page.wait_for_url(f"{base}/item/{LONG}.2.html#{LONG + 1200}")
    expect(page.locator("article:target")).to_contain_text("n1200")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("quick fox", {1, 2}),
        ('"quick brown"', {1}),
        ('"brown quick"', set()),
        ('"queues a"', set()),  # a phrase does not go on from a title into a text
        ("QUICK FOX", {1, 2}),
        ("cafe naive RESUME", {3}),
        ("çafé", {3}),
        ("σισυφοσ", {3}),
        ("Σίσυφος", {3}),
        ("елка", {3}),
        ("c++", {4}),
        ("c#", {4}),
        ("node.js", {4}),
        ("don't", {4}),
        ("don’t", {4}),
        ("検索", {5}),
        ("全文", {5}),
        ("文全", set()),
        ("compil*", {8}),
        ("compiler*", {8}),
        ("compil", set()),
        ('"compiler comp*"', {8}),
        ("unseen", set()),
        ("dead queue", {22}),
        ("author:bob dog", {1, 2}),
        ("author:BOB dog", {1, 2}),
        ("author:ada dog", set()),
        ('author:"zoë q"', {20}),
        ("site:example.com late", {20}),
        ("site:www.example.com late", {20}),
        ("site:https://example.com/x late", {20}),
        ("site:example.org late", set()),
        ("after:2023 site:example.com", {20}),
        ("after:2023-11-14 queues", {20}),
        ("after:2023-11-15 queues", set()),
        ("before:2023-11-14 late", set()),
        ("before:2023-11-15 late", {20}),
        ("before:2021 queues", {0}),
        ("xyzzy", set()),
        ("__proto__", set()),
        ("constructor", set()),
    ],
)
def test_what_is_found(open_page: OpenPage, disk: str, words: str, expected: set[int]) -> None:
    page = ask(open_page, disk, words)
    assert set(found(page)) == expected
    assert ("Nothing found" in page.inner_text("#said")) == (not expected)


MULTILINGUAL = [
    "It's a don't-care; e-mail: a.b@example.com, 3.14, v2.0.1, C++/C# #1 +1 a_b __init__",
    "Ünïcödé ﬁligree Ǆ ǅ ß ẞ ŀ İI ıi K Å ſ ΑΣ Σ ς ᾳ ΐ",
    "Привет, Ёлка и йод. Ґанок. Ћирилица",
    "العَرَبِيَّة مُحَمَّد ﷺ لا إله", "עִבְרִית שָׁלוֹם", "हिन्दी में किताबें क़लम", "বাংলা தமிழ் తెలుగు ಕನ್ನಡ",
    "日本語、カタカナ ｶﾀｶﾅ がぎぐ 漢字kanji混在 ﾞ", "한국어 조선말 각", "ภาษาไทย ລາວ မြန်မာ ភាសាខ្មែរ",
    "e\u0301 a\u0308\u0301 \u0301 x\u200by x\u200dy x\u00ady \ufeffz a\ufe0fb", "👍🏽 é👨‍👩‍👧b 1️⃣ ™ ½ ² Ⅻ ①",
    "\u202eabc\u202c <b>&amp;</b> \\ \" ' ` ${x} \x7f \u2028 \u2029 \ud7ff \ue000x",
    "a" * 5000, "漢" * 500, "+" * 40 + "#",
]  # fmt: skip
"""Texts of many scripts, and odd ones."""


def test_the_script_takes_the_words_from_a_text_that_the_index_has(open_page: OpenPage, disk: str) -> None:
    """Of samples, and of every character that there is."""
    source = (built_in_themes() / DEFAULT / "static" / "search.js").read_text("utf-8")
    own = source[source.index("const MARKS") : source.index("const nameWord")]
    letters = [chr(code) for code in range(0xF0000) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]
    rows = (letters[start : start + 200] for start in range(0, len(letters), 200))
    texts = [*MULTILINGUAL, *(" . ".join(f"xA{letter}bY" for letter in row) for row in rows)]
    inverted, lengths = Inverter().invert((number, fold(text)) for number, text in enumerate(texts))
    words: list[dict[int, str]] = [{} for _ in texts]
    for word, places in inverted:
        for place in places:
            words[place >> PLACE][place & (1 << PLACE) - 1] = word
    page = open_page(f"{disk}/index.html")
    taken = page.evaluate(f"(texts) => {{ {own}; return texts.map(wordsOf); }}", texts)
    for text, ours, theirs in zip(texts, words, taken, strict=True):
        assert [ours[place] for place in sorted(ours)] == theirs, text
    assert list(lengths.values()) == list(map(len, taken))


def test_a_word_in_a_title_comes_first(open_page: OpenPage, disk: str) -> None:
    assert found(ask(open_page, disk, "queues")) == [0, 20]
    assert found(ask(open_page, disk, "brown"))[0] == 0


def test_the_passage_is_the_one_that_has_the_words(open_page: OpenPage, disk: str) -> None:
    passage = ask(open_page, disk, "needle").locator(".passage")
    expect(passage).to_contain_text("The needle lies here.")
    assert len(passage.inner_text()) < 400
    assert passage.inner_text().startswith("…") and passage.inner_text().endswith("…")


def test_texts_are_shown_as_texts(open_page: OpenPage, base: str, complaints: list[str]) -> None:
    page = ask(open_page, base, "hostile")
    expect(page.locator(".passage")).to_contain_text("<script>document.title=2</script> hostile")
    assert page.locator(".hits img, .hits script").count() == 0
    assert page.title().startswith("Search")
    assert complaints == []


def test_more_results_follow_and_keep_the_place(open_page: OpenPage, base: str) -> None:
    page = ask(open_page, base, "many")
    assert page.inner_text("#said") == "1,201 results."
    assert page.locator(".hits > li").count() == 10
    page.locator("#more").press("Enter")
    expect(page.locator(".hits > li")).to_have_count(20)
    expect(page.locator(".hits > li:nth-child(11) h2 a")).to_be_focused()
    numbers = page.locator(".hits .facts a").all_inner_texts()
    assert len(set(numbers)) == 20
    assert page.locator("#said").get_attribute("role") == "status"


def test_it_answers_while_one_types_and_the_address_says_what(open_page: OpenPage, base: str) -> None:
    page = open_page(f"{base}/search.html")
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.type("lazy")
    expect(page.locator("#said")).to_have_text("1 result.")
    expect(page).to_have_url(f"{base}/search.html?q=lazy")
    page.keyboard.type(" cat")
    expect(page.locator("#said")).to_have_text("Nothing found.")
    expect(page).to_have_url(f"{base}/search.html?q=lazy%20cat")
    page.locator("#query").fill("needle")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("1 result.")
    expect(page).to_have_url(f"{base}/search.html?q=needle")
    page.go_back()
    expect(page.locator("#query")).to_have_value("lazy cat")
    expect(page.locator("#said")).to_have_text("Nothing found.")


def test_what_is_no_date_is_said(open_page: OpenPage, disk: str) -> None:
    page = ask(open_page, disk, "after:yesterday needle")
    assert "after:yesterday is no date" in page.inner_text("#said")


def test_a_beginning_that_is_too_short_is_said(open_page: OpenPage, disk: str) -> None:
    page = ask(open_page, disk, "*")
    expect(page.locator("#said")).to_contain_text("Nothing found")


def test_a_file_that_is_missing_is_said(
    open_page: OpenPage, serve_dir: ServeDir, built: Built, complaints: list[str]
) -> None:
    base = serve_dir(built.folder)
    page = open_page(f"{base}/below/site/search.html")
    page.route("**/search/index.js", lambda route: route.abort())
    page.keyboard.type("lazy")
    expect(page.locator("#said")).to_have_text("A part of the index could not be loaded.")
    page.unroute("**/search/index.js")
    page.keyboard.type(" ")
    expect(page.locator("#said")).to_have_text("1 result.")
    complaints.clear()


def test_without_a_script_the_page_says_so(open_page: OpenPage, base: str) -> None:
    page = open_page(f"{base}/search.html", javascript=False)
    expect(page.locator("noscript .message")).to_be_visible()
    expect(page.locator("#query")).not_to_be_visible()
    page.get_by_role("main").get_by_role("link", name="front page").click()
    page.wait_for_url(f"{base}/index.html")


@pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1280, True)])
def test_it_fits_the_screen(open_page: OpenPage, disk: str, width: int, dark: bool) -> None:
    page = open_page(f"{disk}/search.html?q=needle", width=width, dark=dark)
    expect(page.locator(".hits > li")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
