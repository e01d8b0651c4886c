"""When somebody is reminded of a promise, and until when they are left in peace."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.moments import find_instant
from bot.people import away_ids
from bot.tables import Away, Member
from bot.turn import Turn
from rituals.promise.declaration import DAY_BEFORE_FROM, HUMANE, SAME_DAY_FROM


def reminder_at(*, due: datetime, since: datetime, zone: str) -> datetime | None:
    """Choose the one time to remind somebody: the morning before the last day, or for short promises of that day.

    ``since`` is when the due date was agreed; what was agreed within the last hours needs no reminder.
    """
    last_day = (due - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    for days, least in ((1, DAY_BEFORE_FROM), (0, SAME_DAY_FROM)):
        morning = find_instant(datetime.combine(last_day - timedelta(days=days), HUMANE), zone=zone)
        if morning - since >= least and morning < due:
            return morning
    return None


def zone_of(turn: Turn, member: Member) -> str:
    """Tell in which time zone a member lives, as far as is known."""
    return member.zone or turn.zone


def next_chance(turn: Turn, member: Member) -> datetime:
    """Tell from when on somebody may be written to unasked: now, or after their break or their quiet hours."""
    if member.id in away_ids(turn.db, [member.id], at=turn.now):
        tomorrow = turn.now + timedelta(days=1)
        back = turn.db.scalar(
            select(Away.end).where(Away.member_id == member.id, Away.start <= turn.now, Away.end > turn.now).limit(1)
        )
        # They may be back earlier than they said, or never have said when: so each day is looked again.
        return min(back, tomorrow) if back is not None else tomorrow
    return turn.quiet_until(member)
