"""A new site: it builds and deploys at once, and what was there before stays."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from hnsite import __version__
from hnsite.build import build
from hnsite.cli import cli
from hnsite.config import SETTINGS, Config, parse_config
from hnsite.errors import UsageError
from hnsite.new import FILES, SAMPLES, STARTER, new_site

SETTING = re.compile(r"^#([a-z_]+ = .*)$", re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_site(tmp_path / "new" / "site")
    return tmp_path / "new" / "site"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    path = str(Path(__file__).resolve().parents[1])
    command = [sys.executable, "-m", "hnsite", *words]
    env = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env)


def test_it_builds_at_once(tmp_path: Path) -> None:
    made = run(tmp_path, "new", "some where/my archive")
    assert (made.returncode, made.stderr) == (0, "")
    assert "cd 'some where/my archive' && hnsite serve" in made.stdout
    assert len(made.stdout.splitlines()) == 4
    folder = tmp_path / "some where" / "my archive"
    done = run(folder, "build", "--strict")
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "public/item/90100001.html").exists()
    about = (folder / "public/pages/about.html").read_text("utf-8")
    assert "../item/90100001.html" in about


def test_every_setting_is_explained_and_shown_at_its_default() -> None:
    text = (STARTER / "hnsite.toml").read_text("utf-8")
    assert parse_config(text, Path()) == Config(Path()), "as it comes it changes nothing"
    shown = tomllib.loads("\n".join(SETTING.findall(text)))
    assert shown.keys() == SETTINGS.keys()
    config = Config(Path())
    for name, value in shown.items():
        assert value == getattr(config, name), name
    assert parse_config("\n".join(SETTING.findall(text)), Path()) == config
    for paragraph in text.strip().split("\n\n"):
        assert re.match(r"# \w|# \"", paragraph), "each is explained"


def test_all_that_lies_in_starter_is_used() -> None:
    files = {path.relative_to(STARTER).as_posix() for path in STARTER.rglob("*") if path.is_file()}
    assert files == set(FILES.values())


def test_hosts_install_the_version_that_made_it(folder: Path) -> None:
    assert f"\nhnsite=={__version__}\n" in (folder / "requirements.txt").read_text("utf-8")
    assert not [
        path for path in folder.rglob("*") if path.is_file() and "@VERSION@" in path.read_text("utf-8")
    ]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text("mine")
    assert len(new_site(tmp_path)) == len(FILES)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    (tmp_path / "netlify.toml").unlink()
    with pytest.raises(UsageError, match=r"hnsite\.toml, requirements\.txt, .*would be written over"):
        new_site(tmp_path)
    assert not (tmp_path / "netlify.toml").exists()
    for path in tmp_path.rglob("*"):
        assert path == tmp_path or path.stat().st_mtime_ns == before[path]


def test_dumps_that_are_there_need_no_sample(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "mine.json").write_text("[]")
    assert not set(SAMPLES).intersection(new_site(tmp_path))
    assert [path.name for path in (tmp_path / "content").iterdir()] == ["mine.json"]


def test_a_link_that_leads_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "netlify.toml").symlink_to("elsewhere")
    with pytest.raises(UsageError, match=r"netlify\.toml"):
        new_site(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["netlify.toml"]


@pytest.mark.parametrize("name", ["file", "file/below", "no\0name", "x" * 300])
def test_where_no_site_can_be(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError):
        new_site(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_could_not_be_finished_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hnsite.new.FILES", {"hnsite.toml": "hnsite.toml", "b": "no-such-file"})
    with pytest.raises(UsageError, match="No such file"):
        new_site(tmp_path / "site")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "workflows").touch()
    monkeypatch.undo()
    with pytest.raises(UsageError, match="no site can be made there"):
        new_site(tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == [".github", "workflows"]


def test_names_are_told_as_a_shell_takes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, shown in [("a b", "cd 'a b' && "), ("-dash", "cd ./-dash && "), (".", "  hnsite serve")]:
        assert shown in CliRunner().invoke(cli, ["new", "--", name]).output
    with pytest.raises(UsageError, match="name a folder"):
        CliRunner().invoke(cli, ["new", ""], catch_exceptions=False, standalone_mode=False)
    Path("file").touch()
    with pytest.raises(UsageError, match="is no folder"):
        new_site(Path("file"))


def test_a_clone_on_a_host_builds_only_what_changed(folder: Path) -> None:
    """Hosts keep .cache/hnsite and public as a tar archive between two builds; files come back with the
    times that they had, in the same place."""
    build(parse_config("", folder), jobs=1)
    names = (".cache/hnsite", "public")
    subprocess.run(["tar", "--posix", "-cf", "kept.tar", *names], cwd=folder, check=True)
    for name in (".cache", "public"):
        shutil.rmtree(folder / name)
    subprocess.run(["tar", "-xf", "kept.tar"], cwd=folder, check=True)
    report = build(parse_config("", folder), jobs=1)
    assert (report.rendered, report.written, report.foreign) == (0, 0, ())


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def test_the_workflow_of_github_pages(folder: Path) -> None:
    flow = load(folder / ".github/workflows/pages.yml")
    steps = flow["jobs"]["publish"]["steps"]
    used = [step["uses"].partition("@")[0] for step in steps if "uses" in step]
    assert used == [
        f"actions/{name}"
        for name in (
            "checkout",
            "setup-python",
            "cache",
            "configure-pages",
            "upload-pages-artifact",
            "deploy-pages",
        )
    ]
    assert flow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert flow["jobs"]["publish"]["environment"]["name"] == "github-pages"
    (told,) = [step["env"] for step in steps if "hnsite build" in step.get("run", "")]
    assert told == {"BASE_URL": "${{ steps.pages.outputs.base_url }}"}
    assert not [step for step in steps if "${{" in step.get("run", "")], "no value is put into a script"


def test_the_schemas_of_the_hosts(folder: Path) -> None:
    """Those that check-jsonschema brings along."""
    pytest.importorskip("check_jsonschema")
    for schema, file in (
        ("github-workflows", ".github/workflows/pages.yml"),
        ("gitlab-ci", ".gitlab-ci.yml"),
    ):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
        done = subprocess.run([*command, str(folder / file)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("address", ["https://a.example", "https://a.example/b", "https://a.example/b/"])
def test_the_commands_of_hosts_run(folder: Path, address: str) -> None:
    """As the shell of each would run them, but for what they install."""
    steps = load(folder / ".github/workflows/pages.yml")["jobs"]["publish"]["steps"]
    commands = [
        *(step["run"] for step in steps if "hnsite build" in step.get("run", "")),
        *(line for line in load(folder / ".gitlab-ci.yml")["pages"]["script"] if "hnsite build" in line),
        tomllib.loads((folder / "netlify.toml").read_text("utf-8"))["build"]["command"].partition(" && ")[2],
    ]
    assert len(commands) == 3
    config = parse_config("", folder, base_url=address)
    names = dict.fromkeys(("URL", "BASE_URL", "CI_PAGES_URL"), address)
    env = {**os.environ, **names, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    for command in commands:
        here = command.replace("hnsite build", f"{sys.executable} -m hnsite build", 1)
        subprocess.run(["sh", "-ec", here], cwd=folder, check=True, env=env, capture_output=True)
        assert f'href="{config.base_path}' in (folder / "public/404.html").read_text("utf-8")


def test_the_sample_is_as_algolia_answers(folder: Path) -> None:
    sample = json.loads((folder / "content/example.json").read_text("utf-8"))
    assert (sample["type"], len(sample["children"])) == ("story", 2)
