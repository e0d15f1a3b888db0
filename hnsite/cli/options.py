"""The options that commands which build share, and the settings that they lead to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hnsite.errors import UsageError

if TYPE_CHECKING:
    from hnsite.config import Config

_SETTINGS_OPTIONS = (
    click.option("-s", "--content", metavar="DIR", help="Folder with the dumps.  [default: content]"),
    click.option("-o", "--output", metavar="DIR", help="Folder that receives the site.  [default: public]"),
    click.option(
        "-c", "--config", "config_file", metavar="FILE", help="Settings; optional.  [default: hnsite.toml]"
    ),
    click.option("--base-url", metavar="URL", help="The address that the site will have."),
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Worker processes.  [default: one a core]",
    ),
)
_BUILD_OPTIONS = (
    *_SETTINGS_OPTIONS,
    click.option("--clean", is_flag=True, help="Read every dump and write every page again."),
    click.option("--strict", is_flag=True, help="Publish nothing when there is any warning; status 1."),
    click.option("-q", "--quiet", is_flag=True, help="Print errors only."),
    click.option("-v", "--verbose", is_flag=True, help="Print all warnings, and what is made again and why."),
    click.option("--timings", is_flag=True, help="Print the seconds, items and bytes of each stage."),
)


def settings_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options that tell which site is meant."""
    for option in reversed(_SETTINGS_OPTIONS):
        command = option(command)
    return command


def build_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options of ``hnsite build``."""
    for option in reversed(_BUILD_OPTIONS):
        command = option(command)
    return command


def load(options: dict[str, Any]) -> Config:
    """The settings of hnsite.toml, or of the file that ``--config`` names, with what the options say instead.

    Raises UsageError for a file that cannot be read, ConfigError for what is wrong in it.
    """
    from hnsite.config import parse_config

    file = options["config_file"]
    path = Path(file or "hnsite.toml")
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        if file:
            raise UsageError("no such file", file) from None
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot be read: {error}", str(path)) from None
    root = path.parent.resolve()
    overrides = {name: options[name] for name in ("content", "output", "base_url")}
    for name in ("content", "output"):  # a folder on the command line is meant from where that is typed
        if overrides[name] and root != Path.cwd():
            overrides[name] = str(Path.cwd() / overrides[name])
    return parse_config(text, root, str(path), **overrides)
