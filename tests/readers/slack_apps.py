"""What slack_apps.json says."""

expected: list[object] = []
