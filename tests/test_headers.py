"""What hosts are told to send, and whose the files are that tell them."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from small_site import STORY, THEIRS, Site, api, check, lose

from hnsite.config import parse_config
from hnsite.headers import ASKED_AGAIN, ATOM, FOR_EVER, JSON, SECURITY, headers_of, host_files, rules

ROOT = Path(__file__).resolve().parents[1]
EVERYTHING = "base_url = 'https://example.org/archive/'\nfeeds = 'threads'\napi = true\n"
FILES = {"_headers", "_redirects", ".nojekyll"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site", **{"1.json": [STORY, api(id=2, parent=1, text="Words to find.")]})


def host_files_of(settings: str) -> dict[str, str]:
    return {path: text.decode() for path, text in host_files(parse_config(settings, Path()))}


@pytest.mark.parametrize("file", ["netlify.toml", "hnsite/starter/netlify.toml"])
def test_netlify_toml_says_the_same(file: str) -> None:
    told = tomllib.loads((ROOT / file).read_text("utf-8"))["headers"]
    table = {rule.path: rule.headers for rule in rules(parse_config("feeds = 'none'", Path()))}
    assert {rule["for"]: rule["values"] for rule in told} == table


def test_the_header_is_as_strict_as_what_pages_say_of_themselves() -> None:
    page = (ROOT / "themes/default/base.html").read_text("utf-8")
    policy = SECURITY["Content-Security-Policy"].split("; ")
    own = page.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0].split("; ")
    assert set(policy) == {*own, "frame-ancestors 'none'"}  # which only a header can say
    assert "unsafe" not in page


@pytest.mark.parametrize("settings", ["", EVERYTHING])
def test_no_header_is_said_twice_of_one_path(settings: str) -> None:
    """Cloudflare would join the values; it takes 100 rules of 2,000 characters a line."""
    config = parse_config(settings, Path())
    said = [[*rule.headers] for rule in rules(config) if rule.path == "/*"]
    others = {name for rule in rules(config) if rule.path != "/*" for name in rule.headers}
    assert len(said) == 1 and not others.intersection(said[0])
    lines = host_files_of(settings)["_headers"].splitlines()
    assert sum(line.startswith("/") for line in lines) < 100
    assert max(map(len, lines)) < 2000


@pytest.mark.parametrize(
    "path, header, value",
    [
        ("/archive/static/0123abcd/style.css", "Cache-Control", FOR_EVER),
        ("/archive/item/1.html", "Cache-Control", ASKED_AGAIN),
        ("/feed.xml", "Content-Type", ATOM),
        ("/archive/user/ann.xml", "Content-Type", ATOM),
        ("/archive/item/1.xml", "Content-Type", ATOM),
        ("/archive/v0/item/1.json", "Content-Type", JSON),
        ("/archive/v0/item/1.json", "Access-Control-Allow-Origin", "*"),
        ("/archive/sitemap.xml", "Content-Type", None),
        ("/archive/item/1.html", "X-Content-Type-Options", "nosniff"),
    ],
)
def test_headers_of_one_path(path: str, header: str, value: str | None) -> None:
    assert headers_of(path, parse_config(EVERYTHING, Path())).get(header) == value


@pytest.mark.parametrize(
    "settings, files",
    [
        ("", FILES),
        ("permalinks = 'anchors'", FILES - {"_redirects"}),
        ("host = 'netlify'", {"_headers", "_redirects"}),
        ("host = 'cloudflare'", {"_headers"}),
        ("host = 'github'", {".nojekyll"}),
        ("host = 'gitlab'", set()),
        ("host = 's3'", set()),
    ],
)
def test_each_host_gets_what_it_reads(site: Site, tmp_path: Path, settings: str, files: set[str]) -> None:
    site.build()
    site.settings = settings
    check(site, Site(tmp_path / "other"))
    assert FILES.intersection(site.pages()) == files == host_files_of(settings).keys()


def test_redirects_lead_to_the_path_of_the_address() -> None:
    assert "\n/item id=:id /item/:id.html 302!\n" in host_files_of("")["_redirects"]
    text = host_files_of("base_url = 'https://example.org/old archive'")["_redirects"]
    assert "\n/old%20archive/item id=:id /old%20archive/item/:id.html 302!\n" in text


@pytest.mark.parametrize("is_first", [True, False])
def test_a_file_of_somebodys_own_stays(site: Site, tmp_path: Path, is_first: bool) -> None:
    """And none of ours is missed, until it goes."""
    if not is_first:
        site.build()
        time.sleep(0.02)
    site.public.mkdir(exist_ok=True)
    lose(site.public / "_headers")
    (site.public / "_headers").write_bytes(THEIRS)
    assert site.build().foreign == ("_headers",)
    site.write("9.json", [api(id=9, type="story", title="T")])
    assert site.build().foreign == ()
    site.build(clean=True)
    assert site.pages()["_headers"] == THEIRS
    lose(site.root / ".cache")
    site.build()
    site.settings = "host = 's3'"
    site.build()
    assert site.pages()["_headers"] == THEIRS
    site.settings = ""
    site.build()
    lose(site.public / "_headers")
    check(site, Site(tmp_path / "other"))
    assert "_headers" in site.pages()


def test_one_that_came_from_us_is_kept_up_to_date(site: Site, tmp_path: Path) -> None:
    site.build()
    lose(site.root / ".cache")
    site.settings = EVERYTHING
    assert site.build().foreign == ()
    check(site, Site(tmp_path / "other"))
