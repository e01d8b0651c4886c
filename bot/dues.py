"""When there is something to do next: a timer, a delivery, a roll or a look, told in one look at the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, case, false, func, or_, select

from bot.store import Database
from bot.tables import Lane, Movement, Timer, Twin, Watch

# What is asked every second is asked of the bare tables and is put into words once.
_TIMER, _LANE, _MOVEMENT, _WATCH, _TWIN = (_one.__table__.c for _one in (Timer, Lane, Movement, Watch, Twin))


@dataclass(frozen=True, slots=True)
class Dues:
    """When each kind of thing is due next; None where nothing is."""

    timer: datetime | None
    roll: datetime | None
    delivery: datetime | None
    look: datetime | None
    twin: datetime | None

    def first(self) -> datetime | None:
        """Tell when anything at all is due next."""
        each = (self.timer, self.roll, self.delivery, self.look, self.twin)
        return min((at for at in each if at is not None), default=None)


def next_timer(database: Database) -> datetime | None:
    """Tell when the next timer is due."""
    return _only(database.glance(_timer()))


def next_roll(database: Database, platforms: Iterable[str]) -> datetime | None:
    """Tell when a roll is due on one of these platforms; another process may serve the others."""
    return _only(database.glance(_roll(_named(platforms))))


def next_delivery(database: Database, platforms: Iterable[str]) -> datetime | None:
    """Tell when the next lane has something to do; one that somebody holds is theirs until the lease ends."""
    return _only(database.glance(_delivery(_named(platforms))))


def next_look(database: Database, platforms: Iterable[str]) -> datetime | None:
    """Tell when one of these platforms is next asked who is in a call."""
    return _only(database.glance(_look(_named(platforms))))


def next_twin(database: Database, platforms: Iterable[str]) -> datetime | None:
    """Tell when an event in the list of one of these platforms is next to be made or changed."""
    return _only(database.glance(_twin(_named(platforms))))


def next_of_all(database: Database, platforms: Iterable[str]) -> Dues:
    """Tell when each kind of thing is due next."""
    return Dues(*database.glance(_all(_named(platforms))))


def _only(row: tuple[datetime | None, ...]) -> datetime | None:
    return row[0]


def _named(platforms: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(platforms))


@cache
def _timer() -> Select[Any]:
    return select(func.min(_TIMER.due_at))


@cache
def _roll(platforms: tuple[str, ...]) -> Select[Any]:
    return select(func.min(_MOVEMENT.roll_due_at)).where(_MOVEMENT.platform.in_(platforms))


@cache
def _delivery(platforms: tuple[str, ...]) -> Select[Any]:
    wake = case((_LANE.lease_until > _LANE.wake_at, _LANE.lease_until), else_=_LANE.wake_at)
    served = or_(false(), *(_LANE.key.startswith(f"{platform}/", autoescape=True) for platform in platforms))
    return select(func.min(wake)).where(_LANE.wake_at.is_not(None), served)


@cache
def _look(platforms: tuple[str, ...]) -> Select[Any]:
    return select(func.min(_WATCH.look_at)).where(_WATCH.platform.in_(platforms))


@cache
def _twin(platforms: tuple[str, ...]) -> Select[Any]:
    return select(func.min(_TWIN.try_at)).where(_TWIN.platform.in_(platforms))


@cache
def _all(platforms: tuple[str, ...]) -> Select[Any]:
    kinds = (_timer(), _roll(platforms), _delivery(platforms), _look(platforms), _twin(platforms))
    return select(*(kind.scalar_subquery() for kind in kinds))
