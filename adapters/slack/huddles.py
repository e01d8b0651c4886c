"""Who is in which huddle: Slack tells of people without the channel, and of channels in a message of its own.

https://docs.slack.dev/reference/events/user_huddle_changed; the message's subtype is ``huddle_thread``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

ROOMS_KEPT = 2_000
PEOPLE_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody came into a huddle or went; the channel is empty while nobody told it."""

    person: str
    room: str
    channel: str
    here: bool


class Huddles:
    """What is remembered of huddles between Slack's messages about them."""

    def __init__(self) -> None:
        self._channels: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._there: OrderedDict[tuple[str, str], Move] = OrderedDict()

    def changed(self, workspace: str, user: Json) -> list[Move]:
        """Read that somebody's huddle is another one now: they left one, came into one, or both."""
        profile: Json = user.get("profile") or {}
        room = str(profile.get("huddle_state_call_id") or "") if profile.get("huddle_state") == "in_a_huddle" else ""
        person = str(user.get("id") or "")
        before = self._there.get((workspace, person))
        if before is not None and before.room == room:
            return []
        moves = [self._go(workspace, before)] if before is not None else []
        if room:
            moves.append(self._come(workspace, person, room))
        return moves

    def told(self, workspace: str, event: Json) -> list[Move]:
        """Read a channel's message about its huddle: whose it is, who is in it, and that it is over."""
        message: Json = event.get("message") or event
        room: Json = message.get("room") or {}
        name, channel = str(room.get("id") or ""), str(event.get("channel") or "")
        if message.get("subtype") != "huddle_thread" or not name:
            return []
        self._channels[workspace, name] = channel
        while len(self._channels) > ROOMS_KEPT:
            self._channels.popitem(last=False)
        known = [move for (where, _), move in self._there.items() if where == workspace and move.room == name]
        if room.get("has_ended"):
            return [self._go(workspace, move) for move in known]
        inside = {*map(str, room.get("participants") or ()), *(move.person for move in known)}
        return list(self._place(workspace, sorted(inside), name, channel))

    def _place(self, workspace: str, people: list[str], room: str, channel: str) -> Iterator[Move]:
        for person in people:
            before = self._there.get((workspace, person))
            if before is None or (before.room == room and before.channel != channel):
                yield self._come(workspace, person, room)

    def _come(self, workspace: str, person: str, room: str) -> Move:
        move = Move(person, room, self._channels.get((workspace, room), ""), here=True)
        self._there[workspace, person] = move
        while len(self._there) > PEOPLE_KEPT:
            self._there.popitem(last=False)
        return move

    def _go(self, workspace: str, before: Move) -> Move:
        self._there.pop((workspace, before.person), None)
        channel = before.channel or self._channels.get((workspace, before.room), "")
        return Move(before.person, before.room, channel, here=False)
