"""What mail_usenet.txt says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("mail_usenet.txt", 1),
        id="mail-e87b667d5a2d944d",
        kind=Kind.STORY,
        author="Ann Lee@mail",
        created=Moment(epoch=946702800),
        title="Re: Knots",
        body="Left over right.",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
]
