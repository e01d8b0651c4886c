"""The private energy question: a figure from each, kept without a name, shown as a group's or not at all."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from bot.chat import Answer, Whisper
from bot.turn import Turn
from rituals.checkin import views
from rituals.checkin.opening import find_asked, ritual
from rituals.checkin.tables import Energy, EnergyMark

CLOSED = Whisper("This check-in is closed, so it takes no more energy figures.")
# Big enough that two figures never meet, small enough for the database's whole numbers.
RANDOM_BITS = 62


@ritual.press("energy", anonymous=True)
def ask_energy(turn: Turn) -> Answer:
    """Ask, in private."""
    found = find_asked(turn, turn.about)
    if found is None or not found[1].energy_key:
        return CLOSED
    return views.energy_question(found[0].id, turn.action)


@ritual.press("energy-given", anonymous=True)
def keep_energy(turn: Turn) -> Answer:
    """Keep a figure that nothing links to anybody; a second one is noticed by a keyed hash of who gave it."""
    occurrence_id, _, figure = turn.about.partition("/")
    found = find_asked(turn, occurrence_id)
    if found is None or not found[1].energy_key or figure not in views.SCALE:
        return CLOSED
    occurrence, asked = found
    mark = turn.mark(bytes.fromhex(asked.energy_key))
    given = select(EnergyMark).where(EnergyMark.occurrence_id == occurrence.id, EnergyMark.mark == mark)
    if turn.db.scalar(given) is not None:
        return Whisper("You have given a figure already. It can't be changed, because nothing links it to you.")
    turn.db.add(EnergyMark(occurrence_id=occurrence.id, mark=mark))
    turn.db.add(
        Energy(id=secrets.randbits(RANDOM_BITS), occurrence_id=occurrence.id, figure=int(figure), day=turn.today())
    )
    return Whisper("Thank you. Kept without your name.")
