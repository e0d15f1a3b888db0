"""What is fuzzed: a name, where to begin, words to put in, and what must hold for any bytes.

To add a target: a function from bytes that raises AssertionError (or anything else) if a promise is broken,
and a line in ``TARGETS``.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, cast

import test_markup
import test_readers
from test_unpack import zipped

from hnsite import favourites, front_matter, readers, sources, urls
from hnsite.config import parse_config
from hnsite.errors import HnsiteError, UnreadableError
from hnsite.markup import linked_items, plain_text, quoted_lines, render_page, words_of
from hnsite.markup.sanitize import sanitize
from hnsite.model import Dialect, Moment, Origin, Piece, Problem
from hnsite.readers.addresses import author_of, masked, masked_html
from hnsite.readers.charsets import decode_words, text_in
from hnsite.readers.input import HEAD_SIZE, LAST_SECOND, Head, iso_moment, shown_moment
from hnsite.readers.message import moment_of, read_message
from hnsite.readers.table import Table

from . import mutations

HERE = Path(__file__).parent
FOUND = HERE / "found"
_BESIDE = b"\n\0\n"
"""Between a dump and the files beside it, in the bytes of a target."""


class Target(NamedTuple):
    """``holds`` raises for bytes that break a promise; ``mutation`` changes them in the format's own way."""

    name: str
    holds: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    words: Sequence[bytes] = ()
    mutation: mutations.Mutation = mutations.words_changed


# ---- readers


def _read(reader: readers.Reader, raw: bytes) -> None:
    """Every piece is whole and valid; a second look sees the same."""
    dump, *beside = raw.split(_BESIDE)
    names = sources.beside(reader)
    if names:
        files = dict(zip(names, beside, strict=False))
        read = cast(Any, reader.read)
        pieces = list(read(io.BytesIO(dump), "general/dump", files))
        pieces = [_renamed(piece) for piece in pieces]
    else:
        pieces = test_readers.read(reader, raw)
    test_readers.check(pieces)


def _renamed(piece: Piece) -> Piece:
    from msgspec.structs import replace

    return replace(piece, origin=Origin("dump", piece.origin.position))


def _cases(prefix: str) -> list[bytes]:
    return [path.read_bytes() for path in test_readers.DUMPS if path.stem.startswith(f"{prefix}_")]


def _words_of(raws: Iterable[bytes]) -> tuple[bytes, ...]:
    """The names and signs that a format's dumps have in common."""
    found = {match for raw in raws for match in re.findall(rb'"\w{1,24}"\s*:|^[A-Z][\w-]{1,20}:', raw, re.M)}
    return tuple(sorted(found))


_PAGE = tuple(
    b"<tr class='athing comtr' id='5'>|<td class=\"ind\" indent=\"1\">|<span class=\"comment\">|</span>|</td>"
    b"|<a class=\"hnuser\">|<span class=\"age\" title=\"2020-01-01T00:00:00 1577836800\">|<table>|</table>"
    b"|<div class='reply'>|<!-- a -->|<td|</tr>|<img src=\"s.gif\" width=\"40\">".split(b"|")
)  # fmt: skip
_LINES = tuple(token.encode() for token in test_readers.TOKENS)
_MAIL = tuple(
    b"\nFrom a@b.example Thu Jan  1 00:00:00 1970\n|\nMessage-ID: <a@b>\n|\nIn-Reply-To: <a@b>\n|--x\n"
    b"|--x--\n|=?utf-8?b?w6k=?=|\nContent-Type: multipart/mixed; boundary=x\n|\nReferences: |\n\n|=?x?q?"
    b"|\nContent-Transfer-Encoding: base64\n|; charset=utf-7|; charset=|\nDate: |\nContent-Length: 9\n"
    b"|>From |format=flowed".split(b"|")
)  # fmt: skip
_MUTATIONS: dict[str, tuple[mutations.Mutation, tuple[bytes, ...]]] = {
    "board": (mutations.lines_changed, _LINES),
    "flat": (mutations.lines_changed, _LINES),
    "user": (mutations.lines_changed, _LINES),
    "csv": (mutations.lines_changed, (b'"', b",", b"\t", b"\\N", b"\\", b"\n", b'""', b"id,by,time\n")),
    "mail": (mutations.lines_changed, _MAIL),
    "mbox": (mutations.lines_changed, _MAIL),
    "page": (mutations.words_changed, _PAGE),
    "sqlite": (mutations.words_changed, (b"\0", b"\xff", b"CREATE TABLE", b"VIEW")),
    "parquet": (mutations.words_changed, (b"\0", b"\xff", b"PAR1")),
}


def _reader(prefix: str) -> Target:
    seeds = _cases(prefix)
    mutation, words = _MUTATIONS.get(prefix, (mutations.json_changed, _words_of(seeds)))
    return Target(prefix, partial(_read, test_readers.BY_PREFIX[prefix]), lambda: seeds, words, mutation)


def _table(raw: bytes) -> None:
    """Rows of a table with whatever values, as SQLite, Parquet and JSON have them: [names, row, row ...]."""
    try:
        names, *rows = json.loads(raw)
        named = [str(name) for name in names]
    except (ValueError, TypeError, RecursionError):
        return
    used = Table(named).used
    table = Table([named[place] for place in used])
    full = [row for row in rows if isinstance(row, list) and len(row) >= len(named)]
    origin = Origin("dump", 1)
    pieces = [piece for row in full for piece in table.read([row[place] for place in used], origin)]
    test_readers.check([*pieces, *table.in_order(origin)])


def _tables() -> list[bytes]:
    names = ["id", "type", "by", "time", "text", "parent", "kids", "dead", "deleted", "title", "url", "score"]
    row = [5, "comment", "ann", 1_600_000_000, "hello", 1, [6], False, 0, None, "", 1.5]
    other = [
        "5",
        "story",
        "bob",
        "2020-01-01 00:00:00 UTC",
        "a<p>b",
        0,
        "6,7",
        "t",
        None,
        "T",
        "http://a.example/",
        "3",
    ]
    return [json.dumps([names, row, other]).encode()]


def _claims(raw: bytes) -> None:
    """One reader wants a file, or the error names those that do; who refuses says why in a few words."""
    head = Head(raw[:HEAD_SIZE])
    said = {reader.NAME: reader.why_not(head) for reader in readers.READERS}
    claims = [name for name, refusal in said.items() if refusal is None]
    assert all(refusal and "\n" not in refusal and len(refusal) < 200 for refusal in said.values() if refusal)
    try:
        assert claims == [readers.pick(head).NAME]
    except UnreadableError as error:
        assert len(claims) != 1 and all(name in error.reason for name in claims)
        assert "\n" not in str(error)


def _unpack(raw: bytes) -> None:
    """Whatever a file is packed in, it is read or told to be unreadable; nothing else is raised."""
    with TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / "dump"
        path.write_bytes(raw)
        whole = sources.Dump(path, "dump", len(raw))
        try:
            with sources.parts(whole) as parts:
                for part in parts:
                    _one_part(part)
        except UnreadableError as error:
            assert "\n" not in str(error)


def _one_part(part: sources.Dump) -> None:
    try:
        reader = sources.pick(part)
    except UnreadableError as error:
        assert "\n" not in str(error), str(error)
        return
    for piece in sources.read(part, reader):
        assert not isinstance(piece, Problem) or "\n" not in piece.reason


def _packed() -> Iterator[bytes]:
    import bz2
    import gzip
    import lzma
    import tarfile

    plain = b'{"id": 5, "type": "comment", "by": "ann", "text": "hello"}\n'
    yield from (
        gzip.compress(plain),
        bz2.compress(plain),
        lzma.compress(plain),
        gzip.compress(gzip.compress(plain)),
    )
    yield zipped({"a/b.json": plain, "c": b""})
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as packed:
        info = tarfile.TarInfo("a/b.json")
        info.size = len(plain)
        packed.addfile(info, io.BytesIO(plain))
    yield from (tar.getvalue(), gzip.compress(tar.getvalue()))
    yield from (plain.decode().encode("utf-16"), b"\xef\xbb\xbf" + plain, plain)


# ---- mail, dates, names


def _message(raw: bytes) -> None:
    """A message of any bytes is read; its fields are of one line and hold no address whole."""
    said = read_message(raw)
    for text in (said.subject, said.author, said.original):
        assert text is None or not re.search(r"[\x00-\x1f\ud800-\udfff]", text), text
    assert said.created is None or said.created.epoch is None or 0 <= said.created.epoch <= LAST_SECOND


def _fields(raw: bytes) -> None:
    """Header fields, charsets and addresses."""
    text = _text(raw)
    decode_words(text)
    charset, _, rest = raw.partition(b"\n")
    text_in(rest, charset.decode("latin-1"))
    author_of(text)
    assert masked(masked(text)) == masked(text)
    masked_html(text)


def _moments(raw: bytes) -> None:
    """Dates in any spelling are moments that can be written, or words."""
    text = _text(raw)
    for moment in (iso_moment(text), shown_moment(text), shown_moment(text, 1_600_000_000), moment_of(text)):
        assert moment is None or isinstance(moment, Moment)
        assert moment is None or moment.epoch is None or 0 <= moment.epoch <= LAST_SECOND


def _names(raw: bytes) -> None:
    """Different names have different files on any file system, all of them valid."""
    one, other = (_text(part) for part in (raw.partition(b"\n")[0], raw.partition(b"\n")[2]))
    files = [urls.file_name(name) for name in (one, other)]
    for file in files:
        assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", file), file
        assert file == unicodedata.normalize("NFC", file).casefold()
    assert (files[0] == files[1]) == (one == other)
    paths = {urls.author_path(one), urls.item_path(one), urls.site_path(one), urls.note_path(one)}
    assert all(".." not in path.split("/") and not path.startswith("/") for path in paths)
    for url in (one, other):
        urls.domain_of(url)
        safe = urls.web_url(url)
        assert safe is None or re.match(r"(?i)https?://[^\s\\]+\Z", safe)


def _config(raw: bytes) -> None:
    try:
        parse_config(_text(raw), Path("/nowhere"))
    except HnsiteError as error:
        assert "\n" not in str(error)


def _matter(raw: bytes) -> None:
    matter = front_matter.part(_text(raw))
    try:
        for value in (front_matter.values(matter) if matter else {}).values():
            assert value.line >= 1
    except front_matter.MatterError as error:
        assert error.line >= 1
        assert error.reason


def _list(raw: bytes) -> None:
    """What a saved list asks for is known, and its ids are safe in addresses and the names of files."""
    try:
        wants = favourites.listed(raw, "list")
    except HnsiteError as error:
        assert "\n" not in str(error)
        return
    assert wants
    for want in wants:
        assert re.fullmatch(r"[0-9A-Za-z_-]{1,40}", want.id) or want.kind == "share"
        assert re.fullmatch(r"https://[a-z.]+/[0-9A-Za-z_?=/-]+", want.address)


# ---- markup


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def _body(dialect: Dialect, raw: bytes) -> None:
    """Only what is on the allow-list, well nested; and whatever looks at the text ends."""
    body = _text(raw)
    test_markup.check_nesting(test_markup.rendered(body, dialect))
    plain_text(body, dialect)
    words_of(body, dialect)
    list(quoted_lines(plain_text(body, dialect)))
    list(linked_items(body))


def _sanitize(raw: bytes) -> None:
    """What is safe stays as it is, but for a line break at the beginning of <pre>, which HTML takes out."""
    once = sanitize(_text(raw))
    test_markup.check_safe(once)
    assert re.sub("<pre>\n+", "<pre>", sanitize(once)) == re.sub("<pre>\n+", "<pre>", once)


def _page(raw: bytes) -> None:
    body = _text(raw)
    found = render_page(body, lambda place: None, test_markup.on_item)
    test_markup.check_safe(re.sub(r'<(/?)h[23]\b(?: id="[^"<>]*")?>|(?<=<h[4-6]) id="[^"<>]*"', r"", found))


def _bodies(dialect: Dialect) -> list[bytes]:
    name = dialect.value
    cases = [body.encode() for _, body, _ in test_markup.cases(name)]
    return [*cases, *(vector.encode("utf-8", "surrogatepass") for vector in test_markup.VECTORS)]


_HTML = tuple(bit.encode() for bit in test_markup.HTML_BITS)
_MARKS = tuple(
    b"**|__|~~|||||```|`|> |# |- |1. |[x](|)|<http://a.example/|>|![|]: |\n\n|    |&#x6a;|&colon;|"
    b"\xe2\x80\xae|javascript:|&lt;|<@U1|<#C1|x>|>!|!<|^(|/u/a|r/b|<:a:1>|\\|| --- |$$|https://a.example/".split(b"|")
)  # fmt: skip


def _dialect(dialect: Dialect) -> Target:
    return Target(
        f"markup_{dialect.value}", partial(_body, dialect), partial(_bodies, dialect), (*_HTML, *_MARKS)
    )


_DATES = (
    b"2020-01-01T00:00:00Z|+14:00|14 Nov 24 01:12 UTC|on Nov 14, 2024|4 days ago|an hour ago|"
    b"Thu, 1 Jan 1970 00:00:00 +0000|9999|0001|-0000|GMT|W01|24:00"
).split(b"|")

_NAMES = (b"..", b"/", b"\\", b"--", b"\0", b"\xcc\x81", b"\xc3\xa9", b"http://", b"\xe2\x80\xae")
_TOML = (b"title = ", b"[", b"{", b'"""', b"permalinks = ", b"theme = ", b"content = ")
_YAML = (b"---\n", b"+++\n", b"title: ", b"&a ", b"*a", b"!!python/object:os.system ", b"{", b"? ", b"<<: ")
_MAGIC = (b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0", b"ustar")
_LISTED = (
    b"https://news.ycombinator.com/item?id=",
    b"lobste.rs/c/",
    b"\n",
    b"8863",
    b"#",
    b'"id":',
    b"athing",
)
_SEEDS: dict[str, tuple[bytes, ...]] = {
    "fields": (b"utf-7\n=?utf-8?b?w6k=?= <ann@a.example>", b'"A" <a@b.example>'),
    "names": (b"Zak\nzak", b"con\naux.", b"../..\n%2e%2e", b"http://a.example/\nB.example"),
    "config": (b'title = "x"\nbase_url = "https://a.example/"\nshard = 5\n',),
    "list": (
        b"8863 # one\nhttps://news.ycombinator.com/item?id=1\n- <https://lobste.rs/s/abc123/x>\n",
        b"id,title,url\n8863,A title,https://redd.it/1abc2\n",
        b'{"links": [{"number": 1, "comments_url": "https://news.ycombinator.com/item?id=1"}], "x": [8863]}',
        b"<tr class='athing' id='8863'><td><a href='item?id=1'>",
        b'<DT><A HREF="https://www.reddit.com/r/x/s/aBc">x</A>',
    ),
    "front_matter": (b"---\ntitle: x\ndate: 2020-01-01\n---\nhi\n", b"+++\nnav = true\n+++\n"),
}


def _all_cases() -> list[bytes]:
    return [raw for prefix in test_readers.BY_PREFIX for raw in _cases(prefix)]


def _small(name: str, holds: Callable[[bytes], None], words: Sequence[bytes]) -> Target:
    return Target(name, holds, lambda: _SEEDS[name], words)


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        *map(_reader, test_readers.BY_PREFIX),
        *map(_dialect, Dialect),
        Target("markup_page", _page, partial(_bodies, Dialect.MARKDOWN), (*_HTML, *_MARKS)),
        Target("sanitize", _sanitize, partial(_bodies, Dialect.HTML), _HTML),
        Target("table", _table, _tables, (), mutations.json_changed),
        Target("claims", _claims, _all_cases, _words_of(_all_cases()), mutations.json_changed),
        Target("unpack", _unpack, _packed, _MAGIC),
        Target("message", _message, partial(_cases, "mail"), _MAIL, mutations.lines_changed),
        Target("moments", _moments, lambda: _DATES, tuple(_DATES)),
        _small("fields", _fields, _MAIL),
        _small("names", _names, _NAMES),
        _small("config", _config, _TOML),
        _small("front_matter", _matter, _YAML),
        _small("list", _list, _LISTED),
    )
}
