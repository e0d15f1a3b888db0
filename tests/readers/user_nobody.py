"""What user_nobody.txt says."""

from hnsite.model import Kind, Moment, Origin, Problem, Record, State

expected = [
    Problem(
        origin=Origin("user_nobody.txt", 1),
        reason="not understood, no comment: what is this",
        skipped=True,
    ),
    Record(
        origin=Origin("user_nobody.txt", 3),
        id="97120001",
        kind=Kind.COMMENT,
        created=Moment(epoch=1731587400, unit="minute"),
        body="Cut off at the en",
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("user_nobody.txt", 1),
        reason="no last line 'Total: 12 comments by <name>': it is not known who wrote these",
    ),
]
