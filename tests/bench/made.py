"""Made threads as dumps: nothing in -> any number of comments that look like Hacker News, out.

Deterministic: a seed gives the same bytes on every machine. The words are made up; the shape is not:
thread sizes with a heavy tail (mean about 20 comments, at most 4,000), replies 2 to 3 levels deep on the
average, lengths about log-normal (median about 250 characters, mean about 400), authors by Zipf's law,
ids that grow with time across all threads, Hacker News's own HTML, a few dead and deleted comments.
Made and written in blocks of 200 threads, so memory does not grow with the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice
from pathlib import Path
from random import Random
from typing import Any

import msgspec

SEED = 2007
FIRST_ID = 30_000_000
FIRST_TIME = 1_420_070_400
DAY = 86_400
BLOCK = 200
"""Threads that live on the same day; their ids mix."""
LARGEST = 4000
FILE = 2000
"""Items in one ndjson file."""

_COMMON = """
    the of and to a in that it is was for on are with they be at this have from or had by but some
    what there we can out other were all your when use how said an each she which do their time if
    will way about many then them would write like so these her long make thing see him two has look
    more day could go come did my no most number who over know than call first people may down side
    been now find any new work part take get place made where after back little only round man year
    came show every good me give our under name very through just form much great think say help low
    line before turn cause same mean differ move right boy old too does tell sentence set three want
    air well also play small end put home read hand port large spell add even land here must big
    high such follow act why ask men change went light kind off need house picture try us again
    animal point mother world near build self earth father
"""
_CONTRACTIONS = ["don&#x27;t", "it&#x27;s", "I&#x27;m", "can&#x27;t", "that&#x27;s", "you&#x27;re"]
_CONSONANTS, _VOWELS = "bdfgklmnprstvzhj", "aeiou"


@dataclass(slots=True)
class Item:
    """A story (it has a title) or a comment. ``up`` is its parent's place in the thread, -1 for none;
    ``id``, ``parent`` and ``kids`` are item ids, ``time`` is in seconds, ``text`` is HTML."""

    up: int
    time: float
    author: str
    text: str
    title: str = ""
    url: str = ""
    score: int = 0
    descendants: int = 0
    state: str = "live"
    id: int = 0
    parent: int = 0
    kids: list[int] = field(default_factory=list)


Thread = list[Item]
"""The story, then its comments by time."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: how many threads and comments, and the ids of up to 1,000 of the threads of
    10 to 40 comments, for a test that changes one."""

    threads: int
    comments: int
    middling: tuple[int, ...]

    @property
    def items(self) -> int:
        return self.threads + self.comments


def blocks(comments: int, seed: int = SEED) -> Iterator[list[Thread]]:
    """Threads with exactly so many comments together, a block (a day) at a time; ids grow."""
    made, day, next_id = 0, 0, FIRST_ID
    while made < comments:
        rng = Random(f"{seed}:{day}")
        block: list[Thread] = []
        while made < comments and len(block) < BLOCK:
            size = min(comments - made, LARGEST, int(rng.lognormvariate(1.75, 1.6)))
            block.append(_thread(rng, size, FIRST_TIME + day * DAY, max(100, made // 3)))
            made += size
        _number(block, next_id, rng)
        next_id += sum(map(len, block))
        yield block
        day += 1


def sized(sizes: Iterable[int], authors: int) -> Iterator[list[Thread]]:
    """A thread of each of these numbers of comments, one a day, by some of so many authors."""
    next_id = FIRST_ID
    for day, size in enumerate(sizes):
        rng = Random(f"{SEED}:{size}:{day}")
        block = [_thread(rng, size, FIRST_TIME + day * DAY, authors)]
        _number(block, next_id, rng)
        next_id += size + 1
        yield block


def wide(comments: int) -> Iterator[list[Thread]]:
    """One thread of so many direct replies to its story."""
    yield from _one_thread(comments, lambda place: 0)


def deep(comments: int) -> Iterator[list[Thread]]:
    """One chain: each comment replies to the one before it."""
    yield from _one_thread(comments, lambda place: place - 1)


def write_api(made: Iterable[list[Thread]], folder: Path) -> Made:
    """Writes the threads as items of the Hacker News API, one a line, 2,000 a file, by id."""
    folder.mkdir(parents=True, exist_ok=True)
    tally = _Tally()
    lines = (
        api_line(item)
        for block in tally.watch(made)
        for item in sorted(chain.from_iterable(block), key=lambda item: item.id)
    )
    number = 1
    while piece := b"".join(islice(lines, FILE)):
        (folder / f"items-{number:05}.ndjson").write_bytes(piece)
        number += 1
    return tally.made()


def write_algolia(made: Iterable[list[Thread]], folder: Path) -> Made:
    """Writes each thread as one nested item of Algolia, one a file."""
    folder.mkdir(parents=True, exist_ok=True)
    tally = _Tally()
    for block in tally.watch(made):
        for thread in block:
            (folder / f"{thread[0].id}.json").write_bytes(msgspec.json.encode(nested(thread)))
    return tally.made()


def api_line(item: Item) -> bytes:
    """One item as a line of ndjson."""
    value: dict[str, Any] = {"by": item.author, "id": item.id}
    if item.title:
        value["descendants"] = item.descendants
    if item.kids:
        value["kids"] = item.kids
    if item.parent:
        value["parent"] = item.parent
    if item.state == "deleted":
        del value["by"]
        value["deleted"] = True
    else:
        if item.state == "dead":
            value["dead"] = True
        if item.title:
            value |= {"score": item.score, "title": item.title} | ({"url": item.url} if item.url else {})
        if item.text:
            value["text"] = item.text
    value |= {"time": int(item.time), "type": "story" if item.title else "comment"}
    return msgspec.json.encode(value) + b"\n"


def nested(thread: Thread) -> dict[str, Any]:
    """A thread as Algolia nests it: without dead and deleted comments that have no replies."""
    nodes: dict[int, dict[str, Any]] = {}
    for item in thread:
        gone = item.state != "live"
        if gone and not item.kids:
            continue
        nodes[item.id] = {
            "id": item.id,
            "created_at_i": int(item.time),
            "type": "story" if item.title else "comment",
            "author": None if gone else item.author,
            "title": item.title or None,
            "url": item.url or None,
            "text": None if gone else item.text or None,
            "points": item.score if item.title else None,
            "parent_id": item.parent or None,
            "story_id": thread[0].id,
            "children": [],
            "options": [],
        }
    for item in thread:
        if item.id in nodes:
            nodes[item.id]["children"] = [nodes[kid] for kid in item.kids if kid in nodes]
    return nodes[thread[0].id]


class _Tally:
    """Counts what passes."""

    def __init__(self) -> None:
        self.threads = self.comments = 0
        self.middling: list[int] = []

    def watch(self, made: Iterable[list[Thread]]) -> Iterator[list[Thread]]:
        for block in made:
            self.threads += len(block)
            self.comments += sum(map(len, block)) - len(block)
            if len(self.middling) < 1000:
                self.middling += [thread[0].id for thread in block if 10 < len(thread) <= 41]
            yield block

    def made(self) -> Made:
        return Made(self.threads, self.comments, tuple(self.middling[:1000]))


def _thread(rng: Random, size: int, start: float, authors: int) -> Thread:
    """A story and so many comments within a day; ids are still missing."""
    begun = start + rng.random() * DAY / 2
    times = sorted(begun + min(rng.expovariate(1 / 14_400), DAY / 2 - 1) for _ in range(size))
    thread = [_story(rng, begun, _author(rng, authors))]
    for place, time in enumerate(times, 1):
        # three of ten reply to the story, the others to any comment, rather a late one
        up = 0 if place == 1 or rng.random() < 0.3 else 1 + int(rng.random() ** 0.7 * (place - 1))
        thread.append(_comment(rng, up, time, _author(rng, authors), thread[up].text))
    return thread


def _one_thread(comments: int, up: Callable[[int], int]) -> Iterator[list[Thread]]:
    rng = Random(f"{SEED}:one")
    thread = [_story(rng, FIRST_TIME, "first")]
    for place in range(1, comments + 1):
        author = _author(rng, max(100, comments // 5))
        thread.append(_comment(rng, up(place), FIRST_TIME + place * 10, author, ""))
    _number([thread], FIRST_ID, rng, ranked=False)
    yield [thread]


def _number(block: list[Thread], first: int, rng: Random, ranked: bool = True) -> None:
    """Gives ids by time across the block's threads, then tells parents and kids of each other."""
    items = sorted(chain.from_iterable(block), key=lambda item: item.time)
    for id, item in enumerate(items, first):
        item.id = id
    for thread in block:
        thread[0].descendants = len(thread) - 1
        for item in islice(thread, 1, None):
            parent = thread[item.up]
            item.parent = parent.id
            place = int(rng.random() * (len(parent.kids) + 1)) if ranked else len(parent.kids)
            parent.kids.insert(place, item.id)


def _story(rng: Random, time: float, author: str) -> Item:
    title = " ".join(word.capitalize() for word in rng.choices(_words(), k=rng.randint(4, 9)))
    score = 1 + int(rng.lognormvariate(2.2, 1.4))
    if rng.random() < 0.15:
        return Item(-1, time, author, _text(rng, 600), f"Ask HN: {title}?", "", score)
    host = rng.choice(_words()) + rng.choice((".com", ".org", ".net", ".io"))
    return Item(
        -1, time, author, "", title, f"https://{host}/{rng.choice(_words())}/{rng.randrange(10**6)}", score
    )


def _comment(rng: Random, up: int, time: float, author: str, above: str) -> Item:
    text = _text(rng, rng.lognormvariate(5.5, 0.97) - 45)  # less half a sentence
    chance = rng.random()
    if chance < 0.08 and above:
        quoted = above.partition("<p>")[0].partition(". ")[0]
        if quoted and "<" not in quoted:
            text = f"&gt; <i>{quoted}</i><p>{text}"
    elif chance > 0.97:
        lines = "\n".join(f"  {' '.join(rng.choices(_words(), k=5))};" for _ in range(rng.randint(2, 8)))
        text += f"<p><pre><code>{lines}\n</code></pre>"
    state = "deleted" if 0.2 < chance < 0.215 else "dead" if 0.3 < chance < 0.31 else "live"
    return Item(up, time, author, text, state=state)


def _text(rng: Random, length: float) -> str:
    """HTML of about so many characters (at most 8,000), in paragraphs of one to five sentences."""
    pool = _sentences()
    pieces: list[str] = []
    left = min(length, 8000)
    until_break = rng.randint(1, 5)
    while left > 0 or not pieces:
        sentence = pool[int(rng.random() * len(pool))]
        if pieces:
            until_break -= 1
            pieces.append(" " if until_break else "<p>")
            until_break = until_break or rng.randint(1, 5)
        pieces.append(sentence)
        left -= len(sentence) + 1
    return "".join(pieces)


def _author(rng: Random, authors: int) -> str:
    """A name by Zipf's law, flattened for the first hundred, as no author writes one comment in ten."""
    return _name(int(100 * ((authors + 100) / 100) ** rng.random()) - 100)


@cache
def _name(number: int) -> str:
    """Another name for each number: four syllables, some with a capital or digits."""
    code = (number * 2_654_435_761 + 12_345) % (1 << 24)  # odd, so no two numbers meet below 2**24
    places = [code >> shift & 63 for shift in (0, 6, 12, 18)]
    name = "".join(_CONSONANTS[place >> 2] + _VOWELS[place & 3] for place in places)
    if code % 10 == 0:
        name = name.capitalize()
    return f"{name}{code % 89}" if code % 7 == 0 else name


@cache
def _words() -> list[str]:
    """A vocabulary: common words often, made ones seldom."""
    rng = Random(f"{SEED}:words")
    made = [
        "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(rng.randint(2, 4)))
        for _ in range(1500)
    ]
    return _COMMON.split() * 9 + made


@cache
def _sentences() -> list[str]:
    """A pool big enough that hardly any two comments are the same."""
    rng = Random(f"{SEED}:sentences")
    return [_sentence(rng) for _ in range(20_000)]


def _sentence(rng: Random) -> str:
    words = rng.choices(_words(), k=rng.randint(4, 22))
    chance = rng.random()
    place = rng.randrange(len(words))
    if chance < 0.15:
        words[place] = rng.choice(_CONTRACTIONS)
    elif chance < 0.18:
        words[place] = f"<i>{words[place]}</i>"
    elif chance < 0.21:
        words[place] = f"&quot;{words[place]}&quot;"
    elif chance < 0.27:
        host, page = rng.choices(_words(), k=2)
        address = f"https:&#x2F;&#x2F;{host}.example&#x2F;{page}&#x2F;{rng.randrange(10**4)}"
        words[place] = f'<a href="{address}" rel="nofollow">{address}</a>'
    text = " ".join(words)
    return (text if text.startswith(("<", "&")) else text[0].upper() + text[1:]) + "."
