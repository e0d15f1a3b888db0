"""The commands. The only package that prints or exits; everything it calls is imported when needed.

To add a command: a module with its name, and a word in ``_COMMANDS``.

Exit status: 0 done, 1 the build found errors, 2 wrong usage, 3 a bug, 130 Ctrl-C.
"""

from __future__ import annotations

import click

from hnsite import __version__
from hnsite.cli.build import build
from hnsite.cli.check import check
from hnsite.cli.export import export
from hnsite.cli.fetch import fetch
from hnsite.cli.inspect import inspect
from hnsite.cli.new import new
from hnsite.cli.say import say
from hnsite.cli.serve import serve
from hnsite.errors import HnsiteError, UsageError

_COMMANDS = (new, fetch, build, serve, check, export, inspect)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Turns saved discussions (Hacker News threads above all) into a linked static site.

    Put dumps into content/, run "hnsite build", publish public/ as it lies.
    """


for _command in _COMMANDS:
    cli.add_command(_command)


def main() -> None:
    """Runs a command; turns errors into one line and the right status."""
    try:
        cli.main(standalone_mode=False, prog_name="hnsite")
    except click.exceptions.Exit as stop:
        raise SystemExit(stop.exit_code) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(2) from None
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        raise SystemExit(130) from None
    except HnsiteError as error:
        say(f"error: {error}", err=True)
        raise SystemExit(2 if isinstance(error, UsageError) else 1) from None
    except Exception:
        import traceback

        say(*traceback.format_exc().splitlines(), err=True)
        click.echo("This is a bug in hnsite; please report it with the lines above.", err=True)
        raise SystemExit(3) from None
