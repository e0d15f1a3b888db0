"""Who is quoted: the comments whose own words a quoted passage repeats. Pure.

Nearly all quotes are of the parent, so ancestors are asked first, the nearest first; then everything
around the comment, where a passage must be found once and in something older.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

from hnsite import urls
from hnsite.clues import own_words, passages
from hnsite.markup import plain_text
from hnsite.model import Comment, State, Thread

SHORTEST = 12
"""Characters (white space aside) of a passage that tells whom it quotes."""
MOST_ABOVE = 100
"""Ancestors that are asked."""
FAR = 500_000
"""Characters before and behind a comment in which it is looked for otherwise, so that long threads take
no longer than short ones by the comment."""


class Quotes:
    """What the comments of one thread say in their own words, worked out as it is asked for."""

    def __init__(self, thread: Thread) -> None:
        self._items = (thread.root, *thread.comments)
        self._places = {item.id: place for place, item in enumerate(self._items)}
        self._words: dict[int, str] = {}

    def source(self, comment: Comment, text: str) -> str | None:
        """The id of the item that a quoted text in a comment repeats; None if that is not certain."""
        wanted = passages(text, SHORTEST)
        if not wanted or comment.id not in self._places:
            return None
        above = (place for place in self._above(comment) if self._says(place, wanted))
        place = next(above, None)
        if place is None:
            place = self._elsewhere(comment, wanted)
        return None if place is None else self._items[place].id

    def _above(self, comment: Comment) -> Iterator[int]:
        """The places of the ancestors, the nearest first."""
        for _ in range(MOST_ABOVE):
            place = self._places.get(comment.parent or "")
            if place is None:
                return
            yield place
            comment = self._items[place]

    def _says(self, place: int, wanted: list[str]) -> bool:
        words = self._own_words(place)
        return all(passage in words for passage in wanted)

    def _own_words(self, place: int) -> str:
        words = self._words.get(place)
        if words is None:
            item = self._items[place]
            text = "" if item.state is State.DELETED else plain_text(item.body or "", item.dialect)
            words = self._words[place] = own_words(text)
        return words

    def _elsewhere(self, comment: Comment, wanted: list[str]) -> int | None:
        """The one older item, by somebody else, that says all this."""
        here = self._places[comment.id]
        start = max(0, self._starts[here] - FAR)
        passage = max(wanted, key=len)
        found = self._all.find(passage, start, self._starts[here] + FAR)
        if found < 0:
            return None
        place = bisect_right(self._starts, found) - 1
        again = self._all.find(passage, self._ends(place), self._starts[here] + FAR)
        other = self._items[place]
        is_older = urls.id_key(other.id) < urls.id_key(comment.id)
        if again >= 0 or not is_older or other.author == comment.author or not self._says(place, wanted):
            return None
        return place

    def _ends(self, place: int) -> int:
        return self._starts[place] + len(self._own_words(place))

    @cached_property
    def _all(self) -> str:
        return "\n".join([self._own_words(place) for place in range(len(self._items))])

    @cached_property
    def _starts(self) -> list[int]:
        """Where in ``_all`` the words of each item begin."""
        lengths = (len(self._own_words(place)) + 1 for place in range(len(self._items) - 1))
        return list(accumulate(lengths, initial=0))
