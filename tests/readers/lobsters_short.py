"""What lobsters_short.json says."""

from hnsite.model import Dialect, Kind, Origin, Record, State

expected = [
    Record(
        origin=Origin("lobsters_short.json", 2),
        id="lobsters-neap01",
        kind=Kind.STORY,
        author="cid@lobsters",
        title="Neap tides",
        dialect=Dialect.HTML,
        score=12,
        state=State.LIVE,
        ranked=True,
        original="https://lobste.rs/s/neap01/neap_tides",
    ),
]
