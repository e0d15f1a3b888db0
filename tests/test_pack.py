"""The site in one file: a zip that opens from disk, and a ZIM that Kiwix's own checker and reader take."""

from __future__ import annotations

import html
import io
import re
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from small_site import Site

from hnsite import pack as packing
from hnsite.errors import BuildError
from hnsite.pack import illustration, pack

SAMPLES = Path(__file__).parents[1] / "content"
ZIM_LEAVES_OUT = re.compile(r"404\.html|robots\.txt|sitemap.*|v0/.*|_headers|_redirects|\.nojekyll")


HTML = {
    "id": 90199001,
    "type": "story",
    "by": "ann",
    "time": 1_700_000_000,
    "title": "On <a href='x.html'>links</a>",
    "text": '&lt;a href=&quot;<a href="https://example.org/y">https://example.org/y</a>&quot;&gt;'
    " src = &#x27;z.png&#x27;",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The samples, with what needs a full address, and a file of somebody else's."""
    site = Site(tmp_path_factory.mktemp("packed") / "site")
    site.settings = """title = "Old threads & <odd> ones: a long title"
base_url = "https://example.org/x/"
api = true
"""
    shutil.copytree(SAMPLES, site.root / "content", dirs_exist_ok=True)
    site.write("html.json", HTML)
    site.build()
    (site.public / "secret.txt").write_text("not hnsite's")
    return site


@pytest.fixture(scope="module")
def zim(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("libzim", reason="hnsite[zim] is not installed")
    path = tmp_path_factory.mktemp("zim") / "site.zim"
    pack(site.config, "zim", path)
    return path


def files(site: Site) -> dict[str, bytes]:
    found = {
        path.relative_to(site.public).as_posix(): path for path in site.public.rglob("*") if path.is_file()
    }
    return {name: path.read_bytes() for name, path in found.items() if name != "secret.txt"}


def test_a_zip_holds_the_site_and_nothing_else(site: Site, tmp_path: Path) -> None:
    count = pack(site.config, "zip", tmp_path / "a.zip")
    pack(site.config, "zip", tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert names[0] == "index.html"
        assert {name: packed.read(name) for name in names} == files(site)
        assert count == len(names)
        assert len({one.date_time for one in packed.infolist()}) == 1


def test_a_zip_unpacked_by_another_program_is_the_site(site: Site, tmp_path: Path) -> None:
    pack(site.config, "zip", tmp_path / "a.zip")
    shutil.unpack_archive(tmp_path / "a.zip", tmp_path / "out")
    assert (tmp_path / "out" / "index.html").read_bytes() == (site.public / "index.html").read_bytes()


def test_a_zim_is_clean_to_kiwix(zim: Path) -> None:
    if not shutil.which("zimcheck"):
        pytest.skip("zimcheck is not there: Debian's package zim-tools has it")
    ran = subprocess.run(["zimcheck", "-A", str(zim)], capture_output=True, text=True)
    assert "Overall Test Status: Pass" in ran.stdout, ran.stdout + ran.stderr
    assert not re.search(r"\[(ERROR|WARNING)\]", ran.stdout), ran.stdout


def test_a_zim_holds_the_pages_as_they_are(site: Site, zim: Path) -> None:
    from libzim.reader import Archive

    archive = Archive(zim)
    assert archive.check()
    assert archive.main_entry.get_item().path == "index.html"
    expected = {path: raw for path, raw in files(site).items() if not ZIM_LEAVES_OUT.fullmatch(path)}
    assert [path for path in expected if not archive.has_entry_by_path(path)] == []
    held = {path: bytes(archive.get_entry_by_path(path).get_item().content) for path in expected}
    odd = held.pop("item/90199001.html")
    assert b'a href=&#34;<a href="https://example.org/y"' in odd and b"src = &#39;z.png" in odd
    assert html.unescape(odd.decode()) == html.unescape(expected["item/90199001.html"].decode())
    assert {path: content for path, content in held.items() if content != expected[path]}.keys() <= {
        path for path in expected if b"90199001" in expected[path]
    }
    assert archive.entry_count == len(expected)
    assert not archive.has_entry_by_path("secret.txt")
    assert archive.get_entry_by_path("users.html").title.startswith("Authors")
    types = {
        path.rpartition(".")[2]: archive.get_entry_by_path(path).get_item().mimetype for path in expected
    }
    assert (types["html"], types["css"], types["js"]) == ("text/html", "text/css", "text/javascript")


def test_a_zim_says_what_kiwix_wants_to_know(zim: Path) -> None:
    from libzim.reader import Archive

    archive = Archive(zim)
    said = {name: archive.get_metadata(name).decode() for name in archive.metadata_keys if "@" not in name}
    wanted = {
        "Title",
        "Description",
        "Language",
        "Creator",
        "Publisher",
        "Date",
        "Name",
        "Counter",
        "Scraper",
    }
    assert said.keys() >= wanted
    assert said["Title"] == "Old threads & <odd> ones: a ve…"[:30] or len(said["Title"]) <= 30
    assert 0 < len(said["Description"]) <= 80
    assert said["Language"] == "eng"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", said["Date"])
    assert Image.open(io.BytesIO(bytes(archive.get_illustration_item(48).content))).size == (48, 48)


def test_the_same_site_is_the_same_zim(site: Site, zim: Path, tmp_path: Path) -> None:
    pack(site.config, "zim", tmp_path / "again.zim")
    assert (tmp_path / "again.zim").read_bytes() == zim.read_bytes()
    other = Site(
        tmp_path / "other", **{"a.json": [{"id": 1, "type": "story", "title": "A", "by": "x", "time": 9}]}
    )
    other.build()
    pack(other.config, "zim", tmp_path / "other.zim")
    marks = [struct.unpack_from("16s", path.read_bytes(), 8) for path in (zim, tmp_path / "other.zim")]
    assert marks[0] != marks[1]


def test_the_picture_is_a_png() -> None:
    with Image.open(io.BytesIO(illustration())) as picture:
        assert (picture.format, picture.size, picture.mode) == ("PNG", (48, 48), "RGB")


def test_what_was_never_built_is_not_packed(tmp_path: Path) -> None:
    empty = Site(tmp_path / "empty")
    with pytest.raises(BuildError, match="there is no site"):
        pack(empty.config, "zip", tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_a_disk_that_says_no_leaves_nothing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packing, "_contents", fail)
    with pytest.raises(BuildError, match="No space left on device"):
        pack(site.config, "zip", tmp_path / "x.zip")
    assert not list(tmp_path.iterdir())
