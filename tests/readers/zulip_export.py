"""What zulip_export.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("zulip_export.json", 1),
        id="zulip-r3-0e714fd92f75",
        kind=Kind.STORY,
        created=Moment(epoch=1600000000),
        title="#recipient 3 > tides",
        state=State.LIVE,
    ),
    Record(
        origin=Origin("zulip_export.json", 1),
        id="zulip-61",
        kind=Kind.COMMENT,
        parent="zulip-r3-0e714fd92f75",
        thread="zulip-r3-0e714fd92f75",
        author="user 8@zulip",
        created=Moment(epoch=1600000000),
        body="<p><strong>High</strong> water?</p>",
        dialect=Dialect.HTML,
        state=State.LIVE,
        edited=Moment(epoch=1600000500),
    ),
    Record(
        origin=Origin("zulip_export.json", 1),
        id="zulip-62",
        kind=Kind.COMMENT,
        parent="zulip-r3-0e714fd92f75",
        thread="zulip-r3-0e714fd92f75",
        author="user 9@zulip",
        created=Moment(epoch=1600000060),
        body="At *noon*.",
        dialect=Dialect.MARKDOWN,
        state=State.LIVE,
    ),
]
