"""Pages that somebody wrote: which files they are, what front matter says, and where links lead."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from small_site import STORY, Site, api, differences, pasted

from hnsite import front_matter, notes, sources, urls
from hnsite.errors import BuildError, UnreadableError
from hnsite.front_matter import MatterError
from hnsite.model import Note


def found(folder: Path, **files: str | bytes) -> notes.Found:
    """What is found among files of these names; ``__`` stands for ``/``, and each is called ``.md``."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return notes.find_notes(sources.find_dumps(folder, folder)[0], folder)


def one(folder: Path, text: str | bytes) -> tuple[Note | None, list[str]]:
    """The note of one file, if it is one, and what was wrong."""
    made = found(folder, a=text)
    assert len(made.notes) + len(made.dumps) <= 1
    return (made.notes[0] if made.notes else None), [str(problem) for problem in made.problems]


# ---- which files


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: T\n---\nText\n",
        "---\r\ntitle: T\r\n---\r\nText\r\n",
        "\ufeff---\ntitle: T\n---\nText\n",
        "---\n# said in passing\n\ntitle: T\n---  \nText\n",
        '+++\ntitle = "T"\n+++\nText\n',
        "---\n'title': \"T\"\n---\nText\n",
        "---\nTitle: T\n---\nText",
        "---\ntitle: T\ntags: [a, {b: c}]\n---\nText\n---\nmore",
        "---\n---\n# T\nText",
        "---\n---\n\nT\n===\nText",
        "---\ntitle: T\n---\n# T #\n\nText",
        "---\ntitle:\n---\n# [T](b.md)\n\nText",
    ],
)
def test_a_file_with_front_matter_is_a_note(tmp_path: Path, text: str) -> None:
    for raw in (text.encode(), text.removeprefix("\ufeff").encode("utf-16")):
        note, problems = one(tmp_path, raw)
        assert note
        assert (note.title, note.body.strip()[:4], problems) == ("T", "Text", [])
        line = text.split("\n")[note.origin.position - 1 :]
        assert "Text" in "".join(line) and "title" not in "".join(line)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# No front matter\n",
        "---\nunclosed: true\n",
        pasted([("ann", "One."), ("bea", "Two.")]),
        "---\n" + pasted([("ann", "One."), ("bea", "Two.")]) + "---\n" + pasted([("cid", "Three.")]),
        " ---\ntitle: T\n---\n",
        "----\ntitle: T\n----\n",
        '[{"id": 1}]',
    ],
)
def test_a_file_without_front_matter_is_a_dump(tmp_path: Path, text: str) -> None:
    assert [dump.name for dump in found(tmp_path, a=text).dumps] == ["a.md"]


def test_a_dump_may_be_called_markdown(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write("a.md", "---\n" + pasted([("ann", "One."), ("bea", "Two.")]) + "---\n")
    assert site.build().comments == 2


def test_what_is_neither_is_told_what_a_note_begins_with(tmp_path: Path) -> None:
    site = Site(tmp_path, dump=[STORY])
    site.write("README.md", "# Read me\n")
    (error,) = site.build().errors
    assert error.subject == "content/README.md:1"
    assert error.reason.startswith("no reader knows this dump (")
    assert error.reason.endswith("a page of the site would begin with front matter between lines of ---")


def test_a_note_is_called_markdown(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("---\ntitle: T\n---\n")
    (tmp_path / "b.MD").write_text("---\ntitle: T\n---\n")
    made = notes.find_notes(sources.find_dumps(tmp_path, tmp_path)[0], tmp_path)
    assert [note.place for note in made.notes] == ["b.MD"]
    assert [dump.name for dump in made.dumps] == ["a.txt"]


# ---- front matter


def test_what_front_matter_says(tmp_path: Path) -> None:
    said = "title: No\ndescription: >\n  two\n  lines\ndate: 2024-11-18 10:00 +0100\nweight: 3\nnav: no\n"
    yaml, problems = one(tmp_path, f"---\n{said}---\n")
    assert yaml and yaml.date and not problems
    assert (yaml.title, yaml.description, yaml.weight) == ("No", "two lines", 3)
    assert (yaml.date.epoch, yaml.date.unit) == (1_731_888_000, "day")
    assert (yaml.in_nav, yaml.listed) == (False, False)
    said = 'title = "No"\ndescription = "two lines"\ndate = 2024-11-18T10:00:00Z\nweight = 3\nnav = false\n'
    toml, problems = one(tmp_path, f"+++\n{said}+++\n")
    assert toml and not problems
    assert [getattr(toml, name) for name in toml.__struct_fields__[1:]] == [
        getattr(yaml, name) for name in yaml.__struct_fields__[1:]
    ]


@pytest.mark.parametrize(
    "said, problem",
    [
        ("weight: 1.5", "a.md:2: weight must be a whole number, not '1.5'"),
        ("\nnav: maybe", "a.md:3: nav must be true or false, not 'maybe'"),
        ("date: yesterday", "a.md:2: date must be a day such as 2024-11-18, not 'yesterday'"),
        ("date: 2024-13-45", "a.md:2: date must be a day such as 2024-11-18, not '2024-13-45'"),
        ("title: [a, b]", "a.md:2: title must be text, not several values"),
        ("a: 1\ntitel: T", "a.md:3: unknown key 'titel'; did you mean 'title'?"),
        ("nav: !!python/object:os.system {}", "a.md:2: nav must be true or false, not several values"),
    ],
)
def test_what_cannot_be_used_counts_as_silence(tmp_path: Path, said: str, problem: str) -> None:
    note, problems = one(tmp_path, f"---\n{said}\n---\n")
    assert note == Note(note.origin if note else None, "a.md", "pages/a.html", "A", "")  # type: ignore[arg-type]
    assert problems == [problem]


@pytest.mark.parametrize(
    "text, place",
    [
        ("---\ntitle: a: b\n---\n", 2),
        ("---\na: 1\nb: [\n---\n", 4),
        ("---\na: \x00\n---\n", 1),
        ("---\na: *b\n---\n", 2),
        ("---\na: " + "[" * 5000 + "\n---\n", 1),
        ("---\na: 1\n" + "# long\n" * 5000 + "---\n", 1),
        ("+++\na = 1\na = 2\n+++\n", 3),
        ("+++\na = " + "[" * 5000 + "\n+++\n", 1),
        ("+++\na = " + "9" * 5000 + "\n+++\n", 1),
    ],
)
def test_front_matter_that_cannot_be_read_leaves_the_page_out(tmp_path: Path, text: str, place: int) -> None:
    """It may say that the page is a draft."""
    made = found(tmp_path, a=text)
    assert (made.dumps, made.notes) == ([], [])
    (problem,) = made.problems
    assert (str(problem.origin), problem.skipped) == (f"a.md:{place}", True)
    assert "\n" not in problem.reason


@given(st.text() | st.from_regex(r"(---|\+\+\+)\n([a-z]+ ?[:=] ?[\[{'\"&*!|>a-z0-9 \n]*)\n(---|\+\+\+)\n"))
@example("---\n&a [*a]: 1\n---\n")
@example("---\na: &a [*a]\n---\n")
@example("+++\n[a]\nb = 1\n+++\n")
@settings(max_examples=300)
def test_front_matter_never_raises_anything_else(text: str) -> None:
    matter = front_matter.part(text)
    if matter:
        try:
            front_matter.values(matter)
        except MatterError as error:
            assert 1 <= error.line <= text.count("\n") + 1


@given(st.binary() | st.text().map(lambda text: f"---\n{text}".encode("utf-8", "surrogatepass")))
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
def test_any_bytes_are_a_note_or_a_dump(tmp_path: Path, raw: bytes) -> None:
    one(tmp_path, raw)


def test_titles(tmp_path: Path) -> None:
    for text, title in (
        ("# On `code` and *stars*", "On code and stars"),
        ("## Second level", "A"),
        ("Text\n\n# Later", "A"),
        ("# " + "x" * 400, "A"),
        ("#no blank", "A"),
    ):
        note, _ = one(tmp_path, f"---\n---\n{text}\n")
        assert note and note.title == title
    assert [note.title for note in found(tmp_path, my_old_notes="---\n---\n").notes] == ["A", "My old notes"]


def test_a_note_that_is_not_utf8(tmp_path: Path) -> None:
    note, problems = one(tmp_path, "---\ntitle: Café\n---\nText".encode("latin-1"))
    assert note and note.title == "Café"
    assert problems == ["a.md:2: not UTF-8 on this line; read as Windows-1252"]


# ---- addresses


@pytest.mark.parametrize(
    "place, path",
    [
        ("about.md", "pages/about.html"),
        ("About.MD", "pages/about.html"),
        ("My  old notes.md", "pages/my-old-notes.html"),
        ("notes/On clocks.md", "pages/notes/on-clocks.html"),
        ("a/b/c/d.md", "pages/a/b/c/d.html"),
        ("index.md", "index.html"),
        ("notes/index.md", "pages/notes/index.html"),
        ("search.md", "pages/search.html"),
        ("item/8863.md", "pages/item/8863.html"),
    ],
)
def test_addresses(place: str, path: str) -> None:
    assert urls.note_path(place) == path


names = st.text(st.characters(exclude_characters="/\x00"), min_size=1, max_size=8) | st.sampled_from(
    ["con", "..", ".", "é", "e\u0301", "É", "a.b", " a", "index"]
)
places = st.lists(names, min_size=1, max_size=4).map(lambda parts: "/".join(parts) + ".md")


@given(places, places)
def test_addresses_suit_every_file_system(one: str, other: str) -> None:
    paths = [urls.note_path(place) for place in (one, other)]
    for place, path in zip((one, other), paths, strict=True):
        assert path == "index.html" if place.lower() == "index.md" else path.startswith("pages/")
        steps = path.removesuffix(".html").split("/")
        assert steps[1:] == [urls.file_name(step) for step in steps[1:]] or "--" in path
    assert (paths[0] == paths[1]) == (paths[0].casefold() == paths[1].casefold())


def test_two_notes_with_one_address(tmp_path: Path) -> None:
    made = found(
        tmp_path, **{"On clocks": "---\n---\n", "on-clocks": "---\n---\n", "ON-CLOCKS": "---\n---\n"}
    )
    assert [note.place for note in made.notes] == ["ON-CLOCKS.md"]
    assert [str(problem) for problem in made.problems] == [
        f"{name}.md:1: the page of ON-CLOCKS.md has this address: pages/on-clocks.html"
        for name in ("On clocks", "on-clocks")
    ]
    assert all(problem.skipped for problem in made.problems)


def test_an_address_that_would_be_too_long(tmp_path: Path) -> None:
    made = found(tmp_path, **{"__".join("é" * 20): "---\n---\n"})
    (problem,) = made.problems
    assert not made.notes
    assert problem.reason.startswith("its address would be too long: pages/e--")


# ---- links


@pytest.mark.parametrize(
    "href, way",
    [
        ("../about.md", "../about.html"),
        ("../about", "../about.html"),
        ("/about.md", "../about.html"),
        ("/about.md#a%20b", "../about.html#a%20b"),
        ("one.md", "one.html"),
        ("./deep/", "deep/index.html"),
        ("deep/index.md", "deep/index.html"),
        ("../index.md", "../../index.html"),
        ("On%20clocks.md", "on-clocks.html"),
        ("#here", "#here"),
        ("8863", "https://news.ycombinator.com/item?id=8863"),
        ("../../about.md", None),
        ("gone.md", None),
        ("", ""),
        ("..", None),
        ("a\x00b", None),
    ],
)
def test_where_links_lead(tmp_path: Path, href: str, way: str | None) -> None:
    files = ["about", "index", "notes__one", "notes__deep__index", "notes__On clocks"]
    made = found(tmp_path, **dict.fromkeys(files, "---\n---\n")).notes
    (note,) = (note for note in made if note.place == "notes/one.md")
    assert notes.target(href, note, notes.way_of(made)) == way


def test_links_that_lead_to_no_page(tmp_path: Path) -> None:
    text = "---\n---\n# T\n\n[a](gone.md) `[b](code.md)`\n```\n[c](code.md)\n```\n[d](<x y.md>) [e](//x/) [f](http://x/)\n"
    _, problems = one(tmp_path, text)
    assert problems == [
        f"a.md:{line}: a link that leads to no page: {way}" for line, way in ((5, "gone.md"), (9, "x y.md"))
    ]


def test_many_links_and_backticks_take_no_time(tmp_path: Path) -> None:
    start = time.perf_counter()
    for hostile in ("[a](b) ", "`", "[", "](", "<", "# ", "*", "> ", "![a]("):
        one(tmp_path, "---\n---\nx" + hostile * (300_000 // len(hostile)))
        one(tmp_path, "---\n---\n" + hostile * (300_000 // len(hostile)))
    assert time.perf_counter() - start < 20


# ---- sites


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site")
    site.write("dump.json", [STORY, api(id=2, parent=1, text="Yes.")])
    return site


def changed(site: Site, before: dict[str, tuple[int, int]]) -> set[str]:
    return {path for path in differences(site.stamps(), before) if path.endswith(".html")}


def page(site: Site, path: str) -> str:
    return (site.public / path).read_text("utf-8")


def test_a_site_of_notes_only(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write("about.md", "---\n---\nText")
    assert site.build(strict=True).threads == 0
    assert "Text" in page(site, "pages/about.html")
    assert '<a href="pages/about.html">About</a>' in page(site, "index.html")


def test_dumps_that_cannot_be_read_are_no_site_of_notes(site: Site) -> None:
    site.write("about.md", "---\n---\nText")
    site.write("dump.json", "nothing")
    with pytest.raises(BuildError) as caught:
        site.build()
    assert isinstance(caught.value.problems[0], UnreadableError)


def test_strict_builds_publish_nothing_when_front_matter_is_broken(site: Site) -> None:
    site.write("about.md", "---\na: [\n---\nText")
    with pytest.raises(BuildError):
        site.build(strict=True)
    assert not site.public.exists()
    assert [str(problem.origin) for problem in site.build().problems] == ["content/about.md:3"]


def test_hostile_markdown(site: Site) -> None:
    hostile = [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1)) [x](data:text/html,x) [x](//evil.example/) [x](\\\\evil) [x](vbscript:x)",
        '[x](about.md"onclick=alert(1)) [x](<about.md#" onclick="alert(1)>) <about.md>',
        '<img src=x onerror=alert(1)> ![x](javascript:alert(1)) ![x](https://x.example/" onerror="x)',
        '## <b id=content> "quoted" & <i>\n## content\n## end\n## ../..\n##',
        "\x02forged\x03 \x04 \x050\x06 \x07 {{ view }} {% block main %} &#2;",
        "[x](1#<b>) [x](0000000000000000000000000001) [x](" + "9" * 400 + ")",
        "> " * 3000 + "deep",
    ]
    site.write("about.md", "---\ntitle: '<i>\"&'\ndescription: '\"><script>'\n---\n" + "\n\n".join(hostile))
    site.build()
    html = page(site, "pages/about.html")
    body = html[html.index("<main") :]
    assert "<script" not in body and "<img" not in body and "<i>" not in html
    assert not set("\x02\x03\x04\x05\x06\x07") & set(body)
    assert not [tag for tag in re.findall("<[^<>]*>", body) if re.search(r"\son\w+=", tag)]
    assert 'href="java' not in body and 'href="//' not in body and "<b" not in body.replace("<blockquote", "")
    assert '"&quot;&gt;&lt;script' not in html and "<title>&lt;i&gt;" in html
    assert 'id="content-1"' in body and 'id="end-1"' in body and body.count('id="content"') == 1


@pytest.mark.parametrize("permalinks, way", [("pages", "../item/2.html"), ("anchors", "../item.html?id=2")])
def test_links_to_items_come_and_go_with_them(site: Site, permalinks: str, way: str) -> None:
    site.settings = f"permalinks = '{permalinks}'"
    site.write("about.md", "---\n---\n[x](2), [y](77)")
    site.build()
    html = page(site, "pages/about.html")
    assert f'x (<a class="item-link" href="{way}">&gt;&gt;2</a>)' in html
    assert '<a href="https://news.ycombinator.com/item?id=77" rel="nofollow noopener ugc">y</a>' in html
    site.write("more.json", [api(id=77, type="story", title="More")])
    site.build()
    assert "&gt;&gt;77</a>" in page(site, "pages/about.html")


def test_editing_a_note_makes_its_page_again_and_no_other(site: Site) -> None:
    for name in ("about", "other"):
        site.write(f"{name}.md", f"---\n---\n{name}")
    site.build()
    before = site.stamps()
    site.write("about.md", "---\n---\nChanged")
    site.build()
    assert changed(site, before) == {"pages/about.html"}
    before = site.stamps()
    site.write("index.md", "---\n---\nWelcome")
    site.build()
    assert changed(site, before) == {"index.html"}
    before = site.stamps()
    site.write("about.md", "---\ntitle: Else\n---\nChanged")
    site.build()
    assert {"pages/about.html", "pages/other.html", "item/1.html"} < changed(site, before)
    site.remove("about.md")
    site.build()
    assert not (site.public / "pages/about.html").exists()
    assert "about" not in page(site, "item/2.html").lower()


def test_what_every_page_leads_to(site: Site) -> None:
    for name, said in {
        "b": "",
        "a": "",
        "last": "weight: 2",
        "first": "weight: -1",
        "hidden": "nav: false",
        "draft": "draft: true",
    }.items():
        site.write(f"{name}.md", f"---\n{said}\n---\n")
    made = notes.find_notes(sources.find_dumps(site.root / "content", site.root)[0], site.root / "content")
    assert [title for title, _ in notes.navigation(made.notes)] == ["First", "Last", "A", "B"]
    (site.root / "content/in").mkdir()
    site.write("in/folder.md", "---\n---\n")
    site.build()
    assert "folder" not in page(site, "index.html")
    assert '<a href="pages/in/folder.html">Folder</a>' in page(site, "pages.html")
    assert "hidden" not in page(site, "pages.html")
    assert (site.public / "pages/hidden.html").exists() and not (site.public / "pages/draft.html").exists()
    site.write("in/folder.md", "---\nnav: true\n---\n")
    site.build()
    assert '<a href="pages/in/folder.html">Folder</a>' in page(site, "index.html")
    assert not (site.public / "pages.html").exists()


@pytest.mark.parametrize("theme", ["default", "board"])
def test_each_theme_shows_notes(site: Site, theme: str) -> None:
    site.settings = f"theme = '{theme}'"
    site.write("about.md", "---\n---\nText")
    site.build()
    assert "Text" in page(site, "pages/about.html")
