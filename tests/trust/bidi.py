"""Characters that turn the direction of text, in every field of dumps of several formats: no file of the site
has one, and what was written with it still says so."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from hnsite.build import build
from hnsite.config import parse_config
from hnsite.markup.visible import TURNING

from . import Trial

CODES = [0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
CONTROLS = [chr(code) for code in CODES]
_ENTITIES = {0x61C: "&#1564;", 0x200E: "&lrm;", 0x200F: "&rlm;"}


def _hn(name: str) -> list[dict[str, object]]:
    told = {"by": f"{name}by", "time": 1_600_000_000}
    story = {"id": 1, "type": "story", "title": f"{name}title", "url": f"https://{name}a.example/{name}b"}
    body = (
        f"{name}text<p><a href='https://x.example/{name}c'>{name}link</a><pre><code>{name}code</code></pre>"
    )
    return [{**told, **story, "kids": [2]}, {**told, "id": 2, "type": "comment", "parent": 1, "text": body}]


def _lobsters(name: str) -> dict[str, object]:
    user = {"username": f"{name}user"}
    told = {"created_at": "2020-09-13T12:26:40.000-05:00", "score": 1}
    comment = {
        **told,
        "short_id": "c1",
        "comment": f"<p>{name}comment</p>",
        "commenting_user": user,
        "depth": 0,
    }
    story = {
        "short_id": "s1",
        "title": f"{name}lobsters",
        "url": "",
        "description": "",
        "submitter_user": user,
    }
    return {**told, **story, "comment_count": 1, "tags": [f"{name}tag"], "comments": [comment]}


def _mail(name: str) -> str:
    return (
        "From a@b.example Sun Sep 13 12:26:40 2020\nMessage-ID: <1@b.example>\n"
        f"From: {name}from <a@b.example>\n"
        f"Date: Sun, 13 Sep 2020 12:26:40 +0000\nSubject: {name}subject\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{name}mail\n\n"
    )


def _note(name: str) -> str:
    return f'+++\ntitle = "{name}note"\ndescription = "{name}described"\n+++\n{name}written\n'


DUMPS: Mapping[str, object] = {"a.json": _hn, "b.json": _lobsters, "c.mbox": _mail, "d.md": _note}
FIELDS = (
    "by", "title", "text", "link", "code", "user", "comment", "lobsters", "from", "subject", "mail", "note",
    "described", "written",
)  # fmt: skip
"""What stands behind the character, which tells the field."""
COUNT = len(CONTROLS) * len(FIELDS)


def built(control: str) -> str:
    """All files of a site whose dumps have a character everywhere."""
    root = Path(tempfile.mkdtemp())
    try:
        for name, dump in DUMPS.items():
            content = dump(f"ab{control}") if callable(dump) else dump
            (root / "content").mkdir(exist_ok=True)
            text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
            (root / "content" / name).write_text(text, "utf-8")
        build(parse_config("", root), jobs=1)
        files = sorted(path for path in (root / "public").rglob("*") if path.is_file())
        return "\n".join(path.read_text("utf-8") for path in files if "static" not in path.parts)
    finally:
        shutil.rmtree(root)


def trials(count: int) -> Iterator[Trial]:
    """For each character and field: that it is nowhere raw, and somewhere told."""
    assert set(CONTROLS) <= set(_spelled(TURNING))
    for control in CONTROLS[: max(1, count // len(FIELDS))]:
        site = built(control)
        code = ord(control)
        raw = site.count(control)
        for field in FIELDS:
            told = f"ab[U+{code:04X}]{field}" in site or f"ab{_ENTITIES.get(code)}{field}" in site
            fault = f"{raw} raw" if raw else "" if told else "neither shown nor kept"
            yield Trial(f"U+{code:04X} before {field}", fault)


def _spelled(pattern: str) -> Iterator[str]:
    """The characters that a class of a pattern stands for."""
    rest = pattern
    while rest:
        last = rest[2] if rest[1:2] == "-" else rest[0]
        yield from map(chr, range(ord(rest[0]), ord(last) + 1))
        rest = rest[3 if last != rest[0] else 1 :]
