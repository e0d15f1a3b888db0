"""A thread's second page without the story above it."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("page_second.html", 1),
        id="914",
        kind=Kind.COMMENT,
        parent="900",
        author="hal",
        created=Moment(epoch=1772366400),
        body="On the second page.",
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("915",),
        ranked=True,
    ),
    Record(
        origin=Origin("page_second.html", 2),
        id="915",
        kind=Kind.COMMENT,
        parent="914",
        author="ian",
        created=Moment(epoch=1772366460),
        body="Here too.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
]
