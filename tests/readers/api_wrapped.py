"""What api_wrapped.ndjson says."""

from hnsite.model import Dialect, Kind, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("api_wrapped.ndjson", 1),
        id="87300001",
        kind=Kind.COMMENT,
        parent="87300000",
        author="reed",
        body="Taken at a stated time.",
        dialect=Dialect.HN,
        state=State.LIVE,
        captured=1700001000,
        ranked=True,
    ),
    Record(
        origin=Origin("api_wrapped.ndjson", 2),
        id="87300002",
        kind=Kind.COMMENT,
        parent="87300001",
        author="rush",
        body="Taken at a time in words.",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Problem(origin=Origin("api_wrapped.ndjson", 3), reason="null: the API had no such item", skipped=True),
]
