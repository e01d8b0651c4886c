"""Letting a promise go: no question is asked, and who did it together carries it on alone."""

from __future__ import annotations

from bot.chat import Answer, Whisper
from bot.tables import Member, Promise
from bot.turn import Turn
from rituals.promise import messages
from rituals.promise.declaration import ritual
from rituals.promise.found import asker_of, find, others, refuse
from rituals.promise.reminding import plan, unplan
from rituals.promise.shown import owner_name, settle_help, settle_messages, show


@ritual.press("let-go")
def let_go(turn: Turn) -> Answer:
    """Let a promise go, and ask nothing. Who does it together hands it to the other."""
    promise = find(turn)
    refusal = refuse(turn, promise)
    if promise is None or refusal is not None:
        return refusal
    unplan(turn, promise)
    rest = others(turn, promise)
    settle_messages(turn, promise, "You let this go." if not rest else "This has changed.")
    if rest:
        return _hand_on(turn, promise, rest[0])
    promise.released_at = turn.now
    asker = asker_of(turn, promise)
    if asker is not None:
        view = messages.let_go_note(show(turn, promise, who=turn.who.name))
        turn.dm(asker, f"let-go:{promise.id}:{turn.who.id}", view, about=str(promise.id))
    settle_help(turn, promise, f"{owner_name(turn, promise)} needs no hand with this any more.")
    return messages.let_go(promise.what, promise.id, turn.action)


def _hand_on(turn: Turn, promise: Promise, other: Member) -> Answer:
    """Leave a promise to the one who made it together with whoever lets it go now."""
    shown = show(turn, promise, who=turn.who.name)
    promise.owner_id, promise.co_owner_id, promise.co_accepted_at = other.id, None, None
    plan(turn, promise, agreed_at=promise.made_at)
    view = messages.let_go_note(shown, turn.action)
    turn.dm(other, f"let-go:{promise.id}:{turn.who.id}", view, about=str(promise.id))
    return Whisper(f"Let go. {other.name} carries it now, and I have told them. That is a fair answer, too.")
