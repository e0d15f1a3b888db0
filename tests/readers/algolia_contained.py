"""What algolia_contained.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("algolia_contained.json", 1),
        id="96000001",
        kind=Kind.STORY,
        thread="96000001",
        author="sedge",
        created=Moment(epoch=1400000001),
        title="A net of nettles",
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("96000002",),
    ),
    Record(
        origin=Origin("algolia_contained.json", 1),
        id="96000002",
        kind=Kind.COMMENT,
        parent="96000001",
        author="osier",
        created=Moment(epoch=1400000002),
        body="Does it sting?",
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("96000003",),
    ),
    Record(
        origin=Origin("algolia_contained.json", 1),
        id="96000003",
        kind=Kind.COMMENT,
        parent="96000002",
        author="sedge",
        created=Moment(epoch=1400000003),
        body="Not when dry.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("algolia_contained.json", 1),
        id="96000004",
        kind=Kind.COMMENT,
        author="teasel",
        created=Moment(epoch=1400000004),
        body="Alone.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("algolia_contained.json", 1),
        reason="an item without a usable 'id'; skipped",
        skipped=True,
    ),
]
