"""What the figures mean: pure functions from plain data to plain data, each defined once."""
