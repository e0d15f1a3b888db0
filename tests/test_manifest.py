"""The manifest: what the site holds is what was published, whatever came to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hnsite.manifest import Entry, Made, Manifest, manifest_file
from hnsite.model import Author, Kind, Moment, Origin, Problem, State, Summary

PROBLEM = Problem(Origin("dump", 5), "odd")


@pytest.fixture
def manifest(tmp_path: Path) -> Iterator[Manifest]:
    with closing(Manifest(tmp_path / "public", tmp_path / "cache")) as opened:
        yield opened


def entry(author: str, number: int, *, time: int = 0, kind: str = "comment", html: str = "") -> Entry:
    return Entry(author, time, number, str(number), kind, "1", "A title", html)


def summary(id: str, time: int | None = None, comments: int = 1) -> Summary:
    created = None if time is None else Moment(time)
    return Summary(id, Kind.STORY, State.LIVE, f"Title {id}", None, None, "ann", created, comments)


def made(part: int, version: bytes = b"1", *, paths: Sequence[str] | None = None, **more: Any) -> Made:
    empty = Made(part, version, None, paths or [f"item/{part}.html"], (), (), {}, (), 0, 0, 0, 0, {})
    return empty._replace(**more)


def begin(manifest: Manifest, *gone: int, clean: bool = False) -> None:
    manifest.begin(gone, many=clean, all_authors=clean)


def render(manifest: Manifest, *parts: Made, gone: Sequence[int] = ()) -> None:
    """All of a build but publishing."""
    begin(manifest, *gone)
    manifest.put(parts)
    manifest.index()
    manifest.count(manifest.stale_authors())


def publish(manifest: Manifest, *parts: Made, gone: Sequence[int] = ()) -> None:
    render(manifest, *parts, gone=gone)
    manifest.announce(b"[]")
    manifest.publish({})


# What the site holds


def test_parts_have_the_version_that_was_published(manifest: Manifest) -> None:
    publish(manifest, made(5), made(-3, b"2"))
    assert list(manifest.versions()) == [(-3, b"2", None), (5, b"1", None)]
    render(manifest, made(5, b"other", exact=b"place"))
    assert list(manifest.versions()) == [(-3, b"2", None), (5, b"1", None)]
    assert manifest.holds(5) and not manifest.holds(6)


def test_what_an_unfinished_build_touched_is_told(manifest: Manifest) -> None:
    publish(manifest, made(1), made(2), made(3))
    render(manifest, made(1, b"2"), made(9), gone=[2])
    assert sorted(manifest.unfinished()) == [1, 2, 9]
    assert (9, b"", None) in manifest.versions()
    render(manifest)
    assert sorted(manifest.unfinished()) == [1, 2, 9], "until it is made again"
    publish(manifest, made(1), made(2), gone=[9])
    assert manifest.unfinished() == []
    assert [part for part, *_ in manifest.versions()] == [1, 2, 3]


def test_parts_that_are_gone_leave_nothing(manifest: Manifest) -> None:
    one = made(
        1, summaries=[summary("1")], entries=[entry("ann", 1)], mentions={"7": True}, problems=[PROBLEM]
    )
    publish(manifest, one._replace(stubs=3))
    publish(manifest, gone=[1])
    assert list(manifest.versions()) == []
    assert not [*manifest.ledger.threads(0, 9), *manifest.authors(), *manifest.mentions()]
    assert manifest.problems() == []
    assert not any(manifest.totals())


def test_mentions_are_those_of_the_last_rendering(manifest: Manifest) -> None:
    publish(manifest, made(1, mentions={"7": True, "8": False}), made(2, mentions={"7": True}))
    publish(manifest, made(1, mentions={"8": True}))
    assert sorted(manifest.mentions()) == [(1, "8", True), (2, "7", True)]


def test_problems_of_parts_that_were_not_made_again_are_told_too(manifest: Manifest) -> None:
    publish(manifest, made(1, problems=[PROBLEM]), made(2, problems=[PROBLEM]))
    render(manifest, made(1))
    assert manifest.problems() == [PROBLEM]


def test_facts(manifest: Manifest) -> None:
    assert manifest.fact("look") is None
    manifest.publish({"look": b"1"})
    manifest.publish({"look": b"2"})
    assert manifest.fact("look") == b"2"


def test_totals(manifest: Manifest) -> None:
    one = made(
        1, summaries=[summary("1"), summary("5", comments=3)], entries=[entry("ann", 1), entry("bob", 2)]
    )
    two = made(2, entries=[entry("cid", 3, kind="story")])
    publish(manifest, one._replace(inferred=1, unplaced=2, stubs=3, merged=4), two._replace(stubs=1))
    assert manifest.totals() == (2, 4, 2, 1, 2, 4, 4), "authors are who commented"


def test_threads_come_oldest_first_and_undated_ones_before(manifest: Manifest) -> None:
    dated = [summary("9", 5), summary("10", 5), summary("7", 6), summary("8", 4)]
    undated = [summary("x1"), summary("reddit-3"), summary("20"), summary("3")]
    publish(manifest, made(1, summaries=[*dated, *undated]))
    order = [one.id for one in manifest.ledger.threads(0, 99)]
    assert order == ["3", "20", "reddit-3", "x1", "8", "9", "10", "7"]
    assert [one.id for one in manifest.ledger.threads(3, 5)] == ["x1", "8"]


# Pages that go


def test_stale_paths_are_those_that_no_part_has_any_more(manifest: Manifest) -> None:
    publish(manifest, made(1, paths=["a", "b", "c"]), made(2, paths=["d"]), made(3, paths=["e"]))
    render(manifest, made(1, paths=["a", "d"]), made(4, paths=["b"]), gone=[2])
    assert manifest.stale_paths() == {"c"}


def test_what_a_publishing_that_was_cut_short_may_have_moved_in_is_ours(manifest: Manifest) -> None:
    publish(manifest, made(1, paths=["a"]))
    render(manifest, made(1, paths=["a", "b"]), made(2, paths=["c"]))
    manifest.announce(b'["new.html"]')
    assert manifest.fact("publishing") == b'["new.html"]'
    begin(manifest, 2)
    manifest.put([made(1, paths=["a"])])
    assert manifest.stale_paths() == {"b", "c"}
    manifest.publish({})
    assert manifest.fact("publishing") is None


def test_what_came_to_nothing_before_publishing_is_not_ours(manifest: Manifest) -> None:
    publish(manifest, made(1, paths=["a"]))
    render(manifest, made(1, paths=["a", "b"]), made(2, paths=["c"]))
    render(manifest, made(1, paths=["a"]), gone=[2])
    assert manifest.stale_paths() == set()


# Authors


def test_authors_are_stale_when_what_they_wrote_differs(manifest: Manifest) -> None:
    publish(manifest, made(1, entries=[entry("ann", 1), entry("bob", 2), entry("cid", 3)]))
    assert manifest.stale_authors() == []
    same, other = entry("ann", 1), entry("bob", 2, html="edited")
    render(manifest, made(1, b"2", entries=[same, other, entry("dan", 4)]))
    assert manifest.stale_authors() == ["bob", "cid", "dan"]
    render(manifest, made(1, b"3", entries=[same, other, entry("dan", 4)]))
    assert manifest.stale_authors() == ["bob", "cid", "dan"], "until it is published"
    publish(manifest, made(1, entries=[same]))
    assert manifest.stale_authors() == []


def test_authors_can_be_made_stale(manifest: Manifest) -> None:
    publish(manifest, made(1, entries=[entry("ann", 1), entry("bob", 2)]))
    manifest.make_stale(["bob", "nobody"])
    assert manifest.stale_authors() == ["bob"]
    begin(manifest, clean=True)
    assert manifest.stale_authors() == ["ann", "bob"]


def test_authors_who_wrote_less_than_what_was_published(manifest: Manifest) -> None:
    all_three = [entry("ann", n) for n in (1, 2, 3)]
    publish(manifest, made(1, entries=[*all_three, entry("bob", 4)]))
    render(manifest, made(1, entries=all_three[:2]))
    render(manifest, made(1, entries=all_three[:1]))
    assert list(manifest.shrunk()) == [("ann", 3, 1), ("bob", 1, 0)]


def test_authors_and_what_they_wrote(manifest: Manifest) -> None:
    entries = [
        entry("ann", 7, html="7"),
        entry("ann", 2, time=20, html="2")._replace(day="2024-11-18", answers="bob"),
        entry("ann", 1, time=10, kind="story", html="1"),
    ]
    publish(manifest, made(1, entries=entries), made(2, entries=[entry("Ann", 9, time=5)]))
    assert list(manifest.authors()) == [Author("Ann", 0, 1, 5, 5), Author("ann", 1, 2, 10, 20)]
    written = list(manifest.writings("ann"))
    assert [one.html for one in written] == ["7", "1", "2"]
    assert written[2] == ("1", "A title", "2", "2024-11-18", "bob", "comment")


def test_the_directory_goes_by_beginnings_case_aside(manifest: Manifest) -> None:
    names = ["b", "Ab", "abc", "aB_", "éa", "ß", "ss"]
    publish(manifest, made(1, entries=[entry(name, n) for n, name in enumerate(names)]))
    assert manifest.author_names.count() == 7
    assert manifest.author_names.beginnings(1) == {"a": 3, "b": 1, "é": 1, "s": 2}
    assert [name for name, *_ in manifest.author_names.begin(2, "ab")] == ["Ab", "aB_", "abc"]
    assert [name for name, *_ in manifest.author_names.begin(2, "b")] == ["b"]
    assert [one.name for one in manifest.authors()] == ["Ab", "aB_", "abc", "b", "ss", "ß", "éa"]


def test_the_busiest_authors_come_first(manifest: Manifest) -> None:
    entries = [entry(name, n) for n, name in enumerate(["cid", "bob", "Ann", "bob"])]
    publish(manifest, made(1, entries=entries))
    assert [name for name, *_ in manifest.author_names.most(2)] == ["bob", "Ann"]


# The file


def test_each_output_folder_has_a_manifest_of_its_own(tmp_path: Path) -> None:
    one, other = (manifest_file(tmp_path / name, tmp_path) for name in ("public", "preview"))
    assert one != other
    assert one == manifest_file(tmp_path / "preview/../public", tmp_path)


def test_pages_of_parts_are_counted(manifest: Manifest) -> None:
    assert manifest.count_pages() == 0
    publish(manifest, made(1, paths=["a", "b"]), made(2, paths=["c"]))
    assert manifest.count_pages() == 3
    assert sorted(manifest.paths()) == [(1, "a"), (1, "b"), (2, "c")]
