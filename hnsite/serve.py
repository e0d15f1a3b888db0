"""A site's sources -> a server on this machine that shows the site, builds it again after every
change, and reloads the pages that are open or shows in them why the build failed.

It serves what a static host would and nothing outside the output folder. It must not print, must not
end the process, and must not make any page of the site: that is ``build``'s work.
"""

from __future__ import annotations

import asyncio
import html
import json
import os
import re
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING, BinaryIO, TypeVar
from urllib.parse import quote, unquote, unquote_to_bytes

from hnsite.config import Config
from hnsite.errors import HnsiteError
from hnsite.headers import FOR_EVER
from hnsite.mark import STATIC
from hnsite.web import Answer, Request, Server, listen, refusal

if TYPE_CHECKING:
    from watchfiles import Change

    from hnsite.build import Report, Shown

T = TypeVar("T")
PORTS = range(8000, 8051)
STEP_MS, BURST_MS = 20, 500  # a burst of changes ends when STEP_MS bring nothing new, or after BURST_MS
LOOK_MS = 50  # how often single files are looked at, and whether folders are still there
PING_SECONDS = 10.0  # an idle event stream is written to: only a write tells that its page has gone
STOP_SECONDS = 2.0  # how long open connections may take to end
PIECE = 65_536  # bytes of a file that are in memory at a time
WELL_KNOWN = ".well-known"
NOISE = re.compile(r"\..*|__pycache__|4913|#.*#|.*(~|\.tmp|\.part|\.crdownload)")  # files on their way

# Not the mimetypes module: it asks the system, and some systems call JavaScript plain text.
TEXT_TYPES = {
    "html": "text/html", "css": "text/css", "js": "text/javascript", "json": "application/json",
    "xml": "application/xml", "svg": "image/svg+xml", "txt": "text/plain", "md": "text/plain",
    "csv": "text/csv", "atom": "application/atom+xml", "webmanifest": "application/manifest+json",
}  # fmt: skip
BINARY_TYPES = {
    "ico": "image/x-icon", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "woff": "font/woff", "woff2": "font/woff2",
    "pdf": "application/pdf", "wasm": "application/wasm", "gz": "application/gzip", "zip": "application/zip",
}  # fmt: skip

LIVE = Path(__file__).parent / "live"
"""The script and the style sheet that pages get while changes are watched."""


@dataclass(frozen=True, slots=True)
class _State:
    """What the builds so far left. ``build`` names the last that published a site and ``attempt`` the
    last one, never twice alike, also after a restart; ``config`` is the published site's."""

    build: str
    attempt: str
    config: Config | None = None
    errors: tuple[str, ...] = ()
    failed: bool = False

    @property
    def usable(self) -> bool:
        """Whether there is a site to show, be it from an earlier run. Reads the disk."""
        return not self.failed or bool(self.config and (self.config.output_dir / "index.html").is_file())

    def event(self) -> bytes:
        told = {name: getattr(self, name) for name in ("build", "attempt", "errors", "failed", "usable")}
        return f"data: {json.dumps(told)}\n\n".encode()


class _Preview:
    """The state, set by the thread that builds and told by the one that answers."""

    def __init__(self) -> None:
        self._start, self._attempts = f"{time.time_ns():x}", 0
        self._changed = asyncio.Event()
        self.state = _State(self._start, self._start)
        self.loop: asyncio.AbstractEventLoop | None = None

    def publish(self, config: Config | None, errors: tuple[str, ...], failed: bool) -> None:
        self._attempts += 1
        name, last = f"{self._start}.{self._attempts}", self.state
        # After a failure the site that is there stays, under the settings it was built with.
        keep = (last.build, name, last.config or config) if failed else (name, name, config)
        self.state = _State(*keep, errors, failed)
        with suppress(RuntimeError):  # it has ended
            if self.loop:
                self.loop.call_soon_threadsafe(self._tell)

    def shown(self, config: Config | None) -> Shown:
        """What publishes the site that was built with these settings, when it is there."""
        return lambda errors: self.publish(config, tuple(map(str, errors)), failed=False)

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def events(self) -> AsyncIterator[bytes]:
        """The state, whenever it is another one, and a ping from time to time."""
        seen: _State | None = None
        while True:
            changed = self._changed  # before the state is looked at, so that no change is missed
            if (state := self.state) is not seen:
                seen = state
                yield state.event()
            else:
                try:
                    async with asyncio.timeout(PING_SECONDS):
                        await changed.wait()
                except TimeoutError:
                    yield b": ping\n\n"


def serve(
    load: Callable[[], Config],
    make: Callable[[Config, Shown], Report],
    watched: Sequence[Path],
    say: Callable[[str], None],
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    watch: bool = True,
    ready: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Builds, then serves until ``stop`` is set or Ctrl-C raises KeyboardInterrupt.

    ``load`` reads the settings and ``make`` builds; both run again after every change in ``watched``
    (hnsite.toml, the themes that hnsite brings), the content folder or the site's own themes.
    ``make`` may say when the new site is there, so that open pages need not wait until a build has tidied up.
    ``ready`` is told the address, once, when it answers. What a Report holds is ``make``'s to tell;
    ``say`` gets the rest: what has changed, and what ``load`` or ``make`` raised, which ends nothing:
    pages show it until it is mended. Raises HnsiteError for a host or port that cannot be had, and
    where changes cannot be watched.
    """
    stop, preview = stop or threading.Event(), _Preview()
    server = _listen(host, port, _Site(preview, watch), say)
    preview.loop = server.loop
    answering = threading.Thread(target=server.run, daemon=True)
    try:
        for _ in _builds(load, make, watched if watch else None, preview, say, stop):
            if answering.ident is None:
                answering.start()
                if ready:
                    ready(_url(server, preview.state.config))
    finally:
        if answering.ident is None:
            server.close()
        else:
            server.stop()
            answering.join(STOP_SECONDS)


def _builds(
    load: Callable[[], Config],
    make: Callable[[Config, Shown], Report],
    watched: Sequence[Path] | None,
    preview: _Preview,
    say: Callable[[str], None],
    stop: threading.Event,
) -> Iterator[None]:
    """Builds now and after every change until ``stop`` is set; yields after each build."""
    changes: Iterator[bool] = iter(())
    aim: object = None
    lost: bool | None = True
    while lost is not None:
        config, errors = _try(load)
        if watched is not None:  # before the build, so that what changes meanwhile is built next
            targets, ignored = _targets(config or preview.state.config, watched)
            if lost or aim != (targets, ignored, [*map(_stamp, targets)]):
                aim = (targets, ignored, [*map(_stamp, targets)])
                changes = _changes(targets, ignored, say, stop)
                next(changes)
        before, shown = preview.state, preview.shown(config)
        report, errors = _try(partial(make, config, shown)) if config else (None, errors)
        if report is None:
            say(f"error: {errors[0]}")
            preview.publish(config, errors, failed=True)
        elif preview.state is before:  # make has told of it, but not yet the pages
            shown(report.errors)
        yield
        while watched is None and not stop.wait(0.2):
            pass
        lost = next(changes, None)


def _try(step: Callable[[], T]) -> tuple[T | None, tuple[str, ...]]:
    """What a step gives, or why it failed."""
    try:
        return step(), ()
    except HnsiteError as error:
        return None, (str(error),)
    except Exception as error:  # a bug, here or in a theme, must not end the preview
        remote = type(error.__cause__).__name__ == "_RemoteTraceback"  # raised in a worker process
        trace = str(error.__cause__) if remote else "".join(traceback.format_tb(error.__traceback__))
        file, line = re.findall(r'File "(.+?)", line (\d+)', trace)[-1]
        return None, (f"{file}:{line}: {type(error).__name__}: {error}",)


def _targets(config: Config | None, watched: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """What to watch, and what to ignore inside of it: a build must not set off the next one."""
    if config is None:
        return [path.absolute() for path in watched], []
    own = (config.content_dir, config.root / "themes", config.root / "hnsite.toml")
    targets = dict.fromkeys(path.absolute() for path in (*watched, *own))
    return [*targets], [config.output_dir.resolve(), config.cache_dir.resolve()]


def _stamp(path: Path) -> tuple[int, ...] | None:
    """Other when a file has changed, or when a folder came, went or is another one. Reads the disk."""
    with suppress(OSError):
        stat = path.stat()
        return (stat.st_ino,) if S_ISDIR(stat.st_mode) else (stat.st_ino, stat.st_mtime_ns, stat.st_size)
    return None


def _changes(
    targets: Sequence[Path], ignored: Sequence[Path], say: Callable[[str], None], stop: threading.Event
) -> Iterator[bool]:
    """Yields once when it has begun to watch, then for every burst of changes; ends when stopped.

    True says that a folder itself has gone, so that watching must begin anew. Files are looked at
    instead: editors put a new file in the old one's place, and the system would watch the old one.
    """
    from watchfiles import Change, watch

    stamps = [*map(_stamp, targets)]
    folders = tuple(path.resolve() for path in targets if path.is_dir())
    batches = watch(
        *folders,
        watch_filter=partial(_wanted, folders, ignored),
        debounce=BURST_MS,
        step=STEP_MS,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
        stop_event=stop,
    )
    try:
        next(batches, None)
    except FileNotFoundError:  # gone this moment: build, then look again
        yield False
        if not stop.wait(LOOK_MS / 1000):
            yield True
        return
    except (OSError, RuntimeError) as error:
        hint = "try --no-watch, or set WATCHFILES_FORCE_POLLING=1"
        raise HnsiteError(f"cannot watch for changes ({error}); {hint}") from None
    yield False
    for batch in batches:
        other = [path for path, stamp in zip(targets, stamps, strict=True) if _stamp(path) != stamp]
        if other:  # a file is looked at while it is written, so give that a moment
            stop.wait(2 * STEP_MS / 1000)
        if changed := sorted({*map(str, other), *(path for _, path in batch)}):
            say(f"changed: {changed[0]}" + (f" and {len(changed) - 1} more" if changed[1:] else ""))
            yield any(change is Change.deleted and Path(path) in folders for change, path in batch)


def _wanted(folders: Sequence[Path], ignored: Sequence[Path], _: Change, name: str) -> bool:
    """Whether a changed file can change the site. Pure."""
    path = Path(name)
    if any(map(path.is_relative_to, ignored)):
        return False
    inside = [path.relative_to(folder).parts for folder in folders if path.is_relative_to(folder)]
    return any(not any(map(NOISE.fullmatch, parts)) for parts in inside)


def _listen(host: str, port: int | None, site: _Site, say: Callable[[str], None]) -> Server:
    """A server on the port, or without one on the first that is free. Raises HnsiteError if there is none."""
    server = listen(host, PORTS if port is None else [port], site.answer, say)
    if server is None:
        taken = f"ports {PORTS[0]} to {PORTS[-1]} are all" if port is None else "the port is"
        subject = host if port is None else f"{host}:{port}"
        raise HnsiteError(f"{taken} in use; choose another with --port", subject)
    if server.is_public:
        say(
            f"warning: whoever reaches {server.address}:{server.port} in your network can read the site"
            " and the errors of its builds; without --host only this machine can"
        )
    return server


def _url(server: Server, config: Config | None) -> str:
    """Where a browser on this machine finds the site."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(server.address, server.address)
    path = config.base_path if config else "/"
    return f"http://{f'[{host}]' if ':' in host else host}:{server.port}{path}"


class _Site:
    """Answers for the site as the last good build left it; ``live`` when pages are to reload."""

    def __init__(self, preview: _Preview, live: bool) -> None:
        self._preview, self._live = preview, live

    def answer(self, request: Request) -> Answer:
        state = self._preview.state  # before the file is read: no page may be older than it says
        path, _, query = request.path.partition("?")
        if self._live and path.startswith("/__hnsite/"):
            return self._own(request, path.removeprefix("/__hnsite/"))
        if state.config is None or not state.usable:
            return self._page(500, _plain_page("The build failed", state.errors))
        return self._file(request, state, path, query and f"?{query}")

    def _file(self, request: Request, state: _State, path: str, query: str) -> Answer:
        assert state.config
        base, root = unquote(state.config.base_path), state.config.output_dir
        try:
            address = unquote_to_bytes(path.encode("latin-1")).decode()
        except UnicodeDecodeError:
            address = "\0"  # no file's
        if address in ("/", base[:-1]) and base != "/":
            return self._redirect(quote(base) + query)
        found = _find(root, address.removeprefix(base)) if address.startswith(base) else None
        if found and found.is_dir():
            return self._redirect(f"{path}/{query}")
        for status, file in ((200, found), (404, _find(root, "404.html"))):
            with suppress(OSError):  # a build may be replacing it
                if file:
                    return self._opened(request, status, file, state)
        return self._page(404, _plain_page("404: there is nothing at this address", ()))

    def _redirect(self, address: str) -> Answer:
        return Answer(302, _kind("txt"), headers={"Location": address})

    def _page(self, status: int, page: bytes) -> Answer:
        state = self._preview.state
        return Answer(status, _kind("html"), _inject(page, state.build) if self._live else page)

    def _opened(self, request: Request, status: int, path: Path, state: _State) -> Answer:
        """A file, in pieces, so that no more of it is in memory than one of them."""
        file = request.opened.enter_context(path.open("rb"))
        size = at = os.fstat(file.fileno()).st_size
        tag = b""
        if self._live and path.suffix.lower() == ".html":
            start = file.seek(max(0, size - PIECE))
            at, tag = start + _end(file.read()), _tag(state.build)
        file.seek(0)
        kind = _kind(path.suffix[1:].lower())
        assert state.config
        is_kept = not tag and STATIC.match(path.relative_to(state.config.output_dir).as_posix())
        headers = {"Cache-Control": FOR_EVER} if is_kept else {}
        return Answer(status, kind, _pieces(file, at, tag), size + len(tag), headers)

    def _own(self, request: Request, name: str) -> Answer:
        """What the pages of the preview itself need, and nobody else."""
        if request.is_cross_site:
            return refusal(403, "this is for the pages of the preview alone")
        if name == "events":
            return Answer(200, "text/event-stream; charset=utf-8", self._preview.events())
        body = (LIVE / name).read_bytes() if name in ("reload.js", "overlay.css") else b""
        return Answer(200 if body else 404, _kind(name.rpartition(".")[2]), body)


def _kind(suffix: str) -> str:
    text = TEXT_TYPES.get(suffix)
    return f"{text}; charset=utf-8" if text else BINARY_TYPES.get(suffix, "application/octet-stream")


async def _pieces(file: BinaryIO, at: int, tag: bytes) -> AsyncIterator[bytes]:
    """A file with a tag put in at a place."""
    left = at
    while piece := file.read(min(PIECE, left)):
        left -= len(piece)
        yield piece
    yield tag
    while piece := file.read(PIECE):
        yield piece


def _find(root: Path, address: str) -> Path | None:
    """The file for an address below the root, or the folder where only its last ``/`` is missing.
    Nothing for what is not there, for dotfiles, and nothing outside the root, whatever links lead there."""
    names = address.split("/")
    if "\0" in address or "\\" in address or "" in names[:-1] or _is_hidden(names):
        return None
    with suppress(OSError, RuntimeError):
        top, target = root.resolve(), root / address
        for path in [target, Path(f"{target}.html")] if names[-1] else [target / "index.html"]:
            if path.is_file() and (real := path.resolve()).is_relative_to(top):
                return None if _is_hidden(real.relative_to(top).parts) else path
        return target if names[-1] and _find(root, f"{address}/") else None
    return None


def _is_hidden(names: Sequence[str]) -> bool:
    """Whether a path leads through a dotfile, ``.`` or ``..``; hosts show one folder of them. Pure."""
    is_known = names[0] == WELL_KNOWN
    return any(name.startswith(".") for name in names[is_known:])


def _end(page: bytes) -> int:
    """Where the body of a page ends, or the page. Pure."""
    at = page.lower().rfind(b"</body>")
    return len(page) if at < 0 else at


def _tag(build: str) -> bytes:
    """What makes a page reload when another than the named build is published. Pure."""
    return f'<script src="/__hnsite/reload.js" defer data-build="{build}"></script>'.encode()


def _inject(page: bytes, build: str) -> bytes:
    """A page that reloads. Pure."""
    at = _end(page)
    return page[:at] + _tag(build) + page[at:]


def _plain_page(title: str, lines: Sequence[str]) -> bytes:
    """A page for where the site has none. Pure."""
    items = "".join(f"<li><pre>{html.escape(line)}</pre>" for line in lines)
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
    return f"{head}<body><h1>{title}</h1><ul>{items}</ul></body></html>".encode("utf-8", "replace")
