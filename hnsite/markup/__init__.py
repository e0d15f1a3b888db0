"""Bodies in any dialect -> safe HTML. Pure. The only package that may call HTML safe.

To add a dialect: a module with ``to_html(body: str) -> str`` (unsafe HTML, one ``<p>`` a
paragraph), a row in ``DIALECTS``, a member of ``model.Dialect``, and a fixture in tests/markup.

Whatever a dialect makes goes through the sanitizer afterwards; no dialect can skip it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping

from hnsite.markup import discord, hn, hypertext, mail, markdown, reddit, slack, text
from hnsite.markup.linked import item_of, linked_items
from hnsite.markup.mail import to_html as mail_html
from hnsite.markup.nesting import CUT, DEEPEST, UNFORMATTED, shallow
from hnsite.markup.plain import normalise, plain_text, quoted_lines, text_id, words_of
from hnsite.markup.sanitize import (
    OnItem,
    OnPlace,
    OnQuote,
    finish,
    name_headings,
    place_links,
    printable,
    sanitize,
)
from hnsite.markup.visible import visible, visible_body
from hnsite.model import Dialect

__all__ = [
    "LONGEST",
    "api_text",
    "item_of",
    "letters_of",
    "linked_items",
    "mail_html",
    "normalise",
    "plain_text",
    "printable",
    "quoted_lines",
    "render",
    "render_page",
    "text_id",
    "visible",
    "words_of",
]

DIALECTS: Mapping[Dialect, Callable[[str], str]] = {
    Dialect.HN: hn.to_html,
    Dialect.TEXT: text.to_html,
    Dialect.MARKDOWN: markdown.to_html,
    Dialect.HTML: hypertext.to_html,
    Dialect.MAIL: mail.to_html,
    Dialect.SLACK: slack.to_html,
    Dialect.DISCORD: discord.to_html,
    Dialect.REDDIT: reddit.to_html,
}

LONGEST = 100_000
"""Characters of a body that are shown."""
_TAG = re.compile(r"<[^<>]*>")
_NOTES = {
    "": f"The rest of this text is over {LONGEST} characters and was left out.",
    CUT: f"The rest of this text is nested over {DEEPEST} deep and was left out.",
    UNFORMATTED: "This text has too many signs to be formatted; it is shown as it was written.",
}


def render(
    body: str, dialect: Dialect, on_item: OnItem | None = None, on_quote: OnQuote | None = None
) -> str:
    """Safe HTML for one body.

    ``on_item`` is asked for each link to an item of Hacker News, Lobsters or Reddit: it returns the HTML that
    takes the link's place, or None to leave the link. ``on_quote`` is asked for the text of each quoted
    paragraph: it returns the address (safe in an attribute) of what it quotes, or None. Bodies over
    ``LONGEST`` characters are cut, with a mark, before any parser sees them, and so is what nests too deep:
    parsers of hostile HTML can take quadratic time.
    """
    unsafe = shallow(DIALECTS[dialect](printable(body[:LONGEST])))
    return visible_body(finish(sanitize(unsafe), on_item, on_quote)) + _notes(body, unsafe)


def render_page(body: str, on_place: OnPlace, on_item: OnItem, taken: Iterable[str] = ()) -> str:
    """Safe HTML for Markdown that is a page's own text, with headings from the second level on.

    ``on_place`` is asked for each relative link: it returns the address, or None for none. ``on_item``
    and what is cut are as for ``render``. Headings get names, none of those that are ``taken``.
    """
    unsafe = shallow(markdown.to_page(printable(body[:LONGEST])))
    rendered = place_links(sanitize(unsafe, is_page=True), on_place)
    return visible_body(name_headings(finish(rendered, on_item, None), taken)) + _notes(body, unsafe)


def api_text(body: str, dialect: Dialect) -> str:
    """Safe HTML for one body as Hacker News's API writes it: what the API gave stays as it is, if nothing
    else than what Hacker News writes is in it; the rest is cleaned and cut as for ``render``."""
    if dialect is Dialect.HN and len(body) <= LONGEST and hn.is_own(body):
        return body
    unsafe = shallow(DIALECTS[dialect](printable(body[:LONGEST])))
    return hn.from_html(visible_body(sanitize(unsafe)) + _notes(body, unsafe))


def _notes(body: str, unsafe: str) -> str:
    """What a reader must be told of what became of a body."""
    signs = [sign for sign in (CUT, UNFORMATTED) if sign in unsafe]
    if len(body) > LONGEST:
        signs.append("")
    return "".join(f'<p class="cut">[{_NOTES[sign]}]</p>' for sign in signs)


def letters_of(body: str | None, dialect: Dialect) -> str:
    """The letters and digits that a reader sees, for comparing texts in different dialects."""
    shown = html.unescape(_TAG.sub(" ", render(body or "", dialect)))
    return "".join(filter(str.isalnum, shown))
