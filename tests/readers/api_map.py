"""What api_map.json says."""

from hnsite.model import Dialect, Kind, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("api_map.json", 1),
        id="87000001",
        kind=Kind.STORY,
        author="osier",
        title="Baskets that hold water",
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("87000002",),
        ranked=True,
    ),
    Record(
        origin=Origin("api_map.json", 1),
        id="87000002",
        kind=Kind.COMMENT,
        parent="87000001",
        author="willow",
        body="For how long?",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Problem(origin=Origin("api_map.json", 1), reason="null: the API had no such item", skipped=True),
]
