"""What api_row.json says."""

from hnsite.model import Dialect, Kind, Origin, Record, State

expected = [
    Record(
        origin=Origin("api_row.json", 1),
        id="89000001",
        kind=Kind.COMMENT,
        author="plover",
        body="one",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_row.json", 1),
        id="89000002",
        kind=Kind.COMMENT,
        author="lapwing",
        body="two",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_row.json", 2),
        id="89000003",
        kind=Kind.COMMENT,
        author="plover",
        body="three",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
]
