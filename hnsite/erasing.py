"""Texts -> texts without what must not be read: names, runs of words that were quoted, patterns. Pure.

What is looked for is found as a reader would read it and as a program would: behind entities, percent signs
and tags, and inside of addresses and tags too. What stands in an address takes the whole address with it, and
what stands in a tag the tag.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote

from hnsite.model import Dialect

REMOVED = "[removed]"
RUN = 6
"""Words in a row that two texts share only if one has them from the other, or both from a third."""
_ADDRESS = 40
"""Characters of an address that count as a word: sites show so much and cut the rest."""
_RARE, _SHORT_LETTERS, _WORD_LETTERS = 2, 12, 8
_UNLIKE_WORDS = 8
"""Letters of a name from which on it is found within words too: there is hardly one that has it by chance."""
_ADDRESS_SIGNS = re.compile(r"[@/:]")

Words = tuple[str, ...]

_SCRIPTS = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
"""Letters of scripts that put no blanks between words: each counts as one."""
_URL = r"(?i:https?://)[^\s<>\"'\x00-\x20]+"
_TOKEN = re.compile(rf"{_URL}|[{_SCRIPTS}]|(?:(?![{_SCRIPTS}])[^\W_])+")
_PLAIN_TOKEN = re.compile(r"[^\W_]+")
_ASCII_TOKEN = re.compile(rf"{_URL}|[a-z0-9]+")
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*>|!--.*?(?:-->|\Z))", re.DOTALL)
_CODED = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?|(?:%[0-9a-fA-F]{2})+|\\u[0-9a-fA-F]{4}"
)
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff"
"""What stands in texts and is not seen; a name with some of it is read as the name."""
_HIDDEN = re.compile(f"[{_UNSEEN}]")
_VIEWED = re.compile(f"{_CODED.pattern}|{_HIDDEN.pattern}")
_READ = re.compile(f"{_TAG.pattern}|{_VIEWED.pattern}", re.DOTALL)
_INLINE = re.compile(
    r"(?i)</?(?:b|big|del|em|font|i|ins|mark|s|small|span|strike|strong|sub|sup|tt|u|wbr)[\s/>]|<!"
)
_APOSTROPHES, _HYPHENS = "'\u2019\u2018\u02bc`\u00b4", "-\u2010\u2011\u2012\u2013\u2014\u2212"
_BLANK = r"(?:\s[\s>|]*|%20|[._+-])"
"""What stands in names for a blank: the end of a quoted line too, and what addresses have there."""
_MAIL = r"""\s{0,3}["']?\s?[<(\[](?:mailto:)?[^\s<>()\[\]@]{1,64}@[\w.…-]{1,253}[>)\]]"""
_BEFORE = (
    r"(?:(?<=@)|(?<=/u/)|(?<=\su/)|(?<=/user/)|(?<=/users/)|(?<=/~)|(?<=user\?id=)"
    r'|(?<="by":")|(?<="by":\s")|(?<="author":")|(?<="author":\s")|(?<="user":"))'
)
"""Where names stand."""
_CUT = re.compile(r"(?i)https?:[^\s<>]*(?:\.\.\.|\u2026|&hellip;)(?=</a>)")
_WHOLE = re.compile(rf"{_TAG.pattern}|{_URL}", re.DOTALL)
_MARKED = frozenset([Dialect.MARKDOWN, Dialect.REDDIT])
_QUOTES = re.compile(r"(?m)^(?:[^\S\n]|<[^<>\n]*>){0,9}(?:>|&gt;)[^\n]*?(?=$|<p>)")
_QUOTED = re.compile(
    r"(?:^|<p>|<blockquote>)(?:[ \t]|<[^<>\n]*>){0,9}(?:(?:>|&gt;)[ \t]?)+"
    r"(?P<line>[^\n]*?)(?=$|</?p>|</blockquote>)"
    r"|<(?P<tag>i|em|blockquote)>(?P<whole>.{0,200}?)</(?P=tag)>",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)

_BLOCK = re.compile(r"(?i)\n|</?(?:p|br|li|div|blockquote|h[1-6]|pre|td)\b[^<>]*>")
_SENTENCE = re.compile(r"[.!?\u2026\u3002]+(?=\s|$)|[;()\u2014]|\s-\s")
_IN_MARKS = re.compile(
    r"\"([^\"\n]{3,200})\"|[\u201c\u201e\u00ab]([^\u201d\u00bb\n]{3,200})[\u201c\u201d\u00bb]"
)

_EVERYDAY = """
    a about after again all also always am an and another any anyone are as at back be because been
    before being best better both but by can come could did do does doing don down each else even ever
    every everyone few find first for from get give go going good got great had has have having he her
    here him his how however i if in instead into is it its just kind know last least less let like
    little ll long look lot made make makes many may maybe me mean might more most much must my need
    never new no not nothing now of off on once one only or other others our out over own part people
    point probably put quite re really right same say see seems she should since so some someone
    something still such sure take than that the their them then there these they thing things think
    this those though through time to too trying two under until up us use used using ve very want was
    way we well were what when where which while who why will with without work would yes yet you your
    comment comments thread threads page pages author authors source site sites day days search item
    items user users story stories link links text date title number score point points reply replies
    deleted removed dead unknown null true false none admin test root anonymous http https www com org
    net html json xml news index
"""
EVERYDAY = frozenset(_EVERYDAY.split())
"""Words of any text, and those that pages say of themselves: sharing them tells nothing, and a name that is
one is taken for a name only where names stand."""
_TWO = """
    ac ad ah ai al ap aw bc bs ca cc cd cs cv db dc de dj dm dr ee eg eh el en er es et eu ex ff fr fx
    fy gb gi gp gt ha hi hm hn hq hr ie ii im io ip iq jp jr js kb km la le lt ma mb md mm mp mr ms mt
    na nb nn nt ny oh ok os ot ow pa pc ph pm pr ps pt py qa ra rd re rs sd se sf si sp sq st sw ta tb
    td th tl tv tx ui uk um un ux va vc vm vp vs wa wc wi ya yo
"""
_TWO_LETTERS = frozenset(_TWO.split())
"""Words and what stands for words in any text."""


class Name(NamedTuple):
    """Something that must not stand in any text, as a whole word, and what takes its place.

    ``is_exact`` says that case counts, because somebody else is called the same in other letters. ``others``
    are names that hold this one, or are spelled like it, and stay. ``is_common`` says that it is a word which
    stands in texts that are nobody's: there it is looked for only where names stand.
    """

    text: str
    instead: str = REMOVED
    is_exact: bool = False
    others: tuple[str, ...] = ()
    is_common: bool = False


@dataclass(frozen=True)
class Erased:
    """What must not be read. ``runs`` are of ``RUN`` words, ``shorts`` whole texts with fewer, ``patterns``
    regular expressions."""

    names: tuple[Name, ...] = ()
    runs: frozenset[Words] = frozenset()
    shorts: frozenset[Words] = frozenset()
    patterns: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.runs or self.shorts or self.patterns)

    @cached_property
    def named(self) -> re.Pattern[str] | None:
        """All names, each a group."""
        found = [f"({name_pattern(one)})" for one in self.names]
        return re.compile("|".join(found)) if found else None

    @cached_property
    def found_by(self) -> tuple[re.Pattern[str], ...]:
        """What finds names and patterns."""
        named = [self.named] if self.named else []
        return (*named, *map(re.compile, self.patterns))

    @cached_property
    def cores(self) -> tuple[str, ...]:
        """What a text holds at least that holds one of the names: a part of each, in any form."""
        return tuple(sorted({core for name in self.names for core in _cores(name.text)}))

    @cached_property
    def anchors(self) -> frozenset[str]:
        """A word of each run, the longest: a text without any of them holds none."""
        return frozenset(max(run, key=len) for run in self.runs)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        return tuple(sorted({len(one) for one in self.shorts}))


def name_pattern(name: Name) -> str:
    """What finds a name as a whole word, with an address for mail right behind it. One that is an everyday
    word is found where names stand: behind @, u/ or user?id=, before "wrote", in JSON as who wrote something.
    """
    spelled = _spelled(name)
    flag = "" if name.is_exact else "i"
    if name.is_common or is_everyday(name.text):
        said = r"(?=\s{1,3}(?:wrote|writes|said|says)\b)"
        body = rf"{_BEFORE}(?:{spelled})(?![\w-])|(?<![\w-])(?:{spelled}){said}"
    else:
        first, last = name.text[:1], name.text[-1:]
        left = r"(?<![^\W_])(?<![^\W_]_)" if _PLAIN_TOKEN.match(first) and not _is_packed(first) else ""
        right = r"s?(?![^\W_])(?!_[^\W_])" if _PLAIN_TOKEN.match(last) and not _is_packed(last) else ""
        if len(name.text) >= _UNLIKE_WORDS and not _ADDRESS_SIGNS.search(name.text):
            left = right = ""
        body = f"{left}{_not_in(name)}(?:{spelled}){right}(?:{_MAIL})?"
    return f"(?{flag}:{body})" if flag else f"(?:{body})"


def _spelled(name: Name) -> str:
    """A name in all ways in which people and programs write it."""
    forms = dict.fromkeys((name.text, visible(name.text)))
    if not name.text.isascii() and not name.is_exact:
        forms |= dict.fromkeys((name.text.upper(), name.text.casefold()))
    user, at, _ = name.text.rpartition("@")
    if at and not is_everyday(user):
        forms[f"{user}@…"] = None  # as an address for mail is shown
    return "|".join(_BLANK.join("".join(map(_letter, part)) for part in _parts(form)) for form in forms)


def _parts(name: str) -> list[str]:
    return unicodedata.normalize("NFC", name).split()


def _cores(name: str) -> set[str]:
    """Parts of a name of which one is in whatever it is written like: one that has one form only, if any."""
    plain = "".join(
        letter if letter.isalnum() and unicodedata.normalize("NFD", letter) == letter else " "
        for letter in unicodedata.normalize("NFC", visible(name))
    )
    if plain.strip():
        return {max(plain.split(), key=len).casefold()}
    forms = (unicodedata.normalize(form, visible(name)).casefold() for form in ("NFC", "NFD"))
    return {form[:1] for form in forms}


def _letter(letter: str) -> str:
    """What finds a letter of a name: as Unicode writes it, or Markdown, or who types it on a telephone."""
    if letter in _APOSTROPHES:
        return rf"\\?[{_APOSTROPHES}]"
    if letter in _HYPHENS:
        return rf"\\?[{_HYPHENS}]"
    if letter.isascii():
        return re.escape(letter) if letter.isalnum() else rf"\\?{re.escape(letter)}"
    apart = unicodedata.normalize("NFD", letter)
    return re.escape(letter) if apart == letter else f"(?:{re.escape(letter)}|{re.escape(apart)})"


def spaced(name: str) -> str:
    """A name in the form that all names have which texts may take for each other."""
    return re.sub(r"[\s._+-]+", " ", name).casefold().strip()


def _not_in(name: Name) -> str:
    """What holds where a name does not stand in a longer one that stays."""
    found = []
    for other in name.others:
        for match in re.finditer(_spelled(name), other, re.IGNORECASE):
            before, behind = re.escape(other[: match.start()]), re.escape(other[match.start() :])
            found.append(rf"(?!(?<={before}){behind}(?![^\W_]))" if before else rf"(?!{behind}(?![^\W_]))")
    return "".join(found)


def is_everyday(name: str) -> bool:
    """Whether a name is too common a word to be one wherever it stands."""
    folded = name.casefold()
    is_number = name.isdecimal() and len(name) < 5
    return len(name) < 2 or folded in EVERYDAY or folded in _TWO_LETTERS or is_number


def _is_packed(letter: str) -> bool:
    return re.match(f"[{_SCRIPTS}]", letter) is not None


# Words


def words(text: str) -> list[str]:
    """The words of a body in any dialect, as texts that quote each other share them."""
    return _words(readable(text))


def _words(seen: str) -> list[str]:
    """The words of what a reader sees. Asked of every text, so the usual case is the quick one."""
    folded = seen.casefold()
    found: list[str] = (_ASCII_TOKEN if folded.isascii() else _TOKEN).findall(folded)
    return [_word(one) if "://" in one else one for one in found] if "://" in folded else found


def _word(found: str) -> str:
    if "://" in found:
        return found.partition("://")[2].removeprefix("www.").rstrip("/.,;:!?…)]*_")[:_ADDRESS].casefold()
    return found.casefold()


def readable(text: str) -> str:
    """What a reader sees of a text: no tags, entities decoded."""
    if "<" in text:
        text = _TAG.sub(_gap, text)
    return visible(html.unescape(text) if "&" in text else text)


def _gap(match: re.Match[str]) -> str:
    """A blank where the tag ends a word, nothing where it stands in one."""
    return "" if _INLINE.match(match[0]) else " "


def visible(text: str) -> str:
    """The text without signs that take no place."""
    return text if text.isascii() else _HIDDEN.sub("", text)


def decoded(text: str) -> str:
    """What a program reads in a text, tags and all: entities and percent signs decoded."""
    if "&" in text:
        text = html.unescape(text)
    return visible(unquote(text, errors="replace") if "%" in text else text)


def quotes_in(text: str) -> Iterator[Words]:
    """The words of what a body quotes, line by line."""
    for match in _QUOTED.finditer(text):
        if found := tuple(words(match["line"] or match["whole"] or "")):
            yield found


def sentences(text: str) -> Iterator[Words]:
    """The words of each sentence, line, heading or text in quotation marks of a body, as far as they tell
    something though they are few."""
    for block in _BLOCK.split(text):
        seen = readable(block)
        quoted = [match[1] or match[2] for match in _IN_MARKS.finditer(seen)]
        for one in _SENTENCE.split(seen):
            if len(found := tuple(_words(one))) > 2 and is_telling(found):
                yield found
        for one in quoted:
            if len(found := tuple(_words(one))) > 1 and is_telling(found):
                yield found


def own_text(text: str) -> str:
    """A body without the lines that it quotes."""
    return _QUOTES.sub(" ", text) if ">" in text or "&gt;" in text else text


def runs_of(found: Sequence[str]) -> Iterator[Words]:
    """All runs of ``RUN`` words."""
    return zip(*(found[start:] for start in range(RUN)), strict=False)


def is_telling(run: Words) -> bool:
    """Whether two texts that share these words share more than a turn of phrase."""
    rare = [word for word in run if word not in EVERYDAY]
    if len(run) >= RUN:
        return len(rare) >= _RARE
    if len(run) == 1:
        return len(run[0]) > _SHORT_LETTERS or (
            len(run[0]) >= _WORD_LETTERS and any(map(str.isdigit, run[0]))
        )
    return len(rare) >= _RARE or (bool(rare) and sum(map(len, run)) >= _SHORT_LETTERS)


def telling(text: str) -> set[Words]:
    """The runs by which a text is known again: those of ``RUN`` words, or all of a shorter one."""
    found = words(own_text(text))
    if len(found) < RUN:
        return {tuple(found)} if found and is_telling(tuple(found)) else set()
    return {run for run in runs_of(found) if is_telling(run)}


# Erasing


class Span(NamedTuple):
    start: int
    end: int
    instead: str


def erase(text: str, erased: Erased, dialect: Dialect = Dialect.TEXT) -> str:
    """The text without all that must not be read; the same object where there is nothing of it."""
    if not text or not touches(text, erased):
        return text
    spans = [*_named_spans(text, erased), *_run_spans(text, erased)]
    return _without(text, spans, r"\[removed]" if dialect in _MARKED else REMOVED)


def touches(text: str, erased: Erased) -> bool:
    """Whether a text holds something that must not be read. Quick where it does not."""
    seen = readable(text)
    if erased.found_by:
        forms = dict.fromkeys((text, seen, decoded(text)))
        for pattern in erased.found_by:
            if pattern is erased.named and not any(_may_hold(form, erased.cores) for form in forms):
                continue
            if any(map(pattern.search, forms)):
                return True
    return bool(erased.runs or erased.shorts) and _has_runs(seen, erased)


def _may_hold(text: str, cores: Iterable[str]) -> bool:
    folded = text.casefold()
    return any(core in folded for core in cores)


def _has_runs(seen: str, erased: Erased) -> bool:
    found = _words(seen)
    if not erased.anchors.isdisjoint(found) and not erased.runs.isdisjoint(runs_of(found)):
        return True
    if _has_short(found, erased, shortest=1):
        return True
    return "://" in seen and any(_is_told_by(address, erased) for address in re.findall(_URL, seen))


def _is_told_by(address: str, erased: Erased) -> bool:
    """Whether an address spells what must not be read, as those of forums spell titles."""
    found = [word.casefold() for word in _PLAIN_TOKEN.findall(unquote(address))]
    if not erased.runs.isdisjoint(runs_of(found)):
        return True
    return _has_short(found, erased, shortest=2)


def _has_short(found: Sequence[str], erased: Erased, shortest: int) -> bool:
    return any(
        not erased.shorts.isdisjoint(zip(*(found[start:] for start in range(size)), strict=False))
        for size in erased.sizes
        if size >= shortest
    )


class _View(NamedTuple):
    """A text as it is read, and where each of its characters begins and ends in what is written."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.starts[start], self.ends[end - 1]


def _view(text: str, *, with_tags: bool) -> _View:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in (_VIEWED if with_tags else _READ).finditer(text):
        starts += range(at, match.start())
        ends += range(at + 1, match.start() + 1)
        shown = _gap(match) if match[0][0] == "<" else _decoded(match[0])
        parts += (text[at : match.start()], shown)
        starts += [match.start()] * len(shown)
        ends += [match.end()] * len(shown)
        at = match.end()
    parts.append(text[at:])
    starts += range(at, len(text))
    ends += range(at + 1, len(text) + 1)
    return _View("".join(parts), starts, ends)


def _decoded(coded: str) -> str:
    if coded[0] == "&":
        return visible(html.unescape(coded))
    if coded[0] == "%":
        return unquote(coded, errors="replace")
    return chr(int(coded[2:], 16)) if coded[0] == "\\" else ""


def _named_spans(text: str, erased: Erased) -> Iterator[Span]:
    """Where names and patterns stand."""
    whole = [(match.start(), match.end()) for match in _WHOLE.finditer(text)]
    begins = [start for start, _ in whole]
    for view in (_view(text, with_tags=True), _view(text, with_tags=False)):
        for pattern in erased.found_by:
            for match in pattern.finditer(view.text):
                if match.start() == match.end():
                    continue
                name = match.lastindex if pattern is erased.named else None
                instead = erased.names[name - 1].instead if name else REMOVED
                yield _grown(*view.span(*match.span()), instead, text, whole, begins)


def _grown(
    start: int, end: int, instead: str, text: str, whole: Sequence[tuple[int, int]], begins: Sequence[int]
) -> Span:
    """The span with all of the tag or address in which it lies."""
    place = bisect_right(begins, start) - 1
    if place >= 0 and start < whole[place][1]:
        first, last = whole[place]
        if text[first] != "<":
            return Span(first, max(end, last), instead)
        cut = _CUT.match(text, last)  # the address that the tag has, as sites show long ones
        return Span(first, max(end, cut.end()), instead) if cut else Span(first, max(end, last), "")
    return Span(start, end, instead)


def _run_spans(text: str, erased: Erased) -> Iterator[Span]:
    """Where runs of words stand that the text shares, with the link that begins right before one."""
    if not (erased.runs or erased.shorts):
        return
    view = _view(text, with_tags=False)
    tokens = list(_TOKEN.finditer(view.text))
    found = [_word(one[0]) for one in tokens]
    for size, known in ((RUN, erased.runs), *((size, erased.shorts) for size in erased.sizes)):
        for place, run in enumerate(zip(*(found[start:] for start in range(size)), strict=False)):
            if run in known:
                first, last = tokens[place].start(), tokens[place + size - 1].end()
                yield _with_link(text, *view.span(first, last))
    for one in tokens:
        if "://" in one[0] and _is_told_by(one[0], erased):
            yield _with_link(text, *view.span(*one.span()))


def _with_link(text: str, start: int, end: int) -> Span:
    if text[start - 1 : start] == ">":
        begin = text.rfind("<", 0, start)
        if begin >= 0 and re.match(r"(?i)<a\s", text[begin:start]):
            start = begin
    return Span(start, end, REMOVED)


def _without(text: str, spans: Iterable[Span], mark: str) -> str:
    """The text with something instead of each span; those that touch become one."""
    parts: list[str] = []
    at = 0
    for one in _joined(sorted(spans)):
        parts += (text[at : one.start], mark if one.instead == REMOVED else one.instead)
        at = one.end
    return "".join(parts) + text[at:]


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for one in spans:
        if last and one.start < last.end:
            both = (last.instead, one.instead)
            last = Span(last.start, max(last.end, one.end), REMOVED if REMOVED in both else max(both))
        else:
            if last:
                yield last
            last = one
    if last:
        yield last
