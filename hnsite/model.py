"""The nouns. Frozen; tuples, not lists; flat sequences, not trees.

A ``Record`` is what ONE dump says of one item; a ``Comment`` is what ALL dumps say together.
This module knows no format, no page and no file.

They are msgspec structs because an archive has millions of them: a frozen dataclass takes five
times as long to make. ``gc=False`` stands where no cycle can form: on what holds scalars and tuples of text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable
from enum import StrEnum

import msgspec

from hnsite.errors import one_line

PROVISIONAL = "x"
"""First letter of an id that hnsite had to make up because no dump gives one."""


SOURCE = re.compile(r"[a-z][a-z0-9]{0,19}")
"""What a source is called in ids (``lobsters-abc123``) and after the names of its authors."""

HN = "hn"
"""The source of those authors of Hacker News whose names would be taken for names of another source."""

MAIL = "mail"
"""The source that mail and Usenet are."""

_INVISIBLE = re.compile(
    "[\\s\\x00-\\x1f\\x7f-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202f"
    "\\u205f-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\U000e0000-\\U000e0fff]*"
)

AGE = re.compile(r"(\d{1,4}|an?) (second|minute|hour|day|week|month|year)s? ago")
SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 7 * 86_400,
    "month": 30 * 86_400,
    "year": 365 * 86_400,
}
"""The units that moments are known in; a month has 30 days, a year 365."""


class Kind(StrEnum):
    """What an item is, in Hacker News's own words."""

    STORY = "story"
    COMMENT = "comment"
    POLL = "poll"
    POLLOPT = "pollopt"
    JOB = "job"


class State(StrEnum):
    """Whether an item can still be read where it was posted."""

    LIVE = "live"
    DEAD = "dead"
    DELETED = "deleted"
    REMOVED = "removed"  # here, by a rule of redactions.toml


class Dialect(StrEnum):
    """The language a body is written in; ``markup`` has one module for each."""

    HN = "hn"
    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    MAIL = "mail"
    SLACK = "slack"
    DISCORD = "discord"
    REDDIT = "reddit"


class Evidence(StrEnum):
    """What a comment's place in the tree rests on."""

    STATED = "stated"  # a dump says who the parent is
    QUOTE = "quote"  # inferred from reading order, and most of all because it quotes that comment
    NAME = "name"  # ... because it calls that comment's author by name
    TURNS = "turns"  # ... because of who wrote before and after
    WORDS = "words"  # ... because the two share rare words
    AGE = "age"  # ... because others are too young to be answered
    OPENING = "opening"  # ... because it is written as comments are that answer none
    ORDER = "order"  # inferred from reading order
    SUBJECT = "subject"  # inferred: a mail that answers this subject, and names no mail
    THREAD = "thread"  # only the thread is stated; the place in it is unknown
    UNKNOWN = "unknown"  # nothing is known: it stands where its dump had it


class Moment(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A point in time as well as it is known.

    ``epoch`` is in seconds, UTC; ``unit`` says how far to trust it (``second`` ... ``year``);
    ``words`` is how the dump put it ("4 days ago"), which may be all there is (``epoch`` is None).
    """

    epoch: int | None
    unit: str = "second"
    words: str | None = None


def age_seconds(words: str) -> int:
    """How many seconds "4 days ago" is ago; 0 for other words."""
    match = AGE.fullmatch(words)
    return (int(match[1]) if match[1].isdigit() else 1) * SECONDS[match[2]] if match else 0


class Origin(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Where in the dumps something was read; ``position`` is a line number from 1."""

    file: str
    position: int

    def __str__(self) -> str:
        return f"{self.file}:{self.position}"


class Problem(msgspec.Struct, frozen=True, gc=False):
    """Something in a dump that could not be used as it stands. Data, never raised.

    ``skipped`` counts the items that were left out because of it; True is one.
    """

    origin: Origin
    reason: str
    skipped: bool | int = False

    def __str__(self) -> str:
        return one_line(f"{self.origin}: {self.reason}")


class Change(msgspec.Struct, frozen=True, gc=False):
    """That a newer dump has another text than an older one: seen at ``epoch`` (seconds, UTC), or some
    time after it where no dump says when it was taken (``stated`` is false); None if nothing tells."""

    epoch: int | None
    stated: bool


class Settled(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What an export says of an item that no dump stated: what merging made of all of them.

    ``thread`` is the root's id. ``parent`` and ``evidence`` are an inferred place, which gives way to what is
    stated or inferred without it. ``order`` are the replies in reading order, ``was`` ids that were given up
    for this one, ``beside`` the roots that share dumps with this one, ``dumps`` where all that was read.
    ``is_withheld`` and ``noindex`` are as in ``Comment``.
    """

    thread: str
    parent: str | None = None
    evidence: Evidence | None = None
    order: tuple[str, ...] = ()
    changed: Change | None = None
    was: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    dumps: tuple[str, ...] = ()
    is_withheld: bool = False
    noindex: bool = False


class Record(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What one dump says of one item. ``None`` everywhere means "this dump does not say".

    ``id`` and ``parent`` are Hacker News numbers as text, ``<source>-<id>``, or provisional
    (see ``provisional_id``). ``thread`` is the id of the story at the top. ``replies`` are ids
    that the dump names as children, ranked as displayed when ``ranked`` is true. ``flat`` marks
    a record of a dump without a tree, where only its position tells where it stood.
    ``captured`` is when the dump was taken (seconds, UTC). ``score`` counts points.
    ``edited`` is when the source says that the text was last edited, ``original`` the address where
    the item was posted (for Hacker News its number tells it). ``evidence`` is what ``parent`` rests on
    where no field of the dump states it. Authors of other sources are written ``name@source``
    (see ``namesake``). Only a record of an export has ``settled``.
    """

    origin: Origin
    id: str
    kind: Kind
    parent: str | None = None
    thread: str | None = None
    author: str | None = None
    created: Moment | None = None
    title: str | None = None
    url: str | None = None
    domain: str | None = None
    body: str | None = None
    dialect: Dialect = Dialect.TEXT
    score: int | None = None
    state: State | None = None
    captured: int | None = None
    replies: tuple[str, ...] = ()
    ranked: bool = False
    flat: bool = False
    edited: Moment | None = None
    original: str | None = None
    evidence: Evidence | None = None
    settled: Settled | None = None


class Comment(msgspec.Struct, frozen=True, gc=False):
    """One item of a thread with everything the dumps say, at its place in the tree.

    ``parent`` is None only for the root. ``depth`` is 0 for the root's children. ``size`` counts
    the items below it, stubs included. ``held`` is false for a stub: an id that a dump names and
    none contains. ``replies`` are the ids of its children, in reading order.
    ``position`` is its line in a dump without a tree, where it has one. ``edited`` is when its source
    says that it was edited, ``changed`` that dumps differ in its text. ``original`` is where it was posted,
    ``captured`` when the newest dump of it that says so was taken.
    ``is_withheld`` says that nothing may lead there, because who wrote it must not be known; ``noindex`` that
    search engines are asked to leave out what shows it.
    """

    id: str
    kind: Kind
    parent: str | None
    evidence: Evidence
    depth: int
    author: str | None
    created: Moment | None
    body: str | None
    dialect: Dialect
    score: int | None
    state: State
    held: bool
    replies: tuple[str, ...]
    size: int
    title: str | None = None
    url: str | None = None
    domain: str | None = None
    position: int | None = None
    edited: Moment | None = None
    changed: Change | None = None
    original: str | None = None
    captured: int | None = None
    is_withheld: bool = False
    noindex: bool = False


class Thread(msgspec.Struct, frozen=True):
    """A root (story, poll, job, or a stub in its place) and everything under it.

    ``comments`` are in reading order: each parent before its replies, each subtree in one piece,
    so that ``comments[i : i + 1 + comments[i].size]`` is a subtree. ``options`` are a poll's.
    ``captured`` is the newest capture that a dump states.
    """

    root: Comment
    options: tuple[Comment, ...]
    comments: tuple[Comment, ...]
    captured: int | None
    problems: tuple[Problem, ...]

    @property
    def id(self) -> str:
        return self.root.id

    @property
    def noindex(self) -> bool:
        """Whether any page of the thread is to be left out by search engines."""
        return self.root.noindex or any(one.noindex for one in self.comments)


class Summary(msgspec.Struct, frozen=True, gc=False):
    """A thread as lists of threads and feeds show it. ``comments`` counts those held.

    ``newest`` is when anything of it was written or edited last (seconds, UTC; 0 if no date is known),
    ``url`` where the story leads to, ``text`` what feeds show of it (safe HTML), if the site has any.
    ``noindex`` and ``is_withheld`` are of the thread and of its story (see ``Comment``).
    """

    id: str
    kind: Kind
    state: State
    title: str
    domain: str | None
    score: int | None
    author: str | None
    created: Moment | None
    comments: int
    newest: int = 0
    url: str | None = None
    text: str = ""
    noindex: bool = False
    is_withheld: bool = False


class Author(msgspec.Struct, frozen=True, gc=False):
    """Who wrote how much, and when first and last (seconds, UTC) as far as that is known; ``noindex`` if any
    of it is (see ``Comment``)."""

    name: str
    stories: int
    comments: int
    first: int | None
    last: int | None
    noindex: bool = False

    @property
    def total(self) -> int:
        return self.stories + self.comments


class Note(msgspec.Struct, frozen=True):
    """A page that somebody wrote for the site: a Markdown file in content/ with front matter.

    ``origin`` is where its text begins. ``place`` is its path below content/, by which notes link to each
    other, ``path`` that of its page. Notes with a ``weight`` go before others, the lightest first. ``in_nav``
    says that every page leads to it, ``listed`` that the list of notes does.
    """

    origin: Origin
    place: str
    path: str
    title: str
    body: str
    description: str = ""
    date: Moment | None = None
    weight: int | None = None
    in_nav: bool = True
    listed: bool = True


Piece = Record | Problem | Note
"""What a reader gives: what a dump says of an item, what is wrong with it, or a page that an export holds."""


class Page(msgspec.Struct, frozen=True):
    """A page to be: where it goes (a path below the output folder), which template, what it shows.

    ``texts`` is HTML for the slots of the view (see ``pages.slot``).
    """

    path: str
    template: str
    view: Hashable
    texts: tuple[bytes, ...] = ()


def provisional_id(*known: str | None) -> str:
    """An id for an item whose dump gives none: ``x`` + 12 hex digits of what is known of it."""
    text = "\x00".join(part or "" for part in known)
    return PROVISIONAL + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def namesake(name: str | None, source: str) -> str | None:
    """What an author of another source than Hacker News is called here: alice of Lobsters is not alice
    of Hacker News, whose names never hold an ``@``."""
    return f"{name}@{source}" if name else None


def parted_name(author: str) -> tuple[str, str]:
    """An author's own name, and the source that it is of; "" for Hacker News."""
    name, _, source = author.rpartition("@")
    return (name, source) if name and SOURCE.fullmatch(source) else (author, "")


def hn_name(name: str | None) -> str | None:
    """What an author of Hacker News is called here. Its own names never hold an ``@``, but a dump may say
    anything, and nobody is to pass for alice of Lobsters by the name ``alice@lobsters``."""
    return namesake(name, HN) if name and parted_name(name)[1] else name


def listed_name(author: str) -> str:
    """An author as lists of authors of all sources show it."""
    return shown_name(author.removesuffix(f"@{HN}"))


def author_text(author: str | None) -> str:
    """An author's own name, for pages of one source; lists of authors show where they are of too."""
    return shown_name(parted_name(author)[0]) if author else ""


def shown_name(name: str) -> str:
    """A name that can be seen, and clicked: one of nothing but blanks and the like is spelled out."""
    return ascii(name) if is_invisible(name) else name


def is_invisible(text: str) -> bool:
    """Whether nothing of a text can be seen."""
    return bool(_INVISIBLE.fullmatch(text))


def is_provisional(id: str) -> bool:
    """Whether an id was made by ``provisional_id``. Ids of other sources hold a ``-``."""
    return id.startswith(PROVISIONAL) and "-" not in id


def is_held(record: Record) -> bool:
    """Whether a record says anything of its item beyond that there is one."""
    return not (
        record.author is None
        and record.body is None
        and record.title is None
        and record.created is None
        and record.state is None
        and record.url is None
    )


def is_mail(id: str) -> bool:
    """Whether an item is a message of mail or Usenet: nobody can edit it, and it may lack references."""
    return id.startswith(f"{MAIL}-")
