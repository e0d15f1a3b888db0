"""What reddit_single.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("reddit_single.json", 1),
        id="reddit-t1_c2",
        kind=Kind.COMMENT,
        parent="reddit-t3_h4rb0r",
        thread="reddit-t3_h4rb0r",
        author="bob@reddit",
        created=Moment(epoch=1500000100),
        body="Raw: 1 < 2 & 3 > 2 &gt;",
        dialect=Dialect.REDDIT,
        score=4,
        state=State.LIVE,
        original="https://www.reddit.com/r/tides/comments/h4rb0r/high_water/c2/",
    ),
]
