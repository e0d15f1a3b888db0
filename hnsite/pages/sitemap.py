"""What search engines read: sitemap.xml, which may be parted, and robots.txt, with full addresses.

``lastmod`` is when something of what a page shows was written or edited last. Where no date is known there
is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import escape

from hnsite import urls
from hnsite.config import Config
from hnsite.model import Comment, Page, Thread
from hnsite.pages.permalink import PermalinkView
from hnsite.pages.thread import ThreadView
from hnsite.pages.when import instant, latest

MOST = 50_000
"""Addresses in a file, as sitemaps.org has it."""
LARGEST = 50_000_000
"""Bytes of a file."""
_AROUND = 400
"""Bytes that an address takes at most besides the site's own."""
_FARTHEST = 1 << 63
"""Numbers of threads are below it, and from its negative on: the manifest keeps 64 bits."""
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- generator: hnsite -->\n'
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"

Dated = tuple[str, int]
"""The path of a page, and when anything on it was last written (seconds, UTC); 0 where no date is known."""


def listed(page: Page, newest: int) -> list[Dated]:
    """What the sitemap lists of a page of a thread or comment: neither what is another page in another order,
    nor what shows that an item is missing, nor what search engines are to leave out."""
    view = page.view
    if isinstance(view, ThreadView | PermalinkView) and view.chrome.noindex:
        return []
    is_double = isinstance(view, ThreadView) and view.by_time
    is_missing = isinstance(view, PermalinkView) and not view.held
    return [] if is_double or is_missing else [(page.path, newest)]


def newest_below(thread: Thread) -> dict[str, int]:
    """When an item, or anything below it, was written or edited last, by id; 0 where that is not known."""
    found: dict[str, int] = {}
    for one in (*reversed(thread.comments), thread.root):  # each after its replies
        newest = max(_latest(one), found.get(one.id, 0))
        found[one.id] = newest
        if one.parent and newest > found.get(one.parent, 0):
            found[one.parent] = newest
    return found


def _latest(item: Comment) -> int:
    return latest(item.created, item.edited)


def most(config: Config) -> int:
    """How many addresses a file can hold."""
    return min(MOST, LARGEST // (len(config.base_url.encode()) * 6 + _AROUND))


def ranges(sizes: Sequence[tuple[int, int]], most: int) -> Iterator[range]:
    """Ranges of numbers that have up to so many pages in all, or one number; ``sizes`` are (number, pages).

    They are halves of halves, so that what comes or goes changes the range it stands in and no other.
    """
    if not sizes:
        return
    bound = min(1 << max(abs(number) + 1 for number, _ in sizes).bit_length(), _FARTHEST)
    waiting = [(range(-bound, bound), sizes)]
    while waiting:
        span, own = waiting.pop()
        if size(span) == 1 or sum(pages for _, pages in own) <= most:
            yield span
            continue
        half = span.start + size(span) // 2
        low = [one for one in own if one[0] < half]
        high = own[len(low) :]
        parts = ((range(half, span.stop), high), (range(span.start, half), low))
        waiting += [part for part in parts if part[1]]


def size(span: range) -> int:
    """How many numbers are in it; ``len`` gives up where they are more than a machine's word counts."""
    return span.stop - span.start


def urlset(pages: Iterable[Dated], config: Config) -> bytes:
    """A sitemap, or a part of one. Paths need no escaping: ``urls`` makes them so."""
    start = f"<url><loc>{escape(urls.ascii_url(config.full_url('')))}"
    lines = [
        f"{start}{path}</loc><lastmod>{instant(newest)}</lastmod></url>\n"
        if newest
        else f"{start}{path}</loc></url>\n"
        for path, newest in pages
    ]
    return _whole("urlset", lines)


def index(parts: Iterable[Dated], config: Config) -> bytes:
    """The sitemap of a site that has more than one: where the parts are."""
    start = f"<sitemap><loc>{escape(urls.ascii_url(config.full_url('')))}"
    return _whole(
        "sitemapindex",
        [
            f"{start}{path}</loc>"
            + (f"<lastmod>{instant(newest)}</lastmod>" if newest else "")
            + "</sitemap>\n"
            for path, newest in parts
        ],
    )


def _whole(name: str, lines: Iterable[str]) -> bytes:
    return f'{_XML}<{name} xmlns="{_SCHEMA}">\n{"".join(lines)}</{name}>\n'.encode()


def robots(config: Config) -> bytes:
    """robots.txt: everybody may read everything."""
    sitemap = config.full_url(urls.SITEMAP_PATH)
    more = f"\nSitemap: {urls.ascii_url(sitemap)}\n" if sitemap else ""
    return f"# generator: hnsite\nUser-agent: *\nAllow: /\n{more}".encode()
