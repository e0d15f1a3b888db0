"""Items in the dumps = items on the site + items reported: for each reader, for sites, for real dumps."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_dumps import FORMATS, Made, made
from small_site import Site
from test_readers import BY_PREFIX, problems, read, records
from trust.conservation import trials, unbalanced

from hnsite import readers, sources
from hnsite.errors import UnreadableError
from hnsite.markup import plain_text
from hnsite.model import Piece, is_held
from hnsite.readers.input import HEAD_SIZE, Head

each_format = pytest.mark.parametrize("format", FORMATS)
quick = settings(max_examples=25, suppress_health_check=list(HealthCheck))
thorough = settings(max_examples=600, suppress_health_check=list(HealthCheck))


def pieces_of(dump: Made) -> list[Piece] | None:
    """What the dump's reader says of it; None if it is no reader's, which is an error for the whole file."""
    try:
        reader = readers.pick(Head(dump.raw[:HEAD_SIZE]))
    except UnreadableError as error:
        assert "several readers" not in error.reason
        return None
    assert reader is BY_PREFIX[dump.format]
    if sources.beside(reader):
        nothing: Mapping[str, bytes] = {}
        return list(cast(Any, reader.read)(io.BytesIO(dump.raw), dump.path, nothing))
    return read(reader, dump.raw)


def check_all_told(dump: Made) -> None:
    """As many records and problems as items; and what nobody damaged is in one record word by word."""
    pieces = pieces_of(dump)
    if pieces is None:
        return
    held = [record for record in records(pieces) if is_held(record)]
    told = len(held) + sum(problem.skipped for problem in problems(pieces))
    assert dump.items <= told <= dump.items + dump.frames
    texts = [plain_text(record.body or "", record.dialect) for record in held]
    for said in dump.whole:
        words = re.findall(r"\w{4,}", said.text) if dump.format != "discord" else [said.mark]
        assert any(all(word in text for word in words) for text in texts)


@each_format
@quick
@given(data=st.data())
def test_every_item_is_a_record_or_a_problem(format: str, data: st.DataObject) -> None:
    check_all_told(data.draw(made(format)))


@pytest.mark.slow
@each_format
@thorough
@given(data=st.data())
def test_every_item_of_many_is_a_record_or_a_problem(format: str, data: st.DataObject) -> None:
    check_all_told(data.draw(made(format)))


@pytest.mark.parametrize("count", [8, pytest.param(40, marks=pytest.mark.slow)])
def test_sites_hold_or_report_every_item(count: int) -> None:
    assert [trial for trial in trials(count) if trial.fault] == []


# ---- real dumps


def objects(*signs: str) -> Callable[[bytes], int]:
    """How many objects of JSON have all of these names, at any depth: one way to count without a reader."""

    def count(raw: bytes) -> int:
        found, waiting = 0, json_of(raw)
        while waiting:
            one = waiting.pop()
            if isinstance(one, dict):
                found += set(signs) <= one.keys()
                waiting += one.values()
            elif isinstance(one, list):
                waiting += one
        return found

    return count


def json_of(raw: bytes) -> list[Any]:
    try:
        return [json.loads(raw)]
    except ValueError:
        return [json.loads(line) for line in raw.splitlines() if line.strip()]


def rows_of_csv(raw: bytes) -> int:
    return sum(1 for row in csv.reader(io.StringIO(raw.decode(), newline="")) if row) - 1


REAL: tuple[tuple[str, Callable[[bytes], int]], ...] = (
    ("hn-items/*", objects("id", "type")),
    ("hn-algolia/[0-9]*", objects("children", "created_at_i")),
    ("hn-algolia/search-hits.json", objects("objectID")),
    ("hn-other/hnpwa*", objects("time_ago", "comments")),
    ("hn-other/user-comments.txt", lambda raw: raw.count(b"\nID: ")),
    ("hn-tables/*.csv", rows_of_csv),
    ("lobsters/*", objects("title")),
    ("discourse/*", objects("post_number", "topic_id")),
    ("maildir/**/*", lambda raw: 1),
    ("mbox/*", lambda raw: len(re.findall(rb"(?m)^From .*\d{4}\n[A-Z][\w-]*:", raw))),
    ("reddit/*.ndjson.gz", lambda raw: raw.count(b"\n")),
    ("zulip/*/*.json", objects("sender_full_name")),
)
"""Real dumps, and how many items each holds by a way of counting that knows no format."""


@pytest.mark.parametrize("pattern, count", REAL, ids=[pattern for pattern, _ in REAL])
def test_every_item_of_real_dumps_is_told(pattern: str, count: Callable[[bytes], int], shared: Path) -> None:
    paths = [path for path in sorted((shared / "data").glob(pattern)) if path.is_file()]
    if not paths:
        pytest.skip(f"no {pattern} in {shared / 'data'}")
    for path in paths:
        dump = sources.Dump(path, path.name, path.stat().st_size)
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        pieces = list(sources.read(dump, sources.pick(dump)))
        held = [record for record in records(pieces) if is_held(record)]
        told = len(held) + sum(problem.skipped for problem in problems(pieces))
        assert told - count(raw) in (0, 1), path.name  # a topic may be told as such, and by its first post


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hn-html", "hn-board-text", "discourse", "reddit", "slack"])
def test_reports_of_real_sites_add_up(name: str, shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / name
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    site = Site(tmp_path)
    site.settings = f'content = "{folder}"'
    assert not unbalanced(site.build(), site.public)
