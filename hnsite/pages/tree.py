"""Cards in reading order -> nested lists, the ways between them, and what a folded branch says. Pure.

A branch is ``<details>``: it folds without a script, and browsers unfold it for a link that leads into it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from hnsite import urls
from hnsite.model import Comment, State, author_text
from hnsite.pages.slot import escaped

DEEPEST = 100
"""Where nesting stops: browsers flatten a document that is nested much deeper, without a word."""
LONG = 150
"""Comments above which what is far off the screen is not laid out; Safari cannot find words in that."""
MOST_NAMES = 3
"""Authors that a folded branch names."""

SCOPE = ' itemprop="comment" itemscope itemtype="https://schema.org/Comment"'
"""What makes an element a comment for search engines, below the thread or the comment that it stands in."""

Show = Callable[[Comment, str], str]
"""A comment's card on this page, with the ways from it (HTML)."""


def nest(shown: Sequence[Comment], show: Show, folded: Mapping[str, str]) -> list[str]:
    """Comments in reading order -> nested lists of their cards, in pieces: three elements a level,
    ``DEEPEST`` levels.

    A slice that begins in the middle of a tree nests by the ancestors that it holds itself.
    ``folded`` is what each branch says of itself when it is folded (``folds``).
    """
    if not shown:
        return []
    around = _around(shown)
    names = [urls.anchor(comment.id) for comment in shown]
    is_long = len(shown) > LONG
    parts = ['<ol class="comments long">' if is_long else '<ol class="comments">']
    open_items: list[int] = []
    for index, comment in enumerate(shown):
        place = around[index]
        while open_items and open_items[-1] != place.above:
            parts.append(_END[around[open_items.pop()].has_replies])
        missing = "" if comment.held or place.has_replies else " missing"
        start = '<ol class="replies">' if open_items and place.before < 0 else ""
        size = _size(comment) if is_long else ""
        fold = _fold(folded.get(comment.id, "")) if place.has_replies else ""
        on = _continues(comment, place, shown)
        parts += (
            f'{start}<li class="{size}d{len(open_items)}{missing}"{SCOPE if comment.held else ""}>{fold}{on}',
            show(comment, _ways(place, names, index)),
        )
        open_items.append(index)
    parts += [_END[around[index].has_replies] for index in reversed(open_items)]
    parts.append("</ol>")
    return parts


def _size(comment: Comment) -> str:
    """A class for about how high a card is, each twice the one before, for while it is not laid out."""
    return f"s{min(6, (len(comment.body or '') // 150).bit_length())} "


class _Place(NamedTuple):
    """Where one comment stands among those of a page: indexes of others, -1 for none."""

    above: int
    root: int
    before: int
    after: int
    has_replies: bool


_END = ("</li>", "</ol></details></li>")


def _around(shown: Sequence[Comment]) -> list[_Place]:
    count = len(shown)
    above, before, after, root = [-1] * count, [-1] * count, [-1] * count, [*range(count)]
    latest: dict[int, int] = {}  # the latest reply to each, so far
    stack: list[int] = []
    for index, comment in enumerate(shown):
        if len(stack) > DEEPEST:
            stack.pop()
        while stack and shown[stack[-1]].depth >= comment.depth:
            stack.pop()
        if stack:
            above[index] = stack[-1]
            root[index] = root[stack[-1]]
        before[index] = latest.get(above[index], -1)
        if before[index] >= 0:
            after[before[index]] = index
        latest[above[index]] = index
        stack.append(index)
    return [
        _Place(*places, index in latest)
        for index, places in enumerate(zip(above, root, before, after, strict=True))
    ]


def _ways(place: _Place, names: Sequence[str], index: int) -> str:
    """Links from a comment to those around it on the page."""
    ways = ""
    if place.above >= 0:
        if place.root != place.above:
            ways = f'<a href="#{names[place.root]}">root</a> '
        ways += f'<a class="up" href="#{names[place.above]}">parent</a> '
    if place.before >= 0:
        ways += f'<a href="#{names[place.before]}">prev</a> '
    if place.after >= 0:
        ways += f'<a href="#{names[place.after]}">next</a>'
    return f'<span class="jumps">{ways.rstrip()}</span>' if ways else ""


def _fold(text: str) -> str:
    return f'<details class="branch" open><summary><span>{text}</span></summary>'


def _continues(comment: Comment, place: _Place, shown: Sequence[Comment]) -> str:
    """Where nesting has stopped, whose reply this is."""
    if place.above < 0 or shown[place.above].id == comment.parent or not comment.parent:
        return ""
    name = urls.anchor(comment.parent)
    return f'<p class="continues">continues from <a href="#{name}">#{name}</a></p>'


def folds(comments: Sequence[Comment]) -> dict[str, str]:
    """What each branch of a thread says when it is folded (HTML): whose it is, how many replies, by whom."""
    writers: list[list[str]] = [[]] * len(comments)  # of each branch the first few, itself included
    texts: dict[str, str] = {}
    for index in range(len(comments) - 1, -1, -1):
        comment = comments[index]
        below = _first_writers(index, comments, writers)
        if comment.size:
            texts[comment.id] = _folded_text(comment, [name for name in below if name != comment.author])
        own = [comment.author] if comment.author else []
        writers[index] = [*own, *(name for name in below if name != comment.author)][: MOST_NAMES + 2]
    return texts


def _first_writers(index: int, comments: Sequence[Comment], writers: Sequence[Sequence[str]]) -> list[str]:
    """The first few authors below a comment, in reading order."""
    found: dict[str, None] = {}
    reply, end = index + 1, index + 1 + comments[index].size
    while reply < end and len(found) < MOST_NAMES + 2:
        found.update(dict.fromkeys(writers[reply]))
        reply += 1 + comments[reply].size
    return list(found)


def _folded_text(comment: Comment, names: Sequence[str]) -> str:
    who = _name(comment.author) if comment.author else _NOBODY[comment.held, comment.state]
    replies = "1 reply" if comment.size == 1 else f"{comment.size} replies"
    others = " and others" if len(names) > MOST_NAMES else ""
    whose = f" by {', '.join(map(_name, names[:MOST_NAMES]))}{others}" if names else ""
    return f"{who} and {replies}{whose}"


_GONE = {State.DELETED: "[deleted]", State.REMOVED: "[removed]"}
_NOBODY = {(True, state): _GONE.get(state, "[unknown]") for state in State}
_NOBODY |= {(False, state): "[missing]" for state in State}


def _name(name: str) -> str:
    """A name as HTML, which cannot turn the direction of the text around it."""
    name = author_text(name)
    return name if name.isascii() and name.isalnum() else f"<bdi>{escaped(name)}</bdi>"
