"""Addresses: file names that never collide on any file system, and links that lead where they should."""

from __future__ import annotations

import json
import posixpath
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hnsite import urls
from hnsite.model import provisional_id

RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

names = (
    st.text() | st.text(alphabet="aAbB-_.ſéßİı²/\\:", max_size=6) | st.sampled_from(["con", "nul", "com1"])
)
plain_names = st.from_regex(r"[A-Za-z0-9_-]{2,15}", fullmatch=True)


# ---- file names


@pytest.mark.parametrize("name", ["marl", "rye-and-shine", "a", "0", "7_of-9", "console", "com", "x" * 64])
def test_plain_names_stay_as_they_are(name: str) -> None:
    assert urls.file_name(name) == name


@pytest.mark.parametrize(
    "name, base",
    [
        ("", "name"),
        ("Zak", "zak"),
        ("zak--", "zak"),
        ("a--b", "a-b"),
        ("con", "con"),
        ("COM1", "com1"),
        ("LPT9", "lpt9"),
        ("_under", "under"),
        ("-dash", "dash"),
        ("../../etc/passwd", "etc-passwd"),
        ("a/b", "a-b"),
        ("a.b", "a-b"),
        ("index.html", "index-html"),
        ("Ünïcödé", "unicode"),
        ("语言", "name"),
        ("💾", "name"),
        ("x" * 65, "x" * 32),
        ("trailing.", "trailing"),
        ("trailing ", "trailing"),
        ("\x00", "name"),
        ("line\nbreak", "line-break"),
    ],
)
def test_other_names_get_a_base_and_a_digest(name: str, base: str) -> None:
    assert re.fullmatch(re.escape(base) + "--[0-9a-f]{12}", urls.file_name(name))


@settings(max_examples=500)
@given(names)
@example("\ud800")
@example("\u202egnp.exe")
def test_file_names_suit_every_file_system(name: str) -> None:
    """Lower-case ASCII of at most 64 letters, no device of Windows, nothing hidden, no way out."""
    file = urls.file_name(name)
    assert FILE_NAME.fullmatch(file)
    assert not RESERVED.fullmatch(file)
    assert file == urls.file_name(name)


@settings(max_examples=500)
@given(names, names)
@example("zak", "Zak")
@example("fi", "\ufb01")
@example("é", "e\u0301")
@example("ss", "ß")
@example("i", "ı")
@example("", "name")
@example("con", "CON")
@example("a", "a ")
def test_different_names_get_different_files(one: str, other: str) -> None:
    """Also where the file system ignores case or normalises Unicode."""
    if one != other:
        files = [unicodedata.normalize("NFC", urls.file_name(name)).casefold() for name in (one, other)]
        assert files[0] != files[1]


@settings(max_examples=200)
@given(names)
def test_a_file_name_is_no_other_names_file(name: str) -> None:
    """Nobody can take an address by calling himself what it is called."""
    file = urls.file_name(name)
    assert file == name or urls.file_name(file) != file


def test_hostile_names(shared: Path) -> None:
    path = shared / "data" / "xss" / "hostile_names.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    hostile = list(dict.fromkeys(json.loads(path.read_text("utf-8"))))
    files = [urls.file_name(name) for name in hostile]
    assert len({file.casefold() for file in files}) == len(hostile)
    assert all(FILE_NAME.fullmatch(file) and not RESERVED.fullmatch(file) for file in files)


# ---- paths


def test_paths() -> None:
    """The addresses that DESIGN.md promises for ever."""
    assert urls.item_path("42134046") == "item/42134046.html"
    assert urls.item_path("42134046", 2) == "item/42134046.2.html"
    assert urls.time_path("5") == "item/5.time.html"
    assert urls.time_path("5", 3) == "item/5.time.3.html"
    assert urls.author_path("marl") == "user/marl.html"
    assert urls.author_path("marl", 1) == "user/marl.1.html"
    assert urls.front_path() == "index.html"
    assert urls.front_path(7) == "page/7.html"
    assert urls.day_path("2024-11-18") == "front/2024-11-18.html"
    assert urls.day_path("2024-11-18", 3) == "front/2024-11-18.3.html"
    assert urls.year_path("2024") == "days/2024.html"
    assert urls.site_path("news.example.com") == "from/news.example.com.html"
    assert urls.site_path("news.example.com", 2) == "from/news.example.com.2.html"
    assert [urls.top_path(order) for order in ("score", "comments")] == ["best.html", "active.html"]
    assert urls.top_path("score", 2) == "best/2.html"
    assert urls.part_path("users.html", "ab") == "users/ab.html"
    assert urls.part_path("users.html", "") == "users.html"


domains = names | st.from_regex(r"[a-c.]{1,4}\.(com|2|html|x)", fullmatch=True)


@settings(max_examples=300)
@given(domains, domains, st.integers(0, 3), st.integers(0, 3))
@example("example.com", "example.com.2", 2, 0)
@example("example", "example.2", 2, 0)
@example("Example.com", "example.com", 0, 0)
@example("con.example", "xn--a.example", 0, 0)
@example("../../etc.com", "a/b.com", 0, 0)
def test_no_two_sites_share_a_page(one: str, other: str, page: int, other_page: int) -> None:
    """And the addresses suit every file system, whatever a dump takes for a domain."""
    keys = {(one, page), (other, other_page)}
    paths = {urls.site_path(name, number) for name, number in keys}
    assert len({path.casefold() for path in paths}) == len(keys)
    for path in paths:
        file = re.fullmatch(r"from/([a-z0-9][a-z0-9._-]*)\.html", path)
        assert file and len(file[1]) <= 70 and ".." not in path
        assert not RESERVED.fullmatch(file[1].partition(".")[0])


@settings(max_examples=200)
@given(names | plain_names, names | plain_names, st.integers(1, 30), st.integers(1, 30))
def test_no_two_pages_share_a_path(one: str, other: str, page: int, other_page: int) -> None:
    """Threads, their pages by time, permalinks and author pages, whatever ids and names there are."""
    pages = [urls.item_path, urls.time_path, urls.author_path]
    paths = {kind(name, number) for kind in pages for name, number in {(one, page), (other, other_page)}}
    assert len({path.casefold() for path in paths}) == 3 * len({(one, page), (other, other_page)})
    for path in paths:
        assert posixpath.normpath(path) == path
        assert re.fullmatch(r"(item|user)/[a-z0-9._-]+\.html", path)


@given(names)
def test_anchors_need_no_escape(id: str) -> None:
    """In an attribute, in a fragment, in a mark of a card."""
    assert FILE_NAME.fullmatch(urls.anchor(id))


own_paths = (
    st.builds(urls.item_path, names, st.integers(1, 3))
    | st.builds(urls.time_path, names, st.integers(1, 3))
    | st.builds(urls.author_path, names, st.integers(0, 3))
    | st.integers(0, 3).map(urls.front_path)
    | st.sampled_from([urls.AUTHORS_PATH, urls.NOT_FOUND_PATH, f"{urls.STATIC}/style.css"])
)


@settings(max_examples=200)
@given(own_paths, own_paths)
@example("index.html", "index.html")
@example("index.html", "item/5.html")
@example("item/5.html", "index.html")
@example("item/5.html", "item/5.html")
@example("user/item.html", "item/5.html")
def test_relative_links_lead_to_the_path(path: str, page_path: str) -> None:
    """Joined to the page that holds it, the link is the path again; nothing in it needs an escape."""
    link = urls.relative(path, page_path)
    assert posixpath.normpath(posixpath.join(posixpath.dirname(page_path), link)) == path
    assert re.fullmatch(r"(\.\./)?[a-z0-9_-][a-z0-9._/-]*", link)


# ---- ids and addresses


@pytest.mark.parametrize(
    "id, url",
    [
        ("42134046", "https://news.ycombinator.com/item?id=42134046"),
        ("x0123456789ab", None),
        ("lobsters-5", None),
        ("", None),
        ("٣", None),
        ("5 ", None),
    ],
)
def test_source_url(id: str, url: str | None) -> None:
    assert urls.source_url(id) == url
    assert urls.is_hn(id) == (url is not None)


@pytest.mark.parametrize(
    "url, domain",
    [
        ("https://www.Bench.example:8080/a?b#c", "bench.example"),
        ("http://user:word@mill.example/", "mill.example"),
        ("https://www.example", "example"),
        ("https://wwwx.example/", "wwwx.example"),
        ("mailto:ann@b.example", None),
        ("no address", None),
        ("http://[::1/", None),
        ("http://[::1]/", "::1"),
        ("https:///path", None),
        ("", None),
        (None, None),
    ],
)
def test_domain_of(url: str | None, domain: str | None) -> None:
    assert urls.domain_of(url) == domain


@given(st.text())
def test_domain_of_anything(url: str) -> None:
    urls.domain_of(url)
    urls.domain_of("http://" + url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " https://a.example/",
        "https://a.example/ b",
        "https://a.example/\n",
        "https://a.example/\u00a0",
        'https://a.example/"onclick=',
        "https://a.example/<b>",
        "https:\\\\a.example",
        "//a.example/",
        "data:text/html,x",
        "https://",
        "http://a.example/" + "x" * 4100,
        "\x01javascript:alert(1)",
        "",
    ],
)
def test_addresses_that_no_page_links_to(url: str) -> None:
    assert urls.web_url(url) is None


@pytest.mark.parametrize(
    "url", ["https://a.example/", "HTTP://a.example/'(x)?a=1&b=2#c", "https://日本.example/語"]
)
def test_addresses_that_are_linked_as_they_are(url: str) -> None:
    assert urls.web_url(url) == url


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("http://a.example/?x[]=1&y=100%#[z]", "http://a.example/?x%5B%5D=1&y=100%25#%5Bz%5D"),
        ("http://a.example/#!/b#c%20", "http://a.example/#!/b%23c%20"),
        ("https://ann:secret@a.example:80/", "https://a.example:80/"),
        ("https://bank.example@evil.example", "https://evil.example"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("http://localhost:/", "http://localhost/"),
        ("http://a.example/\ufffd", "http://a.example/%EF%BF%BD"),
        *(
            (f"http://{host}/", None)
            for host in (
                "[::1",
                "",
                ":80",
                "a..b",
                "a.b:99999",
                "a.b:x",
                "256.1.1.1",
                "a%20b",
                "x" * 64,
                "\u0301a",
            )
        ),
    ],
)
def test_addresses_are_written_as_html_wants_them(url: str, written: str | None) -> None:
    assert urls.web_url(url) == written


def test_ids_sort_as_people_expect() -> None:
    provisional = provisional_id("ann", "hello")
    ids = [provisional, "10", "9", "lobsters-2", "100", "x-ray"]
    assert sorted(ids, key=urls.id_key) == ["9", "10", "100", "lobsters-2", "x-ray", provisional]


@given(st.lists(names | st.integers(1, 10**15).map(str)))
def test_ids_have_one_order(ids: list[str]) -> None:
    backwards = list(reversed(ids))
    assert sorted(ids, key=urls.id_key) == sorted(backwards, key=urls.id_key)
