"""What a host is to send with a site's files, and where it is to lead: one table, from which come what hosts
read (``_headers``, ``_redirects``) and what ``hnsite serve`` sends. Pure.

netlify.toml and docs/nginx.conf say the same by hand; ``tests/test_headers.py`` compares them.

Laws: a page may use its own files and nothing else, and stands in nobody's frame; no two rules that match
one path name the same header, because Cloudflare joins the values with a comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote

from hnsite import urls
from hnsite.config import Config
from hnsite.hosts import HOSTS
from hnsite.mark import COMMENT

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""For every file. Browsers believe the type it is sent with, and tell nobody where a reader came from."""
FOR_EVER = "public, max-age=31536000, immutable"
"""How long what lies in static/ may be kept: its addresses change with what is in it."""
ASKED_AGAIN = "public, max-age=0, must-revalidate"
"""How long everything else may be kept. Netlify and Cloudflare say so by themselves."""
ATOM, JSON_FEED, JSON = (
    "application/atom+xml; charset=utf-8",
    "application/feed+json; charset=utf-8",
    "application/json; charset=utf-8",
)

HEADERS_PATH, REDIRECTS_PATH, NOJEKYLL_PATH = "_headers", "_redirects", ".nojekyll"
YIELDING = frozenset([HEADERS_PATH, REDIRECTS_PATH, NOJEKYLL_PATH, urls.ROBOTS_PATH])
"""Files that are not made where somebody has put one of their own."""
_ABOUT = f"{COMMENT}# For hosts that read it. Without the line above the file is yours, and stays.\n"


class Rule(NamedTuple):
    """The headers of all paths that match: ``*`` is anything."""

    path: str
    headers: Mapping[str, str]


def rules(config: Config) -> Iterator[Rule]:
    """All rules of a site, which lies at the root of its host, or below the path of its address."""
    yield Rule("/*", SECURITY)
    for base in dict.fromkeys(("/", _base(config))):
        yield Rule(f"{base}{urls.STATIC}/*", {"Cache-Control": FOR_EVER})
        if config.feeds != "none":
            yield Rule(f"{base}{urls.FEED_PATH}", {"Content-Type": ATOM})
            yield Rule(f"{base}{urls.JSON_FEED_PATH}", {"Content-Type": JSON_FEED})
        if config.feeds in ("authors", "threads"):
            yield Rule(f"{base}user/*.xml", {"Content-Type": ATOM})
        if config.feeds == "threads":
            yield Rule(f"{base}item/*.xml", {"Content-Type": ATOM})
        if config.api:
            yield Rule(f"{base}{urls.API}/*", {"Content-Type": JSON, "Access-Control-Allow-Origin": "*"})


def headers_of(path: str, config: Config) -> dict[str, str]:
    """What is sent with the file at an address path, which begins with ``/``."""
    found = {"Cache-Control": ASKED_AGAIN}
    for rule in rules(config):
        pattern = "(.*)".join(map(re.escape, rule.path.split("*")))
        if re.fullmatch(pattern, path, re.DOTALL):
            found.update(rule.headers)
    return found


def host_files(config: Config) -> Iterator[tuple[str, bytes]]:
    """The files that tell hosts how to serve the site: for its host, or for all where none is named."""
    made = {
        HEADERS_PATH: _headers(config),
        REDIRECTS_PATH: _redirects(config),
        NOJEKYLL_PATH: _ABOUT.encode(),
    }
    for path, content in made.items():
        if content is not None and (not config.host or path in HOSTS[config.host].reads):
            yield path, content


def _headers(config: Config) -> bytes:
    lines = [_ABOUT]
    for path, headers in rules(config):
        lines += [path, *(f"  {name}: {value}" for name, value in headers.items()), ""]
    return "\n".join(lines).encode()


def _redirects(config: Config) -> bytes | None:
    """Only Netlify looks at what stands behind ``?``; elsewhere, and without pages of comments, the script of
    item.html leads on."""
    if not config.has_pages:
        return None
    base = _base(config)
    froms = dict.fromkeys(("/", base))
    lines = [f"{one}item id=:id {base}item/:id.html 302!" for one in froms]
    return "\n".join((_ABOUT, *lines, "")).encode()


def _base(config: Config) -> str:
    return quote(config.base_path, safe="/%~")
