"""What flat_unknown.txt says."""

from hnsite.model import Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("flat_unknown.txt", 1),
        id="x7f6937bf3d84",
        kind=Kind.STORY,
        title="A title above",
        state=State.LIVE,
        flat=True,
    ),
    Problem(
        origin=Origin("flat_unknown.txt", 2),
        reason="not understood, before the first comment: https://site.example/what-is-this",
    ),
    Problem(origin=Origin("flat_unknown.txt", 3), reason="not understood, before the first comment: login"),
    Problem(
        origin=Origin("flat_unknown.txt", 4),
        reason="not understood, before the first comment: Captured: some time in spring",
    ),
    Record(
        origin=Origin("flat_unknown.txt", 5),
        id="x4ec093b09476",
        kind=Kind.COMMENT,
        thread="x7f6937bf3d84",
        author="shingle",
        created=Moment(epoch=None, unit="day", words="6 days ago"),
        body="The roof leaks, naïve as I am.",
        state=State.LIVE,
        flat=True,
    ),
    Record(
        origin=Origin("flat_unknown.txt", 8),
        id="x4a5819f3c576",
        kind=Kind.COMMENT,
        thread="x7f6937bf3d84",
        author="rafter",
        created=Moment(epoch=None, unit="day", words="6 days ago"),
        body="Put a café under it.",
        state=State.LIVE,
        flat=True,
    ),
    Problem(
        origin=Origin("flat_unknown.txt", 7),
        reason="not UTF-8 on this line (nor on 1 more); read as Windows-1252",
    ),
]
