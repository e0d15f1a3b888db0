"""Hostile requests, sent over raw sockets to a real ``hnsite serve``: paths that lead out or to dotfiles in
all encodings, hosts and origins of others, other methods, and what is no request at all.

A trial is one request. Nothing outside the site may be told, what is answered must be one whole answer with
the headers of a host, of the right status, and the server must be as well as before.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from . import Trial
from ._serving import SECRET, Serving, serving

COUNT = 3000
UP = """
    .. %2e%2e %2E%2e .%2e %2e. %252e%252e %25%32%65%2e ..%00 %00.. ..%20 ... . %c0%ae%c0%ae
    %e0%80%ae%e0%80%ae %f0%80%80%ae. %u002e%u002e %uff0e%uff0e %ef%bc%8e%ef%bc%8e ..; ..%3b %e2%80%a5
    ..%ff ..%0d%0a ..%09 ~ out in out.txt %6fut
"""
SLASH = """
    / // %2f %2F \\ %5c %5C %252f %255c %c0%af %e0%80%af %ef%bc%8f /./ /%2e/ /;/ \\/ %00/ %u2215
"""
START = """
    / // /// /item/ /static/ /user/../ /item%2f http://127.0.0.1/ /%00/ file:/// /\\ /c:/ /C|/
    /proc/self/cwd/ /__hnsite/ /__hnsite/../ /sub/ /. *
"""
AIM = """
    secret.txt secret etc/passwd .env .ENV %2eenv .%65nv sub/.git/config .hidden/x .hidden/x.html .hidden/
    sub/.git/ item/.x hnsite.toml content/1.json .cache/hnsite/ out/secret.txt out/ out.txt in.txt
    in/x.html in/x . .. proc/self/environ serve.py reload.js/../../serve.py overlay.css%00.js
"""
END = """
    / ?x=1 #x %00 %00.html . %20 ::$DATA ;.html .html %2f /. /..
"""
HOSTS = """
    evil.example evil.example:{port} 127.0.0.1.evil.example:{port} localhost.evil.example:{port}
    localhost:{other} 127.0.0.1:{other} localhost 127.0.0.1 127.0.0.2:{port} 0.0.0.0:{port}
    localhost:{port}@evil.example evil.example:{port}#localhost:{port} :{port} [::]:{port} 127.1:{port}
    2130706433:{port} 0x7f.1:{port} [::2]:{port} [::ffff:127.0.0.1]:{port} localhost.:{port}
    localhost:{port}/ localhost:{port}.evil.example 169.254.169.254 192.168.0.1:{port} a.localhost:{port}
    localhost:0{port}0 localhost:-1 \\x localhost%00:{port} xn--localhost:{port} user@localhost
"""
ODD_HOSTS = ("", " ", "localhost:{port}, evil.example", "l\u00f6calhost:{port}", "localhost:{port}\x00")
OWN_HOSTS = ("localhost:{port}", "127.0.0.1:{port}", "[::1]:{port}", "LOCALHOST:{port}", " localhost:{port} ")
ORIGINS = (
    *(
        "http://evil.example",
        "https://localhost:{port}",
        "http://localhost:{other}",
        "null",
        "http://localhost",
    ),
    *(
        "http://localhost:{port}.evil.example",
        "http://127.0.0.1.evil.example:{port}",
        "file://",
        "",
        "http://",
    ),
    *("chrome-extension://x", "http://localhost:{port}, http://evil.example", "HTTP://localhost:{port}x"),
)
SITES = ("cross-site", "same-site", "Cross-Site", "x", "same-origin, cross-site")
METHODS = """
    POST PUT DELETE PATCH OPTIONS TRACE CONNECT PROPFIND MKCOL DEBUG get Get HEADX GETGET PURGE __init__
    SEARCH
"""
NO_REQUESTS: tuple[bytes, ...] = (
    *(
        b"\r\n\r\n",
        b"\n\n",
        b"\x00" * 100,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET /",
    ),
    *(
        b"GET /\r\n\r\n",
        b"GET / HTTP/9\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ),
    *(
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET  /  HTTP/1.0 x\r\n\r\n",
        b"GET / HTTP/1.x\r\n\r\n",
        b"GET / FTP/1.0\r\n\r\n",
    ),
    *(
        b"GET /" + b"a" * 9000 + b" HTTP/1.0\r\n\r\n",
        b"GET /" + b"a" * 100_000,
        b"G" * 100_000,
        b"GET\x00/ HTTP/1.0",
    ),
    *(
        b"GET / HTTP/1.0\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.0\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ),
    *(
        b"GET / HTTP/1.0\r\n" + b"X: y\r\n" * 5000,
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.0\rX",
    ),
    *(
        b"GET /\rx HTTP/1.0\r\n\r\n",
        b"GET /\x0b/ HTTP/1.0\r\n\r\n",
        b"\xff\xfe /\r\n\r\n",
        b"GET / HTTP/-1.0\r\n\r\n",
    ),
    *(b"GET / HTTP/1.1111111111111111111111\r\n\r\n", b"GET * HTTP/1.0\r\n\r\n", b"GET x HTTP/1.0\r\n\r\n"),
)
PAGES = ("/", "/item/1", "/item/1.html", "/user/ann", "/none", "/users.html", "/item", "/sub", "/robots.txt")
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) [^\r\n]*\r\n")
REQUIRED = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "content-type",
    "cache-control",
)


def trials(count: int) -> Iterator[Trial]:
    kinds: tuple[Callable[[Serving, random.Random], Trial], ...]
    kinds = (_path, _path, _path, _path, _host, _origin, _method, _no_request, _garbage, _head)
    with serving() as served:
        for number in range(count):
            yield kinds[number % len(kinds)](served, random.Random(number))
        yield _is_well(served)


def _ask(served: Serving, request: bytes, *expected: int) -> Trial:
    """Sends it; the status must be one of those expected, or nothing may come back if 0 is."""
    answer = served.send(request)
    return Trial(repr(request[:300]), _fault(answer, request, expected))


def _fault(answer: bytes, request: bytes, expected: tuple[int, ...]) -> str:
    if SECRET.encode() in answer or b"root:" in answer:
        return "told a secret"
    if not answer:
        return "" if 0 in expected else "no answer"
    match = STATUS.match(answer)
    if not match:
        return f"no whole answer: {answer[:60]!r}"
    head, _, body = answer.partition(b"\r\n\r\n")
    headers = {line.split(b":")[0].decode().lower(): line for line in head.split(b"\r\n")[1:]}
    if lacks := [name for name in REQUIRED if name not in headers]:
        return f"lacks {lacks}"
    if any(name.startswith("access-control") for name in headers):
        return "lets other sites read"
    if not re.fullmatch(rb"/([^/\\].*)?", headers.get("location", b"Location: /")[10:]):
        return f"leads elsewhere: {headers['location']!r}"
    length = int(headers.get("content-length", b":-1").split(b":")[1])
    if length >= 0 and len(body) != length and not request.startswith(b"HEAD "):
        return f"{len(body)} bytes instead of {length}"
    return "" if int(match[1]) in expected else f"status {int(match[1])}"


def _request(path: str, *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    lines = (f"{method} {path} HTTP/{version}", *headers)
    return "\r\n".join((*lines, "", "")).encode("utf-8")


def _filled(text: str, served: Serving) -> str:
    return text.replace("{port}", str(served.port)).replace("{other}", str(served.port + 1))


def _own(served: Serving) -> str:
    return f"Host: localhost:{served.port}"


def _one(random: random.Random, words: str) -> str:
    return random.choice(words.split())


def _path(served: Serving, random: random.Random) -> Trial:
    steps = "".join(_one(random, UP) + _one(random, SLASH) for _ in range(random.randrange(5)))
    secret = str(served.site.root / "secret.txt")
    aim = random.choice((*AIM.split(), "", secret, secret[1:]))
    path = _one(random, START) + steps + aim + random.choice(("", _one(random, END)))
    return _ask(served, _request(path, _own(served)), 200, 302, 400, 404, 414)


def _host(served: Serving, random: random.Random) -> Trial:
    if random.random() < 0.2:
        host = _filled(random.choice(OWN_HOSTS), served)
        return _ask(served, _request("/", f"Host: {host}"), 200)
    host = _filled(random.choice((*HOSTS.split(), *ODD_HOSTS)), served)
    path = random.choice(("/", "/item/1", "/none", "/__hnsite/events", "/__hnsite/reload.js"))
    return _ask(served, _request(path, f"Host: {host}"), 400, 421)


def _origin(served: Serving, random: random.Random) -> Trial:
    """The event stream, and what else only the pages of the preview are for; also as a WebSocket."""
    path = random.choice(
        ("/__hnsite/events", "/__hnsite/events?x", "/__hnsite/reload.js", "/__hnsite/overlay.css")
    )
    own = random.choice(("http://localhost:{port}", "http://127.0.0.1:{port}", "http://[::1]:{port}"))
    if random.random() < 0.2:  # HEAD, because a stream has no end
        headers = (_own(served), f"Origin: {_filled(own, served)}", "Sec-Fetch-Site: same-origin")
        return _ask(served, _request(path.partition("?")[0], *headers, method="HEAD"), 200)
    other = _filled(random.choice(ORIGINS), served)
    asked: tuple[str, ...] = random.choice(
        (
            (f"Origin: {other}",),
            (f"Sec-Fetch-Site: {random.choice(SITES)}",),
            (f"Origin: {other}", f"Origin: {own}"),
        )
    )
    upgrade = (
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: eA==",
    )
    more = upgrade if random.random() < 0.5 else ()
    return _ask(served, _request(path, _own(served), *asked, *more), 403)


def _method(served: Serving, random: random.Random) -> Trial:
    body = random.choice(
        ("", "Content-Length: 5", "Content-Length: -1", "Transfer-Encoding: chunked", "Expect: 100-continue")
    )
    headers = (_own(served), *((body,) if body else ()))
    request = _request(random.choice(PAGES), *headers, method=_one(random, METHODS))
    return _ask(served, request + random.choice((b"", b"hello", b"x" * 300_000)), 405)


def _no_request(served: Serving, random: random.Random) -> Trial:
    return _ask(served, random.choice(NO_REQUESTS), 0, 400, 404, 405, 408, 414, 421, 431, 505)


def _garbage(served: Serving, random: random.Random) -> Trial:
    """Random bytes, or a good request with some of them changed."""
    good = bytearray(_request("/item/1", _own(served), "Accept: */*"))
    for _ in range(random.randrange(1, 9)):
        good[random.randrange(len(good))] = random.randrange(256)
    garbage = random.choice((bytes(good), random.randbytes(random.randrange(1, 3000))))
    return _ask(served, garbage, 0, 200, 302, 400, 404, 405, 414, 421, 431, 505)


def _head(served: Serving, random: random.Random) -> Trial:
    """HEAD says what GET says, and no more."""
    path = random.choice(PAGES)
    get, head = (served.send(_request(path, _own(served), method=method)) for method in ("GET", "HEAD"))
    told = [re.sub(rb"\r\nDate: [^\r]*", b"", one.partition(b"\r\n\r\n")[0]) for one in (get, head)]
    is_right = told[0] == told[1] and head.endswith(b"\r\n\r\n")
    return Trial(f"HEAD {path}", "" if is_right else f"{told}")


def _is_well(served: Serving) -> Trial:
    """After all that the server is there, has said nothing, and has changed nothing."""
    fault = _fault(served.send(_request("/", _own(served))), b"", (200,))
    said = [line for line in Path(served.log).read_text().splitlines() if "rror" in line or "Trace" in line]
    return Trial("the server afterwards", fault or "; ".join(said[:3]))
