"""What board_latin1.txt says."""

from hnsite.model import Kind, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("board_latin1.txt", 3),
        id="xeb2284cb4535",
        kind=Kind.STORY,
        author="carafe",
        title="Menus",
        domain="menu.example",
        score=9,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("board_latin1.txt", 7),
        id="75000001",
        kind=Kind.COMMENT,
        parent="xeb2284cb4535",
        thread="xeb2284cb4535",
        author="carafe",
        body="Un café crème, s’il vous plaît.",
        state=State.LIVE,
    ),
    Record(
        origin=Origin("board_latin1.txt", 10),
        id="75000002",
        kind=Kind.COMMENT,
        thread="xeb2284cb4535",
        author="tisane",
        body="Thé, as it should be written.",
        state=State.LIVE,
    ),
    Problem(origin=Origin("board_latin1.txt", 8), reason="not UTF-8 on this line; read as Windows-1252"),
]
