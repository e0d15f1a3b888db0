"""``hnsite new``."""

from __future__ import annotations

from pathlib import Path

import click

from hnsite.cli.say import count, say
from hnsite.errors import UsageError


@click.command()
@click.argument("name", metavar="DIR", type=click.Path())
def new(name: str) -> None:
    """Make a site in DIR that builds and deploys at once.

    It has settings that are explained, a sample thread, and what Netlify, GitHub Pages and GitLab Pages read.
    Nothing that is there is written over. A content/ with dumps stays as it is, without the sample.
    """
    from hnsite.new import new_site

    if not name:
        raise UsageError("name a folder; . is the one where you are", "hnsite new")
    folder = Path(name)
    paths = new_site(folder)
    enter = "" if folder.resolve() == Path.cwd() else f"cd {_quoted(folder)} && "
    say(
        f"{folder} is a site now, of {count(len(paths), 'file')}. Next:",
        f"  {enter}hnsite serve",
        "  put dumps into content/ in place of the sample; hnsite.toml has all settings, explained",
        "  publish: push it to GitHub or GitLab, import it into Netlify, or copy public/ anywhere",
    )


def _quoted(folder: Path) -> str:
    """A folder's name as a shell takes it."""
    import shlex

    return shlex.quote(f"./{folder}" if str(folder).startswith("-") else str(folder))
