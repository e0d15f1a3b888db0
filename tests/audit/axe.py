"""Pages in Chromium -> what axe-core finds wrong for people who see, hear or use the keyboard otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from http import HTTPStatus
from typing import Literal, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, ViewportSize

from .report import Finding

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
ADVICE = "best-practice"
EVERY: dict[str, object] = {"type": "tag", "values": [*TAGS, ADVICE]}
COLOURS: dict[str, object] = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What depends on the scheme; the other rules are not asked twice."""
WIDE, PHONE = 1280, 360


class Look(NamedTuple):
    """How a reader sees a page."""

    width: int
    scheme: Literal["light", "dark"]

    @property
    def window(self) -> ViewportSize:
        return {"width": self.width, "height": 800}

    def __str__(self) -> str:
        return f"{'phone' if self.width == PHONE else 'wide'} {self.scheme}"


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


def check_shown(
    browser: Browser, urls: Mapping[str, str], looks: Sequence[Look] = LOOKS
) -> Iterator[tuple[str, list[Finding]]]:
    """What is wrong with each thing that scripts show; ``urls`` are of one page of each kind."""
    for name, (kind, show) in SHOWN.items():
        found: list[Finding] = []
        for look in looks if kind in urls else ():
            with closing(browser.new_context(viewport=look.window, color_scheme=look.scheme)) as context:
                page = context.new_page()
                page.goto(urls[kind])
                show(page)
                found += _findings(Axe(), page, look, EVERY)
        yield name, found


def _show_settings(page: Page) -> None:
    page.locator("button.settings").click()
    page.locator("dialog[open]").wait_for()


def _show_preview(page: Page) -> None:
    far = page.evaluate_handle(FAR).as_element()
    assert far is not None, "no link leads out of the window"
    far.hover()
    page.locator(".preview").wait_for()


def _show_hits(page: Page) -> None:
    page.locator("#query").fill("the")
    page.locator("#query").press("Enter")
    page.locator("#hits li").first.wait_for()


SHOWN = {
    "settings": ("thread", _show_settings),
    "preview": ("thread", _show_preview),
    "hits": ("search", _show_hits),
}
"""The page kind on which it can be shown, and how."""

FAR = """() => [...document.querySelectorAll('.backlinks a')].find(link => {
    const to = document.getElementById(link.hash.slice(1));
    return to && to.getBoundingClientRect().top - link.getBoundingClientRect().top > innerHeight;
})"""


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
        page.set_viewport_size(look.window)
        page.emulate_media(color_scheme=look.scheme)
        yield from _findings(axe, page, look, COLOURS if look.width in seen else EVERY)
        seen.add(look.width)


def _findings(axe: Axe, page: Page, look: Look, rules: dict[str, object]) -> Iterator[Finding]:
    """What is wrong with the page as it is now."""
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    for violation in axe.run(page, options=options).response["violations"]:
        for node in violation["nodes"]:
            where = " ".join(map(str, node["target"]))
            reasons = [one["message"] for one in (*node["any"], *node["all"], *node["none"])]
            says = f"{violation['help']}: {'; '.join(reasons)}"
            yield Finding("axe", violation["id"], f"{where} ({look})", says, ADVICE in violation["tags"])
