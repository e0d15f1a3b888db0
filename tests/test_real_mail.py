"""Real mail against a reading of this file's own: Python's parser, ids by a pattern, parents as JWZ has them.

Every message is there, by its Message-ID, with the parent, author, time and letters that it should have.
"""

from __future__ import annotations

import email
import email.policy
import email.utils
import gzip
import hashlib
import re
from collections.abc import Iterator
from email.message import EmailMessage, Message
from itertools import pairwise
from pathlib import Path

import pytest

from hnsite import sources
from hnsite.link import threads
from hnsite.markup import letters_of, render
from hnsite.merge import merge
from hnsite.model import Comment, Evidence, Record

PIPERMAIL = re.compile(
    rb"(?m)^(?=From .+ (?:at|@ending from|@end\|ng \|rom) .+  (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )"
)
ADDRESS = re.compile(r"\S*@(?:ending from |end\|ng \|rom )?\S+|\S+\s+at\s+\S+|https?://\S+")
WHOLE = re.compile(r"[\w.+-]+@[\w-]+\.(?:com|org|net|edu|de|uk|ca|ch|dk|fr|it|at|nl)\b")


def files(shared: Path) -> list[Path]:
    data = shared / "data"
    return sorted(data.glob("mbox/*.gz")) + sorted(
        path for path in data.glob("maildir/**/*") if path.is_file()
    )


def messages(shared: Path) -> Iterator[bytes]:
    for path in files(shared):
        if path.suffix == ".gz":
            yield from (part for part in PIPERMAIL.split(gzip.decompress(path.read_bytes())) if part.strip())
        else:
            yield path.read_bytes()


def item_id(message_id: str) -> str:
    return "mail-" + hashlib.sha256(message_id.encode()).hexdigest()[:16]


def ids_in(message: Message, name: str) -> list[str]:
    return [item_id(id) for id in re.findall("<([^<>]+)>", str(message[name] or ""))]


@pytest.fixture(scope="module")
def items(shared: Path) -> dict[str, Comment]:
    """Everything that hnsite makes of all the mail."""
    records: list[Record] = []
    for path in files(shared):
        dump = sources.Dump(str(path), path.name, path.stat().st_size)
        records += [piece for piece in sources.read(dump, sources.pick(dump)) if isinstance(piece, Record)]
    merged = (merge(own, root) for root, own in threads(records)[0].items())
    return {one.id: one for thread in merged for one in (thread.root, *thread.comments)}


@pytest.fixture(scope="module")
def known(shared: Path) -> dict[str, list[Message]]:
    """All messages by their ids, which may be held several times."""
    found: dict[str, list[Message]] = {}
    for raw in messages(shared):
        message = email.message_from_bytes(raw)
        (id,) = ids_in(message, "Message-ID")
        found.setdefault(id, []).append(message)
    return found


def test_every_message_is_there(items: dict[str, Comment], known: dict[str, list[Message]]) -> None:
    assert {one.id for one in items.values() if one.held} == set(known)


def test_parents(items: dict[str, Comment], known: dict[str, list[Message]]) -> None:
    """The last reference, or the first id in In-Reply-To, that makes no circle; else whom references put
    above it."""
    above: dict[str, set[str]] = {}
    for many in known.values():
        for message in many:
            references = ids_in(message, "References")
            for parent, child in pairwise(references):
                above.setdefault(child, set()).add(parent)
    odd = 0
    for id, many in known.items():
        parents: set[str | None] = set()
        for message in many:
            references, answered = ids_in(message, "References"), ids_in(message, "In-Reply-To")
            is_reversed = answered and answered[0] in references[:-1]
            above_it = answered[:1] if is_reversed or not references else references[-1:]
            parents.add(above_it[0] if above_it else None)
        expected = {parent for parent in parents if parent != id}
        if items[id].parent in expected:
            continue
        odd += 1
        in_circle = items[id].evidence is not Evidence.STATED
        assert in_circle or (expected == {None} and items[id].parent in above[id])
    assert odd <= 3


def test_authors_and_times(items: dict[str, Comment], known: dict[str, list[Message]]) -> None:
    for id, many in known.items():
        times = {
            int(email.utils.mktime_tz(parts))
            for message in many
            if (parts := email.utils.parsedate_tz(message["Date"]))
        }
        moment = items[id].created
        assert moment is not None
        assert moment.epoch in times
        author = items[id].author
        assert author
        name = author.removesuffix("@mail")
        fields = [str(message["From"]) for message in many]
        decoded = [str(email.header.make_header(email.header.decode_header(field))) for field in fields]
        assert any(name in field for field in decoded)
        assert not WHOLE.search(name)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def test_texts(items: dict[str, Comment], known: dict[str, list[Message]]) -> None:
    """Letter by letter in mails of one part; addresses lack some."""
    compared = 0
    for id, many in known.items():
        if len(many) > 1 or many[0].is_multipart() or many[0].get_content_type() != "text/plain":
            continue
        message = email.message_from_bytes(many[0].as_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        text = message.get_content()
        if "\ufffd" in text or len(text) > 90_000:
            continue
        body, dialect = items[id].body or "", items[id].dialect
        rest = iter(letters(text))
        assert all(letter in rest for letter in letters(body)), id
        hidden = len(letters("".join(ADDRESS.findall(text))))
        assert len(letters(text)) - len(letters(body)) <= hidden, id
        assert letters_of(body, dialect) == letters(body), id
        compared += 1
    assert compared > 1500


def test_no_address_stands_whole(items: dict[str, Comment]) -> None:
    for item in items.values():
        shown = render(item.body or "", item.dialect) + (item.title or "") + (item.author or "")
        assert not WHOLE.search(re.sub(r"https?://[^\s<\"]+", "", shown))
