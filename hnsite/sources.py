"""The files in content/ -> open dumps and the reader for each. Touches the disk; parses nothing itself.

A dump is told by its content, never by its name. What it is packed in (see ``unpack``) is opened on the
way; the members of an archive are dumps of their own.
"""

from __future__ import annotations

import errno
import io
import os
import posixpath
import re
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from msgspec.structs import replace
from xxhash import xxh3_128

from hnsite import readers
from hnsite.added import added
from hnsite.captures import captured_at
from hnsite.errors import UnreadableError, UsageError, one_line
from hnsite.limits import bounded
from hnsite.model import Origin, Piece, Problem, Record
from hnsite.readers.input import HEAD_SIZE, LONGEST_LINE, Head, abridged
from hnsite.unpack import (
    ARCHIVE_ERRORS,
    LARGEST_BESIDE,
    UNPACKED,
    Allowance,
    Archive,
    BombError,
    archive,
    spooled,
    unpacked,
    utf8,
)

_PIECE = 1 << 20
_MOST_PROBLEMS = 1000
_HOPELESS = 200_000
"""So many more problems than records has nothing that anybody would call a dump."""
_NO_PAGE = "a page of the site would begin with front matter between lines of ---"
_HIDDEN_MAIL = (
    "a hidden folder of a maildir, which is not read; name it without the dot to have it on the site"
)
_IN_MAILDIR = frozenset(["tmp", "maildirfolder", "maildirsize", "subscriptions"])
_LINK = "a link or special file, which hnsite does not follow"
_FLAGS = os.O_RDONLY
for _flag in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK"):  # Windows has not all
    _FLAGS |= getattr(os, _flag, 0)
_SAVED = re.compile(
    "(?i)(.+)[_-](?:files|archivos|arquivos|bestanden|dateien|fichiers|filer|pliki|soubory|tiedostot)"
)
"""What browsers of several languages call the folder beside a saved page."""
_TOPIC = re.compile(r"\.[0-9A-F]{2}.*\.json")
"""What zulip-archive calls a topic that begins with another letter than those of ASCII: no hidden file."""
ARCHIVE = "archive 1"
"""In place of a reader: an archive whose members were all read. The number goes up when others would be."""


class Bounds(NamedTuple):
    """What reading a dump keeps to: ``folder``, out of which nothing beside it is read ("": anything is),
    and how many bytes it may unpack to, however small it is."""

    folder: str = ""
    unpacked: int = UNPACKED


class Dump(NamedTuple):
    """A file in content/ or in an archive there; ``name`` is how messages call it: its path below the
    site's folder. ``path`` is where it is on the disk or in its archive, ``size`` is in bytes, for shares
    of work.
    """

    path: str | Path
    name: str
    size: int = 0
    archive: Archive | None = None
    bounds: Bounds = Bounds()

    def open(self, damage: list[Exception]) -> io.BufferedReader:
        """Raises what archives raise for damage, or OSError."""
        return self.archive.open(str(self.path), damage) if self.archive else open_regular(self.path)

    def allowance(self, file: io.BufferedReader) -> Allowance:
        """How much the dump may unpack to; the members of an archive share theirs."""
        if self.archive:
            return self.archive.allowance
        return Allowance(os.fstat(file.fileno()).st_size, self.bounds.unpacked)


def open_regular(path: str | Path) -> io.BufferedReader:
    """A file on the disk, if it is one at this moment: never what a link leads to, never a pipe, which would
    wait for ever, or a device, which has no end. Raises OSError."""
    return open(path, "rb", opener=_opener)


def _opener(path: str, _flags: int) -> int:
    try:
        file = os.open(path, _FLAGS)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.ENODEV):
            raise OSError(error.errno, _LINK, path) from None
        raise
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise OSError(errno.EINVAL, _LINK, path)


def find_dumps(content: Path, root: Path, unpacked: int = UNPACKED) -> tuple[list[Dump], list[Problem]]:
    """Every file below ``content`` in a fixed order, and what was passed over.

    Hidden files and folders are not content. Links and special files are never opened: a link may
    lead anywhere, and a pipe would wait for ever. A folder that cannot be listed stands there as a dump that
    cannot be read. ``unpacked`` is how many bytes each may unpack to.
    Raises UsageError if there is no such folder.
    """
    check_folder(content)
    shown = content.relative_to(root) if content.is_relative_to(root) else content
    dumps: list[Dump] = []
    problems: list[Problem] = []
    bounds = Bounds(str(content), unpacked)
    folders = [(str(content), "" if shown == Path() else f"{shown.as_posix()}/")]
    while folders:
        folder, name = folders.pop()
        try:
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda one: one.name)
        except OSError:
            dumps.append(Dump(folder, printable(name.rstrip("/"))))
            continue
        beside = {entry.name for entry in entries}
        inner: list[tuple[str, str]] = []
        for entry in entries:
            place = name + entry.name
            if _is_passed_over(entry.name, beside):
                if _is_maildir(beside) and _is_folder_of_maildir(entry):
                    problems.append(Problem(Origin(printable(place), 1), _HIDDEN_MAIL))
                continue
            if entry.is_dir(follow_symlinks=False):
                inner.append((entry.path, f"{place}/"))
            elif entry.is_file(follow_symlinks=False):
                dumps.append(Dump(entry.path, printable(place), _size(entry), None, bounds))
            else:
                problems.append(Problem(Origin(printable(place), 1), _LINK))
        folders += reversed(inner)
    return dumps, problems


def check_folder(content: Path) -> None:
    """Raises UsageError if there is no such folder."""
    if not content.is_dir():
        raise UsageError("no such folder; put your dumps there, or name another with --content", str(content))


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:  # gone meanwhile, which is told when it is read
        return 0


def _is_passed_over(name: str, beside: Collection[str]) -> bool:
    """Whether a file or folder holds no dumps: it is hidden, what was saved along with a page (by a
    browser) or a channel (of Discord), what a Mac adds to archives, or a mail program's own notes."""
    if name in (".", ".."):  # in archives, of which nothing is ever written where its names lead
        return False
    if name.startswith(".") or name == "__MACOSX":
        return not _TOPIC.fullmatch(name)
    if saved := _SAVED.fullmatch(name):
        return any(saved[1] + ending in beside for ending in (".html", ".htm", ""))
    return _is_index_of_mail(name, beside)


def _is_index_of_mail(name: str, beside: Collection[str]) -> bool:
    """What stands beside mail and is none: in a maildir mail on its way, and what Dovecot and Courier note
    there; what Thunderbird notes of the mailbox of the same name, and Apple Mail of ``mbox``."""
    if _is_maildir(beside):
        return name in _IN_MAILDIR or name.startswith(("dovecot", "courier"))
    if name.endswith(".msf"):
        return name[: -len(".msf")] in beside
    return name == "table_of_contents" and "mbox" in beside


def _is_maildir(names: Collection[str]) -> bool:
    return "cur" in names and "new" in names


def _is_folder_of_maildir(entry: os.DirEntry[str]) -> bool:
    """Whether this is a hidden folder with mail of its own, as Maildir++ has them."""
    if not entry.name.startswith(".") or not entry.is_dir(follow_symlinks=False):
        return False
    try:
        with os.scandir(entry.path) as listed:
            return _is_maildir({one.name for one in listed})
    except OSError:
        return False


def printable(name: str) -> str:
    """A file's name on one line, different for different names: they tell dumps apart."""
    return one_line(name.replace("\\", "\\\\"))


class Parts:
    """A dump as it is, or the members of the archive that it is, in its order.

    ``problems`` are the archive's own, and go with those of its members.
    """

    def __init__(self, dump: Dump, found: Archive | None) -> None:
        self._dump = dump
        self._archive = found
        self._members = _members(dump, found) if found else [dump]
        self.problems: list[Problem] = []
        if found and found.fault:
            reason = f"the archive is damaged ({found.fault}); what stands before that is kept"
            self.problems.append(Problem(Origin(dump.name, 1), reason))

    @property
    def is_archive(self) -> bool:
        return self._archive is not None

    def __iter__(self) -> Iterator[Dump]:
        """Raises UnreadableError where the members so far are all that an archive may unpack to."""
        for member in self._members:
            if self._archive and self._archive.allowance.is_spent:
                reason = f"{self._archive.allowance.reason}; what stands before {member.path} is kept"
                raise UnreadableError(reason, f"{self._dump.name}:1")
            yield member


@contextmanager
def parts(dump: Dump) -> Iterator[Parts]:
    """What a dump is made of. Raises UnreadableError for what cannot be opened."""
    damage: list[Exception] = []
    try:
        file = dump.open(damage)
    except OSError as error:
        raise _unreadable(dump, error) from None
    with file, ExitStack() as stack:
        try:
            found = stack.enter_context(archive(file, damage, dump.allowance(file)))
        except ARCHIVE_ERRORS as error:
            raise _unreadable(dump, damage[0] if damage else error) from None
        yield Parts(dump, found)


def _members(dump: Dump, archive: Archive) -> list[Dump]:
    names = [name for name in archive.sizes if name.strip("/")]
    if not names:
        reason = f"a damaged archive: {archive.fault}" if archive.fault else "an archive without files"
        raise UnreadableError(reason, f"{dump.name}:1")
    folders: dict[str, set[str]] = {}
    for name in names:
        above = ""
        for step in name.split("/"):
            folders.setdefault(above, set()).add(step)
            above = f"{above}/{step}"
    found = []
    for name in names:
        above, is_out = "", False
        for step in name.split("/"):
            is_out = is_out or _is_passed_over(step, folders[above])
            above = f"{above}/{step}"
        if not is_out:
            found.append(Dump(name, f"{dump.name}/{printable(name)}", archive.sizes[name], archive))
    return found


def _unreadable(dump: Dump, error: Exception) -> UnreadableError:
    """Why nothing of a dump can be read."""
    if isinstance(error, OSError) and error.errno:
        reason = error.strerror or str(error)
    elif isinstance(error, BombError):
        reason = str(error)
    else:
        reason = f"cannot be read, the file is damaged: {error}"
    return UnreadableError(reason, f"{dump.name}:1")


def digest(dump: Dump, beside: Sequence[str] = ()) -> bytes:
    """16 bytes that stand for the file's content, and that of what is read ``beside`` it.

    Every dump is looked through at every build: xxh3 takes a thirtieth of a cryptographic digest's time.
    Raises UnreadableError.
    """
    digest = xxh3_128()
    try:
        file = _opener(str(dump.path), 0)
        try:
            while piece := os.read(file, _PIECE):
                digest.update(piece)
        finally:
            os.close(file)
    except OSError as error:
        raise _unreadable(dump, error) from None
    for name, raw in _beside(dump, beside).items():
        digest.update(f"\0{name}\0{len(raw)}\0".encode())
        digest.update(raw)
    return digest.digest()


def pick(dump: Dump) -> readers.Reader:
    """The reader for a dump. Raises UnreadableError when there is none."""
    damage: list[Exception] = []
    try:
        with _opened(dump, damage) as file:
            return reader_for(file)
    except UnreadableError as error:
        if damage:
            raise _unreadable(dump, damage[0]) from None
        more = [_NO_PAGE] if dump.name.lower().endswith(".md") else []
        reason = "; ".join((error.reason, *added().faults, *more))
        raise UnreadableError(reason, f"{dump.name}:1") from None
    except ARCHIVE_ERRORS as error:
        raise _unreadable(dump, error) from None


def reader_for(file: BinaryIO) -> readers.Reader:
    """The reader for what a file begins with, which may be a very long text. Raises UnreadableError."""
    head = Head(file.read(HEAD_SIZE))
    try:
        return readers.pick(head)
    except UnreadableError:  # looking for others takes longer than most builds
        if head.is_json and len(head.raw) == HEAD_SIZE:
            head = Head(abridged(head.raw + file.read(LONGEST_LINE))[:HEAD_SIZE])
        return readers.pick(head, (*readers.READERS, *added().readers))


def version(reader: readers.Reader) -> str:
    """What changes when a reader reads the same dump differently."""
    return f"{reader.NAME} {reader.VERSION}"


def reader_of(version: str) -> readers.Reader | None:
    """The reader that is called so and has this version, if there still is one."""
    for reader in chain(readers.READERS, _others()):
        if version == f"{reader.NAME} {reader.VERSION}":
            return reader
    return None


def _others() -> Iterator[readers.Reader]:
    """Readers of other packages, looked for only when somebody asks for the first."""
    yield from added().readers


def beside(reader: readers.Reader) -> Sequence[str]:
    """Which files a reader wants to have beside a dump: paths relative to the dump's folder."""
    return getattr(reader, "BESIDE", ())


def read(dump: Dump, reader: readers.Reader) -> Iterator[Piece]:
    """What the dump says; damage in the middle keeps what came before and is a Problem. When it was taken may
    be said by the dump's name.

    Raises UnreadableError for what the same dump may not meet again, a full disk or the limit for unpacking:
    what it said is not to be kept then.
    """
    line = 1
    damage: list[Exception] = []
    read: Callable[..., Iterator[Piece]] = reader.read
    names = beside(reader)
    try:
        with _opened(dump, damage, whole=getattr(reader, "WHOLE", False)) as file:
            more = (_beside(dump, names),) if names else ()
            for piece in _dated(_bounded(read(file, dump.name, *more)), captured_at(dump.name)):
                line = piece.origin.position
                yield from bounded(piece)
    except ARCHIVE_ERRORS as error:
        damage.append(error)
    if damage:
        yield _ends_here(dump, line, damage[0])


def _dated(pieces: Iterator[Piece], captured: int | None) -> Iterator[Piece]:
    """What a dump says, with when it was taken where the dump does not say that."""
    if captured is None:
        return pieces
    return (
        replace(piece, captured=captured) if isinstance(piece, Record) and piece.captured is None else piece
        for piece in pieces
    )


def _bounded(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """What a dump says, with an end to what is wrong with it: a gigabyte of anything may be wrong in each
    line. Where nearly all is wrong nothing more is read."""
    count = skipped = records = 0
    first = None
    for piece in pieces:
        if not isinstance(piece, Problem):
            records += 1
            yield piece
            continue
        count += 1
        if count <= _MOST_PROBLEMS:
            yield piece
        else:
            first = first or piece.origin
            skipped += piece.skipped
        if count > _HOPELESS + records:
            break
    if first:
        end = (
            "nearly all is wrong, and the rest is not read"
            if count > _HOPELESS + records
            else "not told here"
        )
        reason = f"and {count - _MOST_PROBLEMS:,} more problems from here on, {end}"
        yield Problem(first, reason, skipped=skipped)


def _ends_here(dump: Dump, line: int, error: Exception) -> Problem:
    """Why reading ended before the dump did; raises UnreadableError if it may not the next time."""
    if isinstance(error, BombError) or (isinstance(error, OSError) and error.errno):
        raise _unreadable(dump, error)
    reason = f"the file is damaged behind this place ({error}); what stands before it is kept"
    return Problem(Origin(dump.name, line), reason)


@contextmanager
def _opened(dump: Dump, damage: list[Exception], *, whole: bool = False) -> Iterator[BinaryIO]:
    """The dump's text as UTF-8; damage ends it early and is noted, so that readers meet no errors.

    ``whole`` opens it as a real file on the disk, of bytes that are no text.
    """
    with dump.open(damage) as raw:
        plain = unpacked(raw, damage, dump.allowance(raw))
        if not whole:
            yield utf8(plain)
        elif plain is raw and not dump.archive:
            yield raw
        else:
            with spooled(plain) as real:
                yield real


def _beside(dump: Dump, names: Sequence[str]) -> Mapping[str, bytes]:
    """The files of these names, relative to the dump's folder, that are there."""
    found: dict[str, bytes] = {}
    for name in names:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(str(dump.path)), name))
        if dump.archive is None:
            if _is_below(path, dump.bounds.folder) and (raw := _regular(path)) is not None:
                found[name] = raw
        elif path in dump.archive.sizes:
            found[name] = dump.archive.kept.whole(dump.archive, path)
    return found


def _is_below(path: str, folder: str) -> bool:
    """Whether a path, with ``..`` at its beginning at most, is in a folder."""
    above = posixpath.normpath(folder) if folder else ""
    if above in ("", "."):
        return not above or not path.startswith("../")
    return path.startswith(f"{above.rstrip('/')}/")


def _regular(path: str) -> bytes | None:
    """The beginning of a file, as much as is read beside a dump; None if it is none."""
    try:
        with open_regular(path) as file:
            return file.read(LARGEST_BESIDE)
    except OSError:
        return None
