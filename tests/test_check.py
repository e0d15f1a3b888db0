"""Sites that are as they should be, and the same site broken in every way that ``hnsite check`` knows."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner
from host import served
from small_site import STORY, Site, api

from hnsite.build import build
from hnsite.check import Checked, check
from hnsite.cli import cli
from hnsite.config import parse_config
from hnsite.errors import UsageError
from hnsite.hosts import HOSTS, Host
from hnsite.urls import FINDERS

Run = Callable[..., tuple[int, str, str]]
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
    assert {fault.file for fault in look(moved, "").faults} >= {"sitemap.xml", "item/1.html"}


# faults, one by one: (the file that is changed, what in it, into what, the kind of what is found there)

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
    ("item/1.html", "<main", '<noscript>a <a href="../gone.html">b</a> c</noscript>\n<main', "link"),
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
    ("item/1.html", "<main", "<form><div><form></form></div></form>\n<main", "html"),
    ("item/1.html", "<main", "<h2><h3>a</h3></h2>\n<main", "html"),
    ("item/1.html", "<main", "<blnk>a</blnk>\n<main", "html"),
    ("item/1.html", "<main", "<center>a</center>\n<main", "html html"),
    ("item/1.html", "<main", '<p clas="a">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<p class="a" class="b">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<p class="a"dir="ltr">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<img src="data:,">\n<main', "html"),
    ("item/1.html", "<main", '<label for="gone">a</label>\n<main', "html"),
    ("item/1.html", "<main", '<time datetime="1.2.2020">a</time>\n<main', "html"),
    ("item/1.html", "<main", '<time datetime="2020-02-01 25:00">a</time>\n<main', "html"),
    ("item/1.html", "<main", '<img src="data:," alt="" width="10px">\n<main', "html"),
    ("item/1.html", "<main", '<p dir="left">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<p lang="en us">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<p tabindex="a">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<p aria-hidden="yes">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<p aria-lable="a">a</p>\n<main', "html"),
    ("item/1.html", "<main", '<a href="1.html" target="_new">a</a>\n<main', "html"),
    ("item/1.html", "<main", '<time datetime="2020-02-01T10:00:00+01:00" dir="AUTO">a</time>\n<main', ""),
    ("item/1.html", "<main", '<time datetime="PT4H18M3S">a</time><p lang="">a</p>\n<main', ""),
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
    elif kinds.startswith("@") or new.startswith("<style>"):
        line += 1
    faults = look(public).faults
    expected = [(file, line, kind) for kind in kinds.lstrip("@^-").split()]
    assert [(fault.file, fault.line, fault.kind) for fault in faults] == expected


def orphan(public: Path) -> set[tuple[str, str]]:
    shutil.copy(public / "users.html", public / "alone.html")
    text = (public / "404.html").read_text()
    (public / "item/lost.html").write_text(text.replace("<main", "<a href=lost.html>a</a><main"))
    return {("alone.html", "orphan"), ("item/lost.html", "orphan")}


def orphan_family(public: Path) -> set[tuple[str, str]]:
    """Two that lead to each other."""
    for one, other in ("ab", "ba"):
        text = (public / "users.html").read_text()
        (public / f"{one}.html").write_text(text.replace("<main", f'<a href="{other}.html">other</a>\n<main'))
    return {("a.html", "orphan"), ("b.html", "orphan")}


def same_name(public: Path) -> set[tuple[str, str]]:
    (public / "item/A.txt").write_text("a")
    (public / "item/a.txt").write_text("a")
    (public / "Item").mkdir()
    (public / "Item/x.txt").write_text("a")
    return {("item/a.txt", "case"), ("item", "case")}


def odd_names(public: Path) -> set[tuple[str, str]]:
    for name in ("con.txt", "a?.txt", "e\u0301.txt", "end."):
        (public / name).write_text("a")
    return {("con.txt", "name"), ("a?.txt", "name"), ("e\u0301.txt", "name"), ("end.", "name")}


def not_files(public: Path) -> set[tuple[str, str]]:
    (public / "a.txt").symlink_to("index.html")
    (public / "b").symlink_to("item")
    os.mkfifo(public / "c")
    return {("a.txt", "file"), ("b", "file"), ("c", "file")}


def encoding(public: Path) -> set[tuple[str, str]]:
    page = public / "users.html"
    page.write_bytes(page.read_bytes().replace(b"</h1>", b"\xe9</h1>", 1))
    return {("users.html", "encoding")}


def old_packed(public: Path) -> set[tuple[str, str]]:
    (public / "users.html.gz").write_bytes(gzip.compress(b"old"))
    (public / "days.html.gz").write_bytes(b"broken")
    (public / "item.html.gz").write_bytes(gzip.compress((public / "item.html").read_bytes()))
    return {("users.html.gz", "file"), ("days.html.gz", "file")}


def styles(public: Path) -> set[tuple[str, str]]:
    (sheet,) = public.glob("static/*/style.css")
    sheet.write_text(sheet.read_text() + "/* url(a.png) */ p{background:url( 'b.png' )}@import \"c.css\";")
    name = sheet.relative_to(public).as_posix()
    return {(name, "link")}


def redirects(public: Path) -> set[tuple[str, str]]:
    rules = (
        "# /a /sub/gone.html",
        "/a /sub/gone.html 301",
        "/b/:n /sub/item/:n.html",
        "/c https://b.example/",
    )
    (public / "_redirects").write_text("\n".join(rules))
    return {("_redirects", "link")}


BREAKS = (orphan, orphan_family, same_name, odd_names, not_files, encoding, old_packed, styles, redirects)


@pytest.mark.parametrize("breaks", BREAKS, ids=lambda breaks: str(breaks.__name__))
def test_files_that_are_wrong_are_named(public: Path, breaks: Callable[[Path], set[tuple[str, str]]]) -> None:
    expected = breaks(public)
    assert {(fault.file, fault.kind) for fault in look(public).faults} == expected


def test_a_page_that_is_gone_is_missed_wherever_it_was_named(public: Path) -> None:
    (public / "item/3.html").unlink()
    name = re.compile(r"item/3\.html|[\"']3\.html")
    naming = {
        path.relative_to(public).as_posix()
        for path in public.rglob("*")
        if path.suffix in {".html", ".xml"} and name.search(path.read_text("utf-8"))
    }
    faults = look(public).faults
    assert {fault.file for fault in faults} == naming >= {"item/1.html", "sitemap.xml"}
    assert {fault.kind for fault in faults} == {"link"}
    assert all(name.search((public / one.file).read_text().splitlines()[one.line - 1]) for one in faults)


def test_pages_that_are_not_ours_are_judged_and_need_no_links(public: Path) -> None:
    foreign = "<!doctype html><html lang=en><meta charset=utf-8><title>a</title><p>a<p><a href=gone>b</a>\n"
    (public / "google1234.html").write_text(foreign)
    faults = look(public).faults
    assert [(one.kind, one.is_note) for one in faults] == [("orphan", True), ("link", False)]


def test_what_people_wrote_is_a_note(public: Path) -> None:
    change(public / "item/3.html", "<i>reply</i>", "a\x02b")
    assert [(one.kind, one.is_note) for one in look(public).faults] == [("sign", True)]


# limits


def test_the_limits_of_hosts_are_counted_exactly(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [path for path in public.rglob("*") if path.is_file()]
    entries = [*public.rglob("*")]
    size = sum(path.stat().st_size for path in files)
    in_folder = max(sum(file.parent == folder for file in files) for folder in [public, *entries])
    for host, at, beyond in (
        ("cloudflare", Host(files=len(files)), Host(files=len(files) - 1)),
        ("gitlab", Host(entries=len(entries)), Host(entries=len(entries) - 1)),
        ("github", Host(bytes=size), Host(bytes=size - 1)),
        ("netlify", Host(files_in_a_folder=in_folder), Host(files_in_a_folder=in_folder - 1)),
    ):
        for limits, count in ((at, 0), (beyond, 1)):
            monkeypatch.setitem(cast(dict[str, Host], HOSTS), host, limits)
            assert [one.kind for one in look(public, host=host).faults] == ["limit"] * count


def test_a_file_over_the_limit_is_named(public: Path) -> None:
    with (public / "all.zip").open("wb") as file:
        file.truncate(25 * 1024**2 + 1)
    (fault,) = look(public, host="cloudflare").faults
    assert (fault.file, fault.kind) == ("all.zip", "limit")
    assert fault.message.startswith("26.2 MB, and cloudflare takes 25 MiB")
    assert look(public, host="netlify").faults == ()
    assert look(public).faults == ()


def test_rules_beyond_what_a_host_reads_are_told(public: Path) -> None:
    (public / "_headers").write_text("# of all\n" + "".join(f"/{n}\n  X-A: b\n" for n in range(101)))
    (fault,) = look(public, host="cloudflare").faults
    assert (fault.file, fault.line, fault.kind) == ("_headers", 202, "limit")


def test_the_host_of_the_settings_counts(public: Path) -> None:
    with (public / "all.zip").open("wb") as file:
        file.truncate(25 * 1024**2 + 1)
    config = parse_config("host = 'cloudflare'", public.parent)
    assert [one.file for one in check(config, jobs=1).faults] == ["all.zip"]
    assert check(config, "netlify", jobs=1).faults == ()


# the rest


def test_no_site_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        look(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"no index\.html"):
        look(tmp_path / "empty")


def test_workers_find_the_same(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(public / "item/1.html", 'href="../index.html"', 'href="../Index.html"')
    (public / "user/ann.html").unlink()
    alone = look(public)
    monkeypatch.setattr("hnsite.check.BATCH", 10_000)
    assert check(parse_config(f"base_url = '{BASE}'", public.parent), jobs=2) == alone
    assert len(alone.faults) > 5


def test_the_front_page_alone_leads_everywhere(public: Path) -> None:
    """Without its links nothing is reached, and each page says so."""
    front = public / "index.html"
    front.write_text(re.sub(r' href="(?!static)[^"]*"', "", front.read_text()))
    lost = {fault.file for fault in look(public).faults if fault.kind == "orphan"}
    pages = {path.relative_to(public).as_posix() for path in public.rglob("*.html")}
    assert pages - lost <= {"index.html", "404.html", *FINDERS}


@pytest.fixture
def run(public: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command beside the site; gives its status, and what it prints."""
    monkeypatch.chdir(public.parent)

    def command(*arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(cli, ["check", *arguments])
        status = 2 if isinstance(done.exception, UsageError) else done.exit_code
        return status, done.stdout, str(done.exception)

    return command


def test_what_is_found_is_printed_line_by_line(run: Run, public: Path) -> None:
    status, out, _ = run("--base-url", BASE)
    assert status == 0
    assert re.fullmatch(r"\d+ pages, \d+ links, \d+ files: no findings\n", out)
    for number in range(30):
        change(public / "item/1.html", "<main", f'<a href="gone{number}">a</a>\n<main')
    status, out, _ = run("--base-url", BASE)
    assert status == 1
    *lines, summary = out.splitlines()
    assert len(lines) == 30, "all are told"
    assert re.fullmatch(
        r"public/item/1\.html:\d+: link: 'gone0' leads nowhere: item/gone0 is not there", lines[0]
    )
    assert summary.endswith(": 30 findings")


def test_json_says_the_same(run: Run, public: Path) -> None:
    assert run("--base-url", BASE, "--json")[:2] == (0, "[]\n")
    line = change(public / "item/1.html", 'href="../index.html"', 'href="../Index.html"')
    (public / "alone.html").write_text("<!doctype html><html lang=en><meta charset=utf-8><title>a</title>")
    status, out, _ = run("--base-url", BASE, "--json")
    assert status == 1
    first, second = json.loads(out)
    assert list(first) == ["file", "line", "kind", "message", "note"]
    assert [first[key] for key in ("file", "line", "kind", "note")] == [
        "public/alone.html",
        0,
        "orphan",
        True,
    ]
    assert [second[key] for key in ("file", "line", "kind", "note")] == [
        "public/item/1.html", line, "link", False
    ]  # fmt: skip
    assert "index.html" in second["message"]


def test_wrong_usage_is_told(run: Run) -> None:
    for arguments in (["-o", "nowhere"], ["--host", "geocities"], ["-c", "gone.toml"]):
        status, _, said = run(*arguments)
        assert (status, arguments[1] in said) == (2, True)


def test_the_help_names_every_host() -> None:
    out = CliRunner().invoke(cli, ["check", "--help"]).stdout
    assert all(host in out for host in HOSTS)


def test_a_build_warns_of_the_same_before_it_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast(dict[str, Host], HOSTS), "netlify", Host(files_in_a_folder=3))
    site = Site(tmp_path / "site", dump=DUMP)
    site.settings = "host = 'netlify'"
    said: list[str] = []

    def tell(line: str) -> None:
        said.append(line)
        assert not site.public.exists()

    build(site.config, jobs=1, tell=tell)
    assert re.search(r"warning: about \d files in one folder, and netlify takes 3", "\n".join(said))
    told = {fault.file for fault in check(site.config, jobs=1).faults if fault.kind == "limit"}
    assert "item/" in told


@pytest.mark.slow
def test_a_link_checker_of_others_finds_the_same(public: Path) -> None:
    """LinkChecker, over HTTP: nothing on a good site, and else what links lead to that is not there."""
    program = shutil.which("linkchecker", path=str(Path(sys.executable).parent))
    if not program:
        pytest.skip("LinkChecker is not installed")

    def broken() -> set[str]:
        with served(public, with_headers=False) as address:
            options = ["--no-status", "--no-robots", "--no-warnings", "-o", "csv"]
            done = subprocess.run(
                [program, *options, f"{address}/index.html"], capture_output=True, text=True
            )
        rows = [line.split(";") for line in done.stdout.splitlines() if line and line[0] != "#"][1:]
        return {row[7].removeprefix(f"{address}/").partition("#")[0] for row in rows}

    assert broken() == set()
    (public / "item/3.html").unlink()
    change(public / "users.html", 'href="index.html"', 'href="Index.html"')
    led = [re.search(r"nowhere: (\S+) is", one.message) for one in look(public).faults if "html" in one.file]
    assert broken() == {one[1] for one in led if one} == {"item/3.html", "Index.html"}
