"""Small pages of every kind, in every theme: nothing of WCAG 2.2 A and AA is missed, and the HTML is valid.

`make audit` asks more checkers, about large pages too.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from audit import axe, html, kinds, npm, site, weight
from audit.report import Finding, listing
from playwright.sync_api import Browser

from . import ServeDir

SMALL = 40_000
"""Bytes of HTML; a larger page is chosen where no other shows what it must."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=site.themes())
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> site.Site:
    return site.make(tmp_path_factory.mktemp("audit"), request.param)


def _pages(built: site.Site) -> dict[str, str]:
    """A page's kind by its path."""
    found = kinds.find(built.folder, too_large=SMALL)
    assert (found.unknown, found.missing) == ([], [])
    return {path: kind for kind, paths in found.pages.items() for path in paths}


def test_axe_finds_nothing(built: site.Site, browser: Browser, serve_dir: ServeDir) -> None:
    pages, address = _pages(built), serve_dir(built.folder)
    results = axe.check(browser, (f"{address}/{path}" for path in pages), axe.QUICK_LOOKS)
    _assert_none([(kind, one) for kind, found in zip(pages.values(), results, strict=True) for one in found])


def test_axe_finds_nothing_on_what_scripts_show(
    built: site.Site, browser: Browser, serve_dir: ServeDir
) -> None:
    address = serve_dir(built.folder)
    first = {kind: f"{address}/{path}" for path, kind in reversed(_pages(built).items())}
    shown = axe.check_shown(browser, first, axe.QUICK_LOOKS)
    _assert_none([(name, one) for name, found in shown for one in found])


def test_html_validate_finds_nothing(built: site.Site) -> None:
    if not npm.has("html-validate"):
        pytest.skip("html-validate is not installed; `make test` installs it from npm")
    pages = {built.folder / path: kind for path, kind in _pages(built).items()}
    results = html.html_validate(list(pages))
    _assert_none([(pages[path], one) for path, found in results.items() for one in found])


def test_pages_and_scripts_are_light(built: site.Site) -> None:
    too_heavy = [row for row in weight.check(built.folder, built.light) if not row.ok]
    assert not too_heavy


def _assert_none(found: list[tuple[str, Finding]]) -> None:
    faults = [(kind, one) for kind, one in found if not one.advice]
    assert not faults, "\n" + listing(faults)


def test_axe_finds_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text("<title>Wrong</title><img src='x.png'><p style='color: #ccc'>faint", "utf-8")
    (found,) = axe.check(browser, [page.as_uri()], axe.QUICK_LOOKS)
    assert {"html-has-lang", "image-alt", "color-contrast"} <= {one.rule for one in found if not one.advice}
    assert "region" in {one.rule for one in found if one.advice}


def test_html_validate_finds_what_is_wrong(tmp_path: Path) -> None:
    if not npm.has("html-validate"):
        pytest.skip("html-validate is not installed; `make test` installs it from npm")
    page = tmp_path / "wrong.html"
    page.write_text(
        "<!doctype html><html lang=en><title>Wrong</title><p><div id=a></div><i id=a></i>", "utf-8"
    )
    assert {"no-dup-id", "close-order"} & {one.rule for one in html.html_validate([page])[page]}
