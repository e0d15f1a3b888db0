"""What board_permalink.txt says."""

from hnsite.model import Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("board_permalink.txt", 3),
        id="x39858f7b3934",
        kind=Kind.STORY,
        author="marl",
        created=Moment(epoch=1740900600, unit="minute"),
        title="The lighthouse that answers mail",
        domain="keeper.example.org",
        score=58,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("board_permalink.txt", 8),
        id="71000010",
        kind=Kind.COMMENT,
        parent="x39858f7b3934",
        thread="x39858f7b3934",
        author="gannet",
        created=Moment(epoch=1740902460, unit="minute"),
        body="I kept one of these for nine winters.\n\nThe lamp is the easy part; the letters are not.",
        state=State.LIVE,
        replies=("71000012", "71000020", "71000031"),
    ),
    Record(
        origin=Origin("board_permalink.txt", 14),
        id="71000012",
        kind=Kind.COMMENT,
        parent="71000010",
        thread="x39858f7b3934",
        author="fulmar_7",
        created=Moment(epoch=1740903120, unit="minute"),
        body="> The lamp is the easy part\n\nHow many letters a day?",
        state=State.LIVE,
        replies=("71000014",),
    ),
    Record(
        origin=Origin("board_permalink.txt", 20),
        id="71000014",
        kind=Kind.COMMENT,
        parent="71000012",
        thread="x39858f7b3934",
        author="gannet",
        created=Moment(epoch=1740903600, unit="minute"),
        body=(
            "Four in summer. In winter, forty.\n"
            "\n"
            "This is how I sort them:\n"
            "\n"
            "  def sort(letters):\n"
            "      return sorted(letters, key=len)"
        ),
        state=State.LIVE,
        replies=("71000015", "71000018"),
    ),
    Record(
        origin=Origin("board_permalink.txt", 30),
        id="71000015",
        kind=Kind.COMMENT,
        parent="71000014",
        thread="x39858f7b3934",
        author="marl",
        created=Moment(epoch=1740905040, unit="minute"),
        body="“Forty” is more than our whole village writes. replies(1) of them would be ours.",
        state=State.LIVE,
    ),
    Record(
        origin=Origin("board_permalink.txt", 33),
        id="71000018",
        kind=Kind.COMMENT,
        parent="71000014",
        thread="x39858f7b3934",
        author="auk",
        body="buy cheap lamps",
        state=State.DEAD,
    ),
]
