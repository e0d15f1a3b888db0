"""Every path, link and anchor of the site.

Stable for ever (other people link to them; changing one needs a redirect):

    index.html, page/<n>.html              front; n counts from the oldest threads
    active.html, best.html, .../<n>.html   the threads with most comments, with most points
    front/<day>.html, front/<day>.<n>.html the threads of a day (UTC); n counts from the oldest
    days.html, days/<year>.html            the calendar
    from/<domain>.html, .../<domain>.<n>.html  the threads that link to a site; n counts from the oldest
    sites.html, sites/<beginning>.html     all sites by name
    item/<id>.html                         a thread (its story's id) or a comment's permalink
    item.html?id=<n>                       leads on to item <n> of Hacker News, wherever it stands
    user.html?id=<name>                    leads on to an author; so do threads.html and submitted.html
    from.html?site=<domain>, front.html?day=<day>  lead on to the threads of a site, of a day
    item/<id>.<n>.html                     further pages of a thread, n from 2
    item/<id>.time.html, .time.<n>.html    the same thread by time
    user/<name>.html, user/<name>.<n>.html an author; n counts from the oldest comments; those of other
                                           sources are user/<source>-<name>.html
    users.html, users/<beginning>.html     all authors; many are parted by what their names begin with
    leaders.html, linked.html              authors by comments, sites by threads; many are parted by both
    search.html?q=<words>                  what the archive says of something
    pages/<name>.html                      a note: content/<name>.md; those in folders stand in folders
    pages.html                             all notes, where some are not in the header of every page
    feed.xml, feed.json                    the newest threads, as Atom and as JSON Feed
    user/<name>.xml, item/<id>.xml         the newest of an author, of a thread, as Atom
    v0/item/<id>.json, v0/user/<name>.json, v0/<list>.json  the Hacker News API, as files
    sitemap.xml, sitemap/<n>.xml, robots.txt  for search engines
    404.html
    #<id>                                  a comment on any page that shows it

With ``permalinks = "anchors"`` comments have no pages: a permalink is ``item/<story>.html#<id>``, or
``item/<story>.<n>.html#<id>`` in a thread of several pages, and item.html finds it by its maps:

    item/map/<n>.js                        where the items of a range of numbers stand, which begins at <n>

Maps may be parted and their form may change; only item.html reads them. So it is with what search.html
reads: all of ``search/``. What pages need besides
their HTML lies in ``static/<digest>/``, where the digest is of all of it, so that it can be cached for ever.

Notes lie below a folder of their own, so that whoever calls one "index", "user" or what hnsite may want
some day takes no other page's address; ``content/index.md`` alone is shown on another, the front page.

Paths are below the output folder, with ``/``. Links are relative to the page that holds them.
Pure: nothing here looks at a disk.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from hnsite.model import is_provisional, parted_name

FRONT_PATH = "index.html"
AUTHORS_PATH = "users.html"
LEADERS_PATH = "leaders.html"
SITES_PATH = "sites.html"
LINKED_PATH = "linked.html"
DAYS_PATH = "days.html"
NOT_FOUND_PATH = "404.html"
FIND_PATH = "item.html"
FINDERS = {
    FIND_PATH: ("item", "id"),
    "user.html": ("author", "id"),
    "threads.html": ("author", "id"),
    "submitted.html": ("author", "id"),
    "from.html": ("site", "site"),
    "front.html": ("day", "day"),
}
"""The pages that lead on from addresses of Hacker News: to what, and by which parameter."""
FEED_PATH = "feed.xml"
JSON_FEED_PATH = "feed.json"
SITEMAP_PATH = "sitemap.xml"
ROBOTS_PATH = "robots.txt"
API = "v0"
MAPS = "item/map/"
SEARCH_PATH = "search.html"
SEARCH = "search"
INDEX_PATH = "search/index.js"
NOTES_PATH = "pages.html"
NOTES = "pages"
STATIC = "static"
HN = "https://news.ycombinator.com/"
HN_ITEM = f"{HN}item?id="

SOURCES = frozenset(["discord", "discourse", "forum", "lobsters", "mail", "reddit", "slack", "zulip"])
"""Sources whose authors' pages are called ``<source>-<name>``; names of Hacker News that would be called so
too are not left as they are. A source may be added where no site has authors of that beginning."""

_PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])")
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*\.[a-z]{2,}")
_WEB_URL = re.compile(r"(?i)https?://[^\s\x00-\x20\x7f-\x9f\\<>\"]+")
LONGEST_URL = 4096
_HIDDEN = (
    0xAD,
    0x61C,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
)
NOT_IN_URLS = {code: quote(chr(code), safe="") for code in (*map(ord, '<>"^`{|}'), *_HIDDEN)}
"""What addresses are written without: signs that browsers write otherwise, and what nobody can see."""
_USUAL_URL = re.compile(
    r"https?://(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?![^/?#])"
    r"(?:[^%#\[\]\ufffd]++|%[0-9a-f]{2})*+(?:#(?:[^%#\[\]\ufffd]++|%[0-9a-f]{2})*+)?",
    re.IGNORECASE,
)
_URL = re.compile(r"(?i)(https?://)([^/?#]*)(.*)", re.DOTALL)
_SERVER = re.compile(r"(?:.*@)?(\[[0-9a-fA-F:.]+\]|[^\[\]:%@]+)(?::([0-9]{0,5}))?", re.DOTALL)
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_IN_PLACES = {ord("["): "%5B", ord("]"): "%5D", 0xFFFD: "%EF%BF%BD"}
_SAFE_IN_URLS = "%:/?#[]@!$&'()*+,;=~"
_OWN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}(?:@[a-z][a-z0-9]{0,19})?")
_NOT_NAME = re.compile(r"[^a-z0-9_]+")
_UNSAFE = re.compile(r"[^a-z0-9]")
_BLANKS = re.compile(r"\s+")


def file_name(name: str) -> str:
    """A file name for any text, by a rule that looks at the text alone.

    Plain lower-case ASCII names stay as they are; everything else (capitals, device names of
    Windows, names with ``--``, other scripts, paths, nothing at all) gets an ASCII base and
    twelve hex digits of its SHA-256, so that different names get different files also where
    the file system ignores case or normalises Unicode.
    """
    if name.isdecimal() and name.isascii() and len(name) <= 64:  # most ids; the same by the rule below
        return name
    return _file_name(name)


@lru_cache(maxsize=1 << 14)  # a thread names its authors many times
def _file_name(name: str) -> str:
    return name if _is_plain(name) else _digested(name, name)


def _is_plain(name: str) -> bool:
    return bool(_PLAIN_NAME.fullmatch(name)) and "--" not in name and not _RESERVED.fullmatch(name)


def _digested(name: str, shown: str) -> str:
    """A file name that nothing but ``name`` has, and that begins with what is ASCII of ``shown``."""
    ascii_name = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode().lower()
    base = _NOT_NAME.sub("-", ascii_name).strip("-_")[:32].strip("-_") or "name"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{base}--{digest}"


def static_path(name: str, digest: str) -> str:
    """A file that a theme brings; relative addresses in it lead to other files of the theme."""
    return f"{STATIC}/{digest}/{name}"


def item_path(id: str, page: int = 1) -> str:
    return _numbered(f"item/{file_name(id)}", page)


def find(id: str) -> str:
    """The address that leads on to an item of Hacker News, whichever page it is on."""
    return f"{FIND_PATH}?id={id}"


def map_path(first: int) -> str:
    """The map of a range of numbers that begins at ``first``."""
    return f"{MAPS}{first}.js"


def text_path(thread: int, chunk: int) -> str:
    """The texts of some of a thread's items that search.html shows, by the thread's number in the index."""
    return f"{SEARCH}/text/{thread}.{chunk}.js"


def words_path(first: str, last: str = "") -> str:
    """Where words stand that begin with ``first`` or with what follows it up to the last letter ``last``;
    or the one word ``first``."""
    return f"{SEARCH}/words/{_spelled(first)}-{_spelled(last)}.js"


def places_path(words_path: str) -> str:
    """The places within texts that belong to a file of words."""
    return words_path.replace("/words/", "/places/", 1)


def _spelled(word: str) -> str:
    """A word in letters that are safe in file names, in a way that the page's script can repeat."""
    return _UNSAFE.sub(lambda match: f"_{ord(match[0]):x}_", word)


def time_path(id: str, page: int = 1) -> str:
    return _numbered(f"item/{file_name(id)}.time", page)


def author_path(name: str, page: int = 0) -> str:
    """Page 0 is the author's newest page, whose address never changes; others count from the oldest."""
    return _counted(f"user/{_author_file(name)}", page)


def sitemap_path(number: int) -> str:
    """A part of a sitemap that does not fit in one file."""
    return f"sitemap/{number}.xml"


def author_feed_path(name: str) -> str:
    return f"user/{_author_file(name)}.xml"


def thread_feed_path(id: str) -> str:
    return f"item/{file_name(id)}.xml"


def api_item_path(id: str) -> str:
    return f"{API}/item/{file_name(id)}.json"


def api_user_path(name: str) -> str:
    return f"{API}/user/{_author_file(name)}.json"


def api_own_name_path(name: str) -> str | None:
    """Where programs look for an author whose files have another name: ``v0/user/Zak.json``. None for a name
    that no file can have everywhere, and for one whose file is called so already.

    Two of these may differ in case only; such a file is written where the archive has no other author who is
    called so, case aside.
    """
    path = f"{API}/user/{name}.json"
    first = name.partition(".")[0].partition("@")[0].lower()
    fits = _OWN_NAME.fullmatch(name) and "--" not in name and not _RESERVED.fullmatch(first)
    return path if fits and path != api_user_path(name) else None


def api_list_path(name: str) -> str:
    return f"{API}/{name}.json"


@lru_cache(maxsize=1 << 14)
def _author_file(author: str) -> str:
    """``alice`` of Hacker News is ``alice``, ``alice@lobsters`` is ``lobsters-alice``."""
    name, source = parted_name(author)
    if source in SOURCES and _is_plain(joined := f"{source}-{name}"):
        return joined
    if source or author.partition("-")[0] in SOURCES:
        return _digested(author, f"{source}-{name}")
    return _file_name(author)


def part_path(top: str, part: str) -> str:
    """One of several pages that ``top`` leads to: ``users/ab.html`` of ``users.html``; ``top`` for ""."""
    return f"{top.removesuffix('.html')}/{file_name(part)}.html" if part else top


def front_path(page: int = 0) -> str:
    """Page 0 is the front page; others count from the oldest threads."""
    return f"page/{page}.html" if page else FRONT_PATH


def top_path(order: str, page: int = 1) -> str:
    """The threads by points (``score``) or by ``comments``, most first."""
    base = "best" if order == "score" else "active"
    return f"{base}/{page}.html" if page > 1 else f"{base}.html"


def day_path(day: str, page: int = 0) -> str:
    """Page 0 holds the newest threads of the day; others count from the oldest."""
    return _counted(f"front/{day}", page)


def year_path(year: str) -> str:
    return f"days/{year}.html"


def month_anchor(month: str) -> str:
    """Where a month stands on the page of its year."""
    return f"m{month[5:]}-{month[:4]}"


def site_path(domain: str, page: int = 0) -> str:
    """Page 0 holds the newest threads that link to the site; others count from the oldest.

    Domains as they are usual stand as they are; no file name has a dot, so no two are the same.
    """
    is_usual = len(domain) <= 64 and "--" not in domain and _DOMAIN.fullmatch(domain)
    first = domain.partition(".")[0]
    name = domain if is_usual and not _RESERVED.fullmatch(first) else file_name(domain)
    return _counted(f"from/{name}", page)


def note_path(place: str) -> str:
    """Where a note stands that lies at ``place`` below content/: ``pages/notes/on-clocks.html`` for
    ``notes/On clocks.md``.

    Case, blanks and Unicode's ways to write an accent do not count, so that addresses look as people expect
    and no two differ in nothing else; two notes can have one address, therefore.
    """
    if place.lower() == "index.md":
        return FRONT_PATH
    parts = unicodedata.normalize("NFC", place[: -len(".md")]).lower().split("/")
    return f"{NOTES}/{'/'.join(file_name(_BLANKS.sub('-', part.strip())) for part in parts)}.html"


def anchor(id: str) -> str:
    """The ``id`` attribute of a comment: its id, made safe for fragments and attributes."""
    return file_name(id)


def relative(path: str, page_path: str) -> str:
    """The link that leads from the page at ``page_path`` to ``path``."""
    folder, slash, _ = page_path.rpartition("/")
    up = ""
    while slash:
        if path.startswith(f"{folder}/"):
            return up + path[len(folder) + 1 :]
        up += "../"
        folder, slash, _ = folder.rpartition("/")
    return up + path


def source_url(id: str, original: str | None = None) -> str | None:
    """Where an item was posted, if its dumps say so or its id tells it: Hacker News for numbers."""
    return web_url(original) or (HN_ITEM + id if is_hn(id) else None)


def is_hn(id: str) -> bool:
    return id.isascii() and id.isdigit()


def ascii_url(url: str) -> str:
    """An address with nothing but ASCII in it, as sitemaps want it."""
    if url.isascii():
        return quote(url, safe=_SAFE_IN_URLS)
    parts = urlsplit(url)
    try:
        host = parts.netloc.encode("idna").decode()
    except UnicodeError:
        host = quote(parts.netloc)
    return quote(parts._replace(netloc=host).geturl(), safe=_SAFE_IN_URLS)


def domain_of(url: str | None) -> str | None:
    """The host that Hacker News would show behind a title: without ``www.``, lower case."""
    if not url or "\\" in url:  # browsers take it for a slash
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def web_url(url: str | None) -> str | None:
    """The address if a browser may follow it from an archive: http or https, nothing odd in it.

    What addresses may not hold is written as browsers send it.
    """
    return written_url(url) if url and len(url) <= LONGEST_URL and _WEB_URL.fullmatch(url) else None


def written_url(url: str) -> str | None:
    """An address of the web or of mail as HTML wants it: what may not stand there escaped, nobody's name and
    password in it. None where it names no server."""
    url = url.translate(NOT_IN_URLS)
    if _USUAL_URL.fullmatch(url):
        return url
    parts = _URL.fullmatch(url)
    if not parts:
        return _written_place(url)
    server = _SERVER.fullmatch(parts[2])
    if not server or not _is_host(server[1]) or int(server[2] or 0) > 65_535:
        return None
    port = f":{server[2]}" if server[2] else ""
    return f"{parts[1]}{server[1]}{port}{_written_place(parts[3])}"


def _written_place(place: str) -> str:
    """What stands behind the server."""
    place = _LONE_PERCENT.sub("%25", place).translate(_IN_PLACES)
    before, sign, behind = place.partition("#")
    return f"{before}{sign}{behind.replace('#', '%23')}"


def _is_host(host: str) -> bool:
    """Whether a server can be called so."""
    labels = host.removesuffix(".").split(".")
    if host.startswith("[") or re.fullmatch(r"[0-9]+|0[xX][0-9a-fA-F]*", labels[-1]):
        try:
            ip_address(host.strip("[]"))
        except ValueError:
            return False
        return True
    try:
        [label.encode().decode("idna") for label in labels if label.lower().startswith("xn--")]
    except UnicodeError:
        return False
    return all(
        label and len(label) < 64 and not unicodedata.category(label[0]).startswith("M") for label in labels
    )


def id_key(id: str) -> tuple[int, int, str]:
    """Sorts ids as people expect: numbers by value, then the rest, provisional ones last."""
    if is_hn(id):
        return (0, int(id), id)
    return (2 if is_provisional(id) else 1, 0, id)


def _numbered(base: str, page: int) -> str:
    return f"{base}.{page}.html" if page > 1 else f"{base}.html"


def _counted(base: str, page: int) -> str:
    return f"{base}.{page}.html" if page else f"{base}.html"
