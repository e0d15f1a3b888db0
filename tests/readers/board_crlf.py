"""What board_crlf.txt says."""

from hnsite.model import Kind, Origin, Record, State

expected = [
    Record(
        origin=Origin("board_crlf.txt", 3),
        id="x0980f1e2b0be",
        kind=Kind.STORY,
        author="harbour",
        title="A ferry timetable in a spreadsheet",
        domain="ferry.example",
        score=-2,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("board_crlf.txt", 8),
        id="73000001",
        kind=Kind.COMMENT,
        parent="x0980f1e2b0be",
        thread="x0980f1e2b0be",
        author="pier",
        body="The 7:10 is a formula.",
        state=State.LIVE,
        replies=("73000004",),
    ),
    Record(
        origin=Origin("board_crlf.txt", 11),
        id="73000004",
        kind=Kind.COMMENT,
        parent="73000001",
        thread="x0980f1e2b0be",
        author="tide_table",
        body="And it is circular, like the ferry.",
        state=State.LIVE,
    ),
]
