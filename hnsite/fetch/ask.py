"""Questions to other people's servers: slowly, patiently, and with an end to everything. The only module that
speaks HTTP as a client.

What may go better later (nobody answers, 429, 5xx, an answer that breaks off) is asked again after pauses
that grow, or as long as ``Retry-After`` says. Addresses of proxies come from the environment.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import NamedTuple, TypeVar

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential, wait_random

from hnsite import __version__
from hnsite.errors import BusyError, FetchError, GoneError, SilentError, UsageError

AGENT = f"hnsite/{__version__} (a static site generator for discussion archives)"
_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}
_GONE = {401, 403, 404, 410, 451}
_AGAIN = {408, 425, 429}
_SILENT = {429, 502, 503, 504}
_RESET = "x-ratelimit-reset"
"""Where Reddit tells in how many seconds it may be asked again."""
_MOST_REDIRECTS = 5
_NUMBER = re.compile(r"([0-9]{1,9})[0-9]*(?:\.[0-9]*)?")
_T = TypeVar("_T")


class Manners(NamedTuple):
    """How often something is asked, and how many seconds are waited: between tries (the first pause, which
    doubles, and the longest), for a connection, for the next bytes, for a whole answer; how long a pause the
    other side may ask for; how many bytes an answer may have, unpacked."""

    tries: int = 5
    pause: float = 1
    longest_pause: float = 60
    connect: float = 15
    read: float = 60
    whole: float = 300
    longest_after: float = 300
    largest: int = 1 << 26


class _Pace:
    """The turns of one server: so many seconds lie between two."""

    def __init__(self) -> None:
        self._next = 0.0

    async def turn(self, spacing: float) -> None:
        now = time.monotonic()
        at = max(now, self._next)
        self._next = at + spacing
        if at > now:
            await asyncio.sleep(at - now)

    def rest(self, seconds: float) -> None:
        self._next = max(self._next, time.monotonic() + seconds)


class Ask:
    """Whom one asks. To be closed. Raises UsageError where the environment names proxies or certificates that
    cannot be used."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._paces: dict[str, _Pace] = {}
        growing = wait_exponential(manners.pause, manners.longest_pause)
        self._pause = growing + wait_random(0, manners.pause)
        self._client = _client(manners)

    async def close(self) -> None:
        await self._client.aclose()

    async def get(self, url: str, spacing: float, read: Callable[[bytes], _T]) -> _T:
        """What ``read`` makes of the answer; its BusyError is a reason to ask again.

        ``spacing`` is how many seconds lie between two questions to this server.
        Raises GoneError, BusyError after the last try, FetchError.
        """

        async def once() -> _T:
            place = httpx.URL(url)
            for _ in range(_MOST_REDIRECTS + 1):
                answer = await self._once(place, spacing)
                if isinstance(answer, bytes):
                    return read(answer)
                place = _next(place, answer)
            raise FetchError(f"leads on more than {_MOST_REDIRECTS} times")

        return await self._again(once, url)

    async def where(self, url: str, spacing: float) -> str:
        """Where an address leads on to, which is not asked itself; "" if nowhere. Raises as ``get``."""

        async def once() -> str:
            answer = await self._once(httpx.URL(url), spacing)
            return "" if isinstance(answer, bytes) else str(httpx.URL(url).join(answer))

        return await self._again(once, url)

    async def _again(self, once: Callable[[], Awaitable[_T]], url: str) -> _T:
        retrying = AsyncRetrying(
            stop=stop_after_attempt(self._manners.tries),
            wait=self._wait,
            retry=retry_if_exception(self._is_passing),
            reraise=True,
        )
        try:
            return await retrying(once)
        except BusyError as error:
            tries = int(retrying.statistics["attempt_number"])
            told = type(error)(f"{error.reason} (asked {tries} times)" if tries > 1 else error.reason, url)
            told.after = error.after
            raise told from None
        except FetchError as error:
            raise type(error)(error.reason, url) from None

    def _is_passing(self, error: BaseException) -> bool:
        return isinstance(error, BusyError) and error.after <= self._manners.longest_after

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        after = error.after if isinstance(error, BusyError) else 0
        return max(self._pause(state), after)

    async def _once(self, place: httpx.URL, spacing: float) -> bytes | str:
        """The body of an answer, or the address that it leads on to."""
        pace = self._paces.setdefault(place.host, _Pace())
        await pace.turn(spacing)
        try:
            async with asyncio.timeout(self._manners.whole), self._client.stream("GET", place) as response:
                if response.has_redirect_location:
                    return response.headers["location"]
                self._check(response, pace)
                return await self._body(response)
        except TimeoutError:
            raise SilentError(f"no whole answer within {self._manners.whole:g} seconds") from None
        except httpx.TimeoutException:
            raise SilentError("no answer in time") from None
        except httpx.UnsupportedProtocol as error:
            raise FetchError(str(error)) from None
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise SilentError(f"no answer: {str(error) or type(error).__name__}") from None

    def _check(self, response: httpx.Response, pace: _Pace) -> None:
        """Raises what an answer's status or packing stands for, if that is no answer."""
        status = f"{response.status_code} {response.reason_phrase}".strip()
        if response.status_code in _AGAIN or response.status_code >= 500:
            reset = response.headers.get(_RESET, "") if response.status_code == 429 else ""
            after = _seconds(response.headers.get("retry-after", reset))
            asks = f", and to come back in {after:.0f} seconds" if after else ""
            kind = SilentError if response.status_code in _SILENT or after else BusyError
            error = kind(f"the server answers {status}{asks}")
            error.after = after
            pace.rest(min(after, self._manners.longest_after))
            raise error
        if response.status_code in _GONE:
            raise GoneError(f"the server answers {status}")
        if response.status_code != 200:
            raise FetchError(f"the server answers {status}")
        if response.headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
            raise FetchError(f"the answer is packed in a way that was not asked for: {_encoding(response)}")

    async def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > self._manners.largest:
                raise FetchError(f"the answer has over {self._manners.largest >> 20} MB")
        return bytes(body)


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: that takes longer than many an answer."""
    return httpx.create_ssl_context()


def _client(manners: Manners) -> httpx.AsyncClient:
    try:
        return httpx.AsyncClient(
            headers={"User-Agent": AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(manners.read, connect=manners.connect),
            verify=_certificates(),
        )
    except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
        reason = f"the proxies or certificates that the environment names cannot be used: {error}"
        raise UsageError(reason) from None


def _encoding(response: httpx.Response) -> str:
    return str(response.headers.get("content-encoding", ""))[:100]


def _next(place: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads. Raises FetchError if to others, or to where nothing is protected."""
    try:
        there = place.join(location)
    except (httpx.InvalidURL, ValueError):
        raise FetchError("leads to an address that is none") from None
    is_safe = there.scheme == "https" or there.scheme == place.scheme == "http"
    if not is_safe or _site(there) != _site(place):
        raise FetchError(f"leads to {str(there)[:200]}, where hnsite does not look for it")
    return there


def _site(place: httpx.URL) -> tuple[str, ...]:
    """The last two parts of a name, or the whole of a number, with its port."""
    parts = place.host.split(".")
    if place.host.replace(".", "").isdigit() or ":" in place.host:
        return (place.host, str(place.port))
    return tuple(parts[-2:])


def _seconds(text: str) -> float:
    """What ``Retry-After`` asks for: seconds, or a date; 0 if neither."""
    text = text.strip()
    if number := _NUMBER.fullmatch(text):
        return float(number[1])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return 0
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
