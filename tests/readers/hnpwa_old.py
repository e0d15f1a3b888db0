"""What hnpwa_old.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("hnpwa_old.json", 1),
        id="97100001",
        kind=Kind.STORY,
        author="ann",
        created=Moment(epoch=None, unit="hour", words="3 hours ago"),
        title="An old answer",
        url="http://kettles.example/g",
        domain="kettles.example",
        dialect=Dialect.HN,
        score=8,
        state=State.LIVE,
        replies=("97100002",),
        ranked=True,
    ),
    Record(
        origin=Origin("hnpwa_old.json", 1),
        id="97100002",
        kind=Kind.COMMENT,
        parent="97100001",
        thread="97100001",
        author="bob",
        created=Moment(epoch=None, unit="hour", words="2 hours ago"),
        body="From a page.",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
    Problem(
        origin=Origin("hnpwa_old.json", 1),
        reason="a deleted comment without an id; skipped, its replies are kept",
        skipped=True,
    ),
    Record(
        origin=Origin("hnpwa_old.json", 1),
        id="97100003",
        kind=Kind.COMMENT,
        parent="97100001",
        thread="97100001",
        author="eve",
        created=Moment(epoch=None, unit="hour", words="an hour ago"),
        body="Why?",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
]
