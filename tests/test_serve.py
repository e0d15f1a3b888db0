"""The development server, asked over real connections. Builds are injected: each is a few small files."""

from __future__ import annotations

import concurrent.futures.process
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hnsite import serve as module
from hnsite.config import Config, parse_config
from hnsite.errors import BuildError, HnsiteError
from hnsite.headers import FOR_EVER
from hnsite.serve import serve

DEADLINE = 8.0
CONTENT_TYPES = {
    "a.html": "text/html; charset=utf-8",
    "a.css": "text/css; charset=utf-8",
    "a.js": "text/javascript; charset=utf-8",
    "a.json": "application/json; charset=utf-8",
    "feed.xml": "application/xml; charset=utf-8",
    "a.svg": "image/svg+xml; charset=utf-8",
    "robots.txt": "text/plain; charset=utf-8",
    "favicon.ico": "image/x-icon",
    "a.PNG": "image/png",
    "a.woff2": "font/woff2",
    "index.json.gz": "application/gzip",
    "_headers": "application/octet-stream",
}
PAGES = {
    "index.html": "<body>front</body>",
    "404.html": "<body>nothing like that</body>",
    "item/42.html": "<body>item 42</body>",
    "item.html": "<body>old links</body>",
    "user/index.html": "<body>users</body>",
    "empty/file.txt": "text",
    **dict.fromkeys(CONTENT_TYPES, "<body>"),
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


class Events:
    """A page's connection to the event stream."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
        self.connection.request("GET", "/__hnsite/events")
        self.answer = self.connection.getresponse()

    def next(self) -> dict[str, Any]:
        while line := self.answer.readline():
            if line.startswith(b"data: "):
                state: dict[str, Any] = json.loads(line[6:])
                return state
        raise EOFError


class Preview:
    """A site in a folder and a server for it; its build copies content/note.txt into the front page."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.note = root / "content" / "note.txt"
        self.write(self.note, "first")
        self.write(root / "hnsite.toml", "")
        self.builds = 0
        self.said: list[str] = []
        self.errors: tuple[str, ...] = ()
        self.make: Callable[[Config], Any] = self.build
        self.after: Callable[[], object] | None = None  # what a build does when its site is there
        self.stop = threading.Event()
        self.raised: BaseException | None = None
        self.thread = threading.Thread()
        self.port = 0

    def write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def load(self) -> Config:
        return parse_config((self.root / "hnsite.toml").read_text(), self.root)

    def build(self, config: Config) -> Any:
        self.builds += 1
        for path, text in PAGES.items():
            self.write(config.output_dir / path, text)
        notes = config.content_dir / "note.txt"
        note = notes.read_text() if notes.exists() else "no note"
        self.write(config.output_dir / "note.html", f"<html><body>{note}</body></html>")
        return SimpleNamespace(written=9, deleted=1, problems=(), errors=self.errors, seconds=0.0)

    def make_and_show(self, config: Config, shown: Callable[[Any], None]) -> Any:
        report = self.make(config)
        if self.after:
            shown(report.errors)
            self.after()
        return report

    def start(self, **options: Any) -> None:
        ready = threading.Event()

        def hear(url: str) -> None:
            self.url, self.port = url, int(url.split(":")[2].split("/")[0])
            ready.set()

        def run() -> None:
            given = {"port": 0, "ready": hear, "stop": self.stop, **options}
            try:
                serve(
                    self.load,
                    self.make_and_show,
                    [self.root / "hnsite.toml"],
                    self.said.append,
                    **given,
                )
            except BaseException as error:
                self.raised = error
                ready.set()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()
        assert ready.wait(DEADLINE)
        if self.raised:
            raise self.raised

    def ask(self, path: str, method: str = "GET") -> Answer:
        """One request, its path sent as it is given."""
        with socket.create_connection(("127.0.0.1", self.port), DEADLINE) as connection:
            connection.sendall(f"{method} {path} HTTP/1.0\r\n\r\n".encode())
            head, _, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        return Answer(int(status.split()[1]), dict(line.split(": ", 1) for line in lines), body.decode())

    def wait(self, done: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + DEADLINE
        while not done():
            assert time.monotonic() < deadline, f"not in {DEADLINE} s: {what}; said {self.said}"
            time.sleep(0.01)

    def shows(self, text: str) -> None:
        self.wait(lambda: text in self.ask("/note").body, f"{text} on /note")

    def finish(self) -> None:
        self.stop.set()
        self.thread.join(DEADLINE)
        assert not self.thread.is_alive()


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    preview = Preview(tmp_path / "site")
    yield preview
    if preview.thread.ident:
        preview.finish()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """Plain files and links, not watched; one server for all tests that only look."""
    root = tmp_path_factory.mktemp("served") / "site"
    preview = Preview(root)
    preview.start(watch=False)
    preview.write(root / "secret.txt", "secret")
    preview.write(root / "elsewhere/secret.txt", "secret")
    preview.write(root / "elsewhere/index.html", "secret")
    for name, target in {
        "link.txt": "secret.txt",
        "link.html": "secret.txt",
        "linked": "elsewhere",
        "also.html": "public/item/42.html",
    }.items():
        (root / "public" / name).symlink_to(root / target)
    preview.write(root / "public/back\\slash.txt", "where a backslash parts folders, this leads elsewhere")
    yield preview
    preview.finish()


@pytest.fixture
def live(preview: Preview) -> Preview:
    preview.start()
    return preview


# What a static host does


@pytest.mark.parametrize(("file", "kind"), CONTENT_TYPES.items())
def test_content_types(served: Preview, file: str, kind: str) -> None:
    answer = served.ask(f"/{file}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_has_a_digest_in_its_address_may_be_kept(live: Preview) -> None:
    for path in ("static/0123abcd/a.css", "static/0123abcd/a.html", "static/a.css"):
        live.write(live.root / "public" / path, "<body>")
    kept = [
        path
        for path in (
            "static/0123abcd/a.css",
            "static/0123abcd/a.html",
            "static/0123abcd/b.css",
            "static/a.css",
        )
        if live.ask(f"/{path}").headers["Cache-Control"] != "no-store"
    ]
    assert kept == ["static/0123abcd/a.css"]  # into pages a script is put that changes
    assert live.ask(f"/{kept[0]}").headers["Cache-Control"] == FOR_EVER


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/", "front"),
        ("/index.html", "front"),
        ("/item/42", "item 42"),
        ("/item/42.html", "item 42"),
        ("/item/42?x=../1", "item 42"),
        ("/item?id=42", "old links"),  # the file wins over the folder of the same name
        ("/item%2F42", "item 42"),
        ("/user/", "users"),
    ],
)
def test_addresses(served: Preview, path: str, body: str) -> None:
    answer = served.ask(path)
    assert (answer.status, answer.body) == (200, f"<body>{body}</body>")


def test_folder_without_slash_redirects_so_that_its_links_hold(served: Preview) -> None:
    answer = served.ask("/user?a=1")
    assert (answer.status, answer.headers["Location"]) == (302, "/user/?a=1")


@pytest.mark.parametrize(
    "path", ["/none", "/item/42.html/", "/item/42/", "/empty", "/empty/", "//item/42//", "/item//42", "/%ff"]
)
def test_unknown_addresses_get_the_sites_own_page(served: Preview, path: str) -> None:
    answer = served.ask(path)
    assert (answer.status, answer.body) == (404, PAGES["404.html"])


def test_site_without_front_page(preview: Preview) -> None:
    def make(config: Config) -> Any:
        report = preview.build(config)
        (config.output_dir / "index.html").unlink()
        return report

    preview.make = make
    preview.start()
    assert preview.ask("/").status == 404
    assert "item 42" in preview.ask("/item/42").body


def test_unknown_address_of_a_site_without_404_page(preview: Preview) -> None:
    preview.start(watch=False)
    (preview.root / "public/404.html").unlink()
    answer = preview.ask("/none")
    assert answer.status == 404
    assert "nothing at this address" in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/item/../../secret.txt",
        "/item/%2e%2e/%2e%2e/secret",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/item/..",
        "/./item/42",
        "/secret.txt%00.html",
        "/link.txt",
        "/link",
        "/linked/secret.txt",
        "/linked/",
        "/back%5cslash.txt",
        "/" + "x" * 5000,
    ],
)
def test_nothing_outside_the_output(served: Preview, path: str) -> None:
    answer = served.ask(path)
    assert (answer.status, answer.body) == (404, PAGES["404.html"])


def test_absolute_path_is_not_a_file_of_the_machine(served: Preview) -> None:
    for slashes in ("//", "/%2f", "%2f"):
        assert "secret" not in served.ask(f"{slashes}{str(served.root)[1:]}/secret.txt").body


def test_link_inside_the_output_is_followed(served: Preview) -> None:
    assert served.ask("/also").body == "<body>item 42</body>"


@pytest.mark.parametrize("path", ["/", "/item/42", "/none", "/a.PNG"])
def test_head_is_get_without_a_body(served: Preview, path: str) -> None:
    head, get = served.ask(path, "HEAD"), served.ask(path)
    assert head.body == ""
    assert head.status == get.status
    for name in ("Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == get.headers[name]
    assert int(get.headers["Content-Length"]) == len(get.body)


def test_other_methods_are_refused(served: Preview) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "X" * 99):
        answer = served.ask("/", method)
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert served.ask("/").status == 200


def test_base_path(preview: Preview) -> None:
    preview.write(preview.root / "hnsite.toml", 'base_url = "https://example.org/old archive/"')
    preview.start(watch=False)
    assert preview.url.endswith("/old archive/")
    assert preview.ask("/?q=1").headers["Location"] == "/old%20archive/?q=1"
    assert preview.ask("/old%20archive").headers["Location"] == "/old%20archive/"
    assert preview.ask("/old%20archive/").body == "<body>front</body>"
    assert preview.ask("/old%20archive/item/42").body == "<body>item 42</body>"
    assert preview.ask("/old%20archive/user").headers["Location"] == "/old%20archive/user/"
    for path in ("/item/42", "/old%20archives/", "/old%20archive/none", "/old%20archive/../item/42"):
        assert (preview.ask(path).status, preview.ask(path).body) == (404, PAGES["404.html"])


# Live reload


def test_pages_stay_as_built_when_not_watching(served: Preview) -> None:
    assert served.ask("/").body == PAGES["index.html"]
    for name in ("reload.js", "overlay.css", "events"):
        assert served.ask(f"/__hnsite/{name}").status == 404


def test_pages_reload_when_watching(live: Preview) -> None:
    assert live.ask("/", "HEAD").headers["Content-Length"] == str(len(live.ask("/").body))
    tag = r'<script src="/__hnsite/reload\.js" defer data-build="[0-9a-f.]+"></script>'
    assert re.fullmatch(f"<body>front{tag}</body>", live.ask("/").body)
    answer = live.ask("/none")
    assert answer.status == 404
    assert re.fullmatch(f"<body>nothing like that{tag}</body>", answer.body)
    assert live.ask("/a.css").body == PAGES["a.css"]
    assert live.ask("/feed.xml").body == PAGES["feed.xml"]


def test_injection_is_before_the_last_end_of_body() -> None:
    assert re.fullmatch(
        rb"<pre></body></pre><script [^>]*></script></BODY>\n",
        module._inject(b"<pre></body></pre></BODY>\n", "1"),
    )
    assert module._inject(b"<p>no end", "1").startswith(b"<p>no end<script ")


def test_own_files(live: Preview) -> None:
    script, style = live.ask("/__hnsite/reload.js"), live.ask("/__hnsite/overlay.css")
    assert (script.status, script.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert (style.status, style.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    for breach in ("innerHTML", "insertAdjacentHTML", "document.write", ".style", "eval(", "cssText"):
        assert breach not in script.body  # errors quote hostile dumps, and the pages have a strict CSP
    assert live.ask("/__hnsite/none").status == 404
    assert live.ask("/__hnsite/events", "HEAD").headers["Content-Type"].startswith("text/event-stream")


def test_change_builds_again_and_tells_open_pages(live: Preview) -> None:
    pages = [Events(live.port) for _ in range(20)]
    first = [page.next() for page in pages]
    assert first[0] == {
        "build": first[0]["build"],
        "attempt": first[0]["build"],
        "errors": [],
        "failed": False,
        "usable": True,
    }
    assert f'data-build="{first[0]["build"]}"' in live.ask("/note").body
    live.note.write_text("second")
    for page in pages:
        state = page.next()
        assert state["build"] != first[0]["build"]
        assert (
            f'second<script src="/__hnsite/reload.js" defer data-build="{state["build"]}">'
            in live.ask("/note").body
        )
    assert live.said[0] == f"changed: {live.note.resolve()}"


def test_restarted_server_has_other_build_names(preview: Preview) -> None:
    preview.start()
    before = Events(preview.port).next()
    preview.finish()
    preview.stop.clear()
    preview.start()
    after = Events(preview.port).next()
    assert before["build"] != after["build"]
    assert before["attempt"] != after["attempt"]


def test_idle_stream_is_written_to(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PING_SECONDS", 0.01)
    preview.start()
    page = Events(preview.port)
    page.next()
    assert (page.answer.readline(), page.answer.readline()) == (b"\n", b": ping\n")


def fail(error: Exception) -> Callable[[Config], Any]:
    def make(config: Config) -> Any:
        raise error

    return make


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (BuildError("two pages share it", "item/1.html"), r"item/1\.html: two pages share it"),
        (ZeroDivisionError("<b>"), rf"{re.escape(__file__)}:\d+: ZeroDivisionError: <b>"),
    ],
)
def test_failed_build_is_shown_until_it_is_mended(live: Preview, error: Exception, expected: str) -> None:
    page = Events(live.port)
    good = page.next()
    live.make = fail(error)
    live.note.write_text("second")
    failed = page.next()
    assert re.fullmatch(expected, failed["errors"][0])
    assert (failed["failed"], failed["usable"], failed["build"]) == (True, True, good["build"])
    assert failed["attempt"] != good["attempt"]
    assert (
        f'first<script src="/__hnsite/reload.js" defer data-build="{good["build"]}">'
        in live.ask("/note").body
    )
    assert Events(live.port).next() == failed  # a page that is opened now
    assert f"error: {failed['errors'][0]}" in live.said

    live.make = live.build
    live.note.write_text("third")
    healed = page.next()
    assert (healed["errors"], healed["failed"]) == ([], False)
    assert healed["build"] != good["build"]
    assert "third" in live.ask("/note").body


def test_error_in_a_worker_names_the_workers_line(live: Preview) -> None:
    page = Events(live.port)
    page.next()
    error = KeyError("title")
    remote: Any = concurrent.futures.process._RemoteTraceback
    error.__cause__ = remote('Traceback ...\n  File "/x/hnsite/pages/item.py", line 7, in f\n    a\n')
    live.make = fail(error)
    live.note.write_text("second")
    assert page.next()["errors"] == ["/x/hnsite/pages/item.py:7: KeyError: 'title'"]


def test_unreadable_dumps_are_shown_on_the_site_that_was_built_without_them(live: Preview) -> None:
    page = Events(live.port)
    good = page.next()
    live.errors = ("x.json:1: no reader knows it",)
    live.note.write_text("second")
    state = page.next()
    assert state["errors"] == ["x.json:1: no reader knows it"]
    assert (state["failed"], state["usable"]) == (False, True)
    assert state["build"] != good["build"]
    assert "second" in live.ask("/note").body


def test_first_build_fails(preview: Preview) -> None:
    preview.make = fail(HnsiteError("a <script> & more"))
    preview.start()
    for path in ("/", "/item/42", "/a/b.css"):
        answer = preview.ask(path)
        assert answer.status == 500
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "a &lt;script&gt; &amp; more" in answer.body
        assert '<script src="/__hnsite/reload.js" defer' in answer.body
    page = Events(preview.port)
    failed = page.next()
    assert (failed["errors"], failed["failed"], failed["usable"]) == (["a <script> & more"], True, False)
    assert f'data-build="{failed["build"]}"' in preview.ask("/").body
    preview.make = preview.build
    preview.note.write_text("second")
    assert page.next()["build"] != failed["build"]
    assert "second" in preview.ask("/note").body


def test_first_build_fails_beside_an_earlier_site(preview: Preview) -> None:
    preview.build(preview.load())
    preview.make = fail(HnsiteError("broken"))
    preview.start()
    assert "first" in preview.ask("/note").body
    state = Events(preview.port).next()
    assert (state["errors"], state["failed"], state["usable"]) == (["broken"], True, True)


def test_broken_settings_heal(preview: Preview) -> None:
    settings = preview.root / "hnsite.toml"
    settings.write_text("titel = 'x'")
    preview.start()
    assert "did you mean" in preview.ask("/").body
    page = Events(preview.port)
    page.next()
    settings.write_text("output = 'site'")
    assert page.next()["errors"] == []
    assert (preview.root / "site/index.html").is_file()
    preview.note.write_text("second")  # content/ is known only now
    preview.shows("second")
    settings.write_text("titel = 'x'")
    page.next()
    assert "unknown setting" in page.next()["errors"][0]
    assert "second" in preview.ask("/note").body


# What is watched


def test_settings_replaced_as_editors_do(live: Preview) -> None:
    live.write(live.root / "other/note.txt", "other place")
    for content, text in (("other", "other place"), ("content", "first"), ("other", "other place")):
        live.write(live.root / ".new", f"content = '{content}'")
        (live.root / ".new").replace(live.root / "hnsite.toml")
        live.shows(text)
    live.write(live.root / "other/note.txt", "changed there")
    live.shows("changed there")
    time.sleep(0.1)
    builds = live.builds
    time.sleep(0.2)  # and it does not take the change for a new one again and again
    assert live.builds == builds


def test_missing_folders_are_watched_when_they_come(preview: Preview) -> None:
    shutil.rmtree(preview.root / "content")
    preview.start()
    preview.shows("no note")
    preview.write(preview.note, "it came")
    preview.shows("it came")
    themes = preview.root / "themes/mine/page.html"
    builds = preview.builds
    preview.write(themes, "theme")
    preview.wait(lambda: preview.builds > builds, "a build with the new themes folder")
    live_builds = preview.builds
    themes.write_text("theme 2")
    preview.wait(lambda: preview.builds > live_builds, "a build with the changed theme")


def test_folder_that_goes_and_comes_back(live: Preview) -> None:
    for text in ("second", "third"):  # the new folder may get the old one's inode
        shutil.rmtree(live.root / "content")
        live.write(live.note, text)
        live.shows(text)
        live.note.write_text(f"{text} again")
        live.shows(f"{text} again")
    shutil.rmtree(live.root / "content")
    live.shows("no note")
    live.write(live.note, "fourth")
    live.shows("fourth")


def test_changes_while_building_are_one_more_build(live: Preview) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(config: Config) -> Any:
        report = live.build(config)
        begun.set()
        assert go_on.wait(DEADLINE)
        return report

    live.make = slow
    page = Events(live.port)
    page.next()
    live.note.write_text("second")
    assert begun.wait(DEADLINE)
    for number in range(30):
        live.write(live.note.with_name(f"{number}.txt"), "more")
        time.sleep(0.002)
    live.note.write_text("last")
    go_on.set()
    page.next()
    page.next()
    assert "last" in live.ask("/note").body
    assert live.builds == 3  # the first, the one that was slow, and one for all that came meanwhile
    live.note.write_text("sentinel")
    page.next()
    assert live.builds == 4


def test_pages_do_not_wait_until_a_build_has_tidied_up(live: Preview) -> None:
    go_on, fail = threading.Event(), threading.Event()

    def tidy_up() -> None:
        assert go_on.wait(DEADLINE)
        if fail.is_set():
            raise HnsiteError("the disk is full")

    live.errors, live.after = ("bad.txt:1: no dump",), tidy_up
    page = Events(live.port)
    first = page.next()
    live.note.write_text("second")
    second = page.next()  # while the build goes on
    assert (second["failed"], second["errors"]) == (False, ["bad.txt:1: no dump"])
    assert first["build"] != second["build"] == second["attempt"]
    assert "second" in live.ask("/note").body
    go_on.set()
    live.note.write_text("third")
    third = page.next()  # the end of the second build was told of already
    assert third["build"] not in (first["build"], second["build"])
    assert "third" in live.ask("/note").body
    go_on.clear()
    fail.set()
    live.note.write_text("fourth")
    fourth = page.next()
    go_on.set()
    failed = page.next()
    assert (failed["failed"], failed["errors"]) == (True, ["the disk is full"])
    assert failed["build"] == fourth["build"]  # nothing to reload, an error to show
    assert failed["attempt"] != fourth["attempt"]


def test_burst_is_one_build(live: Preview) -> None:
    page = Events(live.port)
    page.next()
    for number in range(100):
        live.write(live.note.with_name(f"{number}.txt"), "more")
        time.sleep(0.003)
    page.next()
    time.sleep(0.2)  # more builds would begin within this
    assert live.builds - 1 <= 3  # one, but for a machine so busy that the burst falls apart


def test_own_output_and_editors_files_build_nothing(preview: Preview) -> None:
    """With the whole folder as content, even what the build itself writes is inside of what is watched."""
    preview.write(preview.root / "hnsite.toml", "content = '.'")
    preview.write(preview.root / "public/deep/er/x.html", "")
    preview.write(preview.root / ".cache/hnsite/x", "")
    preview.start()
    page = Events(preview.port)
    page.next()
    for path in (
        "public/index.html",
        "public/deep/er/x.html",
        ".cache/hnsite/x",
        ".note.txt.swp",
        "note.txt~",
        "#a#",
    ):
        preview.write(preview.root / path, "changed")
        time.sleep(0.03)
    time.sleep(0.2)  # builds for these would have begun within this
    assert preview.builds == 1
    preview.write(preview.root / "note.txt", "sentinel")
    page.next()
    assert "sentinel" in preview.ask("/note").body


def test_not_watching_builds_once(served: Preview) -> None:
    served.note.write_text("second")
    time.sleep(0.2)
    assert served.builds == 1


def test_no_watches_left(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    def watch(*_: object, **__: object) -> Iterator[set[object]]:
        raise OSError("OS file watch limit reached")
        yield

    monkeypatch.setattr("watchfiles.watch", watch)
    with pytest.raises(HnsiteError, match=r"file watch limit reached.*--no-watch"):
        preview.start()


# Start and stop


def test_given_port_that_is_busy(preview: Preview) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(HnsiteError, match=rf"127\.0\.0\.1:{port}: the port is in use"):
            preview.start(port=port)
    assert preview.builds == 0  # it fails before it has built anything


def test_without_a_port_the_next_free_one(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr(module, "PORTS", range(port, port + 20))
        preview.start(port=None, watch=False)
        assert port < preview.port < port + 20
        assert preview.url == f"http://127.0.0.1:{preview.port}/"
        assert preview.ask("/").status == 200


def test_no_port_is_free(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr(module, "PORTS", range(port, port + 1))
        with pytest.raises(HnsiteError, match="all in use"):
            preview.start(port=None)


@pytest.mark.parametrize(("host", "port"), [("203.0.113.1", 0), ("127.0.0.1", 70000), ("x" * 70, 0)])
def test_address_that_cannot_be_had(preview: Preview, host: str, port: int) -> None:
    with pytest.raises(HnsiteError, match="cannot serve there"):
        preview.start(host=host, port=port)


def test_only_this_machine_is_served_by_default(served: Preview) -> None:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.2", served.port))  # taken if the server had bound to every address
        except OSError as error:
            pytest.fail(f"the server listens on more than 127.0.0.1: {error}")


def test_a_server_for_the_network_says_so(preview: Preview) -> None:
    preview.start(host="0.0.0.0", watch=False)
    assert preview.url == f"http://127.0.0.1:{preview.port}/"
    assert preview.said == [
        f"warning: whoever reaches 0.0.0.0:{preview.port} in your network can read the site"
        " and the errors of its builds; without --host only this machine can"
    ]


def test_ctrl_c_ends_it_cleanly(preview: Preview) -> None:
    ports: list[int] = []

    def interrupt(url: str) -> None:
        ports.append(int(url.split(":")[2].strip("/")))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        preview.start(ready=interrupt)
    preview.thread.join(DEADLINE)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", ports[0]), DEADLINE):
        pass


@pytest.mark.parametrize("watch", [True, False])
def test_stop_ends_streams_and_frees_the_port(preview: Preview, watch: bool) -> None:
    preview.start(watch=watch)
    page = Events(preview.port)
    if watch:
        page.next()
    before = threading.active_count()
    preview.finish()
    if watch:
        with pytest.raises(EOFError):
            page.next()
        preview.wait(lambda: threading.active_count() <= before - 2, "stream, server and runner threads end")
    socket.create_server(("127.0.0.1", preview.port)).close()


def test_closed_pages_trouble_nobody(live: Preview, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(5):
        page = Events(live.port)
        page.next()
        page.connection.close()
    with socket.create_connection(("127.0.0.1", live.port), DEADLINE) as rude:
        rude.sendall(b"GET / HTTP/1.0\r\n")
    for number in range(3):
        live.note.write_text(f"change {number}")
        live.shows(f"change {number}")
    assert capfd.readouterr() == ("", "")
    assert not [line for line in live.said if "error" in line]


def test_heavy_libraries_wait_until_they_are_needed() -> None:
    code = "import sys, hnsite.serve; print([n for n in ('watchfiles', 'hnsite.build') if n in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(Path(module.__file__).parents[1])}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")
