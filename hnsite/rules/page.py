"""The text of a page -> what it leads to, its ids, and where it is not valid HTML. Pure.

A parser that follows the HTML Standard tells what is misspelled; which element may stand where is in
``elements.py``, and compared with the tags as they stand in the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from turbohtml import Token, TokenType, parse, tokenize
from turbohtml.conformance import check

from hnsite.rules.elements import (
    ATTRIBUTES,
    ELEMENTS,
    ENDED_BY,
    FLOW,
    HOLDS,
    INSULATED,
    MAY_LACK_END,
    METADATA,
    NEVER_BELOW,
    NO_TEXT,
    ONLY_IN,
    REFERRING,
    TRANSPARENT,
    VOID,
)
from hnsite.rules.style import addresses

LINKS = {
    **dict.fromkeys(("a", "area", "base", "link", "use"), ("href",)),
    **dict.fromkeys(("img", "source"), ("src", "srcset")),
    **dict.fromkeys(("script", "iframe", "audio", "track", "embed", "input"), ("src",)),
    "link": ("href", "imagesrcset"),
    "image": ("href", "xlink:href"),
    "video": ("src", "poster"),
    "object": ("data",),
    "form": ("action",),
    "button": ("formaction",),
    **dict.fromkeys(("blockquote", "q", "ins", "del"), ("cite",)),
}
"""The attributes that lead to something."""
_SETS = ("srcset", "imagesrcset")
_REFRESH = re.compile(r"(?i)\s*[\d.]+\s*[;,]?\s*(?:url\s*=\s*)?[\"']?([^\"']*)")
_START, _END, _TEXT, _DOCTYPE = TokenType.START_TAG, TokenType.END_TAG, TokenType.TEXT, TokenType.DOCTYPE
_FOREIGN = ("svg", "math")
_ONCE = ("html", "head", "body", "title")
_GROUPED = ("dl", "select", "optgroup")
_FREE = ("data-", "aria-", "on")
_WRITTEN = ("text", "articleBody", "headline", "name", "description", "title")


@dataclass(slots=True)
class Said:
    """What a page says. ``links`` are (line, address as it is written), ``ids`` lines by id, ``faults``
    (line, kind, message). ``base`` is the address from which others count, if the page names one, and
    ``leads_on`` tells that it sends its readers elsewhere by itself."""

    links: list[tuple[int, str]] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    base: str = ""
    leads_on: bool = False


def read_page(text: str, said: Said) -> None:
    """Reads a whole page."""
    tags = _Tags(said)
    tags.read(text)
    tags.finish()
    document = parse(text)
    said.faults += [(error.line, "html", _spelled(error.code)) for error in document.errors]
    for one in check(document).messages:
        if one.code == "missing-lang" or (one.severity == "error" and one.code != "duplicate-id"):
            said.faults.append((max(one.line, 1), "html", one.message))


def _spelled(code: str) -> str:
    """The standard's name of a parse error, as words."""
    return code.replace("-", " ")


class _Open(NamedTuple):
    """An element that has not ended yet: what may stand in it (None: anything), and what may not, however
    deep."""

    tag: str
    line: int
    holds: frozenset[str] | None
    banned: frozenset[str]


_NOTHING: frozenset[str] = frozenset()
_OUTSIDE = ("", "html", "head")


class _Tags:
    """Goes through the tags of a page in their order."""

    def __init__(self, said: Said) -> None:
        self.said = said
        self.open = [_Open("", 0, frozenset({"html"}), _NOTHING)]
        self.seen: set[str] = set()
        self.named: list[tuple[int, str, str]] = []
        self.foreign = 0
        self.script = ""

    def fault(self, line: int, message: str) -> None:
        self.said.faults.append((line, "html", message))

    def read(self, text: str, above: int = 0) -> None:
        """``above`` are the lines before the text."""
        for token in tokenize(text):
            kind = token.type
            if kind is _START:
                self.start(token.tag or "", token, token.line + above)
            elif kind is _END:
                self.end(token.tag or "", token.line + above)
            elif kind is _TEXT:
                self.text(token.data or "", token.line + above)
            elif kind is _DOCTYPE:
                self.doctype(token, token.line + above)

    def finish(self) -> None:
        """At the end of the page."""
        for one in self.open[1:]:
            self.lacks_end(one, "the page ends")
        for line, name, id in self.named:
            if id not in self.said.ids:
                self.fault(line, f'{name} names "{id}", and nothing on this page has that id')
        if "doctype" not in self.seen:
            self.fault(1, "there is no doctype; the first line should be <!doctype html>")
        if "charset" not in self.seen:
            self.fault(1, 'the encoding is not told; write <meta charset="utf-8"> first in <head>')

    def doctype(self, token: Token, line: int) -> None:
        self.seen.add("doctype")
        if token.public_id or token.system_id not in (None, "", "about:legacy-compat"):
            self.fault(line, "the doctype is of an old HTML; write <!doctype html>")

    def start(self, tag: str, token: Token, line: int) -> None:
        if attrs := token.attrs:
            self.attributes(tag, line, attrs)
        if self.foreign:
            if not token.self_closing and tag not in VOID:
                self.push(tag, line)
            return
        self.make_room(tag, line)
        above = self.open[-1]
        if above.holds is not None and tag not in above.holds and "-" not in tag:
            self.fault(line, _misplaced(tag, above))
        elif tag in above.banned:
            self.fault(line, f"<{tag}> may not stand there, inside <{self.outer(tag)}>")
        if tag in _ONCE:
            self.once(tag, line)
        if tag not in VOID and not (tag in _FOREIGN and token.self_closing):
            self.push(tag, line)

    def make_room(self, tag: str, line: int) -> None:
        """Ends what ends by itself before such an element, begins what need not be written."""
        while tag in ENDED_BY.get(self.open[-1].tag, _NOTHING):
            self.open.pop()
        if self.open[-1].tag in _OUTSIDE:
            self.enter(tag, line)

    def enter(self, tag: str, line: int) -> None:
        """Begins <html>, <head> and <body> where a page leaves out their tags."""
        if self.open[-1].tag == "" and tag != "html":
            self.push("html", line)
        if self.open[-1].tag == "head" and tag not in METADATA:
            self.open.pop()
        if self.open[-1].tag == "html" and tag not in ("head", "body"):
            outer = "head" if tag in METADATA and not self.seen & {"head", "body"} else "body"
            self.once(outer, line)
            self.push(outer, line)

    def once(self, tag: str, line: int) -> None:
        if tag in self.seen:
            said = "something stands behind </body>" if tag == "body" else f"there is a second <{tag}>"
            self.fault(line, said)
        self.seen.add(tag)

    def push(self, tag: str, line: int) -> None:
        above = self.open[-1]
        holds, banned = HOLDS.get(tag, FLOW), above.banned
        if tag in TRANSPARENT:
            holds = HOLDS.get(tag, _NOTHING) | (above.holds or FLOW) if tag in HOLDS else above.holds or FLOW
        elif tag == "div" and above.tag in _GROUPED:
            holds = HOLDS[above.tag]
        if tag in _FOREIGN or self.foreign:
            self.foreign += 1
        if tag in INSULATED or self.foreign:
            self.open.append(_Open(tag, line, None, _NOTHING))
        else:
            more = NEVER_BELOW.get(tag)
            self.open.append(_Open(tag, line, holds, banned | more if more else banned))

    def pop(self) -> _Open:
        if self.foreign:
            self.foreign -= 1
        return self.open.pop()

    def end(self, tag: str, line: int) -> None:
        if self.open[-1].tag == tag:
            self.pop()
        elif tag in VOID or all(one.tag != tag for one in self.open):
            self.fault(line, f"</{tag}> ends nothing: take it away, or write the start tag that it lacks")
        else:
            while (one := self.pop()).tag != tag:
                self.lacks_end(one, f"</{tag}> on line {line} comes first")

    def lacks_end(self, one: _Open, why: str) -> None:
        if one.tag not in MAY_LACK_END:
            self.fault(one.line, f"<{one.tag}> has no end tag: {why}")

    def outer(self, tag: str) -> str:
        """The element that bans one of the name."""
        return next(one.tag for one in reversed(self.open) if tag in NEVER_BELOW.get(one.tag, _NOTHING))

    def text(self, text: str, line: int) -> None:
        above = self.open[-1].tag
        if above in _READ:
            _READ[above](self, text, line)
        elif above in NO_TEXT and not text.isspace() and not self.foreign:
            if above in _OUTSIDE:
                self.enter("", line)
            else:
                line += text[: len(text) - len(text.lstrip())].count("\n")
                self.fault(line, f"text may not stand right in <{above}>")

    def attributes(self, tag: str, line: int, attrs: list[tuple[str, str]]) -> None:
        leads = LINKS.get(tag, ())
        for name, value in attrs:
            if name in leads:
                self.said.links += ((line, one) for one in _parts(name, value))
            elif name == "id":
                self.id(value, line)
            elif name in REFERRING:
                self.named += ((line, name, id) for id in value.split())
            elif name == "style":
                self.said.links += addresses(value, line)
            elif not (name in ATTRIBUTES or name.startswith(_FREE) or self.foreign or "-" in tag):
                if tag not in _FOREIGN:
                    self.fault(line, f"HTML has no attribute {name!r}")
        if tag in _TOLD:
            _TOLD[tag](self, dict(attrs), line)

    def id(self, id: str, line: int) -> None:
        if not id or any(one in " \t\n\f\r" for one in id):
            self.fault(line, f"an id is one word, not {id!r}")
        elif before := self.said.ids.get(id):
            message = f"the id {id!r} is on line {before} already; links to it lead there"
            self.said.faults.append((line, "id", message))
        else:
            self.said.ids[id] = line

    def anchor(self, attrs: dict[str, str], line: int) -> None:
        if name := attrs.get("name"):
            self.said.ids.setdefault(name, line)

    def base(self, attrs: dict[str, str], line: int) -> None:
        self.said.base = self.said.base or attrs.get("href", "")

    def meta(self, attrs: dict[str, str], line: int) -> None:
        content = attrs.get("content", "")
        if attrs.get("charset", "").lower() == "utf-8":
            self.seen.add("charset")
        elif attrs.get("http-equiv", "").lower() == "refresh":
            if (match := _REFRESH.fullmatch(content)) and match[1]:
                self.said.links.append((line, match[1]))
                self.said.leads_on = True
        elif content.startswith(("http:", "https:")):
            self.said.links.append((line, content))

    def script_tag(self, attrs: dict[str, str], line: int) -> None:
        self.script = attrs.get("type", "").lower()

    def script_text(self, text: str, line: int) -> None:
        if self.script.endswith("json"):
            try:
                found = addresses_of(json.loads(text))
            except ValueError as error:
                self.fault(line, f"what the script holds is no JSON: {error}")
            else:
                self.said.links += ((line, one) for one in found)

    def style_text(self, text: str, line: int) -> None:
        self.said.links += addresses(text, line)


_READ: Mapping[str, Callable[[_Tags, str, int], None]] = {
    "noscript": lambda tags, text, line: tags.read(text, line - 1),
    "script": _Tags.script_text,
    "style": _Tags.style_text,
}
"""Elements whose text says something to programs."""
_TOLD: Mapping[str, Callable[[_Tags, dict[str, str], int], None]] = {
    "a": _Tags.anchor,
    "base": _Tags.base,
    "meta": _Tags.meta,
    "script": _Tags.script_tag,
}
"""Elements whose attributes are read together."""


def _misplaced(tag: str, above: _Open) -> str:
    if tag not in ELEMENTS:
        return f"HTML has no element <{tag}>"
    if places := ONLY_IN.get(tag):
        return f"<{tag}> may stand only in {', '.join(f'<{one}>' for one in sorted(places))}"
    return f"<{tag}> may not stand in <{above.tag}>"


def _parts(name: str, value: str) -> Iterator[str]:
    """The addresses of an attribute."""
    if name not in _SETS:
        yield value
        return
    for one in value.split(","):
        if words := one.split():
            yield words[0]


def addresses_of(data: object) -> Iterator[str]:
    """The full addresses among the strings of JSON, but for text that people wrote."""
    waiting = [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if one.startswith(("http:", "https:")):
                yield one
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += (value for key, value in one.items() if key not in _WRITTEN)
