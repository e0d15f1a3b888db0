"""All that one author wrote, newest first, each with its thread.

Pages count from the oldest comments and are full when they get a number, so that a new comment
changes the newest page only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Author, Moment, Page, listed_name
from hnsite.pages.card import Dated
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.plot import Plot, letters_of, plot
from hnsite.pages.slot import Slot, escaped, slot, utf8
from hnsite.pages.when import when

SIZE = 100
ENOUGH = 5
"""From how many items on there is something to say of when an author wrote and whom they answer."""
MOST_ANSWERED = 5


class Writing(NamedTuple):
    """One thing that the author wrote: its card, joined, and the thread it stands in.

    ``day`` and ``answers``, whom it replies to, are "" where there is none; ``kind`` is "comment" or "story".
    """

    thread: str
    title: str
    html: str
    day: str = ""
    answers: str = ""
    kind: str = "comment"


class Written(NamedTuple):
    """One card and the thread it stands in; ``time_url`` is that thread by time, ``type`` what schema.org
    calls such an item."""

    thread: Slot
    thread_url: Slot
    time_url: Slot
    html: Slot
    type: Slot


class Answered(NamedTuple):
    """Somebody whom the author answers, and how often."""

    name: Slot
    url: Slot
    times: Slot


class AuthorView(NamedTuple):
    """``url`` leads to the newest page. ``last`` is None where it is the day of ``first``. Slots are what
    differs between authors who wrote as much. ``plot`` and ``answers`` are there where there is enough to
    say."""

    chrome: Chrome
    name: Slot
    url: Slot
    stories: int
    comments: int
    first: Dated | None
    last: Dated | None
    plot: Plot | None
    answers: tuple[Answered, ...]
    written: tuple[Written, ...]
    newer_url: Slot | None
    older_url: Slot | None


_TITLE, _NAME, _NEWER, _OLDER = map(slot, range(4))
_FIRST = Dated(slot(4), slot(5), "")
_LAST = Dated(slot(6), slot(7), "")
_SHAPE, _WIDTH, _LABEL, _START, _END = map(slot, range(8, 13))
_ANSWERS = tuple(
    Answered(slot(index), slot(index + 1), slot(index + 2)) for index in range(13, 13 + 3 * MOST_ANSWERED, 3)
)
_URL, _FEED, _CANONICAL = map(slot, range(13 + 3 * MOST_ANSWERED, 16 + 3 * MOST_ANSWERED))
FIXED = 16 + 3 * MOST_ANSWERED
"""How many slots come before those of what is written."""
_WRITTEN = tuple(Written(*map(slot, range(index, index + 5))) for index in range(FIXED, FIXED + 10 * SIZE, 5))


class _Habits:
    """When an author wrote, and whom they answered, counted while the entries pass."""

    def __init__(self) -> None:
        self.days: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()

    def watch(self, entries: Iterable[Writing]) -> Iterator[Writing]:
        for entry in entries:
            self.days[entry.day] += 1
            self.answers[entry.answers] += 1
            yield entry

    def plot(self) -> Plot | None:
        days = {day: count for day, count in self.days.items() if day}
        if not days:
            return None
        letters = letters_of(min(days), max(days))
        counts: Counter[str] = Counter()
        for day, count in days.items():
            counts[day[:letters]] += count
        return plot(counts, letters)

    def most_answered(self) -> list[tuple[str, int]]:
        """(name, times) of those who were answered more than once."""
        found = [(name, count) for name, count in self.answers.items() if name and count > 1]
        return sorted(found, key=lambda one: (-one[1], one[0]))[:MOST_ANSWERED]


def pages(author: Author, entries: Iterator[Writing], config: Config) -> Iterator[Page]:
    """The author's pages; ``entries`` come oldest first.

    The newest page holds what is left over and the full page before it, so that it is never nearly empty.
    """
    full = _full_pages(author.total)
    habits = _Habits()
    if author.total >= ENOUGH:
        entries = habits.watch(entries)
    for number in range(1, full + 1):
        yield _page(author, number, full, _take(entries, SIZE), _Habits(), config)
    newest = list(entries)  # before habits are asked
    yield _page(author, 0, full, newest, habits, config)


_TYPES = {"comment": "Comment", "story": "DiscussionForumPosting"}
"""What schema.org calls what an author writes."""

_FILES = {"feed": urls.author_feed_path, "api": urls.api_user_path}
"""What an author can have besides pages (``Config.author_files``), and where it stands."""


def paths(name: str, total: int, files: Iterable[str] = ()) -> list[str]:
    """Where the pages of an author stand who wrote so much, and the ``files`` besides."""
    if not total:
        return []
    pages = [urls.author_path(name, number) for number in range(_full_pages(total) + 1)]
    return [*pages, *(_FILES[one](name) for one in files)]


def _full_pages(total: int) -> int:
    return max(0, total // SIZE - 1)


def _take(entries: Iterator[Writing], count: int) -> list[Writing]:
    return [entry for _, entry in zip(range(count), entries, strict=False)]


def _page(
    author: Author,
    number: int,
    full: int,
    entries: Sequence[Writing],
    habits: _Habits,
    config: Config,
) -> Page:
    path = urls.author_path(author.name, number)
    newest = number == 0  # only the newest page tells totals: they would change every older page
    newer = "" if newest else urls.author_path(author.name, number + 1 if number < full else 0)
    older_number = full if newest else number - 1
    older = urls.author_path(author.name, older_number) if older_number else ""
    first = when(_day(author.first)) if newest else None
    last = when(_day(author.last)) if newest and author.last != author.first else first
    plotted, answered = habits.plot(), habits.most_answered()
    feed = _FEED if "feed" in config.author_files else ""
    view = AuthorView(
        chrome=chrome(config, path, _TITLE, canonical=_CANONICAL, noindex=author.noindex, own_feed_url=feed),
        name=_NAME,
        url=_URL,
        stories=author.stories if newest else 0,
        comments=author.comments if newest else 0,
        first=_FIRST if first else None,
        last=_LAST if last != first else None,
        plot=_open(plotted) if plotted else None,
        answers=_ANSWERS[: len(answered)],
        written=_WRITTEN[: len(entries)],
        newer_url=_NEWER if newer else None,
        older_url=_OLDER if older else None,
    )
    name = escaped(listed_name(author.name))
    texts = [
        name if newest else f"{name}, page {number}",
        name,
        urls.relative(newer, path),
        urls.relative(older, path),
        *(first[:2] if first else ("", "")),
        *(last[:2] if last else ("", "")),
    ]
    texts += _plot_texts(plotted)
    for place in range(MOST_ANSWERED):
        texts += _answer_texts(*answered[place], path) if place < len(answered) else ("", "", "")
    own = urls.author_path(author.name), urls.author_feed_path(author.name)
    texts += (*[urls.relative(one, path) for one in own], escaped(config.full_url(path)))
    for entry in reversed(entries):
        nested, in_time = urls.item_path(entry.thread), urls.time_path(entry.thread)
        texts += (escaped(entry.title), urls.relative(nested, path), urls.relative(in_time, path), entry.html)
        texts.append(_TYPES[entry.kind])
    return Page(path, "author.html", view, tuple(map(utf8, texts)))


def _open(plot: Plot) -> Plot:
    """The plot with slots for what differs."""
    return plot._replace(shape=_SHAPE, width=_WIDTH, label=_LABEL, first=_START, last=_END)


def _plot_texts(plot: Plot | None) -> tuple[str, ...]:
    if plot is None:
        return ("",) * 5
    return (str(plot.shape), str(plot.width), str(plot.label), str(plot.first), str(plot.last))


def _answer_texts(name: str, times: int, path: str) -> tuple[str, ...]:
    return escaped(listed_name(name)), urls.relative(urls.author_path(name), path), str(times)


def _day(epoch: int | None) -> Moment | None:
    return None if epoch is None else Moment(epoch, "day")
