"""What lies in the output folder and is not hnsite's."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Container, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from small_site import STORY, Site, api, lose
from test_output import Crash
from trust import foreign as trust

from hnsite import build, foreign
from hnsite.errors import BuildError
from hnsite.mark import GENERATOR, Seen, is_marked, marked, see
from hnsite.moves import Moves

DEFAULT = Path(__file__).parents[1] / "themes" / "default"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path, **{"1.json": [STORY, api(id=2, parent=1, text="Words to find.")]})


def test_random_histories() -> None:
    lost = [trial for trial in trust.trials(24) if trial.fault]
    assert lost == []


def test_it_is_named_once(site: Site) -> None:
    site.public.mkdir()
    (site.public / "CNAME").write_text("example.org")
    (site.public / "photos").mkdir()
    (site.public / "photos/one.jpg").write_text("")
    assert site.build().foreign == ("CNAME", "photos/")
    assert site.build().foreign == ()
    assert site.build(clean=True).foreign == ()
    time.sleep(0.02)
    (site.public / "item/mine.html").write_text("")
    assert site.build().foreign == ("item/mine.html",)
    assert site.build().foreign == ()


def test_folders_that_did_not_change_are_not_listed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build()
    looked: list[str] = []
    listed = foreign._listed

    def noted(root: str, folders: Collection[str], ours: Container[str]) -> Iterator[str]:
        looked.extend(folders)
        return listed(root, folders, ours)

    monkeypatch.setattr(foreign, "_listed", noted)
    site.build()
    site.write("9.json", [api(id=9, type="story", title="T")])
    site.build()
    assert looked == []
    time.sleep(0.02)
    (site.public / "item/mine").write_text("")
    site.build()
    assert looked == ["item"]


def test_what_came_after_a_kill_is_not_written_over_by_what_that_build_staged(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(moves: Moves) -> NoReturn:
        raise Crash

    site.build()
    site.write("9.json", [api(id=9, type="story", title="T"), api(id=10, parent=9, text="x")])
    with monkeypatch.context() as dead:
        dead.setattr(Moves, "run", die)
        dead.setattr("hnsite.output.Output.discard", lambda output: None)
        with pytest.raises(Crash):
            site.build()
    time.sleep(0.02)
    (site.public / "item/9.html").write_text("mine")
    with pytest.raises(BuildError, match=r"public/item/9\.html;"):
        site.build()
    assert (site.public / "item/9.html").read_text() == "mine"
    (site.public / "item/9.html").unlink()
    assert site.build().written > 0
    assert b"mine" not in site.pages()["item/9.html"]


def test_what_stands_where_a_page_goes_stops_the_build(site: Site) -> None:
    site.build()
    before = site.pages()
    time.sleep(0.02)
    (site.public / "item/9.html").write_text("mine")
    (site.public / "item/10.html").mkdir()
    site.write("9.json", [api(id=9, type="story", title="T"), api(id=10, parent=9, text="x")])
    for clean in (False, True):
        with pytest.raises(BuildError, match=r"public/item/10\.html, public/item/9\.html; move away"):
            site.build(clean=clean)
    assert site.pages() == {**before, "item/9.html": b"mine"}
    (site.public / "item/9.html").unlink()
    (site.public / "item/10.html").rmdir()
    site.build()
    assert b"mine" not in site.pages()["item/9.html"]


def test_before_the_first_build_too(site: Site) -> None:
    site.public.mkdir()
    (site.public / "index.html").write_text("mine")
    (site.public / "user").write_text("a file")
    with pytest.raises(BuildError, match=r"public/index\.html, public/user;"):
        site.build()
    assert site.pages() == {"index.html": b"mine", "user": b"a file"}


@pytest.mark.parametrize("is_first", [True, False])
def test_what_comes_while_pages_are_made_stops_the_build_too(
    site: Site, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    if not is_first:
        site.build()
        site.write("9.json", [api(id=9, type="story", title="T")])
        time.sleep(0.02)
    theirs = site.public / "item/9.html" if not is_first else site.public / "index.html"
    publish = build.publish

    def late(*all_: Any) -> Any:
        theirs.parent.mkdir(parents=True, exist_ok=True)
        theirs.write_text("theirs")
        return publish(*all_)

    with monkeypatch.context() as patch:
        patch.setattr(build, "publish", late)
        with pytest.raises(BuildError, match="in the way"):
            site.build()
    assert theirs.read_text() == "theirs"
    theirs.unlink()
    site.build()
    assert "theirs" not in theirs.read_text()


def test_a_folder_that_is_a_link_is_not_written_through(site: Site, tmp_path: Path) -> None:
    site.build()
    (tmp_path / "mine").mkdir()
    lose(site.public / "user")
    (site.public / "user").symlink_to(tmp_path / "mine")
    with pytest.raises(BuildError, match="public/user;"):
        site.build()
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_pipe_is_not_waited_for(site: Site) -> None:
    site.public.mkdir()
    os.mkfifo(site.public / "index.html")
    with pytest.raises(BuildError, match=r"public/index\.html;"):
        site.build()


def test_the_very_bytes_are_fine(site: Site) -> None:
    site.build()
    pages = site.pages()
    lose(site.root / ".cache")
    report = site.build()
    assert (report.written, report.foreign, report.leftover) == (0, (), ())
    assert site.pages() == pages


THEMES: list[Callable[[Site], None]] = [
    lambda site: None,
    lambda site: site.put_theme(
        "base.html", (DEFAULT / "base.html").read_text().replace(GENERATOR.decode(), "")
    ),
]


@pytest.mark.parametrize("theme", THEMES, ids=["default", "without the mark"])
@pytest.mark.parametrize("permalinks", ["pages", "anchors"])
def test_without_the_manifest_all_of_ours_is_known_by_its_mark(
    site: Site, theme: Callable[[Site], None], permalinks: str
) -> None:
    theme(site)
    site.settings = f"permalinks = '{permalinks}'"
    site.build()
    unknown = {path for path, content in site.pages().items() if not is_marked(path, content)}
    assert {path.split("/")[0] for path in unknown} == {"static"}
    for path in site.public.rglob("*.*"):  # other bytes, as another version of hnsite would have made
        if "static" not in path.parts:
            path.write_bytes(path.read_bytes() + b" ")
    lose(site.root / ".cache")
    site.build()
    assert not [path for path, content in site.pages().items() if content.endswith(b" ")]


def test_what_is_left_over_is_told_and_stays(site: Site) -> None:
    site.write("9.json", [api(id=9, type="story", title="T")])
    site.build()
    lose(site.root / ".cache")
    site.remove("9.json")
    (site.public / "mine").write_text("")
    report = site.build()
    assert "item/9.html" in report.leftover
    assert report.foreign == ("mine",)
    assert site.build().leftover == ()
    assert (site.public / "item/9.html").exists()


def test_what_took_the_place_of_a_page_that_goes_stays(site: Site) -> None:
    site.write("9.json", [api(id=9, type="story", title="T"), api(id=10, parent=9, text="x")])
    site.build()
    time.sleep(0.02)
    for name in ("9", "10"):
        (site.public / f"item/{name}.html").unlink()
    (site.public / "item/9.html").write_text("mine")
    (site.public / "item/10.html").symlink_to("1.html")
    site.remove("9.json")
    report = site.build()
    assert report.foreign == ("item/10.html", "item/9.html")
    assert (site.public / "item/9.html").read_text() == "mine"


def test_the_mark_goes_to_the_head() -> None:
    for before, after in (
        ("<!doctype html>\n<html lang=en><head>", "<title>"),
        ("<!-- c -->\n<!DOCTYPE html>", "<p>"),
        ("<html>", "<body><header>"),
    ):
        page = f"{before}{after}".encode()
        assert marked(page) == before.encode() + GENERATOR + after.encode()
        assert marked(marked(page)) == marked(page)
    assert marked(b"<p>x") == b"<p>x"


def test_what_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "x"
    assert see("", f"{path}", b"x") is Seen.NOTHING
    for content, seen in (
        (b"x", Seen.SAME),
        (GENERATOR, Seen.MARKED),
        (b"y", Seen.STRANGE),
        (b"", Seen.STRANGE),
    ):
        path.write_bytes(content)
        assert see("", f"{path}", b"x") is seen
    assert see("", f"{path}/y", b"x") is Seen.NOTHING
    path.unlink()
    path.symlink_to("y")
    assert see("", f"{path}", b"x") is Seen.STRANGE
