"""What slack_channels.json says."""

expected: list[object] = []
