"""What lies in the output folder and is not hnsite's: told of once, never written over, never deleted.

A file is hnsite's if the manifest says so. Where the manifest was lost, pages and scripts are known again
by their mark, and everything else by its bytes: it may stand where a file of ours is to go only if it is
just that file. What has the mark and belongs to no page is left over from a build that nobody remembers; it
may be a copy that somebody made, so it stays too.

Folders are listed only when their time says that something came, and a folder that is not hnsite's is one
thing, whatever is in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from hnsite.errors import BuildError
from hnsite.mark import STATIC, Seen, has_mark, is_theirs, obstacle, see
from hnsite.tools import Tools

FEW = 5
"""How many files an error names."""


class Strangers(NamedTuple):
    """What was met in the output folder for the first time, by path; folders end with ``/``.

    ``foreign`` is not hnsite's, ``leftover`` was made by it, but no build knows of it.
    """

    foreign: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()


def refuse(tools: Tools, strange: Collection[str]) -> None:
    """Raises BuildError if something that is not ours is at one of the paths, where files are to go."""
    if not (left := set(strange)):
        return
    left.difference_update(tools.manifest.every_path())
    left.update(tools.output.theirs.intersection(strange))
    if left:
        named = [f"{tools.config.output}/{path}" for path in sorted(left)[:FEW]]
        more = f" and {len(left) - FEW} more" if len(left) > FEW else ""
        raise BuildError(
            f"nothing published: not made by hnsite, and in the way of its files: {', '.join(named)}{more};"
            " move away or delete what is there, or choose another output folder"
        )


def is_taken(tools: Tools, path: str, content: bytes) -> bool:
    """Whether somebody's own file stands where one of ours would: of those that hosts read, theirs counts."""
    return see(f"{tools.output.folder}/", path, content) is Seen.STRANGE


def without_theirs(tools: Tools, stale: Iterable[str]) -> set[str]:
    """Those of the paths whose files are still ours to delete, not something that took their places."""
    root = f"{tools.output.folder}/"
    published = tools.manifest.fact("published")
    since = None if tools.manifest.is_cut_short() or not published else int(published)
    linked: dict[str, bool] = {}

    def is_ours(path: str) -> bool:
        folder = path.rpartition("/")[0]
        if folder not in linked:
            linked[folder] = bool(folder and obstacle(root, folder))
        return not linked[folder] and not is_theirs(root, path, since)

    return set(filter(is_ours, stale))


def ancestors(folders: Iterable[str]) -> set[str]:
    """The folders and all that hold them, the output itself (``""``) too. Pure."""
    found = {""}
    for folder in folders:
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def meet(tools: Tools, folders: Mapping[str, int], changed: Collection[str], *, is_new: bool) -> Strangers:
    """Finds what is not ours in those of our folders that changed; notes it, and when each last did.

    ``is_new`` says that there was no output folder before this build.
    """
    manifest = tools.manifest
    noted = json.loads(manifest.fact("folders") or b"{}")
    if folders == noted and not changed:
        return Strangers()
    looked = {*changed, *(folders.keys() - noted.keys())}
    there = set() if is_new else set(_listed(f"{tools.output.folder}/", looked, folders))
    there.difference_update(manifest.every_path() if there else ())
    told = set(json.loads(manifest.fact("foreign") or b"[]"))
    kept = {path for path in told if path.rstrip("/").rpartition("/")[0] not in looked}
    facts = {"folders": dict(sorted(folders.items())), "foreign": sorted(kept | there)}
    manifest.note({name: json.dumps(fact).encode() for name, fact in facts.items()})
    new = sorted(there - told)
    leftover = tuple(path for path in new if _is_left_over(tools, path))
    return Strangers(tuple(path for path in new if path not in set(leftover)), leftover)


def _listed(root: str, folders: Iterable[str], ours: Container[str]) -> Iterator[str]:
    """What stands in some folders, but for folders of ours; those that are not end with ``/``."""
    for folder in folders:
        if folder and obstacle(root, folder):
            continue
        try:
            found = os.scandir(root + folder)
        except OSError:  # it went
            continue
        with found:
            for one in found:
                path = f"{folder}/{one.name}" if folder else one.name
                if not one.is_dir(follow_symlinks=False):
                    yield path
                elif path not in ours:
                    yield f"{path}/"


def _is_left_over(tools: Tools, path: str) -> bool:
    return bool(STATIC.fullmatch(path)) or has_mark(f"{tools.output.folder}/", path)
