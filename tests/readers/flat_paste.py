"""What flat_paste.txt says."""

from hnsite.model import Kind, Moment, Origin, Record, State

expected = [
    Record(origin=Origin("flat_paste.txt", 1), id="x1fd62b31135f", kind=Kind.STORY, flat=True),
    Record(
        origin=Origin("flat_paste.txt", 1),
        id="x522e07e5c64b",
        kind=Kind.COMMENT,
        thread="x1fd62b31135f",
        author="windowbox",
        created=Moment(epoch=None, unit="day", words="4 days ago"),
        body=(
            "We grow basil on the sill, eleven pots, and each has a name.\n"
            "\n"
            "The names were my daughter’s idea. The spreadsheet was mine."
        ),
        state=State.LIVE,
        flat=True,
    ),
    Record(
        origin=Origin("flat_paste.txt", 5),
        id="x5e7806b9b073",
        kind=Kind.COMMENT,
        thread="x1fd62b31135f",
        author="trowel-3",
        created=Moment(epoch=None, unit="day", words="4 days ago"),
        body="> each has a name\n\nWhat happens to the name when a pot dies?",
        state=State.LIVE,
        flat=True,
    ),
    Record(
        origin=Origin("flat_paste.txt", 9),
        id="x8c927aef0b15",
        kind=Kind.COMMENT,
        thread="x1fd62b31135f",
        author="windowbox",
        created=Moment(epoch=None, unit="day", words="3 days ago"),
        body=(
            "> > each has a name\n"
            "\n"
            "> What happens to the name\n"
            "\n"
            "It goes on a list on the fridge, and is not used again until\n"
            "\n"
            "2 years ago\n"
            "\n"
            "no: until two years have gone. I pasted that line badly."
        ),
        state=State.LIVE,
        flat=True,
    ),
    Record(
        origin=Origin("flat_paste.txt", 16),
        id="x9358e30c9f70",
        kind=Kind.COMMENT,
        thread="x1fd62b31135f",
        author="compost",
        created=Moment(epoch=None, unit="hour", words="20 hours ago"),
        body='Here is how we water:\n\n  while dry(pot):\n      pour(pot, "20 ml")\n\nAnd then we wait.',
        state=State.LIVE,
        flat=True,
    ),
    Record(
        origin=Origin("flat_paste.txt", 22),
        id="x79c3b3e07837",
        kind=Kind.COMMENT,
        thread="x1fd62b31135f",
        author="trowel-3",
        created=Moment(epoch=None, unit="hour", words="1 hour ago"),
        body="Same here.",
        state=State.LIVE,
        flat=True,
    ),
    Record(
        origin=Origin("flat_paste.txt", 25),
        id="x46e5d181666c",
        kind=Kind.COMMENT,
        thread="x1fd62b31135f",
        author="trowel-3",
        created=Moment(epoch=None, unit="minute", words="a minute ago"),
        body="Same here.",
        state=State.LIVE,
        flat=True,
    ),
]
