"""What a check-in has for somebody's own page: whether it waits for them, and until when."""

from __future__ import annotations

from bot.people import away_ids
from bot.ritual import Glimpse
from bot.turn import Turn
from rituals.checkin import messages
from rituals.checkin.declaration import ritual
from rituals.checkin.rounds import find_mine, find_open


@ritual.home
def glimpse(turn: Turn) -> Glimpse:
    """Offer the open check-in to those who owe an answer; whoever is away owes nothing."""
    occurrence = find_open(turn)
    if occurrence is None or occurrence.closes_at is None:
        return Glimpse()
    if find_mine(turn, occurrence) is None and not away_ids(turn.db, [turn.who.id], at=turn.now):
        return Glimpse(owed=messages.owed(turn.moment(occurrence.closes_at), occurrence.id, turn.action))
    return Glimpse(on=(f"A check-in is open until {turn.spoken(occurrence.closes_at)}.",))
