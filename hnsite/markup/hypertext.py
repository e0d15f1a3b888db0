"""HTML as other sites write it -> HTML that the sanitizer can work with.

The first three levels of headings are the page's own. Pictures and what is embedded become links, because a
page may not load anything from elsewhere; emoji become their names. Boxes become paragraphs, so that their
texts stay apart. Forums and chats have ways of their own: the quotes and previews of Discourse, the formulas,
code and spoilers of Zulip.
"""

from __future__ import annotations

import html
import re

from hnsite.markup.nesting import ATTRIBUTE

_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>|<!--""")
_BOXES = frozenset({
    "address", "article", "aside", "center", "details", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "header", "main", "nav", "section", "summary",
})  # fmt: skip
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
})  # fmt: skip
_GLUED = re.compile(r"(?i)</cite>(?=\w)")
"""Where a board puts whom it quotes right before what he wrote."""
_QUOTED = re.compile(r"<blockquote\b|</aside>")
_SPAN = re.compile(r"<(/?)span\b[^<>]*>")
_FORMULA = re.compile(r'<span class="katex">')
_TEX, _TEX_END = 'encoding="application/x-tex">', "</annotation>"
_LANGUAGE = re.compile(r"(?:lang|language)-([\w+#.-]{1,30})")
_UNTOLD = frozenset(["auto", "nohighlight", "plaintext", "text", "none"])


def to_html(body: str) -> str:
    """The same text in tags that the sanitizer keeps."""
    return "<p>" + _Rewriting(with_formulas_as_written(_GLUED.sub(r"\g<0><br>", body))).text()


def with_formulas_as_written(body: str) -> str:
    """The same with the source of each formula as code: KaTeX says a formula three times, at great length."""
    parts: list[str] = []
    at = 0
    while "katex" in body and (start := _FORMULA.search(body, at)):
        end = _behind_span(body, start.end())
        if end is None:
            break
        source, is_told, _ = body[start.end() : end].partition(_TEX)[2].partition(_TEX_END)
        parts += [body[at : start.start()], f"<code>{source}</code>"] if is_told else [body[at:end]]
        at = end
    return "".join(parts) + body[at:]


def _behind_span(body: str, at: int) -> int | None:
    """Where the <span> ends that began before ``at``; None if it does not."""
    depth = 1
    for match in _SPAN.finditer(body, at):
        depth += -1 if match[1] else 1
        if not depth:
            return match.end()
    return None


class _Rewriting:
    """One pass over the tags of a body; ``_open`` holds what is open, with what its end becomes."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._at = 0
        self._open: list[tuple[str, str]] = []
        self._links = 0  # how many links are open
        self._code = 0  # how many <pre>
        self._quotes = 0  # how many quotes that must lose their own <blockquote>
        self._language = ""

    def text(self) -> str:
        parts: list[str] = []
        while match := _TAG.search(self._body, self._at):
            parts.append(self._body[self._at : match.start()])
            self._at = match.end()
            parts.append(self._rewritten(match))
        parts.append(self._body[self._at :])
        return "".join(parts)

    def _rewritten(self, match: re.Match[str]) -> str:
        if not match[2]:
            return self._comment()
        tag = match[2].lower()
        if match[1]:
            return self._end(tag, match[0])
        return self._start(tag, match[0], _attributes(match[3]))

    def _comment(self) -> str:
        """Nothing; what tags a comment holds are none."""
        end = self._body.find("-->", self._at)
        self._at = end + 3 if end >= 0 else len(self._body)
        return ""

    def _start(self, tag: str, whole: str, given: dict[str, str]) -> str:
        classes = given.get("class", "").split()
        if tag == "img":
            return self._picture(given, classes)
        if tag in ("iframe", "video", "audio", "source", "embed"):
            return self._embedded(given)
        begin, end = self._box(tag, given, classes) or self._inline(tag, whole, given, classes)
        if tag not in _VOID and not whole.endswith("/>"):
            self._open.append((tag, end))
            self._links += tag == "a"
            self._code += tag == "pre"
        return begin

    def _box(self, tag: str, given: dict[str, str], classes: list[str]) -> tuple[str, str] | None:
        """What a box begins and ends with; None for other tags."""
        if tag == "blockquote" and self._quotes:
            self._quotes -= 1
            return "<p>", "</p>"
        if tag not in _BOXES or self._code:
            return None
        if tag == "aside" and "quote" in classes:
            self._quotes += 1
            return f"<blockquote>{self._quoted(given)}<p>", "</blockquote><p>"
        if tag == "aside":
            return "<blockquote><p>", "</blockquote><p>"
        if "codehilite" in classes:
            self._language = given.get("data-code-language", "")
        if video := given.get("data-youtube-id"):  # a player that only a script puts here
            title = html.escape(given.get("data-youtube-title") or "video")
            address = html.escape(f"https://www.youtube.com/watch?v={video}")
            return f'<p><a href="{address}">{title}</a></p>', ""
        if address := given.get("data-video-src", ""):
            return f'<p><a href="{html.escape(address)}">[video]</a></p>', ""
        return "<p>", "</p><p>"

    def _inline(self, tag: str, whole: str, given: dict[str, str], classes: list[str]) -> tuple[str, str]:
        """What any other tag begins and ends with."""
        if tag in ("h1", "h2", "h3"):
            level = int(tag[1]) + 3
            return f"<h{level}>", f"</h{level}>"
        if tag == "span" and self._code:
            return "", ""
        if "informations" in classes:  # of a picture, directly behind its name
            return f" {whole}", "</span>"
        if tag == "code":
            return f"<code{self._language_of(classes)}>", "</code>"
        return whole, f"</{tag}>"

    def _language_of(self, classes: list[str]) -> str:
        """The language of code, in the one way that the sanitizer keeps."""
        named = next((match[1] for one in classes if (match := _LANGUAGE.fullmatch(one))), self._language)
        self._language = ""
        named = named.lower().replace(" ", "-")
        known = re.fullmatch(r"[\w+#.-]{1,30}", named) and named not in _UNTOLD
        return f' class="language-{named}"' if known else ""

    def _end(self, tag: str, whole: str) -> str:
        for depth in range(len(self._open) - 1, max(-1, len(self._open) - 50), -1):
            if self._open[depth][0] == tag:
                ends = [self._closed() for _ in range(len(self._open) - depth)]
                return "".join(ends)
        return "" if tag in _BOXES else whole

    def _closed(self) -> str:
        tag, end = self._open.pop()
        self._links -= tag == "a"
        self._code -= tag == "pre"
        if tag == "aside":
            self._quotes = 0
        return end

    def _quoted(self, given: dict[str, str]) -> str:
        """Who is quoted, where the title of the quote does not say it."""
        who = given.get("data-username", "")
        title = _QUOTED.split(self._body[self._at : self._at + 4000], maxsplit=1)[0]
        is_told = who.lower() in _TAG.sub("", title).lower()
        return f"<p>{html.escape(who)}:</p>" if not is_told else ""

    def _picture(self, given: dict[str, str], classes: list[str]) -> str:
        """A picture as a link to it that says what it shows; portraits and icons say nothing."""
        words = html.escape(given.get("alt") or given.get("title") or "")
        if "emoji" in classes:
            return words
        if {"avatar", "site-icon"} & {*classes}:
            return ""
        source = html.escape(given.get("src", ""))
        words = f"[{words or 'picture'}]"
        return f'<a href="{source}">{words}</a>' if source and not self._links else words

    def _embedded(self, given: dict[str, str]) -> str:
        source = given.get("src", "")
        if not source.startswith(("https://", "http://")) or self._links:
            return ""
        words = html.escape(given.get("title") or "embedded")
        return f' <a href="{html.escape(source)}">[{words}]</a> '


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): html.unescape(a or b or c) for name, a, b, c in ATTRIBUTE.findall(text)}
