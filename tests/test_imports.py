"""The architecture, held by reading the source: who may import whom, and what is pure."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import hnsite

PACKAGE = Path(hnsite.__file__).parent
TABLE = """
__main__
cli
serve leaks fetch
export pack
build web
lists search inspect new
plan foreign purge
parts
intake
tools
check
cover
notes
sources catalog manifest output theme words
place
headers
unpack added mark whole
ledger names compress
database workers lock moves
pages limits items
postings
redact
merge
link infer
clues
redactions
erasing
favourites
readers
markup rules
urls config subjects front_matter captures wanted
hosts
model
errors
"""
"""The layers, highest first. Imports go down, or stay inside one package; a new module gets a place here."""

LAYERS = {name: rank for rank, line in enumerate(TABLE.split("\n")) for name in line.split()}
PURE = {
    *("model", "errors", "urls", "config", "markup", "readers", "pages", "link", "merge", "infer", "hosts"),
    *("clues", "postings", "subjects", "limits", "front_matter", "rules", "captures", "wanted"),
    *("favourites", "items", "redactions", "erasing", "redact", "headers"),
}
HOMES = {
    "click": {"cli"},
    "watchfiles": {"serve"},
    "jinja2": {"theme"},
    "rcssmin": {"theme"},
    "rjsmin": {"theme"},
    "markdown_it": {"markup"},
    "pygments": {"markup"},
    "nh3": {"markup"},
    "pyarrow": {"readers", "export"},
    "libzim": {"pack"},
    "sqlite3": {"database", "lock", "readers", "export"},
    "concurrent": {"workers"},
    "multiprocessing": {"workers"},
    "backports": {"unpack"},
    "compression": {"unpack"},
    "yaml": {"front_matter"},
    "brotli": {"compress"},
    "xxhash": {"sources", "catalog"},
    "msgspec": {"model", "link", "merge", "redact", "limits", "readers", "added", "catalog"}
    | {"ledger", "manifest", "sources", "export"},
    "httpx": {"fetch"},
    "tenacity": {"fetch"},
    "ijson": {"readers"},
    "lxml": {"readers", "rules"},
    "turbohtml": {"rules"},
    "markupsafe": {"markup", "pages", "lists"},
}
"""Each library has one home. msgspec is JSON to the readers and bytes to the catalog and the manifest; to
``model`` it is what the nouns are made of, because frozen dataclasses take too long to make; ``link`` and
``merge`` change nouns, as ``sources`` does where a dump's name says when it was taken, and ``added`` checks
those that others made."""
IMPURE = {"sqlite3", "concurrent", "multiprocessing"}
"""Libraries that have a home, but never one in the pure ring."""

NOT_QUITE_PURE = {"readers/sqlite_table.py": {"sqlite3"}}
"""A SQLite file is read where it lies, by its path: no library reads one from an open file, and not every one
fits in memory. The reader sees no other file; it opens this one so that nothing can be written."""

PURE_LIBRARIES = """
    __future__ array base64 binascii bisect calendar collections contextlib csv dataclasses datetime
    difflib email email.message email.parser email.utils enum functools hashlib heapq hmac html io ipaddress
    itertools json math operator pathlib re string textwrap tomllib types typing
    unicodedata urllib.parse uuid xml.sax.saxutils
"""
"""What the pure ring may import from the standard library: nothing that sees a disk, network or clock."""
FORBIDDEN_CALLS = {
    "open",
    "input",
    "print",
    "exec",
    "eval",
    "breakpoint",
    "__import__",
    "id",
    "hash",
    "uuid1",
    "uuid4",
}
FORBIDDEN_METHODS = """
    open now utcnow today cwd home exists is_file is_dir iterdir glob rglob stat lstat resolve absolute
    expanduser read_text read_bytes write_text write_bytes mkdir rmdir unlink touch rename urlopen
"""
HEAVY = """
    jinja2 nh3 turbohtml pygments markdown_it watchfiles sqlite3 msgspec ijson lxml yaml pyarrow
    multiprocessing concurrent asyncio httpx tenacity libzim zipfile
"""


def modules() -> list[tuple[str, str, ast.Module]]:
    """(place in the layers, path, parsed source) of every module."""
    paths = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
    return [
        (path.parts[0].removesuffix(".py"), str(path), ast.parse((PACKAGE / path).read_text("utf-8")))
        for path in paths
        if path.name != "__init__.py" or path.parent.name
    ]


MODULES = modules()
pure_modules = pytest.mark.parametrize(
    "path, tree", [pytest.param(path, tree, id=path) for place, path, tree in MODULES if place in PURE]
)


def imports(tree: ast.Module) -> Iterator[str]:
    """Everything a module imports, wherever it does so: `from a import b` is `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole module"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_every_module_has_a_layer_and_a_word_in_the_architecture() -> None:
    for place in {place for place, _, _ in MODULES} - {"__main__"}:
        assert place in LAYERS, f"{place} is in no layer of this test"
        assert place in (hnsite.__doc__ or ""), f"{place} is not in the docstring of hnsite"


@pytest.mark.parametrize("place, path, tree", [pytest.param(*one, id=one[1]) for one in MODULES])
def test_imports_go_down(place: str, path: str, tree: ast.Module) -> None:
    for name in imports(tree):
        package, _, rest = name.partition(".")
        target = rest.split(".")[0]
        if package == "hnsite" and target in LAYERS and target != place:
            assert LAYERS[place] < LAYERS[target], f"{path} imports {name}"


def test_each_library_has_one_home() -> None:
    used = {(name.split(".")[0], place) for place, _, tree in MODULES for name in imports(tree)}
    for library, place in used:
        if library != "hnsite" and library not in sys.stdlib_module_names | HOMES.keys():
            pytest.fail(f"{library}, which {place} imports, has no home in this test")
        assert place in HOMES.get(library, {place}), f"{place} imports {library}"


@pure_modules
def test_the_pure_ring_imports_nothing_impure(path: str, tree: ast.Module) -> None:
    allowed = {*PURE_LIBRARIES.split(), *HOMES, "hnsite"} - IMPURE | NOT_QUITE_PURE.get(path, set())
    for name in imports(tree):
        assert any(f"{name}.".startswith(f"{one}.") for one in allowed), f"{path} imports {name}"


@pure_modules
def test_the_pure_ring_calls_nothing_impure(path: str, tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS, f"{path}:{node.lineno} calls {node.func.id}"
        if isinstance(node.func, ast.Attribute):
            assert node.func.attr not in FORBIDDEN_METHODS.split(), f"{path}:{node.lineno}"


def test_the_version_loads_nothing_heavy() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "hnsite", "--version"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert run.stdout == f"hnsite {hnsite.__version__}\n"
    assert "click" in loaded
    assert not {name.split(".")[0] for name in loaded} & set(HEAVY.split())
    own = {name for name in loaded if name.startswith("hnsite") and not name.startswith("hnsite.cli.")}
    assert own == {"hnsite", "hnsite.cli", "hnsite.errors"}
