"""Mail: who wrote it, where it belongs, how mailboxes are parted, threads that only subjects hold."""

from __future__ import annotations

import io
import itertools
import random
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_site import Site, check

from hnsite.link import threads
from hnsite.markup import render
from hnsite.merge import merge
from hnsite.model import Evidence, Kind, Moment, Origin, Piece, Problem, Record, Thread
from hnsite.pages.story import thread_title
from hnsite.readers import mail, mbox
from hnsite.readers.addresses import author_of, masked, masked_html
from hnsite.readers.charsets import decode_words, text_in
from hnsite.readers.input import Head
from hnsite.readers.message import Said, moment_of, read_message, unflowed
from hnsite.subjects import answered_subject, base_subject

DAY = 86_400
NOON = "Sat, 01 Jun 2013 12:00:00 +0000"
EPOCH = 1370088000

QUICK = 5.0
"""Seconds of processor time; quadratic time would take minutes."""


def message(*fields: str, body: str = "Text.\n") -> bytes:
    return ("\n".join(fields) + "\n\n" + body).encode()


def said(*fields: str, body: str = "Text.\n") -> Said:
    return read_message(message(*fields, body=body))


def read(reader: object, raw: bytes) -> list[Piece]:
    return list(reader.read(io.BytesIO(raw), "dump"))  # type: ignore[attr-defined]


# ---- people and addresses


@pytest.mark.parametrize(
    "field, name",
    [
        ("Ann Lee <ann@example.org>", "Ann Lee"),
        ('"Lee, Ann" <ann@example.org>', "Lee, Ann"),
        ("ann@example.org (Ann Lee)", "Ann Lee"),
        ("ann@example.org", "ann"),
        ("<ann@example.org>", "ann"),
        ("ann at example.org (Ann Lee)", "Ann Lee"),
        ("ann at example.org ()", "ann"),
        ("@nn @ending from ex@mple@org (Ann (Kiel) Lee)", "Ann (Kiel) Lee"),
        ('"ann@example.org" <ann@example.org>', "ann"),
        ("'Ann Lee' via boats <boats@lists.example>", "Ann Lee"),
        ('Ann "Oar" Lee <ann@example.org>', 'Ann "Oar" Lee'),
        ('"Ann \\"Oar\\" Lee" <ann@example.org>', 'Ann "Oar" Lee'),
        ("=?utf-8?B?w4Rubg==?= Lee <a@x.example>", "Änn Lee"),
        ('"=?utf-8?Q?Lee=2C_=C3=84nn?=" <a@x.example>', "Lee, Änn"),
        ("Ann Lee", "Ann Lee"),
        ("Ann, who was bob@boats.example <ann@example.org>", "Ann, who was bob@…"),
        ("", None),
        ("<>", None),
    ],
)
def test_authors_are_names(field: str, name: str | None) -> None:
    assert author_of(field) == name


@pytest.mark.parametrize(
    "text, shown",
    [
        ("to ann.lee+x@mail.example.org, now", "to ann.lee+x@…, now"),
        ("<ann at example.org>", "<ann at …>"),
        ("available at example.org", "available at example.org"),
        ("@nn @end|ng |rom ex@mp|e@org wrote", "@nn@… wrote"),
        ("ann [at] example [dot] org!", "ann@…!"),
        ("object@slot, @ann, a@1.0", "object@slot, @ann, a@1.0"),
        (
            "https://lists.example/r/20130601.12345@example.org/",
            "https://lists.example/r/20130601.12345@example.org/",
        ),
        ("https://lists.example/options/ann@example.org", "https://lists.example/options/ann@…"),
        ("https://x.example/?to=ann@example.org&x=1", "https://x.example/?to=ann@…&x=1"),
        ("https://x.example/?to=ann%40example.org", "https://x.example/?to=ann@…"),
        ("mailto:ann@example.org?subject=x", "mailto:ann@…?subject=x"),
    ],
)
def test_no_address_stands_whole(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert masked(shown) == shown


def test_no_address_stands_whole_in_html() -> None:
    html = "<a href='mailto:ann@x.example'>ann&#64;x.example</a> <a href=mailto:b%40x.example>b</a>"
    assert masked_html(html) == "<a >ann@…</a> <a >b</a>"


@pytest.mark.parametrize(
    "text", ["a@" * 50_000, "@a." * 50_000, "a at " * 40_000, "[at]" * 50_000, "a." * 90_000]
)
def test_masking_takes_no_quadratic_time(text: str) -> None:
    start = time.process_time()
    masked(text)
    author_of(text)
    assert time.process_time() - start < QUICK


# ---- charsets, words, dates


@pytest.mark.parametrize(
    "raw, charset, text",
    [
        (b"\xe4", "iso-8859-1", "ä"),
        (b"\x80", "iso-8859-1", "€"),
        (b"\xc3\xa4", "us-ascii", "ä"),
        (b"\xe4", None, "ä"),
        (b"\xe4", "utf-8", "ä"),
        (b"\xc3\xa4", "x-nowhere", "ä"),
        (b"\xc4\xe3\xba\xc3", "GB2312", "你好"),
        (b"abc", "hex", "abc"),
        (b"abc", "punycode", "abc"),
        (b"\xc1", "koi8-r", "а"),
    ],
)
def test_charsets(raw: bytes, charset: str | None, text: str) -> None:
    assert text_in(raw, charset) == text


@pytest.mark.parametrize(
    "field, text",
    [
        ("=?utf-8?Q?a_b?= =?UTF-8?q?_c?=", "a b c"),
        ("=?utf-8?B?w6Q?=", "ä"),
        ("=?utf-8?B?w?= =?utf-8?B?6Q=?=", "=?utf-8?B?w?= =?utf-8?B?6Q=?="),
        ("=?utf-8?Q?=C3?= =?utf-8?Q?=A4?=", "ä"),
        ("Re: =?x-odd?Q?=E4?= x", "Re: ä x"),
        ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        ("caf\udce9", "café"),
        ("=? =?= ?=", "=? =?= ?="),
    ],
)
def test_encoded_words(field: str, text: str) -> None:
    assert decode_words(field) == text


@pytest.mark.parametrize(
    "field, epoch",
    [
        (NOON, EPOCH),
        ("Sat, 1 Jun 2013 14:00:00 +0200 (CEST)", EPOCH),
        ("1 Jun 13 08:00 EDT", EPOCH),
        ("Sat Jun  1 12:00:00 2013", EPOCH),
        ("Sat Jun  1 12:00:00 +0000 2013", EPOCH),
        ("Tue, 19 Jan 2038 03:14:08 GMT", 2147483648),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("31 Dec 1969 23:00:00 GMT", None),
        ("99 Foo 2013 12:00:00", None),
        ("now", None),
        ("", None),
        ("1 Jan 99999999999999999999 00:00:00", None),
    ],
)
def test_dates(field: str, epoch: int | None) -> None:
    assert moment_of(field) == (None if epoch is None else Moment(epoch))


# ---- one message


@pytest.mark.parametrize(
    "fields, above",
    [
        (["References: <a@x> <b@x>", "In-Reply-To: <b@x>"], ["a@x", "b@x"]),
        (["References: <a@x>\n\t<b@\n x>"], ["a@x", "b@x"]),
        (["References: a@x <b@x>,<c@x>"], ["a@x", "b@x", "c@x"]),
        (["References: <b@x> <a@x>", "In-Reply-To: <b@x>"], ["a@x", "b@x"]),
        (["References: <a@x>", "In-Reply-To: <other@x>"], ["a@x"]),
        (["References: <a@x> <own@x> <b@x> <a@x>"], ["b@x", "a@x"]),
        (["References: <own@x>"], []),
        (["In-Reply-To: <a@x> <b@x>"], ["a@x"]),
        (["In-Reply-To: Your message of \"Sat\" <a@x>"], ["a@x"]),
        (["In-Reply-To: Message from Ann <ann@x> of \"Sat\" <a@x>"], ["a@x"]),
        (["In-Reply-To: a@x"], ["a@x"]),
        (["In-Reply-To: Ann's words at noon, ann@x"], []),
        (["references: ", "IN-REPLY-TO: <a@x>"], ["a@x"]),
    ],
)  # fmt: skip
def test_what_a_message_answers(fields: Sequence[str], above: Sequence[str]) -> None:
    assert said("Message-ID: <own@x>", *fields).references == tuple(above)


def test_flowed_lines() -> None:
    text = "a \nb\n> c \n> d\n>> e \n> f\n \n-- \nAnn \nLee\n  > no quote\n"
    assert unflowed(text) == "a b\n> c d\n>> e\n> f\n\n-- \nAnn Lee\n > no quote\n"


def parts(kind: str, *pieces: str) -> str:
    return f"Content-Type: multipart/{kind}; boundary={kind}\n\n" + "".join(
        f"--{kind}\n{piece}\n" for piece in pieces
    ) + f"--{kind}--\n"  # fmt: skip


PLAIN, HTML = "Content-Type: text/plain\n\nPlain.", "Content-Type: text/html\n\n<p>Rich.</p>"
SIGNATURE = "Content-Type: application/pgp-signature\n\nxyz"
PICTURE = "Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\niVBO"


@pytest.mark.parametrize(
    "structure, body",
    [
        (parts("alternative", PLAIN, HTML), "Plain."),
        (parts("alternative", HTML, PLAIN), "Plain."),
        (parts("alternative", "Content-Type: text/plain\n\n ", HTML), "<p>Rich.</p>"),
        (parts("alternative", "Content-Type: text/plain\n\n", parts("related", HTML, PICTURE)),
         "<p>Rich.</p>\n<p>[attachment: a.png, image/png]</p>"),
        (parts("signed", parts("mixed", PLAIN, PICTURE), SIGNATURE),
         "Plain.\n\n[attachment: a.png, image/png]"),
        (parts("digest", "\nSubject: One\n\nHidden."), "[attached message: One]"),
        (PICTURE, "[attachment: a.png, image/png]"),
        ("Content-Type: multipart/mixed; boundary=gone\n\nAs it is.", "As it is."),
        ("Content-Type: text/plain; charset*=x''y\nContent-Transfer-Encoding: base64\n\n!!!", "!!!"),
        ("Content-Type: nonsense\n\nText.", "Text."),
    ],
)  # fmt: skip
def test_the_best_text(structure: str, body: str) -> None:
    found = read_message(b"From: a@x.example\nSubject: x\n" + structure.encode())
    assert found.body == body or (found.body, body) == (None, "!!!")


@pytest.mark.parametrize("kind", ["multipart/mixed; boundary=b", "message/rfc822"])
def test_parts_in_parts_in_parts(kind: str) -> None:
    """The library recurses; deeper than it can go everything is text."""
    inner = "".join(f"Content-Type: {kind.replace('=b', f'=b{n}')}\n\n--b{n}\n" for n in range(3000))
    raw = f"From: ann@example.org\nSubject: Deep\nMessage-ID: <1@x>\n{inner}\nText.\n".encode()
    (record,) = read(mail, raw)
    assert isinstance(record, Record)
    assert record.title == "Deep"


def test_a_message_without_an_id_is_the_same_in_a_mailbox() -> None:
    raw = message("From: Ann <ann@example.org>", "Subject: x", f"Date: {NOON}", body="Text \n")
    (alone,) = read(mail, raw.replace(b"\n", b"\r\n"))
    (boxed,) = read(mbox, b"From ann@example.org Sat Jun  1 12:00:00 2013\n" + raw + b"\n")
    assert isinstance(alone, Record)
    assert isinstance(boxed, Record)
    assert alone.id == boxed.id


# ---- mailboxes


DATES = [
    "Sat Jun  1 01:32:06 2013",
    "Sat Jun 1 01:32 2013",
    "Sat Jun  1 01:32:06 EDT 2013",
    "Sat Jun  1 01:32:06 MET DST 2013",
    "Sat Jun  1 01:32:06 2013 +0200",
    "Sat Jun  1 01:32:06 2013 PST",
    "Sat Jun  1 01:32:06 +0000 2013",
    "Sat, 1 Jun 2013 01:32:06 +0200",
    "Sat, 01 Jun 2013 01:32:06 GMT",
    "Sat Jun  1 01:32:06 93",
    "Sat Jun  1 01:32:06 2013 remote from host",
]


@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("sender", ["ann@example.org", "-", "ann at example.org ", '"Ann Lee"@x', "???@???"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines_that_part_messages(sender: str, date: str, end: bytes) -> None:
    one = f"From {sender} {date}\nFrom: ann@example.org\nSubject: x\nMessage-ID: <{{}}>\n\nFrom here.\n\n"
    raw = "".join(one.format(n) for n in range(3)).encode().replace(b"\n", end)
    assert mbox.why_not(Head(raw)) is None
    pieces = read(mbox, raw)
    assert len(pieces) == 3
    assert [piece.origin.position for piece in pieces] == [1, 8, 15]
    assert {piece.body for piece in pieces if isinstance(piece, Record)} == {"From here."}


@pytest.mark.parametrize(
    "line",
    [
        "From now on all is well:",
        "From Sat Jun  1 we sail.",
        "From ann@example.org Sat Jun  1 01:32:06 2013\nand more prose",
        "x\nFrom ann@example.org Sat Jun  1 01:32:06 2013\nand more prose",
        ">From ann@example.org Sat Jun  1 01:32:06 2013\nFrom: x",
    ],
)
def test_lines_that_do_not(line: str) -> None:
    raw = b"From a@x Sat Jun  1 01:32:06 2013\n" + message(
        "From: a@x", "Subject: x", body=f"One.\n\n{line}\n\nTwo.\n"
    )
    (record,) = read(mbox, raw)
    assert isinstance(record, Record)
    assert record.body
    assert record.body.endswith("Two.")


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["", "x", "From me", ">From me", "From: x", "-- "]), max_size=8), st.booleans()
)
def test_mboxrd_brings_back_what_was_written(lines: list[str], counted: bool) -> None:
    lines = [line for line in lines if not (counted and line.startswith(">"))]  # who counts, quotes nothing
    body = "\n".join(
        line if counted else f">{line}" if line.lstrip(">").startswith("From ") else line for line in lines
    )
    length = [f"Content-Length: {len(body)}"] if counted else []
    one = message("From: a@x", "Subject: x", "Message-ID: <1@x>", *length, body=body + "\n\n")
    top = b"From a@x Sat Jun  1 01:32:06 2013\n"
    pieces = read(mbox, top + one + top + one.replace(b"<1@", b"<2@"))
    assert [piece.body for piece in pieces if isinstance(piece, Record)] == [
        "\n".join(lines).strip("\n") or None
    ] * 2


# ---- threads


def record(id: str, title: str, time: int | None = 0, parent: str | None = None, file: str = "a") -> Record:
    return Record(
        Origin(file, 1),
        f"mail-{id}",
        Kind.COMMENT if parent else Kind.STORY,
        parent=f"mail-{parent}" if parent else None,
        author="ann@mail",
        created=None if time is None else Moment(EPOCH + time),
        title=title,
        body="Text.",
    )


def linked(*records: Record) -> dict[str, Thread]:
    """All threads, the same in whatever order the records come."""
    found = None
    orders = itertools.permutations(records) if len(records) < 5 else [records, records[::-1]]
    for order in orders:
        by_thread, _ = threads(order)
        now = {root: merge(own, root) for root, own in by_thread.items()}
        shapes = {
            root: [(one.id, one.parent, one.evidence, one.kind) for one in thread.comments]
            for root, thread in now.items()
        }
        assert found in (None, shapes)
        found = shapes
    return now


def places(*records: Record) -> dict[str, str | None]:
    return {
        one.id[5:]: (one.parent or "")[5:] or None
        for thread in linked(*records).values()
        for one in (thread.root, *thread.comments)
    }


def test_an_answer_joins_the_thread_with_its_subject() -> None:
    (thread,) = linked(
        record("1", "[x] Oars"), record("2", "RE: [x] oars", 5), record("3", "Re: Re: Oars", 9, "2")
    ).values()
    assert [(one.id, one.parent, one.evidence, one.kind) for one in thread.comments] == [
        ("mail-2", "mail-1", Evidence.SUBJECT, Kind.COMMENT),
        ("mail-3", "mail-2", Evidence.STATED, Kind.COMMENT),
    ]


@pytest.mark.parametrize(
    "records, parents",
    [
        ([("1", "X", 0), ("2", "X", DAY * 9), ("3", "Re: X", DAY * 5)], {"1": None, "2": None, "3": "1"}),
        ([("1", "X", 0), ("2", "X", DAY * 9), ("3", "Re: X", DAY * 10)], {"1": None, "2": None, "3": "2"}),
        ([("1", "X", DAY // 2), ("3", "Re: X", 0)], {"1": None, "3": "1"}),
        ([("1", "X", DAY * 3), ("3", "Re: X", 0)], {"1": None, "3": None}),
        ([("2", "Re: X", 5), ("3", "Re: X", 9)], {"2": None, "3": "2"}),
        ([("1", "X", None), ("3", "Re: X", None)], {"1": None, "3": "1"}),
        ([("1", "X", None), ("2", "X", None), ("3", "Re: X", None)], {"1": None, "2": None, "3": None}),
        ([("1", "X", 0), ("2", "Fwd: X", 5)], {"1": None, "2": None}),
        ([("1", "Re:", 0), ("2", "Re: ", 5)], {"1": None, "2": None}),
        ([("1", "Re: X", 5, "0"), ("2", "Re: X", 9)], {"0": None, "1": "0", "2": "0"}),
    ],
)
def test_which_thread_an_answer_joins(
    records: list[tuple[str, str, int]], parents: dict[str, str | None]
) -> None:
    assert places(*(record(*one) for one in records)) == parents


def test_a_thread_whose_first_message_is_lost_is_called_as_what_answers_it() -> None:
    (thread,) = linked(record("2", "[x] Re: Oars", 5, "1"), record("3", "Tar", 3, "2")).values()
    assert not thread.root.held
    assert thread_title(thread) == "Tar"
    (thread,) = linked(record("2", "[x] Re: Oars", 2, "1"), record("3", "Tar", 3, "2")).values()
    assert thread_title(thread) == "[x] Oars"


@pytest.mark.parametrize(
    "subject, base, answers",
    [
        ("Re: [x] Oars", "oars", True),
        ("[x] RE[2]: re: Oars (fwd)", "oars", True),
        ("AW: Sv: Oars", "oars", True),
        ("Fwd: Oars", "oars", False),
        ("[Fwd: Re: Oars]", "oars", True),
        ("[x]", "[x]", False),
        ("Reinforced oars", "reinforced oars", False),
        ("Re:", "", True),
        ("", "", False),
    ],
)
def test_base_subjects(subject: str, base: str, answers: bool) -> None:
    assert base_subject(subject) == (base, answers)


def test_what_was_answered() -> None:
    assert answered_subject("[x] Re: RE:  Oars") == "[x] Oars"
    assert answered_subject("Oars") == "Oars"


@pytest.mark.parametrize(
    "subject", ["re:" * 50_000, "[" * 100_000, "[a]" * 30_000, "(fwd) " * 20_000, " " * 99_999]
)
def test_subjects_take_no_quadratic_time(subject: str) -> None:
    start = time.process_time()
    base_subject(subject)
    answered_subject(subject)
    assert time.process_time() - start < QUICK


def test_threads_by_subject_grow_and_fall_apart_as_files_come_and_go(tmp_path: Path) -> None:
    """One message a file; every way there gives the same site."""
    site, other = Site(tmp_path / "a"), Site(tmp_path / "b")

    def put(name: str, subject: str, day: int, *more: str) -> None:
        fields = (
            "From: Ann <ann@x.example>",
            f"Date: {day} Jun 2013 12:00 GMT",
            f"Subject: {subject}",
            *more,
        )
        site.write(name, message(f"Message-ID: <{name}@x.example>", *fields).decode())

    def pages() -> int:
        check(site, other)
        return sum('data-evidence="subject"' in page.decode() for page in site.pages().values())

    put("3", "Re: [x] Oars", 5)
    put("4", "Re: Oars", 6, "References: <3@x.example>")
    assert not pages()
    put("1", "Oars", 1)
    first = pages()
    assert first
    put("2", "Oars", 4)
    assert pages()
    site.remove("1")
    assert pages()
    site.remove("2")
    assert not pages()


def test_long_chains_and_circles() -> None:
    chain = [record(f"{n}", "Re: X", n, f"{n - 1}") for n in range(1, 3000)]
    random.Random(5).shuffle(chain)
    (thread,) = linked(*chain).values()
    assert thread.id == "mail-0"
    circle = [record("a", "X", 0, "b"), record("b", "X", 0, "c"), record("c", "X", 0, "a")]
    assert sum(1 + len(thread.comments) for thread in linked(*circle).values()) == 4


NESTED = "".join(f"Content-Type: multipart/alternative; boundary=b{n}\n\n--b{n}\n" for n in range(60))


@pytest.mark.parametrize(
    "raw",
    [
        NESTED + "\nText.",
        "Content-Type: text/plain" + "; a*0*=b" * 50_000 + "\n\nText.",
        "References: " + " ".join(f"<{n}@x>" for n in range(20_000)) + "\n\nText.",
        "Content-Type: multipart/alternative; boundary=b\n\n" + "--b\n\n\n" * 5000,
        "\n" + "Index: x\n" * 9000,
        "\nhttp://a" + ")" * 90_000,
        "\n" + ">" * 90_000,
        "\n" + "a:\n" * 30_000,
    ],
    ids=["alternatives", "parameters", "references", "parts", "differences", "address", "quotes", "says"],
)
def test_hostile_mail_takes_no_quadratic_time(raw: str) -> None:
    found = read_message(b"From: a@x.example\nSubject: x\n" + raw.encode())
    render(found.body or "", found.dialect)
    assert found.author == "a"


def test_wrong_lengths_are_not_believed_for_ever() -> None:
    top = "From a@x Sat Jun  1 01:32:06 2013\nFrom: a@x\n"
    one = top + "Message-ID: <{}@x>\nContent-Length: 9999999\n\nText.\n\n"
    assert len(read(mbox, "".join(one.format(n) for n in range(3000)).encode())) == 3000


# ---- what mail programs write


def test_thunderbird_parts_messages_by_bare_lines() -> None:
    """Its lines say nothing: only a field that messages begin with, behind an empty line, does."""
    first = message(
        "X-Mozilla-Status: 0001", f"Date: {NOON}", "From: Ann <ann@x.example>", "Message-ID: <1@x>"
    )
    second = message(
        "From: Bob <bob@x.example>", "Message-ID: <2@x>", body="He said:\n\nFrom \nhere: there.\n"
    )
    for line in (b"From \n", b"From - \n"):
        raw = (line + first + b"\n" + line + second).replace(b"\n", b"\r\n")
        assert mbox.why_not(Head(raw)) is None
        records = [piece for piece in read(mbox, raw) if isinstance(piece, Record)]
        assert [record.author for record in records] == ["Ann@mail", "Bob@mail"]
    assert mbox.why_not(Head(b"From \nhere: there.\nwhere: here.\n")) is not None


@pytest.mark.parametrize("date", ["Thu Jan  1 00:00:00 1970", "Mon Sep 17 00:00:00 2001"])
def test_what_stands_in_place_of_a_date_is_none(date: str) -> None:
    raw = f"From mboxrd@z {date}\n".encode() + message("From: Ann <ann@x.example>", "Message-ID: <1@x>")
    (record,) = read(mbox, raw)
    assert isinstance(record, Record)
    assert record.created is None


def test_apple_mail_says_how_long_a_message_is() -> None:
    own = message("From: Ann <ann@x.example>", f"Date: {NOON}", "Message-ID: <1@x>", body="All of it.\n")
    raw = f"{len(own)}       \n".encode() + own + b'<?xml version="1.0"?>\n<plist><dict/></plist>\n'
    assert mail.why_not(Head(raw)) is None
    (record,) = read(mail, raw)
    assert isinstance(record, Record)
    assert (record.author, record.body) == ("Ann@mail", "All of it.")


def test_a_bad_letter_does_not_make_the_others_bad() -> None:
    assert text_in("Grüße, ".encode() + b"\xe9t\xe9", "utf-8") == "Grüße, été"


@pytest.mark.parametrize("nothing", ["", 'Content-Type: multipart/mixed; boundary="x"\nMIME-Version: 1.0\n'])
def test_mailboxes_may_begin_with_a_message_of_nothing(nothing: str) -> None:
    """As forum-dl writes them."""
    top = "From MAILER-DAEMON Sat Jun  1 12:00:00 2013\n"
    own = message("Message-ID: <1@x>", "From: Ann <ann@x.example>", f"Date: {NOON}")
    raw = f"{top}{nothing}\n\n{top}".encode() + own
    assert mbox.why_not(Head(raw)) is None
    problem, record = read(mbox, raw)
    assert isinstance(problem, Problem)
    assert problem.skipped
    assert isinstance(record, Record)
    assert record.author == "Ann@mail"


def test_articles_of_a_news_have_five_lines_for_a_header() -> None:
    raw = b"Aboat.17\nnet.boats,net.misc\nvax!boat!ann\nMon Jun  1 12:00:00 1981\nOars\nWhich ones?\n"
    assert mail.why_not(Head(raw)) is None
    (record,) = read(mail, raw)
    assert isinstance(record, Record)
    assert (record.author, record.title, record.body) == ("ann@mail", "Oars", "Which ones?")
    assert record.created == Moment(360244800)
