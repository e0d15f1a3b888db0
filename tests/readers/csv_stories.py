"""What csv_stories.csv says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record

expected = [
    Record(
        origin=Origin("csv_stories.csv", 2),
        id="97020001",
        kind=Kind.STORY,
        author="ann",
        created=Moment(epoch=1300000000),
        title="Tea & kettles",
        url="http://kettles.example/b",
        domain="kettles.example",
        dialect=Dialect.HN,
        score=7,
        ranked=True,
    ),
    Record(
        origin=Origin("csv_stories.csv", 3),
        id="97020002",
        kind=Kind.STORY,
        author="bob",
        created=Moment(epoch=1299974400, unit="day"),
        title="Ask: no address",
        dialect=Dialect.HN,
        score=1,
        ranked=True,
    ),
]
