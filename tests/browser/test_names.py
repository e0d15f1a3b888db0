"""Clicks to authors with hostile names, from disk and over HTTP."""

from __future__ import annotations

from pathlib import Path

import hostile_names
from built_site import Site
from playwright.sync_api import Browser
from small_site import Site as Source
from trust.names import clicked

from . import ServeDir


def test_links_lead_to_authors_whatever_they_are_called(
    tmp_path: Path, browser: Browser, serve_dir: ServeDir
) -> None:
    names = hostile_names.names(12)
    source = Source(tmp_path)
    hostile_names.write(source.root / "content", names, formats=[""])
    source.build()
    tab = browser.new_page()
    for address in (source.public.as_uri(), serve_dir(source.public)):
        tried = list(clicked(tab, address, Site(source.public), names))
        assert len(tried) > 8
        assert not [trial for trial in tried if trial.fault]
    tab.close()
