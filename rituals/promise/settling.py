"""A promise is done, in time or late; and a tap by mistake is taken back."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import delete, select

from bot.chat import Answer, Whisper
from bot.insights.promises import ON_TIME
from bot.moments import find_instant
from bot.promises import standings
from bot.tables import Act, Member, Occurrence, Promise
from bot.turn import Turn
from rituals.promise import messages
from rituals.promise.declaration import TAKE_BACK, ritual
from rituals.promise.found import NOT_THERE, NOT_YOURS, carrier_ids, carriers, find, refuse
from rituals.promise.reminding import plan, unplan
from rituals.promise.shown import owner_name, settle_help, settle_messages, show_to

HOW = {
    "kept early": "You were early.",
    "kept": "You kept your promise.",
    "renegotiated": "You kept your promise.",
    "late": "It is done, and that is what counts.",
}


@ritual.press("done")
def note_done(turn: Turn) -> Answer:
    """Note that it is done. Who kept it in time, alone or together, has it in the ledger."""
    promise = find(turn)
    refusal = refuse(turn, promise)
    if promise is None or refusal is not None:
        return refusal
    promise.done_at = turn.now
    turn.db.flush()
    word = standings(turn, [promise])[promise.id]
    for member in carriers(turn, promise):
        _record(turn, promise, member, in_time=word in ON_TIME)
    unplan(turn, promise)
    settle_messages(turn, promise, "This is done. Thank you.")
    settle_help(turn, promise, f"{owner_name(turn, promise)} had a hand with this, and it is done.")
    return messages.done(promise.what, HOW[word], promise.id, turn.action)


def _record(turn: Turn, promise: Promise, member: Member, *, in_time: bool) -> None:
    """Write it into the ledger: in time as a promise kept, later as something done, of which there is one a day."""
    occurrence = turn.db.get(Occurrence, promise.occurrence_id) if promise.occurrence_id is not None else None
    if in_time:
        turn.record("promise_kept", once=_kept(promise, member.id), member=member, occurrence=occurrence)
        return
    midnight = find_instant(datetime.combine(turn.today(), time()), zone=turn.zone)
    deeds = select(Act.id).where(Act.member_id == member.id, Act.kind == "action_done", Act.at >= midnight)
    if turn.db.scalar(deeds.limit(1)) is None:
        turn.record("action_done", once=_late(promise, member.id), member=member, occurrence=occurrence)


def _kept(promise: Promise, member_id: int) -> str:
    return f"promise_kept:{promise.id}:{member_id}"


def _late(promise: Promise, member_id: int) -> str:
    return f"promise_done:{promise.id}:{member_id}"


@ritual.press("undo")
def take_back(turn: Turn) -> Answer:
    """Take back that it was done or let go, within a week: a tap by mistake happens."""
    promise = find(turn)
    if promise is None:
        return NOT_THERE
    if turn.who.id not in carrier_ids(promise):
        return NOT_YOURS
    ended = promise.done_at or promise.released_at
    if ended is None:
        return messages.open_again(show_to(turn, promise, turn.who), turn.action)
    if turn.now - ended > TAKE_BACK:
        return Whisper("This was more than a week ago, so it stays as it is. Make a new promise with /promise.")
    promise.done_at = promise.released_at = None
    for member_id in carrier_ids(promise):
        written = Act.once.in_((_kept(promise, member_id), _late(promise, member_id)))
        turn.db.execute(delete(Act).where(Act.movement_id == turn.movement.id, Act.member_id == member_id, written))
    plan(turn, promise, agreed_at=promise.made_at)
    return messages.open_again(show_to(turn, promise, turn.who), turn.action)
