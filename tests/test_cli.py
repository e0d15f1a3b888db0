"""The command line: what it prints, and the status it ends with."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from terminal import hear

from hnsite import __version__, build, cli

STORY = {"id": 1, "type": "story", "by": "ann", "title": "A title", "time": 1_700_000_000}
REPLY = {"id": 2, "type": "comment", "by": "bob", "parent": 1, "text": "Yes.", "time": 1_700_000_001}
OPTIONS = {
    "build": "-s -o -c --base-url -j --clean --strict -q -v --timings",
    "serve": "--watch --no-watch --host --port --open"
    " -s -o -c --base-url -j --clean --strict -q -v --timings",
    "check": "-o --host",
    "inspect": "FILE",
    "export": "--ndjson --sqlite --parquet --zip --zim --force -s -o -c --base-url -j -q -v",
    "fetch": "ID",
    "new": "DIR",
}
"""What each command takes; those that are not there yet are passed over."""


class Ran(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in a folder with one good dump, as `hnsite` would."""
    monkeypatch.chdir(tmp_path)
    write("content/a.json", [STORY, REPLY])

    def command(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["hnsite", *arguments])
        capsys.readouterr()
        status = 0
        try:
            cli.main()
        except SystemExit as end:
            assert isinstance(end.code, int)
            status = end.code
        return Ran(status, *capsys.readouterr())

    return command


def write(name: str, dump: object) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dump if isinstance(dump, str) else json.dumps(dump), "utf-8")


# Help


def test_help_names_the_commands_and_what_to_do_first(run: Run) -> None:
    for arguments in (["--help"], ["-h"]):
        status, out, _ = run(*arguments)
        assert status == 0
        assert all(name in out for name in cli.cli.commands)
        assert 'run "hnsite build"' in out


def test_without_a_command_there_is_help(run: Run) -> None:
    ran = run()
    assert "Usage: hnsite" in ran.out + ran.err
    assert ran.status in (0, 2)


@pytest.mark.parametrize("name", sorted(cli.cli.commands))
def test_the_help_of_a_command_lists_its_options(run: Run, name: str) -> None:
    status, out, _ = run(name, "--help")
    assert status == 0
    for option in OPTIONS[name].split():
        assert re.search(rf"(?m)(^  |, |/|\s){re.escape(option)}\b", out), option
    parameters = cli.cli.commands[name].params
    assert all(one.help for one in parameters if isinstance(one, click.Option))


def test_the_version(run: Run) -> None:
    assert run("--version") == Ran(0, f"hnsite {__version__}\n", "")


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hnsite", "build", "--no-such-option"]
    root = str(Path(cli.__file__).parents[2])
    ran = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": root}, capture_output=True, text=True)
    assert ran.returncode == 2
    assert "Usage: hnsite build" in ran.stderr


# 0: done


def test_files_of_others_are_named_once_and_few_of_many(run: Run) -> None:
    for number in range(30):
        write(f"public/photo{number:02}.jpg", "")
    write("public/new\nline\x1b[2J", "")
    status, _, err = run("build")
    lines = err.splitlines()
    assert status == 0
    assert lines[0] == r"note: public/new\nline\x1b[2J is not hnsite's; it stays"
    assert lines[1] == "note: public/photo00.jpg is not hnsite's; it stays"
    assert lines[20:] == ["note: and 11 more in public that are not hnsite's; they stay"]
    assert run("build", "--clean").err == ""


def test_a_build_ends_with_a_summary(run: Run) -> None:
    write("content/b.json", [REPLY, {**REPLY, "id": 3, "kids": [9]}, {"type": "comment"}])
    status, out, err = run("build")
    assert status == 0
    lines = out.splitlines()
    assert lines[0] == "1 thread, 2 comments by 1 author"
    assert lines[1] == "read 4 items from 2 dumps, 1 merged, 1 named but missing, 1 skipped"
    made = re.fullmatch(r"(\d+) pages made, (\d+) files changed in public", lines[2])
    assert made and made[1] == made[2]
    assert re.fullmatch(r"\d+\.\d\d s, 1 problem", lines[3])
    assert err == "warning: content/b.json:1: an item without a usable 'id'; skipped\n"
    again = run("build").out.splitlines()
    assert again[:2] == lines[:2]
    assert again[2] == "0 pages made, 0 files changed in public"


def test_quiet_prints_nothing_but_errors(run: Run) -> None:
    write("content/b.json", [REPLY, "no item"])
    assert run("build", "-q") == Ran(0, "", "")
    write("content/c.txt", "no dump")
    status, out, err = run("build", "--quiet")
    assert (status, out, err.count("\n")) == (1, "", 1)


def test_verbose_prints_all_warnings(run: Run) -> None:
    write("content/b.json", [REPLY, *(f"no item {n}" for n in range(30))])
    short, long = run("build").err, run("build", "-v").err
    assert short.count("\n") == 21
    assert short.endswith("warning: and 10 more (-v shows all)\n")
    assert long.count("\n") == 30


ODD = "\x1b[31m\x9b2J\u202etxt\r\n error: all is lost"
"""What steers terminals, turns the direction of writing, and begins a line of its own."""


def test_nothing_that_dumps_say_steers_the_terminal(run: Run) -> None:
    write(f"content/{ODD}.json", [{**STORY, "id": 3, "score": ODD, "by": ODD, "title": ODD}, ODD])
    write(f"content/{ODD}.txt", ODD)
    write(f"content/{ODD}.md", f"---\nweight: [\n{ODD}\n")
    for arguments in (("build", "-v"), ("build", "--strict"), ("inspect", f"content/{ODD}.json")):
        status, out, err = run(*arguments)
        assert status == (arguments[0] == "build")
        assert all(line.isprintable() for line in (out + err).split("\n"))
        assert "\n error: all is lost" not in out + err
        assert "\\x1b[31m\\x9b2J\\u202etxt" in out + err
    status, out, err = run("inspect", "--json", f"content/{ODD}.json", f"content/{ODD}.txt")
    assert [one["file"] for one in json.loads(out)] == [f"content/{ODD}.json", f"content/{ODD}.txt"]
    assert all(line.isprintable() for line in (out + err).split("\n"))


def test_timings_name_the_stages(run: Run) -> None:
    out = run("build", "--timings").out
    stages = re.findall(r"(?m)^  (\w+) +\d+\.\d{3} s +\d+ (\w+)(?: +\d+\.\d MB)?$", out)
    assert stages == [
        ("read", "items"), ("link", "items"), ("render", "pages"), ("collect", "pages"), ("publish", "files")
    ]  # fmt: skip


def test_the_other_settings_arrive(run: Run) -> None:
    write("content2/a.json", [STORY])
    write("site.toml", "title = 'My own archive'")
    arguments = ["-s", "content2", "-o", "out/site", "-c", "site.toml", "--base-url", "https://a.example/b/"]
    assert run("build", *arguments, "-j", "1", "--clean").status == 0
    assert "My own archive" in Path("out/site/index.html").read_text()
    assert "/b/" in Path("out/site/404.html").read_text()
    assert not Path("public").exists()


def test_settings_elsewhere_make_a_site_elsewhere(run: Run) -> None:
    write("site/hnsite.toml", "title = 'There'")
    write("site/content/b.json", [STORY])
    assert run("build", "-c", "site/hnsite.toml").status == 0
    assert Path("site/public/index.html").exists()
    assert run("build", "-c", "site/hnsite.toml", "-s", "content", "-o", "here").status == 0
    assert Path("here/item/2.html").exists(), "folders on the command line are meant from where it is typed"


def test_clean_reads_and_writes_everything_again(run: Run) -> None:
    first = run("build").out.splitlines()[2]
    assert first != run("build").out.splitlines()[2]
    assert first == run("build", "--clean").out.splitlines()[2]


def test_verbose_says_why_something_is_made_again(run: Run) -> None:
    assert "item 1: new" in run("build", "-v").err
    assert "item 1" not in run("build", "-v").err
    write("content/a.json", [STORY])
    assert "item 1: changed: content/a.json" in run("build", "-v").err
    Path("public/item/1.html").unlink()
    assert "item 1: item/1.html is missing" in run("build", "-v").err
    write("hnsite.toml", "title = 'Another'")
    assert "item 1: settings, theme or hnsite itself changed" in run("build", "-v").err


# 1: errors


def test_a_dump_that_nobody_can_read_is_an_error_and_the_rest_is_built(run: Run) -> None:
    write("content/b.txt", "no dump\n")
    status, out, err = run("build")
    assert status == 1
    assert err.startswith("error: content/b.txt:1: no reader knows this dump (")
    assert re.search(r"[(;] ?algolia, [^;]*hn-api[^;]*: not JSON; ", err)
    assert err.count("\n") == 1
    assert out.startswith("1 thread, 1 comment by")
    assert Path("public/item/1.html").exists()


@pytest.mark.parametrize(
    "name, content, reason",
    [("empty", b"", "the file is empty"), ("blank", b" \n\n", "nothing but white space"),
     ("zip.gz", b"\x1f\x8b\x08", "cannot be read"),
     ("binary", bytes(range(256)), "no reader knows this dump"),
     ("other.json", b'{"objectID": "1", "created_utc": 5}', "no reader knows this dump")],
)  # fmt: skip
def test_whatever_a_file_holds_there_is_one_clear_line(
    run: Run, name: str, content: bytes, reason: str
) -> None:
    Path("content", name).write_bytes(content)
    status, _, err = run("build")
    assert status == 1
    assert re.fullmatch(rf"error: content/{re.escape(name)}:1: .*{reason}.*\n", err)


def test_strict_turns_warnings_into_errors(run: Run) -> None:
    write("content/b.json", [REPLY, "no item"])
    status, out, err = run("build", "--strict")
    assert (status, out) == (1, "")
    assert re.match(r"warning: content/b.json:1: not an item.*\nerror: nothing published: --strict", err)
    assert not Path("public").exists()
    Path("content/b.json").unlink()
    assert run("build", "--strict").status == 0


def test_a_cache_that_cannot_be_written_is_no_bug(run: Run) -> None:
    Path(".cache").write_text("a file where the folder should be")
    status, _, err = run("build")
    assert status in (1, 2)
    assert re.fullmatch(r"error: .*\.cache.*\n", err)


# 2: wrong usage


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["build", "--strcit"], r"No such option.*--strict"),
        (["biuld"], "No such command 'biuld'"),
        (["build", "extra"], "unexpected extra argument"),
        (["build", "-j", "0"], "Invalid value for '-j'"),
        (["build", "-j", "many"], "Invalid value for '-j'"),
        (["build", "-o"], "requires an argument"),
        (["build", "-s", "nowhere"], r"^error: nowhere: no such folder; put your dumps there"),
        (["build", "-s", "content/a.json"], r"^error: content/a\.json: no such folder"),
        (["build", "-c", "nowhere.toml"], r"^error: nowhere\.toml: no such file\n$"),
        (["build", "-c", "content"], r"^error: content: cannot be read"),
        (["build", "-o", "."], r"^error: .*it must lie inside"),
        (["build", "-o", "/"], r"^error: /: .*it must lie inside"),
        (
            ["serve", "-o", "/root"],
            r"^error: /root: cannot be .*: it is a home folder; choose",
        ),
        (["build", "-o", "content/site"], r"^error: .*content folder must be apart"),
        (["build", "-o", "content"], r"^error: .*must be apart"),
        (["build", "-o", "content/a.json"], r"^error: "),
        (["build", "--base-url", "a.example"], r"^error: .*full address.*a\.example"),
    ],
)
def test_wrong_usage_says_what_is_wrong(run: Run, arguments: list[str], message: str) -> None:
    status, out, err = run(*arguments)
    assert status == 2
    assert out == ""
    assert re.search(message, err.replace(str(Path.cwd()) + "/", "")), err
    assert "Traceback" not in err
    assert not Path("public").exists()


@pytest.mark.parametrize(
    "text, message",
    [("tilte = 'x'", "hnsite.toml: unknown setting 'tilte'; did you mean 'title'?"),
     ("title = 'x", "hnsite.toml: "), ("theme = 'nowhere'", "nowhere: no such theme in themes/")],
)  # fmt: skip
def test_wrong_settings_say_what_is_wrong(run: Run, text: str, message: str) -> None:
    write("hnsite.toml", text)
    status, _, err = run("build")
    assert status == 2
    assert err.startswith(f"error: {message}")


def test_a_broken_theme_names_file_and_line(run: Run) -> None:
    write("themes/default/404.html", "\n{{ view.nothing }}")
    status, _, err = run("build")
    assert status == 2
    assert re.match(r"error: .*themes/default/404\.html:2: .*nothing", err)


# 3: a bug, 130: Ctrl-C


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(build, "build", fails)


def test_a_bug_shows_where_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(monkeypatch, RuntimeError("too clever"))
    status, _, err = run("build")
    assert status == 3
    assert err.startswith("Traceback")
    assert "RuntimeError: too clever" in err
    assert "a bug in hnsite" in err.splitlines()[-1]


def test_ctrl_c_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(monkeypatch, KeyboardInterrupt())
    status, out, err = run("build")
    assert (status, out, err.strip()) == (130, "", "stopped")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux to see a process's children")
@pytest.mark.parametrize("later", [0, 0.2])
def test_ctrl_c_ends_the_workers_quietly_too(tmp_path: Path, later: float) -> None:
    """A terminal sends it to all of them, wherever they are."""
    root = Path(cli.__file__).parents[2]
    write(f"{tmp_path}/content/a.json", [{**STORY, "id": n} for n in range(1, 6000)])
    code = "import sys; sys.argv = ['hnsite', 'build', '-q', '-j', '2']; import hnsite.build, hnsite.cli; "
    code += "hnsite.build.RANGE = 100; hnsite.cli.main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(root)}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=hear,
    )  # fmt: skip
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while len(children.read_text().split()) < 3 and process.poll() is None:  # two workers and their tracker
        time.sleep(0.01)
    time.sleep(later)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err.strip()) == (130, "stopped")
