"""What discourse_post.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("discourse_post.json", 1),
        id="discourse-44",
        kind=Kind.STORY,
        title="Tide tables & more",
    ),
    Record(
        origin=Origin("discourse_post.json", 1),
        id="discourse-44-3",
        kind=Kind.COMMENT,
        parent="discourse-44-2",
        thread="discourse-44",
        author="ann@discourse",
        created=Moment(epoch=1614765600),
        body="<p>Post 3.</p>",
        dialect=Dialect.HTML,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/3",
    ),
]
