"""Round trips: an export says all that the site shows, so that building it again gives the same bytes."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import hostile_dumps
import hostile_text
import pyarrow.parquet
import pytest
from small_site import Site, differences
from test_cli import Ran

from hnsite import cli
from hnsite.config import Config
from hnsite.errors import BuildError
from hnsite.export import COLUMNS, export
from hnsite.unpack import zstd_library

TESTS = Path(__file__).parent
SAMPLES = TESTS.parent / "content"
CASES = sorted(path for path in (TESTS / "sites").iterdir() if path.is_dir())
DUMPS = sorted(path for path in (TESTS / "readers").iterdir() if path.is_file() and path.suffix != ".py")
NAMES = {"ndjson": "archive.ndjson", "sqlite": "archive.db", "parquet": "archive.parquet"}
MAIL = "{}From: Ann <ann@x.example>\nDate: Mon, 1 Jan 2024 12:00:00 +0000\nSubject: {}\n\n{}\n"
SETTINGS = [
    'base_url = "https://example.org/archive/"\n',
    'deleted = "show"\npermalinks = "anchors"\n',
    'min_comments = 3\nsince = "2012-01-01"\nfeeds = "threads"\napi = true\n',
]


def site_of(root: Path, content: Path, settings: str = "") -> Site:
    """A site with a copy of some dumps."""
    site = Site(root)
    site.settings = settings
    shutil.copytree(content, root / "content", dirs_exist_ok=True)
    return site


def built(site: Site) -> dict[str, bytes]:
    """Every byte of the site."""
    site.build(jobs=1)
    return site.pages()


def again(root: Path, site: Site, *files: Path) -> Site:
    """A site of some exports, with the settings of another."""
    other = Site(root)
    other.settings = site.settings
    for source in files:
        shutil.copyfile(source, root / "content" / source.name)
    if (rules := site.root / "redactions.toml").exists():
        shutil.copyfile(rules, root / "redactions.toml")
    return other


def check(site: Site, work: Path, formats: tuple[str, ...] = ("ndjson",)) -> None:
    """Exports of a site, alone and beside its dumps, give the same site, and the same exports."""
    pages = built(site)
    files = {name: work / NAMES[name] for name in formats}
    export(site.config, files, jobs=1)
    for name, path in files.items():
        other = again(work / name, site, path)
        assert differences(pages, built(other)) == [], name
        twice = work / f"twice-{NAMES[name]}"
        export(other.config, {name: twice}, jobs=1)
        assert twice.read_bytes() == path.read_bytes(), name
    if (site.root / "redactions.toml").exists():
        return  # beside the dumps a text without names is another one, and marked as edited
    mixed = site_of(work / "mixed", site.root / "content", site.settings)
    shutil.copyfile(files[formats[0]], mixed.root / "content" / "archive.ndjson")
    assert differences(pages, built(mixed)) == []


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = site_of(tmp_path_factory.mktemp("samples") / "site", SAMPLES)
    site.build(jobs=1)
    return site


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# The same site


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_site_is_the_same_from_its_export(case: Path, tmp_path: Path) -> None:
    settings = case / "hnsite.toml"
    more = settings.read_text("utf-8") if settings.exists() else ""
    check(site_of(tmp_path / "site", case / "content", more), tmp_path, tuple(NAMES))


@pytest.mark.parametrize(
    "settings", [SETTINGS[0], *(pytest.param(one, marks=pytest.mark.slow) for one in SETTINGS[1:])]
)
def test_all_samples_and_fixtures_together_are_the_same_from_their_export(
    settings: str, tmp_path: Path
) -> None:
    site = site_of(tmp_path / "site", SAMPLES, settings)
    for dump in DUMPS:
        shutil.copyfile(dump, site.root / "content" / dump.name)
    check(site, tmp_path, ("ndjson", "parquet") if settings else ("ndjson", "sqlite"))


@pytest.mark.slow
@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.stem)
def test_each_fixture_is_the_same_from_its_export(dump: Path, tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    shutil.copyfile(dump, site.root / "content" / dump.name)
    try:
        site.build(jobs=1)
        export(site.config, {"ndjson": tmp_path / "first"}, jobs=1)
    except BuildError as error:
        assert "nothing" in str(error)  # a dump that holds no items
        return
    check(site, tmp_path)


def test_hostile_texts_are_the_same_from_their_export(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    hostile_dumps.write(site.root / "content", hostile_text.OWN, every=60)
    check(site, tmp_path)


def test_a_mail_stays_where_any_of_its_subjects_put_it(tmp_path: Path) -> None:
    """An export has one of the subjects that dumps give a mail, by which others might seem to answer it."""
    site = Site(tmp_path / "site")
    for number, subject in enumerate(("On clocks", "On locks", "On socks")):
        site.write(f"root-{number}.eml", MAIL.format("Message-ID: <root@x.example>\n", subject, "A text."))
        site.write(f"re-{number}.eml", MAIL.format("", f"Re: {subject}", f"An answer to {subject}."))
    check(site, tmp_path)


@pytest.mark.slow
def test_real_dumps_are_the_same_from_their_export(shared: Path, tmp_path: Path) -> None:
    check(site_of(tmp_path / "site", shared / "data"), tmp_path, ("ndjson", "sqlite"))


STORY = {"id": 1, "type": "story", "by": "ann", "title": "On locks", "time": 1_500_000_000, "kids": [2, 3]}
REPLIES = [
    {"id": 2, "type": "comment", "by": "bob", "parent": 1, "text": "Ann wrote this.", "time": 1_500_000_100},
    {"id": 3, "type": "comment", "by": "ann", "parent": 1, "text": "Yes, I did.", "time": 1_500_000_200},
]
RULES = '[[redact]]\nauthor = "ann"\n'


def test_what_is_redacted_is_in_no_export(tmp_path: Path) -> None:
    notes = {"ann.md": "---\ntitle: On Ann\n---\nHers.\n", "index.md": "---\n---\nSee [her](ann.md).\n"}
    site = Site(tmp_path / "site", **{"ann.json": [STORY, *REPLIES]}, **notes)
    (site.root / "redactions.toml").write_text(RULES, "utf-8")
    check(site, tmp_path, tuple(NAMES))
    for name in NAMES.values():
        raw = (tmp_path / name).read_bytes()
        assert b"Yes, I did" not in raw
        if name.endswith(".ndjson"):
            assert b"ann" not in raw.lower()


def test_a_page_in_content_goes_before_that_of_an_export(tmp_path: Path) -> None:
    site = Site(tmp_path / "site", **{"a.json": [STORY, *REPLIES]}, **{"about.md": "---\n---\nOld.\n"})
    (site.root / "content" / "more").mkdir()
    site.write("more/on.md", "---\nnav: true\nweight: 3\n---\nMore.\n")
    export(site.config, {"ndjson": site.root / "content" / "b.ndjson"}, jobs=1)
    site.write("about.md", "---\ntitle: We\n---\nNew.\n")
    site.remove("more/on.md")
    pages = built(site)
    assert b"New." in pages["pages/about.html"] and b">We</a>" in pages["index.html"]
    assert b"More." in pages["pages/more/on.html"] and b">On</a>" in pages["index.html"]
    site.remove("b.ndjson")
    site.remove("about.md")
    assert not {"pages/about.html", "pages/more/on.html"} & built(site).keys()


def test_a_page_of_an_export_has_a_place_below_content(tmp_path: Path) -> None:
    line = {"id": "x.md", "type": "note", "hnsite": {"export": 1, "note": {}}, "title": "X", "text": "Text."}
    places = ["../x.md", "a/../x.md", "/x.md", "x", "./x.md", "x.md/", "a//x.md", 7, "x/..", "\0.md"]
    wrong = [*({**line, "id": place} for place in places), {**line, "hnsite": {"export": 1}}]
    dump = "".join(f"{json.dumps(one)}\n" for one in [*wrong, line])
    site = Site(tmp_path / "site", **{"a.json": [STORY], "x.ndjson": dump})
    report = site.build(jobs=1)
    told = [problem.origin.position for problem in report.problems]
    assert told == [*range(1, len(wrong) + 1)]
    assert [path.name for path in (site.public / "pages").rglob("*")] == ["x.html"]


def test_a_later_dump_goes_before_an_export(tmp_path: Path) -> None:
    """An old export beside new dumps adds what only it has, and nothing else."""
    site = Site(tmp_path / "site", **{"a.json": [STORY, *REPLIES]})
    export(site.config, {"ndjson": site.root / "content" / "b.ndjson"}, jobs=1)
    later = {**STORY, "id": 9, "kids": [], "time": 1_600_000_000}
    site.write("c.json", [{**REPLIES[0], "text": "Bob changed it."}, later])
    site.remove("a.json")
    pages = built(site)
    assert b"Bob changed it." in pages["item/2.html"]
    assert b"Yes, I did." in pages["item/1.html"]


def test_dumps_in_any_order_by_any_number_of_workers_give_the_same_bytes(
    samples: Site, tmp_path: Path
) -> None:
    export(samples.config, {"ndjson": tmp_path / "one"}, jobs=1)
    other = Site(tmp_path / "other")
    for number, path in enumerate(sorted(samples.root.glob("content/*.*"), reverse=True)):
        if path.suffix in (".json", ".ndjson"):
            shutil.copyfile(path, other.root / "content" / f"{number:02}")
    first = [json.loads(line)["id"] for line in (tmp_path / "one").read_text("utf-8").splitlines()]
    export(other.config, {"ndjson": tmp_path / "two"}, jobs=2)
    export(other.config, {"ndjson": tmp_path / "three"}, jobs=1)
    assert (tmp_path / "two").read_bytes() == (tmp_path / "three").read_bytes()
    assert len(first) == len(set(first))


# What it says


def test_an_item_is_one_of_the_api_and_tells_where_it_was_read(tmp_path: Path) -> None:
    site = Site(tmp_path / "site", **{"a.json": [STORY, *REPLIES], "b.json": [STORY]})
    export(site.config, {"ndjson": tmp_path / "x.ndjson"}, jobs=1)
    story, reply, _ = lines(tmp_path / "x.ndjson")
    about = story.pop("hnsite")
    assert story == {**STORY, "descendants": 2}
    assert about == {"export": 1, "thread": 1, "dialect": "hn", "dumps": ["a.json:1", "b.json:1"]}
    assert reply.pop("hnsite") == {
        "export": 1,
        "thread": 1,
        "depth": 0,
        "dialect": "hn",
        "dumps": ["a.json:1"],
    }
    assert reply == REPLIES[0]


def test_tables_say_the_same_as_lines(samples: Site, tmp_path: Path) -> None:
    export(samples.config, {name: tmp_path / file for name, file in NAMES.items()}, jobs=1)
    items = lines(tmp_path / NAMES["ndjson"])
    with closing(sqlite3.connect(tmp_path / NAMES["sqlite"])) as db:
        columns = ", ".join(f'"{name}"' for name in COLUMNS)
        rows = db.execute(f"SELECT {columns} FROM item ORDER BY rowid").fetchall()
        (deepest,) = db.execute(
            "SELECT max(item.depth) FROM item JOIN item AS above ON above.id = item.parent"
        ).fetchone()
    table = pyarrow.parquet.read_table(tmp_path / NAMES["parquet"])
    assert table.schema.names == list(COLUMNS)
    assert [tuple(row.values()) for row in table.to_pylist()] == rows
    assert [row[0] for row in rows] == [str(item["id"]) for item in items]
    by_name = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    assert [row["text"] for row in by_name] == [item.get("text") for item in items]
    assert all(row["thread"] == row["id"] for row in by_name if row["place"] == 0)
    assert deepest > 3
    assert {row["evidence"] for row in by_name} >= {None, "stated", "quote", "subject"}


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_lines_are_packed_as_their_name_says(suffix: str, samples: Site, tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain", tmp_path / f"x.ndjson{suffix}"
    export(samples.config, {"ndjson": plain}, jobs=1)
    export(samples.config, {"ndjson": packed}, jobs=1)
    unpack: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        ".gz": gzip.decompress,
        ".zst": zstd_library().decompress,
    }
    assert unpack[suffix](packed.read_bytes()) == plain.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plain", packed.name]


def test_an_absolute_place_is_not_told(tmp_path: Path) -> None:
    site = Site(tmp_path / "site", **{"a.json": [STORY]})
    elsewhere = Config(tmp_path / "empty", content=str(site.root / "content"))
    export(elsewhere, {"ndjson": tmp_path / "x"}, jobs=1)
    assert lines(tmp_path / "x")[0]["hnsite"]["dumps"] == ["a.json:1"]


# The command


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Ran]]:
    monkeypatch.chdir(tmp_path)
    Site(tmp_path / "site", **{"a.json": [STORY, *REPLIES]})
    monkeypatch.chdir(tmp_path / "site")

    def command(*arguments: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["hnsite", "export", *arguments])
        status = 0
        try:
            cli.main()
        except SystemExit as end:
            assert isinstance(end.code, int)
            status = end.code
        return Ran(status, *capfd.readouterr())

    yield command


def test_lines_go_to_the_standard_output(run: Callable[..., Ran]) -> None:
    status, out, err = run("--ndjson", "-")
    assert status == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == [1, 2, 3]
    assert err == "3 items of 1 thread in -\n"


def test_a_file_that_is_there_is_replaced_only_on_demand(run: Callable[..., Ran]) -> None:
    Path("x.db").write_text("precious")
    status, _, err = run("--sqlite", "x.db")
    assert (status, err) == (2, "error: x.db: is there already; --force replaces it\n")
    assert Path("x.db").read_text() == "precious"
    assert run("--sqlite", "x.db", "--force").status == 0
    assert Path("x.db").read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize(
    "arguments, reason",
    [
        ((), "hnsite export: name a format and a file, such as --ndjson archive.ndjson.gz"),
        (("--sqlite", "-"), "--sqlite: only --ndjson can go to the standard output"),
        (("--sqlite", "x", "--parquet", "./x"), "hnsite export: each format needs a file of its own"),
        (("--sqlite", "content"), "content: is a folder; name a file in it"),
        (("--sqlite", "nowhere/x"), "nowhere/x: its folder is not there"),
        (("--ndjson", "/dev/null"), "/dev/null: is no regular file"),
    ],
)
def test_wrong_use_is_told(arguments: tuple[str, ...], reason: str, run: Callable[..., Ran]) -> None:
    status, _, err = run(*arguments)
    assert (status, err) == (2, f"error: {reason}\n")


def test_a_failure_leaves_nothing(run: Callable[..., Ran]) -> None:
    Path("content/a.json").write_text("{}")
    status, _, err = run("--ndjson", "x")
    assert status == 1
    assert err.endswith("error: nothing exported: no dump could be read\n")
    assert not Path("x").exists()


@pytest.mark.parametrize(
    "library, option, extra", [("pyarrow", "--parquet", "parquet"), ("libzim", "--zim", "zim")]
)
def test_a_library_that_is_not_there_is_named(
    library: str, option: str, extra: str, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (library, f"{library}.parquet", f"{library}.writer"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    status, _, err = run(option, "x")
    assert status == 2
    assert f"pip install 'hnsite[{extra}]'" in err


def test_how_a_dump_put_a_moment_is_text(tmp_path: Path) -> None:
    """Only an export can say in words when something was edited."""
    moment = {"time": None, "unit": "day", "words": "<img src=x onerror=alert(1)>"}
    about = {"export": 1, "thread": 1, "edited": moment, "precision": moment}
    item = {
        "id": 1,
        "type": "story",
        "title": "A story",
        "by": "ann",
        "text": "a",
        "kids": [2],
        "hnsite": about,
    }
    reply = {"id": 2, "type": "comment", "parent": 1, "by": "bob", "text": "b", "hnsite": about}
    site = Site(tmp_path)
    site.write("archive.ndjson", "\n".join(map(json.dumps, (item, reply))))
    pages = built(site)
    assert b"&lt;img src=x" in pages["item/2.html"]
    assert not [path for path, page in pages.items() if b"<img src=x" in page and path.endswith(".html")]
