"""A comment's card: its view, and the joining of rendered cards into lists. Pure.

A card is the same text on every page (that is what makes it cheap), so it carries marks:
``\\x02name\\x03`` where a link to a comment goes, which becomes ``#name`` if the page shows that
comment and the way to its permalink if not; ``\\x04`` where its number on the page goes. It is
parted at its links once (``Card``) and put together for each page (``join``).
Dumps cannot forge marks: control characters are gone before a card is made.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from markupsafe import Markup

from hnsite import urls
from hnsite.markup import render
from hnsite.model import Comment, Evidence, Kind, State, Thread
from hnsite.pages.when import When, when

DEEPEST = 100
"""Where nesting stops: browsers flatten a document that is nested much deeper, without a word."""

_MARKS = re.compile(r"[\x02-\x04]")
_LINK = re.compile(r"\x02([^\x03]*)\x03")
_NUMBER = "\x04"


class Ref(NamedTuple):
    """A link to a comment; ``url`` is a mark that ``join`` fills in."""

    id: str
    url: str
    held: bool = True


class CardView(NamedTuple):
    """All that card.html shows of one item. ``body`` has been through the sanitizer."""

    id: str
    kind: str
    anchor: str
    number: str
    permalink: str
    author: str | None
    author_url: str
    is_op: bool
    when: When | None
    source_url: str | None
    parent: Ref | None
    parent_is_op: bool
    evidence: str
    state: str
    held: bool
    body: Markup
    replies: tuple[Ref, ...]
    title: str | None
    title_url: str | None
    score: int | None


class Card(NamedTuple):
    """Rendered HTML with marks, parted: texts at even places, between them the names it links to.

    ``near`` is the whole as it is on a page that shows all of ``names``, the commonest case.
    """

    parts: list[str]
    names: frozenset[str]
    near: str


class Cards(NamedTuple):
    """What is rendered once for one thread: its cards by id, its story's text, and the head of its
    permalink pages."""

    by_id: Mapping[str, Card]
    story_body: Card
    head: str


def part(html: str) -> Card:
    """Rendered HTML, parted at the links in it."""
    parts = _LINK.split(html)
    return Card(parts, frozenset(parts[1::2]), html.replace("\x02", "#").replace("\x03", ""))


def ref(id: str, held: bool = True) -> Ref:
    return Ref(id, f"\x02{urls.anchor(id)}\x03", held)


def card_views(thread: Thread, held: Collection[str]) -> Iterable[CardView]:
    """The cards of the root, a poll's options, and all comments; ``held`` are the items the archive has."""
    by_id = {one.id: one for one in (thread.root, *thread.options, *thread.comments)}
    refs = {one.id: ref(one.id, one.held) for one in by_id.values()}
    for comment in by_id.values():
        yield card_view(comment, thread.root, by_id, refs, held)


def card_view(
    comment: Comment,
    root: Comment,
    by_id: Mapping[str, Comment],
    refs: Mapping[str, Ref],
    held: Collection[str],
) -> CardView:
    parent = by_id.get(comment.parent or "")
    replies = sorted(comment.replies, key=urls.id_key) if len(comment.replies) > 1 else comment.replies
    anchor = refs[comment.id].url[1:-1]
    return CardView(
        id=comment.id,
        kind=comment.kind,
        anchor=anchor,
        number=_NUMBER,
        permalink=_far(anchor),
        author=_unmarked(comment.author),
        author_url=author_url(comment.author),
        is_op=comment is not root and comment.author is not None and comment.author == root.author,
        when=when(comment.created),
        source_url=urls.source_url(comment.id),
        parent=refs[parent.id] if parent and comment.evidence in _PLACED else None,
        parent_is_op=parent is not None and parent.author is not None and parent.author == root.author,
        evidence=comment.evidence,
        state=comment.state,
        held=comment.held,
        body=body_html(comment, held),
        replies=tuple([refs[reply] for reply in replies]),
        title=_unmarked(comment.title) if comment.kind is not Kind.COMMENT else None,
        title_url=urls.web_url(comment.url),
        score=comment.score,
    )


def _unmarked(text: str | None) -> str | None:
    return _MARKS.sub("", text) if text else text


_PLACED = (Evidence.STATED, Evidence.QUOTE)


def author_url(name: str | None) -> str:
    """The way to an author's page from any page one folder deep."""
    return f"../{urls.author_path(name)}" if name else ""


def body_html(comment: Comment, held: Collection[str]) -> Markup:
    """The body as safe HTML; nothing of a deleted one."""
    if comment.body is None or comment.state is State.DELETED:
        return Markup("")

    def on_item(id: str) -> str | None:
        if id not in held:
            return None
        return f'<a class="item-link" href="\x02{urls.anchor(id)}\x03">&gt;&gt;{id}</a>'

    return Markup(render(comment.body, comment.dialect, on_item))


def _far(name: str) -> str:
    """The way to an item's own page, from any page one folder deep."""
    return f"../item/{name}.html"


def join(card: Card, on_page: AbstractSet[str], number: str = "") -> str:
    """A rendered card for one page: links filled in, and its number on that page."""
    if card.names <= on_page:
        return card.near.replace(_NUMBER, number)
    parts = card.parts.copy()
    for place in range(1, len(parts), 2):
        name = parts[place]
        parts[place] = f"#{name}" if name in on_page else _far(name)
    return "".join(parts).replace(_NUMBER, number)


def nest(entries: Iterable[tuple[Comment, str]]) -> str:
    """Rendered cards in reading order -> nested lists: two elements a level, ``DEEPEST`` levels.

    A slice that begins in the middle of a tree nests by the ancestors that it holds itself.
    """
    parts: list[str] = []
    above: list[Comment] = []  # whose <li> is open, outermost first
    for comment, html in entries:
        if not parts:
            parts.append('<ol class="comments">')
        elif above[-1].depth < comment.depth and len(above) <= DEEPEST:
            parts.append('<ol class="replies">')
        else:
            above.pop()
            parts.append("</li>")
            while above and above[-1].depth >= comment.depth:
                above.pop()
                parts.append("</ol></li>")
        missing = "" if comment.held else " missing"
        parts.append(f'<li class="d{len(above)}{missing}">{_continues(comment, above)}{html}')
        above.append(comment)
    parts.append("</li></ol>" * len(above))
    return "".join(parts)


def _continues(comment: Comment, above: Sequence[Comment]) -> str:
    """Where nesting has stopped, whose reply this is."""
    if not above or above[-1].id == comment.parent or not comment.parent:
        return ""
    name = urls.anchor(comment.parent)
    return f'<p class="continues">continues from <a href="#{name}">#{name}</a></p>'
