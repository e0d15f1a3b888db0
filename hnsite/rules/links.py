"""Where an address leads that stands in a file of the site, and what is wrong with it. Pure.

Paths are below the output folder. They are compared letter by letter, as hosts do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_BLANK = re.compile(r"[\t\n\r]")
_BAD = re.compile(r"[\s\"<>\\^`{|}\x00-\x20]|%(?![0-9a-fA-F]{2})")
_TEXT_FRAGMENT = ":~:"


class Target(NamedTuple):
    """What an address leads to: a path and an id on it ("" for none); or why it leads nowhere."""

    path: str
    id: str = ""
    fault: str = ""


class Place(NamedTuple):
    """Where the site will stand: its host ("" where nobody said) and the path below it, which begins and
    ends with ``/``."""

    host: str = ""
    path: str = "/"

    @property
    def url(self) -> str:
        return f"{self.host}{self.path}"


def place_of(base_url: str) -> Place:
    parts = urlsplit(base_url)
    path = parts.path.strip("/")
    return Place(parts.netloc.lower(), f"/{path}/" if path else "/")


def resolve(address: str, page: str, place: Place) -> Target | None:
    """Where an address on the page leads; None if that is on no page of this site."""
    folder, slash, _ = page.rpartition("/")
    found = _resolve(address, folder + slash, place)
    if found and not found.path and not found.fault:
        return Target(page, found.id)
    return found


@lru_cache(maxsize=1 << 16)
def _resolve(address: str, folder: str, place: Place) -> Target | None:
    """As ``resolve``, with the path "" for the page itself."""
    address = _BLANK.sub("", address.strip(" \t\n\f\r"))
    address, _, fragment = address.partition("#")
    rest = _below_host(address, place)
    if rest is None:
        return None
    id = "" if fragment.startswith(_TEXT_FRAGMENT) else unquote(fragment.partition(_TEXT_FRAGMENT)[0])
    path = rest.partition("?")[0]
    if match := _BAD.search(path):
        return Target(
            "", fault=f"holds {match[0]!r}, which no address may; write it as %{ord(match[0][0]):02X}"
        )
    if not path:
        return Target("", id)
    return _below_root(path, folder, place, id)


def _below_host(address: str, place: Place) -> str | None:
    """The address without scheme and host, if it is on the site's own."""
    if not (match := _SCHEME.match(address)) and not address.startswith("//"):
        return address
    if match and match[0].lower() not in ("http:", "https:"):
        return None
    host, _, path = address[match.end() if match else 0 :].lstrip("/").partition("/")
    path = f"/{path}"
    is_ours = bool(place.host) and host.lower() == place.host and f"{path}/".startswith(place.path)
    return path if is_ours else None


def _below_root(path: str, folder: str, place: Place, id: str) -> Target:
    if path.startswith("/"):
        if not f"{path}/".startswith(place.path):
            return Target("", fault=f"leads out of the site, which stands below {place.path}")
        path, folder = path[len(place.path) :], ""
    parts: list[str] = folder.split("/")[:-1]
    *before, last = path.split("/")
    for part in before:
        if part == "..":
            if not parts:
                return Target("", fault="leads out of the site: too many ../")
            parts.pop()
        elif part != ".":
            parts.append(unquote(part))
    if last == ".." and not parts:
        return Target("", fault="leads out of the site: too many ../")
    if last == "..":
        parts.pop()
    folder = "".join(f"{part}/" for part in parts)
    return Target(folder + ("index.html" if last in ("", ".", "..") else unquote(last)), id)


@dataclass(frozen=True)
class Files:
    """What the site holds: its files, its folders, and how their names are really written."""

    files: Collection[str]
    folders: Collection[str]
    folded: Mapping[str, str] = field(repr=False)


def files_of(files: Collection[str]) -> Files:
    folders = {folder for path in files for folder in above(path)}
    return Files(files, folders, {fold(path): path for path in (*folders, *files)})


def above(path: str) -> list[str]:
    """The folders that hold a path, but for the output itself."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def fold(path: str) -> str:
    """What paths have in common that a disk which ignores case or normalises takes for one."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def missing(path: str, there: Files) -> str:
    """Why a path leads nowhere, "" if a file is there (or a folder with an index.html). What hosts add by
    themselves is not counted on."""
    if path in there.files or (path in there.folders and f"{path}/index.html" in there.files):
        return ""
    if path in there.folders or path.removesuffix("/index.html") in there.folders:
        return "is a folder without index.html"
    if f"{path}.html" in there.files:
        return f"is there only as {path}.html, and not every host adds that"
    if real := there.folded.get(fold(path)):
        return f"is written {real}; hosts tell these apart"
    return "is not there"
