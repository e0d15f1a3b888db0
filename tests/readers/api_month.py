"""What api_month.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("api_month.json", 1),
        id="87200002",
        kind=Kind.COMMENT,
        parent="87200001",
        author="willow",
        created=Moment(epoch=1700000000),
        body="A comment of some month; its story is elsewhere.",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_month.json", 1),
        id="87200003",
        kind=Kind.COMMENT,
        parent="87200002",
        author="osier",
        body="Both have no type.",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
]
