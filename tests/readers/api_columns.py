"""What api_columns.json says."""

from hnsite.model import Dialect, Kind, Origin, Record, State

expected = [
    Record(
        origin=Origin("api_columns.json", 1),
        id="95000031",
        kind=Kind.STORY,
        author="sedge",
        title="Two shuttles",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_columns.json", 1),
        id="95000032",
        kind=Kind.COMMENT,
        parent="95000031",
        author="teasel",
        body="One is enough.",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_columns.json", 2),
        id="95000033",
        kind=Kind.STORY,
        author="sedge",
        title="Two shuttles",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_columns.json", 2),
        id="95000034",
        kind=Kind.COMMENT,
        parent="95000031",
        author="teasel",
        body="One is enough.",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
]
