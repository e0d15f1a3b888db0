"""Bytes of mail in any charset -> text, and the encoded words of its header fields (RFC 2047)."""

from __future__ import annotations

import binascii
import re
from itertools import groupby

_WORD = r"=\?([\w.:+-]{1,40})(?:\*[\w-]*)?\?([bBqQ])\?([^?\n]*)\?="
_WORDS = re.compile(rf"{_WORD}(?:\s*{_WORD})*")
_ONE = re.compile(_WORD)
_NO_UTF8 = re.compile("[\udc80-\udcff]+")
_CLOSE = {
    **dict.fromkeys(("iso-8859-1", "latin1", "us-ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    **dict.fromkeys(("ks_c_5601-1987", "euc-kr"), "cp949"),
    **dict.fromkeys(("shift_jis", "x-sjis"), "cp932"),
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e"), "iso-8859-8"),
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
}
"""Charsets whose name stands for a larger one in what people send, as browsers have it."""
_REPLACED = frozenset(
    ["iso-2022-jp", "shift_jis", "euc-jp", "gb2312", "gbk", "gb18030", "big5", "euc-kr", "iso-8859-1"]
)
"""Charsets of which one bad letter does not mean that all is in another."""
_NO_CHARSET = frozenset(
    ["idna", "punycode", "unicode_escape", "raw_unicode_escape", "unicode-escape", "mbcs", "oem"]
)


def _as_utf8(raw: bytes) -> str:
    """UTF-8, and what is none as Windows-1252: both may stand in one line."""
    return _NO_UTF8.sub(_as_windows, raw.decode("utf-8", "surrogateescape"))


def _as_windows(match: re.Match[str]) -> str:
    return match[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def text_in(raw: bytes, charset: str | None) -> str:
    """The text; where the charset is unknown or not true, as UTF-8, and what is none as Windows-1252."""
    name = (charset or "").strip().lower()
    if name not in ("us-ascii", "ascii", *_NO_CHARSET):
        try:
            return raw.decode(_CLOSE.get(name, name or "utf-8"))
        except (LookupError, ValueError):
            pass
    if name in _REPLACED:
        return raw.decode(_CLOSE.get(name, name), "replace")
    return _as_utf8(raw)


def decode_words(field: str) -> str:
    """A header field, unfolded, with its encoded words and its 8-bit letters as text."""
    if not field.isascii():
        field = _as_utf8(field.encode("utf-8", "surrogateescape"))
    return _WORDS.sub(lambda match: _decoded(match[0]), field)


def _decoded(words: str) -> str:
    """Neighbours of one charset are joined before they are decoded: a letter may be parted among them."""
    parts = [(match[1].lower(), _bytes(match[2], match[3]), match[0]) for match in _ONE.finditer(words)]
    text = ""
    for charset, group in groupby(parts, lambda part: part[0]):
        pieces = list(group)
        raws = [raw for _, raw, _ in pieces if raw is not None]
        if len(raws) == len(pieces):
            text += text_in(b"".join(raws), charset)
        else:
            text += " ".join(written for _, _, written in pieces)
    return text


def _bytes(encoding: str, text: str) -> bytes | None:
    try:
        if encoding in "qQ":
            return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)
        bare = re.sub(r"[^A-Za-z0-9+/]", "", text)
        return binascii.a2b_base64(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return None
