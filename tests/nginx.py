"""Debian's nginx on 127.0.0.1, set up by docs/nginx.conf; only places and the port are other ones."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONF = Path(__file__).resolve().parents[1] / "docs" / "nginx.conf"
UNPACKED = CONF.parents[1] / ".venv" / "nginx"
"""Where ``make test`` puts it."""
PROGRAM = shutil.which("nginx", path=f"{UNPACKED}/usr/sbin:{os.environ.get('PATH', '')}:/usr/sbin")
BROTLI = Path(PROGRAM or "").parent.parent / "lib/nginx/modules/ngx_http_brotli_static_module.so"


def site_conf(root: Path, port: int, base: str) -> str:
    """What the file says, for a site at ``base`` (``/archive/`` or ``/``) below ``root``."""
    text = CONF.read_text("utf-8")
    if base == "/":
        text = "".join(line for line in text.splitlines(keepends=True) if "= /archive {" not in line)
        text = text.replace("/archive/", "/")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("    listen [::]:80;\n", "")
    if BROTLI.exists():
        text = text.replace("# brotli_static on;", "brotli_static on;")
    return text.replace("root /srv/www;", f"root {root};")


@contextmanager
def served(root: Path, work: Path, base: str) -> Iterator[str]:
    """Serves what lies below ``root`` until the block ends; gives the host's address, without a slash."""
    assert PROGRAM
    work.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (work / "site.conf").write_text(site_conf(root, port, base), "utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temps = "".join(f"{kind}_temp_path {work}/{kind};\n" for kind in kinds)
    load = f"load_module {BROTLI};\n" if BROTLI.exists() else ""
    user = "user root;\n" if os.getuid() == 0 else ""
    (work / "nginx.conf").write_text(
        f"{load}{user}daemon off;\npid {work}/pid;\nerror_log {work}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temps}include {work}/site.conf;\n}}\n",
        "utf-8",
    )
    command = [PROGRAM, "-p", str(work), "-e", str(work / "error.log"), "-c", str(work / "nginx.conf")]
    subprocess.run([*command, "-t", "-q"], check=True)
    running = subprocess.Popen(command)
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(10)


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("nginx does not answer")
