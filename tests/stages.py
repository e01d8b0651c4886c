"""The stages that a town can lie on: the playground's room, or Slack or Discord behind real lines."""

from __future__ import annotations

import asyncio
import itertools
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast

from adapters.discord import DiscordChat
from adapters.playground import Room
from adapters.playground.scene import Post
from adapters.slack import Install, SlackChat
from bot.chat import Answer, Chat, Hear, Person, Place, Typable, When
from bot.clock import MovedClock
from bot.moments import read_day, read_moment
from bot.recorder import Recorder
from tests.adapters.discord_platform import DiscordStand
from tests.adapters.slack_platform import SlackStand
from tests.people import LOUNGE, RIVER

CONNECT_SECONDS = 10


Commands = Callable[[], Sequence[Typable]]


def recorder(platform: str) -> Callable[[dict[str, object]], None] | None:
    """With RECORD_CALLS, a folder, in the environment every call to a platform is written there, to be judged.

    A file for each town, because ids repeat from town to town; without times, because a town's clock leaps.
    """
    folder = os.environ.get("RECORD_CALLS")
    if not folder:
        return None
    file = Path(folder) / f"{platform}-{os.getpid()}-{next(_numbers)}.jsonl"

    def record(call: dict[str, object]) -> None:
        recorder = Recorder(file)
        recorder({name: value for name, value in call.items() if name not in ("at", "t")})
        recorder.close()

    return record


_numbers = itertools.count(1)


class Stage(Protocol):
    """What a town needs of the ground it stands on."""

    room: Room

    def prepare(self, commands: Commands, chats: dict[str, Chat], hear: Hear) -> None:
        """Give Drumbeat its chat; ``commands`` says what can be typed there."""

    async def connect(self, hear: Hear) -> None:
        """Open the line."""

    async def disconnect(self) -> None:
        """Close the line, as when Drumbeat stops."""

    async def close(self) -> None:
        """Take everything down."""

    def person(self, who: str, channel: str) -> Person:
        """Give somebody as the platform's events in a channel do."""

    def native(self, name: str) -> str:
        """Give the platform's id of a person, a channel or a workspace of the town."""

    def named(self, native: str) -> str:
        """Give the town's name of what has this id; the id itself where the town has no name for it."""

    def place(self, channel: str, *, under: Post | None, who: str) -> Place:
        """Give a channel, a thread or, with channel '', an inbox as the platform's events do."""

    def call(self, room: str) -> str:
        """Say which call the stage has where a scene speaks of a room."""

    def picked(self, field: When, typed: str, *, now: datetime) -> str:
        """Give what a person would send who means these words: typed, or picked from a calendar."""

    def show(self, who: str, place: Place, answer: Answer) -> None:
        """Show somebody an answer to what a test made up, where that can be done."""


StageMaker = Callable[[MovedClock], Stage]


class PlaygroundStage:
    """The playground's room, in memory."""

    def __init__(self, clock: MovedClock) -> None:
        self.room = Room(now=clock)

    def prepare(self, commands: Commands, chats: dict[str, Chat], hear: Hear) -> None:
        del commands
        chats[self.room.platform] = self.room
        self.room.listen(hear)

    async def connect(self, hear: Hear) -> None:
        self.room.listen(hear)

    async def disconnect(self) -> None:
        self.room._hear = None

    async def close(self) -> None:
        pass

    def person(self, who: str, channel: str) -> Person:
        return self.room._seen_in(self.room.channel(channel), who)

    def native(self, name: str) -> str:
        return name

    def named(self, native: str) -> str:
        return native

    def place(self, channel: str, *, under: Post | None, who: str) -> Place:
        if not channel:
            return self.room._inbox_place(who)
        return Place(Room.platform, self.room.channel(channel).workspace, channel, thread=under.id if under else "")

    def call(self, room: str) -> str:
        return room

    def picked(self, field: When, typed: str, *, now: datetime) -> str:
        del field, now
        return typed

    def show(self, who: str, place: Place, answer: Answer) -> None:
        self.room._keep(who, place, answer, "")


class LineStage(ABC):
    """A stand-in of a platform, and the real adapter that talks to it over a socket."""

    platform = ""

    def __init__(self, clock: MovedClock, stand: SlackStand | DiscordStand) -> None:
        self.clock = clock
        self.stand = stand
        self.room = cast("Room", stand)  # people act there with the same words
        self._chats: dict[str, Chat] = {}
        self._commands: Commands = tuple
        self._running: asyncio.Task[None] | None = None

    def prepare(self, commands: Commands, chats: dict[str, Chat], hear: Hear) -> None:
        del hear
        self._commands, self._chats = commands, chats

    async def connect(self, hear: Hear) -> None:
        if self._running is None and not self._chats:
            await self.stand.start()
        chat = self.make(self._commands)
        self._chats[self.platform] = chat
        self.stand.quiet = chat.rest
        self._running = asyncio.create_task(chat.run(hear))
        ready = asyncio.create_task(chat.ready())
        await asyncio.wait({ready, self._running}, timeout=CONNECT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if self._running.done():
            self._running.result()
        await ready
        await chat.rest()

    async def disconnect(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})
            self._running = None

    async def close(self) -> None:
        await self.disconnect()
        await self.stand.stop()

    @abstractmethod
    def make(self, commands: Commands) -> SlackChat | DiscordChat:
        """Make the adapter, pointed at the stand-in."""

    def person(self, who: str, channel: str) -> Person:
        known = self.room.person(who)
        steward = known.steward or self.room.channel(channel).creator == who
        zone = known.zone if self.platform == "slack" else ""
        return Person(self.stand.native(who), known.name, zone, steward, known.bot)

    def workspace_of_inboxes(self) -> str:
        """Give the workspace that events from an inbox name."""
        return self.stand.native("movement") if self.platform == "slack" else ""

    def native(self, name: str) -> str:
        return self.stand.native(name)

    def named(self, native: str) -> str:
        return self.stand.named(native)

    def call(self, room: str) -> str:
        """Say which call the stage has where a scene speaks of a room; on Slack the lounge is the channel's huddle."""
        return RIVER if self.platform == "slack" and room == LOUNGE else room

    def place(self, channel: str, *, under: Post | None, who: str) -> Place:
        if not channel:
            return Place(self.platform, self.workspace_of_inboxes(), person=self.stand.native(who))
        workspace = self.stand.native(self.room.channel(channel).workspace)
        thread = under.id.rpartition("/")[2] if under else ""
        return Place(self.platform, workspace, self.stand.native(channel), thread=thread)

    def picked(self, field: When, typed: str, *, now: datetime) -> str:
        del field, now
        return typed

    def show(self, who: str, place: Place, answer: Answer) -> None:  # noqa: B027 - there is nothing to do
        """Nothing: only a platform can show an answer, and only to what was done there."""


class InstalledSlack(SlackStand):
    """A Slack in which every workspace has Drumbeat, as soon as it has a channel."""

    def add_channel(self, channel: str, name: str, workspace: str = "movement", **parts: Any) -> None:  # noqa: ANN401
        super().add_channel(channel, name, workspace, **parts)
        self.install(workspace)

    async def load(self, workspace: str) -> Install | None:
        there = self.world.workspaces.get(workspace)
        if there is None or not there.installed:
            return None
        return Install(there.id, there.name, there.bot_token, bot_user=there.bot_user, bot=there.bot_id)

    async def all(self) -> Sequence[Install]:
        found = [await self.load(workspace) for workspace in self.world.workspaces]
        return [install for install in found if install is not None]

    async def save(self, install: Install) -> None:
        self.world.workspaces[install.workspace].installed = True

    async def remove(self, workspace: str) -> None:
        self.world.workspaces[workspace].installed = False


class SlackStage(LineStage):
    """Slack over Socket Mode."""

    platform = "slack"

    def __init__(self, clock: MovedClock) -> None:
        super().__init__(clock, InstalledSlack(now=clock))

    def prepare(self, commands: Commands, chats: dict[str, Chat], hear: Hear) -> None:
        super().prepare(commands, chats, hear)
        assert isinstance(self.stand, SlackStand)
        self.stand.commands = {command.name for command in commands()}

    def picked(self, field: When, typed: str, *, now: datetime) -> str:
        """Pick what the words mean: Slack has calendars, and nothing to type a day into."""
        if not typed:
            return ""
        if field.clock:
            return read_moment(typed, zone="Europe/Berlin", now=now).isoformat()
        return read_day(typed, zone="Europe/Berlin", now=now).isoformat()

    def make(self, commands: Commands) -> SlackChat:
        stand = self.stand
        assert isinstance(stand, InstalledSlack)
        return SlackChat(
            bot_token=stand.bot_token,
            app_token=stand.app_token,
            api_url=stand.api_url,
            commands=commands,
            now=self.clock,
            installs=stand,
            record=recorder("slack"),
        )


class DiscordStage(LineStage):
    """Discord over its gateway."""

    platform = "discord"

    def __init__(self, clock: MovedClock) -> None:
        super().__init__(clock, DiscordStand(now=clock, privileged=("members", "message_content")))

    def make(self, commands: Commands) -> DiscordChat:
        stand = self.stand
        assert isinstance(stand, DiscordStand)
        return DiscordChat(
            token=stand.token, api_url=stand.api_url, commands=commands, now=self.clock, record=recorder("discord")
        )


STAGES: Mapping[str, StageMaker] = {"playground": PlaygroundStage, "slack": SlackStage, "discord": DiscordStage}
