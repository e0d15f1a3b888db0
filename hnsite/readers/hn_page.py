"""Pages of news.ycombinator.com as they are served or as browsers save them, 2007 to today.

All eras have cells ``td.title`` and ``td.subtext`` for a story, ``td.default`` for a comment with its facts
in ``.comhead`` and its text in ``.comment``, and depths as the width of a spacer (40 a level). Ids on rows,
``hnuser``, ``age`` and ``commtext`` came later; parents are linked since 2022 (``navs``), and always where a
comment stands outside its thread. The markup is that of news.arc, whose forks are public.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO
from urllib.parse import unquote

from hnsite.model import (
    Dialect,
    Evidence,
    Kind,
    Moment,
    Origin,
    Problem,
    Record,
    State,
    hn_name,
    is_provisional,
    provisional_id,
)
from hnsite.readers.hn_body import body_of, plain_address
from hnsite.readers.input import LAST_SECOND, Head, clean_name, iso_moment, shown_moment
from hnsite.readers.saved_page import (
    SavedPage,
    classes,
    is_mhtml,
    of_class,
    saved_page,
    stated_address,
    text_of,
)

NAME = "hn-page"
VERSION = 1

_HOST = re.compile(
    r"(?:https?://)?(?:web\.archive\.org/web/\d+(?:[a-z]{2}_)?/https?://)?news\.ycombinator\.com\b"
)
_HTML = re.compile(r"(?i)\s*(?:<(?:!doctype|!--|\?xml|html|head|body|center|meta|table|tbody|tr)\b|<!--)")
_OP = re.compile(r"(?i)<html\b[^<>]*\sop=[\"']?[a-z]")
_TITLE = re.compile(r"(?is)<title[^<>]*>(.{0,1000}?)</title>")
_MARKS = re.compile(
    r"(?i)<table\b[^<>]*\bid=[\"']?hnmain\b|\bclass=[\"']?hnname\b|\by18\.(?:gif|svg)\b"
    r"|<link\b[^<>]*\bhref=[\"']?[^\s\"'<>]*\bnews\.css\b"
    r"|<tr\b[^<>]*\bclass=[\"']?athing\b[^<>]*>(?=(?s:.{0,4000}?)\b(?:hnuser|storylink|titleline|comhead)\b)"
)
_ITEM = re.compile(r"\bitem\?id=([1-9][0-9]{0,14})(?![0-9])(?:[^#\s]*#([1-9][0-9]{0,14})\Z)?")
_HASH = re.compile(r"#([1-9][0-9]{0,14})\Z")
_ID = re.compile(r"(?:(?:up|down|un|unv|score)_)?([1-9][0-9]{0,14})")
_USER = re.compile(r"\buser\?id=([^&#]+)")
_GOTO = re.compile(r"[?&](?:whence|goto)=([^&#]+)")
_FNID = re.compile(r"\bx\?fnid=(\w+)")
_AGE = re.compile(
    r"\b(?:\d{1,4}|an?) (?:second|minute|hour|day|week|month|year)s? ago\b"
    r"|\bon [A-Z][a-z]{2,8} \d{1,2}, \d{4}\b"
)
_POINTS = re.compile(r"(-?\d{1,9}) points?\b")
_DEEPEST = 40
_SPACER = re.compile(r"\d{1,6}")
_GONE = {"[deleted]": State.DELETED, "[dead]": State.DEAD, "[flagged]": State.DEAD, "[delayed]": State.LIVE}
"""What stands in place of an item that one may not see."""


def why_not(head: Head) -> str | None:
    if is_mhtml(head.text):
        address = stated_address(head.text)
        return None if _HOST.match(address) else "a saved page, but not of news.ycombinator.com"
    if not _HTML.match(head.text):
        return "not HTML"
    address = stated_address(head.text)
    if address:
        return None if _HOST.match(address) else f"a page of {address[:50]}, not of Hacker News"
    title = _TITLE.search(head.text)
    if title and not title[1].strip().endswith("Hacker News"):
        return "HTML, but its title does not end in 'Hacker News'"
    if _OP.search(head.text) or _MARKS.search(head.text):
        return None
    return "HTML without the marks of a page of Hacker News"


def read(file: BinaryIO, name: str) -> Iterator[Record | Problem]:
    page = saved_page(file, name)
    yield from page.problems
    parts = _Parts() if page.tree is None else _parts(page, name)
    if not parts.stories and not parts.comments:
        yield Problem(Origin(name, 1), _why_empty(page), skipped=True)
        return
    yield from _records(page, parts, name)


def _why_empty(page: SavedPage) -> str:
    title = text_of(page.tree.find(".//title")) if page.tree is not None else ""
    if title.startswith("Profile: ") or "user?id=" in page.address:
        return "a user's page, not a thread; skipped"
    return "a page without a story or comment; skipped"


# ---- the parts of a page


@dataclass(slots=True)
class _Option:
    """A choice of a poll."""

    text: Any
    line: int
    id: str | None
    score: int | None = None


@dataclass(slots=True)
class _Story:
    """A story's title and what stands below it."""

    title: Any
    line: int
    id: str | None
    numbered: bool  # one of a list
    facts: Any = None
    options: list[_Option] = field(default_factory=list)


@dataclass(slots=True)
class _Comment:
    """A comment; ``depth`` is None outside of a tree. ``parent`` and ``story`` are what its links tell."""

    cell: Any
    head: Any
    line: int
    id: str | None
    depth: int | None
    parent: str | None
    story: str | None
    evidence: Evidence | None = None


@dataclass(slots=True)
class _Parts:
    """What a page shows, in its order, and the address of its next page ("" if there is none)."""

    stories: list[_Story] = field(default_factory=list)
    comments: list[_Comment] = field(default_factory=list)
    more: str = ""

    @property
    def head(self) -> _Story | _Comment | None:
        """What the page is about: the one story, or the one comment that stands above all others."""
        if len(self.stories) == 1 and not self.stories[0].numbered:
            return self.stories[0]
        outside = [comment for comment in self.comments if comment.depth is None]
        alone = not self.stories and len(outside) == 1 and outside[0] is self.comments[0]
        return outside[0] if alone else None


def _parts(page: SavedPage, name: str) -> _Parts:
    parts = _Parts()
    option: _Option | None = None
    for cell in page.tree.iter("td"):
        kinds = [] if _is_deep(cell) else classes(cell)
        if "title" in kinds:
            _add_title(cell, parts)
        elif "subtext" in kinds and parts.stories:
            parts.stories[-1].facts = cell
        elif "comment" in kinds and parts.stories:
            option = _Option(cell, _line(cell), _own_id(cell))
            parts.stories[-1].options.append(option)
        elif "default" in kinds and option:
            option.score, option.id = _points(cell), option.id or _id_inside(cell)
            option = None
        elif "default" in kinds and (head := next(of_class(cell, "comhead"), None)) is not None:
            parts.comments.append(_comment(cell, head))
    return parts


def _is_deep(cell: Any) -> bool:
    """Whether a cell stands deeper than any of a page's own; looking into each of many takes too long."""
    return next(islice(cell.iterancestors(), _DEEPEST, None), None) is not None


def _add_title(cell: Any, parts: _Parts) -> None:
    """A cell of this class has a title, the number of one in a list, or the link to more."""
    text = text_of(cell)
    link = _title_link(cell)
    if link is not None and text == "More" and link.get("href"):
        parts.more = link.get("href")
    elif link is not None or text in _GONE:
        first = cell.getparent()[0]
        numbered = first is not cell and "title" in classes(first) and bool(text_of(first))
        parts.stories.append(_Story(cell, _line(cell), _own_id(cell), numbered))


def _title_link(cell: Any) -> Any:
    """The link that is a title: the first that is not in the name of a site."""
    return next((one for one in cell.iter("a") if "comhead" not in classes(one.getparent())), None)


def _comment(cell: Any, head: Any) -> _Comment:
    links = [(text_of(link), link.get("href") or "") for link in head.iter("a")]
    stated = (href for text, href in links if text == "parent")
    on = (link.get("href") or "" for one in of_class(head, "storyon", "onstory") for link in one.iter("a"))
    story = next(on, "") or (links[-1][1] if links and "on:" in _outside_links(head) else "")
    return _Comment(
        cell,
        head,
        _line(cell),
        _own_id(cell) or _linked_id(links),
        _depth(cell),
        parent=_target(next(stated, "")),
        story=_item(story),
    )


def _line(element: Any) -> int:
    return max(1, element.sourceline or 1)


def _own_id(cell: Any) -> str | None:
    """The id on a cell's row, or on the row around that one's table; else that of its arrows, or in it."""
    for above, _ in zip(cell.iterancestors("tr"), range(2), strict=False):
        if "athing" in classes(above) and (match := _ID.fullmatch(above.get("id") or "")):
            return match[1]
    before = cell.getprevious()
    return (None if before is None else _id_inside(before)) or _id_inside(cell)


def _id_inside(element: Any) -> str | None:
    ids = (_ID.fullmatch(one.get("id") or "") for one in element.iterdescendants())
    return next((match[1] for match in ids if match), None)


def _linked_id(links: list[tuple[str, str]]) -> str | None:
    """The id that a comment's age, or the word "link", leads to."""
    own = (href for text, href in links if text == "link" or _AGE.fullmatch(text))
    return _item(next(own, ""))


def _item(href: str) -> str | None:
    match = _ITEM.search(href)
    return match[1] if match else None


def _target(href: str) -> str | None:
    """The item that a link to a parent leads to: the place on the page where it names one."""
    match = _HASH.search(href)
    return match[1] if match else _item(href)


def _depth(cell: Any) -> int | None:
    """How deep a comment stands in its tree: stated since 2022, 40 pixels a level ever since."""
    first = cell.getparent()[0]
    stated = first.get("indent") or ""
    if _SPACER.fullmatch(stated):
        return int(stated)
    image = first.find("img")
    width = (image.get("width") or "") if image is not None else ""
    return int(width) // 40 if _SPACER.fullmatch(width) else None


def _outside_links(element: Any) -> str:
    """The text of an element that is in no link: what Hacker News itself says there."""
    return " ".join(element.xpath(".//text()[not(ancestor::a)]"))


def _points(element: Any) -> int | None:
    match = _POINTS.search(text_of(element))
    return int(match[1]) if match else None


# ---- where they stand


@dataclass(frozen=True, slots=True)
class _Place:
    """What a page is about: its thread's story, and what its outermost comments answer."""

    story: str | None
    top: str | None


def _place(page: SavedPage, parts: _Parts, head: _Story | _Comment | None) -> _Place:
    if isinstance(head, _Comment):
        return _Place(head.story, head.id)
    address = _address(page)
    if isinstance(head, _Story):
        id = _story_id(head) or _item(address)
        return _Place(id, id)
    tree = [one for one in parts.comments if one.depth is not None]
    first = next((one for one in tree if one.depth == 0), tree[0] if tree else None)
    if first is None or first.story or (first.parent and first.depth == 0) or parts.stories:
        return _Place(None, None)
    if item := _item(address):
        return _Place(None, item)
    number = _FNID.search(address)
    id = provisional_id(NAME, number[1] if number else first.id)
    return _Place(id, id)


def _address(page: SavedPage) -> str:
    """Where a page was served, by its own word or because links to log in or vote lead back to it."""
    if page.address:
        return page.address
    for link in page.tree.iter("a"):
        if match := _GOTO.search(link.get("href") or ""):
            return unquote(match[1])
    return ""


def _arrange(comments: Sequence[_Comment], place: _Place) -> dict[str, list[str]]:
    """Gives comments the parents that their depths tell; returns the children in their displayed order."""
    children: dict[str, list[str]] = defaultdict(list)
    path: list[tuple[int, str | None, bool]] = []  # depth, id, whether the next depth surely answers it
    story = place.story
    for one in comments:
        if one.depth is None:
            continue
        while path and path[-1][0] >= one.depth:
            path.pop()
        above, parent, sure = path[-1] if path else (-1, place.top, True)
        sure = sure and above == one.depth - 1
        if not path:
            story = one.story or place.story
        if not path and not sure:  # the page begins inside of a thread
            parent = None
        path.append((one.depth, one.id or parent, bool(one.id)))
        one.story = one.story or story
        if one.parent is None and parent and not sure:
            one.evidence = Evidence.THREAD
        one.parent = one.parent or parent
        if one.id and parent and one.parent == parent and sure:
            children[parent].append(one.id)
    return children


# ---- what they say


def _records(page: SavedPage, parts: _Parts, name: str) -> Iterator[Record | Problem]:
    head = parts.head
    place = _place(page, parts, head)
    children = _arrange(parts.comments, place)
    if place.story and is_provisional(place.story):
        yield Problem(Origin(name, 1), "a page of more comments that does not say of which story")
    for story in parts.stories:
        id = _story_id(story) or (place.story if story is head else None)
        text = _top_text(story) if story is head else None
        yield from _told(story, id, text, page, Origin(name, story.line), children.get(id or "", ()))
    for comment in parts.comments:
        origin = Origin(name, comment.line)
        if comment.id:
            yield _reply(comment, comment.id, page, origin, children.get(comment.id, ()))
        else:
            reason = "a removed comment without an id; skipped, its replies are kept"
            yield Problem(origin, reason, skipped=True)
    yield from _next_page(parts, name)


def _next_page(parts: _Parts, name: str) -> Iterator[Record]:
    """Pages of more comments did not name their story until 2014: a comment of the page before ties them."""
    last = next((one for one in reversed(parts.comments) if one.id), None)
    if last and last.id and (more := _FNID.search(parts.more)):
        yield Record(Origin(name, last.line), last.id, Kind.COMMENT, thread=provisional_id(NAME, more[1]))


def _story_id(story: _Story) -> str | None:
    """The id on a story's row, or what links to itself."""
    if story.id or story.facts is None:
        return story.id
    links = (_item(link.get("href") or "") for cell in (story.facts, story.title) for link in cell.iter("a"))
    return _id_inside(story.facts) or next(filter(None, links), None)


def _told(
    story: _Story,
    id: str | None,
    text: str | None,
    page: SavedPage,
    origin: Origin,
    replies: Sequence[str],
) -> Iterator[Record | Problem]:
    """A story, then the choices of a poll."""
    if id is None:
        yield Problem(origin, "a story or job without an id; skipped", skipped=True)
        return
    link, facts = _title_link(story.title), story.facts
    site = next(of_class(story.title, "sitestr"), None)
    if site is None:
        site = next(of_class(story.title, "comhead"), None)
    author = _author(facts) if facts is not None else None
    created = _moment(facts, page.captured) if facts is not None else None
    score = _points(facts) if facts is not None else None
    url = plain_address(link.get("href")) if link is not None else None
    is_job = not author and score is None and link is not None and created is not None
    yield Record(
        origin,
        id,
        Kind.POLL if story.options else Kind.JOB if is_job else Kind.STORY,
        author=author,
        created=created,
        title=text_of(link) or None,
        url=None if url and _item(url) == id else url,
        domain=text_of(site).strip("() ") or None,
        body=text,
        dialect=Dialect.HN,
        score=score,
        state=_marked(_outside_links(story.title)) if link is not None else _GONE[text_of(story.title)],
        captured=page.captured,
        replies=tuple(dict.fromkeys(replies)),
        ranked=bool(replies),
    )
    for option in story.options:
        yield _choice(option, id, page, origin)


def _choice(option: _Option, poll: str, page: SavedPage, origin: Origin) -> Record | Problem:
    if option.id is None:
        return Problem(origin, f"a choice of poll {poll} without an id; skipped", skipped=True)
    return Record(
        Origin(origin.file, option.line),
        option.id,
        Kind.POLLOPT,
        parent=poll,
        body=body_of(option.text) if text_of(option.text) not in _GONE else None,
        dialect=Dialect.HN,
        score=option.score,
        state=_GONE.get(text_of(option.text), State.LIVE),
        captured=page.captured,
    )


def _top_text(story: _Story) -> str | None:
    """A story's own text: in its box since 2022, before that in a row without a class below its facts."""
    table = next(story.title.iterancestors("table"), None)
    if table is None or story.facts is None:
        return None
    if (box := next(of_class(table, "toptext"), None)) is not None:
        return body_of(box)
    for row in story.facts.getparent().itersiblings("tr"):
        cell = row[-1] if len(row) else None
        if cell is None or cell.find(".//table") is not None:
            continue
        if cell.find(".//form") is not None or classes(cell):
            return None
        if text := body_of(cell):
            return text
    return None


def _reply(comment: _Comment, id: str, page: SavedPage, origin: Origin, replies: Sequence[str]) -> Record:
    author = _author(comment.head)
    box = next(of_class(comment.cell, "commtext"), None)
    if box is None:
        box = next(of_class(comment.cell, "comment"), None)
    body = body_of(box) if box is not None else None
    gone = body in _GONE and not author
    parent = comment.parent if comment.parent != id else None
    return Record(
        origin,
        id,
        Kind.COMMENT,
        parent=parent,
        thread=comment.story if comment.story != id else None,
        author=author,
        created=_moment(comment.head, page.captured),
        body=None if gone else body,
        dialect=Dialect.HN,
        state=_GONE[body or ""] if gone else _marked(_outside_links(comment.head)),
        captured=page.captured,
        replies=tuple(dict.fromkeys(replies)),
        ranked=bool(replies),
        evidence=comment.evidence if parent else None,
    )


def _marked(marks: str) -> State:
    """What an item is that can be seen, by the marks beside it."""
    return State.DELETED if "[deleted]" in marks else State.DEAD if "[dead]" in marks else State.LIVE


def _author(element: Any) -> str | None:
    names = (_USER.search(link.get("href") or "") for link in element.iter("a"))
    return next((hn_name(clean_name(unquote(match[1]))) for match in names if match), None)


def _moment(element: Any, captured: int | None) -> Moment | None:
    """When an item was posted: exactly since 2022, to the second since 2019, before that as its age."""
    age = next(of_class(element, "age"), None)
    stated = (age.get("title") or "").split() if age is not None else []
    if len(stated) == 2 and stated[1].isdecimal() and len(stated[1]) < 13 and int(stated[1]) <= LAST_SECOND:
        return Moment(int(stated[1]))
    if stated and (moment := iso_moment(stated[0])):
        return moment
    match = _AGE.search(text_of(element if age is None else age))
    return shown_moment(match[0], captured) if match else None
