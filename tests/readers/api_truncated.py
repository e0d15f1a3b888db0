"""What api_truncated.json says."""

from hnsite.model import Dialect, Kind, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("api_truncated.json", 1),
        id="88000001",
        kind=Kind.COMMENT,
        author="whin",
        body="whole",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Problem(
        origin=Origin("api_truncated.json", 2),
        reason="broken JSON: the file ends in the middle of this value",
        skipped=True,
    ),
]
