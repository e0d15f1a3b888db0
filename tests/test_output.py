"""Publishing: whole or not at all, and nothing of others."""

from __future__ import annotations

import itertools
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

from hnsite.errors import BuildError
from hnsite.output import Change, Output, Tally

Site = Mapping[str, str]
OLD = {"index.html": "old front", "item/1.html": "one", "user/ann.html": "ann", "user/bob.html": "bob"}
NEW = {"index.html": "the new front", "item/1.html": "one", "item/2.html": "two", "user/ann.html": "Ann!"}


class Crash(BaseException):
    """The process is gone: nothing after it runs."""


class Builder:
    """Builds small sites into one folder, as separate runs of hnsite would."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "public"
        self.known: set[str] = set()

    def stage(self, site: Site, *, clean: bool = False) -> Output:
        output = Output(self.folder, clean=clean)
        output.prepare()
        for path, text in site.items():
            output.stage(path, text.encode())
        return output

    def publish(self, output: Output, site: Site) -> Change:
        """As a build does: what is known to be there is brought up to date behind the publishing."""
        self.known |= site.keys()
        change = output.publish(output.tally.take().staged, self.known - site.keys())
        self.known = {*site}
        return change

    def build(self, site: Site, *, clean: bool = False) -> Change:
        return self.publish(self.stage(site, clean=clean), site)

    def published(self) -> dict[str, str]:
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_text() for path in files}


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    return Builder(tmp_path)


WATCHING: list[Disk] = []


@cache
def hook_once() -> None:
    """One hook for the rest of the process: none can be taken away, and each makes everything slower."""

    def tell(event: str, args: tuple[object, ...]) -> None:
        for disk in WATCHING:
            disk.watch(event, args)

    sys.addaudithook(tell)


class Disk:
    """Counts every change of the disk and can refuse the nth, by the audit events that Python raises."""

    CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "hnsite.exchange")

    def __init__(self) -> None:
        self.left: int | None = None
        hook_once()

    def watch(self, event: str, args: tuple[object, ...]) -> None:
        assert self.left is not None
        writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        if event in self.CHANGES or writes:
            self.left -= 1
            if self.left < 0:
                raise Crash

    @contextmanager
    def ends_after(self, changes: int) -> Iterator[None]:
        self.left = changes
        WATCHING.append(self)
        try:
            yield
        finally:
            WATCHING.remove(self)
            self.left = None


@pytest.fixture(scope="module")
def disk() -> Disk:
    return Disk()


# One build after another


def test_a_first_build_writes_everything(builder: Builder, tmp_path: Path) -> None:
    assert builder.build(OLD) == Change(written=4, deleted=0)
    assert builder.published() == OLD
    assert sorted(path.name for path in tmp_path.iterdir()) == ["public"]


def test_nothing_is_published_before_everything_is_staged(builder: Builder) -> None:
    builder.build(OLD)
    output = builder.stage(NEW)
    assert builder.published() == OLD
    output.discard()
    assert builder.published() == OLD
    assert builder.build(NEW).written == 3


def test_a_later_build_writes_what_changed_and_deletes_what_is_stale(builder: Builder) -> None:
    builder.build(OLD)
    assert builder.build(NEW) == Change(written=3, deleted=1)
    assert builder.published() == NEW
    assert builder.build(NEW) == Change(written=0, deleted=0)


def test_it_is_told_once_when_readers_see_the_new_site(builder: Builder) -> None:
    """Before what is needed no more is taken away; not where there is nothing to publish."""
    stage = builder.folder.parent / f".{builder.folder.name}.hnsite"
    seen: list[tuple[Site, bool]] = []
    for site in (OLD, NEW, NEW):
        output = builder.stage(site)
        gone = builder.published().keys() - site.keys()
        output.publish(output.tally.staged, gone, lambda: seen.append((builder.published(), stage.exists())))
    assert seen == [(OLD, True), (NEW, True)]


def test_unchanged_files_are_not_touched(builder: Builder) -> None:
    builder.build(OLD)
    one = builder.folder / "item/1.html"
    os.utime(one, (1, 1))
    builder.build(NEW)
    assert one.stat().st_mtime == 1


def test_a_clean_build_writes_every_file_again(builder: Builder) -> None:
    builder.build(OLD)
    (builder.folder / "item/1.html").write_text("eno")  # the same size
    assert builder.build(NEW, clean=True) == Change(written=4, deleted=1)
    assert builder.published() == NEW


def test_files_of_others_survive(builder: Builder) -> None:
    builder.build(OLD)
    for name in ("CNAME", "user/photo.jpg", ".well-known/security.txt"):
        (builder.folder / name).parent.mkdir(exist_ok=True)
        (builder.folder / name).write_text("theirs")
    builder.build({"index.html": "front"}, clean=True)
    assert sorted(builder.published()) == [
        ".well-known/security.txt",
        "CNAME",
        "index.html",
        "user/photo.jpg",
    ]


def test_files_from_before_the_first_build_survive(builder: Builder) -> None:
    builder.folder.mkdir()
    (builder.folder / "CNAME").write_text("theirs")
    builder.build(OLD)
    assert builder.published() == {**OLD, "CNAME": "theirs"}


def test_folders_that_become_empty_are_removed(builder: Builder) -> None:
    builder.build({"index.html": "", "a/b/c/one.html": "", "a/two.html": ""})
    builder.build({"index.html": "", "a/two.html": ""})
    assert [path.name for path in (builder.folder / "a").iterdir()] == ["two.html"]
    builder.build({"index.html": ""})
    assert [path.name for path in builder.folder.iterdir()] == ["index.html"]


def test_a_file_that_somebody_removed_or_cut_is_written_again(builder: Builder) -> None:
    builder.build(OLD)
    (builder.folder / "index.html").unlink()
    (builder.folder / "item/1.html").write_text("")
    assert builder.build(OLD).written == 2
    shutil.rmtree(builder.folder)
    assert builder.build(OLD).written == 4
    assert builder.published() == OLD


def test_only_what_is_said_to_be_stale_is_deleted(builder: Builder) -> None:
    builder.build(OLD)
    builder.known.clear()
    builder.build(NEW)
    assert builder.published() == {**OLD, **NEW}


def test_a_tally_counts_what_was_made_and_what_differs(builder: Builder) -> None:
    builder.build(OLD)
    output = builder.stage(NEW)
    assert output.tally == Tally(4, 3, sum(map(len, NEW.values())))
    assert output.tally.take().pages == 4
    assert output.tally == Tally()


def test_a_dry_output_counts_and_writes_nothing(tmp_path: Path) -> None:
    output = Output(tmp_path / "public", dry=True)
    output.stage("index.html", b"front")
    assert output.tally == Tally(1, 0, 5)
    assert not list(tmp_path.iterdir())


# What others do in the folder


def test_a_folders_time_tells_of_files_that_came_went_or_were_replaced(builder: Builder) -> None:
    output = builder.stage(OLD)
    builder.publish(output, OLD)
    known = output.folders([])
    assert known.keys() == {"", "item", "user"}
    for path in ("item/1.html", "user/ann.html"):
        before = Output(builder.folder).folders(known)
        (builder.folder / path).rename(builder.folder / path.replace(".html", ".old"))
        after = Output(builder.folder).folders(known)
        assert {folder for folder in known if before[folder] != after[folder]} == {path.split("/")[0]}


def test_a_folder_that_is_gone_has_no_time(builder: Builder) -> None:
    builder.build(OLD)
    shutil.rmtree(builder.folder / "item")
    assert Output(builder.folder).folders(["item"])["item"] == 0


def test_a_file_is_lost_when_it_is_missing_or_newer_than_the_build(builder: Builder) -> None:
    builder.build(OLD)
    output = Output(builder.folder)
    now = (builder.folder / "index.html").stat().st_mtime_ns
    assert not output.is_lost("index.html", now)
    assert output.is_lost("index.html", now - 1)
    assert output.is_lost("item/9.html", now)


# What can go wrong


@pytest.mark.parametrize("later", [NEW, OLD, {"index.html": "a third"}], ids=["again", "back", "other"])
@pytest.mark.parametrize("before", [OLD, None], ids=["over", "fresh"])
def test_a_crash_anywhere_is_mended_by_the_next_build(
    tmp_path: Path, disk: Disk, before: Site | None, later: Site
) -> None:
    for changes in itertools.count():
        builder = Builder(tmp_path / str(changes))
        if before is not None:
            builder.build(before)
        with suppress(Crash), disk.ends_after(changes):
            builder.build(NEW)
            assert changes > 12
            return
        builder.build(later)
        assert builder.published() == later, f"after a crash behind {changes} changes"


def test_a_build_that_never_comes_to_publishing_leaves_the_old_site(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.build(OLD)

    def full(path: str, content: bytes) -> NoReturn:
        raise BuildError("No space left on device", path)

    output = Output(builder.folder)
    output.prepare()
    output.stage("item/2.html", b"two")
    monkeypatch.setattr(output, "stage", full)
    with pytest.raises(BuildError):
        output.stage("index.html", b"front")
    output.discard()
    assert builder.published() == OLD
    builder.build(OLD)
    assert builder.published() == OLD


def test_a_page_that_does_not_fit_on_the_disk_is_never_cut(builder: Builder) -> None:
    """A disk that becomes full takes the beginning of a page and says so only at the next one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    output = Output(builder.folder)
    output.prepare()
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(BuildError, match="cannot be written"):
            output.stage("index.html", b"x" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_folder_in_the_way_of_a_page_stops_the_build(builder: Builder) -> None:
    builder.build({"index.html": "old"})
    (builder.folder / "item/1.html").mkdir(parents=True)
    with pytest.raises(BuildError, match=r"item/1\.html"):
        builder.build({"index.html": "new", "item/1.html": "one"})
    assert builder.published() == {"index.html": "old"}


@pytest.mark.parametrize("first", [b"one", b"another"])
def test_of_two_pages_with_one_address_one_is_kept_and_told(builder: Builder, first: bytes) -> None:
    output = builder.stage({})
    for content in (first, b"one" if first == b"another" else b"another"):
        output.stage("index.html", content)
    assert output.tally.doubled == ["index.html"]
    assert output.publish(output.tally.staged, ()) == Change(1, 0)
    assert builder.published() == {"index.html": "another"}


def test_a_file_of_others_in_the_way_of_a_folder_stops_the_build(builder: Builder) -> None:
    builder.build({"index.html": "old"})
    (builder.folder / "user").write_text("theirs")
    with pytest.raises(BuildError, match="user"):
        builder.build({"index.html": "new", "item/1.html": "one", "user/ann.html": "ann"})
    assert builder.published() == {"index.html": "old", "user": "theirs"}


def test_two_builds_at_once_leave_nothing_that_a_third_does_not_mend(builder: Builder) -> None:
    """`hnsite serve` builds whenever a file changes, also while somebody runs `hnsite build`."""
    builder.build({"index.html": "old"})
    new = {"index.html": "new"}
    one = builder.stage(new)
    with suppress(BuildError):
        builder.stage({"index.html": "old"})
    with suppress(BuildError):
        builder.publish(one, new)
    one.discard()
    builder.build(new)
    assert builder.published() == new


# Where the output may be


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system."""
    for other in filter(Path.is_dir, map(Path, ("/dev/shm", "/var/tmp", "/tmp"))):
        if other.stat().st_dev != tmp_path.stat().st_dev:
            with tempfile.TemporaryDirectory(dir=other) as folder:
                yield Path(folder)
            return
    pytest.skip("no other file system: /dev/shm and /tmp are one")


def test_the_output_may_lie_on_another_file_system(builder: Builder, elsewhere: Path) -> None:
    builder.folder = elsewhere / "public"
    for site in (OLD, NEW):
        builder.build(site)
        assert builder.published() == site


def test_the_output_may_be_a_link_to_another_file_system(builder: Builder, elsewhere: Path) -> None:
    """Or a mounted volume, which is the same to hnsite: the stage beside it lies on another disk."""
    builder.folder.symlink_to(elsewhere)
    for site in (OLD, NEW):
        builder.build(site)
        assert builder.published() == site
