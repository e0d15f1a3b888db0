"""The same threads for MHonArc: a finished site -> an mbox with one message an item."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import NamedTuple

import lxml.html
from lxml.html import HtmlElement

from .site import NotMeasuredError

BREAKS = re.compile(r"\n{3,}")
STORY = re.compile(rb'<article\b[^>]*\bclass="(?:[^"]* )?story[ "]')
"""What only the pages of threads have."""
BLOCKS = ("p", "pre", "blockquote", "li", "div", "br")


class Message(NamedTuple):
    """One item; ``parent`` is the id of what it replies to, empty for a story."""

    id: str
    parent: str
    author: str
    when: datetime
    subject: str
    text: str


def command(mbox: Path, output: Path) -> list[str]:
    """MHonArc as it is measured, with its default settings; makes the folder ``output``.

    Raises NotMeasuredError where there is none.
    """
    if not shutil.which("mhonarc"):
        raise NotMeasuredError("mhonarc is not installed")
    output.mkdir()
    return ["mhonarc", "-quiet", "-outdir", str(output), str(mbox)]


def write_mbox(site: Path, mbox: Path, most: int) -> tuple[int, int]:
    """Writes the items of the finished site, whole threads until there are ``most``.

    Returns how many were written, and how many the site has.
    """
    seen: set[str] = set()
    written = 0
    with mbox.open("w", encoding="utf-8", newline="\n") as file:
        for path in sorted(site.glob("item/**/*.html")):
            page = path.read_bytes()
            if not STORY.search(page) or path.stem.endswith(".time"):
                continue
            new = [message for message in messages(page) if message.id not in seen]
            seen.update(message.id for message in new)
            if written < most:
                file.writelines(map(entry, new))
                written += len(new)
    return written, len(seen)


def messages(page: bytes) -> Iterator[Message]:
    """The story and the comments of a thread's page, by the microformats that every theme keeps."""
    root = lxml.html.document_fromstring(page, parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True))
    title = _words(root.find(".//h1"))
    story = next((one for one in root.iter("article") if "story" in (one.get("class") or "").split()), None)
    top = str(story.get("id")) if story is not None else ""
    for article in root.iter("article"):
        if article is story:
            yield Message(
                top,
                "",
                _words(_one(article, "p-author")),
                _when(article),
                title,
                _text(article, "story-text"),
            )
        elif "h-entry" in (article.get("class") or "").split():
            link = _one(article, "u-in-reply-to")
            parent = link.get("href", "").rpartition("#")[2] if link is not None else top
            parent = parent.rpartition("/")[2].removesuffix(".html")
            author = _words(_one(article, "p-author")) or "unknown"
            yield Message(
                article.get("id", ""),
                parent,
                author,
                _when(article),
                f"Re: {title}",
                _text(article, "e-content"),
            )


def entry(message: Message) -> str:
    """A message as it stands in an mbox."""
    address = f"{re.sub('[^A-Za-z0-9]', '-', message.author) or 'unknown'}@example.org"
    headers = [
        f"From {address} {message.when:%a %b %d %H:%M:%S %Y}",
        f"From: {address} ({message.author})",
        f"Date: {format_datetime(message.when)}",
        f"Subject: {message.subject}",
        f"Message-ID: <{message.id}@example.org>",
    ]
    if message.parent:
        headers += [
            f"In-Reply-To: <{message.parent}@example.org>",
            f"References: <{message.parent}@example.org>",
        ]
    headers += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    body = re.sub(r"(?m)^(>*From )", r">\1", message.text)
    return "\n".join(headers) + f"\n\n{body}\n\n"


def _one(element: HtmlElement, name: str) -> HtmlElement | None:
    found = element.xpath(f'.//*[contains(concat(" ", normalize-space(@class), " "), " {name} ")]')
    return found[0] if found else None


def _words(element: HtmlElement | None) -> str:
    return "" if element is None else " ".join(element.text_content().split())


def _when(article: HtmlElement) -> datetime:
    """When it was written; the beginning of 1970 where the page does not know."""
    time = _one(article, "dt-published")
    try:
        return datetime.fromisoformat(time.get("datetime", "") if time is not None else "").astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _text(article: HtmlElement, name: str) -> str:
    """The body as plain text, a blank line between paragraphs."""
    body = _one(article, name)
    if body is None:
        return ""
    for block in body.iter(*BLOCKS):
        block.tail = f"\n\n{block.tail or ''}"
    return BREAKS.sub("\n\n", body.text_content()).strip()
