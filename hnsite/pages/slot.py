"""Places that are left open in a page, so that pages that are otherwise alike are rendered once. Pure."""

from __future__ import annotations

from typing import NoReturn


class Slot:
    """Stands in a view for a text that is not empty and differs from page to page.

    A template can output it, and test that it is there; it cannot look inside: whatever else it tries
    is an error, never a wrong page. What it outputs is a mark, which ``Theme.render`` replaces by the
    page's ``texts[index]``, HTML that is escaped already.
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
