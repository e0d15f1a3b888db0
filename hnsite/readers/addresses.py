"""People and addresses of mail: who wrote it, by name, and texts in which no address stands whole.

Of ``alice@example.org`` stays ``alice@…``; of ``alice at example.org``, as Pipermail has it, ``alice at …``.
Message-IDs look like addresses; in the paths of links, where they are useful, those with digits stay.
"""

from __future__ import annotations

import re

from hnsite.readers.charsets import decode_words

_DOMAIN = r"(?:[^\W_](?:[\w-]{0,62})\.){1,10}[^\W\d_][\w-]{1,62}"
_HIDDEN = r"@(?:ending from|end\|ng \|rom)"
"""What Mailman at ETH Zurich made of ``@`` in later years; it also replaced letters, even in Message-IDs."""
_SIGN = r"(?:@|%40|&#0{0,4}64;|&#[xX]0{0,4}40;|&commat;)"
_WHOLE = re.compile(rf"{_SIGN}{_DOMAIN}")
_SAID = re.compile(rf" (?:at|AT)[ \n](?!www\.){_DOMAIN}(?![\w/(])")
_SPELLED = re.compile(
    r"\s?[\[({<]\s?(?:at|AT|@)\s?[\])}>]\s?[\w-]+(?:\s?(?:\.|[\[({<]\s?(?:dot|DOT)\s?[\])}>])\s?[\w-]+)*"
)
_OBSCURED = re.compile(rf"\ ?{_HIDDEN}\ ?[^\s<>()\"]+")
_BEFORE = re.compile(r"[\w.+-]+\Z")
_LINK_BEFORE = re.compile(r"https?://[^\s<>\"]*\Z")
_FAR = 300
"""Characters before an address in which it may turn out to be part of a link."""
_ENDS_LOCAL = frozenset("_+.=-")
_PROSE = frozenset(
    """
    about access again aim all and are arrived as available be been best blog both bug bugs but by call
    can check cloned code contact created data demo details directly discussed docs documentation
    download downloaded else error example examples failed file files find first for forum found free
    github guess hello help here home hosted html info is issue issues it job just kept last latest
    learn live lives located look looked looking manual mirror mirrors more most not now off one online
    only or out package packages page pages posted present project published questions read reads repo
    repository resides see seen server site sites slides so source sources starting stored summary that
    them there these this tutorial up us version visit was web webpage website were wiki work working
    works you
    """.split()  # noqa: SIM905
)
"""Words before "at" that tell where something is, not who somebody is."""
_MAILTO = re.compile(r"(?i)\bhref\s*=\s*(?:\"\s*mailto:[^\"]*\"|'\s*mailto:[^']*'|mailto:[^\s>]*)")
_PIPERMAIL = re.compile(rf"\s*(\S+\s(?:at|{_HIDDEN})\s\S+)\s*(?:\((.*)\))?\s*", re.DOTALL)
_ANGLES = re.compile(r"([^<]*)<([^<>]*)>?")
_COMMENT = re.compile(r"\s*([^\s()]+)\s*\((.*)\)\s*", re.DOTALL)
_LIST = re.compile(r"(.*\S)\s+via\s+\S.*", re.DOTALL)
_LOCAL = re.compile(rf"\s*([^\s@<>]+?)\s?(?:{_HIDDEN}|@|\sat\s).*", re.DOTALL)
_LONGEST = 1000


def masked(text: str) -> str:
    """The text with every address cut off behind its ``@``."""
    if "@" in text or "&" in text or "%40" in text:
        text = _WHOLE.sub(_mask, _OBSCURED.sub(_cut, text))
    if " at" in text or " AT" in text:
        text = _SAID.sub(_mask_said, text)
    return _SPELLED.sub(_cut, text)


def masked_html(html: str) -> str:
    """HTML without addresses, also in links that would write a mail."""
    return masked(_MAILTO.sub("", html))


def _cut(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    return match[0] if not before or before.isspace() or before in "([{<" else "@…"


def _mask(match: re.Match[str]) -> str:
    text, start = match.string, match.start()
    if text[start - 1 : start] not in _ENDS_LOCAL and not text[start - 1 : start].isalnum():
        return match[0]
    link = _LINK_BEFORE.search(text, max(0, start - _FAR), start)
    if link and link[0].rpartition("/")[2].isascii() and _is_message_id(link[0]):
        return match[0]
    return "@…"


def _is_message_id(link: str) -> bool:
    """Whether what stands before ``@`` in a link is a part of its path that no person is called."""
    name = link.rpartition("/")[2]
    return any(map(str.isdigit, name)) and not any(sign in link for sign in "?&=;,")


def _mask_said(match: re.Match[str]) -> str:
    """``ann at example.org``, where that is not said of something that is at example.org."""
    word = _BEFORE.search(match.string, max(0, match.start() - 64), match.start())
    is_prose = not word or word[0].lower().strip(".-") in _PROSE
    return match[0] if is_prose else f"{match[0][:4]}…"


def author_of(field: str) -> str | None:
    """Whom a ``From`` field names: a name, or else what stands before the ``@``."""
    field = field[:_LONGEST]
    name, address = _parted(field)
    name = _unquoted(" ".join(decode_words(_unquoted(name)).split()))
    if found := _LIST.fullmatch(name):  # lists that must not forge senders write "Ann Lee via the-list"
        name = _unquoted(found[1])
    whole = _LOCAL.fullmatch(name)
    if whole and masked(name) != name and " " not in masked(name).replace(" at ", ""):
        name = whole[1]
    return masked(name).strip() or _local(address) or None


def _parted(field: str) -> tuple[str, str]:
    """(name, address), both as written."""
    if found := _PIPERMAIL.fullmatch(field):
        return found[2] or "", found[1]
    if found := _ANGLES.match(field):
        return found[1], found[2]
    if found := _COMMENT.fullmatch(field):
        return found[2], found[1]
    return ("", field) if "@" in field else (field, "")


def _unquoted(name: str) -> str:
    name = name.strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        return re.sub(r"\\(.)", r"\1", name[1:-1]).strip()
    return name


def _local(address: str) -> str:
    found = _LOCAL.fullmatch(address)
    return found[1] if found else " ".join(address.split())
