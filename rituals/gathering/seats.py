"""Who has a place at a gathering, and how long one that was offered is kept for somebody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from bot.tables import Gathering, Member, Rsvp
from bot.turn import Turn

# So long somebody has at least, and at most, to take a place that was freed.
LEAST_TIME = timedelta(minutes=30)
MOST_TIME = timedelta(hours=24)
# With one of these somebody has a place where places are counted.
KEPT = ("going", "offered")


def keep_until(told_at: datetime, starts_at: datetime) -> datetime:
    """Choose until when an offered place is kept: half of the time that is left, within bounds, and never too long."""
    half = (starts_at - told_at) / 2
    return min(told_at + min(max(half, LEAST_TIME), MOST_TIME), starts_at)


def is_open(turn: Turn, gathering: Gathering) -> bool:
    """Tell whether answers still change: until the planned start, and not once it was called off."""
    return gathering.state in ("announced", "under way") and turn.now < gathering.starts_at


def hosts_of(gathering: Gathering) -> set[int]:
    """Give the numbers of those who host it. They are there anyway, so they take nobody's place."""
    return {member_id for member_id in (gathering.host_id, gathering.co_host_id) if member_id is not None}


def seats_taken(turn: Turn, gathering: Gathering) -> int:
    """Count the places that somebody has, or is offered at the moment."""
    held = select(func.count()).where(
        Rsvp.gathering_id == gathering.id, Rsvp.answer.in_(KEPT), Rsvp.member_id.not_in(hosts_of(gathering))
    )
    return turn.db.scalar(held) or 0


def seats_free(turn: Turn, gathering: Gathering) -> int | None:
    """Count the places that nobody has; none where there is room for everybody."""
    if gathering.capacity is None:
        return None
    return max(0, gathering.capacity - seats_taken(turn, gathering))


def find_answer(turn: Turn, gathering: Gathering, member: Member) -> Rsvp | None:
    """Find what somebody said about coming."""
    return turn.db.get(Rsvp, (gathering.id, member.id))


def answers(
    turn: Turn, gathering: Gathering, *which: str, among: Collection[int] | None = None
) -> Sequence[tuple[Rsvp, Member]]:
    """List these answers of those who are here (or only of some), the first to answer first."""
    some = [Rsvp.member_id.in_(among)] if among is not None else []
    rows = turn.db.execute(
        select(Rsvp, Member)
        .join(Member, Member.id == Rsvp.member_id)
        .where(Rsvp.gathering_id == gathering.id, Rsvp.answer.in_(which), _is_here(turn), *some)
        .order_by(Rsvp.at, Rsvp.member_id)
    )
    return [(row, member) for row, member in rows]


def free_seats_of_leavers(turn: Turn, gathering: Gathering) -> None:
    """Let go of the places of those who have left: whoever comes back later does not bring theirs along."""
    gone = (
        select(Rsvp)
        .join(Member, Member.id == Rsvp.member_id)
        .where(Rsvp.gathering_id == gathering.id, Rsvp.answer.in_((*KEPT, "waiting")), ~_is_here(turn))
    )
    for row in turn.db.scalars(gone).all():
        turn.db.delete(row)
    turn.db.flush()


def ahead_of(turn: Turn, gathering: Gathering, row: Rsvp) -> int:
    """Tell how many have waited for a place longer than this."""
    before = or_(Rsvp.at < row.at, and_(Rsvp.at == row.at, Rsvp.member_id < row.member_id))
    line = select(func.count()).where(Rsvp.gathering_id == gathering.id, Rsvp.answer == "waiting", before)
    return turn.db.scalar(line) or 0


def _is_here(turn: Turn) -> ColumnElement[bool]:
    # While a movement moves to another channel, its members have left the old one and are not in the new one yet.
    return or_(Member.left_at.is_(None), Member.left_at == turn.movement.moved_at)
