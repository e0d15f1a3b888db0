"""The parts of views: nesting, parting, orders, lists and dates. What templates make of them is elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hnsite.config import Config
from hnsite.model import Author, Comment, Dialect, Evidence, Kind, Moment, State, Thread
from hnsite.pages import author, permalink, thread
from hnsite.pages.card import join, parted
from hnsite.pages.thread import by_time, latest, most_active, popular, split
from hnsite.pages.tree import DEEPEST, folds, nest
from hnsite.pages.when import When, when

ROOT = Comment(
    id="1",
    kind=Kind.STORY,
    parent=None,
    evidence=Evidence.STATED,
    depth=-1,
    author="op",
    created=None,
    body=None,
    dialect=Dialect.HN,
    score=None,
    state=State.LIVE,
    held=True,
    replies=(),
    size=0,
)


def tree(depths: Sequence[int]) -> list[Comment]:
    """Comments in reading order with these depths; ids from 2, sizes and parents as they follow."""
    path: list[str] = []
    comments: list[Comment] = []
    for index, depth in enumerate(depths):
        path[depth:] = [str(index + 2)]
        parent = path[depth - 1] if depth else ROOT.id
        size = next((n for n, one in enumerate(depths[index + 1 :]) if one <= depth), len(depths) - index - 1)
        made = replace(
            ROOT, id=path[-1], kind=Kind.COMMENT, parent=parent, depth=depth, author=None, size=size
        )
        comments.append(made)
    return comments


def thread_of(comments: Sequence[Comment]) -> Thread:
    return Thread(ROOT, (), tuple(comments), None, ())


@st.composite
def preorders(draw: st.DrawFn, most: int = 40) -> list[int]:
    """Depths in reading order: each at most one more than the one before."""
    depths = [0] if draw(st.booleans()) else []
    for step in draw(st.lists(st.integers(-4, 1), max_size=most)):
        depths.append(max(0, depths[-1] + step) if depths else 0)
    return depths


# ---- nesting

Places = list[tuple[str, int, list[str]]]


def places(html: str) -> Places:
    """(id, level, ids of the cards around it) of each card, from strictly well-formed lists."""
    open_tags: list[str] = []
    around: list[str] = []
    found: Places = []
    assert re.sub(r"<[^<>]*>|\[\d+\]|#\d+|continues from ", "", html) == ""
    for token in re.findall(r"<[^<>]*>|\[\d+\]", re.sub(r"<p class.*?</p>", "", html)):
        if token.startswith("</"):
            assert open_tags.pop() == token[2:-1]
            if token == "</li>":
                around.pop()
        elif token.startswith("<"):
            name = token[1:-1].split()[0]
            assert (open_tags[-1] if open_tags else "li") == {"ol": "li", "li": "ol"}[name]
            open_tags.append(name)
            if name == "li":
                around.append("")
                assert int(re.findall(r'class="(?:s\d )?d(\d+)', token)[0]) == len(around) - 1
        else:
            around[-1] = token[1:-1]
            found.append((around[-1], len(around) - 1, around[:-1]))
    assert not open_tags
    return found


def lists(comments: Sequence[Comment]) -> str:
    """The nested lists of comments, each shown as its id in brackets, without what folds and leads."""
    html = "".join(nest(comments, lambda comment, ways: f"[{comment.id}]", {}))
    return re.sub(r"</?details[^<>]*>|<summary>.*?</summary>", "", html)


def nested(comments: Sequence[Comment]) -> Places:
    return places(lists(comments))


def ancestors(comments: Sequence[Comment], comment: Comment) -> list[str]:
    """The ids above a comment that are among ``comments``, outermost first."""
    by_id = {one.id: one for one in comments}
    above: list[str] = []
    here = by_id.get(comment.parent or "")
    while here:
        above.insert(0, here.id)
        here = by_id.get(here.parent or "")
    return above


@settings(max_examples=200)
@given(preorders(), st.integers(0, 40), st.integers(0, 40))
@example([0, 1, 2, 1, 2, 2, 0], 2, 5)
def test_slices_nest_by_the_ancestors_that_they_hold(depths: list[int], start: int, length: int) -> None:
    """Every card once, in order, inside of exactly those of its ancestors that the page shows."""
    comments = tree(depths)[start : start + length]
    expected = [(one.id, len(above), above) for one in comments for above in [ancestors(comments, one)]]
    assert nested(comments) == expected


@pytest.mark.parametrize("start", [0, 1, 50, 150])
def test_three_hundred_levels_stop_nesting_at_the_deepest(start: int) -> None:
    """Below it the cards stand side by side, each with a word on whose reply it is."""
    comments = tree([*range(300), 150, 151, 20, 21, 0, 1])[start:]
    comments = [
        one for one in comments if one.depth != 299 or one.id == "301"
    ]  # 299 after 150 is no preorder
    html = lists(comments)
    found = places(html)
    assert [id for id, _, _ in found] == [one.id for one in comments]
    assert max(level for _, level, _ in found) == DEEPEST
    assert (
        max(html[:end].count("<ol") - html[:end].count("</ol") for end in range(0, len(html), 40))
        == DEEPEST + 1
    )
    by_id = {one.id: one for one in comments}
    for id, level, above in found:
        parent = by_id[id].parent
        if parent not in by_id or above[-1] == parent:
            assert f"[{id}]" in html and f"</a></p>[{id}]" not in html
        else:
            assert level == DEEPEST
            assert f'<a href="#{parent}">#{parent}</a></p>[{id}]' in html


@settings(max_examples=60)
@given(st.lists(st.integers(-30, 12), max_size=200), st.integers(0, 100))
def test_deep_threads_nest_well(steps: list[int], start: int) -> None:
    """Long runs downwards and jumps back up, from any place on."""
    depths = [0]
    for step in steps:
        depths.extend(
            range(depths[-1] + 1, depths[-1] + 1 + step) if step > 0 else [max(0, depths[-1] + step)]
        )
    comments = tree(depths)[start:]
    found = nested(comments)
    assert [id for id, _, _ in found] == [one.id for one in comments]
    for one, (_, level, above) in zip(comments, found, strict=True):
        true = ancestors(comments, one)
        assert above == true[: len(above)]
        assert level == min(len(true), DEEPEST)


def test_nothing_nests_to_nothing() -> None:
    assert lists([]) == ""


def test_a_stub_is_marked() -> None:
    stub = replace(tree([0])[0], held=False)
    assert lists([stub]) == '<ol class="comments"><li class="d0 missing">[2]</li></ol>'


def test_what_a_folded_branch_says() -> None:
    """Whose it is, how many replies, and who wrote the first of them, each once."""
    names = ["ann", "bob", "ann", None, "eve", "<b>", "zoë", "bob", "sam"]
    comments = [
        replace(one, author=name) for one, name in zip(tree([0, 1, 2, 3, 1, 0, 1, 0, 0]), names, strict=True)
    ]
    comments[3] = replace(comments[3], state=State.DELETED)
    comments[7] = replace(comments[7], held=False, author=None, size=0)
    assert folds(comments) == {
        "2": "ann and 4 replies by bob, eve",
        "3": "bob and 2 replies by ann",
        "4": "ann and 1 reply",
        "7": "<bdi>&lt;b&gt;</bdi> and 1 reply by <bdi>zoë</bdi>",
    }


def test_a_folded_branch_names_few() -> None:
    comments = [replace(one, author=f"a{index}") for index, one in enumerate(tree([0, 1, 2, 1, 1, 1]))]
    assert folds(comments)["2"] == "a0 and 5 replies by a1, a2, a3 and others"
    assert folds([replace(comments[0], author=None, held=False), *comments[1:]])["2"].startswith(
        "[missing] and"
    )


@pytest.mark.parametrize(
    "depths, expected",
    [
        ([0], [""]),
        ([0, 0, 0], ["next 3", "prev 2 next 4", "prev 3"]),
        ([0, 1, 1, 2], ["", "parent 2 next 4", "parent 2 prev 3", "root 2 parent 4"]),
        ([0, 1, 2, 1, 0], ["next 6", "parent 2 next 5", "root 2 parent 3", "parent 2 prev 3", "prev 2"]),
    ],
)
def test_ways_lead_to_the_comments_around(depths: list[int], expected: list[str]) -> None:
    found: list[str] = []

    def show(comment: Comment, ways: str) -> str:
        found.append(" ".join(f"{name} {id}" for id, name in re.findall(r'href="#(\d+)">(\w+)</a>', ways)))
        assert (ways == "") == (found[-1] == "")
        return ""

    nest(tree(depths), show, {})
    assert found == expected


# ---- marks


def test_join_fills_links_and_numbers() -> None:
    """A link stays on the page that shows its comment, and leads to the permalink from others."""
    card = parted('<a href="\x025\x03">\x04</a><a href="\x02zak--1\x03"></a>')
    assert join(card, {"5"}, "7.") == '<a href="#5">7.</a><a href="../item/zak--1.html"></a>'
    assert join(card, {"5", "zak--1"}) == '<a href="#5"></a><a href="#zak--1"></a>'
    assert join(card, set()) == '<a href="../item/5.html"></a><a href="../item/zak--1.html"></a>'
    assert join(parted("\x04"), set(), "1.") == "1."


# ---- parting


SMALL = 10


@settings(max_examples=150)
@given(st.lists(st.integers(1, 2 * SMALL), max_size=6))
@example([])
@example([SMALL])
@example([SMALL + 1])
@example([1, SMALL])
@example([SMALL, 1])
@example([3 * SMALL])
def test_pages_part_the_thread(branches: list[int]) -> None:
    """Every comment on one page, in order, none too large, branches whole where that is possible."""
    comments = tree([depth for branch in branches for depth in [0] + [1] * (branch - 1)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(thread, "LARGEST", SMALL)
        slices = split(comments)
    assert [start for start, _ in slices] == [0, *(end for _, end in slices[:-1])]
    assert slices[-1][1] == len(comments)
    assert all(0 < end - start <= SMALL for start, end in slices) or (not comments and slices == [(0, 0)])
    for start, end in slices[:-1]:
        assert comments[end].depth == 0 or all(one.depth for one in comments[start + 1 : end + 1])


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, thread.HEAVIEST // 3)), min_size=1, max_size=20))
def test_no_page_is_too_heavy(items: list[tuple[int, int]]) -> None:
    """A page ends with the comment that makes it too heavy, or the one behind it."""
    body = "x" * (thread.HEAVIEST // 3)
    comments = [
        replace(ROOT, id=str(n), depth=depth and n, body=body[:size]) for n, (depth, size) in enumerate(items)
    ]
    slices = split(comments)
    assert [start for start, _ in slices] == [0, *(end for _, end in slices[:-1])]
    for start, end in slices:
        assert end > start
        weights = [thread.CARD_WEIGHT + len(one.body or "") for one in comments[start:end]]
        assert sum(weights[:-2]) <= thread.HEAVIEST


@settings(max_examples=100)
@given(preorders(60), st.data())
def test_a_subtree_is_in_one_piece(depths: list[int], data: st.DataObject) -> None:
    comments = tree([*depths, 0])
    index = data.draw(st.integers(0, len(comments) - 1))
    shown, cut = permalink.subtree(comments, index)
    below = [one for one in comments if comments[index].id in (one.id, *ancestors(comments, one))]
    assert (shown, cut) == (below, 0)


def test_a_subtree_is_bounded() -> None:
    """What is cut at the end is counted, what is cut for its depth hangs below what is shown."""
    wide = tree([0] + [1] * 3000 + [0])
    shown, cut = permalink.subtree(wide, 0)
    assert len(shown) + cut == 3001
    assert len(shown) == permalink.MOST_BELOW + 1
    deep = tree(range(3000))
    shown, cut = permalink.subtree(deep, 7)
    assert [one.depth for one in shown] == list(range(7, 7 + permalink.DEEPEST_BELOW + 1))
    assert cut == 0


def test_the_context_is_the_nearest_ancestors() -> None:
    comments = tree([*range(80), 3])
    by_id = {one.id: one for one in comments}
    assert [one.depth for one in permalink.nearest_above(comments[-1], by_id)] == [0, 1, 2]
    above = permalink.nearest_above(comments[79], by_id)
    assert [one.depth for one in above] == list(range(79 - permalink.MOST_ABOVE, 79))
    assert permalink.nearest_above(comments[0], by_id) == []


@pytest.mark.parametrize("total", [1, 99, 100, 101, 199, 200, 201, 550])
def test_older_pages_of_an_author_stay_as_they_are(total: int) -> None:
    """A page that has a number holds the same comments for ever, whatever is added; nothing is on two."""
    entries = [author.Writing(str(n), f"thread {n}", f"[{n}]") for n in range(1, total + 101)]
    before, after = (
        list(author.pages(Author("marl", 0, count, None, None), iter(entries[:count]), Config(root=None)))  # type: ignore[arg-type]
        for count in (total, total + 100)
    )
    for pages, count in ((before, total), (after, total + 100)):
        cards = [card.decode() for page in pages for card in reversed(page.texts[author.FIXED + 3 :: 5])]
        assert cards == [f"[{n}]" for n in range(1, count + 1)]
    numbered = [page for page in before if page.path != "user/marl.html"]
    kept = {page.path: page for page in after}
    assert all(kept[page.path].texts[8:] == page.texts[8:] for page in numbered)


# ---- by time


def comment(id: str, created: Moment | None = None) -> Comment:
    return replace(ROOT, id=id, kind=Kind.COMMENT, created=created)


def in_order(*comments: Comment) -> list[str]:
    return [one.id for one in by_time(comments)]


def test_dated_comments_by_date() -> None:
    assert in_order(comment("7", Moment(30)), comment("5", Moment(10)), comment("x1", Moment(20))) == [
        "5",
        "x1",
        "7",
    ]


def test_the_same_second_by_id() -> None:
    assert in_order(comment("10", Moment(5)), comment("9", Moment(5)), comment("x9", Moment(5))) == [
        "9",
        "10",
        "x9",
    ]


def test_undated_ones_stand_among_their_neighbours() -> None:
    """Ids grow with time, so an id tells about when."""
    dated = [comment("30", Moment(300)), comment("10", Moment(100)), comment("20", Moment(200))]
    assert in_order(comment("25"), *dated, comment("15"), comment("5"), comment("35")) == [
        "5", "10", "15", "20", "25", "30", "35"
    ]  # fmt: skip


def test_without_any_date_ids_tell_the_order() -> None:
    """A board page often has no dates at all, and its ids still say who wrote first."""
    assert in_order(comment("30"), comment("10"), comment("20")) == ["10", "20", "30"]


def test_then_ages_oldest_first_then_the_rest_as_it_stands() -> None:
    ages = [
        comment(f"x{words[0]}", Moment(None, words.split()[1], words))
        for words in ("2 days ago", "5 hours ago")
    ]
    old = comment("xan", Moment(None, "year", "a year ago"))
    rest = [comment("xb"), comment("xa"), comment("xc", Moment(None, "year", "the day before"))]
    found = in_order(rest[0], ages[1], rest[1], old, comment("9", Moment(9)), ages[0], rest[2])
    assert found == ["9", "xan", "x2", "x5", "xb", "xa", "xc"]


moments = (
    st.none() | st.builds(Moment, st.integers(0, 99)) | st.sampled_from([Moment(None, "day", "2 days ago")])
)
some = st.lists(
    st.tuples(st.integers(1, 60).map(str) | st.sampled_from(["xa", "xb"]), moments), unique_by=lambda o: o[0]
)


@settings(max_examples=150)
@given(some)
def test_by_time_shows_everything_once(given: list[tuple[str, Moment | None]]) -> None:
    """And dates never run backwards."""
    comments = [comment(id, created) for id, created in given]
    found = by_time(comments)
    assert sorted(one.id for one in found) == sorted(one.id for one in comments)
    dates = [one.created.epoch for one in found if one.created and one.created.epoch is not None]
    assert dates == sorted(dates)


def test_the_way_to_a_comment_by_time() -> None:
    """On the page that shows it; a stub is on none."""
    comments = tree([0] * (thread.LARGEST + 2))
    comments[0] = replace(comments[0], held=False)
    found = thread.time_urls(thread_of(comments))
    assert found.keys() == {one.id for one in comments[1:]}
    assert [found[comments[place].id] for place in (1, -2, -1)] == ["1.time.html"] * 2 + ["1.time.2.html"]


# ---- what is new


def test_the_latest_is_the_highest_number_and_the_last_date() -> None:
    """Numbers are compared as numbers; ids of other kinds have none."""
    comments = [comment("9"), comment("10"), comment("x0a1b2c3d4e5f"), comment("lobsters-99")]
    assert latest(comments, [5, 7]) == "10 7"
    assert latest(comments[2:], [5]) == "0 5"
    assert latest([], []) == "0 0"


# ---- most active, popular


def by(*counts: tuple[str | None, int]) -> Thread:
    """A thread of comments by these authors."""
    authors = [name for name, count in counts for _ in range(count)]
    return thread_of([replace(comment(str(n)), author=name) for n, name in enumerate(authors, 2)])


def test_most_active_from_three_comments_in_threads_of_more_than_ten() -> None:
    assert most_active(by(("a", 3), ("b", 7))) == ()
    found = most_active(by(("b", 3), ("a", 3), ("c", 2), (None, 9), ("d", 4)))
    assert [(one.name, one.comments) for one in found] == [("d", 4), ("a", 3), ("b", 3)]
    assert found[0].url == "../user/d.html"


def test_most_active_are_ten() -> None:
    found = most_active(by(*((f"u{n:02}", 3) for n in range(12))))
    assert [one.name for one in found] == [f"u{n:02}" for n in range(10)]


def test_missing_comments_make_no_thread_long() -> None:
    comments = by(("a", 10)).comments
    stubs = [replace(comment(str(n)), held=False) for n in range(50, 60)]
    assert most_active(thread_of([*comments, *stubs])) == ()
    assert most_active(thread_of([*comments, comment("99")])) != ()


def test_popular_from_three_replies_the_first_twenty() -> None:
    counts = [2, 3, 5, 3] + [4] * 30
    comments = [
        replace(comment(str(n)), author="a", replies=tuple(str(1000 + n * 10 + k) for k in range(count)))
        for n, count in enumerate(counts, 2)
    ]
    found = popular(thread_of(comments[::-1]))
    assert [one.ref.id for one in found] == ["4", *(str(n) for n in range(6, 25))]
    assert Counter(one.replies for one in found) == {5: 1, 4: 19}
    assert [one.ref.id for one in popular(thread_of(comments[:4]))] == ["4", "3", "5"]


def test_stubs_are_not_popular() -> None:
    """They can have replies, and nothing to read."""
    assert popular(thread_of([replace(comment("5"), held=False, replies=("6", "7", "8"))])) == ()


# ---- dates

NOON = 1731931200  # 2024-11-18T12:00:00Z


@pytest.mark.parametrize(
    "moment, expected",
    [
        (Moment(NOON), When("2024-11-18T12:00:00Z", "2024-11-18 12:00", "")),
        (Moment(NOON, "minute"), When("2024-11-18T12:00Z", "2024-11-18 12:00", "")),
        (Moment(NOON, "hour"), When("2024-11-18T12:00Z", "2024-11-18 12:00", "")),
        (Moment(NOON, "day"), When("2024-11-18", "2024-11-18", "")),
        (Moment(NOON, "week"), When("2024-11-18", "2024-11-18", "")),
        (Moment(NOON, "month"), When("2024-11", "2024-11", "")),
        (Moment(NOON, "year"), When("2024", "2024", "")),
        (
            Moment(NOON, "hour", "3 hours ago"),
            When("2024-11-18T12:00Z", "about 2024-11-18 12:00", "3 hours ago"),
        ),
        (Moment(NOON, "year", "a year ago"), When("2024", "about 2024", "a year ago")),
        (Moment(None, "day", "4 days ago"), When("", "4 days ago", "4 days ago")),
        (Moment(None, "day"), When("", "", "")),
        (Moment(0), When("1970-01-01T00:00:00Z", "1970-01-01 00:00", "")),
        (Moment(253_402_300_799), When("9999-12-31T23:59:59Z", "9999-12-31 23:59", "")),
        (None, None),
    ],
)
def test_moments_are_shown_as_well_as_they_are_known(moment: Moment | None, expected: When | None) -> None:
    assert when(moment) == expected
