"""What parquet_other.parquet says."""

from hnsite.model import Origin, Problem

expected = [
    Problem(
        origin=Origin("parquet_other.parquet", 1),
        reason="no table of Hacker News items: lacks at least two of by, title, text, time, parent, url",
        skipped=True,
    ),
]
