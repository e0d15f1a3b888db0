"""What dumps are packed in: compressed files, archives, other encodings than UTF-8.

Everything streams, but for what needs a place on the disk: a compressed tar archive is written to a
temporary file first, because its members are read out of order. Damage ends a file where it begins.
"""

from __future__ import annotations

import codecs
import io
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from hnsite.readers.input import HEAD_SIZE

_LAYERS = 3
"""How often a file may be compressed; more is no accident."""
_TAR_HEAD = 512
_LONGEST_WINDOW = 31  # of zstd, as a power of two: what dumps of all of Reddit are made with
ARCHIVE_ERRORS = (
    zipfile.BadZipFile, tarfile.TarError, OSError, EOFError, RuntimeError, ValueError, zlib.error, LZMAError,
)  # fmt: skip
"""What archives and compressed files raise for damage, passwords and ways of packing that nobody knows."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


class _Unpacker(Protocol):
    """What the standard library's files of every compression have."""

    def read1(self, size: int = -1, /) -> bytes: ...


def _gzip(file: BinaryIO) -> _Unpacker:
    import gzip

    return gzip.GzipFile(fileobj=file)


def _bzip2(file: BinaryIO) -> _Unpacker:
    import bz2

    return bz2.BZ2File(file)


def _xz(file: BinaryIO) -> _Unpacker:
    import lzma

    return lzma.LZMAFile(file)


def _zstd(file: BinaryIO) -> _Unpacker:
    zstd = _zstd_library()
    unpacker: _Unpacker = zstd.ZstdFile(
        file, options={zstd.DecompressionParameter.window_log_max: _LONGEST_WINDOW}
    )
    return unpacker


def _zstd_library() -> Any:
    """The standard library's, or its backport for Python before 3.14."""
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        from backports import zstd
    return zstd


_COMPRESSIONS: Mapping[bytes, Callable[[BinaryIO], _Unpacker]] = {
    b"\x1f\x8b\x08": _gzip,
    b"BZh": _bzip2,
    b"\xfd7zXZ\x00": _xz,
    b"\x28\xb5\x2f\xfd": _zstd,
}
"""How compressed files begin."""


class _Unpacked(io.RawIOBase):
    """A compressed file that ends where its damage begins."""

    def __init__(self, file: _Unpacker, damage: list[Exception]) -> None:
        self._file = file
        self._damage = damage

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            piece = b"" if self._damage else self._file.read1(len(buffer))
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


def unpacked(file: io.BufferedReader, damage: list[Exception]) -> io.BufferedReader:
    """The file without its compression; damage ends it early and is noted."""
    for _ in range(_LAYERS):
        head = file.peek(8)[:8]
        kind = next((kind for magic, kind in _COMPRESSIONS.items() if head.startswith(magic)), None)
        if kind is None:
            break
        file = io.BufferedReader(_Unpacked(kind(file), damage), HEAD_SIZE)
    return file


def utf8(file: io.BufferedReader) -> io.BufferedReader:
    """The same text as UTF-8 without a byte order mark."""
    head = file.peek(4)[:4]
    if head.startswith(codecs.BOM_UTF8):
        file.read(3)
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return io.BufferedReader(_Recoded(file, "utf-16"))
    elif len(head) == 4 and head[1] == head[3] == 0 and head[0] and head[2]:
        return io.BufferedReader(_Recoded(file, "utf-16-le"))
    elif len(head) == 4 and head[0] == head[2] == 0 and head[1] and head[3]:
        return io.BufferedReader(_Recoded(file, "utf-16-be"))
    return file


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
    """An open archive: its files by name, in its order, with their sizes in bytes."""

    @property
    def sizes(self) -> Mapping[str, int]: ...

    def open(self, name: str) -> io.BufferedReader:
        """Raises what the archive's library raises for damage."""


class _Zip:
    def __init__(self, file: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(file)
        self._infos = _named((one.filename, one) for one in self._zip.infolist() if not one.is_dir())
        self.sizes = {name: info.file_size for name, info in self._infos.items()}

    def open(self, name: str) -> io.BufferedReader:
        return io.BufferedReader(self._zip.open(self._infos[name]), HEAD_SIZE)  # type: ignore[arg-type]


class _Tar:
    def __init__(self, file: BinaryIO) -> None:
        self._tar = tarfile.open(fileobj=file, mode="r:", errors="replace")  # noqa: SIM115
        self._infos = _named((one.name, one) for one in self._tar if one.isreg())
        self.sizes = {name: info.size for name, info in self._infos.items()}

    def open(self, name: str) -> io.BufferedReader:
        file = self._tar.extractfile(self._infos[name])
        assert isinstance(file, io.BufferedReader)  # every regular file has one
        return file


def _named(members: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    """Members by name; one that comes again gets another name, so that nothing is lost."""
    found: dict[str, Any] = {}
    for name, member in members:
        name = name.removeprefix("./").encode("utf-8", "replace").decode()
        count = 1
        unused = name
        while unused in found:
            count += 1
            unused = f"{name}#{count}"
        found[unused] = member
    return found


@contextmanager
def archive(file: io.BufferedReader, damage: list[Exception]) -> Iterator[Archive | None]:
    """The archive that a file is, compressed or not; None if it is none.

    Raises one of ARCHIVE_ERRORS. What compressed tar archives hold is written to a temporary file.
    """
    if file.peek(4)[:4] in _ZIP:
        yield _Zip(file)
        return
    plain = unpacked(file, damage)
    head = plain.read(_TAR_HEAD)
    if head[257:262] != b"ustar":
        yield None
    elif plain is file:
        file.seek(0)
        yield _Tar(file)
    else:
        with spooled(plain, head) as copy:
            yield _Tar(copy)


@contextmanager
def spooled(file: BinaryIO, head: bytes = b"") -> Iterator[BinaryIO]:
    """``head`` and the rest of a file as a real file on the disk, whose ``name`` is its path."""
    with tempfile.TemporaryDirectory(prefix="hnsite-") as folder:
        path = Path(folder) / "dump"
        with path.open("wb") as copy:
            copy.write(head)
            shutil.copyfileobj(file, copy)
        with path.open("rb") as whole:
            yield whole
