"""What hnpwa_list.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("hnpwa_list.json", 2),
        id="97090001",
        kind=Kind.STORY,
        author="ann",
        created=Moment(epoch=1300000000),
        title="A kettle",
        url="http://kettles.example/f",
        domain="kettles.example",
        dialect=Dialect.HN,
        score=5,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("hnpwa_list.json", 14),
        id="97090002",
        kind=Kind.STORY,
        author="bob",
        created=Moment(epoch=1300000001),
        title="Ask: which?",
        dialect=Dialect.HN,
        score=2,
        state=State.LIVE,
        ranked=True,
    ),
    Record(
        origin=Origin("hnpwa_list.json", 25),
        id="97090003",
        kind=Kind.JOB,
        created=Moment(epoch=1300000002),
        title="We hire",
        url="http://kettles.example/jobs",
        domain="kettles.example",
        dialect=Dialect.HN,
        state=State.LIVE,
        ranked=True,
    ),
]
