"""What algolia_poll.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("algolia_poll.json", 1),
        id="92000001",
        kind=Kind.POLL,
        thread="92000001",
        author="ballot",
        created=Moment(epoch=1582977600),
        title="Left or right?",
        body="Of the road.",
        dialect=Dialect.HN,
        score=9,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("algolia_poll.json", 1),
        id="92000002",
        kind=Kind.POLLOPT,
        parent="92000001",
        author="ballot",
        body="Left",
        dialect=Dialect.HN,
        score=4,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("algolia_poll.json", 1),
        id="92000003",
        kind=Kind.POLLOPT,
        parent="92000001",
        body="Right",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("algolia_poll.json", 1),
        reason="'points' of item 92000003 is 'five', not a whole number; ignored",
    ),
    Problem(
        origin=Origin("algolia_poll.json", 1),
        reason="an option of poll 92000001 without a usable 'id'; skipped",
        skipped=True,
    ),
]
