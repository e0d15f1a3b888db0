"""Sites that are as they should be, and the same site broken in every way that ``hnsite check`` knows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_site import STORY, Site, api

from hnsite.check import Checked, check
from hnsite.config import parse_config

BASE = "https://example.org/sub/"
SITES = Path(__file__).parent / "sites"
REPLY = api(id=3, parent=2, text="a <i>reply</i>", by="Bob")
DUMP = [{**STORY, "url": "https://a.example/x"}, api(id=2, parent=1, text="one <p>two"), REPLY]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a few pages; nobody may change it."""
    site = Site(tmp_path_factory.mktemp("check") / "site", dump=DUMP)
    site.write("about.md", "---\ntitle: About\n---\nThe [front](index.md).\n")
    site.settings = f"base_url = '{BASE}'\nfeeds = 'threads'\napi = true"
    site.build()
    return site.public


@pytest.fixture
def public(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "public"))


def look(public: Path, base_url: str = BASE, **options: str) -> Checked:
    return check(
        parse_config(f"base_url = '{base_url}'", public.parent, output=public.name), jobs=1, **options
    )


def change(file: Path, old: str, new: str) -> int:
    """Changes a text where it stands first; returns its line."""
    text = file.read_text("utf-8")
    assert old in text, f"{file} has no {old}"
    file.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_site_as_it_was_built_has_no_faults(public: Path) -> None:
    checked = look(public)
    assert checked.faults == ()
    assert checked.pages == len(list(public.rglob("*.html"))) > 15
    assert checked.links > 300


@pytest.mark.parametrize(
    "settings", ["", "permalinks = 'anchors'\ntheme = 'board'\nbase_url = 'https://a.example/'"]
)
@pytest.mark.parametrize("case", sorted(path.name for path in SITES.iterdir()))
def test_golden_sites_have_no_faults(case: str, settings: str, tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    shutil.copytree(SITES / case / "content", site.root / "content", dirs_exist_ok=True)
    site.settings = settings
    site.build()
    assert check(site.config, jobs=1).faults == ()


def test_it_needs_nothing_but_the_folder(public: Path, tmp_path: Path) -> None:
    """Where the site will stand is told by its pages, if there are no settings."""
    assert look(public, "").faults == ()
    moved = public.rename(tmp_path / "elsewhere")
    (moved / "item/2.html").unlink()
    assert {fault.file for fault in look(moved, "").faults} >= {"sitemap.xml", "feed.xml", "item/1.html"}


# faults, one by one: (the file that is changed, what in it, into what, the kind of what is found there)

HEAD = '<main id="content">'
CHANGED = [
    ("item/1.html", 'href="../index.html"', 'href="../Index.html"', "link"),
    ("item/1.html", 'href="../index.html"', 'href="../gone.html?x=1#y"', "link"),
    ("item/1.html", 'href="../index.html"', 'href="../users"', "link"),
    ("item/1.html", 'href="../index.html"', 'href="../item/"', "link"),
    ("item/1.html", 'href="../index.html"', 'href="../../index.html"', "link"),
    ("item/1.html", 'href="../index.html"', 'href="/index.html"', "link"),
    ("item/1.html", 'href="../index.html"', 'href="../in dex.html"', "link"),
    ("item/1.html", 'href="../index.html"', 'href="../%69ndex.htm"', "link"),
    ("item/1.html", 'href="../index.html"', f'href="{BASE}gone.html"', "link"),
    ("item/1.html", 'href="../index.html"', 'href="//EXAMPLE.org/sub/gone.html"', "link"),
    ("item/1.html", "<main", '<img src="../a.png" alt="">\n<main', "link"),
    ("item/1.html", "<main", '<img src="data:," srcset="../a.png 2x, ../b.png" alt="">\n<main', "link link"),
    ("item/1.html", "<main", '<p style="background: url(../a.png)"></p>\n<main', "link"),
    ("item/1.html", "<main", '<form action="../gone.html"></form>\n<main', "link"),
    ("item/1.html", "<main", '<noscript><a href="../gone.html">a</a></noscript>\n<main', "link"),
    ("item/1.html", "<title>", '<meta http-equiv="refresh" content="0; url=gone.html">\n<title>', "link"),
    ("item/1.html", "<title>", f'<meta property="og:image" content="{BASE}gone.png">\n<title>', "link"),
    ("item/1.html", "<title>", '<script src="../gone.js"></script>\n<title>', "link"),
    ("item/1.html", "<title>", "<style>\np{background:url('../a.png')}</style><title>", "link"),
    ("item/1.html", "<main", '<a href="#gone">a</a>\n<main', "fragment"),
    ("item/1.html", "<main", '<a href="../index.html#gone">a</a>\n<main', "fragment"),
    ("item/1.html", "<main", '<p id="content">a</p>\n<main', "@id"),
    ("item/1.html", "<main", '<p id="">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<p id="a b">a</p>\n<main', "html"),
    ("item/1.html", "<main", "<div><p>a</p>\n<main", "html"),
    ("item/1.html", "<main", "<p>a</p></div>\n<main", "html"),
    ("item/1.html", "<main", "<p><b>a</p>\n<main", "html"),
    ("item/1.html", "<main", "<p><div>a</div></p>\n<main", "html"),
    ("item/1.html", "<main", '<a href="1.html"><a href="1.html">a</a></a>\n<main', "html"),
    ("item/1.html", "<main", "<span><div>a</div></span>\n<main", "html"),
    ("item/1.html", "<main", "<ul><p>a</p></ul>\n<main", "html"),
    ("item/1.html", "<main", "<ul>a</ul>\n<main", "html"),
    ("item/1.html", "<main", "<div><li>a</li></div>\n<main", "html"),
    ("item/1.html", "<main", "<table><tr><p>a</p></tr></table>\n<main", "html"),
    ("item/1.html", "<main", "<form><p><form></form></p></form>\n<main", "html"),
    ("item/1.html", "<main", "<h2><h3>a</h3></h2>\n<main", "html"),
    ("item/1.html", "<main", "<blnk>a</blnk>\n<main", "html"),
    ("item/1.html", "<main", "<center>a</center>\n<main", "html html"),
    ("item/1.html", "<main", '<p clas="a">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<p class="a" class="b">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<p class="a"dir="ltr">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<img src="data:,">\n<main', "html"),
    ("item/1.html", "<main", '<label for="gone">a</label>\n<main', "html"),
    ("item/1.html", "<main", "<p>a &nosuch; b</p>\n<main", "html"),
    ("item/1.html", "<main", "<p>a < b</p>\n<main", "html"),
    ("item/1.html", "<main", '<p>a</p><!-- <a href="x"> -->\n<main', ""),
    ("item/1.html", "<!doctype html>", "", "html"),
    ("item/1.html", "<!doctype html>", "<!doctype html public '-//W3C//DTD HTML 4.01//EN'>", "html"),
    ("item/1.html", '<html lang="en">', "<html>", "html"),
    ("item/1.html", '<meta charset="utf-8">', "", "-html"),
    ("item/1.html", "</main>", "", "^html"),
    ("404.html", "/sub/users.html", "/users.html", "link"),
    ("feed.xml", 'href="https://example.org/sub/', 'href="https://example.org/sub/gone', "link"),
    ("feed.xml", "<title>", "<title>a & b", "xml"),
    ("feed.json", '"https://example.org/sub/', '"https://example.org/sub/gone', "link"),
    ("feed.json", '"version"', "version", "json"),
    ("sitemap.xml", "/sub/item/3.html</loc>", "/sub/gone.html</loc>", "link"),
    ("robots.txt", "sitemap.xml", "Sitemap.xml", "link"),
]  # fmt: skip


@pytest.mark.parametrize("file, old, new, kinds", CHANGED, ids=lambda value: str(value)[:50])
def test_one_change_is_found_where_it_is(public: Path, file: str, old: str, new: str, kinds: str) -> None:
    """Signs before the kinds: ``@`` another line tells of it too, ``-`` it is told at the first line, ``^``
    where something began that does not end."""
    line = change(public / file, old, new)
    text = (public / file).read_text("utf-8")
    if kinds.startswith("-"):
        line = 1
    elif kinds.startswith("^"):
        line = text[: text.index("<main")].count("\n") + 1
    elif kinds.startswith("@"):
        line = text[: text.index(HEAD)].count("\n") + 1
    elif new.startswith("<style>"):
        line += 1
    faults = look(public).faults
    expected = [(file, line, kind) for kind in kinds.lstrip("@^-").split()]
    assert [(fault.file, fault.line, fault.kind) for fault in faults] == expected
