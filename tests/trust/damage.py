"""No damaged dump stops a build, costs another dump anything, or is passed over in silence.

The fixtures of all readers, as they are or packed, are cut, flipped and overwritten at random places (always
the same ones), and put into content/ many at a time beside a dump that nothing is wrong with.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hnsite.build import build
from hnsite.config import Config
from hnsite.errors import one_line
from hnsite.inspect import inspect
from hnsite.unpack import zstd_library

from . import Trial

COUNT = 4000
TOGETHER = 200
"""Damaged dumps in one build."""
SECONDS = 30
"""What reading one of them may take, on a machine that is busy."""
FIXTURES = sorted(
    path
    for path in (Path(__file__).parents[1] / "readers").iterdir()
    if path.is_file() and path.suffix != ".py"
)
STORY = 990_000_001
GOOD = [
    {"id": STORY, "type": "story", "by": "ann", "title": "Still here", "time": 1_700_000_000},
    {
        "id": STORY + 1,
        "type": "comment",
        "by": "bob",
        "text": "whole",
        "parent": STORY,
        "time": 1_700_000_001,
    },
]


def zipped(raw: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name in ("a/one", "a/two"):
            archive.writestr(zipfile.ZipInfo(name), raw, method)
    return whole.getvalue()


def tarred(raw: bytes) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for name in ("a/one", "a/two"):
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return whole.getvalue()


PACKS: Mapping[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "as it is": bytes,  # more often than packed: what is packed tells its damage by a checksum
    "once more": bytes,
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda raw: bytes(zstd_library().compress(raw)),
    "zip": zipped,
    "zip of bzip2": lambda raw: zipped(raw, zipfile.ZIP_BZIP2),
    "zip of LZMA": lambda raw: zipped(raw, zipfile.ZIP_LZMA),
    "stored zip": lambda raw: zipped(raw, zipfile.ZIP_STORED),
    "tar": tarred,
    "tar.gz": lambda raw: gzip.compress(tarred(raw)),
    "utf-16": lambda raw: raw.decode("utf-8", "replace").encode("utf-16"),
    "utf-32-be": lambda raw: raw.decode("utf-8", "replace").encode("utf-32-be"),
}


def cut(raw: bytearray, chance: random.Random) -> None:
    """As a download that ended early."""
    del raw[chance.randrange(len(raw)) :]


def flip(raw: bytearray, chance: random.Random) -> None:
    """As a disk that grows old: a bit, or some."""
    for _ in range(chance.choice((1, 1, 3, 20))):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)


def overwrite(raw: bytearray, chance: random.Random) -> None:
    """As a power cut: a stretch of zeros, of noise, or of another place of the file."""
    start, size = chance.randrange(len(raw)), chance.choice((1, 8, 64, 512))
    other = chance.randrange(len(raw))
    stretch = chance.choice((bytes(size), chance.randbytes(size), bytes(raw[other : other + size])))
    raw[start : start + len(stretch)] = stretch


def lose(raw: bytearray, chance: random.Random) -> None:
    """As a copy with a hole in it."""
    start = chance.randrange(len(raw))
    del raw[start : start + chance.choice((1, 2, 100, 1000))]


def repeat(raw: bytearray, chance: random.Random) -> None:
    """As a copy that was begun twice."""
    start = chance.randrange(len(raw))
    raw[start:start] = raw[: chance.randrange(len(raw))]


DAMAGES = (cut, cut, flip, flip, overwrite, lose, repeat)


def damaged(number: int) -> tuple[str, Path, bytes]:
    """What this trial is, its fixture, and its bytes."""
    chance = random.Random(f"damage {number}")
    path = FIXTURES[number % len(FIXTURES)]
    pack = chance.choice(list(PACKS))
    raw = bytearray(PACKS[pack](path.read_bytes()))
    damage = chance.choice(DAMAGES)
    damage(raw, chance)
    return f"{number}: {path.name}, {pack}, {damage.__name__}", path, bytes(raw)


@cache
def says_something(path: Path) -> bool:
    """Whether the fixture itself has anything to tell: some hold what is read only beside others."""
    return any(found.items or found.problems for found in inspect(path))


def fault_of(path: Path, fixture: Path) -> str:
    """What is wrong with how a damaged dump is read."""
    started = time.monotonic()
    found = list(inspect(path))
    seconds = time.monotonic() - started
    if seconds > SECONDS:
        return f"took {seconds:.0f} s"
    told = [str(problem) for one in found for problem in one.problems]
    if not told and not any(one.items or one.error for one in found) and says_something(fixture):
        return "nothing is read, and nothing said"
    broken = [line for line in told if line != one_line(line)]
    return f"not one line: {broken[0]!r}" if broken else ""


def fault_of_build(root: Path, names: set[str]) -> str:
    """What is wrong with the site that some damaged dumps and a good one are built to."""
    report = build(Config(root), jobs=1)
    page = root / "public" / "item" / f"{STORY}.html"
    if not page.exists() or "whole" not in page.read_text("utf-8"):
        return "a good dump beside it is lost"
    told = [str(one) for one in (*report.errors, *report.problems)]
    if any(line != one_line(line) for line in told):
        return "a message is not one line"
    strangers = [line for line in told if line.split("/")[1].split(":")[0] not in names]
    return f"a message of no dump: {strangers[0]!r}" if strangers else ""


def trials(count: int) -> Iterator[Trial]:
    for start in range(0, count, TOGETHER):
        with TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "content").mkdir()
            (root / "content" / "good.json").write_text(json.dumps(GOOD))
            done = []
            for number in range(start, min(start + TOGETHER, count)):
                what, fixture, raw = damaged(number)
                path = root / "content" / f"{number}{fixture.suffix}"
                path.write_bytes(raw)
                done.append(Trial(what, _caught(fault_of, path, fixture)))
            names = {path.name for path in (root / "content").iterdir()}
            whole = _caught(fault_of_build, root, names)
            yield from done
            yield Trial(f"a build of {start} to {start + len(done) - 1}", whole)


def _caught(fault: Callable[..., str], *of: object) -> str:
    try:
        return fault(*of)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
