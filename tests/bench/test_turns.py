"""How long a member waits for the answer to a press and to a form, with the commit included."""

from __future__ import annotations

import asyncio
import itertools
import time
from datetime import UTC, datetime, timedelta

import pytest

from adapters.playground import Room
from bot.chat import Action, Event, Person, Place, Pressed, Submitted
from bot.config import Config
from bot.main import Drumbeat, assemble
from tests.bench.conftest import spread
from tests.town import RIVER, stopped_clock

PEOPLE = 500
ROUNDS = {1: 300, 50: 10, 500: 4}
MONDAY = datetime(2026, 11, 2, 8, 0, 1, tzinfo=UTC)

pytestmark = pytest.mark.bench


async def with_open_check_in(url: str) -> tuple[Drumbeat, Action]:
    """Start a movement of 500 whose first check-in is open."""
    clock = stopped_clock(MONDAY - timedelta(hours=20))
    room = Room(now=clock)
    for number in range(PEOPLE):
        room.add_person(Person(f"p{number}", f"Person {number}", "Europe/Berlin"))
    room.add_channel(RIVER, RIVER, creator="p0")
    room.seat(RIVER, *(f"p{number}" for number in range(PEOPLE)))
    drumbeat = assemble(Config(database_url=url), chats={Room.platform: room}, now=clock)
    room.listen(drumbeat.engine.hear)
    await room.command("p0", RIVER, "/drumbeat")
    opened = room.form("p0")
    assert opened is not None
    await room.fill("p0", opened.id, {"name": "River", "next-step": "Come"})
    await drumbeat.move_clock(clock, MONDAY)
    view = room.channel_messages(RIVER)[-1].view
    assert view is not None
    return drumbeat, view.actions[0]


@pytest.mark.parametrize("at_once", ROUNDS)
async def test_press_and_form(durable_url: str, at_once: int, capsys: pytest.CaptureFixture[str]) -> None:
    drumbeat, action = await with_open_check_in(durable_url)
    numbers = itertools.count()

    def happening() -> dict[str, object]:
        number = next(numbers)
        person = Person(f"p{number % PEOPLE}", f"Person {number % PEOPLE}", "Europe/Berlin")
        return {"id": f"bench{number}", "who": person, "place": Place("playground", "movement", RIVER), "at": MONDAY}

    def press() -> Event:
        return Pressed(**happening(), action=action)  # type: ignore[arg-type]

    def form() -> Event:
        words = {"q1": "Talked to the harbour office", "q2": "Print the flyer", "q3": "", "did": ""}
        return Submitted(**happening(), action=action, answers=words)  # type: ignore[arg-type]

    async def timed(event: Event) -> float:
        started = time.perf_counter()
        assert await drumbeat.engine.hear(event) is not None
        return time.perf_counter() - started

    lines = []
    for name, make in (("press", press), ("form ", form)):
        waits: list[float] = []
        for _ in range(ROUNDS[at_once]):
            waits += await asyncio.gather(*(timed(make()) for _ in range(at_once)))
        lines.append(f"{drumbeat.database.engine.dialect.name:10} {name} {at_once:4} at once   {spread(waits)}")
    drumbeat.close()
    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201 - a measurement is there to be read
