"""What sqlite_items.db says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("sqlite_items.db", 1),
        id="97150001",
        kind=Kind.STORY,
        author="ann",
        created=Moment(epoch=1300000000),
        title="Tea & kettles",
        url="http://kettles.example/i",
        dialect=Dialect.HN,
        score=9,
        state=State.LIVE,
        replies=("97150003", "97150002"),
        ranked=True,
    ),
    Record(
        origin=Origin("sqlite_items.db", 2),
        id="97150002",
        kind=Kind.COMMENT,
        parent="97150001",
        author="bob",
        created=Moment(epoch=1300000001),
        body="Mine is blue",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("sqlite_items.db", 3),
        id="97150003",
        kind=Kind.COMMENT,
        parent="97150001",
        created=Moment(epoch=1300000002),
        dialect=Dialect.HN,
        state=State.DELETED,
        ranked=True,
    ),
    Record(
        origin=Origin("sqlite_items.db", 4),
        id="97150004",
        kind=Kind.COMMENT,
        parent="97150001",
        author="eve",
        body="café",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Problem(
        origin=Origin("sqlite_items.db", 4),
        reason="'time' of item 97150004 is 'noon', not a time; ignored",
    ),
]
