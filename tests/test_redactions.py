"""redactions.toml: what its rules say, whom they match, and what is taken out of texts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hnsite.erasing import Erased, Name, erase, telling, touches
from hnsite.errors import ConfigError
from hnsite.model import Dialect, Kind, Moment, Origin, Record
from hnsite.redactions import KEYS, Action, hashed, matches, parse_redactions

SALT = 'salt = "0123456789abcdef"\n'


@pytest.mark.parametrize(
    "text, told",
    [
        ("[[redact]]\nauthr = 'a'", "rule 1: unknown key 'authr'; did you mean 'author'?"),
        (
            "[[redact]]\nid = 1\n[[redact]]\nid = 2\nzzz = 1",
            "rule 2: unknown key 'zzz'; known are action, id,",
        ),
        ("slat = 'x'", "unknown setting 'slat'; did you mean 'salt'?"),
        ("[[redact]]", "rule 1: says of no item what it is; give one of id, author"),
        ("[[redact]]\nid = 1\naction = 'tombstne'", "action must be one of"),
        ("[[redact]]\nid = 1\naction = 'tombstne'", "did you mean 'tombstone'?"),
        ("[redact]\nid = 1", "two pairs of brackets"),
        ("[[redact]]\nid = 1.5", "id must be a number or text in quotes"),
        ("[[redact]]\nid = true", "id must be a number or text in quotes"),
        ("[[redact]]\nauthor = []", "author must be text in quotes, or a list of such, not []"),
        ("[[redact]]\nauthor = ' '", "author must be text"),
        ("[[redact]]\nauthor = 'sha256:12'", "must be sha256: and 64 hex digits"),
        (f"[[redact]]\nauthor = '{hashed('', 'ann')}'", "hashes of names need a salt"),
        ("[[redact]]\nauthor = 'ann'\naction = 'anonymise'", "pseudonyms need a salt, or everybody could"),
        ("[[redact]]\nauthor = 'ann'\naction = 'mask'", "mask must say what becomes [removed]"),
        ("[[redact]]\npattern = '('", "pattern '(' is no regular expression"),
        ("[[redact]]\npattern = 'a*'", "matches what is empty"),
        ("[[redact]]\ntext = '...'", "has no word"),
        ("[[redact]]\ndate = '2024-13-01'", "date must be a day"),
        ("[[redact]]\ndate = '2024-02-02..2024-02-01'", "date must be a day"),
        ("[[redact]]\ndate = '..'", "date must be a day"),
        ("[[redact]]\nid = 'item?id=1'", "id 'item?id=1' must be a number, or <source>-<id>"),
        ("[[redact]]\nhost = 'https://x.example/'", "host 'https://x.example/' must be a name such as"),
        ("[[redact]]\nauthor = 'ann '", "author 'ann ' must not begin or end with a blank"),
        ("salt = 5", "salt must be text"),
        ("[[redact", "redactions.toml: "),
    ],
)
def test_mistakes_are_told_by_rule(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_redactions(text)
    assert str(error.value).startswith("redactions.toml: ")
    assert told in str(error.value)


def test_the_example_of_the_manual_can_be_used_and_all_is_in_it() -> None:
    manual = (Path(__file__).parent.parent / "docs/manual.md").read_text("utf-8")
    section = manual.partition("## Redactions")[2].partition("\n## ")[0]
    (example,) = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    assert len(parse_redactions(example).rules) == 4
    assert all(f'| `"{action.value}"` |' in section for action in Action)
    assert all(f"| `{key}` |" in section for key in KEYS)


def rule(text: str) -> tuple[object, dict[str, frozenset[str]]]:
    redactions = parse_redactions(f"{SALT}[[redact]]\n{text}")
    return redactions.rules[0], redactions.names(["ann", "Ann", "ann@lobsters", "bob"])


def record(**fields: object) -> Record:
    given = {"author": "ann", "created": Moment(1_700_000_000), "dialect": Dialect.HN, **fields}
    return Record(Origin("a.json", 1), "7", Kind.COMMENT, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text, fields, is_matched",
    [
        ("id = 7", {}, True),
        ("id = [6, '7']", {}, True),
        ("id = 8", {}, False),
        ("author = 'ann'", {}, True),
        ("author = 'ann'", {"author": "Ann"}, False),
        ("author = 'ann'", {"author": "ann@lobsters"}, False),
        ("author = 'ann@lobsters'", {"author": "ann@lobsters"}, True),
        (f"author = '{hashed('0123456789abcdef', 'ann')}'", {}, True),
        (f"author = '{hashed('0123456789abcdef', 'bob')}'", {}, False),
        ("text = 'purple zebras'", {"body": "<i>Purple</i>\nZEBRAS!"}, True),
        ("text = 'purple zebras'", {"title": "purple&zebras"}, True),
        ("text = 'purple zebras'", {"body": "purple zebrasque"}, False),
        ('text = "don\'t"', {"body": "I don&#x27;t"}, True),
        (r"pattern = '\d{3}-\d{4}'", {"body": "call 555-0199"}, True),
        (r"pattern = '\d{3}-\d{4}'", {"body": "call 555 0199"}, False),
        ("host = 'example.com'", {"url": "https://www.example.com/a"}, True),
        ("host = 'example.com'", {"url": "https://blog.example.com/a"}, True),
        ("host = 'example.com'", {"url": "https://badexample.com/a"}, False),
        ("host = 'example.com'", {"body": '<a href="https:&#x2F;&#x2F;example.com&#x2F;x">x</a>'}, True),
        ("host = 'example.com'", {"domain": "example.com/ann"}, True),
        ("date = '2023-11-14'", {}, True),
        ("date = 2023-11-14", {}, True),
        ("date = '2023-11-01..2023-11-14'", {}, True),
        ("date = '..2023-11-13'", {}, False),
        ("date = '2023-11-15..'", {}, False),
        ("date = '2023-11-14'", {"created": None}, False),
        ("author = 'ann'\ndate = '2023-11-14'", {}, True),
        ("author = 'ann'\ndate = '2023-11-15'", {}, False),
    ],
)
def test_a_rule_matches_what_it_says(text: str, fields: dict[str, object], is_matched: bool) -> None:
    found, names = rule(text)
    assert matches(found, [record(**fields)], ["7"], names) is is_matched  # type: ignore[arg-type]


def test_several_dumps_say_together_what_a_rule_asks() -> None:
    found, names = rule("author = 'ann'\nhost = 'example.com'")
    said = [record(), record(author=None, url="https://example.com/")]
    assert matches(found, said, ["7"], names)  # type: ignore[arg-type]
    assert not matches(found, said[:1], ["7"], names)  # type: ignore[arg-type]


def test_pseudonyms_are_stable_and_of_the_salt() -> None:
    text = "[[redact]]\nauthor = 'ann'\naction = 'anonymise'"
    one, other = parse_redactions(SALT + text), parse_redactions('salt = "another salt"\n' + text)
    assert one.rules[0].action is Action.ANONYMISE
    assert one.pseudonym("ann") == parse_redactions(SALT + text + " # later").pseudonym("ann")
    assert len({one.pseudonym("ann"), one.pseudonym("bob"), other.pseudonym("ann")}) == 3
    assert one.pseudonym("ann@lobsters").endswith("@lobsters")


ZED = Erased((Name("zed_k"),))


@pytest.mark.parametrize(
    "text, left",
    [
        ("ask zed_k!", "ask [removed]!"),
        ("ZED_K's", "[removed]'s"),
        ("@zed_k wrote", "@[removed] wrote"),
        ("&#122;ed&lowbar;k", "[removed]"),
        ("%7Aed_k", "[removed]"),
        ("zed_ks zed_kk xzed_k", "[removed] zed_kk xzed_k"),
        ("_zed_k_", "_[removed]_"),
        (r"u/zed\_k", "u/[removed]"),
        ("zed\u200b_k, z&shy;ed<span class='x'>_k", "[removed], [removed]"),
        ("zed_k <z@x.example> wrote", "[removed] wrote"),
        ('<a href="https://x.example/~zed_k">https:&#x2F;&#x2F;x.example&#x2F;~z...</a>', "[removed]</a>"),
        ("see https://x.example/~zed_k/cv.pdf there", "see [removed] there"),
        ('<a href="https://x.example/?u=%7aed_k">him</a>', "him</a>"),
        ("nothing at all", "nothing at all"),
    ],
)
def test_names_go_however_they_are_written(text: str, left: str) -> None:
    assert erase(text, ZED) == left
    assert touches(text, ZED) is (text != left)


@pytest.mark.parametrize(
    "name, text, left",
    [
        (
            Name("time"),
            "time flies; ask @time, time wrote: x",
            "time flies; ask @[removed], [removed] wrote: x",
        ),
        (
            Name("al"),
            "al is al: news.ycombinator.com/user?id=al",
            "al is al: news.ycombinator.com/user?id=[removed]",
        ),
        (Name("zak", is_exact=True), "zak and Zak", "[removed] and Zak"),
        (
            Name("zak", others=("zak-b", "pro-zak")),
            "zak zak-b pro-zak zak-c",
            "[removed] zak-b pro-zak [removed]-c",
        ),
        (Name("Zoë Ö"), "zoë-o\u0308 ZOË.Ö@x zoë\n> ö", "[removed] [removed]@x [removed]"),
        (Name("al.k@x.example"), "(AL.K@x.example) al.k@… al.k", "([removed]) [removed] al.k"),
        (Name("Al O'Key", others=("al_o'key",)), "Al O’Key al_o'key", "[removed] al_o'key"),
        (Name("Zoë Ö"), "Zoe\u0308 O\u0308 and zoë\nö", "[removed] and [removed]"),
        (Name("王小明"), "我同意王小明的观点", "我同意[removed]的观点"),
        (Name("a.b+c"), "a.b+c axb+c", "[removed] axb+c"),
        (Name("ann", "anonymous-1"), "Ann said", "anonymous-1 said"),
    ],
)
def test_names_that_need_care(name: Name, text: str, left: str) -> None:
    assert erase(text, Erased((name,))) == left


SAID = "I keep my gold under the third oak behind the mill, since 1999."
RUNS = Erased(runs=frozenset(telling(SAID)))


@pytest.mark.parametrize(
    "text, left",
    [
        ("> keep my gold under the third oak\n\nReally?", "> [removed]\n\nReally?"),
        ("<i>&gt; gold under the <b>third</b> oak behind</i> ha", "<i>&gt; [removed]</i> ha"),
        ("he said “under the third oak,\nbehind the mill, since 1999”!", "he said “[removed]”!"),
        ("> gold under the third\n> oak behind the mill\nno", "> [removed]\nno"),
        ("under the third oak", "under the third oak"),
        ("https://x.example/t/gold-under-the-third-oak-behind/7", "[removed]"),
    ],
)
def test_runs_of_six_words_go(text: str, left: str) -> None:
    assert erase(text, RUNS) == left


def test_turns_of_phrase_tell_nothing() -> None:
    assert not telling("I do not know what to do about it now.")
    assert not telling("Thanks!")
    assert telling("my pin: hunter2hunter") == {("my", "pin", "hunter2hunter")}
    assert telling("> gold under the third oak behind the mill") == set()


def test_markdown_makes_no_link_of_what_is_removed() -> None:
    text = "zed_k: https://x.example/\n\nsee zed_k"
    assert erase(text, ZED, Dialect.MARKDOWN) == "\\[removed]: https://x.example/\n\nsee \\[removed]"


def test_patterns_hold_behind_markup() -> None:
    erased = Erased(patterns=(r"\d{3}-\d{4}", "(?i)secret"))
    text = '<a href="tel:555-0199" title="x">5<b>55</b>-0199</a> SE<i>CR</i>ET 555&#45;0199'
    assert "0199" not in erase(text, erased)
    assert "ET" not in erase(text, erased)
