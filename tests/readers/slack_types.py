"""What slack_types.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("slack_types.json", 1),
        id="slack-channel",
        kind=Kind.STORY,
        title="Slack",
        dialect=Dialect.SLACK,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("slack_types.json", 1),
        id="slack-channel-1600000100000300",
        kind=Kind.COMMENT,
        parent="slack-channel",
        thread="slack-channel",
        created=Moment(epoch=1600000100),
        dialect=Dialect.SLACK,
        state=State.LIVE,
    ),
    Problem(origin=Origin("slack_types.json", 1), reason="'user' is 5, not text; ignored"),
    Problem(origin=Origin("slack_types.json", 1), reason="'text' is a list, not text; ignored"),
    Problem(
        origin=Origin("slack_types.json", 1),
        reason="a message without a usable 'ts'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("slack_types.json", 1),
        reason="a message without a usable 'ts'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("slack_types.json", 1),
        reason="not a message: no JSON object; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("slack_types.json", 1),
        id="slack-channel-1600000101000300",
        kind=Kind.COMMENT,
        parent="slack-channel",
        thread="slack-channel",
        created=Moment(epoch=1600000101),
        body="�<@U0",
        dialect=Dialect.SLACK,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("slack_types.json", 1),
        reason="a message without a usable 'ts'; skipped",
        skipped=True,
    ),
]
