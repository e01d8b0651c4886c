"""The real adapter on a made-up Discord: Ana's channel #river with Ben in it, and a Drumbeat that answers as told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from adapters.discord import DiscordChat
from adapters.discord.commands import Remember
from adapters.discord.connection import Pauses
from adapters.playground.refusals import Answers
from bot.chat import (
    Action,
    Answer,
    Blank,
    Choice,
    Event,
    Form,
    Option,
    People,
    Person,
    Place,
    Typable,
    When,
    Whisper,
    Words,
)
from bot.plain import read_aloud
from tests.adapters.discord_platform import DiscordStand

START = datetime(2026, 11, 1, 11, 0, tzinfo=UTC)
# As on Discord, only faster.
HURRIED = Pauses(first=0.02, longest=0.2, sessions=0.02, over=(0.0, 0.02))
AWAY = Typable("away", "Be away for a while", "[until friday]", Blank("when", "How long", ("until friday", "back")))
HELP = Typable("drumbeat", "See what there is")
BOTH = ("members", "message_content")

ANSWER = Action("check-in", "answer", "17", 3)
FORM = Form(
    "Check in",
    ANSWER,
    Words(name="intention", label="One thing", most=80),
    Choice(name="mood", label="How are you?", options=(Option("Good", "4"), Option("Tired", "2"))),
    Choice(
        name="days", label="Which days?", options=(Option("Mon", "1"), Option("Tue", "2")), many=True, required=False
    ),
    People(name="with", label="With whom?", most=2, required=False),
    When(name="by", label="By when?", required=False),
)
FILLED: Answers = {"intention": "call Chi", "mood": ("4",), "days": ("1", "2"), "with": (), "by": "2026-11-05"}

Happened = TypeVar("Happened", bound=Event)


class House:
    """``answer`` is what Drumbeat does with an event; ``heard`` is what it heard, in order."""

    def __init__(self, *, privileged: Sequence[str] = BOTH, remember: Remember | None = None) -> None:
        self.moment = START
        self.stand = DiscordStand(now=lambda: self.moment, privileged=privileged)
        for person in ("ana", "ben", "chi", "dee", "eli"):
            self.stand.add_person(Person(person, person.capitalize()))
        self.stand.add_channel("river", "river", creator="ana")
        self.stand.seat("river", "ben")
        self.heard: list[Event] = []
        self.answer: Callable[[Event], Awaitable[Answer]] = _say_nothing
        self.commands: list[Typable] = [AWAY, HELP]
        self.recorded: list[dict[str, Any]] = []
        self.remember = remember
        self.chat = self.make_chat()
        self.running: asyncio.Task[None] | None = None

    def make_chat(
        self,
        *,
        token: str = "",
        shards: str = "",
        pauses: Pauses = HURRIED,
        now: Callable[[], datetime] | None = None,
    ) -> DiscordChat:
        """Make an adapter that knows nothing of an earlier one."""
        return DiscordChat(
            token=token or self.stand.token,
            api_url=self.stand.api_url if self.stand.service.port else "http://127.0.0.1:9",
            commands=lambda: self.commands,
            now=now or (lambda: self.moment),
            shards=shards,
            record=self.recorded.append,
            remember=self.remember,
            pauses=pauses,
        )

    async def hear(self, event: Event) -> Answer:
        self.heard.append(event)
        return await self.answer(event)

    def of(self, kind: type[Happened]) -> list[Happened]:
        """Everything of a kind that was heard."""
        return [event for event in self.heard if isinstance(event, kind)]

    def begin(self, *, token: str = "", shards: str = "", pauses: Pauses = HURRIED) -> asyncio.Task[None]:
        """Start the adapter, and don't wait for it."""
        self.chat = self.make_chat(token=token, shards=shards, pauses=pauses)
        self.stand.quiet = self.chat.rest
        self.running = asyncio.create_task(self.chat.run(self.hear))
        return self.running

    async def connect(self, *, shards: str = "") -> None:
        """Start the adapter, and wait until it is connected and has told what it found."""
        self.begin(shards=shards)
        async with asyncio.timeout(10):
            await self.chat.ready()
            await self.chat.rest()

    async def disconnect(self) -> None:
        """Stop the adapter."""
        if self.running is not None:
            running, self.running = self.running, None
            running.cancel()
            await asyncio.wait([running])

    async def restart(self) -> None:
        """Stop the adapter, and start one that remembers nothing."""
        await self.disconnect()
        await self.connect()

    async def settle(self) -> None:
        """Let everything arrive that was caused so far."""
        await self.stand.service.gateway.arrived()
        await self.chat.rest()

    def pass_time(self, **parts: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**parts)

    # ------------------------------------------------------------------------------------------- names

    def native(self, name: str) -> str:
        """Give Discord's id."""
        return self.stand.native(name)

    def place(self, channel: str = "river", *, thread: str = "", workspace: str = "movement") -> Place:
        """A channel, as the adapter names it."""
        return Place("discord", self.native(workspace), self.native(channel), thread)

    def private(self, person: str) -> Place:
        """An inbox as events name it: Discord does not tell which server is meant."""
        return Place("discord", "", person=self.native(person))

    def inbox(self, person: str, *, workspace: str = "movement") -> Place:
        """Somebody's inbox, as the adapter names it."""
        return Place("discord", self.native(workspace), person=self.native(person))

    def person(self, name: str, *, steward: bool = False) -> Person:
        """Somebody, as the adapter names them."""
        return Person(self.native(name), self.stand.person(name).name, steward=steward)

    def calls(self, method: str, ending: str) -> list[dict[str, Any]]:
        """What was sent to Discord, by the method and the end of the path."""
        return [call for call in self.recorded if call["method"] == method and str(call["path"]).endswith(ending)]


@contextlib.asynccontextmanager
async def discord_house(
    *, privileged: Sequence[str] = BOTH, remember: Remember | None = None, connect: bool = True
) -> AsyncIterator[House]:
    """A house for one test."""
    house = House(privileged=privileged, remember=remember)
    await house.stand.start()
    try:
        if connect:
            await house.connect()
        yield house
    finally:
        await house.disconnect()
        await house.stand.stop()


async def _say_nothing(event: Event) -> Answer:
    del event
    return None


def always(answer: Answer) -> Callable[[Event], Awaitable[Answer]]:
    """Give the same answer to everything."""

    async def hear(event: Event) -> Answer:
        del event
        return answer

    return hear


def answering(**answers: Answer) -> Callable[[Event], Awaitable[Answer]]:
    """Answer commands, presses and forms, each with its own."""

    async def hear(event: Event) -> Answer:
        return answers.get(type(event).__name__.lower())

    return hear


def seen(answer: Answer) -> str:
    """What somebody sees, as words."""
    if answer is None:
        return ""
    return read_aloud(answer.message if isinstance(answer, Whisper) else answer)


class Slow:
    """A Drumbeat that answers only when it is told to, as if its database were busy."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.go_on = asyncio.Event()
        self.asked = 0
        self.finished = 0

    async def __call__(self, event: Event) -> Answer:
        del event
        self.asked += 1
        await self.go_on.wait()
        self.finished += 1
        return self._answer
