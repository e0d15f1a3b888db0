"""What slack_dms.json says."""

expected: list[object] = []
