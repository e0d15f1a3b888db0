"""What discord_behind.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("discord_behind.json", 2),
        id="discord-channel-1064990764406419508",
        kind=Kind.STORY,
        created=Moment(epoch=1673983984),
        title="Harbour: #tides",
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        original="https://discord.com/channels/1/1064990764406419508",
    ),
    Record(
        origin=Origin("discord_behind.json", 2),
        id="discord-1064990764406419600",
        kind=Kind.COMMENT,
        parent="discord-channel-1064990764406419508",
        thread="discord-channel-1064990764406419508",
        author="ann@discord",
        created=Moment(epoch=1673983984),
        body="High water at noon.",
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        original="https://discord.com/channels/1/1064990764406419508/1064990764406419600",
    ),
    Problem(
        origin=Origin("discord_behind.json", 10),
        reason="not a channel: no object with 'messages'; skipped",
        skipped=True,
    ),
]
