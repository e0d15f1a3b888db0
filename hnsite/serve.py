"""A site's sources -> a server on this machine that shows the site, builds it again after every
change, and reloads the pages that are open or shows in them why the build failed.

It serves what a static host would and nothing outside the output folder. It must not print, must not
end the process, and must not make any page of the site: that is ``build``'s work.
"""

from __future__ import annotations

import errno
import html
import json
import os
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET, AF_INET6
from socketserver import TCPServer
from stat import S_ISDIR
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, unquote, unquote_to_bytes

from hnsite.config import Config
from hnsite.errors import HnsiteError

if TYPE_CHECKING:
    from watchfiles import Change

    from hnsite.build import Report

T = TypeVar("T")
PORTS = range(8000, 8051)
STEP_MS, BURST_MS = 20, 500  # a burst of changes ends when STEP_MS bring nothing new, or after BURST_MS
LOOK_MS = 50  # how often single files are looked at, and whether folders are still there
PING_SECONDS = 10.0  # an idle event stream is written to: only a write tells that its page has gone
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
    """The state, shared by the thread that builds and those that answer."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._start, self._attempts = f"{time.time_ns():x}", 0
        self.closed = False
        self.state = _State(self._start, self._start)

    def publish(self, config: Config | None, errors: tuple[str, ...], failed: bool) -> None:
        with self._changed:
            self._attempts += 1
            name, last = f"{self._start}.{self._attempts}", self.state
            # After a failure the site that is there stays, under the settings it was built with.
            keep = (last.build, name, last.config or config) if failed else (name, name, config)
            self.state = _State(*keep, errors, failed)
            self._changed.notify_all()

    def wait(self, seen: _State | None) -> _State:
        """The state as soon as it is not ``seen``; ``seen`` again when it is time to ping."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self.state is not seen, PING_SECONDS)
            return self.state

    def close(self) -> None:
        with self._changed:
            self.closed = True
            self._changed.notify_all()


def serve(
    load: Callable[[], Config],
    make: Callable[[Config], Report],
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
    ``ready`` is told the address, once, when it answers. What a Report holds is ``make``'s to tell;
    ``say`` gets the rest: what has changed, and what ``load`` or ``make`` raised, which ends nothing:
    pages show it until it is mended. Raises HnsiteError for a host or port that cannot be had, and
    where changes cannot be watched.
    """
    stop, preview = stop or threading.Event(), _Preview()
    with _listen(host, port, preview, watch, say) as server:
        answering = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        try:
            for _ in _builds(load, make, watched if watch else None, preview, say, stop):
                if answering.ident is None:
                    answering.start()
                    if ready:
                        ready(server.url)
        finally:
            preview.close()
            if answering.ident is not None:  # else shutdown would wait for ever
                server.shutdown()


def _builds(
    load: Callable[[], Config],
    make: Callable[[Config], Report],
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
        report, errors = _try(partial(make, config)) if config else (None, errors)
        if report is None:
            say(f"error: {errors[0]}")
        else:  # make has told of it
            errors = tuple(map(str, report.errors))
        preview.publish(config, errors, failed=report is None)
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


class _Server(ThreadingHTTPServer):
    """The preview on a port; ``live`` when pages are to reload."""

    allow_reuse_address = os.name != "nt"  # Windows would share a busy port
    request_queue_size = 64

    def __init__(
        self, address: tuple[str, int], preview: _Preview, live: bool, say: Callable[[str], None]
    ) -> None:
        self.preview, self.live, self.say = preview, live, say
        self.address_family = AF_INET6 if ":" in address[0] else AF_INET
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Without the look-up of the host's name in HTTPServer's, which can take seconds."""
        TCPServer.server_bind(self)

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(error := sys.exception(), (ConnectionError, TimeoutError)):
            self.say(f"error: while answering: {error!r}")

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the site."""
        host, port = str(self.server_address[0]), self.server_address[1]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        config = self.preview.state.config
        return f"http://{f'[{host}]' if ':' in host else host}:{port}{config.base_path if config else '/'}"


def _listen(
    host: str, port: int | None, preview: _Preview, live: bool, say: Callable[[str], None]
) -> _Server:
    """A server on the port, or without one on the first that is free. Raises HnsiteError if there is none."""
    for candidate in PORTS if port is None else [port]:
        subject = f"{host}:{candidate}"
        try:
            return _Server((host, candidate), preview, live, say)
        except (OSError, OverflowError, UnicodeError) as error:
            if getattr(error, "errno", None) != errno.EADDRINUSE:
                reason = getattr(error, "strerror", None) or error
                raise HnsiteError(f"cannot serve there: {reason}", subject) from None
            if port is not None:
                raise HnsiteError("the port is in use; choose another with --port", subject) from None
    raise HnsiteError(f"ports {PORTS[0]} to {PORTS[-1]} are all in use; choose another with --port", host)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 30.0

    def log_message(self, format: str, *args: object) -> None:
        """The terminal is for builds."""

    def do_GET(self) -> None:
        state = self.server.preview.state  # before the file is read: no page may be older than it says
        path, _, query = self.path.partition("?")
        if self.server.live and path.startswith("/__hnsite/"):
            self._live(path)
        elif state.config is None or not state.usable:
            self._send(500, "html", _plain_page("The build failed", state.errors), state)
        else:
            self._site(state, state.config, path, query and f"?{query}")

    do_HEAD = do_GET

    def _site(self, state: _State, config: Config, path: str, query: str) -> None:
        base, root = unquote(config.base_path), config.output_dir
        address = unquote_to_bytes(path.encode("latin-1")).decode(errors="replace")
        if address in ("/", base[:-1]) and base != "/":
            return self._send(302, "txt", b"", state, Location=quote(base) + query)
        found = _find(root, address.removeprefix(base)) if address.startswith(base) else None
        if found and found.is_dir():
            return self._send(302, "txt", b"", state, Location=f"{path}/{query}")
        for status, file in ((200, found), (404, _find(root, "404.html"))):
            with suppress(OSError):  # a build may be replacing it
                if file:
                    return self._send(status, file.suffix[1:].lower(), file.read_bytes(), state)
        return self._send(404, "html", _plain_page("404: there is nothing at this address", ()), state)

    def _live(self, path: str) -> None:
        preview, seen = self.server.preview, None
        if path != "/__hnsite/events":
            name = path.removeprefix("/__hnsite/")
            body = (LIVE / name).read_bytes() if name in ("reload.js", "overlay.css") else b""
            return self._send(200 if body else 404, name.rpartition(".")[2], body, preview.state)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        while not preview.closed and self.command == "GET":
            state = preview.wait(seen)
            self.wfile.write(b": ping\n\n" if state is seen else state.event())
            seen = state
        return None

    def _send(self, status: int, suffix: str, body: bytes, state: _State, **headers: str) -> None:
        if suffix == "html" and self.server.live:
            body = _inject(body, state.build)
        text, binary = TEXT_TYPES.get(suffix), BINARY_TYPES.get(suffix, "application/octet-stream")
        self.send_response(status)
        self.send_header("Content-Type", f"{text}; charset=utf-8" if text else binary)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _find(root: Path, address: str) -> Path | None:
    """The file for an address below the root, or the folder where only its last ``/`` is missing.
    Nothing for what is not there, and nothing outside the root, whatever links lead there."""
    names = address.split("/")
    if "\0" in address or "\\" in address or {".", ".."} & {*names} or "" in names[:-1]:
        return None
    with suppress(OSError):
        top, target = root.resolve(), root / address
        for path in [target, Path(f"{target}.html")] if names[-1] else [target / "index.html"]:
            if path.is_file() and path.resolve().is_relative_to(top):
                return path
        return target if names[-1] and _find(root, f"{address}/") else None
    return None


def _inject(page: bytes, build: str) -> bytes:
    """A page that reloads when another than the named build is published. Pure."""
    tag = f'<script src="/__hnsite/reload.js" defer data-build="{build}"></script>'.encode()
    at = page.lower().rfind(b"</body>")
    return page + tag if at < 0 else page[:at] + tag + page[at:]


def _plain_page(title: str, lines: Sequence[str]) -> bytes:
    """A page for where the site has none. Pure."""
    items = "".join(f"<li><pre>{html.escape(line)}</pre>" for line in lines)
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
    return f"{head}<body><h1>{title}</h1><ul>{items}</ul></body></html>".encode()
