"""What listening rounds have that somebody could do next: be in the next one."""

from __future__ import annotations

from collections.abc import Iterable

from bot.insights.steps import Offer
from bot.practices import find_practice
from bot.turn import Turn
from rituals.listening.declaration import MINUTES, ritual
from rituals.listening.tables import Listener


@ritual.steps
def steps(turn: Turn) -> Iterable[Offer]:
    """Offer a round to who is in none, where there are rounds."""
    practised = find_practice(turn.db, turn.movement, ritual.name)
    if practised is not None and turn.db.get(Listener, turn.who.id) is None:
        yield Offer(
            kind="listening",
            words="Be in the next listening round, with one other person.",
            minutes=MINUTES,
            verb="join",
            label="Let me in",
        )
