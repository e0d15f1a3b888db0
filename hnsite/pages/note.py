"""Notes: pages that somebody wrote for the site, and the list of them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from hnsite import urls
from hnsite.config import Config
from hnsite.markup import render_page
from hnsite.model import Note, Page
from hnsite.pages.chrome import Chrome, chrome
from hnsite.pages.when import When, when

_TAKEN = ("content", "end")
"""Names that templates give to parts of every page."""


@dataclass(frozen=True, slots=True)
class NoteView:
    chrome: Chrome
    description: str
    when: When | None
    body: Markup


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as the list shows it."""

    title: str
    url: str
    description: str
    when: When | None


@dataclass(frozen=True, slots=True)
class NotesView:
    chrome: Chrome
    notes: tuple[NoteLine, ...]


OnPlace = Callable[[str], "str | None"]
"""The address to which a relative link leads, None for none."""


def body(note: Note, on_place: OnPlace, held: Container[str], config: Config) -> Markup:
    """The text of a note; links to items that are ``held`` lead to their pages here."""

    def on_item(id: str) -> str | None:
        if id not in held or not (config.has_pages or urls.is_hn(id)):
            return None
        path = urls.item_path(id) if config.has_pages else urls.find(id)
        return f'<a class="item-link" href="{urls.relative(path, note.path)}">&gt;&gt;{id}</a>'

    return Markup(render_page(note.body, on_place, on_item, _TAKEN))


def page(note: Note, body: Markup, config: Config) -> Page:
    view = NoteView(chrome(config, note.path, note.title), note.description, when(note.date), body)
    return Page(note.path, "note.html", view)


def list_page(notes: Iterable[Note], config: Config) -> Page:
    """All notes that are listed, in order."""
    path = urls.NOTES_PATH
    lines = tuple(
        NoteLine(one.title, urls.relative(one.path, path), one.description, when(one.date)) for one in notes
    )
    return Page(path, "notes.html", NotesView(chrome(config, path, "Pages"), lines))
