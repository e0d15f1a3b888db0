"""What discourse_types.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("discourse_types.json", 1),
        id="discourse-44",
        kind=Kind.STORY,
        state=State.LIVE,
        original="https://talk.tide.example/t/-/44",
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="'title' of item 44 is a list, not text; ignored",
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="'created_at' of item 44 is 'soon', not a date; ignored",
    ),
    Problem(origin=Origin("discourse_types.json", 1), reason="'slug' of item 44 is 7, not text; ignored"),
    Record(
        origin=Origin("discourse_types.json", 1),
        id="discourse-44",
        kind=Kind.STORY,
        thread="discourse-44",
        dialect=Dialect.HTML,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/1",
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="'cooked' of item 701 is a list, not text; ignored",
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="'username' of item 701 is 5, not text; ignored",
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="'created_at' of item 701 is 7, not text; ignored",
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="'updated_at' of item 701 is 'never', not a date; ignored",
    ),
    Record(
        origin=Origin("discourse_types.json", 1),
        id="discourse-44-2",
        kind=Kind.COMMENT,
        parent="discourse-44",
        thread="discourse-44",
        author="ann@discourse",
        created=Moment(epoch=1614679200),
        body="<p>Post 2.</p>",
        dialect=Dialect.HTML,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/2",
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="'reply_to_post_number' of item 702 is 'x', not a whole number; ignored",
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="a post without a usable topic and number; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("discourse_types.json", 1),
        id="discourse-44-4",
        kind=Kind.COMMENT,
        parent="discourse-44",
        thread="discourse-44",
        author="ann@discourse",
        created=Moment(epoch=1614852000),
        body="<p>Post 4.</p>",
        dialect=Dialect.HTML,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/4",
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="'topic_id' of item 704 is -1, not an id; ignored",
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="'reply_to_post_number' of item 704 is 4, not another post; ignored",
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="not a post: no JSON object; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("discourse_types.json", 1),
        reason="not a post: no JSON object; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("discourse_types.json", 1),
        id="discourse-44-5",
        kind=Kind.COMMENT,
        parent="discourse-44",
        thread="discourse-44",
        author="ann@discourse",
        created=Moment(epoch=1614938400),
        body="as *written*",
        dialect=Dialect.MARKDOWN,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/5",
    ),
]
