"""Files for programs -> the addresses in them, and where they are not well made. Pure.

Feeds and sitemaps (XML), JSON, robots.txt, and the redirects of hosts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

from hnsite.rules.page import LINKS, Said, addresses_of

_HELD = ("loc", "link", "uri", "url", "icon", "logo", "comments", "docs")
"""Elements of feeds and sitemaps whose text is an address."""
_ATTRIBUTES = ("href", "src", "url", "uri")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_SITEMAP = re.compile(r"(?i)\s*sitemap\s*:\s*(\S+)")


def read_xml(data: bytes, said: Said) -> None:
    """Reads a feed, a sitemap or any other XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        said.faults.append((error.lineno or 1, "xml", f"is not well-formed: {error.msg}"))
        return
    for element in root.iter("*"):
        said.links += ((element.sourceline, one) for one in _of_element(element))


def _of_element(element: etree._Element) -> Iterator[str]:
    name = str(element.tag).rpartition("}")[2]
    found = [value for key, value in element.items() if key in _ATTRIBUTES]
    text = (element.text or "").strip()
    if name in _HELD and text:
        found.append(text)
    elif element.get("type") == "html" or name in ("description", "encoded"):
        found += _of_html(text)
    if found:
        base = _base(element)
        yield from (urljoin(base, one) if base else one for one in found)


def _base(element: etree._Element) -> str:
    bases = [one.get(_BASE) for one in (element, *element.iterancestors()) if one.get(_BASE)]
    address = ""
    for base in reversed(bases):
        address = urljoin(address, base)
    return address


def _of_html(text: str) -> Iterator[str]:
    """The addresses in HTML that is the text of an element."""
    from turbohtml import TokenType, tokenize

    if "<" in text:
        for token in tokenize(text):
            if token.type is TokenType.START_TAG and token.tag in LINKS:
                yield from (value for name, value in token.attrs or () if name in LINKS[token.tag])


def read_json(text: str, said: Said) -> None:
    """Reads a JSON feed, an answer of the Hacker News API, or any other JSON."""
    try:
        data = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        said.faults.append((line, "json", f"is no JSON: {error}"))
        return
    for address in addresses_of(data):
        start = max(text.find(json.dumps(address)), text.find(f'"{address}"'), 0)
        said.links.append((text.count("\n", 0, start) + 1, address))


def read_robots(text: str, said: Said) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if match := _SITEMAP.match(line):
            said.links.append((number, match[1]))


def read_redirects(text: str, said: Said) -> None:
    """Where the rules of ``_redirects`` lead, but for those that say it with placeholders."""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#" if line.lstrip().startswith("#") else None)
        targets = [word for word in words[1:] if word.startswith(("/", "http:", "https:"))]
        if (
            targets
            and not line.lstrip().startswith("#")
            and ":" not in targets[0].removeprefix("https:").removeprefix("http:")
        ):
            said.links.append((number, targets[0]))
