"""A crowd of people who act on one program at the same time, and a stopwatch for each of them."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from adapters.playground.scene import Post
from bot.chat import Action, Button, Buttons, Menu, Message, Person
from tests.adapters.discord_platform import DiscordStand
from tests.adapters.slack_platform import SlackStand
from tests.bench.conftest import resident_megabytes
from tests.town import RIVER

ROOT = Path(__file__).parents[2]
PEOPLE = tuple(f"p{number:03}" for number in range(500))
FIGURE = "3"
ANSWERS: Mapping[str, str | tuple[str, ...]] = {
    "q1": (FIGURE,),
    "q2": "Talked to the harbour office, and printed the flyer",
    "did": "",
}
ACTS = ("command", "press", "form opened", "form sent")
START_SECONDS = 30
# What is still to be done after an answer (forms that open, posts, edits) is waited for so long at most.
LATER_SECONDS = 4.0
LOOK_SECONDS = 0.05
IDLE_SHARE = 0.08

# An act of somebody's, ready to be sent: waits until it is acknowledged.
Ready = Callable[[], Awaitable[object]]


def wall_clock() -> datetime:
    return datetime.now(UTC)


class Program:
    """A program as a process of its own."""

    def __init__(self, name: str, folder: Path, *command: str) -> None:
        self.name = name
        self.environment: dict[str, str] = {}
        self._folder = folder
        self._command = command
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._folder.mkdir()
        environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], **self.environment}
        with self.log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self._command, cwd=self._folder, env=environment, stdout=log, stderr=log
            )

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    @property
    def log(self) -> Path:
        return self._folder / "log.txt"

    @property
    def pid(self) -> int:
        assert self._process is not None
        assert self._process.returncode is None, self.log.read_text(encoding="utf-8")
        return self._process.pid

    def processor_seconds(self) -> float:
        """Read how long the program has kept a processor busy, on Linux."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def resident_megabytes(self) -> float:
        return resident_megabytes(self.pid)

    async def rest(self) -> None:
        """Wait until the program has done what its answers brought with them."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LATER_SECONDS
        before, busy = self.processor_seconds(), True
        while busy and loop.time() < until:
            await asyncio.sleep(LOOK_SECONDS)
            now = self.processor_seconds()
            before, busy = now, now - before > LOOK_SECONDS * IDLE_SHARE


def gather_people(stand: SlackStand | DiscordStand) -> None:
    for person in ("ana", *PEOPLE):
        stand.add_person(Person(person, person.capitalize(), "Europe/Berlin"))
    stand.add_channel(RIVER, RIVER, creator="ana")
    stand.seat(RIVER, *PEOPLE)


async def open_check_in(stand: SlackStand | DiscordStand) -> Post:
    """Start a movement whose check-in asks for a figure and for words, and begin one."""
    begin = {"name": "Clean River", "next-step": "Bring one friend"}
    if isinstance(stand, DiscordStand):
        begin |= {"zone": "Europe/Berlin"}
    await stand.command("ana", RIVER, "/drumbeat")
    await _fill(stand, begin)
    # A new movement is given its first questions at the next look at what is due, up to a second later.
    while not _menus(stand):
        await asyncio.sleep(LOOK_SECONDS)
        await stand.command("ana", RIVER, "/checkin questions")
    page, menu = _menus(stand)[-1]
    await stand.press("ana", page, menu.action, menu.options[0].value)
    await _fill(stand, {"question1": "How was your week? (1-5)", "question2": "What made it so?", "question3": ""})
    await stand.command("ana", RIVER, "/checkin now")
    await stand.wait_until(lambda: bool(_boards(stand)), START_SECONDS)
    return _boards(stand)[-1]


def _boards(stand: SlackStand | DiscordStand) -> list[Post]:
    return [post for post in stand.channel_messages(RIVER) if post.text.startswith("Check-in, ")]


def _menus(stand: SlackStand | DiscordStand) -> list[tuple[str, Menu]]:
    told = [(post.id, part) for post in stand.whispers("ana") for part in _view(post).parts]
    return [(page, part) for page, part in told if isinstance(part, Menu) and part.label == "Change a set"]


async def _fill(stand: SlackStand | DiscordStand, answers: Mapping[str, str]) -> None:
    opened = stand.form("ana")
    assert opened is not None
    written = {field.name: getattr(field, "value", "") for field in opened.form.fields}
    await stand.fill("ana", opened.id, {**written, **answers})


def _view(post: Post) -> Message:
    assert post.view is not None
    return post.view


def button(post: Post, label: str) -> Action:
    """Find a button by what stands on it."""
    rows = (part.row for part in _view(post).parts if isinstance(part, Buttons))
    return next(one.action for row in rows for one in row if isinstance(one, Button) and one.label == label)
