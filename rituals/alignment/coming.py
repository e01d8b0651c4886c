"""What an alignment check has for somebody's own page: that one is open, and until when."""

from __future__ import annotations

from bot.ritual import Glimpse
from bot.turn import Turn
from rituals.alignment.checks import find_running
from rituals.alignment.declaration import ritual


@ritual.home
def glimpse(turn: Turn) -> Glimpse:
    """Name the open check. Who has rated is unknown, so it is nobody's debt."""
    running = find_running(turn, "rate")
    if running is None or running[0].closes_at is None:
        return Glimpse()
    return Glimpse(on=(f"An alignment check is open until {turn.spoken(running[0].closes_at)}.",))
