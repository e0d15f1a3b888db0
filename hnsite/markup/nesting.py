"""HTML of any origin -> the same in plain tags, nested no deeper than browsers and parsers can bear. Pure.

Parsers of HTML take quadratic time where tags nest deep, or have many attributes, and unclosed formatting in
many paragraphs makes a thousand times more HTML than there was. So whatever is long or has many tags is first
written in a form that leaves nothing to guess: no comments, no tags with rules of their own, no attributes
but those that are kept. Then what nests can be counted, and the rest is cut off where that is too much.
"""

from __future__ import annotations

import re

DEEPEST = 100
"""Tags that are open at once."""
CUT, UNFORMATTED = "\x1c", "\x1d"
"""In place of what is cut off here; behind a text that is shown as it was written. No body has them."""
_MOST_REOPENED = 1_000_000
"""Characters of formatting that begins again because the paragraph in which it began has ended."""
_SHORTEST = 100
"""What a tag that begins again counts for at least."""
_SHORT = 5_000

_TOKEN = re.compile(
    r"""<(?:(/?)([a-zA-Z][a-zA-Z0-9]*+)((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>|(!--)|[!?/][^<>]*+>)?"""
)
ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
_NOT_IN_VALUES = str.maketrans({'"': "&quot;", "<": "&lt;", ">": "&gt;"})
_KEPT = {"a": "href", "code": "class", "ol": "start"}
_NO_MARKUP_END = {name: re.compile(rf"(?i)</{name}\b[^>]*>") for name in ("script", "style")}
_OWN_RULES = frozenset({
    "body", "frame", "frameset", "head", "html", "iframe", "image", "listing", "math", "noembed", "noframes",
    "noscript", "optgroup", "option", "plaintext", "rb", "rp", "rt", "rtc", "select", "svg", "template",
    "textarea", "title", "xmp",
})  # fmt: skip
_VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_FORMATTING = frozenset({
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
})  # fmt: skip
_IN_LINE = _FORMATTING | _VOID - {"hr"} | {
    "abbr", "bdi", "bdo", "cite", "data", "del", "dfn", "ins", "kbd", "label", "mark", "q", "samp", "span",
    "sub", "sup", "time", "var",
}  # fmt: skip
_CELLS = frozenset({"td", "th", "caption"})
_ENDED_BY = {
    "li": ({"li"}, {"ul", "ol"}),
    **dict.fromkeys(("dd", "dt"), ({"dd", "dt"}, {"dl"})),
    **dict.fromkeys(("td", "th"), ({"td", "th"}, {"table", "tr"})),
    "tr": ({"tr"}, {"table"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"), ({"thead", "tbody", "tfoot"}, {"table"})),
}
"""What a tag ends that is open, unless one of the others stands between."""


def shallow(unsafe: str) -> str:
    """The same HTML; where it nests too deep ``CUT`` stands for all the rest.

    What is short and has few tags stays as it is.
    """
    if unsafe.count("<") <= DEEPEST and len(unsafe) <= _SHORT:
        return unsafe
    parts: list[str] = []
    nesting = _Nesting()
    at = 0
    while match := _TOKEN.search(unsafe, at):
        parts.append(unsafe[at : match.start()])
        at = match.end()
        name = (match[2] or "").lower()
        if match[4]:
            at = _behind(unsafe, "-->", match.end() - 2)
        elif not name:
            parts.append("&lt;" if match[0] == "<" else "")
        elif name in _NO_MARKUP_END:
            end = None if match[1] else _NO_MARKUP_END[name].search(unsafe, at)
            at = end.end() if end else at if match[1] else len(unsafe)
        elif name not in _OWN_RULES:
            tag = f"</{name}>" if match[1] else f"<{name}{_attribute(name, match[3])}>"
            (nesting.close if match[1] else nesting.open)(name)
            nesting.longest = max(nesting.longest, len(tag))
            if nesting.is_too_deep:
                return "".join([*parts, CUT])
            parts.append(tag)
    parts.append(unsafe[at:])
    return "".join(parts)


def _behind(text: str, end: str, start: int) -> int:
    place = text.find(end, start)
    return place + len(end) if place >= 0 else len(text)


def _attribute(name: str, given: str) -> str:
    """The one attribute of a tag that is kept, if it is there."""
    kept = _KEPT.get(name)
    for match in ATTRIBUTE.finditer(given) if kept else ():
        if match[1].lower() == kept:
            value = match[2] or match[3] or match[4] or ""
            return f' {kept}="{value.translate(_NOT_IN_VALUES)}"'
    return ""


class _Nesting:
    """What is open, as HTML's rules have it; formatting goes on when what is around it ends."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._waiting: list[str] = []  # formatting that goes on in what comes next
        self._reopened = 0
        self.longest = _SHORTEST  # characters of a tag

    @property
    def is_too_deep(self) -> bool:
        depth = len(self._open) + len(self._waiting) - self._open.count("p")  # which never nest
        return depth > DEEPEST or self._reopened * self.longest > _MOST_REOPENED

    def open(self, name: str) -> None:
        if name in _ENDED_BY:
            self._end(*_ENDED_BY[name])
        if name not in _IN_LINE:
            self._end({"p"}, {"table", "button", *_CELLS})
        elif name == "a":
            self.close(name)
        begun = [] if name in _VOID else [name]
        self._reopened += len(self._waiting)
        self._open += [*self._waiting, *begun] if name in _IN_LINE else [*begun, *self._waiting]
        self._waiting = []

    def close(self, name: str) -> None:
        if name in self._waiting:
            self._waiting.remove(name)
        elif name not in self._open:
            return
        elif name in _FORMATTING:
            place = len(self._open) - 1 - self._open[::-1].index(name)
            self._reopened += len(self._open) - 1 - place
            del self._open[place]
        else:
            self._end({name}, set())

    def _end(self, names: set[str], between: set[str]) -> None:
        """Ends the innermost of the names, and all in it but formatting."""
        if names.isdisjoint(self._open):
            return
        for place in range(len(self._open) - 1, -1, -1):
            name = self._open[place]
            if name in names:
                if name not in _CELLS:
                    self._waiting[:0] = [one for one in self._open[place:] if one in _FORMATTING]
                del self._open[place:]
                return
            if name in between:
                return
