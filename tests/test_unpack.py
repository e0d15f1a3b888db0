"""What dumps are packed in: each compression and archive says what the plain file says, damaged or not."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_site import STORY, WORDS, Site, api

from hnsite import readers, sources
from hnsite.errors import UnreadableError
from hnsite.model import Kind, Origin, Piece, Record
from hnsite.readers.input import Head
from hnsite.unpack import zstd_library

NAMES = [
    "a.json",
    "deep/er/b.json",
    ".hidden/c.json",
    "__MACOSX/d.json",
    "page.html",
    "page_files/e.json",
    "page-Dateien/f",
]


def zstd(raw: bytes) -> bytes:
    packed: bytes = zstd_library().compress(raw)
    return packed


COMPRESSIONS: Mapping[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd,
}
each_compression = pytest.mark.parametrize("pack", COMPRESSIONS.values(), ids=COMPRESSIONS)


def item(id: int) -> bytes:
    return b'{"id": %d, "type": "comment", "by": "ann", "text": "x", "parent": 1}\n' % id


def lines(count: int = 3, first: int = 2) -> bytes:
    return b"".join(map(item, range(first, first + count)))


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return raw.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return raw.getvalue()


ARCHIVES: Mapping[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "zip": zipped,
    "stored zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "tar": tarred,
    **{f"tar.{name}": lambda files, pack=pack: pack(tarred(files)) for name, pack in COMPRESSIONS.items()},  # type: ignore[misc]
}
MAGICS = [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00", b"(\xb5/\xfd"]
each_archive = pytest.mark.parametrize("pack", ARCHIVES.values(), ids=ARCHIVES)


def put(folder: Path, raw: bytes, name: str = "dump") -> sources.Dump:
    path = folder / name
    path.write_bytes(raw)
    return sources.Dump(str(path), name, len(raw))


def everything(dump: sources.Dump) -> Iterator[tuple[str, list[Piece] | str]]:
    """What each part of a dump says, or why it cannot be read; nothing else may happen."""
    try:
        with sources.parts(dump) as parts:
            for part in parts:
                try:
                    yield part.name, list(sources.read(part, sources.pick(part)))
                except UnreadableError as error:
                    assert str(error).startswith(f"{part.name}:1: ")
                    yield part.name, error.reason
    except UnreadableError as error:
        assert str(error).startswith(f"{dump.name}:1: ")
        yield dump.name, error.reason


@each_compression
def test_compressed_files(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    plain = [*everything(put(tmp_path, lines()))]
    assert len(plain[0][1]) == 3
    assert [*everything(put(tmp_path, pack(lines())))] == plain
    assert [*everything(put(tmp_path, pack(lines(1)) + pack(lines(2, 3))))] == plain
    assert [*everything(put(tmp_path, gzip.compress(pack(lines()))))] == plain


@each_compression
def test_compressed_files_cut_anywhere(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """What stands before the damage is kept, and the damage is told."""
    raw = pack(b"".join(map(item, range(2, 40_000))))
    for share in (0.3, 0.6, 0.99):
        ((_, pieces),) = everything(put(tmp_path, raw[: int(len(raw) * share)]))
        if isinstance(pieces, str):
            assert "damaged" in pieces
        else:
            assert "damaged behind this place" in str(pieces[-1])
    for size in range(2, 60):
        assert len([*everything(put(tmp_path, raw[:size]))]) == 1


def test_the_longest_windows_of_zstd(tmp_path: Path) -> None:
    library = zstd_library()
    raw = library.compress(lines(), options={library.CompressionParameter.window_log: 31})
    ((_, pieces),) = everything(put(tmp_path, raw))
    assert len(pieces) == 3


@each_archive
def test_archives(pack: Callable[[Mapping[str, bytes]], bytes], tmp_path: Path) -> None:
    """Members are dumps of their own, under the archive's name; those that hold no dump are passed over."""
    files = {name: lines(1, 10 + place) for place, name in enumerate(NAMES)} | {
        "c.gz": gzip.compress(lines())
    }
    found = dict(everything(put(tmp_path, pack(files), "x.pack")))
    names = ["a.json", "deep/er/b.json", "page.html", "c.gz"]
    assert list(found) == [f"x.pack/{name}" for name in names]
    assert [len(pieces) for pieces in found.values()] == [1, 1, 1, 3]
    record = found["x.pack/deep/er/b.json"][0]
    assert isinstance(record, Record)
    assert record.origin == Origin("x.pack/deep/er/b.json", 1)


@each_archive
def test_archives_of_nothing_and_of_what_is_no_dump(
    pack: Callable[[Mapping[str, bytes]], bytes], tmp_path: Path
) -> None:
    if b"ustar" not in (empty := pack({})):  # the tar archives here hold a link at least
        assert [*everything(put(tmp_path, empty, "x"))] == [("x", "an archive without files")] or empty
    found = dict(everything(put(tmp_path, pack({"a.bin": b"\x00\x01", "b.json": lines()}), "x")))
    assert "no reader knows" in found["x/a.bin"]
    assert len(found["x/b.json"]) == 3


@each_archive
def test_members_that_would_lie_elsewhere_are_read_as_others(
    pack: Callable[[Mapping[str, bytes]], bytes], tmp_path: Path
) -> None:
    names = ("../a.json", "d/../../b.json", "/etc/c.json", "./d.json")
    found = [*everything(put(tmp_path, pack({name: lines(n) for n, name in enumerate(names, 1)}), "x"))]
    assert [len(pieces) for _, pieces in found] == [1, 2, 3, 4]
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_two_members_of_one_name_are_both_read(tmp_path: Path) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.json", lines(1))
        archive.writestr("a.json", lines(2))
    found = dict(everything(put(tmp_path, raw.getvalue(), "x")))
    assert {name: len(pieces) for name, pieces in found.items()} == {"x/a.json": 1, "x/a.json#2": 2}


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    raw = bytearray(zipped({"a.json": lines()}))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(magic) + place] |= 1
    ((name, reason),) = everything(put(tmp_path, bytes(raw), "x"))
    assert name == "x/a.json"
    assert "encrypted" in str(reason)


@each_archive
def test_archives_with_damage(pack: Callable[[Mapping[str, bytes]], bytes], tmp_path: Path) -> None:
    raw = pack({"a.json": lines(500), "b.json": lines(500, 1000)})
    for place in range(0, len(raw), max(1, len(raw) // 60)):
        assert [*everything(put(tmp_path, raw[:place] + b"\x55" + raw[place + 1 :]))]
        assert [*everything(put(tmp_path, raw[:place]))]


@settings(max_examples=100)
@given(st.sampled_from(MAGICS), st.binary())
def test_arbitrary_bytes_behind_a_magic(
    tmp_path_factory: pytest.TempPathFactory, magic: bytes, rest: bytes
) -> None:
    assert [*everything(put(tmp_path_factory.getbasetemp(), magic + rest))]


# ---- what readers may ask for


def reader(**more: object) -> readers.Reader:
    def read(file: BinaryIO, name: str, beside: Mapping[str, bytes] | None = None) -> Iterator[Record]:
        body = f"{file.seekable() and Path(file.name).is_file()}" if more.get("WHOLE") else repr(beside)
        yield Record(Origin(name, 1), "1", Kind.STORY, body=body)

    def why_not(head: Head) -> str | None:
        return None if head.raw.startswith(b"odd") else "not odd"

    return SimpleNamespace(NAME="odd", VERSION=1, why_not=why_not, read=read, **more)


def bodies(dump: sources.Dump, reader: readers.Reader) -> list[str | None]:
    with sources.parts(dump) as parts:
        return [
            piece.body
            for part in parts
            if str(part.path).endswith("odd")
            for piece in sources.read(part, reader)
            if isinstance(piece, Record)
        ]


def test_readers_that_need_a_real_file_get_one(tmp_path: Path) -> None:
    for raw in (
        b"odd",
        gzip.compress(b"odd"),
        zipped({"a.odd": b"odd"}),
        gzip.compress(tarred({"a.odd": b"odd"})),
    ):
        assert bodies(put(tmp_path, raw, "x.odd"), reader(WHOLE=True)) == ["True"]


def test_readers_get_what_lies_beside_a_dump(tmp_path: Path) -> None:
    wants = reader(BESIDE=("../names.json", "near", "absent"))
    files = {"names.json": b"[]", "a/x.odd": b"odd", "a/near": b"n"}
    expected = [repr({"../names.json": b"[]", "near": b"n"})]
    for name, raw in files.items():
        (tmp_path / "c" / name).parent.mkdir(parents=True, exist_ok=True)
        put(tmp_path / "c", raw, name)
    dump = sources.Dump(str(tmp_path / "c/a/x.odd"), "c/a/x.odd")
    assert bodies(dump, wants) == expected
    for pack in ARCHIVES.values():
        assert (
            bodies(put(tmp_path, pack({f"top/{name}": raw for name, raw in files.items()})), wants)
            == expected
        )
    before = sources.digest(dump, sources.beside(wants))
    assert before == sources.digest(dump, sources.beside(wants))
    put(tmp_path / "c", b"other", "names.json")
    assert before != sources.digest(dump, sources.beside(wants))


# ---- in builds


def story(id: int) -> dict[str, object]:
    return {**STORY, "id": id}


def test_an_archive_is_read_again_when_it_changes(tmp_path: Path) -> None:
    """Whatever stands in it, the site is what a clean build makes of it; unchanged, it is not read."""
    site = Site(tmp_path / "site")
    path = site.root / "content/all.zip"
    one = api(id=2, parent=1, text=WORDS[0])
    steps: list[dict[str, object]] = [
        {"a.json": STORY, "b.json": one},
        {"a.json": STORY, "b.json": one, "c.json": story(9)},
        {"c.json": story(9)},
        {"c.json": story(9), "d.txt": "no dump"},
        {"c.json": story(9)},
    ]
    for step, expected in zip(steps, (2, 3, 1, 1, 1), strict=True):
        path.write_bytes(zipped({name: json.dumps(value).encode() for name, value in step.items()}))
        report = site.build()
        assert (report.read, len(report.errors)) == (expected, int("d.txt" in step))
        pages = site.pages()
        again = site.build()
        assert (again.written, again.deleted, len(again.errors)) == (0, 0, len(report.errors))
        site.build(clean=True)
        assert site.pages() == pages
    path.unlink()
    site.write("x.json", [STORY])
    site.build()
    assert not (site.root / "public/item/9.html").exists()
