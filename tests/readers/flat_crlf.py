"""What flat_crlf.txt says."""

from hnsite.model import Kind, Moment, Origin, Record, State

expected = [
    Record(origin=Origin("flat_crlf.txt", 1), id="xbbfb3c557a0a", kind=Kind.STORY, flat=True),
    Record(
        origin=Origin("flat_crlf.txt", 2),
        id="xf5c20901eedb",
        kind=Kind.COMMENT,
        thread="xbbfb3c557a0a",
        author="mossy",
        created=Moment(epoch=None, unit="day", words="2 days ago"),
        body="Two words that must not part.",
        state=State.LIVE,
        flat=True,
    ),
    Record(
        origin=Origin("flat_crlf.txt", 8),
        id="x74b56d26c75e",
        kind=Kind.COMMENT,
        thread="xbbfb3c557a0a",
        author="stone_wall",
        created=Moment(epoch=None, unit="day", words="1 day ago"),
        body="Dry, and still standing.",
        state=State.LIVE,
        flat=True,
    ),
]
