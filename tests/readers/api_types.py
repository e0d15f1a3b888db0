"""What api_types.ndjson says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("api_types.ndjson", 1),
        id="83000001",
        kind=Kind.COMMENT,
        parent="83000000",
        author="sedge",
        created=Moment(epoch=1700000000),
        body="ids in quotes",
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("83000002", "83000003"),
        ranked=True,
    ),
    Record(
        origin=Origin("api_types.ndjson", 2),
        id="83000002",
        kind=Kind.COMMENT,
        parent="83000001",
        author="sedge",
        created=Moment(epoch=1700000000),
        body="ids as floats",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_types.ndjson", 3),
        id="83000003",
        kind=Kind.COMMENT,
        body="NaN for nothing",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Problem(origin=Origin("api_types.ndjson", 3), reason="'by' of item 83000003 is nan, not text; ignored"),
    Record(
        origin=Origin("api_types.ndjson", 4),
        id="83000004",
        kind=Kind.COMMENT,
        body="empty for nothing",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("api_types.ndjson", 5),
        id="83000005",
        kind=Kind.COMMENT,
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Problem(
        origin=Origin("api_types.ndjson", 5),
        reason="'deleted' of item 83000005 is a list, not true or false; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 5),
        reason="'dead' of item 83000005 is 'yes', not true or false; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 5),
        reason="'text' of item 83000005 is a list, not text; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 5),
        reason="'title' of item 83000005 is an object, not text; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 5),
        reason="'parent' of item 83000005 is -1, not an id; ignored",
    ),
    Problem(origin=Origin("api_types.ndjson", 5), reason="'by' of item 83000005 is 7, not text; ignored"),
    Problem(
        origin=Origin("api_types.ndjson", 5),
        reason="'url' of item 83000005 is False, not text; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 5),
        reason="'score' of item 83000005 is 1.5, not a whole number; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 5),
        reason="'kids' of item 83000005 is 7, not a list of ids; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 5),
        reason="'time' of item 83000005 is -7, not a time; ignored",
    ),
    Record(
        origin=Origin("api_types.ndjson", 6),
        id="83000006",
        kind=Kind.COMMENT,
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("1",),
        ranked=True,
    ),
    Problem(
        origin=Origin("api_types.ndjson", 6),
        reason="'dead' of item 83000006 is 2, not true or false; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 6),
        reason="'text' of item 83000006 is an object, not text; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 6),
        reason="'type' of item 83000006 is a list, not story, comment, poll, pollopt or job; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 6),
        reason="'parent' of item 83000006 is an object, not a whole number; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 6),
        reason="'by' of item 83000006 is a list, not text; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 6),
        reason="'score' of item 83000006 is 'many', not a whole number; ignored",
    ),
    Problem(origin=Origin("api_types.ndjson", 6), reason="'kids' is 'x', not a whole number; ignored"),
    Problem(origin=Origin("api_types.ndjson", 6), reason="'kids' is 1.5, not a whole number; ignored"),
    Problem(origin=Origin("api_types.ndjson", 6), reason="'kids' is a list, not a whole number; ignored"),
    Problem(
        origin=Origin("api_types.ndjson", 6),
        reason="'time' of item 83000006 is 'noon', not a time; ignored",
    ),
    Record(
        origin=Origin("api_types.ndjson", 7),
        id="83000007",
        kind=Kind.POLL,
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Problem(
        origin=Origin("api_types.ndjson", 7),
        reason="'type' of item 83000007 is 'postcard', not story, comment, poll, pollopt or job; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 7),
        reason="'parent' of item 83000007 is inf, not a whole number; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 7),
        reason="'kids' is 1000000000000000, not a whole number; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 7),
        reason="'parts' of item 83000007 is 'none', not a list of ids; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 7),
        reason="'time' of item 83000007 is 253402300800, not a time; ignored",
    ),
    Problem(
        origin=Origin("api_types.ndjson", 8),
        reason="an item without a usable 'id'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("api_types.ndjson", 9),
        reason="an item without a usable 'id'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("api_types.ndjson", 10),
        reason="an item without a usable 'id'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("api_types.ndjson", 11),
        reason="an item without a usable 'id'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("api_types.ndjson", 12),
        reason="an item without a usable 'id'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("api_types.ndjson", 13),
        reason="an item without a usable 'id'; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("api_types.ndjson", 14),
        id="83000009",
        kind=Kind.COMMENT,
        author="lone�surrogate",
        body="half of � a letter, and  a control",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
]
