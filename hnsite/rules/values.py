"""What attributes may say, as far as that is one of a few words, a number, a date or a language. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?"
_ZONE = r"(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)"
_DAY = r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_DURATION = r"P(?=.)(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d{1,3})?S)?)?"
_DATE = rf"\d{{4,}}(?:-(?:0[1-9]|1[0-2])|-W[0-5]\d|-{_DAY}(?:[T ]{_TIME}{_ZONE}?)?)?"
_NUMBER, _FROM_1, _ANY = r"\d+", r"0*[1-9]\d*", r"-?\d+"
_LANGUAGE = r"(?i:[a-z]{2,8}|[ix](?=-))(?:-[a-zA-Z0-9]{1,8})*"
_SWITCH = "true|false"

_FORMS: Mapping[str, str] = {
    "datetime": rf"{_DATE}|(?:--)?{_DAY}|{_TIME}|{_ZONE}|{_DURATION}",
    **dict.fromkeys(("width", "height", "rowspan", "maxlength", "minlength"), _NUMBER),
    **dict.fromkeys(("colspan", "span", "rows", "cols", "size"), _FROM_1),
    **dict.fromkeys(("tabindex", "start"), _ANY),
    **dict.fromkeys(("lang", "xml:lang"), f"{_LANGUAGE}|"),
    **dict.fromkeys(("hreflang", "srclang"), _LANGUAGE),
    "target": r"(?i:_blank|_self|_parent|_top)|[^_].*",
}
_WORDS: Mapping[str, str] = {
    "dir": "ltr|rtl|auto",
    "method": "get|post|dialog",
    "loading": "lazy|eager",
    "decoding": "sync|async|auto",
    "fetchpriority": "high|low|auto",
    "scope": "row|col|rowgroup|colgroup",
    "crossorigin": "|anonymous|use-credentials",
    "draggable": _SWITCH,
    "spellcheck": f"|{_SWITCH}",
    "translate": "|yes|no",
    "hidden": "|hidden|until-found",
    "kind": "subtitles|captions|descriptions|chapters|metadata",
    "inputmode": "none|text|tel|url|email|numeric|decimal|search",
    **dict.fromkeys(("aria-atomic", "aria-busy", "aria-disabled", "aria-modal", "aria-required"), _SWITCH),
    **dict.fromkeys(("aria-expanded", "aria-hidden", "aria-selected"), f"{_SWITCH}|undefined"),
    **dict.fromkeys(("aria-checked", "aria-pressed"), f"{_SWITCH}|mixed|undefined"),
    "aria-current": f"page|step|location|date|time|{_SWITCH}",
    "aria-live": "off|polite|assertive",
    "aria-haspopup": f"{_SWITCH}|menu|listbox|tree|grid|dialog",
}
VALUES = _FORMS.keys() | _WORDS.keys()
"""The attributes that are judged here."""
_PATTERNS = {name: re.compile(form, re.DOTALL) for name, form in _FORMS.items()} | {
    name: re.compile(f"(?i:{words})") for name, words in _WORDS.items()
}
_ARIA = """
    activedescendant atomic autocomplete braillelabel brailleroledescription busy checked colcount
    colindex colindextext colspan controls current describedby description details disabled
    dropeffect errormessage expanded flowto grabbed haspopup hidden invalid keyshortcuts label
    labelledby level live modal multiline multiselectable orientation owns placeholder posinset
    pressed readonly relevant required roledescription rowcount rowindex rowindextext rowspan
    selected setsize sort valuemax valuemin valuenow valuetext
"""
ARIA = frozenset(_ARIA.split())
"""What may stand behind ``aria-``."""


@lru_cache(maxsize=1 << 14)
def value_fault(name: str, value: str) -> str:
    """Why one of ``VALUES`` may not say this, "" if it may."""
    if _PATTERNS[name].fullmatch(value):
        return ""
    words = _WORDS.get(name)
    rest = f"; it is one of {', '.join(filter(None, words.split('|')))}" if words else ""
    return f"{name} may not be {value[:80]!r}{rest}"
