"""Huddles: who is in one, and the message that a huddle of a channel leaves behind.

https://docs.slack.dev/reference/events/user_huddle_changed tells the huddle's id of a person, and no channel; a message
of the subtype 'huddle_thread' tells the channel of a huddle.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.adapters.slack_platform.objects import message_object
from tests.adapters.slack_platform.refusing import Json
from tests.adapters.slack_platform.world import Conversation, Line, User

if TYPE_CHECKING:
    from tests.adapters.slack_platform.platform import SlackPlatform

Task = asyncio.Task[bool]


class Huddles:
    """The huddles under way, each by the name that a test calls it."""

    def __init__(self, platform: SlackPlatform) -> None:
        self._platform = platform
        self._ids: dict[str, str] = {}
        self._lines: dict[str, Line] = {}

    def begin(self, user: User, room: str, channel: Conversation | None) -> Task | None:
        """Let a huddle begin if somebody is the first; one of a channel leaves a message there."""
        people = self._platform.world.calls.setdefault(room, [])
        if people:
            return None
        self._ids[room] = self._platform.world.serial("R")
        if channel is None:
            return None
        made = self._room(self._ids[room], channel, user)
        self._lines[room] = self._platform.note(channel, "USLACKBOT", "A huddle started", "huddle_thread", made)
        self._lines[room].room = made | {"thread_root_ts": self._lines[room].ts}
        return self._platform.events.message(self._lines[room])

    def enter(self, user: User, room: str) -> list[Task]:
        self._platform.world.calls[room].append(user.id)
        self._note(room)
        user.huddle = self._ids[room]
        return self._tell(user)

    def leave(self, user: User, room: str) -> list[Task]:
        self._platform.world.calls[room].remove(user.id)
        self._note(room)
        user.huddle = ""
        return self._tell(user)

    def end(self, room: str) -> Task | None:
        """Let a huddle end if nobody is in it any more; its message says so, and who ever was there."""
        world, line = self._platform.world, self._lines.get(room)
        if world.calls[room] or line is None or line.room is None:
            return None
        before = message_object(line, world.workspaces[world.conversations[line.channel].team])
        line.room = line.room | {"has_ended": True, "date_end": world.seconds()}
        line.text = "A huddle happened"
        del self._lines[room]
        return self._platform.tell_edit(line, before)

    def _tell(self, user: User) -> list[Task]:
        """Tell twice: 'Both user_change and user_huddle_changed are dispatched at the exact same time'."""
        events = self._platform.events
        return [*events.user(user, "user_huddle_changed"), *events.user(user, "user_change")]

    def _note(self, room: str) -> None:
        line = self._lines.get(room)
        if line is not None and line.room is not None:
            there = self._platform.world.calls[room]
            ever = dict.fromkeys([*line.room["participant_history"], *there])
            line.room = line.room | {"participants": [*there], "participant_history": [*ever]}

    def _room(self, native: str, channel: Conversation, user: User) -> Json:
        return {
            "id": native,
            "name": "",
            "media_backend_type": "free_willy",
            "media_server": "",
            "background_id": "GRADIENT_01",
            "thread_root_ts": "",
            "participants_camera_on": [],
            "participants_camera_off": [],
            "participants_screenshare_on": [],
            "participants_screenshare_off": [],
            "pending_invitees": {},
            "last_invite_status_by_user": {},
            "knocks": {},
            "attached_file_ids": [],
            "recording": {"can_record_summary": "unavailable"},
            "created_by": user.id,
            "date_start": self._platform.world.seconds(),
            "date_end": 0,
            "participants": [user.id],
            "participant_history": [user.id],
            "channels": [channel.id],
            "is_dm_call": False,
            "was_rejected": False,
            "was_missed": False,
            "was_accepted": False,
            "has_ended": False,
            "call_family": "huddle",
            "huddle_link": f"https://app.slack.com/huddle/{channel.team}/{channel.id}",
        }
