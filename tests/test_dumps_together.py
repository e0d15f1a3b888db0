"""Dumps of all formats come, change places and go: the site is always what a clean build makes of them."""

from __future__ import annotations

import gzip
import random
import shutil
from pathlib import Path

import pytest
from small_site import Site, differences, told
from test_unpack import zipped

CASES = Path(__file__).parent / "readers"
DUMPS = sorted(path for path in CASES.iterdir() if path.is_file() and path.suffix != ".py")


def step(site: Site, chance: random.Random) -> None:
    """Puts some dumps somewhere, plain or packed, and takes others away."""
    content = site.root / "content"
    for path in sorted(content.rglob("*")):
        if path.is_file() and chance.random() < 0.3:
            path.unlink()
    for dump in chance.sample(DUMPS, 12):
        folder = content / chance.choice(["", "a", "b/c"])
        folder.mkdir(parents=True, exist_ok=True)
        if chance.random() < 0.3:
            (folder / f"{dump.name}.gz").write_bytes(gzip.compress(dump.read_bytes(), mtime=0))
        else:
            shutil.copyfile(dump, folder / dump.name)
    if chance.random() < 0.7:
        packed = {f"{dump.stem}/{dump.name}": dump.read_bytes() for dump in chance.sample(DUMPS, 5)}
        (content / "packed.zip").write_bytes(zipped(packed))


@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 23))]
)
def test_dumps_of_all_formats_come_and_go(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    site, other = Site(tmp_path / "site"), Site(tmp_path / "other")
    for _ in range(4):
        step(site, chance)
        site.settings = chance.choice(["", 'deleted = "show"', 'permalinks = "anchors"'])
        report = site.build(jobs=chance.choice([1, 2]))
        clean = site.afresh(other)
        assert not differences(site.pages(), other.pages())
        assert told(report) == told(clean)
        again = site.build()
        assert (again.written, again.deleted, told(again)) == (0, 0, told(clean))


def test_a_site_of_every_dump_does_not_depend_on_what_they_are_called(tmp_path: Path) -> None:
    """But for those formats in which a dump's folder tells what it is of."""
    by_name = ("slack", "zulip")
    dumps = [dump for dump in DUMPS if not dump.name.startswith(by_name)]
    pages = []
    for name, ordered in (("one", dumps), ("two", dumps[::-1])):
        site = Site(tmp_path / name)
        for number, dump in enumerate(ordered):
            shutil.copyfile(dump, site.root / "content" / f"{number:03}")
        site.build()
        pages.append(site.pages())
    assert not differences(*pages)
