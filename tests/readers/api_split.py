"""What api_split.json says."""

from hnsite.model import Dialect, Kind, Origin, Record, State

expected = [
    Record(
        origin=Origin("api_split.json", 1),
        id="95000041",
        kind=Kind.STORY,
        author="sedge",
        title="Two shuttles",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_split.json", 1),
        id="95000042",
        kind=Kind.COMMENT,
        parent="95000041",
        author="teasel",
        body="One is enough.",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_split.json", 2),
        id="95000051",
        kind=Kind.STORY,
        author="sedge",
        title="Two shuttles",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_split.json", 2),
        id="95000052",
        kind=Kind.COMMENT,
        parent="95000051",
        author="teasel",
        body="One is enough.",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
]
