"""New comments: each names its parent and story; the last as it was written in 2013."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("page_newcomments.html", 1),
        id="931",
        kind=Kind.COMMENT,
        parent="930",
        thread="900",
        author="ann",
        created=Moment(epoch=1772499600),
        body="The newest.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("page_newcomments.html", 2),
        id="929",
        kind=Kind.COMMENT,
        parent="870",
        thread="870",
        author="bob",
        created=Moment(epoch=1772499540),
        body="The one before.<p>On another.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("page_newcomments.html", 3),
        id="928",
        kind=Kind.COMMENT,
        parent="927",
        thread="870",
        author="cy",
        created=Moment(epoch=None, unit="minute", words="3 minutes ago"),
        body="As it was in 2013.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
]
