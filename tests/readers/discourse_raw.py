"""What discourse_raw.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("discourse_raw.json", 1),
        id="discourse-44",
        kind=Kind.STORY,
        title="Tide tables & more",
    ),
    Record(
        origin=Origin("discourse_raw.json", 1),
        id="discourse-44-3",
        kind=Kind.COMMENT,
        parent="discourse-44-2",
        thread="discourse-44",
        author="ann@discourse",
        created=Moment(epoch=1614765600),
        body='Post *3*, see [quote="ann, post:2"]x[/quote]',
        dialect=Dialect.MARKDOWN,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/3",
    ),
    Record(
        origin=Origin("discourse_raw.json", 1),
        id="discourse-44-2",
        kind=Kind.COMMENT,
        parent="discourse-44",
        thread="discourse-44",
        author="Bob.B@discourse",
        created=Moment(epoch=1614679200),
        body="<p>Post 2.</p>",
        dialect=Dialect.HTML,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/2",
    ),
]
