"""The same thread, dumped again later: what is new, edited, rescored or deleted since."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from built_site import Page
from small_site import STORY, WORDS, Site, api

DAY = 86_400
FIRST, SECOND, THIRD = (1_700_000_000 + days * DAY for days in (1, 2, 3))


def capture(time: int | None, *items: dict[str, object]) -> str:
    """Items as a dump has them that says when it was taken, or does not."""
    wrapped = [{"id": item["id"], "body": item, "retrieved_at_ts": time} if time else item for item in items]
    return "".join(f"{json.dumps(one)}\n" for one in wrapped)


Capture = tuple[int, list[dict[str, object]]]
FOUND: list[Capture] = [
    (FIRST, [STORY, api(id=2, parent=1, text="One."), api(id=3, parent=2, by="Bob", text="Stays.")]),
    (SECOND, [{**STORY, "score": 7}, api(id=2, parent=1, text="Two."), api(id=4, parent=1, text="New.")]),
    (THIRD, [{**STORY, "score": 5}, {"id": 3, "type": "comment", "parent": 2, "deleted": True}]),
]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


def page(site: Site, id: int = 1) -> Page:
    path = f"item/{id}.html"
    return Page(path, (site.public / path).read_bytes())


def text(site: Site, id: int) -> str:
    article = page(site).root.get_element_by_id(str(id))
    return " ".join(article.text_content().split())


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_captures_in_any_order(site: Site, order: tuple[int, ...]) -> None:
    """The newest word counts, whatever the dumps are called and however they overlap."""
    for name, place in enumerate(order):
        site.write(f"{name}.json", capture(FOUND[place][0], *FOUND[place][1]))
    report = site.build()
    assert not report.problems
    assert "5 points" in page(site).root.text_content()
    assert "edited, seen 2023-11-16" in text(site, 2)
    assert "Two." in text(site, 2)
    assert "One." not in text(site, 2)
    assert "New." in text(site, 4)
    assert "edited" not in text(site, 4)
    assert "[deleted]" in text(site, 3)
    assert "Bob" not in text(site, 3)
    assert "Stays." not in text(site, 3)
    assert not (site.public / "user/bob.html").exists()


def test_what_was_deleted_can_be_shown(site: Site) -> None:
    for name, found in enumerate(FOUND):
        site.write(f"{name}.json", capture(found[0], *found[1]))
    site.settings = 'deleted = "show"'
    site.build()
    assert "[deleted] the last known text: Stays." in text(site, 3)
    assert "Bob" in text(site, 3)
    shown = site.pages()
    site.settings = ""
    site.build()
    assert "Stays." not in text(site, 3)
    assert not any(b"Stays." in page for page in site.pages().values())
    site.settings = 'deleted = "show"'
    site.build()
    assert site.pages() == shown


def test_what_is_back_is_shown(site: Site) -> None:
    site.write("a.json", capture(FIRST, STORY, {"id": 2, "type": "comment", "parent": 1, "deleted": True}))
    site.write("b.json", capture(SECOND, api(id=2, parent=1, text="Back.")))
    site.build()
    assert "Back." in text(site, 2)
    assert "[deleted]" not in text(site, 2)


def test_dumps_that_do_not_say_when_they_were_taken(site: Site) -> None:
    """They were taken after the newest thing in them; which one is newer is a guess, and is told."""
    site.write("a.json", capture(None, STORY, api(id=2, parent=1, text="One.")))
    site.write("b.json", capture(None, api(id=2, parent=1, text="Two."), api(id=3, parent=1, time=SECOND)))
    report = site.build()
    assert "edited, seen after 2023-11-16" in text(site, 2)
    assert "Two." in text(site, 2)
    assert [problem.reason for problem in report.problems] == [
        "another text for item 2 than at content/b.json:1, which is used"
    ]


def test_other_markup_is_no_edit(site: Site) -> None:
    site.write("a.json", capture(FIRST, STORY, api(id=2, parent=1, text="A <i>b</i> &#x27;c&#x27;<p>d")))
    site.write("b.json", capture(SECOND, api(id=2, parent=1, text="<p>A <i>b</i> 'c'</p><p>d</p>")))
    site.build()
    assert "edited" not in text(site, 2)


def test_an_edited_story_says_so(site: Site) -> None:
    site.write("a.json", capture(FIRST, {**STORY, "text": WORDS[0]}))
    site.write("b.json", capture(SECOND, {**STORY, "text": WORDS[3]}))
    site.build()
    assert "edited, seen 2023-11-16" in " ".join(page(site).root.text_content().split())
