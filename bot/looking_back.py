"""Reads from the database whether looking back on a gathering goes along with more people at the next one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.insights import reflection
from bot.insights.reflection import Held
from bot.tables import Act, Gathering, Member, Movement, Occurrence

WINDOW = timedelta(days=365)


def reflection_words(db: Session, movement: Movement, *, now: datetime) -> str:
    """Say it of the last year in a sentence, or '' while there is too little to say anything."""
    return reflection.reflection_words(recorded_gatherings(db, movement, now=now))


def recorded_gatherings(db: Session, movement: Movement, *, now: datetime) -> list[Held]:
    """List the gatherings of the last year that were held and of which it is recorded who came."""
    came = (
        select(func.count())
        .select_from(Act)
        .join(Member, Member.id == Act.member_id)
        .where(Act.occurrence_id == Gathering.occurrence_id, Act.kind == "attended", Member.opted_out.is_(False))
        .correlate(Gathering)
        .scalar_subquery()
    )
    held = (
        select(Occurrence.practice_id, Gathering.starts_at, came + Gathering.guests, Gathering.reflections)
        .join(Occurrence, Occurrence.id == Gathering.occurrence_id)
        .where(
            Gathering.movement_id == movement.id,
            Gathering.state == "over",
            Gathering.recorded.is_(True),
            Occurrence.state == "held",
            Gathering.starts_at >= now - WINDOW,
            Gathering.starts_at < now,
        )
    )
    return [Held(*row) for row in db.execute(held)]
