"""Asking the channel for a hand, without blame; whoever helps is in it from then on."""

from __future__ import annotations

from bot.chat import Answer, Whisper
from bot.promises import is_open, note_made
from bot.tables import Promise
from bot.turn import Turn
from rituals.promise import messages
from rituals.promise.declaration import ritual
from rituals.promise.found import NOT_THERE, carrier_ids, carriers, find, refuse
from rituals.promise.reminding import plan_reminder
from rituals.promise.shown import help_key, owner_name, settle_question, show


@ritual.press("help")
def ask_for_help(turn: Turn) -> Answer:
    """Ask the channel, at once for a public promise; one that few may see is shown only after a second tap."""
    promise = find(turn)
    refusal = refuse(turn, promise)
    if promise is None or refusal is not None:
        return refusal
    return _ask(turn, promise) if promise.public else messages.ask_aloud(promise.what, promise.id, turn.action)


@ritual.press("help-aloud")
def ask_aloud(turn: Turn) -> Answer:
    """Show the channel a promise that only few could see, because somebody in it wants help."""
    promise = find(turn)
    refusal = refuse(turn, promise)
    if promise is None or refusal is not None:
        return refusal
    return _ask(turn, promise)


def _ask(turn: Turn, promise: Promise) -> Answer:
    view = messages.help_wanted(show(turn, promise, who=turn.who.name), turn.action)
    turn.show(help_key(promise.id), view, about=str(promise.id))
    return Whisper("I have asked the channel. Whoever can help is put in touch with you.")


@ritual.press("hand")
def lend_a_hand(turn: Turn) -> Answer:
    """Let somebody help: those who promised it are told, and where there is room the helper promises it with them."""
    promise = find(turn)
    if promise is None:
        return NOT_THERE
    if not is_open(promise):
        return Whisper("This needs no hand any more. Thank you for offering.")
    if turn.who.id in carrier_ids(promise):
        return Whisper("You have promised this yourself already.")
    told = carriers(turn, promise)
    if promise.co_accepted_at is None:
        if promise.co_owner_id not in (None, turn.who.id):
            asked = turn.member(promise.co_owner_id)
            settle_question(turn, promise, asked, "Somebody else has offered to do this, so nobody asks you any more.")
        settle_question(turn, promise, turn.who, "You said yes to this.")
        promise.co_owner_id, promise.co_accepted_at = turn.who.id, turn.now
        note_made(turn, promise, turn.who)
        plan_reminder(turn, promise, turn.who)
    note = messages.helper_note(show(turn, promise, who=turn.who.name))
    for member in told:
        turn.dm(member, f"helper:{promise.id}:{turn.who.id}:{member.id}", note, about=str(promise.id))
    owner = owner_name(turn, promise)
    turn.show(help_key(promise.id), messages.help_found(promise.what, f"{owner} has a hand with this. Thank you."))
    return messages.helping(show(turn, promise, who=" and ".join(member.name for member in told)))
