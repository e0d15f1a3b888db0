"""Whom the development server lets in, and how much it takes."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from trust import crowd, server

from hnsite import web
from hnsite.headers import SECURITY
from hnsite.serve import _find
from hnsite.web import Answer, Request, Server, own_names


def endless() -> AsyncIterator[bytes]:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 100_000
            await asyncio.sleep(0)

    return pieces()


def answer(request: Request) -> Answer:
    if request.path == "/bug":
        raise ZeroDivisionError
    if request.path == "/endless":
        return Answer(200, "text/plain", endless())
    return Answer(200, "text/plain", b"well")


@contextmanager
def running(host: str = "127.0.0.1") -> Iterator[tuple[Server, list[str]]]:
    said: list[str] = []
    one = Server(host, 0, answer, said.append)
    thread = threading.Thread(target=one.run, daemon=True)
    thread.start()
    try:
        yield one, said
    finally:
        one.stop()
        thread.join(5)
        assert not thread.is_alive()


def ask(one: Server, *lines: str) -> str:
    with socket.create_connection(("127.0.0.1", one.port), 8) as connection:
        connection.sendall("\r\n".join((*lines, "", "")).encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def test_hostile_requests() -> None:
    assert [trial for trial in server.trials(200) if trial.fault] == []


@pytest.mark.slow
def test_a_thousand_requests_at_once() -> None:
    assert [trial for trial in crowd.trials(1000) if trial.fault] == []


def test_what_is_sent_has_the_headers_that_hosts_are_told_to_send() -> None:
    with running() as (one, _):
        told = ask(one, "GET / HTTP/1.1", f"Host: localhost:{one.port}")
        for name, value in SECURITY.items():
            assert f"\r\n{name}: {value}\r\n" in told


def test_hosts() -> None:
    with running() as (one, _):
        for host in ("localhost", "127.0.0.1", "[::1]", "LocalHost"):
            assert ask(one, "GET / HTTP/1.1", f"Host: {host}:{one.port}").startswith("HTTP/1.0 200 ")
        told = ask(one, "GET / HTTP/1.1", f"Host: evil.example:{one.port}")
        assert told.startswith("HTTP/1.0 421 ")
        assert "known as 127.0.0.1, [::1], localhost with port" in told
        assert "well" not in told
        assert ask(one, "GET / HTTP/1.1").startswith("HTTP/1.0 400 ")
        assert ask(one, "GET / HTTP/1.0").startswith("HTTP/1.0 200 ")
        assert not one.is_public


def test_hosts_of_a_server_for_the_network() -> None:
    with running("0.0.0.0") as (one, _):
        assert one.is_public
        name = socket.gethostname().lower()
        for host in ("localhost", "192.168.7.7", "[fe80::1]", name, f"{name.partition('.')[0]}.local"):
            assert one.is_own(f"{host}:{one.port}"), host
        for host in ("evil.example", "", "1.2.3", "[x]", f"{name}.evil.example"):
            assert not one.is_own(f"{host}:{one.port}"), host
        assert not one.is_own(f"localhost:{one.port + 1}")


def test_the_given_host_is_a_name_of_the_server() -> None:
    assert own_names("Preview.Example", "127.0.0.1") == {"preview.example", "localhost", "127.0.0.1", "[::1]"}
    assert "[::2]" in own_names("::2", "::2")


def test_a_bug_is_told_here_and_not_there() -> None:
    with running() as (one, said):
        told = ask(one, "GET /bug HTTP/1.0")
        assert told.startswith("HTTP/1.0 500 ")
        assert "ZeroDivisionError" not in told
        assert said == ["error: while answering: ZeroDivisionError()"]


def test_a_head_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "HEAD_SECONDS", 0.2)
    with running() as (one, _), socket.create_connection(("127.0.0.1", one.port), 8) as slow:
        slow.sendall(b"GET / HTTP/1.0\r\nX: ")
        assert slow.recv(100).startswith(b"HTTP/1.0 408 ")


def test_slow_clients_hold_nobody_up() -> None:
    with running() as (one, _):
        slow = [socket.create_connection(("127.0.0.1", one.port), 8) for _ in range(100)]
        for number, connection in enumerate(slow):
            connection.sendall(b"GET /endless HTTP/1.0\r\n" + b"\r\n" * (number % 2))  # and takes nothing
        start = time.monotonic()
        assert "well" in ask(one, "GET / HTTP/1.0")
        assert time.monotonic() - start < 4
        for connection in slow:
            connection.close()


def test_the_slowest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MOST", 64)
    monkeypatch.setattr(web, "PATIENCE_SECONDS", 0.2)
    with running() as (one, _):
        slow = [socket.create_connection(("127.0.0.1", one.port), 8) for _ in range(100)]
        for connection in slow:
            connection.sendall(b"GET / HTTP/1.0\r\n")
        assert "well" in ask(one, "GET / HTTP/1.0")
        assert slow[0].recv(100) == b""
        slow[-1].sendall(b"\r\n")
        assert slow[-1].recv(100).startswith(b"HTTP/1.0 200 ")
        for connection in slow:
            connection.close()


def test_a_body_that_is_still_sent_does_not_take_the_answer_away() -> None:
    with running() as (one, _):
        told = ask(one, "POST / HTTP/1.0", "", "x" * 300_000)
        assert told.startswith("HTTP/1.0 405 ")


def test_dotfiles_are_not_found(tmp_path: Path) -> None:
    for name in (
        ".env",
        ".git/config",
        "a/.b/c.html",
        ".well-known/security.txt",
        ".well-known/.x",
        "c.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "link").symlink_to(".env")
    (tmp_path / "folder").symlink_to(".git")
    found = {name for name in (*ADDRESSES, "link", "folder", "folder/config") if _find(tmp_path, name)}
    assert found == {"c", "c.html", ".well-known/security.txt"}


ADDRESSES = (
    *(
        ".env",
        ".git/config",
        ".git",
        ".git/",
        "a/.b/c.html",
        "a/.b/c",
        "c",
        "c.html",
        ".well-known/.x",
        ".",
        "..",
    ),
    *(".well-known/security.txt", "a/..", "./c.html", ".well-known/../c.html", "a/../c.html"),
)


def test_a_connection_is_closed_by_a_server_that_stops() -> None:
    with running() as (one, _):
        waiting = socket.create_connection(("127.0.0.1", one.port), 8)
        assert "well" in ask(one, "GET / HTTP/1.0")
    assert waiting.recv(100) == b""
    waiting.close()


def test_no_answer_names_the_language_or_its_version() -> None:
    with running() as (one, _):
        for lines in (("GET / HTTP/1.0",), ("GET",), ("POST / HTTP/1.0",)):
            assert re.search(r"(?m)^Server: hnsite\r$", ask(one, *lines))
