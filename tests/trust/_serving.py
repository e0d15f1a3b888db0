"""A real ``hnsite serve`` process on a small site, with secrets around it that it must not tell."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from small_site import STORY, Site, api

SECRET = "s3cr3t-that-nobody-may-read"
SECONDS = 30.0


@dataclass(frozen=True)
class Serving:
    """The process, its port, its site, and what it wrote."""

    process: subprocess.Popen[bytes]
    port: int
    site: Site
    log: Path

    def send(self, request: bytes) -> bytes:
        """All that comes back for some bytes."""
        with socket.create_connection(("127.0.0.1", self.port), SECONDS) as one:
            try:
                one.sendall(request)
                one.shutdown(socket.SHUT_WR)
                return b"".join(iter(lambda: one.recv(65536), b""))
            except ConnectionError:
                return b""

    def fact(self, name: str) -> int:
        """A number that Linux tells of the process: VmRSS (KiB), Threads."""
        told = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(rf"(?m)^{name}:\s+(\d+)", told)[0])

    def cpu(self) -> float:
        """Seconds of the processor's time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(*options: str) -> Iterator[Serving]:
    """Builds and serves; what it says goes to a file."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder) / "site", **{"1.json": [STORY, api(id=2, parent=1, text="Words.")]})
        _put_secrets(site)
        log = Path(folder) / "log"
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"}
        with log.open("wb") as told:
            process = subprocess.Popen(
                [sys.executable, "-m", "hnsite", "serve", "--port", "0", "-j", "1", *options],
                cwd=site.root,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=told,
            )
        try:
            assert process.stdout
            lines = iter(process.stdout.readline, b"")
            url = next((line for line in lines if line.startswith(b"Serving at")), b"")
            assert url, log.read_text()
            port = int(url.split(b":")[2].split(b"/")[0])
            yield Serving(process, port, site, log)
        finally:
            process.terminate()
            process.wait(SECONDS)
            if process.stdout:
                process.stdout.close()


def _put_secrets(site: Site) -> None:
    site.public.mkdir()
    for place in (
        "secret.txt",
        "public/.env",
        "public/.hidden/x.html",
        "public/sub/.git/config",
        "public/item/.x",
    ):
        path = site.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET)
    for link, to in (("out.txt", "../secret.txt"), ("out", ".."), ("in.txt", ".env"), ("in", ".hidden")):
        (site.public / link).symlink_to(to)
