"""What hnpwa_contained.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("hnpwa_contained.json", 1),
        id="96000021",
        kind=Kind.STORY,
        author="osier",
        created=Moment(epoch=1400000021),
        title="Reed pens",
        dialect=Dialect.HN,
        score=2,
        state=State.LIVE,
        replies=("96000022",),
        ranked=True,
    ),
    Record(
        origin=Origin("hnpwa_contained.json", 1),
        id="96000022",
        kind=Kind.COMMENT,
        parent="96000021",
        thread="96000021",
        author="teasel",
        created=Moment(epoch=1400000022),
        body="Cut when?",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
]
