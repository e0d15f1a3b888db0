"""Texts of strangers do not run, ask for nothing, and break no page: every vector in every field of every
format, built, walked through as Chromium parses it, and loaded with and without the policy that forbids it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import chromium
import hostile_text
from hostile_dumps import Placed, number_of, write
from host import served
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from . import Trial

COUNT = 5000
HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
PARSED = 100
"""Pages that go to the browser at a time."""


class Fault(NamedTuple):
    """What is wrong with a page; ``what`` may name an item as ``#id``."""

    page: str
    what: str


def trials(count: int) -> Iterator[Trial]:
    texts = dict.fromkeys((*hostile_text.OWN, *hostile_text.shared_texts(_shared())))
    executable = chromium.find()
    assert executable, "no chromium on this machine"
    with TemporaryDirectory() as folder, chromium.started(executable) as browser:
        yield from tried(Path(folder), browser, [*texts][:count], loaded=1500)


def _shared() -> Path:
    return Path(os.environ.get("HNSITE_SHARED") or REPOSITORY.parent / "shared")


def tried(
    root: Path, browser: Browser, texts: Sequence[str], *, loaded: int, every: int = 1
) -> Iterator[Trial]:
    """One trial for each field that got a text; ``loaded`` pages of threads and authors are opened, and all
    others only parsed. Each text goes to one of ``every`` formats."""
    placed = write(root / "content", texts, every=every)
    site = built(root)
    paths = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    faults = [*_parsed(browser, site, paths), *_opened(browser, site, _chosen(site, paths, loaded))]
    return _told(placed, faults)


def built(root: Path) -> Path:
    """The site of a folder, where a page holds many items."""
    (root / "hnsite.toml").write_text('permalinks = "anchors"\n', "utf-8")
    command = [sys.executable, "-m", "hnsite", "build", "-q"]
    run = subprocess.run(
        command, cwd=root, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, capture_output=True, check=False
    )
    assert run.returncode in (0, 1), run.stderr.decode(errors="replace")[-2000:]
    return root / "public"


def _chosen(site: Path, paths: Iterable[str], most: int) -> list[str]:
    """Lists, and as many of the others, anywhere among them; none that lead on to another."""
    paths = [path for path in paths if b'<meta http-equiv="refresh"' not in (site / path).read_bytes()]
    lists = [path for path in paths if not path.startswith(("item/", "user/"))]
    others = [path for path in paths if path.startswith(("item/", "user/"))]
    others.sort(key=lambda path: blake2b(path.encode()).digest())
    return [*lists[:most], *others[:most]]


def _told(placed: dict[int, Placed], faults: Iterable[Fault]) -> Iterator[Trial]:
    """A trial for each field; a fault is told of the text that its item holds, or on its own."""
    found: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        item = fault.what.partition("#")[2].partition(":")[0] or fault.page.rpartition("/")[2]
        number = number_of(item.partition(".")[0])
        if number in placed:
            found[number].append(f"{fault.page}: {fault.what}")
        else:
            yield Trial(fault.page, fault.what)
    for number, one in placed.items():
        wrong = "; ".join(found[number][:3])
        for field in one.fields:
            yield Trial(f"{one.writer}, {field}: {one.text[:80]!r}", wrong)
            wrong = ""


# what pages are made of


def _parsed(browser: Browser, site: Path, paths: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with pages as Chromium parses them."""
    with ExitStack() as stack:
        page = _context(browser, stack).new_page()
        page.goto((HERE / "shell.html").as_uri())
        for start in range(0, len(paths), PARSED):
            some = [[path, (site / path).read_text("utf-8")] for path in paths[start : start + PARSED]]
            for one in page.evaluate("pages => hostileParsed(pages)", some):
                yield from (Fault(one["page"], what) for what in one["found"])
                if one["articles"] != one["expected"]:
                    yield Fault(one["page"], f"{one['articles']} articles, not {one['expected']}")


def _context(browser: Browser, stack: ExitStack, **options: Any) -> BrowserContext:
    context = browser.new_context(**options)
    context.add_init_script(path=HERE / "watch.js")
    stack.callback(context.close)
    return context


# what they do


class Watch:
    """What pages of a context ask for and complain of."""

    def __init__(self, context: BrowserContext, allowed: Sequence[str]) -> None:
        self.faults: list[Fault] = []
        self._allowed = (*allowed, "data:,")
        context.on("request", lambda request: self._ask(request.url))
        context.on("dialog", lambda dialog: (self.faults.append(Fault("", f"a dialog: {dialog.message}")), dialog.dismiss()))
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(Fault("", f"uncaught: {error.error}")))

    def _ask(self, url: str) -> None:
        if not url.startswith(self._allowed):
            self.faults.append(Fault("", f"asked for {url[:200]}"))

    def _hear(self, said: ConsoleMessage) -> None:
        url = said.location["url"]
        if said.type == "error" and not url.endswith("/favicon.ico"):
            self.faults.append(Fault(url, f"complained: {said.text[:300]}"))


def _opened(browser: Browser, site: Path, paths: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with pages that run: over HTTP without their policy, so that only the sanitizer stands
    between them and the reader; from disk; and as a host sends them."""
    third = len(paths) // 3
    yield from _in_frames(browser, site, paths[::2], bypass_csp=True)
    yield from _in_frames(browser, site, paths[1::2][:third])
    yield from _on_their_own(browser, site, paths[:: max(1, len(paths) // 60)])


def _in_frames(browser: Browser, site: Path, paths: Sequence[str], **options: Any) -> Iterator[Fault]:
    with ExitStack() as stack:
        shell = (HERE / "shell.html").as_uri()
        base = f"{site.as_uri()}/"
        if options:
            base = stack.enter_context(served(site, with_headers=False)) + "/"
            shell = f"{base}404.html"
        context = _context(browser, stack, **options)
        watch = Watch(context, (base, shell))
        page = context.new_page()
        page.goto(shell)
        results = page.evaluate("([pages]) => hostileLoaded(pages, 6)", [[base + path for path in paths]])
        for one in results:
            yield from (Fault(one["page"].removeprefix(base), what) for what in one["found"])
        yield from watch.faults


def _on_their_own(browser: Browser, site: Path, paths: Sequence[str]) -> Iterator[Fault]:
    with ExitStack() as stack:
        base = stack.enter_context(served(site)) + "/"
        context = _context(browser, stack)
        watch = Watch(context, (base,))
        page = context.new_page()
        for path in paths:
            page.goto(base + path)
            yield from (Fault(path, what) for what in report(page))
        yield from watch.faults


def report(page: Page) -> list[str]:
    """What is wrong with an open page."""
    found: list[str] = page.evaluate("hostileReport()")["found"]
    return found


def search_questions(texts: Iterable[str]) -> list[str]:
    """What is typed to find them: words of theirs, and they themselves."""
    return ["alert", "script", "onerror", 'author:"<script>alert(1)</script>"', *(json.dumps(one) for one in texts)]
