"""The head that a thread and all its permalinks share: title, site, points, author, when it was captured."""

from __future__ import annotations

import math
from collections.abc import Callable, Container
from typing import NamedTuple

from markupsafe import Markup

from hnsite import urls
from hnsite.markup import item_of
from hnsite.model import Comment, Kind, Moment, State, Thread, author_text, is_invisible, is_mail, shown_name
from hnsite.pages.card import Edit, author_url, edit_of
from hnsite.pages.when import When, day_of, when
from hnsite.subjects import answered_subject


class StoryView(NamedTuple):
    """The story line. ``comments`` counts those held, ``missing`` those only named. ``site_url`` and
    ``day_url`` lead to the threads of its site and of its day, ``item_url`` to its own.
    """

    id: str
    anchor: str
    item_url: str
    title: str
    named: bool
    held: bool
    state: str
    url: str | None
    domain: str | None
    site_url: str
    score: int | None
    author: str | None
    author_url: str
    when: When | None
    edit: Edit | None
    day_url: str
    captured: When | None
    comments: int
    missing: int
    source_url: str | None
    body: Markup


def thread_title(thread: Thread) -> str:
    """The story's title, or what can honestly stand in its place."""
    root = thread.root
    if root.title and not is_invisible(root.title):
        return root.title
    if root.state is State.REMOVED:
        return "[removed]"
    if subject := _answered_subject(thread):
        return subject
    if urls.is_hn(root.id) and not root.held:
        return f"Thread around No.{root.id}"
    return "Untitled thread" if not root.held or root.kind is not Kind.JOB else "Untitled job"


def _answered_subject(thread: Thread) -> str | None:
    """What the oldest mail of a thread answers, whose first one is lost."""
    mails = (one for one in thread.comments if one.title and is_mail(one.id))
    oldest = min(mails, key=lambda one: (_epoch(one), one.id), default=None)
    return answered_subject(oldest.title) if oldest and oldest.title else None


def _epoch(item: Comment) -> float:
    return math.inf if item.created is None or item.created.epoch is None else item.created.epoch


def story_url(root: Comment, held: Container[str], far: Callable[[str], str]) -> str | None:
    """Where a story's title leads: inside the archive if it is about an item that is ``held``."""
    id = item_of(root.url) if root.url else None
    return far(urls.anchor(id)) if id and id in held else urls.web_url(root.url)


def story_view(thread: Thread, url: str | None) -> StoryView:
    """The story line of a thread, without the story's text, whose links differ from page to page; ``url`` is
    where its title leads."""
    root = thread.root
    held = sum(comment.held for comment in thread.comments)
    day = day_of(root.created)
    return StoryView(
        id=root.id,
        anchor=urls.anchor(root.id),
        item_url=f"../{urls.item_path(root.id)}",
        title=thread_title(thread),
        named=root.title is not None,
        held=root.held,
        state=root.state,
        url=url,
        domain=shown_name(root.domain) if root.domain else None,
        site_url=f"../{urls.site_path(root.domain)}" if root.domain else "",
        score=root.score,
        author=author_text(root.author),
        author_url=author_url(root.author),
        when=when(root.created),
        edit=edit_of(root),
        day_url=f"../{urls.day_path(day)}" if day else "",
        captured=when(None if thread.captured is None else Moment(thread.captured, "minute")),
        comments=held,
        missing=len(thread.comments) - held,
        source_url=None if root.is_withheld else urls.source_url(root.id, root.original),
        body=Markup(""),
    )
