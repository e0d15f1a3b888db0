"""What reddit_posts.ndjson says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("reddit_posts.ndjson", 1),
        id="reddit-t3_2qyr1a",
        kind=Kind.STORY,
        author="ann@reddit",
        created=Moment(epoch=1420070300),
        title="Year's & tides",
        url="http://tide.example/a?b=1&c=2",
        dialect=Dialect.REDDIT,
        score=10,
        state=State.LIVE,
        captured=1440070300,
        original="https://www.reddit.com/r/tides/comments/2qyr1a/years_tides/",
    ),
    Record(
        origin=Origin("reddit_posts.ndjson", 2),
        id="reddit-t3_17vpics",
        kind=Kind.STORY,
        author="bob@reddit",
        created=Moment(epoch=1700000000),
        title="Pictures",
        url="https://www.reddit.com/gallery/17vpics",
        dialect=Dialect.REDDIT,
        score=5,
        state=State.LIVE,
        captured=1700129700,
        edited=Moment(epoch=1700000050),
        original="https://www.reddit.com/r/tides/comments/17vpics/pictures/",
    ),
    Record(
        origin=Origin("reddit_posts.ndjson", 3),
        id="reddit-t3_17vspam",
        kind=Kind.STORY,
        author="cid@reddit",
        created=Moment(epoch=1700000001),
        dialect=Dialect.REDDIT,
        score=1,
        state=State.DEAD,
        captured=1700000021,
        original="https://www.reddit.com/r/tides/comments/17vspam/buy/",
    ),
]
