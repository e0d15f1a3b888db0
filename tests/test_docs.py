"""The manual cannot drift: it names every command, option and setting, and its examples run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from hnsite.build import build
from hnsite.cli import cli
from hnsite.config import SETTINGS, parse_config

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MANUAL = (ROOT / "docs" / "manual.md").read_text("utf-8")
THEMES = (ROOT / "docs" / "themes.md").read_text("utf-8")
BASE = next(line for line in THEMES.splitlines() if line.startswith("| `base.html`"))


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


def test_the_example_of_a_theme_is_one(tmp_path: Path) -> None:
    """All of its files, in a site with one dump: each does what the text says of it."""
    files = re.findall(
        r"^`(themes/mine/[^`]+)` [^\n]*:\n\n```\w+\n(.*?)```", THEMES, re.MULTILINE | re.DOTALL
    )
    for name, text in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "story.json").write_bytes((ROOT / "content" / "story.json").read_bytes())
    config = parse_config('theme = "mine"', tmp_path)
    assert not build(config, jobs=1).problems
    (style,) = config.output_dir.glob("static/*/style.css")
    assert re.findall("--link:([^;}]*)", style.read_text("utf-8"))[-1] == "light-dark(#0b5d3b,#8fd6b1)"
    threads = [page.read_text("utf-8") for page in config.output_dir.glob("item/*.time.html")]
    assert threads
    for part in ("reading group", '<article class="story"', "second Tuesday", ">original</a>"):
        assert all(part in page for page in threads), part
    assert all("reading group" in page.read_text("utf-8") for page in config.output_dir.rglob("*.html"))
    assert len(files) == 4


def test_every_template_block_and_colour_is_documented() -> None:
    default = ROOT / "themes" / "default"
    for path in default.glob("*.html"):
        assert f"`{path.name}`" in THEMES
        line = next(line for line in THEMES.splitlines() if line.startswith("|") and f"`{path.name}`" in line)
        for block in re.findall(r"\{% block (\w+) ", path.read_text("utf-8")):
            assert f"`{block}`" in line or f"`{block}`" in BASE, f"{block} of {path.name}"
    style = "".join((default / "static" / name).read_text("utf-8") for name in ("style.css", "lists.css"))
    for colour in re.findall(r"(--[\w-]+): light-dark", style):
        assert f"`{colour}`" in THEMES or colour in ("--level-2", "--level-3", "--level-4")


def test_every_documented_view_and_block_is_there() -> None:
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "hnsite" / "pages").glob("*.py"))
    views = re.findall(r"`(\w+View)`", THEMES)
    assert len(views) > 10
    for view in views:
        assert f"class {view}" in pages
    templates = "".join(path.read_text("utf-8") for path in (ROOT / "themes" / "default").glob("*.html"))
    for line in THEMES.splitlines():
        if line.startswith("| `") and line.count("|") == 5:
            for block in re.findall(r"`(\w+)`", line.split("|")[4]):
                assert f"{{% block {block} %}}" in templates


def test_the_manual_names_every_exit_status() -> None:
    statuses = re.search(r"Exit status: (.*)\n", MANUAL)
    assert statuses
    assert re.findall(r"\b(?:0|1|2|3|130)\b", statuses[1]) == ["0", "1", "2", "3", "130"]


def test_the_first_commands_of_the_readme_run(tmp_path: Path) -> None:
    """As a shell runs them, but for the installation."""
    (lines,) = re.findall(r"```sh\npip install \.\n(.*?)```", README, re.DOTALL)
    program = f"{sys.executable} -m hnsite"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    script = re.sub(r"\bhnsite (?=new|build)", f"{program} ", lines)
    subprocess.run(["sh", "-ec", script], cwd=tmp_path, check=True, capture_output=True, env=env)
    assert (tmp_path / "my-archive" / "public" / "index.html").exists()


def test_the_recipes_of_the_readme() -> None:
    """Three lines at most for each host; what they say of hnsite is true, and files they name are there."""
    blocks = re.findall(r"\n\*\*(\w+)[^*]*\*\*[^`]*?```sh\n(.*?)```", README, re.DOTALL)
    assert [name for name, _ in blocks] == ["Netlify", "Cloudflare", "GitHub", "GitLab", "S3", "nginx"]
    for name, lines in blocks:
        assert len(lines.splitlines()) <= 3, name
        for line in re.findall(r"^hnsite (.*)$", lines, re.MULTILINE):
            command, *words = line.split()
            cli.commands[command].make_context(command, words)
        for file in re.findall(r"docs/[\w.]+", lines):
            assert (ROOT / file).exists()


def test_links_between_the_documents_lead_somewhere() -> None:
    for file in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        text = re.sub(r"```.*?```|`[^`]*`", "", file.read_text("utf-8"), flags=re.DOTALL)
        for link in re.findall(r"\]\(([^)#:\s]+)\)", text):
            if not link.isdecimal() and link != "notes/queues.md":  # an example of links in notes
                assert (file.parent / link).exists(), f"{link} in {file.name}"
