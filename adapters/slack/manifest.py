"""What Drumbeat asks of a Slack workspace, with a reason for each thing, as the manifest that makes the app.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bot.chat import Typable

Json = dict[str, Any]

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "commands": "People talk to Drumbeat by typing commands such as /drumbeat.",
        "chat:write": "Drumbeat posts what a ritual shows, and keeps it up to date.",
        "channels:read": "The people of a public home channel are the members of its movement.",
        "groups:read": "The same for a private home channel that Drumbeat was invited to.",
        "channels:history": "Replies in a public channel are answers; lost posts and huddles are looked for.",
        "groups:history": "The same in a private channel that Drumbeat was invited to.",
        "channels:join": "Drumbeat enters a public channel by itself for its first words; sent away, it stays away.",
        "im:history": "What people write to Drumbeat in private reaches it.",
        "im:write": "Drumbeat writes to people in private, such as a reminder.",
        "reactions:read": "A reaction is a sign that somebody takes part.",
        "users:read": "Names as people write them, time zones for quiet hours, who is an admin, who is in a huddle.",
        "files:write": "Figures are shown as pictures, and what was gathered comes as a file to keep.",
        "files:read": "A picture or file can be shown only once Slack has looked at it; Drumbeat asks whether it has.",
    }
)

EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "app_home_opened": "Shows a person what they owe and what is on.",
        "message.channels": "Replies and words in public channels that Drumbeat is in.",
        "message.groups": "The same in private channels that Drumbeat is in.",
        "message.im": "What people write to Drumbeat in private.",
        "member_joined_channel": "Who comes into a home channel joins its movement.",
        "member_left_channel": "Who leaves it leaves the movement.",
        "channel_left": "Drumbeat was sent away from a channel, and does not come back by itself.",
        "reaction_added": "A reaction is a sign that somebody takes part.",
        "reaction_removed": "And may be taken back.",
        "team_join": "The names of new people.",
        "user_change": "New names and time zones.",
        "user_huddle_changed": "Who is in a huddle was there when people gathered.",
        "app_uninstalled": "Drumbeat forgets the workspace's token.",
        "tokens_revoked": "The same when only the token is taken back.",
    }
)

_DESCRIPTION = "Runs a movement's rituals in the channel where its people are."
_LONG_DESCRIPTION = (
    "Drumbeat keeps a volunteer movement going: it asks at the right time, gathers the answers in one post, reminds "
    "those who forgot, and tells organizers the truth about who turns up. It knows the people of the channels that it "
    "is invited to and what they answer, and nothing else."
)


def make_manifest(commands: Iterable[Typable], *, http_url: str = "") -> Json:
    """Make the manifest: for Socket Mode, or with the address at which Slack reaches Drumbeat for HTTP."""
    base = http_url.rstrip("/")
    request_url = {"request_url": base + EVENTS_PATH} if base else {}
    redirects = {"redirect_urls": [base + REDIRECT_PATH]} if base else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Drumbeat",
            "description": _DESCRIPTION,
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#1f3a34",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Drumbeat", "always_online": True},
            "slash_commands": [_command(command, base) for command in commands],
        },
        "oauth_config": {**redirects, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not base,
            "token_rotation_enabled": False,
        },
    }


def write_manifest(commands: Iterable[Typable], *, http_url: str = "") -> str:
    """Write the manifest as YAML, with the reason for each scope and event beside it."""
    lines = _write(make_manifest(commands, http_url=http_url), {**EVENTS, **SCOPES}, 0)
    head = "# Paste this at https://api.slack.com/apps under 'Create New App', 'From a manifest'."
    return "\n".join([head, *lines, ""])


def _command(command: Typable, base: str) -> Json:
    # Mentions in a command stay the words that were typed: Drumbeat pings nobody on somebody's behalf.
    written: Json = {"command": f"/{command.name}", "description": command.about, "should_escape": False}
    if command.usage:
        written["usage_hint"] = command.usage
    if base:
        written["url"] = base + EVENTS_PATH
    return written


def _write(value: Mapping[str, Any] | Sequence[Any], why: Mapping[str, str], depth: int) -> Iterator[str]:
    """Write YAML: what is written as JSON is YAML too, so only maps and lists are laid out."""
    indent = "  " * depth
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping | list) and inner:
                yield f"{indent}{key}:"
                yield from _write(inner, why, depth + 1)
            else:
                yield f"{indent}{key}: {json.dumps(inner, ensure_ascii=False)}"
        return
    for inner in value:
        if isinstance(inner, Mapping):
            first, *rest = _write(inner, why, depth + 1)
            yield f"{indent}- {first.lstrip()}"
            yield from rest
        else:
            reason = f"  # {why[inner]}" if inner in why else ""
            yield f"{indent}- {json.dumps(inner, ensure_ascii=False)}{reason}"
