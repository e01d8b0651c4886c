"""Moving the next one to another time; the ones after it stay as planned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from bot import practices
from bot.cadence import read_cadence
from bot.chat import Answer, Problems, Text, Whisper
from bot.tables import Occurrence, Practice
from bot.turn import Turn
from rituals.schedule import forms
from rituals.schedule.practised import (
    NOT_THERE,
    about_next,
    find_practice,
    is_about_next,
    is_quiet,
    quiet_sentence,
    ritual,
)


@ritual.press("move", only="organizer")
def open_move_form(turn: Turn) -> Answer:
    """Ask for another time for the next one."""
    practice = find_practice(turn)
    if practice is None:
        return NOT_THERE
    if practice.next_at is None:
        return Whisper(f"No {practice.ritual} is planned that could be moved.")
    return forms.move_form(turn.spoken(practice.next_at), turn.action("move", about_next(practice)))


@ritual.submit("move", only="organizer")
def move(turn: Turn) -> Answer:
    """Move the next one."""
    practice = find_practice(turn)
    if practice is None or practice.next_slot is None:
        return Problems({"": "Nothing is planned that could be moved."})
    if not is_about_next(turn, practice):
        return Problems({"": f"That {practice.ritual} is not the next one any more. Type /rituals to see what is."})
    answers = turn.answers
    to = answers.moment("when")
    if to is None:
        return Problems(answers.problems)
    following = read_cadence(practice.cadence).next_after(
        practice.next_slot, zone=turn.movement.zone, anchor=practice.anchor
    )
    if to <= turn.now:
        return Problems({"when": "That time has passed. Choose one that is still ahead."})
    if following is not None and to >= following:
        return Problems(
            {"when": f"The one after it comes {turn.spoken(following)}. Choose an earlier time, or skip one."}
        )
    if is_quiet(turn, to):
        return Problems({"when": quiet_sentence(turn)})
    _call_on_again(turn, practice, to)
    practices.move_next(turn.db, practice, to)
    return Whisper(Text(f"The next {practice.ritual} comes ", turn.moment(to), ". The ones after it stay as planned."))


def _call_on_again(turn: Turn, practice: Practice, at: datetime) -> None:
    """Forget that a time was called off, when something is moved to that very time."""
    turn.db.execute(
        delete(Occurrence).where(
            Occurrence.practice_id == practice.id, Occurrence.planned_at == at, Occurrence.opened_at.is_(None)
        )
    )
