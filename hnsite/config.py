"""hnsite.toml -> Config. ``parse_config`` is pure; reading the file is the caller's work.

To add a setting: a field of ``Config``, a row in ``SETTINGS``, a line in docs/settings.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hnsite.errors import ConfigError

SETTINGS: Mapping[str, str] = {
    "title": "the site's name, shown in every page's header",
    "description": "one sentence below the name on the front page",
    "base_url": "the address the site will have, for what needs a full one; 404.html uses its path",
    "content": "the folder with the dumps",
    "output": "the folder that receives the site",
    "theme": "the name of a theme: a folder in the site's own themes/, or one that hnsite brings",
}
"""Every key of hnsite.toml and what it means. All are optional; all are text."""


@dataclass(frozen=True, slots=True)
class Config:
    """One build's settings; paths are as given, relative to ``root`` (the site's folder)."""

    root: Path
    title: str = "Discussion archive"
    description: str = ""
    base_url: str = ""
    content: str = "content"
    output: str = "public"
    theme: str = "default"

    @property
    def content_dir(self) -> Path:
        return self.root / self.content

    @property
    def output_dir(self) -> Path:
        return self.root / self.output

    @property
    def cache_dir(self) -> Path:
        return self.root / ".cache" / "hnsite"

    @property
    def base_path(self) -> str:
        """The path below which the site is served; begins and ends with ``/``."""
        return "/" + path + "/" if (path := urlsplit(self.base_url).path.strip("/")) else "/"


def parse_config(text: str, root: Path, file: str = "hnsite.toml", **overrides: str | None) -> Config:
    """Settings from the text of hnsite.toml; ``overrides`` (from the command line) win unless None.

    Raises ConfigError for what is not TOML, an unknown key (naming the nearest right one),
    a value that is not text, or a base_url that is no http(s) address.
    """
    try:
        given: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(error), file) from None
    for key, value in given.items():
        if key not in SETTINGS:
            near = get_close_matches(key, SETTINGS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(SETTINGS)}"
            raise ConfigError(f"unknown setting {key!r}{hint}", file)
        if not isinstance(value, str):
            raise ConfigError(f"{key} must be text in quotes, not {value!r}", file)
    given.update({key: value for key, value in overrides.items() if value is not None})
    config = Config(root, **given)
    if config.base_url:
        _check_base_url(config.base_url, "--base-url" if overrides.get("base_url") else file)
    return config


def _check_base_url(base_url: str, subject: str) -> None:
    try:
        parts = urlsplit(base_url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        reason = f"base_url must be a full address such as https://example.org/, not {base_url!r}"
        raise ConfigError(reason, subject)
