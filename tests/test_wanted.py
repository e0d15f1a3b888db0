"""What ids, addresses and saved lists ask for, and what the names of captures tell."""

from __future__ import annotations

import json

import pytest

from hnsite.captures import capture_name, captured_at
from hnsite.errors import UsageError
from hnsite.favourites import listed
from hnsite.wanted import Want, parse_want, want_of

HN = "https://news.ycombinator.com"


def item(id: int | str) -> Want:
    return Want("hn", "item", str(id))


@pytest.mark.parametrize(
    "text, want",
    [
        ("8863", item(8863)),
        (" 008863\n", item(8863)),
        (f"{HN}/item?id=8863", item(8863)),
        ("news.ycombinator.com/item?id=8863", item(8863)),
        ("HTTP://News.YCombinator.com/item?id=8863&p=2#9224", item(8863)),
        ("https://hn.algolia.com/api/v1/items/8863", item(8863)),
        ("https://hn.algolia.com/story/8863/my-yc-app-dropbox", item(8863)),
        ("https://hacker-news.firebaseio.com/v0/item/8863.json?print=pretty", item(8863)),
        (f"{HN}/user?id=jl", Want("hn", "author", "jl")),
        (f"{HN}/threads?id=Some_one-1", Want("hn", "author", "Some_one-1")),
        ("https://hn.algolia.com/api/v1/users/jl", Want("hn", "author", "jl")),
        ("https://hacker-news.firebaseio.com/v0/user/jl.json", Want("hn", "author", "jl")),
        ("https://lobste.rs/s/abc123", Want("lobsters", "item", "abc123")),
        ("https://lobste.rs/s/abc123/a_title#c_xyz", Want("lobsters", "item", "abc123")),
        ("https://lobste.rs/s/abc123.json", Want("lobsters", "item", "abc123")),
        ("https://lobste.rs/c/xyz789", Want("lobsters", "comment", "xyz789")),
        ("https://www.reddit.com/r/Python/comments/1AbC2/a_title/", Want("reddit", "item", "1abc2")),
        ("https://old.reddit.com/r/Python/comments/1abc2/a/k3j/?context=3", Want("reddit", "item", "1abc2")),
        ("https://np.reddit.com/comments/1abc2.json", Want("reddit", "item", "1abc2")),
        ("https://reddit.com/user/ann/comments/1abc2/a/", Want("reddit", "item", "1abc2")),
        ("https://www.reddit.com/gallery/1abc2", Want("reddit", "item", "1abc2")),
        ("https://redd.it/1abc2", Want("reddit", "item", "1abc2")),
        ("https://www.reddit.com/r/Python/s/aBcDe", Want("reddit", "share", "r/Python/s/aBcDe")),
    ],
)
def test_ids_and_addresses_ask_for_threads_and_authors(text: str, want: Want) -> None:
    assert parse_want(text) == want
    assert want.kind == "share" or parse_want(want.address) == want


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "-5", "abc", "12 34", "1" * 16, "８８６３", "https://example.com/item?id=1", f"{HN}/news"),
        *(f"{HN}/item", f"{HN}/item?id=", f"{HN}/item?id=x", f"{HN}/user?id=../etc", f"{HN}/user?id=a/b"),
        *("https://lobste.rs/", "https://lobste.rs/s/a%2Fb", "https://lobste.rs/s/..", "https://redd.it/"),
        *("https://www.reddit.com/r/Python/", "https://news.ycombinator.com@example.com/item?id=1"),
        *("https://example.com/https://lobste.rs/s/abc", "ftp://lobste.rs/s/abc", "http://[::1/", "\x00"),
        *("https://lobste.rs.example.com/s/abc", "https://evilreddit.com/comments/abc", "9" * 5000),
    ],
)
def test_what_is_not_known_says_what_is_possible(text: str) -> None:
    with pytest.raises(UsageError, match=r"item\?id=N.*lobste\.rs/s/ID"):
        parse_want(text)


def test_lists_that_no_interface_gives_tell_what_to_do() -> None:
    with pytest.raises(UsageError, match="--from-file"):
        parse_want(f"{HN}/favorites?id=jl")
    assert want_of(f"{HN}/favorites?id=jl") is None


def test_a_plain_list_has_ids_and_addresses_and_comments() -> None:
    text = f"""\ufeff# what I read
    8863   # the first

    {HN}/item?id=9224#9225
    - [A title]({HN}/item?id=121003), and <https://lobste.rs/s/abc123/x>.
    42, another title
    8863
    """
    wants = listed(text.replace("\n", "\r\n").encode(), "list.txt")
    assert wants == [item(8863), item(9224), item(121003), Want("lobsters", "item", "abc123"), item(42)]


@pytest.mark.parametrize(
    "text",
    [
        "8863 9224",
        "8863, 9224,",
        '"8863"\n"9224"',
        "- 8863\n* 9224",
        f"1. {HN}/item?id=8863\n2) {HN}/context?id=9224",
        "8863\r9224\r",
    ],
)
def test_a_plain_list_may_be_written_in_many_ways(text: str) -> None:
    assert listed(text.encode(), "list.txt") == [item(8863), item(9224)]
    assert listed(text.encode("utf-16"), "list.txt") == [item(8863), item(9224)]


def test_a_line_that_asks_for_nothing_is_told_with_its_place() -> None:
    with pytest.raises(
        UsageError, match=r"^list\.txt:2: https://example\.com/: not known here; possible are"
    ):
        listed(b"8863\nhttps://example.com/\n", "list.txt")
    with pytest.raises(UsageError, match=r"^list\.txt:1: 0: "):
        listed(b"8863, 0\n", "list.txt")


def test_authors_may_stand_in_a_list() -> None:
    assert listed(f"{HN}/user?id=jl".encode(), "-") == [Want("hn", "author", "jl")]


FAVOURITES = """<html lang="en"><body><table id="hnmain"><tr><td><table>
<tr class='athing submission' id='8863'><td><a href='vote?id=8863&amp;how=up'></a></td>
<td><a href="https://example.com/">A title</a></td></tr>
<tr><td><a href="user?id=ann">ann</a> <a href="item?id=8863">71 comments</a></td></tr>
<tr class="athing" id="9224"><td><a href="item?id=8863">on: A title</a></td></tr>
</table></td></tr><tr class='morespace'></tr></table></body></html>"""


def test_pages_of_favourites_give_what_they_list_and_nothing_that_they_mention() -> None:
    assert listed(FAVOURITES.encode(), "favorites.html") == [item(8863), item(9224)]


def test_old_pages_of_hacker_news_give_what_they_link_to() -> None:
    text = "<table><tr><td><a href=\"item?id=8863\">71 comments</a> <a href='item?id=9224'>link</a></table>"
    assert listed(text.encode(), "saved.html") == [item(8863), item(9224)]


def test_bookmarks_give_their_threads() -> None:
    text = f"""<!DOCTYPE NETSCAPE-Bookmark-file-1><TITLE>Bookmarks</TITLE><DL><p>
    <DT><A HREF="{HN}/item?id=8863&amp;p=2" ADD_DATE="1">One</A>
    <DT><A HREF="https://example.com/" ADD_DATE="1">No thread</A>
    <DT><A HREF="{HN}/user?id=ann">Nor this</A>
    <DT><A HREF=https://redd.it/1abc2>Two</A></DL>"""
    assert listed(text.encode(), "b.html") == [item(8863), Want("reddit", "item", "1abc2")]
    chrome = {"roots": {"bar": {"children": [{"id": "7", "guid": "x", "url": f"{HN}/item?id=8863"}]}}}
    assert listed(json.dumps(chrome).encode(), "Bookmarks") == [item(8863)]
    firefox = {"guid": "r", "id": 1, "children": [{"guid": "a", "id": 5, "uri": f"{HN}/item?id=8863"}]}
    assert listed(json.dumps(firefox).encode(), "bookmarks.json") == [item(8863)]


@pytest.mark.parametrize(
    "value",
    [
        [8863, 9224],
        ["8863", f"{HN}/item?id=9224"],
        {"total": 2, "links": [{"number": 1, "comments_url": f"{HN}/item?id=8863"}, {"id": 9224}]},
        [
            {"comments": 28, "url": "https://a.example", "comments_url": f"{HN}/item?id=8863"},
            {"id": 9224, "comments": 7},
        ],
        {
            "stories": [{"id": "8863", "url": f"{HN}/item?id=1"}],
            "comments": [{"objectID": "9224", "points": 3}],
        },
        [{"hnUrl": f"{HN}/item?id=8863", "id": 1}, {"id": 9224, "kids": [9225, 9226], "type": "comment"}],
        {"a": {"b": [[{"link": f"{HN}/item?id=8863"}]]}, "c": [{"Item ID": 9224.0}, {"item_id": "9224.0"}]},
    ],
)
def test_exports_as_json_give_their_items(value: object) -> None:
    assert listed(json.dumps(value).encode(), "favourites.json") == [item(8863), item(9224)]


@pytest.mark.parametrize(
    "text",
    [
        'id,title,url\n8863,A title,https://example.com/\n9224,"Another, one",\n',
        f"Title;HN URL\nA;{HN}/item?id=8863\nB;{HN}/item?id=9224\n",
        "title\tobjectID\nA\t8863\nB\t9224\n",
        "id,comments,title\n8863,71,A\n9224,12,B\n",
        f"id,title,excerpt,url,folder\n7,A,,{HN}/item?id=8863,x\n8,B,,https://b.example,x\n9,C,,{HN}/item?id=9224,x\n",
        f"Title\tHN\nA\t{HN}/item?id=8863\nB\t{HN}/item?id=9224\n",
        "id|title\n8863|A\n9224|B\n",
        f"number,comments_url,url\n1,{HN}/item?id=8863,https://example.com\n2,{HN}/item?id=9224,{HN}/item?id=3\n",
    ],
)
def test_exports_as_tables_give_their_items(text: str) -> None:
    assert listed(text.encode(), "favourites.csv") == [item(8863), item(9224)]


@pytest.mark.parametrize(
    "raw", [b"", b"# nothing\n", b"{}", b"[]", b"<html></html>", b'[{"a": true}]', b"id,title\n"]
)
def test_a_list_of_nothing_is_an_error(raw: bytes) -> None:
    with pytest.raises(UsageError, match=r"^list: there is nothing to fetch in it"):
        listed(raw, "list")


def test_a_list_may_be_nested_deeply_and_broken() -> None:
    deep = b"[" * 50_000 + b"8863" + b"]" * 50_000
    assert listed(deep, "deep.json") == [item(8863)]
    with pytest.raises(UsageError, match=r"^broken\.json:1: "):
        listed(b'[{"id": 8863}, {"id": ', "broken.json")


def test_the_name_of_a_capture_tells_when_it_was_taken() -> None:
    name = capture_name("8863", 1_795_256_100, "json")
    assert name == "8863.2026-11-21T101500Z.json"
    assert captured_at(f"content/hn/{name}") == captured_at(f"a.zip/{name}.gz") == 1_795_256_100
    assert capture_name("8863", 1_795_256_100, "json", 2) == "8863.2026-11-21T101500Z-2.json"
    assert captured_at("8863.2026-11-21T101500Z-2.ndjson.zst") == 1_795_256_100


@pytest.mark.parametrize(
    "name",
    [
        *("8863.json", "8863.2026-11-21.json", "8863.2026-13-21T101500Z.json", "2026-11-21T101500Z.json"),
        *(
            "8863.2026-11-21T101500Z.json/other.json",
            "8863.2026-11-21T101500Z",
            "8863.2026-11-21T101500Z. of",
        ),
        *("8863.1969-11-21T101500Z.json", "8863.2026-11-21T241500Z.json"),
    ],
)
def test_other_names_tell_nothing(name: str) -> None:
    assert captured_at(name) is None
