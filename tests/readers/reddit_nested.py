"""What reddit_nested.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("reddit_nested.json", 1),
        id="reddit-t3_kept",
        kind=Kind.STORY,
        author="ann@reddit",
        created=Moment(epoch=1600000000),
        title="Kept by a downloader",
        url="https://tide.example/kept",
        dialect=Dialect.REDDIT,
        score=5,
        state=State.LIVE,
        original="https://www.reddit.com/r/tides/comments/k3pt01/kept/",
    ),
    Record(
        origin=Origin("reddit_nested.json", 1),
        id="reddit-t1_g1",
        kind=Kind.COMMENT,
        parent="reddit-t3_k3pt01",
        thread="reddit-t3_k3pt01",
        author="bob@reddit",
        created=Moment(epoch=1600000100),
        body="One",
        dialect=Dialect.REDDIT,
        score=2,
        state=State.LIVE,
        replies=("reddit-t1_g2",),
        ranked=True,
        original="https://www.reddit.com/comments/k3pt01/_/g1/",
    ),
    Record(
        origin=Origin("reddit_nested.json", 1),
        id="reddit-t1_g2",
        kind=Kind.COMMENT,
        parent="reddit-t1_g1",
        thread="reddit-t3_k3pt01",
        author="ann@reddit",
        created=Moment(epoch=1600000200),
        body="Two",
        dialect=Dialect.REDDIT,
        score=2,
        state=State.LIVE,
        original="https://www.reddit.com/comments/k3pt01/_/g2/",
    ),
]
