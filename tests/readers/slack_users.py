"""What slack_users.json says."""

expected: list[object] = []
