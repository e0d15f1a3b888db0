"""Chromium, a small web server, and the sample site for the tests of this folder, all marked `browser`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import chromium
import host
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from . import OpenPage, ServeDir

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of this folder and moves them to the end: while Playwright runs, the thread has a
    running event loop, and no other test could call `asyncio.run` any more."""
    for item in items:
        if _is_browser_test(item):
            item.add_marker(pytest.mark.browser)
    items.sort(key=_is_browser_test)


def _is_browser_test(item: pytest.Item) -> bool:
    return item.path.parent == HERE


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests of a worker."""
    executable = chromium.find()
    if executable is None:
        reason = "no chromium on this machine; `make test` installs it on Debian and Ubuntu"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with chromium.started(executable) as browser:
        yield browser


@pytest.fixture
def complaints() -> list[str]:
    """What the pages opened by this test complained of: errors in the console (a broken CSP among them),
    uncaught exceptions, requests that failed."""
    return []


Profiles = defaultdict[tuple[object, ...], list[BrowserContext]]
"""Profiles that nothing is left in, by their settings."""


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Profiles:
    """What earlier tests are done with: to make a profile takes longer than most tests do."""
    return defaultdict(list)


@pytest.fixture
def open_page(browser: Browser, profiles: Profiles, complaints: list[str]) -> Iterator[OpenPage]:
    """Opens pages, each in a profile that is as new, and closes them after the test."""
    with ExitStack() as opened:

        def open_page(
            url: str,
            *,
            width: int = 1280,
            height: int = 800,
            dark: bool = False,
            javascript: bool = True,
            touch: bool = False,
            timezone: str = "UTC",
        ) -> Page:
            free = profiles[width, height, dark, javascript, touch, timezone]
            context = (
                free.pop()
                if free
                else browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if dark else "light",
                    java_script_enabled=javascript,
                    locale="en-US",
                    timezone_id=timezone,
                    has_touch=touch,
                )
            )
            page = context.new_page()
            opened.callback(_close, page, _sites_of(page), free)
            _collect_complaints(page, complaints)
            page.goto(url)
            return page

        yield open_page


def _sites_of(page: Page) -> set[str]:
    """What will hold the sites that the page shows, one after the other."""
    sites: set[str] = set()
    page.on("framenavigated", lambda frame: sites.add("/".join(frame.url.split("/")[:3])))
    return sites


def _close(page: Page, sites: set[str], free: list[BrowserContext]) -> None:
    """Closes a page, and keeps its profile where nothing of it stays: what scripts keep is of one site."""
    context = page.context
    is_alone = len(sites) == 1 and context.pages == [page]
    try:
        page.evaluate("localStorage.clear()")
    except Error:
        is_alone = False
    if is_alone:
        page.close()
        free.append(context)
    else:
        context.close()


def _collect_complaints(page: Page, complaints: list[str]) -> None:
    def on_console(said: ConsoleMessage) -> None:
        url = said.location["url"]
        # Chromium asks for this file by itself, at a time of its own.
        if said.type == "error" and not url.endswith("/favicon.ico"):
            complaints.append(f"{url}: {said.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("requestfailed", lambda request: complaints.append(f"{request.url}: {request.failure}"))


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's `content/`, built by the command line; returns the output folder."""
    root = tmp_path_factory.mktemp("sample")
    shutil.copytree(REPOSITORY / "content", root / "content")
    if (REPOSITORY / "hnsite.toml").is_file():
        shutil.copy(REPOSITORY / "hnsite.toml", root)
    built = subprocess.run(
        [sys.executable, "-m", "hnsite", "build"], cwd=root, capture_output=True, text=True, check=False
    )
    if built.returncode:
        pytest.fail(f"hnsite build gave status {built.returncode}\n{built.stdout}{built.stderr}")
    return root / "public"


@pytest.fixture(scope="session")
def serve_dir() -> Iterator[ServeDir]:
    """A web server on a free port of 127.0.0.1 that sends the headers of netlify.toml, so that what a
    test sees is what the host's Content-Security-Policy allows."""
    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(host.served(folder))
