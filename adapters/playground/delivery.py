"""The room as Drumbeat sends to it: posts, edits, what fails on the way, and what is refused for good."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from adapters.playground.scene import BOT, Channel
from adapters.playground.stage import Change, Stage
from bot.chat import Appointment, DeliveryError, Message, Person, Place
from bot.plain import read_aloud
from bot.wire import to_json

CALLS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """Something that Drumbeat sent and that arrived: ``kind`` is 'post' or 'edit'."""

    kind: Literal["post", "edit"]
    place: Place
    message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class _Fault:
    retry_after: float | None
    after_storing: bool


class Delivery(Stage):
    """What Drumbeat does to the room, and the mishaps that a test can ask for."""

    def __init__(self, *, now: Callable[[], datetime], journal: Path | None = None) -> None:
        super().__init__(now=now, journal=journal)
        self._calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self._failed: deque[Call] = deque(maxlen=CALLS_KEPT)
        self._faults: deque[_Fault] = deque()

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        self._check_place(place)
        fault = self._take_fault(Call("post", place, "", read_aloud(message)))
        message_id = self._put(place, BOT, view=message, once=once)
        self._calls.append(Call("post", place, message_id, read_aloud(message)))
        self._break(fault)
        return message_id

    async def edit(self, place: Place, message_id: str, message: Message) -> None:
        there = self.message(message_id)
        if there is None or not _same_place(there.place, place):
            why = f"There is no message {message_id!r} in that place any more."
            raise DeliveryError(why, permanent=True, gone=True)
        if there.author != BOT:
            raise DeliveryError(f"The message {message_id!r} is somebody else's.", permanent=True)
        call = Call("edit", there.place, message_id, read_aloud(message))
        fault = self._take_fault(call)
        self._happen({"is": "edited", "id": message_id, "view": to_json(message)}, Change("post", message_id))
        self._calls.append(call)
        self._break(fault)

    async def find(self, place: Place, *, once: str, since: datetime) -> str | None:
        for post in reversed(self.posts):
            if post.at < since:
                break
            if post.author == BOT and post.once == once and _same_place(post.place, place):
                return post.id
        return None

    async def members(self, place: Place) -> tuple[Person, ...]:
        if place.channel not in self._scene.channels:
            raise DeliveryError(f"There is no channel {place.channel!r}.", permanent=True, shut_out=True)
        channel = self.channel(place.channel)
        return tuple(self._seen_in(channel, person) for person in channel.people)

    async def keep_event(self, place: Place, event_id: str, appointment: Appointment) -> str:  # noqa: ARG002
        """Nothing: the room has no list of events."""
        return ""

    async def inside(self, place: Place, room: str) -> tuple[Person, ...] | None:
        """List who is in a call, of those who share a channel of the place's workspace."""
        wanted = room.lstrip("#").casefold()
        near = {person for one in self.channels if one.workspace == place.workspace for person in one.people}
        there = [person for call, people in self.voice.items() if wanted in self._called(call) for person in people]
        return tuple(self.person(person) for person in there if person in near)

    def _called(self, call: str) -> set[str]:
        """Say by what a call is found: its own name, and that of the channel whose call it is."""
        return {call.casefold(), self._name_call(call).casefold()}

    def _name_call(self, call: str) -> str:
        return self.channel(call).name if call in self._scene.channels else call

    @property
    def calls(self) -> list[Call]:
        """Every post and edit that arrived, in order."""
        return list(self._calls)

    @property
    def failed_calls(self) -> list[Call]:
        """Every post and edit that ``fail_next`` kept from arriving, in order."""
        return list(self._failed)

    def fail_next(self, n: int, *, retry_after: float | None = None, after_storing: bool = False) -> None:
        """Let the next ``n`` posts or edits fail for the time being.

        With ``after_storing`` they arrive, but Drumbeat is told that they failed: the connection broke on the way back.
        """
        self._faults.extend([_Fault(retry_after, after_storing)] * n)

    def _seen_in(self, channel: Channel | None, person: str) -> Person:
        known = self.person(person)
        return replace(known, steward=known.steward or (channel is not None and channel.creator == person))

    def _check_place(self, place: Place) -> None:
        why, gone = "", False
        if place.channel:
            channel = self._scene.channels.get(place.channel)
            root = self.message(place.thread) if place.thread else None
            if channel is None or channel.workspace != place.workspace:
                why = f"There is no channel {place.channel!r}."
            elif place.thread and (root is None or root.thread or root.place.channel != place.channel):
                why, gone = f"There is no thread {place.thread!r} in #{channel.name}.", True
        elif place.person not in self._scene.people:
            why = f"Nobody here is called {place.person!r}."
        elif place.person in self._scene.closed_inboxes:
            why = f"{self.person(place.person).name} takes no private messages."
        elif place.thread:
            why = "An inbox has no threads."
        if why:
            raise DeliveryError(why, permanent=True, gone=gone)

    def _take_fault(self, call: Call) -> _Fault | None:
        fault = self._faults.popleft() if self._faults else None
        if fault is not None and not fault.after_storing:
            self._failed.append(call)
            self._break(fault)
        return fault

    def _break(self, fault: _Fault | None) -> None:
        if fault is not None:
            raise DeliveryError("The line broke. Try again.", retry_after=fault.retry_after)


def _same_place(one: Place, other: Place) -> bool:
    return (one.workspace, one.channel or one.person) == (other.workspace, other.channel or other.person)
