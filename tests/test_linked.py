"""Links between archived threads are followed inside the archive, wherever they were posted."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_site import Site as Built
from small_site import Site, api, check

from hnsite.markup import item_of, linked_items

HN = "https://news.ycombinator.com"


@pytest.mark.parametrize(
    "url, id",
    [
        (f"{HN}/item?id=42", "42"),
        ("http://www.news.ycombinator.com/item?id=42&p=2", "42"),
        (f"{HN}/item?id=42#43", "43"),
        ("https:&#x2F;&#x2F;news.ycombinator.com&#x2F;item?id=42", "42"),
        ("https://hn.algolia.com/api/v1/items/42", "42"),
        ("https://hacker-news.firebaseio.com/v0/item/42.json?print=pretty", "42"),
        ("https://lobste.rs/s/abc123", "lobsters-abc123"),
        ("https://lobste.rs/s/abc123/a_title", "lobsters-abc123"),
        ("https://lobste.rs/s/abc123/a_title#c_def456", "lobsters-def456"),
        ("https://lobste.rs/c/def456", "lobsters-def456"),
        ("https://www.reddit.com/r/boats/comments/abc12/a_title/", "reddit-t3_abc12"),
        ("https://old.reddit.com/r/boats/comments/abc12", "reddit-t3_abc12"),
        ("http://np.reddit.com/r/boats/comments/abc12/a_title/def34/?context=3", "reddit-t1_def34"),
        ("https://reddit.com/comments/abc12", "reddit-t3_abc12"),
        ("https://redd.it/abc12", "reddit-t3_abc12"),
        ("https://www.reddit.com/user/ann/comments/abc12/x/", "reddit-t3_abc12"),
        (f"{HN}/user?id=42", None),
        (f"{HN}/item?id=x", None),
        ("https://lobste.rs/s/abc1234", None),
        ("https://lobste.rs/t/abc123", None),
        ("https://evil.example/?https://news.ycombinator.com/item?id=42", None),
        ("https://evilreddit.com/comments/abc12", None),
        ("https://news.ycombinator.com.evil.example/item?id=42", None),
        ("javascript://news.ycombinator.com/item?id=42", None),
        ("https://www.reddit.com/r/boats/", None),
        ("", None),
    ],
)
def test_an_address_tells_its_item(url: str, id: str | None) -> None:
    assert item_of(url) == id
    assert id is None or linked_items(f'<a href="{url}">x</a>') == {id}


def link(url: str) -> str:
    return f'<a href="{url}" rel="nofollow">{url}</a>'


LOBSTERS = {
    "short_id": "abc123", "created_at": "2024-01-01T00:00:00.000-06:00", "title": "A boat", "tags": [],
    "url": f"{HN}/item?id=1", "comments_url": "https://lobste.rs/s/abc123/a_boat", "submitter_user": "ann",
    "score": 4, "comments": [],
}  # fmt: skip
ITEMS = [
    api(id=1, type="story", title="On queues", score=3),
    api(id=2, parent=1, text=f"{link('https://lobste.rs/s/abc123')} and {link('https://redd.it/none1')}"),
    api(id=7, type="story", title="About a comment", url=f"{HN}/item?id=1#2"),
]


@pytest.mark.parametrize("settings", ["", "permalinks = 'anchors'"])
def test_links_lead_inside_as_far_as_the_archive_goes(settings: str, tmp_path: Path) -> None:
    site, other = Site(tmp_path / "site"), Site(tmp_path / "other")
    site.settings = settings
    site.write("hn.json", ITEMS)
    site.write("about.md", "---\ntitle: About\n---\n\nSee [it](https://lobste.rs/s/abc123).\n")
    check(site, other)
    thread = Built(site.public).page("item/1.html")
    assert "https://lobste.rs/s/abc123" in thread.references
    site.write("lobsters.json", LOBSTERS)
    check(site, other)
    built = Built(site.public)
    built.scan()
    assert built.broken() == []
    two = "item/2.html" if not settings else "item.html?id=2"
    assert two in built.page("item/7.html").references, "the story's title leads to the comment"
    one = "item/1.html" if not settings else "item.html?id=1"
    assert one in built.page("item/lobsters-abc123.html").references
    if not settings:  # item.html finds numbers only
        assert "item/lobsters-abc123.html" in built.page("item/1.html").references
        assert "item/lobsters-abc123.html" in built.page("item/2.html").references
        assert "item/lobsters-abc123.html" in built.page("pages/about.html").references
    assert "https://redd.it/none1" in built.page("item/1.html").references
    site.remove("lobsters.json")
    check(site, other)
    assert "https://lobste.rs/s/abc123" in Built(site.public).page("item/1.html").references
