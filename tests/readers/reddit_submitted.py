"""What reddit_submitted.json says."""

from hnsite.model import Origin, Problem

expected = [
    Problem(origin=Origin("reddit_submitted.json", 1), reason="not a post or comment; skipped", skipped=True),
]
