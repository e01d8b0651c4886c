"""Whoever did it ticks it themselves and may say how they told it; one deed a day counts, and it can be taken back."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import delete, select

from bot.chat import Answer, Problems, Whisper
from bot.moments import find_instant
from bot.tables import Act, Occurrence
from bot.turn import Turn
from rituals.rally import forms, messages
from rituals.rally.declaration import TOLD_MOST, ritual
from rituals.rally.ending import OVER
from rituals.rally.rallies import find_done, find_open, find_rally, occurrence_of, show_rally, show_told
from rituals.rally.tables import Rally, RallyDone

NOT_COUNTED = Whisper("Thank you. You asked not to be counted, so nothing is written down.")


@ritual.press("done")
def tick(turn: Turn) -> Answer:
    """Note that somebody did it."""
    rally = find_open(turn)
    if rally is None:
        return OVER
    if turn.who.opted_out:
        return NOT_COUNTED
    mine = _note(turn, rally)
    return messages.done(rally.id, turn.action, nudge=rally.nudge, told=mine.told)


def _note(turn: Turn, rally: Rally) -> RallyDone:
    mine = find_done(turn, rally, turn.who)
    if mine is None:
        mine = RallyDone(rally_id=rally.id, member_id=turn.who.id, at=turn.now, told=False, words="")
        turn.db.add(mine)
        turn.db.flush()
        _record(turn, rally)
        show_rally(turn, rally)
    return mine


def _record(turn: Turn, rally: Rally) -> None:
    """Write it into the ledger, unless they have told of something they did today already: there is one a day."""
    midnight = find_instant(datetime.combine(turn.today(), time()), zone=turn.zone)
    today = select(Act.id).where(Act.member_id == turn.who.id, Act.kind == "action_done", Act.at >= midnight)
    if turn.db.scalar(today.limit(1)) is None:
        # Named as where else somebody tells of a deed, so that one told there later is the same.
        once = f"did:{turn.who.id}:{turn.today().isoformat()}"
        turn.record("action_done", once=once, occurrence=occurrence_of(turn, rally), evidence="ticked it")


@ritual.press("undo")
def take_back(turn: Turn) -> Answer:
    """Take it back, with the words."""
    rally = find_rally(turn)
    mine = find_done(turn, rally, turn.who) if rally is not None else None
    if rally is None or mine is None:
        return Whisper("Nothing is written down of you here.")
    if rally.state != "open":
        return Whisper("This rally is over, so what it came to stays. Your own record is in /me.")
    had_words = bool(mine.words)
    turn.db.delete(mine)
    turn.db.flush()
    occurrence = occurrence_of(turn, rally)
    written = delete(Act).where(Act.member_id == turn.who.id, Act.kind == "action_done")
    if occurrence is not None:
        turn.db.execute(written.where(Act.occurrence_id == occurrence.id))
    _record_another(turn)
    show_rally(turn, rally)
    if had_words:
        show_told(turn, rally)
    return Whisper("Taken back. Nothing is written down.")


def _record_another(turn: Turn) -> None:
    """Let another rally of today count, which had not while this one did."""
    midnight = find_instant(datetime.combine(turn.today(), time()), zone=turn.zone)
    other = turn.db.scalar(
        select(Rally)
        .join(RallyDone, RallyDone.rally_id == Rally.id)
        .join(Occurrence, Occurrence.id == Rally.occurrence_id)
        .where(Rally.movement_id == turn.movement.id, RallyDone.member_id == turn.who.id, RallyDone.at >= midnight)
        .order_by(RallyDone.at)
        .limit(1)
    )
    if other is not None:
        _record(turn, other)


@ritual.press("tell")
def open_form(turn: Turn) -> Answer:
    """Ask how somebody told it."""
    rally = find_open(turn)
    if rally is None:
        return OVER
    if turn.who.opted_out:
        return NOT_COUNTED
    mine = find_done(turn, rally, turn.who)
    return forms.tell_form(mine.words if mine is not None else "", turn.action("tell", rally.id))


@ritual.submit("tell")
def keep_words(turn: Turn) -> Answer:
    """Note that somebody told it, and show their words if they want that; telling it is doing it."""
    rally = find_open(turn)
    if rally is None:
        return Problems({"": "This rally is not open any more. Your words are still here."})
    answers = turn.answers
    words = answers.words("words", most=TOLD_MOST, required=False)
    shown = answers.one("shown")
    if shown not in ("shown", "counted"):
        answers.problems["shown"] = "Please choose what happens with your words."
    if shown == "shown" and not words and "words" not in answers.problems:
        answers.problems["words"] = "Please write how you told it, or choose to have it only counted."
    if answers.problems:
        return Problems(answers.problems)
    if turn.who.opted_out:
        return NOT_COUNTED
    mine = _note(turn, rally)
    before = mine.words
    mine.told, mine.words = True, words if shown == "shown" else ""
    turn.db.flush()
    show_rally(turn, rally)
    if mine.words or before:
        show_told(turn, rally)
    return messages.told(rally.id, turn.action, shown=bool(mine.words))
