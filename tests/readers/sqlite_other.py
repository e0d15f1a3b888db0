"""What sqlite_other.db says."""

from hnsite.model import Origin, Problem

expected = [
    Problem(
        origin=Origin("sqlite_other.db", 1),
        reason=(
            "no table of Hacker News items: 'iris' lacks at least two of by, title, text, tim"
            "e, parent, url; 'posts' lacks what Hacker News alone has: by, kids, time_ts, cre"
            "ated_at_i, ..."
        ),
        skipped=True,
    ),
]
