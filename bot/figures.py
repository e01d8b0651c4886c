"""The figures of a movement and of one member, as the database has them at a moment.

For everybody: ``read_pulse``, ``read_drop_off``, ``read_cohorts``. For one person's own eyes: ``read_record``,
``read_levels``. What they mean is defined in ``bot/insights``, each once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from bot.insights.drop_off import DropOff, look_for_drop_off
from bot.insights.ladder import Level, Trace, class_of, first_needed, level, merge
from bot.insights.newcomers import cohorts
from bot.insights.numbers import Portion
from bot.insights.participation import Somebody
from bot.insights.promises import FollowThrough, follow_through
from bot.insights.pulse import GATHERINGS_WINDOW, Material, Pulse, levels, take_pulse
from bot.insights.turnout import ShowUp, own_show_up
from bot.promises import pledged_lately
from bot.slots import read_attended, read_rounds, read_slots, read_turned_up
from bot.tables import Act, Away, Member, Movement
from bot.traces import read_acts_of_newcomers, read_newcomers, read_people, read_traces

SLOTS = 2 * GATHERINGS_WINDOW
COHORT_MONTHS = 6
YEAR = timedelta(days=365)
QUARTER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Done:
    """How often somebody did one kind of thing (``bot.insights.ladder``) in 90 and in 365 days."""

    kind: str
    quarter: int
    year: int


@dataclass(frozen=True, slots=True)
class CameTo:
    """A gathering that somebody came to."""

    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record about one member, for nobody's eyes but theirs.

    Of whoever asked not to be counted nothing is: ``counted`` is False and all else empty. ``done`` lists the most
    frequent kind first, ``came`` a year of gatherings, newest first; ``show_up`` is of the same year.
    """

    counted: bool
    level: Level | None = None
    done: tuple[Done, ...] = ()
    came: tuple[CameTo, ...] = ()
    show_up: ShowUp = field(default_factory=ShowUp)
    follow_through: FollowThrough = field(default_factory=FollowThrough)


def read_pulse(db: Session, movement: Movement, *, now: datetime) -> Pulse:
    """Compute all figures of a movement."""
    return take_pulse(read_material(db, movement, now=now), now=now)


def read_material(db: Session, movement: Movement, *, now: datetime) -> Material:
    """Read what the figures of a movement are computed from: the windows that they need, and no more."""
    people, opted_out = read_people(db, movement)
    return Material(
        zone=ZoneInfo(movement.zone),
        people=people,
        traces=read_traces(db, movement, people, now=now),
        turned_up=read_turned_up(db, movement, now=now),
        slots=read_slots(db, movement, people, since=now - SLOTS, now=now),
        pledges=pledged_lately(db, movement.id, now=now),
        rounds=read_rounds(db, movement, people, now=now),
        newcomers=read_newcomers(db, movement, people, now=now),
        opted_out=opted_out,
    )


def read_levels(db: Session, movement: Movement, *, now: datetime) -> dict[int, Level]:
    """Tell where each member stands, by their numbers, so that each can be told about themselves."""
    people, _ = read_people(db, movement)
    material = Material(
        zone=ZoneInfo(movement.zone),
        people=people,
        traces=read_traces(db, movement, people, now=now),
        turned_up={},
    )
    return levels(material, now=now)


def read_drop_off(db: Session, movement: Movement, *, now: datetime) -> DropOff:
    """Tell organizers in numbers who is slipping away."""
    people, _ = read_people(db, movement)
    return look_for_drop_off(
        people,
        read_attended(db, movement, now=now),
        read_slots(db, movement, people, since=now - SLOTS, now=now),
        read_newcomers(db, movement, people, now=now),
        now=now,
    )


def read_cohorts(db: Session, movement: Movement, *, now: datetime) -> tuple[tuple[date, tuple[Portion, ...]], ...]:
    """Tell for each of the last months of joining how many acted in each thirty days from then on, oldest first.

    A cell is said by ``bot.insights.numbers.cohort_cell``.
    """
    zone = ZoneInfo(movement.zone)
    local = now.astimezone(zone)
    month = local.year * 12 + local.month - COHORT_MONTHS
    since = datetime(month // 12, month % 12 + 1, 1, tzinfo=zone)
    people, _ = read_people(db, movement)
    return cohorts(read_acts_of_newcomers(db, movement, people, since=since, now=now), now=now, zone=zone)


# ------------------------------------------------------------------------------------------------ one's own


def read_record(db: Session, member: Member, *, now: datetime) -> Record:
    """Read one member's own record."""
    if member.opted_out or member.bot:
        return Record(counted=False)
    movement = db.get_one(Movement, member.movement_id)
    spells = db.execute(select(Away.start, Away.end).where(Away.member_id == member.id))
    me = Somebody(
        joined=member.joined_at,
        left=member.left_at,
        breaks=merge((start, end) for start, end in spells),
        zone=member.zone,
    )
    slots = read_slots(db, movement, {member.id: me}, since=now - YEAR, now=now, member_id=member.id)
    return Record(
        counted=True,
        level=_own_level(db, movement, member, me, now=now),
        done=_done(db, member, now=now),
        came=tuple(CameTo(slot.title, slot.at) for slot in reversed(slots) if member.id in slot.came),
        show_up=own_show_up(member.id, slots),
        follow_through=follow_through(pledged_lately(db, movement.id, now=now, member_id=member.id), now=now),
    )


def _own_level(db: Session, movement: Movement, member: Member, me: Somebody, *, now: datetime) -> Level:
    rows = db.execute(
        select(Act.at, Act.kind).where(Act.member_id == member.id, Act.at >= first_needed(me.breaks, now), Act.at < now)
    )
    traces = [Trace(at, class_of(kind)) for at, kind in rows if class_of(kind)]
    return level(traces, joined=me.joined, at=now, zone=ZoneInfo(movement.zone), breaks=me.breaks)


def _done(db: Session, member: Member, *, now: datetime) -> tuple[Done, ...]:
    lately = func.sum(case((Act.at >= now - QUARTER, 1), else_=0))
    rows = db.execute(
        select(Act.kind, lately, func.count())
        .where(Act.member_id == member.id, Act.at >= now - YEAR, Act.at < now)
        .group_by(Act.kind)
    )
    done = [Done(kind, int(quarter), year) for kind, quarter, year in rows]
    return tuple(sorted(done, key=lambda one: (-one.year, one.kind)))
