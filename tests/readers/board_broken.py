"""What board_broken.txt says."""

from hnsite.model import Kind, Origin, Problem, Record, State

expected = [
    Record(origin=Origin("board_broken.txt", 1), id="xb4813e529f17", kind=Kind.STORY, state=State.LIVE),
    Problem(
        origin=Origin("board_broken.txt", 1),
        reason="no line 'n points author | n comments |' with a title above it",
    ),
    Record(
        origin=Origin("board_broken.txt", 2),
        id="74000001",
        kind=Kind.COMMENT,
        parent="xb4813e529f17",
        thread="xb4813e529f17",
        author="heron",
        body="Names two, counts three.",
        state=State.LIVE,
        replies=("74000002", "74000003"),
    ),
    Problem(origin=Origin("board_broken.txt", 2), reason="replies(3) of No.74000001 names 2 ids"),
    Record(
        origin=Origin("board_broken.txt", 5),
        id="74000002",
        kind=Kind.COMMENT,
        parent="74000001",
        thread="xb4813e529f17",
        author="stilt",
        body=(
            "Names one twice.\n"
            "replies(2): >>74000004 #>>74000004 #\n"
            "3. heron ◴[] No.1234567890123456[source]\n"
            "A number of sixteen digits heads no post, so this is all one body."
        ),
        state=State.LIVE,
    ),
    Record(
        origin=Origin("board_broken.txt", 10),
        id="74000002",
        kind=Kind.COMMENT,
        parent="74000001",
        thread="xb4813e529f17",
        author="stilt",
        body="The same number again, with other words.",
        state=State.LIVE,
    ),
    Record(
        origin=Origin("board_broken.txt", 12),
        id="74000004",
        kind=Kind.COMMENT,
        parent="xb4813e529f17",
        thread="xb4813e529f17",
        author="bittern",
        body="replies(0):",
        state=State.LIVE,
    ),
    Record(
        origin=Origin("board_broken.txt", 14),
        id="74000005",
        kind=Kind.COMMENT,
        parent="xb4813e529f17",
        thread="xb4813e529f17",
        author="bittern",
        state=State.LIVE,
    ),
]
