"""What hits_rows.ndjson says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("hits_rows.ndjson", 1),
        id="97070002",
        kind=Kind.COMMENT,
        parent="97070001",
        thread="97070001",
        author="bob",
        created=Moment(epoch=1300000000),
        body="one a line",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("hits_rows.ndjson", 1),
        id="97070001",
        kind=Kind.STORY,
        thread="97070001",
        title="A kettle",
    ),
    Record(
        origin=Origin("hits_rows.ndjson", 2),
        id="97070003",
        kind=Kind.COMMENT,
        parent="97070002",
        thread="97070001",
        author="ann",
        created=Moment(epoch=1300000001),
        body="the same story",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("hits_rows.ndjson", 3),
        id="97070004",
        kind=Kind.STORY,
        author="eve",
        created=Moment(epoch=1300000002),
        title="in an answer",
        dialect=Dialect.HN,
        score=2,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("hits_rows.ndjson", 4),
        id="97070005",
        kind=Kind.STORY,
        author="eve",
        created=Moment(epoch=1300000003),
        title="in one of several",
        dialect=Dialect.HN,
        score=3,
        state=State.LIVE,
    ),
]
