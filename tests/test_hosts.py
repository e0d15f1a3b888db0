"""Hosts' limits, what a build says of them before it writes, and the settings that make a site smaller."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_site import STORY, Site, api

from hnsite.build import build
from hnsite.hosts import HOSTS, Size, advice, too_much


@pytest.mark.parametrize("name", HOSTS)
def test_a_small_site_is_too_much_for_nobody(name: str) -> None:
    assert too_much(Size(1000, 900, 10_000_000), name) == []


@pytest.mark.parametrize(
    "name, size, said",
    [
        ("cloudflare", Size(20_001, 1, 1), "about 20,001 files, and cloudflare takes 20,000"),
        ("netlify", Size(60_000, 54_001, 1), "about 54,001 files in one folder, and netlify takes 54,000"),
        ("github", Size(1, 1, 1_500_000_000), "about 1,500 MB, and github takes 1,000"),
        ("gitlab", Size(200_001, 1, 1), "about 200,001 files and folders, and gitlab takes 200,000"),
    ],
)
def test_what_is_over_a_limit_is_said(name: str, size: Size, said: str) -> None:
    (fault,) = too_much(size, name)
    assert fault.startswith(said)


def test_a_site_with_anchors_is_not_told_to_use_them() -> None:
    assert "anchors" in advice("pages")
    assert "anchors" not in advice("anchors")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A thread of 2013 with three comments, and one of 2023 with one, which links to the first."""
    link = '<a href="https://news.ycombinator.com/item?id=1">https://news.ycombinator.com/item?id=1</a>'
    old = [{**STORY, "time": 1_370_000_000}, *(api(id=n, parent=1, text=f"words {n}") for n in (2, 3, 4))]
    new = [{**STORY, "id": 9, "time": 1_690_000_000}, api(id=10, parent=9, text=link, time=1_690_000_001)]
    return Site(tmp_path / "site", old=old, new=new)


def items(site: Site) -> set[str]:
    return {path for path in site.pages() if path.startswith("item/") and "time" not in path}


@pytest.mark.parametrize(
    "settings, kept",
    [
        ("", {1, 2, 3, 4, 9, 10}),
        ("min_comments = 2", {1, 2, 3, 4}),
        ("since = '2020-01-01'", {9, 10}),
        ("until = '2020-01-01'", {1, 2, 3, 4}),
        ("since = '2023-07-22'\nuntil = '2023-07-22'", {9, 10}),
    ],
)
def test_settings_leave_threads_out_and_take_them_in_again(site: Site, settings: str, kept: set[int]) -> None:
    site.build()
    whole = site.pages()
    site.settings = settings
    site.build()
    assert items(site) == {f"item/{id}.html" for id in kept}
    if 10 in kept:
        leads_on = b'class="item-link"' in site.pages()["item/10.html"]
        assert leads_on == (1 in kept), "a link leads to what the site has, or to the original"
    site.settings = ""
    site.build()
    assert site.pages() == whole


def test_a_build_says_how_big_the_site_will_be(site: Site) -> None:
    said: list[str] = []
    site.settings = "host = 'cloudflare'"
    report = build(site.config, jobs=1, tell=said.append)
    (line,) = said
    assert line.startswith("about ") and line.endswith(" MB")
    assert abs(int(line.split()[1]) - report.written) < 10


def test_a_build_explains_what_it_makes_again(site: Site) -> None:
    said: list[tuple[str, str]] = []

    def explained() -> list[tuple[str, str]]:
        said.clear()
        build(site.config, jobs=1, explain=lambda what, why: said.append((what, why)))
        return list(said)

    assert explained() == [("item 1", "new"), ("item 9", "new")]
    assert explained() == []
    site.write("new", [{**STORY, "id": 9, "time": 1_690_000_000, "title": "Other"}])
    assert explained() == [("item 9", "changed: content/new")]
    (site.root / "public/item/3.html").unlink()
    assert explained() == [("item 1", "item/3.html is missing, or somebody changed it")]
    site.settings = "title = 'Other'"
    assert [why for _, why in explained()] == ["settings, theme or hnsite itself changed"] * 2
