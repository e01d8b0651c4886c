"""What a rally has for somebody's own page: what is asked, for whoever has not ticked it and is not away."""

from __future__ import annotations

from bot.people import away_ids
from bot.ritual import Glimpse
from bot.turn import Turn
from rituals.rally import messages
from rituals.rally.declaration import ritual
from rituals.rally.rallies import ask_of, find_done, open_rallies

SHOWN = 2


@ritual.home
def glimpse(turn: Turn) -> Glimpse:
    """Name the rallies that are open. Nobody owes one, so it stands under what is on."""
    if away_ids(turn.db, [turn.who.id], at=turn.now):
        return Glimpse()
    asked = [one for one in open_rallies(turn) if find_done(turn, one, turn.who) is None]
    return Glimpse(on=tuple(messages.on(ask_of(turn, one), turn.spoken(one.deadline)) for one in asked[:SHOWN]))
