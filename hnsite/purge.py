"""What rules cover of what the dumps say -> the addresses where it was shown, or may have been, for whoever
empties caches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hnsite import urls
from hnsite.catalog import Catalog
from hnsite.config import Config
from hnsite.erasing import Erased, touches
from hnsite.link import threads
from hnsite.merge import merge
from hnsite.model import Comment, Record, Thread
from hnsite.pages import author
from hnsite.pages import thread as thread_pages
from hnsite.pages.when import day_of
from hnsite.postings import thread_number
from hnsite.redact import Covered, erased_in, source_of

_LISTS = (
    *("", urls.FRONT_PATH, urls.AUTHORS_PATH, urls.LEADERS_PATH, urls.SITES_PATH, urls.LINKED_PATH),
    *(urls.DAYS_PATH, "active.html", "best.html"),
)


def addresses(config: Config, covered: Covered, catalog: Catalog, there: Sequence[str]) -> list[str]:
    """All of them, as paths, in order; those with numbers that nobody knows any more as far as they are among
    the files that are there."""
    return sorted(_Addresses(config, covered, catalog, there).paths())


class _Addresses:
    """The addresses of what showed something that must not be read, or may have."""

    def __init__(self, config: Config, covered: Covered, catalog: Catalog, there: Sequence[str]) -> None:
        self._config = config
        self._there = there
        self._covered = covered
        self._catalog = catalog
        self._hidden = {
            *covered.removed,
            *covered.anonymised,
            *covered.dropped,
            *covered.masks,
            *covered.near,
        }
        self._found: set[str] = set()
        self._prefixes: set[str] = set()
        self._wrote: dict[str, int] = {}
        self._authors: set[str] = set(covered.authors)

    def paths(self) -> set[str]:
        joins = self._catalog.joins()
        parts: dict[int, list[int]] = {}
        for one in self._catalog.components():
            parts.setdefault(joins.get(one.component, one.component), []).append(one.component)
        for components in parts.values():
            self._part(self._catalog.load(components))
        for name in self._authors:
            total = max(1, self._wrote.get(name, 1))
            self._found.update(author.paths(name, total, self._config.author_files))
        if self._found:
            self._whole_site()
        return self._found

    def _whole_site(self) -> None:
        config = self._config
        self._found.update(_LISTS)
        if config.feeds != "none":
            self._found.update((urls.FEED_PATH, urls.JSON_FEED_PATH))
        if config.base_url:
            self._found.add(urls.SITEMAP_PATH)
        if config.search:
            self._found.add(urls.INDEX_PATH)
            self._prefixes.update((f"{urls.SEARCH}/words/", f"{urls.SEARCH}/places/"))
        self._prefixes.update(("page/", "active/", "best/", "users/", "sites/", "leaders/", "linked/"))
        if config.api:
            self._prefixes.add(f"{urls.API}/")
        prefixes = tuple(sorted(self._prefixes))
        there = (path for path in self._there if path.startswith(prefixes))
        lists = (path for path in there if not path.startswith(f"{urls.API}/") or path.count("/") == 1)
        self._found.update(lists)

    def _part(self, records: Sequence[Record]) -> None:
        for one in records:
            if one.author:
                self._wrote[one.author] = self._wrote.get(one.author, 0) + 1
        erased = {
            source: erased_in(source, self._covered) for source in {source_of(one.id) for one in records}
        }
        shown = {
            one.id for one in records if one.id in self._hidden or _shows(one, erased[source_of(one.id)])
        }
        if not shown and self._hidden.isdisjoint(id for one in records for id in one.replies):
            return
        by_thread, linked = threads(records)
        shown.update(
            item for record, (item, _) in zip(records, linked.places, strict=True) if record.id in shown
        )
        for old, new in linked.moved.items():
            if new in shown or old in shown:
                self._found.add(urls.item_path(old))
        for root, own in by_thread.items():
            self._thread(merge(own, root, show_deleted=True), shown | self._hidden, own)

    def _thread(self, thread: Thread, shown: set[str], records: Iterable[Record]) -> None:
        items = (thread.root, *thread.options, *thread.comments)
        hit = [one for one in items if one.id in shown]
        if not hit:
            return
        config = self._config
        nested, in_time = (
            len(thread_pages.split(thread.comments)),
            len(thread.comments) // thread_pages.LARGEST + 1,
        )
        self._found.update(urls.item_path(thread.id, page) for page in range(1, nested + 1))
        self._found.update(urls.time_path(thread.id, page) for page in range(1, in_time + 1))
        if config.feeds == "threads":
            self._found.add(urls.thread_feed_path(thread.id))
        if config.search:
            self._prefixes.add(_stem(thread))
        if thread.root.id in shown:
            self._lists(thread.root)
            hit = list(items)
        ids = _with_relatives(hit, thread)
        if config.has_pages:
            self._found.update(map(urls.item_path, ids))
        if config.api:
            self._found.update(map(urls.api_item_path, ids))
        own = {one.id for one in hit}
        said: list[Comment | Record] = [*items, *records]
        self._authors.update(one.author for one in said if one.author and one.id in own)

    def _lists(self, root: Comment) -> None:
        """The lists that tell of a thread."""
        if day := day_of(root.created):
            self._found.update((urls.day_path(day), urls.year_path(day[:4])))
            self._prefixes.add(urls.day_path(day).removesuffix("html"))
        if root.domain:
            self._found.add(urls.site_path(root.domain))
            self._prefixes.add(urls.site_path(root.domain).removesuffix("html"))


def _stem(thread: Thread) -> str:
    """How the files of a thread's texts begin."""
    date = thread.root.created
    is_day = date is not None and date.epoch is not None and date.unit not in ("month", "year")
    day = date.epoch // 86_400 if date and date.epoch is not None and is_day else 0
    return urls.text_path(thread_number(thread.id, day), 0).removesuffix("0.js")


def _with_relatives(hit: Iterable[Comment], thread: Thread) -> set[str]:
    """Items with all above and below them, whose pages show them."""
    found = {one.id for one in hit}
    parents = {one.id: one.parent for one in thread.comments}
    for id in [*found]:
        above = parents.get(id)
        while above is not None and above not in found:
            found.add(above)
            above = parents.get(above)
    below = {one.id for one in hit}
    for one in thread.comments:  # parents come first
        if one.parent in below:
            below.add(one.id)
    return found | below


def _shows(record: Record, erased: Erased) -> bool:
    texts = (record.title, record.body, record.url, record.domain)
    return any(text and touches(text, erased) for text in texts)
