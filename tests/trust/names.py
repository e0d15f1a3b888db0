"""Hostile names: whatever authors, ids, sites, titles, channels and files are called, they have addresses of
their own that every system takes, and the links to them lead there.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path

import chromium
import host
import hostile_names
from built_site import Page, Site
from playwright.sync_api import Error
from playwright.sync_api import Page as Tab
from small_site import Site as Source
from small_site import differences

from hnsite.headers import NOJEKYLL_PATH
from hnsite.limits import LONGEST_NAME
from hnsite.markup import visible

from . import Trial

COUNT = 700
"""Names, each in every place of every format."""
CLICKED = 150

_FILE = re.compile(r"[a-z0-9_-][a-z0-9._-]{0,99}")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|conin|conout|clock)(?:\..*)?")
_LOST = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\\s+")
_TEXT = re.compile(r'hnsiteSearch\("[^"]+",(.*)\);\n', re.DOTALL)
_INVISIBLE = (" ", "\u200b", "\u3164", "\u2800", "\xa0", "\u3000", "\u115f\u1160", "\ufe0f", "\U000e0041")


def trials(count: int) -> Iterator[Trial]:
    shared = Path(os.environ.get("HNSITE_SHARED") or Path(__file__).resolve().parents[3] / "shared")
    names = hostile_names.names(count, shared)
    with tempfile.TemporaryDirectory(prefix="hnsite-names-") as folder:
        source = Source(Path(folder) / "one")
        hostile_names.write(source.root / "content", names)
        source.build(jobs=2)
        yield from checked(source.public, names)
        yield from rebuilt(source, names, Path(folder) / "two")
        if executable := chromium.find():
            some, site = names[:: -(-len(names) // CLICKED)], Site(source.public)
            with chromium.started(executable) as browser, host.served(source.public) as address:
                for start in (source.public.as_uri(), address):
                    yield from clicked(browser.new_page(), start, site, some)


def checked(public: Path, names: Sequence[str]) -> Iterator[Trial]:
    """Every file, every page's links, every author."""
    site = Site(public)
    folded = Counter(path.casefold() for path in site.files)
    for path in sorted(site.files):
        fault = "" if all(map(_is_valid, path.split("/"))) else "not a file name for every system"
        yield Trial(f"file {path}", fault or ("" if folded[path.casefold()] == 1 else "twins"))
    site.scan()
    broken = site.broken()
    for path in sorted(site.references):
        yield Trial(f"links of {path}", "; ".join(one for one in broken if one.startswith(f"{path} -> ")))
    yield from _authors(site, names)
    yield from _found(site)


def _is_valid(name: str) -> bool:
    if name == NOJEKYLL_PATH:  # GitHub Pages wants it called so
        return True
    return bool(_FILE.fullmatch(name)) and not name.endswith(".") and not _DEVICE.fullmatch(name)


def listed(site: Site) -> dict[str, list[str]]:
    """Authors' pages, by the name that the directory shows; two may look alike."""
    found: dict[str, list[str]] = defaultdict(list)
    lines = [
        line for path in _lists(site) for line in site.kept(path).root.xpath('//*[@class="authors"]/li/a')
    ]
    for line in lines:
        found[line.text_content()].append(f"user/{line.get('href').rpartition('/')[2]}")
    return found


def _lists(site: Site) -> list[str]:
    return sorted(path for path in site.files if re.fullmatch(r"users(?:/[^/]+)?\.html", path))


def _authors(site: Site, names: Sequence[str]) -> Iterator[Trial]:
    """That every name in every format is an author's, whose page is that author's alone."""
    pages = listed(site)
    shared = Counter(chain.from_iterable(pages.values()))
    texts = {path: _texts(site.kept(path)) for path in shared if path in site.files}
    for source in hostile_names.FORMATS:
        for place, name in enumerate(names if source not in ("mail", "files") else ()):
            paths = pages.get(shown(name, source), ())
            own = [path for path in paths if f"wrote{place}" in texts.get(path, ())]
            fault = ""
            if hostile_names.kept(name) and len(own) != 1:
                fault = f"has {len(own)} pages of {len(paths)} in the list of authors"
            elif own and shared[own[0]] > 1:
                fault = f"{own[0]} is another author's, too"
            yield Trial(f"author {name[:60]!a} of {source or 'hn'}", fault)


def _texts(page: Page) -> set[str]:
    return set(re.findall(r"wrote\d+", page.content.decode()))


def shown(name: str, source: str) -> str:
    """A name as the list of authors has it."""
    name = hostile_names.kept(name)
    if len(name) > LONGEST_NAME:
        name = f"{name[:LONGEST_NAME]}… [cut, {sha256(name.encode()).hexdigest()[:12]}]"
    if source:
        name = f"{name}@{source}"
    return ascii(name) if name in _INVISIBLE else visible(name.replace("\r", "\n"))


def _found(site: Site) -> Iterator[Trial]:
    """That what the search finds has the pages that its script leads to."""
    for path in sorted(site.files):
        if path.startswith("search/text/"):
            match = _TEXT.fullmatch((site.folder / path).read_text("utf-8"))
            assert match, path
            story, _, _, documents = json.loads(match[1])
            ids = [id if isinstance(id, str) else id[1] for id, *_ in documents]
            lost = [id for id in (story, *ids) if f"item/{id}.html" not in site.files]
            yield Trial(f"hits of {path}", f"no page: {', '.join(lost)}" if lost else "")


def rebuilt(source: Source, names: Sequence[str], elsewhere: Path) -> Iterator[Trial]:
    """That the same dumps in another order have the same addresses, and that nothing is written twice."""
    before = source.stamps()
    report = source.build()
    is_same = not report.written and source.stamps() == before
    yield Trial("building again", "" if is_same else f"{report.written} files written")
    other = Source(elsewhere)
    hostile_names.write(other.root / "content", names, prefix="zz-")
    other.build()
    differing = differences(source.pages(), other.pages())
    yield Trial("another order of dumps", f"differ: {', '.join(differing[:5])}" if differing else "")


def clicked(tab: Tab, address: str, site: Site, names: Sequence[str]) -> Iterator[Trial]:
    """That a reader who clicks gets from the list of authors to each author, on to a comment, back to the
    author, to the thread, and to the author again; ``names`` are authors of Hacker News."""
    pages = listed(site)
    for name in names:
        for path in pages.get(shown(name, ""), ())[:1]:
            try:
                fault = _click(tab, f"{address}/{_list_of(site, path)}", path, shown(name, ""))
            except Error as error:
                fault = str(error).splitlines()[0]
            yield Trial(f"clicks to {name[:60]!a} at {address.partition(':')[0]}:", fault)


def _list_of(site: Site, author: str) -> str:
    link = f'/{author.rpartition("/")[2]}"'.encode()
    return next(path for path in _lists(site) if link in site.kept(path).content)


def _click(tab: Tab, start: str, path: str, name: str) -> str:
    """What went wrong on the way, if anything."""
    tab.goto(start)
    for selector in (
        f'.authors a[href$="{path[4:]}"]',
        ".written .u-url",
        "#comment .p-author",
        ".written .on a",
        f'.comments .p-author[href$="{path[4:]}"]',
    ):
        tab.locator(selector).first.click(timeout=5000)
        if selector not in (".written .u-url", ".written .on a"):
            heading = tab.locator("h1").first.text_content() or ""
            if _seen(heading) != _seen(name) or not tab.url.endswith(f"/{path}"):
                return f"{selector} leads to {heading!a} at {tab.url}"
    return ""


def _seen(text: str) -> str:
    """A text without what pages may set apart."""
    return _LOST.sub("", text)
