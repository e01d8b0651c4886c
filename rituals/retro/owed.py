"""What a retro has for somebody's own page: that it is on. Nobody owes it anything, and nobody is reminded."""

from __future__ import annotations

from bot.ritual import Glimpse
from bot.turn import Turn
from rituals.retro.declaration import ritual
from rituals.retro.rounds import find_open

_SAID = {
    "gather": "A retro is open: notes are being written",
    "group": "A retro is open: the notes are put into topics",
    "vote": "A retro is open: people are voting",
    "discuss": "A retro is open: the topics are talked about",
}


@ritual.home
def glimpse(turn: Turn) -> Glimpse:
    """Say that a retro is open. Who wrote or voted is not known, so nobody can be told that they owe anything."""
    found = find_open(turn)
    if found is None:
        return Glimpse()
    ends = found[1].phase_ends_at
    until = f" until {turn.spoken(ends)}" if ends is not None else ""
    return Glimpse(on=(f"{_SAID[found[1].phase]}{until}.",))
