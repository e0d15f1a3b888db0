"""A page for every comment: the story line, its ancestors as context, then it and its subtree.

What one page shows is bounded, so that all pages together grow with the thread and not with its
square: the nearest ``MOST_ABOVE`` ancestors, ``DEEPEST_BELOW`` levels and ``MOST_BELOW`` comments of
the subtree. What is cut is counted and linked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from hnsite import urls
from hnsite.config import Config
from hnsite.markup import plain_text
from hnsite.model import Comment, Page, State, Thread, author_text
from hnsite.pages.card import Cards, join
from hnsite.pages.chrome import Chrome, author_page, chrome
from hnsite.pages.slot import Slot, escaped, joined, slot, utf8
from hnsite.pages.story import thread_title
from hnsite.pages.thread import split, time_urls
from hnsite.pages.tree import SCOPE, nest
from hnsite.pages.when import when

MOST_ABOVE = 20
DEEPEST_BELOW = 20
MOST_BELOW = 1000
EXCERPT = 160
"""Characters of a comment in its page's description, which search engines show."""


_TITLE, _THREAD_URL, _TIME_URL, _ID, _HEAD, _EXCERPT, _COMMENTS = map(slot, range(7))
_CANONICAL, _PUBLISHED, _AUTHOR_PAGE = map(slot, range(7, 10))
_CONTEXT = tuple(map(slot, range(10, 10 + MOST_ABOVE)))


class PermalinkView(NamedTuple):
    """``thread_url`` leads to the comment in its thread, ``time_url`` to it in the thread by time (a stub
    is not there, so both are one). ``excerpt`` is how the comment begins, in plain words. ``context`` is from
    the story down, ``above`` counts ancestors that it leaves out; ``comments`` are the nested lists of the
    subtree, ``below`` counts what is cut at their end. ``published`` is when the comment was written, as
    machines write it, ``author_page`` the full address of its author's page.

    Slots are what differs from comment to comment, so that the pages of comments that stand alike
    (as deep, nothing cut) share one view, in all threads.
    """

    chrome: Chrome
    head: Slot
    thread_url: Slot
    time_url: Slot
    held: bool
    id: Slot
    excerpt: Slot | None
    published: Slot | None
    author_page: Slot | None
    context: tuple[Slot, ...]
    above: int
    comments: Slot
    below: int


def pages(thread: Thread, cards: Cards, config: Config) -> Iterator[Page]:
    """One page for each comment of the thread, stubs included."""
    title = thread_title(thread)
    head = utf8(cards.head)
    by_id = {comment.id: comment for comment in thread.comments}
    anchors = {comment.id: urls.anchor(comment.id) for comment in thread.comments}
    frame = chrome(config, urls.item_path(thread.id), _TITLE, canonical=_CANONICAL)
    hidden = chrome(config, urls.item_path(thread.id), _TITLE, noindex=True)
    folder = escaped(config.full_url("item/"))
    in_time = time_urls(thread)
    for number, (start, end) in enumerate(split(thread.comments), 1):
        thread_url = urls.relative(urls.item_path(thread.id, number), urls.item_path(thread.id))
        for index in range(start, end):
            comment = thread.comments[index]
            anchor = anchors[comment.id]
            context = nearest_above(comment, by_id)
            shown, below = subtree(thread.comments, index)
            on_page = {anchors[one.id] for one in (*context, *shown)}
            excerpt = _excerpt(comment)
            date = when(comment.created)
            published = date.datetime if date else ""
            by = escaped(author_page(config, comment.author))
            texts = (
                utf8(escaped(f"{author_text(comment.author) or 'A comment'} on {title}")),
                f"{thread_url}#{anchor}".encode(),
                f"{in_time.get(comment.id, thread_url)}#{anchor}".encode(),
                utf8(anchor if anchor == comment.id else escaped(comment.id)),
                head,
                utf8(escaped(excerpt)),
                joined(_nested(shown, cards, on_page)),
                f"{folder}{anchor}.html".encode(),
                published.encode(),
                by.encode(),
                *[utf8(_ancestor(one, cards, on_page)) for one in context],
            )
            above = comment.depth - len(context)
            known = excerpt != "", published != "", by != ""
            noindex = any(one.noindex for one in (thread.root, *context, *shown))
            view = _view(hidden if noindex else frame, comment.held, *known, len(context), above, below)
            yield Page(f"item/{anchor}.html", "permalink.html", view, texts)


@lru_cache(maxsize=100)
def _view(
    frame: Chrome,
    held: bool,
    has_excerpt: bool,
    has_date: bool,
    has_author: bool,
    context: int,
    above: int,
    below: int,
) -> PermalinkView:
    return PermalinkView(
        chrome=frame,
        head=_HEAD,
        thread_url=_THREAD_URL,
        time_url=_TIME_URL,
        held=held,
        id=_ID,
        excerpt=_EXCERPT if has_excerpt else None,
        published=_PUBLISHED if has_date else None,
        author_page=_AUTHOR_PAGE if has_author else None,
        context=_CONTEXT[:context],
        above=above,
        comments=_COMMENTS,
        below=below,
    )


def _ancestor(one: Comment, cards: Cards, on_page: AbstractSet[str]) -> str:
    """A card above the comment; with what it says to search engines, if a dump has it."""
    card = join(cards.by_id[one.id], on_page, far=cards.far)
    return f"<div{SCOPE}>{card}</div>" if one.held else card


def _excerpt(comment: Comment) -> str:
    if comment.state is State.DELETED or not comment.body:
        return ""
    text = " ".join(plain_text(comment.body[: 10 * EXCERPT], comment.dialect).split())
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rpartition(' ')[0]} …"


def nearest_above(comment: Comment, by_id: Mapping[str, Comment]) -> list[Comment]:
    """The nearest ancestors, from the story down, without the story."""
    path: list[Comment] = []
    here = by_id.get(comment.parent or "")
    while here is not None and len(path) < MOST_ABOVE:
        path.append(here)
        here = by_id.get(here.parent or "")
    return path[::-1]


def subtree(comments: Sequence[Comment], index: int) -> tuple[list[Comment], int]:
    """The comment at ``index`` and what is shown below it, and how many are cut at the end.

    What is cut for its depth is not counted here: its parent on the page leads on to it.
    """
    top = comments[index]
    shown: list[Comment] = []
    position = index
    end = index + 1 + top.size
    while position < end and len(shown) <= MOST_BELOW:
        one = comments[position]
        shown.append(one)
        too_deep = one.depth - top.depth == DEEPEST_BELOW
        position += 1 + one.size if too_deep else 1
    return shown, max(0, end - position)


def _nested(shown: Sequence[Comment], cards: Cards, on_page: AbstractSet[str]) -> list[str]:
    """A subtree as nested lists, numbered; below the deepest comments, the way on."""
    depth = shown[0].depth + DEEPEST_BELOW
    numbers = count(1)

    def show(one: Comment, ways: str) -> str:
        number = f"{next(numbers)}." if one.held else ""
        html = join(cards.by_id[one.id], on_page, number, ways, cards.far)
        return html + _way_on(one) if one.size and one.depth == depth else html

    return nest(shown, show, cards.folded)


def _way_on(comment: Comment) -> str:
    way = f"../{urls.item_path(comment.id)}"
    return f'<p class="more"><a href="{way}">continue this thread</a> ({comment.size} more)</p>'
