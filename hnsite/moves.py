"""What is staged -> the few steps that bring it into the output folder, all made ready before the first.

Pages link to each other, so that between the first step and the last a page may link to one that is
not there yet, or no more; a kill in between would leave it so until the next build. So there are as
few steps as can be and nothing else between them: where many files come or go in a folder, its next
version is made beside it, of hard links, and both are exchanged at once; other files are exchanged or
renamed one by one. What comes is there before what links to it changes, and what goes does so last.

Laws: nothing is touched in the output before ``run``; what is staged stays staged (but for what ``run``
moves), so that all can be done again from the start; where a system or a disk cannot exchange, files are
moved one by one; the output folder itself and a folder that holds more than plain files stay what they are.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from stat import S_ISDIR
from types import FrameType
from typing import Any

Step = tuple[Callable[[str, str], object], str, str]
"""What to do, with which two paths."""

LINKS, LINKS_EACH = 1000, 4
"""A folder is exchanged that holds so many files at most, and so many more for each that comes or goes: a
hard link costs a tenth of what making a page does."""
FAR = ".hnsite-moves"
"""Where copies are made in an output folder on another disk."""
_UNABLE = {
    *(errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOSYS, errno.EINVAL),
    *(errno.ENOTSUP, errno.EOPNOTSUPP),
}
"""What says that files cannot be linked, or folders exchanged, here."""
_STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Moves:
    """The steps from what is staged to an output folder that holds it, and no file that is stale.

    ``versions`` are the numbers of folders in ``work`` that are to be exchanged, with the paths of those
    in the output. Raises OSError where the disk is full or broken, or where something is in the way.
    """

    def __init__(self, staged: str, output: str, work: str, stale: Iterable[str]) -> None:
        """Makes all steps ready; ``staged``, ``output`` and ``work`` (made anew) end with a slash."""
        self._staged, self._output, self._work = staged, output, work
        self.versions: dict[str, str] = {}
        self._made = 0
        self._is_far = _is_far(output, staged)
        self._new: list[Step] = []
        self._grown: list[Step] = []
        self._changed: list[Step] = []
        self._shrunk: list[Step] = []
        self._gone: list[Step] = []
        self._next_of: dict[str, list[str]] = {}
        """The next versions of folders that are exchanged."""
        if self._is_far:
            self._work = f"{output}{FAR}/"
        shutil.rmtree(self._work, ignore_errors=True)
        os.mkdir(self._work)  # noqa: PTH102
        self._exchanges = _can_exchange(self._work)
        going = _by_folder(stale)
        for folder, names in walk(staged):
            if names or folder in going:
                self._bring(folder, names, going.pop(folder, set()))
        for folder, gone in sorted(going.items()):
            self._bring(folder, [], gone)

    def run(self) -> None:
        """Takes all steps, as fast as can be. Raises OSError."""
        steps = [*self._new, *self._grown, *self._changed, *self._shrunk, *self._gone]
        for take, one, other in steps:
            take(one, other)

    def clear(self) -> None:
        """Takes away what is needed no more. Raises OSError."""
        shutil.rmtree(self._work)

    def _bring(self, folder: str, coming: list[str], going: set[str]) -> None:
        """Makes ready what is to happen to the files of one folder."""
        target = self._output + folder
        if not os.path.isdir(target):  # noqa: PTH112
            if coming:
                self._bring_new_folder(folder, coming)
        elif not (folder and self._exchanges and self._exchange(folder, coming, going)):
            self._move(f"{folder}/" if folder else "", coming, going)

    def _bring_new_folder(self, folder: str, coming: list[str]) -> None:
        target = self._output + folder
        if places := self._inside(folder):
            self._bring_inside(folder, places, coming)
            return
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        if os.path.lexists(target):
            raise NotADirectoryError(errno.ENOTDIR, "a file is in the way", target)
        try:
            version = self._folder(None)
            for name in coming:
                self._put(f"{self._staged}{folder}/{name}", f"{version}/{name}")
        except OSError as error:
            if error.errno not in _UNABLE:
                raise
            os.mkdir(target)  # noqa: PTH102
            self._move(f"{folder}/", coming, set())
        else:
            self._new.append((os.replace, version, target))

    def _inside(self, folder: str) -> list[str]:
        """Where a new folder is to stand in the next versions of a folder above it, if that is exchanged."""
        above = folder
        while above := above.rpartition("/")[0]:
            if above in self._next_of:
                return [version + folder[len(above) :] for version in self._next_of[above]]
        return []

    def _bring_inside(self, folder: str, places: list[str], coming: list[str]) -> None:
        """Makes a new folder ready there."""
        if os.path.lexists(self._output + folder):
            raise NotADirectoryError(errno.ENOTDIR, "a file is in the way", self._output + folder)
        for place in places:
            os.makedirs(place, exist_ok=True)  # noqa: PTH103
            for name in coming:
                self._put(f"{self._staged}{folder}/{name}", f"{place}/{name}")

    def _exchange(self, folder: str, coming: list[str], going: set[str]) -> bool:
        """Makes the next versions of a folder, if that is possible and worth it: one with all that comes,
        then one without what goes."""
        target = self._output + folder
        many = len(coming) + len(going)
        if many == 1 or self._is_far or os.path.islink(target):  # noqa: PTH114
            return False
        if not _is_plain(target, LINKS + LINKS_EACH * many):
            return False
        try:
            grown = target
            if coming:
                grown = self._folder(target)
                for name in coming:
                    os.link(f"{self._staged}{folder}/{name}", f"{grown}/{name}")
                _link_others(target, grown, ())
            if going:
                shrunk = self._folder(target)
                _link_others(grown, shrunk, going)
        except OSError as error:
            if error.errno not in _UNABLE:
                raise
            return False
        made = [(grown, self._grown)] if coming else []
        made += [(shrunk, self._shrunk)] if going else []
        for version, steps in made:
            steps.append((_exchange, version, target))
            self.versions[os.path.basename(version)] = folder  # noqa: PTH119
        self._next_of[folder] = [version for version, _ in made]
        return True

    def _move(self, folder: str, coming: list[str], going: set[str]) -> None:
        """Makes ready to move single files."""
        for name in coming:
            path = folder + name
            staged, target = self._staged + path, self._output + path
            if os.path.isdir(target):  # noqa: PTH112
                raise IsADirectoryError(errno.EISDIR, "a folder is in the way", target)
            if not os.path.lexists(target):
                self._new.append((os.replace, self._near(staged), target))
            elif self._exchanges and (twin := self._twin(staged)):
                self._changed.append((_exchange, twin, target))
            else:
                self._changed.append((os.replace, self._near(staged), target))
        for name in sorted(going):
            target = self._output + folder + name
            if os.path.lexists(target) and not os.path.isdir(target):  # noqa: PTH112
                self._gone.append((os.replace, target, self._next()))

    def _near(self, staged: str) -> str:
        """A staged file as it can be renamed into the output."""
        return self._twin(staged) if self._is_far else staged

    def _twin(self, staged: str) -> str:
        """The same file once more, to be exchanged while it stays staged; "" where that is not possible."""
        try:
            self._put(staged, place := self._next())
        except OSError as error:
            if error.errno not in _UNABLE:
                raise
            return ""
        return place

    def _put(self, staged: str, place: str) -> None:
        (shutil.copyfile if self._is_far else os.link)(staged, place)

    def _next(self) -> str:
        self._made += 1
        return f"{self._work}{self._made}"

    def _folder(self, like: str | None) -> str:
        """A new folder to work in, with the rights of another."""
        folder = self._next()
        os.mkdir(folder)  # noqa: PTH102
        if like:
            _make_alike(folder, like)
        return folder


def walk(root: str) -> Iterator[tuple[str, list[str]]]:
    """All folders below one that ends with a slash, itself ("") last, with the names of their files."""
    folders, found_last = [""], []
    while folders:
        folder = folders.pop()
        names = []
        with os.scandir(root + folder) as found:
            for one in found:
                if one.is_dir(follow_symlinks=False):
                    folders.append(f"{folder}/{one.name}" if folder else one.name)
                else:
                    names.append(one.name)
        names.sort()
        if folder:
            yield folder, names
        else:
            found_last = names
    yield "", found_last


def rescue(work: str, staged: str, output: str, versions: Mapping[str, str], stale: Container[str]) -> None:
    """Brings back what somebody else put into a folder, or wrote anew there, in the moment before it was
    exchanged."""
    for number, folder in versions.items():
        with suppress(FileNotFoundError), os.scandir(work + number) as found:
            for one in found:
                path = f"{folder}/{one.name}"
                if path in stale or os.path.lexists(staged + path) or not _is_newer(one, output + path):
                    continue
                os.makedirs(output + folder, exist_ok=True)  # noqa: PTH103
                os.replace(one.path, output + path)  # noqa: PTH105


def _is_newer(one: os.DirEntry[str], place: str) -> bool:
    """Whether a file is another than that at a place, and was written later; also if there is none."""
    try:
        there = os.lstat(place)
    except FileNotFoundError:
        return True
    if one.inode() == there.st_ino or one.is_dir(follow_symlinks=False) or S_ISDIR(there.st_mode):
        return False
    return one.stat(follow_symlinks=False).st_mtime_ns > there.st_mtime_ns


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Whoever wants to stop this process waits until the end of this; nobody can make SIGKILL wait."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        came.append(number)

    before = {stop: signal.signal(stop, note) or signal.SIG_DFL for stop in _STOPS}
    try:
        yield
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)
        for number in came:
            signal.raise_signal(number)


def bring_to_disk(folder: str) -> None:
    """Waits until all that was written to the disk of ``folder`` is there to stay, also if the power fails.

    One call for everything takes a tenth of the time that one for each of sixty files does. Raises OSError.
    """
    if sync := _libc_function("syncfs"):
        file = os.open(folder, os.O_RDONLY)
        try:
            _check(sync(file), folder)
        finally:
            os.close(file)
    elif hasattr(os, "sync"):
        os.sync()


def _by_folder(paths: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        folder, _, name = path.rpartition("/")
        found[folder].add(name)
    return found


def _is_far(output: str, staged: str) -> bool:
    """Whether the output is on another disk, or mounted there, so that nothing can be renamed into it."""
    if os.stat(output).st_dev != os.stat(staged).st_dev:  # noqa: PTH116
        return True
    probe = f"{staged}../probe"
    with os.scandir(output) as found:
        file = next((one.path for one in found if one.is_file(follow_symlinks=False)), None)
    try:
        if file:
            os.link(file, probe)
        else:  # what is mounted may be empty
            os.mkdir(probe)  # noqa: PTH102
            os.rename(probe, place := f"{output}{FAR}")  # noqa: PTH104
            os.rename(place, probe)  # noqa: PTH104
    except OSError as error:
        return error.errno == errno.EXDEV
    finally:
        _remove(probe)
    return False


def _remove(path: str) -> None:
    """Takes away a file or an empty folder, if it is there."""
    for remove in (os.unlink, os.rmdir):
        with suppress(OSError):
            remove(path)


def _is_plain(folder: str, most: int) -> bool:
    """Whether a folder holds plain files only, and not more of them."""
    with os.scandir(folder) as found:
        for count, one in enumerate(found, 1):
            if count > most or not one.is_file(follow_symlinks=False):
                return False
    return True


def _link_others(folder: str, version: str, without: Container[str]) -> None:
    """Links a folder's files into another one, but for those that are there already."""
    with os.scandir(folder) as found:
        for one in found:
            if one.name not in without:
                with suppress(FileExistsError):
                    os.link(one.path, f"{version}/{one.name}")


def _make_alike(folder: str, like: str) -> None:
    """Gives a folder the owner and the rights of another. Raises OSError."""
    ours, theirs = os.stat(folder), os.stat(like)  # noqa: PTH116
    if hasattr(os, "chown") and (ours.st_uid, ours.st_gid) != (theirs.st_uid, theirs.st_gid):
        os.chown(folder, theirs.st_uid, theirs.st_gid)
    shutil.copystat(like, folder)


def _can_exchange(work: str) -> bool:
    """Whether the system and the disk of ``work`` can exchange two files."""
    if not _libc_function("renameat2"):
        return False
    one, other = f"{work}one", f"{work}other"
    for path in (one, other):
        os.mkdir(path)  # noqa: PTH102
    try:
        _exchange(one, other)
    except OSError:
        return False
    finally:
        for path in (one, other):
            os.rmdir(path)  # noqa: PTH106
    return True


def _exchange(one: str, other: str) -> None:
    """Two files, or two folders, in each other's place, at once. Raises OSError."""
    sys.audit("hnsite.exchange", one, other)
    here, exchange = -100, 2
    result = _libc_function("renameat2")(here, os.fsencode(one), here, os.fsencode(other), exchange)
    _check(result, other)


def _check(result: int, path: str) -> None:
    if result:
        import ctypes

        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), path)


@cache
def _libc_function(name: str) -> Any:
    """A function of the C library; None where there is none of that name."""
    try:
        import ctypes

        return getattr(ctypes.CDLL(None, use_errno=True), name, None)
    except (ImportError, OSError, TypeError):
        return None
