"""The sample site -> the pictures of docs/screenshots/: ``make screenshots``."""

from __future__ import annotations

import shutil
import tempfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import chromium
import click
from PIL import Image
from playwright.sync_api import Browser

from . import site
from .axe import PHONE, WIDE, Look

PICTURES = site.REPOSITORY / "docs" / "screenshots"
COLOURS = 128
"""So many are enough for text, and make a third of the bytes."""
THREAD = "item/90001001.html"


class Picture(NamedTuple):
    """What is shown, how: ``path`` is below the site, with the anchor of a comment where that matters."""

    name: str
    theme: str
    path: str
    look: Look
    height: int = 800


TABLE = (
    Picture("front", "default", "index.html", Look(WIDE, "light")),
    Picture("thread", "default", THREAD, Look(WIDE, "light"), 1000),
    Picture("thread-phone-dark", "default", f"{THREAD}#90001022", Look(PHONE, "dark")),
    Picture("permalink", "default", "item/90001020.html", Look(WIDE, "light")),
    Picture("board", "board", THREAD, Look(WIDE, "light")),
)
"""A theme that is not there yet is left out."""


def main() -> None:
    """Makes the pictures of all themes."""
    browser = chromium.find()
    if browser is None:
        raise click.ClickException("no chromium on this machine; `make screenshots` installs it on Debian")
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="hnsite-screenshots-") as root,
        chromium.started(browser) as started,
    ):
        sites = {theme: _sample(Path(root) / theme, theme) for theme in site.themes()}
        for picture in TABLE:
            if picture.theme in sites:
                png = _take(started, sites[picture.theme], picture)
                (PICTURES / f"{picture.name}.png").write_bytes(_light(png))


def _sample(root: Path, theme: str) -> Path:
    """The dumps of content/, built with the theme."""
    shutil.copytree(site.REPOSITORY / "content", root / "content")
    (root / "hnsite.toml").write_text(f'theme = "{theme}"\n', "utf-8")
    site.build(root)
    return root / "public"


def _take(browser: Browser, folder: Path, picture: Picture) -> bytes:
    page = browser.new_page(
        viewport={"width": picture.look.width, "height": picture.height}, color_scheme=picture.look.scheme
    )
    page.goto(f"{folder.as_uri()}/{picture.path}")
    png = page.screenshot()
    page.close()
    return png


def _light(png: bytes) -> bytes:
    """The same picture in fewer colours and bytes."""
    light = BytesIO()
    few = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(light, "PNG", optimize=True)
    return light.getvalue()


if __name__ == "__main__":
    main()
