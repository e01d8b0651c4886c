"""The engine: it knows when a ritual is due, who may act, and what the chat should show; it knows no platform."""
