"""The dumps with hostile texts are of every format, and their readers take them for what they are."""

from __future__ import annotations

from pathlib import Path

import hostile_dumps
import hostile_text

from hnsite import sources
from hnsite.notes import find_notes
from hnsite.readers import READERS

TEXT = "<b>hostile</b>"


def test_every_format_is_written_and_says_the_text(tmp_path: Path) -> None:
    placed = hostile_dumps.write(tmp_path, [TEXT])
    files, passed_over = sources.find_dumps(tmp_path, tmp_path)
    dumps, notes, _ = find_notes(files, tmp_path)
    names, saying = set(), {note.place.partition("-")[0] for note in notes if TEXT in note.title + note.body}
    for dump in dumps:
        with sources.parts(dump) as parts:
            for part in parts:
                if not part.name.endswith(".txt") or ".zip" not in part.name:
                    reader = sources.pick(part)
                    names.add(reader.NAME)
                    if "hostile" in repr([*sources.read(part, reader)]):
                        saying.add(dump.name.partition("-")[0])
    assert names == {reader.NAME for reader in READERS}
    assert saying == {writer.__name__ for writer in hostile_dumps.WRITERS}
    assert all(one.fields for one in placed.values())
    assert not list(passed_over)


def test_items_lead_back_to_their_texts(tmp_path: Path) -> None:
    placed = hostile_dumps.write(tmp_path, ["one", "two", "three"])
    number = max(placed)
    ids = ("{}", "discourse-{}", "zulip-{}", "forum-board_example-t{}", "slack-c{}-1600000001000000")
    for place, id in enumerate(ids):
        assert hostile_dumps.number_of(id.format(number + place)) == number
    key = hostile_dumps.base36(number)
    assert [hostile_dumps.number_of(id) for id in (f"lobsters-{key}d", f"reddit-t3_{key}")] == [number] * 2
    assert hostile_dumps.number_of("42") is None


def test_the_projects_own_texts_are_many_and_all_different() -> None:
    assert len(set(hostile_text.OWN)) == len(hostile_text.OWN) > 200
