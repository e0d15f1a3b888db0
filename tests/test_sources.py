"""Dumps on the disk: which files count, what is done about encodings and gzip, and that damage stays data."""

from __future__ import annotations

import codecs
import gzip
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hnsite import sources
from hnsite.errors import UnreadableError, UsageError
from hnsite.markup import LONGEST
from hnsite.model import Piece, Problem, Record
from hnsite.readers import algolia, board, flat, hn_api
from hnsite.readers.input import HEAD_SIZE
from hnsite.readers.json_values import json_values

CASES = Path(__file__).parent / "readers"
PLAIN = [path for path in sorted(CASES.iterdir()) if path.suffix in (".txt", ".json", ".ndjson")]
UTF8 = [path for path in PLAIN if b"\xe9" not in path.read_bytes().replace("é".encode(), b"")]
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def put(folder: Path, raw: bytes | str, name: str = "dump") -> sources.Dump:
    path = folder / name
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return sources.Dump(str(path), name, path.stat().st_size)


def everything(dump: sources.Dump) -> list[Piece]:
    return list(sources.read(dump, sources.pick(dump)))


def outcome(dump: sources.Dump) -> list[Piece] | str:
    """All that a dump says, or why it cannot be read; nothing else may happen."""
    try:
        pieces = everything(dump)
    except UnreadableError as error:
        assert "\n" not in str(error)
        assert str(error).startswith(f"{dump.name}:1: ")
        return error.reason
    assert all(isinstance(piece, Piece) and piece.origin.position >= 1 for piece in pieces)
    return pieces


# ---- which files


def test_dumps_are_found_in_a_fixed_order(tmp_path: Path) -> None:
    """Every file at any depth, sorted by folder; not what is hidden."""
    names = ["b.json", "a/z.txt", "a/B.txt", "a/b/c", "ä.gz", ".hidden", "a/.hidden", ".git/config", "a/.x/y"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    dumps, problems = sources.find_dumps(tmp_path, tmp_path)
    assert [dump.name for dump in dumps] == ["b.json", "ä.gz", "a/B.txt", "a/z.txt", "a/b/c"]
    assert not problems


def test_what_mail_programs_note_beside_mail_is_no_dump(tmp_path: Path) -> None:
    """Indexes of Dovecot, Courier, Thunderbird and Apple Mail; hidden folders of a maildir with a word."""
    kept = ["box/cur/1:2,S", "box/new/2", "Inbox", "old.mbox/mbox", "lone.msf", "dovecot-notes"]
    left = [
        "box/tmp/3", "box/dovecot-uidlist", "box/dovecot.index.log", "box/maildirfolder", "box/subscriptions",
        "box/courierimapuiddb", "box/.Sent/cur/4", "box/.Sent/new/5", "Inbox.msf",
        "old.mbox/table_of_contents",
    ]  # fmt: skip
    for name in kept + left:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    dumps, problems = sources.find_dumps(tmp_path, tmp_path)
    assert {dump.name for dump in dumps} == set(kept)
    assert [problem.origin.file for problem in problems] == ["box/.Sent"]


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for name in ("absent", "file"):
        with pytest.raises(UsageError, match="no such folder"):
            sources.find_dumps(tmp_path / name, tmp_path)


def test_names_are_below_the_root_or_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    put(tmp_path / "content", "x")
    assert sources.find_dumps(tmp_path / "content", tmp_path)[0][0].name == "content/dump"
    assert (
        sources.find_dumps(tmp_path / "content", tmp_path / "other")[0][0].name == f"{tmp_path}/content/dump"
    )


def test_links_and_pipes_are_passed_over_with_a_word(tmp_path: Path) -> None:
    """A link may lead anywhere, a pipe would wait for ever; both are reported and not opened."""
    put(tmp_path, "x", "a")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "c").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "pipe")
    dumps, problems = sources.find_dumps(tmp_path, tmp_path)
    assert [dump.name for dump in dumps] == ["a"]
    assert {problem.origin.file for problem in problems} >= {"b", "c", "pipe"}
    assert all("link or special file" in problem.reason for problem in problems)


def test_a_linked_folder_is_not_followed_and_not_silent(tmp_path: Path) -> None:
    """What stands behind a link to a folder is not read, and the warning says so."""
    (tmp_path / "content").mkdir()
    (tmp_path / "elsewhere").mkdir()
    put(tmp_path / "elsewhere", "x")
    (tmp_path / "content" / "more").symlink_to(tmp_path / "elsewhere")
    dumps, problems = sources.find_dumps(tmp_path / "content", tmp_path)
    assert not dumps
    assert [problem.origin.file for problem in problems] == ["content/more"]


def test_names_that_cannot_be_shown_are_spelled_and_stay_apart(tmp_path: Path) -> None:
    names = [
        b"caf\xe9.txt",
        b"caf\xe8.txt",
        rb"caf\udce9.txt",
        b"a\nwarning: b",
        b"\x1b[31m",
        "\u202etxt".encode(),
    ]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("x")
    dumps = sources.find_dumps(tmp_path, tmp_path)[0]
    assert {dump.name for dump in dumps} == {
        *(r"caf\udce9.txt", r"caf\udce8.txt", r"caf\\udce9.txt"),
        *(r"a\nwarning: b", r"\x1b[31m", r"\u202etxt"),
    }
    assert {len(sources.digest(dump)) for dump in dumps} == {16}


def test_a_vanished_file_is_unreadable(tmp_path: Path) -> None:
    for dump in (sources.Dump(str(tmp_path / "gone"), "gone", 0), sources.Dump(str(tmp_path), "gone", 0)):
        for ask in (sources.pick, sources.digest):
            with pytest.raises(UnreadableError, match=r"^gone:1: "):
                ask(dump)


def test_the_digest_is_of_the_content(tmp_path: Path) -> None:
    one, same, other = put(tmp_path, "x", "1"), put(tmp_path, "x", "2"), put(tmp_path, "y", "3")
    assert sources.digest(one) == sources.digest(same) != sources.digest(other)


# ---- encodings and compression


def as_utf16(order: str, mark: bytes) -> Callable[[bytes], bytes]:
    return lambda raw: mark + raw.decode().encode(order)


COATS: dict[str, Callable[[bytes], bytes]] = {
    "byte order mark": lambda raw: codecs.BOM_UTF8 + raw,
    "UTF-16 LE": as_utf16("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16 BE": as_utf16("utf-16-be", codecs.BOM_UTF16_BE),
    "UTF-16 LE without mark": as_utf16("utf-16-le", b""),
    "UTF-16 BE without mark": as_utf16("utf-16-be", b""),
    "gzip": gzip.compress,
    "two gzip members": lambda raw: gzip.compress(raw[:50]) + gzip.compress(raw[50:]),
    "mark in gzip": lambda raw: gzip.compress(codecs.BOM_UTF8 + raw),
    "UTF-16 in gzip": lambda raw: gzip.compress(raw.decode().encode("utf-16")),
}


@pytest.mark.parametrize("coat", COATS)
@pytest.mark.parametrize("path", UTF8, ids=lambda path: path.stem)
def test_the_same_dump_in_another_coat_says_the_same(path: Path, coat: str, tmp_path: Path) -> None:
    """Encoding, byte order mark and compression change nothing, line numbers included."""
    raw = path.read_bytes()
    if "without" in coat and not raw[:2].isascii():
        pytest.skip("nothing tells that it is UTF-16")
    dump = put(tmp_path, COATS[coat](raw), path.name)
    assert everything(dump) == everything(sources.Dump(str(path), path.name, path.stat().st_size))


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_broken_utf16_stays_readable(order: str, tmp_path: Path) -> None:
    """Half a pair and half a character become U+FFFD; the rest is read."""
    raw = '{"id": 1, "type": "comment", "text": "a\ud800b"}\n'.encode(order, "surrogatepass") + b"\x00"
    (record, *_) = everything(put(tmp_path, raw))
    assert isinstance(record, Record)
    assert record.body == "a�b"


@pytest.mark.parametrize("raw", [b"", b" \n", b"\x00" * 9, codecs.BOM_UTF8, *UTF16_MARKS])
def test_nothing_in_a_file(raw: bytes, tmp_path: Path) -> None:
    for one in (raw, gzip.compress(raw)):
        reason = outcome(put(tmp_path, one))
        assert reason in ("the file is empty", "the file holds nothing but white space")


def test_lone_surrogates_can_be_stored(tmp_path: Path) -> None:
    """As JSON escapes, and as bytes that are no UTF-8 though old Java writes them."""
    escaped = rb'{"id": 1, "type": "story", "by": "\ud800", "title": "\udfff", "url": "http://\ud800"}'
    raw = b'{"id": 2, "type": "story", "by": "\xed\xa0\x80", "title": "\xed\xbf\xbf"}'
    for piece in everything(put(tmp_path, escaped + b"\n" + raw + b"\n")):
        repr(piece).encode("utf-8")
        if isinstance(piece, Record):
            "".join(filter(None, (piece.author, piece.title, piece.url, piece.body))).encode("utf-8")


# ---- damage


def many(count: int) -> list[str]:
    return [
        f'{{"id": {id}, "type": "comment", "by": "ann", "text": "number {id}"}}' for id in range(1, count + 1)
    ]


def pages(count: int) -> str:
    return "".join(f"{n}. ann ◴[] No.{n}[source]\nnumber {n}\n" for n in range(1, count + 1))


def paste(count: int) -> str:
    return "".join(f"ann\n{n % 20 + 2} days ago\nnumber {n}\n" for n in range(1, count + 1))


LARGE = {
    "ndjson": "\n".join(many(4000)),
    "array": "[" + ",\n".join(many(4000)) + "]",
    "board": pages(4000),
    "flat": paste(6000),
}


def damaged_gzip(text: str) -> bytes:
    """Cut where two thirds of the text can still be unpacked (gzip in blocks, as streams are written)."""
    raw = text.encode()
    parts = [raw[start : start + 16_384] for start in range(0, len(raw), 16_384)]
    return b"".join(gzip.compress(part) for part in parts[: len(parts) * 2 // 3]) + gzip.compress(raw)[:40]


@pytest.mark.parametrize("kind", LARGE)
def test_a_truncated_gzip_keeps_what_stands_before_the_damage(kind: str, tmp_path: Path) -> None:
    """Whatever the format: the items that can be unpacked, and one line about the rest."""
    dump = put(tmp_path, damaged_gzip(LARGE[kind]))
    whole = everything(put(tmp_path, LARGE[kind], "whole"))
    pieces = everything(dump)
    damage = [piece for piece in pieces if isinstance(piece, Problem) and "damaged" in piece.reason]
    assert len(damage) == 1
    assert sum(isinstance(piece, Record) for piece in pieces) > len(whole) // 3


def test_a_small_truncated_gzip_keeps_what_it_can(tmp_path: Path) -> None:
    """Shorter than the head that a reader is picked by."""
    raw = gzip.compress("\n".join(many(50)).encode())
    pieces = outcome(put(tmp_path, raw[:-6]))  # only the check sum and the length are cut
    assert not isinstance(pieces, str), pieces
    assert sum(isinstance(piece, Record) for piece in pieces) == 50


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.stem)
def test_gzip_cut_anywhere(path: Path, tmp_path: Path) -> None:
    raw = gzip.compress(path.read_bytes())
    for size in range(2, len(raw), max(1, len(raw) // 12)):
        outcome(put(tmp_path, raw[:size]))


def test_gzip_with_a_flipped_byte_or_a_tail(tmp_path: Path) -> None:
    raw = bytearray(gzip.compress("\n".join(many(1000)).encode()))
    for where in range(3, len(raw), len(raw) // 8):
        raw[where] ^= 0x55
        outcome(put(tmp_path, bytes(raw)))
        raw[where] ^= 0x55
    outcome(put(tmp_path, bytes(raw) + b"no gzip"))
    outcome(put(tmp_path, gzip.compress(gzip.compress(b"twice"))))


@settings(max_examples=120)
@given(st.binary(max_size=200))
@example(b"\x1f\x8b")
@example(b"\x1f\x8b\x08\x00")
@example(codecs.BOM_UTF16_LE + b"\x00\xd8")
@example(b"[\x00{\x00")
@example("ann\n4\xa0days ago\nhello".encode())
def test_arbitrary_files(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    outcome(put(tmp_path_factory.getbasetemp(), raw))


# ---- large and deep


@pytest.mark.parametrize(
    "raw", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"id":' * 100_000, "{" * 100_000]
)
def test_a_hundred_thousand_brackets(raw: str, tmp_path: Path) -> None:
    outcome(put(tmp_path, raw))


def test_an_item_that_holds_a_hundred_thousand_brackets(tmp_path: Path) -> None:
    """It loses the field, and its neighbours lose nothing."""
    deep = '{"id": 1, "type": "comment", "text": ' + "[" * 100_000 + "]" * 100_000 + "}"
    pieces = everything(put(tmp_path, "\n".join([deep, *many(3)])))
    assert [piece.id for piece in pieces if isinstance(piece, Record)] == ["1", "1", "2", "3"]
    assert [piece.reason for piece in pieces if isinstance(piece, Problem)] == [
        "'text' of item 1 is a list, not text; ignored"
    ]


@pytest.mark.parametrize("coat", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_chain_of_three_thousand_replies(coat: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """As Algolia nests them: every one, in order, under its parent, whatever Python's recursion limit."""
    depth = 3000
    text = "".join(f'{{"id":{id},"created_at_i":{id},"author":"a","children":[' for id in range(1, depth + 1))
    pieces = everything(put(tmp_path, coat((text + "]}" * depth).encode())))
    assert [(piece.id, piece.parent) for piece in pieces if isinstance(piece, Record)] == [
        (str(id), str(id - 1) if id > 1 else None) for id in range(1, depth + 1)
    ]
    assert len(pieces) == depth


def test_a_text_of_a_megabyte_is_read_as_far_as_a_page_shows_it_and_told(tmp_path: Path) -> None:
    text = "1234567 " * 131_072
    item = f'{{"id": 1, "type": "comment", "text": "{text}"}}'
    for raw in (item, f"[{item}]", f"[\n{item},\n{item}\n]", "\n".join([item, item])):
        pieces = everything(put(tmp_path, raw))
        assert {piece.body for piece in pieces if isinstance(piece, Record)} == {text[: LONGEST + 1]}
        reasons = {piece.reason for piece in pieces if isinstance(piece, Problem)}
        assert reasons == {"the body of an item is cut: it has 1,048,576 characters"}


def test_a_page_longer_than_the_head_is_picked_wherever_the_head_ends(tmp_path: Path) -> None:
    """The head is cut at a byte, which may stand in the middle of a character."""
    for shift in range(3):
        text = f"ann ◴[] No.5[source]\n{'x' * shift}{'’' * HEAD_SIZE}\n"
        assert sources.pick(put(tmp_path, text)) is board
    text = "ann\n4 days ago\n" + "’" * HEAD_SIZE
    assert sources.pick(put(tmp_path, text)) is flat


def test_invalid_utf8_is_read_as_windows_1252_and_said(tmp_path: Path) -> None:
    raw = b'{"id": 1, "type": "job", "text": "caf\xe9 \x93q\x94"}\n{"id": 2, "text": "\xc3\xa9"}'
    pieces = everything(put(tmp_path, raw))
    assert [piece.body for piece in pieces if isinstance(piece, Record)] == ["café “q”", "é"]
    assert [str(piece) for piece in pieces if isinstance(piece, Problem)] == [
        "dump:1: not UTF-8 on this line; read as Windows-1252"
    ]


# ---- the edge cases of JSON (shared/data/json/test_parsing)


def parsing_cases(shared: Path) -> list[Path]:
    folder = shared / "data" / "json" / "test_parsing"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    return sorted(folder.glob("*.json"))


def test_every_json_edge_case_is_read_or_refused(shared: Path) -> None:
    for path in parsing_cases(shared):
        outcome(sources.Dump(str(path), path.name, path.stat().st_size))


def test_every_json_edge_case_as_a_field(shared: Path, tmp_path: Path) -> None:
    """Inside of an item, where a reader was picked and must go on."""
    for path in parsing_cases(shared):
        raw = path.read_bytes()
        if len(raw) > 10_000 or raw.startswith(UTF16_MARKS):
            continue
        for field, reader in ((b"kids", hn_api), (b"children", algolia)):
            item = b'[{"id": 1, "type": "comment", "created_at_i": 1, "%s": %s}]' % (field, raw)
            list(sources.read(put(tmp_path, item), reader))


def test_valid_json_is_accepted(shared: Path) -> None:
    """Cases named y_ must be read without a problem, those named n_ cost at most a problem each value."""
    for path in parsing_cases(shared):
        with path.open("rb") as file:
            pieces = list(json_values(file, path.name))
        if path.name.startswith("y_"):
            assert not [piece for piece in pieces if isinstance(piece, Problem)], path.name


def test_messages_name_file_and_line(tmp_path: Path) -> None:
    (*_, problem) = everything(put(tmp_path, "\n".join([*many(2), "{", ""]), "content.ndjson"))
    assert re.match(r"content\.ndjson:3: \S", str(problem))
