"""What mail_parts.eml says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("mail_parts.eml", 1),
        id="mail-e16bfe08be114c7b",
        kind=Kind.STORY,
        replies=("mail-c12c6545772a8d88",),
    ),
    Record(
        origin=Origin("mail_parts.eml", 1),
        id="mail-2aefc3f63dc37600",
        kind=Kind.COMMENT,
        parent="mail-c12c6545772a8d88",
        author="Ann Lé@mail",
        created=Moment(epoch=1370043126),
        title="The plan so far",
        body=(
            "A long line that goes on and on.\n"
            "> Quoted andflowing.\n"
            "From here, stuffed.\n"
            "\n"
            "-- \n"
            "Ann\n"
            "\n"
            "--- a/x\n"
            "+++ b/x\n"
            "@@ -1 +1 @@\n"
            "-a\n"
            "+b\n"
            "\n"
            "[attachment: pläne.pdf, application/pdf]\n"
            "\n"
            "[attached message: Inside, to carl@…]"
        ),
        dialect=Dialect.MAIL,
        state=State.LIVE,
        original="https://lists.example/archive/plan.1",
    ),
]
