"""What parquet_clickhouse.parquet says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("parquet_clickhouse.parquet", 1),
        id="97140001",
        kind=Kind.STORY,
        author="ann",
        created=Moment(epoch=1300000000),
        title="A kettle",
        dialect=Dialect.HN,
        score=4,
        state=State.LIVE,
        replies=("97140002",),
        ranked=True,
    ),
    Record(
        origin=Origin("parquet_clickhouse.parquet", 2),
        id="97140002",
        kind=Kind.COMMENT,
        parent="97140001",
        author="bob",
        created=Moment(epoch=1300000001),
        body="as bytes",
        dialect=Dialect.HN,
        state=State.DEAD,
        ranked=True,
    ),
]
