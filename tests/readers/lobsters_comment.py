"""What lobsters_comment.ndjson says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("lobsters_comment.ndjson", 1),
        id="lobsters-ddddd1",
        kind=Kind.COMMENT,
        parent="lobsters-harb0r",
        thread="lobsters-harb0r",
        author="bob@lobsters",
        created=Moment(epoch=1709395200),
        body="Alone",
        dialect=Dialect.MARKDOWN,
        score=3,
        state=State.LIVE,
        ranked=True,
        original="https://lobste.rs/c/ddddd1",
    ),
    Record(
        origin=Origin("lobsters_comment.ndjson", 2),
        id="lobsters-ddddd2",
        kind=Kind.COMMENT,
        parent="lobsters-ddddd1",
        author="ann@lobsters",
        created=Moment(epoch=1709395200),
        body="Not quite",
        dialect=Dialect.MARKDOWN,
        score=3,
        state=State.LIVE,
        ranked=True,
        original="https://lobste.rs/c/ddddd2",
    ),
]
