"""What lobsters_saved.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("lobsters_saved.json", 1),
        id="lobsters-sav3d1",
        kind=Kind.STORY,
        author="ann@lobsters",
        created=Moment(epoch=1683261830),
        title="How a tide is told",
        body="<p>By the moon.</p>\n",
        dialect=Dialect.HTML,
        state=State.LIVE,
        ranked=True,
        original="https://lobste.rs/s/sav3d1/how_tide_is_told",
    ),
]
