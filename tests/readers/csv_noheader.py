"""What csv_noheader.csv says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record

expected = [
    Record(
        origin=Origin("csv_noheader.csv", 1),
        id="97030001",
        kind=Kind.COMMENT,
        parent="97030000",
        thread="97030000",
        author="ann",
        created=Moment(epoch=1401350870),
        body="Short &#x27;text&#x27;, and\nmore",
        dialect=Dialect.HN,
        score=1,
        ranked=True,
    ),
    Record(
        origin=Origin("csv_noheader.csv", 3),
        id="97030002",
        kind=Kind.COMMENT,
        parent="97030001",
        thread="97030000",
        author="bob",
        created=Moment(epoch=1401350886),
        body="No",
        dialect=Dialect.HN,
        ranked=True,
    ),
]
