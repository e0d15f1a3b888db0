"""A built site + redactions.toml + the dumps -> what is left of what must not be read, and the addresses
where it was. Writes no page; what the dumps say is brought up to date in the cache.

Every byte of every file in the output is looked at, foreign and old files too, and what is packed is
unpacked. Texts are looked for as people and programs read them: behind entities, percent signs and the
escapes of JSON, twice where feeds hold HTML.
"""

from __future__ import annotations

import codecs
import gzip
import html
import importlib
import io
import os
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from hnsite import urls
from hnsite.config import Config
from hnsite.cover import load_redactions
from hnsite.erasing import EVERYDAY, Erased, Name, Words, name_pattern, runs_of, visible, words
from hnsite.intake import opened
from hnsite.lock import held
from hnsite.purge import addresses
from hnsite.redact import Covered
from hnsite.rules import Fault
from hnsite.theme import built_in_themes
from hnsite.workers import Workers

KIND, PURGE = "redaction", "purge"
BATCH = 200
"""Files in one unit of work."""
_OPAQUE = (".zim", ".parquet", ".zst", ".xz", ".bz2", ".7z", ".br")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_OPEN = re.compile(r"<(?:!--(?!.*-->)|/?[a-zA-Z][^<>]*\Z)", re.DOTALL)
"""A tag or comment that does not end on its line."""
KNOWN, LONGEST = 50_000, 5_000
"""How many lines are remembered until all are forgotten, and of how many letters."""


def leaks(config: Config, jobs: int | None = None) -> Iterator[Fault]:
    """What is left, file by file, and then a note of kind "purge" for each address that showed something of
    it, or may have. Nothing where there are no rules.

    Raises HnsiteError where redactions.toml or the dumps cannot be read.
    """
    if not load_redactions(config).digest:
        return
    files = sorted(_files(config.output_dir))
    covered, purge = _known(config, files)
    search = _Search(config.output_dir, covered)
    batches = [files[start : start + BATCH] for start in range(0, len(files), BATCH)]
    workers = Workers(jobs or os.cpu_count() or 1, search, partial(_same, search))
    try:
        for _, faults in workers.map(_look, batches, is_much=len(batches) > 4):
            yield from faults
    finally:
        workers.close()
    for path in purge:
        yield Fault(path, 0, PURGE, config.full_url(path) or path, is_note=True)


def _known(config: Config, files: Sequence[str]) -> tuple[Covered, list[str]]:
    """What the rules cover of what the dumps say, and where that was shown."""
    with held(config.cache_dir, lambda _: None), opened(config) as intake:
        intake.read()
        intake.settle()
        tools = intake.tools
        return tools.covered, addresses(config, tools.covered, tools.catalog, files)


def _files(folder: Path) -> Iterator[str]:
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(folder / below) as found:
            for one in found:
                if one.is_dir(follow_symlinks=False):
                    waiting.append(f"{below}{one.name}/")
                else:
                    yield below + one.name


class _Line(NamedTuple):
    """What a line says of the text that holds it: what of that which patterns need is there, whether a run of
    words may be; and, for each form of the line that has words, its first word and its last."""

    hits: frozenset[str]
    may_tell: bool
    ends: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class _Search:
    """What is looked for below a folder."""

    folder: Path
    covered: Covered

    @cached_property
    def erased(self) -> Erased:
        """What no byte may hold: not names that others of another source have too. Those that are words of
        our own pages must only not stand as names."""
        spared = frozenset().union(*self.covered.spared.values())
        ours = _own_texts()
        names = [
            one._replace(is_common=re.search(name_pattern(one), ours) is not None)
            for one in self.covered.erased.names
            if one.text.casefold() not in spared
        ]
        return replace(self.covered.erased, names=(*names, *map(Name, self.literals)))

    @cached_property
    def literals(self) -> list[str]:
        """What names and texts are turned into: the names of an author's files, ids made of texts."""
        files = {urls.author_path(name)[len("user/") : -len(".html")] for name in self.covered.authors}
        return sorted({name for name in files if "--" in name} | self.covered.renamed.keys())

    @cached_property
    def dropped(self) -> re.Pattern[str] | None:
        names = "|".join(re.escape(urls.anchor(id)) for id in sorted(self.covered.dropped))
        return re.compile(rf"(?:v0/)?item/(?:{names})(?:\.[\w.]+)?") if names else None

    def faults(self, path: str) -> Iterator[Fault]:
        """What one file holds, and its name."""
        shown = os.fsencode(path).decode("utf-8", "replace")
        patterns = self._patterns(self._hits([shown]))
        names = (shown.replace("/", " / "), f"/{shown}")
        for what in dict.fromkeys(what for name in names for what in _matches(name, patterns)):
            yield Fault(shown, 0, KIND, f"its address holds {what}; take it away, and purge it")
        if self.dropped and self.dropped.fullmatch(shown.removesuffix(".gz").removesuffix(".br")):
            yield Fault(shown, 0, KIND, "is of an item that is dropped; take it away, and purge it")
        try:
            texts = [*_texts(self.folder / path)]
        except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile) as error:
            yield Fault(shown, 0, KIND, f"cannot be looked into, so it may hold anything: {error}")
            return
        if path.endswith(_OPAQUE) and not texts:
            reason = "is packed in a way that cannot be looked into here; make it again"
            yield Fault(shown, 0, KIND, reason, is_note=True)
        for text in texts:
            yield from self._found(shown, text)

    def _found(self, path: str, text: str) -> Iterator[Fault]:
        patterns, may_tell = self._may(text)
        if not patterns and not may_tell:
            return
        views = [*_views(text)]
        told: set[str] = set()
        for view in views:
            is_last = view is views[-1]  # which is decoded most; runs of words are there if anywhere
            for what in (*_matches(view, patterns), *(self._told(view) if may_tell and is_last else ())):
                if what not in told:
                    told.add(what)
                    yield Fault(
                        path, self._line(text, what), KIND, f"holds {what}; build again, or take it away"
                    )

    def _may(self, text: str) -> tuple[Sequence[re.Pattern[str]], bool]:
        """The patterns that may be in a text, and whether a run of words may be; quick where nothing is.
        Lines of pages are those of others, most of them."""
        if len(self._lines) > KNOWN:
            self._lines.clear()
        hits, may_tell, before = set[str](), False, ["", ""]
        for line in text.split("\n"):
            seen = self._lines.get(line) or self._seen(line)
            if seen.hits:
                hits.update(seen.hits)
            may_tell = may_tell or seen.may_tell
            for form, first, last in seen.ends:
                may_tell = may_tell or (before[form], first) in self._pairs
                before[form] = last
        return self._patterns(hits), may_tell

    @cached_property
    def _lines(self) -> dict[str, _Line]:
        return {}

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        """The words between which a line may end in a run."""
        return frozenset(pair for run in (*self.erased.runs, *self.erased.shorts) for pair in pairwise(run))

    def _seen(self, line: str) -> _Line:
        views = [*_views(line)]
        found = [words(form) for form in _forms(views[-1])] if self.erased.runs or self.erased.shorts else []
        seen = _Line(
            self._hits((*views, visible(line))),
            any(map(self._run, found)) or bool(found and _OPEN.search(views[-1])),
            tuple((form, one[0], one[-1]) for form, one in enumerate(found) if one),
        )
        if len(line) < LONGEST:
            self._lines[line] = seen
        return seen

    def _hits(self, views: Iterable[str]) -> frozenset[str]:
        """What is there of that which patterns need."""
        folded = "\n".join(map(_folded, views))
        return frozenset(one for one in self._looked_for if one in folded)

    def _patterns(self, hits: Set[str]) -> Sequence[re.Pattern[str]]:
        """The patterns that may match where there are these hits; of the names those that may as one."""
        names = tuple(name for name, needed in self._names if hits and any(one <= hits for one in needed))
        if names and names not in self._named:
            self._named[names] = replace(self.erased, names=names).named
        named = self._named.get(names)
        others = [pattern for pattern, needed in self._others if needed <= hits]
        return [named, *others] if named else others

    @cached_property
    def _named(self) -> dict[tuple[Name, ...], re.Pattern[str] | None]:
        return {}

    @cached_property
    def _names(self) -> tuple[tuple[Name, tuple[frozenset[str], ...]], ...]:
        return tuple((name, _needed(name)) for name in self.erased.names)

    @cached_property
    def _others(self) -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
        literals = ((one, literal_of(one)) for one in self.erased.patterns)
        return tuple((re.compile(one), frozenset([_folded(told)] if told else [])) for one, told in literals)

    @cached_property
    def _looked_for(self) -> frozenset[str]:
        names = (part for _, needed in self._names for parts in needed for part in parts)
        return frozenset((*names, *(part for _, needed in self._others for part in needed)))

    def _told(self, text: str) -> Iterator[str]:
        """Runs of words."""
        for form in _forms(text):
            if run := self._run(words(form)):
                yield f"“{' '.join(run)}”"
                return

    @cached_property
    def _rare(self) -> frozenset[str]:
        """A word of each run: where there is none of them there is no run."""
        return frozenset(
            max(one, key=lambda word: (word not in EVERYDAY, len(word), word))
            for one in (*self.erased.runs, *self.erased.shorts)
        )

    def _run(self, found: Sequence[str]) -> Words | None:
        erased = self.erased
        if self._rare.isdisjoint(found):
            return None
        if not erased.runs.isdisjoint(runs_of(found)):
            return next(run for run in runs_of(found) if run in erased.runs)
        for size in erased.sizes:
            shared = erased.shorts.intersection(zip(*(found[at:] for at in range(size)), strict=False))
            if shared:
                return min(shared)
        return None

    def _line(self, text: str, what: str) -> int:
        """The first line that holds it by itself; 1 where it runs over several."""
        for number, line in enumerate(text.split("\n"), 1):
            if any(
                what in (*_matches(view, self.erased.found_by), *self._told(view)) for view in _views(line)
            ):
                return number
        return 1


def _own_texts() -> str:
    """All that the themes have which hnsite brings."""
    files = sorted(path for path in built_in_themes().rglob("*") if path.is_file())
    return "\n".join(path.read_text("utf-8", "replace") for path in files)


def _same(search: _Search) -> _Search:
    return search


def _look(search: _Search, paths: Sequence[str]) -> list[Fault]:
    return [fault for path in paths for fault in search.faults(path)]


def _texts(path: Path) -> Iterator[str]:
    """What a file holds as text; of an archive what each member does."""
    data = path.read_bytes() if not path.is_symlink() else b""
    if path.name.endswith(".gz") or data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    elif path.name.endswith(".br"):
        unpacked = _unbrotli(data)
        if unpacked is None:
            return
        data = unpacked
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for one in archive.infolist():
                yield one.filename
                yield archive.read(one).decode("utf-8", "replace")
        return
    elif path.name.endswith(_OPAQUE):
        return
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    yield data.decode("utf-16" if is_utf16 else "utf-8", "replace")


def _unbrotli(data: bytes) -> bytes | None:
    """None where the library is missing. Raises ValueError for what is not brotli."""
    try:
        brotli = importlib.import_module("brotli")
    except ImportError:
        return None
    try:
        return bytes(brotli.decompress(data))
    except brotli.error as error:
        raise ValueError(str(error)) from None


def _views(text: str) -> Iterator[str]:
    """A text as it stands, and as what reads it reads it."""
    yield text
    for reading in (_without_escapes, html.unescape, html.unescape, visible):
        if (once := reading(text)) != text:
            text = once
            yield text


def _forms(text: str) -> Iterator[str]:
    """A text with its tags, and with what stands in them as text."""
    yield text
    for sign in '<>"=':
        text = text.replace(sign, " ")
    yield text


def _matches(text: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[str]:
    """The first match of each pattern."""
    forms = dict.fromkeys((text, unquote(text, errors="replace") if "%" in text else text))
    for pattern in patterns:
        for form in forms:
            if match := pattern.search(form):
                yield f"“{' '.join(match[0].split())[:80]}”"


def _needed(name: Name) -> tuple[frozenset[str], ...]:
    """What is in any text that holds a name, however it is written: all of one of these. Letters with accents
    have two forms, and what is behind an @ may be cut."""
    text = unicodedata.normalize("NFC", visible(name.text))
    certain = [one if _has_one_form(one) else " " for one in text]
    if "@" in text[1:]:
        certain = certain[: text.rindex("@")]
    if parts := "".join(certain).split():
        return (frozenset(map(_folded, parts)),)
    return tuple(frozenset([_folded(unicodedata.normalize(form, text))[:1]]) for form in ("NFC", "NFD"))


def _has_one_form(letter: str) -> bool:
    is_sign = letter == "\u02bc"  # an apostrophe, though Unicode says letter
    return letter.isalnum() and not is_sign and unicodedata.normalize("NFD", letter) == letter


def _folded(text: str) -> str:
    """A text as all are that patterns take for it, whatever its case; and percent signs decoded."""
    if "%" in text:
        text = unquote(text, errors="replace") + "\n" + text
    return text.lower() if text.isascii() else text.casefold().replace("i\u0307", "i").replace("\u0131", "i")


def literal_of(pattern: str) -> str:
    """The longest text that is in all that a pattern matches, whatever its case; "" if none is certain."""
    try:
        parser = importlib.import_module("re._parser")
    except ImportError:
        return ""
    found, run = [""], ""
    waiting = [*reversed(parser.parse(pattern))]
    while waiting:
        name, value = waiting.pop()
        if str(name) == "LITERAL" and chr(value).isascii() and chr(value) not in "\\\n":
            run += chr(value)
            continue
        if str(name) == "SUBPATTERN":
            waiting += reversed(value[3])
            continue
        found.append(run)
        run = ""
        if str(name) in ("MAX_REPEAT", "MIN_REPEAT") and value[0]:
            waiting += ((name, (0,)), *reversed(value[2]))  # that it may come again ends the text
    return max((*found, run), key=len)


def _without_escapes(text: str) -> str:
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " "}.get(match[2], match[2])
