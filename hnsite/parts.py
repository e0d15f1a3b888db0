"""One part of the site: the records of its components -> its threads' pages, staged, and what they leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import repeat

from hnsite.link import threads
from hnsite.manifest import Entry, Made
from hnsite.markup import linked_items
from hnsite.merge import merge
from hnsite.model import Evidence, Kind, Page, Problem, Record, Summary, Thread, is_held
from hnsite.pages import api, feed, find, permalink, redirect, search, sitemap
from hnsite.pages import thread as thread_pages
from hnsite.pages.card import (
    BODY,
    INFERRED,
    PLACED,
    Card,
    Cards,
    Far,
    body_html,
    card_views,
    in_threads,
    join,
    own_page,
    parted,
    raised,
)
from hnsite.pages.feed import Post
from hnsite.pages.quotes import Quotes
from hnsite.pages.sitemap import Dated
from hnsite.pages.story import story_url, story_view, thread_title
from hnsite.pages.tree import folds
from hnsite.pages.when import day_of
from hnsite.redact import redact, shown_moves
from hnsite.tools import Tools
from hnsite.urls import id_key, is_hn, thread_feed_path, web_url


def render_part(tools: Tools, look: bytes, part: int, components: Sequence[int]) -> Made:
    """The pages of one part, staged."""
    known = tools.catalog.together(components)
    records = tools.catalog.load(components)
    by_thread, linked = threads(records)
    made = _Making(tools)
    for thread in shown_threads(tools, by_thread):
        made.thread(thread)
    made.redirects(shown_moves(linked.moved, tools.covered))
    made.problems.extend(linked.problems)
    return Made(
        part=part,
        version=mixed(known.version, look),
        exact=known.exact if made.problems else None,
        paths=made.paths,
        summaries=made.summaries,
        entries=made.entries,
        mentions=made.mentions,
        problems=made.problems,
        inferred=made.inferred,
        unplaced=made.unplaced,
        stubs=made.stubs,
        merged=sum(map(is_held, records)) - made.items,
        posts=made.posts,
        places=made.places,
        texts=made.texts,
        indexed=made.indexed,
    )


def shown_threads(tools: Tools, by_thread: Mapping[str, Sequence[Record]]) -> Iterator[Thread]:
    """The threads of a part as the site shows them, and as an export has them."""
    for root, own in sorted(by_thread.items()):
        thread = merge(own, root, show_deleted=tools.config.deleted == "show")
        if shown := redact(thread, tools.covered):
            yield shown


class _Making:
    """A part while it is made."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.paths: list[str] = []
        self.summaries: list[Summary] = []
        self.entries: list[Entry] = []
        self.mentions: dict[str, bool] = {}
        self.places: list[tuple[int, str]] = []
        self.texts: list[search.Texts] = []
        self.indexed: list[Dated] = []
        self.problems: list[Problem] = []
        self.posts: Counter[str] = Counter()
        self.inferred = self.unplaced = self.stubs = self.items = 0

    def _stage(self, pages: Iterable[Page]) -> None:
        theme = self._tools.theme
        for page in pages:
            self._write(page.path, theme.render(page))

    def _write(self, path: str, content: bytes) -> None:
        self._tools.output.stage(path, content)
        self.paths.append(path)

    def _indexed(self, pages: Iterable[Page], newest: Iterable[int]) -> Iterator[Page]:
        """The pages, noted for the sitemap with their dates."""
        for page, date in zip(pages, newest, strict=False):
            if self._tools.config.base_url:
                self.indexed.extend(sitemap.listed(page, date))
            yield page

    def thread(self, thread: Thread) -> None:
        config = self._tools.config
        cards = self._cards(thread)
        newest = sitemap.newest_below(thread)
        self._stage(self._indexed(thread_pages.pages(thread, cards, config), repeat(newest[thread.id])))
        if config.has_pages:
            dates = (newest[one.id] for one in thread.comments)
            self._stage(self._indexed(permalink.pages(thread, cards, config), dates))
        self._stage(redirect.option_page(option.id, thread.id, config) for option in thread.options)
        if config.search:
            self._search(thread)
        posts = feed.posts(thread, cards, config) if "feed" in config.author_files else {}
        if config.feeds == "threads":
            self._write(thread_feed_path(thread.id), feed.thread_feed(thread, posts, config))
        if config.api:
            for path, content in api.item_files(thread):
                self._write(path, content)
        self.entries.extend(_entries(thread, cards, posts))
        self.problems.extend(thread.problems)
        text = "" if config.feeds == "none" else feed.opening(thread.root, cards, config)
        self._sum_up(thread, newest[thread.id], text)

    def _search(self, thread: Thread) -> None:
        """The texts that search.html shows."""
        texts = search.texts(thread)
        if texts:
            self.texts.append(texts)
            for path, content in search.text_scripts(texts):
                self._write(path, content)

    def redirects(self, moved: Mapping[str, str]) -> None:
        config = self._tools.config
        stories = {summary.id for summary in self.summaries}
        for old, new in sorted(moved.items()):
            if config.has_pages or new in stories:
                self._stage(redirect.pages(old, new, config, is_story=new in stories))

    def _cards(self, thread: Thread) -> Cards:
        """Every item's card, rendered once."""
        theme = self._tools.theme
        items = (thread.root, *thread.options, *thread.comments)
        has_pages = self._tools.config.has_pages
        links = {id for item in items for text in (item.body, item.url) if text for id in linked_items(text)}
        if not has_pages:  # item.html finds numbers only
            links &= {id for id in links if is_hn(id)} | {item.id for item in items}
        held = self._held(links, thread) if links else set()
        quotes = Quotes(thread)
        cards: dict[str, Card] = {}
        bodies: dict[str, str] = {}
        for id, view, texts in card_views(thread, held, quotes, has_pages=has_pages):
            cards[id] = parted(theme.card(view, texts))
            if texts[BODY] and self._tools.config.feeds != "none":
                bodies[id] = texts[BODY]
        far = own_page if has_pages else self._far(thread)
        text = parted(raised(body_html(thread.root, held, quotes), 2))
        url = story_url(thread.root, held, far)
        head = theme.head(story_view(thread, url))
        return Cards(cards, text, head, folds(thread.comments), far, bodies, url)

    def _far(self, thread: Thread) -> Far:
        """How links lead where comments have no pages; notes for item.html where they stand."""
        places = thread_pages.places(thread)
        self.places.extend(find.entries(places))
        return in_threads(thread.id, places)

    def _held(self, links: set[str], thread: Thread) -> set[str]:
        held = self._tools.catalog.held(links)
        self.mentions.update({id: id in held for id in links})
        return held

    def _sum_up(self, thread: Thread, newest: int, text: str) -> None:
        root = thread.root
        held = [comment for comment in thread.comments if comment.held]
        self.summaries.append(
            Summary(
                root.id,
                root.kind,
                root.state,
                thread_title(thread),
                root.domain,
                root.score,
                root.author,
                root.created,
                len(held),
                newest,
                web_url(root.url),
                text,
                thread.noindex,
                root.is_withheld,
            )
        )
        self.posts.update(day for item in (root, *held) if item.held and (day := day_of(item.created)))
        self.inferred += sum(comment.evidence in INFERRED for comment in held)
        self.unplaced += sum(comment.evidence is Evidence.UNKNOWN for comment in held)
        options = sum(option.held for option in thread.options)
        self.stubs += len(thread.comments) - len(held) + (not root.held) + len(thread.options) - options
        self.items += root.held + len(held) + options


def _entries(thread: Thread, cards: Cards, posts: Mapping[str, Post]) -> Iterator[Entry]:
    """What the authors' pages and feeds show of a thread."""
    title = thread_title(thread)
    authors = {item.id: item.author for item in (thread.root, *thread.comments)}
    for item in (thread.root, *thread.comments):
        if item.author and item.held:
            epoch = item.created.epoch if item.created else None
            _, number, _ = id_key(item.id)
            kind = "comment" if item.kind is Kind.COMMENT else "story"
            html = join(cards.by_id[item.id], frozenset(), far=cards.far)
            day = day_of(item.created) or ""
            answered = authors.get(item.parent or "") if item.evidence in PLACED else None
            answers = answered if answered and answered != item.author else ""
            shown = (thread.id, title, html, day, answers, *posts.get(item.id, ()))
            yield Entry(item.author, epoch or 0, number, item.id, kind, *shown)._replace(noindex=item.noindex)


def mixed(version: bytes, look: bytes) -> bytes:
    """The version of a part: of what it is made of, and of all that shapes every page."""
    return blake2b(version + look, digest_size=16).digest()
