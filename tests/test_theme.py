"""Themes: what overrides what, and what is said of a broken one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from hnsite.config import Config
from hnsite.errors import ThemeError
from hnsite.model import Comment, Dialect, Evidence, Kind, Page, State, Thread
from hnsite.pages import not_found, permalink, redirect
from hnsite.pages.card import Cards, card_views, parted
from hnsite.pages.quotes import Quotes
from hnsite.theme import Theme, built_in_themes, look, open_theme, theme_folders


def made(id: str, author: str | None, body: str | None, kind: Kind = Kind.COMMENT) -> Comment:
    parent, depth = (None, -1) if kind is Kind.STORY else ("1", 0)
    return Comment(
        id=id,
        kind=kind,
        parent=parent,
        evidence=Evidence.STATED,
        depth=depth,
        author=author,
        created=None,
        body=body,
        dialect=Dialect.HN,
        score=None,
        state=State.LIVE,
        held=True,
        replies=(),
        size=0,
    )


ROOT = made("1", None, None, Kind.STORY)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(tmp_path, title="A site")


def override(config: Config, name: str, text: str, theme: str = "default") -> None:
    path = config.root / "themes" / theme / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def render(config: Config, page: Page | None = None) -> str:
    return Theme(config).render(page or not_found.page(config)).decode()


def test_the_default_theme_renders_a_page(config: Config) -> None:
    page = render(config)
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert "A site" in page


def test_every_template_of_the_default_theme_compiles(config: Config) -> None:
    theme = Theme(config)
    for path in (built_in_themes() / "default").glob("*.html"):
        theme._environment.get_template(path.name)


def test_what_a_view_holds_is_escaped(config: Config) -> None:
    page = redirect.option_page('"><script>', "<b>", config)
    assert "<script>" not in render(config, page)
    assert "<i>" not in render(Config(config.root, title="<i>A site"))


def test_a_sites_own_theme_needs_only_what_differs(config: Config) -> None:
    override(config, "404.html", "Nothing here")
    assert render(config) == "Nothing here"
    assert "http-equiv" in render(config, redirect.option_page("2", "1", config))


def test_a_template_is_as_it_stands_now(config: Config) -> None:
    """Compiled ones are kept in memory."""
    for text in ("One", "Two", "Two", "One"):
        override(config, "404.html", text)
        assert render(config) == text


def test_an_override_can_extend_what_it_overrides(config: Config) -> None:
    override(
        config,
        "404.html",
        '{% extends "default/404.html" %}{% block main %}{{ super() }}<p>More</p>{% endblock %}',
    )
    page = render(config)
    assert "<h1>Not found</h1>" in page
    assert "<p>More</p>" in page


def test_a_site_can_adapt_a_theme_that_hnsite_brings(config: Config) -> None:
    board = Config(config.root, title="A site", theme="board")
    override(config, "base.html", '{% extends "board/base.html" %}', "board")
    assert "↑top" in render(board)
    assert [folder.name for folder in theme_folders(board)] == ["board", "board", "default"]


def test_a_theme_under_another_name_stands_on_the_default(config: Config) -> None:
    other = Config(config.root, theme="plain")
    override(config, "404.html", "Plain", "plain")
    assert render(other) == "Plain"
    assert [folder.name for folder in theme_folders(other)] == ["plain", "default"]
    assert "Plain" not in render(config)


def test_static_files_of_all_folders_come_along(config: Config) -> None:
    override(config, "static/style.css", "p { color: red }")
    override(config, "static/fonts/one.woff2", "font")
    static = dict(Theme(config).static())
    (folder,) = {re.match("static/[0-9a-f]{8}/", path)[0] for path in static}  # type: ignore[index]
    assert static[f"{folder}style.css"] == b"p{color:red}"
    assert static[f"{folder}fonts/one.woff2"] == b"font"
    assert list(static) == sorted(static)
    assert f'href="/{folder}style.css"' in render(config)


def test_files_that_change_get_another_address(config: Config) -> None:
    before = dict(Theme(config).static())
    override(config, "static/more.css", "p { color: red }")
    after = dict(Theme(config).static())
    assert not before.keys() & after.keys()
    assert before.keys() == {path.replace(*pair) for path in after for pair in [_folders(after, before)]}


def _folders(old: dict[str, bytes], new: dict[str, bytes]) -> tuple[str, str]:
    return min(old).split("/")[1], min(new).split("/")[1]


def test_what_a_theme_adds_to_the_style_comes_last(config: Config) -> None:
    override(config, "static/more.css", "p { color: red }")
    override(config, "static/more.css", "b { color: red }", "plain")
    static = Theme(Config(config.root, theme="plain")).static()
    styles = [content for path, content in static if path.endswith("style.css")]
    assert [style.endswith(b"b{color:red}") for style in styles] == [True]
    assert not any(path.endswith("more.css") for path, _ in Theme(config).static())


def test_a_missing_theme_names_those_that_there_are(config: Config) -> None:
    missing = Config(config.root, theme="nowhere")
    with pytest.raises(ThemeError, match=r"^nowhere: no such theme .*\(none\).*\(board, default\)$"):
        Theme(missing)
    override(config, "404.html", "", "plain")
    with pytest.raises(ThemeError, match=r"^nowhere: no such theme in themes/ \(plain\), .*default"):
        Theme(missing)


@pytest.mark.parametrize(
    "name, text, message",
    [
        ("404.html", "one\n{% if %}", r"404\.html:2: "),
        ("404.html", "one\n\n{{ view.titel }}", r"404\.html:3: .*titel"),
        ("404.html", '{% extends "bass.html" %}', r"bass\.html: no such template"),
        ("card.html", "{% macro card(c) %}", r"card\.html:1: "),
        ("404.html", "{{ 1 / 0 }}", r"404\.html:1: .*zero"),
        ("404.html", "{{ view.chrome.title() }}", r"404\.html:1: .*callable"),
        ("404.html", "{{ view.chrome | nofilter }}", r"404\.html:1: .*nofilter"),
        ("card.html", "no macro", r"card"),
    ],
)
def test_a_broken_template_says_where(config: Config, name: str, text: str, message: str) -> None:
    override(config, name, text)
    with pytest.raises(ThemeError, match=message):
        render(config)


def permalink_pages(config: Config, *comments: Comment) -> list[Page]:
    thread = Thread(ROOT, (), comments, None, ())
    theme = Theme(config)
    cards = {
        id: parted(theme.card(view, texts)) for id, view, texts in card_views(thread, (), Quotes(thread))
    }
    return list(permalink.pages(thread, Cards(cards, parted(""), "", {}), config))


def test_pages_with_slots_are_rendered_once_and_filled_in(config: Config) -> None:
    """Nothing of one page is left in another, and what fills a slot is escaped."""
    two = permalink_pages(config, made("2", "hubert", "<i>first</i>"), made("3", "<b>\x050\x06", "second"))
    assert two[0].view == two[1].view
    theme = Theme(config)
    first, second = (theme.render(page).decode() for page in two)
    assert "hubert on " in first and "<i>first</i>" in first and 'id="2"' in first
    assert "second" in second and "&lt;b&gt;" in second and 'id="3"' in second
    assert not any(word in second for word in ("hubert", "first", "<b>"))


@pytest.mark.parametrize("wrong", ["view.id | upper", "view.id == '2'", "view.id | length", "view.id[0]"])
def test_a_template_cannot_look_into_a_slot(config: Config, wrong: str) -> None:
    """An error with its place, never a wrong page."""
    override(config, "permalink.html", f"{{% if view.id %}}one{{% endif %}}\n{{{{ {wrong} }}}}")
    (page,) = permalink_pages(config, made("2", "ann", "text"))
    with pytest.raises(ThemeError, match=r"permalink\.html:2: "):
        Theme(config).render(page)


def test_a_template_can_output_and_test_a_slot(config: Config) -> None:
    override(config, "permalink.html", "{% if view.id %}{{ view.id }} {{ view.id }}{% endif %}")
    (page,) = permalink_pages(config, made("2", "ann", "text"))
    assert Theme(config).render(page) == b"2 2"


def test_a_template_that_is_not_utf8_says_so(config: Config) -> None:
    override(config, "404.html", "")
    (config.root / "themes/default/404.html").write_bytes(b"caf\xe9")
    with pytest.raises(ThemeError, match=r"404\.html"):
        render(config)


def test_compiled_templates_are_those_of_the_text_not_of_the_date(config: Config) -> None:
    for text in ("one", "second"):
        override(config, "404.html", text)
        assert render(config) == text


def test_a_theme_is_opened_again_when_a_file_of_it_changed(config: Config) -> None:
    page = not_found.page(config)
    seen = []
    for step in (
        lambda: None,
        lambda: override(config, "404.html", "one"),
        lambda: override(config, "404.html", "two"),
        lambda: override(config, "static/more.css", "p { color: red }"),
        lambda: (config.root / "themes/default/404.html").rename(config.root / "themes/default/405.html"),
    ):
        step()
        theme = open_theme(config)
        assert open_theme(config) is theme
        assert theme.render(page) == Theme(config).render(page)
        seen.append((theme, look(config)))
    assert len({one for one, _ in seen}) == len({one for _, one in seen}) == 5
    other = open_theme(Config(config.root, theme="board"))
    assert other.render(page) == Theme(Config(config.root, theme="board")).render(page)


def test_a_theme_that_stays_open_does_without_what_is_cached_of_it(config: Config) -> None:
    theme = open_theme(config)
    shutil.rmtree(config.cache_dir)
    assert open_theme(config) is theme
    assert theme.render(redirect.option_page("2", "1", config))  # of a template that was not needed before


def test_scripts_and_styles_lose_what_only_writers_need(config: Config) -> None:
    override(config, "static/a.js", "// why\nconst text = `a  // b\n${1  +  2}`;\n\nalert( text );\n")
    override(
        config, "static/a.css", '/* w */\na::before { content: "[+]  " / ""; width: calc(1rem + 2px); }\n'
    )
    (config.root / "themes/default/static/b.css").write_bytes(b"not utf-8: \xff")
    found = {path.rpartition("/")[2]: content for path, content in Theme(config).static()}
    assert found["a.js"] == b"const text=`a  // b\n${1  +  2}`;alert(text);"
    assert found["a.css"] == b'a::before{content:"[+]  " / "";width:calc(1rem + 2px)}'
    assert found["b.css"] == b"not utf-8: \xff"
