"""The manual cannot drift: it names every command, option and setting, and its examples run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from hnsite.cli import cli
from hnsite.config import SETTINGS, parse_config

ROOT = Path(__file__).parent.parent
MANUAL = (ROOT / "docs" / "manual.md").read_text("utf-8")


def options() -> list[tuple[str, str]]:
    return [
        (name, option)
        for name, command in cli.commands.items()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, *parameter.secondary_opts)
    ]


@pytest.mark.parametrize(("command", "option"), options())
def test_every_option_is_in_the_manual(command: str, option: str) -> None:
    assert f"hnsite {command}" in MANUAL
    assert re.search(rf"`{option}[ `]", MANUAL), f"{option} of hnsite {command}"


@pytest.mark.parametrize(("command", "option"), options())
def test_every_option_has_help(command: str, option: str) -> None:
    parameters = cli.commands[command].params
    parameter = next(one for one in parameters if option in (*one.opts, *one.secondary_opts))
    assert isinstance(parameter, click.Option)
    assert parameter.help and parameter.help.endswith((".", "]"))


def test_every_setting_is_in_the_manual() -> None:
    for setting in SETTINGS:
        assert f"`{setting}`" in MANUAL


def test_the_example_of_settings_is_valid() -> None:
    example = re.search(r"```toml\n(.*?)```", MANUAL, re.DOTALL)
    assert example
    assert parse_config(example[1], Path()).title == "Discussion archive"


def test_the_example_commands_run(tmp_path: Path) -> None:
    """All `$ hnsite build` lines of the manual, in a folder with one dump."""
    for folder in ("content", "dumps"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "pasted.txt").write_bytes((ROOT / "content" / "pasted.txt").read_bytes())
    commands = re.findall(r"^\$ hnsite (build.*)$", MANUAL, re.MULTILINE)
    assert len(commands) >= 2
    for command in commands:
        line = [sys.executable, "-m", "hnsite", *command.split()]
        done = subprocess.run(line, cwd=tmp_path, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "public" / "index.html").exists()
    assert (tmp_path / "site" / "index.html").exists()


def test_the_pasted_example_is_read(tmp_path: Path) -> None:
    from hnsite import sources

    example = re.search(r"```text\n(Captured.*?)```", MANUAL, re.DOTALL)
    assert example
    (tmp_path / "pasted.txt").write_text(example[1], "utf-8")
    (dump,), _ = sources.find_dumps(tmp_path, tmp_path)
    story, comment = sources.read(dump, sources.pick(dump))
    assert (story.title, story.domain, story.score) == ("A title", "example.org", 377)  # type: ignore[union-attr]
    assert comment.created and comment.created.epoch == 1731585600  # type: ignore[union-attr]


def test_the_theme_example_is_a_theme(tmp_path: Path) -> None:
    from hnsite.pages.not_found import page
    from hnsite.theme import Theme

    example = re.search(r"```html\n(.*?)```", MANUAL, re.DOTALL)
    assert example
    (tmp_path / "themes" / "mine").mkdir(parents=True)
    (tmp_path / "themes" / "mine" / "404.html").write_text(example[1], "utf-8")
    config = parse_config('theme = "mine"', tmp_path)
    assert b"<title>Lost</title>" in Theme(config).render(page(config))


def test_the_manual_names_every_exit_status() -> None:
    statuses = re.search(r"Exit status: (.*)\n", MANUAL)
    assert statuses
    assert re.findall(r"\b(?:0|1|2|3|130)\b", statuses[1]) == ["0", "1", "2", "3", "130"]
