"""Themes: what overrides what, and what is said of a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from hnsite.config import Config
from hnsite.errors import ThemeError
from hnsite.model import Page
from hnsite.pages import not_found, redirect
from hnsite.theme import Theme, built_in_themes, theme_folders


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


def test_an_override_can_extend_what_it_overrides(config: Config) -> None:
    override(
        config,
        "404.html",
        '{% extends "default/404.html" %}{% block main %}{{ super() }}<p>More</p>{% endblock %}',
    )
    page = render(config)
    assert "<h1>Not found</h1>" in page
    assert "<p>More</p>" in page


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
    assert static["style.css"] == b"p { color: red }"
    assert static["fonts/one.woff2"] == b"font"
    assert list(static) == sorted(static)


def test_a_missing_theme_names_those_that_there_are(config: Config) -> None:
    with pytest.raises(ThemeError, match=r"^nowhere: no such theme .*default"):
        Theme(Config(config.root, theme="nowhere"))


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


def test_a_template_that_is_not_utf8_says_so(config: Config) -> None:
    override(config, "404.html", "")
    (config.root / "themes/default/404.html").write_bytes(b"caf\xe9")
    with pytest.raises(ThemeError, match=r"404\.html"):
        render(config)


def test_compiled_templates_are_those_of_the_text_not_of_the_date(config: Config) -> None:
    for text in ("one", "two"):
        override(config, "404.html", text)
        assert render(config) == text
