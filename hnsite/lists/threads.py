"""Pages of many threads: the front page and its sorts, days, sites, and the calendar."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from hashlib import blake2b

from markupsafe import Markup

from hnsite.ledger import COMMENTS, DAY, FRONT, SCORE, SITE, Ledger, List, summaries
from hnsite.lists.notes import introduction
from hnsite.model import Page, Summary
from hnsite.pages import day, days, front, plot, site, top
from hnsite.pages.days import Count
from hnsite.pages.plot import Plot
from hnsite.pages.threads import SIZE, Facts, dates, full_pages, leads_as_before, span
from hnsite.plan import Plan
from hnsite.tools import Tools
from hnsite.urls import front_path, top_path, year_path


def site_pages(plan: Plan, tools: Tools) -> Generator[Page | str, None, bytes]:
    """The front page, its sorts and the calendar; of pages that stay as they are the path only.

    Returns what the next build is to know: a digest of what each page of the sorts shows.
    """
    yield from _front(plan, tools)
    digests: dict[str, str] = {}
    for order in (COMMENTS, SCORE):
        digests |= yield from _top(order, plan, tools)
    yield from _days(plan, tools)
    return json.dumps(digests).encode()


def render_list(tools: Tools, one: List) -> None:
    """The pages of a day or of a site that are to be made again, staged."""
    if not one.threads:
        return
    ledger = tools.manifest.ledger
    is_stale = _staleness(ledger, one, is_whole=one.is_whole)
    for number in range(full_pages(one.threads) + 1):
        if is_stale(number):
            shown = ledger.threads(*span(number, one.threads), one.kind, one.name)
            page = _list_page(tools, one, number, shown)
            tools.output.stage(page.path, tools.theme.render(page))


def _staleness(ledger: Ledger, one: List, *, is_whole: bool) -> Callable[[int], bool]:
    """What tells whether a page of a list is to be made again; all are if the list ``is_whole``."""
    moved, places = (0, set[int]()) if is_whole else ledger.changed(one.kind, one.name)

    def is_stale(number: int) -> bool:
        first, last = span(number, one.threads)
        return (
            number == 0
            or not leads_as_before(number, one.before, one.threads)
            or (moved is not None and last > moved)
            or any(first <= place < last for place in places)
        )

    return is_stale


def _list_page(tools: Tools, one: List, number: int, shown: Iterable[Summary]) -> Page:
    ledger, config = tools.manifest.ledger, tools.config
    if one.kind == DAY:
        near = (None, None) if number else ledger.neighbours(one.name)
        return day.page(one.name, number, shown, Facts(one.threads, one.comments), near, config)
    span = (None, None) if number else dates(*ledger.dates(SITE, one.name))
    return site.page(one.name, number, shown, Facts(one.threads, one.comments, *span), config)


def _front(plan: Plan, tools: Tools) -> Iterator[Page | str]:
    ledger = tools.manifest.ledger
    every = ledger.get(FRONT)
    is_stale = _staleness(ledger, every, is_whole=plan.is_all or every.is_whole)
    yield _front_page(tools, every.threads, introduction(plan, tools))
    for number in range(1, full_pages(every.threads) + 1):
        path = front_path(number)
        if is_stale(number) or plan.is_lost(path):
            shown = ledger.threads(*span(number, every.threads))
            yield front.page(number, shown, every.threads, tools.config)
        else:
            yield path


def _front_page(tools: Tools, total: int, intro: Markup | None) -> Page:
    manifest, ledger = tools.manifest, tools.manifest.ledger
    totals = manifest.totals()
    days = ledger.span() or (None, None)
    facts = Facts(totals.threads, totals.comments, *dates(*days))
    shown = ledger.threads(*span(0, total))
    return front.page(0, shown, total, tools.config, facts, totals.authors, _activity(ledger), intro)


def _activity(ledger: Ledger) -> Plot | None:
    """The plot of how much was written when."""
    span = ledger.span()
    if span is None:
        return None
    letters = plot.letters_of(*span)
    return plot.plot(ledger.activity(letters), letters, has_spots=True)


def _top(order: str, plan: Plan, tools: Tools) -> Generator[Page | str, None, dict[str, str]]:
    """One of the sorts. Each page is known by a digest, which is returned: a thread that rises or falls moves
    all between."""
    manifest = tools.manifest
    kept = manifest.ledger.top(order, top.MOST)
    noted = {} if manifest.is_cut_short() else json.loads(manifest.fact("tops") or b"{}")
    digests: dict[str, str] = {}
    for number, shown, digest in _top_parts(kept):
        path = top_path(order, number)
        digests[path] = digest
        if plan.is_all or noted.get(path) != digest or plan.is_lost(path):
            yield top.page(order, number, len(kept), summaries(shown), tools.config)
        else:
            yield path
    return digests


def _top_parts(kept: Sequence[bytes]) -> Iterator[tuple[int, Sequence[bytes], str]]:
    """(number, threads, digest of what is shown) of each page."""
    pages = top.count_pages(len(kept))
    for number in range(1, pages + 1):
        shown = kept[(number - 1) * SIZE : number * SIZE]
        digest = blake2b(b"".join(shown), digest_size=8, salt=pages.to_bytes(2)).hexdigest()
        yield number, shown, f"{digest} {len(kept) >= top.MOST}"


def _days(plan: Plan, tools: Tools) -> Iterator[Page | str]:
    """The calendar. Of the years those are made again in which a day changed, or one around it."""
    ledger, config = tools.manifest.ledger, tools.config
    months = [Count(*row) for row in ledger.months()]
    shown = map(Count._make, ledger.days()) if len(months) <= days.FEW else ()
    undated = ledger.get(FRONT).threads - sum(one.threads for one in months)
    yield days.page(months, shown, undated, config)
    years = sorted({one.date[:4] for one in months})
    stale = {one.name[:4] for one in ledger.stale_lists() if one.kind == DAY}
    for year in years:
        if plan.is_all or year in stale or plan.is_lost(year_path(year)):
            yield days.year_page(year, years, map(Count._make, ledger.days(year)), config)
        else:
            yield year_path(year)
