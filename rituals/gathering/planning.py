"""Making a gathering: its occurrence, its practice, and its times; whoever announces it has decided everything."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.moments import spoken_clock
from bot.plain import tidy_line
from bot.practices import begin, find_practice
from bot.tables import Gathering, Occurrence, Practice
from bot.turn import Turn
from rituals.gathering import hosting, reminding, times
from rituals.gathering.declaration import USUAL_MINUTES, ritual

_STEP_ASIDE = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """A gathering that somebody wants to announce."""

    title: str
    starts_at: datetime
    minutes: int = USUAL_MINUTES
    cadence: str = ""
    kind: str = "call"
    purpose: str = "organizing"
    place_kind: str = ""
    place: str = ""
    capacity: int | None = None
    host_id: int | None = None
    co_host_id: int | None = None
    words: str = ""
    # Who started it; those that a rhythm brings later were started by nobody.
    announced_by_id: int | None = None


def name_practice(title: str) -> str:
    """Name the practice that all gatherings of one title belong to, however it is written."""
    return tidy_line(title).casefold()[:80]


def practice_of(turn: Turn, title: str, *, owner_id: int | None) -> Practice:
    """Find the practice of a title; one that was never held before begins now."""
    name = name_practice(title)
    found = find_practice(turn.db, turn.movement, ritual.name, name=name)
    if found is not None:
        return found
    return begin(turn.db, turn.movement, ritual.name, cadence="on demand", owner_id=owner_id, now=turn.now, name=name)


def is_taken(turn: Turn, title: str, starts_at: datetime, *, but: Gathering | None = None) -> bool:
    """Tell whether there is a gathering of this title at this time."""
    practice = find_practice(turn.db, turn.movement, ritual.name, name=name_practice(title))
    there = _at(turn, practice.id, starts_at) if practice is not None else None
    if there is None or (but is not None and there.id == but.occurrence_id):
        return False
    gathering = turn.db.scalar(select(Gathering).where(Gathering.occurrence_id == there.id))
    return gathering is not None and gathering.state != "cancelled"


def make_room(turn: Turn, practice_id: int, starts_at: datetime) -> None:
    """Let a cancelled gathering step aside by a moment: two occurrences of a practice never have one time."""
    there = _at(turn, practice_id, starts_at)
    if there is None:
        return
    aside = starts_at + _STEP_ASIDE
    while _at(turn, practice_id, aside) is not None:
        aside += _STEP_ASIDE
    there.planned_at = aside
    turn.db.flush()


def _at(turn: Turn, practice_id: int, planned_at: datetime) -> Occurrence | None:
    slot = (Occurrence.practice_id == practice_id) & (Occurrence.planned_at == planned_at)
    return turn.db.scalar(select(Occurrence).where(slot))


def make_gathering(
    turn: Turn, plan: Plan, practice: Practice, *, series_id: int | None = None, slot: datetime | None = None
) -> Gathering:
    """Write a gathering down with its occurrence, and set its times. The channel is not told yet."""
    make_room(turn, practice.id, plan.starts_at)
    occurrence = Occurrence(
        movement_id=turn.movement.id, practice_id=practice.id, planned_at=plan.starts_at, state="announced"
    )
    turn.db.add(occurrence)
    turn.db.flush()
    gathering = Gathering(
        movement_id=turn.movement.id,
        occurrence_id=occurrence.id,
        series_id=series_id,
        slot=slot,
        uid=secrets.token_hex(16),
        title=plan.title,
        words=plan.words,
        kind=plan.kind,
        purpose=plan.purpose,
        place_kind=plan.place_kind,
        place=plan.place,
        starts_at=plan.starts_at,
        minutes=plan.minutes,
        capacity=plan.capacity,
        host_id=plan.host_id,
        co_host_id=plan.co_host_id,
        announced_by_id=plan.announced_by_id,
        announced_at=turn.now,
        state="announced",
        changed_at=turn.now,
    )
    hosting.note_host(turn, gathering)
    turn.db.add(gathering)
    turn.db.flush()
    plan_timers(turn, gathering)
    return gathering


def clock_note(starts_at: datetime, zone: str) -> str:
    """Say what the clocks do where a time falls into the night in which they change; '' on any other."""
    there = ZoneInfo(zone)
    wall = starts_at.astimezone(there).replace(tzinfo=None)
    clock = spoken_clock(wall.time())
    first, second = (wall.replace(tzinfo=there, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        which = "first" if starts_at == first.astimezone(UTC) else "second"
        return f"The clocks go back that night and show {clock} twice; it is the {which} time."
    an_hour_before = (starts_at - timedelta(hours=1)).astimezone(there).replace(tzinfo=None)
    if wall - an_hour_before > timedelta(hours=1):
        return f"The clocks go forward that night, so it begins at {clock} by the new time."
    return ""


def plan_timers(turn: Turn, gathering: Gathering) -> None:
    """Set, or move, everything that happens by itself around a gathering."""
    reminding.plan_reminders(turn, gathering)
    times.plan_times(turn, gathering)
    hosting.plan_hosting(turn, gathering)


def unplan_timers(turn: Turn, gathering: Gathering) -> None:
    """Unset all of it."""
    reminding.unplan_reminders(turn, gathering)
    times.unplan_times(turn, gathering)
    hosting.unplan_hosting(turn, gathering)
