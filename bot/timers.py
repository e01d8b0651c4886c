"""What is due when: rows in a table, so that nothing is forgotten by a restart and nothing is rung twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from bot.store import insert_or
from bot.tables import Timer

_NAMED = ("movement_id", "ritual", "verb", "about")
# Statements are made once: ten thousand rituals that are due at the same minute each set some timers.
_UNSET = delete(Timer).where(*(getattr(Timer, name) == bindparam(f"for_{name}") for name in _NAMED))
_UNSET = _UNSET.execution_options(synchronize_session=False)


@cache
def _set(insert: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - either dialect's own insert
    statement = insert(Timer)
    again = {name: statement.excluded[name] for name in ("due_at", "planned_at", "failures")}
    return statement.on_conflict_do_update(index_elements=_NAMED, set_=again)


def set_timer(db: Session, movement_id: int, ritual: str, verb: str, about: str, *, due: datetime) -> None:
    """Set a timer, or move the one that is set for the same thing."""
    named = {"movement_id": movement_id, "ritual": ritual, "verb": verb, "about": about}
    db.execute(_set(insert_or(db)), named | {"due_at": due, "planned_at": due, "failures": 0})


def unset_timer(db: Session, movement_id: int, ritual: str, verb: str, about: str) -> None:
    """Unset a timer; nothing happens when there is none."""
    named = zip(_NAMED, (movement_id, ritual, verb, about), strict=True)
    db.execute(_UNSET, {f"for_{name}": value for name, value in named})
