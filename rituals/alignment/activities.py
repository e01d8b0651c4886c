"""What a movement really did lately, read from the ledger: what an alignment check proposes to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from bot.insights.ladder import ACTS
from bot.tables import Act, Member, Occurrence, Practice
from bot.turn import Turn, read_number
from rituals.alignment.declaration import LOOKED_BACK, MOST_ACTIVITIES, ritual

RITUAL = "ritual:"
# One of several practices of a ritual, such as the town hall among the gatherings.
PRACTICE = "practice:"
ACT = "act:"
MISSION = "mission"
ALL_IN_ALL = "All in all"
# What people do on their own, wherever they tell of it.
ALONE = {
    "action_done": "What people do on their own",
    "promise_kept": "Promises we keep",
    "mentored": "One-to-one talks",
    "brought_in": "Bringing people in",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that took place, what it is in the ledger, and how often."""

    label: str
    source: str
    told: str = ""


def find_activities(turn: Turn) -> list[Found]:
    """List what took place in the last 90 days, the most frequent first: rituals that were held, then single acts."""
    since = turn.now - LOOKED_BACK
    held = turn.db.execute(
        select(Practice.id, Practice.ritual, Practice.name, func.count())
        .join(Occurrence, Occurrence.practice_id == Practice.id)
        .where(
            Practice.movement_id == turn.movement.id,
            Practice.ritual != ritual.name,
            Occurrence.state == "held",
            Occurrence.planned_at >= since,
            Occurrence.planned_at <= turn.now,
        )
        .group_by(Practice.id, Practice.ritual, Practice.name)
        .order_by(func.count().desc(), Practice.ritual, Practice.name)
    ).all()
    done = turn.db.execute(
        select(Act.kind, func.count())
        .join(Member, Member.id == Act.member_id)
        .where(
            Act.movement_id == turn.movement.id,
            Act.kind.in_(ALONE),
            Act.at >= since,
            Member.opted_out.is_(False),
        )
        .group_by(Act.kind)
        .order_by(func.count().desc(), Act.kind)
    ).all()
    found = [
        Found(
            (name or of).capitalize(),
            f"{PRACTICE}{number}" if name else f"{RITUAL}{of}",
            _times(count),
        )
        for number, of, name, count in held
    ]
    found += [Found(ALONE[kind], f"{ACT}{kind}", _times(count)) for kind, count in done]
    return found[:MOST_ACTIVITIES]


def _times(count: int) -> str:
    return "once in 90 days" if count == 1 else f"{count} times in 90 days"


def count_acts(turn: Turn, source: str, *, until: datetime) -> int:
    """Count the acts of the last 90 days that went into something; a person counts once in each occurrence."""
    acts = (
        select(Act.member_id, Act.occurrence_id)
        .join(Member, Member.id == Act.member_id)
        .where(
            Act.movement_id == turn.movement.id,
            Act.at >= until - LOOKED_BACK,
            Act.at < until,
            Member.opted_out.is_(False),
        )
    )
    if source.startswith(ACT):
        return (
            turn.db.scalar(select(func.count()).select_from(acts.where(Act.kind == source[len(ACT) :]).subquery())) or 0
        )
    practised = _practised(source)
    if practised is None:
        return 0
    there = (
        acts.join(Occurrence, Occurrence.id == Act.occurrence_id)
        .join(Practice, Practice.id == Occurrence.practice_id)
        # Told at a ritual, done elsewhere: it counts for what people do on their own.
        .where(practised, Act.kind.in_(ACTS - set(ALONE)))
        .distinct()
    )
    return turn.db.scalar(select(func.count()).select_from(there.subquery())) or 0


def _practised(source: str) -> ColumnElement[bool] | None:
    if source.startswith(PRACTICE):
        number = read_number(source[len(PRACTICE) :])
        return None if number is None else Practice.id == number
    return Practice.ritual == source[len(RITUAL) :] if source.startswith(RITUAL) else None
