"""Nothing vanishes: what dumps hold is on the site, or is reported.

A dump holds so many items; the strategies of ``made_dumps`` know how many, without asking a reader. For each
build holds, by the numbers of its ``Report``:

    items in the dumps  =  read + skipped       (less stories that only frame a dump's items, as channels do)
    items on the site   =  read - merged        (with those that are only named: + stubs)

``read`` counts what dumps say of items; ``merged`` how much of that met another dump's, or another row's,
word on the same item; ``skipped`` the problems that say that an item, or what stands in the place of one,
could not be used: each is one line with its file and place. Of two texts for one item the newer is shown, and
a problem names the other. A file that no reader knows is an error, which speaks for all that is in it. Items
on the site are counted in its pages: every ``id`` of a story, comment or poll's option. And whatever was said
without damage stands there word by word, once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import lxml.html
from hypothesis import HealthCheck, Phase, given, settings
from made_dumps import Made, contents
from small_site import Site

from hnsite.build import Report
from hnsite.errors import BuildError

from . import Trial

COUNT = 300

_SHOWN = re.compile(rb'<(?:article class="(?:story|h-entry|missing)|div class="option)[^<>"]*" id="([^"]+)"')
"""An item on a page, and its id."""

Files = Sequence[tuple[str, bytes, Made]]


def trials(count: int) -> Iterator[Trial]:
    """Builds of dumps of one to three formats, damaged and packed in all ways."""
    drawn: list[Files] = []

    @settings(
        max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(contents())
    def draw(files: Files) -> None:
        drawn.append(files)

    draw()
    with TemporaryDirectory(prefix="hnsite-") as folder:
        site = Site(Path(folder))
        for files in drawn:
            found = fault(site, files)
            yield Trial(" and ".join(repr(dump.raw) for _, _, dump in files) if found else "", found)


def fault(site: Site, files: Files) -> str:
    """What is wrong with the site of these dumps; "" if nothing is."""
    site.clear()
    for path, raw, _ in files:
        place = site.root / "content" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
    try:
        report = site.build()
    except BuildError as error:
        return "" if len(error.problems) >= len(files) else f"no site, and {error.problems} of {len(files)}"
    unread = {str(error).removeprefix("content/").partition(":")[0] for error in report.errors}
    known = [dump for path, _, dump in files if not any(name.startswith(path) for name in unread)]
    return unbalanced(report, site.public) or miscounted(report, known) or lost(site.public, known)


def unbalanced(report: Report, public: Path) -> str:
    """Whether the report tells how many items the pages show."""
    shown = len({id for page in public.glob("item/**/*.html") for id in _SHOWN.findall(page.read_bytes())})
    told = report.read - report.merged + report.stubs
    numbers = f"{report.read} read - {report.merged} merged + {report.stubs} only named"
    return f"{shown} items on the site, not {numbers}" if shown != told else ""


def miscounted(report: Report, dumps: Sequence[Made]) -> str:
    """Whether the report tells how many items the dumps hold."""
    held, frames = sum(dump.items for dump in dumps), sum(dump.frames for dump in dumps)
    told = report.read + report.skipped
    numbers = f"{report.read} read + {report.skipped} skipped"
    return "" if held <= told <= held + frames else f"{held} items in the dumps, not {numbers}"


def lost(public: Path, dumps: Sequence[Made]) -> str:
    """Which text is not on the site as it was said, or is there as two items."""
    shown = items(public)
    ranges = Counter(said.id // 1000 for dump in dumps for said in dump.said[:1])
    for dump in dumps:
        for said in (
            dump.whole if ranges[dump.said[0].id // 1000] == 1 else ()
        ):  # others may say something else
            words = re.findall(r"\w{4,}", said.text) if dump.format != "discord" else [said.mark]
            found = [id for id, text in shown.items() if all(word in text for word in words)]
            if not 1 <= len(found) <= 1 + (dump.format == "flat"):
                return f"{said.text!r} of {dump.format} is said by the items {found}"
    return ""


def items(public: Path) -> dict[str, str]:
    """Every item that the pages show, with its text: stories, comments, options, those that are missing."""
    found: dict[str, str] = {}
    for page in sorted(public.glob("item/**/*.html")):
        root = lxml.html.fromstring(page.read_bytes())
        for element in root.xpath("//article[@id] | //*[contains(@class, 'option')][@id]"):
            found.setdefault(element.get("id"), "".join(element.itertext()))
    return found
