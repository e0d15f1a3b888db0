"""How hnsite knows its own files again: every page and script that it writes says near its beginning who
made it.

The manifest says which files are hnsite's. The mark is for when that was lost, which it always may be, so
that a build can tell the pages of an earlier one from a file that somebody put there.
"""

from __future__ import annotations

import errno
import os
import re
from enum import Enum
from stat import S_ISDIR, S_ISREG

from hnsite.compress import original

GENERATOR = b'<meta name="generator" content="hnsite">'
_OTHERS = (b"<generator>hnsite</generator>", b"<!-- generator: hnsite -->", b'"_hnsite": {')
"""What feeds and sitemaps have instead."""
COMMENT = "# generator: hnsite\n"
"""Begins files for programs that take such a line for a remark."""
_BEGINNINGS = (b'hnsiteSearch("', b"hnsiteMap({", COMMENT.encode())
STATIC = re.compile(r"static/[0-9a-f]{8}/")
"""The folder of what a theme brings, which is called by the digest of it."""
_ANSWER = re.compile(r"v0/(?:(?:item|user)/[^/]+|[a-z]+)\.json")
_ANSWERS = re.compile(rb'\{"id":|\{"items":\[\]|null\n|\[[0-9,]*\]\n|[0-9]+\n')
"""How files of the API begin; those that the API itself gave begin with another field."""
_BEGINNING = 4096
"""Bytes among which the mark stands."""
_TO_HEAD = re.compile(
    rb"(?is)(?:\s|<!--.*?-->)*(?=<(?:!doctype|html|head)\b)"
    rb"(?:<!doctype[^>]*>\s*)?(?:<html(?:\s[^>]*)?>\s*)?(?:<head(?:\s[^>]*)?>)?"
)
# A link is not followed, and a pipe is not waited for.
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
)


class Seen(Enum):
    """What stands where a file of ours is to go: nothing; just these bytes; another file that has the mark;
    or what has none, be it a folder, a link or a pipe."""

    NOTHING = 0
    SAME = 1
    MARKED = 2
    STRANGE = 3


def marked(page: bytes) -> bytes:
    """The page with the mark, which a theme's own templates may lack; as it is if it is no HTML. Pure."""
    if GENERATOR in page[:_BEGINNING] or not (match := _TO_HEAD.match(page)):
        return page
    return page[: match.end()] + GENERATOR + page[match.end() :]


def is_marked(path: str, content: bytes) -> bool:
    """Whether the file at a path of the site that begins so was made by hnsite. Pure."""
    beginning = content[:_BEGINNING]
    if content.startswith(_BEGINNINGS) or any(mark in beginning for mark in (GENERATOR, *_OTHERS)):
        return True
    return bool(_ANSWER.fullmatch(path) and _ANSWERS.match(content))


def see(root: str, path: str, content: bytes) -> Seen:
    """What stands at the path below ``root`` (which ends with ``/``) of a file that is to have this content;
    reads no more than it must."""
    try:
        size, there = _read(root + path, len(content))
    except (FileNotFoundError, NotADirectoryError):
        return Seen.NOTHING
    except OSError:
        return Seen.STRANGE
    if size == len(content) and there == content:
        return Seen.SAME
    return Seen.MARKED if is_marked(path, there) or _is_beside_ours(root, path) else Seen.STRANGE


def _read(path: str, size: int) -> tuple[int, bytes]:
    """A file's size, and all of it if it is of this size, else its beginning. Raises OSError for no file."""
    file = os.open(path, _FLAGS)
    try:
        stat = os.fstat(file)
        if not S_ISREG(stat.st_mode):
            raise OSError(errno.EINVAL, "no file", path)
        return stat.st_size, os.read(file, size if stat.st_size == size else _BEGINNING)
    finally:
        os.close(file)


def _is_beside_ours(root: str, path: str) -> bool:
    """Whether a file is the compressed one beside one that has the mark."""
    return (base := original(path)) != path and has_mark(root, base)


def has_mark(root: str, path: str) -> bool:
    """Whether a file has the mark, or is compressed beside one that does; nothing else than a file has it."""
    try:
        return is_marked(path, _read(root + path, -1)[1]) or _is_beside_ours(root, path)
    except OSError:
        return False


def is_theirs(root: str, path: str, since: int | None) -> bool:
    """Whether somebody put something in the place of a file of ours: what is no file, or a file without the
    mark that came or changed after ``since`` (nanoseconds; None: that cannot be told).

    What a theme brings has no mark, and hardly another's name.
    """
    try:
        stat = os.lstat(root + path)
    except OSError:
        return False
    if not S_ISREG(stat.st_mode):
        return True
    if since is None or max(stat.st_mtime_ns, stat.st_ctime_ns) <= since or STATIC.match(path):
        return False
    return not has_mark(root, path)


def obstacle(root: str, folder: str) -> str | None:
    """The first part of a folder's path below ``root`` (which ends with ``/``) that is there and is a file
    or a link; None if there is none."""
    path = ""
    for name in folder.split("/"):
        path = f"{path}/{name}" if path else name
        try:
            mode = os.lstat(root + path).st_mode
        except OSError:
            return None
        if not S_ISDIR(mode):
            return path
    return None
