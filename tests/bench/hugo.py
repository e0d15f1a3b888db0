"""The same pages for Hugo: a finished site -> a Hugo site with as many pages of the same size.

What stands in <main> of each page is content that Hugo copies as it is (.html with front matter, no
Markdown), around it one small layout made of our own page: as little work as Hugo can have. It makes the
pages and nothing else: no taxonomies, lists, feeds or sitemap.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from . import trees
from .site import NotMeasuredError

SETTINGS = """baseURL = "https://example.org/"
uglyURLs = true
disablePathToLower = true
disableHugoGeneratorInject = true
disableKinds = ["home", "section", "taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404"]
"""


class Parts(NamedTuple):
    """A page around its title and its content."""

    head: str
    title: str
    neck: str
    content: str
    foot: str


def command(source: Path, output: Path) -> list[str]:
    """Hugo as it is measured. Raises NotMeasuredError where there is none."""
    if not shutil.which("hugo"):
        raise NotMeasuredError("hugo is not installed")
    return ["hugo", "--quiet", "-s", str(source), "-d", str(output)]


def make(site: Path, source: Path) -> None:
    """Writes the Hugo site ``source`` that stands for the finished site in ``site``."""
    folders: set[Path] = set()
    layout = None
    for path in trees.files(site):
        if not path.endswith(".html"):
            continue
        parts = split((site / path).read_text("utf-8"))
        if layout is None or path.startswith("item/"):
            layout = layout if layout and layout.title else parts
        target = source / "content" / (path if "/" in path else f"top/{path}")
        target = target.with_name(f"p-{target.name}")  # index.html would mean something to Hugo
        if target.parent not in folders:
            target.parent.mkdir(parents=True)
            folders.add(target.parent)
        front = json.dumps({"title": parts.title, "url": f"/{path}"}, ensure_ascii=False)
        target.write_text(f"{front}\n{_plain(parts.content)}", "utf-8")
    if layout is None:
        raise NotMeasuredError("the site has no pages")
    layouts = source / "layouts" / "_default"
    layouts.mkdir(parents=True)
    text = (
        f"{_plain(layout.head)}{{{{ .Title }}}}{_plain(layout.neck)}{{{{ .Content }}}}{_plain(layout.foot)}"
    )
    (layouts / "single.html").write_text(text, "utf-8")
    (source / "hugo.toml").write_text(SETTINGS, "utf-8")
    if (site / "static").is_dir():
        shutil.copytree(site / "static", source / "static" / "static")


def split(page: str) -> Parts:
    """A page in parts. The content is all of the body where there is no <main>."""
    name = "main" if "<main" in page else "body"
    found = re.fullmatch(rf"(.*?<title>)(.*?)(</title>.*?<{name}\b[^>]*>)(.*)(</{name}>.*)", page, re.DOTALL)
    if not found:
        return Parts("<title>", "", "</title>", page, "")
    head, title, neck, content, foot = found.groups()
    return Parts(head, html.unescape(title), neck, content, foot)


def _plain(text: str) -> str:
    """Braces that Hugo would read as its own."""
    return text.replace("{{", "&#123;&#123;")
