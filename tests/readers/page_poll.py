"""A poll: its choices have scores."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("page_poll.html", 1),
        id="960",
        kind=Kind.POLL,
        author="ann",
        created=Moment(epoch=1772582400),
        title="Poll: Tea or coffee?",
        body="No third choice.",
        dialect=Dialect.HN,
        score=30,
        state=State.LIVE,
        replies=("963",),
        ranked=True,
    ),
    Record(
        origin=Origin("page_poll.html", 1),
        id="961",
        kind=Kind.POLLOPT,
        parent="960",
        body="Tea &amp; milk",
        dialect=Dialect.HN,
        score=20,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("page_poll.html", 1),
        id="962",
        kind=Kind.POLLOPT,
        parent="960",
        body="Coffee",
        dialect=Dialect.HN,
        score=-1,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("page_poll.html", 2),
        id="963",
        kind=Kind.COMMENT,
        parent="960",
        thread="960",
        author="bob",
        created=Moment(epoch=1772583000),
        body="Water.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
]
