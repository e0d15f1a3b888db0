"""What zulip_types.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Problem(
        origin=Origin("zulip_types.json", 2),
        reason="a message without a usable 'id'; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("zulip_types.json", 8),
        id="zulip-topic-cfb190138737",
        kind=Kind.STORY,
        title="zulip_types",
        state=State.LIVE,
    ),
    Record(
        origin=Origin("zulip_types.json", 8),
        id="zulip-7",
        kind=Kind.COMMENT,
        parent="zulip-topic-cfb190138737",
        thread="zulip-topic-cfb190138737",
        dialect=Dialect.HTML,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("zulip_types.json", 8),
        reason="'sender_full_name' of item 7 is 5, not text; ignored",
    ),
    Problem(
        origin=Origin("zulip_types.json", 8),
        reason="'timestamp' of item 7 is -1, not a time in seconds; ignored",
    ),
    Problem(
        origin=Origin("zulip_types.json", 8),
        reason="'content' of item 7 is an object, not text; ignored",
    ),
    Problem(
        origin=Origin("zulip_types.json", 16),
        reason="not a message: no JSON object; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("zulip_types.json", 17),
        id="zulip-8",
        kind=Kind.COMMENT,
        parent="zulip-topic-cfb190138737",
        thread="zulip-topic-cfb190138737",
        created=Moment(epoch=1600000000),
        dialect=Dialect.HTML,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("zulip_types.json", 23),
        reason="a message without a usable 'id'; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("zulip_types.json", 23),
        id="zulip-r0-986e5df2555a",
        kind=Kind.STORY,
        title="#recipient 0 > (no topic)",
        state=State.LIVE,
    ),
    Record(
        origin=Origin("zulip_types.json", 23),
        id="zulip-9",
        kind=Kind.COMMENT,
        parent="zulip-r0-986e5df2555a",
        thread="zulip-r0-986e5df2555a",
        dialect=Dialect.MARKDOWN,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("zulip_types.json", 23),
        reason="'sender' of item 9 is 'x', not a whole number; ignored",
    ),
    Problem(
        origin=Origin("zulip_types.json", 23),
        reason="'recipient' of item 9 is a list, not a whole number; ignored",
    ),
    Problem(
        origin=Origin("zulip_types.json", 23),
        reason="'date_sent' of item 9 is 'now', not a time; ignored",
    ),
    Problem(origin=Origin("zulip_types.json", 34), reason="not a message; skipped", skipped=True),
]
