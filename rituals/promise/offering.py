"""What somebody could always do next: promise something small. Whoever carries enough already is not asked for more."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from bot.insights.steps import Offer
from bot.tables import Promise
from bot.turn import Turn
from rituals.promise.declaration import ritual
from rituals.promise.listing import RUNNING

MINUTES = 3
ENOUGH = 3


@ritual.steps
def steps(turn: Turn) -> Iterable[Offer]:
    """Offer to promise something, with the minutes that it takes to say it."""
    carried = select(func.count()).where(
        Promise.owner_id == turn.who.id, Promise.movement_id == turn.movement.id, RUNNING
    )
    if (turn.db.scalar(carried) or 0) < ENOUGH:
        yield Offer(
            kind="promise",
            words="Promise one small thing, by a day that you choose.",
            minutes=MINUTES,
            verb="new",
            label="Promise something",
        )
