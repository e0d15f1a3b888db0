"""What csv_slashed.csv says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record

expected = [
    Record(
        origin=Origin("csv_slashed.csv", 2),
        id="98000001",
        kind=Kind.STORY,
        author="sedge",
        created=Moment(epoch=1400000001),
        title='A "net", of nettles',
        dialect=Dialect.HN,
        ranked=True,
    ),
    Record(
        origin=Origin("csv_slashed.csv", 3),
        id="98000002",
        kind=Kind.COMMENT,
        parent="98000001",
        author="osier",
        created=Moment(epoch=1400000002),
        body='He said "dry first", then\n"twist", and \\ no more.',
        dialect=Dialect.HN,
        ranked=True,
    ),
    Record(
        origin=Origin("csv_slashed.csv", 5),
        id="98000003",
        kind=Kind.COMMENT,
        parent="98000002",
        created=Moment(epoch=1400000003),
        body="plain",
        dialect=Dialect.HN,
        ranked=True,
    ),
]
