"""What api_post.json says."""

from hnsite.model import Dialect, Kind, Origin, Record, State

expected = [
    Record(
        origin=Origin("api_post.json", 1),
        id="87100001",
        kind=Kind.STORY,
        author="osier",
        title="Baskets that hold air",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_post.json", 1),
        id="87100002",
        kind=Kind.COMMENT,
        parent="87100001",
        author="willow",
        body="Easily done.",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
]
