"""``hnsite serve``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hnsite.cli.build import tell
from hnsite.cli.options import build_options, load
from hnsite.cli.say import say

if TYPE_CHECKING:
    from hnsite.build import Report, Shown
    from hnsite.config import Config


@click.command()
@click.option("--watch/--no-watch", default=True, help="Build again when content, theme or settings change.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: 8000, or the next free one]"
)
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
@build_options
def serve(watch: bool, host: str, port: int | None, open_browser: bool, **options: Any) -> None:
    """Build the site, serve it, and build again on every change.

    For looking at a site while working on it; to publish, copy the output folder to any static host.
    A build that fails shows its errors in the page and here, and the next change tries again.
    """
    from hnsite.build import build as run
    from hnsite.place import check_place
    from hnsite.redactions import FILE as REDACTIONS
    from hnsite.serve import serve as start
    from hnsite.theme import built_in_themes

    clean = options["clean"]

    def make(config: Config, shown: Shown) -> Report:
        nonlocal clean
        how = {name: options[name] for name in ("strict", "jobs")}
        report = run(config, clean=clean, **how, tell=warn, shown=shown)
        clean = False  # the first build only
        tell(report, config, options)
        return report

    def ready(url: str) -> None:
        say(f"Serving at {url} (Ctrl-C stops)")
        if open_browser:
            click.launch(url)

    config = load(options)
    check_place(config)
    settings = [Path(options["config_file"] or "hnsite.toml"), config.root / REDACTIONS]
    watched = [config.content_dir, config.root / "themes", built_in_themes(), *settings]
    warn = partial(say, err=True)
    start(lambda: load(options), make, watched, warn, host=host, port=port, watch=watch, ready=ready)
