"""What user_total.txt says."""

from hnsite.model import Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("user_total.txt", 2),
        id="97110003",
        kind=Kind.COMMENT,
        author="ann_b",
        created=Moment(epoch=1731587400, unit="minute"),
        body=(
            "> a quoted line\n"
            "\n"
            "An answer with a rule:\n"
            "\n"
            "========================================================================\n"
            "and on."
        ),
        state=State.LIVE,
    ),
    Record(
        origin=Origin("user_total.txt", 13),
        id="97110002",
        kind=Kind.COMMENT,
        author="ann_b",
        created=Moment(epoch=1731585600, unit="minute"),
        state=State.LIVE,
    ),
    Record(
        origin=Origin("user_total.txt", 19),
        id="97110001",
        kind=Kind.COMMENT,
        author="ann_b",
        body="A day that never was.",
        state=State.LIVE,
    ),
]
