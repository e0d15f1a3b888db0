"""Real dumps in, a site out, compared comment by comment with a reading of the dumps of this file's own.

Nothing here imports hnsite: sites are built by the command, dumps are read by plain ``json``, and pages by
``built_site``. Where several dumps disagree, or an order is not stated, anything that a dump says is right.
"""

from __future__ import annotations

import gzip
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from built_site import BLOCKS, Link, Page, Post, Site, by_class, words

SOURCE = "https://news.ycombinator.com/item?id="
LARGEST_PAGE = 1000
SEED_PARENTS = {
    "42133844": None,
    "42134046": "42133844",
    "42134788": "42134046",
    "42134819": "42133844",
    "42134984": "42134819",
}
"""The comments of the seeds whose ids are known, and their parents; None is the story."""
_HN_ITEM = re.compile(r"^https?://news\.ycombinator\.com/item\?id=(\d+)(?:&p=\d+)?(?:#(\d+))?$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NO_ADDRESS = re.compile(r"[<>\s\\]|^https?://$")
_PLACEHOLDERS = frozenset({"[dead]", "[flagged]", "[delayed]"})


# --- The dumps, read independently ------------------------------------------------------------------------


@dataclass
class Item:
    """Everything that any dump says of one item: a set where dumps could disagree."""

    id: int
    kinds: set[str] = field(default_factory=set)
    parents: set[int] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)
    times: set[int] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    scores: set[int] = field(default_factory=set)
    kids: set[tuple[int, ...]] = field(default_factory=set)
    options: set[int] = field(default_factory=set)
    dead: bool = False
    deleted: bool = False

    @property
    def parent(self) -> int | None:
        assert len(self.parents) < 2, f"the dumps disagree on the parent of {self.id}"
        return next(iter(self.parents), None)

    @property
    def author(self) -> str | None:
        assert len(self.authors) < 2, f"the dumps disagree on the author of {self.id}"
        return next(iter(self.authors), None)

    @property
    def is_option(self) -> bool:
        return self.kinds == {"pollopt"}

    @property
    def is_comment(self) -> bool:
        return self.kinds == {"comment"}

    @property
    def states(self) -> set[str]:
        """What the item may be shown as; one without author and text may be one that was deleted."""
        if self.deleted or self.dead:
            return {"deleted" if self.deleted else "dead"}
        gone = self.is_comment and not self.authors and not self.texts
        return {"live", "deleted"} if gone else {"live"}

    def say(self, **said: object) -> None:
        """Adds what a dump says to the sets of those names; silence (None, "") adds nothing."""
        for name, value in said.items():
            if value is not None and value != "":
                getattr(self, name).add(value)


class Archive:
    """The union of dumps, and the trees in it."""

    def __init__(self) -> None:
        self.items: dict[int, Item] = {}
        self._readings: dict[str, Reading] = {}

    def item(self, id: int) -> Item:
        return self.items.setdefault(id, Item(id))

    def read_api(self, value: Mapping[str, Any]) -> None:
        """One item in the shape of the Hacker News API."""
        item = self.item(value["id"])
        item.say(
            kinds=value["type"],
            parents=value.get("parent", value.get("poll")),
            authors=value.get("by"),
            times=value.get("time"),
            texts=value.get("text"),
            titles=value.get("title"),
            urls=value.get("url"),
            scores=value.get("score"),
            kids=tuple(value.get("kids", ())) or None,
        )
        item.options.update(value.get("parts", ()))
        item.dead |= bool(value.get("dead"))
        item.deleted |= bool(value.get("deleted"))

    def read_algolia(self, top: Mapping[str, Any]) -> None:
        """One nested object of the Algolia API."""
        waiting = [top]
        while waiting:
            value = waiting.pop()
            self.item(value["id"]).say(
                kinds=value["type"],
                parents=value.get("parent_id"),
                authors=value.get("author"),
                times=value.get("created_at_i"),
                texts=value.get("text"),
                titles=value.get("title"),
                urls=value.get("url"),
                scores=value.get("points"),
                kids=tuple(child["id"] for child in value["children"]) or None,
            )
            waiting.extend(value["children"])

    def read_hnpwa(self, story: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """A nested thread of hnpwa as items of the Hacker News API, for a dump that hnsite can read."""
        kids = [comment["id"] for comment in story["comments"]]
        yield {"id": story["id"], "type": "story", "time": story["time"], "kids": kids} | {
            "by": story["user"],
            "title": story["title"],
            "score": story["points"],
        }
        waiting = [(comment, story["id"]) for comment in story["comments"]]
        while waiting:
            comment, parent = waiting.pop()
            said = {"id": comment["id"], "type": "comment", "time": comment["time"], "parent": parent} | {
                "by": comment.get("user"),
                "text": comment.get("content"),
                "kids": [child["id"] for child in comment["comments"]],
                "deleted": comment.get("deleted"),
                "dead": comment.get("dead"),
            }
            yield {name: value for name, value in said.items() if value}
            waiting.extend((child, comment["id"]) for child in comment["comments"])

    @cached_property
    def parents(self) -> dict[int, int]:
        """Every item's parent, for stubs the one that names them."""
        named = {kid: item.id for item in self.items.values() for kids in item.kids for kid in kids}
        stated = {item.id: item.parent for item in self.items.values() if item.parent is not None}
        return named | stated

    @cached_property
    def options(self) -> set[int]:
        own = {item.id for item in self.items.values() if item.is_option}
        return own.union(*(item.options for item in self.items.values()))

    @cached_property
    def children(self) -> dict[int, set[int]]:
        """Comments and stubs below each item; poll options are none."""
        children: dict[int, set[int]] = defaultdict(set)
        for child, parent in self.parents.items():
            if child not in self.options:
                children[parent].add(child)
        return children

    @cached_property
    def roots(self) -> dict[int, list[int]]:
        """Each thread's top (a story, or the id at the end of the known parents) and all below it."""
        threads: dict[int, list[int]] = {}
        for id in {*self.items, *self.parents.values()}:
            if id not in self.parents:
                threads[id] = self.below(id)
        return threads

    def below(self, id: int) -> list[int]:
        """Everything under an item, in no particular order."""
        found: list[int] = []
        waiting = list(self.children.get(id, ()))
        while waiting:
            here = waiting.pop()
            found.append(here)
            waiting.extend(self.children.get(here, ()))
        return found

    def above(self, id: int) -> list[int]:
        """The ancestors from the top down, the top itself left out."""
        path: list[int] = []
        here = self.parents[id]
        while here in self.parents:
            path.append(here)
            here = self.parents[here]
        return path[::-1]

    def top(self, id: int) -> int:
        while id in self.parents:
            id = self.parents[id]
        return id

    @cached_property
    def authors(self) -> dict[str, set[int]]:
        wrote: dict[str, set[int]] = defaultdict(set)
        for item in self.items.values():
            if item.author and not item.is_option:
                wrote[item.author].add(item.id)
        return wrote

    def reading(self, text: str) -> Reading:
        """``expected_reading`` of a text, once; only when all items are known."""
        if text not in self._readings:
            self._readings[text] = expected_reading(text, self.items)
        return self._readings[text]


def opened(path: Path) -> str:
    return (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode()


def api_items(path: Path) -> list[dict[str, Any]]:
    """One object a line, or one array."""
    text = opened(path)
    return (
        list(json.loads(text))
        if text.lstrip().startswith("[")
        else [json.loads(x) for x in text.split("\n") if x]
    )


def algolia_files(shared: Path) -> list[Path]:
    return sorted(p for p in (shared / "data/hn-algolia").iterdir() if not p.name.startswith("search-hits"))


# --- Text as a reader sees it -----------------------------------------------------------------------------


def reading(element: Any, resolve: Any) -> Reading:
    """An element's words in one line, every link with where it leads; and its ``<pre>`` blocks as they are.

    ``resolve(href, shown)`` gives what stands for a link.
    """
    parts: list[str] = []
    waiting: list[Any] = [element]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            parts.append(here)
            continue
        if not isinstance(here.tag, str):
            continue
        edge = " " if here.tag in BLOCKS else ""
        parts.append(edge)
        if here.tag == "a" and here.get("class") != "quoted":  # a link of the archive's around a quote
            parts.append(resolve(here.get("href") or "", here.text_content()))
            inside: list[Any] = []
        else:
            inside = [here.text or ""]
            for child in here:
                inside += [child, child.tail or ""]
        waiting += [edge, *reversed(inside)]
    pres = [pre.text_content().rstrip() for pre in element.iter("pre")]
    return " ".join("".join(parts).split()), pres


Reading = tuple[str, list[str]]
"""A text's words with its links, and its code."""


_AS_SENT = {ord(char): f"%{ord(char):02X}" for char in '<>"^`{|}'}
"""What addresses may not hold, and what browsers send in its place."""


def expected_reading(text: str, held: Mapping[int, Item]) -> Reading:
    """A text of the API, links to items that the archive holds as ``>>id``.

    Control characters are gone, and so is a link that no browser could follow; its words stay.
    """

    def resolve(href: str, shown: str) -> str:
        if _NO_ADDRESS.search(href):
            return shown
        match = _HN_ITEM.match(href)
        target = int(match[2] or match[1]) if match else None
        return f"«item {target}»>>{target}" if target in held else f"«{href.translate(_AS_SENT)}»{shown}"

    return reading(lxml.html.fragment_fromstring(_CONTROL.sub("", text), create_parent="div"), resolve)


def shown_reading(body: Any, page: Page) -> Reading:
    """A text on a page, the same way."""

    def resolve(href: str, shown: str) -> str:
        target = page.resolve(href) if href else ""
        if match := re.fullmatch(r"item/(?:\w+)(?:\.\d+)?\.html#(\d+)|item/(\d+)\.html", target):
            return f"«item {match[1] or match[2]}»{shown}"
        return f"«{target}»{shown}"

    return reading(body, resolve)


def same_text(body: Any, page: Page, texts: Iterable[str], archive: Archive) -> str | None:
    """None if a body on a page is one of the texts, else the first place where it is not."""
    shown = shown_reading(body, page)
    wanted: Reading = ("", [])
    for text in texts:
        wanted = archive.reading(text)
        if wanted == shown:
            return None
    if wanted[0] == shown[0]:
        return f"pre {shown[1]!r}, not {wanted[1]!r}"
    pairs = enumerate(zip(shown[0] + "\0", wanted[0] + "\1", strict=False))
    at = next(place for place, (one, other) in pairs if one != other)
    start = max(0, at - 20)
    return f"...{shown[0][start : at + 40]!r}, not {wanted[0][start : at + 40]!r}"


def iso(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- Sites ------------------------------------------------------------------------------------------------


def leads_on(link: Link) -> bool:
    """Whether a link leads to an author."""
    return link.href.startswith("user/")


@dataclass
class Built:
    site: Site
    archive: Archive
    said: str
    """What the build printed."""

    @cached_property
    def users(self) -> dict[str, str]:
        """Author -> page, as the directory has it."""
        return {link.text: link.href for page in self.directory for link in page.links() if leads_on(link)}

    @cached_property
    def directory(self) -> list[Page]:
        """Its page, and those to which it leads where there are many authors."""
        top = self.site.kept("users.html")
        parts = [link.href for link in top.links() if link.href.startswith("users/")]
        return [top, *map(self.site.kept, parts)]

    def thread_pages(self, top: int | str, order: str = "") -> list[Page]:
        """A thread's pages; ``order`` is "" or ".time"."""
        paths = [f"item/{top}{order}.html"]
        while (further := f"item/{top}{order}.{len(paths) + 1}.html") in self.site.files:
            paths.append(further)
        return [self.site.kept(path) for path in paths]


def build(folder: Path, *options: str, seed: str = "random", status: int | None = 0) -> str:
    """Runs ``hnsite build`` in a folder that has ``content/``; the site is in ``public/``."""
    done = subprocess.run(
        [sys.executable, "-m", "hnsite", "build", "-s", "content", "-o", "public", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).resolve().parents[1])},
        check=False,
    )
    assert status is None or done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def put(folder: Path, paths: Iterable[Path]) -> Path:
    """A folder with these dumps in content/."""
    content = folder / "content"
    content.mkdir(parents=True)
    for number, path in enumerate(paths):
        shutil.copy(path, content / f"{number:02}-{path.name}")
    return folder


def text_dumps(shared: Path) -> list[Path]:
    data = shared / "data"
    return [*sorted((data / "hn-board-text").glob("*.txt")), *sorted((data / "hn-flat-text").glob("*.txt"))]


def seeds(shared: Path) -> list[Path]:
    return sorted((shared / "seeds").glob("*.txt"))


def as_dump(path: Path, items: Iterable[Mapping[str, Any]]) -> Path:
    """One array in one file."""
    path.write_text(json.dumps(list(items)), "utf-8")
    return path


def of_small_threads(items: Iterable[dict[str, Any]], largest: int) -> list[dict[str, Any]]:
    """The items (parents before their replies) of the threads with at most so many of them."""
    top: dict[int, int] = {}
    for item in sorted(items, key=lambda item: item["id"]):
        top[item["id"]] = item["parent"] if "parent" in item else item["id"]
    for id in top:
        while top[top[id]] != top[id]:
            top[id] = top[top[id]]
    sizes = Counter(top.values())
    return [item for item in items if sizes[top[item["id"]]] <= largest]


def sample(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What matters most of the scattered items: those with a relation, code, or a mark, and some others."""
    ids = {item["id"] for item in items}
    kept = {id for item in items for kid in item.get("kids", ()) if kid in ids for id in (item["id"], kid)}
    return [
        item
        for item in items
        if item["id"] in kept or "<pre>" in item.get("text", "") or "dead" in item or item["id"] % 9 == 0
    ]


@pytest.fixture(scope="session", params=["algolia", "items", "long", "all"])
def built(request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Each kind of real dump as a site of its own; then all kinds together, without what is large."""
    data, archive, name = shared / "data", Archive(), request.param
    folder = tmp_path_factory.mktemp(name)
    dumps: list[Path] = []
    items: list[dict[str, Any]] = []
    nested = [path for path in algolia_files(shared) if path.stat().st_size < 150_000 or name != "all"]
    if name == "algolia" or name == "all":
        dumps += nested
        for path in nested:
            archive.read_algolia(json.loads(opened(path)))
    if name == "items" or name == "all":
        threads = api_items(data / "hn-items/threads.ndjson.gz")
        items += threads if name == "items" else of_small_threads(threads, 200)
        dumps += [as_dump(folder / "threads.json", items), data / "hn-items/all-types.ndjson"]
        items += api_items(data / "hn-items/all-types.ndjson")
    if name == "all":
        scattered = sample(api_items(data / "hn-items/scattered.json.gz"))
        items += scattered
        dumps += [as_dump(folder / "scattered.json", scattered), *text_dumps(shared), *seeds(shared)]
    if name == "long":
        items += archive.read_hnpwa(json.loads(opened(data / "hn-other/hnpwa-25015967.json.gz")))
        dumps += [as_dump(folder / "long.json", items)]
    for item in items:
        archive.read_api(item)
    said = build(put(folder, dumps), "-v")
    return Built(Site(folder / "public"), archive, said)


@pytest.fixture(scope="session", params=["default", "board"])
def seed_site(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Built:
    folder = put(tmp_path_factory.mktemp("seeds"), seeds(shared))
    (folder / "hnsite.toml").write_text(f'theme = "{request.param}"', "utf-8")
    said = build(folder)
    return Built(Site(folder / "public"), Archive(), said)


def report(faults: list[str]) -> None:
    """Fails with the first faults, and with how many there are."""
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:25])


# --- Comment by comment -----------------------------------------------------------------------------------


def faults_of(post: Post, item: Item, built: Built) -> Iterator[str]:
    """What is wrong with a comment as a page shows it."""
    archive, at = built.archive, f"{post.page.path}#{post.id}:"
    if post.is_stub:
        yield f"{at} shown as missing"
        return
    if post.state not in item.states:
        yield f"{at} is {post.state}, not {item.states}"
    author = post.author
    if (author.text if author else None) != item.author:
        yield f"{at} by {author}, not {item.author}"
    if author and author.href != built.users.get(author.text):
        yield f"{at} leads to {author.href}, not to the page of {author.text}"
    if post.published not in {iso(time) for time in item.times}:
        yield f"{at} dated {post.published}, not {[iso(time) for time in item.times]}"
    if not post.permalink or (post.permalink.href, post.permalink.text) != (
        f"item/{item.id}.html",
        f"No.{item.id}",
    ):
        yield f"{at} permalink {post.permalink}"
    if not post.source or post.source.href != f"{SOURCE}{item.id}":
        yield f"{at} source {post.source}"
    yield from wrong_parent(post, item, archive)
    yield from wrong_replies(post, archive.children.get(item.id, set()))
    yield from wrong_text(post, item, archive)


def wrong_parent(post: Post, item: Item, archive: Archive) -> Iterator[str]:
    parent = item.parent
    ways = {f"item/{parent}.html", f"{post.page.path}#{parent}"}
    if not post.parent or post.parent.href not in ways or post.parent.text != f">>{parent}":
        yield f"{post.page.path}#{post.id}: in reply to {post.parent}, not {parent}"
    if post.evidence:
        yield f"{post.page.path}#{post.id}: a stated parent shown as inferred ({post.evidence})"
    story = archive.items.get(archive.top(item.id))
    above = archive.items.get(parent or 0)
    by_op = bool(story and above and above.author and above.author == story.author)
    if by_op != ("(OP)" in post.head):
        yield f"{post.page.path}#{post.id}: (OP) is {'missing' if by_op else 'wrong'}"


def wrong_replies(post: Post, children: set[int]) -> Iterator[str]:
    wanted = [f">>{child}" for child in sorted(children)]
    if [reply.text for reply in post.replies] != wanted:
        yield f"{post.page.path}#{post.id}: replies {[reply.text for reply in post.replies]}, not {wanted}"
    if post.replies_label != (f"replies({len(wanted)})" if wanted else ""):
        yield f"{post.page.path}#{post.id}: {post.replies_label!r} for {len(wanted)} replies"
    for reply in post.replies:
        id = reply.text[2:]
        if reply.href not in (f"item/{id}.html", f"{post.page.path}#{id}"):
            yield f"{post.page.path}#{post.id}: {reply.text} leads to {reply.href}"


def wrong_text(post: Post, item: Item, archive: Archive) -> Iterator[str]:
    at = f"{post.page.path}#{post.id}:"
    texts = item.texts - _PLACEHOLDERS if item.dead else item.texts
    if item.deleted or not texts:
        if post.body is not None and words(post.body) not in _PLACEHOLDERS:
            yield f"{at} shows text that it must not: {words(post.body)[:60]!r}"
        if not by_class(post.element, "tombstone"):
            yield f"{at} has neither text nor a tombstone"
    elif post.body is None:
        yield f"{at} has no text"
    elif fault := same_text(post.body, post.page, texts, archive):
        yield f"{at} text {fault}"


@pytest.mark.slow
def test_each_comment_is_what_the_dumps_say(built: Built) -> None:
    faults: list[str] = []
    for top, below in built.archive.roots.items():
        shown = {post.id: post for page in built.thread_pages(top) for post in page.listed}
        for id in below:
            item, post = built.archive.items.get(id), shown.get(str(id))
            if post is None:
                faults.append(f"{id} is not in its thread {top}")
            elif item:
                faults += faults_of(post, item, built)
            elif not post.is_stub:
                faults.append(f"{id}: a stub shown as if it were there")
    report(faults)


@pytest.mark.slow
def test_each_story_is_what_the_dumps_say(built: Built) -> None:
    faults: list[str] = []
    for top in built.archive.roots:
        page, item = built.site.kept(f"item/{top}.html"), built.archive.items.get(top)
        story = page.story
        if story is None:
            faults.append(f"{top}: no .story on its page")
            continue
        if story.get("id") != str(top):
            faults.append(f"{top}: its anchor is {story.get('id')}")
        if item is not None:
            faults += story_faults(item, page, built)
    report(faults)


def story_faults(item: Item, page: Page, built: Built) -> Iterator[str]:
    titles = {" ".join(html.unescape(title).split()) for title in item.titles}
    heading = words(page.story.find(".//h1"))
    domain = re.search(r" \(([^() ]+)\)$", heading)
    if titles and (heading[: domain.start()] if domain else heading) not in titles and heading not in titles:
        yield f"{item.id}: titled {heading!r}, not {titles}"
    hosts = {(urlsplit(url).hostname or "").removeprefix("www.") for url in item.urls}
    if hosts and (not domain or domain[1] not in hosts):
        yield f"{item.id}: from {domain}, not {hosts}"
    links = {link.href for link in page.links(page.story.find(".//h1"))}
    addresses = {href for href in links if not href.startswith("from/")}
    urls = {url.translate(_AS_SENT) for url in item.urls}
    if urls and addresses != urls:
        yield f"{item.id}: leads to {addresses}, not {urls}"
    facts = by_class(page.story, "facts")[0]
    points = {int(words(one).split()[0]) for one in by_class(facts, "points")}
    if not points <= item.scores or len(points) != bool(item.scores):
        yield f"{item.id}: {points}, not {item.scores}"
    authors = [words(one) for one in by_class(facts, "p-author")]
    if authors != ([item.author] if item.author else []):
        yield f"{item.id}: by {authors}, not {item.author}"
    dates = {one.get("datetime") for one in facts.iter("time")}
    if not dates & {iso(time) for time in item.times}:
        yield f"{item.id}: dated {dates}"
    bodies = by_class(page.story, "story-text")
    if item.texts and not item.deleted:
        fault = same_text(bodies[0], page, item.texts, built.archive) if bodies else "is missing"
        if fault:
            yield f"{item.id}: text {fault}"


# --- Order and place --------------------------------------------------------------------------------------


def wrong_order(shown: list[str], ranked: set[tuple[int, ...]]) -> bool:
    """Whether siblings stand in an order that contradicts every dump; unlisted ones may stand anywhere."""
    if not ranked:
        return False
    for kids in ranked:
        names = [str(kid) for kid in kids]
        if [id for id in shown if id in set(names)] == [name for name in names if name in set(shown)]:
            return False
    return True


@pytest.mark.slow
def test_a_thread_holds_each_comment_once_at_its_place(built: Built) -> None:
    archive, faults = built.archive, []
    for top, below in archive.roots.items():
        pages = built.thread_pages(top)
        places = [place for page in pages for place in page.places]
        faults += [
            f"{page.path}: {len(page.places)} comments" for page in pages if len(page.places) > LARGEST_PAGE
        ]
        if Counter(place.id for place in places) != Counter(map(str, below)):
            faults.append(f"{top}: not each comment once")
            continue
        numbers = [place.number for place in places if int(place.id) in archive.items]
        if numbers != [f"{number}." for number in range(1, len(numbers) + 1)]:
            faults.append(f"{top}: numbered {numbers[:5]}...")
        siblings: dict[str, list[str]] = defaultdict(list)
        for page in pages:
            on_page = {place.id for place in page.places}
            for place in page.places:
                parent = str(archive.parents[int(place.id)])
                siblings[parent].append(place.id)
                if place.under != (parent if parent in on_page else None):
                    faults.append(f"{page.path}#{place.id}: under {place.under}, not {parent}")
        for parent, shown in siblings.items():
            known = archive.items.get(int(parent))
            if known and wrong_order(shown, known.kids):
                faults.append(
                    f"{top}: below {parent} stand {shown[:6]}..., not {next(iter(known.kids))[:6]}..."
                )
    report(faults)


@pytest.mark.slow
def test_by_time_has_the_same_comments_in_time_order(built: Built) -> None:
    archive, faults = built.archive, []
    for top, below in archive.roots.items():
        held = [archive.items[id] for id in below if id in archive.items]
        shown = [
            post.id for page in built.thread_pages(top, ".time") for post in page.listed if not post.is_stub
        ]
        if sorted(shown) != sorted(str(item.id) for item in held):
            faults.append(f"{top}: not the same comments")
        times = [min(archive.items[int(id)].times) for id in shown]
        if times != sorted(times):
            faults.append(f"{top}: not in time order")
    report(faults)


@pytest.mark.slow
def test_each_comment_has_a_permalink_with_its_context_and_subtree(built: Built) -> None:
    archive, faults = built.archive, []
    for top in archive.roots:
        pages = built.thread_pages(top)
        order = [place.id for page in pages for place in page.places]
        index = {id: number for number, id in enumerate(order)}
        page_of = {place.id: page.path for page in pages for place in page.places}
        for id in order:
            path = f"item/{id}.html"
            if path not in built.site.files:
                faults.append(f"{path} is missing")
                continue
            size = 1 + len(archive.below(int(id)))
            subtree = order[index[id] : index[id] + size]
            faults += permalink_faults(built.site.page(path), id, subtree, page_of[id], built)
    report(faults)


def permalink_faults(
    page: Page, id: str, subtree: list[str], thread_path: str, built: Built
) -> Iterator[str]:
    archive = built.archive
    context = [post.id for post in page.context]
    if context != [str(one) for one in archive.above(int(id))]:
        yield f"{page.path}: context {context}, not {archive.above(int(id))}"
    if any(post.number for post in page.context):
        yield f"{page.path}: the context is numbered"
    if [place.id for place in page.places] != subtree[: LARGEST_PAGE + 1]:
        yield f"{page.path}: shows {[place.id for place in page.places][:9]}, not {subtree[:9]}"
    numbers = [place.number for place in page.places if int(place.id) in archive.items]
    if numbers != [f"{number}." for number in range(1, len(numbers) + 1)]:
        yield f"{page.path}: numbered {numbers[:9]}"
    for place in page.places:
        if place.under != (None if place.id == id else str(archive.parents[int(place.id)])):
            yield f"{page.path}#{place.id}: under {place.under}"
    back = by_class(page.root, "back")
    if not back or f"{thread_path}#{id}" not in {link.href for link in page.links(back[0])}:
        yield f"{page.path}: does not lead back to its place in the thread"
    item, post = archive.items.get(int(id)), page.listed[0] if page.listed else None
    if item and post:
        yield from faults_of(post, item, built)


# --- Authors, lists, links --------------------------------------------------------------------------------


def in_seeds(id: str) -> bool:
    """Whether a comment is one of the seeds', which the reading of the dumps above leaves out."""
    return id.startswith("x") or id in SEED_PARENTS


def author_posts(built: Built, path: str) -> list[Post]:
    """All pages of an author, newest first."""
    base = path.removesuffix(".html")
    paths = [path]
    number = 1
    while (older := f"{base}.{number}.html") in built.site.files:
        paths.insert(1, older)
        number += 1
    return [post for one in paths for post in built.site.kept(one).posts()]


@pytest.mark.slow
def test_each_author_has_a_page_with_exactly_what_he_wrote(built: Built) -> None:
    archive, faults = built.archive, []
    for name, ids in archive.authors.items():
        path = built.users.get(name)
        if path not in built.site.files:
            faults.append(f"{name} has no page ({path})")
            continue
        page, posts = built.site.kept(path), author_posts(built, path)
        if page.title != name:
            faults.append(f"{path}: titled {page.title!r}, not {name!r}")
        shown = [post for post in posts if not in_seeds(post.id)]
        if Counter(post.id for post in shown) != Counter(map(str, ids)):
            faults.append(f"{path}: {sorted(post.id for post in shown)[:9]}, not {sorted(ids)[:9]}")
            continue
        times = [min(archive.items[int(post.id)].times) for post in shown]
        if times != sorted(times, reverse=True):
            faults.append(f"{path}: not newest first")
        for post in shown:
            item = archive.items[int(post.id)]
            thread = {
                link.href
                for link in post.page.links(post.element.getparent())
                if link.href.startswith("item/")
            }
            if not any(
                re.fullmatch(rf"item/{archive.top(item.id)}(\.\d+)?\.html(#.*)?", way) for way in thread
            ):
                faults.append(f"{path}#{post.id}: does not lead to its thread")
            if not post.author or post.author.text != name:
                faults.append(f"{path}#{post.id}: by {post.author}")
            if not post.permalink or post.permalink.href != f"item/{post.id}.html":
                faults.append(f"{path}#{post.id}: permalink {post.permalink}")
    report(faults)


@pytest.mark.slow
def test_the_directory_lists_all_authors_and_no_others(built: Built, seed_site: Built) -> None:
    wanted = set(built.archive.authors)
    if "seeds" in built.said or len(built.users) > len(wanted):
        wanted |= set(seed_site.users) if set(seed_site.users) <= set(built.users) else set()
    assert set(built.users) == wanted
    by_name = [link.text for page in built.directory[1:] for link in page.links() if leads_on(link)]
    assert len(built.directory) == 1 or sorted(by_name) == sorted(built.users)
    assert len(set(built.users.values())) == len(built.users)


@pytest.mark.slow
def test_the_front_pages_list_each_thread_once(built: Built) -> None:
    paths = [path for path in built.site.files if path == "index.html" or path.startswith("page/")]
    listed = [
        page.links(heading)[0].href
        for page in map(built.site.page, paths)
        for heading in by_class(page.root, "threads")[0].iter("h2")
    ]
    real = [path for path in listed if re.fullmatch(r"item/\d+\.html", path)]
    assert Counter(real) == Counter(f"item/{top}.html" for top in built.archive.roots)
    assert len(listed) - len(real) <= 1  # the thread of the seeds, whose id nobody knows


@pytest.mark.slow
def test_all_links_lead_somewhere_and_ids_are_unique(built: Built) -> None:
    count = built.site.scan()
    assert count > len(built.archive.items)
    report(built.site.broken())
    report(built.site.doubled)


@pytest.mark.slow
def test_no_two_files_are_one_where_case_is_ignored(built: Built) -> None:
    assert len({path.casefold() for path in built.site.files}) == len(built.site.files)


@pytest.mark.slow
def test_the_most_active_and_the_popular_are_named(built: Built) -> None:
    archive, faults = built.archive, []
    for top, below in archive.roots.items():
        page = built.site.kept(f"item/{top}.html")
        held = [archive.items[id] for id in below if id in archive.items]
        wrote = Counter(item.author for item in held if item.author)
        many = sorted((count for count in wrote.values() if count >= 3), reverse=True)
        active = many[:10] if len(held) > 10 else []
        shown = [words(one) for one in by_class(page.root, "active") for one in one.iter("li")]
        counts = [int(match[2]) for one in shown if (match := re.fullmatch(r"(\S+) ?\((\d+)\)", one))]
        if counts != active or any(wrote[one.split("(")[0].strip()] not in counts for one in shown):
            faults.append(f"{top}: most active {shown}, not {active}")
        replies = {str(item.id): len(archive.children.get(item.id, ())) for item in held}
        popular = sorted((count for count in replies.values() if count >= 3), reverse=True)[:20]
        links = [link for one in by_class(page.root, "popular") for link in page.links(one)]
        named = [link.text[2:] for link in links if link.text.startswith(">>")]
        if [replies[id] for id in named] != popular:
            faults.append(f"{top}: popular {named}, not those with {popular} replies")
    report(faults)


@pytest.mark.slow
def test_poll_options_stand_in_their_poll(built: Built) -> None:
    for option in built.archive.options:
        poll = built.archive.parents.get(option)
        poll = poll or next(item.id for item in built.archive.items.values() if option in item.options)
        assert str(option) in built.site.kept(f"item/{poll}.html").ids
        assert built.site.page(f"item/{option}.html").redirect == f"item/{poll}.html#{option}"


@pytest.mark.slow
def test_the_build_complains_of_absent_parents_and_of_nothing_else(built: Built) -> None:
    items = built.archive.items
    absent = {item.parent for item in items.values() if item.parent is not None} - items.keys()
    lines = [line for line in built.said.splitlines() if line.startswith(("warning", "error"))]
    named = {
        int(match[1]) for line in lines if (match := re.search(r"the parent (\d+) of item \d+ .*is in", line))
    }
    assert named == absent
    assert len(lines) == len(absent)


# --- The seeds --------------------------------------------------------------------------------------------


def seed_comments(shared: Path) -> list[tuple[str, str]]:
    """(author, words) of the pasted thread: an author's line, an age, then the body."""
    lines = (shared / "seeds/002_ea93ecfd2d37e4dc.txt").read_text("utf-8").split("\n")
    heads = [number - 1 for number, line in enumerate(lines) if re.fullmatch(r"\d+ (?:hours|days) ago", line)]
    ends = [*heads[1:], len(lines)]
    bodies = (" ".join(lines[head + 2 : end]) for head, end in zip(heads, ends, strict=True))
    return [(lines[head], " ".join(body.split())) for head, body in zip(heads, bodies, strict=True)]


def seed_head(shared: Path) -> tuple[str, str, str]:
    """Title, site and author of the seeds' story, as the lines above the first post of a board page say."""
    lines = (shared / "seeds/000_708a243a5b8a2edf.txt").read_text("utf-8").split("\n")
    return lines[2], lines[4].strip("()"), lines[5].split()[2]


def seed_thread(site: Site) -> str:
    """The path of the only thread, nested; a theme may lead to it by time."""
    (heading,) = by_class(site.kept("index.html").root, "threads")[0].iter("h2")
    return site.kept("index.html").links(heading)[0].href.replace(".time.html", ".html")


def test_the_seeds_are_one_thread_with_its_head(seed_site: Built, shared: Path) -> None:
    title, domain, author = seed_head(shared)
    path = seed_thread(seed_site.site)
    assert re.fullmatch(r"item/x[0-9a-f]+\.html", path)
    story = seed_site.site.kept(path).story
    assert words(story.find(".//h1")) == f"{title} ({domain})"
    facts = by_class(story, "facts")[0]
    assert [words(one) for one in by_class(facts, "points")] == ["377 points"]
    assert [words(one) for one in by_class(facts, "p-author")] == [author]
    assert words(by_class(facts, "count")[0]) == "81 comments"


def test_the_seeds_hold_each_comment_once_with_its_words(seed_site: Built, shared: Path) -> None:
    page = seed_site.site.kept(seed_thread(seed_site.site))
    shown = [
        (post.author.text if post.author else "", words_and_urls(post))
        for post in page.listed
        if not post.is_stub
    ]
    wanted = seed_comments(shared)
    assert len(wanted) == 81
    assert sorted(shown) == sorted(wanted)
    assert len({author for author, _ in shown}) == 51
    ids = [post.id for post in page.listed if not post.is_stub]
    assert {id for id in ids if id.isdigit()} == set(SEED_PARENTS)
    assert len([id for id in ids if re.fullmatch(r"x[0-9a-f]+", id)]) == 76


def words_and_urls(post: Post) -> str:
    """A post's words, a blank where a block ends."""
    return reading(post.body, lambda _href, shown: shown)[0] if post.body is not None else ""


def test_the_comments_of_the_seeds_with_ids_have_their_parents(seed_site: Built) -> None:
    path = seed_thread(seed_site.site)
    page = seed_site.site.kept(path)
    story = path.removeprefix("item/").removesuffix(".html")
    posts = {post.id: post for post in page.listed}
    for id, parent in SEED_PARENTS.items():
        shown = posts[id].parent
        assert shown is not None
        assert shown.href == f"{path}#{parent or story}"
        assert posts[id].evidence is None
        assert {place.id: place.under for place in page.places}[id] == parent
    stubs = {post.id for post in page.listed if post.is_stub}
    named = {id for post in page.listed for id in (reply.text[2:] for reply in post.replies)}
    assert len(stubs) == 21
    assert stubs <= named
    first = posts["42133844"]
    assert len([reply for reply in first.replies if reply.text[2:].isdigit()]) == 20


def test_a_place_is_stated_or_inferred_or_shown_as_unknown(seed_site: Built) -> None:
    page = seed_site.site.kept(seed_thread(seed_site.site))
    parents = {post.id: post for post in page.listed}
    inferred = 0
    for post in page.listed:
        if post.is_stub or post.id in SEED_PARENTS:
            continue
        if post.evidence == "quote" and post.parent is not None:
            assert post.body is not None
            quoted = [" ".join(line.lstrip("> ").split()) for line in quotes(post)]
            source = " ".join(words(parents[post.parent.href.split("#")[1]].body).split()).lower()
            assert any(line.lower().strip(' .…"') in source for line in quoted), post.id
            inferred += 1
        elif post.evidence:
            assert "place inferred from" in post.head, post.id
        else:
            assert post.parent is None, post.id
            assert "place unknown" in post.head
    assert inferred >= 10


def quotes(post: Post) -> list[str]:
    return [words(one) for one in post.body.iter("p") if words(one).startswith(">")]


def test_unplaced_comments_of_the_seeds_stand_in_the_order_of_the_dump(
    seed_site: Built, shared: Path
) -> None:
    page = seed_site.site.kept(seed_thread(seed_site.site))
    order = {said: number for number, said in enumerate(seed_comments(shared))}
    shown = [
        order[post.author.text, words_and_urls(post)]
        for post in page.listed
        if not post.is_stub and post.author and post.parent is None
    ]
    assert len(shown) > 40
    assert shown == sorted(shown)


def test_every_comment_of_the_seeds_has_a_permalink(seed_site: Built) -> None:
    site = seed_site.site
    path = seed_thread(site)
    thread = site.kept(path)
    order = [place.id for place in thread.places]
    under = {place.id: place.under for place in thread.places}
    for start, id in enumerate(order):
        page = site.page(f"item/{id}.html")
        above: list[str] = []
        here = under[id]
        while here:
            above.insert(0, here)
            here = under[here]
        assert [post.id for post in page.context] == above
        end = start + 1
        while end < len(order) and page_depth(under, order[end]) > len(above):
            end += 1
        assert [place.id for place in page.places] == order[start:end]
        links = page.links(by_class(page.root, "back")[0])
        back = {link.href.replace(".time.html", ".html") for link in links}
        assert f"{path}#{id}" in back


def page_depth(under: Mapping[str, str | None], id: str) -> int:
    depth = 0
    while parent := under[id]:
        depth, id = depth + 1, parent
    return depth


def test_the_authors_of_the_seeds_have_their_pages(seed_site: Built, shared: Path) -> None:
    wanted = Counter(author for author, _ in seed_comments(shared))
    _, _, poster = seed_head(shared)
    assert set(seed_site.users) == {*wanted, poster}
    for name, path in seed_site.users.items():
        posts = author_posts(seed_site, path)
        assert {post.author.text for post in posts if post.author} == {name}
        assert len(posts) == wanted[name] + (name == poster)


def test_the_links_of_the_seeds_lead_somewhere(seed_site: Built) -> None:
    assert seed_site.site.scan() > 81 + 51 + 21
    report(seed_site.site.broken() + seed_site.site.doubled)


# --- Together ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_text_dumps_meet_the_ids_of_the_same_thread(shared: Path, built: Built, seed_site: Built) -> None:
    """Pages and pasted text of three threads add no comment to them; only the seeds' have made-up ids."""
    if "inferred place" not in built.said:
        return  # a site without text dumps
    provisional = {path for path in built.site.files if re.fullmatch(r"item/x[0-9a-f]+\.html", path)}
    redirects = {path for path in provisional if built.site.page(path).redirect}
    of_seeds = {path for path in seed_site.site.files if re.fullmatch(r"item/x[0-9a-f]+\.html", path)}
    assert provisional - redirects == {path for path in of_seeds if not seed_site.site.page(path).redirect}
    assert len(provisional - redirects) == 76 + 1
    golds = sorted((shared / "data/hn-flat-text").glob("[0-9]*.gold.json"))
    assert len(redirects - of_seeds) >= sum(len(json.loads(gold.read_text())) for gold in golds)


def gold(shared: Path, thread: str) -> tuple[Path, list[dict[str, Any]]]:
    folder = shared / "data/hn-flat-text"
    return folder / f"{thread}.txt", json.loads((folder / f"{thread}.gold.json").read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize(("thread", "least"), [("6374031", 1), ("7404389", 1), ("48350598", 7)])
def test_places_inferred_in_pasted_text_are_the_true_ones(
    shared: Path, tmp_path: Path, thread: str, least: int
) -> None:
    """Pasted text alone: what is inferred must be right, and the rest must stand in the dump's order."""
    dump, truth = gold(shared, thread)
    build(put(tmp_path, [dump]))
    site = Site(tmp_path / "public")
    paths = {link.href for link in site.kept("index.html").links() if link.href.startswith("item/")}
    posts = [post for path in paths for post in site.kept(path).listed if not post.is_stub]
    assert Counter(post.author.text for post in posts if post.author) == Counter(one["by"] for one in truth)
    number = numbered(posts, dump)
    inferred = {number[post.id]: number.get(post.parent.href.split("#")[1]) for post in posts if post.parent}
    right = sum(truth[n - 1]["parent"] == parent for n, parent in inferred.items())
    assert right >= 0.95 * len(inferred)
    assert right >= least
    unplaced = [number[post.id] for post in posts if not post.parent]
    assert unplaced == sorted(unplaced)


def numbered(posts: Iterable[Post], dump: Path) -> dict[str, int]:
    """Each post's place in pasted text, from 1, by its author's line and first words."""
    lines = dump.read_text("utf-8").split("\n")
    age = re.compile(r"(\d+|an?) \w+ ago")
    ages = [index for index, line in enumerate(lines) if age.fullmatch(line)]
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, (author, first) in enumerate(((lines[index - 1], lines[index + 1]) for index in ages), 1):
        places[author, "".join(first.split())[:30]].append(place)
    found: dict[str, int] = {}
    for post in posts:
        said = "".join(words_and_urls(post).split())
        name = post.author.text if post.author else ""
        keys = [key for key in places if key[0] == name and said.startswith(key[1]) and places[key]]
        assert keys, f"{post.id} by {name} is not in the dump"
        found[post.id] = places[max(keys, key=lambda key: len(key[1]))].pop(0)
    return found


# --- Pages that move --------------------------------------------------------------------------------------


def true_story(shared: Path, *, whole: bool) -> list[dict[str, Any]]:
    """What the API might say of the seeds' story (its id is made up here) and of its first comment."""
    author, text = seed_comments(shared)[0]
    title, domain, poster = seed_head(shared)
    comment = {
        "id": 42133844,
        "type": "comment",
        "by": author,
        "parent": 42130000,
        "text": text,
        "time": 1731542000,
    }
    story = {
        "id": 42130000,
        "type": "story",
        "by": poster,
        "time": 1731510000,
        "score": 400,
        "kids": [42133844],
    } | {
        "title": title,
        "url": f"https://{domain}/some/page",
    }
    return [story, comment] if whole else [comment]


@pytest.mark.parametrize("whole", [True, False], ids=["story", "comment-only"])
def test_a_dump_with_the_true_story_id_moves_the_thread(shared: Path, tmp_path: Path, whole: bool) -> None:
    folder = put(tmp_path, seeds(shared))
    build(folder)
    before = Site(folder / "public")
    old = seed_thread(before)
    ids = {post.id for post in before.kept(old).listed}
    as_dump(folder / "content/item.json", true_story(shared, whole=whole))
    build(folder)
    after = Site(folder / "public")
    assert seed_thread(after) == "item/42130000.html"
    assert after.page(old).redirect == "item/42130000.html"
    moved = after.page("item/42130000.html")
    assert len([post for post in moved.listed if not post.is_stub]) == 81
    first = next(post for post in moved.listed if post.id == "42133844")
    assert first.parent is not None and first.parent.href == "item/42130000.html#42130000"
    assert first.published == ("2024-11-13T23:53:20Z")
    assert {post.id for post in moved.listed} == ids
    lost = {path for path in before.files - after.files if not path.startswith("search/")}
    assert lost <= {path for path in before.files if ".time." in path}
    assert after.scan() == len([path for path in after.files if path.endswith(".html")])
    report(after.broken() + after.doubled)


# --- What real dumps do, in small ------------------------------------------------------------------------


def story(id: int, **said: object) -> dict[str, Any]:
    return {"id": id, "type": "story", "by": "op", "time": 1600000000 + id, "title": f"Story {id}"} | said


def comment(id: int, parent: int, **said: object) -> dict[str, Any]:
    return {"id": id, "type": "comment", "by": "someone", "time": 1600000000 + id, "parent": parent} | {
        "text": f"text of {id}",
        **said,
    }


def site_of(folder: Path, dumps: Mapping[str, object], status: int = 0) -> tuple[Site, str]:
    """A site of hand-made dumps: text as it is, the rest as JSON; and what the build said."""
    put(folder, [])
    for name, dump in dumps.items():
        text = dump if isinstance(dump, str) else json.dumps(dump)
        (folder / "content" / name).write_text(text, "utf-8")
    said = build(folder, "-v", status=status)
    site = Site(folder / "public")
    site.scan()
    assert not site.broken()
    assert not site.doubled
    return site, said


def test_a_comment_moved_to_another_story_keeps_its_own_page(tmp_path: Path) -> None:
    """Moderators move threads; the old story's kids still name what is now elsewhere."""
    old = [story(300, kids=[5, 6]), comment(6, 300)]
    new = [story(200, kids=[5]), comment(5, 200, kids=[7]), comment(7, 5)]
    site, _ = site_of(tmp_path, {"a.json": [*old, *new]})
    (first, *_) = site.page("item/5.html").listed
    assert not first.is_stub
    assert words(first.body) == "text of 5"
    assert first.parent is not None and first.parent.href == "item/200.html"
    assert "5" not in {post.id for post in site.page("item/300.html").listed if post.is_stub}


def test_an_id_that_two_stories_name_has_one_page(tmp_path: Path) -> None:
    """In the same state, whatever the dumps are called."""
    one, two = [story(300, kids=[5, 6]), comment(6, 300)], [story(200, kids=[5, 8]), comment(8, 200)]
    site, _ = site_of(tmp_path / "one", {"a.json": one, "b.json": two})
    other, _ = site_of(tmp_path / "two", {"a.json": two, "b.json": one})
    assert site.page("item/5.html").listed[0].is_stub
    assert site.snapshot() == other.snapshot()


def test_only_a_link_to_hacker_news_itself_becomes_a_link_to_an_item(tmp_path: Path) -> None:
    other = [
        "https://web.archive.org/web/2015/https://news.ycombinator.com/item?id=1",
        "https://example.com/?u=news.ycombinator.com/item?id=1",
        "https://xnews.ycombinator.com/item?id=1",
    ]
    own = ["https://news.ycombinator.com/item?id=1", "http://news.ycombinator.com/item?id=9#1"]
    text = " ".join(f'<a href="{href}" rel="nofollow">{href[:20]}...</a>' for href in [*other, *own])
    site, _ = site_of(tmp_path, {"a.json": [story(1), comment(2, 1, text=text)]})
    page = site.page("item/2.html")
    links = page.links(page.listed[0].body)
    assert [link.href for link in links] == [*other, "item/1.html", "item/1.html"]


def test_code_keeps_every_line(tmp_path: Path) -> None:
    code = "  # prints a newline\n  echo $(echo)\n\n  # prints more\n  $ echo &quot;more&quot;\n  more"
    said = comment(2, 1, text=f"So:<p><pre><code>{code}</code></pre>")
    site, _ = site_of(tmp_path, {"a.json": [story(1), said]})
    (pre,) = site.page("item/2.html").listed[0].body.iter("pre")
    assert pre.text_content() == html.unescape(code)


_WRAPPED = '{"id":3,"body":{"id":3,"type":"story","title":"Found"},"retrieved_at_ts":%s}'
_STORY = '{"id":3,"type":"story","title":"Found","score":%s}'
_BOARD = """Found\n\n(example.com)\n%s points bob | 1 comments | | HN request time: 0s | source
1. ann \u25f4[] No.4[source]\nA comment.\n"""
_NUMBERS = ("1e999", "NaN", "-1e300", "1e30", "9" * 30, "9" * 5000, "99999999999999999")


@pytest.mark.parametrize("dump", [_WRAPPED, _STORY, _BOARD], ids=["wrapped", "story", "board"])
def test_no_number_stops_the_build(tmp_path: Path, dump: str) -> None:
    content = put(tmp_path, []) / "content"
    for place, number in enumerate(_NUMBERS):
        (content / f"odd-{place}").write_text(dump % number, "utf-8")
    as_dump(content / "good.json", [story(1), comment(2, 1)])
    said = build(tmp_path, "-j", "1", status=None)
    assert "Traceback" not in said, said
    assert (tmp_path / "public/item/2.html").exists()


def test_half_a_character_stops_nothing(tmp_path: Path) -> None:
    """JSON can name half of a pair; UTF-8 cannot hold it, in no field and in no message."""
    half = "\ud800"
    nested = [{"id": half, "author": half, "children": []}]
    dumps = {
        "a.json": {"id": 1, "created_at_i": 5, "type": "story", "title": half, "children": nested},
        "b.json": {"id": 3, "type": half, "by": half, "title": half, "url": half, "score": half},
        "c.json": {"id": 4, "type": "comment", "parent": half, "by": "x", "kids": [half]},
    }
    _, said = site_of(tmp_path, dumps)
    assert "Traceback" not in said


def test_null_among_items_is_passed_over(tmp_path: Path) -> None:
    """What the API answers for an id that it does not know."""
    lines = ["null", json.dumps(story(1)), "null", json.dumps(comment(2, 1))]
    site, _ = site_of(tmp_path, {"a.ndjson": "\n".join(lines)})
    assert site.page("item/2.html").listed[0].id == "2"


@pytest.mark.parametrize("newest", ["live", "gone"])
def test_what_one_dump_says_was_deleted_is_not_shown_from_another(tmp_path: Path, newest: str) -> None:
    """Neither dump says when it was taken; that an item is live is no more than silence."""
    gone = {"id": 2, "type": "comment", "parent": 1, "time": 1600000002, "deleted": True}
    live = comment(2, 1, text="since removed")
    later = story(5000)
    dumps = {
        "live.json": [story(1, kids=[2]), live, *([later] if newest == "live" else [])],
        "gone.json": [gone, *([later] if newest == "gone" else [])],
    }
    site, _ = site_of(tmp_path, dumps)
    assert site.page("item/2.html").listed[0].state == "deleted"
    assert "since removed" not in words(site.page("item/1.html").root)


def test_a_poll_below_a_story_leaves_the_comments_in_place(tmp_path: Path) -> None:
    poll = {"id": 8, "type": "poll", "by": "op", "title": "Which?", "parent": 1, "parts": [9, 10]}
    option = {"id": 9, "type": "pollopt", "poll": 8, "text": "This one", "score": 3}
    items = [story(1, kids=[8, 2]), poll, option, comment(2, 1), comment(3, 2)]
    site, _ = site_of(tmp_path, {"a.json": items})
    assert [place.id for place in site.page("item/2.html").places] == ["2", "3"]
    assert "2" not in {place.id for place in site.page("item/8.html").places}
    assert "This one" in words(site.page("item/1.html").root)


# --- The same bytes ---------------------------------------------------------------------------------------


def conflicting(folder: Path, shared: Path) -> list[Path]:
    """Dumps that contradict all-types.ndjson and each other, none of which says when it was taken."""
    folder.mkdir()
    items = api_items(shared / "data/hn-items/all-types.ndjson")
    changed = [
        as_dump(folder / f"changed-{word}.json", [item | {"text": word, "score": score} for item in items])
        for word, score in (("one", 1), ("two", 2), ("three", 3))
    ]
    return [*changed, Path(shutil.copy(changed[0], folder / "copy.json"))]


def test_a_site_is_built_again_over_an_old_one_without_its_cache(shared: Path, tmp_path: Path) -> None:
    folder = put(tmp_path, [*seeds(shared), shared / "data/hn-items/all-types.ndjson"])
    build(folder)
    site = Site(folder / "public").snapshot()
    shutil.rmtree(folder / ".cache")
    build(folder)
    assert Site(folder / "public").snapshot() == site
    build(folder, "--clean")
    assert Site(folder / "public").snapshot() == site


@pytest.mark.slow
def test_the_same_dumps_give_the_same_bytes(shared: Path, tmp_path: Path) -> None:
    """Whatever their names and order, the hash seed, the number of workers, and what was built before."""
    dumps = [
        *seeds(shared),
        *text_dumps(shared),
        *algolia_files(shared),
        shared / "data/hn-items/all-types.ndjson",
    ]
    dumps += conflicting(tmp_path / "conflicting", shared)
    one, two = put(tmp_path / "one", dumps), put(tmp_path / "two", dumps[::-1])
    build(one, "-j", "1", seed="0")
    first = Site(one / "public").snapshot()

    # something else first: fewer dumps, and one that will go
    for path in list((two / "content").iterdir())[::3]:
        path.rename(two / path.name)
    as_dump(two / "content/99-gone.json", true_story(shared, whole=True))
    build(two, "-j", "1", seed="1")
    assert Site(two / "public").snapshot() != first
    (two / "content/99-gone.json").unlink()
    for path in two.glob("[0-9]*"):
        path.rename(two / "content" / path.name)
    build(two, "-j", "2", seed="2")
    second = Site(two / "public").snapshot()
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []

    stamps = {path: (two / "public" / path).stat().st_mtime_ns for path in second}
    said = build(two, "-j", "2", seed="0")
    assert "0 files changed" in said
    assert {path: (two / "public" / path).stat().st_mtime_ns for path in second} == stamps
