"""`hnsite serve` as its user meets it: a dump is saved, and the open page shows what is new."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser

from . import change
from .made import FIRST_ID
from .site import Site

REST = 1.5
"""Seconds between two changes: nobody saves more often."""
_NOTED = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const told = sessionStorage.told;
  const Known = EventSource;
  window.EventSource = class extends Known {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => { sessionStorage.told = now(); });
    }
  };
  new MutationObserver((_, observer) => {
    if (!document.getElementById("ID")) return;
    observer.disconnect();
    requestAnimationFrame(() => console.log(`shown ${told} ${now()}`));
  }).observe(document, { childList: true, subtree: true });
})()
"""
"""Runs before the page's own scripts and says when the page was told to reload, and when it is about to be
painted with the new comment: what asks from outside asks too late."""


class Reload(NamedTuple):
    """Seconds from a comment's coming into a dump until the open page is told, and until it shows it."""

    told: float
    shown: float


def reloads(browser: Browser, site: Site, output: Path, threads: Sequence[int]) -> Iterator[Reload]:
    """What it takes until the open page of a thread shows a comment that came into the thread's dump (one
    nested thread a file)."""
    with _served(site, output) as address:
        for number, thread in enumerate(threads, 1):
            id = 2 * FIRST_ID + number
            page = browser.new_page()
            page.add_init_script(_NOTED.replace("ID", str(id)))
            page.goto(f"{address}item/{thread}.html")
            time.sleep(REST)
            started = time.time()
            with page.expect_console_message(lambda message: message.text.startswith("shown")) as noted:
                change.add_comment(site.content, "algolia", thread, id)
            told, shown = map(float, noted.value.text.split()[1:])
            yield Reload(told / 1000 - started, shown / 1000 - started)
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
