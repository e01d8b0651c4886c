"""Slack with the five of the town in it, the real adapter, and an engine that answers what a test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog

from adapters.slack.chat import SlackChat
from bot.chat import Action, Answer, Event, Form, Message, Person, Place, Text, Typable, Words
from bot.clock import MovedClock
from tests.adapters.slack_platform import SlackStand

START = datetime(2026, 11, 1, 11, 0, tzinfo=UTC)
PEOPLE = ("ana", "ben", "chi", "dee", "eli")
RIVER = "river"
COMMANDS = (Typable("drumbeat", "Show the movement of this channel"), Typable("away", "Take a break", "[until friday]"))

Kind = TypeVar("Kind", bound=Event)


class Engine:
    """What hears. It notes every event, and gives the answer that the test wants, when the test wants."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.answer: Callable[[Event], Answer] = lambda _: None
        # Closed, it keeps everybody waiting: a database that takes its time.
        self.gate = asyncio.Event()
        self.gate.set()
        self._more = asyncio.Event()

    async def hear(self, event: Event) -> Answer:
        self.heard.append(event)
        self._more.set()
        await self.gate.wait()
        return self.answer(event)

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Everything heard of one kind."""
        return [event for event in self.heard if isinstance(event, kind)]

    async def until(self, number: int) -> None:
        """Wait until so many events were heard."""
        async with asyncio.timeout(5):
            while len(self.heard) < number:
                self._more.clear()
                await self._more.wait()


@dataclass
class Scene:
    """Everything that a test of the adapter looks at."""

    stand: SlackStand
    chat: SlackChat
    engine: Engine
    recorded: list[dict[str, object]]
    clock: MovedClock
    running: asyncio.Task[None] | None = None

    @property
    def river(self) -> Place:
        """The channel, as the adapter names it."""
        return Place("slack", self.stand.native("movement"), self.stand.native(RIVER))

    def inbox(self, person: str) -> Place:
        return Place("slack", self.stand.native("movement"), person=self.stand.native(person))

    def told(self, person: str) -> str:
        """What a person was last told alone."""
        return self.stand.whispers(person)[-1].text

    def methods(self) -> list[str]:
        """The methods that the adapter called, answers included, in order."""
        return [str(line["method"]) for line in self.recorded]

    def payloads(self, method: str) -> list[dict[str, Any]]:
        return [line["payload"] for line in self.recorded if line["method"] == method]  # type: ignore[misc]


def new_stand(clock: MovedClock) -> SlackStand:
    """Set the scene of the town: Eli is in the workspace, and not in the channel."""
    stand = SlackStand(now=clock)
    for name in PEOPLE:
        stand.add_person(Person(name, name.title(), "Europe/Berlin"))
    stand.add_channel(RIVER, "river", creator="ana")
    stand.seat(RIVER, "ben", "chi", "dee")
    return stand


@asynccontextmanager
async def slack(stand: SlackStand | None = None, **settings: Any) -> AsyncIterator[Scene]:  # noqa: ANN401 - of SlackChat
    """Run the adapter against the stand, over sockets; on a stand that runs already it is a second process."""
    clock = MovedClock(wall=lambda: START)
    stand = stand or new_stand(clock)
    ours = not stand.platform.running
    if ours:
        await stand.start()
    try:
        recorded: list[dict[str, object]] = []
        tokens = {"bot_token": stand.bot_token, "app_token": stand.app_token, "api_url": stand.api_url}
        chat = SlackChat(**{**tokens, "record": recorded.append, **settings}, commands=lambda: COMMANDS, now=clock)
        scene = Scene(stand, chat, Engine(), recorded, clock)
        async with running(scene):
            yield scene
    finally:
        if ours:
            await stand.stop()


@asynccontextmanager
async def running(scene: Scene) -> AsyncIterator[None]:
    """Let the adapter run, and stop it as the program does."""
    task = scene.running = asyncio.create_task(scene.chat.run(scene.engine.hear))
    ready = asyncio.create_task(scene.chat.ready())
    await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        ready.cancel()
        task.result()
    scene.stand.quiet = scene.chat.rest
    try:
        yield
    finally:
        scene.engine.gate.set()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextmanager
def logged() -> Iterator[list[Any]]:
    """Read what is logged, from the least to the worst."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0), cache_logger_on_first_use=False)
    try:
        with structlog.testing.capture_logs() as entries:
            yield entries
    finally:
        structlog.configure(**before)


def tell_form(*, name: str = "tell") -> Form:
    """A form with one box."""
    return Form("Tell us", Action("demo", name), Words(name="words", label="Your words"))


def hello() -> Message:
    return Message(Text("Hello."))
