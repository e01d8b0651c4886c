"""The stages that a town can lie on: the playground's room, or Slack or Discord behind real lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from adapters.playground import Room
from adapters.playground.scene import Post
from bot.chat import Answer, Chat, Hear, Person, Place
from bot.clock import MovedClock
from bot.main import Drumbeat


class Stage(Protocol):
    """What a town needs of the ground it stands on."""

    room: Room

    def prepare(self, drumbeat: Drumbeat, chats: dict[str, Chat], hear: Hear) -> None:
        """Give Drumbeat its chat."""

    async def connect(self, hear: Hear) -> None:
        """Open the line."""

    async def disconnect(self) -> None:
        """Close the line, as when Drumbeat stops."""

    async def close(self) -> None:
        """Take everything down."""

    def person(self, who: str, channel: str) -> Person:
        """Give somebody as the platform's events in a channel do."""

    def place(self, channel: str, *, under: Post | None, who: str) -> Place:
        """Give a channel, a thread or, with channel '', an inbox as the platform's events do."""

    def show(self, who: str, place: Place, answer: Answer) -> None:
        """Show somebody an answer to what a test made up, where that can be done."""


StageMaker = Callable[[MovedClock], Stage]


class PlaygroundStage:
    """The playground's room, in memory."""

    def __init__(self, clock: MovedClock) -> None:
        self.room = Room(now=clock)

    def prepare(self, drumbeat: Drumbeat, chats: dict[str, Chat], hear: Hear) -> None:
        del drumbeat
        chats[self.room.platform] = self.room
        self.room.listen(hear)

    async def connect(self, hear: Hear) -> None:
        pass

    async def disconnect(self) -> None:
        pass

    async def close(self) -> None:
        pass

    def person(self, who: str, channel: str) -> Person:
        return self.room._seen_in(self.room.channel(channel), who)

    def place(self, channel: str, *, under: Post | None, who: str) -> Place:
        if not channel:
            return self.room._inbox_place(who)
        return Place(Room.platform, self.room.channel(channel).workspace, channel, thread=under.id if under else "")

    def show(self, who: str, place: Place, answer: Answer) -> None:
        self.room._keep(who, place, answer, "")


STAGES: Mapping[str, StageMaker] = {"playground": PlaygroundStage}
