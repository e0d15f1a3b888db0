"""The Markdown files with front matter among the files of content/ -> notes. Reads them; writes nothing.

A note is told by its content too: a file called ``.md`` that has no front matter is a dump.
"""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from hnsite import front_matter, urls
from hnsite.front_matter import Matter, MatterError, Value
from hnsite.markup import linked_items
from hnsite.model import Moment, Note, Origin, Problem
from hnsite.readers.input import Places, clean, decode, encoding_problem, iso_moment
from hnsite.sources import Dump, open_regular

KEYS: Mapping[str, str] = {
    "title": "the page's heading; without it the text's own, where it begins with one, or the file's name",
    "description": "one sentence for lists and search engines",
    "date": "a day, such as 2024-11-18, shown below the heading",
    "weight": "a whole number: pages with one go before others, the lightest first",
    "nav": "whether every page leads to this one; `false` leaves it out of the list of pages, too",
    "draft": "`true` leaves the page out",
}
"""Every key of front matter that counts, and what it means. Others are left alone: they may be another
program's."""

LONGEST = 400_000
"""Bytes of a note; more are not read."""
LONGEST_TITLE = 300
"""Characters of a heading that can be a title."""
LONGEST_PATH = 240
"""Characters of a note's path, which some file systems and archives cannot have longer."""

_SIGNS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*`]")
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_CODE = re.compile(r"^(`{3,}|~{3,}).*?(?:^\1|\Z)|^(?: {4}|\t).*|(`{1,3})[^`\n]*\2", re.DOTALL | re.MULTILINE)
_WAY = re.compile(r"\]\((?:<([^<>\n]*)>|([^\s<>()]+))")
_NUMBER = re.compile(r"(?<!\d)[1-9]\d{0,14}(?!\d)")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


class Found(NamedTuple):
    """The files of content/ that are dumps, the notes, and what was wrong with notes."""

    dumps: list[Dump]
    notes: list[Note]
    problems: list[Problem]


def find_notes(files: Iterable[Dump], content: Path) -> Found:
    """Parts the notes from the dumps. Of two that would have one address the first is a page."""
    dumps: list[Dump] = []
    told: list[Problem] = []
    notes: dict[str, Note] = {}
    for file in files:
        text, problems = _text(file)
        matter = front_matter.part(text) if text else None
        if matter is None:
            dumps.append(file)
            continue
        note = _note(matter, file.name, _place(file, content), problems)
        if note and note.path in notes:
            reason = f"the page of {notes[note.path].origin.file} has this address: {note.path}"
            problems.append(Problem(Origin(file.name, 1), reason, skipped=True))
        elif note:
            notes[note.path] = note
        told += problems
    ways = way_of(notes.values())
    told += [problem for note in notes.values() for problem in _dead_ways(note, ways)]
    return Found(dumps, [*notes.values()], told)


def _place(file: Dump, content: Path) -> str:
    place = Path(file.path).relative_to(content).as_posix()
    return place.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _text(file: Dump) -> tuple[str, list[Problem]]:
    """The text of a file that may be a note; "" if it cannot be one."""
    if not file.name.lower().endswith(".md"):
        return "", []
    try:
        with open_regular(file.path) as opened:
            raw = opened.read(LONGEST)
    except OSError:  # which is told when it is read as a dump
        return "", []
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", "replace").encode()
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if not raw.startswith((b"---", b"+++")):
        return "", []
    problems = []
    if file.size > LONGEST:
        raw = raw[: raw.rfind(b"\n") + 1]
        problems.append(Problem(Origin(file.name, 1), f"only the first {LONGEST:,} bytes are read"))
    text, is_utf8 = decode(raw)
    odd = Places()
    for number, line in enumerate([] if is_utf8 else raw.split(b"\n"), 1):
        if not decode(line)[1]:
            odd.append(number)
    if problem := encoding_problem(file.name, odd):
        problems.append(problem)
    return text.replace("\r\n", "\n").replace("\r", "\n"), problems


def _note(matter: Matter, name: str, place: str, problems: list[Problem]) -> Note | None:
    """The note, if it is to be a page; what is wrong with it is added to ``problems``."""
    path = urls.note_path(place)
    if len(path) > LONGEST_PATH:
        problems.append(
            Problem(Origin(name, 1), f"its address would be too long: {path[:80]}…", skipped=True)
        )
        return None
    try:
        said = _Said(name, front_matter.values(matter), problems)
    except MatterError as error:  # it may say that nobody is to see the page
        problems.append(Problem(Origin(name, error.line), error.reason, skipped=True))
        return None
    if said.truth("draft"):
        return None
    title, body = _titled(said.line("title"), matter.body)
    line = matter.line + matter.body[: len(matter.body) - len(body)].count("\n")
    nav = said.truth("nav")
    is_front = path == urls.FRONT_PATH
    return Note(
        Origin(name, line),
        place,
        path,
        title or _named(place),
        body,
        said.line("description"),
        said.date("date"),
        said.number("weight"),
        in_nav=not is_front and ("/" not in place if nav is None else nav),
        listed=not is_front and nav is not False,
    )


def with_exported(notes: Sequence[Note], exported: Iterable[Note]) -> list[Note]:
    """Notes, and those that exports hold; a file goes before what an export has in its place."""
    found = {note.path: note for note in exported if len(note.path) <= LONGEST_PATH}
    return [*notes, *(found[path] for path in sorted(found.keys() - {note.path for note in notes}))]


class _Said:
    """What front matter says, key by key; what cannot be used is a problem and counts as silence."""

    def __init__(self, name: str, values: Mapping[str, Value], problems: list[Problem]) -> None:
        self._name = name
        self._values = values
        self._problems = problems
        for key, value in values.items():
            near = [] if key in KEYS else get_close_matches(key, KEYS, n=1, cutoff=0.8)
            if near:
                self._note(value.line, f"unknown key {key!r}; did you mean {near[0]!r}?")

    def _note(self, line: int, reason: str) -> None:
        self._problems.append(Problem(Origin(self._name, line), reason))

    def _refuse(self, key: str, wanted: str) -> None:
        line, text = self._values[key]
        shown = "several values" if text is None else repr(text[:60])
        self._note(line, f"{key} must be {wanted}, not {shown}")

    def line(self, key: str) -> str:
        """A text on one line; "" for none."""
        if key not in self._values:
            return ""
        text = self._values[key].text
        if text is None:
            self._refuse(key, "text")
        return " ".join((clean(text) or "").split())

    def _parsed(self, key: str) -> str:
        return (self._values[key].text or "").strip() if key in self._values else ""

    def truth(self, key: str) -> bool | None:
        text = self._parsed(key)
        found = _TRUTH.get(text.lower())
        if found is None and self._is_said(key):
            self._refuse(key, "true or false")
        return found

    def number(self, key: str) -> int | None:
        text = self._parsed(key)
        if re.fullmatch(r"[+-]?[0-9]{1,9}", text):
            return int(text)
        if self._is_said(key):
            self._refuse(key, "a whole number")
        return None

    def date(self, key: str) -> Moment | None:
        text = self._parsed(key)[:10]
        found = iso_moment(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
        if found is None and self._is_said(key):
            self._refuse(key, "a day such as 2024-11-18")
        return found

    def _is_said(self, key: str) -> bool:
        return key in self._values and self._values[key].text != ""


def _titled(title: str, body: str) -> tuple[str, str]:
    """The title, and the body without a heading that says the same."""
    first, _, rest = body.lstrip("\n").partition("\n")
    under, _, below = rest.partition("\n")
    if first.startswith("# "):
        heading = first[2:].rstrip(" #")
    elif first.strip() and under.startswith("=") and not under.strip("= "):
        heading, rest = first, below
    else:
        return title, body
    if len(heading) > LONGEST_TITLE:
        return title, body
    heading = " ".join(_SIGNS.sub(r"\1", clean(heading) or "").split())
    return (heading, rest) if title in ("", heading) else (title, body)


def _named(place: str) -> str:
    """A title made of a file's name."""
    name = " ".join(re.split(r"[\s_-]+", clean(posixpath.basename(place)[: -len(".md")]) or ""))
    return name[:1].upper() + name[1:]


# How notes stand together


def in_order(notes: Iterable[Note]) -> list[Note]:
    """As lists show them: by weight, then by title."""
    return sorted(
        notes, key=lambda one: (one.weight is None, one.weight or 0, one.title.casefold(), one.place)
    )


def navigation(notes: Sequence[Note]) -> tuple[tuple[str, str], ...]:
    """(title, path) of what every page leads to: some notes, and the list of all if those are not all."""
    links = [(note.title, note.path) for note in in_order(notes) if note.in_nav]
    if any(note.listed and not note.in_nav for note in notes):
        links.append(("Pages", urls.NOTES_PATH))
    return tuple(links)


def way_of(notes: Iterable[Note]) -> Mapping[str, str]:
    """The path of each note's page, by its place."""
    return {note.place: note.path for note in notes}


def target(href: str, note: Note, ways: Mapping[str, str]) -> str | None:
    """The address to which a note's own link leads: another note by its place, with or without ``.md``, below
    its own folder or, with a ``/``, below content/; an item by its number; None if there is nothing."""
    place, mark, fragment = href.partition("#")
    place = unquote(place)
    if not place:
        return href
    if place.isdecimal() and place.isascii():
        return urls.HN_ITEM + place
    base = "" if place.startswith("/") else posixpath.dirname(note.place)
    whole = posixpath.normpath(posixpath.join(base, place.lstrip("/")))
    for one in (whole, f"{whole}.md", f"{whole}/index.md"):
        if one in ways:
            return urls.relative(ways[one], note.path) + mark + fragment
    return None


def _dead_ways(note: Note, ways: Mapping[str, str]) -> Iterator[Problem]:
    """Links to notes that are not there; those in code are none."""
    body = _CODE.sub(lambda match: "\n" * match[0].count("\n"), note.body)
    for number, line in enumerate(body.split("\n"), note.origin.position):
        for bracketed, plain in _WAY.findall(line):
            href = bracketed or plain
            if not _ELSEWHERE.match(href) and target(href, note, ways) is None:
                yield Problem(Origin(note.origin.file, number), f"a link that leads to no page: {href[:200]}")


def numbers(notes: Iterable[Note]) -> set[str]:
    """The ids of the items to which notes may link."""
    return {id for note in notes for id in (*_NUMBER.findall(note.body), *linked_items(note.body))}


def digests(notes: Sequence[Note], held: set[str]) -> dict[str, str]:
    """What each note's page is made of, by its path: its text, where notes stand, which items are held."""
    ways = repr(sorted(way_of(notes).items()))
    return {
        note.path: blake2b(
            repr((note, ways, sorted(held & numbers([note])))).encode("utf-8", "replace"), digest_size=8
        ).hexdigest()
        for note in notes
    }
