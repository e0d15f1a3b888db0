"""What reddit_collection.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("reddit_collection.json", 1),
        id="reddit-t3_col1",
        kind=Kind.STORY,
        author="ann@reddit",
        created=Moment(epoch=1550000000),
        title="First of a series",
        body="One.",
        dialect=Dialect.REDDIT,
        state=State.LIVE,
        original="https://www.reddit.com/r/boats/comments/col1/first/",
    ),
]
