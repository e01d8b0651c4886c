"""What a movement has for somebody's own page: when its people first come together."""

from __future__ import annotations

from bot.ritual import Glimpse
from bot.turn import Turn
from rituals.movement.declaration import ritual


@ritual.home
def glimpse(turn: Turn) -> Glimpse:
    """Name the first gathering while it lies ahead."""
    first = turn.movement.first_gathering_at
    return Glimpse(on=(f"First gathering: {turn.spoken(first)}",)) if first and first > turn.now else Glimpse()
