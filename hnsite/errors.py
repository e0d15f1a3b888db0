"""Every error hnsite raises on purpose.

    HnsiteError             something the user can mend; drawn as one line, exit status 1
    +-- UsageError          wrong options, folders or settings; exit status 2
    |   +-- ConfigError     hnsite.toml cannot be used
    |   +-- ThemeError      a theme is missing or a template is broken
    +-- UnreadableError     a whole dump cannot be read; the build goes on without it
    +-- FetchError          an address does not give what it should; the others are fetched
    |   +-- GoneError       it says that there is nothing, or lets nobody have it
    |   +-- BusyError       the answer is not as it should be, however often asked
    |       +-- SilentError nobody answers, or asks to be left alone
    +-- BuildError          the build cannot be published (addresses collide, disk full, ...)

Bad items inside a dump are not errors but data: see ``model.Problem``.
"""

from __future__ import annotations

from unicodedata import category


def one_line(text: str) -> str:
    """A text as messages show it: what would end the line, command a terminal, turn the direction of what
    follows, or cannot be seen is spelled as programs spell it. Dumps and their names may hold anything."""
    return text if text.isprintable() else "".join(map(_seen, text))


def _seen(one: str) -> str:
    is_seen = one.isprintable() or category(one) == "Zs"  # blanks of other scripts
    return one if is_seen else one.encode("unicode_escape").decode("ascii")


class HnsiteError(Exception):
    """Drawn as ``subject: reason``; ``subject`` is the file, setting or address it is about."""

    def __init__(self, reason: str, subject: str = "") -> None:
        super().__init__(reason, subject)
        self.reason = reason
        self.subject = subject

    def __str__(self) -> str:
        return one_line(f"{self.subject}: {self.reason}" if self.subject else self.reason)


class UsageError(HnsiteError):
    """The command was called in a way that cannot work."""


class ConfigError(UsageError):
    """hnsite.toml has an unknown key or a value of the wrong kind."""


class ThemeError(UsageError):
    """A theme was not found, or one of its templates cannot be used."""


class UnreadableError(HnsiteError):
    """No reader knows the dump, or its container is broken."""


class FetchError(HnsiteError):
    """What was asked for cannot be had."""


class GoneError(FetchError):
    """There is nothing at the address, or nobody may have it: asking again does not help."""


class BusyError(FetchError):
    """It may go better later; ``after`` is how many seconds the other side asks to be left alone."""

    after: float = 0


class SilentError(BusyError):
    """It will not go better with another question to the same place."""


class BuildError(HnsiteError):
    """The site cannot be published; what was there before is untouched.

    ``problems`` are those of the dumps, where they are the reason.
    """

    problems: tuple[object, ...] = ()
