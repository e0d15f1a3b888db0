"""Sanitized HTML -> the same words and forms, each element where HTML lets it stand. Pure.

Parsers mend tags that do not close, and leave a paragraph in bold, an item in no list, a link in a link.
Here the words, one after another, get the elements around them in the order that HTML wants: boxes, then what
holds words only (a paragraph, a heading), then links and formatting. Elements begin when something stands in
them, so none is empty but cells. Neighbours share what is around them as far as it is the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PHRASING = ("a", "b", "code", "del", "em", "i", "kbd", "s", "span", "strong", "sub", "sup", "u")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_INSIDE = rf"(?:[^<]++|<(?:br>|/?(?:{'|'.join(_PHRASING)})[ >]))*+"
_USUAL = re.compile(
    rf"(?:<p>{_INSIDE}</p>|<pre>{_INSIDE}</pre>|[^<]++|<br>|<hr>|</?blockquote>"
    rf"|<(?:{'|'.join(f'{name}>{_INSIDE}</{name}>' for name in _HEADINGS)})"
    rf"|<(?:{'|'.join(f'{name}(?: [^<>]*)?>[^<]*</{name}>' for name in _PHRASING)})"
    r"|<(?:ul|ol(?: start=\"\d+\")?)>\s*+<li>|</li>\s*+(?:<li>|</[ou]l>))*+"
)
"""What most bodies are: no formatting has a box in it, nothing but items is in a list."""
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*>")
_BLANKS = " \t\n\f\r"
_SUMMARY = re.compile(r"\s*<summary>(?:(?!</summary>)<[^<>]*>|\s)*+[^<\s]")
_HEADING = re.compile(r"<(/?)h([2-6])>")
_NESTED = re.compile(r"\s*<[ou]l[ >]")
_FORMATTING = frozenset(_PHRASING)
_WORDED = frozenset({*_HEADINGS, "p", "pre", "summary"})
_LISTS = frozenset({"ul", "ol"})
_CELLS = frozenset({"td", "th"})
_VOID = ("br", "hr")
_LASTING = frozenset({"li", "summary", "thead", "tbody"})
_MOST_AGAIN = 100_000
"""Characters of formatting that begins again in other boxes; behind so many words stand without it."""


@dataclass(eq=False, slots=True)
class _Element:
    """``made`` tells that the text does not have it, ``begun`` that it was written before. ``last`` is the
    last item of a list, the summary of something that folds, a section of a table; ``list`` the list of the
    items that stand right in here."""

    name: str
    start: str
    made: bool = False
    begun: bool = False
    last: _Element | None = None
    list: _Element | None = None


def valid(clean: str, top: int) -> str:
    """Sanitized HTML in which elements stand where they may; headings from level ``top`` on, none skipped."""
    if not _USUAL.fullmatch(clean):
        clean = _Writing().written(clean)
    return _HEADING.sub(_Levels(top), clean) if "</h" in clean else clean


class _Levels:
    """Gives headings levels of which none is skipped."""

    def __init__(self, top: int) -> None:
        self._top = top
        self._last = top - 1

    def __call__(self, tag: re.Match[str]) -> str:
        if not tag[1]:
            self._last = min(max(int(tag[2]), self._top), self._last + 1)
        return f"<{tag[1]}h{self._last}>"


class _Writing:
    """``around`` are the elements of the text that are open where it is read, ``open`` those that are open
    in what is written; ``blanks`` wait for what comes behind them."""

    def __init__(self) -> None:
        self.root = _Element("", "")
        self.around: list[_Element] = []
        self.open: list[_Element] = []
        self.parts: list[str] = []
        self.blanks = ""
        self.line: _Element | None = None  # the box, or the part of it, that was written to last
        self.is_begun = False  # whether a tag has just begun an element
        self.again = 0

    def written(self, clean: str) -> str:
        at = 0
        for tag in _TAG.finditer(clean):
            self.text(clean[at : tag.start()])
            at = tag.end()
            self.is_begun = not tag[1] and tag[2] not in _VOID
            if tag[1]:
                self.end(clean, at)
            elif self.is_begun:
                self.begin(_Element(tag[2], tag[0]), clean, at)
            elif tag[2] == "br":
                self.words(tag[0])
            else:
                self.rule()
        self.text(clean[at:])
        self.lead([])
        return "".join(self.parts)

    def begin(self, element: _Element, clean: str, at: int) -> None:
        """An element of the text begins; ``at`` is behind its tag."""
        above = self.around[-1] if self.around else self.root
        if self._is_amiss(element, above, clean, at):
            element.name, element.start = "p", "<p>"
        elif element.name == "thead" and above.last:
            element.name, element.start = "tbody", "<tbody>"
        if element.name in _LASTING:
            above.last = element
        self.around.append(element)
        if element.name in _CELLS:
            way, _ = self.way()
            if way[-1] is element:  # also if it is empty, for those beside it
                self.lead(way)

    def end(self, clean: str, at: int) -> None:
        """The innermost element of the text ends; an item goes on in a list that stands beside it."""
        element = self.around.pop()
        if self.open and self.open[-1] is element and not (element.name == "li" and _NESTED.match(clean, at)):
            self.parts += (self.blanks, f"</{element.name}>")
            self.blanks = ""
            self.open.pop()

    def _is_amiss(self, element: _Element, above: _Element, clean: str, at: int) -> bool:
        """Whether it folds and does not say what, says so of nothing, or is a heading in another."""
        if element.name == "details":
            return not _SUMMARY.match(clean, at)
        if element.name == "summary":
            return above.name != "details" or above.last is not None
        return element.name in _HEADINGS and any(one.name == "th" for one in self.around)

    def text(self, text: str) -> None:
        if text.strip(_BLANKS) or self._keeps_blanks():
            self.words(text)
        elif self.is_begun and self.around[-1].name not in _FORMATTING | _WORDED | _CELLS:
            self.around[-1].start += text
        else:
            self.blanks += text

    def _keeps_blanks(self) -> bool:
        return any(one.name == "pre" for one in self.around) and self.way()[0][-1].name == "pre"

    def words(self, text: str) -> None:
        """Text that is more than blanks, or a line break."""
        if not text:
            return
        way, line = self.way()
        if way and way[-1].name in _LISTS:
            if text == "<br>":
                return
            way.append(self._item(way[-1]))
        box = way[-1] if way else self.root
        self.lead([*way, *self._formatting()], self._break(box, line or box))
        self.line = line or box
        self.parts.append(text)

    def rule(self) -> None:
        way, _ = self.way()
        if way and way[-1].name in _WORDED - {"summary"}:
            way.pop()
        if not way or way[-1].name not in _LISTS | {"summary"}:
            self.lead(way)
            self.parts.append("<hr>")

    def _break(self, box: _Element, line: _Element) -> str:
        """What parts the words of a box from those that were written to another part of it before."""
        if line is self.line or box not in self.open or box.name not in _WORDED:
            return ""
        return "\n" if box.name == "pre" else "<br>"

    def way(self) -> tuple[list[_Element], _Element | None]:
        """The boxes around this place, and that which is only a line of the last of them."""
        way: list[_Element] = []
        line: _Element | None = None
        for one in self.around:
            if one.name in _FORMATTING:
                continue
            if way and way[-1].name in _WORDED:
                if way[-1].name == "summary" or (one.name == "p" and way[-1].name != "p"):
                    line = one
                    continue
                way.pop()
                line = None
            above = way[-1] if way else self.root
            if one.name == "li" and above.name not in _LISTS:
                above.list = above.list or _Element("ul", "<ul>", made=True)
                way.append(above.list)
            elif one.name != "li" and above.name in _LISTS:
                way.append(self._item(above, is_list=one.name in _LISTS))
            way.append(one)
        return way, line

    def _item(self, list: _Element, is_list: bool = False) -> _Element:
        """The item for what stands right in a list; another list belongs to the item before it."""
        if list.last is None or not (list.last.made or is_list):
            list.last = _Element("li", "<li>", made=True)
        return list.last

    def _formatting(self) -> list[_Element]:
        """What is around this place besides boxes; of links within links only the innermost."""
        found = [one for one in self.around if one.name in _FORMATTING]
        links = [one for one in found if one.name == "a"]
        return [one for one in found if one.name != "a" or one is links[-1]]

    def lead(self, way: list[_Element], between: str = "") -> None:
        """Ends what is open and not on the way, and begins what is."""
        same = 0
        while same < min(len(way), len(self.open)) and way[same] is self.open[same]:
            same += 1
        self.parts += [f"</{one.name}>" for one in reversed(self.open[same:])]
        self.parts += (self.blanks, between)
        self.blanks = ""
        del self.open[same:]
        for one in way[same:]:
            if one.begun and one.name in _FORMATTING:
                self.again += len(one.start)
                if self.again > _MOST_AGAIN:
                    continue
            self.parts.append(one.start)
            self.open.append(one)
            one.begun = True
