"""A mail's subject -> what it is about, by the rules for base subjects of RFC 5256 (2.1). Pure."""

from __future__ import annotations

import re

_ANSWER = r"(?:re|aw|sv|antw)(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4})?"
_LABEL = r"\[[^\[\]]{0,100}\]\s*"
_LEADER = re.compile(rf"(?i)(?:{_LABEL}){{0,8}}(?:({_ANSWER})|fwd?|wg)\s*(?:{_LABEL})?:\s*")
_LABELLED = re.compile(rf"{_LABEL}(?=\S)")
_TRAILER = re.compile(r"(?i)\s*\(fwd\)\s*$")
_FORWARD = re.compile(r"(?i)\[fwd:(.*)\]")
_ANSWERS = re.compile(rf"(?i)^((?:{_LABEL}){{0,8}})(?:{_ANSWER}\s*:\s*)+")
_LONGEST = 1000


def base_subject(subject: str) -> tuple[str, bool]:
    """(what all subjects of one thread have in common, whether this one says that it answers)."""
    text = " ".join(subject[:_LONGEST].split())
    answers = False
    before = None
    while text != before:
        before = text
        text = _TRAILER.sub("", text)
        if leader := _LEADER.match(text):
            answers = answers or leader[1] is not None
            text = text[leader.end() :]
        elif label := _LABELLED.match(text):
            text = text[label.end() :]
        elif forward := _FORWARD.fullmatch(text):
            text = forward[1].strip()
    return text.casefold(), answers


def answered_subject(subject: str) -> str:
    """The subject as it was before somebody answered it: without ``Re:``, with the list's label."""
    return _ANSWERS.sub(r"\1", " ".join(subject.split())) or subject
