"""What lobsters_list.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("lobsters_list.json", 2),
        id="lobsters-harb0r",
        kind=Kind.STORY,
        author="ann@lobsters",
        created=Moment(epoch=1709391600),
        title="Tide tables & other clocks",
        url="https://tide.example/tables?a=1&b=2",
        body="I *drew* these.",
        dialect=Dialect.MARKDOWN,
        score=41,
        state=State.LIVE,
        ranked=True,
        original="https://lobste.rs/s/harb0r",
    ),
    Record(
        origin=Origin("lobsters_list.json", 21),
        id="lobsters-fl00d1",
        kind=Kind.STORY,
        author="bob@lobsters",
        created=Moment(epoch=1709391600),
        title="Flood",
        dialect=Dialect.HTML,
        score=41,
        state=State.LIVE,
        ranked=True,
        original="https://lobste.rs/s/fl00d1",
    ),
]
