"""What dumps are packed in: compressed files, archives, other encodings than UTF-8.

Everything streams, but for what needs a place on the disk: a compressed tar archive is written to a
temporary file first, because its members are read out of order. Damage ends a file where it begins, and so
does what only a bomb holds: a file that unpacks to a hundred times its size, an archive of more files, or a
compression that asks for more memory, than anybody's dumps have.
"""

from __future__ import annotations

import bz2
import codecs
import io
import lzma
import shutil
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from hnsite.errors import BuildError
from hnsite.readers.input import HEAD_SIZE

_LAYERS = 3
"""How often a file may be compressed; more is no accident."""
_RATIO = 100
"""How many times its own size a file may unpack to; text packed as well as can be has a twentieth."""
UNPACKED = 1_000_000_000
"""How many bytes a file may unpack to in any case, where nobody says otherwise."""
_MEMORY = 1 << 29
"""Bytes that unpacking xz may need; its strongest presets need an eighth of that."""
_MOST_MEMBERS = 1_000_000
_LONGEST_DIRECTORY = 1 << 26
"""Bytes of a zip archive's list of members, which is in memory as a whole."""
_LONGEST_NAME = 1000
LARGEST_BESIDE = 1 << 25
"""Bytes that are read of a file beside a dump."""
_LONGEST_HEADER = 1 << 20
_PIECE = 1 << 16
_TAR_HEAD = 512
_LONGEST_WINDOW = 31  # of zstd, as a power of two: what dumps of all of Reddit are made with
ARCHIVE_ERRORS = (
    zipfile.BadZipFile, tarfile.TarError, OSError, EOFError, RuntimeError, ValueError, zlib.error,
    lzma.LZMAError,
)  # fmt: skip
"""What archives and compressed files raise for damage, passwords and ways of packing that nobody knows."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_ENDS = ((b"PK\x06\x06", "<36xQ"), (b"PK\x05\x06", "<8xI"))
"""How the ends of zip archives begin, and where behind that the size of the list stands."""
_ELSEWHERE = 0xFFFF_FFFF
"""In place of a size that the end of the larger kind tells."""
_LONG_HEADERS = (
    tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)  # fmt: skip


class BombError(ValueError):
    """A file unpacks to more than it may."""


class Allowance:
    """How many bytes one file of content/ may unpack to: all its layers and members together.

    ``size`` is the file's own, ``most`` what it may have in any case.
    """

    def __init__(self, size: int, most: int = UNPACKED) -> None:
        self._left = max(most, _RATIO * size)
        self.reason = (
            f"it unpacks to over {max(most, _RATIO * size) // 1_000_000:,} MB, as bombs do;"
            " max_unpacked in hnsite.toml can allow more"
        )

    @property
    def is_spent(self) -> bool:
        return self._left < 0

    def take(self, size: int) -> None:
        """Raises BombError when that is too much."""
        self._left -= size
        if self._left < 0:
            raise BombError(self.reason)


class _Unpacker(Protocol):
    """What the standard library's files of every compression have."""

    def read1(self, size: int = -1, /) -> bytes: ...


def _gzip(file: BinaryIO) -> _Unpacker:
    import gzip

    return gzip.GzipFile(fileobj=file)


class _Xz:
    """As ``lzma.LZMAFile``, which gives a file all the memory that it asks for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._stream = self._new()

    def _new(self) -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, _MEMORY)

    def read1(self, size: int = -1, /) -> bytes:
        while True:
            raw = b""
            if self._stream.eof:
                raw = self._next_stream(self._stream.unused_data)
                if not raw:
                    return b""
                self._stream = self._new()
            elif self._stream.needs_input:
                raw = self._file.read(_PIECE)
                if not raw:
                    raise EOFError("it ends in the middle of a compressed stream")
            if piece := self._stream.decompress(raw, size):
                return piece

    def _next_stream(self, raw: bytes) -> bytes:
        """The bytes behind the zeros that may stand behind a stream; none at the file's end."""
        raw = raw.lstrip(b"\0")
        while not raw and (more := self._file.read(_PIECE)):
            raw = more.lstrip(b"\0")
        return raw


def _zstd(file: BinaryIO) -> _Unpacker:
    zstd = zstd_library()
    unpacker: _Unpacker = zstd.ZstdFile(
        file, options={zstd.DecompressionParameter.window_log_max: _LONGEST_WINDOW}
    )
    return unpacker


def zstd_library() -> Any:
    """The standard library's, or its backport for Python before 3.14."""
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        from backports import zstd
    return zstd


_COMPRESSIONS: Mapping[bytes, Callable[[BinaryIO], _Unpacker]] = {
    b"\x1f\x8b\x08": _gzip,
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": _Xz,
    b"\x28\xb5\x2f\xfd": _zstd,
}
"""How compressed files begin."""


class _Unpacked(io.RawIOBase):
    """A compressed file that ends where its damage begins, or where it is more than it may be."""

    def __init__(self, file: _Unpacker, damage: list[Exception], allowance: Allowance) -> None:
        self._file = file
        self._damage = damage
        self._allowance = allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            piece = b"" if self._damage else self._file.read1(len(buffer))
            self._allowance.take(len(piece))
        except ARCHIVE_ERRORS as error:
            self._damage.append(error)
            return 0
        except Exception as error:
            if type(error).__name__ != "ZstdError":
                raise
            self._damage.append(error)
            return 0
        buffer[: len(piece)] = piece
        return len(piece)


def unpacked(file: io.BufferedReader, damage: list[Exception], allowance: Allowance) -> io.BufferedReader:
    """The file without its compression; damage ends it early and is noted."""
    for _ in range(_LAYERS):
        head = file.peek(8)[:8]
        kind = next((kind for magic, kind in _COMPRESSIONS.items() if head.startswith(magic)), None)
        if kind is None:
            break
        file = io.BufferedReader(_Unpacked(kind(file), damage, allowance), HEAD_SIZE)
    return file


_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; that of UTF-32 begins with one of UTF-16."""
_UNMARKED = {"x000": "utf-32-le", "000x": "utf-32-be", "x0x0": "utf-16-le", "0x0x": "utf-16-be"}
"""Which of the first four bytes are 0 where two letters, or one, of a text without a mark are ASCII."""


def utf8(file: io.BufferedReader) -> io.BufferedReader:
    """The same text as UTF-8 without a byte order mark."""
    head = file.peek(4)[:4]
    if head.startswith(codecs.BOM_UTF8):
        file.read(3)
        return file
    zeros = "".join("x" if byte else "0" for byte in head)
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), _UNMARKED.get(zeros))
    return io.BufferedReader(_Recoded(file, encoding)) if encoding else file


class _Recoded(io.RawIOBase):
    """A file in another encoding, read as UTF-8; what cannot be decoded becomes U+FFFD."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = self._text.read(HEAD_SIZE).encode("utf-8", "replace")
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


class Archive(Protocol):
    """An open archive: its files by name, in its order, with their sizes in bytes.

    ``fault`` says why it may have held more, "" if it is whole; ``allowance`` is what its members may yet
    unpack to.
    """

    allowance: Allowance
    fault: str

    @property
    def sizes(self) -> Mapping[str, int]: ...

    @property
    def kept(self) -> _Kept: ...

    def open(self, name: str, damage: list[Exception]) -> io.BufferedReader:
        """A file, which ends where its damage begins; raises what the archive's library does at once."""


class _Kept:
    """Files of an archive that are read again and again, as far as they are small."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def whole(self, archive: Archive, name: str) -> bytes:
        """As much of a file as is in memory at once."""
        if name not in self._kept:
            if sum(map(len, self._kept.values())) > LARGEST_BESIDE:
                self._kept.clear()
            with archive.open(name, []) as file:
                self._kept[name] = file.read(LARGEST_BESIDE)
        return self._kept[name]


class _Zip:
    fault = ""

    def __init__(self, file: BinaryIO, allowance: Allowance) -> None:
        _check_directory(file)
        self.allowance = allowance
        self.kept = _Kept()
        self._zip = zipfile.ZipFile(file)
        self._infos = _named(
            (one.filename, one) for one in self._zip.infolist() if not one.filename.endswith("/")
        )
        self.sizes = {name: info.file_size for name, info in self._infos.items()}

    def open(self, name: str, damage: list[Exception]) -> io.BufferedReader:
        info = self._infos[name]
        return io.BufferedReader(_Unpacked(self._member(info), damage, self.allowance), HEAD_SIZE)

    def _member(self, info: zipfile.ZipInfo) -> _Unpacker:
        if info.compress_type == zipfile.ZIP_BZIP2 and not info.flag_bits & 1:
            return bz2.BZ2File(self._zip.open(_as_stored(info)))
        file: Any = self._zip.open(info)
        return _InSips(file) if info.compress_type == zipfile.ZIP_LZMA else file


def _as_stored(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A member as it lies in its archive: ``zipfile`` unpacks bzip2 a whole read at a time, whatever the size
    of what comes out, and 4 KB may be 5 GB."""
    info = copy(info)
    info.compress_type, info.file_size = zipfile.ZIP_STORED, info.compress_size
    del info.CRC  # which is of what comes out; bzip2 has its own
    return info


class _InSips:
    """Reads little at a time, of what unpacks all that it reads: 4 KB of LZMA may be 30 MB."""

    def __init__(self, file: _Unpacker) -> None:
        self._file = file

    def read1(self, size: int = -1, /) -> bytes:
        return self._file.read1(min(size, 4096))


def _check_directory(file: BinaryIO) -> None:
    """Raises BombError for a zip archive whose list of members is too much to hold."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _PIECE - 200))  # a comment of 64 KB may stand behind the end
    tail = file.read()
    file.seek(0)
    for magic, layout in _ZIP_ENDS:
        at = tail.rfind(magic)
        if at >= 0 and len(tail) - at - 4 >= struct.calcsize(layout):
            (claimed,) = struct.unpack_from(layout, tail, at + 4)
            if claimed != _ELSEWHERE and min(claimed, size) > _LONGEST_DIRECTORY:
                raise BombError("too many files in one archive: unpack it into content/")


_HOLES = "a file with holes, which is not read"


class _TarInfo(tarfile.TarInfo):
    """A member's header, of which no part is so long that it would fill the memory."""

    def _proc_member(self, tar: tarfile.TarFile) -> tarfile.TarInfo:
        if self.size < 0 or (self.type in _LONG_HEADERS and self.size > _LONGEST_HEADER):
            raise tarfile.ReadError("a header that nobody writes")
        if self.type == tarfile.GNUTYPE_SPARSE:
            raise tarfile.ReadError(_HOLES)
        return super()._proc_member(tar)  # type: ignore[misc, no-any-return]

    def _proc_gnusparse_10(self, *_: object) -> None:
        raise tarfile.ReadError(_HOLES)


class _Tar:
    def __init__(self, file: BinaryIO, allowance: Allowance) -> None:
        self.allowance = allowance
        self.kept = _Kept()
        self._file = file
        self.fault = ""
        self._infos = _named(self._members())
        self.sizes = {name: size for name, (_, size) in self._infos.items()}

    def _members(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Names, and where in the file what they name stands; damage ends them early."""
        try:
            tar = tarfile.open(fileobj=self._file, mode="r:", errors="replace", tarinfo=_TarInfo)  # noqa: SIM115
            while member := tar.next():
                tar.members.clear()  # type: ignore[attr-defined]  # or all headers would stay in memory
                if member.isreg() and not member.issparse():
                    yield member.name, (member.offset_data, member.size)
        except ARCHIVE_ERRORS as error:
            self.fault = str(error)

    def open(self, name: str, damage: list[Exception]) -> io.BufferedReader:
        member = _Stretch(self._file, *self._infos[name])
        return io.BufferedReader(_Unpacked(member, damage, self.allowance), HEAD_SIZE)


class _Stretch:
    """A part of a file that is read by nobody else meanwhile."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file = file
        self._at = start
        self._end = start + size

    def read1(self, size: int = -1, /) -> bytes:
        wanted = min(size, self._end - self._at)
        self._file.seek(self._at)
        piece = self._file.read(wanted) if wanted else b""
        if wanted and not piece:
            raise EOFError("the archive ends in the middle of this file")
        self._at += len(piece)
        return piece


def _named(members: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    """Members by name; one that comes again gets another name, so that nothing is lost."""
    found: dict[str, Any] = {}
    times: Counter[str] = Counter()
    for name, member in members:
        name = name.removeprefix("./").encode("utf-8", "replace").decode()[:_LONGEST_NAME]
        name = name if name.strip("/") else "unnamed"
        unused = name
        while unused in found:
            times[name] += 1
            unused = f"{name}#{times[name] + 1}"
        found[unused] = member
        if len(found) > _MOST_MEMBERS:
            raise BombError(f"over {_MOST_MEMBERS:,} files in one archive: unpack it into content/")
    return found


@contextmanager
def archive(
    file: io.BufferedReader, damage: list[Exception], allowance: Allowance
) -> Iterator[Archive | None]:
    """The archive that a file is, compressed or not; None if it is none.

    Raises one of ARCHIVE_ERRORS. What compressed tar archives hold is written to a temporary file.
    """
    if file.peek(4)[:4] in _ZIP:
        yield _Zip(file, allowance)
        return
    plain = unpacked(file, damage, allowance)
    head = plain.read(_TAR_HEAD)
    if head[257:262] != b"ustar":
        yield None
    elif plain is file:
        file.seek(0)
        yield _Tar(file, allowance)
    else:
        with spooled(plain, head) as copy:
            tar = _Tar(copy, allowance)
            tar.fault = str(damage[0]) if damage else tar.fault
            yield tar


@contextmanager
def spooled(file: BinaryIO, head: bytes = b"") -> Iterator[BinaryIO]:
    """``head`` and the rest of a file as a real file on the disk, whose ``name`` is its path.

    Raises BuildError where there is no room for it: that is no fault of the dump, and a site without it
    must not take the place of the one that is there.
    """
    try:
        place = tempfile.TemporaryDirectory(prefix="hnsite-")
    except OSError as error:
        raise _no_room(error) from None
    with place as folder:
        path = Path(folder) / "dump"
        try:
            with path.open("wb") as copy:
                copy.write(head)
                shutil.copyfileobj(file, copy, 1 << 20)
        except OSError as error:
            if error.errno not in (ENOSPC, EDQUOT, EFBIG):
                raise
            raise _no_room(error) from None
        with path.open("rb") as whole:
            yield whole


def _no_room(error: OSError) -> BuildError:
    reason = error.strerror or str(error)
    return BuildError(
        f"no room to unpack a dump ({reason}); TMPDIR can name another folder", tempfile.tempdir or ""
    )
