"""The audit's own parts: which pages it looks at, what they weigh, how it tells what was found."""

from __future__ import annotations

import gzip
from pathlib import Path

from audit import kinds, npm, report, site, weight
from audit.report import Finding, Row
from bench import made


def write(folder: Path, **pages: str) -> Path:
    for name, html in pages.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, "utf-8")
    return folder


def test_every_page_is_of_a_kind(tmp_path: Path) -> None:
    redirect = '<meta http-equiv="refresh">'
    write(tmp_path, index_html="front", item__1_time_html="t", item__2_html=redirect, item__3_html="?")
    found = kinds.find(tmp_path)
    assert found.pages["front"] == ["index.html"]
    assert found.pages["by time"] == ["item/1.time.html"]
    assert found.pages["redirect"] == ["item/2.html"]
    assert found.unknown == ["item/3.html"]
    assert "thread" in found.missing
    assert "front" not in found.missing


def test_pages_of_all_sizes_are_chosen(tmp_path: Path) -> None:
    write(tmp_path, **{f"user__u{size}_html": "x" * size for size in range(1, 8)})
    assert kinds.find(tmp_path, most=1).pages["author"] == ["user/u7.html"]
    assert kinds.find(tmp_path, most=1, too_large=4).pages["author"] == ["user/u4.html"]
    assert kinds.find(tmp_path, most=3).pages["author"] == ["user/u7.html", "user/u4.html", "user/u1.html"]
    assert len(kinds.find(tmp_path, most=40).pages["author"]) == 7
    (smallest,) = kinds.find(tmp_path, most=1, too_large=0).pages["author"]
    assert smallest == "user/u1.html"


def test_a_page_is_chosen_for_one_kind_where_there_are_others(tmp_path: Path) -> None:
    code, thread = '<pre><code><span class="k">', '<article class="story" id=1><section class="discussion">'
    write(tmp_path, item__1_html=thread + code + "large", item__2_html=thread + code)
    pages = kinds.find(tmp_path).pages
    assert (pages["thread"], pages["code"]) == (["item/1.html"], ["item/2.html"])


def test_the_light_page_shows_five_comments() -> None:
    thread = next(made.sized([site.LONG], site.AUTHORS))[0]
    place = next(at for at, item in enumerate(thread) if item.id == site._light(thread))
    below = {place}
    for at in range(place, len(thread)):
        if thread[at].up in below:
            below.add(at)
    above = thread[place].up
    assert above and not thread[above].up
    assert 1 + len(below) == site.LIGHT


def test_a_page_weighs_what_it_loads(tmp_path: Path) -> None:
    html = '<link rel="stylesheet" href="../static/a/style.css"><script src="../static/b/site.js"></script>'
    write(
        tmp_path, item__1_html=html, static__a__style_css="a{}", static__b__site_js="1", static__search_js="2"
    )
    sizes = [len(gzip.compress(text.encode(), 9)) for text in (html, "a{}", "1")]
    files, page, scripts, search = weight.check(tmp_path, "item/1.html")
    assert (files.measured, files.ok) == ("1 + 1", True)
    assert page.measured == f"{sum(sizes)} = {sizes[0]} + {sizes[1]} + {sizes[2]}"
    assert scripts.ok and search.ok
    noise = "".join(map(chr, range(200, 9000)))
    write(tmp_path, static__search_js=noise)
    assert [row.ok for row in weight.check(tmp_path, "item/1.html")] == [True, True, False, False]


def test_what_was_found_is_told_once() -> None:
    faint = Finding("axe", "color-contrast", "p (wide dark)", "contrast of 3.9")
    told = report.listing(
        [
            ("front", Finding("vnu", "warning", "line 1", "odd", advice=True)),
            ("front", faint),
            ("thread", faint._replace(where="a (wide dark)", says="contrast of 4")),
            ("thread", faint),
        ]
    )
    assert told == (
        "axe color-contrast: contrast of 3.9\n    3 times on front, thread\n"
        "    p (wide dark)\n    a (wide dark)\n"
        "advice vnu warning: odd\n    1 times on front\n    line 1"
    )


def test_the_table_has_a_column_a_checker() -> None:
    rows = [Row("front", {"axe": "0"}), Row("thread", {"axe": "2", "vnu": "0"}, ok=False)]
    assert report.table(rows).splitlines() == ["page    axe  vnu", "front   0", "thread  2    0    FAILED"]


def test_the_lock_file_names_no_registry() -> None:
    text = (npm.HERE / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
    assert '"integrity"' in text
