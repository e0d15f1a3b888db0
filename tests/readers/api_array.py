"""What api_array.json says."""

from hnsite.model import Dialect, Kind, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("api_array.json", 2),
        id="85000001",
        kind=Kind.STORY,
        author="cairn",
        title="Stones, sorted by weight",
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("85000002", "85000003"),
        ranked=True,
    ),
    Problem(origin=Origin("api_array.json", 12), reason="null: the API had no such item", skipped=True),
    Problem(origin=Origin("api_array.json", 16), reason="broken JSON: Expecting ',' delimiter", skipped=True),
    Record(
        origin=Origin("api_array.json", 18),
        id="85000003",
        kind=Kind.COMMENT,
        parent="85000001",
        author="cairn",
        body='Brackets ]}[{ and "quotes" inside a text are text.',
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
]
