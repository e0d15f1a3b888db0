"""What slack_integrations.json says."""

expected: list[object] = []
