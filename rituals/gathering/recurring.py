"""What a change of a whole series does to what was made ahead: it is split, ended, or given a new rhythm."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.cadence import read_cadence
from bot.moments import find_instant
from bot.tables import Gathering, Rsvp, Series
from bot.turn import Turn
from rituals.gathering.gatherings import occurrence_of
from rituals.gathering.planning import make_room, unplan_timers
from rituals.gathering.series import coming

_MOMENT = timedelta(seconds=1)
_COPIED = (
    *("practice_id", "cadence", "planned_to", "title", "kind", "purpose", "place_kind", "place", "minutes"),
    *("capacity", "rota", "host_id", "co_host_id"),
)


def begin_anew(turn: Turn, series: Series, slot: datetime) -> Series:
    """End a series before a slot, and go on from there as another one; each gathering from then on belongs to that."""
    fresh = Series(
        movement_id=series.movement_id,
        uid=secrets.token_hex(16),
        anchor=slot,
        until=series.until,
        changed_at=turn.now,
        **{name: getattr(series, name) for name in _COPIED},
    )
    turn.db.add(fresh)
    turn.db.flush()
    for gathering in turn.db.scalars(select(Gathering).where(Gathering.series_id == series.id, Gathering.slot >= slot)):
        gathering.series_id = fresh.id
    series.until = slot
    series.planned_to = slot - _MOMENT
    series.revision += 1
    series.changed_at = turn.now
    turn.cancel("ahead", series.id)
    turn.db.flush()
    return fresh


def end_at(turn: Turn, series: Series, slot: datetime | None) -> list[Gathering]:
    """End a series before a slot, or before everything that is to come; gives what is to be cancelled."""
    those = coming(turn, series, since=slot)
    series.until = slot or min((one.slot for one in those if one.slot is not None), default=turn.now)
    turn.cancel("ahead", series.id)
    turn.db.flush()
    return those


def drop_unseen(turn: Turn, those: Sequence[Gathering]) -> list[Gathering]:
    """Remove what was only made ahead, never shown and never answered; gives the others."""
    kept: list[Gathering] = []
    for gathering in those:
        answered = turn.db.scalar(select(Rsvp.member_id).where(Rsvp.gathering_id == gathering.id).limit(1))
        if gathering.shown_at is not None or answered is not None:
            kept.append(gathering)
            continue
        unplan_timers(turn, gathering)
        occurrence = occurrence_of(turn, gathering)
        turn.db.delete(gathering)
        turn.db.flush()
        turn.db.delete(occurrence)
        turn.db.flush()
    return kept


def follow_rhythm(turn: Turn, series: Series, those: Sequence[Gathering], cadence: str) -> list[Gathering]:
    """Give a series another rhythm from its next gathering on.

    What people have seen moves to the new times one by one; what was only made ahead is made anew.
    """
    first, kept = those[0], drop_unseen(turn, those[1:])
    for lone in turn.db.scalars(
        select(Gathering).where(Gathering.series_id == series.id, Gathering.state == "cancelled")
    ):
        # What was cancelled under the old rhythm stays on its day, by itself.
        if lone.slot is not None and first.slot is not None and lone.slot >= first.slot:
            lone.series_id, lone.slot = None, None
    moved = [first, *kept]
    slots = _new_slots(turn, first, cadence, len(moved))
    series.cadence = cadence
    series.anchor = slots[0]
    series.planned_to = slots[-1]
    _move(turn, moved, slots)
    return moved


def _new_slots(turn: Turn, first: Gathering, cadence: str, count: int) -> tuple[datetime, ...]:
    """Begin on the day of the first one that changes, or on the next that the rhythm has."""
    zone = turn.zone
    day = (first.slot or first.starts_at).astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, tzinfo=None)
    after = max(find_instant(day, zone=zone) - _MOMENT, turn.now)
    read = read_cadence(cadence)
    anchor = read.next_after(after, zone=zone, anchor=after)
    assert anchor is not None  # noqa: S101 - who asks has looked that it is a rhythm
    return (anchor, *read.upcoming(anchor, zone=zone, anchor=anchor, count=count - 1))


def _move(turn: Turn, moved: Sequence[Gathering], slots: Sequence[datetime]) -> None:
    """Move them all; first out of each other's way, because no two may have one slot even for a moment."""
    for gathering in moved:
        gathering.slot = None
    turn.db.flush()
    for gathering, slot in zip(moved, slots, strict=True):
        occurrence = occurrence_of(turn, gathering)
        make_room(turn, occurrence.practice_id, slot)
        gathering.slot = gathering.starts_at = slot
        occurrence.planned_at = slot
        turn.db.flush()
