"""``permalinks = "anchors"``: no page a comment, links into thread pages, item.html and its maps."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from built_site import Site
from hypothesis import given, settings
from hypothesis import strategies as st

from hnsite.build import Report, build
from hnsite.config import parse_config
from hnsite.errors import BuildError
from hnsite.pages import find
from hnsite.pages import thread as thread_pages
from hnsite.pages.card import in_threads, join, own_page, parted

ANCHORS = 'permalinks = "anchors"'
KIB_64 = 64 * 1024
FIRST = 40_000_000


# ---- links


def test_a_far_link_leads_to_the_page_that_shows_the_item() -> None:
    far = in_threads("1", {"1": "item/1.html", "2": "item/1.html", "9": "item/1.2.html"})
    assert [far(name) for name in ("1", "2", "9", "7")] == [
        "../item/1.html",
        "../item/1.html#2",
        "../item/1.2.html#9",
        "../item.html?id=7",
    ]
    card = parted("\x022\x03 \x029\x03 \x04")
    assert join(card, {"2"}, "1.", far=far) == "#2 ../item/1.2.html#9 1."
    assert join(card, {"2"}, "1.", far=own_page) == join(card, {"2"}, "1.") == "#2 ../item/9.html 1."


# ---- maps


def sizes_of(entries: Iterable[tuple[int, str]]) -> list[tuple[int, int]]:
    """What the manifest says of blocks: (block, characters of its entries)."""
    sizes: dict[int, int] = {}
    for block, entry in sorted(entries):
        sizes[block] = sizes.get(block, 0) + len(entry) + 1
    return list(sizes.items())


def maps_of(entries: Iterable[tuple[int, str]]) -> dict[str, bytes]:
    """All maps of a site, by path."""
    ordered = sorted(entries)
    return {
        find.map_path(one): find.map_script((block, entry) for block, entry in ordered if block in one)
        for one in find.ranges(sizes_of(ordered))
    }


blocks = st.dictionaries(st.integers(0, 1 << 30), st.integers(12, 50_000), max_size=60)


@given(blocks)
def test_ranges_are_the_largest_halves_of_halves_that_fit(sizes: dict[int, int]) -> None:
    ranges = find.ranges(sorted(sizes.items()))
    assert [one.start for one in ranges] == [0, *(one.stop for one in ranges[:-1])]
    assert ranges[-1].stop > max(sizes, default=0)

    def weight(part: range) -> int:
        return sum(size + 18 for block, size in sizes.items() if block in part)

    for one in ranges:
        length = len(one)
        assert length & (length - 1) == 0
        assert one.start % length == 0
        assert length == 1 or weight(one) <= KIB_64
        if one.stop < ranges[-1].stop or one.start:
            start = one.start // (2 * length) * 2 * length
            assert weight(range(start, start + 2 * length)) > KIB_64 - 40


@given(blocks)
def test_the_shape_tells_where_every_map_begins(sizes: dict[int, int]) -> None:
    ranges = find.ranges(sorted(sizes.items()))
    start, starts = 0, []
    for digit in find.shape(ranges):
        starts.append(start)
        start += 1 << find._DIGITS.index(digit)
    assert (starts, start) == ([one.start for one in ranges], ranges[-1].stop)


@given(blocks, st.integers(0, 1 << 30))
def test_a_new_item_changes_one_map_or_parts_it(sizes: dict[int, int], block: int) -> None:
    before = find.ranges(sorted(sizes.items()))
    after = find.ranges(sorted({**sizes, block: sizes.get(block, 0) + 12}.items()))
    for one in before:
        if block not in one and block < before[-1].stop:
            assert one in after
    assert {one.start for one in before} <= {one.start for one in after}


def places_of(numbers: Iterable[int], a_page: int) -> dict[str, dict[str, str]]:
    """Threads of about so many items: places by anchor, by story."""
    threads: dict[str, dict[str, str]] = {}
    ordered = sorted(numbers)
    for index, number in enumerate(ordered):
        story = ordered[index - index % a_page]
        threads.setdefault(str(story), {})[str(number)] = f"item/{story}.html"
    return threads


@settings(max_examples=25, deadline=None)
@given(
    st.sets(st.integers(1, 10**15 - 1) | st.integers(FIRST, FIRST + 60_000), max_size=400),
    st.integers(1, 40),
    st.sampled_from([300, 2000, KIB_64]),
)
def test_every_item_is_found_by_its_map(numbers: set[int], a_page: int, largest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(find, "LARGEST", largest)
        threads = places_of(numbers, a_page)
        maps = maps_of(entry for places in threads.values() for entry in find.entries(places))
    found: dict[str, str] = {}
    for path, script in maps.items():
        assert len(script) <= largest or script.count(b'":"') == 1, path
        for block, entries in json.loads(script[len("hnsiteMap(") : -len(");\n")]).items():
            for entry in entries.split(","):
                page, offsets = entry.split(" ")
                for at in range(0, len(offsets), 2):
                    number = int(block) * 4096 + find._PAIRS.index(offsets[at : at + 2])
                    assert str(number) not in found
                    found[str(number)] = f"item/{page}.html"
    assert found == {name: path for places in threads.values() for name, path in places.items()}


@pytest.mark.parametrize("a_page", [1, 12])
def test_maps_of_dense_numbers_are_small_and_few(a_page: int) -> None:
    """Of all items of Hacker News, 45 million, there are so many maps that item.html stays small."""
    threads = places_of(range(FIRST, FIRST + 60_000), a_page)
    maps = maps_of(entry for places in threads.values() for entry in find.entries(places))
    assert all(len(script) <= KIB_64 for script in maps.values())
    full = [script for script in maps.values() if len(script) > 1000]
    assert 45_000_000 / 60_000 * len(full) < 16_000


def test_only_numbers_are_in_maps() -> None:
    others = ("x0123456789ab", "lobsters-1", "007", "0", "1" * 16)
    assert find.entries({**dict.fromkeys(others, "item/1.html"), "7": "item/7.html"}) == [(0, "7 AH")]
    assert maps_of([]) == {"item/map/0.js": b"hnsiteMap({\n\n});\n"}


# ---- sites


def api(id: int, parent: int | None = None, **fields: object) -> dict[str, object]:
    kind: dict[str, object] = (
        {"type": "story", "title": f"Story {id}"} if parent is None else {"type": "comment", "parent": parent}
    )
    return {"id": id, "by": f"writer{id % 7}", "time": 1_700_000_000 + id % 100_000, **kind, **fields}


def link_to(id: object) -> str:
    return f'see <a href="https://news.ycombinator.com/item?id={id}">this</a>'


LONG = [
    api(FIRST),
    *(
        api(
            FIRST + n, FIRST + (n - 1 if n % 40 else 0), text=f"Words number {n}; {link_to(FIRST + 2400 - n)}"
        )
        for n in range(1, 2400)
    ),
]
OTHER = [
    api(FIRST + 9000, text=link_to(FIRST + 1500)),
    api(FIRST + 9001, FIRST + 9000, text=link_to(FIRST), kids=[FIRST + 9003]),
    api(FIRST + 9002, FIRST + 9001, text=link_to(FIRST + 2399) + link_to(FIRST + 5000)),
    {"id": FIRST + 9500, "type": "poll", "by": "ann", "title": "Poll", "parts": [FIRST + 9501], "time": 1},
    {"id": FIRST + 9501, "type": "pollopt", "by": "ann", "poll": FIRST + 9500, "text": "Yes", "time": 1},
    api(FIRST + 9502, FIRST + 9500, text=link_to(FIRST + 9501)),
]


class Archive:
    """A site's folder, built as often as a test likes."""

    def __init__(self, root: Path, **dumps: object) -> None:
        self.root = root
        self.settings = ANCHORS
        (root / "content").mkdir(parents=True)
        for name, dump in dumps.items():
            self.write(name, dump)

    def write(self, name: str, dump: object) -> None:
        text = dump if isinstance(dump, str) else json.dumps(dump)
        (self.root / "content" / name).write_text(text, "utf-8")

    def build(self, *, jobs: int = 1, clean: bool = False, strict: bool = False) -> Report:
        return build(parse_config(self.settings, self.root), jobs=jobs, clean=clean, strict=strict)

    @property
    def site(self) -> Site:
        return Site(self.root / "public")

    def files(self) -> dict[str, bytes]:
        return self.site.snapshot()

    def afresh(self, place: Path, jobs: int = 1) -> dict[str, bytes]:
        """The files of a first build of the same dumps in another place."""
        other = Archive(place)
        other.settings = self.settings
        shutil.copytree(self.root / "content", place / "content", dirs_exist_ok=True)
        other.build(jobs=jobs)
        return other.files()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    archive = Archive(tmp_path_factory.mktemp("anchors"), long=LONG, other=OTHER)
    archive.build()
    archive.site.scan()
    found = archive.site
    found.scan()
    return found


def test_there_is_no_page_a_comment(site: Site) -> None:
    pages = {path for path in site.files if path.startswith("item/") and path.endswith(".html")}
    story, other, poll, option = FIRST, FIRST + 9000, FIRST + 9500, FIRST + 9501
    names = {f"{story}{order}{page}" for order in ("", ".time") for page in ("", ".2", ".3")}
    names |= {f"{one}{order}" for one in (other, poll) for order in ("", ".time")} | {str(option)}
    assert pages == {f"item/{name}.html" for name in names}


def test_every_link_leads_somewhere(site: Site) -> None:
    assert not site.broken()
    assert not site.doubled


def test_links_stay_on_the_page_or_lead_to_the_thread(site: Site) -> None:
    nested = {id: path for path in site.files if ".time" not in path for id in page_ids(site, path)}
    seen = 0
    for path in sorted(one for one in site.files if one.startswith(("item/4", "user/"))):
        page = site.kept(path)
        on_page = set(page.ids) if path.startswith("item/") else set()
        for post in page.posts():
            for link in filter(None, (post.permalink, post.parent, *post.replies)):
                id = link.text.removeprefix("No.").removeprefix(">>")
                story = f"item/{id}.html"  # stands on every page of its thread
                home = story if story in site.files else f"{nested[id]}#{id}"
                assert link.href == (f"{path}#{id}" if id in on_page else home)
                seen += 1
    assert seen > 9000


def page_ids(site: Site, path: str) -> list[str]:
    is_thread = path.startswith("item/4") and path.endswith(".html") and site.kept(path).redirect is None
    return site.kept(path).ids if is_thread else []


def test_links_between_threads_lead_through_item_html(site: Site) -> None:
    page = site.kept(f"item/{FIRST + 9000}.html")
    through = sorted(link.href for link in page.links() if link.href.startswith("item.html"))
    assert through == [f"item.html?id={FIRST + n}" for n in (0, 1500, 2399)]
    assert site.find(str(FIRST)) == f"item/{FIRST}.html"
    assert site.find(str(FIRST + 1500)) == f"item/{FIRST}.2.html#{FIRST + 1500}"
    assert site.find(str(FIRST + 2399)) == f"item/{FIRST}.3.html#{FIRST + 2399}"
    assert site.find(str(FIRST + 9003)) == f"item/{FIRST + 9000}.html#{FIRST + 9003}", "a stub"
    assert site.find(str(FIRST + 9501)) == f"item/{FIRST + 9500}.html#{FIRST + 9501}", "a poll's option"
    assert site.find(str(FIRST + 5000)) is site.find("1") is site.find("9" * 15) is None


def test_all_that_thread_pages_show_is_in_the_maps_and_nothing_else(site: Site) -> None:
    shown = {id for path in site.files if ".time" not in path for id in page_ids(site, path) if id.isdigit()}
    mapped = {str(number) for first, _ in site.map_ranges for number in site.map(first)}
    assert mapped == shown


def test_pages_mode_has_item_html_without_maps(tmp_path: Path) -> None:
    archive = Archive(tmp_path, other=OTHER)
    archive.settings = ""
    archive.build()
    files = archive.files()
    assert b"data-shape" not in files["item.html"]
    assert not [path for path in files if path.startswith("item/map")]
    assert f"item/{FIRST + 9001}.html" in files
    linking = [path for path, content in files.items() if b'="../item.html' in content]
    assert not linking


def test_modes_can_be_switched_back_and_forth(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", other=OTHER)
    archive.build()
    anchors = archive.files()
    archive.settings = ""
    archive.build()
    pages = archive.files()
    assert pages == archive.afresh(tmp_path / "pages")
    archive.settings = ANCHORS
    archive.build()
    assert archive.files() == anchors
    archive.settings = ""
    archive.write("other", OTHER[:-1])
    archive.build()
    archive.settings = ANCHORS
    archive.build()
    assert archive.files() == archive.afresh(tmp_path / "anchors")


def small_maps(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(find, "LARGEST", 150)


def spread(blocks: Iterable[int]) -> list[dict[str, object]]:
    """Small threads, one in each of these blocks."""
    return [
        one
        for block in blocks
        for one in (api(block * 4096 + 5), api(block * 4096 + 6, block * 4096 + 5, text="A word."))
    ]


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """The maps that came, went, or have other bytes; and item.html."""
    paths = {path for path in before.keys() | after.keys() if path.startswith("item/map/")} | {"item.html"}
    return {path for path in paths if before.get(path) != after.get(path)}


def test_a_new_comment_changes_one_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_maps(monkeypatch)
    made: list[range] = []
    archive = Archive(tmp_path / "site", a=spread(range(40)))
    archive.build()
    before = archive.files()
    assert len(changed({}, before)) > 8
    count_maps(monkeypatch, made)
    archive.write("b", [api(17 * 4096 + 7, 17 * 4096 + 5, text="New.")])
    archive.build()
    after = archive.files()
    (path,) = changed(before, after)
    assert len(made) == 1
    assert archive.site.find(str(17 * 4096 + 7)) == f"item/{17 * 4096 + 5}.html#{17 * 4096 + 7}"
    assert after == archive.afresh(tmp_path / "again")
    archive.build()
    (archive.root / "public" / path).unlink()
    made.clear()
    archive.build()
    assert archive.files() == after
    assert len(made) == 1


def count_maps(patch: pytest.MonkeyPatch, made: list[range]) -> None:
    """Notes each map that is made from now on."""
    from hnsite.lists import finder as module

    make: Callable[..., bytes] = module._map

    def noted(manifest: object, blocks: range) -> bytes:
        made.append(blocks)
        return make(manifest, blocks)

    patch.setattr(module, "_map", noted)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sets(st.integers(0, 24), max_size=25), min_size=2, max_size=4))
def test_any_changes_give_what_a_clean_build_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[set[int]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        small_maps(patch)
        archive = Archive(tmp_path_factory.mktemp("steps") / "site", rest=[api(3)])
        for step in steps:
            archive.write("dump", spread(sorted(step)) or [api(3)])
            archive.build()
        assert archive.files() == archive.afresh(tmp_path_factory.mktemp("afresh") / "site")


def test_a_build_that_fails_is_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_maps(monkeypatch)
    archive = Archive(tmp_path / "site", a=spread(range(20)))
    archive.build()
    before = archive.files()
    archive.write("b", [api(7 * 4096 + 7, 7 * 4096 + 5, text="New."), {"id": "broken", "type": "comment"}])
    with pytest.raises(BuildError):
        archive.build(strict=True)
    assert archive.files() == before
    archive.build()
    assert archive.files() == archive.afresh(tmp_path / "again")
    assert archive.site.find(str(7 * 4096 + 7))


@pytest.mark.slow
def test_any_number_of_jobs_gives_the_same_bytes(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", long=LONG, other=OTHER, more=spread(range(1200)))
    archive.build()
    assert archive.files() == archive.afresh(tmp_path / "two", jobs=2)


def test_moved_stories_lead_on_and_moved_comments_need_not(tmp_path: Path) -> None:
    """Comments have new anchors on the thread's page; nothing else ever had their old ones."""
    case = Path(__file__).parent / "sites/moved"
    shutil.copytree(case / "content", tmp_path / "content")
    build(parse_config(ANCHORS, tmp_path), jobs=1)
    site = Site(tmp_path / "public")
    site.scan()
    assert not site.broken()
    redirects = {path for path in site.files if path.endswith(".html") and site.kept(path).redirect}
    stories = {path[5:-5] for path in site.files if path.endswith(".time.html")}
    assert {path.replace(".time", "") for path in redirects} <= {f"item/{one[:-5]}.html" for one in stories}


def test_a_long_thread_is_parted_as_its_places_say(site: Site) -> None:
    assert thread_pages.LARGEST == 1000
    assert [len(site.kept(f"item/{FIRST}{page}.html").listed) for page in ("", ".2", ".3")] != [2399, 0, 0]
