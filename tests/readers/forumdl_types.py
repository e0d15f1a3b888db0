"""What forumdl_types.jsonl says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Problem(
        origin=Origin("forumdl_types.jsonl", 1),
        reason="not an entry of forum-dl: no 'item'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("forumdl_types.jsonl", 2),
        reason="a thread or post without a usable 'type', 'path' and 'url'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("forumdl_types.jsonl", 3),
        reason="a thread or post without a usable 'type', 'path' and 'url'; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("forumdl_types.jsonl", 4),
        id="forum-sea-board_example-t2",
        kind=Kind.STORY,
        created=Moment(epoch=None, unit="year", words="last summer"),
        dialect=Dialect.HTML,
        state=State.LIVE,
    ),
    Problem(origin=Origin("forumdl_types.jsonl", 4), reason="'content' is a list, not text; ignored"),
    Problem(origin=Origin("forumdl_types.jsonl", 4), reason="'author' is an object, not text; ignored"),
    Problem(
        origin=Origin("forumdl_types.jsonl", 5),
        reason="a thread or post without a usable 'type', 'path' and 'url'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("forumdl_types.jsonl", 6),
        reason="a thread or post without a usable 'type', 'path' and 'url'; skipped",
        skipped=True,
    ),
    Record(
        origin=Origin("forumdl_types.jsonl", 7),
        id="forum-xb2de05cf8bc2-tx22305fe27eeb",
        kind=Kind.STORY,
        author="�@batexample",
        body="<script>x</script>",
        dialect=Dialect.HTML,
        state=State.LIVE,
        captured=1714564800,
    ),
    Problem(
        origin=Origin("forumdl_types.jsonl", 8),
        reason="an item without a usable 'id'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("forumdl_types.jsonl", 9),
        reason="an item without a usable 'id'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("forumdl_types.jsonl", 10),
        reason="a thread or post without a usable 'type', 'path' and 'url'; skipped",
        skipped=True,
    ),
    Problem(
        origin=Origin("forumdl_types.jsonl", 11),
        reason="not an entry of forum-dl: no 'item'; skipped",
        skipped=True,
    ),
]
