"""Pausing a ritual, resuming it, and leaving out the next one."""

from __future__ import annotations

from bot import practices
from bot.chat import Answer, Whisper
from bot.turn import Turn
from rituals.schedule import messages
from rituals.schedule.practised import NOT_THERE, find_practice, is_about_next, ritual
from rituals.schedule.shown import row_of


@ritual.press("pause", only="organizer")
def pause(turn: Turn) -> Answer:
    """Stop planning until resumed."""
    practice = find_practice(turn)
    if practice is None:
        return NOT_THERE
    if practice.paused_at is None:
        practices.pause(turn.db, practice, now=turn.now)
    return messages.paused(practice.ritual, row_of(practice), turn.action)


@ritual.press("resume", only="organizer")
def resume(turn: Turn) -> Answer:
    """Go on with the next planned time."""
    practice = find_practice(turn)
    if practice is None:
        return NOT_THERE
    if practice.paused_at is not None:
        practices.resume(turn.db, turn.movement, practice, now=turn.now)
    return Whisper(
        f"The {practice.ritual} is on again: {practices.spoken_plan(turn.movement, practice, now=turn.now)}."
    )


@ritual.press("skip", only="organizer")
def skip(turn: Turn) -> Answer:
    """Leave out the next one; a second tap on the same button leaves out no more."""
    practice = find_practice(turn)
    if practice is None:
        return NOT_THERE
    plan = practices.spoken_plan(turn.movement, practice, now=turn.now)
    if not is_about_next(turn, practice):
        return Whisper(f"That {practice.ritual} is not the next one any more. This is how it stands: {plan}.")
    skipped = practices.skip_next(turn.db, turn.movement, practice, now=turn.now)
    if skipped is None:
        return Whisper(f"No {practice.ritual} is planned that could be skipped.")
    then = f"The next one comes {turn.spoken(practice.next_at)}." if practice.next_at else "Nothing else is planned."
    return Whisper(f"The {practice.ritual} of {turn.spoken(skipped)} is skipped. {then}")
