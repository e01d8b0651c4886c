"""Slack: how a movement that lives in a Slack channel meets Drumbeat."""

from adapters.slack.chat import SlackChat
from adapters.slack.connection import SlackRefusedError
from adapters.slack.manifest import make_manifest, write_manifest
from adapters.slack.oauth import OAuth
from adapters.slack.workspaces import Install, Installs

__all__ = ["Install", "Installs", "OAuth", "SlackChat", "SlackRefusedError", "make_manifest", "write_manifest"]
