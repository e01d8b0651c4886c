"""Who is in which huddle: Slack tells of people without the channel, and of channels in a message of its own.

https://docs.slack.dev/reference/events/user_huddle_changed; the message's subtype is ``huddle_thread``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]

ROOMS_KEPT = 2_000
PEOPLE_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody came into a huddle or went; the channel is empty while nobody told it.

    ``until`` is when Slack takes them for gone at the latest, in seconds since 1970; 0 where it does not say. A move
    that happened at another time than it is told has ``at``.
    """

    person: str
    room: str
    channel: str
    here: bool
    until: float = 0.0
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Ended:
    """A huddle of a channel that is over, with its message; times in seconds since 1970, 0 where Slack says none."""

    room: str
    channel: str
    message: str
    began: float
    ended: float
    people: tuple[str, ...]


def read_end(event: Json) -> Ended | None:
    """Read that a huddle is over, and whom its message names as having been there."""
    message: Json = event.get("message") or event
    room: Json = message.get("room") or {}
    if message.get("subtype") != "huddle_thread" or not room.get("has_ended"):
        return None
    return Ended(
        room=str(room.get("id") or ""),
        channel=str(event.get("channel") or ""),
        message=str(message.get("ts") or ""),
        began=_seconds(room.get("date_start")),
        ended=_seconds(room.get("date_end")),
        people=tuple(map(str, room.get("participant_history") or ())),
    )


def is_about_huddle(event: Json) -> bool:
    """Tell whether a message of a channel is the one about its huddle, new, changed or deleted."""
    return event.get("type") == "message" and _message(event).get("subtype") == "huddle_thread"


def _message(event: Json) -> Json:
    found: Json = event.get("message") or event.get("previous_message") or event
    return found


def _seconds(told: object) -> float:
    try:
        return float(str(told or 0))
    except ValueError:
        return 0.0


class Huddles:
    """What is remembered of huddles between Slack's messages about them."""

    def __init__(self) -> None:
        self._channels: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._there: OrderedDict[tuple[str, str], Move] = OrderedDict()
        # Where the message about a channel's huddle stands while it lasts.
        self._messages: OrderedDict[tuple[str, str], str] = OrderedDict()

    def message(self, workspace: str, channel: str) -> str:
        """Give the message about the huddle that a channel has now, if we were told of one."""
        return self._messages.get((workspace, channel), "")

    def expire(self, workspace: str, *, now: float) -> list[Move]:
        """Let go of those whose state is stuck: Slack says until when it holds."""
        stuck = [move for (where, _), move in self._there.items() if where == workspace and 0 < move.until < now]
        return [replace(self._go(workspace, move), at=move.until) for move in stuck]

    def prolong(self, workspace: str, user: Json) -> None:
        """Take in until when somebody's state holds: Slack may say so with any news of them."""
        profile: Json = user.get("profile") or {}
        before = self._there.get((workspace, str(user.get("id") or "")))
        if before is not None and before.room == profile.get("huddle_state_call_id"):
            until = _seconds(profile.get("huddle_state_expiration_ts"))
            self._there[workspace, before.person] = replace(before, until=until)

    def confirm(self, workspace: str, people: Iterable[str]) -> None:
        """Take in that these are in their huddle for sure: nobody's state is stuck."""
        for person in people:
            before = self._there.get((workspace, person))
            if before is not None:
                self._there[workspace, person] = replace(before, until=0.0)

    def changed(self, workspace: str, user: Json) -> list[Move]:
        """Read that somebody's huddle is another one now: they left one, came into one, or both."""
        profile: Json = user.get("profile") or {}
        room = str(profile.get("huddle_state_call_id") or "") if profile.get("huddle_state") == "in_a_huddle" else ""
        person = str(user.get("id") or "")
        until = _seconds(profile.get("huddle_state_expiration_ts"))
        before = self._there.get((workspace, person))
        if before is not None and before.room == room:
            self.prolong(workspace, user)
            return []
        moves = [self._go(workspace, before)] if before is not None else []
        if room:
            moves.append(self._come(workspace, person, room, until=until))
        return moves

    def told(self, workspace: str, event: Json) -> list[Move]:
        """Read a channel's message about its huddle: whose it is, who is in it, and that it is over."""
        message = _message(event)
        room: Json = message.get("room") or {}
        name, channel = str(room.get("id") or ""), str(event.get("channel") or "")
        if message.get("subtype") != "huddle_thread" or not name:
            return []
        self._channels[workspace, name] = channel
        while len(self._channels) > ROOMS_KEPT:
            self._channels.popitem(last=False)
        over = bool(room.get("has_ended")) or event.get("subtype") == "message_deleted"
        self._note_message(workspace, channel, "" if over else str(message.get("ts") or ""))
        known = [move for (where, _), move in self._there.items() if where == workspace and move.room == name]
        if over:
            return [self._go(workspace, move) for move in known]
        inside = {*map(str, room.get("participants") or ()), *(move.person for move in known)}
        return list(self._place(workspace, sorted(inside), name, channel))

    def _place(self, workspace: str, people: list[str], room: str, channel: str) -> Iterator[Move]:
        for person in people:
            before = self._there.get((workspace, person))
            if before is None or (before.room == room and before.channel != channel):
                yield self._come(workspace, person, room, until=before.until if before is not None else 0.0)

    def _note_message(self, workspace: str, channel: str, ts: str) -> None:
        self._messages.pop((workspace, channel), None)
        if ts:
            self._messages[workspace, channel] = ts
        while len(self._messages) > ROOMS_KEPT:
            self._messages.popitem(last=False)

    def _come(self, workspace: str, person: str, room: str, *, until: float) -> Move:
        move = Move(person, room, self._channels.get((workspace, room), ""), here=True, until=until)
        self._there[workspace, person] = move
        while len(self._there) > PEOPLE_KEPT:
            self._there.popitem(last=False)
        return move

    def _go(self, workspace: str, before: Move) -> Move:
        self._there.pop((workspace, before.person), None)
        channel = before.channel or self._channels.get((workspace, before.room), "")
        return Move(before.person, before.room, channel, here=False)
