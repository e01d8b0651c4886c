"""What a movement's acts of late were for: mobilizing, which is told apart, or organizing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.insights.purposes import MOBILIZING, ORGANIZING, Purposes, count_purposes
from bot.people import present
from bot.tables import Act, Gathering, Member, Movement, Occurrence, Practice

# One ask to many; whoever listens to somebody builds something that stays.
PURPOSE_OF = {"rally": MOBILIZING, "listening": ORGANIZING}
COUNTED = ("attended", "hosted", "action_done")


def purposes_of_acts(db: Session, movement: Movement, *, since: datetime, now: datetime) -> Purposes:
    """Count acts at gatherings, listening rounds and rallies by what these were for; a person once at each."""
    rows = db.execute(
        select(Practice.ritual, Gathering.purpose)
        .select_from(Act)
        .join(Member, Member.id == Act.member_id)
        .join(Occurrence, Occurrence.id == Act.occurrence_id)
        .join(Practice, Practice.id == Occurrence.practice_id)
        .outerjoin(Gathering, Gathering.occurrence_id == Occurrence.id)
        .where(
            present(movement.id),
            Act.movement_id == movement.id,
            Act.kind.in_(COUNTED),
            Act.at >= since,
            Act.at < now,
        )
        .group_by(Act.member_id, Occurrence.id, Practice.ritual, Gathering.purpose)
    )
    return count_purposes(purpose or PURPOSE_OF.get(ritual, "") for ritual, purpose in rows)
