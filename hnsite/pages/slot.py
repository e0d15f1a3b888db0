"""Places left open in pages and cards, so that those that are otherwise alike are rendered once. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NoReturn

from markupsafe import escape

from hnsite.markup import visible


class Slot:
    """Stands in a view for a text that is not empty and differs from page to page.

    A template can output it, and test that it is there; it cannot look inside: whatever else it tries
    is an error, never a wrong page. What it outputs is a mark, which ``Theme`` replaces by
    ``texts[index]`` of the page (in UTF-8) or card, HTML that is escaped already.
    """

    __slots__ = ("mark",)

    def __init__(self, index: int) -> None:
        self.mark = f"\x05{index}\x06"

    def __html__(self) -> str:
        return self.mark

    def __str__(self) -> NoReturn:
        raise TypeError("this text differs from page to page: a template can output it and nothing else")

    def __eq__(self, other: object) -> NoReturn:
        self.__str__()

    __hash__ = object.__hash__


@cache
def slot(index: int) -> Slot:
    """One and the same for an index, so that views with the same slots are equal."""
    return Slot(index)


def escaped(text: str) -> str:
    """What a dump says, as HTML in which it can neither begin a tag nor turn the text around it."""
    return escape(visible(text))


def utf8(text: str) -> bytes:
    """The text of a slot; what UTF-8 cannot write becomes "?"."""
    return text.encode("utf-8", "replace")


def joined(pieces: Iterable[str]) -> bytes:
    """The text of a slot from its pieces: most are ASCII and encode at once, few long texts are."""
    return b"".join([piece.encode("utf-8", "replace") for piece in pieces])
