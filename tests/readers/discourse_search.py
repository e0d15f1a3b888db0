"""What discourse_search.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("discourse_search.json", 1),
        id="discourse-12",
        kind=Kind.STORY,
        created=Moment(epoch=1580547600),
        title="When the tide turns",
        state=State.LIVE,
    ),
    Record(
        origin=Origin("discourse_search.json", 1),
        id="discourse-12-2",
        kind=Kind.COMMENT,
        parent="discourse-12",
        thread="discourse-12",
        author="bob@discourse",
        created=Moment(epoch=1580551200),
        dialect=Dialect.HTML,
        state=State.LIVE,
    ),
]
