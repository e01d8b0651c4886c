"""Ten thousand movements have their check-in at the same minute: how long until all are posted."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from bot.chat import Appointment, Message, Person, Place
from bot.config import Config
from bot.main import assemble
from bot.store import Database
from bot.tables import Member, Movement, Occurrence, Practice, Timer
from tests.bench.conftest import resident_megabytes

MOVEMENTS = 10_000
PLATFORM_SECONDS = 0.02
LONGEST_SECONDS = 180

pytestmark = pytest.mark.bench


class Counting:
    """A platform that takes its time and counts what it was given."""

    platform = "playground"

    def __init__(self) -> None:
        self.posted: Counter[str] = Counter()

    async def run(self, hear: object) -> None:
        await asyncio.Event().wait()

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        await asyncio.sleep(PLATFORM_SECONDS)
        self.posted[place.channel] += 1
        return once

    async def edit(self, place: Place, message_id: str, message: Message) -> None:
        await asyncio.sleep(PLATFORM_SECONDS)

    async def find(self, place: Place, *, once: str, since: datetime) -> str | None:
        return None

    async def members(self, place: Place) -> tuple[Person, ...]:
        return ()

    async def keep_event(self, place: Place, event_id: str, appointment: Appointment) -> str:
        return ""

    async def inside(self, place: Place, room: str) -> tuple[Person, ...] | None:
        return None


def plant(url: str, *, due: datetime) -> None:
    """Put the movements into the database; how they got there is not measured."""
    database = Database(url)
    numbers = range(1, MOVEMENTS + 1)
    start = due - timedelta(weeks=10)
    with database.transaction() as db:
        db.execute(
            insert(Movement),
            [
                {
                    "id": number,
                    "platform": "playground",
                    "workspace": "w",
                    "channel": f"c{number}",
                    "name": f"Movement {number}",
                    "zone": "Europe/Berlin",
                    "quiet_hours": "none",
                    "started_at": start,
                    "roll_due_at": due + timedelta(days=1),
                }
                for number in numbers
            ],
        )
        db.execute(
            insert(Member),
            [
                {"id": n, "movement_id": n, "person": f"p{n}", "name": "Ana", "role": "founder", "joined_at": start}
                for n in numbers
            ],
        )
        db.execute(
            insert(Practice),
            [
                {
                    "id": n,
                    "movement_id": n,
                    "ritual": "check-in",
                    "cadence": "every day 09:00",
                    "anchor": start,
                    "channel": f"c{n}",
                    "owner_id": n,
                    "next_slot": due,
                    "next_at": due,
                    "settings": {},
                }
                for n in numbers
            ],
        )
        db.execute(
            insert(Timer),
            [
                {
                    "movement_id": n,
                    "ritual": "check-in",
                    "verb": "beat",
                    "about": str(n),
                    "due_at": due,
                    "planned_at": due,
                }
                for n in numbers
            ],
        )
    database.close()


async def test_all_are_posted_once(durable_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    due = datetime.now(UTC) + timedelta(seconds=8)
    plant(durable_url, due=due)
    chat = Counting()
    drumbeat = assemble(Config(database_url=durable_url), chats={chat.platform: chat})
    running = asyncio.create_task(drumbeat.run())
    stall = 0.0
    deadline = due + timedelta(seconds=LONGEST_SECONDS)
    while datetime.now(UTC) < deadline and chat.posted.total() < MOVEMENTS:
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        stall = max(stall, time.perf_counter() - before - 0.01)
    took = (datetime.now(UTC) - due).total_seconds()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    with drumbeat.database.reading() as db:
        opened = db.scalar(select(func.count()).select_from(Occurrence))
    drumbeat.close()
    doubled = sum(1 for count in chat.posted.values() if count > 1)
    with capsys.disabled():
        print(  # noqa: T201 - a measurement is there to be read
            f"\n{drumbeat.database.engine.dialect.name:10} {MOVEMENTS} due at once: all posted after {took:.1f} s, "
            f"worst stall of the event loop {stall:.3f} s, missed {MOVEMENTS - len(chat.posted)}, doubled {doubled}, "
            f"memory {resident_megabytes():.0f} MB"
        )
    assert (opened, len(chat.posted), doubled) == (MOVEMENTS, MOVEMENTS, 0)
