"""The gatherings and check-ins of a movement that are over, read for its figures: who said yes, came, answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.insights.drop_off import Attended
from bot.insights.ladder import is_away
from bot.insights.participation import WINDOW, Somebody
from bot.insights.turnout import ROUNDS, Round, Slot, State, recipients
from bot.tables import Act, Evidence, Gathering, Movement, Occurrence, Practice, Rsvp

CAME = ("attended", "hosted")
OVER = ("held", "missed", "excused")
CHECK_IN = "check-in"

# Whoever attended was somewhere where people meet at one time; hosting is of such only where it was a gathering.
_MET = or_(Act.kind == "attended", and_(Act.kind == "hosted", Gathering.id.is_not(None)))


def read_turned_up(db: Session, movement: Movement, *, now: datetime) -> dict[int, list[datetime]]:
    """Read who was at a gathering when, in the last two windows."""
    turned_up: dict[int, list[datetime]] = defaultdict(list)
    rows = db.execute(
        select(Act.member_id, Act.at)
        .outerjoin(Gathering, Gathering.occurrence_id == Act.occurrence_id)
        .where(Act.movement_id == movement.id, Act.at >= now - 2 * WINDOW, Act.at < now, Act.kind.in_(CAME), _MET)
    )
    for who, at in rows:
        turned_up[who].append(at)
    return turned_up


def read_attended(db: Session, movement: Movement, *, now: datetime) -> dict[int, Attended]:
    """Read how often each has ever been at a gathering, and when last; what counts twice there counts once."""
    rows = db.execute(
        select(Act.member_id, func.count(func.coalesce(Act.occurrence_id, -Act.id).distinct()), func.max(Act.at))
        .outerjoin(Gathering, Gathering.occurrence_id == Act.occurrence_id)
        .where(Act.movement_id == movement.id, Act.at < now, Act.kind.in_(CAME), _MET)
        .group_by(Act.member_id)
    )
    return {who: Attended(times, last) for who, times, last in rows}


def read_slots(
    db: Session,
    movement: Movement,
    people: Mapping[int, Somebody],
    *,
    since: datetime,
    now: datetime,
    member_id: int | None = None,
) -> list[Slot]:
    """Read the gatherings that are over, oldest first: who had said yes, and who came.

    A yes of somebody who was away or had left by then, or whom the host excused, was no promise to come; they are never
    counted as missing. With ``member_id`` only that one is looked at.
    """
    over = (
        (Occurrence.movement_id == movement.id)
        & (Occurrence.planned_at >= since)
        & (Occurrence.planned_at < now)
        & Occurrence.state.in_(OVER)
    )
    rows = db.execute(
        select(
            Gathering.id,
            Occurrence.planned_at,
            Occurrence.state,
            Gathering.recorded,
            Gathering.guests,
            Gathering.title,
        )
        .join(Occurrence, Occurrence.id == Gathering.occurrence_id)
        .where(over)
        .order_by(Occurrence.planned_at, Gathering.id)
    ).all()
    if not rows:
        return []

    def pairs(statement: Select[Any], of: Any) -> dict[int, set[int]]:  # noqa: ANN401 - a column of whose people
        found: dict[int, set[int]] = defaultdict(set)
        asked = statement.where(over) if member_id is None else statement.where(over, of == member_id)
        for gathering_id, who in db.execute(asked):
            if who in people and people[who].counts:
                found[gathering_id].add(who)
        return found

    of_slot = select(Gathering.id).join(Occurrence, Occurrence.id == Gathering.occurrence_id)
    said_yes = of_slot.add_columns(Rsvp.member_id).join(Rsvp, Rsvp.gathering_id == Gathering.id)
    yes = pairs(said_yes.where(Rsvp.answer == "going"), Rsvp.member_id)
    there = of_slot.add_columns(Act.member_id).join(Act, Act.occurrence_id == Occurrence.id)
    came = pairs(there.where(Act.kind.in_(CAME)), Act.member_id)
    let_off = of_slot.add_columns(Evidence.member_id).join(Evidence, Evidence.gathering_id == Gathering.id)
    excused = pairs(let_off.where(Evidence.says == "excused"), Evidence.member_id)
    slots = []
    for number, at, state, recorded, guests, title in rows:
        free = excused[number] | {who for who in yes[number] if _was_gone(people[who], at)}
        slots.append(
            Slot(
                at=at,
                state=cast("State", state),
                recorded=recorded,
                yes=frozenset(yes[number] - (free - came[number])),
                came=frozenset(came[number]),
                guests=guests,
                title=title,
            )
        )
    return slots


def _was_gone(one: Somebody, at: datetime) -> bool:
    """Tell whether somebody was away at that time, or had left the movement before."""
    return is_away(one.breaks, at) or (one.left is not None and one.left < at)


def read_rounds(db: Session, movement: Movement, people: Mapping[int, Somebody], *, now: datetime) -> list[Round]:
    """Read who was asked by each of the last check-ins, and who answered before it closed."""
    closed = db.execute(
        select(Occurrence.id, func.coalesce(Occurrence.opened_at, Occurrence.planned_at), Occurrence.closed_at)
        .join(Practice, Practice.id == Occurrence.practice_id)
        .where(
            Occurrence.movement_id == movement.id,
            Practice.ritual == CHECK_IN,
            Occurrence.closed_at <= now,
            Occurrence.state.in_(("held", "missed")),
        )
        .order_by(Occurrence.planned_at.desc(), Occurrence.id.desc())
        .limit(ROUNDS)
    )
    rounds: list[Round] = []
    for number, opened, ended in closed.all():
        answered = db.scalars(
            select(Act.member_id)
            .where(Act.occurrence_id == number, Act.kind == "checkin_answer", Act.at < ended)
            .distinct()
        )
        rounds.append(Round(opened, recipients(people, at=opened), frozenset(answered)))
    return rounds
