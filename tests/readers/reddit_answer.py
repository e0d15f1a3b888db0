"""What reddit_answer.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("reddit_answer.json", 1),
        id="reddit-t1_c9",
        kind=Kind.COMMENT,
        parent="reddit-t3_h4rb0r",
        thread="reddit-t3_h4rb0r",
        author="dan@reddit",
        created=Moment(epoch=1500000100),
        body="More",
        dialect=Dialect.REDDIT,
        score=4,
        state=State.LIVE,
        original="https://www.reddit.com/r/tides/comments/h4rb0r/high_water/c9/",
    ),
    Record(
        origin=Origin("reddit_answer.json", 1),
        id="reddit-t1_cb",
        kind=Kind.COMMENT,
        parent="reddit-t1_c9",
        thread="reddit-t3_h4rb0r",
        author="eve@reddit",
        created=Moment(epoch=1500000100),
        body="Even more",
        dialect=Dialect.REDDIT,
        score=4,
        state=State.LIVE,
        original="https://www.reddit.com/r/tides/comments/h4rb0r/high_water/cb/",
    ),
    Record(
        origin=Origin("reddit_answer.json", 1),
        id="reddit-t1_cb",
        kind=Kind.COMMENT,
        replies=("reddit-t1_cc",),
    ),
]
