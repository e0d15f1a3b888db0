"""What sqlite_two.db says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("sqlite_two.db", 1),
        id="97160001",
        kind=Kind.STORY,
        author="ann",
        created=Moment(epoch=1300000000),
        title="Two tables",
        body="of one database",
        dialect=Dialect.HN,
        score=4,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("sqlite_two.db", 1),
        id="97160002",
        kind=Kind.COMMENT,
        parent="97160001",
        thread="97160001",
        author="bob",
        created=Moment(epoch=1300000001),
        body="no state is told here",
        dialect=Dialect.HN,
        ranked=True,
    ),
]
