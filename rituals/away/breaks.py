"""Somebody's breaks: which there are, how a new one goes together with them, and how one ends."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select

from bot.moments import find_instant
from bot.ritual import Ritual
from bot.tables import Away
from bot.turn import Turn

ritual = Ritual("away", "A break from everything, announced in a few seconds.")


def own_breaks(turn: Turn) -> list[Away]:
    """List one's own breaks that run or are planned, the earliest first."""
    return list(
        turn.db.scalars(
            select(Away)
            .where(Away.member_id == turn.who.id, or_(Away.end.is_(None), Away.end > turn.now))
            .order_by(Away.start, Away.id)
        )
    )


def take(turn: Turn, start: datetime, end: datetime | None) -> Away:
    """Note a break. What it touches becomes one break with it.

    When a break runs already, the newest word on its end counts; planned ones only grow.
    """
    taken = Away(member_id=turn.who.id, start=max(start, turn.now), end=end)
    for one in own_breaks(turn):
        if (taken.end is not None and one.start > taken.end) or (one.end is not None and one.end < taken.start):
            continue
        if one.start > turn.now:
            taken.end = max(taken.end, one.end) if taken.end is not None and one.end is not None else None
        taken.start = min(taken.start, one.start)
        forget(turn, one)
    turn.db.add(taken)
    turn.db.flush()
    if taken.end is not None:
        turn.later(taken.end, "return", taken.id)
    return taken


def finish(turn: Turn, one: Away) -> None:
    """End a break that runs."""
    turn.cancel("return", one.id)
    one.end = turn.now


def forget(turn: Turn, one: Away) -> None:
    """Take a break back as if it had not been announced."""
    turn.cancel("return", one.id)
    turn.db.delete(one)


def start_of(turn: Turn, day: date) -> datetime:
    """Tell when a day begins on the movement's clocks."""
    return find_instant(datetime(day.year, day.month, day.day), zone=turn.zone)  # noqa: DTZ001 - a wall-clock time
