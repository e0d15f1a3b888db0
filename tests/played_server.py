"""A server on 127.0.0.1 that plays the others: good answers, slow ones and broken ones."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import struct
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any, NamedTuple

Play = Callable[["Handler"], None]


def say(body: bytes | Any, status: int = 200, **headers: str) -> Play:
    """An answer; what is not bytes is written as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    def play(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(raw)))
        for name, value in {"Content-Type": "application/json", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(raw)

    return play


def lead(location: str) -> Play:
    return say(b"", 302, Location=location)


def reset(handler: Handler) -> None:
    """The connection is lost in the middle of an answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"id": 1, "ti')
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    for one in (handler.rfile, handler.wfile, handler.connection):
        one.close()


def cut(raw: bytes) -> Play:
    """An answer that ends early, without anything that tells so."""

    def play(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(raw[: len(raw) // 2])

    return play


def wait(seconds: float, then: Play) -> Play:
    def play(handler: Handler) -> None:
        time.sleep(seconds)
        then(handler)

    return play


def drip(handler: Handler) -> None:
    """A byte now and then, for ever: no single one is late."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b" " * 65_536)


def bomb(size: int) -> Play:
    """A small answer that unpacks to this many bytes."""
    return say(gzip.compress(b" " * size), Content_Encoding="gzip")


class Asked(NamedTuple):
    path: str
    at: float
    agent: str


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: PlayedServer

    def do_GET(self) -> None:
        asked = Asked(self.path, time.monotonic(), self.headers["User-Agent"])
        try:
            self.server.play(asked)(self)
        except OSError:
            self.close_connection = True

    def do_CONNECT(self) -> None:
        """As a proxy, behind which all the servers are this one."""
        assert self.server.certificate
        self.send_response(200)
        self.end_headers()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False

    def log_message(self, format: str, *args: Any) -> None:
        pass


class PlayedServer(ThreadingHTTPServer):
    """``plays`` are the answers to a path, one after the other; the last one is given again and again."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.plays: dict[str, list[Play]] = defaultdict(list)
        self.asked: list[Asked] = []
        self.certificate: Path | None = None
        self.rest: Play = say({"status": 404, "error": "Not Found"}, 404)
        self._lock = Lock()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def on(self, path: str, *plays: Play | Any) -> None:
        self.plays[path] = [one if callable(one) else say(one) for one in plays]

    def play(self, asked: Asked) -> Play:
        with self._lock:
            self.asked.append(asked)
            plays = self.plays.get(asked.path) or [self.rest]
            return plays.pop(0) if len(plays) > 1 else plays[0]

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def played_server() -> Iterator[PlayedServer]:
    server = PlayedServer()
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
