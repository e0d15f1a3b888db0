"""A whole thread: nested as it was read, and the same by time. Long ones in several pages.

Pages part where a top-level branch ends if they can, and hold at most ``LARGEST`` comments and about
``HEAVIEST`` characters, so that every page loads; anchors are ids, the same on whatever page they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Comment, Page, Thread, age_seconds
from hnsite.pages.card import Cards, Far, author_url, join, link, nest
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.slot import Slot, joined, slot
from hnsite.pages.story import StoryView, story_view, thread_title

LARGEST = 1000
HEAVIEST = 1_000_000
CARD_WEIGHT = 900
"""About how many characters a card has besides its text."""
ACTIVE_ABOVE, ACTIVE_LEAST, ACTIVE_MOST = 10, 3, 10
POPULAR_LEAST, POPULAR_MOST = 3, 20


_COMMENTS = slot(0)


class Active(NamedTuple):
    name: str
    url: str
    comments: int


class Ref(NamedTuple):
    """A link to a comment, from this page."""

    id: str
    url: str


class Popular(NamedTuple):
    ref: Ref
    author: str | None
    replies: int


class Turn(NamedTuple):
    """One page of several; ``url`` is None for the page itself."""

    label: str
    url: str | None


class About(NamedTuple):
    """What is worked out once for all pages of a thread."""

    story: StoryView
    active: tuple[Active, ...]
    popular: tuple[Popular, ...]


class ThreadView(NamedTuple):
    chrome: Chrome
    story: StoryView
    by_time: bool
    other_url: str
    options: tuple[Markup, ...]
    active: tuple[Active, ...]
    popular: tuple[Popular, ...]
    comments: Slot | str
    turns: tuple[Turn, ...]


def split(comments: Sequence[Comment]) -> list[tuple[int, int]]:
    """Where the pages of a thread begin and end, as slices of its comments; at least one."""
    slices: list[tuple[int, int]] = []
    start = weight = 0
    cut = cut_weight = 0  # the last end of a top-level branch, and what stood before it
    for index, comment in enumerate(comments):
        if comment.depth == 0:
            cut, cut_weight = index, weight
        if index - start == LARGEST or weight > HEAVIEST:
            end, before = (cut, cut_weight) if cut > start else (index, weight)
            slices.append((start, end))
            start, weight = end, weight - before
        weight += CARD_WEIGHT + len(comment.body or "")
    slices.append((start, len(comments)))
    return slices


def places(thread: Thread) -> dict[str, str]:
    """The nested page that shows each item of a thread, by the item's anchor."""
    first = urls.item_path(thread.id)
    found = {urls.anchor(one.id): first for one in (thread.root, *thread.options)}
    for page, (start, end) in enumerate(split(thread.comments), 1):
        anchors = [urls.anchor(comment.id) for comment in thread.comments[start:end]]
        found.update(dict.fromkeys(anchors, urls.item_path(thread.id, page)))
    return found


def pages(thread: Thread, cards: Cards, config: Config) -> Iterator[Page]:
    """The thread's pages in both orders."""
    about = About(story_view(thread), most_active(thread), popular(thread))
    yield from _pages(thread, thread.comments, about, cards, config, by_time=False)
    in_time = [comment for comment in by_time(thread.comments) if comment.held]
    yield from _pages(thread, in_time, about, cards, config, by_time=True)


def _pages(
    thread: Thread, comments: Sequence[Comment], about: About, cards: Cards, config: Config, *, by_time: bool
) -> Iterator[Page]:
    this, other = (urls.time_path, urls.item_path) if by_time else (urls.item_path, urls.time_path)
    slices = [(start, min(start + LARGEST, len(comments))) for start in range(0, len(comments) or 1, LARGEST)]
    slices = slices if by_time else split(comments)
    number = 0
    for page, (start, end) in enumerate(slices, 1):
        path = this(thread.id, page)
        shown_here = comments[start:end]
        on_page = {urls.anchor(comment.id) for comment in shown_here} | {urls.anchor(thread.id)}
        shown: list[tuple[Comment, str]] = []
        for comment in shown_here:
            number += comment.held
            numbered = f"{number}." if comment.held else ""
            shown.append((comment, join(cards.by_id[comment.id], on_page, numbered, cards.far)))
        title = thread_title(thread) + (f", page {page}" if page > 1 else "")
        first = page == 1
        view = ThreadView(
            chrome=chrome(config, path, f"{title} (by time)" if by_time else title),
            story=about.story._replace(body=Markup(join(cards.story_body, on_page, far=cards.far))),
            by_time=by_time,
            other_url=urls.relative(other(thread.id), path),
            options=_options(thread, cards, on_page) if first else (),
            active=about.active if first else (),
            popular=_filled(about.popular, on_page, cards.far) if first else (),
            comments=_COMMENTS if shown else "",
            turns=_turns(thread.id, page, len(slices), path, by_time),
        )
        yield Page(path, "thread.html", view, (joined(_flat(shown) if by_time else nest(shown)),))


def _options(thread: Thread, cards: Cards, on_page: set[str]) -> tuple[Markup, ...]:
    return tuple(Markup(join(cards.by_id[one.id], on_page, far=cards.far)) for one in thread.options)


def _flat(shown: Sequence[tuple[Comment, str]]) -> Iterator[str]:
    """One list, in pieces."""
    yield '<ol class="comments">'
    for _, html in shown:
        yield from ("<li>", html, "</li>")
    yield "</ol>"


def _turns(id: str, page: int, last: int, path: str, by_time: bool) -> tuple[Turn, ...]:
    if last == 1:
        return ()
    this = urls.time_path if by_time else urls.item_path
    return tuple(
        Turn(str(number), None if number == page else urls.relative(this(id, number), path))
        for number in range(1, last + 1)
    )


def most_active(thread: Thread) -> tuple[Active, ...]:
    """Who wrote most, in threads that are long enough for that to mean something."""
    counts = Counter(comment.author for comment in thread.comments if comment.author)
    if sum(1 for comment in thread.comments if comment.held) <= ACTIVE_ABOVE:
        return ()
    ranked = sorted((-count, name) for name, count in counts.items() if count >= ACTIVE_LEAST)
    return tuple(Active(name, author_url(name), -count) for count, name in ranked[:ACTIVE_MOST])


def popular(thread: Thread) -> tuple[Popular, ...]:
    """The comments that drew most replies."""
    many = [one for one in thread.comments if one.held and len(one.replies) >= POPULAR_LEAST]
    many.sort(key=lambda one: (-len(one.replies), urls.id_key(one.id)))
    return tuple(Popular(Ref(one.id, ""), one.author, len(one.replies)) for one in many[:POPULAR_MOST])


def _filled(comments: tuple[Popular, ...], on_page: set[str], far: Far) -> tuple[Popular, ...]:
    return tuple(
        one._replace(ref=one.ref._replace(url=link(urls.anchor(one.ref.id), on_page, far)))
        for one in comments
    )


def by_time(comments: Sequence[Comment]) -> list[Comment]:
    """The comments in the order they were written, as well as that is known.

    Dated ones by date; undated ones with a Hacker News id by the dates of their neighbours, since
    ids grow with time; then those with only an age, oldest first; then by id; then the rest as they stand.
    """
    dated = sorted(
        (int(one.id), one.created.epoch)
        for one in comments
        if urls.is_hn(one.id) and one.created and one.created.epoch is not None
    )
    estimates: dict[str, int] = {}
    undated = sorted(
        (
            one
            for one in comments
            if urls.is_hn(one.id) and (one.created is None or one.created.epoch is None)
        ),
        key=lambda one: int(one.id),
    )
    position = 0
    for one in undated if dated else ():
        while position + 1 < len(dated) and dated[position + 1][0] <= int(one.id):
            position += 1
        estimates[one.id] = dated[position][1] or 0
    indexed = sorted(enumerate(comments), key=lambda pair: _time_key(pair[1], pair[0], estimates))
    return [comment for _, comment in indexed]


def _time_key(
    comment: Comment, index: int, estimates: Mapping[str, int]
) -> tuple[int, int, tuple[int, int, str], int]:
    created = comment.created
    if created and created.epoch is not None:
        return (0, created.epoch, urls.id_key(comment.id), index)
    if comment.id in estimates:
        return (0, estimates[comment.id], urls.id_key(comment.id), index)
    if created and created.words and (seconds := age_seconds(created.words)):
        return (1, -seconds, (0, 0, ""), index)
    return (2, 0, urls.id_key(comment.id), index) if urls.is_hn(comment.id) else (3, 0, (0, 0, ""), index)
