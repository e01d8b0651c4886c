"""The first gathering of a new movement: the day that its founder named when they started it."""

from __future__ import annotations

from bot.people import organizers
from bot.turn import Turn
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import publish
from rituals.gathering.hosting import is_fresh
from rituals.gathering.planning import Plan, is_taken, make_gathering, practice_of

TITLE = "First gathering"


@ritual.timer("movement-starts")
def announce_first(turn: Turn) -> None:
    """Announce it as any other, hosted by the founder; where it is can be added."""
    starts_at = turn.movement.first_gathering_at
    founder = next((one for one in organizers(turn.db, turn.movement.id) if one.role == "founder"), None)
    if starts_at is None or starts_at <= turn.now or founder is None or is_taken(turn, TITLE, starts_at):
        return
    plan = Plan(title=TITLE, starts_at=starts_at, host_id=founder.id, announced_by_id=founder.id)
    gathering = make_gathering(turn, plan, practice_of(turn, TITLE, owner_id=founder.id))
    if is_fresh(turn, gathering):
        gathering.host_confirmed_at = turn.now  # they have just named the day themselves
    publish(turn, gathering)
