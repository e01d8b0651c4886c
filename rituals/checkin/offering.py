"""What a check-in has that somebody could do next: answer the one that is open."""

from __future__ import annotations

from collections.abc import Iterable

from bot.insights.steps import Offer
from bot.turn import Turn
from rituals.checkin.declaration import ritual
from rituals.checkin.rounds import find_mine, find_open

MINUTES = 2


@ritual.steps
def steps(turn: Turn) -> Iterable[Offer]:
    """Offer the open check-in to who has not answered it."""
    occurrence = find_open(turn)
    if occurrence is None or find_mine(turn, occurrence) is not None:
        return
    yield Offer(
        kind="check-in",
        words="Answer the check-in.",
        minutes=MINUTES,
        verb="answer",
        about=str(occurrence.id),
        label="Check in",
        like=f"{ritual.name}:{occurrence.practice_id}",
        at=occurrence.closes_at,
    )
