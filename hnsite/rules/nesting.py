"""Where a page stands between two tags: which element is open, and what may begin in it. Pure.

A page passes through few such states, many times; each knows the states that follow it, so that a tag which
is where it should be costs one look.
"""

from __future__ import annotations

from functools import cache

from hnsite.rules.elements import (
    ATTRIBUTES,
    ELEMENTS,
    ENDED_BY,
    FLOW,
    HOLDS,
    INSULATED,
    METADATA,
    NEVER_BELOW,
    NO_TEXT,
    ONLY_IN,
    TRANSPARENT,
    VOID,
)
from hnsite.rules.values import ARIA

OUTSIDE = ("", "html", "head")
"""Where nothing that is seen may stand; the first is the page itself."""
FOREIGN = ("svg", "math")
ONCE = ("html", "head", "body", "title")
READ = ("noscript", "script", "style")
"""Elements whose text is read."""
_GROUPED = ("dl", "select", "optgroup")
_NOTHING: frozenset[str] = frozenset()


class State:
    """An element that is open. ``holds`` is what may stand right in it (None: anything), ``banned`` what may
    not, however deep; ``steps`` the states of elements in it that are all right."""

    __slots__ = ("banned", "hears", "holds", "is_foreign", "is_void", "steps", "tag")

    def __init__(self, tag: str, holds: frozenset[str] | None, banned: frozenset[str], foreign: bool) -> None:
        self.tag = tag
        self.holds = holds
        self.banned = banned
        self.is_foreign = foreign
        self.is_void = tag in VOID
        self.hears = tag in READ or (tag in NO_TEXT and not foreign) or tag in OUTSIDE
        self.steps: dict[str, State] = {}

    def fault(self, tag: str) -> str:
        """Why an element may not begin here, "" if it may."""
        if self.is_foreign or "-" in tag:
            return ""
        if self.holds is None or tag in self.holds:
            return f"<{tag}> may not stand inside <{_outer(tag)}>" if tag in self.banned else ""
        if tag not in ELEMENTS:
            return f"HTML has no element <{tag}>"
        if places := ONLY_IN.get(tag):
            return f"<{tag}> may stand only in {', '.join(f'<{one}>' for one in sorted(places))}"
        return f"<{tag}> may not stand in <{self.tag}>"

    def enter(self, tag: str) -> State:
        """The state of an element that begins here; notes it if nothing about that is unusual."""
        banned, holds = self.banned, HOLDS.get(tag, FLOW)
        if tag in TRANSPARENT and self.holds is not None:
            holds = HOLDS.get(tag, _NOTHING) | self.holds
        elif tag == "div" and self.tag in _GROUPED:
            holds = HOLDS[self.tag]
        is_foreign = self.is_foreign or tag in FOREIGN
        if is_foreign or tag in INSULATED:
            found = state_of(tag, None, _NOTHING, is_foreign)
        else:
            found = state_of(tag, holds, banned | NEVER_BELOW.get(tag, _NOTHING), False)
        ends = tag in ENDED_BY.get(self.tag, _NOTHING)
        if not (self.fault(tag) or ends or tag in ONCE or (self.tag in OUTSIDE and tag not in METADATA)):
            self.steps[tag] = found
        return found


@cache
def state_of(tag: str, holds: frozenset[str] | None, banned: frozenset[str], is_foreign: bool) -> State:
    """There is one of each, so that what was learned of one is known wherever it comes again."""
    return State(tag, holds, banned, is_foreign)


PAGE = state_of("", frozenset({"html"}), _NOTHING, False)
"""Before the first tag of a page."""


def _outer(tag: str) -> str:
    return "> or <".join(sorted(outer for outer, names in NEVER_BELOW.items() if tag in names))


def is_attribute(name: str) -> bool:
    """Whether HTML has an attribute of the name."""
    if name.startswith("aria-"):
        return name.removeprefix("aria-") in ARIA
    return name in ATTRIBUTES or name.startswith(("data-", "on"))
