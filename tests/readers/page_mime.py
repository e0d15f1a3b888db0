"""A page with its pictures in MIME, as Chrome saves it: a job."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("page_mime.mhtml", 1),
        id="980",
        kind=Kind.JOB,
        created=Moment(epoch=1772668800),
        title="Tea Inc. is hiring a taster – remote",
        url="https://tea.example/jobs",
        domain="tea.example",
        dialect=Dialect.HN,
        state=State.LIVE,
        captured=1772787600,
    ),
]
