"""A made dump with one comment more: what a later capture of a thread brings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

TEXT = "A comment that came later, to see that this thread alone is built again."


def add_comment(content: Path, shape: str, story: int, id: int) -> None:
    """Adds a reply to a story, by the story's author, in the dumps of one shape ("algolia", "hn-api")."""
    if shape == "algolia":
        _add_nested(content / f"{story}.json", id)
    else:
        _add_line(content, story, id)


def _add_nested(file: Path, id: int) -> None:
    story: dict[str, Any] = msgspec.json.decode(file.read_bytes())
    comment = {
        **story,
        "id": id,
        "created_at_i": story["created_at_i"] + 80_000,
        "type": "comment",
        "title": None,
        "url": None,
        "text": TEXT,
        "points": None,
        "parent_id": story["id"],
        "children": [],
    }
    story["children"].append(comment)
    file.write_bytes(msgspec.json.encode(story))


def _add_line(content: Path, story_id: int, id: int) -> None:
    mark = f'"id":{story_id},'.encode()
    for file in sorted(content.iterdir()):
        lines = file.read_bytes().splitlines()
        for place, line in enumerate(lines):
            if mark in line and b'"type":"story"' in line:
                story: dict[str, Any] = msgspec.json.decode(line)
                story["kids"] = [*story.get("kids", []), id]
                story["descendants"] += 1
                comment = {"by": story["by"], "id": id, "parent": story_id, "text": TEXT}
                comment |= {"time": story["time"] + 80_000, "type": "comment"}
                lines[place] = msgspec.json.encode(story)
                lines.append(msgspec.json.encode(comment))
                file.write_bytes(b"\n".join(lines) + b"\n")
                return
    raise LookupError(f"story {story_id} is in none of the dumps")
