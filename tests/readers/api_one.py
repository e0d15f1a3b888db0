"""What api_one.json says."""

from hnsite.model import Dialect, Kind, Origin, Record, State

expected = [
    Record(
        origin=Origin("api_one.json", 2),
        id="86000001",
        kind=Kind.STORY,
        author="dovecote",
        title="One item, on several lines",
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("86000002",),
        ranked=True,
    ),
]
