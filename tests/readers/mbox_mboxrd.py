"""What mbox_mboxrd.mbox says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("mbox_mboxrd.mbox", 1),
        id="mail-bc650707dea32515",
        kind=Kind.STORY,
        author="Lee, Ann@mail",
        created=Moment(epoch=1370064726),
        title="Grüße aus Kiel",
        body="Schöne Grüße an bob@…,\nFrom Kiel.\n>From further away.",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("mbox_mboxrd.mbox", 15),
        id="mail-685ea936aaa49635",
        kind=Kind.COMMENT,
        parent="mail-bc650707dea32515",
        author="bob@mail",
        created=Moment(epoch=1370052000),
        title="Re: Grüße aus Kiel",
        body="Thanks!",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("mbox_mboxrd.mbox", 24),
        id="mail-65a09a515dfb0a21",
        kind=Kind.COMMENT,
        parent="mail-685ea936aaa49635",
        author="Carl@mail",
        created=Moment(epoch=1370055600),
        title="Re: Gruesse aus Kiel",
        body="Me too.",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("mbox_mboxrd.mbox", 33),
        id="mail-fc027b7bf5966492",
        kind=Kind.STORY,
        author="bob@mail",
        created=Moment(epoch=1370057400),
        title="Re: [Boats] gruesse aus kiel",
        body="No id, and no word of whom I answer.",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
]
