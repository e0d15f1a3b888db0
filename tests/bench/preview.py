"""`hnsite serve` as its user meets it: a dump is saved, and the open page shows what is new."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from . import change
from .made import FIRST_ID
from .site import Site

REST = 1.5
"""Seconds between two changes: nobody saves more often."""


def reloads(browser: Browser, site: Site, output: Path, threads: Sequence[int]) -> Iterator[float]:
    """Seconds from a comment's coming into a thread's dump (one nested thread a file) until the open page of
    the thread shows it."""
    with _served(site, output) as address:
        for number, thread in enumerate(threads, 1):
            page = browser.new_page()
            page.goto(f"{address}item/{thread}.html")
            id = 2 * FIRST_ID + number
            time.sleep(REST)
            started = time.perf_counter()
            change.add_comment(site.content, "algolia", thread, id)
            page.wait_for_selector(f'[id="{id}"]', state="attached")
            yield time.perf_counter() - started
            page.close()


@contextmanager
def _served(site: Site, output: Path) -> Iterator[str]:
    places = ["-s", str(site.content), "-o", str(output), "-c", "hnsite.toml"]
    command = [sys.executable, "-u", "-m", "hnsite", "serve", "--port", "0", *places]
    with subprocess.Popen(command, cwd=site.folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
        finally:
            process.terminate()
