"""What slack_dump.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("slack_dump.json", 1),
        id="slack-c0sea",
        kind=Kind.STORY,
        title="#sea",
        dialect=Dialect.SLACK,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("slack_dump.json", 1),
        id="slack-c0sea-1600000100000300",
        kind=Kind.COMMENT,
        parent="slack-c0sea",
        thread="slack-c0sea",
        author="U0ANN@slack",
        created=Moment(epoch=1600000100),
        body="top",
        dialect=Dialect.SLACK,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("slack_dump.json", 1),
        id="slack-c0sea-1600000200000400",
        kind=Kind.COMMENT,
        parent="slack-c0sea-1600000100000300",
        thread="slack-c0sea",
        author="U0BOB@slack",
        created=Moment(epoch=1600000200),
        body="below",
        dialect=Dialect.SLACK,
        state=State.LIVE,
    ),
]
