"""A page for every comment: the story line, its ancestors as context, then it and its subtree.

``MOST_ANCESTORS`` and ``MOST_BELOW`` bound what one page shows, so that all pages together grow with
the thread and not with its square; what is cut is named and linked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Comment, Page, Thread
from hnsite.pages import thread as thread_pages
from hnsite.pages.card import Cards, join, nest
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.story import StoryView, story_view, thread_title

MOST_ANCESTORS = 100
MOST_BELOW = 1000


@dataclass(frozen=True, slots=True)
class PermalinkView:
    """``context`` is from the story down; ``comments`` are the nested lists of the subtree."""

    chrome: Chrome
    story: StoryView
    held: bool
    id: str
    context: tuple[Markup, ...]
    above: int
    comments: Markup
    below: int


def pages(thread: Thread, cards: Cards, config: Config) -> Iterator[Page]:
    """One page for each comment of the thread, stubs included."""
    slices = thread_pages.split(thread.comments)
    by_id = {comment.id: comment for comment in thread.comments}
    for index, comment in enumerate(thread.comments):
        thread_path = urls.item_path(thread.id, thread_pages.page_of(slices, index))
        subtree = thread.comments[index : index + 1 + comment.size]
        yield _page(thread, comment, ancestors(comment, by_id), subtree, cards, config, thread_path)


def ancestors(comment: Comment, by_id: Mapping[str, Comment]) -> list[Comment]:
    """The comments above, nearest first, without the root."""
    path: list[Comment] = []
    here = by_id.get(comment.parent or "")
    while here is not None:
        path.append(here)
        here = by_id.get(here.parent or "")
    return path


def _page(
    thread: Thread,
    comment: Comment,
    above: Sequence[Comment],
    subtree: Sequence[Comment],
    cards: Cards,
    config: Config,
    thread_path: str,
) -> Page:
    path = urls.item_path(comment.id)
    context = above[:MOST_ANCESTORS][::-1]
    shown = subtree[: MOST_BELOW + 1]
    on_page = {urls.anchor(one.id) for one in (*context, *shown)}
    numbers = _numbers(shown)
    who = comment.author or "A comment"
    view = PermalinkView(
        chrome=chrome(config, path, f"{who} on {thread_title(thread)}"),
        story=story_view(thread, f"{urls.relative(thread_path, path)}#{urls.anchor(comment.id)}", Markup("")),
        held=comment.held,
        id=comment.id,
        context=tuple(Markup(join(cards.html[one.id], on_page)) for one in context),
        above=len(above) - len(context),
        comments=Markup(nest([(one, join(cards.html[one.id], on_page, numbers[one.id])) for one in shown])),
        below=len(subtree) - len(shown),
    )
    return Page(path, "permalink.html", view)


def _numbers(comments: Sequence[Comment]) -> dict[str, str]:
    numbers: dict[str, str] = {}
    count = 0
    for comment in comments:
        count += comment.held
        numbers[comment.id] = f"{count}." if comment.held else ""
    return numbers
