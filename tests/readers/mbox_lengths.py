"""What mbox_lengths.mbox says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("mbox_lengths.mbox", 1),
        id="mail-35f7d56ca9dee835",
        kind=Kind.STORY,
        author="Ann@mail",
        created=Moment(epoch=1370048400),
        title="What I found",
        body="A mailbox:\n\nFrom carl@… Sat Jun  1 02:00:00 2013\nFrom: carl@…\n\nHello",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("mbox_lengths.mbox", 15),
        id="mail-73758550a8d70f72",
        kind=Kind.STORY,
        author="Ann@mail",
        created=Moment(epoch=1370052000),
        title="More",
        body="Its length is wrong.",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("mbox_lengths.mbox", 24),
        id="mail-3d52db1cb5fa7d5f",
        kind=Kind.STORY,
        author="Ann@mail",
        created=Moment(epoch=1370055600),
        title="The end",
        body="Bye.",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
]
