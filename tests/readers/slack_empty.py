"""What slack_empty.json says."""

expected: list[object] = []
