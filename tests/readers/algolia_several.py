"""What algolia_several.ndjson says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("algolia_several.ndjson", 1),
        id="93000002",
        kind=Kind.COMMENT,
        parent="93000001",
        thread="93000001",
        author="thatch",
        created=Moment(epoch=1600000000),
        body="A comment on its own.",
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("93000003",),
    ),
    Record(
        origin=Origin("algolia_several.ndjson", 1),
        id="93000003",
        kind=Kind.COMMENT,
        parent="93000002",
        thread="93000001",
        author="reeve",
        created=Moment(epoch=1600000100),
        body="And its reply.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("algolia_several.ndjson", 2),
        id="93100001",
        kind=Kind.STORY,
        author="reeve",
        created=Moment(epoch=1600001000),
        title="Another story",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Problem(
        origin=Origin("algolia_several.ndjson", 3),
        reason="not an item: no JSON object; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("algolia_several.ndjson", 4),
        reason="not an item: no JSON object; skipped",
        skipped=True,
    ),
    Problem(origin=Origin("algolia_several.ndjson", 5), reason="broken JSON: Expecting value", skipped=True),
    Record(
        origin=Origin("algolia_several.ndjson", 6),
        id="93200001",
        kind=Kind.JOB,
        author="reeve",
        created=Moment(epoch=1600002000),
        title="A job",
        body="With a text.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
]
