"""A user's page, which holds no item."""

from hnsite.model import Origin, Problem

expected = [
    Problem(origin=Origin("page_user.html", 1), reason="a user's page, not a thread; skipped", skipped=True),
]
