"""Pages in Chromium -> what axe-core finds wrong for people who see, hear or use the keyboard otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from http import HTTPStatus
from typing import Any, Literal, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from .report import Finding

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
ADVICE = "best-practice"
WIDE, PHONE = 1280, 360


class Look(NamedTuple):
    """How a reader sees a page."""

    width: int
    scheme: Literal["light", "dark"]

    def __str__(self) -> str:
        return f"{'phone' if self.width == PHONE else 'wide'} {self.scheme}"


# What depends on the scheme; the other rules are not asked twice.
COLOURS = ["color-contrast", "link-in-text-block"]
LOOKS = (Look(WIDE, "light"), Look(WIDE, "dark"), Look(PHONE, "light"), Look(PHONE, "dark"))
QUICK_LOOKS = (Look(WIDE, "light"), Look(PHONE, "dark"))

# What is shut is opened, and one post is jumped to: text that is hidden or unmarked is not judged.
OPEN = """() => {
    for (const shut of document.querySelectorAll('details')) shut.open = true;
    const post = document.querySelector('article.h-entry[id]');
    if (post) location.hash = post.id;
}"""


def check(browser: Browser, urls: Iterable[str], looks: Sequence[Look] = LOOKS) -> Iterator[list[Finding]]:
    """What is wrong with each page, in all looks together."""
    axe = Axe()
    with closing(browser.new_context()) as context:
        page = context.new_page()
        for url in urls:
            with _kept(page, url):
                found = list(_check(axe, page, url, looks))
            yield found


@contextmanager
def _kept(page: Page, url: str) -> Iterator[None]:
    """A page that leads on by itself is kept from doing so."""

    def answer(route: Route) -> None:
        if route.request.is_navigation_request() and route.request.url != url:
            route.fulfill(status=HTTPStatus.NO_CONTENT)
        else:
            route.continue_()

    page.route("**/*.html", answer)
    yield
    page.unroute_all(behavior="wait")


def _check(axe: Axe, page: Page, url: str, looks: Sequence[Look]) -> Iterator[Finding]:
    page.goto(url)
    page.evaluate(OPEN)
    seen: set[int] = set()
    for look in looks:
        page.set_viewport_size({"width": look.width, "height": 800})
        page.emulate_media(color_scheme=look.scheme)
        every: dict[str, object] = {"type": "tag", "values": [*TAGS, ADVICE]}
        only = {"type": "rule", "values": COLOURS} if look.width in seen else every
        seen.add(look.width)
        options = {"runOnly": only, "resultTypes": ["violations"]}
        for violation in axe.run(page, options=options).response["violations"]:
            yield from _findings(violation, look)


def _findings(violation: dict[str, Any], look: Look) -> Iterator[Finding]:
    advice = ADVICE in violation["tags"]
    for node in violation["nodes"]:
        where = " ".join(map(str, node["target"]))
        reasons = [one["message"] for one in (*node["any"], *node["all"], *node["none"])]
        says = f"{violation['help']}: {'; '.join(reasons)}"
        yield Finding("axe", violation["id"], f"{where} ({look})", says, advice)
