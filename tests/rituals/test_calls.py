"""Who is in a call, on every platform: what people do there, and what is known of it after a restart."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.people import hold
from bot.tables import Member, Movement, Visit
from bot.watching import set_watch
from tests.town import LOUNGE, Town


def watch(town: Town, *, minutes: int) -> datetime:
    """Watch the lounge from now on; gives the time now."""
    now = town.clock()
    with town.drumbeat.database.transaction() as db:
        movement = hold(db, db.scalars(select(Movement)).one())
        room = movement.channel if movement.platform == "slack" else "Lounge"
        until = now + timedelta(minutes=minutes)
        set_watch(db, movement, "gathering", "1", room=room, since=now, until=until, now=now)
    return now


def visits(town: Town, began: datetime) -> list[tuple[str, float | None, float | None]]:
    """Who was there from when to when, in minutes since it began."""
    with town.drumbeat.database.reading() as db:
        noted = select(Member.person, Visit).join(Visit, Visit.member_id == Member.id).order_by(Visit.came_at, Visit.id)
        found = [(person, visit.came_at, visit.left_at) for person, visit in db.execute(noted)]
    return [(town.stage.named(person), _minutes(began, came), _minutes(began, left)) for person, came, left in found]


def _minutes(began: datetime, at: datetime | None) -> float | None:
    return None if at is None else (at - began).total_seconds() // 60


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_is_in_a_call_is_known_through_a_restart_in_its_middle(town: Town, platform: str) -> None:
    await town.start_movement()
    began = watch(town, minutes=60)
    for person in ("ben", "chi"):
        await town.enter_call(person)
    await town.wait(minutes=5)
    await town.leave_call("chi")
    await town.enter_call("chi", "attic")  # another room
    await town.wait(minutes=9)
    await town.stop()
    await town.leave_call("ben")
    await town.enter_call("dee")
    await town.wait(minutes=3)
    await town.restart()
    await town.wait(minutes=13)
    await town.leave_call("chi", "attic")
    await town.enter_call("chi", LOUNGE)
    await town.wait(minutes=40)
    came = 14 if platform == "slack" else 17  # Slack tells again what nobody acknowledged
    assert visits(town, began) == [("ben", 0, 10), ("chi", 0, 5), ("dee", came, 60), ("chi", 30, 60)]
