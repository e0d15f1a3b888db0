"""What mail_latin.eml says."""

from hnsite.model import Dialect, Kind, Origin, Record, State

expected = [
    Record(
        origin=Origin("mail_latin.eml", 1),
        id="mail-df14895e45ab544e",
        kind=Kind.STORY,
        author="Zoë@mail",
        title="café",
        body="X-Odd\nTo: x@…\n\nnaïve",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
]
