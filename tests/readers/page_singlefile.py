"""A page saved by SingleFile: few quotes and end tags, and when it was saved."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("page_singlefile.html", 6),
        id="970",
        kind=Kind.STORY,
        author="ann",
        created=Moment(epoch=1772780400, unit="hour", words="2 hours ago"),
        title="Show HN: My kettle",
        url="https://kettles.example/mine",
        domain="kettles.example",
        dialect=Dialect.HN,
        score=7,
        state=State.LIVE,
        captured=1772787600,
        replies=("971",),
        ranked=True,
    ),
    Record(
        origin=Origin("page_singlefile.html", 7),
        id="971",
        kind=Kind.COMMENT,
        parent="970",
        thread="970",
        author="bob",
        created=Moment(epoch=1772785800),
        body="First.<p>Second.",
        dialect=Dialect.HN,
        state=State.LIVE,
        captured=1772787600,
    ),
]
