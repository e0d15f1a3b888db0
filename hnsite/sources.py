"""The files in content/ -> open dumps and the reader for each. Touches the disk; parses nothing itself.

A dump is told by its content, never by its name. What it is packed in (see ``unpack``) is opened on the
way; the members of an archive are dumps of their own.
"""

from __future__ import annotations

import io
import os
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from xxhash import xxh3_128

from hnsite import readers
from hnsite.added import added
from hnsite.errors import UnreadableError, UsageError, one_line
from hnsite.model import Origin, Problem, Record
from hnsite.readers.input import HEAD_SIZE, Head
from hnsite.unpack import ARCHIVE_ERRORS, Archive, archive, spooled, unpacked, utf8

_PIECE = 1 << 20
_NO_PAGE = "a page of the site would begin with front matter between lines of ---"
_HIDDEN_MAIL = (
    "a hidden folder of a maildir, which is not read; name it without the dot to have it on the site"
)
_IN_MAILDIR = frozenset(["tmp", "maildirfolder", "maildirsize", "subscriptions"])
_BINARY = getattr(os, "O_BINARY", 0)
_SAVED = re.compile(
    "(?i)(.+)[_-](?:files|archivos|arquivos|bestanden|dateien|fichiers|filer|pliki|soubory|tiedostot)"
)
"""What browsers of several languages call the folder beside a saved page."""
_TOPIC = re.compile(r"\.[0-9A-F]{2}.*\.json")
"""What zulip-archive calls a topic that begins with another letter than those of ASCII: no hidden file."""
ARCHIVE = "archive 1"
"""In place of a reader: an archive whose members were all read. The number goes up when others would be."""


class Dump(NamedTuple):
    """A file in content/ or in an archive there; ``name`` is how messages call it: its path below the
    site's folder. ``path`` is where it is on the disk or in its archive, ``size`` is in bytes, for shares
    of work.
    """

    path: str | Path
    name: str
    size: int = 0
    archive: Archive | None = None

    def open(self) -> io.BufferedReader:
        """Raises what archives raise for damage, or OSError."""
        return self.archive.open(str(self.path)) if self.archive else open(self.path, "rb")  # noqa: PTH123


def find_dumps(content: Path, root: Path) -> tuple[list[Dump], list[Problem]]:
    """Every file below ``content`` in a fixed order, and what was passed over.

    Hidden files and folders are not content. Links and special files are never opened: a link may
    lead anywhere, and a pipe would wait for ever.
    Raises UsageError if there is no such folder.
    """
    if not content.is_dir():
        raise UsageError("no such folder; put your dumps there, or name another with --content", str(content))
    shown = content.relative_to(root) if content.is_relative_to(root) else content
    dumps: list[Dump] = []
    problems: list[Problem] = []
    folders = [(str(content), "" if shown == Path() else f"{shown.as_posix()}/")]
    while folders:
        folder, name = folders.pop()
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda one: one.name)
        beside = {entry.name for entry in entries}
        inner: list[tuple[str, str]] = []
        for entry in entries:
            place = name + entry.name
            if _is_passed_over(entry.name, beside):
                if _is_maildir(beside) and _is_folder_of_maildir(entry):
                    problems.append(Problem(Origin(_printable(place), 1), _HIDDEN_MAIL))
                continue
            if entry.is_dir(follow_symlinks=False):
                inner.append((entry.path, f"{place}/"))
            elif entry.is_file(follow_symlinks=False):
                size = entry.stat(follow_symlinks=False).st_size
                dumps.append(Dump(entry.path, _printable(place), size))
            else:
                reason = "a link or special file, which hnsite does not follow"
                problems.append(Problem(Origin(_printable(place), 1), reason))
        folders += reversed(inner)
    return dumps, problems


def _is_passed_over(name: str, beside: Collection[str]) -> bool:
    """Whether a file or folder holds no dumps: it is hidden, what was saved along with a page (by a
    browser) or a channel (of Discord), what a Mac adds to archives, or a mail program's own notes."""
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
    with os.scandir(entry.path) as listed:
        return _is_maildir({one.name for one in listed})


def _printable(name: str) -> str:
    """A file's name on one line, different for different names: they tell dumps apart."""
    return one_line(name.replace("\\", "\\\\"))


@contextmanager
def parts(dump: Dump) -> Iterator[list[Dump]]:
    """A dump as it is, or the members of the archive that it is, in its order.

    Raises UnreadableError for an archive that cannot be opened.
    """
    damage: list[Exception] = []
    try:
        file = dump.open()
    except OSError as error:
        raise UnreadableError(error.strerror or str(error), f"{dump.name}:1") from None
    with file, ExitStack() as stack:
        try:
            found = stack.enter_context(archive(file, damage))
        except ARCHIVE_ERRORS as error:
            raise _damaged(dump, damage[0] if damage else error) from None
        yield _members(dump, found) if found else [dump]


def _members(dump: Dump, archive: Archive) -> list[Dump]:
    names = [name for name in archive.sizes if name.strip("/")]
    if not names:
        raise UnreadableError("an archive without files", f"{dump.name}:1")
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
            found.append(Dump(name, f"{dump.name}/{_printable(name)}", archive.sizes[name], archive))
    return found


def _damaged(dump: Dump, error: Exception) -> UnreadableError:
    return UnreadableError(f"cannot be read, the file is damaged: {error}", f"{dump.name}:1")


def digest(dump: Dump, beside: Sequence[str] = ()) -> bytes:
    """16 bytes that stand for the file's content, and that of what is read ``beside`` it.

    Every dump is looked through at every build: xxh3 takes a thirtieth of a cryptographic digest's time.
    Raises UnreadableError.
    """
    digest = xxh3_128()
    try:
        file = os.open(dump.path, os.O_RDONLY | _BINARY)
        try:
            while piece := os.read(file, _PIECE):
                digest.update(piece)
        finally:
            os.close(file)
    except OSError as error:
        raise UnreadableError(error.strerror or str(error), f"{dump.name}:1") from None
    for name, raw in _beside(dump, beside).items():
        digest.update(f"\0{name}\0{len(raw)}\0".encode())
        digest.update(raw)
    return digest.digest()


def pick(dump: Dump) -> readers.Reader:
    """The reader for a dump. Raises UnreadableError when there is none."""
    damage: list[Exception] = []
    try:
        with _opened(dump, damage) as file:
            head = Head(file.read(HEAD_SIZE))
            try:
                return readers.pick(head)
            except UnreadableError:  # looking for others takes longer than most builds
                return readers.pick(head, (*readers.READERS, *added().readers))
    except UnreadableError as error:
        if damage:
            raise _damaged(dump, damage[0]) from None
        more = [_NO_PAGE] if dump.name.lower().endswith(".md") else []
        reason = "; ".join((error.reason, *added().faults, *more))
        raise UnreadableError(reason, f"{dump.name}:1") from None
    except ARCHIVE_ERRORS as error:
        raise UnreadableError(f"cannot be read: {error}", f"{dump.name}:1") from None


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


def read(dump: Dump, reader: readers.Reader) -> Iterator[Record | Problem]:
    """What the dump says; damage in the middle keeps what came before and is a Problem."""
    line = 1
    damage: list[Exception] = []
    read: Callable[..., Iterator[Record | Problem]] = reader.read
    names = beside(reader)
    try:
        with _opened(dump, damage, whole=getattr(reader, "WHOLE", False)) as file:
            more = (_beside(dump, names),) if names else ()
            for piece in read(file, dump.name, *more):
                line = piece.origin.position
                yield piece
    except ARCHIVE_ERRORS as error:
        damage.append(error)
    if damage:
        reason = f"the file is damaged behind this place ({damage[0]}); what stands before it is kept"
        yield Problem(Origin(dump.name, line), reason)


@contextmanager
def _opened(dump: Dump, damage: list[Exception], *, whole: bool = False) -> Iterator[BinaryIO]:
    """The dump's text as UTF-8; damage ends it early and is noted, so that readers meet no errors.

    ``whole`` opens it as a real file on the disk, of bytes that are no text.
    """
    with dump.open() as raw:
        plain = unpacked(raw, damage)
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
            if Path(path).is_file() and not Path(path).is_symlink():
                found[name] = Path(path).read_bytes()
        elif path in dump.archive.sizes:
            with dump.archive.open(path) as file:
                found[name] = file.read()
    return found
