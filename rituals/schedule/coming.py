"""What the rituals have for somebody's own page: which one comes next, and when."""

from __future__ import annotations

from bot import practices
from bot.ritual import Glimpse
from bot.turn import Turn
from rituals.schedule.messages import MOST_SHOWN
from rituals.schedule.practised import ritual


@ritual.home
def glimpse(turn: Turn) -> Glimpse:
    """List the next time of each ritual, the soonest first."""
    coming = sorted(
        (one.next_at, one.ritual) for one in practices.practices(turn.db, turn.movement) if one.next_at is not None
    )
    return Glimpse(on=tuple(f"{name.capitalize()}: {turn.spoken(at)}" for at, name in coming[:MOST_SHOWN]))
