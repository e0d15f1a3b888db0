"""What reddit_types.ndjson says."""

from hnsite.model import Dialect, Kind, Origin, Problem, Record, State

expected = [
    Problem(
        origin=Origin("reddit_types.ndjson", 1),
        reason="a comment without a usable 'id'; skipped, what is below it is kept",
        skipped=True,
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 2),
        reason="a comment without a usable 'id'; skipped, what is below it is kept",
        skipped=True,
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 3),
        reason="a comment without a usable 'id'; skipped, what is below it is kept",
        skipped=True,
    ),
    Record(
        origin=Origin("reddit_types.ndjson", 4),
        id="reddit-t1_ok1",
        kind=Kind.COMMENT,
        dialect=Dialect.REDDIT,
        state=State.LIVE,
    ),
    Problem(origin=Origin("reddit_types.ndjson", 4), reason="'body' of item ok1 is 5, not text; ignored"),
    Problem(
        origin=Origin("reddit_types.ndjson", 4),
        reason="'author' of item ok1 is an object, not text; ignored",
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 4),
        reason="'created_utc' of item ok1 is '1e9', not a whole number; ignored",
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 4),
        reason="'score_hidden' of item ok1 is 'no', not true or false; ignored",
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 4),
        reason="'score' of item ok1 is 'many', not a whole number; ignored",
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 4),
        reason="'retrieved_on' of item ok1 is -5, not a time in seconds; ignored",
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 4),
        reason="'edited' of item ok1 is 'yes', not a whole number; ignored",
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 4),
        reason="'permalink' of item ok1 is 7, not text; ignored",
    ),
    Record(
        origin=Origin("reddit_types.ndjson", 5),
        id="reddit-t1_ok2",
        kind=Kind.COMMENT,
        thread="reddit-t3_x",
        body="late",
        dialect=Dialect.REDDIT,
        score=3,
        state=State.LIVE,
        original="https://www.reddit.com/comments/x/_/ok2/",
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 5),
        reason="'created_utc' of item ok2 is 99999999999999, not a time in seconds; ignored",
    ),
    Problem(origin=Origin("reddit_types.ndjson", 7), reason="not a post or comment; skipped", skipped=True),
    Record(
        origin=Origin("reddit_types.ndjson", 8),
        id="reddit-t1_ok3",
        kind=Kind.COMMENT,
        parent="reddit-t3_x",
        thread="reddit-t3_x",
        body="inside",
        dialect=Dialect.REDDIT,
        state=State.LIVE,
        original="https://www.reddit.com/comments/x/_/ok3/",
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 8),
        reason="not a post or comment: no JSON object; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("reddit_types.ndjson", 9),
        id="reddit-t3_x",
        kind=Kind.STORY,
        replies=("reddit-t1_a", "reddit-t1_5"),
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 10),
        reason="the url of an item is left out, it is no web address: //odd.example",
    ),
    Record(
        origin=Origin("reddit_types.ndjson", 10),
        id="reddit-t3_x",
        kind=Kind.STORY,
        title="� cut",
        url="//odd.example",
        dialect=Dialect.REDDIT,
        state=State.LIVE,
        original="https://www.reddit.com/comments/x/",
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 11),
        reason="not a post or comment: no JSON object; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("reddit_types.ndjson", 12),
        reason="not a post or comment: no JSON object; skipped",
        skipped=True,
    ),
]
