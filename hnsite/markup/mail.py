"""Plain text of mail -> HTML: nested quotes, folded where long; signatures folded; columns kept.

Lines of prose that were broken to fit a terminal flow again, so that they fit a phone; short lines, lists and
addresses keep their breaks. A block is left as it stands, in ``<pre>``, if it is a difference of files, has
columns, is indented as a whole and no prose, or has more signs than letters. Folds open with the text's own
words, so that nothing is on the page that nobody wrote.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from hnsite.markup.addresses import linked

LONG_QUOTE = 12
"""Lines up to which a quote is not folded."""
_DEEPEST = 8
_DIFF_HEAD = 12
"""Lines in which a difference of files says what it is of."""
_NARROWEST = 58
"""Characters that no line, broken because it was full, has fewer of with the next word."""

_SIGNS = re.compile(r"(?:>[ \t]?)+")
_DIFF = re.compile(r"diff --git |Index: \S|--- \S+(?:\s|$)|\*\*\* \S+\s|@@ -\d")
_IN_DIFF = re.compile(
    r"[ +\-@\\\t!*]|diff |index |Index: |={20}|(?:new|old|deleted) |(?:similarity|rename|copy|Binary|Only) "
)
_DIFF_MARK = re.compile(r"@@ -\d|\+\+\+ \S|--- \S|\*{15}")
_ITEM = re.compile(r"\s*(?:[-*+•o]|\(?\d{1,3}[.)]|\[\d{1,3}\]|[A-Za-z][.)])\s+\S")
_COLUMNS = re.compile(r"\S(?: {3,}|\t+ *)\S")
_CODE = re.compile(
    r".*[{};]\s*$|\s*(?:[$#%+]|>>>|R>|In \[\d+\]:)\s|.*<- |\s*[\])}]+,?\s*$"
    r"|\s*(?:#include|import|from|def|return|library\()\b"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SAID = re.compile(
    r"(?i)\b(?:wrote|writes|said|says|schrieb|schrieben|écrit|escribió|scrisse|skrev|schreef|написал)\b|….*:$|:\s*$"
)
_ENDS_SIGNATURE = ("[attachment", "[attached message", "-------------- next part")
_PGP = "-----BEGIN PGP SIGNATURE-----"
_PGP_END = "-----END PGP SIGNATURE-----"


def to_html(body: str) -> str:
    """One ``<p>`` a paragraph, ``<blockquote>`` for quotes, ``<details>`` for what is folded."""
    out: list[str] = []
    for is_signature, lines in _sections(_barred(body.split("\n"))):
        out += _signature(lines) if is_signature else _text(lines)
    return "\n".join(out)


def _barred(lines: list[str]) -> list[str]:
    """Lines quoted with bars as lines quoted with ``>``, where the first of them stands behind "wrote:"."""
    first = next((place for place, line in enumerate(lines) if line.startswith("|")), 0)
    if not first or not _attribution(lines[:first]):
        return lines
    return [f">{line[1:]}" if line.startswith("|") and line.count("|") == 1 else line for line in lines]


def _sections(lines: Sequence[str]) -> Iterator[tuple[bool, list[str]]]:
    """(whether it is a signature, its lines), in order; what hangs on a mail behind its signature is text."""
    own: list[str] = []
    kind, inside = False, False
    for place, line in enumerate(lines):
        begins = line in (_PGP, "-- ") or (line == "--" and _is_short(lines[place + 1 : place + 14]))
        ends = inside and (line.startswith(_ENDS_SIGNATURE) or (bool(own) and own[-1] == _PGP_END))
        if (begins and not inside) or ends:
            yield kind, own
            own, inside = [], begins and not inside
            kind = inside
        own.append(line)
    yield kind, own


def _is_short(lines: Sequence[str]) -> bool:
    """Whether so little follows that two hyphens before it begin a signature."""
    end = next((place for place, line in enumerate(lines) if line.startswith(_ENDS_SIGNATURE)), len(lines))
    return end <= 12


def _signature(lines: Sequence[str]) -> list[str]:
    said = [line for line in lines[1:] if line.strip()]
    if not said:
        return []
    if lines[0] == _PGP:
        return [_folded(_PGP, _kept(lines[1:]))]
    if len(said) == 1:
        return [f"<p>-- {linked(said[0].strip())}</p>"]
    rest = "<br>\n".join(linked(line.strip()) for line in said[1:])
    return [_folded(f"-- {said[0].strip()}", f"<p>{rest}</p>")]


def _folded(summary: str, inside: str) -> str:
    return f"<details><summary>{html.escape(summary, quote=False)}</summary>\n{inside}\n</details>"


# ---- quotes


def _text(lines: Sequence[str]) -> list[str]:
    """Text and quotes in turn."""
    out: list[str] = []
    before: list[str] = []
    for is_quote, group in groupby(_levels(lines), lambda one: one[0] > 0):
        part = list(group)
        if not is_quote:
            before = [text for _, text in part]
            continue
        said = _attribution(before)
        is_long = sum(bool(text.strip()) for _, text in part) > LONG_QUOTE
        out += _blocks(before[: len(before) - said] if is_long else before)
        out.append(_folded_quote(before[len(before) - said :], part) if is_long else _quote(part))
        before = []
    return out + _blocks(before)


def _levels(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(depth of quoting, text) of each line. An empty line within a quote is as deep as the line above it."""
    above = 0
    for line in lines:
        signs = _SIGNS.match(line)
        if signs and (above or not line.startswith(">>> ")):  # which Python's prompt is
            text = line[signs.end() :]
            depth = min(signs[0].count(">"), _DEEPEST)
            above = above if above and not text.strip() else depth
            yield above, text
        else:
            above = 0
            yield 0, line


def _attribution(before: Sequence[str]) -> int:
    """How many lines of this text say who is quoted behind it: one or two that end in "wrote:" or so."""
    texts = [line.strip() for line in before]
    end = len(texts)
    while end and not texts[end - 1]:
        end -= 1
    start = end
    while start and texts[start - 1]:
        start -= 1
    is_one = (
        0 < end - start <= 3 and texts[end - 1].endswith(":") and _SAID.search(" ".join(texts[start:end]))
    )
    return len(texts) - start if is_one else 0


def _folded_quote(said: Sequence[str], part: Sequence[tuple[int, str]]) -> str:
    if words := " ".join(line.strip() for line in said if line.strip()):
        return _folded(words, _quote(part))
    first = next(place for place, (_, text) in enumerate(part) if text.strip())
    depth, text = part[first]
    return _folded(f"{'>' * depth} {text.strip()}", _quote(part[first + 1 :]))


def _quote(part: Sequence[tuple[int, str]]) -> str:
    out: list[str] = []
    open_now = 0
    for depth, group in groupby(part, lambda one: one[0]):
        out += ["<blockquote>"] * (depth - open_now) + ["</blockquote>"] * (open_now - depth)
        out += _blocks([text for _, text in group])
        open_now = depth
    return "\n".join(out + ["</blockquote>"] * open_now)


# ---- paragraphs and what keeps its columns


def _blocks(lines: Sequence[str]) -> list[str]:
    """Paragraphs as ``<p>``, the rest as ``<pre>``, in which neighbours are one."""
    out: list[str] = []
    kept: list[str] = []
    for is_kept, block in _parted(lines):
        if is_kept:
            kept += ["", *block] if kept else block
            continue
        if kept:
            out.append(_kept(kept))
            kept = []
        out.append(_paragraph(block))
    return [*out, _kept(kept)] if kept else out


def _parted(lines: Sequence[str]) -> Iterator[tuple[bool, list[str]]]:
    """Blocks between empty lines, and whether they keep their columns; a difference of files is one block."""
    block: list[str] = []
    place = 0
    while place < len(lines):
        end = _diff_end(lines, place) if _DIFF.match(lines[place]) else place
        if end > place or not lines[place].strip():
            if block:
                yield _keeps_columns(block), block
            block = []
            if end > place:
                yield True, list(lines[place:end])
        else:
            block.append(lines[place])
        place = max(end, place + 1)
    if block:
        yield _keeps_columns(block), block


def _diff_end(lines: Sequence[str], start: int) -> int:
    """Where a difference of files ends that begins here; ``start`` if it is none."""
    end, marks = start, 0
    for place in range(start, len(lines)):
        line = lines[place]
        if line and not _IN_DIFF.match(line):
            break
        marks += bool(_DIFF_MARK.match(line))
        if place - start > _DIFF_HEAD and not marks:
            return start
        if line.strip():
            end = place + 1
    return end if marks > 1 or lines[start].startswith(("diff ", "@@ ")) else start


def _keeps_columns(block: Sequence[str]) -> bool:
    texts = [line.strip() for line in block]
    if len(block) == 1 and texts[0].startswith("[["):  # what Mailman has to say
        return False
    share = 0.5 * len(block)
    if sum(bool(_COLUMNS.search(line)) for line in block) >= max(share, 2 if len(block) > 1 else 1):
        return True
    if all(line[:1] == "\t" or line[:4] == "    " for line in block):
        return not _is_prose(texts)
    if len(block) > 1 and all(line[:1] in " \t" for line in block):
        return not _is_prose(texts)
    letters = sum(char.isalnum() for text in texts for char in text)
    signs = sum(not char.isspace() for text in texts for char in text) - letters
    if len(block) > 1 and signs > letters:
        return True
    return len(block) > 1 and sum(bool(_CODE.match(line)) for line in block) > share


def _is_prose(texts: Sequence[str]) -> bool:
    """Whether lines are mostly words, as many as a sentence has."""
    words = sum(len(_WORD.findall(text)) for text in texts)
    letters = sum(char.isalpha() or char in " ,.'" for text in texts for char in text)
    return words >= 4 * len(texts) and letters > 0.9 * sum(map(len, texts))


def _kept(lines: Sequence[str]) -> str:
    return f"<pre><code>{linked(chr(10).join(lines))}\n</code></pre>"


def _paragraph(lines: Sequence[str]) -> str:
    out = linked(lines[0].strip())
    for line, after in pairwise(lines):
        out += (" " if _is_full(line, after) else "<br>\n") + linked(after.strip())
    return f"<p>{out}</p>"


def _is_full(line: str, after: str) -> bool:
    """Whether a line was broken because the next word did not fit."""
    if _ITEM.match(after):
        return False
    return len(line.rstrip()) + 1 + len(after.split(None, 1)[0]) > _NARROWEST
