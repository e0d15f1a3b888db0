"""What zulip_index.json says."""

expected: list[object] = []
