"""What discourse_latest.json says."""

from hnsite.model import Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("discourse_latest.json", 1),
        id="discourse-44",
        kind=Kind.STORY,
        author="ann@discourse",
        created=Moment(epoch=1614592800),
        title="Tide tables & more",
        state=State.LIVE,
        original="https://talk.tide.example/forum/t/tide-tables/44",
    ),
    Record(
        origin=Origin("discourse_latest.json", 1),
        id="discourse-45",
        kind=Kind.STORY,
        created=Moment(epoch=1617271200),
        title="Harbours",
        state=State.LIVE,
        original="https://talk.tide.example/forum/t/-/45",
    ),
    Problem(
        origin=Origin("discourse_latest.json", 1),
        reason="a topic without a usable 'id'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("discourse_latest.json", 1),
        reason="not a topic: no JSON object; skipped",
        skipped=True,
    ),
]
