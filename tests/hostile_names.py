"""Names that file systems, addresses, pages or people take for something else, and dumps full of them.

Each dump here has one name in every place that its format has for one: who wrote something, what a thread,
a channel or a site is called, ids, and the names of files, folders and members of archives.
"""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from urllib.parse import quote

NAMES = (
    ".", "..", "...", "../", "../..", "../../../etc/passwd", "..\\..\\boot.ini", "/", "//", "\\",
    "/etc/passwd", "C:", "C:\\Windows", "\\\\server\\share", "file:///etc/passwd", "a/b", "a\\b", "a:b",
    "a::$DATA", "./a", "con", "CON", "Con", "prn", "aux", "nul", "com1", "COM9", "com\xb9", "lpt1",
    "LPT\xb3", "conin$", "clock$", "con.", "con.txt", "con ", "con.html", "con--", "aux.", "aux.txt",
    "aux ", "aux.html", "aux--", "NUL.", "NUL.txt", "NUL ", "NUL.html", "NUL--", "a.", "a..", "a ", "a  ",
    " a", "a\xa0", "a.2", "a.time", "a.html", "a.HTML", "a~1", "A~1", "~", "~root", "..hidden",
    ".htaccess", ".git", ".well-known", "_headers", "_redirects", "CNAME", "Thumbs.db", "desktop.ini",
    "index", "index.html", "INDEX", "404", "item", "user", "users", "search", "static", "robots.txt",
    "feed.xml", "-rf", "--help", "-", "--", "a--b", "a--", "--a", "_", "__", "_a", "a_",
    "zak--13b7bbc3ce1a", "Zak", "zak", "ZAK", "zAk", "\xdf", "ss", "SS", "\u1e9e", "\u017f", "s", "S",
    "\ufb01", "fi", "\u0149", "K", "k", "\xc5", "\xe5", "\u0131", "i", "I", "\u0130", "i\u0307", "\xe9",
    "\xc9", "\xf1", "\uac01", "\uff46\uff55\uff4c\uff4c", "full", "\u2460", "1", "\xb2", "2", "\u03a3",
    "\u03c3", "\u03c2", "\u03a9", "\u03ac", "\u1fb3", "\u0391\u0399", "\u2167", "\u2177", "\u01c5",
    "\u01c6", "\u10d0", "\u1c90", "a\x00b", "\x00x", "a\nb", "a\rb", "a\tb", "a\x1b[2Jb", "a\x7fb",
    "a\x85b", "a\u2028b", "\ufeffa", "a\ufffe", "\u202egnp.exe", "a\u202eb", "\u2066a\u2069", "\u200fa",
    "\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627", "a\u200bb", "a\u200db", "a\xadb",
    "\u200b", "\u3164", "\u2800", " ", "\xa0", "\u3000", "\u115f\u1160", "\ufe0f", "\U000e0041", "\ud800",
    "\udfff", "a\udc00b", "\ufffd", "\uffff", "\U0010ffff", "\ue000", "\U0001f4be",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f469\U0001f469\U0001f467",
    "\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f1e9\U0001f1ea", "\u2764", "\u2764\ufe0f",
    "\U0001f4be" * 90, "\u8a9e\u8a00", "\u8bed\u8a00", "x" * 64, "x" * 65, "x" * 255, "x" * 300, "X" * 300,
    "x" * 299 + "y", "\xe9" * 300, "a" + "\u0301" * 300, "\u8a9e" * 300, "%", "%%", "%2e%2e%2f",
    "%2E%2E%2F", "%252e%252e%252f", "%00", "%0a", "a%2fb", "%41", "a%20b", "a+b", "a b", "?", "a?b",
    "?id=1", "#", "a#b", "a#1", "a&b", "a;b", "a=b", "a,b", "a|b", "a*b", "a^b", "a`b", "a$b", "a@b",
    "<script>alert(1)</script>", "</title><script>", "<b>", "a<b", "&lt;", "&amp;", "&", '"', "'",
    '"><img src=x>', "{{ 7*7 }}", "{% raw %}", "${7*7}", "@", "a@", "@a", "root@localhost",
    "alice@lobsters", "lobsters-alice", "a@hn", "slack-a", "mail-a", "x0123456789ab",
    "javascript:alert(1)", "data:text/html,x", "mailto:a", "//evil.example", "example.com.",
    ".example.com", "example..com", "a_b.example", "-a.example", "xn--bcher-kva.example",
    "m\xfcnchen.example", "a.example:80", "user:word@a.example", "[::1]", "[fe80::1%25eth0]", "127.0.0.1",
    "2130706433", "aux.example", ("a" * 60 + ".") * 4 + "example", "a." * 120 + "example",
    "\U0001f4be.example", "EXAMPLE.COM", "example.com.2", "0", "00", "007", "-1", "1e9", "99999999999999",
    "9999999999999999999999999999999999999999999999999999999999999999999999", "1.0", "0x10", "NaN", "null",
    "None", "undefined", "true", "constructor", "__proto__", "toString", "hasOwnProperty", "0000-00-00",
    "10000-01-01", "-0001-12-31", "e\u0301", "E\u0301", "n\u0303", "\u1100\u1161\u11a8", "\u212b",
    "A\u030a", "\u212a", "\u2126", "\u1f71", "\u03b1\u0301",
)  # fmt: skip
"""The project's own; what is not ASCII is spelled, because editors may write it in another way."""

DATES = ("0000-00-00", "10000-01-01", "-0001-12-31", "0001-01-01", "9999-12-31T23:59:59Z", "../../x", "")
NUMBERS = (-1, 0, 253_402_300_799, 253_402_300_800, 10**14, -(10**14), 10**400, 0.5)
"""What stands for dates."""


def names(count: int, shared: Path | None = None) -> list[str]:
    """So many different names: the project's own, those of other collections below ``shared`` where it is
    given, then such as come of mixing all of them; a few of each kind where fewer are wanted."""
    own = list(dict.fromkeys([*NAMES, *(_collected(shared) if shared else ())]))
    found = dict.fromkeys(own[:: max(1, -(-len(own) // count))])
    chance = random.Random(6)
    for _ in range(20 * count):
        if len(found) >= count:
            break
        found[_mixed(chance, own)] = None
    return list(islice(found, count))


def _collected(shared: Path) -> Iterator[str]:
    for name in ("hostile_names.json", "blns.json"):
        path = shared / "data" / "xss" / name
        if path.is_file():
            yield from (one for one in json.loads(path.read_text("utf-8")) if one)


def _mixed(chance: random.Random, own: Sequence[str]) -> str:
    one, other = chance.choice(own), chance.choice(own)
    cut = chance.randint(0, len(one))
    changes: Sequence[Callable[[], str]] = (
        lambda: one + other,
        lambda: one[:cut] + other[:3] + one[cut:],
        lambda: one.swapcase(),
        lambda: f"{one}.{other[:9]}",
        lambda: "".join(chance.choice("aA.-_ /\\:%\u0301ßıİK💾\u202e") for _ in range(chance.randint(1, 6))),
    )
    return chance.choice(changes)()[:400]


def kept(name: str) -> str:
    """What any reader keeps of a name: signs for control characters, U+FFFD for what is no Unicode."""
    name = re.sub("[\ud800-\udfff]", "\ufffd", name).replace("\x7f", "\u2421")
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", lambda match: chr(0x2400 + ord(match[0])), name)


def file_name(name: str) -> str:
    """As much of a name as a file on the disk can have."""
    raw = re.sub(r"[/\x00]", "", name).encode("utf-8", "replace")[:120]
    return raw.decode("utf-8", "ignore").lstrip(".") or "a"


# What each format makes of names. Every author writes one text, which tells who it was.


def _text(place: int) -> str:
    return f"wrote{place}"


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _items(names: Sequence[str]) -> dict[str, bytes]:
    items: list[object] = []
    for place, name in enumerate(names):
        id, url = 1000 + 2 * place, f"https://{name}/{name}?{name}#{name}"
        about = {"title": name, "url": url, "domain": name, "kids": [id + 1]}
        items.append({"id": id, "type": "story", "by": "ann", "time": 1_700_000_000 + place, **about})
        items.append({"id": id + 1, "type": "comment", "by": name, "parent": id, "text": _text(place)})
    dated = [{"timestamp": date} for date in DATES] + [{"time": number} for number in NUMBERS]
    items += [{"id": 100 + n, "type": "story", "title": f"d{n}", **date} for n, date in enumerate(dated)]
    return {"items.json": _json(items)}


def _lobsters(names: Sequence[str]) -> dict[str, bytes]:
    def story(place: int, name: str, id: str) -> object:
        said = {
            "comment_plain": _text(place),
            "commenting_user": name,
            "short_id": f"{id}c",
            "parent_comment": None,
        }
        date = {"created_at": "2024-03-02T09:00:00.000-06:00"}
        about = {"title": name, "url": f"http://{name}/", "tags": [name], "submitter_user": "ann"}
        return {**about, **date, "short_id": id, "comments": [{**said, **date}], "comment_count": 1}

    stories = [story(place, name, f"s{place:05}") for place, name in enumerate(names)]
    ids = [story(place, "ann", name) for place, name in enumerate(names)]
    return {"lobsters.json": _json(stories), "lobsters-ids.json": _json(ids)}


def _discord(names: Sequence[str]) -> dict[str, bytes]:
    def channel(place: int, name: str, id: str) -> bytes:
        said = {
            "id": id,
            "type": "Default",
            "timestamp": "2023-01-17T19:33:04+00:00",
            "content": _text(place),
        }
        where = {"id": str(10**18 + place), "type": "GuildTextChat", "name": name}
        message = {**said, "author": {"id": name, "name": name}}
        return _json({"guild": {"id": name, "name": name}, "channel": where, "messages": [message]})

    def channels(ids: Sequence[str]) -> bytes:
        return b"\n".join(channel(place, name, ids[place]) for place, name in enumerate(names))

    return {"discord.json": channels([str(2 * 10**18 + place) for place in range(len(names))])}


def _slack(names: Sequence[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for place, name in enumerate(names):
        profile = {"user_profile": {"name": name, "real_name": name, "display_name": name}}
        said = {"type": "message", "user": f"U{place:05}", "text": _text(place), "ts": f"16{place:08}.000300"}
        files[f"slack/{file_name(name)}{place}/2020-01-14.json"] = _json([{**said, **profile}])
    return files


def _zulip(names: Sequence[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for place, name in enumerate(names):
        said = {"id": place + 1, "sender_full_name": name, "timestamp": 1_500_000_000 + place}
        topic = quote(name.encode("utf-8", "replace"), safe="").replace(".", "%2E")[:99].replace("%", ".")
        folder = f"zulip/{place + 1}-{file_name(name)}"
        files[f"{folder}/{topic}.json"] = _json([{**said, "content": f"<p>{_text(place)}</p>"}])
    return files


def _discourse(names: Sequence[str]) -> dict[str, bytes]:
    def topic(place: int, name: str) -> object:
        said = {
            "id": 7000 + place,
            "post_number": 1,
            "cooked": f"<p>{_text(place)}</p>",
            "username": name,
            "name": name,
        }
        date = {"created_at": "2021-03-01T10:00:00.500Z", "topic_id": place + 1, "topic_slug": name}
        posts = [{**said, **date, "post_type": 1}]
        return {
            "id": place + 1,
            "title": name,
            "slug": name,
            "posts_count": 1,
            "post_stream": {"posts": posts},
        }

    return {f"discourse-{place}.json": _json(topic(place, name)) for place, name in enumerate(names)}


def _reddit(names: Sequence[str]) -> dict[str, bytes]:
    def post(place: int, name: str) -> bytes:
        about = {
            "title": name,
            "subreddit": name,
            "selftext": _text(place),
            "permalink": f"/r/{name}/comments/x/",
        }
        date = {
            "created_utc": 1_500_000_000 + place,
            "num_comments": 0,
            "domain": name,
            "url": f"https://{name}/",
        }
        return _json(
            {"id": f"p{place}", "name": f"t3_p{place}", "author": name, "is_self": True, **about, **date}
        )

    return {"reddit.ndjson": b"\n".join(post(place, name) for place, name in enumerate(names))}


def _mail(names: Sequence[str]) -> dict[str, bytes]:
    def message(place: int, name: str) -> bytes:
        line = " ".join(name.encode("utf-8", "replace").decode().split())
        head = (
            f'From: "{line}" <a{place}@a.example>\nSubject: {line}\nMessage-ID: <{line}{place}@a.example>\n'
        )
        date = "Date: Fri, 31 May 2013 19:32:06 -0400\n"
        return f"From a Sat Jun  1 01:32:06 2013\n{head}List-Id: {line}\n{date}\n{_text(place)}\n\n".encode()

    return {"mail.mbox": b"".join(message(place, name) for place, name in enumerate(names))}


def _members(names: Sequence[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        for place, name in enumerate(names):
            id = 500_000 + 2 * place
            item = {"type": "story", "by": "ann", "time": 1_600_000_000}
            files[f"dumps/{place}{file_name(name)}"] = _json({**item, "id": id, "title": f"file {place}"})
            member = name.encode("utf-8", "replace").decode() or "a"
            members.writestr(
                zipfile.ZipInfo(member), _json({**item, "id": id + 1, "title": f"member {place}"})
            )
            note = f"---\ntitle: {json.dumps(f'note {place}')}\n---\nText.\n"
            files[f"{file_name(name)}.md"] = note.encode()
    return {**files, "members.zip": archive.getvalue()}


FORMATS: Mapping[str, Callable[[Sequence[str]], dict[str, bytes]]] = {
    "": _items,
    "lobsters": _lobsters,
    "discord": _discord,
    "slack": _slack,
    "zulip": _zulip,
    "discourse": _discourse,
    "reddit": _reddit,
    "mail": _mail,
    "files": _members,
}
"""What makes the dumps, by the source that its authors are of."""


def write(
    content: Path, names: Sequence[str], prefix: str = "", formats: Iterable[str] = tuple(FORMATS)
) -> None:
    """Puts dumps with these names into a folder; ``prefix`` changes their order, and nothing else."""
    for source in formats:
        for path, raw in FORMATS[source](names).items():
            file = content / (path if source in ("files", "slack", "zulip") else prefix + path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(raw)
