"""What slack_conversations.json says."""

expected: list[object] = []
