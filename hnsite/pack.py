"""A built site -> one file: a zip that opens from disk when it is unpacked, or a ZIM for Kiwix. What lies in
the output folder and is not hnsite's stays out.

Laws: the same site gives the same bytes; a file is written whole or not at all; in memory stands one page.
"""

from __future__ import annotations

import hashlib
import html
import os
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from hnsite import __version__
from hnsite.compress import original
from hnsite.config import Config
from hnsite.errors import BuildError, UsageError
from hnsite.intake import Progress, silent
from hnsite.lock import held
from hnsite.manifest import Manifest, Totals
from hnsite.urls import (
    API,
    FIND_PATH,
    FRONT_PATH,
    NOT_FOUND_PATH,
    ROBOTS_PATH,
    SITEMAP_PATH,
    file_name,
    item_path,
)
from hnsite.whole import written_whole

LONGEST_TITLE, LONGEST_DESCRIPTION = 30, 80
"""Characters that Kiwix shows."""
LANGUAGE = "eng"
"""Of the pages' own words; of the posts nobody knows."""
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The first moment that a zip can tell."""
_TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "xml": "application/atom+xml",
    "svg": "image/svg+xml",
    "png": "image/png",
    "woff2": "font/woff2",
    "txt": "text/plain",
}
_TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
_TAG = re.compile(rb"<[a-zA-Z/!](?:\"[^\"]*\"|'[^']*'|[^'\">])*>")
_LIKE_LINK = re.compile(rb"((?:href|src)\s*=\s*)([\"'])")
_SUSPECT = re.compile(rb">[^<]*\b(?:href|src)\s*=\s*[\"']")
_FOR_SERVERS = {NOT_FOUND_PATH, ROBOTS_PATH, SITEMAP_PATH, "_headers", "_redirects", ".nojekyll"}
_PACKED = (".gz", ".br")
_UUID, _CHECKSUM = 8, 16
"""Where in a ZIM its number stands, by which it is told from others; the bytes of the checksum at its end."""
_XAPIAN, _FORMAT = b"\x0f\rXapian Glass", 2
"""How a database of Xapian begins, of which ZIM's index of titles is one; how many bytes tell its format."""
_PIECE = 1 << 20
_SIDE, _BORDER, _ORANGE, _CREAM = 48, 10, b"\xff\x66\x00", b"\xf6\xf6\xef"


class Site(NamedTuple):
    """What is packed: the paths, front page first, the day of the newest post, and what the site holds."""

    config: Config
    paths: list[str]
    threads: frozenset[str]
    day: datetime
    totals: Totals


def check_libraries(names: Collection[str]) -> None:
    """Raises UsageError for a format whose library is not installed."""
    if "zim" in names:
        try:
            import libzim.writer  # noqa: F401
        except ImportError:
            raise UsageError("to write for Kiwix: pip install 'hnsite[zim]'", "--zim") from None


def pack(config: Config, name: str, path: Path, progress: Progress = silent) -> int:
    """Writes the site that was built last to a file ("zip" or "zim"); returns how many files are in it.

    Raises BuildError where there is no site, a file of it is missing, or the file cannot be written.
    """
    write = _write_zim if name == "zim" else _write_zip
    try:
        with held(config.cache_dir, lambda _: None), written_whole(path) as part:
            site = _site(config, is_zim=name == "zim")
            write(site, part, progress)
            return len(site.paths)
    except OSError as error:
        reason = f"cannot be packed: {error.strerror or error}"
        raise BuildError(reason, str(error.filename or path)) from None


def _site(config: Config, *, is_zim: bool) -> Site:
    with closing(Manifest(config.output_dir, config.cache_dir)) as manifest:
        every = (path for path in manifest.every_path() if original(path) == path)  # none that is compressed
        paths = {path for path in every if (config.output_dir / path).is_file()}
        if FRONT_PATH not in paths:
            raise BuildError("there is no site; run hnsite build", str(config.output_dir))
        if is_zim:
            paths = {path for path in paths if _is_for_readers(path)}
        span = manifest.ledger.span()
        day = datetime.fromisoformat(span[1]).replace(tzinfo=UTC) if span else _EARLIEST
        ids = (row.id for row in manifest.ledger.threads(0, manifest.totals().threads))
        threads = frozenset(map(item_path, ids))
        first = [FRONT_PATH, *sorted(paths - {FRONT_PATH})]
        return Site(config, first, threads, max(day, _EARLIEST), manifest.totals())


def _is_for_readers(path: str) -> bool:
    """Whether a file is of use without a server, and to people."""
    return not (path in _FOR_SERVERS or path.endswith(_PACKED) or path.startswith((f"{API}/", "sitemap/")))


def _contents(site: Site, progress: Progress) -> Iterator[tuple[str, bytes]]:
    folder = site.config.output_dir
    for done, path in enumerate(site.paths, 1):
        yield path, (folder / path).read_bytes()
        progress("packing", done, len(site.paths))


def _write_zip(site: Site, part: Path, progress: Progress) -> None:
    """The front page first. Zip64 where it needs that."""
    with zipfile.ZipFile(part, "w") as packed:
        for path, content in _contents(site, progress):
            info = zipfile.ZipInfo(path, site.day.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, 0o100644 << 16  # as if on Unix, wherever it is made
            packed.writestr(info, content, compresslevel=6)


def _write_zim(site: Site, part: Path, progress: Progress) -> None:
    from libzim.writer import Creator

    part.touch()  # the library looks whether it may write there
    creator = Creator(part).config_indexing(False, LANGUAGE).config_nbworkers(1)
    with _quiet(), creator:
        creator.set_mainpath(FRONT_PATH)
        for name, text in _metadata(site).items():
            creator.add_metadata(name, text.encode(), "text/plain;charset=utf-8")
        creator.add_illustration(_SIDE, illustration())
        for path, content in _contents(site, progress):
            creator.add_item(_zim_item(path, content, is_front=_is_front(path, site)))
    _settle(part)


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing on the standard output: the library tells there what it does, whatever one asks of it."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _metadata(site: Site) -> Mapping[str, str]:
    """What Kiwix wants to know of a file."""
    config, totals = site.config, site.totals
    title = " ".join(config.title.split()) or "Discussion archive"
    about = config.description or f"{totals.threads:,} threads, {totals.comments:,} comments"
    about = " ".join(about.split())
    found = {
        "Title": _short(title, LONGEST_TITLE),
        "Description": _short(about, LONGEST_DESCRIPTION),
        "Language": LANGUAGE,
        "Creator": title,
        "Publisher": "hnsite",
        "Name": f"{file_name(title)}_en_all",
        "Date": f"{site.day:%Y-%m-%d}",
        "Source": config.base_url,
        "Scraper": f"hnsite {__version__}",
        "Tags": "_category:other;_pictures:no;_videos:no;_ftindex:no",
    }
    if len(about) > LONGEST_DESCRIPTION:
        found["LongDescription"] = _short(about, 4000)
    return {name: text for name, text in found.items() if text}


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _is_front(path: str, site: Site) -> bool:
    """Whether Kiwix shows a page when somebody looks for its title, or for any page: all but those of one
    comment, or with another order or the rest of a page."""
    name = path.rpartition("/")[2]
    is_first = name.endswith(".html") and name.count(".") == 1
    return is_first and (path in site.threads or not path.startswith("item/")) and path != FIND_PATH


def _zim_item(path: str, content: bytes, *, is_front: bool) -> Any:
    from libzim.writer import Hint, Item, StringProvider

    mimetype = _TYPES.get(path.rpartition(".")[2].lower(), "application/octet-stream")
    is_page = mimetype == "text/html"
    found = _TITLE.search(content[:20_000]) if is_page else None
    content = without_false_links(content) if is_page else content
    title = html.unescape(found[1].decode("utf-8", "replace")) if found else ""

    class File(Item):  # type: ignore[misc]
        def get_path(self) -> str:
            return path

        def get_title(self) -> str:
            return title

        def get_mimetype(self) -> str:
            return mimetype

        def get_contentprovider(self) -> StringProvider:
            return StringProvider(content)

        def get_hints(self) -> dict[Hint, bool]:
            return {Hint.FRONT_ARTICLE: is_front, Hint.COMPRESS: True}

    return File()


def without_false_links(page: bytes) -> bytes:
    """The same page for browsers. Kiwix's checker takes what texts say of HTML for links of the page: their
    quotation marks become entities."""
    if not _SUSPECT.search(page):
        return page
    found: list[bytes] = []
    end = 0
    for tag in _TAG.finditer(page):
        found += [_LIKE_LINK.sub(_as_text, page[end : tag.start()]), tag[0]]
        end = tag.end()
    return b"".join([*found, _LIKE_LINK.sub(_as_text, page[end:])])


def _as_text(sign: re.Match[bytes]) -> bytes:
    return sign[1] + (b"&#34;" if sign[2] == b'"' else b"&#39;")


def illustration() -> bytes:
    """The PNG by which Kiwix shows the file in a list: an orange square with lines of text, indented."""
    rows = [bytearray(_ORANGE * _SIDE) for _ in range(_SIDE)]
    for line in range(4):
        left = _BORDER + 5 * (line % 3)
        for y in range(_BORDER + 8 * line, _BORDER + 8 * line + 4):
            rows[y][3 * left : 3 * (_SIDE - _BORDER)] = _CREAM * (_SIDE - _BORDER - left)
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _settle(part: Path) -> None:
    """Puts digests of the content in the places of the random numbers by which a ZIM, and the index of titles
    in it, are told from others; and the checksum of all in its own again."""
    with part.open("r+b") as file:
        places = [_UUID, *_after(file, _XAPIAN)]
        for place in places:
            _put(file, place, bytes(16))
        digest = _md5(file, part.stat().st_size - _CHECKSUM)
        for place in places:
            _put(file, place, digest)
        end = part.stat().st_size - _CHECKSUM
        _put(file, end, _md5(file, end))


def _after(file: IO[bytes], sign: bytes) -> Iterator[int]:
    """The places of what stands behind a sign and a format.

    All that is anybody's text is compressed, where the sign cannot stand.
    """
    file.seek(0)
    behind = 0  # the place of the first byte of ``read``
    read = b""
    while piece := file.read(_PIECE):
        read += piece
        at = read.find(sign)
        while at >= 0:
            yield behind + at + len(sign) + _FORMAT
            at = read.find(sign, at + 1)
        behind += max(0, len(read) - len(sign) + 1)
        read = read[-len(sign) + 1 :]


def _put(file: IO[bytes], place: int, content: bytes) -> None:
    file.seek(place)
    file.write(content)


def _md5(file: IO[bytes], size: int) -> bytes:
    """Of the first so many bytes; it is no secret, but ZIM's checksum."""
    digest = hashlib.md5(usedforsecurity=False)
    file.seek(0)
    while size > 0 and (piece := file.read(min(size, _PIECE))):
        digest.update(piece)
        size -= len(piece)
    return digest.digest()
