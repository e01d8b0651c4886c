"""Slack: how a movement that lives in a Slack channel meets Drumbeat."""
