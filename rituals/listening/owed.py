"""What a listening round has for somebody's own page: with whom they are, until they have said how it went."""

from __future__ import annotations

from bot.people import away_ids
from bot.ritual import Glimpse
from bot.turn import Turn
from rituals.listening import views
from rituals.listening.declaration import ritual
from rituals.listening.shown import how, show
from rituals.listening.talks import find_open


@ritual.home
def glimpse(turn: Turn) -> Glimpse:
    """Show somebody their talk while it may still take place; whoever is away owes nothing."""
    talk = find_open(turn, turn.who)
    if talk is None or how(talk) != "open" or talk.seat_of(turn.who).says in ("yes", "wont"):
        return Glimpse()
    if away_ids(turn.db, [turn.who.id], at=turn.now):
        return Glimpse()
    return Glimpse(owed=views.owed(show(turn, talk, turn.who), turn.action))
