"""What is due when: rows in a table, so that nothing is forgotten by a restart and nothing is rung twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.store import insert_or
from bot.tables import Timer


def set_timer(db: Session, movement_id: int, ritual: str, verb: str, about: str, *, due: datetime) -> None:
    """Set a timer, or move the one that is set for the same thing."""
    when = {"due_at": due, "planned_at": due, "failures": 0}
    db.execute(
        insert_or(db)(Timer)
        .values(movement_id=movement_id, ritual=ritual, verb=verb, about=about, **when)
        .on_conflict_do_update(index_elements=["movement_id", "ritual", "verb", "about"], set_=when)
    )


def unset_timer(db: Session, movement_id: int, ritual: str, verb: str, about: str) -> None:
    """Unset a timer; nothing happens when there is none."""
    db.execute(
        delete(Timer).where(
            Timer.movement_id == movement_id, Timer.ritual == ritual, Timer.verb == verb, Timer.about == about
        )
    )
