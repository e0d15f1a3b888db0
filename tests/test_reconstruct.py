"""The measurement of rebuilt trees, and that on real threads they are as right as the manual says."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from bench import reconstruct
from bench.reconstruct import Guess, Score

from hnsite.clues import TOP
from hnsite.link import threads
from hnsite.merge import merge
from hnsite.model import Comment, Dialect, Evidence, Kind, Moment, Record, State, Thread
from hnsite.readers import flat

SAMPLE = Path(__file__).parents[1] / "content"
START = 1_700_000_000
LONG = "The harbour clock has been seven minutes slow since the winter, and every ferry leaves by it."


def comment(id: str, parent: str, author: str | None, text: str, hours: float, **more: State) -> Comment:
    made = Moment(int(START + 3600 * hours))
    state = more.get("state", State.LIVE)
    fixed = (id, Kind.COMMENT, parent, Evidence.STATED, 0, author, made, text, Dialect.HN, None)
    return Comment(*fixed, state, True, (), 0)


FIXED = ("1", Kind.STORY, None, Evidence.STATED, -1, "ann", Moment(START), None, Dialect.HN, None)
ROOT = Comment(*FIXED, State.LIVE, True, (), 5)
THREAD = Thread(
    ROOT,
    (),
    (
        comment("2", "1", "bob", f"{LONG}<p>Nobody minds.", 1),
        comment("3", "2", "cid", f"&gt; {LONG}<p>I mind.", 2),
        comment("4", "2", None, "gone", 2, state=State.DELETED),
        comment("5", "4", "dan", "I answered somebody.", 3),
        comment("6", "1", "eve", "Far too late for this page.", 90),
    ),
    None,
    (),
)


def test_a_thread_as_its_page_shows_it() -> None:
    found = reconstruct.flatten(THREAD, 4 * 3600)
    assert found.truth == (TOP, 0, None)
    posts = f"bob\n3 hours ago\n{LONG}\nNobody minds.\ncid\n2 hours ago\n> {LONG}\nI mind.\n"
    assert found.text == f"{posts}dan\n1 hour ago\nI answered somebody."
    ages = [reconstruct.shown_age(seconds) for seconds in (0, 59, 3599, 90_000, 40 * 86_400, 800 * 86_400)]
    assert ages == [
        "0 minutes ago",
        "0 minutes ago",
        "59 minutes ago",
        "1 day ago",
        "1 month ago",
        "2 years ago",
    ]


def test_guesses_are_compared_with_the_truth() -> None:
    found = reconstruct.guesses(reconstruct.flatten(THREAD, 4 * 3600))
    assert [one.right for one in found] == [True, True, False]
    assert [one.shown for one in found][:2] == [True, True]


def test_scores() -> None:
    sure, wrong = Guess(0.99, True, True, True, False), Guess(0.9, False, True, False, True)
    found = [sure, wrong, Guess(0.6, True, False, True, False), Guess(0.5, False, False, False, False)]
    assert reconstruct.score(found) == Score(0.5, 0.5)
    assert reconstruct.score(found, 0.95) == Score(1, 0.25)
    assert reconstruct.score([]) == Score(1, 0)
    assert reconstruct.baselines(found) == (0.5, 0.25)


def test_the_sample_threads_are_found_and_rebuilt() -> None:
    """Threads that we made ourselves: what is shown of them is true."""
    found = reconstruct.by_thread(SAMPLE)
    assert found
    assert reconstruct.score(every(found)).precision >= 0.95


def every(found: dict[tuple[str, str], dict[str, list[Guess]]]) -> list[Guess]:
    return reconstruct.everything(some for flats in found.values() for some in flats.values())


@pytest.mark.slow
def test_what_is_shown_of_real_threads_is_true(shared: Path) -> None:
    """At least 95 of 100 shown places are the true ones, in the longest discussion alone too."""
    found = {
        name: flats
        for name, flats in reconstruct.by_thread(shared / "data").items()
        if name[0] == "Hacker News"
    }
    together = reconstruct.score(every(found))
    assert together.precision >= 0.97 and together.coverage >= 0.4
    longest = reconstruct.score(reconstruct.everything(found["Hacker News", "25015967"].values()))
    assert longest.precision >= 0.95 and longest.coverage >= 0.18


@pytest.mark.parametrize(("name", "least"), [("6374031", 2), ("7404389", 8), ("48350598", 15)])
def test_pasted_threads(shared: Path, name: str, least: int) -> None:
    folder = shared / "data/hn-flat-text"
    truth = [one["parent"] for one in json.loads((folder / f"{name}.gold.json").read_text("utf-8"))]
    placed = places((folder / f"{name}.txt").read_bytes())
    right = sum(truth[n - 1] == parent for n, parent in placed.items())
    assert right >= 0.95 * len(placed) and right >= least


def test_the_seed_without_a_tree(shared: Path) -> None:
    """Against a careful judgement by hand, which knows alternatives."""
    gold = json.loads((shared / "data/hn-flat-text/seed-002.gold.json").read_text("utf-8"))["comments"]
    (seed,) = (shared / "seeds").glob("002_*")
    placed = places(seed.read_bytes())
    right = sum(gold[n - 1]["parent"] == parent for n, parent in placed.items())
    assert right >= 0.95 * len(placed) and right >= 23


def places(dump: bytes) -> dict[int, int | None]:
    """The inferred parents of a flat dump alone, both numbered from 1 as it has them; None is the story."""
    records = [one for one in flat.read(io.BytesIO(dump), "dump") if isinstance(one, Record)]
    ((root, said),) = threads(records)[0].items()
    comments = sorted(merge(said, root).comments, key=lambda one: one.position or 0)
    numbers = {one.id: number for number, one in enumerate(comments, 1)}
    return {
        numbers[one.id]: numbers.get(one.parent or "")
        for one in comments
        if one.evidence not in (Evidence.UNKNOWN, Evidence.THREAD, Evidence.STATED)
    }
