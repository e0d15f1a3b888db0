"""What discord_cut.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("discord_cut.json", 1),
        id="discord-channel-1064990764406419508",
        kind=Kind.STORY,
        created=Moment(epoch=1673983984),
        title="Tides: #harbour",
        body='All about the **"messages": [** of the sea',
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        captured=1675209600,
        original="https://discord.com/channels/77/1064990764406419508",
    ),
    Problem(origin=Origin("discord_cut.json", 21), reason="broken JSON: this value has no end", skipped=True),
    Problem(
        origin=Origin("discord_cut.json", 44),
        reason="broken JSON: the file ends in the middle of this value",
        skipped=True,
    ),
]
