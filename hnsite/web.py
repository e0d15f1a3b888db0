"""Requests over HTTP -> who is let in, how much is taken, how long it may take. What is answered is
``serve``'s work.

A server on somebody's own machine is asked by every page that its browser shows, and by whoever is in the
network if it listens there. So a request must name this server as its host (another name may have been bound
to its address, so that a page of that name could read what is answered), only GET and HEAD are known, heads
are small and must come soon. One thread answers everybody: who is slow has cost a buffer, never the thread.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from types import MappingProxyType
from typing import NamedTuple

from hnsite.errors import HnsiteError
from hnsite.headers import SECURITY

LARGEST_HEAD, LARGEST_LINE = 16_384, 8192
"""Bytes of a request without its body, which is never read, and of its first line."""
HEAD_SECONDS, STALL_SECONDS, LINGER_SECONDS = 10.0, 30.0, 1.0
"""How long a head may take, how long a client may take nothing, and how long what it still sends is taken."""
MOST, PATIENCE_SECONDS = 2000, 1.0
"""Connections at a time; where there are as many, who has not asked for so long makes room."""
_BACKLOG = 1024
_END = re.compile(rb"\r?\n\r?\n")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:/@\s]+)(?::([0-9]{1,5}))?")


class Answer(NamedTuple):
    """What is sent back; ``body`` may come in pieces, then ``length`` says how much, or None for no end."""

    status: int
    kind: str
    body: bytes | AsyncIterator[bytes] = b""
    length: int | None = None
    headers: Mapping[str, str] = MappingProxyType({})


def refusal(status: int, reason: str, **headers: str) -> Answer:
    """An answer that says in one line why there is none."""
    return Answer(status, "text/plain; charset=utf-8", f"{reason}\n".encode(), headers=headers)


class Request(BaseHTTPRequestHandler):
    """One request, parsed from the bytes of its head. ``fault`` says why it is none, ``is_cross_site``
    whether a page of another site asks; ``opened`` is closed behind its answer."""

    def __init__(self, head: bytes) -> None:
        self.fault: Answer | None = None
        self.is_cross_site = True
        self.opened = ExitStack()
        self.rfile, self._written = BytesIO(head), BytesIO()
        self.wfile = self._written
        self.raw_requestline = self.rfile.readline()
        if not self.parse_request():
            self.fault = self.fault or refusal(400, "this is no request")
        elif self.request_version == "HTTP/0.9":
            self.fault = refusal(400, "only HTTP/1.0 and HTTP/1.1 are spoken here")
        self.request_version = "HTTP/1.0"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What parsing finds is kept, instead of sent as a page that shows it."""
        self.fault = refusal(code, f"{HTTPStatus(code).phrase}")

    def log_message(self, format: str, *args: object) -> None:
        """The terminal is for builds."""

    def version_string(self) -> str:
        return "hnsite"

    def head(self, answer: Answer) -> bytes:
        """The head of an answer."""
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        length = len(answer.body) if isinstance(answer.body, bytes) else answer.length
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Connection", "close")
        for name, value in {"Cache-Control": "no-store", **SECURITY, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        return self._written.getvalue()


class Server:
    """A port and the thread that answers there; ``run`` is for that thread, all else for any."""

    def __init__(
        self, host: str, port: int, answer: Callable[[Request], Answer], say: Callable[[str], None]
    ) -> None:
        """Takes the port; clients wait until ``run``. Raises OSError, OverflowError or UnicodeError."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        both = host == "::" and socket.has_dualstack_ipv6()
        self._socket = socket.create_server(
            (host, port), family=family, backlog=_BACKLOG, dualstack_ipv6=both
        )
        self.address, self.port = self._socket.getsockname()[:2]
        self._answer, self._say = answer, say
        self._names = own_names(host, self.address)
        self._most = min(MOST, max(64, (_files() - 64) * 2 // 3))
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(self._told)
        self._stopping = asyncio.Event()
        self._socket.setblocking(False)
        self._open: dict[asyncio.Task[None], float | None] = {}
        """Connections, oldest first, and when those began to ask whose heads are yet to come."""

    @property
    def is_public(self) -> bool:
        """Whether others than this machine reach it."""
        return not ipaddress.ip_address(self.address).is_loopback

    def is_own(self, host: str) -> bool:
        """Whether a host and port are this server's, so that no other name was bound to its address."""
        match = _HOST.fullmatch(host)
        if not match or int(match[2] or 80) != self.port:
            return False
        name = match[1].lower()
        return name in self._names or (
            ipaddress.ip_address(self.address).is_unspecified and _is_address(name)
        )

    def run(self) -> None:
        """Answers until it is stopped."""
        try:
            self.loop.run_until_complete(self._run())
        finally:
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()

    def stop(self) -> None:
        """Ends ``run`` soon, and all connections."""
        with suppress(RuntimeError):  # it has ended
            self.loop.call_soon_threadsafe(self._stopping.set)

    def close(self) -> None:
        """Gives the port back, when ``run`` is not at work."""
        self._socket.close()
        self.loop.close()

    async def _run(self) -> None:
        accepting = asyncio.create_task(self._accept())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait((accepting, stopping), return_when=asyncio.FIRST_COMPLETED)
        accepting.cancel()
        with suppress(asyncio.CancelledError):
            await accepting
        self._socket.close()
        for task in self._open:
            task.cancel()
        if self._open:
            await asyncio.wait([*self._open], timeout=LINGER_SECONDS)

    async def _accept(self) -> None:
        """Takes one client after the other, as many as there is room for; the system keeps others waiting."""
        while True:
            while not self._has_room():
                await asyncio.sleep(0.01)
            try:
                client, _ = await self.loop.sock_accept(self._socket)
            except OSError:  # it went, or the system has no more files
                await asyncio.sleep(0.1)
                continue
            task = asyncio.create_task(self._take(client))
            self._open[task] = self.loop.time()
            task.add_done_callback(self._open.pop)

    def _has_room(self) -> bool:
        """Whether there is room for one more; if need be who has been asking for too long is sent away."""
        if len(self._open) < self._most:
            return True
        since = self.loop.time() - PATIENCE_SECONDS
        slow = next((task for task, began in self._open.items() if began is not None and began < since), None)
        return slow is not None and slow.cancel()

    def _told(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """What nobody caught. A client that goes and a system without more files are no faults."""
        error = context.get("exception")
        if not isinstance(error, (OSError, asyncio.CancelledError)):
            self._say(f"error: while answering: {error or context.get('message')!r}")

    async def _take(self, client: socket.socket) -> None:
        """One connection, from its first byte to its last; that it goes, or has to make room, is no fault."""
        with suppress(OSError, TimeoutError, asyncio.CancelledError):
            try:
                reader, writer = await asyncio.open_connection(sock=client, limit=LARGEST_HEAD)
            except BaseException:
                client.close()
                raise
            try:
                await self._converse(reader, writer)
            finally:
                writer.transport.abort()  # all that was written has been taken

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, fault = await _head(reader)
        if task := asyncio.current_task():
            self._open[task] = None
        if not head and not fault:
            return
        request = Request(head)
        request.fault = fault or request.fault
        with request.opened:
            await _send(writer, request, self._guarded(request))
        if writer.can_write_eof():  # else what is not read yet would take the answer away
            writer.write_eof()
            async with asyncio.timeout(LINGER_SECONDS):
                while await reader.read(LARGEST_HEAD):
                    pass

    def _guarded(self, request: Request) -> Answer:
        """The answer, or why there is none."""
        try:
            return request.fault or self._refusal(request) or self._answer(request)
        except Exception as error:  # a bug must not end the preview
            self._say(f"error: while answering: {error!r}")
            return refusal(500, "a bug in hnsite; the terminal says more")

    def _refusal(self, request: Request) -> Answer | None:
        """Why a request is not for this server, if so."""
        if request.command not in ("GET", "HEAD"):
            return refusal(405, "only GET and HEAD are known here", Allow="GET, HEAD")
        if not request.path.startswith("/"):
            return refusal(400, "the address must begin with /")
        hosts = request.headers.get_all("Host", [])
        if len(hosts) > 1 or (not hosts and request.requestline.endswith("/1.1")):
            return refusal(400, "there must be one Host header")
        if hosts and not self.is_own(hosts[0].strip()):
            known = ", ".join(sorted(self._names))
            return refusal(
                421,
                f"this server is not the host that was asked for; it is known as {known} with port"
                f" {self.port}. Use one of these, or start it with --host NAME or --port N.",
            )
        request.is_cross_site = self._is_cross_site(request)
        return None

    def _is_cross_site(self, request: Request) -> bool:
        origins = request.headers.get_all("Origin", [])
        sites = request.headers.get_all("Sec-Fetch-Site", [])
        own = all(one.startswith("http://") and self.is_own(one.removeprefix("http://")) for one in origins)
        return not own or not all(site in ("same-origin", "none") for site in sites)


async def _head(reader: asyncio.StreamReader) -> tuple[bytes, Answer | None]:
    """What a client asks, or why that is not taken; nothing if it goes without a word."""
    head = b""
    try:
        async with asyncio.timeout(HEAD_SECONDS):
            while piece := await reader.read(LARGEST_HEAD):
                seen, head = max(0, len(head) - 3), head + piece
                if _END.search(head, seen) or not head[:1].isalpha() or len(head) > LARGEST_HEAD:
                    break
    except TimeoutError:
        return b"", refusal(408, "the request did not come in time") if head else None
    if b"\n" not in head[:LARGEST_LINE]:
        return b"", refusal(414, "the address is too long") if len(head) >= LARGEST_LINE else _none(head)
    if len(head) > LARGEST_HEAD and not _END.search(head[: LARGEST_HEAD + 4]):
        return b"", refusal(431, "the headers are too long")
    return (head, None) if _END.search(head) else (b"", _none(head))


def _none(head: bytes) -> Answer | None:
    return refusal(400, "this is no request") if head else None


async def _send(writer: asyncio.StreamWriter, request: Request, answer: Answer) -> None:
    """Sends an answer piece by piece, so that no more than a piece of it waits for a slow client."""
    writer.transport.set_write_buffer_limits(0)
    await _write(writer, request.head(answer))
    if request.command == "HEAD":
        return
    if isinstance(answer.body, bytes):
        await _write(writer, answer.body)
        return
    async for piece in answer.body:
        await _write(writer, piece)


async def _write(writer: asyncio.StreamWriter, piece: bytes) -> None:
    writer.write(piece)
    async with asyncio.timeout(STALL_SECONDS):
        await writer.drain()


def own_names(host: str, address: str) -> frozenset[str]:
    """What a server is called that listens at an address, which was given as ``host``. Asks the system."""
    names = {"localhost", "127.0.0.1", "[::1]", *map(_bracketed, (host.lower(), address))}
    if not ipaddress.ip_address(address).is_loopback:
        machine = socket.gethostname().lower()
        names.update((machine, machine.partition(".")[0], f"{machine.partition('.')[0]}.local"))
    return frozenset(names - {"", "0.0.0.0", "[::]"})


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_address(name: str) -> bool:
    with suppress(ValueError):
        return bool(ipaddress.ip_address(name.strip("[]")))
    return False


def _files() -> int:
    """How many files this process may have open, which is raised as far as the system lets it be."""
    try:
        import resource
    except ImportError:  # Windows
        return 2 * MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST if hard == resource.RLIM_INFINITY else min(2 * MOST, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return wanted
    return soft if 0 <= soft < 2 * MOST else 2 * MOST


def listen(
    host: str,
    ports: Iterable[int],
    answer: Callable[[Request], Answer],
    say: Callable[[str], None],
) -> Server | None:
    """A server on the first of the ports that is free; None if there is none. Raises HnsiteError."""
    for port in ports:
        try:
            return Server(host, port, answer, say)
        except (OSError, OverflowError, UnicodeError) as error:
            if getattr(error, "errno", None) != errno.EADDRINUSE:
                reason = getattr(error, "strerror", None) or error
                raise HnsiteError(f"cannot serve there: {reason}", f"{host}:{port}") from None
    return None
