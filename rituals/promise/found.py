"""Finding the promise that an action is about, and what it is to the one who acts."""

from __future__ import annotations

from sqlalchemy import select

from bot.chat import Whisper
from bot.people import ORGANIZERS
from bot.tables import Member, Promise
from bot.turn import Turn, read_number
from rituals.promise import messages

NOT_THERE = Whisper("This promise is not there any more.")
NOT_YOURS = Whisper("This is somebody else's promise.")


def find(turn: Turn, written: str = "") -> Promise | None:
    """Find a promise of this very movement: the one that the action names, or another."""
    number = read_number(written or turn.about)
    if number is None:
        return None
    return turn.db.scalar(select(Promise).where(Promise.id == number, Promise.movement_id == turn.movement.id))


def name_of(turn: Turn, member_id: int | None) -> str:
    """Give the name of somebody who is or was in the movement."""
    member = turn.db.get(Member, member_id) if member_id is not None else None
    return member.name if member is not None else "somebody"


def co_owner_of(promise: Promise) -> int | None:
    """Give the number of the one who does it with the owner, once they have said yes."""
    return promise.co_owner_id if promise.co_accepted_at is not None else None


def carrier_ids(promise: Promise) -> list[int]:
    """List who has promised it: the owner, and who said yes to doing it with them; nobody before the owner has."""
    other = co_owner_of(promise)
    both = [promise.owner_id, *([other] if other is not None else [])]
    return both if promise.accepted_at is not None else []


def carriers(turn: Turn, promise: Promise) -> list[Member]:
    """List who has promised it and is still here."""
    found = [turn.member(member_id) for member_id in carrier_ids(promise)]
    return [member for member in found if member.left_at is None]


def others(turn: Turn, promise: Promise) -> list[Member]:
    """List those who have promised it with the one who acts."""
    return [member for member in carriers(turn, promise) if member.id != turn.who.id]


def asker_of(turn: Turn, promise: Promise) -> Member | None:
    """Find the one who asked for it, if they are still here and it is not their own promise now."""
    if promise.asked_by_id is None or promise.asked_by_id in carrier_ids(promise):
        return None
    asker = turn.db.get(Member, promise.asked_by_id)
    return asker if asker is not None and asker.left_at is None else None


def is_awaited(promise: Promise, member: Member) -> bool:
    """Tell whether a promise waits for this member's yes or no."""
    if promise.done_at is not None or promise.released_at is not None:
        return False
    if promise.owner_id == member.id:
        return promise.accepted_at is None
    return promise.co_owner_id == member.id and promise.accepted_at is not None and promise.co_accepted_at is None


def may_take(promise: Promise, member: Member) -> bool:
    """Tell whether a member may take a promise over whose owner has left."""
    return member.id in (promise.co_owner_id, promise.asked_by_id) or member.role in ORGANIZERS


def refuse(turn: Turn, promise: Promise | None) -> Whisper | None:
    """Say why somebody can do nothing about a promise, or nothing when they can."""
    if promise is None:
        return NOT_THERE
    if turn.who.id not in carrier_ids(promise):
        return NOT_YOURS
    if promise.done_at is not None:
        return messages.done(promise.what, "This is done already.", promise.id, turn.action)
    if promise.released_at is not None:
        return messages.let_go(promise.what, promise.id, turn.action)
    return None
