"""What site.js adds to reading: colours, times, keys, previews, folding, and what is new."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from hnsite.theme import built_in_themes

from . import OpenPage, ServeDir

STORY, OTHER, LONG = 100, 50, 1000
TEXT = "Some words that fill a line or two, so that the page is longer than its window. " * 8
"""What most comments say."""
PARENTS = dict(
    zip(range(101, 114), (100, 101, 102, 101, 100, 105, 106, 100, 108, 108, 100, 111, 100), strict=True)
)
"""The thread, depth first: 101 (102 (103) 104) 105 (106 (107)) 108 (109 110) 111 (112) 113."""
URL = f"https://news.ycombinator.com/item?id={OTHER + 1}"
LINK = f'As <a href="{URL}" rel="nofollow">{URL}</a> said.'


AWAY = '<a href="https://example.com/#112" rel="nofollow">away</a>'
WISDOM = "Nobody agrees on what time it is."


def _comment(id: int, parent: int, text: str = TEXT, **more: object) -> dict[str, object]:
    time = 1_600_000_000 + 60 * id
    return {
        "id": id,
        "type": "comment",
        "by": f"by{id}",
        "parent": parent,
        "time": time,
        "text": text,
        **more,
    }


def _story(id: int) -> dict[str, object]:
    return {"id": id, "type": "story", "by": "ada", "title": f"Story {id}", "time": 1_600_000_000, "score": 1}


def _items() -> list[dict[str, object]]:
    texts = {
        112: LINK,
        110: "<i>dead</i> words",
        106: f"First.<p>{WISDOM}<p>{TEXT * 9}",
        107: f"&gt; {WISDOM}<p>So.",
        113: AWAY,
    }
    thread = [_comment(id, parent, texts.get(id, TEXT)) for id, parent in PARENTS.items()]
    states = {109: {"deleted": True, "text": None, "by": None}, 110: {"dead": True}}
    thread = [{**one, **states.get(one["id"], {})} for one in thread]  # type: ignore[call-overload]
    return [_story(STORY), *thread, _story(OTHER), _comment(OTHER + 1, OTHER, "What another said.")]


def _build(root: Path, items: Iterable[dict[str, object]], settings: str = "") -> Path:
    (root / "content").mkdir(exist_ok=True)
    (root / "content" / "items.json").write_text(json.dumps(list(items)), "utf-8")
    (root / "hnsite.toml").write_text(settings, "utf-8")
    command = [sys.executable, "-m", "hnsite", "build"]
    built = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return root / "public"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(tmp_path_factory.mktemp("script"), _items())


@pytest.fixture(scope="module")
def disk(folder: Path) -> str:
    return folder.as_uri()


@pytest.fixture(scope="module")
def web(folder: Path, serve_dir: ServeDir) -> str:
    return serve_dir(folder)


@pytest.fixture(params=["disk", "web"])
def base(request: pytest.FixtureRequest) -> str:
    address: str = request.getfixturevalue(request.param)
    return address


def _post(page: Page, id: int) -> Locator:
    return page.locator(f"main [id='{id}']")


def _link(page: Page, post: int, to: int, kind: str = "a.u-comment") -> Locator:
    return _post(page, post).locator(kind, has_text=f">>{to}")


def _focused(page: Page) -> str:
    """The id of the post that has the focus, or the text of the summary that stands for it."""
    one = "document.activeElement"
    return str(
        page.evaluate(f"{one}.id || (({one}.matches('summary') && {one}.nextElementSibling.id) || '')")
    )


def _press(page: Page, *keys: str) -> str:
    for key in keys:
        page.keyboard.press(key)
    return _focused(page)


def _is_on_screen(page: Page, id: int) -> bool:
    box = _post(page, id).bounding_box()
    assert box is not None
    return 0 <= box["y"] < int(page.evaluate("innerHeight"))


def _ground(page: Page) -> int:
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return min(int(part) for part in re.findall(r"\d+", colour)[:3])


def _settings(page: Page) -> Locator:
    page.get_by_role("button", name="Settings").click()
    return page.get_by_role("dialog", name="Settings")


# the file


def test_scripts_are_small() -> None:
    scripts = built_in_themes().glob("default/static/*.js")
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in scripts}
    assert sizes["site.js"] < 5_500
    assert sum(sizes.values()) - sizes["search.js"] - sizes["find.js"] < 10_500


def test_the_manual_lists_the_keys(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/index.html")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    rows = page.locator("dialog tr").all_inner_texts()
    manual = (Path(__file__).parents[2] / "docs" / "manual.md").read_text("utf-8")
    assert [row for row in rows if "| `{}` | {} |".format(*row.split("\t")) not in manual] == []
    assert len(rows) == 14


def test_buttons_are_only_there_where_they_work(disk: str, open_page: OpenPage) -> None:
    off = open_page(f"{disk}/item/{STORY}.html", javascript=False)
    assert off.locator("button").count() == 0
    on = open_page(f"{disk}/item/{STORY}.html")
    assert on.locator("button").all_inner_texts() == ["Settings", "fold all"]


def test_nothing_moves_when_the_buttons_come(disk: str, open_page: OpenPage) -> None:
    places = "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    for width in (1280, 360):
        on, off = (
            open_page(f"{disk}/item/{STORY}.html", width=width, javascript=javascript)
            for javascript in (True, False)
        )
        assert on.locator("article").evaluate_all(places) == off.locator("article").evaluate_all(places)


def test_works_where_nothing_can_be_remembered(disk: str, open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("about:blank")
    refuse = "{get() { throw new DOMException('no', 'SecurityError') }}"
    page.add_init_script(f"Object.defineProperty(window, 'localStorage', {refuse})")
    page.goto(f"{disk}/item/{STORY}.html")
    _settings(page).get_by_label("dark").check()
    page.keyboard.press("Escape")
    assert _press(page, "j") == "101"
    assert complaints == []


# colours and times


def test_colours_are_chosen_and_remembered(base: str, open_page: OpenPage) -> None:
    page = open_page(f"{base}/item/{STORY}.html")
    _settings(page).get_by_label("dark").check()
    assert _ground(page) < 50
    page.goto(f"{base}/users.html")
    assert _ground(page) < 50
    page.emulate_media(media="print")
    assert _ground(page) == 255
    page.emulate_media(media="screen", color_scheme="dark")
    _settings(page).get_by_label("light").check()
    assert _ground(page) > 200
    page.get_by_label("system").check()
    assert _ground(page) < 50


def test_a_chosen_scheme_is_there_before_the_page_is(web: str, open_page: OpenPage) -> None:
    page = open_page(f"{web}/index.html")
    page.evaluate("localStorage.setItem('hnsite colours', 'dark')")
    page.add_init_script(
        """new MutationObserver((_, observer) => {
             if (!document.body) return;
             window.early = document.documentElement.dataset.theme; observer.disconnect();
           }).observe(document, {childList: true, subtree: true})"""
    )
    page.reload()
    assert page.evaluate("early") == "dark"


def test_times_are_local_on_request(base: str, open_page: OpenPage) -> None:
    page = open_page(f"{base}/item/{STORY}.html", timezone="America/New_York")
    time = _post(page, 101).locator("time")
    in_utc = time.inner_text()
    assert in_utc.startswith("2020-09-13 14:07")
    dialog = _settings(page)
    dialog.get_by_label("local").check()
    assert time.inner_text() == "2020-09-13 10:07 EDT"
    page.reload()
    assert time.inner_text() == "2020-09-13 10:07 EDT"
    _settings(page).get_by_label("UTC").check()
    assert time.inner_text() == in_utc


def test_dates_without_a_clock_have_no_zone(tmp_path: Path, open_page: OpenPage) -> None:
    head = "Captured: 2024-11-18T12:00Z\nA title (example.org)\n7 points by ada 4 days ago\n"
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "pasted.txt").write_text(f"{head}bob\n3 days ago\nHello.\n", "utf-8")
    command = [sys.executable, "-m", "hnsite", "build"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    thread = next((tmp_path / "public" / "item").glob("*.time.html"))
    page = open_page(thread.as_uri(), timezone="Asia/Tokyo")
    dates = page.locator("time:not([datetime$='Z'])")
    before = dates.all_inner_texts()
    assert before
    _settings(page).get_by_label("local").check()
    assert dates.all_inner_texts() == before
    assert page.locator(".captured time").inner_text() == "2024-11-18 21:00 GMT+9"


# settings


def test_settings_open_by_button_and_key_and_give_the_focus_back(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html")
    dialog = page.get_by_role("dialog", name="Settings")
    _settings(page)
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == "Settings"
    _press(page, "j", "j", "?")
    assert dialog.locator("kbd").all_inner_texts() == list("jknNprcfwtuo/?")
    dialog.get_by_role("button", name="Close").click()
    assert _focused(page) == "102"


def test_settings_fit_a_phone(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html", width=360, height=640)
    dialog = _settings(page)
    page.wait_for_function("[...document.styleSheets].some(one => one.href.endsWith('settings.css'))")
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert box["y"] + box["height"] <= 640


# keys


def test_keys_go_through_the_thread(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html")
    ways = "j101 j102 j103 k102 j103 j104 p101 r101 n105 n108 N105 p100 p100 j101 j102 r101"
    for way in ways.split():
        key, expected = way[0], way[1:]
        assert _press(page, key) == expected, key
        assert _is_on_screen(page, int(expected)), key
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"


def test_keys_do_not_move_the_page_to_what_is_on_the_screen(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html", height=2000)
    _press(page, "j", "j")
    assert page.evaluate("scrollY") == 0


def test_first_key_begins_where_the_reader_is(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html#106", height=600)
    assert _press(page, "j") == "106"
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    assert _press(page, "j") == "101"


def test_c_closes_and_opens_branches(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html")
    _press(page, "j", "j", "c")
    expect(_post(page, 102)).not_to_be_visible()
    expect(_post(page, 101)).to_be_visible()
    assert _focused(page) == "102"
    assert _press(page, "j") == "104"
    assert _press(page, "k", "c") == "102"
    expect(_post(page, 103)).to_be_visible()
    assert _press(page, "j", "c") == "102"  # what has no replies stands in its parent's branch
    expect(_post(page, 103)).not_to_be_visible()


def test_keys_between_pages(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html")
    page.keyboard.press("t")
    page.wait_for_url("**/100.time.html")
    assert _press(page, "j", "j", "j", "p") == "102"
    page.keyboard.press("o")
    page.wait_for_url("**/102.html")
    page.keyboard.press("u")
    page.wait_for_url("**/100.html#102")
    page.goto(f"{disk}/index.html")
    _press(page, "j", "j")
    assert page.evaluate("document.activeElement.textContent") == f"Story {OTHER}"
    page.keyboard.press("o")
    page.wait_for_url(f"**/{OTHER}.html")
    page.keyboard.press("/")
    page.wait_for_url("**/search.html")
    expect(page.locator("input")).to_be_focused()


def test_keys_are_off_in_fields_with_modifiers_and_on_request(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html")
    page.evaluate("document.querySelector('main').prepend(document.createElement('input'))")
    page.locator("main input").focus()
    assert _press(page, "j") == ""
    assert page.locator("main input").input_value() == "j"
    page.evaluate("document.activeElement.blur()")
    assert _press(page, "Alt+j", "Control+u") == ""
    _settings(page).get_by_label("off").check()
    page.keyboard.press("Escape")
    page.reload()
    assert _press(page, "j", "?") == ""
    page.wait_for_timeout(300)
    assert page.get_by_role("dialog").count() == 0


# folding


def test_fold_all_leaves_the_top_level(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html")
    posts = page.locator("ol.comments article:visible")
    page.get_by_role("button", name="fold all").click()
    assert posts.evaluate_all("all => all.map(one => one.id)") == ["101", "105", "108", "111", "113"]
    assert page.locator(".unfold:visible").all_inner_texts() == [
        "show 3 replies",
        "show 2 replies",
        "show 2 replies",
        "show 1 reply",
    ]
    page.get_by_role("button", name="show 2 replies").first.click()
    assert _focused(page) == "106"
    expect(_post(page, 107)).to_be_visible()
    assert page.locator(".unfold:visible").count() == 3
    page.get_by_role("button", name="unfold all").click()
    assert posts.count() == len(PARENTS)


def test_folding_by_key_stays_at_the_branch(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html", height=500)
    assert _press(page, "n", "n", "j", "j", "f") == "105"
    expect(_post(page, 105)).to_be_in_viewport()
    assert _press(page, "f") == "105"
    expect(_post(page, 105)).to_be_in_viewport()


def test_links_open_what_hides_their_target(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html")
    page.keyboard.press("f")
    page.evaluate("document.getElementById('102').closest('details').open = false")
    page.evaluate("location.hash = '103'")
    expect(_post(page, 103)).to_be_in_viewport()
    assert _post(page, 103).evaluate("one => one.matches(':target')")


def test_a_click_on_a_rail_closes_its_branch(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html")
    rail = page.locator("li:has(> details > [id='101']) > details > ol.replies").bounding_box()
    assert rail is not None
    page.mouse.click(rail["x"] + 100, rail["y"] + 20)
    expect(_post(page, 102)).to_be_visible()
    page.mouse.click(rail["x"] + 3, rail["y"] + 100)
    expect(_post(page, 102)).not_to_be_visible()
    expect(_post(page, 101)).not_to_be_visible()
    assert _focused(page) == "101"


# previews


def test_hovering_shows_a_comment_that_is_elsewhere_on_the_page(
    base: str, open_page: OpenPage, complaints: list[str]
) -> None:
    page = open_page(f"{base}/item/{STORY}.html", height=500)
    link = _link(page, 101, 104)
    link.hover()
    preview = page.locator(".preview")
    expect(preview.locator(".p-author")).to_have_text("by104")
    expect(preview).to_be_in_viewport(ratio=1)
    assert page.locator("[id='104']").count() == 1
    preview.hover()
    page.wait_for_timeout(500)
    expect(preview).to_have_count(1)  # it can be pointed at
    page.mouse.move(1270, 5)
    expect(preview).to_have_count(0)
    link.click()
    assert page.url.endswith("#104")
    expect(preview).to_have_count(0)
    assert complaints == []


def test_hovering_marks_a_comment_that_is_on_the_screen(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html", height=2000)
    _link(page, 101, 104).hover()
    expect(page.locator(".lit")).to_have_attribute("id", "104")
    page.mouse.move(1270, 5)
    expect(page.locator(".lit")).to_have_count(0)
    expect(page.locator(".preview")).to_have_count(0)


def test_hovering_shows_what_is_hidden_by_a_closed_branch(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html", height=2000)
    page.keyboard.press("f")
    _link(page, 101, 104).hover()
    expect(page.locator(".preview .p-author")).to_have_text("by104")


def test_the_preview_of_what_is_quoted_begins_at_the_passage(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html", height=500)
    page.locator("a.quoted").hover()
    expect(page.locator(".preview .lit")).to_have_text(WISDOM)
    expect(page.locator(".preview .lit")).to_be_in_viewport()


def test_links_to_other_sites_show_nothing(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html")
    _post(page, 113).get_by_text("away").hover()
    page.wait_for_timeout(300)
    assert page.locator(".preview, .lit").count() == 0


def test_previews_open_previews(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html", height=300)
    _link(page, 107, 106, "a.u-in-reply-to").hover()
    previews = page.locator(".preview")
    previews.locator("a.u-in-reply-to").hover()
    expect(previews).to_have_count(2)
    expect(previews.nth(1).locator(".p-author")).to_have_text("by105")
    previews.nth(0).locator(".head").hover(position={"x": 2, "y": 2})
    expect(previews).to_have_count(1)


def test_previews_open_on_focus_and_close_with_escape(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html")
    _press(page, "f")
    while not page.evaluate("document.activeElement.matches('a.u-comment')"):
        page.keyboard.press("Tab")
    preview = page.locator(".preview")
    expect(preview.locator(".p-author")).to_have_text("by102")
    page.keyboard.press("Escape")
    expect(preview).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('a.u-comment')")
    page.keyboard.press("Tab")
    expect(preview.locator(".p-author")).to_have_text("by104")
    page.mouse.move(5, 700)
    page.wait_for_timeout(500)
    expect(preview).to_have_count(1)  # the focus is still there
    page.keyboard.press("Enter")
    assert page.url.endswith("#104")


def test_a_tap_shows_and_another_goes_there(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html", width=360, height=640, touch=True)
    link = _link(page, 101, 104)
    link.scroll_into_view_if_needed()
    link.tap()
    preview = page.locator(".preview")
    expect(preview.locator(".p-author")).to_have_text("by104")
    box = preview.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    assert "#" not in page.url
    page.touchscreen.tap(200, 5)
    expect(preview).to_have_count(0)
    link.tap()
    preview.get_by_role("link", name="Go there").tap()
    expect(_post(page, 104)).to_be_in_viewport()
    page.goto(f"{disk}/item/{STORY}.html")
    link.scroll_into_view_if_needed()
    link.tap()
    expect(preview).to_have_count(1)
    link.tap()
    assert page.url.endswith("#104")


def test_comments_of_other_pages_are_fetched(web: str, open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page(f"{web}/user/by102.html", timezone="Asia/Tokyo")
    page.evaluate("localStorage.setItem('hnsite times', 'local')")
    page.reload()
    _link(page, 102, 101, "a.u-in-reply-to").hover()
    preview = page.locator(".preview")
    expect(preview.locator(".p-author")).to_have_text("by101")
    assert preview.locator("time").inner_text() == "2020-09-13 23:07 GMT+9"
    hrefs = preview.locator("a:not(.u-syndication)").evaluate_all("all => all.map(one => one.href)")
    assert hrefs
    assert all(re.match(rf"{web}/(item|user)/", href) for href in hrefs)
    assert complaints == []


def test_links_to_other_threads_show_their_comment(web: str, open_page: OpenPage) -> None:
    page = open_page(f"{web}/item/{STORY}.html")
    _post(page, 112).locator(".e-content a").hover()
    expect(page.locator(".preview .e-content")).to_have_text("What another said.")


def test_nothing_is_fetched_from_disk(disk: str, open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page(f"{disk}/user/by102.html")
    _link(page, 102, 101, "a.u-in-reply-to").hover()
    page.wait_for_timeout(400)
    assert page.locator(".preview").count() == 0
    assert complaints == []


def test_deleted_and_dead_comments_are_shown_as_they_are(disk: str, open_page: OpenPage) -> None:
    page = open_page(f"{disk}/item/{STORY}.html")
    page.keyboard.press("f")
    for id, words in ((109, "[deleted]"), (110, "[dead] show the text")):
        _link(page, 108, id).hover()
        expect(page.locator(".preview .tombstone")).to_contain_text(words)


# what is new


def _wait_an_hour(page: Page) -> None:
    """As if every visit was long ago."""
    page.goto(page.url.partition("/item/")[0] + "/users.html")
    page.evaluate(
        """for (const [name, value] of Object.entries(localStorage))
             if (name.startsWith('hnsite seen')) localStorage[name] = value.replace(/"at":\\d+/, '"at":1')"""
    )


def test_what_came_since_the_last_visit_is_marked(tmp_path: Path, open_page: OpenPage) -> None:
    public = _build(tmp_path, _items())
    page = open_page(f"{public.as_uri()}/item/{STORY}.html")
    assert page.locator(".new").count() == 0
    _build(tmp_path, [*_items(), _comment(120, 105), _comment(121, 120)])
    _wait_an_hour(page)
    page.goto(f"{public.as_uri()}/item/120.html")  # a permalink is no visit of the thread
    page.goto(f"{public.as_uri()}/item/{STORY}.html")
    new = page.locator("article.new")
    assert new.evaluate_all("all => all.map(one => one.id)") == ["120", "121"]
    assert new.locator(".new-mark").all_inner_texts() == ["new", "new"]
    page.get_by_role("button", name="2 new since your last visit").click()
    assert _focused(page) == "120"
    assert _press(page, "w") == "121"
    assert _press(page, "w") == "120"
    page.keyboard.press("t")  # the same visit
    page.wait_for_url("**/100.time.html")
    assert new.count() == 2
    _wait_an_hour(page)
    page.go_back()
    assert new.count() == 0


def test_all_pages_of_a_thread_know_what_was_there(tmp_path: Path, open_page: OpenPage) -> None:
    thread = [_story(LONG), *(_comment(LONG + n, LONG, "Short.") for n in range(1, 1100))]
    public = _build(tmp_path, thread, 'permalinks = "anchors"')
    page = open_page(f"{public.as_uri()}/item/{LONG}.html")
    _wait_an_hour(page)
    page.goto(f"{public.as_uri()}/item/{LONG}.2.html")
    assert page.locator(".new").count() == 0
    _build(tmp_path, [*thread, _comment(3000, LONG, "Late.")], 'permalinks = "anchors"')
    _wait_an_hour(page)
    page.goto(f"{public.as_uri()}/item/{LONG}.html")
    assert page.locator(".new").count() == 0
    page.goto(f"{public.as_uri()}/item/{LONG}.2.html")
    assert page.locator("article.new").get_attribute("id") == "3000"
