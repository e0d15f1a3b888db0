"""What api_null.ndjson says."""

from hnsite.model import Dialect, Kind, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("api_null.ndjson", 1),
        id="84000001",
        kind=Kind.COMMENT,
        author="teasel",
        body="before",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Problem(origin=Origin("api_null.ndjson", 2), reason="null: the API had no such item", skipped=True),
    Problem(origin=Origin("api_null.ndjson", 5), reason="not an item: no JSON object", skipped=True),
    Problem(origin=Origin("api_null.ndjson", 6), reason="not an item: no JSON object", skipped=True),
    Record(
        origin=Origin("api_null.ndjson", 7),
        id="84000002",
        kind=Kind.COMMENT,
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Problem(origin=Origin("api_null.ndjson", 8), reason="a user, not an item; skipped", skipped=True),
    Problem(origin=Origin("api_null.ndjson", 9), reason="a user, not an item; skipped", skipped=True),
    Problem(
        origin=Origin("api_null.ndjson", 10),
        reason="broken JSON: a quoted text has no end",
        skipped=True,
    ),
    Problem(
        origin=Origin("api_null.ndjson", 11),
        reason="broken JSON: Expecting ',' delimiter",
        skipped=True,
    ),
    Problem(origin=Origin("api_null.ndjson", 12), reason="broken JSON: Expecting value", skipped=True),
    Problem(
        origin=Origin("api_null.ndjson", 13),
        reason="an item without a usable 'id'; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("api_null.ndjson", 14),
        id="84000005",
        kind=Kind.COMMENT,
        author="teasel",
        body="after",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
]
