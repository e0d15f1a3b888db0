"""The pages of notes, the list of them, and what one says above the threads of the front page."""

from __future__ import annotations

import json
from collections.abc import Generator
from functools import partial

from markupsafe import Markup

from hnsite.model import Note, Page
from hnsite.notes import in_order, numbers, target, way_of
from hnsite.pages import note as note_pages
from hnsite.plan import Plan
from hnsite.tools import Tools
from hnsite.urls import FRONT_PATH, NOTES_PATH


def site_pages(plan: Plan, tools: Tools) -> Generator[Page | str, None, bytes]:
    """All notes; of pages that stay as they are the path only.

    Returns what the next build is to know: a digest of what each is made of.
    """
    notes = [note for note in plan.notes if note.path != FRONT_PATH]
    for note in notes:
        if plan.is_all or note.path in plan.stale_notes or plan.is_lost(note.path):
            yield note_pages.page(note, _body(note, plan, tools), tools.config)
        else:
            yield note.path
    if any(path == NOTES_PATH for _, path in tools.config.nav):
        yield note_pages.list_page(in_order(note for note in notes if note.listed), tools.config)
    return json.dumps(plan.note_digests).encode()


def introduction(plan: Plan, tools: Tools) -> Markup | None:
    """What the front page says of the archive before it lists threads, if somebody wrote something."""
    front = next((note for note in plan.notes if note.path == FRONT_PATH), None)
    return _body(front, plan, tools) if front else None


def _body(note: Note, plan: Plan, tools: Tools) -> Markup:
    on_place = partial(target, note=note, ways=way_of(plan.notes))
    return note_pages.body(note, on_place, tools.catalog.held(numbers([note])), tools.config)
