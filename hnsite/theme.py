"""A theme and a Page -> bytes. The only home of jinja2 and of what makes assets
smaller.

A theme is a folder of templates and a folder ``static/``. One in the site's own ``themes/`` goes
before one that hnsite brings, and both need only what differs from ``default``; an override can
extend a template that hnsite brings as ``default/<template>`` or ``board/<template>``. What a theme's
``static/more.css`` says comes behind ``style.css``, in the same file. Templates run with escaping on and
unknown names as errors, and see their view and nothing else.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import jinja2
from rcssmin import cssmin
from rjsmin import jsmin

from hnsite.compress import versions
from hnsite.config import SETTINGS, Config
from hnsite.errors import ThemeError
from hnsite.mark import marked
from hnsite.markup import visible
from hnsite.model import Page
from hnsite.pages.card import CardView
from hnsite.pages.story import StoryView
from hnsite.urls import static_path

DEFAULT = "default"
STYLE, MORE = "style.css", "more.css"
FRAMES = 1000
"""How many views with slots are kept rendered; most sites need less than a hundred."""
LINES = 2000
"""How many lines of lists are kept rendered: lists share many, also with those of the next build."""
_SLOT = re.compile(r"\x05([0-9]+)\x06")
_EVERYWHERE = ("time", "count")
"""Macros that every template can call; each stands in the template of its name."""


def built_in_themes() -> Path:
    """Where the themes are that hnsite brings: in the installed package, or beside it in its repository."""
    package = Path(__file__).parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def open_theme(config: Config) -> Theme:
    """The theme of a site as it is now: the one that the last build of this process had, if no file of it
    changed. Raises ThemeError."""
    _cache(config)
    return _opened(config, _themes(config))


@lru_cache(maxsize=1)
def _opened(config: Config, _: bytes) -> Theme:
    return Theme(config)


class Theme:
    """One theme, ready to render. Raises ThemeError for a missing theme or a broken template."""

    def __init__(self, config: Config) -> None:
        self._folders = theme_folders(config)
        own = jinja2.FileSystemLoader([str(folder) for folder in self._folders])
        brought = built_in_themes()
        built_in = {name: jinja2.FileSystemLoader(brought / name) for name in _names(brought)}
        self._environment = jinja2.Environment(
            loader=jinja2.ChoiceLoader([own, jinja2.PrefixLoader(built_in)]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # a build sees one state of the theme
            bytecode_cache=jinja2.FileSystemBytecodeCache(str(_cache(config))),
        )
        self._static = dict(_static(self._folders))
        self._digest = blake2b(repr(self._static).encode(), digest_size=4).hexdigest()
        self._environment.globals["asset"] = self._asset
        for name in _EVERYWHERE:
            self._environment.globals[name] = self._macro(f"{name}.html", name)
        self._environment.globals["line"] = lru_cache(LINES)(self._macro("line.html", "line"))
        self._globals = dict(self._environment.globals)
        card = self._macro("card.html", "card")
        self._card_frame = lru_cache(FRAMES)(lambda view: _frame(_call(card, view, "card.html")))
        self._page_frame = lru_cache(FRAMES)(
            lambda template, view: _encoded(_frame(self._whole(template, view).decode("utf-8")))
        )
        self._head = self._macro("story.html", "head")

    def _macro(self, template: str, name: str) -> Callable[[object], str]:
        """A macro of a template: several times faster to call than a template is to render."""
        try:
            macro: Callable[[object], str] | None = getattr(
                self._environment.get_template(template).module, name, None
            )
        except Exception as error:  # whatever a template does wrong
            raise _theme_error(error, template) from None
        if macro is None:
            raise ThemeError(f"has no macro {name!r}", template)
        return macro

    def card(self, view: CardView, texts: Sequence[str]) -> str:
        """One item's card. Those that have one view are rendered once and filled in."""
        frame = self._card_frame(view)
        parts = frame.parts.copy()
        for place, slot in frame.slots:
            parts[place] = texts[slot]
        return "".join(parts)

    def head(self, story: StoryView) -> str:
        """The head of all permalink pages of one thread."""
        return _call(self._head, story, "story.html")

    def render(self, page: Page) -> bytes:
        """A page's bytes. Pages with slots that have one view are rendered once and filled in."""
        if not page.texts:
            return self._whole(page.template, page.view)
        frame = self._page_frame(page.template, page.view)
        parts = frame.parts.copy()
        for place, slot in frame.slots:
            parts[place] = page.texts[slot]
        return b"".join(parts)

    def _whole(self, template: str, view: object) -> bytes:
        return marked(b"".join(self._chunks(template, view)))

    def _chunks(self, template: str, view: object) -> list[bytes]:
        """A rendered page in pieces: encoding them one by one is faster where most are ASCII."""
        try:
            found = self._environment.get_template(template)
            context = found.new_context({**self._globals, "view": view}, shared=True)
            return [
                (chunk if chunk.isascii() else visible(chunk)).encode("utf-8", "replace")
                for chunk in found.root_render_func(context)
            ]
        except Exception as error:  # whatever a template does wrong
            raise self._error(error, template, view) from None

    def _error(self, error: Exception, template: str, view: object) -> ThemeError:
        """jinja2 tells a template's own lines only of what fails in ``render``, so that fails once more."""
        try:
            self._environment.get_template(template).render(view=view)
        except Exception as located:
            error = located
        return _theme_error(error, template)

    def static(self) -> Iterator[tuple[str, bytes]]:
        """(path, content) of every file the theme brings."""
        for name, content in self._static.items():
            yield static_path(name, self._digest), content

    def _asset(self, name: str) -> str:
        """The path of a file of the theme, for templates."""
        if name not in self._static:
            raise jinja2.TemplateRuntimeError(f"no file static/{name} in the theme")
        return static_path(name, self._digest)


def _static(folders: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """(name, content) of the files that a theme brings, by name; those of the first folder that has them."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted((folder / "static").rglob("*")):
            if path.is_file():
                found.setdefault(path.relative_to(folder / "static").as_posix(), path)
    for name in sorted(found.keys() - {MORE}):
        content = found[name].read_bytes() + (_more(folders) if name == STYLE else b"")
        yield name, _smaller(content, found[name].suffix)


def _smaller(content: bytes, suffix: str) -> bytes:
    """A script or style sheet without its comments and blanks, which are a third of what a reader loads."""
    if suffix not in (".css", ".js"):
        return content
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    return str(cssmin(text) if suffix == ".css" else jsmin(text)).encode()


def _more(folders: Sequence[Path]) -> bytes:
    """What themes add to the style sheet; that which goes before the others has the last word."""
    files = [folder / "static" / MORE for folder in reversed(folders)]
    return b"".join(b"\n" + file.read_bytes() for file in files if file.is_file())


_Text = TypeVar("_Text", str, bytes)


class _Frame(NamedTuple, Generic[_Text]):
    """What is rendered once for all views that are equal: its text, parted at its slots."""

    parts: list[_Text]
    slots: list[tuple[int, int]]
    """(place in ``parts``, number of the slot) of each."""


def _frame(html: str) -> _Frame[str]:
    parts = _SLOT.split(html)
    return _Frame(parts, [(place, int(parts[place])) for place in range(1, len(parts), 2)])


def _encoded(frame: _Frame[str]) -> _Frame[bytes]:
    return _Frame([part.encode() for part in frame.parts], frame.slots)


def _call(macro: Callable[[object], str], view: object, template: str) -> str:
    try:
        return visible(str(macro(view)))
    except Exception as error:
        raise _theme_error(error, template) from None


def theme_folders(config: Config) -> list[Path]:
    """Where templates are looked for, first match first."""
    places = [config.root / "themes" / config.theme, built_in_themes() / config.theme]
    folders = [folder for folder in places if folder.is_dir()]
    if not folders:
        own, known = (", ".join(_names(place.parent)) or "none" for place in places)
        reason = f"no such theme in themes/ ({own}), nor among those that hnsite brings ({known})"
        raise ThemeError(reason, config.theme)
    default = built_in_themes() / DEFAULT
    return folders if default in folders else [*folders, default]


def _names(folder: Path) -> list[str]:
    """The themes in a folder, which need not be there."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _cache(config: Config) -> Path:
    """A folder for compiled templates, which jinja2 keys by their text."""
    folder = config.cache_dir / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _theme_error(error: Exception, template: str) -> ThemeError:
    """What is wrong, in which template and line."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return ThemeError(error.message or "syntax error", f"{error.filename or error.name}:{error.lineno}")
    if isinstance(error, jinja2.TemplateNotFound):
        return ThemeError("no such template in the theme", str(error.name))
    trace = error.__traceback__
    place = template
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".html"):
            place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    known = isinstance(error, jinja2.TemplateError)
    return ThemeError(str(error) if known else f"{type(error).__name__}: {error}", place)


def look(config: Config) -> bytes:
    """A digest of all that shapes every page: settings, the theme, hnsite's own code, and its libraries."""
    digest = blake2b(digest_size=16)
    for setting in sorted({*SETTINGS, "nav"} - _NOWHERE_SEEN):
        digest.update(f"{setting}={getattr(config, setting)!r}\n".encode("utf-8", "surrogatepass"))
    digest.update(_code())
    digest.update(_themes(config))
    for version in (*_libraries(), *versions(config)):
        digest.update(version.encode())
    return digest.digest()


@cache
def _code() -> bytes:
    """A digest of hnsite's own code: that which this process runs, whatever comes to the disk meanwhile."""
    return _digest([Path(__file__).parent], without=built_in_themes())


def _themes(config: Config) -> bytes:
    """A digest of all files that a site's pages may be made with."""
    brought = built_in_themes()
    own = [folder for folder in theme_folders(config) if not folder.is_relative_to(brought)]
    return _digest([brought, *own])


def _digest(folders: Iterable[Path], without: Path | None = None) -> bytes:
    """A digest of the files in some folders, with their names."""
    digest = blake2b(digest_size=16)
    for folder in folders:
        for place, inner, names in os.walk(folder):
            inner[:] = sorted(name for name in inner if Path(place, name) != without)
            for name in sorted(names):
                if not name.endswith(".pyc"):
                    path = os.path.join(place, name)  # noqa: PTH118
                    digest.update(os.fsencode(f"{os.path.relpath(path, folder)}\n"))
                    digest.update(Path(path).read_bytes())
    return digest.digest()


_NOWHERE_SEEN = {"content", "output", "max_unpacked"}
_LIBRARIES = (
    "jinja2",
    "markupsafe",
    "nh3",
    "pygments",
    "markdown_it_py",
    "rcssmin",
    "rjsmin",
)


def _libraries() -> list[str]:
    """The libraries that make HTML, with their versions, by the folders that pip notes them in."""
    found: set[str] = set()
    for place in sys.path:
        try:
            names = os.listdir(place or ".")  # noqa: PTH208
        except OSError:
            continue
        found.update(name for name in names if name.endswith(".dist-info") and _is_library(name))
    return sorted(found)


def _is_library(name: str) -> bool:
    return name.partition("-")[0].lower() in _LIBRARIES
