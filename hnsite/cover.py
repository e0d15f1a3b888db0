"""The rules of redactions.toml + what all dumps say -> what they cover (``redact.Covered``). Writes nothing.

Any dump's word of an item counts, the oldest too: who is known only by a dump that newer ones replace is
known. What covered items say is looked for in all other texts, but for what others said before them: that
they have from there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from hashlib import blake2b
from typing import NamedTuple

from hnsite.catalog import Catalog
from hnsite.config import Config
from hnsite.erasing import (
    REMOVED,
    RUN,
    Erased,
    Name,
    Words,
    is_everyday,
    own_text,
    quotes_in,
    runs_of,
    sentences,
    spaced,
    telling,
    words,
)
from hnsite.errors import UsageError
from hnsite.link import threads
from hnsite.markup import plain_text
from hnsite.merge import merge
from hnsite.model import (
    PROVISIONAL,
    Comment,
    Kind,
    Origin,
    Problem,
    Record,
    Thread,
    is_provisional,
    parted_name,
)
from hnsite.redact import Covered
from hnsite.redactions import (
    FILE,
    HASHED,
    Action,
    Redactions,
    Rule,
    hashed,
    matches,
    may_match,
    parse_redactions,
    words_pattern,
)

_NAME = re.compile(r"[\w.-]+")
_ADDRESS = re.compile(r"[@/:]")
_MISTYPED = (
    "rule {number}: nobody has the name of the hash {hash}..., so it takes nothing out; make it again from"
    " the salt and the name, capitals too, with @source where it is of another source than Hacker News"
)
_SHORTEST = 4
"""Characters of what a mask took from one item that are looked for in the answers to it."""


def load_redactions(config: Config) -> Redactions:
    """The rules of a site; none if there is no such file.

    Raises UsageError for a file that cannot be read, ConfigError for what is wrong in it.
    """
    path = config.root / FILE
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return Redactions()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot be read: {error}", str(path)) from None
    return parse_redactions(text, str(path))


def cover(redactions: Redactions, catalog: Catalog) -> Covered:
    """What the rules cover of what the dumps say now. Costs nothing where there are none."""
    if not redactions.digest:
        return Covered()
    found = _Found(redactions, _names(redactions, catalog))
    for part in _parts(found.candidates(catalog.records()), catalog):
        found.part(part, catalog)
    found.look_around(catalog.records())
    return found.covered()


def _names(redactions: Redactions, catalog: Catalog) -> dict[str, frozenset[str]]:
    """Every name that rules name, with the ways in which they do: authors, and for hashes that are of none of
    them words of all texts."""
    plain = (name for name in redactions.authors if not name.startswith(HASHED))
    names = redactions.names({one.author for one in catalog.records() if one.author})
    unknown = redactions.authors.difference(*names.values())
    for name in plain:
        names[name] = names.get(name, frozenset()) | {name}
    hashes = {one for one in unknown if one.startswith(HASHED)}
    for word in sorted(_words_of_all(catalog)) if hashes else ():
        for form in {word, word.strip(".-_")}:
            if (told := hashed(redactions.salt, form)) in hashes:
                names[form] = names.get(form, frozenset()) | {told}
    return names


def _words_of_all(catalog: Catalog) -> set[str]:
    known: set[str] = set()
    for record in catalog.records():
        for text in (record.title, record.body, record.url):
            known.update(_NAME.findall(text or ""))
    return known


def _parts(ids: Iterable[str], catalog: Catalog) -> Iterator[tuple[int, ...]]:
    """The components of some items, with those that dumps without ids join to them."""
    together: dict[int, tuple[int, ...]] = {}
    joins = catalog.joins()
    for component, part in sorted(joins.items()):
        together[part] = (*together.get(part, (part,)), component)
    parts = {joins.get(component, component) for component in catalog.components_of(ids)}
    return (together.get(part, (part,)) for part in sorted(parts))


@dataclass
class _Found:
    """What the rules cover, as far as it is found. Mutable; ``covered`` gives what came of it."""

    redactions: Redactions
    names: Mapping[str, frozenset[str]]
    removed: set[str] = field(default_factory=set)
    anonymised: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    noindex: set[str] = field(default_factory=set)
    masks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    near: dict[str, tuple[Name, ...]] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    out: set[int] = field(default_factory=set)
    telling: set[Words] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)  # all ids of what is removed, anonymised or dropped
    authors: dict[str, str] = field(default_factory=dict)  # those of them, and what is said instead
    alive: set[str] = field(default_factory=set)  # authors of whom something stays
    known: set[str] = field(default_factory=set)  # all authors
    met: set[object] = field(default_factory=set)  # rules that match something, and the ids in them that do

    def __post_init__(self) -> None:
        self._by_id: dict[str, list[Rule]] = defaultdict(list)
        self._by_author: dict[str, list[Rule]] = defaultdict(list)
        self._loose: list[Rule] = []
        written: dict[str, list[str]] = defaultdict(list)
        for name, ways in self.names.items():
            for told in ways:
                written[told].append(name)
        for rule in self.redactions.rules:
            if rule.is_of_all:
                continue
            for id in rule.ids:
                self._by_id[id].append(rule)
            for told in () if rule.ids else rule.authors:
                for name in written.get(told, ()):
                    self._by_author[name].append(rule)
            if not (rule.ids or rule.authors):
                self._loose.append(rule)

    def candidates(self, records: Iterable[Record]) -> set[str]:
        """The ids of items that rules may cover."""
        found = set(self._by_id)
        idle = [rule for rule in self.redactions.rules if rule.is_of_all]
        for one in records:
            for rule in idle:
                if may_match(rule, one, (), {}):
                    self.met.add(rule)
                    idle = [other for other in idle if other is not rule]
            if (
                one.id in self._by_id
                or (one.author and one.author in self._by_author)
                or any(may_match(rule, one, (one.id,), self.names) for rule in self._loose)
            ):
                found.add(one.id)
        return found

    def part(self, components: Sequence[int], catalog: Catalog) -> None:
        """Takes in the threads of some components."""
        records = catalog.load(components)
        by_thread, linked = threads(records)
        said: dict[str, list[Record]] = defaultdict(list)
        for record, (item, _) in zip(records, linked.places, strict=True):
            said[item].append(record)
        merged = [merge(own, root, show_deleted=True) for root, own in sorted(by_thread.items())]
        for thread in merged:
            self._thread(thread, said)
        if all(thread.id in self.dropped for thread in merged):
            self.out.add(components[0])

    def _thread(self, thread: Thread, said: Mapping[str, Sequence[Record]]) -> None:
        items = (thread.root, *thread.options, *thread.comments)
        for item in items:
            own = said.get(item.id, ())
            ids = {item.id, *(one.id for one in own)}
            if item.parent in self.dropped:
                self._cover(item, (), own, Action.DROP)
            else:
                for rule in self._rules(item, ids, own):
                    self._apply(rule, item, own)
        self._gather(thread, said)

    def _rules(self, item: Comment, ids: set[str], own: Sequence[Record]) -> Iterator[Rule]:
        """The rules that an item matches, each once."""
        names = {one.author for one in _all(item, own) if one.author}
        near = [rule for id in sorted(ids) for rule in self._by_id.get(id, ())]
        near += [rule for name in sorted(names) for rule in self._by_author.get(name, ())]
        for rule in dict.fromkeys((*near, *self._loose)):
            if matches(rule, _all(item, own), ids, self.names):
                self.met.update((rule, *ids & rule.ids))
                yield rule

    def _apply(self, rule: Rule, item: Comment, own: Sequence[Record]) -> None:
        if rule.action is Action.NOINDEX:
            self.noindex.add(item.id)
        elif rule.action is Action.MASK:
            self.masks[item.id] = (*self.masks.get(item.id, ()), *rule.wanted)
            self._keep_near(item.id, (Name(text) for text in _matched(rule.wanted, _all(item, own))))
        else:
            authors = [one.author for one in _all(item, own) if one.author]
            named = [name for name in authors if not rule.authors.isdisjoint(self.names.get(name, ()))]
            self._cover(item, named, own, rule.action)

    def _cover(self, item: Comment, named: Sequence[str], own: Sequence[Record], action: Action) -> None:
        """Notes what becomes of an item; ``named`` are those of its authors whom a rule names."""
        authors = list(dict.fromkeys((*named, *(one.author for one in _all(item, own) if one.author))))
        instead = REMOVED
        if action is Action.ANONYMISE:
            instead = self.redactions.pseudonym(authors[0]) if authors else REMOVED
            if authors:
                self.anonymised[item.id] = instead
        else:
            (self.dropped if action is Action.DROP else self.removed).add(item.id)
        self.aliases.update((item.id, *(one.id for one in own)))
        for name in authors:
            if instead == REMOVED or name not in self.authors:
                self.authors[name] = instead
        self._keep_near(item.id, (Name(parted_name(name)[0], parted_name(instead)[0]) for name in authors))

    def _keep_near(self, id: str, names: Iterable[Name]) -> None:
        self.near[id] = tuple(dict.fromkeys((*self.near.get(id, ()), *names)))

    def _gather(self, thread: Thread, said: Mapping[str, Sequence[Record]]) -> None:
        """Takes in the texts that must not be read, but for what others said before."""
        items = (thread.root, *thread.options, *thread.comments)
        gone = self.removed | self.dropped
        if thread.root.id in gone:
            self.removed.update(one.id for one in thread.options if one.id not in gone)
            gone = self.removed | self.dropped
        for item in items:
            if item.id in gone or item.id in self.anonymised:
                self._rename(item.id)
        if gone.isdisjoint(one.id for one in items):
            return
        self._quoted(items, said)
        told = {id: _telling(_all(one, said.get(id, ()))) for one in items if (id := one.id) in gone}
        wanted = {run for texts in told.values() for runs in texts.values() for run in runs}
        before: set[Words] = set()  # those of them that others said
        for item in _by_age(items):
            own = _all(item, said.get(item.id, ()))
            if item.id not in gone:
                if told:  # else nothing is left that they could have said before
                    before.update(*map(wanted.intersection, _all_runs(own)))
                continue
            texts = told.pop(item.id)
            self.titles.update(one.title for one in own if one.title and before.isdisjoint(texts[one.title]))
            self.urls.update(one.url for one in own if one.url)
            for body in {one.body for one in own if one.body}:
                self.telling |= texts[body] - before

    def _quoted(self, items: Iterable[Comment], said: Mapping[str, Sequence[Record]]) -> None:
        """Takes in what answers quote of what is gone, however little: there it is known to be a quote."""
        gone = self.removed | self.dropped
        above: dict[str, tuple[_Gone, ...]] = {}  # what an item answers that is gone
        for item in items:  # parents come first
            above[item.id] = above.get(item.parent or "", ())
            own = _all(item, said.get(item.id, ()))
            if item.id in gone:
                texts = (text for one in own for text in (one.body, one.title) if text)
                above[item.id] += tuple(map(_gone, dict.fromkeys(texts)))
            elif above[item.id]:
                self._quotes_of(above[item.id], item, own)

    def _quotes_of(self, texts: Sequence[_Gone], item: Comment, own: Sequence[Record | Comment]) -> None:
        """Notes what an item quotes: what it marks as a quote, and whole sentences of it or of the texts."""
        bodies = {one.body for one in own if one.body}
        shared: set[str] = set()
        for body in bodies:
            mine = own_text(body)
            quotes = {" ".join(quote) for quote in (*quotes_in(body), *sentences(mine))}
            shared.update(one for one in quotes if any(f" {one} " in text.words for text in texts))
            spoken = f" {' '.join(words(mine))} "
            shared.update(one for text in texts for one in text.sentences if f" {one} " in spoken)
        patterns = [f"(?i:{words_pattern(one)})" for one in sorted(shared) if not is_everyday(one)]
        if patterns:
            self.masks[item.id] = (*self.masks.get(item.id, ()), *patterns)

    def _rename(self, id: str) -> None:
        """Provisional ids are made of names and texts: who guesses both could know that he is right."""
        if is_provisional(id):
            self.renamed[id] = PROVISIONAL + self.redactions.secret("item", id)[:12]

    def look_around(self, records: Iterable[Record]) -> None:
        """Finds which authors have something left, and which titles and addresses are others' too."""
        for one in records:
            if one.author:
                self.known.add(one.author)
            if one.id in self.aliases:
                continue
            if one.author:
                self.alive.add(one.author)
            if one.kind is not Kind.COMMENT:
                self.titles.discard(one.title or "")
                self.urls.discard(one.url or "")

    def covered(self) -> Covered:
        """What came of it."""
        runs = {run for run in self.telling if len(run) == RUN}
        runs |= {run for title in self.titles for run in telling(title) if len(run) == RUN}
        shorts = {run for run in self.telling if len(run) != RUN}
        shorts |= {run for title in self.titles for run in telling(title) if len(run) != RUN}
        names, spared = self._erased_names()
        patterns = tuple(one for rule in self.redactions.rules if rule.is_of_all for one in rule.wanted)
        addresses = [Name(_bare(url)) for url in sorted(self.urls) if _is_telling_url(url)]
        found = Covered(
            removed=frozenset(self.removed - self.dropped),
            anonymised={id: name for id, name in self.anonymised.items() if id not in self.removed},
            dropped=frozenset(self.dropped),
            noindex=frozenset(self.noindex),
            masks=self.masks,
            near=self.near,
            renamed=self.renamed,
            erased=Erased((*names, *addresses), frozenset(runs), frozenset(shorts), patterns),
            spared=spared,
            authors=frozenset(self._gone()),
            out=frozenset(self.out),
        )
        return replace(_with_digest(found, self.redactions.digest), problems=tuple(self._idle()))

    def _idle(self) -> Iterator[Problem]:
        """Rules, and what they say, that nothing matches. Of hashes no name is told that may be meant."""
        told = frozenset().union(*self.names.values())
        for rule in self.redactions.rules:
            origin = Origin(FILE, rule.line)
            lost = sorted(rule.authors - told)
            for one in lost:
                yield Problem(origin, _MISTYPED.format(number=rule.number, hash=one[:15]))
            if rule not in self.met and not lost:
                yield Problem(origin, f"rule {rule.number} matches no item{self._meant(rule)}")
            elif rule in self.met:
                for id in sorted(rule.ids - self.met):
                    yield Problem(origin, f"rule {rule.number}: no dump has item {id}; check the number")

    def _meant(self, rule: Rule) -> str:
        plain = sorted(name for name in rule.authors if not name.startswith(HASHED))
        if not rule.is_by_author or not plain:
            return ", so it takes nothing out; check what it says, or take it away"
        small = {name.casefold(): name for name in sorted(self.known)}
        near = get_close_matches(plain[0].casefold(), small, n=1, cutoff=0.7)
        hint = f" (did you mean {small[near[0]]!r}?)" if near else ""
        return f": nobody is called {plain[0]!r}{hint}; only texts are searched for the name"

    def _gone(self) -> dict[str, str]:
        """The authors of whom nothing may be read, and what is said instead."""
        gone = {name: instead for name, instead in self.authors.items() if name not in self.alive}
        for rule in self.redactions.rules:
            if rule.is_by_author and rule.action in (Action.TOMBSTONE, Action.DROP, Action.ANONYMISE):
                for name, ways in self.names.items():
                    if not rule.authors.isdisjoint(ways):
                        is_gone = rule.action is not Action.ANONYMISE
                        gone[name] = REMOVED if is_gone else self.redactions.pseudonym(name)
        return gone

    def _erased_names(self) -> tuple[list[Name], dict[str, frozenset[str]]]:
        """The names that must not be read, and those that others of a source have too."""
        wanted = self._gone()
        others = [parted_name(one) for one in sorted(self.alive - wanted.keys())]
        spared: dict[str, set[str]] = defaultdict(set)
        found: list[Name] = []
        for name, instead in sorted(wanted.items()):
            own, source = parted_name(name)
            folded, like = own.casefold(), spaced(own) if " " in own else ""
            near = [one for one in others if folded in one[0].casefold() or (like and like in spaced(one[0]))]
            twins = {place for one, place in near if one.casefold() == folded}
            for place in twins - {source}:
                spared[place].add(folded)
            kept = {one for one, _ in near if one.casefold() != folded}
            longer = tuple(sorted(one for one in kept if not _ADDRESS.search(one)))
            found.append(Name(own, parted_name(instead)[0], source in twins, longer))
        return found, {source: frozenset(names) for source, names in spared.items()}


class _Gone(NamedTuple):
    """A text that is gone: its words, and those of its sentences that tell something."""

    words: str
    sentences: tuple[str, ...]


def _gone(text: str) -> _Gone:
    mine = own_text(text)
    found = dict.fromkeys(" ".join(one) for one in sentences(mine))
    return _Gone(f" {' '.join(words(mine))} ", tuple(found))


def _all(item: Comment, own: Iterable[Record]) -> list[Record | Comment]:
    return [item, *own]


def _matched(wanted: Iterable[str], said: Iterable[Record | Comment]) -> Iterator[str]:
    """What a mask takes from an item, as far as that is worth looking for elsewhere."""
    for one in said:
        for text in (one.title, one.body, plain_text(one.body or "", one.dialect)):
            for match in (one for pattern in wanted for one in re.finditer(pattern, text or "")):
                found = match[0].strip()
                if len(found) >= _SHORTEST and not is_everyday(found):
                    yield found


def _texts(said: Iterable[Record | Comment]) -> Iterable[str]:
    """The titles and bodies of an item, each once."""
    return dict.fromkeys(text for one in said for text in (one.title, one.body) if text)


def _telling(said: Iterable[Record | Comment]) -> dict[str, set[Words]]:
    """The runs by which each text of an item is known again."""
    return {text: telling(text) for text in _texts(said)}


def _all_runs(said: Iterable[Record | Comment]) -> Iterator[Iterable[Words]]:
    """The runs of words in each text of an item, a whole short text too."""
    for text in _texts(said):
        found = words(text)
        yield runs_of(found) if len(found) >= RUN else (tuple(found),)


def _by_age(items: Sequence[Comment]) -> list[Comment]:
    """Items in the order in which they were written, as well as that is known: never an answer before what it
    answers."""
    times: dict[str, int] = {}
    for item in items:
        above = times.get(item.parent or "", -(1 << 62))
        epoch = item.created.epoch if item.created else None
        times[item.id] = above if epoch is None else max(above, epoch)
    return sorted(items, key=lambda item: times[item.id])


def _bare(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _is_telling_url(url: str) -> bool:
    """Whether an address is of more than a site."""
    return "/" in _bare(url) or "?" in url


def _with_digest(covered: Covered, digest: bytes) -> Covered:
    """The same, with what stands for all of it."""
    whole = blake2b(digest, digest_size=16)
    for one in fields(covered):
        whole.update(_spelled(getattr(covered, one.name)).encode("utf-8", "surrogatepass"))
    return replace(covered, digest=whole.digest())


def _spelled(value: object) -> str:
    """A text that is the same for values that are."""
    if isinstance(value, Erased):
        return repr((value.names, sorted(value.runs), sorted(value.shorts), value.patterns))
    if isinstance(value, frozenset):
        return repr(sorted(value))
    if isinstance(value, Mapping):
        return repr(sorted((key, _spelled(one)) for key, one in value.items()))
    return repr(value)
