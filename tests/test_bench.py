"""The benchmark's own parts: made dumps, measured commands, what a build touched, the report."""

from __future__ import annotations

import os
import sys
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest
from bench import change, finding, hugo, made, mhonarc, plot, process, report, trees, writer
from bench.report import Findings, Point, Row

from hnsite.model import Record
from hnsite.readers import algolia, hn_api

COMMENTS = 500
POINTS = [
    Point("anchors", 20_000, 21_000, 4.0, 7.0, 100_000_000, 120_000_000, 6_000, 30_000_000),
    Point("anchors", 200_000, 210_000, 40.0, 70.0, 140_000_000, 160_000_000, 60_000, 300_000_000),
    Point("anchors", 2_000_000, 2_100_000, 420.0, 700.0, 518_000_000, 600_000_000, 600_000, 3_000_000_000),
    Point("pages", 20_000, 21_000, 6.0, 11.0, 100_000_000, 120_000_000, 26_000, 200_000_000),
]


def records(folder: Path, reader: object) -> list[Record]:
    found: list[Record] = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            for one in reader.read(file, path.name):  # type: ignore[attr-defined]
                assert isinstance(one, Record), one
                found.append(one)
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_dumps_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        made.write_api(made.blocks(COMMENTS), tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert trees.digest(tmp_path / "one") == trees.digest(tmp_path / "two")
    made.write_api(made.blocks(COMMENTS, seed=1), tmp_path / "three")
    assert contents(tmp_path / "one") != contents(tmp_path / "three")


def test_both_shapes_say_the_same(tmp_path: Path) -> None:
    done = made.write_api(made.blocks(COMMENTS), tmp_path / "api")
    assert done == made.write_algolia(made.blocks(COMMENTS), tmp_path / "algolia")
    api = {one.id: one for one in records(tmp_path / "api", hn_api)}
    nested = {one.id: one for one in records(tmp_path / "algolia", algolia)}
    assert done.comments == COMMENTS
    assert len(api) == done.items
    # Algolia leaves out dead and deleted comments without replies
    assert {id for id, one in api.items() if one.state == "live" or one.replies} == nested.keys()
    for id, one in nested.items():
        assert (one.parent, one.title, one.url) == (api[id].parent, api[id].title, api[id].url)
        assert one.body is None or one.body == api[id].body


def test_made_threads_look_like_threads() -> None:
    threads = list(chain.from_iterable(made.blocks(5000)))
    items = sorted(chain.from_iterable(threads), key=lambda item: item.id)
    assert [item.time for item in items] == sorted(item.time for item in items)
    assert [item.id for item in items] == list(range(items[0].id, items[0].id + len(items)))
    comments = [item for item in items if item.parent]
    assert 300 < sum(len(item.text) for item in comments) / len(comments) < 500
    assert 4 < len(comments) / len({item.author for item in comments}) < 12
    assert len(set(map(made._name, range(50_000)))) == 50_000
    for thread in threads:
        by_id = {item.id: item for item in thread}
        assert all(item.id in by_id[item.parent].kids for item in thread[1:])


def test_wide_and_deep() -> None:
    ((flat,),) = made.wide(100)
    assert {item.parent for item in flat[1:]} == {flat[0].id}
    ((chained,),) = made.deep(100)
    assert [item.parent for item in chained[1:]] == [item.id for item in chained[:-1]]


@pytest.mark.parametrize("shape", ["algolia", "hn-api"])
def test_one_thread_gets_one_comment_more(tmp_path: Path, shape: str) -> None:
    write, reader = (made.write_algolia, algolia) if shape == "algolia" else (made.write_api, hn_api)
    story = write(made.blocks(COMMENTS), tmp_path).middling[0]
    before = {one.id for one in records(tmp_path, reader)}
    old = contents(tmp_path)
    change.add_comment(tmp_path, shape, story, 70_000_000)
    (new,) = [one for one in records(tmp_path, reader) if one.id not in before]
    assert (new.id, new.parent, new.body) == ("70000000", str(story), change.TEXT)
    assert sum(content != old[name] for name, content in contents(tmp_path).items()) == 1


def test_a_command_is_measured(tmp_path: Path) -> None:
    program = "import time; held = b'x' * 60_000_000; time.sleep(0.3); print('done')"
    run = process.measure([sys.executable, "-c", program], tmp_path, sample=True)
    assert run.said == "done\n"
    assert run.seconds > 0.3
    assert 0 < run.cpu < run.seconds
    assert 60_000_000 < run.pss <= run.rss < 200_000_000
    assert run.peak >= run.largest > 60_000_000
    with pytest.raises(process.FailedError, match="status 3"):
        process.measure([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)


def test_memory_counts_all_processes(tmp_path: Path) -> None:
    child = "held = b'x' * 40_000_000; print(flush=True); input()"
    program = f"""
from subprocess import PIPE, Popen
import sys, time
children = [Popen([sys.executable, "-c", {child!r}], stdin=PIPE, stdout=PIPE) for _ in range(2)]
[child.stdout.readline() for child in children]
time.sleep(0.3)  # both hold their memory now
[child.communicate(b"end\\n") for child in children]
"""
    run = process.measure([sys.executable, "-c", program], tmp_path, sample=True)
    assert run.pss > 80_000_000 > run.largest


def test_what_was_touched(tmp_path: Path) -> None:
    for name in ("same", "other", "again", "gone"):
        (tmp_path / name).write_text("old")
    before, digests = trees.stamps(tmp_path), trees.digests(tmp_path)
    assert not set(trees.different(before, trees.stamps(tmp_path)))
    (tmp_path / "other").write_text("new")
    (tmp_path / "part").write_text("old")
    (tmp_path / "part").replace(tmp_path / "again")  # the same bytes in another file
    (tmp_path / "gone").unlink()
    os.chmod(tmp_path / "same", 0o600)  # noqa: PTH101
    after = trees.stamps(tmp_path)
    assert trees.touched(before, after) == {"other", "again", "gone"}
    perhaps = trees.perhaps_changed(before, after)
    assert perhaps == {"other", "again", "gone", "same"}
    new = trees.digests(tmp_path, perhaps)
    assert {path for path in perhaps if new.get(path) != digests[path]} == {"other", "gone"}


def test_only_writing_writes_the_same(tmp_path: Path) -> None:
    (tmp_path / "tree" / "item").mkdir(parents=True)
    (tmp_path / "tree" / "item" / "1.html").write_text("one")
    (tmp_path / "tree" / "index.html").write_text("front")
    assert writer.write(str(tmp_path / "tree"), str(tmp_path / "new")) > 0
    assert trees.digest(tmp_path / "tree") == trees.digest(tmp_path / "new")
    assert trees.size(tmp_path / "new") == trees.Size(2, 2, 8)


def test_a_page_for_hugo() -> None:
    page = '<html><title>A &amp; B</title><main id="content">\n<p>{{ x }}</p></main></html>'
    assert hugo.split(page) == (
        "<html><title>",
        "A & B",
        '</title><main id="content">',
        "\n<p>{{ x }}</p>",
        "</main></html>",
    )


def test_a_thread_for_mhonarc() -> None:
    page = """<h1>Title</h1><article class="story" id="1"><a class="p-author">ann</a></article>
        <article class="h-entry" id="2"><a class="p-author">bob</a> <time class="dt-published"
        datetime="2020-01-02T03:04:05Z">then</time><a class="u-in-reply-to" href="1.html#1">&gt;&gt;1</a>
        <div class="e-content"><p>From here</p><p>on</p></div></article>"""
    story, comment = mhonarc.messages(page.encode())
    assert (story.id, story.parent, story.author, story.subject) == ("1", "", "ann", "Title")
    when = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert comment == ("2", "1", "bob", when, "Re: Title", "From here\n\non")
    text = mhonarc.entry(comment)
    assert text.startswith("From bob@example.org Thu Jan 02 03:04:05 2020\n")
    assert "In-Reply-To: <1@example.org>\n" in text
    assert text.endswith("\n\n>From here\n\non\n\n")


def test_all_of_hacker_news_is_computed() -> None:
    point = report.whole(POINTS, 45_000_000)
    assert point
    assert (point.seconds, point.files, point.bytes) == (9000, 12_857_143, 64_285_714_286)
    assert point.peak == 518_000_000 + 200 * (45_000_000 - 2_100_000)  # 200 bytes an item
    assert report.whole(POINTS[:1]) is None


def test_the_page_says_what_was_measured() -> None:
    rows = [
        Row("speed", "at least 5 x", "6.00 x", True),
        Row("memory", "under 600 MB", "700 MB", False),
        Row("  other", "-", "not measured: hugo is not installed", None),
    ]
    page = report.page(Findings(rows, POINTS, ["hugo -s $TMPFS/hugo"], ["2 cores"]))
    assert "| speed | at least 5 x | 6.00 x | ok |\n| memory | under 600 MB | 700 MB | NOT REACHED |" in page
    assert "| … other | - | not measured: hugo is not installed |  |" in page
    assert "| anchors | 2,000,000 | 420.0 | 210 | 5,000 | 518 MB | 600,000 | 3,000 MB |" in page
    assert "Memory grows by 200 bytes an item with anchors (from 210,000 to 2,100,000)." in page
    assert "Computed, not measured: all 45,000,000 items" in page
    assert "would take 2.5 hours" in page
    assert report.table(rows).splitlines()[2].split() == [
        "memory",
        "under",
        "600",
        "MB",
        "700",
        "MB",
        "NOT",
        "REACHED",
    ]


def test_the_plot_is_svg() -> None:
    root = ElementTree.fromstring(plot.svg(POINTS))
    name = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{name}svg"
    assert len(root.findall(f"{name}polyline")) == 2
    assert "prefers-color-scheme: dark" in (root.findtext(f"{name}style") or "")
    assert plot.svg(POINTS) == plot.svg(list(reversed(POINTS)))
    assert plot.svg(POINTS[-1:])


def test_questions_are_fifty_and_different() -> None:
    assert len(set(finding.questions())) == 50
    found = [finding.Document(str(n), "", f"several words that make text number {n}") for n in range(9)]
    asked = finding.made_questions(found)
    assert len(asked) == 50 and asked == finding.made_questions(found)
    assert any(one.startswith('"') for one in asked) and any(one.endswith("*") for one in asked)


def test_hits_are_compared_with_those_of_fts5() -> None:
    found = [
        finding.Document("1", "A queue", "text"),
        finding.Document("2", "", "a queue of c++ text"),
        finding.Document("3", "", "nothing of it"),
    ]
    peer = finding.Fts5(found)
    assert list(peer.scores("queue")) == ["1", "2"]
    assert list(peer.scores('"queue of" c++ te*')) == ["2"]
    assert finding.overlap(["1", "2"], peer.scores("queue")) == 1
    assert finding.overlap(["1", "3"], peer.scores("queue")) == 0.5
    assert finding.overlap([], peer.scores("xyzzy")) is None
