"""Texts of strangers do not run, ask for nothing, and break no page: each in every field of every format,
built, walked through as Chromium parses it, and opened with and without the policy that forbids it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import quote

import chromium
import hostile_text
from host import served
from hostile_dumps import WRITERS, Placed, number_of, write
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Error, Page

from . import Trial

COUNT = 40_000
"""Texts in formats: all of them."""
HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
FEW, PAGES = 'permalinks = "anchors"\n', 'theme = "board"\n'
"""Settings: with few pages, which hold many items; with all kinds of pages, in the other theme."""
PARSED = 100
"""Pages that go to the browser at a time."""


class Fault(NamedTuple):
    """What is wrong with a page; ``what`` may name an item as ``#id``."""

    page: str
    what: str


def trials(count: int) -> Iterator[Trial]:
    """One trial for each field of so many dumps, spread over all texts and formats."""
    texts = [*dict.fromkeys((*hostile_text.OWN, *hostile_text.shared_texts(_shared())))]
    every = -(-len(texts) * len(WRITERS) // count)
    executable = chromium.find()
    assert executable, "no chromium on this machine"
    with TemporaryDirectory() as folder, chromium.started(executable) as browser:
        root = Path(folder)
        yield from tried(root / "all", browser, texts, every=every, loaded=min(1500, count // 8))
        yield from tried(root / "own", browser, hostile_text.OWN, PAGES, every=12, loaded=100)


def _shared() -> Path:
    return Path(os.environ.get("HNSITE_SHARED") or REPOSITORY.parent / "shared")


def tried(
    root: Path, browser: Browser, texts: Sequence[str], settings: str = "", *, loaded: int, every: int = 1
) -> Iterator[Trial]:
    """One trial for each field that got a text; ``loaded`` pages of threads and authors are opened, and all
    others only parsed. Each text goes to one of ``every`` formats."""
    placed = write(root / "content", texts, every=every)
    site = built(root, settings or FEW)
    paths = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    faults = [*parsed(browser, site, paths), *opened(browser, site, _chosen(site, paths, loaded))]
    threads = [path for path in paths if path.startswith("item/") and _has_replies(site / path)]
    some = max(2, loaded // 20)
    faults += used(browser, site, _spread(texts, some), _spread(threads, some))
    return _told(placed, faults)


def _has_replies(page: Path) -> bool:
    return b"u-in-reply-to" in page.read_bytes()


def built(root: Path, settings: str = "") -> Path:
    """The site of a folder."""
    (root / "hnsite.toml").write_text(settings, "utf-8")
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


def _spread(all_: Sequence[str], count: int) -> Sequence[str]:
    return all_[:: max(1, len(all_) // count)]


def _told(placed: dict[int, Placed], faults: Iterable[Fault]) -> Iterator[Trial]:
    """A trial for each field; a fault is told of the text that its item holds, or on its own."""
    found: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        item = fault.what.partition("#")[2].partition(":")[0] or fault.page.rpartition("/")[2]
        number = number_of(item.partition(".")[0])
        if number in placed:
            found[number].append(f"{fault.page}: {fault.what}")
        else:
            yield Trial(fault.page or "some page", fault.what)
    for number, one in placed.items():
        wrong = "; ".join(found[number][:3])
        for field in one.fields:
            yield Trial(f"{one.writer}, {field}: {one.text[:80]!r}", wrong)
            wrong = ""


# what pages are made of


def parsed(browser: Browser, site: Path, paths: Sequence[str]) -> Iterator[Fault]:
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
        context.on("dialog", self._dismiss)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(Fault("", f"uncaught: {error.error}")))

    def _ask(self, url: str) -> None:
        if not url.startswith(self._allowed):
            self.faults.append(Fault("", f"asked for {url[:200]}"))

    def _dismiss(self, dialog: Dialog) -> None:
        self.faults.append(Fault("", f"a dialog: {dialog.message}"))
        dialog.dismiss()

    def _hear(self, said: ConsoleMessage) -> None:
        url = said.location["url"]
        if said.type == "error" and not url.endswith("/favicon.ico"):
            self.faults.append(Fault(url, f"complained: {said.text[:300]}"))


def opened(browser: Browser, site: Path, paths: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with pages that run: over HTTP without their policy, so that only the sanitizer stands
    between them and the reader; from disk; and as a host sends them."""
    third = len(paths) // 3
    yield from in_frames(browser, site, paths[::2], bypass_csp=True)
    yield from in_frames(browser, site, paths[1::2][:third])
    yield from _on_their_own(browser, site, paths[:: max(1, len(paths) // 60)])


def in_frames(browser: Browser, site: Path, paths: Sequence[str], **options: Any) -> Iterator[Fault]:
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
    """What is wrong with an open page, or with the one that it leads to just now."""
    with suppress(Error):
        page.wait_for_load_state()
        page.evaluate("0")
    page.wait_for_load_state()
    found: list[str] = page.evaluate("hostileReport()")["found"]
    return found


def used(browser: Browser, site: Path, texts: Sequence[str], pages: Sequence[str]) -> Iterator[Fault]:
    """What goes wrong when these pages are used by pointer and keys, and texts are asked for, with nothing
    that forbids them to run."""
    with ExitStack() as stack:
        base = stack.enter_context(served(site)) + "/"
        context = _context(browser, stack, bypass_csp=True)
        watch = Watch(context, (base,))
        page = context.new_page()
        for path in pages:
            for step in (_hover, _press_keys, _come_again, _set_up):
                page.goto(base + path)
                step(page)
                yield from (Fault(path, f"{step.__name__}: {what}") for what in report(page))
        for text in texts:
            yield from _asked(page, base, text)
        yield from watch.faults


def _hover(page: Page) -> None:
    """Previews of what links lead to, one above the other."""
    for link in page.locator("main article a").all()[:40]:
        link.dispatch_event("pointerover", {"pointerType": "mouse"})
    page.locator("a.u-in-reply-to, a.u-comment").last.focus()
    page.wait_for_timeout(300)


def _press_keys(page: Page) -> None:
    for key in "jjcjrkNnfwf":
        page.keyboard.press(key)


def _come_again(page: Page) -> None:
    """As somebody who read the thread before there were comments."""
    page.evaluate(
        """() => {
          const seen = JSON.stringify({ before: { id: 1, time: 1 }, seen: { id: 1, time: 1 }, at: 0 });
          const names = Object.keys(localStorage).filter((name) => name.includes("seen"));
          for (const name of names) localStorage.setItem(name, seen);
        }"""
    )
    page.reload()


def _set_up(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_label("local").check()


def _asked(page: Page, base: str, text: str) -> Iterator[Fault]:
    """What comes of a text that is searched for, by all or some of its words, or asked for as an item."""
    whole = quote(text.encode("utf-8", "replace").decode())
    words = " ".join(re.findall(r"\w{3,}", text)[:3])
    for address in (f"search.html?q={whole}", f"search.html?q={quote(words)}", f"item.html?id={whole}"):
        page.goto(base + address)
        if address.startswith("search") and text.strip() and words:
            page.wait_for_function("document.getElementById('said').textContent")
        yield from (Fault(address[:200], what) for what in report(page))
        if not page.url.startswith(base):
            yield Fault(address[:200], f"led to {page.url[:200]}")
