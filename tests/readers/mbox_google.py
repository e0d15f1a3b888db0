"""What mbox_google.mbox says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("mbox_google.mbox", 1),
        id="mail-528297396e84b614",
        kind=Kind.STORY,
        author="Ann Lee@mail",
        created=Moment(epoch=737240940),
        title="Oars",
        body="Ash or spruce?",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("mbox_google.mbox", 12),
        id="mail-cba7c4c5e6644c05",
        kind=Kind.COMMENT,
        parent="mail-528297396e84b614",
        author="Bob@mail",
        created=Moment(epoch=737280000),
        title="Re: Oars",
        body="In article <1993May12.1@…> ann@… writes:\n> Ash or spruce?\n\nSpruce.",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
]
