"""Promises as every ritual makes them: who, what, by when. What is said about them is the promise ritual's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.tables import Member, Occurrence, Promise
from bot.timers import set_timer
from bot.turn import Turn

RITUAL = "promise"
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
    own = turn.who_ is not None and turn.who_.id == owner.id
    promise = Promise(
        movement_id=turn.movement.id,
        owner_id=owner.id,
        co_owner_id=co_owner.id if co_owner is not None else None,
        what=what,
        due_at=due_at,
        made_at=turn.now,
        accepted_at=turn.now if own else None,
        public=public,
        ritual=turn.ritual.name,
        about=about,
        occurrence_id=occurrence.id if occurrence is not None else None,
    )
    turn.db.add(promise)
    turn.db.flush()
    if own:
        turn.record("promise_made", once=f"promise_made:{promise.id}", member=owner, occurrence=occurrence)
    set_timer(turn.db, turn.movement.id, RITUAL, "made", str(promise.id), due=turn.now)
    return promise
