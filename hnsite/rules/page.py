"""The text of a page -> what it leads to, its ids, and where it is not valid HTML. Pure.

A parser that follows the HTML Standard tells what is misspelled; which element may stand where is in
``elements.py``, and compared with the tags as they stand in the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from turbohtml import Token, TokenType, parse, tokenize
from turbohtml.conformance import check

from hnsite.rules.elements import ATTRIBUTES, ENDED_BY, MAY_LACK_END, METADATA, REFERRING, VOID
from hnsite.rules.nesting import FOREIGN, ONCE, OUTSIDE, PAGE, State, is_attribute
from hnsite.rules.style import addresses
from hnsite.rules.values import VALUES, value_fault

LINKS = {
    **dict.fromkeys(("a", "area", "link", "use"), ("href",)),
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
_SIGNS = ("control-character-in-input-stream", "noncharacter-in-input-stream")
"""Signs that HTML does not take and that browsers pass over; they come from what people wrote."""
_SETS = ("srcset", "imagesrcset")
_REFRESH = re.compile(r"(?i)\s*[\d.]+\s*[;,]?\s*(?:url\s*=\s*)?[\"']?([^\"']*)")
_START, _END, _TEXT, _DOCTYPE = TokenType.START_TAG, TokenType.END_TAG, TokenType.TEXT, TokenType.DOCTYPE
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
    for error in document.errors:
        kind = "sign" if error.code in _SIGNS else "html"
        said.faults.append((error.line, kind, _spelled(error.code)))
    for one in check(document).messages:
        if one.code == "missing-lang" or (one.severity == "error" and one.code != "duplicate-id"):
            said.faults.append((max(one.line, 1), "html", one.message))


def _spelled(code: str) -> str:
    """The standard's name of a parse error, as words."""
    return code.replace("-", " ")


_PASSED, _LINK, _ID, _TOLD = range(4)
"""What an attribute is to us: nothing, an address, an id, or something that takes a closer look."""


class _Tags:
    """Goes through the tags of a page in their order. ``open`` and ``lines`` are the elements that have not
    ended, and where they begin."""

    def __init__(self, said: Said) -> None:
        self.said = said
        self.open: list[State] = [PAGE]
        self.lines = [0]
        self.seen: set[str] = set()
        self.named: list[tuple[int, str, str]] = []
        self.script = ""
        self.is_without_scripts = False

    def fault(self, line: int, message: str) -> None:
        self.said.faults.append((line, "html", message))

    def read(self, text: str, above: int = 0) -> None:
        """``above`` are the lines before the text. What most tags need is done right here: a page has
        hundreds."""
        open, lines, state = self.open, self.lines, self.open[-1]
        for token in tokenize(text):
            kind = token.type
            if kind is _START:
                tag, line = token.tag or "", token.line + above
                if attrs := token.attrs:
                    self.attributes(tag, line, attrs)
                step = state.steps.get(tag)
                if step is None or state.is_foreign:
                    self.start(tag, line, token.self_closing)
                    state = open[-1]
                elif not step.is_void:
                    open.append(step)
                    lines.append(line)
                    state = step
            elif kind is _END:
                if token.tag == state.tag:
                    open.pop()
                    lines.pop()
                else:
                    self.end(token.tag or "", token.line + above)
                state = open[-1]
            elif kind is _TEXT:
                if state.hears:
                    self.text(state.tag, token.data or "", token.line + above)
                    state = open[-1]
            elif kind is _DOCTYPE:
                self.doctype(token, token.line + above)

    def finish(self) -> None:
        """At the end of the page."""
        while len(self.open) > 1:
            self.lacks_end("the page ends")
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

    def start(self, tag: str, line: int, is_closed: bool) -> None:
        """An element begins, and something about that is unusual or has not been seen before."""
        if self.open[-1].is_foreign:
            if not is_closed and tag not in VOID:
                self.push(tag, line)
            return
        while tag in ENDED_BY.get(self.open[-1].tag, ()):
            self.pop()
        if self.open[-1].tag in OUTSIDE:
            self.enter(tag, line)
        if why := self.open[-1].fault(tag):
            self.fault(line, why)
        if tag in ONCE:
            self.once(tag, line)
        if not (tag in VOID or (is_closed and tag in FOREIGN)):
            self.push(tag, line)

    def enter(self, tag: str, line: int) -> None:
        """Begins <html>, <head> and <body> where a page leaves out their tags."""
        if self.open[-1].tag == "" and tag != "html":
            self.once("html", line)
            self.push("html", line)
        if self.open[-1].tag == "head" and tag not in METADATA:
            self.pop()
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
        self.open.append(self.open[-1].enter(tag))
        self.lines.append(line)

    def pop(self) -> tuple[str, int]:
        return self.open.pop().tag, self.lines.pop()

    def end(self, tag: str, line: int) -> None:
        """An element ends that is not the one which began last."""
        if tag in VOID or all(one.tag != tag for one in self.open):
            self.fault(line, f"</{tag}> ends nothing: take it away, or write the start tag that it lacks")
            return
        while self.open[-1].tag != tag:
            self.lacks_end(f"</{tag}> on line {line} comes first")
        self.pop()

    def lacks_end(self, why: str) -> None:
        tag, line = self.pop()
        if tag not in MAY_LACK_END:
            self.fault(line, f"<{tag}> has no end tag: {why}")

    def text(self, tag: str, text: str, line: int) -> None:
        """Text where it is read by programs, or where none may stand."""
        if tag in _READ:
            _READ[tag](self, text, line)
        elif not text.isspace():
            line += text[: len(text) - len(text.lstrip())].count("\n")
            if tag in OUTSIDE:
                self.enter("", line)
            else:
                self.fault(line, f"text may not stand right in <{tag}>")

    def attributes(self, tag: str, line: int, attrs: list[tuple[str, str]]) -> None:
        said, kinds = self.said, _kinds(tag)
        for name, value in attrs:
            kind = kinds.get(name, _TOLD)
            if kind == _LINK:
                said.links.append((line, value))
            elif kind == _ID:
                self.id(value, line)
            elif kind == _TOLD:
                self.attribute(tag, line, name, value)
        if tag in _KNOWN:
            _KNOWN[tag](self, dict(attrs), line)

    def attribute(self, tag: str, line: int, name: str, value: str) -> None:
        """An attribute that is seldom."""
        if name in LINKS.get(tag, ()):
            self.said.links += ((line, one) for one in _parts(value))
        elif name in REFERRING:
            self.named += ((line, name, id) for id in value.split())
        elif name == "style":
            self.said.links += addresses(value, line)
        elif name == "name" and tag == "a":
            self.said.ids.setdefault(value, line)
        elif self.open[-1].is_foreign or tag in FOREIGN or "-" in tag:
            return
        elif not is_attribute(name):
            self.fault(line, f"HTML has no attribute {name!r}")
        elif name in VALUES and (why := value_fault(name, value)):
            self.fault(line, why)

    def id(self, id: str, line: int) -> None:
        ids = self.said.ids
        if id in ids:
            message = f"the id {id!r} is on line {ids[id]} already; links to it lead there"
            self.said.faults.append((line, "id", message))
        else:
            ids[id] = line
            if len(id.split()) != 1:
                self.fault(line, f"an id is one word, not {id!r}")

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

    def noscript_text(self, text: str, line: int) -> None:
        """Tags for browsers without scripts; words between those are nothing to read again."""
        if not self.is_without_scripts:
            self.is_without_scripts = True
            self.read(text, line - 1)
            self.is_without_scripts = False

    def style_text(self, text: str, line: int) -> None:
        self.said.links += addresses(text, line)


_READ: Mapping[str, Callable[[_Tags, str, int], None]] = {
    "noscript": _Tags.noscript_text,
    "script": _Tags.script_text,
    "style": _Tags.style_text,
}
"""Elements whose text says something to programs."""
_KNOWN: Mapping[str, Callable[[_Tags, dict[str, str], int], None]] = {
    "base": _Tags.base,
    "meta": _Tags.meta,
    "script": _Tags.script_tag,
}
"""Elements whose attributes are read together."""


@cache
def _kinds(tag: str) -> Mapping[str, int]:
    """What the attributes of an element are to us; those that are not here take a closer look."""
    kinds = dict.fromkeys(ATTRIBUTES - REFERRING - VALUES - {"style", "name" if tag == "a" else ""}, _PASSED)
    leads = {name: _TOLD if name in _SETS else _LINK for name in LINKS.get(tag, ())}
    return {**kinds, **leads, "id": _ID}


def _parts(value: str) -> Iterator[str]:
    """The addresses of a srcset."""
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
