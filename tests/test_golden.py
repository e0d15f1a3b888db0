"""Whole sites: small dumps in, pages out, compared file by file; and the sample site by its facts.

A case in tests/sites is a site of its own with the pages that are expected in ``expected/``.
`pytest tests/test_golden.py --update-golden` rewrites those; read the diff.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from built_site import Site

from hnsite.build import Report, build
from hnsite.config import parse_config
from hnsite.pages.permalink import MOST_ABOVE

TESTS = Path(__file__).parent
_ASSETS = re.compile("static/[0-9a-f]{8}/")
CASES = sorted(path for path in (TESTS / "sites").iterdir() if path.is_dir())


def build_copy(source: Path, root: Path, more: str = "") -> tuple[Report, Site]:
    """Builds a site of the same dumps and settings elsewhere, with a few settings more."""
    shutil.copytree(source / "content", root / "content")
    settings = source / "hnsite.toml"
    config = parse_config((settings.read_text("utf-8") if settings.exists() else "") + more, root)
    return build(config, jobs=1), Site(config.output_dir)


def pages(folder: Path) -> dict[str, str]:
    """The site's HTML; scripts and styles have tests of their own, and change more often."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.html"))}
    return {name: _ASSETS.sub("static/.../", path.read_text("utf-8")) for name, path in found.items()}


def store(expected: Path, found: dict[str, str]) -> None:
    shutil.rmtree(expected, ignore_errors=True)
    for name, text in found.items():
        (expected / name).parent.mkdir(parents=True, exist_ok=True)
        (expected / name).write_text(text, "utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_site_is_as_expected(case: Path, tmp_path: Path, update_golden: bool) -> None:
    report, site = build_copy(case, tmp_path)
    found = pages(site.folder)
    if update_golden:
        store(case / "expected", found)
        (case / "problems.txt").write_text("".join(f"{one}\n" for one in report.problems), "utf-8")
    expected = pages(case / "expected")
    assert sorted(found) == sorted(expected)
    for name, text in expected.items():
        assert found[name] == text, f"{case.name}: {name}"
    assert [str(one) for one in report.problems] == (case / "problems.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_all_links_of_a_site_lead_somewhere(case: Path, tmp_path: Path) -> None:
    _, site = build_copy(case, tmp_path)
    site.scan()
    assert not site.broken()
    assert not site.doubled


@pytest.fixture(scope="module", params=["default", "board"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Site]:
    root = tmp_path_factory.mktemp("sample") / "site"
    report, site = build_copy(TESTS.parent, root, f'theme = "{request.param}"')
    site.scan()
    return report, site


def test_the_samples_are_read_whole(sample: tuple[Report, Site]) -> None:
    report, _ = sample
    assert not report.errors
    files = [path for path in (TESTS.parent / "content").rglob("*") if path.is_file()]
    assert (report.dumps, report.skipped) == (sum(path.suffix != ".md" for path in files), 0)
    assert min(report.threads, report.merged, report.inferred, report.unplaced, report.stubs) > 0


def test_the_samples_are_a_sound_site(sample: tuple[Report, Site]) -> None:
    _, site = sample
    assert not site.broken()
    assert not site.doubled
    assert len({path.casefold() for path in site.files}) == len(site.files)


def test_the_samples_show_every_feature(sample: tuple[Report, Site]) -> None:
    _, site = sample
    html = "".join(pages(site.folder).values())
    posts = [post for path in site.files if path.endswith(".html") for post in site.page(path).posts()]
    assert {post.state for post in posts} == {"live", "dead", "deleted"}
    assert {post.evidence for post in posts} >= {None, "quote", "subject"}
    assert {post.evidence for post in posts} == {None, "quote", "subject", "turns", "words"}
    assert {post.is_stub for post in posts} == {True, False}
    assert any(site.page(path).redirect for path in site.files if path.startswith("item/x"))
    for mark in (
        'class="poll"',
        "place unknown",
        "<pre",
        "<blockquote",
        '<span class="k',
        'class="item-link"',
    ):
        assert mark in html, mark


def test_every_comment_of_the_samples_has_a_page_with_what_is_above_and_below(
    sample: tuple[Report, Site],
) -> None:
    report, site = sample
    threads = [path.replace(".time", "") for path in site.files if path.endswith(".time.html")]
    places = {place.id: place for path in threads for place in site.page(path).places}
    assert sum(place.number != "" for place in places.values()) == report.comments
    for id in places:
        page = site.page(f"item/{id}.html")
        above, here = [], places[id].under
        while here:
            above.append(here)
            here = places[here].under
        assert [post.id for post in page.context] == above[:MOST_ABOVE][::-1]
        assert page.places[0].id == id
        below = [one for one in places if places[one].under == id]
        assert below == [place.id for place in page.places if place.under == id]
