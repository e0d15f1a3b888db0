"""A web server on 127.0.0.1 that sends a folder as a host of static sites does.

Files are compressed, the headers are those of netlify.toml, so that pages live under their real
Content-Security-Policy, and what is not there is 404.html. It says nothing.
"""

from __future__ import annotations

import fnmatch
import gzip
import threading
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

NETLIFY = Path(__file__).resolve().parents[1] / "netlify.toml"
COMPRESSED = ("text/", "application/json", "application/javascript", "application/xml", "image/svg")


@contextmanager
def served(folder: Path, *, with_headers: bool = True) -> Iterator[str]:
    """Serves the folder until the block ends; gives its address, without a slash at the end."""
    handler = _Handler if with_headers else _Bare
    server = _Server(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser may leave before it has all."""


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    rules: Sequence[Any] = tomllib.loads(NETLIFY.read_text("utf-8")).get("headers", [])

    def send_head(self) -> BytesIO:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        is_there = path.is_file()
        if not is_there:
            path = Path(self.directory) / "404.html"
        body = path.read_bytes() if path.is_file() else b""
        self.send_response(HTTPStatus.OK if is_there else HTTPStatus.NOT_FOUND)
        kind = self.guess_type(path)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        if kind.startswith(COMPRESSED) and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = _compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def end_headers(self) -> None:
        path = urlsplit(self.path).path
        for rule in self.rules:
            if fnmatch.fnmatchcase(path, rule["for"]):
                for name, value in rule["values"].items():
                    self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Bare(_Handler):
    """As a host that sends no headers of the site's own, so that pages may stand in frames."""

    rules = ()


@lru_cache(maxsize=200)
def _compress(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
