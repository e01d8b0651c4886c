"""The private energy question: a figure from each, kept without a name, shown as a group's or not at all."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select

from bot.chat import Answer, Whisper
from bot.insights import anonymity
from bot.marks import are_open, destroy_marks, leave_mark, random_number
from bot.tables import Occurrence
from bot.turn import Turn, read_number
from rituals.checkin import messages
from rituals.checkin.declaration import KEEP_CLOSED_FIGURES, ritual
from rituals.checkin.rounds import energy_scope, find_asked
from rituals.checkin.tables import Energy

CLOSED = Whisper("This check-in takes no more energy figures.")


@ritual.press("energy", anonymous=True)
def ask_energy(turn: Turn) -> Answer:
    """Ask, in private."""
    found = find_asked(turn, turn.about)
    if found is None or not are_open(turn, energy_scope(found[0])):
        return CLOSED
    return messages.energy_question(found[0].id, turn.action)


@ritual.press("energy-given", anonymous=True)
def keep_energy(turn: Turn) -> Answer:
    """Keep a figure that nothing links to anybody; a second one is noticed by a keyed hash of who gave it."""
    occurrence_id, _, figure = turn.about.partition("/")
    found = find_asked(turn, occurrence_id)
    if found is None or figure not in messages.SCALE or not are_open(turn, energy_scope(found[0])):
        return CLOSED
    occurrence, _ = found
    if not leave_mark(turn, energy_scope(occurrence)):
        return Whisper("You have given a figure already. It can't be changed, because nothing links it to you.")
    _add(turn, occurrence, int(figure), turn.today())
    return Whisper("Thank you. Kept without your name.")


def _add(turn: Turn, occurrence: Occurrence, figure: int, day: date) -> None:
    turn.db.add(Energy(id=random_number(), occurrence_id=occurrence.id, figure=figure, day=day))


def release_energy(turn: Turn, occurrence: Occurrence) -> tuple[tuple[int, ...], int]:
    """At the close: give what may be shown and how many figures there are, and destroy what could tell whose they are.

    The figures are written anew in their own order, because a database may keep rows in the order they came in.
    """
    rows = turn.db.execute(
        select(Energy.figure, Energy.day)
        .where(Energy.occurrence_id == occurrence.id)
        .order_by(Energy.figure, Energy.day)
    ).all()
    destroy_marks(turn, energy_scope(occurrence))
    turn.db.execute(delete(Energy).where(Energy.occurrence_id == occurrence.id))
    for figure, day in rows:
        _add(turn, occurrence, figure, day)
    turn.db.flush()
    released = anonymity.release([figure for figure, _ in rows])
    if rows and not released:
        turn.later(KEEP_CLOSED_FIGURES, "forget-energy", occurrence.id)
    return released, len(rows)


@ritual.timer("forget-energy")
def forget_energy(turn: Turn) -> None:
    """Delete figures that were too few to be shown."""
    turn.db.execute(delete(Energy).where(Energy.occurrence_id == read_number(turn.about)))
