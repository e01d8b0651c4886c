"""How many of the movement's people were heard lately: a figure for organizers, in which nobody has a name."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.insights.numbers import share
from bot.people import count_members, present
from bot.tables import Act, Member, Occurrence, Practice
from bot.turn import Turn
from rituals.listening.declaration import COVERED, ritual


def spoken_coverage(turn: Turn) -> str:
    """Say how many were heard in the last 90 days, of how many."""
    heard = turn.db.scalar(
        select(func.count(func.distinct(Act.member_id)))
        .join(Member, Member.id == Act.member_id)
        .join(Occurrence, Occurrence.id == Act.occurrence_id)
        .join(Practice, Practice.id == Occurrence.practice_id)
        .where(
            present(turn.movement.id),
            Act.movement_id == turn.movement.id,
            Act.kind == "attended",
            Act.at >= turn.now - COVERED,
            Practice.ritual == ritual.name,
        )
    )
    return f"Heard in the last 90 days: {share(heard or 0, count_members(turn.db, turn.movement.id))}."
