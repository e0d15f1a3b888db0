"""The calendar, directories and sorts as views: what they show, and how many pages they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnsite.config import Config
from hnsite.model import Author, Kind, Moment, State, Summary
from hnsite.pages import author, day, days, directory, front, site, top
from hnsite.pages.author import Writing
from hnsite.pages.directory import AUTHORS, SITES, Part
from hnsite.pages.threads import Facts, full_pages

CONFIG = Config(Path())
NOON = 1_731_931_200  # 2024-11-18T12:00:00Z


def summary(id: int, **fields: object) -> Summary:
    known: dict[str, object] = {"domain": "example.com", "score": 3, "author": "ann", "created": Moment(NOON)}
    known |= fields
    return Summary(id=str(id), kind=Kind.STORY, state=State.LIVE, title=f"T{id}", comments=id, **known)  # type: ignore[arg-type]


# ---- the calendar


def calendar(*counts: tuple[str, int, int]) -> days.DaysView:
    months: dict[str, days.Count] = {}
    for date, threads, comments in counts:
        before = months.get(date[:7], days.Count(date[:7], 0, 0))
        months[date[:7]] = days.Count(date[:7], before.threads + threads, before.comments + comments)
    view = days.page(list(months.values()), map(days.Count._make, counts), 0, CONFIG).view
    assert isinstance(view, days.DaysView)
    return view


def test_a_month_is_a_grid_of_weeks_from_monday() -> None:
    (month,) = calendar(("2024-02-01", 1, 0), ("2024-02-29", 2, 700)).months
    assert (month.name, month.anchor) == ("February 2024", "m02-2024")
    assert [[cell.label if cell else "" for cell in week] for week in month.weeks] == [
        ["", "", "", "1", "2", "3", "4"],
        [str(day) for day in range(5, 12)],
        [str(day) for day in range(12, 19)],
        [str(day) for day in range(19, 26)],
        ["26", "27", "28", "29", "", "", ""],
    ]
    linked = [cell for week in month.weeks for cell in week if cell and cell.url]
    assert [(cell.url, cell.level) for cell in linked] == [
        ("front/2024-02-01.html", 1),
        ("front/2024-02-29.html", 5),
    ]


def test_the_years_come_newest_first_with_all_their_months() -> None:
    years = calendar(("1999-12-31", 1, 1), ("2024-02-01", 1, 0), ("2024-02-02", 4, 9)).years
    assert [(year.year, year.threads, len(year.months)) for year in years] == [
        ("2024", 5, 12),
        ("1999", 1, 12),
    ]
    assert [month.url for month in years[0].months if month.level] == ["days/2024.html#m02-2024"]


def test_a_year_leads_to_those_around_it() -> None:
    count = days.Count("2001-05-05", 1, 1)
    page = days.year_page("2001", ["1999", "2001", "2024"], [count], CONFIG)
    assert isinstance(page.view, days.DaysView)
    assert page.path == "days/2001.html"
    assert page.view.before and page.view.before.url == "1999.html"
    assert page.view.after and page.view.after.url == "2024.html"
    assert page.view.months[0].weeks[0][5].url == "../front/2001-05-05.html"  # type: ignore[union-attr]


def test_the_last_month_there_can_be() -> None:
    (month,) = calendar(("9999-12-31", 1, 1)).months
    assert month.weeks[-1][4] is not None


# ---- lines


def test_a_line_leads_to_its_day_and_site_but_not_from_there() -> None:
    facts = Facts(1, 1)
    on_front = front.page(0, [summary(5)], 1, CONFIG, facts).view.threads[0]  # type: ignore[attr-defined]
    assert (on_front.day_url, on_front.site_url) == ("front/2024-11-18.html", "from/example.com.html")
    on_day = day.page("2024-11-18", 0, [summary(5)], facts, (None, None), CONFIG).view.threads[0]  # type: ignore[attr-defined]
    assert (on_day.day_url, on_day.site_url) == ("", "../from/example.com.html")
    on_site = site.page("example.com", 0, [summary(5)], facts, CONFIG).view.threads[0]  # type: ignore[attr-defined]
    assert (on_site.day_url, on_site.site_url) == ("../front/2024-11-18.html", "")


def test_what_is_roughly_dated_leads_to_no_day() -> None:
    rough = summary(5, created=Moment(NOON, "year"), domain=None, author=None)
    line = front.page(0, [rough], 1, CONFIG).view.threads[0]  # type: ignore[attr-defined]
    assert (line.day_url, line.site_url, line.author_url) == ("", "", "")
    assert line.when.text == "2024"


@pytest.mark.parametrize("total", [1, 199, 200, 299, 300])
def test_pages_of_a_site_stand_where_they_are_told_to(total: int) -> None:
    pages = [
        site.page("example.com", number, [], Facts(total, 0), CONFIG)
        for number in range(full_pages(total) + 1)
    ]
    assert [page.path for page in pages] == site.paths("example.com", total)
    links = {link for page in pages for link in (page.view.turns.newer_url, page.view.turns.older_url)}  # type: ignore[attr-defined]
    assert {f"from/{link}" for link in links - {None}} == (
        set(site.paths("example.com", total)) if total >= 200 else set()
    )


@pytest.mark.parametrize("shown, pages", [(0, 1), (1, 1), (100, 1), (101, 2), (1000, 10)])
def test_sorts_end_somewhere_and_say_so(shown: int, pages: int) -> None:
    assert top.count_pages(shown) == pages
    last = top.page("score", pages, shown, [], CONFIG).view
    assert last.turns.older_url is None  # type: ignore[attr-defined]
    assert last.most == (1000 if shown == 1000 else 0)  # type: ignore[attr-defined]
    assert last.first == (pages - 1) * 100 + 1  # type: ignore[attr-defined]


# ---- directories


def counted(names: Sequence[str], letters: int) -> Mapping[str, int]:
    return Counter(directory.begins(name, letters) for name in names)


@given(st.dictionaries(st.text("abß", min_size=1, max_size=6), st.integers(0, 300), max_size=40))
def test_every_name_is_in_exactly_one_part(numbers: Mapping[str, int]) -> None:
    """By name, and by number; parts are small where names differ in their first letters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(directory, "LARGEST", 3)

        for least in (0, 1, 2, 3, 5, 10, 20, 50, 100, 200):
            own = [name for name, number in numbers.items() if directory.least(number) == least]
            parts = directory.beginnings(len(own), partial(counted, own))
            for name in own:
                held = [part for part in parts if directory.begins(name, part[0]) == part[1]]
                assert len(held) == 1
            assert sum(parts.values()) == len(own)
            assert all(count <= 3 for (letters, _), count in parts.items() if letters < directory.LONGEST)


def test_ranges_of_numbers_cover_all() -> None:
    assert [directory.least(number) for number in (0, 1, 4, 5, 19, 20, 999, 10**12)] == [
        *(0, 1, 3, 5, 10, 20, 500, 5 * 10**9)
    ]
    assert [directory.beyond(least) for least in (0, 3, 20, 5 * 10**9)] == [1, 5, 50, None]


def test_parts_by_number_are_grouped_by_range() -> None:
    parts = {Part(500, 0, ""): 3, Part(1, 1, "a"): 900, Part(1, 1, "b"): 700}
    view = directory.top_page(AUTHORS, 1603, parts, [], CONFIG, by_number=True).view
    assert isinstance(view, directory.DirectoryView)
    first, second = view.ranges
    assert (first.label, first.count, first.url, first.groups) == (
        "500 to 999 comments",
        3,
        "leaders/500.html",
        (),
    )
    assert (second.label, second.count, second.url) == ("1 comment", 1600, "")
    assert [group.url for group in second.groups] == ["leaders/1-a.html", "leaders/1-b.html"]
    assert view.other_url == "users.html"


def test_a_part_says_what_it_holds() -> None:
    page = directory.page(SITES, Part(1, 2, "ex"), [directory.Count("example.com", 1)], CONFIG)
    assert isinstance(page.view, directory.DirectoryView)
    assert (page.path, page.view.part) == ("linked/1-ex.html", "1 thread, names that begin with ex")
    assert page.view.lines[0].url == "../from/example.com.html"
    assert (page.view.up_url, page.view.other_url) == ("../linked.html", "../sites.html")


# ---- authors' habits


def habits(*entries: tuple[str, str]) -> tuple[str | None, list[str]]:
    """By what the plot goes, and whom the author answers most; each entry is (day, whom it answers)."""
    writings = [Writing("1", "T", "", day, answers) for day, answers in entries]
    (page,) = author.pages(Author("ann", 0, len(entries), None, None), iter(writings), CONFIG)
    assert isinstance(page.view, author.AuthorView)
    slots = [int(one.name.mark.strip("\x05\x06")) for one in page.view.answers]
    return page.view.plot.unit if page.view.plot else None, [page.texts[slot].decode() for slot in slots]


def test_habits_are_told_from_five_items_on() -> None:
    four = [("2024-11-18", "bob"), ("2024-12-18", "bob"), ("", ""), ("2024-12-19", "cid")]
    assert habits(*four) == (None, [])
    assert habits(*four, ("2024-12-19", "<eve>")) == ("day", ["bob"]), "once is not most"


def test_those_who_were_answered_most_come_first() -> None:
    names = ["zoe"] * 3 + ["<b>"] * 3 + ["y"] * 4 + [*"aabbccdd"]
    assert habits(*[("", name) for name in names]) == (None, ["y", "&lt;b&gt;", "zoe", "a", "b"])
