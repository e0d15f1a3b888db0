"""Tests of a finished site in real headless Chromium. This file holds the types of their fixtures."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from playwright.sync_api import Page


class OpenPage(Protocol):
    """Opens an address as a reader with these settings would; `file://` works too."""

    def __call__(
        self,
        url: str,
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        javascript: bool = True,
        touch: bool = False,
        timezone: str = "UTC",
    ) -> Page: ...


class ServeDir(Protocol):
    """Serves a folder until the tests end; returns its address, without a slash at the end."""

    def __call__(self, folder: Path) -> str: ...
