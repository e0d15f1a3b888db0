"""What algolia_types.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("algolia_types.json", 1),
        id="94000001",
        kind=Kind.STORY,
        created=Moment(epoch=1609545600, unit="day"),
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("94000002", "94000003", "94000007"),
    ),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="'author' of item 94000001 is 4, not text; ignored",
    ),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="'title' of item 94000001 is a list, not text; ignored",
    ),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="'story_id' of item 94000001 is 'x', not a whole number; ignored",
    ),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="'created_at_i' of item 94000001 is 'soon', not a whole number; ignored",
    ),
    Problem(origin=Origin("algolia_types.json", 1), reason="'url' of item 94000001 is 5, not text; ignored"),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="'points' of item 94000001 is 'many', not a whole number; ignored",
    ),
    Record(
        origin=Origin("algolia_types.json", 1),
        id="94000002",
        kind=Kind.COMMENT,
        parent="94000001",
        author="adze",
        body="children is no list",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="'children' of item 94000002 is an object, not a list; ignored",
    ),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="'created_at' of item 94000002 is 'never', not a date; ignored",
    ),
    Record(
        origin=Origin("algolia_types.json", 1),
        id="94000003",
        kind=Kind.COMMENT,
        parent="94000001",
        author="adze",
        body="children is a text",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="'children' of item 94000003.0 is '94000004', not a list; ignored",
    ),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="not an item among the children of item 94000001: no JSON object; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="not an item among the children of item 94000001: no JSON object; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="not an item among the children of item 94000001: no JSON object; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("algolia_types.json", 1),
        reason="an item without a usable 'id'; skipped, its children are kept",
        skipped=True,
    ),
    Problem(origin=Origin("algolia_types.json", 1), reason="'id' is -94000006, not an id; ignored"),
    Record(
        origin=Origin("algolia_types.json", 1),
        id="94000007",
        kind=Kind.COMMENT,
        parent="94000002",
        author="adze",
        body="its own word goes before its place",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
]
