"""What Slack sends when somebody types a command, taps a button or submits a form.

https://docs.slack.dev/interactivity/implementing-slash-commands and https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.adapters.slack_platform.dispatch import Envelope
from tests.adapters.slack_platform.objects import APP, TOKEN, message_object, view_object
from tests.adapters.slack_platform.refusing import Json
from tests.adapters.slack_platform.triggers import ResponseUrl
from tests.adapters.slack_platform.world import Conversation, Ephemeral, Line, User, View, Workspace

if TYPE_CHECKING:
    from tests.adapters.slack_platform.platform import SlackPlatform

NAMES = {"group": "privategroup", "im": "directmessage"}


class Interactions:
    """Builds the payloads of one platform."""

    def __init__(self, platform: SlackPlatform) -> None:
        self._platform = platform

    def command(self, channel: Conversation, user: User, name: str, words: str) -> tuple[Envelope, ResponseUrl]:
        """Type a command. It carries no thread: none can be typed in one."""
        workspace = self._platform.world.workspaces[channel.team]
        url = ResponseUrl(workspace.id, user.id, channel.id, "commands", self._platform.world.now())
        payload = {
            "token": TOKEN,
            "team_id": workspace.id,
            "team_domain": workspace.name,
            "channel_id": channel.id,
            "channel_name": channel_name(channel),
            "user_id": user.id,
            "user_name": user.person.id.lower(),
            "command": name,
            # 'should_escape' is off, so what was typed comes as it was typed.
            "text": words,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self._platform.response_urls.give(url),
            "trigger_id": self._platform.triggers.give(workspace.id, user.id, channel.id),
        }
        return Envelope("slash_commands", payload, workspace.id, user.id), url

    def press(self, shown: Line | Ephemeral, user: User, block: Json, action: Json) -> Envelope:
        """Tap on a message. Only of one that everybody sees does Slack tell what it says."""
        world = self._platform.world
        channel = world.conversations[shown.channel]
        workspace = world.workspaces[channel.team]
        thread_ts = shown.thread_ts
        where = (workspace.id, user.id, channel.id)
        url = ResponseUrl(*where, "actions", world.now(), origin=shown.id)
        ephemeral = isinstance(shown, Ephemeral)
        container = {
            "type": "message",
            "message_ts": shown.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
            **({"thread_ts": thread_ts} if thread_ts else {}),
        }
        payload = self._common("block_actions", workspace, user) | {
            "container": container,
            "trigger_id": self._platform.triggers.give(*where, thread_ts),
            "channel": {"id": channel.id, "name": channel_name(channel)},
            "state": {"values": _state(block, action)},
            "response_url": self._platform.response_urls.give(url),
            "actions": [action | {"action_ts": world.event_ts()}],
        }
        if isinstance(shown, Line):
            payload["message"] = message_object(shown, workspace)
        return Envelope("interactive", payload, workspace.id, user.id)

    def press_view(self, view: View, user: User, block: Json, action: Json) -> Envelope:
        """Tap on the App Home or in a modal, which have no channel and no response_url."""
        world = self._platform.world
        workspace = world.workspaces[view.team]
        payload = self._common("block_actions", workspace, user) | {
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self._platform.triggers.give(workspace.id, user.id, view.channel, view.thread_ts),
            "view": view_object(view, workspace),
            "state": {"values": _state(block, action)},
            "actions": [action | {"action_ts": world.event_ts()}],
        }
        return Envelope("interactive", payload, workspace.id, user.id)

    def submission(self, view: View, user: User, values: Json) -> Envelope:
        workspace = self._platform.world.workspaces[view.team]
        shown = view_object(view, workspace) | {"state": {"values": values}}
        trigger = self._platform.triggers.give(workspace.id, user.id, view.channel, view.thread_ts)
        payload = self._common("view_submission", workspace, user)
        payload |= {"trigger_id": trigger, "view": shown, "response_urls": []}
        return Envelope("interactive", payload, workspace.id, user.id)

    def closing(self, view: View, user: User) -> Envelope:
        workspace = self._platform.world.workspaces[view.team]
        payload = self._common("view_closed", workspace, user)
        return Envelope(
            "interactive",
            payload | {"view": view_object(view, workspace), "is_cleared": False},
            workspace.id,
            user.id,
        )

    def _common(self, kind: str, workspace: Workspace, user: User) -> Json:
        handle = user.person.id.lower()
        return {
            "type": kind,
            "user": {"id": user.id, "username": handle, "name": handle, "team_id": workspace.id},
            "api_app_id": APP,
            "token": TOKEN,
            "team": {"id": workspace.id, "domain": workspace.name},
            "enterprise": None,
            "is_enterprise_install": False,
        }


def channel_name(channel: Conversation) -> str:
    return NAMES.get(channel.kind, channel.name)


def tap(block: Json, element: Json, choice: str) -> Json:
    """Describe what was done to a button or a menu."""
    done: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "static_select":
        done["selected_option"] = next(one for one in element["options"] if one["value"] == choice)
        done["placeholder"] = element.get("placeholder")
        return done
    done["text"] = element["text"]
    return done | {key: element[key] for key in ("value", "style", "url") if key in element}


def _state(block: Json, action: Json) -> Json:
    """The choices that stand in a message's menus; buttons have no state."""
    if action["type"] != "static_select":
        return {}
    chosen = {"type": "static_select", "selected_option": action["selected_option"]}
    return {block["block_id"]: {action["action_id"]: chosen}}
