"""What slack_channels.json says."""

expected = []
