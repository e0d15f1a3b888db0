"""A thousand requests at once, beside two hundred pages that listen for changes and clients that send or take
one byte a second: a real ``hnsite serve`` answers all of them rightly, in bounded memory and threads, and is
idle again afterwards.

A trial is one of the requests, and at the end what the process took.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterator

from . import Trial
from ._serving import SECONDS, Serving, serving

COUNT = 1000
STREAMS, SLOW = 200, 100
MEMORY, THREADS, CPU = 100_000, 4, 0.2
"""What the process may take: KiB more than before, threads more than before, seconds of two when idle."""
PATHS = ("/", "/item/1.html", "/user/ann.html", "/none", "/users.html", "/search.html", "/feed", "/days.html")

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def trials(count: int) -> Iterator[Trial]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 4096 if hard == resource.RLIM_INFINITY else min(4096, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    try:
        with serving() as served:
            yield from asyncio.run(_crowd(served, count))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def _crowd(served: Serving, count: int) -> list[Trial]:
    expected = {path: served.send(_request(served, path)) for path in PATHS}
    before = served.fact("VmRSS"), served.fact("Threads")
    streams = [await _open(served, _request(served, "/__hnsite/events")) for _ in range(STREAMS)]
    slow = [await _open(served, b"GET / HTTP/1.0\r\nX: ") for _ in range(SLOW)]
    asking = [_ask(served, PATHS[number % len(PATHS)], expected) for number in range(count)]
    trials = list(await asyncio.gather(*asking))
    took = served.fact("VmRSS") - before[0], served.fact("Threads") - before[1]
    trials.append(Trial("memory", f"{took[0]} KiB more" if took[0] > MEMORY else ""))
    trials.append(Trial("threads", f"{took[1]} more" if took[1] > THREADS else ""))
    served.site.write("9.json", [{"type": "story", "id": 9, "by": "zoe", "title": "New"}])
    trials += await asyncio.gather(*(_hears(one) for one in streams))
    for _, writer in (*streams, *slow):
        writer.transport.abort()
    await asyncio.sleep(1)
    cpu = served.cpu()
    await asyncio.sleep(2)
    idle = served.cpu() - cpu
    trials.append(Trial("idle afterwards", f"{idle:.2f} s of CPU in 2 s" if idle > CPU else ""))
    said = served.log.read_text()
    trials.append(Trial("what it said", said if "rror" in said else ""))
    return trials


def _request(served: Serving, path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost:{served.port}\r\n\r\n".encode()


async def _open(served: Serving, request: bytes) -> Streams:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(request)
    await writer.drain()
    return reader, writer


async def _ask(served: Serving, path: str, expected: dict[str, bytes]) -> Trial:
    start = time.monotonic()
    try:
        async with asyncio.timeout(SECONDS):
            reader, writer = await _open(served, _request(served, path))
            answer = await reader.read(-1)
            writer.close()
    except (OSError, TimeoutError) as error:
        return Trial(path, f"{error!r} after {time.monotonic() - start:.1f} s")
    bodies = [one.partition(b"\r\n\r\n")[2] for one in (answer, expected[path])]
    return Trial(path, "" if answer and bodies[0] == bodies[1] else f"another answer: {answer[:80]!r}")


async def _hears(one: Streams) -> Trial:
    """An open page is told of the next build."""
    told: set[bytes] = set()
    try:
        async with asyncio.timeout(SECONDS):
            while len(told) < 2:
                line = await one[0].readline()
                if not line:
                    return Trial("event stream", "ended")
                if line.startswith(b"data: "):
                    told.add(line)
    except (OSError, TimeoutError) as error:
        return Trial("event stream", repr(error))
    return Trial("event stream")
