"""What mail_broken.eml says."""

from hnsite.model import Dialect, Kind, Origin, Record, State

expected = [
    Record(
        origin=Origin("mail_broken.eml", 1),
        id="mail-cd6431876fbb536b",
        kind=Kind.STORY,
        author="ann@mail",
        title="No date, no id",
        body="No boundary\nhere.",
        dialect=Dialect.MAIL,
        state=State.LIVE,
    ),
]
