"""The private energy question: a figure from each, kept without a name, shown as a group's or not at all."""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy import delete, select

from bot.chat import Answer, Whisper
from bot.insights import anonymity
from bot.tables import Occurrence
from bot.turn import Turn
from rituals.checkin import messages
from rituals.checkin.declaration import KEEP_CLOSED_FIGURES, ritual
from rituals.checkin.rounds import find_asked, read_number
from rituals.checkin.tables import Asked, Energy, EnergyMark

CLOSED = Whisper("This check-in takes no more energy figures.")
# Big enough that two figures never meet, small enough for the database's whole numbers.
RANDOM_BITS = 62


@ritual.press("energy", anonymous=True)
def ask_energy(turn: Turn) -> Answer:
    """Ask, in private."""
    found = find_asked(turn, turn.about)
    if found is None or not found[1].energy_key:
        return CLOSED
    return messages.energy_question(found[0].id, turn.action)


@ritual.press("energy-given", anonymous=True)
def keep_energy(turn: Turn) -> Answer:
    """Keep a figure that nothing links to anybody; a second one is noticed by a keyed hash of who gave it."""
    occurrence_id, _, figure = turn.about.partition("/")
    found = find_asked(turn, occurrence_id)
    if found is None or not found[1].energy_key or figure not in messages.SCALE:
        return CLOSED
    occurrence, asked = found
    mark = turn.mark(bytes.fromhex(asked.energy_key))
    given = select(EnergyMark).where(EnergyMark.occurrence_id == occurrence.id, EnergyMark.mark == mark)
    if turn.db.scalar(given) is not None:
        return Whisper("You have given a figure already. It can't be changed, because nothing links it to you.")
    turn.db.add(EnergyMark(occurrence_id=occurrence.id, mark=mark))
    _add(turn, occurrence, int(figure), turn.today())
    return Whisper("Thank you. Kept without your name.")


def _add(turn: Turn, occurrence: Occurrence, figure: int, day: date) -> None:
    turn.db.add(Energy(id=secrets.randbits(RANDOM_BITS), occurrence_id=occurrence.id, figure=figure, day=day))


def release_energy(turn: Turn, occurrence: Occurrence, asked: Asked) -> tuple[tuple[int, ...], int]:
    """At the close: give what may be shown and how many figures there are, and destroy what could tell whose they are.

    The figures are written anew in their own order, because a database may keep rows in the order they came in.
    """
    rows = turn.db.execute(
        select(Energy.figure, Energy.day)
        .where(Energy.occurrence_id == occurrence.id)
        .order_by(Energy.figure, Energy.day)
    ).all()
    asked.energy_key = ""
    turn.db.execute(delete(EnergyMark).where(EnergyMark.occurrence_id == occurrence.id))
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
