"""Code -> the same code with Pygments' classes, for one style sheet in light and in dark.

Discussions rarely name the language, and Pygments' own guess must load every lexer; so a short
list of telling patterns picks one, and what looks like prose stays plain.
"""

from __future__ import annotations

import html
import re
from functools import cache

LONGEST, LONGEST_IN_ALL = 5_000, 20_000
"""Characters of code that are highlighted, in one piece and in one body."""
LONGEST_LINE = 1000
"""Characters of a line of it; some lexers take time that grows with the square of that."""
_KNOWN = """
asm awk bash c c# c++ clj clojure cmake common-lisp console cpp cs csharp css cuda d dart diff docker
dockerfile elixir erlang f# fish fortran fsharp go golang graphql groovy haskell hs html ini java
javascript jl js json jsx julia kotlin latex lisp lua make makefile matlab nginx nim nix objc objective-c
ocaml perl php pl powershell protobuf py python python3 r rb ruby rs rust sass scala scheme scss sh shell
sql swift tcl tex toml ts tsx typescript verilog vhdl vim xml yaml yml zig zsh
"""
LANGUAGES = frozenset(_KNOWN.split())
"""Pygments knows 500 more; these were tried with code that is made to take long."""

_INDENT = r"^[^\S\n]*+"
_CUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.MULTILINE))
    for name, pattern in (
        ("diff", r"^(?:diff --git |@@ -\d|--- \S+\n\+\+\+ )"),
        ("html", r"<(?:!doctype|html|div|span|a|p|script|body|table|form|input|img)\b[^>]*>"),
        (
            "python",
            _INDENT + r"(?:def \w+\(|class \w+.*:$|from [\w.]+ import |import [\w.]+$|async def |>>> )",
        ),
        ("console", _INDENT + r"[$#] \w+"),
        ("bash", _INDENT + r"(?:#!/bin|sudo |curl |git |apt |npm |pip |for \w+ in .*; do|if \[ )"),
        (
            "sql",
            _INDENT + r"(?i:select .+ from|insert into|update \w+ set|create (?:table|index)|with \w+ as \()",
        ),
        ("rust", r"\bfn \w+\s*[<(]|\blet mut |\bimpl\b.*\{"),
        ("go", r"^func |\bfunc\(|^package \w+$|\w+ := "),
        ("json", _INDENT + r'[{\[]\s*(?:"[^"\n]*"\s*[:,]|$)'),
        ("c", _INDENT + r"#\s*(?:include|define)\b|\b(?:int|void|char|size_t|float|double) \*?\w+\s*[(;=\[]"),
        ("javascript", r"\b(?:const|let|var) \w+ =|\bfunction\b.*\{|=>|console\.log"),
        ("common-lisp", _INDENT + r"\((?:def\w*|let\*?|lambda|setq|car|cdr|cond)\b"),
        ("javascript", r"[;{]\s*$"),  # of curly kind: strings, numbers and comments look alike
    )
)


def highlight(code: str, language: str = "") -> str:
    """HTML for plain ``code``: escaped, with ``<span class>`` where a language is named or evident."""
    name = language or guess(code)
    is_usual = len(code) <= LONGEST and max(map(len, code.split("\n"))) <= LONGEST_LINE
    lexer = _lexer(name) if name in LANGUAGES and is_usual else None
    if lexer is None:
        return html.escape(code, quote=False)
    from pygments import format, lex

    tokens = list(lex(code, lexer))
    if "".join(text for _, text in tokens).rstrip("\n") != code.rstrip("\n"):
        return html.escape(code, quote=False)  # some lexers drop what they do not expect; nothing may be lost
    rendered: str = format(tokens, _formatter())
    return rendered.rstrip("\n") + code[len(code.rstrip("\n")) :]


def guess(code: str) -> str:
    """The name of the language that ``code`` most likely is in, or "" for prose."""
    return next((name for name, cue in _CUES if cue.search(code[:4000])), "")


@cache
def _lexer(name: str):  # type: ignore[no-untyped-def]  # Pygments' lexers are made at run time
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name, stripnl=False)
    except ClassNotFound:
        return None


@cache
def _formatter():  # type: ignore[no-untyped-def]
    from pygments.formatters.html import HtmlFormatter

    return HtmlFormatter(nowrap=True)
