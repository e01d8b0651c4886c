"""The mission of a movement, in versions: a new one never overwrites an old one."""

from __future__ import annotations

from sqlalchemy import select

from bot.tables import Member, Mission
from bot.timers import set_timer
from bot.turn import Turn

MISSION_MOST = 600
# Whoever writes down what they are here for is asked after a while whether what they do still serves it.
CHECKED_BY = "alignment-check"
ADOPTED = "mission-set"


def current_mission(turn: Turn) -> Mission | None:
    """Find the mission as it stands."""
    return turn.db.scalar(
        select(Mission).where(Mission.movement_id == turn.movement.id).order_by(Mission.version.desc()).limit(1)
    )


def first_mission(turn: Turn) -> Mission | None:
    """Find the mission as it was first written down."""
    return turn.db.scalar(
        select(Mission).where(Mission.movement_id == turn.movement.id).order_by(Mission.version).limit(1)
    )


def adopt_mission(turn: Turn, words: str, *, member: Member) -> Mission:
    """Write a new version down, with who proposed it; the alignment check hears of it by a timer of its own."""
    before = current_mission(turn)
    mission = Mission(
        movement_id=turn.movement.id,
        version=(before.version if before else 0) + 1,
        words=words,
        member_id=member.id,
        at=turn.now,
    )
    turn.db.add(mission)
    turn.db.flush()
    set_timer(turn.db, turn.movement.id, CHECKED_BY, ADOPTED, "", due=turn.now)
    return mission
