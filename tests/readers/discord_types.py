"""What discord_types.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("discord_types.json", 1),
        id="discord-channel-1064990764406419508",
        kind=Kind.STORY,
        created=Moment(epoch=1673983984),
        title="#harbour",
        body='All about the **"messages": [** of the sea',
        dialect=Dialect.DISCORD,
        state=State.LIVE,
    ),
    Problem(origin=Origin("discord_types.json", 1), reason="'guild' is 5, not an object; ignored"),
    Problem(origin=Origin("discord_types.json", 1), reason="'exportedAt' is 'x', not a date; ignored"),
    Problem(
        origin=Origin("discord_types.json", 1),
        reason="not a message: no JSON object; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("discord_types.json", 1),
        reason="a message without a usable 'id'; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("discord_types.json", 1),
        id="discord-9",
        kind=Kind.COMMENT,
        parent="discord-channel-1064990764406419508",
        thread="discord-channel-1064990764406419508",
        body="[5]",
        dialect=Dialect.DISCORD,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("discord_types.json", 1),
        reason="'timestamp' of item 9 is 'soon', not a date; ignored",
    ),
    Problem(origin=Origin("discord_types.json", 1), reason="'content' of item 9 is 5, not text; ignored"),
    Record(
        origin=Origin("discord_types.json", 1),
        id="discord-1064991070322180100",
        kind=Kind.COMMENT,
        parent="discord-channel-1064990764406419508",
        thread="discord-channel-1064990764406419508",
        created=Moment(epoch=1673984057),
        body="<@5> �",
        dialect=Dialect.DISCORD,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("discord_types.json", 1),
        reason="not a message: no JSON object; skipped",
        skipped=True,
    ),
]
