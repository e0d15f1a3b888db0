"""The compressed files beside text files: right, the same everywhere, and gone with them."""

from __future__ import annotations

import gzip
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

import brotli
import pytest
from small_site import NAMES, STORY, THEIRS, WORDS, Fate, Site, api, check, lose, swap
from test_output import Crash

from hnsite import compress
from hnsite.build import build
from hnsite.compress import TEXT, beside, compressed, original, suffixes
from hnsite.config import parse_config

ON = "precompress = true\n"
OPEN = {".gz": gzip.decompress, ".br": brotli.decompress}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site", **{"1.json": [STORY, api(id=2, parent=1, text="Words to find.")]})
    site.settings = ON
    return site


def made_right(pages: Mapping[str, bytes]) -> None:
    """Each text file has both beside it, which hold just that, and nothing else has any."""
    packed = {path for path in pages if path.endswith((".gz", ".br"))}
    assert packed == {path + suffix for path in pages if path.endswith(TEXT) for suffix in OPEN}
    for path in packed:
        assert OPEN[path[-3:]](pages[path]) == pages[original(path)]


def test_each_text_file_has_both(site: Site, tmp_path: Path) -> None:
    site.build()
    made_right(site.pages())
    check(site, Site(tmp_path / "other"))
    assert any(path.startswith("static/") and path.endswith(".css.br") for path in site.pages())
    assert "_headers.gz" not in site.pages()


def test_none_are_made_unless_asked_for(site: Site) -> None:
    site.settings = ""
    site.build()
    assert not [path for path in site.pages() if path.endswith((".gz", ".br"))]


def test_they_are_no_pages(site: Site) -> None:
    rendered = site.build().rendered
    site.settings = ""
    assert site.build(clean=True).rendered == rendered


def test_the_same_bytes_everywhere() -> None:
    made = compressed(b"<p>Text", ".gz")
    assert made[:10] == b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"  # no name, no time, best, any system
    assert gzip.decompress(made) == b"<p>Text"


def test_they_go_with_the_setting_and_come_again(site: Site, tmp_path: Path) -> None:
    other = Site(tmp_path / "other")
    check(site, other)
    site.settings = ""
    check(site, other)
    assert not [path for path in site.pages() if path.endswith((".gz", ".br"))]
    site.settings = ON
    check(site, other)
    made_right(site.pages())


def test_they_go_with_their_page(site: Site, tmp_path: Path) -> None:
    site.write("9.json", [api(id=9, type="story", title="T", by="zoe")])
    site.build()
    site.remove("9.json")
    check(site, Site(tmp_path / "other"))
    assert not [path for path in site.pages() if path.startswith(("item/9.", "user/zoe"))]


@pytest.mark.parametrize("path", ["item/2.html.gz", "user/ann.html.br", "index.html.gz", "404.html.br"])
@pytest.mark.parametrize("how", ["lost", "changed"])
def test_one_that_is_missing_or_was_replaced_is_made_again(site: Site, path: str, how: str) -> None:
    site.build()
    before = site.pages()
    time.sleep(0.02)
    lose(site.public / path) if how == "lost" else swap(site.public / path, "mine")
    site.build()
    assert site.pages() == before


def test_without_the_manifest_they_are_known_by_what_they_stand_beside(site: Site, tmp_path: Path) -> None:
    site.build()
    for path in site.public.rglob("*.html*"):
        path.write_bytes(path.read_bytes() + b" ")
    lose(site.root / ".cache")
    assert site.build().foreign == ()
    check(site, Site(tmp_path / "other"))
    made_right(site.pages())


def test_what_took_the_place_of_one_that_goes_stays(site: Site) -> None:
    site.write("9.json", [api(id=9, type="story", title="T")])
    site.build()
    time.sleep(0.02)
    lose(site.public / "item/9.html")
    swap(site.public / "item/9.html.gz", THEIRS.decode())
    site.remove("9.json")
    site.build()
    assert site.pages()["item/9.html.gz"] == THEIRS
    assert "item/9.html.br" not in site.pages()


def test_random_edits(site: Site, tmp_path: Path) -> None:
    random = Random(7)
    other = Site(tmp_path / "other")
    for _ in range(4):
        name = random.choice(["1.json", "7.json", "8.json"])
        if random.random() < 0.2 and name != "1.json":
            lose(site.root / "content" / name)
        else:
            first = 100 * int(name[0])
            story = api(id=first, type="story", title=random.choice(WORDS), by=random.choice(NAMES))
            comments = [
                api(id=first + n, parent=first, text=random.choice(WORDS), by=random.choice(NAMES))
                for n in range(1, random.randrange(2, 9))
            ]
            site.write(name, [story, *comments])
        site.settings = random.choice([ON, ON, "", f"{ON}permalinks = 'anchors'"])
        check(site, other)
        if site.settings.startswith(ON):
            made_right(site.pages())


@pytest.mark.slow
@pytest.mark.parametrize("settings", [ON, ""])
def test_a_build_that_was_killed_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str
) -> None:
    """At some changes of the disk; the setting is turned on, or off, by the build that is killed."""
    fate, other = Fate(monkeypatch), Site(tmp_path / "other")
    for changes in (5, 40, 65, 85, 110):
        site = Site(tmp_path / f"{changes}", **{"1.json": [STORY, api(id=2, parent=1, text="Words")]})
        site.settings = "" if settings else ON
        site.build()
        site.settings = settings
        with fate.kills_after(changes, monkeypatch), suppress(Crash):
            site.build()
        check(site, other)


def test_without_brotli_there_is_a_note(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build()
    monkeypatch.setattr(compress, "find_spec", lambda name: None)
    said: list[str] = []
    build(site.config, jobs=1, tell=said.append)
    assert said == ["note: only .gz files are made; for .br files too: pip install 'hnsite[br]'"]
    assert {path[-3:] for path in site.pages() if not path.endswith(TEXT)} & {*OPEN} == {".gz"}
    check(site, Site(tmp_path / "other"))


@pytest.mark.parametrize(
    "path, own",
    [
        ("a.html.gz", "a.html"),
        ("a.tar.gz", "a.tar.gz"),
        ("a.html", "a.html"),
        (".gz", ".gz"),
        ("x.br", "x.br"),
    ],
)
def test_what_a_compressed_file_stands_beside(path: str, own: str) -> None:
    assert original(path) == own


def test_which_files_have_some() -> None:
    assert beside("item/1.html", (".gz", ".br")) == ["item/1.html.gz", "item/1.html.br"]
    assert beside("photo.png", (".gz", ".br")) == []
    assert suffixes(parse_config("", Path())) == ()
    assert suffixes(parse_config(ON, Path())) == (".gz", ".br")


def test_a_build_counts_them_before_it_writes(site: Site) -> None:
    said: list[str] = []
    site.settings = f"{ON}host = 'cloudflare'"
    report = build(site.config, jobs=1, tell=said.append)
    assert abs(int(said[-1].split()[1]) - report.written) < 30
