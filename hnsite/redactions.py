"""redactions.toml -> Redactions, and which of its rules an item matches. Pure; the caller reads the file.

A rule names items by what it says of them (``KEYS``; all that it says must hold, of the item or of any dump's
word of it) and what becomes of those. Names may be given as hashes, so that the file itself tells nobody's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from typing import Any

from hnsite.errors import ConfigError
from hnsite.markup import plain_text
from hnsite.model import Comment, Record, parted_name
from hnsite.urls import domain_of

FILE = "redactions.toml"
Items = frozenset[str]
KEYS: Mapping[str, str] = {
    "id": "the item's number, or `<source>-<id>`",
    "author": "who wrote it: a name, `name@source`, or `sha256:` and 64 hex digits of salt + name",
    "text": "words that its title or text holds, whatever stands between them",
    "pattern": "a regular expression that its title, text or address matches",
    "host": "a host that it links to, with those below it",
    "date": 'the day it was posted on (UTC), or "from..to"',
}
"""What a rule can say of items."""
HASHED = "sha256:"
_TOP = ("salt", "redact")
_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_LINKED = re.compile(r"""(?i)https?:(?://|&#x2f;&#x2f;|\\/\\/)[^\s<>"']+""")
_HOST = re.compile(r"[^\W_](?:[\w.-]*\w)?")
_WORD = re.compile(r"[^\W_]+")
_RULE = re.compile(r"(?m)^[ \t]*\[\[[ \t]*[\"']?redact[\"']?[ \t]*\]\]")


class Action(StrEnum):
    """What becomes of an item."""

    TOMBSTONE = "tombstone"  # author and text are gone; its place, its number and the replies stay
    ANONYMISE = "anonymise"  # a pseudonym takes the author's place everywhere
    MASK = "mask"  # what matches becomes "[removed]"
    DROP = "drop-subtree"  # it and all below it are gone
    NOINDEX = "noindex"  # search engines are asked to leave out the pages that show it


@dataclass(frozen=True)
class Rule:
    """One rule; each key holds all values of which one must hold. ``number`` counts from 1, ``line`` is where
    it begins; 1 where that is not certain."""

    number: int
    action: Action
    ids: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    hosts: frozenset[str] = frozenset()
    dates: tuple[tuple[int, int], ...] = ()
    line: int = 1

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """What ``text`` and ``pattern`` look for, as regular expressions."""
        return (*(f"(?i:{words_pattern(text)})" for text in self.texts), *self.patterns)

    @property
    def is_by_author(self) -> bool:
        """Whether the rule is of authors, whatever they wrote."""
        return bool(self.authors) and not (self.ids or self.wanted or self.hosts or self.dates)

    @property
    def is_of_all(self) -> bool:
        """Whether a mask is of all items: then nothing it matches may be left anywhere."""
        others = self.ids or self.authors or self.hosts or self.dates
        return self.action is Action.MASK and not others


@dataclass(frozen=True)
class Redactions:
    """All rules; ``digest`` stands for the whole file."""

    rules: tuple[Rule, ...] = ()
    salt: str = ""
    digest: bytes = b""

    @cached_property
    def authors(self) -> frozenset[str]:
        """Everybody whom a rule names, as it has them."""
        return frozenset(name for rule in self.rules for name in rule.authors)

    def names(self, authors: Iterable[str]) -> dict[str, Items]:
        """Those of some authors whom rules name, each with all ways in which they do. A name without a source
        is of Hacker News; where nobody there has it, of all other sources."""
        known = set(authors)
        found = {name: told for name in known if (told := self._told(name, self.authors))}
        rest = self.authors.difference(*found.values())
        for name in known if rest else ():
            own, source = parted_name(name)
            if source and (told := self._told(own, rest)):
                found[name] = found.get(name, frozenset()) | told
        return found

    def _told(self, name: str, wanted: Items) -> Items:
        """The ways in which a name is among those that are wanted."""
        ways = {name} if not name.startswith(HASHED) else set()
        if self._has_hashed:
            ways.add(hashed(self.salt, name))
        return wanted & ways

    @cached_property
    def _has_hashed(self) -> bool:
        return any(name.startswith(HASHED) for name in self.authors)

    def pseudonym(self, name: str) -> str:
        """What an author is called instead: the same name always gives the same, and only who has the salt
        can tell which."""
        source = parted_name(name)[1]
        code = self.secret("pseudonym", name)[:10]
        return f"anonymous-{code}@{source}" if source else f"anonymous-{code}"

    def secret(self, *parts: str) -> str:
        """A number, in hex digits, that nobody can work out who does not have the salt (or, without one, the
        whole file)."""
        key = self.salt.encode("utf-8", "surrogatepass") or self.digest
        return hmac.new(key, "\0".join(parts).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def hashed(salt: str, name: str) -> str:
    """How a rule names somebody without telling the name."""
    return HASHED + hashlib.sha256((salt + name).encode("utf-8", "surrogatepass")).hexdigest()


def words_pattern(text: str) -> str:
    """What finds the words of a text, whatever signs stand between them."""
    words = _WORD.findall(text)
    return r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, words)) + r"(?![^\W_])"


# Parsing


def parse_redactions(text: str, file: str = FILE) -> Redactions:
    """The rules in the text of redactions.toml.

    Raises ConfigError for what is not TOML, an unknown key (naming the nearest right one), a rule that says
    nothing, and a value that cannot be one.
    """
    try:
        given: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(error), file) from None
    _check_keys(given, _TOP, "setting", file)
    salt, listed = given.get("salt", ""), given.get("redact", [])
    if not isinstance(salt, str):
        raise ConfigError(f"salt must be text in quotes, not {salt!r}", file)
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ConfigError("rules must begin with [[redact]], in two pairs of brackets", file)
    lines = [text.count("\n", 0, match.start()) + 1 for match in _RULE.finditer(text)]
    if len(lines) != len(listed):
        lines = [1] * len(listed)
    rules = tuple(
        replace(_rule(number, one, salt, f"{file}: rule {number}"), line=line)
        for number, (one, line) in enumerate(zip(listed, lines, strict=True), 1)
    )
    return Redactions(rules, salt, hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())


def _check_keys(given: Iterable[str], known: Iterable[str], what: str, subject: str) -> None:
    for key in given:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            raise ConfigError(f"unknown {what} {key!r}; {hint}", subject)


def _rule(number: int, given: Mapping[str, Any], salt: str, subject: str) -> Rule:
    _check_keys(given, ("action", *KEYS), "key", subject)
    action = _action(given.get("action", Action.TOMBSTONE.value), subject)
    said = {key: list(_values(key, given[key], subject)) for key in KEYS if key in given}
    if not said:
        raise ConfigError(f"says of no item what it is; give one of {', '.join(KEYS)}", subject)
    rule = Rule(
        number,
        action,
        frozenset(said.get("id", ())),
        frozenset(said.get("author", ())),
        tuple(said.get("text", ())),
        tuple(said.get("pattern", ())),
        frozenset(one.lower().removeprefix("www.") for one in said.get("host", ())),
        tuple(_span(one, subject) for one in said.get("date", ())),
    )
    _check(rule, salt, subject)
    return rule


def _action(value: object, subject: str) -> Action:
    try:
        return Action(str(value))
    except ValueError:
        known = ", ".join(f'"{one.value}"' for one in Action)
        near = get_close_matches(str(value), [one.value for one in Action], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ConfigError(f"action must be one of {known}, not {value!r}{hint}", subject) from None


def _values(key: str, value: object, subject: str) -> Iterator[str]:
    """The values of a key: one, or a list of them."""
    for one in value if isinstance(value, list) and value else [value]:
        if key == "id" and type(one) is int:
            yield str(one)
        elif key == "date" and type(one) is date:
            yield one.isoformat()
        elif isinstance(one, str) and one.strip():
            yield one
        else:
            kind = "a number or text" if key == "id" else "text"
            raise ConfigError(f"{key} must be {kind} in quotes, or a list of such, not {one!r}", subject)


def _check(rule: Rule, salt: str, subject: str) -> None:
    for pattern in rule.patterns:
        try:
            is_empty = bool(re.compile(pattern).search(""))
        except re.error as error:
            raise ConfigError(f"pattern {pattern!r} is no regular expression: {error}", subject) from None
        if is_empty:
            raise ConfigError(f"pattern {pattern!r} matches what is empty, so everywhere", subject)
    for text in rule.texts:
        if not _WORD.search(text):
            raise ConfigError(f"text {text!r} has no word; use pattern for signs", subject)
    for id in rule.ids:
        if re.search(r"[\s/?=#]", id):
            raise ConfigError(f"id {id!r} must be a number, or <source>-<id>", subject)
    for host in rule.hosts:
        if not _HOST.fullmatch(host):
            raise ConfigError(f"host {host!r} must be a name such as example.com; those below count", subject)
    for name in rule.authors:
        if name != name.strip():
            raise ConfigError(f"author {name!r} must not begin or end with a blank", subject)
        if name.startswith(HASHED) and not _HASH.fullmatch(name):
            raise ConfigError(f"author {name!r} must be sha256: and 64 hex digits, in small letters", subject)
    if rule.action is Action.MASK and not rule.wanted:
        raise ConfigError("mask must say what becomes [removed]; give text or pattern", subject)
    has_hashed = any(name.startswith(HASHED) for name in rule.authors)
    if not salt and (has_hashed or rule.action is Action.ANONYMISE):
        why = "hashes of names" if has_hashed else "pseudonyms"
        raise ConfigError(
            f'{why} need a salt, or everybody could work out the names; write salt = "..." with at least 16'
            " characters that nobody can guess at the top of the file, and keep it",
            subject,
        )


def _span(value: str, subject: str) -> tuple[int, int]:
    """The first and the last second of a day or of "from..to", of which one may be missing."""
    first, dots, last = value.partition("..")
    last = last if dots else first
    try:
        begin = _second(first.strip()) if first.strip() else -(1 << 62)
        end = _second(last.strip()) + 86_399 if last.strip() else 1 << 62
        if begin > end or not (first.strip() or last.strip()):
            raise ValueError(value)
    except ValueError:
        wanted = 'a day such as "2024-11-18", or "2024-11-01..2024-11-18"'
        raise ConfigError(f"date must be {wanted}, not {value!r}", subject) from None
    return begin, end


def _second(day: str) -> int:
    if len(day) != 10:
        raise ValueError(day)
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


# Matching


def may_match(rule: Rule, record: Record, ids: Iterable[str], names: Mapping[str, Items]) -> bool:
    """Whether anything of what a rule says holds for what one dump says; ``names`` as ``Redactions.names``
    gives them."""
    return any(holds for holds in _held(rule, record, ids, names))


def matches(
    rule: Rule, said: Iterable[Record | Comment], ids: Iterable[str], names: Mapping[str, Items]
) -> bool:
    """Whether all that a rule says holds for an item: each for what any dump says of it, or all together.

    ``ids`` are those that it has, or once had.
    """
    known, own = list(said), list(ids)
    held = [list(_held(rule, one, own, names)) for one in known]
    return bool(held) and all(any(of_one) for of_one in zip(*held, strict=True))


def _held(
    rule: Rule, said: Record | Comment, ids: Iterable[str], names: Mapping[str, Items]
) -> Iterator[bool]:
    """For each key that a rule has, in order, whether it holds."""
    if rule.ids:
        yield not rule.ids.isdisjoint(ids)
    if rule.authors:
        yield said.author is not None and not rule.authors.isdisjoint(names.get(said.author, ()))
    if rule.texts or rule.patterns:
        yield _says(rule, said)
    if rule.hosts:
        yield any(_is_below(host, rule.hosts) for host in _hosts(said))
    if rule.dates:
        epoch = said.created.epoch if said.created else None
        yield epoch is not None and any(first <= epoch <= last for first, last in rule.dates)


def _says(rule: Rule, said: Record | Comment) -> bool:
    body = said.body or ""
    texts = (said.title, said.url, body, plain_text(body, said.dialect))
    return any(text and re.search(one, text) for text in texts for one in rule.wanted)


def _hosts(said: Record | Comment) -> Iterator[str]:
    """The hosts that an item links to."""
    if said.domain:
        yield said.domain.partition("/")[0].lower()
    texts = [said.url or "", said.body or "", plain_text(said.body or "", said.dialect)]
    for text in texts:
        for address in _LINKED.findall(text):
            if host := domain_of(address.replace("&#x2f;", "/").replace("&#x2F;", "/").replace("\\/", "/")):
                yield host


def _is_below(host: str, wanted: Iterable[str]) -> bool:
    return any(f".{host}".endswith(f".{one}") for one in wanted)
