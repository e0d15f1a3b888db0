"""The measurements: hnsite, and its peers in the same run -> rows of the table.

hnsite is only known by its command line. Each comparison takes turns (ours, theirs, theirs, ours, ...) and
compares the best run of each; what is measured once is said to be. A measurement that cannot be taken
gives a row that says why.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from . import change, finding, hugo, made, mhonarc, preview, reconstruct, trees, writer
from .process import Run, measure
from .report import Findings, Point, Row, mb, thousands
from .site import NotMeasuredError, Places, Site

ROUNDS = 3
MESSAGES = 20_000
"""How many messages MHonArc gets at most; it takes over a millisecond for each."""

HUGO = ("full build to tmpfs, pages a second", "at least 5 x Hugo")
MHONARC = ("full build, processor time a message", "at most 1/4 of MHonArc")
WRITER = ("full build to disk, wall time", "at most 1.5 x only writing")


@dataclass
class Bench:
    """One run: where to work, how much (``scale`` 1 is the full size), on whose dumps (None: made ones)."""

    places: Places
    scale: float = 1
    data: Path | None = None
    findings: Findings = field(default_factory=Findings)

    def size(self, comments: int) -> int:
        return max(100, int(comments * self.scale))

    def row(self, what: str, goal: str, measured: str, ok: bool | None = None) -> None:
        self.findings.rows.append(Row(what, goal, measured, ok))

    def ran(self, command: Sequence[str]) -> None:
        """Remembers a command as it was run, without this machine's paths."""
        if (text := self.places.shown(command)) not in self.findings.commands:
            self.findings.commands.append(text)

    def say(self, text: str) -> None:
        print(f"  {text}", file=sys.stderr, flush=True)

    def api(self, comments: int, place: Path) -> tuple[Path, made.Made]:
        """Made dumps of one item a line: their folder and what was made."""
        folder = self.places.new(place, "content")
        return folder, made.write_api(made.blocks(comments), folder)

    def content(self, comments: int, place: Path) -> Path:
        """The dumps to build: a copy of those given, or made ones."""
        if self.data is None:
            return self.api(self.size(comments), place)[0]
        folder = self.places.new(place, "content")
        shutil.copytree(self.data, folder, ignore=_only_files)
        return folder

    def build(self, content: Path, place: Path, jobs: int | None = None) -> tuple[Run, Path]:
        """A first build by a new site: the run and the finished output."""
        site = Site.make(self.places.new(place, "site"), content)
        output = self.places.new(place, "public")
        self.ran(site.command(output, jobs))
        return site.build(output, jobs), output


def full(bench: Bench) -> None:
    """Full builds against Hugo, MHonArc and a program that only writes."""
    fast = bench.places.fast
    content = bench.content(20_000, fast)
    bench.say("full: hnsite on tmpfs")
    first, output = bench.build(content, fast)
    ours = [first]
    size = trees.size(output)
    pages = f"{thousands(size.pages)} pages, {mb(size.bytes)}, {size.bytes / size.files / 1000:.1f} kB a file"
    bench.row("what is built", "-", pages)
    attempt(bench, *HUGO, lambda: _hugo(bench, content, output, ours))
    attempt(bench, *MHONARC, lambda: _mhonarc(bench, output, ours))
    bench.places.clear_fast()
    attempt(bench, *WRITER, lambda: _writer(bench))


def _hugo(bench: Bench, content: Path, output: Path, ours: list[Run]) -> None:
    places = bench.places
    source = places.new(places.fast, "hugo")
    command = hugo.command(source, places.new(places.fast, "hugo-public"))
    bench.ran(command)
    hugo.make(output, source)
    theirs: list[Run] = []
    for number in range(ROUNDS):
        bench.say(f"full: Hugo, run {number + 1} of {ROUNDS}")
        theirs.append(measure(hugo.command(source, Path(f"{command[-1]}-{number}")), places.fast))
        if number:
            ours.append(bench.build(content, places.fast)[0])
    made_pages, our_pages = trees.size(Path(f"{command[-1]}-0")), trees.size(output)
    if abs(made_pages.pages - our_pages.pages) > 5 or abs(made_pages.bytes / our_pages.bytes - 1) > 0.05:
        raise NotMeasuredError(f"Hugo made other pages: {made_pages} against {our_pages}")
    our_time, hugo_time = (min(run.seconds for run in runs) for runs in (ours, theirs))
    our_rate, hugo_rate = our_pages.pages / our_time, made_pages.pages / hugo_time
    rates = f"{thousands(our_rate)} to {thousands(hugo_rate)} ({our_time:.2f} s to {hugo_time:.2f} s)"
    bench.row(*HUGO, f"{rates}: {our_rate / hugo_rate:.2f} x", our_rate >= 5 * hugo_rate)


def _mhonarc(bench: Bench, output: Path, ours: list[Run]) -> None:
    fast = bench.places.fast
    mbox = bench.places.new(fast, "mbox")
    command = mhonarc.command(mbox, bench.places.new(fast, "mhonarc-public"))
    bench.ran(command)
    written, items = mhonarc.write_mbox(output, mbox, MESSAGES)
    if not written:
        raise NotMeasuredError("no thread pages were found")
    bench.say(f"full: MHonArc, {written} messages")
    theirs = measure(command, fast)
    pages = sum(path.startswith("msg") for path in trees.files(Path(command[-2])))
    if abs(pages - written) > written / 100:
        raise NotMeasuredError(f"MHonArc made {pages} pages of {written} messages")
    our_cost = min(run.cpu for run in ours) / items
    their_cost = theirs.cpu / written
    some = "" if written == items else f" (its first {thousands(written)} of {thousands(items)})"
    costs = f"{our_cost * 1e6:.0f} µs to {their_cost * 1e6:.0f} µs{some}"
    bench.row(*MHONARC, f"{costs}: {our_cost / their_cost:.2f} x", our_cost <= their_cost / 4)


def _writer(bench: Bench) -> None:
    disk = bench.places.disk
    content = bench.content(20_000, disk)
    bench.say("full: hnsite on disk")
    first, output = bench.build(content, disk)
    ours, theirs = [first.seconds], []
    for number in range(ROUNDS):
        bench.say(f"full: only writing, run {number + 1} of {ROUNDS}")
        theirs.append(_write(bench, output))
        if number == 0:  # theirs, theirs, ours, ours: neither is always the second
            theirs.append(_write(bench, output))
        if number:
            ours.append(bench.build(content, disk)[0].seconds)
    ratio = min(ours) / min(theirs)
    bench.row(*WRITER, f"{min(ours):.2f} s to {min(theirs):.2f} s: {ratio:.2f} x", ratio <= 1.5)


def _write(bench: Bench, output: Path) -> float:
    new = bench.places.new(bench.places.disk, "written")
    command = [sys.executable, "-I", "-S", writer.__file__, str(output), str(new)]
    os.sync()
    run = measure(command, bench.places.disk)
    bench.ran([sys.executable, "tests/bench/writer.py", *command[-2:]])
    return float(run.said)


def rebuild(bench: Bench) -> None:
    """Builds again: nothing changed, then one thread changed, three times another."""
    if bench.data:
        content = bench.content(0, bench.places.disk)
        site = Site.make(bench.places.new(bench.places.disk, "site"), content)
        _nothing_changed(bench, site, "these dumps")
        return
    comments = bench.size(100_000)
    for shape, name in (("algolia", "a file a thread"), ("hn-api", f"{thousands(made.FILE)} items a file")):
        content = bench.places.new(bench.places.disk, "content")
        write = made.write_algolia if shape == "algolia" else made.write_api
        done = write(made.blocks(comments), content)
        site = Site.make(bench.places.new(bench.places.disk, "site"), content)
        what = f"{thousands(comments)} comments, {name}"
        output = _nothing_changed(bench, site, what)
        threads = [done.middling[place * len(done.middling) // 3] for place in range(3)]
        _one_changed(bench, site, output, what, shape, threads)


def _nothing_changed(bench: Bench, site: Site, what: str) -> Path:
    """Rows for a rebuild with nothing changed; returns the output."""
    output = bench.places.new(bench.places.disk, "public")
    bench.say(f"rebuild: first build, {what}")
    bench.ran(site.command(output))
    site.build(output)
    before = trees.stamps(output)
    runs = [site.build(output).seconds for _ in range(5)]
    different = sum(1 for _ in trees.different(before, trees.stamps(output)))
    bench.row(f"nothing changed, {what}", "under 1 s", _median(runs), statistics.median(runs) < 1)
    bench.row("  files and folders written", "0", str(different), different == 0)
    return output


def _one_changed(
    bench: Bench, site: Site, output: Path, what: str, shape: str, threads: Sequence[int]
) -> None:
    """Rows for rebuilds after a comment was added to a thread, each time another one."""
    digests = trees.digests(output)
    stamps = trees.stamps(output)
    runs: list[float] = []
    touched_all = wrong = 0
    for number, thread in enumerate(threads, 1):
        bench.say(f"rebuild: one changed thread, {number} of {len(threads)}")
        change.add_comment(site.content, shape, thread, 2 * made.FIRST_ID + number)
        runs.append(site.build(output).seconds)
        after = trees.stamps(output)
        perhaps = trees.perhaps_changed(stamps, after)
        new = trees.digests(output, perhaps)
        changed = {path for path in perhaps if new.get(path) != digests.get(path)}
        touched = trees.touched(stamps, after)
        touched_all += len(touched)
        wrong += len(touched ^ changed)
        digests = {path: one for path, one in digests.items() if path not in perhaps} | new
        stamps = after
    bench.row(f"one changed thread, {what}", "under 0.5 s", _median(runs), statistics.median(runs) < 0.5)
    files = f"{touched_all} files touched, {wrong} of them wrongly or missed"
    bench.row("  only pages whose bytes change", "0 wrong", files, wrong == 0 and touched_all > 0)
    bench.say("rebuild: clean build to compare with")
    twin = bench.places.new(bench.places.disk, "content")
    shutil.copytree(site.content, twin)
    clean = bench.places.new(bench.places.disk, "public")
    Site.make(bench.places.new(bench.places.disk, "site"), twin).build(clean)
    same = trees.digest(output) == trees.digest(clean)
    bench.row("  equals a clean build", "same bytes", "same bytes" if same else "other bytes", same)


def cores(bench: Bench) -> None:
    """One worker against two, and whether the bytes are the same."""
    fast = bench.places.fast
    content = bench.content(50_000, fast)
    seconds: dict[int, list[float]] = {1: [], 2: []}
    digests: set[str] = set()
    for number in range(ROUNDS):
        for jobs in (1, 2) if number % 2 else (2, 1):
            bench.say(f"cores: -j {jobs}, run {number + 1} of {ROUNDS}")
            run, output = bench.build(content, fast, jobs)
            seconds[jobs].append(run.seconds)
            if number == 0:
                digests.add(trees.digest(output))
            bench.places.drop(output)
    _, output = bench.build(content, fast, 3)
    digests.add(trees.digest(output))
    ratio = min(seconds[1]) / min(seconds[2])
    times = f"{min(seconds[1]):.2f} s to {min(seconds[2]):.2f} s: {ratio:.2f} x"
    enough = (os.cpu_count() or 1) > 1
    bench.row("two workers (-j 2) against one", "at least 1.7 x", times, ratio >= 1.7 if enough else None)
    bench.row(
        "  two busy loops at once", "-", f"{_ceiling():.2f} x one after the other: what the machine gives"
    )
    same = len(digests) == 1
    bench.row("  -j 1, 2 and 3", "same bytes", "same bytes" if same else "other bytes", same)
    bench.places.clear_fast()


def _ceiling() -> float:
    """How much faster two processes that only count are at once than one after the other; 2 at best."""
    command = [sys.executable, "-c", "for _ in range(30_000_000): pass"]
    started = time.perf_counter()
    for _ in range(2):
        subprocess.run(command, check=True)
    between = time.perf_counter()
    both = [subprocess.Popen(command) for _ in range(2)]
    for one in both:
        one.wait()
    return (between - started) / (time.perf_counter() - between)


def extremes(bench: Bench) -> None:
    """One very wide and one very deep thread."""
    for name, make, comments in (
        ("one thread of {} direct replies", made.wide, 50_000),
        ("one chain of {} replies", made.deep, 20_000),
    ):
        comments = bench.size(comments)
        content = bench.places.new(bench.places.disk, "content")
        made.write_api(make(comments), content)
        what = name.format(thousands(comments))
        bench.say(f"extremes: {what}")
        point = _point(bench, content, "pages", comments, comments + 1, 1)
        output = f"{thousands(point.files)} files, {mb(point.bytes)}"
        facts = f"{point.seconds:.1f} s, {output}, memory {mb(point.peak)}"
        bench.row(what, "under 60 s", facts, point.seconds < 60)


def growth(bench: Bench) -> None:
    """Time and memory at three sizes, with a page a comment and without."""
    if bench.data:
        _memory_of(bench)
        return
    sizes = [bench.size(comments) for comments in (20_000, 200_000, 2_000_000)]
    for comments in sizes:
        content, done = bench.api(comments, bench.places.disk)
        times = ROUNDS if comments == sizes[0] else 1
        for mode in ("anchors",) if comments == sizes[-1] else ("pages", "anchors"):
            bench.say(f"growth: {thousands(comments)} comments, {mode}")
            what = f"{thousands(comments)} comments, permalinks = {mode}"
            attempt(bench, what, "-", partial(_grow, bench, content, mode, done, times))
    _growth_rows(bench)


def _grow(bench: Bench, content: Path, mode: str, done: made.Made, times: int) -> None:
    bench.findings.points.append(_point(bench, content, mode, done.comments, done.items, times))


def _memory_of(bench: Bench) -> None:
    content = bench.content(0, bench.places.disk)
    point = _point(bench, content, "pages", 0, 0, 1)
    bench.row("memory of a full build", "-", f"{mb(point.peak)} (RSS {mb(point.rss)})")


def _growth_rows(bench: Bench) -> None:
    for mode in ("anchors", "pages"):
        points = [point for point in bench.findings.points if point.mode == mode]
        if len(points) < 2:
            continue
        first, last = points[0], points[-1]
        ratio = last.per_comment / first.per_comment
        bench.row(
            f"time a comment, {thousands(first.comments)} to {thousands(last.comments)}, {mode}",
            "at most 1.3 x",
            f"{first.per_comment * 1e6:.0f} µs to {last.per_comment * 1e6:.0f} µs: {ratio:.2f} x",
            ratio <= 1.3,
        )
        if mode == "anchors":
            memory = f"{mb(last.peak)}, {last.peak / last.items:.0f} bytes an item (RSS {mb(last.rss)})"
            bench.row(f"memory, {thousands(last.items)} items", "under 600 MB", memory, last.peak < 600e6)


def _point(bench: Bench, content: Path, mode: str, comments: int, items: int, times: int) -> Point:
    """A first build of these dumps with its memory; the middle one of ``times`` runs."""
    places = bench.places
    runs: list[Run] = []
    for _ in range(times):
        site = Site.make(places.new(places.disk, "site"), content, mode)
        output = places.new(places.disk, "public")
        runs.append(site.build(output, sample=True))
    run = sorted(runs, key=lambda run: run.seconds)[times // 2]
    size = trees.size(output)
    peak, rss = max(run.peak for run in runs), max(run.rss for run in runs)
    return Point(mode, comments, items, run.seconds, run.cpu, peak, rss, size.files, size.bytes)


def search(bench: Bench) -> None:
    """What the search adds to a build, and what questions take, beside FTS5 over the same texts."""
    fast = bench.places.fast
    content = bench.content(100_000, fast)
    runs: dict[bool, list[float]] = {True: [], False: []}
    site = Path()
    for number, is_on in enumerate((True, False, False, True)):
        bench.say(f"search: build {number + 1} of 4, {'with' if is_on else 'without'} it")
        own = Site.make(bench.places.new(fast, "site"), content)
        if not is_on:
            with (own.folder / "hnsite.toml").open("a") as settings:
                settings.write("search = false\n")
        output = bench.places.new(fast, "public")
        bench.ran(own.command(output))
        runs[is_on].append(own.build(output).cpu)
        if number == 0:
            site = output
        else:
            bench.places.drop(output)
    whole, rest = min(runs[True]), min(runs[False])
    share = f"{whole - rest:.1f} of {whole:.1f} s: {1 - rest / whole:.0%}"
    bench.row("search, processor time of a full build", "at most 1/3", share, whole - rest <= whole / 3)
    attempt(bench, "search, a question", "under 200 kB", lambda: _ask(bench, site))


def _ask(bench: Bench, site: Path) -> None:
    found = list(finding.documents(site))
    questions = finding.questions() if bench.data else finding.made_questions(found)
    peer = finding.Fts5(found)
    bench.say(f"search: {len(questions)} questions")
    with finding.browser() as chromium:
        answers = [finding.ask(chromium, site, one) for one in questions]
    sizes = sorted(answer.bytes for answer in answers)
    times = sorted(answer.milliseconds for answer in answers)
    files = statistics.median(answer.files for answer in answers)
    what = f"search, a question among {thousands(len(found))} texts"
    size = f"{sizes[len(sizes) // 2] / 1000:.0f} kB in {files:.0f} files, at most {sizes[-1] / 1000:.0f} kB"
    bench.row(what, "under 200 kB", size, sizes[-1] < 200_000)
    took = f"{times[len(times) // 2]:.0f} ms, at most {times[-1]:.0f} ms"
    bench.row("  until its hits are shown", "under 300 ms", took, times[len(times) // 2] < 300)
    same = [finding.overlap(answer.hits, peer.scores(answer.question)) for answer in answers]
    shares = [share for share in same if share is not None]
    text = f"{statistics.mean(shares):.0%} of the first {finding.TOP} ({len(shares)} questions with hits)"
    bench.row("  the hits that FTS5's bm25 puts first", "-", text)


def checking(bench: Bench) -> None:
    """What a check of a site takes, without redactions and with those of some authors."""
    folder, goal = bench.places.new(bench.places.fast, "site"), "10,000 pages in under 10 s"
    site = Site.make(folder, folder / "content")
    shutil.copytree(bench.content(8_000, bench.places.fast), site.content)
    for what in ("check", "check, with redactions"):
        output = bench.places.new(bench.places.fast, "public")
        site.build(output)
        command = [sys.executable, "-m", "hnsite", "check", "-o", str(output), "-c", "hnsite.toml"]
        run = min((measure(command, site.folder) for _ in range(2)), key=lambda run: run.seconds)
        bench.ran(command)
        pages = sum(1 for _ in output.rglob("*.html"))
        each = run.seconds / pages * 10_000
        told = f"{thousands(pages)} pages in {run.seconds:.1f} s ({run.cpu:.1f} s of processor)"
        bench.row(what, goal, f"{told}: {each:.1f} s for 10,000", each < 10)
        if what == "check":
            _redact(site, output)


def _redact(site: Site, output: Path) -> None:
    names = sorted(path.stem for path in (output / "user").glob("*.html") if "--" not in path.stem)[:10]
    rule = "[[redact]]\nauthor = [" + ", ".join(f'"{name}"' for name in names) + "]\n"
    (site.folder / "redactions.toml").write_text(f'salt = "0123456789abcdef"\n{rule}', "utf-8")


def serve(bench: Bench) -> None:
    """What `hnsite serve` takes from a saved dump to the reloaded page."""
    comments = bench.size(10_000)
    content = bench.places.new(bench.places.disk, "content")
    threads = made.write_algolia(made.blocks(comments), content).middling[:9]
    site = Site.make(bench.places.new(bench.places.disk, "site"), content)
    output = bench.places.new(bench.places.disk, "public")
    bench.say(f"serve: {len(threads)} changed threads")
    with finding.browser() as chromium:
        runs = list(preview.reloads(chromium, site, output, threads))
    what = f"serve, a saved dump to the reloaded page, {thousands(comments)} comments"
    shown = [run.shown for run in runs]
    bench.row(what, "under 0.3 s", _median(shown), statistics.median(shown) < 0.3)
    bench.row("  until the page is told to reload", "-", _median([run.told for run in runs]))


def hosts(bench: Bench) -> None:
    """What a build says of hosts' limits before it writes, what a check finds, and what exports take."""
    comments = bench.size(60_000)
    content, _ = bench.api(comments, bench.places.disk)
    site = Site.make(bench.places.new(bench.places.disk, "site"), content)
    output = bench.places.new(bench.places.disk, "public")
    bench.say(f"hosts: a build of {thousands(comments)} comments")
    build = [word for word in site.command(output) if word != "-q"]
    told = re.search(r"about ([0-9,]+) files", measure(build, site.folder, good=(0, 1)).said)
    size = trees.size(output)
    if told:
        expected = int(told[1].replace(",", ""))
        is_near = abs(expected - size.files) <= size.files / 20
        text = f"{thousands(expected)}, and {thousands(size.files)}"
        bench.row("files told before writing, and written", "within 5 %", text, is_near)
    places = ["-o", str(output), "-c", "hnsite.toml"]
    for host in ("netlify", "cloudflare"):
        bench.say(f"hosts: check --host {host}")
        check = [sys.executable, "-m", "hnsite", "check", *places, "--host", host]
        run = measure(check, site.folder, good=(0, 1))
        limits = run.said.count(": limit: ")
        per_page = run.seconds / size.pages * 10_000
        text = f"{run.seconds:.1f} s for {thousands(size.pages)} pages, {limits} over a limit"
        bench.row(f"check --host {host}", "10,000 pages in under 10 s", text, per_page < 10)
    files = {name: str(bench.places.new(bench.places.disk, name)) for name in ("ndjson", "sqlite", "parquet")}
    for name, file in files.items():
        bench.say(f"hosts: export --{name}")
        export = [sys.executable, "-m", "hnsite", "export", "-s", str(content), *places, f"--{name}", file]
        run = measure(export, site.folder, sample=True)
        facts = f"{run.seconds:.1f} s, {mb(Path(file).stat().st_size)}, memory {mb(run.peak)}"
        bench.row(f"export --{name}, {thousands(comments)} comments", "-", facts)


REAL = Path(os.environ.get("HNSITE_SHARED") or Path(__file__).parents[3] / "shared") / "data"
"""Where real threads are, if no folder is named: what nobody wrote has no tree to be rebuilt."""


def reconstruction(bench: Bench) -> None:
    """The trees that flat dumps of known threads give away, against two that need no thought."""
    what, goal = "a flat dump's places: right, of those shown", "0.95 of as many as can be"
    folder = bench.data or REAL
    if not folder.is_dir():
        bench.row(what, goal, "not measured: no real threads; DATA=folder names some", None)
        return
    bench.say(f"reconstruct: threads of {folder.name}")
    found = reconstruct.by_thread(folder)
    for (population, thread), flats in found.items():
        _reconstructed(bench, f"{population}, thread {thread}", reconstruct.everything(flats.values()))
    for population, flats in reconstruct.by_population(found).items():
        for name, some in flats.items():
            _reconstructed(bench, f"{population}, {name} after they began", some)
        some = reconstruct.everything(flats.values())
        _reconstructed(bench, f"{population}, all", some, what, goal)
        for step in reconstruct.STEPS:
            bench.row(f"  {population}, believed by {step:.0%}", "-", str(reconstruct.score(some, step)))


def _reconstructed(
    bench: Bench, name: str, found: Sequence[reconstruct.Guess], what: str = "", goal: str = "-"
) -> None:
    score, (previous, top) = reconstruct.score(found), reconstruct.baselines(found)
    others = f"always the previous one {previous:.3f}, always none {top:.3f}"
    ok = score.precision >= 0.95 if what else None
    bench.row(f"{what or ' '} ({name})", goal, f"{score} of {thousands(len(found))}; {others}", ok)


def attempt(bench: Bench, what: str, goal: str, take: Callable[[], None]) -> None:
    """Takes a measurement, or says why it cannot be taken here."""
    try:
        take()
    except NotMeasuredError as error:
        bench.row(what, goal, f"not measured: {error}")


def _median(runs: Sequence[float]) -> str:
    return f"{statistics.median(runs):.2f} s ({min(runs):.2f} to {max(runs):.2f} in {len(runs)} runs)"


def _only_files(folder: str, names: list[str]) -> set[str]:
    """What a copy of dumps leaves out: links and special files, which hnsite does not follow."""
    paths = (Path(folder, name) for name in names)
    return {path.name for path in paths if path.is_symlink() or not (path.is_file() or path.is_dir())}


MEASUREMENTS: dict[str, Callable[[Bench], None]] = {
    "full": full,
    "rebuild": rebuild,
    "cores": cores,
    "extremes": extremes,
    "growth": growth,
    "search": search,
    "check": checking,
    "serve": serve,
    "hosts": hosts,
    "reconstruct": reconstruction,
}
