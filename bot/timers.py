"""What is due when: rows in a table, so that nothing is forgotten by a restart and nothing is rung twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from bot.store import insert_or, recall, remembers
from bot.tables import Timer

_NAMED = ("movement_id", "ritual", "verb", "about")
# Statements are made once: ten thousand rituals that are due at the same minute each set some timers.
_UNSET = delete(Timer).where(*(getattr(Timer, name) == bindparam(f"for_{name}") for name in _NAMED))
_UNSET = _UNSET.execution_options(synchronize_session=False)
_ABOUTS = select(Timer.about).where(
    Timer.movement_id == bindparam("movement"), Timer.ritual == bindparam("ritual"), Timer.verb == bindparam("verb")
)


@cache
def _set(insert: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - either dialect's own insert
    statement = insert(Timer)
    again = {name: statement.excluded[name] for name in ("due_at", "planned_at", "failures")}
    return statement.on_conflict_do_update(index_elements=_NAMED, set_=again)


def set_timer(db: Session, movement_id: int, ritual: str, verb: str, about: str, *, due: datetime) -> None:
    """Set a timer, or move the one that is set for the same thing."""
    named = {"movement_id": movement_id, "ritual": ritual, "verb": verb, "about": about}
    db.execute(_set(insert_or(db)), named | {"due_at": due, "planned_at": due, "failures": 0})
    known = db.info.get(("timers", movement_id, ritual, verb))
    if known is not None:
        known.add(about)


def unset_timer(db: Session, movement_id: int, ritual: str, verb: str, about: str) -> None:
    """Unset a timer; nothing happens when there is none, as with most of those who answer in a crowd."""
    if remembers(db):
        kind = {"movement": movement_id, "ritual": ritual, "verb": verb}
        known = recall(db, ("timers", *kind.values()), lambda: set(db.scalars(_ABOUTS, kind)))
        if known is not None and about not in known:
            return
    named = zip(_NAMED, (movement_id, ritual, verb, about), strict=True)
    db.execute(_UNSET, {f"for_{name}": value for name, value in named})
