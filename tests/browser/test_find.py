"""user.html and the like lead from Hacker News's addresses to pages, over HTTP and from disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from hnsite.urls import author_path, file_name, site_path

from . import OpenPage, ServeDir

NAMES = ["ann", "Zak", "con", "a--b", "_x", "lobsters", "lobsters-bob", "Zoë 🛶", "x" * 70]
OTHERS = ["bob@lobsters", "Bob@lobsters", "ann lee@mail", "a@b@reddit", "ann@phpbbcom"]
SCRIPT = Path(__file__).resolve().parents[2] / "themes/default/static/find.js"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of these names, in a folder of its folder, so that it can be served below a path."""
    root = tmp_path_factory.mktemp("find")
    (root / "content").mkdir()
    comment = {"type": "comment", "parent": 1, "text": "Yes.", "time": 1_600_000_100}
    story = {"id": 1, "type": "story", "by": "ann", "title": "T", "time": 1_600_000_000}
    names = [*NAMES, "Bob@lobsters"]
    items = [
        {**story, "url": "https://www.example.com/a"},
        *({**comment, "id": id, "by": name} for id, name in enumerate(NAMES, 2)),
    ]
    (root / "content/items.json").write_text(json.dumps(items), "utf-8")
    lobsters = {
        "short_id": "abcdef", "created_at": "2024-01-01T00:00:00.000-06:00", "title": "A boat", "score": 1,
        "comments_url": "https://lobste.rs/s/abcdef/a_boat", "submitter_user": "Bob", "url": "", "tags": [],
        "comments": [],
    }  # fmt: skip
    (root / "content/lobsters.json").write_text(json.dumps(lobsters), "utf-8")
    command = [sys.executable, "-m", "hnsite", "build", "-o", "served/below/site"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all((root / "served/below/site" / author_path(name)).is_file() for name in names)
    return root / "served"


@pytest.fixture(params=["web", "disk"])
def base(request: pytest.FixtureRequest, folder: Path, serve_dir: ServeDir) -> str:
    top = serve_dir(folder) if request.param == "web" else folder.as_uri()
    return f"{top}/below/site"


def test_names_lead_to_their_authors(base: str, open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page(f"{base}/user.html")
    for name in (*NAMES, "Bob@lobsters"):
        page.goto(f"{base}/user.html?id={quote(name)}")
        page.wait_for_url(f"{base}/{author_path(name)}")
        expect(page.locator("h1")).to_contain_text(name[:20])
    assert complaints == []


LEADS = {
    "threads.html?id=Zak": author_path("Zak"),
    "submitted.html?id=ann": author_path("ann"),
    "from.html?site=example.com": site_path("example.com"),
    "from.html?site=www.Example.com/a/b": site_path("example.com"),
    "front.html?day=2020-09-13": "front/2020-09-13.html",
    "item.html?id=lobsters-abcdef": "item/lobsters-abcdef.html",
    "item.html?id=1#3": "item/3.html",
    "item.html?id=1#99": "item/1.html",
}


def test_other_addresses_lead_on(base: str, open_page: OpenPage) -> None:
    page = open_page(f"{base}/user.html")
    for asked, path in LEADS.items():
        page.goto("about:blank")  # else only the fragment might differ
        page.goto(f"{base}/{asked}")
        page.wait_for_url(f"{base}/{path}")


def test_an_unknown_name_leads_to_the_original(base: str, open_page: OpenPage) -> None:
    page = open_page(f"{base}/user.html")
    for name in ("nobody", "Nobody <b>", "nobody@lobsters"):
        page.goto(f"{base}/user.html?id={quote(name)}")
        expect(page.locator("#unknown")).to_be_visible()
        assert page.url.startswith(f"{base}/user.html?id=")
        original = page.locator("#unknown a")
        if "@" in name:
            expect(original).to_be_hidden()
        else:
            expect(original).to_have_text(name)
            url = f"https://news.ycombinator.com/user?id={quote(name)}"
            assert original.get_attribute("href") == url


def test_what_names_nothing_leads_nowhere(base: str, open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page(f"{base}/user.html")
    for asked in ("user.html", "user.html?id=", "front.html?day=x", "front.html?day=../x", "from.html"):
        page.goto(f"{base}/{asked}")
        expect(page.get_by_role("heading", name="Find")).to_be_visible()
        expect(page.locator("#unknown")).to_be_hidden()
        assert page.url == f"{base}/{asked}"
    assert complaints == []


def test_without_javascript_it_says_what_to_do(base: str, open_page: OpenPage) -> None:
    page = open_page(f"{base}/user.html?id=Zak", javascript=False)
    assert "among the authors" in (page.locator("noscript").text_content() or "")


def test_the_script_calls_files_as_python_does(open_page: OpenPage) -> None:
    """Every rule of it, for names at their edges."""
    source = SCRIPT.read_text("utf-8")
    inner = source[source.index("\n{\n") + 2 : source.rindex("\n}")]
    page = open_page("about:blank")
    names = [
        *NAMES, *OTHERS, "", "-", "--", "a-", "A", "@", "@mail", "x@", "x@MAIL", "a b", "../../x", "com1",
        "com10", "lpt9@mail", "mail", "mail-x", "hn", "x@hn", "é", "e\u0301", "ﬁ", "Ⅷ", "ß", "İ", "K",
        "日本語", "a" * 64, "a" * 65, "a" * 31 + "-b", "_" * 40 + "a", "a" * 55, "a" * 56, "é" * 60, "a\nb",
        "x\n@mail", "%41", "\u202eabc", "🛶" * 30, "constructor", "__proto__", "a_-b", "0", "007",
    ]  # fmt: skip
    sources = ["discord", "discourse", "forum", "lobsters", "mail", "reddit", "slack", "zulip"]
    calls = "names.map((name) => `user/${authorFile(name, own)}.html`)"
    found = page.evaluate(f"([names, own]) => {{ {inner}\nreturn {calls}; }}", [names, sources])
    assert found == [author_path(name) for name in names]
    found = page.evaluate(f"(names) => {{ {inner}\nreturn names.map(fileName); }}", names)
    assert found == [file_name(name) for name in names]
    domains = [
        "example.com",
        "a.co.uk",
        "con.example",
        "x--y.example",
        "münchen.example",
        "localhost",
        "1.2.3.4",
    ]
    calls = "names.map((name) => `from/${siteFile(name)}.html`)"
    found = page.evaluate(f"(names) => {{ {inner}\nreturn {calls}; }}", domains)
    assert found == [site_path(domain) for domain in domains]
