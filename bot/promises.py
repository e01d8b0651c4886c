"""Promises as every ritual makes and reads them: who, what, by when. The promise ritual speaks of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.insights.promises import (
    WINDOW,
    FollowThrough,
    Move,
    Pledge,
    Standing,
    follow_through,
    spoken_standing,
    standing,
)
from bot.tables import Member, Occurrence, Promise, Renegotiation
from bot.timers import set_timer
from bot.turn import Turn

RITUAL = "promise"
# A ritual with a timer of this name hears when somebody who was put down in it has said yes or no.
ANSWERED = "promise-answered"
WHAT_MOST = 300


def end_of(day: date, *, zone: str) -> datetime:
    """Give the instant at which a day ends: what is due that day may be done until then."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def make_promise(
    turn: Turn,
    *,
    what: str,
    owner: Member,
    due_at: datetime,
    co_owner: Member | None = None,
    public: bool = True,
    about: str = "",
    occurrence: Occurrence | None = None,
) -> Promise:
    """Write a promise down in any ritual's turn; the promise ritual hears of it by a timer of its own.

    One who makes it for themselves has made it. One who was put down by somebody else is asked first, in private, and
    has promised nothing before they say yes.
    """
    maker = turn.who_.id if turn.who_ is not None else None
    own = maker == owner.id
    promise = Promise(
        movement_id=turn.movement.id,
        owner_id=owner.id,
        co_owner_id=co_owner.id if co_owner is not None else None,
        asked_by_id=None if own else maker,
        what=what,
        due_at=due_at,
        made_at=turn.now,
        accepted_at=turn.now if own else None,
        co_accepted_at=turn.now if co_owner is not None and maker == co_owner.id else None,
        public=public,
        ritual=turn.ritual.name,
        about=about,
        occurrence_id=occurrence.id if occurrence is not None else None,
    )
    turn.db.add(promise)
    turn.db.flush()
    if own:
        note_made(turn, promise, owner)
    set_timer(turn.db, turn.movement.id, RITUAL, "made", str(promise.id), due=turn.now)
    return promise


def note_made(turn: Turn, promise: Promise, member: Member) -> None:
    """Write into the ledger that somebody has promised this."""
    occurrence = turn.db.get(Occurrence, promise.occurrence_id) if promise.occurrence_id is not None else None
    turn.record("promise_made", once=f"promise_made:{promise.id}:{member.id}", member=member, occurrence=occurrence)


def note_agreed(turn: Turn, promise: Promise) -> None:
    """Note that its owner said yes before there was a promise, so that they are not asked again."""
    if promise.accepted_at is None:
        promise.accepted_at, promise.asked_by_id = turn.now, None
        turn.db.flush()
        note_made(turn, promise, turn.member(promise.owner_id))


def tell_its_ritual(turn: Turn, promise: Promise) -> None:
    """Let the ritual in which somebody was put down hear that they have answered, so that it shows what is so now."""
    home = turn.rituals.by_name.get(promise.ritual)
    if home is not None and ANSWERED in home.timers:
        set_timer(turn.db, turn.movement.id, home.name, ANSWERED, promise.about, due=turn.now)


# ------------------------------------------------------------------------------------------------ reading


def is_open(promise: Promise) -> bool:
    """Tell whether somebody has promised this and neither done it nor let it go."""
    return promise.accepted_at is not None and promise.done_at is None and promise.released_at is None


# What somebody was asked for and never promised: that they said no is between them and the one who asked.
NEVER_MADE = Promise.accepted_at.is_(None) & Promise.released_at.is_not(None)


def was_never_made(promise: Promise) -> bool:
    """Tell whether somebody was asked for this and will not do it; others are not shown it."""
    return promise.accepted_at is None and promise.released_at is not None


def promises_of(turn: Turn, occurrence: Occurrence) -> list[Promise]:
    """List the promises that came out of one occurrence, in the order in which they were made."""
    of_it = select(Promise).where(Promise.occurrence_id == occurrence.id, Promise.movement_id == turn.movement.id)
    return list(turn.db.scalars(of_it.order_by(Promise.id)))


def pledges(db: Session, promises: Iterable[Promise]) -> dict[int, Pledge]:
    """Give promises as the figures see them, by their numbers."""
    listed = list(promises)
    moved = db.scalars(
        select(Renegotiation)
        .where(Renegotiation.promise_id.in_([promise.id for promise in listed]))
        .order_by(Renegotiation.promise_id, Renegotiation.agreed_at, Renegotiation.id)
    )
    moves = {number: list(rows) for number, rows in groupby(moved, key=lambda row: row.promise_id)}
    return {promise.id: _pledge(promise, moves.get(promise.id, [])) for promise in listed}


def _pledge(promise: Promise, moves: Sequence[Renegotiation]) -> Pledge:
    return Pledge(
        due=moves[0].was_due_at if moves else promise.due_at,
        moves=tuple(Move(move.due_at, move.agreed_at) for move in moves),
        accepted=promise.accepted_at is not None,
        done_at=promise.done_at,
        released_at=promise.released_at,
    )


def standings(turn: Turn, promises: Iterable[Promise]) -> dict[int, Standing]:
    """Say in a word how each of these promises stands, by their numbers.

    The word is its owner's own affair; ``spoken_standings`` gives words for everybody.
    """
    return {number: standing(one, now=turn.now) for number, one in pledges(turn.db, promises).items()}


def spoken_standings(turn: Turn, promises: Iterable[Promise]) -> dict[int, str]:
    """Say to everybody how each of these promises stands, by their numbers."""
    return {number: spoken_standing(one, now=turn.now) for number, one in pledges(turn.db, promises).items()}


def movement_follow_through(turn: Turn, *, member: Member | None = None) -> FollowThrough:
    """Count how the movement's promises went lately, or one member's own; who asked to be left out is in no figure."""
    mine = None if member is None else member.id
    return follow_through(pledged_lately(turn.db, turn.movement.id, now=turn.now, member_id=mine), now=turn.now)


def pledged_lately(
    db: Session, movement_id: int, *, now: datetime, window: timedelta = WINDOW, member_id: int | None = None
) -> list[Pledge]:
    """Give the promises that follow-through may count, of everybody who counts or of one member."""
    lately = (
        select(Promise)
        .join(Member, Member.id == Promise.owner_id)
        .where(
            Promise.movement_id == movement_id,
            Promise.accepted_at.is_not(None),
            Promise.due_at >= now - window,
            Member.bot.is_(False),
            Member.opted_out.is_(False),
        )
    )
    if member_id is not None:
        lately = lately.where(Promise.owner_id == member_id)
    return list(pledges(db, db.scalars(lately)).values())


def spoken_due(turn: Turn, promise: Promise) -> str:
    """Say by when: the day, and the time where it is not the day's end."""
    local = promise.due_at.astimezone(ZoneInfo(turn.zone))
    if local.time() == time():
        return turn.spoken_day(local.date() - timedelta(days=1))
    return turn.spoken(promise.due_at)
