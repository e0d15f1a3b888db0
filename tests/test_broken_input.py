"""Broken, huge and hostile files: each costs one line and nothing else, in bounded memory and time."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import lzma
import os
import socket
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_site import STORY, Site, api
from test_cli import Run, run  # noqa: F401
from trust import damage

from hnsite import sources
from hnsite.build import Report
from hnsite.errors import BuildError, UnreadableError, one_line
from hnsite.inspect import inspect
from hnsite.model import Piece, Problem, Record
from hnsite.readers import input as lines
from hnsite.readers import json_values
from hnsite.unpack import zstd_library

ITEM = b'{"id": %d, "type": "comment", "by": "ann", "text": "x", "parent": 1}\n'
MB = 1 << 20


def item(id: int) -> bytes:
    return ITEM % id


def read(path: Path) -> list[Piece]:
    dump = sources.Dump(str(path), path.name, path.stat().st_size)
    return list(sources.read(dump, sources.pick(dump)))


def ids(pieces: list[Piece]) -> list[str]:
    return [piece.id for piece in pieces if isinstance(piece, Record)]


def problems(pieces: list[Piece]) -> list[str]:
    return [str(piece) for piece in pieces if isinstance(piece, Problem)]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site", **{"good.json": [STORY, api(id=2, parent=1, text="Still here.")]})


def put(site: Site, name: str, raw: bytes) -> None:
    (site.root / "content" / name).write_bytes(raw)


def told(report: Report) -> list[str]:
    lines = [str(one) for one in (*report.errors, *report.problems)]
    assert lines == [one_line(line) for line in lines]
    return lines


def is_built(site: Site) -> bool:
    return "Still here." in (site.public / "item/1.html").read_text("utf-8")


# ---- damage


def test_damaged_dumps_cost_themselves_at_most() -> None:
    assert [trial for trial in damage.trials(40) if trial.fault] == []


@pytest.mark.slow
def test_many_damaged_dumps() -> None:
    assert [trial for trial in damage.trials(800) if trial.fault] == []


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_a_cut_tar_keeps_what_stands_before_the_cut(pack: Callable[[bytes], bytes], site: Site) -> None:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for id in (10, 11, 12):
            info = tarfile.TarInfo(f"{id}.json")
            info.size = len(item(id))
            archive.addfile(info, io.BytesIO(item(id)))
    put(site, "cut.tar", pack(raw.getvalue()[: 2 * 1024 + 512 + 30]))
    report = site.build()
    assert report.read >= 2 + 2
    assert "content/cut.tar" in told(report)[0]
    assert "damaged" in told(report)[0]
    assert [str(one) for one in site.build().problems] == [str(one) for one in report.problems]


# ---- bombs


def zip_of(raw: bytes, method: int = zipfile.ZIP_DEFLATED, members: int = 1) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for number in range(members):
            archive.writestr(f"{number}.json", raw)
    return whole.getvalue()


def tar_of(raw: bytes) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        info = tarfile.TarInfo("a.json")
        info.size = len(raw)
        archive.addfile(info, io.BytesIO(raw))
    return whole.getvalue()


def overlapping(raw: bytes, members: int) -> bytes:
    """A zip archive whose members are all the same bytes of it."""
    one = zip_of(raw)
    at = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    listed = one[at:end] * members
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, members, members, len(listed), at, 0)
    return one[:at] + listed + tail


BIG = item(50) + b" " * (12 * MB) + item(51)
BOMBS = {
    "gz": gzip.compress(BIG),
    "gz in gz": gzip.compress(gzip.compress(BIG)),
    "xz": lzma.compress(BIG),
    "zst": bytes(zstd_library().compress(BIG)),
    "zip": zip_of(BIG),
    "zip of bzip2": zip_of(BIG, zipfile.ZIP_BZIP2),
    "zip of LZMA": zip_of(BIG, zipfile.ZIP_LZMA),
    "zip of gz": zip_of(gzip.compress(BIG)),
    "zip of many": zip_of(BIG[: 2 * MB], members=12),
    "zip of one many times": overlapping(BIG[: 2 * MB], 3000),
    "tar.gz": gzip.compress(tar_of(BIG)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_errors_that_say_what_to_do(name: str, site: Site) -> None:
    put(site, "bomb", BOMBS[name])
    site.settings = "max_unpacked = 1"
    report = site.build()
    assert is_built(site)
    assert report.errors
    assert len(report.errors) <= 2
    assert all("MB, as bombs do; max_unpacked in hnsite.toml can allow more" in line for line in told(report))
    if name in ("gz", "zst"):  # nothing of it is kept, so that it is read as soon as it may be
        site.settings = "max_unpacked = 100"
        assert site.build().read == 2 + 2


def sparse_tar() -> bytes:
    """A file of a terabyte with nothing in it, as GNU tar writes it."""
    info = tarfile.TarInfo("a.json")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 0
    raw = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    raw[483:495] = b"\x80" + (1 << 40).to_bytes(11, "big")
    raw[148:156] = b"%06o\0 " % (sum(raw[:148]) + sum(raw[156:512]) + 8 * 32)
    return bytes(raw) + bytes(10_240 - 512)


def long_named_tar() -> bytes:
    info = tarfile.TarInfo("a.json")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 8 * MB
    return info.tobuf(tarfile.GNU_FORMAT) + b"n" * (8 * MB)


def large_window_xz() -> bytes:
    """A few bytes that want a dictionary of 3 GB."""
    raw = bytearray(lzma.compress(item(60)))
    size = (raw[12] + 1) * 4  # of the header of the block, which its checksum ends
    raw[raw.index(b"\x21\x01", 12) + 2] = 39
    raw[12 + size - 4 : 12 + size] = zlib.crc32(raw[12 : 12 + size - 4]).to_bytes(4, "little")
    return bytes(raw)


HOSTILE = {
    "a file with holes": sparse_tar(),
    "a long name": long_named_tar(),
    "a large dictionary": large_window_xz(),
    "a zip of nothing but its end": b"PK\x05\x06" + bytes(18),
    "a directory of 4 GB": struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 0xFFFFFFF0, 0, 0),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives_are_errors(name: str, site: Site) -> None:
    put(site, "hostile", HOSTILE[name])
    report = site.build()
    assert is_built(site)
    assert len(told(report)) == 1


def test_many_members_of_one_name_take_linear_time(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(overlapping(item(7), 20_000))
    dump = sources.Dump(str(path), "x.zip", 0)
    with sources.parts(dump) as parts:
        assert len({part.name for part in parts}) == 20_000


def test_a_full_disk_is_told_and_tried_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What did not fit is read as soon as it does."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    put(site, "x.tar.gz", gzip.compress(tar_of(item(10))))
    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfileobj", full)
        with pytest.raises(BuildError, match=r"no room to unpack a dump .* TMPDIR"):
            site.build()
    assert site.build().read == 3


# ---- links and special files


def test_nothing_that_is_no_plain_file_is_opened(site: Site, run: Run) -> None:  # noqa: F811
    content = site.root / "content"
    (site.root / "secret.json").write_bytes(item(66))
    (content / "link.json").symlink_to("../secret.json")
    (content / "zero.json").symlink_to("/dev/zero")
    (content / "loop").symlink_to("loop")
    (content / "up").symlink_to("..")
    (content / "gone").symlink_to("nowhere")
    os.mkfifo(content / "pipe.md")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(content / "socket"))
        report = site.build()
        assert len(told(report)) == 7
        assert report.read == 2
        for name in ("link.json", "zero.json", "loop", "gone", "pipe.md", "socket"):
            ran = run("inspect", str(content / name))
            assert ran.status == 1
            assert "Traceback" not in ran.err
            assert "error" in ran.out
    for place in ("/dev/zero", "/dev/null"):
        assert run("inspect", place).status == 1


def test_a_file_that_becomes_a_pipe_or_a_link_is_not_waited_for(tmp_path: Path) -> None:
    """Between looking and opening anything may happen."""
    (tmp_path / "secret").write_bytes(item(66))
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("secret")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "link", "folder"):
        (found,) = inspect(tmp_path / name) if name != "folder" else [None]
        assert found is None or "link or special file" in found.error
        for ask in (sources.digest, sources.pick):
            with pytest.raises(UnreadableError, match="link or special file"):
                ask(sources.Dump(str(tmp_path / name), name))


def test_what_lies_beside_a_dump_is_only_read_in_content(site: Site) -> None:
    """A channel of Slack in content/ itself has its users one folder above."""
    users = [{"id": "U1", "name": "outsider", "profile": {"real_name": "Out Sider"}}]
    (site.root / "users.json").write_text(json.dumps(users))
    day = [{"type": "message", "user": "U1", "text": "hello there", "ts": "1700000000.000100"}]
    put(site, "2023-11-14.json", json.dumps(day).encode())
    site.build()
    assert not any(b"Out Sider" in page for page in site.pages().values())


@contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """Root may read everything, so that nothing would be tried."""
    if os.geteuid():
        yield
        return
    while folder.owner() == "root" and folder.parent != folder.parent.parent:
        folder.chmod(folder.stat().st_mode | 0o055)
        folder = folder.parent
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions as Unix has them")
def test_files_and_folders_that_may_not_be_read_are_errors_of_their_own(site: Site) -> None:
    put(site, "locked.json", item(10))
    content = site.root / "content"
    (content / "shut").mkdir()
    for name in ("locked.json", "shut"):
        (content / name).chmod(0)
    errors, readable = [], []
    with as_nobody(content):
        for dump in sources.find_dumps(content, site.root)[0]:
            try:
                sources.digest(dump)
                readable.append(dump.name)
            except UnreadableError as error:
                errors.append(str(error))
    (content / "shut").chmod(0o755)
    assert readable == ["content/good.json"]
    assert errors == [f"content/{name}:1: Permission denied" for name in ("locked.json", "shut")]


# ---- lines and values of any size


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Limits that tests can reach."""
    monkeypatch.setattr(json_values, "_CHUNK", 64)
    monkeypatch.setattr(json_values, "_LONGEST_ROW", 200)
    monkeypatch.setattr(json_values, "_LONGEST", 500)
    monkeypatch.setattr(json_values, "_DEEPEST", 20)
    monkeypatch.setattr(lines, "LONGEST_LINE", 200)
    yield


LARGE = {
    "a text": b'{"id": 3, "text": "' + b"A" * 3000 + b'"}',
    "a text of escapes": b'{"id": 3, "text": "' + rb"\"\\" * 800 + b'"}',
    "a text without an end": b'{"id": 3, "text": "' + b"A" * 3000,
    "a number": b'{"id": 3, "score": ' + b"1" * 3000 + b"}",
    "a list": b"[" + b"[1],{}," * 500 + b"1]",
    "objects": b'{"a": [' + b'{"b": {"c": "]"}},' * 200 + b"0]}",
    "depth": b"[" * 2000 + b"]" * 2000,
    "no value": b"x" * 3000,
    "a lone text": b'"' + b"x" * 3000 + b'"',
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.usefixtures("small")
def test_a_value_that_is_too_large_costs_itself(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(item(2) + LARGE[name] + b"\n" + item(4))
    pieces = read(path)
    assert ids(pieces) == ["2", "4"]
    assert len(problems(pieces)) == 1
    if name != "a text without an end":
        path.write_bytes(b"[" + item(2) + b"," + LARGE[name] + b"," + item(4) + b"]")
        pieces = read(path)
        assert ids(pieces) == ["2", "4"]
        assert len(problems(pieces)) == 1


LONG_FIRST = {
    "hn.json": b'{"by": "ann", "text": "%b", "type": "story", "id": 2}',
    "reddit.jsonl": b'{"body": "%b", "created_utc": 1, "id": "aa2", "link_id": "t3_a", "parent_id": "t3_a"}',
    "slack.json": b'[{"user": "U1", "text": "%b", "type": "message", "ts": "1600000000.000100"}]',
    "algolia.json": b'{"text": "%b", "children": [], "created_at_i": 1, "id": 2, "type": "story"}',
}


@pytest.mark.parametrize("name", LONG_FIRST)
def test_a_long_text_does_not_hide_what_a_dump_is(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(LONG_FIRST[name] % (b'a \\"id\\": ' * 20_000))
    pieces = read(path)
    assert sum(isinstance(piece, Record) and bool(piece.body or piece.title) for piece in pieces) >= 1
    assert ["the body of an item is cut" in one for one in problems(pieces)] == [True]


@pytest.mark.usefixtures("small")
def test_blanks_of_any_length_are_no_value(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for blank in (b" ", b"\n", b"\t\r\n "):
        path.write_bytes(item(2) + blank * 3000 + item(4))
        assert ids(read(path)) == ["2", "4"]
        path.write_bytes(b"[" + item(2) + b"," + blank * 3000 + item(4) + b"]")
        pieces = read(path)
        assert (ids(pieces), problems(pieces)) == (["2", "4"], [])


@pytest.mark.usefixtures("small")
def test_a_line_that_is_too_long_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "x"
    post = "1. ann ◴[] No.{}[source]\n{}\n"
    path.write_text(post.format(5, "A" * 1000) + post.format(6, "B"))
    pieces = read(path)
    assert ids(pieces)[-2:] == ["5", "6"]
    assert any("x:2: a line of over" in line for line in problems(pieces))
    path.write_text(
        "id,type,by,text,parent\n2,comment,ann,hi,1\n3,comment,ann," + "A" * 999 + ",1\n4,comment,bob,x,1\n"
    )
    pieces = read(path)
    assert ids(pieces)[0] == "2"
    assert ids(pieces)[-1] == "4"
    assert any("x:3: a line of over" in line for line in problems(pieces))


def test_what_is_wrong_with_a_dump_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    path.write_bytes(item(2) + b"x\n" * 5000 + item(4))
    pieces = read(path)
    assert ids(pieces) == ["2", "4"]
    assert len(problems(pieces)) == 1001
    assert "and 4,000 more problems from here on" in problems(pieces)[-1]
    assert sum(piece.skipped for piece in pieces if isinstance(piece, Problem)) == 5000
    monkeypatch.setattr(sources, "_HOPELESS", 2000)
    assert ids(read(path)) == ["2"]


MEMORY = """
import resource, sys
from pathlib import Path
from hnsite.inspect import inspect
import hnsite.readers, lxml.etree, email.parser, sqlite3
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = list(inspect(Path(sys.argv[1])))
print(sum(one.items for one in found), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
def test_a_line_of_a_gigabyte_takes_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as file:
        file.write(item(2) + b'{"id": 3, "text": "')
        for _ in range(1024):
            file.write(b"A" * MB)
        file.write(b'"}\n' + item(4))
    done = subprocess.run([sys.executable, "-c", MEMORY, path], capture_output=True, text=True, check=True)
    path.unlink()
    items, megabytes = map(int, done.stdout.split())
    assert items == 2
    assert megabytes < 500


# ---- encodings


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"]
)
def test_every_width_of_unicode_is_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    marks = {"utf-16-be": codecs.BOM_UTF16_BE, "utf-32-be": codecs.BOM_UTF32_BE}
    text = item(2).decode().replace('"x"', '"Zoë"')
    for raw in (text.encode(encoding), marks.get(encoding, b"") + text.encode(encoding)):
        path.write_bytes(raw)
        (record,) = read(path)
        assert isinstance(record, Record)
        assert record.body == "Zoë"


NOISE = [
    b"\xff",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\x00",
    b"\xef\xbb\xbf",
    b"\xf8\x88\x80\x80\x80",
    b"\x1b[31m",
    "\u202e".encode(),
]


@pytest.mark.parametrize("noise", NOISE, ids=repr)
def test_bytes_that_are_no_text_stop_no_reader_and_order_no_terminal(noise: bytes, site: Site) -> None:
    for fixture in damage.FIXTURES[::3]:
        raw = fixture.read_bytes()
        half = len(raw) // 2
        put(
            site,
            f"{fixture.stem}-{os.fsdecode(noise[-1:]) if noise[-1:].isalpha() else ''}",
            raw[:half] + noise + raw[half:],
        )
    told(site.build())
    assert is_built(site)


def test_names_of_files_are_told_on_one_line(site: Site, run: Run) -> None:  # noqa: F811
    for name in (b"new\nline", b"\x1b[2Jcleared", b"caf\xe9", "\u202egpj".encode(), b"-v"):
        (site.root / "content" / os.fsdecode(name)).write_bytes(b"no dump")
    lines = told(site.build())
    assert len(lines) == 5
    assert any("new\\nline" in line for line in lines)
    assert any("\\x1b[2J" in line for line in lines)
    ran = run("inspect", str(site.root / "content"))
    assert ran.status == 1
    assert "\x1b" not in ran.out
    assert (
        len(ran.out.splitlines())
        == 5 * 2 + sum(line.startswith(" ") for line in ran.out.splitlines()) - 5 + 1
    )
