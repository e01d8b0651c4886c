"""Somebody who was put down by another is asked first, in private, and has promised nothing before they say yes."""

from __future__ import annotations

from bot.chat import Answer, Whisper
from bot.promises import is_open, note_made, tell_its_ritual
from bot.tables import Member, Promise
from bot.turn import Turn, read_number
from rituals.promise import messages, views
from rituals.promise.declaration import ritual
from rituals.promise.found import NOT_THERE, asker_of, find, is_awaited, name_of, others
from rituals.promise.reminding import plan, plan_reminder, unplan
from rituals.promise.shown import question_key, settle_question, show, show_to, spoken_reminder
from rituals.promise.times import next_chance

NOT_ASKED = Whisper("Nobody asks you for this any more.")


@ritual.timer("made")
def look_at_new(turn: Turn) -> None:
    """Take up a promise that some ritual wrote down: ask whoever has not said yes, and set when to remind."""
    promise = find(turn)
    if promise is None or promise.done_at is not None or promise.released_at is not None:
        return
    plan(turn, promise, agreed_at=promise.made_at)
    for member_id in (promise.owner_id, promise.co_owner_id):
        if member_id is not None:
            _ask(turn, promise, turn.member(member_id))


@ritual.timer("ask")
def ask_again_later(turn: Turn) -> None:
    """Ask somebody who was away or slept."""
    promise_id, _, member_id = turn.about.partition("/")
    promise = find(turn, promise_id)
    if promise is not None and read_number(member_id) in (promise.owner_id, promise.co_owner_id):
        _ask(turn, promise, turn.member(int(member_id)))


def _ask(turn: Turn, promise: Promise, member: Member) -> None:
    """Ask somebody, if they have not said yes or no; whoever is away or sleeps is asked afterwards."""
    if not is_awaited(promise, member) or member.left_at is not None:
        return
    chance = next_chance(turn, member)
    if chance > turn.now:
        # A question that only waited would also reach who is not asked any more by then.
        turn.later(chance, "ask", f"{promise.id}/{member.id}")
        return
    together = member.id != promise.owner_id
    asks = promise.owner_id if together else promise.asked_by_id
    shown = show(turn, promise, who=name_of(turn, asks) if asks is not None else "")
    view = messages.question(turn.movement.name, shown, turn.action, together=together)
    turn.dm(member, question_key(promise, member.id), view, about=str(promise.id))


@ritual.press("yes")
def say_yes(turn: Turn) -> Answer:
    """Promise what one was asked for."""
    promise = find(turn)
    if promise is None:
        return NOT_THERE
    if not is_awaited(promise, turn.who):
        mine = is_open(promise) and turn.who.id in (promise.owner_id, promise.co_owner_id)
        return views.card(show_to(turn, promise, turn.who), turn.action) if mine else NOT_ASKED
    if promise.due_at <= turn.now:
        return Whisper("The day for this has passed. If it still helps, promise it anew with /promise.")
    note_made(turn, promise, turn.who)
    told = _accept(turn, promise)
    plan_reminder(turn, promise, turn.who)
    settle_question(turn, promise, turn.who, "You said yes to this.")
    if told is not None:
        _tell(turn, told, promise, yes=True)
    with_whom = show_to(turn, promise, turn.who)
    return messages.promised(with_whom, spoken_reminder(turn, promise, turn.who), "", turn.action)


def _accept(turn: Turn, promise: Promise) -> Member | None:
    """Write down who has said yes, and give who asked them."""
    if promise.owner_id != turn.who.id:
        promise.co_accepted_at = turn.now
        return next(iter(others(turn, promise)), None)
    promise.accepted_at = turn.now
    tell_its_ritual(turn, promise)
    with_them = turn.member(promise.co_owner_id) if promise.co_owner_id is not None else None
    if with_them is not None and promise.co_accepted_at is not None:
        note_made(turn, promise, with_them)
    elif with_them is not None:
        turn.later(turn.now, "ask", f"{promise.id}/{with_them.id}")
    return asker_of(turn, promise) or next(iter(others(turn, promise)), None)


@ritual.press("no")
def say_no(turn: Turn) -> Answer:
    """Say that one can't. Only the one who asked is told."""
    promise = find(turn)
    if promise is None:
        return NOT_THERE
    if not is_awaited(promise, turn.who):
        return NOT_ASKED
    settle_question(turn, promise, turn.who, "You said that you can't. That is fine.")
    if promise.owner_id == turn.who.id:
        told = asker_of(turn, promise)
        unplan(turn, promise)
        promise.released_at = turn.now
        tell_its_ritual(turn, promise)
    else:
        owner = turn.member(promise.owner_id)
        told = owner if owner.left_at is None else None
        promise.co_owner_id = None
    if told is not None:
        _tell(turn, told, promise, yes=False)
    return Whisper(f"That is fine. I tell {told.name}, and nobody else." if told is not None else "That is fine.")


def _tell(turn: Turn, member: Member, promise: Promise, *, yes: bool) -> None:
    together = member.id == promise.owner_id
    view = messages.answered(show(turn, promise, who=turn.who.name), yes=yes, together=together)
    turn.dm(member, f"answer:{promise.id}:{turn.who.id}", view, about=str(promise.id))
