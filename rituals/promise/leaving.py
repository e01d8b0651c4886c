"""When somebody leaves who carries a promise: it goes to who does it with them, or somebody may take it up."""

from __future__ import annotations

from sqlalchemy import select

from bot.chat import Answer, Whisper
from bot.insights.promises import GRACE
from bot.people import organizers
from bot.promises import note_made
from bot.tables import Member, Promise
from bot.turn import Turn
from rituals.promise import messages, views
from rituals.promise.declaration import ritual
from rituals.promise.found import NOT_THERE, asker_of, find, may_take, name_of
from rituals.promise.reminding import plan, unplan, watch_leavers
from rituals.promise.shown import correct, owner_name, settle_help, show, show_to, spoken_reminder

RUNNING = Promise.done_at.is_(None) & Promise.released_at.is_(None)


@ritual.timer("leavers")
def look_for_leavers(turn: Turn) -> None:
    """Look once a day, for as long as there is a promise, whether somebody has left who carries one."""
    running = list(
        turn.db.scalars(
            select(Promise)
            .where(Promise.movement_id == turn.movement.id, RUNNING, Promise.due_at > turn.now - GRACE)
            .order_by(Promise.id)
        )
    )
    for promise in running:
        if turn.member(promise.owner_id).left_at is not None:
            _free(turn, promise)
        elif promise.co_owner_id is not None and turn.member(promise.co_owner_id).left_at is not None:
            promise.co_owner_id = promise.co_accepted_at = None
    if running:
        watch_leavers(turn)


def _free(turn: Turn, promise: Promise) -> None:
    """Let a promise go whose owner has left, and tell those who may take it up: one sentence in private."""
    unplan(turn, promise)
    promise.released_at = turn.now
    settle_help(turn, promise, f"{owner_name(turn, promise)} has left, so this needs no hand any more.")
    if promise.accepted_at is None:
        # They had not promised anything: whoever asked is told, and may ask somebody else.
        asker = asker_of(turn, promise)
        if asker is not None:
            shown = show(turn, promise, who=owner_name(turn, promise))
            turn.dm(asker, f"gone:{promise.id}", messages.answered(shown, yes=False, together=False))
        return
    view = messages.free_to_take(turn.movement.name, show(turn, promise, who=owner_name(turn, promise)), turn.action)
    for member in _next_in_line(turn, promise):
        turn.dm(member, free_key(promise, member), view, about=str(promise.id))


def _next_in_line(turn: Turn, promise: Promise) -> list[Member]:
    """List who is told that a promise is free: who does it with them, or who asked for it, or the organizers."""
    for member_id in (promise.co_owner_id, promise.asked_by_id):
        member = turn.db.get(Member, member_id) if member_id is not None else None
        if member is not None and member.left_at is None:
            return [member]
    return organizers(turn.db, turn.movement.id)


def free_key(promise: Promise, member: Member) -> str:
    """Name the message which says that a promise is free to take."""
    return f"free:{promise.id}:{promise.owner_id}:{member.id}"


@ritual.press("take")
def take(turn: Turn) -> Answer:
    """Take up the promise of somebody who has left."""
    promise = find(turn)
    if promise is None:
        return NOT_THERE
    if promise.owner_id == turn.who.id and promise.released_at is None:
        return views.card(show_to(turn, promise, turn.who), turn.action)
    left = turn.member(promise.owner_id).left_at is not None
    if not left or promise.released_at is None or promise.done_at is not None:
        return Whisper(f"{name_of(turn, promise.owner_id)} has this already. Thank you.")
    if not may_take(promise, turn.who):
        return Whisper("Only those who were asked can take this up. A promise of your own you make with /promise.")
    if promise.due_at <= turn.now:
        return Whisper("The day for this has passed. If it still helps, promise it anew with /promise.")
    for member in _next_in_line(turn, promise):
        said = f"{turn.who.name} has taken this up." if member.id != turn.who.id else "You have taken this up."
        correct(turn, member, free_key(promise, member), messages.settled(promise.what, said))
    if promise.co_owner_id in (turn.who.id, None) or turn.member(promise.co_owner_id).left_at is not None:
        promise.co_owner_id = promise.co_accepted_at = None
    promise.owner_id, promise.accepted_at, promise.released_at = turn.who.id, turn.now, None
    note_made(turn, promise, turn.who)
    plan(turn, promise)
    return messages.promised(show(turn, promise), spoken_reminder(turn, promise, turn.who), "", turn.action)
