"""Programs that are started as a terminal starts them."""

from __future__ import annotations

import signal


def hear() -> None:
    """Lets a child, before it begins, hear who stops it: a shell starts what runs in the background with
    Ctrl-C ignored, and nohup with SIGHUP, and every child inherits that."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
