"""The scene that the tests of the made-up Discord are played in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.chat import Action, Answer, Person
from bot.clock import MovedClock
from tests.adapters.discord_platform.caller import Caller, button, text
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.stand import DiscordStand

START: Final = datetime(2026, 11, 1, 11, 0, tzinfo=UTC)
PING: Final = Action("check-in", "ping")
UNTIL: Final[Json] = {"name": "until", "description": "Until when", "type": 3, "autocomplete": True}
COMMANDS: Final[list[Json]] = [
    {"name": "ask", "description": "Ask something"},
    {"name": "away", "description": "Take a break", "options": [UNTIL], "contexts": [0]},
]
FORM: Final[Json] = {
    "title": "Ask",
    "custom_id": "db1:check-in:ping::0",
    "components": [
        {
            "type": 18,
            "label": "What?",
            "component": {"type": 4, "style": 1, "custom_id": "what", "required": True, "max_length": 80},
        }
    ],
}


def make_stand(now: Callable[[], datetime], *privileged: str) -> DiscordStand:
    """Set the scene: Ana made #river, Ben is in it, Eli is on the server because of #pond, Chi is nowhere."""
    stand = DiscordStand(now=now, privileged=privileged)
    for person in ("ana", "ben", "chi", "eli"):
        stand.add_person(Person(person, person.title(), "Europe/Berlin"))
    stand.add_channel("river", "river", creator="ana")
    stand.seat("river", "ben")
    stand.add_channel("pond", "pond", creator="eli")
    return stand


def river(stand: DiscordStand, rest: str = "/messages") -> str:
    return f"/channels/{stand.native('river')}{rest}"


def move(clock: MovedClock, **span: float) -> None:
    clock.move_to(clock() + timedelta(**span))


async def ask(stand: DiscordStand, caller: Caller) -> tuple[asyncio.Task[Answer], Json]:
    """Let Ana press a button; gives her waiting and the interaction that came."""
    ear = await caller.listen()
    await ear.next("READY")
    body = text("Hello", components=[{"type": 10, "content": "Hello"}, button("Ping", "db1:check-in:ping::0")])
    posted = await caller.post("river", body)
    waiting = asyncio.create_task(stand.press("ana", posted["id"], PING))
    return waiting, await ear.next("INTERACTION_CREATE")


async def offer(caller: Caller, *parts: Json) -> str:
    """Post a greeting with these parts under it; gives its id."""
    return str((await caller.post("river", text("", components=[{"type": 10, "content": "Hello"}, *parts])))["id"])
