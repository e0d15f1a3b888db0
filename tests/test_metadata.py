"""What programs that nobody here wrote see in finished pages: mf2py the microformats, extruct schema.org's
microdata and OpenGraph. Each comment is compared with what the merged thread says of it."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import extruct
import lxml.etree
import lxml.html
import mf2py
import pytest
from small_site import Site, api

from hnsite import parts, urls
from hnsite.markup import render
from hnsite.merge import merge
from hnsite.model import Comment, Kind, State, Thread, author_text
from hnsite.pages import permalink
from hnsite.pages import thread as thread_pages
from hnsite.pages.card import PLACED
from hnsite.pages.story import thread_title
from hnsite.pages.when import when

REPOSITORY = Path(__file__).parents[1]
BASE = "https://archive.example/"
SETTINGS = f'base_url = "{BASE}"\nfeeds = "threads"\n'
SCHEMA = "https://schema.org/"


class Seen(NamedTuple):
    """What a program can know of one post; "" where the page does not say it."""

    author: str
    author_url: str
    published: str
    parent: str
    text: str


class Read(NamedTuple):
    """A built site and the threads that it shows."""

    folder: Path
    threads: list[Thread]

    def html(self, path: str) -> str:
        return (self.folder / path).read_text("utf-8")

    def microformats(self, path: str) -> list[Any]:
        parsed = mf2py.parse(doc=self.html(path), url=BASE + path, html_parser="lxml")
        return list(parsed["items"])

    def microdata(self, path: str) -> list[Any]:
        found = extruct.extract(self.html(path), base_url=BASE + path, syntaxes=["microdata"])
        return list(found["microdata"])

    def head(self, path: str) -> Mapping[str, str]:
        """Everything that the head says, by name, property or rel (with the type of what is alternate)."""
        document = lxml.html.document_fromstring(self.html(path).encode())
        said: dict[str, str] = {}
        for meta in document.iterfind(".//head/meta"):
            for key in ("name", "property"):
                if meta.get(key):
                    said[str(meta.get(key))] = str(meta.get("content"))
        for link in document.iterfind(".//head/link"):
            key = f"{link.get('rel')} {link.get('type') or ''}".strip()
            said[key] = f"{said[key]} {link.get('href')}" if key in said else str(link.get("href"))
        return said


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """The sample of every format, and what is rare in it."""
    site = Site(tmp_path_factory.mktemp("metadata"), **{"odd.json": ODD})
    site.settings = SETTINGS
    shutil.copytree(REPOSITORY / "content", site.root / "content", dirs_exist_ok=True)
    threads: list[Thread] = []

    def kept(*arguments: Any, **options: Any) -> Thread:
        threads.append(merge(*arguments, **options))
        return threads[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "merge", kept)
        site.build()
    yield Read(site.public, threads)


HOSTILE = "\"><script>alert(1)</script>' & <b>"
ODD = [
    api(id=700, type="story", title=HOSTILE, by='q"uote<', text="A <i>text</i>.", kids=[701, 702, 703, 790]),
    api(id=701, parent=700, text=f"First.{' And so on.' * 20}<p>Second.", kids=[704]),
    api(id=702, parent=700, deleted=True, by=None, time=1_700_000_001, kids=[705]),
    api(id=703, parent=700, dead=True, text="Dead."),
    api(id=704, parent=701, text="Deeper.", by="Zoë", time=None),
    api(id=705, parent=702, text="Below what was deleted.", by=None),
    api(id=706, parent=790, text="Below what no dump has."),
]


# microformats


def entries(items: list[Any]) -> Iterator[Any]:
    """All posts, in the order of the page."""
    for item in items:
        if "h-entry" in item["type"]:
            yield item
        yield from entries(item.get("children", []))


def first(item: Any, name: str) -> Any:
    return (item["properties"].get(name) or [""])[0]


def letters(text: str) -> str:
    """A text without what its layout adds; a page shows the number of an item that it links to."""
    return "".join(text.replace(urls.HN_ITEM, ">>").split())


def named(url: str) -> str:
    """The anchor of the post that a link leads to."""
    page, _, fragment = url.partition("#")
    return fragment or page.rpartition("/")[2].removesuffix(".html")


def seen_by_mf2(entry: Any) -> Seen:
    author = first(entry, "author")
    return Seen(
        author=first(author, "name") if author else "",
        author_url=first(author, "url") if author else "",
        published=first(entry, "published"),
        parent=named(first(entry, "in-reply-to")),
        text=letters(first(entry, "content")["value"]) if "content" in entry["properties"] else "",
    )


def text_of(comment: Comment) -> str:
    body = lxml.html.fragment_fromstring(render(comment.body or "", comment.dialect), create_parent=True)
    return letters(body.text_content())


def expected(comment: Comment) -> Seen:
    date = when(comment.created)
    placed = comment.parent if comment.evidence in PLACED else None
    return Seen(
        author=author_text(comment.author) or "",
        author_url=BASE + urls.author_path(comment.author) if comment.author else "",
        published=date.datetime if date else "",
        parent=urls.anchor(placed) if placed else "",
        text=text_of(comment) if comment.body else "",
    )


def model(thread: Thread) -> dict[str, Seen]:
    return {urls.anchor(one.id): expected(one) for one in thread.comments if one.held}


def children(item: Any) -> dict[str, Seen]:
    return {entry["id"]: seen_by_mf2(entry) for entry in entries(item.get("children", []))}


def test_mf2py_sees_each_thread_as_it_is(read: Read) -> None:
    """In both orders: the story is the page's one entry, the comments are its children."""
    for thread in read.threads:
        for path in (urls.item_path(thread.id), urls.time_path(thread.id)):
            story, *others = read.microformats(path)
            assert (story["type"], others) == (["h-entry"], []), path
            assert children(story) == model(thread), path
            root = expected(thread.root)
            assert seen_by_mf2(story) == root._replace(parent=""), path
            assert first(story, "url") == BASE + urls.item_path(thread.id)
            assert first(story, "name") == thread_title(thread).strip()


def test_mf2py_sees_each_permalink_as_its_comment(read: Read) -> None:
    for thread in read.threads:
        by_id = model(thread)
        for index in range(0, len(thread.comments), 1 if thread.id == "700" else 4):
            comment = thread.comments[index]
            path = urls.item_path(comment.id)
            items = read.microformats(path)
            found = {entry["id"]: seen_by_mf2(entry) for entry in items if entry["type"] == ["h-entry"]}
            below = [urls.anchor(one.id) for one in permalink.subtree(thread.comments, index)[0] if one.held]
            assert found == {name: by_id[name] for name in below}, path
            if comment.held:
                main = next(entry for entry in items if entry["type"] == ["h-entry"])
                assert main["properties"]["url"] == [BASE + path]
            context = [name for item in items if item["type"] == ["h-feed"] for name in children(item)]
            above = permalink.nearest_above(comment, {one.id: one for one in thread.comments})
            assert context == [urls.anchor(one.id) for one in above if one.held], path
            assert first(items[0], "url") == BASE + urls.item_path(thread.id)


def test_mf2py_sees_each_author_and_what_they_wrote(read: Read) -> None:
    written = by_author(read.threads)
    assert len(written) > 50
    for name, theirs in written.items():
        path = urls.author_path(name)
        card, feed = read.microformats(path)
        assert (card["type"], feed["type"]) == (["h-card"], ["h-feed"])
        own = card["properties"]
        assert own["url"] == own["uid"] == [BASE + path], "the card that stands for the page"
        found = children(feed)
        assert found.keys() == {urls.anchor(one.id) for one in theirs}, path
        assert {seen.author_url for seen in found.values()} == {BASE + path}


def by_author(threads: list[Thread]) -> dict[str, list[Comment]]:
    found: dict[str, list[Comment]] = defaultdict(list)
    for thread in threads:
        for one in (thread.root, *thread.comments):
            if one.author and one.held:
                found[one.author].append(one)
    return found


# microdata


def some(item: Any, name: str) -> list[Any]:
    """The values of a property, however many there are."""
    value = item["properties"].get(name, [])
    return value if isinstance(value, list) else [value]


def one_text(item: Any, name: str) -> str:
    values = some(item, name)
    assert len(values) < 2, (name, values)
    return str(values[0]) if values else ""


def seen_by_search_engines(item: Any, parent: str) -> Seen:
    (author,) = some(item, "author") or [{"type": SCHEMA + "Person", "properties": {}}]
    assert author["type"] == SCHEMA + "Person"
    return Seen(
        author=one_text(author, "name"),
        author_url=one_text(author, "url"),
        published=one_text(item, "datePublished"),
        parent=parent,
        text=letters(one_text(item, "text")),
    )


def comments_of(item: Any, name: str) -> Iterator[tuple[str, Seen]]:
    """(anchor, what is seen) of all comments below an item; ``name`` is its own anchor."""
    for comment in some(item, "comment"):
        assert comment["type"] == SCHEMA + "Comment"
        own = named(one_text(comment, "url"))
        yield own, seen_by_search_engines(comment, name)
        yield from comments_of(comment, own)


def told(comment: Comment, parent: str) -> Seen:
    """As ``expected``, but for whom nobody knows and for where it stands."""
    nobody = "[deleted]" if comment.state is State.DELETED else "[unknown]"
    seen = expected(comment)._replace(parent=parent)
    return seen if seen.author else seen._replace(author=nobody)


def nested(thread: Thread) -> dict[str, Seen]:
    """Each comment that a dump has below the nearest one above it of which that is true."""
    by_id = {one.id: one for one in thread.comments}
    found = {}
    for one in thread.comments:
        above = by_id.get(one.parent or "")
        while above and not above.held:
            above = by_id.get(above.parent or "")
        if one.held:
            found[urls.anchor(one.id)] = told(one, urls.anchor(above.id if above else thread.id))
    return found


def test_search_engines_see_each_thread_as_it_is(read: Read) -> None:
    for thread in read.threads:
        root, name, path = thread.root, urls.anchor(thread.id), urls.item_path(thread.id)
        (posting,) = read.microdata(path)
        assert posting["type"] == SCHEMA + "DiscussionForumPosting"
        assert dict(comments_of(posting, name)) == nested(thread), path
        assert one_text(posting, "headline") == thread_title(thread).strip()
        assert one_text(posting, "url") == BASE + path
        text = expected(root).text or letters(thread_title(thread))
        assert seen_by_search_engines(posting, "") == expected(root)._replace(parent="", text=text)
        counted = {one_text(one, "interactionType"): one for one in some(posting, "interactionStatistic")}
        held = sum(one.held for one in thread.comments)
        assert one_text(counted[SCHEMA + "CommentAction"], "userInteractionCount") == str(held)
        if root.score is not None:
            assert one_text(counted[SCHEMA + "LikeAction"], "userInteractionCount") == str(root.score)


def test_search_engines_see_a_permalink_as_a_part_of_its_thread(read: Read) -> None:
    thread = next(one for one in read.threads if one.id == "700")
    (posting,) = read.microdata("item/704.html")
    assert posting["type"] == SCHEMA + "DiscussionForumPosting"
    assert one_text(posting, "url") == BASE + "item/700.html"
    by_id = nested(thread)
    found = dict(comments_of(posting, "700"))
    assert found == {"701": by_id["701"], "704": by_id["704"]._replace(parent="700")}


def test_search_engines_are_told_what_was_deleted(read: Read) -> None:
    (posting,) = read.microdata("item/700.html")
    states = {
        named(one_text(one, "url")): one_text(one, "creativeWorkStatus") for one in some(posting, "comment")
    }
    assert states == {"701": "", "702": "Deleted", "703": "", "706": ""}


def test_search_engines_see_each_author(read: Read) -> None:
    for name, theirs in by_author(read.threads).items():
        path = urls.author_path(name)
        (profile,) = read.microdata(path)
        assert profile["type"] == SCHEMA + "ProfilePage"
        (person,) = some(profile, "mainEntity")
        assert (person["type"], one_text(person, "url")) == (SCHEMA + "Person", BASE + path)
        kinds = {
            urls.anchor(one.id): "Comment" if one.kind is Kind.COMMENT else "DiscussionForumPosting"
            for one in theirs
        }
        found = {named(one_text(one, "url")): one["type"] for one in some(profile, "hasPart")}
        assert found == {name: SCHEMA + kind for name, kind in kinds.items()}


def test_each_property_belongs_to_something(read: Read) -> None:
    """A property outside of any scope is an error that programs drop without a word."""
    for page in read.folder.rglob("*.html"):
        document = lxml.html.document_fromstring(page.read_bytes())
        assert not document.xpath("//*[@itemprop][not(ancestor::*[@itemscope])]"), page


def test_no_text_is_there_twice(read: Read) -> None:
    """What is told to programs is the text that people read."""
    for path in ("item/700.html", "item/700.time.html", "item/701.html", "user/ann.html"):
        assert read.html(path).count("Second.") == 1, path


# heads


def test_each_page_tells_its_address(read: Read) -> None:
    """But for those that show another one's comments again, and those that are for nobody to find."""
    elsewhere = {
        "item/700.time.html": "item/700.html",
        "index.html": "",
    }
    hidden = {urls.NOT_FOUND_PATH, urls.SEARCH_PATH, *urls.FINDERS}
    paths = [page.relative_to(read.folder).as_posix() for page in read.folder.rglob("*.html")]
    assert len(paths) > 300
    for path in paths:
        head = read.head(path)
        if path in hidden:
            assert head["robots"] == "noindex"
            assert "canonical" not in head and "og:url" not in head
            continue
        assert "robots" not in head
        if ".time" not in path and "refresh" not in read.html(path):
            assert head["canonical"] == BASE + elsewhere.get(path, path)
        assert head["og:url"] == head["canonical"]
        assert (read.folder / (head["canonical"].removeprefix(BASE) or "index.html")).is_file()
    for path, canonical in elsewhere.items():
        assert read.head(path)["canonical"] == BASE + canonical


def test_the_sitemap_has_the_addresses_that_pages_tell(read: Read) -> None:
    listed = lxml.etree.fromstring(read.html(urls.SITEMAP_PATH).encode()).xpath(
        "//*[local-name() = 'loc']/text()"
    )
    assert len(listed) > 100
    for url in listed:
        path = url.removeprefix(BASE) or urls.FRONT_PATH
        assert read.head(path)["canonical"] == url


def test_a_page_that_leads_on_tells_where(read: Read) -> None:
    option = next(option for thread in read.threads for option in thread.options)
    head = read.head(urls.item_path(option.id))
    poll = next(thread for thread in read.threads if option in thread.options)
    assert head["canonical"] == BASE + urls.item_path(poll.id)


def test_links_to_pages_can_be_shown(read: Read) -> None:
    """OpenGraph, which mail and chat programs read."""
    head = read.head("item/700.html")
    assert head["og:title"] == HOSTILE
    assert head["og:type"] == "article"
    assert head["og:site_name"] == "Discussion archive"
    assert head["og:description"] == head["description"]
    assert head["article:published_time"] == "2023-11-14T22:13:20Z"
    assert head["article:author"] == BASE + urls.author_path('q"uote<')
    head = read.head("item/701.html")
    assert (head["og:title"], head["og:type"]) == (f"ann on {HOSTILE}", "article")
    assert head["og:description"].startswith("First. And so on.")
    assert "article:published_time" not in read.head("item/704.html")
    assert "article:author" not in read.head("item/705.html")
    head = read.head(urls.author_path('q"uote<'))
    assert (head["og:type"], head["profile:username"]) == ("profile", 'q"uote<')
    assert read.head("index.html")["og:type"] == "website"
    graph = extruct.extract(read.html("item/700.html"), syntaxes=["opengraph"])["opengraph"]
    assert ("og:title", HOSTILE) in graph[0]["properties"]


ATOM, JSON_FEED = "alternate application/atom+xml", "alternate application/feed+json"


def test_feeds_are_found(read: Read) -> None:
    """The page's own one first, which is the one that many programs take."""
    assert read.head("item/700.html")[ATOM] == "700.xml ../feed.xml"
    assert read.head("item/700.time.html")[ATOM] == "700.xml ../feed.xml"
    assert read.head("user/ann.html")[ATOM] == "ann.xml ../feed.xml"
    assert read.head("item/701.html")[ATOM] == "../feed.xml"
    assert read.head("index.html")[ATOM] == "feed.xml"
    assert read.head("404.html")[JSON_FEED] == "/feed.json"
    assert read.head("item/701.html")[JSON_FEED] == "../feed.json"
    for path, feed in (("user/ann.html", "ann.xml"), ("index.html", "feed.xml")):
        document = lxml.html.document_fromstring(read.html(path).encode())
        assert document.xpath("//main//p[@class='facts']/a[. = 'feed']/@href") == [feed]


@pytest.mark.parametrize("feeds", ["none", "site", "authors"])
def test_only_feeds_that_are_there_are_told(feeds: str, tmp_path: Path) -> None:
    """And no address is, of a site that does not know its own."""
    site = Site(tmp_path, **{"odd.json": ODD})
    site.settings = f'feeds = "{feeds}"'
    site.build()
    read = Read(site.public, [])
    told = {path: read.head(path).get(ATOM) for path in ("index.html", "user/ann.html", "item/700.html")}
    one = None if feeds == "none" else "../feed.xml"
    assert told == {
        "index.html": one and "feed.xml",
        "user/ann.html": "ann.xml ../feed.xml" if feeds == "authors" else one,
        "item/700.html": one,
    }
    assert (">feed</a>" in read.html("user/ann.html")) == (feeds == "authors")
    assert (">feed</a>" in read.html("index.html")) == (feeds != "none")
    for path in told:
        assert not {"canonical", "og:url", "article:author"} & read.head(path).keys()


def test_pages_of_one_thread_are_seen_as_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With another theme, and where comments have no pages of their own."""
    monkeypatch.setattr(thread_pages, "LARGEST", 3)
    site = Site(tmp_path, **{"odd.json": ODD})
    site.settings = SETTINGS + 'theme = "board"\npermalinks = "anchors"'
    site.build()
    read = Read(site.public, [])
    paths = {path: path for path in ("item/700.html", "item/700.2.html", "item/700.3.html")}
    for path, canonical in {**paths, "item/700.time.2.html": "item/700.html"}.items():
        assert read.head(path)["canonical"] == BASE + canonical
    seen = {path: read.microformats(path)[0] for path in paths}
    assert {first(story, "url") for story in seen.values()} == {BASE + "item/700.html"}
    urls_of = {
        entry["id"]: first(entry, "url") for story in seen.values() for entry in entries(story["children"])
    }
    assert urls_of["701"] == f"{BASE}item/700.html#701"
    assert urls_of["706"] == f"{BASE}item/700.3.html#706"
    assert urls_of.keys() == {"701", "702", "703", "704", "705", "706"}
    (posting,) = read.microdata("item/700.3.html")
    assert one_text(posting, "url") == BASE + "item/700.html"
    assert "706" in dict(comments_of(posting, "700"))
