"""A Slack made of its documents: a real server on this machine that behaves as Slack does, and people who use it."""

from tests.adapters.slack_platform.platform import SlackPlatform
from tests.adapters.slack_platform.refusing import NotAckedError, UnansweredError
from tests.adapters.slack_platform.stand import SlackStand

__all__ = ["NotAckedError", "SlackPlatform", "SlackStand", "UnansweredError"]
