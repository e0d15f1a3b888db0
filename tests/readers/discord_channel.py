"""What discord_channel.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("discord_channel.json", 1),
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
    Record(
        origin=Origin("discord_channel.json", 21),
        id="discord-1064990775659729017",
        kind=Kind.COMMENT,
        parent="discord-channel-1064990764406419508",
        thread="discord-channel-1064990764406419508",
        author="ann#1234@discord",
        created=Moment(epoch=1673983987),
        body="Is it **high**? @Bob <:sea:99>",
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        captured=1675209600,
        edited=Moment(epoch=1673980800),
        original="https://discord.com/channels/77/1064990764406419508/1064990775659729017",
    ),
    Record(
        origin=Origin("discord_channel.json", 56),
        id="discord-1064990824305274930",
        kind=Kind.COMMENT,
        parent="discord-1064990775659729017",
        thread="discord-channel-1064990764406419508",
        author="bob@discord",
        created=Moment(epoch=1673983987),
        body="Yes ||noon||",
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        captured=1675209600,
        original="https://discord.com/channels/77/1064990764406419508/1064990824305274930",
    ),
    Record(
        origin=Origin("discord_channel.json", 86),
        id="discord-1064991038751649806",
        kind=Kind.COMMENT,
        parent="discord-channel-1064990764406419508",
        thread="discord-channel-1064990764406419508",
        author="bob@discord",
        created=Moment(epoch=1673983987),
        body="Pinned a message.",
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        captured=1675209600,
        original="https://discord.com/channels/77/1064990764406419508/1064991038751649806",
    ),
    Record(
        origin=Origin("discord_channel.json", 115),
        id="discord-1064991070322180096",
        kind=Kind.COMMENT,
        parent="discord-1",
        thread="discord-channel-1064990764406419508",
        author="ann@discord",
        created=Moment(epoch=1673983987),
        body=(
            "[\\[file: t\\_\\[1\\].png\\]](<https://cdn.discord.example/t_1.png>)\n"
            "\n"
            "\\[file: local.png\\]\n"
            "\n"
            "[sticker: Laugh]"
        ),
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        captured=1675209600,
        original="https://discord.com/channels/77/1064990764406419508/1064991070322180096",
    ),
    Record(
        origin=Origin("discord_channel.json", 164),
        id="discord-1064991070322180097",
        kind=Kind.COMMENT,
        parent="discord-channel-1064990764406419508",
        thread="discord-channel-1064990764406419508",
        author="ann@discord",
        created=Moment(epoch=1673983987),
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        captured=1675209600,
        original="https://discord.com/channels/77/1064990764406419508/1064991070322180097",
    ),
    Record(
        origin=Origin("discord_channel.json", 193),
        id="discord-1064991070322180098",
        kind=Kind.COMMENT,
        parent="discord-channel-1064990764406419508",
        thread="discord-channel-1064990764406419508",
        author="tidebot@discord",
        created=Moment(epoch=1673983987),
        body=(
            "https://tide.example/\n"
            "\n"
            "> Tide\\_s\n"
            "> [Tables](<https://tide.example/>)\n"
            "> High at *noon*\n"
            "> Low at six\n"
            "> Port\n"
            "> North\n"
            "> [\\[picture\\]](<https://tide.example/5.png>)\n"
            "> today\n"
            "\n"
            "[\\[More\\]](<https://tide.example/more>)"
        ),
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        captured=1675209600,
        original="https://discord.com/channels/77/1064990764406419508/1064991070322180098",
    ),
    Record(
        origin=Origin("discord_channel.json", 258),
        id="discord-1064991070322180099",
        kind=Kind.COMMENT,
        parent="discord-channel-1064990764406419508",
        thread="discord-channel-1064990764406419508",
        author="bob@discord",
        created=Moment(epoch=1673983987),
        body="look\n\nForwarded:\n\n> High at\n> noon",
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        captured=1675209600,
        original="https://discord.com/channels/77/1064990764406419508/1064991070322180099",
    ),
    Record(
        origin=Origin("discord_channel.json", 295),
        id="discord-1064991070322180100",
        kind=Kind.COMMENT,
        parent="discord-channel-1064990764406419508",
        thread="discord-channel-1064990764406419508",
        author="bob@discord",
        created=Moment(epoch=1673983987),
        body="[8]",
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        captured=1675209600,
        original="https://discord.com/channels/77/1064990764406419508/1064991070322180100",
    ),
    Record(
        origin=Origin("discord_channel.json", 319),
        id="discord-1064991070322180101",
        kind=Kind.COMMENT,
        parent="discord-channel-1064990764406419508",
        thread="discord-channel-1064990764406419508",
        author="bob@discord",
        created=Moment(epoch=1673983987),
        body="from another channel",
        dialect=Dialect.DISCORD,
        state=State.LIVE,
        captured=1675209600,
        original="https://discord.com/channels/77/1064990764406419508/1064991070322180101",
    ),
]
