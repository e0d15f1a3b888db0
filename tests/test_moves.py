"""Moving in: few steps that are ready before the first, and whatever else is in the folders stays."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from test_output import NEW, OLD, Builder

from hnsite import moves as module
from hnsite.moves import Moves, uninterrupted

MANY = {f"item/{id}.html": f"{id}" for id in range(40)}
MORE = {f"item/{id}.html": f"more {id}" for id in range(20, 60)}


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    return Builder(tmp_path)


def watch(patch: pytest.MonkeyPatch, before: Callable[[], object] = lambda: None) -> list[list[str]]:
    """Notes the steps of each publishing; ``before`` is called before the first."""
    noted = []
    run = Moves.run

    def watched(moves: Moves) -> None:
        before()
        steps = [*moves._new, *moves._grown, *moves._changed, *moves._shrunk, *moves._gone]
        noted.append([step[0].__name__.strip("_") for step in steps])
        run(moves)

    patch.setattr(Moves, "run", watched)
    return noted


def needs_exchange(folder: Path) -> None:
    if not module._can_exchange(f"{folder}/"):
        pytest.skip("files cannot be exchanged here")


def test_however_many_files_come_and_go_there_are_two_steps_a_folder(
    builder: Builder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    needs_exchange(tmp_path)
    noted = watch(monkeypatch)
    builder.build({"index.html": "1", **MANY})
    builder.build({"index.html": "2", **MORE})
    assert builder.published() == {"index.html": "2", **MORE}
    builder.build({"index.html": "2"})
    assert noted == [["exchange"] * 3, ["exchange"]]
    assert builder.published() == {"index.html": "2"}


def test_what_is_not_there_comes_as_a_whole(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = watch(monkeypatch)
    builder.folder.mkdir()
    builder.build(MANY)
    assert noted == [["replace"]]
    assert builder.published() == MANY


@pytest.mark.parametrize("lack", ["_can_exchange", "os.link"])
def test_systems_that_cannot_exchange_or_link_move_file_by_file(
    builder: Builder, monkeypatch: pytest.MonkeyPatch, lack: str
) -> None:
    def refuse(*_: object) -> bool:
        raise PermissionError(1, "no links here")

    if lack == "os.link":
        monkeypatch.setattr("os.link", refuse)
    else:
        monkeypatch.setattr(module, lack, lambda work: False)
    for site in ({**OLD, **MANY}, {**NEW, **MORE}, OLD, {"item/a/b/1.html": "deep"}):
        builder.build(site)
        assert builder.published() == site


def test_a_step_that_fails_is_made_up_for(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    builder.build({**OLD, **MANY})

    def refuse(one: str, other: str) -> None:
        raise PermissionError(1, "not yours", other)

    with monkeypatch.context() as patch:
        patch.setattr(module, "_exchange", refuse)
        patch.setattr(module, "_can_exchange", lambda work: True)
        builder.build({**NEW, **MORE})
    assert builder.published() == {**NEW, **MORE}


def test_what_comes_into_a_folder_in_the_last_moment_stays(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.build(MANY)
    late = builder.folder / "item/late.txt"
    watch(monkeypatch, lambda: late.write_text("theirs"))
    builder.build(MORE)
    assert builder.published() == {**MORE, "item/late.txt": "theirs"}


def test_what_is_written_anew_in_the_last_moment_stays(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.build(MANY)
    theirs, edited = builder.folder / "item/theirs.txt", builder.folder / "item/edited"
    theirs.write_text("old")

    def save() -> None:  # as editors do
        edited.write_text("new")
        edited.replace(theirs)

    watch(monkeypatch, save)
    builder.build(MORE)
    assert builder.published() == {**MORE, "item/theirs.txt": "new"}


@pytest.mark.parametrize("before", [{}, {"item/gone.html": "", "item/too.html": ""}])
@pytest.mark.parametrize("beside", [{}, MORE])
@pytest.mark.parametrize("path", ["item/map/0.js", "item/a/b/0.js"])
def test_folders_come_into_folders_that_are_exchanged(
    builder: Builder, before: dict[str, str], beside: dict[str, str], path: str
) -> None:
    builder.build({**MANY, **before})
    site = {**MANY, **beside, path: "new"}
    builder.build(site)
    assert builder.published() == site


def test_folders_keep_their_rights_and_their_links(builder: Builder, tmp_path: Path) -> None:
    builder.build({**MANY, "user/1.html": "1", "user/2.html": "2"})
    (builder.folder / "item").chmod(0o750)
    (builder.folder / "user").rename(tmp_path / "elsewhere")
    (builder.folder / "user").symlink_to(tmp_path / "elsewhere")
    inode = builder.folder.stat().st_ino
    builder.build({**MORE, "user/1.html": "one", "user/3.html": "3"})
    assert (builder.folder / "item").stat().st_mode & 0o777 == 0o750
    assert (builder.folder / "user").is_symlink()
    assert sorted(path.name for path in (tmp_path / "elsewhere").iterdir()) == ["1.html", "3.html"]
    assert builder.folder.stat().st_ino == inode


def test_files_that_stay_are_the_same_files(builder: Builder) -> None:
    builder.build(MANY)
    kept = builder.folder / "item/1.html"
    before = kept.stat()
    builder.build({**MORE, "item/1.html": "1"})
    after = kept.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_nlink) == (before.st_ino, before.st_mtime_ns, 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_stops_a_build_waits_for_the_moves(number: int) -> None:
    came: list[int] = []
    before = signal.signal(number, lambda number, _: came.append(number))
    try:
        with uninterrupted():
            os.kill(os.getpid(), number)
            assert came == []
        assert came == [number]
    finally:
        signal.signal(number, before)
