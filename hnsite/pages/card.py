"""A comment's card: its view, and the joining of rendered cards into lists. Pure.

A card is the same text on every page (that is what makes it cheap), so it carries marks:
``\\x02name\\x03`` where a link to a comment goes, which becomes ``#name`` if the page shows that
comment and the way to where it stands (``Far``) if not; ``\\x04`` where its number on the page goes. It is
parted at its links once (``Card``) and put together for each page (``join``), with ``\\x07`` where the ways
to other comments of the page go.
Dumps cannot forge marks: control characters are gone before a card is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import count
from types import MappingProxyType
from typing import NamedTuple

from markupsafe import Markup

from hnsite import urls
from hnsite.markup import item_of, render
from hnsite.model import Comment, Evidence, Kind, Moment, Thread, author_text, is_mail
from hnsite.pages.quotes import Quotes
from hnsite.pages.slot import Slot, escaped, slot
from hnsite.pages.when import When, when
from hnsite.subjects import base_subject

MOST_REPLIES = 100
"""Backlinks on a card. It stands as context on each reply's page, so that all of them would be too many."""

MOST_QUOTES = 100
"""Quotes in one body that are looked up."""

_MARKS = re.compile(r"[\x02-\x07]")
_LINK = re.compile(r"\x02([^\x03]*)\x03")
_HEADING = re.compile(r"<(/?)h([4-6])>")
_NUMBER = "\x04"
_WAYS = "\x07"


class Ref(NamedTuple):
    """A link to a comment."""

    id: Slot
    url: Slot
    held: bool


class Dated(NamedTuple):
    """A ``When`` with slots, "" for what is not there."""

    datetime: Slot | str
    text: Slot | str
    words: Slot | str


class Edit(NamedTuple):
    """That an item was edited, and when, if that is known; ``seen`` is "seen" or "seen after" where only
    dumps with different texts tell it."""

    when: Dated | When | None
    seen: str


class CardView(NamedTuple):
    """All that card.html shows of one item. Slots are what differs between cards that look alike.

    ``depth`` counts the comments above it, and is told from 3 on. ``number`` and ``ways`` are filled in by
    each page. ``more_replies`` counts those that ``replies`` leaves out. ``inferred`` says what the place
    was inferred from.
    """

    id: Slot
    kind: str
    anchor: Slot
    depth: Slot | None
    number: str
    ways: Markup
    permalink: Slot
    author: Slot | None
    author_url: Slot | str
    is_op: bool
    when: Dated | None
    source_url: Slot | None
    parent: Ref | None
    parent_is_op: bool
    evidence: str
    inferred: str
    edit: Edit | None
    state: str
    held: bool
    body: Slot | str
    replies: tuple[Ref, ...]
    more_replies: int
    title: Slot | None
    title_url: Slot | None
    score: int | None


class Card(NamedTuple):
    """Rendered HTML with marks, parted: texts at even places, between them the names it links to.

    ``near`` is the whole as it is on a page that shows all of ``names``, the commonest case.
    """

    parts: list[str]
    names: frozenset[str]
    near: str


Far = Callable[[str], str]
"""The way to a comment, by its anchor, from any page one folder deep that does not show it."""


def own_page(name: str) -> str:
    """Far, where every item has a page of its own."""
    return f"../item/{name}.html"


def in_threads(thread_id: str, places: Mapping[str, str]) -> Far:
    """Far, where items have no page but the thread's.

    ``places`` are the pages of one thread's items (``thread.places``); others are found by item.html.
    """
    story = urls.anchor(thread_id)

    def far(name: str) -> str:
        page = places.get(name)
        if page is None:
            return f"../{urls.find(name)}"
        return f"../{page}" if name == story else f"../{page}#{name}"

    return far


class Cards(NamedTuple):
    """What is rendered once for one thread: its cards by id, its story's text, the head of its permalink
    pages, and what folded branches say; and how its links lead to what is on another page. ``bodies`` are
    what is in the cards of items that have a text, with marks for links, where something asks for them;
    ``story_url`` is where the story's title leads."""

    by_id: Mapping[str, Card]
    story_body: Card
    head: str
    folded: Mapping[str, str]
    far: Far = own_page
    bodies: Mapping[str, str] = MappingProxyType({})
    story_url: str | None = None


def parted(html: str) -> Card:
    """Rendered HTML, parted at the links in it."""
    parts = _LINK.split(html)
    return Card(parts, frozenset(parts[1::2]), html.replace("\x02", "#").replace("\x03", ""))


def _marked(name: str) -> str:
    """The link to a comment before it is known which page it stands on."""
    return f"\x02{name}\x03"


_ID, _ANCHOR, _PERMALINK, _AUTHOR, _AUTHOR_URL, _SOURCE_URL, _BODY, _TITLE, _TITLE_URL = map(slot, range(9))
BODY = 6
"""Which text of a card is its body."""
_DATE, _DATE_TEXT, _WORDS, _DEPTH = map(slot, range(9, 13))
_EDITED, _EDITED_THEN = Dated(slot(13), slot(14), ""), Dated("", slot(14), "")
"""When something was edited, as a date and as a dump tells it."""
_REFS = 15
"""The first slot for other comments: two for the parent, if there is one, and two for each reply."""


class _Known(NamedTuple):
    """What is worked out once of an item, for its own card and for those that link to it."""

    comment: Comment
    id: str
    anchor: str
    link: str


def card_views(
    thread: Thread, held: Collection[str], quotes: Quotes, *, has_pages: bool = True
) -> Iterator[tuple[str, CardView, list[str]]]:
    """(id, view, texts of its slots) of the root, a poll's options, and all comments.

    ``held`` are the items that the archive has, ``has_pages`` tells whether each has a page of its own.
    """
    known = {one.id: _known(one) for one in (thread.root, *thread.options, *thread.comments)}
    for one in known.values():
        permalink = own_page(one.anchor) if has_pages else one.link
        body = body_html(one.comment, held, quotes)
        body = raised(body, 1) if one.comment.kind is Kind.POLLOPT else body  # below a heading of level 2
        title_url = _title_url(one.comment, held)
        yield one.comment.id, *_card_view(one, permalink, thread.root, known, body, title_url)


def _title_url(item: Comment, held: Collection[str]) -> str:
    """Where a title leads, safe in an attribute; a mark if that is an item that the archive has."""
    id = item_of(item.url) if item.url else None
    return _marked(urls.anchor(id)) if id and id in held else _html(urls.web_url(item.url))


def _known(comment: Comment) -> _Known:
    anchor = urls.anchor(comment.id)
    id = anchor if anchor == comment.id else _html(comment.id)  # a plain name needs no escaping
    return _Known(comment, id, anchor, _marked(anchor))


def _shown_replies(comment: Comment) -> tuple[str, ...]:
    """A story's are its thread."""
    return comment.replies if comment.kind is Kind.COMMENT or not comment.held else ()


def _is_by_op(comment: Comment, root: Comment) -> bool:
    return comment.author is not None and comment.author == root.author


def _card_view(
    one: _Known, permalink: str, root: Comment, known: Mapping[str, _Known], body: str, title_url: str
) -> tuple[CardView, list[str]]:
    comment = one.comment
    parent = known.get(comment.parent or "")
    placed = parent if comment.evidence in PLACED else None
    replies = _shown_replies(comment)
    linked = [known[reply] for reply in _by_age(replies)[:MOST_REPLIES]] if replies else []
    author = _html(author_text(comment.author))
    date, edit = when(comment.created), edit_of(comment)
    source_url = None if comment.is_withheld else urls.source_url(comment.id, comment.original)
    title = _html(comment.title) if comment.kind is not Kind.COMMENT or _changes_subject(one, known) else ""
    view = CardView(
        id=_ID,
        kind=comment.kind._value_,
        anchor=_ANCHOR,
        depth=_DEPTH if comment.depth > 2 else None,
        number=_NUMBER,
        ways=Markup(_WAYS),
        permalink=_PERMALINK,
        author=_AUTHOR if author else None,
        author_url=_AUTHOR_URL if comment.author else "",
        is_op=comment is not root and _is_by_op(comment, root),
        when=_dated(date) if date else None,
        source_url=_SOURCE_URL if source_url else None,
        parent=Ref(slot(_REFS), slot(_REFS + 1), placed.comment.held) if placed else None,
        parent_is_op=parent is not None and _is_by_op(parent.comment, root),
        evidence=comment.evidence._value_,
        inferred=INFERRED.get(comment.evidence, ""),
        edit=edit and Edit(edit.when and (_EDITED if edit.when.datetime else _EDITED_THEN), edit.seen),
        state=comment.state._value_,
        held=comment.held,
        body=_BODY if body else "",
        replies=_refs(linked),
        more_replies=len(replies) - len(linked),
        title=_TITLE if title else None,
        title_url=_TITLE_URL if title_url else None,
        score=comment.score,
    )
    texts = [
        one.id,
        one.anchor,
        permalink,
        author,
        author_url(comment.author),
        _html(source_url),
        body,
        title,
        title_url,
        date.datetime if date else "",
        (date.text if date.datetime else _html(date.text)) if date else "",
        _html(date.words) if date else "",
        str(comment.depth),
        *([_html(str(text)) for text in edit.when[:2]] if edit and edit.when else ("", "")),
        *((placed.id, placed.link) if placed else ("", "")),
    ]
    for other in linked:
        texts += (other.id, other.link)
    return view, texts


def _changes_subject(one: _Known, known: Mapping[str, _Known]) -> bool:
    """Whether a mail has a subject of its own, and not that of the nearest mail above it."""
    title = one.comment.title
    if not title or not is_mail(one.comment.id):
        return False
    above = known.get(one.comment.parent or "")
    while above and not above.comment.title:
        above = known.get(above.comment.parent or "")
    return not above or base_subject(above.comment.title or "")[0] != base_subject(title)[0]


def _dated(date: When) -> Dated:
    return Dated(
        _DATE if date.datetime else "", _DATE_TEXT if date.text else "", _WORDS if date.words else ""
    )


def _refs(linked: Sequence[_Known]) -> tuple[Ref, ...]:
    first = _REFS + 2
    return tuple(
        [
            Ref(slot(first + 2 * place), slot(first + 2 * place + 1), other.comment.held)
            for place, other in enumerate(linked)
        ]
    )


def _html(text: str | None) -> str:
    """What a dump says, escaped, and unable to pass for a mark."""
    if not text:
        return ""
    return escaped(text if text.isprintable() else _MARKS.sub("", text))


INFERRED = {
    Evidence.QUOTE: "a quote",
    Evidence.NAME: "a name",
    Evidence.TURNS: "who writes when",
    Evidence.WORDS: "shared words",
    Evidence.AGE: "ages",
    Evidence.OPENING: "how it is written",
    Evidence.ORDER: "reading order",
    Evidence.SUBJECT: "the subject",
}
"""What a place can be inferred from, in words."""

PLACED = (Evidence.STATED, *INFERRED)


def _by_age(replies: Sequence[str]) -> Sequence[str]:
    """Numbers of Hacker News ascend with time; other ids tell nothing, and stay in reading order."""
    return sorted(replies, key=urls.id_key) if all(map(urls.is_hn, replies)) else replies


def edit_of(item: Comment) -> Edit | None:
    """Whether and when an item was edited: as its source says, or else as dumps of it differ."""
    if item.edited:
        return Edit(when(item.edited), "")
    if item.changed is None:
        return None
    seen = item.changed.epoch
    date = when(Moment(seen, "day")) if seen is not None else None
    return Edit(date, "" if date is None else "seen" if item.changed.stated else "seen after")


def author_url(name: str | None) -> str:
    """The way to an author's page from any page one folder deep."""
    return f"../{urls.author_path(name)}" if name else ""


def raised(body: str, levels: int) -> str:
    """A body, whose headings are made to stand below one of level 3, so many levels higher."""
    return _HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) - levels}>", body) if "</h" in body else body


def body_html(comment: Comment, held: Collection[str], quotes: Quotes) -> str:
    """The body as safe HTML, with marks for links."""
    if comment.body is None:
        return ""

    def on_item(id: str) -> str | None:
        if id not in held:
            return None
        return f'<a class="item-link" href="{_marked(urls.anchor(id))}">&gt;&gt;{id}</a>'

    asked = count()

    def on_quote(text: str) -> str | None:
        id = quotes.source(comment, text) if next(asked) < MOST_QUOTES else None
        return None if id is None else _marked(urls.anchor(id))

    return render(comment.body, comment.dialect, on_item, on_quote)


def link(name: str, on_page: AbstractSet[str], far: Far) -> str:
    """The way to a comment from a page that shows the comments of ``on_page``."""
    return f"#{name}" if name in on_page else far(name)


def join(card: Card, on_page: AbstractSet[str], number: str = "", ways: str = "", far: Far = own_page) -> str:
    """A rendered card for one page: links filled in, its number there, and the ways to others."""
    if card.names <= on_page:
        return card.near.replace(_NUMBER, number).replace(_WAYS, ways)
    parts = card.parts.copy()
    for place in range(1, len(parts), 2):
        parts[place] = link(parts[place], on_page, far)
    return "".join(parts).replace(_NUMBER, number).replace(_WAYS, ways)
