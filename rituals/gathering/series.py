"""Gatherings that come again: each is made ahead as a gathering of its own, and shown when its time comes near."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.cadence import read_cadence
from bot.tables import Gathering, Practice, Series
from bot.turn import Turn, read_number
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import find, publish
from rituals.gathering.hosting import assign_by_rota
from rituals.gathering.planning import Plan, is_taken, make_gathering

# So many are made ahead, none further ahead than that; the next one always.
AHEAD = 4
HORIZON = timedelta(days=60)
SHOWN_AHEAD = timedelta(days=6)
# After the movement's time zone has changed, the same evening comes a second time; no rhythm is that dense.
SAME_TIME = timedelta(hours=15)
_MOMENT = timedelta(seconds=1)


def find_series(turn: Turn, gathering: Gathering) -> Series | None:
    """Find the series that a gathering belongs to."""
    return turn.db.get(Series, gathering.series_id) if gathering.series_id is not None else None


def begin_series(turn: Turn, plan: Plan, practice: Practice) -> tuple[Series, Gathering]:
    """Begin a series with its first gathering, which is shown at once. Its hosts take turns."""
    series = Series(
        movement_id=turn.movement.id,
        practice_id=practice.id,
        uid=secrets.token_hex(16),
        cadence=plan.cadence,
        anchor=plan.starts_at,
        title=plan.title,
        kind=plan.kind,
        purpose=plan.purpose,
        place_kind=plan.place_kind,
        place=plan.place,
        minutes=plan.minutes,
        capacity=plan.capacity,
        rota=plan.host_id is not None,
        changed_at=turn.now,
    )
    turn.db.add(series)
    turn.db.flush()
    first = make_gathering(turn, plan, practice, series_id=series.id, slot=plan.starts_at)
    series.planned_to = plan.starts_at
    publish(turn, first)
    make_ahead(turn, series)
    return series, first


def coming(turn: Turn, series: Series, *, since: datetime | None = None) -> list[Gathering]:
    """List the gatherings of a series that are still to be, the next one first; ``since`` a slot, included."""
    ahead = (
        select(Gathering)
        .where(Gathering.series_id == series.id, Gathering.state.in_(("announced", "under way")))
        .where(Gathering.starts_at > turn.now)
        .order_by(Gathering.starts_at, Gathering.id)
    )
    if since is not None:
        ahead = ahead.where(Gathering.slot >= since)
    return list(turn.db.scalars(ahead))


def make_ahead(turn: Turn, series: Series) -> None:
    """Make as many gatherings of a series as people can plan with, and show the one that is near."""
    there = coming(turn, series)
    practice = turn.db.get_one(Practice, series.practice_id)
    while len(there) < AHEAD and (slot := _next_slot(turn, series)) is not None:
        if there and slot - turn.now > HORIZON:
            break
        is_doubled = series.planned_to is not None and slot - series.planned_to < SAME_TIME
        series.planned_to = slot
        if is_doubled or is_taken(turn, series.title, slot):
            continue
        made = make_gathering(turn, _plan(series, slot), practice, series_id=series.id, slot=slot)
        if series.rota:
            assign_by_rota(turn, made)
        there.append(made)
    turn.db.flush()
    show_near(turn, there)
    if there:
        turn.later(there[0].starts_at + timedelta(minutes=there[0].minutes), "ahead", series.id)
    else:
        turn.cancel("ahead", series.id)


def _next_slot(turn: Turn, series: Series) -> datetime | None:
    after = max(turn.now, series.planned_to or series.anchor - _MOMENT)
    slot = read_cadence(series.cadence).next_after(after, zone=turn.zone, anchor=series.anchor)
    return None if slot is None or (series.until is not None and slot >= series.until) else slot


def _plan(series: Series, slot: datetime) -> Plan:
    return Plan(
        title=series.title,
        starts_at=slot,
        minutes=series.minutes,
        kind=series.kind,
        purpose=series.purpose,
        place_kind=series.place_kind,
        place=series.place,
        capacity=series.capacity,
        host_id=series.host_id,
        co_host_id=series.co_host_id,
    )


def show_near(turn: Turn, there: Sequence[Gathering]) -> None:
    """Show the next one in the channel six days ahead, but not before the one that comes first is over."""
    free_from = turn.now
    for gathering in there:
        if gathering.shown_at is None:
            due = max(gathering.starts_at - SHOWN_AHEAD, free_from)
            if due <= turn.now:
                turn.cancel("show", gathering.id)
                publish(turn, gathering)
            else:
                turn.later(due, "show", gathering.id)
        free_from = max(free_from, gathering.starts_at + timedelta(minutes=gathering.minutes))


@ritual.timer("show")
def show_one(turn: Turn) -> None:
    """Show a gathering of a series when its time comes near."""
    gathering = find(turn, turn.about)
    if gathering is not None and gathering.state == "announced" and gathering.starts_at > turn.now:
        publish(turn, gathering)


@ritual.timer("ahead")
def go_on(turn: Turn) -> None:
    """Make the next ones when one is over."""
    number = read_number(turn.about)
    series = turn.db.get(Series, number) if number is not None else None
    if series is not None and series.movement_id == turn.movement.id:
        make_ahead(turn, series)
