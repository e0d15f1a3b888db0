"""What feed readers read: the newest threads (Atom and JSON Feed), and the newest of an author or a thread.

An item is written once, as an Atom entry (``Post``), which goes into the feeds of its author and its thread.
Ids of entries look at nothing but the item, so that they stay when a site moves. Dates are those of the
content; what has no date is in no feed, because Atom cannot say that. Escaping is markupsafe's; entries are
joined, not built as trees, because there are as many as comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from markupsafe import escape

from hnsite import urls
from hnsite.config import Config
from hnsite.markup import visible
from hnsite.model import Comment, Moment, State, Summary, Thread, author_text, listed_name
from hnsite.pages.card import PLACED, Cards, Far, join, own_page, parted
from hnsite.pages.slot import escaped
from hnsite.pages.story import thread_title
from hnsite.pages.when import instant, latest

NEWEST = 50
"""Entries of a feed."""
_ATOM = "http://www.w3.org/2005/Atom"
_THREADING = "http://purl.org/syndication/thread/1.0"  # RFC 4685
_JSON_FEED = "https://jsonfeed.org/version/1.1"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_XML_ASCII = bytes([*range(9), 11, 12, *range(14, 32)])
_NO_DATE = 0


class Post(NamedTuple):
    """An item as an Atom entry, and when it last changed (seconds, UTC)."""

    updated: int
    entry: str


class _Links(NamedTuple):
    """How an entry leads to items and authors, safe in XML and HTML. ``top`` is the site's address, or the
    way up to its top."""

    top: str
    far: Far
    withheld: Collection[str] = ()
    """Ids of items to whose sources nothing may lead."""

    def id(self, id: str) -> str:
        return permanent_id(id, is_withheld=id in self.withheld)

    def item(self, name: str) -> str:
        return self.top + self.far(name).removeprefix("../")


def _links(far: Far, config: Config, top: str = "") -> _Links:
    return _Links(escape(config.full_url("")) or top, far)


def permanent_id(id: str, *, is_withheld: bool = False) -> str:
    """What feeds call an item for ever: its address on Hacker News, or else a UUID made from its id."""
    return urls.HN_ITEM + id if urls.is_hn(id) and not is_withheld else _uuid(f"item/{id}")


def posts(thread: Thread, cards: Cards, config: Config) -> dict[str, Post]:
    """The entries of those items of a thread that have a date and anything to show, by id."""
    items = (thread.root, *thread.comments)
    withheld = {item.id for item in items if item.is_withheld}
    links = _links(cards.far, config, "../")._replace(withheld=withheld)
    title = escaped(thread_title(thread))
    found: dict[str, Post] = {}
    for item in items:
        updated = latest(item.created, item.edited)
        if updated and item.held and not _is_left_out(item):
            heading = title if item is thread.root else f"{_name(item.author) or 'A comment'} on {title}"
            found[item.id] = Post(updated, _entry(item, heading, cards, links, updated))
    return found


def _is_left_out(item: Comment) -> bool:
    return item.noindex or (item.state in (State.DELETED, State.REMOVED) and not item.body)


def opening(root: Comment, cards: Cards, config: Config) -> str:
    """What feeds of threads show of a story: where it links to, and its text."""
    return _content(root, cards, _links(cards.far, config))


def _entry(item: Comment, heading: str, cards: Cards, links: _Links, updated: int) -> str:
    parent = item.parent if item.evidence in PLACED else None
    is_told = urls.is_hn(item.id) or item.is_withheld  # Hacker News's address is the id
    source = None if is_told else urls.web_url(item.original)
    return _xml(
        f"<entry>\n<id>{links.id(item.id)}</id>\n"
        f"<title>{heading}{_STATES[item.state]}</title>\n"
        f"<updated>{instant(updated)}</updated>\n"
        f"{_published(item.created)}"
        f"{_author(item.author, links.top) if item.author else ''}"
        f'<link href="{links.item(urls.anchor(item.id))}"/>\n'
        f"{_via(source) if source else ''}"
        f"{_in_reply_to(parent, links) if parent else ''}"
        f"{_html(_content(item, cards, links))}"
        "</entry>\n"
    )


_STATES = {State.LIVE: "", State.DEAD: " [dead]", State.DELETED: " [deleted]", State.REMOVED: ""}


def _published(created: Moment | None) -> str:
    """When an item was written; nothing where that is only roughly known, as Atom has seconds only."""
    if created is None or created.epoch is None or created.words or created.unit not in ("second", "minute"):
        return ""
    return f"<published>{instant(created.epoch)}</published>\n"


@lru_cache(1 << 12)  # a thread names its authors many times
def _name(author: str | None) -> str:
    return escaped(author_text(author))


@lru_cache(1 << 12)
def _author(author: str, top: str) -> str:
    return _person(author_text(author), top + urls.author_path(author))


def _person(name: str, url: str) -> str:
    return f"<author><name>{escaped(name)}</name><uri>{url}</uri></author>\n"


def _via(source: str) -> str:
    return f'<link rel="via" href="{escaped(source)}"/>\n'


def _in_reply_to(parent: str, links: _Links) -> str:
    return f'<thr:in-reply-to ref="{links.id(parent)}" href="{links.item(urls.anchor(parent))}"/>\n'


def _content(item: Comment, cards: Cards, links: _Links) -> str:
    """An item's safe HTML, with what its card says of one that is not there any more."""
    text = cards.bodies.get(item.id, "")
    if "\x02" in text:
        text = join(parted(text), frozenset(), far=links.item)
    if text and item.state is State.DEAD:
        text = f"<details><summary>[dead] show the text</summary>{text}</details>"
    elif text and item.state is State.DELETED:
        text = f"<p>[deleted] the last known text:</p>{text}"
    url = urls.web_url(item.url)
    return f'<p><a href="{escaped(url)}">{escaped(item.domain or url)}</a></p>{text}' if url else text


def _html(content: str) -> str:
    return f'<content type="html">{escape(content)}</content>\n' if content else ""


# Whole feeds


def author_feed(author: str, newest: Iterable[Post], config: Config) -> bytes:
    """The newest that an author wrote, newest first."""
    name, path = listed_name(author), urls.author_feed_path(author)
    page = _address(urls.author_path(author), path, config)
    return _feed(path, f"{name} · {config.title}", page, _person(name, escape(page)), [*newest], config)


def thread_feed(thread: Thread, posts: Mapping[str, Post], config: Config) -> bytes:
    """The newest of a thread, newest first."""
    path = urls.thread_feed_path(thread.id)
    page = _address(urls.item_path(thread.id), path, config)
    order = {
        item.id: (latest(item.created), urls.id_key(item.id)) for item in (thread.root, *thread.comments)
    }
    newest = sorted(posts, key=order.__getitem__, reverse=True)[:NEWEST]
    title = f"{thread_title(thread)} · {config.title}"
    return _feed(path, title, page, _archive(config), [posts[id] for id in newest], config)


def site_feed(threads: Sequence[Summary], config: Config) -> bytes:
    """The newest threads, newest first."""
    page = config.full_url("") or urls.FRONT_PATH
    posts = [Post(one.newest, _thread_entry(one, config)) for one in threads]
    return _feed(urls.FEED_PATH, config.title, page, _archive(config), posts, config, config.description)


def _archive(config: Config) -> str:
    """Whose feed it is that many wrote in: an entry without an author would else be somebody's."""
    return f"<author><name>{escaped(config.title or 'hnsite')}</name></author>\n"


def _feed(
    path: str,
    title: str,
    page: str,
    author: str,
    posts: Sequence[Post],
    config: Config,
    subtitle: str = "",
) -> bytes:
    own = _address(path, path, config)
    updated = max((post.updated for post in posts), default=_NO_DATE)
    head = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="{_ATOM}" xmlns:thr="{_THREADING}">\n',
        "<generator>hnsite</generator>\n",
        f"<id>{escape(own if config.base_url else _uuid(f'{config.title}/{path}'))}</id>\n",
        f"<title>{escaped(title)}</title>\n",
        f"<subtitle>{escaped(subtitle)}</subtitle>\n" if subtitle else "",
        f"<updated>{instant(updated)}</updated>\n",
        author,
        f'<link rel="self" type="application/atom+xml" href="{escape(own)}"/>\n',
        f'<link rel="alternate" type="text/html" href="{escape(page)}"/>\n',
    )
    entries = [post.entry for post in posts]
    return "".join([_xml("".join(head)), *entries, "</feed>\n"]).encode("utf-8", "replace")


def _thread_entry(one: Summary, config: Config) -> str:
    links = _links(own_page, config)
    page = links.item(urls.anchor(one.id))
    pieces = (
        f"<entry>\n<id>{permanent_id(one.id, is_withheld=one.is_withheld)}</id>\n",
        f"<title>{escaped(one.title + _STATES[one.state])}</title>\n",
        f"<updated>{instant(one.newest)}</updated>\n",
        _published(one.created),
        _person(listed_name(one.author), links.top + urls.author_path(one.author)) if one.author else "",
        f'<link href="{page}"/>\n',
        f'<link rel="related" href="{escaped(one.url)}"/>\n' if one.url else "",
        f'<link rel="replies" type="text/html" href="{page}" thr:count="{one.comments}"/>\n',
        _html(_summed_up(one, page)),
        "</entry>\n",
    )
    return _xml("".join(pieces))


def _summed_up(one: Summary, page: str) -> str:
    """A thread's HTML: the story, and how much was said of it."""
    comments = f"{one.comments} comment{'' if one.comments == 1 else 's'}"
    points = "" if one.score is None else f", {one.score} point{'' if one.score == 1 else 's'}"
    return f'{one.text}<p><a href="{page}">{comments}</a>{points}</p>'


def json_feed(threads: Sequence[Summary], config: Config) -> bytes:
    """The newest threads, newest first, as a JSON Feed. Addresses in it are full ones, or left out."""
    feed = {
        "version": _JSON_FEED,
        "_hnsite": {"about": "made by hnsite"},
        "title": _plain(config.title),
        "description": _plain(config.description),
        "home_page_url": config.full_url(""),
        "feed_url": config.full_url(urls.JSON_FEED_PATH),
        "items": [_json_item(one, config) for one in threads],
    }
    text = json.dumps(_known(feed), ensure_ascii=False, indent=1)
    return f"{text}\n".encode("utf-8", "replace")


def _json_item(one: Summary, config: Config) -> dict[str, object]:
    page = _links(own_page, config).item(urls.anchor(one.id))
    exact = _published(one.created)
    author = {
        "name": _plain(listed_name(one.author or "")),
        "url": config.full_url(urls.author_path(one.author)) if one.author else "",
    }
    item = {
        "id": permanent_id(one.id, is_withheld=one.is_withheld),
        "url": config.full_url(urls.item_path(one.id)),
        "external_url": one.url,
        "title": _plain(one.title + _STATES[one.state]),
        "content_html": _xml(_summed_up(one, page)),
        "date_published": instant(one.created.epoch) if exact and one.created and one.created.epoch else "",
        "date_modified": instant(one.newest),
        "authors": [_known(author)] if one.author else [],
    }
    return _known(item)


def _known(told: Mapping[str, object]) -> dict[str, object]:
    """Without what is empty, but for a title and a list of items, which every feed has."""
    return {name: value for name, value in told.items() if value or name in ("items", "title")}


# Text and addresses


def _address(path: str, feed_path: str, config: Config) -> str:
    """A full address where the site has one, else the way from the feed."""
    return config.full_url(path) or urls.relative(path, feed_path)


def _uuid(name: str) -> str:
    return uuid5(NAMESPACE_URL, f"hnsite:{_plain(name)}").urn


def _plain(text: str) -> str:
    """Text that can be written and seen."""
    return _xml(visible(text)).encode("utf-8", "replace").decode("utf-8")


def _xml(text: str) -> str:
    """Without the characters that no XML may hold."""
    if text.isascii():
        return text.encode().translate(None, _NOT_XML_ASCII).decode()  # several times faster than a pattern
    return _NOT_XML.sub("", text)
