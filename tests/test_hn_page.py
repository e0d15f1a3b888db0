"""Pages of Hacker News: what is claimed, what saving does to them, and pages of one thread that meet."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest

from hnsite.link import threads
from hnsite.markup import words_of
from hnsite.merge import merge
from hnsite.model import Dialect, Evidence, Moment, Piece, Problem, Record, State
from hnsite.readers import hn_page
from hnsite.readers.input import HEAD_SIZE, Head, shown_moment

CASES = Path(__file__).parent / "readers"
PAGES = sorted(path for path in CASES.glob("page_*") if path.suffix != ".py")
TOP = '<html op="item"><head><title>A title | Hacker News</title></head><body><table id="hnmain">'


def read(text: str | bytes) -> list[Piece]:
    raw = text.encode() if isinstance(text, str) else text
    return list(hn_page.read(io.BytesIO(raw), "page"))


def records(text: str | bytes) -> dict[str, Record]:
    return {piece.id: piece for piece in read(text) if isinstance(piece, Record)}


def why_not(text: str) -> str | None:
    return hn_page.why_not(Head(text.encode()[:HEAD_SIZE]))


def row(id: str, depth: int = 0, body: str = "text", head: str = "", marks: str = "") -> str:
    """A comment as it was served in 2016."""
    facts = (
        head or f'<a href="user?id=ann" class="hnuser">ann</a> <span class="age">1 hour ago</span> {marks}'
    )
    return (
        f'<tr class="athing comtr" id="{id}"><td><table><tr><td class="ind"><img width="{depth * 40}"></td>'
        f'<td class="default"><span class="comhead">{facts}</span><div class="comment">{body}</div>'
        "</td></tr></table></td></tr>"
    )


def story(id: int, link: str = '<a href="item?id=1">A title</a>', facts: str = "") -> str:
    return (
        f'<table class="fatitem"><tr class="athing" id="{id}"><td class="title">{link}</td></tr>'
        f'<tr><td class="subtext">{facts}</td></tr></table>'
    )


# ---- which pages


@pytest.mark.parametrize(
    "text",
    [
        "<html><p>hi</html>",
        '<html op="item"><head><title>A forum of our own</title>',
        '<!-- saved from url=(0030)https://example.org/item?id=1 -->\n<html op="item">',
        "<html><!--\n Page saved with SingleFile \n url: https://example.org/ \n--><table id=hnmain>",
        '<html><head><link rel="canonical" href="https://example.org/"></head><body><table id="hnmain">',
        "<html><title>Show HN | Hacker News</title><p>An article that calls itself like one.</p></html>",
        '<html><head><title>hckrnews</title><a href="https://news.ycombinator.com/item?id=5">5</a>',
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://example.org/\n\n<table id=hnmain>",
        "From: ann@example.org\nContent-Type: multipart/related\n\n<table id=hnmain>",
        "news.ycombinator.com/item?id=5\nann 1 hour ago\n",
    ],
)
def test_other_pages_are_refused_with_a_reason(text: str) -> None:
    reason = why_not(text)
    assert reason and "\n" not in reason and len(reason) < 100


@pytest.mark.parametrize(
    "text",
    [
        '<html lang="en" op="item">',
        '<html lang=en op=threads data-theme="dark">',
        '<html op="item"><head><script>' + "x" * HEAD_SIZE,
        "\n<!-- saved from url=(0044)https://news.ycombinator.com/item?id=6374031 -->\n<html>",
        "<!-- saved from url=(0043)http://news.ycombinator.com/item?id=6374031 --><script>" + "x" * HEAD_SIZE,
        "<html><!--\n Page saved with SingleFile \n url: https://news.ycombinator.com/news \n-->",
        '<html data-scrapbook-source="https://news.ycombinator.com/item?id=1"><body>',
        '<html><link rel="stylesheet" href="http://ycombinator.com/news.css"><title>x | Hacker News</title>',
        row("5"),
        "<table>\n" + row("5"),
    ],
)
def test_pages_are_known_by_any_of_their_marks(text: str) -> None:
    assert why_not(text) is None


# ---- what saving does


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_nothing_of_who_saved_the_page(path: Path) -> None:
    """Name, karma, and the tokens in links that vote and log out."""
    said = repr([piece for piece in read(path.read_bytes()) if isinstance(piece, Record)])
    assert not any(word in said for word in ("saver", "5ec2e7", "4321", "auth="))


@pytest.mark.parametrize(
    "saved",
    [
        '<span class="commtext c00">One<p>Two <i>x</i><p><pre><code>a\n</code></pre>\nThree</span>',
        '<span class="commtext c00">One<p>Two <i>x</i></p><p></p><pre><code>a\n</code></pre>\nThree</span>',
        "<font color=#000000>One<p>Two <em>x</em><p><pre><code>a\n</code></pre>\nThree</font>",
        '<font color="#000000">One</font><p><font color="#000000">Two <i>x</i></font></p><p></p>'
        '<pre><code>a\n</code></pre>\nThree<p><font size="1"><font color="#f6f6ef">-----</font></font></p>',
        '<div class="commtext cdd">One<p>Two <i>x</i><p><pre><code>a\n</code></pre>\nThree</div>'
        '<div class="reply"><p><font size="1"><u><a href="reply?id=5">reply</a></u></font></div>',
        '<span class="c00">One<p>Two <i>x</i></p><p><pre><code>a\n</code></pre>\nThree<span>\n  </span>'
        '<div class="reply"> <p><font size="1"><u><a href="reply?id=5">reply</a></u></font></p></div></span>',
    ],
)
def test_texts_are_as_the_api_gives_them(saved: str) -> None:
    assert records(TOP + row("5", body=saved))["5"].body == (
        "One<p>Two <i>x</i><p><pre><code>a\n</code></pre>\nThree"
    )


def test_links_keep_their_whole_address() -> None:
    cut = '<a href="https://a.example/?b=1&amp;c=\'">a.example/...</a>'
    archived = '<a href="/web/2020im_/http://b.example">b</a>'
    body = records(TOP + row("5", body=f'{cut} {archived} <a href="./x">c</a>'))["5"].body
    assert body == (
        '<a href="https:&#x2F;&#x2F;a.example&#x2F;?b=1&amp;c=&#x27;" rel="nofollow">a.example&#x2F;...</a> '
        '<a href="http:&#x2F;&#x2F;b.example" rel="nofollow">b</a> c'
    )


@pytest.mark.parametrize(
    ("note", "seconds"),
    [
        ("<!--\n Page saved with SingleFile \n url: https://news.ycombinator.com/item?id=1 \n "
         "saved date: Thu Jan 01 1970 01:00:09 GMT+0100 (Central European Standard Time)\n-->", 9),
        ('<html data-scrapbook-create="19700101000009123">', 9),
        ("<!--\n  FILE ARCHIVED ON 00:00:09 Jan 01, 1970 AND RETRIEVED FROM THE INTERNET ARCHIVE -->", 9),
        ("<!-- saved date: Thu Jan 99 1970 01:00:09 GMT+0100 -->", None),
        ("", None),
    ],
)  # fmt: skip
def test_when_a_page_was_saved(note: str, seconds: int | None) -> None:
    page = records(note + TOP + row("5"))
    assert page["5"].captured == seconds
    assert page["5"].created == Moment(None if seconds is None else 0, "hour", "1 hour ago")


@pytest.mark.parametrize(
    ("words", "day"),
    [("on Sept 3, 1970", 245), ("on June 1, 1970", 151), ("on Jan 2, 1970", 1), ("on March 1, 1970", 59)],
)
def test_months_as_hacker_news_writes_them(words: str, day: int) -> None:
    assert shown_moment(words) == Moment(day * 86_400, "day")


# ---- states and places


def test_marks_beside_a_comment_say_that_it_is_dead() -> None:
    page = records(TOP + row("5", marks="[flagged]  [dead] ") + row("6", marks="[flagged]"))
    assert [page["5"].state, page["6"].state] == [State.DEAD, State.LIVE]


def test_a_story_that_is_only_flagged_is_live() -> None:
    page = records(TOP + story(1, '[flagged] <a href="http://a.example">[dead] parrots</a>') + row("5"))
    assert (page["1"].state, page["1"].title) == (State.LIVE, "[dead] parrots")


@pytest.mark.parametrize("words", ["[deleted]", "[dead]", "[flagged]"])
def test_what_cannot_be_seen_has_neither_author_nor_text(words: str) -> None:
    (gone,) = records(TOP + row("5", body=words, head=" ")).values()
    assert gone.state is (State.DELETED if words == "[deleted]" else State.DEAD)
    assert (gone.author, gone.body, gone.created) == (None, None, None)


def test_a_gap_in_the_depths_is_an_inferred_place() -> None:
    page = records(TOP + story(1) + row("5") + row("6", 2) + row("7", 2) + row("8", 3))
    assert [page[id].parent for id in "5678"] == ["1", "5", "5", "7"]
    assert [page[id].evidence for id in "5678"] == [None, Evidence.THREAD, Evidence.THREAD, None]
    assert page["5"].replies == ()


def test_a_list_of_jobs_has_no_head() -> None:
    rows = "".join(
        f'<tr class="athing" id="{id}"><td class="title"><a href="http://a.example/{id}">Hiring</a></td></tr>'
        f'<tr><td class="subtext"><span class="age"><a href="item?id={id}">1 hour ago</a></span></td></tr>'
        for id in (1, 2)
    )
    assert [(one.kind, one.body) for one in records(TOP + rows).values()] == [("job", None), ("job", None)]


# ---- pages of one thread


def threads_of(*pages: str) -> dict[str, list[str]]:
    """Each thread's ids, in reading order."""
    said = [piece for page in pages for piece in read(page) if isinstance(piece, Record)]
    found, _ = threads(said)
    return {root: [one.id for one in merge(kept, root).comments] for root, kept in found.items()}


def more(number: str) -> str:
    return f'<tr><td class="title"><a href="/x?fnid={number}" rel="nofollow">More</a></td></tr>'


def test_pages_of_more_comments_find_their_story() -> None:
    """Until 2014 only the link from the page before told of which story they were."""
    saved = "<!-- saved from url=(0040)https://news.ycombinator.com/x?fnid={} -->" + TOP
    first = TOP + story(1) + row("5") + row("6", 1) + more("aa")
    second = saved.format("aa") + row("8") + row("7", 1) + more("bb")
    third = saved.format("bb") + row("9")
    alone = saved.format("cc") + row("10")
    found = threads_of(first, second, third, alone)
    assert found["1"] == ["5", "6", "8", "7", "9"]
    assert [ids for root, ids in found.items() if root != "1"] == [["10"]]


def test_a_second_page_that_begins_inside_of_a_thread() -> None:
    """Its address tells what its outermost comments answer."""
    inside = row("5", 1).replace("</span> </span>", '</span> | <a href="#4">parent</a></span>')
    saved = '<link rel="canonical" href="https://news.ycombinator.com/item?id=1&amp;p=2">'
    page = records(TOP + saved + inside + row("6", 2) + row("7") + row("8", 1))
    assert [page[id].parent for id in "5678"] == ["4", "5", "1", "7"]


def test_pages_of_one_order_are_read_in_their_order() -> None:
    first = TOP + story(1) + row("7") + row("5")
    second = TOP + story(1) + row("9") + row("6")
    assert threads_of(first, second) == {"1": ["7", "5", "9", "6"]}
    assert threads_of(first, TOP + story(1) + row("5") + row("7")) == {"1": ["5", "7"]}


# ---- deep, large and hostile

MANY = 20_000


@pytest.mark.parametrize(
    "text",
    [
        TOP + "<script>" * MANY,
        TOP + "<!--" * MANY,
        TOP + "<td class=default><span class=comhead><table><tr>" * MANY,
        TOP + "<tr>" + "<td class=default><span class=comhead>x</span>" * MANY,
        TOP + "<tr>" + "<td class=title><a href=x>x</a>" * MANY,
        TOP + story(1) + "<td class=comment>x<td class=default>1 point" * MANY,
        TOP + row("5", body="<p><i>x" * MANY),
        TOP + row("5", body=" <p> " * MANY + "x"),
        TOP + "".join(f"<font size={n}>" for n in range(MANY)) + "<p>x" * MANY,
        TOP + "<a " + " ".join(f"a{n}" for n in range(MANY)) + ">",
        TOP + "".join(row("", n) for n in range(2000)),
        TOP + row("5", 999_999) + row("6", 999_998),
        "Snapshot-Content-Location: https://news.ycombinator.com/\n"
        + "Content-Type: multipart/mixed; boundary=x\n\n"
        + "--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 2000,
    ],
)
def test_hostile_pages_take_no_time(text: str) -> None:
    start = time.process_time()
    read(text)
    assert time.process_time() - start < 10


def test_what_is_nested_too_deep_is_told() -> None:
    pieces = read(TOP + row("5") + "<div>" * MANY + row("6"))
    assert [piece.reason for piece in pieces if isinstance(piece, Problem)] == [
        "nested deeper, or of more tags, than any page of a discussion; what follows may be missing",
        "a page of more comments that does not say of which story",
    ]
    assert "5" in records(TOP + row("5") + "<div>" * MANY)


def test_one_odd_byte_spoils_one_line() -> None:
    raw = (TOP + row("5", body="cafX") + "\n" + row("6", body="naïve")).encode().replace(b"X", b"\xe9")
    page = records(raw)
    assert [words_of(page[id].body, Dialect.HN) for id in "56"] == ["café", "naïve"]
    assert any("not UTF-8" in piece.reason for piece in read(raw) if isinstance(piece, Problem))
