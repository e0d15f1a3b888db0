"""Finding a thread: the front page and its sorts, the calendar, sites, directories, authors' habits."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from hnsite.build import build
from hnsite.config import parse_config

from . import OpenPage

START = 1_577_836_800  # 2020-01-01T00:00:00Z
DAY = 86_400
PAGES = [
    *("index.html", "active.html", "best.html", "days.html", "days/2020.html", "front/2020-01-01.html"),
    *("sites.html", "linked.html", "from/busy.example.html", "users.html", "leaders.html", "user/ann.html"),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 threads of three years, most of one author's, some on a site with a name that does not end."""
    root = tmp_path_factory.mktemp("lists")
    (root / "content").mkdir()
    items: list[dict[str, object]] = []
    for n in range(120):
        moment = START + n * 9 * DAY
        site = ("busy", "long-name." * 9 + "a", "b")[n % 3]
        story = {"id": 1000 + n, "type": "story", "by": f"by{n % 7}", "time": moment, "score": n * 7 % 100}
        items.append({**story, "title": f"Thread {n}", "url": f"https://{site}.example/"})
        comment = {"type": "comment", "by": "ann", "time": moment + 60, "text": "Yes."}
        items += [{**comment, "id": 5000 + n * 5 + k, "parent": 1000 + n} for k in range(n % 5)]
    items.append({"id": 999, "type": "story", "by": "eve", "title": "Undated"})
    (root / "content" / "a.ndjson").write_text("".join(json.dumps(item) + "\n" for item in items))
    config = parse_config("", root)
    build(config, jobs=1)
    return config.output_dir


def numbers(page: Page, selector: str) -> list[int]:
    texts = page.locator(selector).all_inner_texts()
    return [int(found[0]) for text in texts if (found := re.findall(r"\d+", text))]


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_is_wider_than_the_window(archive: Path, open_page: OpenPage, width: int) -> None:
    page = open_page("about:blank", width=width)
    for path in PAGES:
        page.goto((archive / path).as_uri())
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, path


@pytest.mark.parametrize("width", [1280, 360])
def test_what_stands_side_by_side_can_be_hit(archive: Path, open_page: OpenPage, width: int) -> None:
    """Days, months, orders and beginnings of names are at least 24 pixels high and wide."""
    page = open_page("about:blank", width=width)
    for path in ("days.html", "days/2020.html", "index.html", "leaders.html"):
        page.goto((archive / path).as_uri())
        for link in page.locator("td > a, nav.orders a, .groups a").all():
            box = link.bounding_box()
            assert box and box["height"] >= 24 and box["width"] >= 24, (path, link.inner_text())


def test_sorts_lead_to_each_other_and_are_sorted(archive: Path, open_page: OpenPage) -> None:
    page = open_page((archive / "index.html").as_uri(), javascript=False)
    assert page.locator("ol.threads > li").count() == 121
    assert page.locator("ol.threads h2").last.inner_text() == "Undated"
    page.get_by_role("link", name="most comments").click()
    counts = numbers(page, "ol.threads .count")
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] > 0
    page.get_by_role("link", name="most points").click()
    counts = numbers(page, "ol.threads .points")
    assert counts == sorted(counts, reverse=True)
    page.get_by_role("link", name="newest").click()
    assert page.url == (archive / "index.html").as_uri()


def test_from_the_calendar_to_a_day_and_from_there_to_the_next(archive: Path, open_page: OpenPage) -> None:
    page = open_page((archive / "days.html").as_uri(), javascript=False)
    assert numbers(page, ".years .total") == [38, 41, 41]
    assert page.get_by_text("Of 1 more thread the day is not known.").is_visible()
    page.locator(".years td > a").last.click()
    assert page.locator(":target caption").inner_text() == "December 2020"
    page.locator(":target td > a").first.click()
    assert page.locator("h1").inner_text() == "2020-12-08"
    page.get_by_role("link", name="2020-12-17 →").click()
    assert page.locator("h1").inner_text() == "2020-12-17"
    assert page.locator("ol.threads > li").count() == 1


def test_days_with_more_are_darker_in_both_schemes(archive: Path, open_page: OpenPage) -> None:
    for dark in (False, True):
        page = open_page((archive / "days/2020.html").as_uri(), dark=dark)
        swatches = page.locator(".legend span")
        colours = swatches.evaluate_all("all => all.map(one => getComputedStyle(one).backgroundColor)")
        light = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours]
        assert light == sorted(light, reverse=not dark)
        assert len(set(light)) == 5


def test_the_plot_is_drawn_and_says_what_it_shows(archive: Path, open_page: OpenPage) -> None:
    for dark in (False, True):
        page = open_page((archive / "index.html").as_uri(), dark=dark, width=360)
        plot = page.get_by_role("img", name=re.compile("Comments and stories by month, 2020-01 to 2022-12"))
        box = plot.bounding_box()
        assert box and box["width"] > 300 and box["height"] > 40
        bars = page.locator(".plot .bars").evaluate(
            "one => [getComputedStyle(one).fill, one.getBBox().width]"
        )
        assert bars[1] > 300
        assert bars[0] not in ("rgb(0, 0, 0)", "none")


def test_a_site_lists_what_links_to_it(archive: Path, open_page: OpenPage) -> None:
    page = open_page((archive / "index.html").as_uri(), javascript=False)
    page.get_by_role("link", name="busy.example").first.click()
    assert page.locator("h1").inner_text() == "busy.example"
    assert page.locator("ol.threads > li").count() == 40
    page.get_by_role("link", name="all sites").click()
    page.get_by_role("link", name="by number of threads").click()
    assert numbers(page, ".authors .count") == [40, 40, 40]


def test_a_story_leads_to_its_site_and_day(archive: Path, open_page: OpenPage) -> None:
    page = open_page((archive / "item/1003.html").as_uri(), javascript=False)
    page.locator(".story .domain a").click()
    assert page.locator("h1").inner_text() == "busy.example"
    page.go_back()
    page.locator(".story .facts a:has(time)").first.click()
    assert page.locator("h1").inner_text() == "2020-01-28"


def test_an_author_shows_when_and_to_whom(archive: Path, open_page: OpenPage) -> None:
    page = open_page((archive / "user/ann.html").as_uri(), javascript=False)
    answered = page.locator(".answers a")
    assert answered.count() == 5
    counts = [int(number) for number in re.findall(r"\((\d+)\)", page.locator(".answers").inner_text())]
    assert counts == sorted(counts, reverse=True)
    assert page.locator(".plot svg").is_visible()
    name = answered.first.inner_text()
    answered.first.click()
    assert page.locator("h1").inner_text() == name
