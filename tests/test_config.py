"""hnsite.toml -> Config."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnsite.config import SETTINGS, Config, parse_config
from hnsite.errors import ConfigError

ROOT = Path("/site")


def parse(text: str, **overrides: str | None) -> Config:
    return parse_config(text, ROOT, "hnsite.toml", **overrides)


def test_without_settings_everything_has_a_default() -> None:
    assert parse("") == Config(ROOT)
    assert parse("").content_dir == ROOT / "content"
    assert parse("").output_dir == ROOT / "public"


def test_every_setting_is_a_field_and_the_other_way_round() -> None:
    assert list(SETTINGS) == [field.name for field in fields(Config) if field.name not in ("root", "nav")]


def test_every_setting_can_be_given() -> None:
    values: dict[str, object] = {name: f"https://{name.replace('_', '-')}.example" for name in SETTINGS}
    values |= {
        "permalinks": "anchors",
        "min_comments": 3,
        "max_unpacked": 20_000,
        "since": "2010-01-31",
        "until": "2024-12-01",
    }
    values |= {"host": "cloudflare", "search": False, "deleted": "show"}
    values |= {"feeds": "none", "api": True, "precompress": True}
    config = parse("".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()))
    assert {name: getattr(config, name) for name in SETTINGS} == values


def test_the_command_line_wins_where_it_says_something() -> None:
    config = parse('title = "File"\ncontent = "dumps"', title="Line", content=None)
    assert (config.title, config.content) == ("Line", "dumps")


def test_folders_are_below_the_sites_unless_they_are_absolute() -> None:
    config = parse('content = "../dumps"\noutput = "/var/www"')
    assert config.content_dir == ROOT / "../dumps"
    assert config.output_dir == Path("/var/www")


@pytest.mark.parametrize(
    "text, message",
    [
        ("tilte = 'x'", "hnsite.toml: unknown setting 'tilte'; did you mean 'title'?"),
        ("baseurl = 'x'", "hnsite.toml: unknown setting 'baseurl'; did you mean 'base_url'?"),
        ("base-url = 'x'", "hnsite.toml: unknown setting 'base-url'; did you mean 'base_url'?"),
        ("Theme = 'x'", "hnsite.toml: unknown setting 'Theme'; did you mean 'theme'?"),
        ("permalinks = 'page'", 'hnsite.toml: permalinks must be one of "pages", "anchors", not \'page\''),
        ("host = 'geocities'", 'hnsite.toml: host must be one of "cloudflare", '),
        ("min_comments = '3'", "hnsite.toml: min_comments must be a number from 0 on, not '3'"),
        ("min_comments = -1", "hnsite.toml: min_comments must be a number from 0 on, not -1"),
        ("min_comments = true", "hnsite.toml: min_comments must be a number from 0 on, not True"),
        ("since = '2024'", "hnsite.toml: since must be a date such as \"2024-11-18\", not '2024'"),
        ("until = '2024-02-30'", "hnsite.toml: until must be a date"),
        ("qqq = 'x'", "hnsite.toml: unknown setting 'qqq'; known are title, "),
        ("[site]\ntitle = 'x'", "hnsite.toml: unknown setting 'site'"),
        ("search = 'no'", "hnsite.toml: search must be true or false, not 'no'"),
        ("title = 5", "hnsite.toml: title must be text in quotes, not 5"),
        ("title = ['x']", "hnsite.toml: title must be text in quotes, not ['x']"),
        ("title =", "hnsite.toml: Invalid value (at "),
        ("title = 'x'\ntitle = 'y'", "hnsite.toml: Cannot overwrite a value (at "),
        ("base_url = 'example.org'", "hnsite.toml: base_url must be a full address such as "),
        ("base_url = 'ftp://example.org/'", "hnsite.toml: base_url must be a full address such as "),
        ("base_url = 'http://[::1'", "hnsite.toml: base_url must be a full address such as "),
    ],
)
def test_what_is_wrong_is_said_in_one_line(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url, path",
    [
        ("", "/"),
        ("https://example.org", "/"),
        ("https://example.org/", "/"),
        ("https://example.org/hn", "/hn/"),
        ("https://example.org/a/b/", "/a/b/"),
        ("https://example.org//a?b#c", "/a/"),
    ],
)
def test_the_path_below_which_the_site_is_served(url: str, path: str) -> None:
    assert parse("", base_url=url).base_path == path


@given(st.text())
def test_any_text_is_a_config_or_an_error(text: str) -> None:
    try:
        assert parse(text)
    except ConfigError as error:
        assert str(error).startswith("hnsite.toml: ")


def test_a_range_of_dates_holds_its_first_and_its_last_day() -> None:
    config = parse("since = '2024-02-28'\nuntil = '2024-02-29'")
    assert (config.first_second, config.last_second) == (1709078400, 1709251199)
    assert (parse("").first_second, parse("").last_second) == (None, None)
