"""When a movement's rituals take place: planning, pausing, skipping, moving, and what a time of silence means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cadence import Cadence, read_cadence, spoken
from bot.store import insert_or
from bot.tables import Movement, Occurrence, Practice
from bot.timers import set_timer, unset_timer

BEAT = "beat"
# A start that is late by more than this is skipped: a Monday check-in on Tuesday is worse than none.
GRACE = timedelta(hours=12)
# After a long silence only so many skipped times are written down one by one.
MOST_MISSED = 60


@dataclass(frozen=True, slots=True)
class Due:
    """What a beat means at the moment it is heard: which slot to open, if any, and which were missed."""

    opens: datetime | None
    missed: tuple[datetime, ...]


def find_practice(db: Session, movement: Movement, ritual: str, *, name: str = "") -> Practice | None:
    """Find how a movement practises a ritual, if it does."""
    return db.scalar(
        select(Practice).where(Practice.movement_id == movement.id, Practice.ritual == ritual, Practice.name == name)
    )


def practices(db: Session, movement: Movement) -> list[Practice]:
    """List the rituals that a movement practises, each once; a ritual with several plans them by itself."""
    of_movement = select(Practice).where(Practice.movement_id == movement.id, Practice.name == "")
    return list(db.scalars(of_movement.order_by(Practice.id)))


def all_practices(db: Session, movement: Movement) -> list[Practice]:
    """List everything that a movement practises, each kind of gathering by itself."""
    return list(db.scalars(select(Practice).where(Practice.movement_id == movement.id).order_by(Practice.id)))


def called(practice: Practice) -> str:
    """Give the name by which people know a practice: 'retro', 'town hall'."""
    return practice.name or practice.ritual


def begin(
    db: Session,
    movement: Movement,
    ritual: str,
    *,
    cadence: str,
    owner_id: int | None,
    now: datetime,
    name: str = "",
) -> Practice:
    """Begin to practise a ritual; its first time is planned."""
    practice = Practice(
        movement_id=movement.id,
        ritual=ritual,
        name=name,
        cadence=cadence,
        anchor=now,
        channel=movement.channel,
        owner_id=owner_id,
        settings={},
    )
    db.add(practice)
    db.flush()
    follow(db, movement, practice, str(read_cadence(cadence)), now=now)
    return practice


def follow(db: Session, movement: Movement, practice: Practice, cadence: str, *, now: datetime) -> None:
    """Take up a cadence, in canonical words; its first time from now fixes which weeks 'every other' means."""
    practice.cadence = cadence
    read = read_cadence(cadence)
    practice.anchor = read.next_after(now, zone=movement.zone, anchor=now) or now
    plan(db, movement, practice, after=now)


def plan(db: Session, movement: Movement, practice: Practice, *, after: datetime) -> None:
    """Plan the next time; none when the ritual is paused or on demand."""
    slot = None if practice.paused_at else _next(practice, movement, after=after)
    _set_next(db, practice, slot=slot, at=slot)


def _next(practice: Practice, movement: Movement, *, after: datetime) -> datetime | None:
    return read_cadence(practice.cadence).next_after(after, zone=movement.zone, anchor=practice.anchor)


def _set_next(db: Session, practice: Practice, *, slot: datetime | None, at: datetime | None) -> None:
    practice.next_slot = slot
    practice.next_at = at
    if at is None:
        unset_timer(db, practice.movement_id, practice.ritual, BEAT, str(practice.id))
    else:
        set_timer(db, practice.movement_id, practice.ritual, BEAT, str(practice.id), due=at)


def change_zone(db: Session, movement: Movement, practice: Practice, *, now: datetime) -> None:
    """Keep a practice's wall-clock time after the movement's zone has changed; 'every other' keeps its weeks."""
    if practice.next_slot is not None:
        practice.anchor = practice.next_slot - timedelta(days=1)
    plan(db, movement, practice, after=now)


def pause(db: Session, practice: Practice, *, now: datetime) -> None:
    """Plan nothing more until it is resumed."""
    practice.paused_at = now
    _set_next(db, practice, slot=None, at=None)


def resume(db: Session, movement: Movement, practice: Practice, *, now: datetime) -> None:
    """Go on with the next time by the cadence; the times in between are nobody's fault and are not written down."""
    practice.paused_at = None
    plan(db, movement, practice, after=now)


def skip_next(db: Session, movement: Movement, practice: Practice, *, now: datetime) -> datetime | None:
    """Leave out the next time, and give it. Called off an hour before or earlier, it is excused; later, missed."""
    if practice.next_at is None or practice.next_slot is None:
        return None
    skipped = practice.next_at
    state = "excused" if skipped - now >= timedelta(hours=1) else "missed"
    note_slots(db, practice, (skipped,), state=state, why="called off")
    plan(db, movement, practice, after=practice.next_slot)
    return skipped


def move_next(db: Session, practice: Practice, to: datetime) -> None:
    """Hold the next one at another time; the one after it stays where the cadence puts it."""
    _set_next(db, practice, slot=practice.next_slot, at=to)


def read_beat(movement: Movement, practice: Practice, *, now: datetime) -> Due:
    """Decide what a beat that is heard now means.

    After a time of silence the latest slot is caught up with when it is at most ``GRACE`` old, and never older than
    half the way to the next one; all earlier slots are missed.
    """
    if practice.next_at is None or practice.next_slot is None:
        return Due(None, ())
    slots = [practice.next_at]
    cadence: Cadence = read_cadence(practice.cadence)
    cursor = practice.next_slot
    while True:
        following = cadence.next_after(cursor, zone=movement.zone, anchor=practice.anchor)
        if following is None or following > now:
            break
        slots.append(following)
        cursor = following
    latest = slots[-1]
    # The slot that was moved to an earlier time does not come again.
    upcoming = cadence.next_after(max(now, cursor), zone=movement.zone, anchor=practice.anchor)
    grace = min(GRACE, (upcoming - latest) / 2) if upcoming else GRACE
    if now - latest <= grace:
        return Due(latest, tuple(slots[:-1][-MOST_MISSED:]))
    return Due(None, tuple(slots[-MOST_MISSED:]))


def note_slots(db: Session, practice: Practice, slots: Sequence[datetime], *, state: str, why: str) -> None:
    """Write down slots that were not held."""
    if not slots:
        return
    db.execute(
        insert_or(db)(Occurrence).on_conflict_do_nothing(index_elements=["practice_id", "planned_at"]),
        [
            {
                "movement_id": practice.movement_id,
                "practice_id": practice.id,
                "planned_at": slot,
                "state": state,
                "why": why,
            }
            for slot in slots
        ],
    )


def open_slot(db: Session, practice: Practice, planned_at: datetime, *, now: datetime) -> Occurrence | None:
    """Open one occurrence; none when this slot was opened or written off before."""
    slot = {
        "movement_id": practice.movement_id,
        "practice_id": practice.id,
        "planned_at": planned_at,
        "opened_at": now,
        "state": "open",
    }
    opened = insert_or(db)(Occurrence).values(slot).on_conflict_do_nothing(index_elements=["practice_id", "planned_at"])
    occurrence: Occurrence | None = db.scalar(opened.returning(Occurrence))
    return occurrence


def spoken_plan(movement: Movement, practice: Practice, *, now: datetime) -> str:
    """Say a practice's cadence in plain words with its next three times."""
    cadence = read_cadence(practice.cadence)
    if practice.paused_at is not None:
        return f"{practice.cadence}, paused"
    upcoming: list[datetime] = [practice.next_at] if practice.next_at else []
    if practice.next_slot is not None:
        after = max(practice.next_slot, now)
        upcoming += cadence.upcoming(after, zone=movement.zone, anchor=practice.anchor, count=2)
    return spoken(cadence, tuple(upcoming), movement.zone)
