"""What mbox_pipermail.mbox says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("mbox_pipermail.mbox", 1),
        id="mail-1be79fc98e112804",
        kind=Kind.STORY,
        author="Ann Lee@mail",
        created=Moment(epoch=1370043126),
        title="[Boats] Which varnish?",
        body=(
            "Dear all,\n"
            "\n"
            "From what I read, two coats are enough.\n"
            "From the tin:\n"
            "\ttwo coats, or three.\n"
            "\n"
            "Ann\n"
            "\n"
            "-- \n"
            "ann.lee at …\n"
            "http://boats.example"
        ),
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("mbox_pipermail.mbox", 19),
        id="mail-0f70fe9673be3bed",
        kind=Kind.COMMENT,
        parent="mail-1be79fc98e112804",
        author="Bob Müller@mail",
        created=Moment(epoch=1370077200),
        title="[Boats] Which varnish?",
        body=(
            "On Fri, May 31, 2013 at 7:32 PM, Ann Lee <ann.lee at …> wrote:\n"
            "> From what I read, two coats are enough.\n"
            ">From experience: three.\n"
            "-------------- next part --------------\n"
            "A non-text attachment was scrubbed...\n"
            "Name: boat.jpg\n"
            "Type: image/jpeg\n"
            "Size: 31662 bytes\n"
            "Desc: not available\n"
            "URL: <http://boats.example/attachments/20130601/boat.jpg>"
        ),
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("mbox_pipermail.mbox", 38),
        id="mail-0f70fe9673be3bed",
        kind=Kind.COMMENT,
        replies=("mail-d281831726d8e914",),
    ),
    Record(
        origin=Origin("mbox_pipermail.mbox", 38),
        id="mail-dc44981935af6936",
        kind=Kind.COMMENT,
        parent="mail-d281831726d8e914",
        author="Carl@mail",
        created=Moment(epoch=1551103566),
        title="[Boats] Which varnish?",
        body="Write to c@r|@…",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
]
