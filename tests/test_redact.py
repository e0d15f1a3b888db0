"""Sites with a redactions.toml: nothing of what it covers is in any byte of them, however they came to be."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import secret_dumps
from click.testing import CliRunner
from small_site import Site, api, check, link_to

from hnsite.build import build
from hnsite.cli import cli
from hnsite.config import Config, parse_config
from hnsite.errors import UsageError
from hnsite.export import export
from hnsite.leaks import PURGE, leaks
from hnsite.redactions import FILE, hashed

SALT = "0123456789abcdef"
ALL = 'feeds = "threads"\napi = true\nbase_url = "https://a.example/x/"\n'
SAID = "I keep my gold under the third oak behind the mill, since 1999."
STORY = api(
    id=1, type="story", title="On gold", by="zed_k", url="https://zed.example/on/gold", score=3, kids=[2]
)
REPLY = api(id=2, parent=1, by="ann", text="What do you mean, zed_k?", time=1_700_000_100, kids=[3])
TOLD = api(id=3, parent=2, by="zed_k", text=SAID, time=1_700_000_200, kids=[4])
QUOTE = api(
    id=4,
    parent=3,
    by="bob",
    text="&gt; my gold under the third oak behind the mill<p>Ha!",
    time=1_700_000_300,
)
OTHER = api(id=10, type="story", title="Oaks", by="cid", text=f"See {link_to(3)}", kids=[11])
ELSEWHERE = api(id=11, parent=10, by="dot", text=f"Zed_K said: {SAID}")


def redact(site: Site, *rules: str) -> None:
    text = "".join(f"[[redact]]\n{one}\n" for one in rules)
    (site.root / FILE).write_text(f'salt = "{SALT}"\n{text}')


def holds(site: Site, *texts: str) -> list[str]:
    """The files that hold any of the texts, whatever their case."""
    wanted = [text.lower().encode() for text in texts]
    files = site.pages().items()
    return sorted(
        path
        for path, data in files
        if any(text in data.lower() or text in path.lower().encode() for text in wanted)
    )


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site", a=[STORY, REPLY, TOLD, QUOTE], b=[OTHER, ELSEWHERE])
    site.settings = ALL
    return site


@pytest.fixture
def other(tmp_path: Path) -> Site:
    return Site(tmp_path / "other")


def same_afresh(site: Site, other: Site) -> None:
    """The site is what a clean build with the same rules makes."""
    (other.root / FILE).write_bytes((site.root / FILE).read_bytes())
    check(site, other)


def found(config: Config) -> list[str]:
    return [f"{one.file}:{one.line}: {one.message}" for one in leaks(config, 1) if not one.is_note]


def formats(root: Path, action: str, permalinks: str) -> Config:
    secret_dumps.write(root / "content")
    names = [hashed(SALT, name) for name in secret_dumps.AUTHORS]
    (root / FILE).write_text(f'salt = "{SALT}"\n[[redact]]\nauthor = {names}\naction = "{action}"\n')
    return parse_config(f'{ALL}permalinks = "{permalinks}"', root)


@pytest.mark.parametrize(
    "permalinks, action",
    [("pages", "tombstone"), pytest.param("anchors", "drop-subtree", marks=pytest.mark.slow)],
)
def test_an_author_of_every_format_is_in_no_byte(tmp_path: Path, permalinks: str, action: str) -> None:
    config = formats(tmp_path, action, permalinks)
    report = build(config, jobs=1)
    assert report.threads > 10
    assert secret_dumps.left(config.output_dir) == []
    assert found(config) == []
    (note,) = config.output_dir.glob("pages/note/*.html")
    assert b"[removed]" in note.read_bytes()
    (tmp_path / FILE).unlink()
    build(config, jobs=1)
    assert len(secret_dumps.left(config.output_dir)) > 100


def test_a_tombstone_keeps_place_number_and_replies(site: Site) -> None:
    redact(site, "author = 'zed_k'")
    site.build()
    assert holds(site, "zed_k", "zed.example", "third oak", "on gold") == []
    page = (site.public / "item/3.html").read_text()
    assert '<p class="tombstone p-summary">[removed]</p>' in page
    assert 'class="h-entry removed" id="3"' in page
    assert 'class="u-in-reply-to" href="#2"' in page
    assert 'replies(1): <a class="u-comment" href="#4"' in page
    assert "<h1" in page and "[removed]" in (site.public / "index.html").read_text()
    assert not (site.public / "user/zed_k.html").exists()
    assert (
        'href="3.html"' in (site.public / "item/10.html").read_text()
        or "../item/3.html" in (site.public / "item/10.html").read_text()
    )


def test_by_id_only_that_item_goes_and_who_wrote_it_is_not_named_below(site: Site) -> None:
    redact(site, "id = 3")
    site.build()
    assert holds(site, "third oak") == []
    assert b"zed_k" in site.pages()["item/1.html"]
    assert b"p-author" not in site.pages()["item/3.html"].partition(b'id="3"')[2].partition(b"</article>")[0]


def test_who_has_nothing_left_is_named_nowhere(site: Site) -> None:
    redact(site, "id = [1, 3]")
    site.build()
    assert holds(site, "zed_k") == []


def test_a_pseudonym_tells_nothing_and_is_the_same_everywhere(site: Site) -> None:
    redact(site, "author = 'zed_k'\naction = 'anonymise'")
    site.build()
    assert holds(site, "zed_k") == []
    card = site.pages()["item/3.html"].partition(b'id="3"')[2].partition(b"</article>")[0]
    assert b"third oak" in card
    assert b"u-syndication" not in card
    (page,) = (path for path in site.pages() if path.startswith("user/anonymous-") and path.endswith(".html"))
    name = Path(page).stem
    assert name in (site.public / "item/2.html").read_text()
    assert name in (site.public / "item/11.html").read_text()


@pytest.mark.parametrize("permalinks", ["pages", "anchors"])
def test_a_dropped_subtree_leaves_no_dead_link(site: Site, other: Site, permalinks: str) -> None:
    site.settings += f'permalinks = "{permalinks}"\n'
    site.build()
    redact(site, "id = 2\naction = 'drop-subtree'")
    report = site.build()
    assert report.comments == 1
    assert holds(site, "third oak", "what do you mean") == []
    assert not [path for path in site.pages() if path.startswith(("item/2", "item/3", "v0/item/4"))]
    assert b'"item-link"' not in site.pages()["item/10.html"]
    assert b'"kids"' not in site.pages()["v0/item/1.json"]
    assert found(site.config) == []
    redact(site, "id = 1\naction = 'drop-subtree'")
    assert site.build().threads == 1
    assert not [path for path in site.pages() if path.startswith("item/1.")]
    same_afresh(site, other)


def test_a_mask_takes_what_matches(site: Site) -> None:
    redact(site, "pattern = '(?i)third oak'\naction = 'mask'", "text = 'Ha'\nid = 4\naction = 'mask'")
    site.build()
    assert holds(site, "third oak") == []
    assert b"behind the mill" in site.pages()["item/3.html"]
    assert b"<p>[removed]!</p>" in site.pages()["item/4.html"]


def test_noindex_is_on_all_pages_that_show_it_and_nowhere_else(site: Site) -> None:
    redact(site, "id = 3\naction = 'noindex'")
    site.build()
    marked = [path for path, data in site.pages().items() if b'content="noindex"' in data]
    shows = {
        "item/1.html",
        "item/1.time.html",
        "item/2.html",
        "item/3.html",
        "item/4.html",
        "user/zed_k.html",
    }
    assert {path for path in marked if "/" in path} == shows
    sitemap = site.pages()["sitemap.xml"].decode()
    assert all(f"/x/{path}<" not in sitemap for path in shows)
    assert "item/10.html<" in sitemap
    assert b"since 1999" not in site.pages()["item/1.xml"] + site.pages()["user/zed_k.xml"]
    assert b"item?id=1<" not in site.pages()["feed.xml"]


def test_noindex_goes_on_in_a_site_made_of_an_export(site: Site, other: Site) -> None:
    redact(site, "id = 3\naction = 'noindex'")
    site.build()
    other.settings = ALL
    export(site.config, {"ndjson": other.root / "content/all.ndjson"}, jobs=1)
    other.build()
    assert other.pages() == site.pages()


def test_a_rule_holds_for_what_any_dump_ever_said(site: Site) -> None:
    site.write("later.json", [{**TOLD, "by": None, "text": None, "deleted": True}])
    redact(site, "author = 'zed_k'")
    site.build()
    assert holds(site, "zed_k", "third oak") == []
    assert b"h-entry removed" in site.pages()["item/3.html"]


def test_later_dumps_bring_nothing_back(site: Site, other: Site) -> None:
    redact(site, "author = 'zed_k'")
    site.build()
    more = "Besides, there is silver in the well of the old monastery at night."
    site.write("later.json", [{**TOLD, "text": f"{SAID} {more}"}, api(id=5, parent=4, by="zed_k", text=more)])
    site.write("quote.json", [api(id=6, parent=5, by="eve", text=f"&gt; {more}")])
    site.build()
    assert holds(site, "zed_k", "third oak", "old monastery") == []
    same_afresh(site, other)


def test_rules_come_and_go(site: Site, other: Site) -> None:
    site.build()
    before = site.pages()
    for rules in (
        ["author = 'zed_k'"],
        ["id = 3\naction = 'anonymise'"],
        ["host = 'zed.example'"],
        ["id = 3\naction = 'noindex'"],
        ["id = 99"],
    ):
        redact(site, *rules)
        site.build()
        same_afresh(site, other)
    (site.root / FILE).unlink()
    site.build()
    assert site.pages() == before


def told(site: Site) -> list[str]:
    return [str(one) for one in site.build().problems if one.origin.file == FILE]


def test_rules_that_match_nothing_are_told(site: Site) -> None:
    redact(
        site,
        "author = 'Zed_K'",
        f"author = ['ann', '{hashed(SALT, 'ANN')}']",
        "id = [3, 99]",
        "pattern = 'zzz'\naction = 'mask'",
        "pattern = 'gold'\naction = 'mask'",
        "host = 'none.example'",
        "author = ['bob', 'bob@mail.example']",
    )
    first, second, third, fourth, fifth = told(site)
    assert first == (
        "redactions.toml:2: rule 1 matches no item: nobody is called 'Zed_K' (did you mean 'zed_k'?);"
        " only texts are searched for the name"
    )
    assert second.startswith(
        f"redactions.toml:4: rule 2: nobody has the name of the hash sha256:{hashed(SALT, 'ANN')[7:15]}"
    )
    assert "ann" not in second.lower()
    assert third == "redactions.toml:6: rule 3: no dump has item 99; check the number"
    assert fourth.startswith("redactions.toml:8: rule 4 matches no item, so it takes nothing out; check")
    assert fifth.startswith("redactions.toml:14: rule 6 matches no item, so")


def test_a_name_without_a_source_is_of_others_where_hacker_news_has_none(site: Site) -> None:
    said = {"id": "abc1", "title": "Barrels", "author": "Zoe Q", "created_utc": 1_700_000_000}
    said |= {"selftext": "Mine are of oak.", "permalink": "/r/x/comments/abc1/b/", "subreddit": "x"}
    site.write("c.json", {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": said}]}})
    for name in ("Zoe Q", hashed(SALT, "Zoe Q"), hashed(SALT, "Zoe Q@reddit")):
        redact(site, f"author = '{name}'")
        assert told(site) == []
        assert holds(site, "zoe q", "of oak") == []


def test_one_name_may_be_in_several_rules_in_several_ways(site: Site) -> None:
    redact(site, "author = 'zed_k'\naction = 'noindex'", f"author = '{hashed(SALT, 'zed_k')}'")
    assert told(site) == []
    assert holds(site, "zed_k", "third oak") == []


def test_what_was_said_before_is_not_taken_from_who_said_it(site: Site) -> None:
    mine = "the whole harvest of that year was lost in a single afternoon"
    site.write(
        "c.json",
        [
            api(id=7, parent=2, by="ann", text=mine),
            api(id=8, parent=7, by="zed_k", text=f"<i>{mine}</i> No."),
        ],
    )
    redact(site, "author = 'zed_k'")
    site.build()
    assert mine.encode() in site.pages()["item/7.html"]
    assert b"No." not in site.pages()["item/8.html"].partition(b'id="8"')[2].partition(b"tombstone")[2]


def test_an_address_that_spells_a_title_goes_with_the_name_in_it(site: Site) -> None:
    said = {"id": "abc1", "title": "Ask z.ed.k: gold?", "author": "ann", "created_utc": 1_700_000_000}
    said |= {"selftext": "Yes?", "permalink": "/r/x/comments/abc1/ask_zedk_gold/", "subreddit": "x"}
    site.write("c.json", {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": said}]}})
    site.build()
    assert holds(site, "ask_zedk") != []
    redact(site, "author = 'z.ed.k'")
    site.build()
    assert b"Ask [removed]: gold?" in site.pages()["item/reddit-t3_abc1.html"]
    assert holds(site, "zedk") == []


def test_answers_quote_no_few_words_either(site: Site) -> None:
    quotes = "Well.<p>&gt; the third oak<p>Not <i>behind the mill,</i> third?"
    deeper = "&gt; &gt; under the third<p>the third oak"
    site.write("c.json", [api(id=7, parent=3, text=quotes), api(id=8, parent=7, text=deeper)])
    redact(site, "id = 3")
    site.build()
    answer, _, below = site.pages()["item/7.html"].partition(b'id="8"')
    assert b"Well." in answer
    assert b"third?" in answer
    assert b"third oak" not in answer
    assert b"behind" not in answer
    assert b"under the third" not in below


def test_answers_repeat_no_sentence_without_a_mark(site: Site) -> None:
    said = "Wombats juggle porcelain. I met Dr. Quertz in Turku. Yes, of course!"
    more = "Wombats juggle porcelain? Never.<p>You wrote \u201cDr. Quertz\u201d.<p>Yes, of course!"
    site.write(
        "c.json",
        [
            api(id=7, parent=3, by="zed_k", text=said),
            api(id=8, parent=7, by="ann", text=more),
            api(id=9, parent=8, by="bob", text="You say wombats juggle porcelain, I say: in Turku."),
        ],
    )
    redact(site, "author = 'zed_k'")
    site.build()
    assert holds(site, "wombats", "quertz") == []
    assert b"Never." in site.pages()["item/8.html"]
    assert b"Yes, of course!" in site.pages()["item/8.html"]
    assert b"I say: in Turku." in site.pages()["item/9.html"]
    assert found(site.config) == []


@pytest.mark.parametrize("name", ["zk", "stra\xdfe_q", "gold_digger_zk"])
def test_names_are_found_as_others_write_them(site: Site, name: str) -> None:
    text = f"Ask {name} or {name.upper()}, {name}'s way; {name}\u2019s; for {name}s."
    site.write("c.json", [api(id=7, parent=2, by=name), api(id=8, parent=7, text=text)])
    redact(site, f"author = '{name}'")
    site.build()
    assert {path for path in holds(site, f" {name}", f">{name}", name.upper()) if "css" not in path} == set()
    assert found(site.config) == []


def test_a_long_name_is_found_in_words(site: Site) -> None:
    site.write(
        "c.json",
        [
            api(id=7, parent=2, by="goldsmithy_zk", text="Hm."),
            api(
                id=8,
                parent=7,
                by="goldsmithy_zk2",
                text="See www.thegoldsmithy_zkblog.example, and http://goldsmithy_zk9.example/",
            ),
        ],
    )
    redact(site, "author = 'goldsmithy_zk'")
    site.build()
    assert holds(site, "goldsmithy_zkblog", "goldsmithy_zk9") == []
    assert (site.public / "user/goldsmithy_zk2.html").exists()
    assert found(site.config) == []


def test_others_of_that_name_elsewhere_keep_it(site: Site) -> None:
    comment = {
        "short_id": "abc",
        "comment": "Hello.",
        "commenting_user": "zed_k",
        "created_at": "2024-01-01T00:00:00Z",
    }
    story = {
        "short_id": "xyz",
        "title": "T",
        "submitter_user": "zed_k",
        "created_at": "2024-01-01T00:00:00Z",
        "comments": [],
    }
    site.write("lobsters.json", {**story, "comments": [comment]})
    redact(site, "author = 'zed_k'")
    site.build()
    assert {path for path in holds(site, "zed_k") if path.startswith("item/")} == {
        *(
            "item/lobsters-abc.html",
            "item/lobsters-xyz.html",
            "item/lobsters-xyz.time.html",
            "item/lobsters-xyz.xml",
        )
    }


def test_notes_say_no_more_than_pages(site: Site) -> None:
    note = f"---\ntitle: Zed_k\n---\nzed_k said: “{SAID}”\n"
    (site.root / "content/note.md").write_text(note)
    redact(site, "author = 'zed_k'")
    site.build()
    assert holds(site, "zed_k", "third oak") == []
    assert b"[removed] said" in site.pages()["pages/note.html"]


def test_a_note_is_not_called_like_who_must_not_be_named(site: Site) -> None:
    (site.root / "content/zed_k").mkdir()
    (site.root / "content/Zed_K.md").write_text("---\ndate: 2024-11-18\n---\nAll about him.\n")
    (site.root / "content/zed_k/gold.md").write_text("---\ntitle: Gold\n---\nSee [him](../Zed_K.md).\n")
    (site.root / "content/removed-1.md").write_text("---\ntitle: Mine\n---\nMy own.\n")
    site.build()
    redact(site, "author = 'zed_k'")
    site.build()
    assert holds(site, "zed_k", "zed k") == []
    assert b"All about him." in site.pages()["pages/removed-2.html"]
    assert b"See him." in site.pages()["pages/removed-3.html"]
    assert b"My own." in site.pages()["pages/removed-1.html"]
    assert found(site.config) == []


def test_ids_made_of_names_and_texts_are_not_kept(site: Site) -> None:
    page = f"On gold\n\nann\n2 days ago\nHello there, everybody.\n\nzed_k\n1 day ago\n{SAID}\n"
    site.write("pasted.txt", page)
    site.remove("a")
    site.build()
    ids = {Path(path).name for path in site.pages() if path.startswith("item/x")}
    redact(site, "author = 'zed_k'\naction = 'anonymise'")
    site.build()
    now = {Path(path).name for path in site.pages() if path.startswith("item/x")}
    assert len(ids) == len(now)
    assert len(ids - now) == 1


def test_check_finds_what_is_left_in_any_file(site: Site) -> None:
    redact(site, "author = 'zed_k'")
    site.build()
    assert found(site.config) == []
    (site.public / "old.html").write_text("<p>\nby &#90;ed_K\n")
    (site.public / "old.json.gz").write_bytes(
        gzip.compress(b'{"t": "under the \\u0074hird oak behind the mill"}')
    )
    (site.public / "zed_k").mkdir()
    (site.public / "zed_k/x.bin").write_bytes(b"\0\xff")
    (site.public / "bad.gz").write_bytes(b"no")
    (site.public / "packed").write_bytes(gzip.compress(b"zed_k"))
    (site.public / "wide.txt").write_bytes("zed_k".encode("utf-16"))
    told = found(site.config)
    assert [one for one in told if one.startswith("old.html:2: holds “Zed_K”")]
    assert [one for one in told if one.startswith("old.json.gz:1: holds “")]
    assert [one for one in told if one.startswith("zed_k/x.bin:0: its address holds “zed_k”")]
    assert [one for one in told if one.startswith("bad.gz:0: cannot be looked into")]
    assert [one for one in told if one.startswith("packed:1: holds “zed_k”")]
    assert [one for one in told if one.startswith("wide.txt:1: holds “zed_k”")]


def test_check_finds_everyday_names_where_names_stand(site: Site) -> None:
    site.write("c.json", [api(id=7, parent=3, by="time", text="It takes time.")])
    redact(site, "author = 'time'")
    site.build()
    assert found(site.config) == []
    (site.public / "old/user").mkdir(parents=True)
    (site.public / "old/user/time.json").write_text("{}")
    (site.public / "old/7.json").write_text('{"id":7,"by":"time"}')
    assert [one.partition(":")[0] for one in found(site.config)] == ["old/7.json", "old/user/time.json"]


def test_words_of_our_own_pages_are_no_names_that_are_left(site: Site) -> None:
    said = "The button is in the background. Ask summary, he knows."
    site.write("c.json", [api(id=7, parent=3, by="summary", text="Hm."), api(id=8, parent=7, text=said)])
    redact(site, "author = ['summary', 'button']")
    site.build()
    assert found(site.config) == []
    assert b"The [removed] is in the background. Ask [removed], he" in site.pages()["item/8.html"]
    (site.public / "user/summary.json").write_text('{"by":"summary"}')
    told = found(site.config)
    assert len(told) == 2
    assert all(one.startswith("user/summary.json:") for one in told)


def test_check_tells_the_addresses_to_purge(site: Site) -> None:
    redact(site, "id = 3")
    site.build()
    told = {one.message for one in leaks(site.config, 1) if one.kind == PURGE}
    pages = ("", "index.html", "item/1.html", "item/1.time.html", "item/2.html", "item/3.html", "item/4.html")
    more = ("item/11.html", "item/10.html", "user/zed_k.html", "user/dot.html")
    others = ("item/1.xml", "user/zed_k.xml", "v0/item/3.json", "feed.xml")
    assert {f"https://a.example/x/{path}" for path in (*pages, *more, *others)} <= told


def test_dumps_may_stand_elsewhere(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    redact(site, "id = 3")
    site.build()
    (site.root / "content").rename(site.root / "dumps")
    (site.root / "hnsite.toml").write_text(site.settings)
    monkeypatch.chdir(site.root)
    lost = CliRunner().invoke(cli, ["check"])
    assert isinstance(lost.exception, UsageError)
    done = CliRunner().invoke(cli, ["check", "-s", "dumps"])
    assert done.exit_code == 0
    assert "https://a.example/x/item/3.html" in done.stdout


def test_without_rules_nothing_is_looked_for(site: Site) -> None:
    site.build()
    assert list(leaks(site.config, 1)) == []
