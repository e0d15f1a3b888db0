"""What hits_contained.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("hits_contained.json", 1),
        id="96000011",
        kind=Kind.STORY,
        author="sedge",
        created=Moment(epoch=1400000011),
        title="One shuttle",
        dialect=Dialect.HN,
        score=3,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("hits_contained.json", 1),
        reason="an item without a usable 'id'; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("hits_contained.json", 1),
        id="96000012",
        kind=Kind.STORY,
        author="sedge",
        created=Moment(epoch=1400000012),
        title="Two shuttles",
        dialect=Dialect.HN,
        score=3,
        state=State.LIVE,
    ),
]
