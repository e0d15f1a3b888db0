"""A whole thread: nested as it was read, and the same by time. Long ones in several pages.

Pages part where a top-level branch ends if they can, and hold at most ``LARGEST`` comments and about
``HEAVIEST`` characters, so that every page loads; anchors are ids, the same on whatever page they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import count
from typing import NamedTuple

from markupsafe import Markup

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Comment, Page, Thread, age_seconds, author_text
from hnsite.pages.card import Cards, Far, author_url, join, link
from hnsite.pages.chart import Chart, chart
from hnsite.pages.chrome import Chrome, author_page, chrome
from hnsite.pages.slot import Slot, joined, slot
from hnsite.pages.story import StoryView, story_view, thread_title
from hnsite.pages.tree import SCOPE, Show, nest
from hnsite.pages.when import span_text

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


class Numbers(NamedTuple):
    """A thread in numbers: who takes part, how deep it goes, how long it took; "" where that is not known."""

    authors: int
    deepest: int
    span: str
    half: str


class About(NamedTuple):
    """What is worked out once for all pages of a thread. ``dates`` are of the story and all comments, sorted
    (seconds, UTC)."""

    story: StoryView
    active: tuple[Active, ...]
    popular: tuple[Popular, ...]
    newest: str
    latest: str
    numbers: Numbers | None
    dates: Sequence[int]


class ThreadView(NamedTuple):
    """``author_page`` is the full address of the page of the story's author, "" where that is not known.
    ``newest_url`` leads to the newest comment, "" if there is none. ``latest`` is the highest number among
    the comments and the latest moment (seconds, UTC), 0 for none: what is above was not here yet. The rest of
    what tells of the whole thread is on its first page only."""

    chrome: Chrome
    author_page: str
    story: StoryView
    by_time: bool
    other_url: str
    options: tuple[Markup, ...]
    active: tuple[Active, ...]
    popular: tuple[Popular, ...]
    numbers: Numbers | None
    chart: Chart | None
    newest_url: str
    latest: str
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


def time_urls(thread: Thread) -> dict[str, str]:
    """The way from the thread's first page to the by-time page that shows a comment, by the comment's id."""
    last = len(thread.comments) // LARGEST + 1
    pages = [
        urls.relative(urls.time_path(thread.id, page), urls.item_path(thread.id))
        for page in range(1, last + 1)
    ]
    return {comment.id: pages[place // LARGEST] for place, comment in enumerate(_in_time(thread))}


def _in_time(thread: Thread) -> list[Comment]:
    """What its by-time pages show."""
    return [comment for comment in by_time(thread.comments) if comment.held]


def pages(thread: Thread, cards: Cards, config: Config) -> Iterator[Page]:
    """The thread's pages in both orders."""
    in_time = _in_time(thread)
    about = _about(thread, in_time, cards.story_url)
    yield from _pages(thread, thread.comments, about, cards, config, by_time=False)
    yield from _pages(thread, in_time, about, cards, config, by_time=True)


def _about(thread: Thread, in_time: Sequence[Comment], url: str | None) -> About:
    dates = _dates(thread)
    return About(
        story=story_view(thread, url),
        active=most_active(thread),
        popular=popular(thread),
        newest=urls.anchor(in_time[-1].id) if in_time else "",
        latest=latest(in_time, dates),
        numbers=_numbers(in_time, dates) if len(in_time) > ACTIVE_ABOVE else None,
        dates=dates,
    )


def _dates(thread: Thread) -> list[int]:
    moments = [one.created for one in (thread.root, *thread.comments) if one.created]
    return sorted([moment.epoch for moment in moments if moment.epoch is not None])


def _numbers(comments: Sequence[Comment], dates: Sequence[int]) -> Numbers:
    return Numbers(
        authors=len({comment.author for comment in comments if comment.author}),
        deepest=max(comment.depth for comment in comments) + 1,
        span=span_text(dates[-1] - dates[0]) if len(dates) > 1 else "",
        half=span_text(dates[len(dates) // 2] - dates[0]) if len(dates) > 1 else "",
    )


def _pages(
    thread: Thread, comments: Sequence[Comment], about: About, cards: Cards, config: Config, *, by_time: bool
) -> Iterator[Page]:
    this, other = (urls.time_path, urls.item_path) if by_time else (urls.item_path, urls.time_path)
    slices = [(start, min(start + LARGEST, len(comments))) for start in range(0, len(comments) or 1, LARGEST)]
    slices = slices if by_time else split(comments)
    numbers = count(1)
    for page, (start, end) in enumerate(slices, 1):
        path = this(thread.id, page)
        shown = comments[start:end]
        on_page = {urls.anchor(comment.id) for comment in shown} | {urls.anchor(thread.id)}
        show = partial(_show, numbers, cards, on_page)
        lists = _flat(shown, show) if by_time else nest(shown, show, cards.folded)
        title = thread_title(thread) + (f", page {page}" if page > 1 else "")
        first = page == 1
        view = ThreadView(
            chrome=_chrome(thread, path, title, config, by_time=by_time),
            author_page=author_page(config, thread.root.author),
            story=about.story._replace(body=Markup(join(cards.story_body, on_page, far=cards.far))),
            by_time=by_time,
            other_url=urls.relative(other(thread.id), path),
            options=_options(thread, cards, on_page) if first else (),
            active=about.active if first else (),
            popular=_filled(about.popular, on_page, cards.far) if first else (),
            numbers=about.numbers if first else None,
            chart=None if by_time else _chart(shown, thread, about, on_page, cards.far),
            newest_url=link(about.newest, on_page, cards.far) if about.newest else "",
            latest=about.latest,
            comments=_COMMENTS if shown else "",
            turns=_turns(thread.id, page, len(slices), path, by_time),
        )
        yield Page(path, "thread.html", view, (joined(lists),))


def _chrome(thread: Thread, path: str, title: str, config: Config, *, by_time: bool) -> Chrome:
    """By time a thread is the same again: search engines shall know the nested one."""
    feed = urls.relative(urls.thread_feed_path(thread.id), path) if config.feeds == "threads" else ""
    if by_time:
        nested = urls.item_path(thread.id)
        title = f"{title} (by time)"
        return chrome(config, path, title, canonical=nested, noindex=thread.noindex, own_feed_url=feed)
    return chrome(config, path, title, noindex=thread.noindex, own_feed_url=feed)


def _chart(
    shown: Sequence[Comment], thread: Thread, about: About, on_page: AbstractSet[str], far: Far
) -> Chart | None:
    if not about.dates:
        return None
    first, last = about.dates[0], about.dates[-1]
    return chart(shown, thread.root, first, last, lambda name: link(name, on_page, far))


def _options(thread: Thread, cards: Cards, on_page: set[str]) -> tuple[Markup, ...]:
    return tuple(Markup(join(cards.by_id[one.id], on_page, far=cards.far)) for one in thread.options)


def _show(
    numbers: Iterator[int], cards: Cards, on_page: AbstractSet[str], comment: Comment, ways: str
) -> str:
    """One comment's card with its number, which counts on from page to page."""
    number = f"{next(numbers)}." if comment.held else ""
    return join(cards.by_id[comment.id], on_page, number, ways, cards.far)


def _flat(shown: Sequence[Comment], show: Show) -> Iterator[str]:
    """One list, in pieces."""
    yield '<ol class="comments by-time">'
    for comment in shown:
        yield from (f"<li{SCOPE}>", show(comment, ""), "</li>")
    yield "</ol>"


def _turns(id: str, page: int, last: int, path: str, by_time: bool) -> tuple[Turn, ...]:
    if last == 1:
        return ()
    this = urls.time_path if by_time else urls.item_path
    return tuple(
        Turn(str(number), None if number == page else urls.relative(this(id, number), path))
        for number in range(1, last + 1)
    )


def latest(comments: Sequence[Comment], dates: Sequence[int]) -> str:
    """The highest number among comments, and the last of the dates; 0 for none."""
    highest = max((int(comment.id) for comment in comments if urls.is_hn(comment.id)), default=0)
    return f"{highest} {dates[-1] if dates else 0}"


def most_active(thread: Thread) -> tuple[Active, ...]:
    """Who wrote most, in threads that are long enough for that to mean something."""
    counts = Counter(comment.author for comment in thread.comments if comment.author)
    if sum(1 for comment in thread.comments if comment.held) <= ACTIVE_ABOVE:
        return ()
    ranked = sorted((-count, name) for name, count in counts.items() if count >= ACTIVE_LEAST)
    return tuple(Active(author_text(name), author_url(name), -count) for count, name in ranked[:ACTIVE_MOST])


def popular(thread: Thread) -> tuple[Popular, ...]:
    """The comments that drew most replies."""
    many = [one for one in thread.comments if one.held and len(one.replies) >= POPULAR_LEAST]
    many.sort(key=lambda one: (-len(one.replies), urls.id_key(one.id)))
    return tuple(
        Popular(Ref(one.id, ""), author_text(one.author), len(one.replies)) for one in many[:POPULAR_MOST]
    )


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
