"""Events as Slack tells them: https://docs.slack.dev/reference/events."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.adapters.slack_platform.dispatch import Envelope
from tests.adapters.slack_platform.objects import APP, TOKEN, message_object, user_object
from tests.adapters.slack_platform.refusing import Json
from tests.adapters.slack_platform.world import Conversation, Line, User, Workspace

if TYPE_CHECKING:
    from tests.adapters.slack_platform.platform import SlackPlatform

Task = asyncio.Task[bool]
LETTERS = {"channel": "C", "group": "G", "im": "D"}
PLURALS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


class Events:
    """Builds what is told, and tells it to an app that is installed, subscribed and where it happens."""

    def __init__(self, platform: SlackPlatform) -> None:
        self._platform = platform
        # What the app subscribed to; None is everything.
        self.subscribed: set[str] | None = None
        self.echoes = True

    def tell(self, workspace: Workspace, event: Json, *, kind: str = "", echo: bool = False) -> Task | None:
        """Send an event, if anybody is to hear it."""
        wanted = self.subscribed is None or (kind or event["type"]) in self.subscribed
        if not wanted or not workspace.installed or not self._platform.running or (echo and not self.echoes):
            return None
        world = self._platform.world
        event.setdefault("event_ts", world.event_ts())
        installed = {"team_id": workspace.id, "user_id": workspace.bot_user, "is_bot": True}
        payload = {
            "token": TOKEN,
            "team_id": workspace.id,
            "context_team_id": workspace.id,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": world.serial("Ev"),
            "event_time": world.seconds(),
            "authorizations": [{"enterprise_id": None, **installed, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": world.serial("4-"),
        }
        envelope = Envelope("events_api", payload, workspace.id, _somebody(event))
        return self._platform.dispatch.tell(envelope, echo=echo)

    def message(self, line: Line, *, echo: bool = False, **more: object) -> Task | None:
        """Tell of a message; only in conversations that the app is in."""
        channel, workspace = self._where(line.channel)
        if workspace.bot_user not in channel.members:
            return None
        event: Json = message_object(line, workspace)
        event |= {"channel": channel.id, "channel_type": channel.kind, "event_ts": line.ts, **more}
        if line.thread_ts and line.thread_ts in channel.lines:
            event["parent_user_id"] = channel.lines[line.thread_ts].user
        return self.tell(workspace, event, kind=PLURALS[channel.kind], echo=echo)

    def message_changed(self, line: Line, before: Json, *, echo: bool) -> Task | None:
        channel, workspace = self._where(line.channel)
        shown = message_object(line, workspace)
        return self._hidden(channel, workspace, "message_changed", echo=echo, message=shown, previous_message=before)

    def message_deleted(self, line: Line, *, echo: bool) -> Task | None:
        channel, workspace = self._where(line.channel)
        before = message_object(line, workspace)
        return self._hidden(
            channel, workspace, "message_deleted", echo=echo, deleted_ts=line.ts, previous_message=before
        )

    def _hidden(
        self,
        channel: Conversation,
        workspace: Workspace,
        subtype: str,
        *,
        echo: bool,
        **more: object,
    ) -> Task | None:
        if workspace.bot_user not in channel.members:
            return None
        stamp = self._platform.world.stamp(channel)
        event: Json = {"type": "message", "subtype": subtype, "hidden": True, "channel": channel.id, "ts": stamp}
        event |= {"channel_type": channel.kind, "event_ts": stamp, **more}
        return self.tell(workspace, event, kind=PLURALS[channel.kind], echo=echo)

    def membership(self, channel: Conversation, user: str, *, came: bool) -> Task | None:
        """Tell who came or left: to an app that is in the channel, and to the one that it is about."""
        workspace = self._platform.world.workspaces[channel.team]
        if workspace.bot_user not in channel.members and user != workspace.bot_user:
            return None
        kind = "member_joined_channel" if came else "member_left_channel"
        where = {"channel": channel.id, "channel_type": LETTERS[channel.kind], "team": channel.team}
        return self.tell(workspace, {"type": kind, "user": user, **where}, echo=user == workspace.bot_user)

    def reaction(self, line: Line, user: str, name: str, *, on: bool) -> Task | None:
        channel, workspace = self._where(line.channel)
        if workspace.bot_user not in channel.members:
            return None
        kind = "reaction_added" if on else "reaction_removed"
        item = {"type": "message", "channel": channel.id, "ts": line.ts}
        return self.tell(
            workspace, {"type": kind, "user": user, "reaction": name, "item": item, "item_user": line.user}
        )

    def user(self, user: User, kind: str) -> list[Task]:
        """Tell every workspace that somebody is in what changed of them."""
        world, told = self._platform.world, []
        for workspace in world.workspaces.values():
            if user.id in workspace.people:
                shown = user_object(user, workspace.id, world.now())
                told.append(self.tell(workspace, {"type": kind, "user": shown, "cache_ts": world.seconds()}))
        return [one for one in told if one is not None]

    def channel(self, channel: Conversation, kind: str, user: str) -> Task | None:
        """Tell that a channel was archived, brought back, renamed or deleted; 'group_…' of a private one."""
        workspace = self._platform.world.workspaces[channel.team]
        letters = "group" if channel.kind == "group" else "channel"
        return self.tell(workspace, {"type": f"{letters}_{kind}", "channel": channel.id, "user": user})

    def _where(self, channel: str) -> tuple[Conversation, Workspace]:
        found = self._platform.world.conversations[channel]
        return found, self._platform.world.workspaces[found.team]


def _somebody(event: Json) -> str:
    user = event.get("user", "")
    return user if isinstance(user, str) else str(user["id"])
