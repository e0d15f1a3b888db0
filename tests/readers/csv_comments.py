"""What csv_comments.csv says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("csv_comments.csv", 2),
        id="97010002",
        kind=Kind.COMMENT,
        parent="97010001",
        author="ann",
        created=Moment(epoch=1300000000),
        body="second; by rank",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("csv_comments.csv", 3),
        id="97010003",
        kind=Kind.COMMENT,
        parent="97010001",
        author="bob",
        created=Moment(epoch=1300000001),
        body="first, by rank",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("csv_comments.csv", 4),
        id="97010004",
        kind=Kind.COMMENT,
        parent="97010002",
        created=Moment(epoch=1300000002),
        dialect=Dialect.HN,
        state=State.DELETED,
        ranked=True,
    ),
    Record(
        origin=Origin("csv_comments.csv", 5),
        id="97010005",
        kind=Kind.COMMENT,
        parent="97010003",
        author="carl",
        created=Moment(epoch=1300000003),
        body="NULL and nothing",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("csv_comments.csv", 1),
        id="97010001",
        kind=Kind.STORY,
        replies=("97010003", "97010002"),
        ranked=True,
    ),
]
